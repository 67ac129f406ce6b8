//! Rows of a batch as checked cases: with a mapping, or in the project's own form.
//!
//! Stage before: [`super::rows`]; after: the evaluator. One reader serves many threads.

use super::cell::{self, CellReader};
use super::columns::{Cells, Header};
use super::groups::{CaseRows, LogRows, MAX_LOG_BYTES, MAX_LOG_ROWS};
use super::mapped::{self, MappedCase, Origin};
use super::raw::{Object, Raw};
use super::record::Check;
use super::refusal::FieldError;
use super::typed_rows::{TypedColumn, check_columns};
use super::{CaseReader, CaseRoom, MAX_ROW_BYTES, Refusal, Row, RowBytes, log};
use crate::config::{
    Cell, CellSource, ExtraFields, MappedChange, MappedField, MappedLog, Mapping, RowFormat,
    Written,
};
use crate::diag::nearest;
use crate::message::{Message, message};
use crate::model::RecordId;
use crate::value::CaseFile;
use std::collections::HashSet;

/// Reads the rows of one batch.
#[derive(Clone, Debug)]
pub struct RowReader<'a> {
    reader: CaseReader<'a>,
    mapping: Option<&'a Mapping>,
    format: RowFormat,
    header: Header,
    /// Columns that an entry of the mapping reads, and of NDJSON the keys on the way to them.
    read: HashSet<&'a str>,
}

