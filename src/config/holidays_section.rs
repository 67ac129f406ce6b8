//! `[holidays.NAME]`: which file holds dated days off, and which dates it covers.
//!
//! One section of [`super::read`]; the rows of the file are read elsewhere.

use super::HolidaySource;
use super::toml_reader::{Section, TomlReader};
use crate::message::message;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// Reads all tables under `[holidays]`.
pub(super) fn read(reader: &mut TomlReader, root: Section<'_>) -> BTreeMap<String, HolidaySource> {
    let mut found = BTreeMap::new();
    let Some(all) = reader.table(root, "holidays", "holidays") else {
        return found;
    };
    for (key, entry) in all.table.iter() {
        let name = format!("holidays.{}", key.get_ref());
        let span = reader.span(key.span());
        let DeValue::Table(table) = entry.get_ref() else {
            let at = reader.entry_span(entry);
            let message = message!("`{name}` wants a table", name);
            reader.bad_value(
                all,
                at,
                message,
                message!("write `[{name}]` on a line of its own", name),
            );
            continue;
        };
        let section = Section {
            table,
            name: &name,
            span,
        };
        reader.only(section, &["file", "covers"]);
        let file = reader.required_text(section, "file", "file = \"calendars/cn.csv\"");
        let covers = reader.dates(section, "covers");
        if section.table.get("covers").is_none() {
            reader.missing(
                section,
                "covers",
                "covers = [\"2026-01-01\", \"2026-12-31\"]",
            );
        }
        let Some((file, file_span)) = file else {
            continue;
        };
        if !stays_inside(&file) {
            let message = message!("`{file}` does not lie inside the policy folder", file);
            reader.push(
                crate::diag::Diagnostic::error("bad-path", file_span, message)
                    .subject(&name)
                    .help(message!("name a file inside the folder, like `calendars/cn.csv`: no `..`, no leading `/`")),
            );
            continue;
        }
        if let Some((covers, covers_span)) = covers {
            let source = HolidaySource {
                file,
                file_span,
                covers,
                covers_span,
                span,
            };
            found.insert(key.get_ref().to_string(), source);
        }
    }
    found
}

/// Whether a path is relative and cannot leave the folder it starts in.
fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
