//! Reads holiday data from the text of a file, CSV or TOML, into [`Holidays`].
//!
//! The driver hands in the text and the range that `[holidays.NAME]` of caseway.toml says it covers;
//! calendars read the result.
//!
//! ```text
//! date,kind,name                      [[day]]
//! 2026-01-01,holiday,New Year's Day   date = 2026-01-01
//! 2026-01-04,workday,fri              kind = "holiday"
//!                                     name = "New Year's Day"
//! ```
//!
//! A make-up day is worked like the weekday that its row names, in a column (or key) `weekday` or as
//! its whole `name`.

use crate::message::{Message, message};
use crate::time::{DataDay, Date, HolidayError, HolidayRow, Holidays, Weekday};
use std::ops::Range;

mod toml_form;

pub use toml_form::parse_toml;

/// Something wrong in a holiday file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayFileError {
    /// The guilty bytes of the file's text.
    pub bytes: Range<usize>,
    /// One sentence, lower case, the user's text in backticks.
    pub message: Message,
    /// What to write instead.
    pub help: Option<Message>,
}

impl HolidayFileError {
    fn new(bytes: Range<usize>, message: Message, help: Message) -> HolidayFileError {
        let help = (!help.is_empty()).then_some(help);
        HolidayFileError {
            bytes,
            message,
            help,
        }
    }
}

/// A piece of the file with its place.
#[derive(Clone, Debug)]
struct Cell {
    text: String,
    bytes: Range<usize>,
}

/// The cells of one day, before they are understood.
struct Entry {
    date: Option<Cell>,
    kind: Option<Cell>,
    name: Option<Cell>,
    weekday: Option<Cell>,
    /// The whole line or table.
    bytes: Range<usize>,
}

const COLUMNS: [&str; 4] = ["date", "kind", "name", "weekday"];
fn header_help() -> Message {
    message!("write `date,kind,name` as the first line")
}

/// Reads CSV with a header `date,kind,name`; blank lines and lines that start with `#` are skipped.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn parse_csv(text: &str, covers: (Date, Date)) -> Result<Holidays, Vec<HolidayFileError>> {
    let mut errors = Vec::new();
    let mut header: Option<Vec<Cell>> = None;
    let mut entries = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bytes = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        let content = text.get(bytes.clone()).unwrap_or("");
        let shown = content.trim_start_matches('\u{feff}');
        let bytes = bytes.end - shown.len()..bytes.end;
        if shown.trim().is_empty() || shown.trim_start().starts_with('#') {
            continue;
        }
        let cells = match split(shown, bytes.start) {
            Ok(cells) => cells,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let Some(columns) = &header else {
            check_header(&cells, bytes, &mut errors);
            if !errors.is_empty() {
                return Err(errors);
            }
            header = Some(cells);
            continue;
        };
        if let Some(extra) = cells.get(columns.len()) {
            let message = message!("`{text}` stands in no column", text = extra.text);
            let help = message!("put a text with a comma in it between double quotes");
            errors.push(HolidayFileError::new(extra.bytes.clone(), message, help));
            continue;
        }
        let cell = |name: &str| {
            let at = columns.iter().position(|column| column.text == name)?;
            cells.get(at).filter(|cell| !cell.text.is_empty()).cloned()
        };
        let [date, kind, name, weekday] = COLUMNS.map(cell);
        entries.push(Entry {
            date,
            kind,
            name,
            weekday,
            bytes,
        });
    }
    if header.is_none() && errors.is_empty() {
        let message = message!("the holiday file is empty");
        errors.push(HolidayFileError::new(0..0, message, header_help()));
    }
    finish(entries, covers, errors)
}

fn check_header(cells: &[Cell], bytes: Range<usize>, errors: &mut Vec<HolidayFileError>) {
    if cells.iter().any(|cell| Date::parse(&cell.text).is_some()) {
        let message = message!("the first line does not name the columns");
        errors.push(HolidayFileError::new(bytes, message, header_help()));
        return;
    }
    for (index, cell) in cells.iter().enumerate() {
        if !COLUMNS.contains(&cell.text.as_str()) {
            let message = message!("`{text}` is no column of a holiday file", text = cell.text);
            errors.push(HolidayFileError::new(
                cell.bytes.clone(),
                message,
                header_help(),
            ));
        } else if cells
            .iter()
            .take(index)
            .any(|earlier| earlier.text == cell.text)
        {
            let message = message!("the column `{text}` is there twice", text = cell.text);
            errors.push(HolidayFileError::new(
                cell.bytes.clone(),
                message,
                header_help(),
            ));
        }
    }
    let missing = |name: &&str| cells.iter().all(|cell| cell.text != *name);
    if let Some(name) = ["date", "kind"].into_iter().find(missing)
        && errors.is_empty()
    {
        let message = message!("the holiday file has no column `{name}`", name);
        errors.push(HolidayFileError::new(bytes, message, header_help()));
    }
}