/// What came of a row. The case is one of its own, or stands in room that is kept.
#[derive(Clone, Debug)]
pub struct RowCase<C = CaseFile> {
    /// The line of its first byte.
    pub line: usize,
    /// The case, or why it is refused.
    pub case: Result<C, Refusal>,
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
                    message!("the file is empty: its first row names the columns"),
                ));
            }
            (RowFormat::Csv, Some(row)) => match &row.bytes {
                RowBytes::Whole(bytes) => Header::read(bytes)?,
                RowBytes::TooLong | RowBytes::Unclosed | RowBytes::Typed(_) => {
                    let message = message!("the first row, which names the columns, does not end");
                    return Err(Refusal::new("bad-header", message).at_line(row.line));
                }
            },
        };
        if let (Some(mapping), RowFormat::Csv) = (mapping, format) {
            check_header(mapping, &header).map_err(|refusal| refusal.at_line(1))?;
        }
        Ok(RowReader::with_header(reader, mapping, format, header))
    }

    /// A reader of the rows of a table with these columns, which are read like those of a CSV file; a
    /// list stands for a set.
    ///
    /// # Errors
    /// The code `bad-header` for two columns of one name, for one that the mapping reads and that is
    /// not there, and for one whose values cannot be what it is read as, such as floats as decimals.
    pub fn of_columns(
        reader: CaseReader<'a>,
        mapping: Option<&'a Mapping>,
        columns: &[TypedColumn],
    ) -> Result<RowReader<'a>, Refusal> {
        let header = Header::of_names(columns.iter().map(|column| &column.name))?;
        if let Some(mapping) = mapping {
            check_header(mapping, &header)?;
        }
        check_columns(&reader, mapping, columns)?;
        Ok(RowReader::with_header(
            reader,
            mapping,
            RowFormat::Csv,
            header,
        ))
    }

    fn with_header(
        reader: CaseReader<'a>,
        mapping: Option<&'a Mapping>,
        format: RowFormat,
        header: Header,
    ) -> RowReader<'a> {
        let mut read: HashSet<&str> = mapping.into_iter().flat_map(columns).collect();
        if format == RowFormat::Ndjson {
            let inside: Vec<&str> = read.iter().copied().collect();
            for column in inside {
                let ends = column.match_indices('.').map(|(at, _)| at);
                read.extend(ends.filter_map(|at| column.get(..at)));
            }
        }
        let extra_fields = mapping.map_or(reader.extra_fields, |mapping| mapping.extra_fields);
        let reader = if mapping.is_some() {
            reader.with_extra_fields(extra_fields)
        } else {
            reader
        };
        RowReader {
            reader,
            mapping,
            format,
            header,
            read,
        }
    }

    /// Whether the column `at` of rows without a mapping says when to decide: there is one, and the
    /// case has nothing of that name.
    pub fn reads_at(&self) -> bool {
        let of_case = self.reader.index.entry(RecordId(0), "at").is_some();
        self.mapping.is_none() && !of_case && self.header.place("at").is_some()
    }

    /// The log of the mapping, where several rows are one case.
    pub fn log(&self) -> Option<&'a MappedLog> {
        self.mapping.and_then(|mapping| mapping.log.as_ref())
    }

    pub(super) fn mapping_name(&self) -> &str {
        self.mapping.map_or("", |mapping| mapping.name.as_str())
    }

    /// The key of a row of a log; none when it has none that can be read.
    pub(super) fn key(&self, row: &Row) -> Option<String> {
        let log = self.log()?;
        let cells = match (&row.bytes, self.format) {
            (RowBytes::TooLong | RowBytes::Unclosed, _) => return None,
            (RowBytes::Typed(row), _) => Cells::Typed(row.raw()),
            (RowBytes::Whole(bytes), RowFormat::Csv) => {
                Cells::some_csv(bytes, &self.header, &log.key)?
            }
            (RowBytes::Whole(bytes), RowFormat::Ndjson) => Cells::json(bytes).ok()?,
        };
        CellReader::new(&self.reader, &self.header, &cells).text(&log.key)
    }

    /// Reads one row that is a case.
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

    /// Reads the rows of one case.
    pub fn read_case(&self, rows: &CaseRows) -> RowCase {
        match (rows, self.mapping, self.log()) {
            (CaseRows::One(row), _, _) => self.read(row),
            (CaseRows::Log(rows), Some(mapping), Some(log)) => self.read_log(rows, mapping, log),
            // Rows are gathered for a mapping with a log only.
            (CaseRows::Log(rows), _, _) => RowCase {
                line: rows.rows.first().map_or(0, |row| row.line),
                case: Err(Refusal::new(
                    "case-refused",
                    message!("the mapping has no log"),
                )),
                swapped: 0,
            },
        }
    }

    /// Does what [`RowReader::read_case`] does, in room that is kept from one case to the next.
    pub fn read_case_into<'r>(
        &self,
        rows: &CaseRows,
        room: &'r mut CaseRoom,
    ) -> RowCase<&'r CaseFile> {
        if let (CaseRows::One(row), RowFormat::Ndjson, None) = (rows, self.format, self.mapping)
            && let RowBytes::Whole(bytes) = &row.bytes
        {
            let case = self.reader.read_json_into(bytes, room);
            return RowCase {
                line: row.line,
                case: case.map_err(|refusal| refusal.at_line(row.line)),
                swapped: 0,
            };
        }
        let RowCase {
            line,
            case,
            swapped,
        } = self.read_case(rows);
        RowCase {
            line,
            case: case.map(|file| room.keep(file)),
            swapped,
        }
    }

    fn read_log(&self, rows: &LogRows, mapping: &Mapping, log: &MappedLog) -> RowCase {
        let line = rows.rows.first().map_or(0, |row| row.line);
        let mut swapped = 0;
        let case = self
            .log_case(rows, mapping, log, &mut swapped)
            .map_err(|refusal| refusal.at_line(line));
        RowCase {
            line,
            case,
            swapped,
        }
    }

    fn log_case(
        &self,
        rows: &LogRows,
        mapping: &Mapping,
        log: &MappedLog,
        swapped: &mut u64,
    ) -> Result<CaseFile, Refusal> {
        if rows.too_many {
            let message = message!(
                "`{key}` has too many rows: a case of a log may have {max_log_rows} rows and {most} MiB of text",
                key = rows.key,
                most = MAX_LOG_BYTES / 1024 / 1024,
                max_log_rows = MAX_LOG_ROWS
            );
            return Err(Refusal::new("case-refused", message));
        }
        let mut cells = Vec::with_capacity(rows.rows.len());
        let mut unreadable = Vec::new();
        for row in &rows.rows {
            match self.cells(&row.bytes) {
                Ok(found) => cells.push((row.line, found)),
                Err(refusal) => {
                    let (line, message) = (row.line, refusal.message);
                    unreadable.push(FieldError::new(
                        &format!("line[{line}]"),
                        "unreadable-row",
                        message!("line {line}: {message}", line, message),
                        None,
                    ));
                }
            }
        }
        if cells.is_empty() {
            return Err(Refusal::of_fields(None, unreadable));
        }
        let mut case = log::map(&self.reader, mapping, log, &self.header, &cells);
        case.errors.extend(unreadable);
        *swapped = case.swapped;
        let mut check = self.reader.check();
        for (number, (line, cells)) in cells.iter().enumerate() {
            let first = check.errors.len();
            // Each row of CSV has the columns of the header.
            if number == 0 || self.format == RowFormat::Ndjson {
                self.unread_columns(mapping, cells, &mut check);
            }
            let found = check.errors.split_off(first);
            case.errors
                .extend(found.into_iter().map(|error| FieldError {
                    message: message!("line {line}: {message}", line, message = error.message),
                    ..error
                }));
        }
        self.finish(&case, check)
    }

    fn cells(&self, bytes: &RowBytes) -> Result<Cells, Refusal> {
        let cells = match bytes {
            RowBytes::Whole(bytes) => match self.format {
                RowFormat::Ndjson => Cells::json(bytes)?,
                RowFormat::Csv => Cells::csv(bytes, &self.header)?,
            },
            RowBytes::Typed(row) => Cells::Typed(row.raw()),
            RowBytes::TooLong => {
                let message = message!(
                    "the row is longer than {most} MiB",
                    most = MAX_ROW_BYTES / 1024 / 1024
                );
                return Err(Refusal::new(self.unreadable(), message));
            }
            RowBytes::Unclosed => {
                let message = message!(
                    "a quote in this row is never closed: the rest of the file lies inside it"
                );
                return Err(Refusal::new(self.unreadable(), message));
            }
        };
        if let Some(log) = self.log()
            && CellReader::new(&self.reader, &self.header, &cells)
                .text(&log.key)
                .is_none()
        {
            let message = message!(
                "the row names no case: column {names} is empty",
                names = cell::names(&log.key)
            );
            return Err(Refusal::new("case-refused", message));
        }
        Ok(cells)
    }

    fn case(&self, bytes: &RowBytes, swapped: &mut u64) -> Result<CaseFile, Refusal> {
        if let (RowFormat::Ndjson, None, RowBytes::Whole(bytes)) =
            (self.format, self.mapping, bytes)
        {
            return self.reader.read_json(bytes);
        }
        let cells = self.cells(bytes)?;
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

    /// A row of CSV, or of a table, whose columns are named by paths; a column `at` says when to decide.
    fn plain(&self, cells: &Cells) -> Result<CaseFile, Refusal> {
        let reads_at = self.reads_at();
        let fields = self.header.names.iter();
        let fields = fields
            .filter(|name| !reads_at || *name != "at")
            .map(|name| (name.clone(), cells.get(&self.header, name)))
            .collect();
        let case = super::builder::nest(fields);
        let at = reads_at.then(|| cells.get(&self.header, "at"));
        self.reader
            .read_parts(&case, None, at.as_ref(), self.reader.check())
    }

    fn mapped(
        &self,
        mapping: &Mapping,
        cells: &Cells,
        swapped: &mut u64,
    ) -> Result<CaseFile, Refusal> {
        let case = mapped::map(&self.reader, mapping, &self.header, cells);
        let mut check = self.reader.check();
        self.unread_columns(mapping, cells, &mut check);
        *swapped = case.swapped;
        self.finish(&case, check)
    }

    /// Reports columns of a row that nothing reads, and keys that it has twice.
    fn unread_columns(&self, mapping: &Mapping, cells: &Cells, check: &mut Check<'_>) {
        if let Cells::Json(object) = cells {
            check.repeated(object, "");
        }
        if mapping.extra_fields == ExtraFields::Error {
            for (column, raw) in unread(cells, &self.header, &self.read) {
                let message = message!(
                    "the mapping reads no column `{column}`: `extra_fields` may say \"ignore\"",
                    column
                );
                check.wrong(&column, "unknown-field", message, raw.shown());
            }
        }
    }

    /// Checks a mapped case.
    fn finish(&self, mapped: &MappedCase, check: Check<'_>) -> Result<CaseFile, Refusal> {
        let events = Raw::List(mapped.events.clone());
        let origin = |number: usize| match mapped.origins.get(number) {
            Some(Origin::Columns(columns)) => {
                message!("`events[{number}]` (column {columns})", number, columns)
            }
            Some(Origin::Line(line)) => message!("line {line}", line),
            None => Message::verbatim(format!("`events[{number}]`")),
        };
        let read = self
            .reader
            .read_named(&mapped.case, Some(&events), None, check, &origin);
        let read = read.map_err(|mut refusal| {
            let fields = refusal.fields.into_iter();
            refusal.fields = fields.map(|field| placed(field, mapped)).collect();
            refusal
        });
        if mapped.errors.is_empty() {
            return read.map_err(|refusal| match refusal.fields.is_empty() {
                true => refusal,
                false => Refusal::of_fields(refusal.case, refusal.fields),
            });
        }
        // A cell that could not be read leaves its field missing: that is said once.
        let (case, mut fields) = match read {
            Ok(file) => (super::case_id(self.reader.schema, &file.case), Vec::new()),
            Err(refusal) => (refusal.case, refusal.fields),
        };
        let told: HashSet<&str> = mapped
            .errors
            .iter()
            .map(|error| error.path.as_str())
            .collect();
        fields.retain(|field| field.code != "missing-field" || !told.contains(field.path.as_str()));
        fields.extend(mapped.errors.iter().cloned());
        Err(Refusal::of_fields(case, fields))
    }
}

