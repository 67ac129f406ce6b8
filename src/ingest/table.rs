//! Rows of a batch as checked cases: with a mapping, or in the project's own form.
//!
//! Stage before: [`super::rows`]; after: the evaluator. One reader serves many threads.

use super::columns::{Cells, Header};
use super::mapped;
use super::raw::{Object, Raw};
use super::{CaseReader, MAX_ROW_BYTES, Refusal, Row, RowBytes};
use crate::config::{Cell, CellSource, ExtraFields, MappedEvent, Mapping, RowFormat};
use crate::diag::nearest;
use crate::value::CaseFile;
use std::collections::HashSet;

/// Reads the rows of one batch.
#[derive(Clone, Debug)]
pub struct RowReader<'a> {
    reader: CaseReader<'a>,
    mapping: Option<&'a Mapping>,
    format: RowFormat,
    header: Header,
    /// Columns that an entry of the mapping reads.
    read: HashSet<&'a str>,
}

/// What came of a row.
#[derive(Clone, Debug)]
pub struct RowCase {
    /// The line of its first byte.
    pub line: usize,
    /// The case, or why it is refused.
    pub case: Result<CaseFile, Refusal>,
    /// How many of its dates were read with day and month swapped.
    pub swapped: u64,
}

impl<'a> RowReader<'a> {
    /// A reader of rows; `header` is the first row of a CSV file and none for NDJSON.
    ///
    /// Without a mapping a CSV file's columns are named by the paths of fields, such as
    /// `customer.tier`, and each line of NDJSON is a case file (K2).
    ///
    /// # Errors
    /// The code `bad-header` for a header that cannot be read, names a column twice, or lacks a
    /// column of the mapping.
    pub fn new(
        reader: CaseReader<'a>,
        mapping: Option<&'a Mapping>,
        format: RowFormat,
        header: Option<&Row>,
    ) -> Result<RowReader<'a>, Refusal> {
        let header = match (format, header) {
            (RowFormat::Ndjson, _) => Header::default(),
            (RowFormat::Csv, None) => {
                return Err(Refusal::new(
                    "bad-header",
                    "the file is empty: its first row names the columns",
                ));
            }
            (RowFormat::Csv, Some(row)) => match &row.bytes {
                RowBytes::Whole(bytes) => Header::read(bytes)?,
                RowBytes::TooLong | RowBytes::Unclosed => {
                    let message = "the first row, which names the columns, does not end";
                    return Err(Refusal::new("bad-header", message).at_line(row.line));
                }
            },
        };
        let read: HashSet<&str> = mapping.into_iter().flat_map(columns).collect();
        if let (Some(mapping), RowFormat::Csv) = (mapping, format) {
            check_header(mapping, &header)?;
        }
        let extra_fields = mapping.map_or(reader.extra_fields, |mapping| mapping.extra_fields);
        let reader = if mapping.is_some() {
            reader.with_extra_fields(extra_fields)
        } else {
            reader
        };
        Ok(RowReader {
            reader,
            mapping,
            format,
            header,
            read,
        })
    }

    /// Reads one row.
    pub fn read(&self, row: &Row) -> RowCase {
        let mut swapped = 0;
        let case = self
            .case(&row.bytes, &mut swapped)
            .map_err(|refusal| refusal.at_line(row.line));
        RowCase {
            line: row.line,
            case,
            swapped,
        }
    }

    fn case(&self, bytes: &RowBytes, swapped: &mut u64) -> Result<CaseFile, Refusal> {
        let bytes = match bytes {
            RowBytes::Whole(bytes) => bytes,
            RowBytes::TooLong => {
                let message = format!("the row is longer than {} MiB", MAX_ROW_BYTES / 1024 / 1024);
                return Err(Refusal::new(self.unreadable(), message));
            }
            RowBytes::Unclosed => {
                let message =
                    "a quote in this row is never closed: the rest of the file lies inside it";
                return Err(Refusal::new(self.unreadable(), message));
            }
        };
        let cells = match (self.format, self.mapping) {
            (RowFormat::Ndjson, None) => return self.reader.read_json(bytes),
            (RowFormat::Ndjson, Some(_)) => Cells::json(bytes)?,
            (RowFormat::Csv, _) => Cells::csv(bytes, &self.header)?,
        };
        match self.mapping {
            Some(mapping) => self.mapped(mapping, &cells, swapped),
            None => self.plain(&cells),
        }
    }

    fn unreadable(&self) -> &'static str {
        match self.format {
            RowFormat::Csv => "case-refused",
            RowFormat::Ndjson => "bad-json",
        }
    }

    /// A row of CSV whose columns are named by paths.
    fn plain(&self, cells: &Cells) -> Result<CaseFile, Refusal> {
        let fields = self.header.names.iter();
        let fields = fields
            .map(|name| (name.clone(), cells.get(&self.header, name)))
            .collect();
        let case = super::builder::nest(fields);
        self.reader
            .read_parts(&case, None, None, self.reader.check())
    }

    fn mapped(
        &self,
        mapping: &Mapping,
        cells: &Cells,
        swapped: &mut u64,
    ) -> Result<CaseFile, Refusal> {
        let row = mapped::map(&self.reader, mapping, &self.header, cells);
        let mut check = self.reader.check();
        if let Cells::Json(object) = cells {
            check.repeated(object, "");
        }
        if mapping.extra_fields == ExtraFields::Error {
            for (column, raw) in unread(cells, &self.header, &self.read) {
                let message = format!(
                    "the mapping reads no column `{column}`: `extra_fields` may say \"ignore\""
                );
                check.wrong(&column, "unknown-field", message, raw.shown());
            }
        }
        *swapped = row.swapped;
        let events = Raw::List(row.events);
        let read = self
            .reader
            .read_parts(&row.case, Some(&events), None, check);
        if row.errors.is_empty() {
            return read;
        }
        // A cell that could not be read leaves its field missing: that is said once.
        let (case, mut fields) = match read {
            Ok(file) => (super::case_id(self.reader.schema, &file.case), Vec::new()),
            Err(refusal) => (refusal.case, refusal.fields),
        };
        let told: HashSet<&str> = row.errors.iter().map(|error| error.path.as_str()).collect();
        fields.retain(|field| field.code != "missing-field" || !told.contains(field.path.as_str()));
        fields.extend(row.errors.iter().cloned());
        Err(Refusal::of_fields(case, fields))
    }
}

