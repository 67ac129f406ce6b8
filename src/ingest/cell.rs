//! Reads the cells that a mapping names: columns to values, with what is wrong in them.
//!
//! Stage before: [`super::columns`]; used by [`super::mapped`] and [`super::log`].

use super::columns::{Cells, Header};
use super::moment::{Moment, MomentError};
use super::raw::{Raw, shorten};
use super::refusal::FieldError;
use super::typed;
use super::{CaseReader, Index};
use crate::config::{Cell, CellSource, Constant, MappedField, Unmapped, Written};
use crate::diag::nearest;
use crate::message::{Message, message};
use crate::model::{Schema, Type};
use crate::time::{Instant, Zone};

/// What is wrong with a cell; its place in the case is put to it later.
pub(super) struct CellError {
    /// The path behind the place of the entry, such as `set.status`.
    pub(super) path: String,
    code: &'static str,
    /// The message behind the path.
    why: Message,
    got: Option<String>,
}

impl CellError {
    /// An error of a cell.
    pub(super) fn new(
        path: &str,
        code: &'static str,
        why: Message,
        got: Option<&str>,
    ) -> CellError {
        CellError {
            path: path.to_owned(),
            code,
            why,
            got: got.map(shorten),
        }
    }

    /// The error with its place.
    pub(super) fn at(self, place: Place) -> FieldError {
        let (path, line) = match place {
            Place::Case => (self.path.clone(), None),
            Place::Event(number) => (format!("events[{number}].{}", self.path), None),
            Place::CaseOfLine(line) => (self.path.clone(), Some(line)),
            Place::Line(line) => (format!("line[{line}].{}", self.path), Some(line)),
        };
        let message = match line {
            Some(line) => message!(
                "line {line}: `{path}`{why}",
                line,
                path = self.path,
                why = self.why
            ),
            None => message!("`{path}`{why}", path = self.path, why = self.why),
        };
        FieldError::new(&path, self.code, message, self.got)
    }
}

/// What a cell speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// A field of the case.
    Case,
    /// An entry of `events`.
    Event(usize),
    /// A field of the case, read from a line of a log.
    CaseOfLine(usize),
    /// What a line of a log says.
    Line(usize),
}

/// What a cell brings.
pub(super) enum Read {
    /// A value.
    Value(Raw),
    /// Nothing.
    Empty,
    /// A text that cannot be read, which has been reported.
    Broken,
}

/// When an entry happened.
pub(super) enum When {
    /// At an instant.
    At(Instant),
    /// The cell is empty.
    Never,
    /// The cell cannot be read, which has been reported.
    Broken,
}

/// Reads the cells of one row.
pub(super) struct CellReader<'a> {
    schema: &'a Schema,
    index: &'a Index,
    zone: Zone,
    header: &'a Header,
    cells: &'a Cells,
    pub(super) errors: Vec<CellError>,
    /// How many dates were read with day and month swapped.
    pub(super) swapped: u64,
}

