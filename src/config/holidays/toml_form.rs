//! The TOML form of holiday data: one `[[day]]` table for each date.

use super::{Cell, Entry, HolidayFileError, finish};
use crate::message::{Message, message};
use crate::time::{Date, Holidays};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

fn form() -> Message {
    message!("write `[[day]]`, then `date = 2026-01-01` and `kind = \"holiday\"`")
}

/// Reads TOML that holds `[[day]]` tables with `date`, `kind`, and if wanted `name` and `weekday`.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn parse_toml(text: &str, covers: (Date, Date)) -> Result<Holidays, Vec<HolidayFileError>> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let document = DeTable::parse(text).map_err(|error| {
        let bytes = error.span().unwrap_or(start..start);
        let message = message!(
            "this is not valid TOML: {message}",
            message = error.message()
        );
        vec![HolidayFileError::new(bytes, message, Message::verbatim(""))]
    })?;
    let mut errors = Vec::new();
    let mut entries = Vec::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "day" {
            let message = message!(
                "`{key}` is nothing that holiday data has",
                key = key.get_ref()
            );
            errors.push(HolidayFileError::new(key.span(), message, form()));
            continue;
        }
        let DeValue::Array(days) = value.get_ref() else {
            let message = message!("`day` is no list of tables");
            errors.push(HolidayFileError::new(key.span(), message, form()));
            continue;
        };
        for day in days.iter() {
            match day.get_ref() {
                DeValue::Table(table) => entries.extend(entry(table, day, &mut errors)),
                _ => {
                    let message = message!("this day is no table");
                    errors.push(HolidayFileError::new(day.span(), message, form()));
                }
            }
        }
    }
    finish(entries, covers, errors)
}

fn entry(
    table: &DeTable<'_>,
    day: &Spanned<DeValue<'_>>,
    errors: &mut Vec<HolidayFileError>,
) -> Option<Entry> {
    let known = errors.len();
    let mut entry = Entry {
        date: None,
        kind: None,
        name: None,
        weekday: None,
        bytes: day.span(),
    };
    for (key, value) in table {
        let place = match key.get_ref().as_ref() {
            "date" => &mut entry.date,
            "kind" => &mut entry.kind,
            "name" => &mut entry.name,
            "weekday" => &mut entry.weekday,
            other => {
                let message = message!("`{other}` is nothing that a day has", other);
                let help = message!("a day has `date`, `kind`, `name` and `weekday`");
                errors.push(HolidayFileError::new(key.span(), message, help));
                continue;
            }
        };
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            _ => {
                let message = message!("`{key}` is neither a text nor a date", key = key.get_ref());
                errors.push(HolidayFileError::new(
                    value.span(),
                    message,
                    message!("write it in double quotes"),
                ));
                continue;
            }
        };
        *place = Some(Cell {
            text,
            bytes: value.span(),
        });
    }
    (errors.len() == known).then_some(entry)
}
