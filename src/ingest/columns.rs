//! The cells of a row, found by the name of their column: a record of CSV, or a JSON object.
//!
//! Stage before: [`super::rows`]; after: [`super::mapped`] and [`super::table`].

use super::json;
use super::raw::{Object, Raw};
use super::refusal::Refusal;
use crate::config::Written;
use crate::message::message;
use std::collections::HashMap;

/// The names of a CSV file's columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Header {
    /// Reads the first row of a file.
    pub(super) fn read(bytes: &[u8]) -> Result<Header, Refusal> {
        let cells = split(bytes).ok_or_else(|| not_text().at_line(1))?;
        let mut header = Header::default();
        for name in cells {
            header.push(name).map_err(|refusal| refusal.at_line(1))?;
        }
        Ok(header)
    }

    /// The columns of a table.
    pub(super) fn of_names<'n>(names: impl Iterator<Item = &'n String>) -> Result<Header, Refusal> {
        let mut header = Header::default();
        for name in names {
            header.push(name.clone())?;
        }
        Ok(header)
    }

    fn push(&mut self, name: String) -> Result<(), Refusal> {
        if self.places.insert(name.clone(), self.names.len()).is_some() {
            let message = message!("the header names the column `{name}` twice", name);
            return Err(Refusal::new("bad-header", message));
        }
        self.names.push(name);
        Ok(())
    }

    /// The place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}

fn not_text() -> Refusal {
    Refusal::new(
        "case-refused",
        message!("the row is not UTF-8 text: save the file as UTF-8"),
    )
}

/// The cells of one record of CSV; none when it is no UTF-8.
fn split(bytes: &[u8]) -> Option<Vec<String>> {
    let end = csv_core::Terminator::Any(b'\n');
    let mut reader = csv_core::ReaderBuilder::new().terminator(end).build();
    let mut output = vec![0; bytes.len() + 8];
    let (mut input, mut at) = (bytes, 0);
    let mut cells = Vec::new();
    loop {
        let free = output.get_mut(at..)?;
        let (result, read, written) = reader.read_field(input, free);
        input = input.get(read..)?;
        let start = at;
        at += written;
        match result {
            csv_core::ReadFieldResult::Field { record_end } => {
                cells.push(std::str::from_utf8(output.get(start..at)?).ok()?.to_owned());
                if record_end {
                    return Some(cells);
                }
            }
            // The input is at its end: reading nothing once more closes the last cell.
            csv_core::ReadFieldResult::InputEmpty => {
                let (result, _, more) = reader.read_field(&[], output.get_mut(at..)?);
                at += more;
                if let csv_core::ReadFieldResult::Field { .. } = result {
                    cells.push(std::str::from_utf8(output.get(start..at)?).ok()?.to_owned());
                }
                return Some(cells);
            }
            csv_core::ReadFieldResult::OutputFull => return None,
            csv_core::ReadFieldResult::End => return Some(cells),
        }
    }
}

/// The cells of one row.
pub(super) enum Cells {
    /// A record of CSV, as long as its header.
    Csv(Vec<String>),
    /// A JSON object.
    Json(Object),
    /// A row of a table, as long as its header.
    Typed(Vec<Raw>),
}

impl Cells {
    /// Reads a record of CSV.
    pub(super) fn csv(bytes: &[u8], header: &Header) -> Result<Cells, Refusal> {
        let cells = split(bytes).ok_or_else(not_text)?;
        if cells.len() != header.names.len() {
            let message = message!(
                "the row has {count} cells, the header has {columns}: is a quote or a comma missing?",
                count = cells.len(),
                columns = header.names.len()
            );
            return Err(Refusal::new("case-refused", message));
        }
        Ok(Cells::Csv(cells))
    }

    /// Reads a record of CSV whatever its length, as far as it has these columns; none when it has not.
    pub(super) fn some_csv(bytes: &[u8], header: &Header, columns: &[Written]) -> Option<Cells> {
        let cells = split(bytes)?;
        let last = columns
            .iter()
            .map(|column| header.place(&column.text))
            .max()??;
        (last < cells.len()).then_some(Cells::Csv(cells))
    }

    /// Reads a JSON object.
    pub(super) fn json(bytes: &[u8]) -> Result<Cells, Refusal> {
        match json::read(bytes)? {
            Raw::Record(object) => Ok(Cells::Json(object)),
            _ => Err(Refusal::new(
                "bad-json",
                message!("a row is one JSON object"),
            )),
        }
    }

    /// The value in a column; an empty cell is missing, and so is a key that is not there.
    pub(super) fn get(&self, header: &Header, column: &str) -> Raw {
        match self {
            Cells::Csv(cells) => match header.place(column).and_then(|place| cells.get(place)) {
                Some(text) if !text.is_empty() => Raw::Cell(text.clone()),
                Some(_) | None => Raw::Missing,
            },
            Cells::Typed(cells) => header
                .place(column)
                .and_then(|place| cells.get(place))
                .map_or(Raw::Missing, Raw::clone),
            Cells::Json(object) => {
                let mut found = object.get(column);
                if found.is_none() {
                    let mut inner = Some(object);
                    for part in column.split('.') {
                        found = inner.and_then(|object| object.get(part));
                        inner = match found {
                            Some(Raw::Record(object)) => Some(object),
                            Some(_) | None => None,
                        };
                    }
                }
                found.map_or(Raw::Missing, loosen)
            }
        }
    }
}

/// A value of a foreign export: its JSON type says nothing of the field's type.
fn loosen(raw: &Raw) -> Raw {
    match raw {
        Raw::Text(text) | Raw::Cell(text) if text.is_empty() => Raw::Missing,
        Raw::Number(text) | Raw::Text(text) | Raw::Cell(text) => Raw::Cell(text.clone()),
        Raw::Bool(value) => Raw::Cell(value.to_string()),
        Raw::List(items) => Raw::List(items.iter().map(loosen).collect()),
        Raw::Missing | Raw::Empty => Raw::Missing,
        Raw::Record(object) => Raw::Record(object.clone()),
    }
}
