//! Cases and decisions as columns of Arrow: the door to DataFusion, Polars, Spark and Parquet.
//!
//! With the feature `arrow`; `parquet` adds files. A row of a [`RecordBatch`] is read like a row of CSV: by
//! the paths of fields that its columns are named by, or by a mapping, and with the same refusals.
//! [`BatchDecider`] decides many batches of one schema, [`decide_batch`] one.

mod cells;
mod columns;
mod decisions;
#[cfg(feature = "parquet")]
mod parquet;

pub use columns::Columns;
pub use decisions::{Decisions, DecisionsSchema};
#[cfg(feature = "parquet")]
pub use parquet::{DecisionsWriter, ParquetRows};

use crate::ingest::{Refusal, RowReader};
use crate::message::message;
use crate::{Instant, Policy};
pub use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use std::sync::Arc;

/// Decides a batch of cases, each as it stands at `at`, or at the instant of its column `at`: as
/// [`BatchDecider`] does without a mapping.
///
/// ```
/// use arrow_array::{Array, BooleanArray, RecordBatch, StringArray, cast::AsArray};
/// use arrow_schema::{DataType, Field, Schema};
/// use caseway::columnar::decide_batch;
/// use caseway::{Instant, Policy};
/// use std::sync::Arc;
///
/// let policy = Policy::from_sources([
///     ("caseway.toml", "[policy]\nname = \"demo\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n"),
///     ("case.policy", "case { id: text opened_at: instant urgent: bool optional }
///         role desk role engineer
///         route { first match rule urgent when urgent to engineer otherwise to desk }"),
/// ])?;
/// let schema = Arc::new(Schema::new(vec![
///     Field::new("id", DataType::Utf8, false),
///     Field::new("opened_at", DataType::Utf8, true),
///     Field::new("urgent", DataType::Boolean, true),
/// ]));
/// let opened = "2026-03-02T10:00:00+08:00";
/// let rows = RecordBatch::try_new(schema, vec![
///     Arc::new(StringArray::from(vec!["T1", "T2", "T3"])),
///     Arc::new(StringArray::from(vec![Some(opened), Some(opened), None])),
///     Arc::new(BooleanArray::from(vec![Some(true), None, None])),
/// ])?;
///
/// let decisions = decide_batch(&policy, &rows, Some(Instant::parse("2026-03-02T11:00:00+08:00")?))?;
/// let roles = arrow_column(&decisions, "role");
/// assert_eq!(roles, [Some("engineer"), Some("desk"), None]);
/// let errors = decisions.column_by_name("error").unwrap().as_string::<i32>();
/// assert_eq!(errors.value(2), "case-refused: case `T3` is refused: `opened_at` is required and missing");
///
/// fn arrow_column<'a>(batch: &'a RecordBatch, name: &str) -> Vec<Option<&'a str>> {
///     let column = batch.column_by_name(name).unwrap();
///     let names = column.as_dictionary::<arrow_array::types::Int32Type>();
///     names.downcast_dict::<StringArray>().unwrap().into_iter().collect()
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The code `bad-header` for columns that cannot be read, and where neither `at` nor a column `at` says
/// when. A row that is refused is no error: it has its reason in the column `error`.
pub fn decide_batch(
    policy: &Policy,
    rows: &RecordBatch,
    at: Option<Instant>,
) -> Result<RecordBatch, Refusal> {
    BatchDecider::new(policy, rows.schema_ref(), None)?.decide(rows, at)
}

/// Decides batches of one schema, one row of decisions for each row of cases, in their order.
///
/// It may be used by many threads at once. [`DecisionsSchema`] tells the columns of decisions.
#[derive(Clone, Debug)]
pub struct BatchDecider<'p> {
    policy: &'p Policy,
    reader: RowReader<'p>,
    columns: Columns,
    decisions: Arc<DecisionsSchema>,
}

impl<'p> BatchDecider<'p> {
    /// Reads the columns of batches; with the name of a mapping of `caseway.toml` as it says, otherwise
    /// columns are named by the paths of fields.
    ///
    /// # Errors
    /// The code `bad-header` for columns whose type cannot be read, for two columns of one name, for
    /// one that the mapping reads and that is not there, and for a mapping that is not there or makes
    /// one case of several rows.
    pub fn new(
        policy: &'p Policy,
        schema: &Schema,
        mapping: Option<&str>,
    ) -> Result<BatchDecider<'p>, Refusal> {
        let mapping = match mapping {
            None => None,
            Some(name) => Some(policy.config().mappings.get(name).ok_or_else(|| {
                let message = message!("caseway.toml has no `[mapping.{name}]`", name);
                Refusal::new("bad-header", message)
            })?),
        };
        if let Some(log) = mapping.filter(|mapping| mapping.log.is_some()) {
            let message = message!(
                "mapping `{name}` makes one case of several rows: a batch has one decision for each row",
                name = log.name
            );
            return Err(Refusal::new("bad-header", message));
        }
        let columns = Columns::new(schema, policy.zone());
        let reader = RowReader::of_columns(policy.reader(), mapping, &columns.described())?;
        Ok(BatchDecider {
            policy,
            reader,
            columns,
            decisions: Arc::new(DecisionsSchema::new(policy)),
        })
    }

    /// The columns of the decisions.
    pub fn schema(&self) -> SchemaRef {
        self.decisions.schema()
    }

    /// Decides a batch: each case as it stands at `at`, or at the instant of its column `at`.
    ///
    /// # Errors
    /// The code `bad-header` for a batch with other columns than it was made for, and where nothing
    /// says when to decide.
    pub fn decide(&self, rows: &RecordBatch, at: Option<Instant>) -> Result<RecordBatch, Refusal> {
        if at.is_none() && !self.reader.reads_at() {
            let message = message!(
                "nothing says when to decide: give an instant, or a column `at` of the type timestamp"
            );
            return Err(Refusal::new("bad-header", message));
        }
        let rows = self.columns.rows(rows, 0).map_err(|_| {
            let message = message!("the batch has other columns than the first one");
            Refusal::new("bad-header", message)
        })?;
        let mut decisions = Decisions::new(&self.decisions, self.policy);
        for row in rows.iter() {
            let read = self.reader.read(&row);
            let line = read.line;
            let decided = read.case.and_then(|file| {
                let at = at.or(file.at).ok_or_else(|| {
                    Refusal::new("missing-field", message!("`at` is required and missing"))
                        .of_case(crate::ingest::case_id(self.policy.schema(), &file.case))
                })?;
                self.policy.reader().check_at(&file.case, at)?;
                Ok(self.policy.decide(&file.case, &file.events, at))
            });
            decisions.push(line, decided.as_ref());
        }
        decisions.finish().map_err(|error| {
            let message = message!(
                "the decisions fit into no batch: {error}",
                error = error.to_string()
            );
            Refusal::new("bad-header", message)
        })
    }
}

impl Policy {
    /// Decides a batch of cases: see [`decide_batch`].
    ///
    /// # Errors
    /// As [`decide_batch`].
    pub fn decide_batch(
        &self,
        rows: &RecordBatch,
        at: Option<Instant>,
    ) -> Result<RecordBatch, Refusal> {
        decide_batch(self, rows, at)
    }
}