impl<'a> CellReader<'a> {
    pub(super) fn new(
        reader: &CaseReader<'a>,
        header: &'a Header,
        cells: &'a Cells,
    ) -> CellReader<'a> {
        CellReader {
            schema: reader.schema,
            index: reader.index,
            zone: reader.zone,
            header,
            cells,
            errors: Vec::new(),
            swapped: 0,
        }
    }

    /// The value of a field of the case, its path after `prefix` in messages.
    pub(super) fn field(&mut self, field: &MappedField, prefix: &str) -> Read {
        match &field.source {
            CellSource::Value(value) => Read::Value(constant(value)),
            CellSource::Cell(cell) => self.field_cell(&field.path, cell, &cell.columns, prefix),
        }
    }

    /// The value that a field had before, where the row has a column for it.
    pub(super) fn before(&mut self, field: &MappedField, prefix: &str) -> Read {
        match &field.source {
            CellSource::Cell(cell) => match &cell.was {
                Some(was) => self.field_cell(&field.path, cell, std::slice::from_ref(was), prefix),
                None => Read::Empty,
            },
            CellSource::Value(_) => Read::Empty,
        }
    }

    fn field_cell(&mut self, path: &str, cell: &Cell, columns: &[Written], prefix: &str) -> Read {
        let field = self.index.field(path).and_then(|id| self.schema.field(id));
        let ty = field.map(|field| &field.ty);
        self.cell(cell, columns, &format!("{prefix}{path}"), ty)
    }

    /// The instant of an entry, at the path `at`.
    pub(super) fn when(&mut self, at: &Cell) -> When {
        match self.cell(at, &at.columns, "at", Some(&Type::Instant)) {
            Read::Value(Raw::Text(text) | Raw::Cell(text)) => match typed::instant(&text) {
                Ok(at) => When::At(at),
                Err(wrong) => {
                    let (code, why) = wrong.parts();
                    let hint = if at.format.is_none() {
                        message!("; or say with `format` in the mapping how it is written")
                    } else {
                        Message::verbatim("")
                    };
                    let names = names(&at.columns);
                    let why = message!(
                        ": `{text}` in column {names} {why}{hint}",
                        text = shorten(&text),
                        names,
                        why,
                        hint
                    );
                    self.wrong("at", code, why, &text);
                    When::Broken
                }
            },
            Read::Value(raw) => {
                let why = message!(
                    ": column {names} holds no instant, like `2026-03-02T10:00:00+08:00`",
                    names = names(&at.columns)
                );
                self.wrong("at", "wrong-type", why, &raw.shown().unwrap_or_default());
                When::Broken
            }
            Read::Empty => When::Never,
            Read::Broken => When::Broken,
        }
    }

    /// The text of columns, joined by one blank each, empty ones left out; none when all are empty.
    pub(super) fn text(&self, columns: &[Written]) -> Option<String> {
        match self.joined(columns) {
            Raw::Cell(text) | Raw::Text(text) | Raw::Number(text) => Some(text),
            Raw::Missing | Raw::Bool(_) | Raw::List(_) | Raw::Record(_) | Raw::Empty => None,
        }
    }

    fn cell(&mut self, cell: &Cell, columns: &[Written], path: &str, ty: Option<&Type>) -> Read {
        let raw = self.joined(columns);
        let text = match raw {
            Raw::Missing => return Read::Empty,
            Raw::Cell(text) if !cell.values.is_empty() || cell.format.is_some() => text,
            Raw::Cell(_)
            | Raw::Bool(_)
            | Raw::Number(_)
            | Raw::Text(_)
            | Raw::List(_)
            | Raw::Record(_)
            | Raw::Empty => return Read::Value(raw),
        };
        if let Some(value) = cell.values.get(&text) {
            return Read::Value(constant(value));
        }
        if !cell.values.is_empty() {
            return self.unmapped(cell, columns, path, &text);
        }
        let format = cell
            .format
            .as_ref()
            .map_or("", |format| format.text.as_str());
        self.moment(cell, path, ty, &text, format)
    }

    /// The value of the columns; several are joined by one blank each.
    fn joined(&self, columns: &[Written]) -> Raw {
        if let [column] = columns {
            return self.cells.get(self.header, &column.text);
        }
        let mut text = String::new();
        for column in columns {
            if let Raw::Cell(part) | Raw::Text(part) = self.cells.get(self.header, &column.text) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&part);
            }
        }
        if text.is_empty() {
            Raw::Missing
        } else {
            Raw::Cell(text)
        }
    }

    fn unmapped(&mut self, cell: &Cell, columns: &[Written], path: &str, text: &str) -> Read {
        if let Some(value) = &cell.default {
            return Read::Value(constant(value));
        }
        match cell.unmapped {
            Unmapped::Missing => Read::Empty,
            Unmapped::Refused => {
                let why = message!(
                    ": the mapping names no value for `{text}` in column {names}{near}",
                    text = shorten(text),
                    names = names(columns),
                    near = near(text, cell.values.keys())
                );
                self.wrong(path, "not-a-member", why, text);
                Read::Broken
            }
        }
    }

    /// Reports a cell.
    pub(super) fn wrong(&mut self, path: &str, code: &'static str, why: Message, got: &str) {
        self.errors.push(CellError::new(path, code, why, Some(got)));
    }

    fn moment(
        &mut self,
        cell: &Cell,
        path: &str,
        ty: Option<&Type>,
        text: &str,
        format: &str,
    ) -> Read {
        let (code, why) = match Moment::read(text, format, cell) {
            Ok(moment) => {
                let raw = match ty {
                    Some(Type::Date) => moment.date().map(|date| date.to_string()),
                    Some(Type::Time) => moment.time().map(|time| time.to_string()),
                    Some(_) | None => moment.instant(cell.zone).map(|at| at.format(self.zone)),
                };
                if let Some(text) = raw {
                    self.swapped += u64::from(moment.swapped);
                    return Read::Value(Raw::Text(text));
                }
                ("wrong-type", message!("is not of the form"))
            }
            Err(MomentError::Malformed) => ("wrong-type", message!("is not of the form")),
            Err(MomentError::TooFine) => (
                "too-many-digits",
                message!("is finer than a millisecond in the form"),
            ),
        };
        let why = message!(
            ": `{text}` in column {names} {why} `{format}`",
            text = shorten(text),
            names = names(&cell.columns),
            why,
            format
        );
        self.wrong(path, code, why, text);
        Read::Broken
    }
}

/// A hint at the text that may have been meant.
pub(super) fn near<'t>(text: &str, known: impl Iterator<Item = &'t String>) -> Message {
    let near = nearest(text, known.map(String::as_str).take(200));
    near.first().map_or(Message::verbatim(""), |near| {
        message!(" (it names `{near}`)", near)
    })
}

/// Columns as a message names them.
pub(super) fn names(columns: &[Written]) -> Message {
    let names = columns.iter();
    Message::all_of(names.map(|column| Message::verbatim(format!("`{}`", column.text))))
}

/// A value of `caseway.toml`. A text is read by the type of its field, like a cell: `"true"` is true.
pub(super) fn constant(value: &Constant) -> Raw {
    match value {
        Constant::Text(text, _) => Raw::Cell(text.clone()),
        Constant::Number(text, _) => Raw::Number(text.clone()),
        Constant::Bool(value, _) => Raw::Bool(*value),
        Constant::List(items, _) => Raw::List(items.iter().map(constant).collect()),
    }
}
