//! Turns the rows of one case, each a thing that happened, into a written case.
//!
//! Stage before: [`super::groups`], which gathers the rows; after: [`super::record`].

use super::CaseReader;
use super::cell::{CellReader, Place, Read, When, names, near};
use super::columns::{Cells, Header};
use super::mapped::{
    Happened, Happening, MappedCase, Origin, assemble, case_fields, clears, drain, happened,
    time_columns,
};
use super::raw::{Raw, shorten};
use super::refusal::FieldError;
use crate::config::{MappedChange, MappedField, MappedLog, Mapping, RowKind, UnmappedKind};
use crate::message::{Message, message};
use crate::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// A row of the case.
struct LogRow<'a> {
    line: usize,
    cells: CellReader<'a>,
    /// None when it cannot be read, which has been reported.
    at: Option<Instant>,
    kind: Option<&'a RowKind>,
}

/// The written case of rows with their lines, in the order of the file; there is one at least.
pub(super) fn map<'a>(
    reader: &CaseReader<'a>,
    mapping: &'a Mapping,
    log: &'a MappedLog,
    header: &'a Header,
    rows: &'a [(usize, Cells)],
) -> MappedCase {
    let mut errors = Vec::new();
    let mut read: Vec<LogRow<'a>> = Vec::with_capacity(rows.len());
    for (line, cells) in rows {
        let mut cells = CellReader::new(reader, header, cells);
        let at = instant(log, &mut cells);
        let kind = kind(log, &mut cells);
        errors.extend(drain(&mut cells, Place::Line(*line)));
        read.push(LogRow {
            line: *line,
            cells,
            at,
            kind,
        });
    }
    if log.newest_first {
        read.reverse();
    }
    read.sort_by_key(|row| row.at);
    let opening = opening(log, &read, &mut errors);
    let mut case = LogCase {
        log,
        fields: Vec::new(),
        last: Vec::new(),
        before: BTreeMap::new(),
        seen: BTreeSet::new(),
        happened: Vec::new(),
        errors,
    };
    let mut line = None;
    if let Some(row) = read.get_mut(opening) {
        line = Some(row.line);
        case.open(mapping, row);
    }
    for (number, row) in read.iter_mut().enumerate() {
        case.happen(row, number == opening);
    }
    let swapped = read.iter().map(|row| row.cells.swapped).sum();
    let mut fields = case.fields;
    for (path, value) in &mut fields {
        if let Some(before) = case.before.remove(path.as_str()) {
            *value = before;
        }
    }
    let further = case.before.into_iter();
    fields.extend(further.map(|(path, value)| (path.to_owned(), value)));
    MappedCase {
        line,
        swapped,
        ..assemble(fields, case.happened, case.errors)
    }
}

/// When a row happened.
fn instant(log: &MappedLog, cells: &mut CellReader<'_>) -> Option<Instant> {
    match cells.when(&log.at) {
        When::At(at) => Some(at),
        When::Broken => None,
        When::Never => {
            let why = message!(
                ": column {names} is empty, so the row has no instant",
                names = names(&log.at.columns)
            );
            cells.wrong("at", "missing-field", why, "");
            None
        }
    }
}

/// What the kind of a row means; none when it means nothing.
fn kind<'a>(log: &'a MappedLog, cells: &mut CellReader<'_>) -> Option<&'a RowKind> {
    if log.kind.is_empty() {
        return None;
    }
    let text = cells.text(&log.kind).unwrap_or_default();
    let found = log.kinds.get(&text);
    if found.is_none() && log.unmapped == UnmappedKind::Refused {
        let why = message!(
            ": the mapping does not say what `{text}` in column {names} means{near}",
            text = shorten(&text),
            names = names(&log.kind),
            near = near(&text, log.kinds.keys())
        );
        cells.wrong("kind", "not-a-member", why, &text);
    }
    found
}

