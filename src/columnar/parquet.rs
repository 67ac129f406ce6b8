//! Parquet files: rows out of one, a batch of columns at a time, and decisions into one.
//!
//! Beside [`super::columns`] and [`super::decisions`]; files are opened by the driver.

use super::columns::{BatchRows, Columns};
use super::decisions::DecisionsSchema;
use crate::driver::PackingError;
use crate::ingest::{Row, RowSource, TypedColumn};
use crate::time::Zone;
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::ChunkReader;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many rows are read at once.
const BATCH_ROWS: usize = 1024;
/// The most rows of a group, which a reader may have to hold in memory.
const GROUP_ROWS: usize = 65_536;
/// The most bytes of a group, which are held in memory until it is written.
const GROUP_BYTES: usize = 8 * 1024 * 1024;

/// The rows of a Parquet file, each with its number from 1.
pub struct ParquetRows {
    reader: ParquetRecordBatchReader,
    columns: Columns,
    batch: Option<BatchRows>,
    place: usize,
    before: usize,
    total: u64,
    given: Arc<AtomicU64>,
}

impl ParquetRows {
    /// The rows of a file; timestamps without a zone are local times of `zone`.
    ///
    /// # Errors
    /// What the file system answers, or that it is no sound Parquet file.
    pub fn new(file: impl ChunkReader + 'static, zone: Zone) -> io::Result<ParquetRows> {
        let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new(file))?;
        let builder = builder.map_err(unreadable)?;
        check_places(builder.metadata())?;
        let total = builder.metadata().file_metadata().num_rows();
        let columns = Columns::new(builder.schema(), zone);
        let reader = guarded(|| builder.with_batch_size(BATCH_ROWS).build())?;
        let reader = reader.map_err(unreadable)?;
        Ok(ParquetRows {
            reader,
            columns,
            batch: None,
            place: 0,
            before: 0,
            total: u64::try_from(total).unwrap_or(0),
            given: Arc::default(),
        })
    }

    /// The columns by their names.
    pub fn columns(&self) -> Vec<TypedColumn> {
        self.columns.described()
    }

    /// How many rows there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many rows have been given out; goes on while they are.
    pub fn given(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.given)
    }
}

impl RowSource for ParquetRows {
    fn next_row(&mut self) -> io::Result<Option<Row>> {
        loop {
            if let Some(row) = self.batch.as_ref().and_then(|batch| batch.row(self.place)) {
                self.place += 1;
                self.before += 1;
                self.given.fetch_add(1, Ordering::Relaxed);
                return Ok(Some(row));
            }
            let Some(batch) = guarded(|| self.reader.next())? else {
                return Ok(None);
            };
            let damaged =
                |error: arrow_schema::ArrowError| PackingError::parquet(&error.to_string());
            let batch = batch.map_err(damaged)?;
            self.batch = Some(self.columns.rows(&batch, self.before).map_err(damaged)?);
            self.place = 0;
        }
    }
}

/// Runs a part of the reader, which is another's work: should a damaged file make it panic, that is an
/// error like others, and nothing that it may have left half done is used again.
fn guarded<T>(read: impl FnOnce() -> T) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_| PackingError::parquet("it made its reader fail"))
}

/// Refuses columns that begin before the file or have a negative length, over which the reader would panic.
fn check_places(metadata: &ParquetMetaData) -> io::Result<()> {
    let columns = metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns());
    for column in columns {
        let begin = column.dictionary_page_offset();
        let begin = begin.unwrap_or_else(|| column.data_page_offset());
        if begin < 0 || column.compressed_size() < 0 {
            let path = column.column_path().string();
            return Err(PackingError::parquet(&format!(
                "column {path} lies outside the file"
            )));
        }
    }
    Ok(())
}

fn unreadable(error: ParquetError) -> io::Error {
    PackingError::parquet(&error.to_string())
}

/// Writes decisions into a Parquet file, packed with Snappy.
pub struct DecisionsWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> DecisionsWriter<W> {
    /// Starts a file.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn new(file: W, schema: &DecisionsSchema) -> io::Result<DecisionsWriter<W>> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("caseway version {}", env!("CARGO_PKG_VERSION")))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .build();
        let writer = ArrowWriter::try_new(file, schema.schema(), Some(properties));
        Ok(DecisionsWriter {
            writer: writer.map_err(unwritable)?,
        })
    }

    /// Adds decisions.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn write(&mut self, decisions: &RecordBatch) -> io::Result<()> {
        self.writer.write(decisions).map_err(unwritable)
    }

    /// Writes what is left, and gives the file back.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(unwritable)
    }
}

/// The file system's answer inside the writer's.
fn unwritable(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other.to_string()),
        },
        other => io::Error::other(other.to_string()),
    }
}