/// An error of a case that comes from a log, with the line that is guilty.
fn placed(field: FieldError, mapped: &MappedCase) -> FieldError {
    let Some(opening) = mapped.line else {
        return field;
    };
    let Some((number, rest)) = field
        .path
        .strip_prefix("events[")
        .and_then(|path| path.split_once("]."))
    else {
        return FieldError {
            message: message!(
                "line {opening}: {message}",
                opening,
                message = field.message
            ),
            ..field
        };
    };
    let origin = number
        .parse()
        .ok()
        .and_then(|number: usize| mapped.origins.get(number));
    let Some(Origin::Line(line)) = origin else {
        return field;
    };
    let message = field.message.without_prefix(&format!("events[{number}]."));
    FieldError {
        path: format!("line[{line}].{rest}"),
        message: message!("line {line}: {message}", line, message),
        ..field
    }
}

/// Cells that no entry of the mapping reads.
fn unread(cells: &Cells, header: &Header, read: &HashSet<&str>) -> Vec<(String, Raw)> {
    match cells {
        Cells::Csv(_) | Cells::Typed(_) => {
            let names = header
                .names
                .iter()
                .filter(|name| !read.contains(name.as_str()));
            names
                .map(|name| (name.clone(), cells.get(header, name)))
                .collect()
        }
        Cells::Json(Object { entries, .. }) => {
            let keys = entries
                .iter()
                .filter(|(key, _)| !read.contains(key.as_str()));
            keys.cloned().collect()
        }
    }
}

