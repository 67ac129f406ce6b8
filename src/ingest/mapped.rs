//! Turns a row of a foreign export into a written case, by a mapping of `caseway.toml`.
//!
//! Stage before: [`super::columns`]; after: [`super::record`], which checks the result.

use super::builder::nest;
use super::columns::{Cells, Header};
use super::moment::{Moment, MomentError};
use super::raw::{Object, Raw};
use super::refusal::FieldError;
use super::{CaseReader, Index};
use crate::config::{Cell, CellSource, Constant, MappedEvent, MappedField, Mapping, Unmapped};
use crate::diag::nearest;
use crate::model::{Schema, Type};
use crate::time::Zone;

/// A row as a written case, and what is wrong with its cells.
pub(super) struct MappedRow {
    pub(super) case: Object,
    pub(super) events: Vec<Raw>,
    pub(super) errors: Vec<FieldError>,
    /// How many dates were read with day and month swapped.
    pub(super) swapped: u64,
}

/// Reads the cells of one row.
struct CellReader<'a> {
    schema: &'a Schema,
    index: &'a Index,
    zone: Zone,
    header: &'a Header,
    cells: &'a Cells,
    errors: Vec<FieldError>,
    swapped: u64,
}

/// The written case of a row.
pub(super) fn map(
    reader: &CaseReader<'_>,
    mapping: &Mapping,
    header: &Header,
    cells: &Cells,
) -> MappedRow {
    let mut row = CellReader {
        schema: reader.schema,
        index: reader.index,
        zone: reader.zone,
        header,
        cells,
        errors: Vec::new(),
        swapped: 0,
    };
    let fields = row.fields(&mapping.fields, "");
    let mut events = Vec::new();
    for event in &mapping.events {
        let place = events.len();
        let (at, key, value) = match event {
            MappedEvent::Happened { at, event } => (at, "event", Raw::Text(event.text.clone())),
            MappedEvent::Set { at, fields } => {
                let mut fields = row.fields(fields, &format!("events[{place}].set."));
                fields.retain(|(_, raw)| *raw != Raw::Missing);
                (at, "set", Raw::Record(nest(fields)))
            }
        };
        let at = row.cell(at, &format!("events[{place}].at"), Some(&Type::Instant));
        if at != Raw::Missing {
            events.push(Raw::Record(Object::new(vec![
                ("at".to_owned(), at),
                (key.to_owned(), value),
            ])));
        }
    }
    order_events(&mut events);
    MappedRow {
        case: nest(fields),
        events,
        errors: row.errors,
        swapped: row.swapped,
    }
}

/// Entries stand in the order of the mapping, rows may have lived in another one.
fn order_events(events: &mut [Raw]) {
    events.sort_by_cached_key(|event| match event {
        Raw::Record(object) => match object.get("at") {
            Some(Raw::Text(text) | Raw::Cell(text)) => crate::time::Instant::parse(text).ok(),
            Some(_) | None => None,
        },
        Raw::Missing
        | Raw::Bool(_)
        | Raw::Number(_)
        | Raw::Text(_)
        | Raw::Cell(_)
        | Raw::List(_)
        | Raw::Empty => None,
    });
}

impl CellReader<'_> {
    fn fields(&mut self, fields: &[MappedField], prefix: &str) -> Vec<(String, Raw)> {
        let mut found = Vec::with_capacity(fields.len());
        for field in fields {
            let raw = match &field.source {
                CellSource::Value(value) => constant(value),
                CellSource::Cell(cell) => {
                    let ty = self
                        .index
                        .field(&field.path)
                        .and_then(|id| self.schema.field(id));
                    self.cell(
                        cell,
                        &format!("{prefix}{}", field.path),
                        ty.map(|field| &field.ty),
                    )
                }
            };
            found.push((field.path.clone(), raw));
        }
        found
    }

    fn cell(&mut self, cell: &Cell, path: &str, ty: Option<&Type>) -> Raw {
        let raw = self.joined(cell);
        let text = match &raw {
            Raw::Cell(text) if !cell.values.is_empty() || cell.format.is_some() => text.clone(),
            Raw::Cell(_)
            | Raw::Missing
            | Raw::Bool(_)
            | Raw::Number(_)
            | Raw::Text(_)
            | Raw::List(_)
            | Raw::Record(_)
            | Raw::Empty => return raw,
        };
        if let Some(value) = cell.values.get(&text) {
            return constant(value);
        }
        if !cell.values.is_empty() {
            return self.unmapped(cell, path, text);
        }
        let format = cell
            .format
            .as_ref()
            .map_or("", |format| format.text.as_str());
        self.moment(cell, path, ty, text, format)
    }

    /// The value of the columns; several are joined by one blank each.
    fn joined(&self, cell: &Cell) -> Raw {
        if let [column] = cell.columns.as_slice() {
            return self.cells.get(self.header, &column.text);
        }
        let mut text = String::new();
        for column in &cell.columns {
            if let Raw::Cell(part) = self.cells.get(self.header, &column.text) {
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

    fn unmapped(&mut self, cell: &Cell, path: &str, text: String) -> Raw {
        if let Some(value) = &cell.default {
            return constant(value);
        }
        match cell.unmapped {
            Unmapped::Missing => Raw::Missing,
            Unmapped::Refused => {
                let near = nearest(&text, cell.values.keys().map(String::as_str).take(200));
                let hint = near
                    .first()
                    .map_or(String::new(), |near| format!(" (it names `{near}`)"));
                let message = format!(
                    "`{path}`: the mapping names no value for `{text}` in column {}{hint}",
                    columns(cell)
                );
                self.wrong(path, "not-a-member", message, text)
            }
        }
    }

    /// Reports a cell. The value that goes on is missing; its error stands already.
    fn wrong(&mut self, path: &str, code: &'static str, message: String, got: String) -> Raw {
        self.errors.push(FieldError::new(
            path,
            code,
            message,
            Some(super::raw::shorten(&got)),
        ));
        Raw::Missing
    }

    fn moment(
        &mut self,
        cell: &Cell,
        path: &str,
        ty: Option<&Type>,
        text: String,
        format: &str,
    ) -> Raw {
        let (code, why) = match Moment::read(&text, format, cell) {
            Ok(moment) => {
                let raw = match ty {
                    Some(Type::Date) => moment.date().map(|date| date.to_string()),
                    Some(Type::Time) => moment.time().map(|time| time.to_string()),
                    Some(_) | None => moment.instant(cell.zone).map(|at| at.format(self.zone)),
                };
                if let Some(text) = raw {
                    self.swapped += u64::from(moment.swapped);
                    return Raw::Text(text);
                }
                ("wrong-type", "is not of the form")
            }
            Err(MomentError::Malformed) => ("wrong-type", "is not of the form"),
            Err(MomentError::TooFine) => {
                ("too-many-digits", "is finer than a millisecond in the form")
            }
        };
        let message = format!(
            "`{path}`: `{text}` in column {} {why} `{format}`",
            columns(cell)
        );
        self.wrong(path, code, message, text)
    }
}

fn columns(cell: &Cell) -> String {
    let names: Vec<String> = cell
        .columns
        .iter()
        .map(|column| format!("`{}`", column.text))
        .collect();
    names.join(" and ")
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
