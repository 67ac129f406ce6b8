//! `caseway.toml`: what it says, read with a span for every finding.
//!
//! The driver hands in the text; `ingest` reads mappings, the driver everything else. Files that the
//! text names are not opened here.

pub mod holidays;
mod holidays_section;
mod mapping;
mod read;
mod toml_reader;

pub use crate::diag::LintLevel;
pub use mapping::{
    Cell, CellSource, Constant, MappedChange, MappedEvent, MappedField, MappedLog, Mapping,
    RowCondition, RowFormat, RowKind, Unmapped, UnmappedKind, Written,
};
pub use toml_reader::{MOST_FINDINGS, too_many};

use crate::diag::Diagnostic;
use crate::source::{SourceId, Span};
use crate::time::{Date, Zone};
use std::collections::BTreeMap;

/// The only version of the language there is.
pub const LANGUAGE: u32 = 1;

/// A policy folder's `caseway.toml`.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[policy] name`
    pub name: String,
    /// `[policy] version`
    pub version: String,
    /// `[policy] language`
    pub language: u32,
    /// `[policy] zone`
    pub zone: Zone,
    /// `[input] extra_fields`
    pub extra_fields: ExtraFields,
    /// `[holidays.NAME]`
    pub holidays: BTreeMap<String, HolidaySource>,
    /// `[lint]`: a level for each code that is named.
    pub lint: BTreeMap<String, LintLevel>,
    /// Where each code of `[lint]` is written.
    pub lint_spans: BTreeMap<String, Span>,
    /// `[mapping.NAME]`
    pub mappings: BTreeMap<String, Mapping>,
}

/// What becomes of fields that the case does not declare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtraFields {
    /// The case is refused.
    #[default]
    Error,
    /// They are passed over.
    Ignore,
}

/// `[holidays.NAME]`: dated data in a file of the folder.
#[derive(Clone, Debug)]
pub struct HolidaySource {
    /// The file, relative to the policy folder.
    pub file: String,
    /// Where the file is named.
    pub file_span: Span,
    /// First and last date that the data speaks of.
    pub covers: (Date, Date),
    /// Where the dates are written.
    pub covers_span: Span,
    /// Where the name of the table is written.
    pub span: Span,
}

/// Reads the text of `caseway.toml`.
///
/// None when a part that everything else needs is missing or wrong; the findings say which. A
/// configuration that comes with errors describes what could be read and must not be decided with.
pub fn read(source: SourceId, text: &str) -> (Option<Config>, Vec<Diagnostic>) {
    read::read(source, text)
}