/// Every column that a mapping names.
pub(super) fn columns(mapping: &Mapping) -> Vec<&str> {
    let mut found: Vec<&Written> = Vec::new();
    of_fields(&mapping.fields, &mut found);
    for event in &mapping.events {
        found.extend(event.when.iter().map(|condition| &condition.column));
        of_cell(&event.at, &mut found);
        of_change(&event.change, &mut found);
    }
    if let Some(log) = &mapping.log {
        found.extend(log.key.iter().chain(&log.kind));
        of_cell(&log.at, &mut found);
        of_fields(&log.changes, &mut found);
        for change in log.kinds.values().flat_map(|kind| &kind.changes) {
            of_change(change, &mut found);
        }
    }
    found
        .into_iter()
        .map(|column| column.text.as_str())
        .collect()
}

fn of_change<'m>(change: &'m MappedChange, found: &mut Vec<&'m Written>) {
    match change {
        MappedChange::Happened(_) => {}
        MappedChange::Set(fields) => of_fields(fields, found),
    }
}

fn of_fields<'m>(fields: &'m [MappedField], found: &mut Vec<&'m Written>) {
    for field in fields {
        match &field.source {
            CellSource::Cell(cell) => of_cell(cell, found),
            CellSource::Value(_) => {}
        }
    }
}

fn of_cell<'m>(cell: &'m Cell, found: &mut Vec<&'m Written>) {
    found.extend(cell.columns.iter().chain(&cell.was));
}

fn check_header(mapping: &Mapping, header: &Header) -> Result<(), Refusal> {
    let mut absent: Vec<&str> = columns(mapping)
        .into_iter()
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
        Some(near) => message!("; the file has `{near}`", near),
        None => Message::verbatim(""),
    };
    let message = message!(
        "mapping `{name}` reads {list}, which the header does not name{hint}",
        name = mapping.name,
        list = names.join(", "),
        hint
    );
    Err(Refusal::new("bad-header", message))
}