/// The place of the row that opens the case, among rows in the order of their instants.
fn opening(log: &MappedLog, rows: &[LogRow<'_>], errors: &mut Vec<FieldError>) -> usize {
    let earliest = rows.iter().position(|row| row.at.is_some()).unwrap_or(0);
    let opens: Vec<&str> = log
        .kinds
        .iter()
        .filter(|(_, kind)| kind.opens)
        .map(|(text, _)| text.as_str())
        .collect();
    if opens.is_empty() {
        return earliest;
    }
    let is_opening = |row: &&LogRow<'_>| row.kind.is_some_and(|kind| kind.opens);
    let mut found = rows.iter().zip(0..).filter(|(row, _)| is_opening(row));
    let Some((first, place)) = found.next() else {
        let line = rows.iter().map(|row| row.line).min().unwrap_or(0);
        let kinds = opens
            .iter()
            .take(5)
            .map(|text| Message::verbatim(format!("`{text}`")));
        let message = message!(
            "no row opens the case: none is of the kind {list} in column {names}",
            list = Message::one_of(kinds),
            names = names(&log.kind)
        );
        let path = format!("line[{line}].kind");
        errors.push(FieldError::new(&path, "missing-opening", message, None));
        return earliest;
    };
    for (row, _) in found {
        let path = format!("line[{}].kind", row.line);
        let message = message!(
            "line {line}: a second row opens the case; line {first} opened it",
            line = row.line,
            first = first.line
        );
        errors.push(FieldError::new(&path, "second-opening", message, None));
    }
    place
}

/// A case while its rows are read in the order of their instants.
struct LogCase<'a> {
    log: &'a MappedLog,
    fields: Vec<(String, Raw)>,
    /// The last value of each field of `changes`.
    last: Vec<Raw>,
    /// Values that fields had before their first change.
    before: BTreeMap<&'a str, Raw>,
    /// Fields that a row has changed.
    seen: BTreeSet<&'a str>,
    happened: Vec<Happening>,
    errors: Vec<FieldError>,
}

impl<'a> LogCase<'a> {
    /// Reads the fields of the case from the row that opens it.
    fn open(&mut self, mapping: &'a Mapping, row: &mut LogRow<'a>) {
        self.fields = case_fields(&mut row.cells, &mapping.fields);
        let first = case_fields(&mut row.cells, &self.log.changes);
        self.last = first.iter().map(|(_, raw)| raw.clone()).collect();
        self.fields.extend(first);
        self.errors
            .extend(drain(&mut row.cells, Place::CaseOfLine(row.line)));
        for mut entry in time_columns(&mut row.cells, &mapping.events) {
            let broken = std::mem::take(&mut entry.errors).into_iter();
            self.errors
                .extend(broken.map(|error| error.at(Place::Line(row.line))));
            if entry.at.is_some() {
                entry.origin = Origin::Line(row.line);
                self.happened.push(entry);
            }
        }
    }

    /// Reads what happened in a row.
    fn happen(&mut self, row: &mut LogRow<'a>, opens: bool) {
        for change in row.kind.map_or(&[][..], |kind| &kind.changes) {
            if let MappedChange::Set(fields) = change {
                self.remember(row, fields);
            }
            let what = happened(&mut row.cells, change);
            self.push(row, what);
        }
        if !opens {
            let changed = self.changed(row);
            self.push(row, Happened::Set(changed));
        }
        let errors = drain(&mut row.cells, Place::Line(row.line));
        self.errors.extend(errors);
    }

    fn push(&mut self, row: &LogRow<'a>, what: Happened) {
        if row.at.is_some() && !what.is_nothing() {
            self.happened.push(Happening {
                at: row.at,
                what,
                origin: Origin::Line(row.line),
                errors: Vec::new(),
            });
        }
    }

    /// Keeps the value that a field had before its first change, where the row says it.
    fn remember(&mut self, row: &mut LogRow<'a>, fields: &'a [MappedField]) {
        for field in fields {
            let first = self.seen.insert(&field.path);
            if first && let Read::Value(raw) = row.cells.before(field, "set.") {
                self.before.insert(&field.path, raw);
            }
        }
    }

    /// Fields of `changes` whose value is another one than in the row before.
    fn changed(&mut self, row: &mut LogRow<'a>) -> Vec<(String, Raw)> {
        let mut found = Vec::new();
        for (field, last) in self.log.changes.iter().zip(&mut self.last) {
            let raw = match row.cells.field(field, "set.") {
                Read::Value(raw) => raw,
                Read::Empty if clears(field) => Raw::Missing,
                Read::Empty | Read::Broken => continue,
            };
            if raw != *last {
                found.push((field.path.clone(), raw.clone()));
                *last = raw;
            }
        }
        found
    }
}