/// Splits a line at its commas; a cell in double quotes may hold commas, and `""` for a quote.
fn split(line: &str, start: usize) -> Result<Vec<Cell>, HolidayFileError> {
    let mut cells = Vec::new();
    let mut from = 0;
    loop {
        let rest = line.get(from..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start().len();
        let quoted = rest.trim_start().strip_prefix('"');
        let (text, length) = match quoted {
            None => {
                let raw = rest.split(',').next().unwrap_or("");
                (raw.trim().to_owned(), raw.len())
            }
            Some(inner) => {
                let end = closing_quote(inner);
                let body = end.and_then(|end| inner.get(..end));
                let behind = end.and_then(|end| inner.get(end + 1..)).map(|behind| {
                    let blanks = behind.len() - behind.trim_start().len();
                    (blanks, behind.trim_start())
                });
                match (body, behind) {
                    (Some(body), Some((trailing, next)))
                        if next.is_empty() || next.starts_with(',') =>
                    {
                        (
                            body.replace("\"\"", "\""),
                            blanks + body.len() + 2 + trailing,
                        )
                    }
                    _ => {
                        let bytes = start + from + blanks..start + line.len();
                        let message = message!("a cell in double quotes does not end with one");
                        let help = message!("write `\"\"` for a double quote within such a cell");
                        return Err(HolidayFileError::new(bytes, message, help));
                    }
                }
            }
        };
        let raw = rest.get(..length).unwrap_or("");
        let begin = start + from + raw.len() - raw.trim_start().len();
        let bytes = begin..begin + raw.trim().len();
        cells.push(Cell { text, bytes });
        if length >= rest.len() {
            return Ok(cells);
        }
        from += length + 1;
    }
}

/// The place of the quote that ends a cell, behind its opening quote.
fn closing_quote(inner: &str) -> Option<usize> {
    let mut quotes = inner.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return Some(at);
        }
    }
    None
}

/// Understands the entries and checks them against each other and the covered range.
fn finish(
    entries: Vec<Entry>,
    covers: (Date, Date),
    mut errors: Vec<HolidayFileError>,
) -> Result<Holidays, Vec<HolidayFileError>> {
    let mut places = Vec::with_capacity(entries.len());
    let mut rows = Vec::with_capacity(entries.len());
    let mut names = Vec::new();
    for entry in entries {
        match understand(&entry) {
            Ok((row, place)) => {
                rows.push(row);
                places.push(place);
                // A name that is a weekday says how the day is worked.
                if let Some(name) = entry.name
                    && weekday(&name.text).is_none()
                {
                    names.push((row.date, name.text));
                }
            }
            Err(error) => errors.push(error),
        }
    }
    let place = |row: usize| places.get(row).cloned().unwrap_or(0..0);
    let (first, last) = covers;
    let found = match Holidays::from_rows(first, last, rows) {
        Ok(holidays) if errors.is_empty() => return Ok(holidays.with_names(names)),
        Ok(_) => Vec::new(),
        Err(found) => found,
    };
    errors.extend(found.into_iter().map(|error| match error {
        HolidayError::EmptyRange => HolidayFileError::new(
            0..0,
            message!(
                "the covered range from {first} to {last} holds no day",
                first,
                last
            ),
            message!("write the earlier date of `covers` first"),
        ),
        HolidayError::OutsideRange { row, date } => HolidayFileError::new(
            place(row),
            message!(
                "`{date}` is outside the range from {first} to {last} that the data covers",
                date,
                first,
                last
            ),
            message!("widen `covers` in caseway.toml, if the data is complete for that range"),
        ),
        HolidayError::Duplicate { row, date, .. } => HolidayFileError::new(
            place(row),
            message!("`{date}` is there twice", date),
            message!("keep one row for each date"),
        ),
    }));
    errors.sort_by_key(|error| error.bytes.start);
    Err(errors)
}

fn understand(entry: &Entry) -> Result<(HolidayRow, Range<usize>), HolidayFileError> {
    let missing = |what: &str, help: Message| {
        HolidayFileError::new(
            entry.bytes.clone(),
            message!("this day has no `{key}`", key = what),
            help,
        )
    };
    let kinds = message!("write `holiday` or `workday`");
    let days = message!("write `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`");
    let date_cell = entry
        .date
        .as_ref()
        .ok_or_else(|| missing("date", message!("write `YYYY-MM-DD`")))?;
    let date = Date::parse(&date_cell.text).ok_or_else(|| {
        let message = message!("`{text}` is no date", text = date_cell.text);
        HolidayFileError::new(
            date_cell.bytes.clone(),
            message,
            message!("write `YYYY-MM-DD`"),
        )
    })?;
    let named = match &entry.weekday {
        None => None,
        Some(cell) => Some(weekday(&cell.text).ok_or_else(|| {
            let message = message!("`{text}` is no weekday", text = cell.text);
            HolidayFileError::new(cell.bytes.clone(), message, days)
        })?),
    };
    let kind = entry
        .kind
        .as_ref()
        .ok_or_else(|| missing("kind", kinds.clone()))?;
    let day = match kind.text.as_str() {
        "holiday" if named.is_some() => {
            let bytes = entry.weekday.as_ref().unwrap_or(kind).bytes.clone();
            let message = message!("a holiday is worked like no weekday");
            return Err(HolidayFileError::new(
                bytes,
                message,
                message!("leave the weekday out"),
            ));
        }
        "holiday" => DataDay::Holiday,
        "workday" => {
            let name = entry.name.as_ref().and_then(|name| weekday(&name.text));
            DataDay::Workday(named.or(name))
        }
        other => {
            let message = message!("`{other}` is no kind of day", other);
            return Err(HolidayFileError::new(kind.bytes.clone(), message, kinds));
        }
    };
    Ok((HolidayRow { date, day }, date_cell.bytes.clone()))
}

fn weekday(text: &str) -> Option<Weekday> {
    Weekday::parse(text.trim().to_ascii_lowercase().as_str())
}
