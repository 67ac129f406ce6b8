//! `caseway batch`: rows in, decisions out, in their order and in bounded memory.
//!
//! The rows are cut by one thread, decided by many, and written by one: [`pipeline`].

mod csv_form;
mod pipeline;
mod progress;
mod sink;
mod summary;

use super::failure::{Failure, eprint_all};
use super::suggest::hint;
use super::{Answer, Format, Global, parse_instant};
use crate::config::{Mapping, RowFormat};
use crate::driver::{self, Packing};
use crate::ingest::{RowReader, RowSource, Rows, format_of};
use crate::message::message;
use crate::{Instant, Policy};
use clap::{Args, ValueEnum};
use pipeline::{Pipeline, RowForm};
use progress::Progress;
use sink::Sink;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Decide every row of a file
#[derive(Debug, Args)]
pub(super) struct Batch {
    /// The rows; `-` for standard input
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// The mapping of caseway.toml that turns rows into cases
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// Where decisions go [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The form of the rows [default: by the mapping or the file's ending, else ndjson]
    #[arg(long, value_enum, value_name = "FORM")]
    input_format: Option<Form>,
    /// The form of the decisions [default: by the file's ending, else ndjson]
    #[arg(long, value_enum, value_name = "FORM")]
    output_format: Option<Form>,
    /// The instant to decide for [default: the row's `at`, or now]
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    at: Option<Instant>,
    /// How many threads decide [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Stop at the first refused row
    #[arg(long)]
    strict: bool,
    /// The form of messages when the batch itself fails
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

/// A form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object on each line
    Ndjson,
    /// Columns in a file
    Parquet,
}

impl From<RowFormat> for Form {
    fn from(format: RowFormat) -> Form {
        match format {
            RowFormat::Csv => Form::Csv,
            RowFormat::Ndjson => Form::Ndjson,
        }
    }
}

impl Form {
    /// The form that a file's ending speaks of, behind that of its packing.
    fn of(path: &Path) -> Form {
        let name = path.to_string_lossy();
        let inner = Path::new(Packing::of(&name).1);
        let ending = inner.extension().unwrap_or_default();
        match ending.eq_ignore_ascii_case("parquet") {
            true => Form::Parquet,
            false => Form::from(format_of(&inner.to_string_lossy())),
        }
    }
}

impl Batch {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(None)?;
        let mapping = self.mapping(&policy)?;
        let format = match self.rows_form(mapping) {
            Form::Parquet => return self.decide_parquet(&policy, mapping),
            Form::Csv => RowFormat::Csv,
            Form::Ndjson => RowFormat::Ndjson,
        };
        let unreadable = |error: io::Error| Failure::unreadable(&self.input, &error);
        let input = driver::open_rows(&self.input).map_err(unreadable)?;
        let progress = Progress::start(input.bytes, input.used);
        let mut rows = Rows::new(input.reader, format);
        let header = match format {
            RowFormat::Csv => rows.next_row().map_err(unreadable)?,
            RowFormat::Ndjson => None,
        };
        let reader = RowReader::new(policy.reader(), mapping, format, header.as_ref())
            .map_err(|refusal| Failure::Input(Box::new(refusal)))?;
        self.decide(&policy, &reader, &mut rows, &progress)
    }

    #[cfg(feature = "parquet")]
    fn decide_parquet(
        &self,
        policy: &Policy,
        mapping: Option<&Mapping>,
    ) -> Result<Answer, Failure> {
        if self.input == Path::new("-") {
            return Err(Failure::Usage(message!(
                "Parquet is read from a file, not from standard input"
            )));
        }
        sink::not_packed(&self.input)?;
        let unreadable = |error: io::Error| Failure::unreadable(&self.input, &error);
        let (file, _) = driver::open_file(&self.input).map_err(unreadable)?;
        let mut rows =
            crate::columnar::ParquetRows::new(file, policy.zone()).map_err(unreadable)?;
        let reader = RowReader::of_columns(policy.reader(), mapping, &rows.columns())
            .map_err(|refusal| Failure::Input(Box::new(refusal)))?;
        let progress = Progress::start(Some(rows.total()), rows.given());
        self.decide(policy, &reader, &mut rows, &progress)
    }

    #[cfg(not(feature = "parquet"))]
    fn decide_parquet(&self, _: &Policy, _: Option<&Mapping>) -> Result<Answer, Failure> {
        Err(sink::no_parquet())
    }

    /// Decides all rows, however they are read.
    fn decide(
        &self,
        policy: &Policy,
        reader: &RowReader<'_>,
        rows: &mut (impl RowSource + Send),
        progress: &Progress,
    ) -> Result<Answer, Failure> {
        let decisions = self.decisions_form();
        let pipeline = Pipeline {
            policy,
            reader,
            at: self.at,
            now: driver::now(),
            form: match decisions {
                Form::Csv => RowForm::Csv,
                // Columns are no text: see `columns`.
                Form::Ndjson | Form::Parquet => RowForm::Ndjson,
            },
            #[cfg(feature = "parquet")]
            columns: (decisions == Form::Parquet)
                .then(|| crate::columnar::DecisionsSchema::new(policy)),
            strict: self.strict,
            jobs: self.jobs.map_or_else(cores, usize::from),
        };
        let mut sink = match decisions {
            Form::Parquet => Sink::parquet(self.output.as_deref(), policy)?,
            Form::Csv | Form::Ndjson => Sink::open(self.output.as_deref())?,
        };
        let done = pipeline.run(rows, &mut sink, progress);
        progress.finish();
        let summary = match done {
            Ok(summary) => summary,
            Err(pipeline::Stopped::Reading(rows, error)) => {
                sink.flush().map_err(|error| sink.failure(error))?;
                return Err(Failure::unreadable_after(&self.input, rows, &error));
            }
            Err(pipeline::Stopped::Writing(error)) => return Err(sink.failure(error)),
            Err(pipeline::Stopped::Scattered(refusal)) => {
                sink.flush().map_err(|error| sink.failure(error))?;
                return Err(Failure::Input(Box::new(refusal)));
            }
        };
        sink.finish()?;
        eprint_all(&summary.text(policy));
        Ok(if summary.refused == 0 {
            Answer::Yes
        } else {
            Answer::No
        })
    }

    fn mapping<'p>(&self, policy: &'p Policy) -> Result<Option<&'p Mapping>, Failure> {
        let Some(name) = &self.mapping else {
            return Ok(None);
        };
        let mappings = &policy.config().mappings;
        mappings.get(name).map(Some).ok_or_else(|| {
            let near = hint(name, mappings.keys().map(String::as_str));
            Failure::Usage(message!(
                "caseway.toml has no `[mapping.{name}]`{near}",
                name,
                near
            ))
        })
    }

    fn rows_form(&self, mapping: Option<&Mapping>) -> Form {
        let by_name = Form::of(&self.input);
        let of_mapping = mapping.and_then(|mapping| mapping.format).map(Form::from);
        // A Parquet file is never the text that a mapping speaks of.
        let other = of_mapping.filter(|_| by_name != Form::Parquet);
        self.input_format.or(other).unwrap_or(by_name)
    }

    fn decisions_form(&self) -> Form {
        let by_name = || self.output.as_deref().map(Form::of);
        self.output_format.or_else(by_name).unwrap_or(Form::Ndjson)
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
