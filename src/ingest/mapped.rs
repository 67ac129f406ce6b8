//! Turns a row of a foreign export into a written case, by a mapping of `caseway.toml`.
//!
//! Stage before: [`super::cell`]; after: [`super::record`], which checks the result. Where several rows
//! are one case, [`super::log`] does it with the same parts.

use super::CaseReader;
use super::builder::{nest, nest_changes};
use super::cell::{CellError, CellReader, Place, Read, When, names};
use super::columns::{Cells, Header};
use super::raw::{Object, Raw};
use super::refusal::FieldError;
use crate::config::{CellSource, MappedChange, MappedEvent, MappedField, Mapping};
use crate::message::Message;
use crate::time::{Instant, Zone};

/// A written case, and what is wrong with the cells that it comes from.
pub(super) struct MappedCase {
    pub(super) case: Object,
    pub(super) events: Vec<Raw>,
    /// Where each of the events comes from.
    pub(super) origins: Vec<Origin>,
    /// The line that the fields of the case come from, in a log.
    pub(super) line: Option<usize>,
    pub(super) errors: Vec<FieldError>,
    /// How many dates were read with day and month swapped.
    pub(super) swapped: u64,
}

/// Where an event comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Columns with its instant, as messages name them.
    Columns(Message),
    /// A line of a log.
    Line(usize),
}

/// One thing that happened to a case.
pub(super) struct Happening {
    /// When; none when the cell cannot be read.
    pub(super) at: Option<Instant>,
    pub(super) what: Happened,
    pub(super) origin: Origin,
    /// What is wrong with its cells.
    pub(super) errors: Vec<CellError>,
}

/// What happened.
pub(super) enum Happened {
    Event(String),
    Set(Vec<(String, Raw)>),
}

/// The written case of a row.
pub(super) fn map(
    reader: &CaseReader<'_>,
    mapping: &Mapping,
    header: &Header,
    cells: &Cells,
) -> MappedCase {
    let mut row = CellReader::new(reader, header, cells);
    let fields = case_fields(&mut row, &mapping.fields);
    let errors = drain(&mut row, Place::Case);
    let happened = time_columns(&mut row, &mapping.events);
    let swapped = row.swapped;
    MappedCase {
        line: None,
        swapped,
        ..assemble(fields, happened, errors)
    }
}

/// The values of the fields of a case; those that cannot be read are missing.
pub(super) fn case_fields(row: &mut CellReader<'_>, fields: &[MappedField]) -> Vec<(String, Raw)> {
    let mut found = Vec::with_capacity(fields.len());
    for field in fields {
        let raw = match row.field(field, "") {
            Read::Value(raw) => raw,
            Read::Empty | Read::Broken => Raw::Missing,
        };
        found.push((field.path.clone(), raw));
    }
    found
}

/// What the entries `[[mapping.NAME.events]]` say of a row.
pub(super) fn time_columns(row: &mut CellReader<'_>, entries: &[MappedEvent]) -> Vec<Happening> {
    let mut found = Vec::new();
    for entry in entries {
        let holds = entry.when.iter().all(|condition| {
            let text = row.text(std::slice::from_ref(&condition.column));
            condition.texts.contains(&text.unwrap_or_default())
        });
        if !holds {
            continue;
        }
        let at = match row.when(&entry.at) {
            When::Never => continue,
            When::At(at) => Some(at),
            When::Broken => None,
        };
        let what = happened(row, &entry.change);
        let errors = std::mem::take(&mut row.errors);
        if !what.is_nothing() || !errors.is_empty() {
            found.push(Happening {
                at,
                what,
                origin: Origin::Columns(names(&entry.at.columns)),
                errors,
            });
        }
    }
    found
}

/// What an entry says of a row.
pub(super) fn happened(row: &mut CellReader<'_>, change: &MappedChange) -> Happened {
    match change {
        MappedChange::Happened(event) => Happened::Event(event.text.clone()),
        MappedChange::Set(fields) => {
            let mut values = Vec::with_capacity(fields.len());
            for field in fields {
                match row.field(field, "set.") {
                    Read::Value(raw) => values.push((field.path.clone(), raw)),
                    Read::Empty if clears(field) => values.push((field.path.clone(), Raw::Missing)),
                    Read::Empty | Read::Broken => {}
                }
            }
            Happened::Set(values)
        }
    }
}

/// Whether an empty cell clears a field.
pub(super) fn clears(field: &MappedField) -> bool {
    match &field.source {
        CellSource::Cell(cell) => cell.clears,
        CellSource::Value(_) => false,
    }
}

impl Happened {
    /// Whether nothing changes: all cells of a `set` are empty.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Happened::Event(_) => false,
            Happened::Set(values) => values.is_empty(),
        }
    }
}

/// The errors of a row so far, each with its place.
pub(super) fn drain(row: &mut CellReader<'_>, place: Place) -> Vec<FieldError> {
    let errors = std::mem::take(&mut row.errors);
    errors.into_iter().map(|error| error.at(place)).collect()
}

/// A case of fields and of what happened, in the order of instants; what happened at one instant
/// keeps its order.
pub(super) fn assemble(
    fields: Vec<(String, Raw)>,
    mut happened: Vec<Happening>,
    mut errors: Vec<FieldError>,
) -> MappedCase {
    happened.sort_by_key(|entry| entry.at);
    let mut events = Vec::with_capacity(happened.len());
    let mut origins = Vec::with_capacity(happened.len());
    for (number, entry) in happened.into_iter().enumerate() {
        let broken = entry.errors.into_iter();
        errors.extend(broken.map(|error| error.at(Place::Event(number))));
        // An entry without an instant is reported; it stands in for itself, so that others keep
        // their numbers.
        let at = entry.at.map_or_else(
            || "1970-01-01T00:00:00Z".to_owned(),
            |at| at.format(Zone::UTC),
        );
        let (key, value) = match entry.what {
            Happened::Event(name) => ("event", Raw::Text(name)),
            Happened::Set(values) => ("set", Raw::Record(nest_changes(values))),
        };
        events.push(Raw::Record(Object::new(vec![
            ("at".to_owned(), Raw::Text(at)),
            (key.to_owned(), value),
        ])));
        origins.push(entry.origin);
    }
    MappedCase {
        case: nest(fields),
        events,
        origins,
        line: None,
        errors,
        swapped: 0,
    }
}
