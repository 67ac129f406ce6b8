//! `[mapping.NAME]`: how the rows of a foreign export become cases.
//!
//! One section of [`super::read`], read by [`read`], [`cells`] and [`log`]. Whether the named fields and
//! values exist, `ingest` checks, which knows the schema.

mod cells;
mod log;
mod read;

pub(super) use read::read;

use super::ExtraFields;
use crate::source::Span;
use crate::time::{Date, Zone};
use std::collections::BTreeMap;

/// `[mapping.NAME]`
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// The form of the rows; none when the file's ending decides.
    pub format: Option<RowFormat>,
    /// What becomes of columns that no entry reads.
    pub extra_fields: ExtraFields,
    /// Entries of `fields`, by path.
    pub fields: Vec<MappedField>,
    /// `[[mapping.NAME.events]]`
    pub events: Vec<MappedEvent>,
    /// `[mapping.NAME.log]`: several rows are one case; without it, each row is one.
    pub log: Option<MappedLog>,
    /// Where its name is written.
    pub span: Span,
}

/// The form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object on each line.
    Ndjson,
}

/// A field of the case and where its value comes from.
#[derive(Clone, Debug)]
pub struct MappedField {
    /// The field's dotted path.
    pub path: String,
    /// Where the path is written.
    pub path_span: Span,
    /// Where the value comes from.
    pub source: CellSource,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum CellSource {
    /// A column of the row, or several.
    Cell(Cell),
    /// The same value for every row.
    Value(Constant),
}

/// A value that a row brings.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The columns, joined by one blank each, empty ones left out.
    pub columns: Vec<Written>,
    /// How an instant, a date or a time is written, in the letters of `strftime`.
    pub format: Option<Written>,
    /// The zone of an instant without an offset; the policy's zone when absent.
    pub zone: Zone,
    /// Dates are read with day and month swapped when that falls inside this range.
    pub swap_day_month_into: Option<((Date, Date), Span)>,
    /// What the texts of the column mean; empty when they are taken as they are.
    pub values: BTreeMap<String, Constant>,
    /// The value of a text that `values` does not name.
    pub default: Option<Constant>,
    /// What becomes of a text that `values` does not name, when there is no default.
    pub unmapped: Unmapped,
    /// `empty = "clears"`: in a `set`, an empty cell clears the field and does not leave it as it is.
    pub clears: bool,
    /// The column with the value before, in the `set` of a log's kind.
    pub was: Option<Written>,
    /// The whole entry.
    pub span: Span,
}

/// What becomes of a text that `values` does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmapped {
    /// The row is refused.
    #[default]
    Refused,
    /// The field is missing.
    Missing,
}

/// A text with its place.
#[derive(Clone, Debug)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

/// A value that stands in `caseway.toml`.
#[derive(Clone, Debug)]
pub enum Constant {
    /// A text.
    Text(String, Span),
    /// A number, as written without `_`.
    Number(String, Span),
    /// `true` or `false`.
    Bool(bool, Span),
    /// A list of values.
    List(Vec<Constant>, Span),
}

impl Constant {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            Constant::Text(_, span)
            | Constant::Number(_, span)
            | Constant::Bool(_, span)
            | Constant::List(_, span) => *span,
        }
    }
}

/// `[[mapping.NAME.events]]`: what a row says of the time after the case was opened.
#[derive(Clone, Debug)]
pub struct MappedEvent {
    /// When; an empty cell means that it did not happen.
    pub at: Cell,
    /// What the row must say besides; all of it.
    pub when: Vec<RowCondition>,
    /// What happened.
    pub change: MappedChange,
}

/// What happened to a case.
#[derive(Clone, Debug)]
pub enum MappedChange {
    /// A declared event.
    Happened(Written),
    /// New values of fields.
    Set(Vec<MappedField>),
}

/// A column and the texts of which it must have one; the empty text is an empty cell.
#[derive(Clone, Debug)]
pub struct RowCondition {
    /// The column.
    pub column: Written,
    /// The texts.
    pub texts: Vec<String>,
}

/// `[mapping.NAME.log]`: one row is one thing that happened; the rows with one key are one case.
#[derive(Clone, Debug)]
pub struct MappedLog {
    /// The columns that say which case a row speaks of.
    pub key: Vec<Written>,
    /// When it happened.
    pub at: Cell,
    /// The columns that say what happened; none when `changes` says it all.
    pub kind: Vec<Written>,
    /// What each kind means.
    pub kinds: BTreeMap<String, RowKind>,
    /// What becomes of a row whose kind has no entry.
    pub unmapped: UnmappedKind,
    /// Fields whose columns stand in every row: where one differs from the row before, it changed.
    pub changes: Vec<MappedField>,
    /// Whether the rows of a case stand together.
    pub grouped: bool,
    /// Whether later rows stand above earlier ones.
    pub newest_first: bool,
    /// Where the name of the table is written.
    pub span: Span,
}

/// What a row of one kind says.
#[derive(Clone, Debug)]
pub struct RowKind {
    /// It opens the case.
    pub opens: bool,
    /// What happened, in the order of `event` and `set`; nothing for a kind that is passed over.
    pub changes: Vec<MappedChange>,
    /// Where the kind is written.
    pub span: Span,
}

/// What becomes of a row whose kind has no entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnmappedKind {
    /// The case is refused.
    #[default]
    Refused,
    /// It says nothing.
    Ignored,
}