/// Cells that no entry of the mapping reads.
fn unread(cells: &Cells, header: &Header, read: &HashSet<&str>) -> Vec<(String, Raw)> {
    let is_read = |name: &str| {
        let inner = format!("{name}.");
        read.contains(name) || read.iter().any(|column| column.starts_with(&inner))
    };
    match cells {
        Cells::Csv(_) => {
            let names = header
                .names
                .iter()
                .filter(|name| !read.contains(name.as_str()));
            names
                .map(|name| (name.clone(), cells.get(header, name)))
                .collect()
        }
        Cells::Json(Object { entries, .. }) => {
            let keys = entries.iter().filter(|(key, _)| !is_read(key));
            keys.cloned().collect()
        }
    }
}

/// Every column that a mapping names.
fn columns(mapping: &Mapping) -> impl Iterator<Item = &str> {
    cells(mapping).flat_map(|cell| cell.columns.iter().map(|column| column.text.as_str()))
}

fn cells(mapping: &Mapping) -> impl Iterator<Item = &Cell> {
    let of_events = mapping.events.iter().flat_map(|event| {
        let (at, fields) = match event {
            MappedEvent::Happened { at, .. } => (at, &[][..]),
            MappedEvent::Set { at, fields } => (at, fields.as_slice()),
        };
        std::iter::once(at).chain(fields.iter().filter_map(|field| source_cell(&field.source)))
    });
    mapping
        .fields
        .iter()
        .filter_map(|field| source_cell(&field.source))
        .chain(of_events)
}

fn source_cell(source: &CellSource) -> Option<&Cell> {
    match source {
        CellSource::Cell(cell) => Some(cell),
        CellSource::Value(_) => None,
    }
}

fn check_header(mapping: &Mapping, header: &Header) -> Result<(), Refusal> {
    let mut absent: Vec<&str> = columns(mapping)
        .filter(|name| header.place(name).is_none())
        .collect();
    absent.sort_unstable();
    absent.dedup();
    let Some(first) = absent.first() else {
        return Ok(());
    };
    let near = nearest(first, header.names.iter().map(String::as_str).take(500));
    let names: Vec<String> = absent.iter().map(|name| format!("`{name}`")).collect();
    let hint = match near.first() {
        Some(near) => format!("; the file has `{near}`"),
        None => String::new(),
    };
    let message = format!(
        "mapping `{}` reads {}, which the header does not name{hint}",
        mapping.name,
        names.join(", ")
    );
    Err(Refusal::new("bad-header", message).at_line(1))
}
