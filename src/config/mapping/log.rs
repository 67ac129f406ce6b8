//! Reads `[mapping.NAME.log]`: a log with a row for each thing that happened.
//!
//! Used by [`super::read`].

use super::super::toml_reader::Section;
use super::read::{Entries, Place};
use super::{MappedChange, MappedLog, RowKind, UnmappedKind, Written};
use crate::message::{Message, message};
use std::collections::BTreeMap;
use toml::de::DeValue;

const LOG_KEYS: [&str; 8] = [
    "key",
    "at",
    "kind",
    "kinds",
    "unmapped",
    "changes",
    "grouped",
    "newest_first",
];

fn kind_help() -> Message {
    message!(
        "write the name of an event, `{{ set = {{ field = \"value\" }} }}`, `{{ opens = true }}` or `{{ ignore = true }}`"
    )
}

impl Entries<'_> {
    pub(super) fn log(&mut self, mapping: Section<'_>) -> Option<MappedLog> {
        let name = format!("{}.log", mapping.name);
        let section = self.reader.table(mapping, "log", &name)?;
        self.reader.only(section, &LOG_KEYS);
        if !section.table.contains_key("key") {
            self.reader.missing(section, "key", "key = \"Ticket\"");
        }
        let key = self.column_names(section, "key");
        let at = self.moment(section);
        let kind = self.column_names(section, "kind").unwrap_or_default();
        let kinds = self.kinds(section);
        let words = [
            ("error", UnmappedKind::Refused),
            ("ignore", UnmappedKind::Ignored),
        ];
        let unmapped = self.reader.word(section, "unmapped", &words);
        self.hold_together(section);
        let changes_name = format!("{name}.changes");
        let mut changes = Vec::new();
        if let Some(table) = self.reader.table(section, "changes", &changes_name) {
            self.collect(table.table, "", table, Place::Changes, &mut changes);
        }
        let grouped = self.flag(section, "grouped").unwrap_or(true);
        let newest_first = self.flag(section, "newest_first").unwrap_or(false);
        Some(MappedLog {
            key: key?,
            at: at?,
            kind,
            kinds,
            unmapped: unmapped.unwrap_or_default(),
            changes,
            grouped,
            newest_first,
            span: section.span,
        })
    }

    /// A column, or a list of them.
    fn column_names(&mut self, section: Section<'_>, key: &str) -> Option<Vec<Written>> {
        let entry = section.table.get(key)?;
        if let DeValue::Array(_) = entry.get_ref() {
            return self.texts(section, key, &format!("{key} = [\"Type\", \"Field\"]"));
        }
        let (text, span) =
            self.reader
                .text(section, key, &format!("{key} = \"Name of the column\""))?;
        Some(vec![Written { text, span }])
    }

    fn flag(&mut self, section: Section<'_>, key: &str) -> Option<bool> {
        let entry = section.table.get(key)?;
        if let DeValue::Boolean(value) = entry.get_ref() {
            return Some(*value);
        }
        let span = self.reader.entry_span(entry);
        let message = message!("`{key}` wants `true` or `false`", key);
        let help = message!("write it like `{key} = true`", key);
        self.reader.bad_value(section, span, message, help);
        None
    }

    /// Reports `kind`, `kinds` and `unmapped` where one says nothing without another.
    fn hold_together(&mut self, section: Section<'_>) {
        let given = |key: &str| section.table.contains_key(key);
        if given("kind") && !given("kinds") {
            let example = format!("[{}.kinds]", section.name);
            self.reader.missing(section, "kinds", &example);
        }
        if !given("kind") && given("kinds") {
            self.reader.missing(section, "kind", "kind = \"Activity\"");
        }
        if given("unmapped")
            && !given("kind")
            && let Some(span) = self.reader.key_span(section.table, "unmapped")
        {
            let message = message!("`unmapped` says nothing without `kind`");
            self.reader.bad_value(
                section,
                span,
                message,
                message!("remove it, or name the column of kinds"),
            );
        }
        if !given("kind") && !given("kinds") && !given("changes") {
            let message = message!("the log does not say what happened");
            let help = message!("add `kind` and `kinds`, or `changes`");
            self.reader.bad_value(section, section.span, message, help);
        }
    }

    fn kinds(&mut self, section: Section<'_>) -> BTreeMap<String, RowKind> {
        let mut found = BTreeMap::new();
        let name = format!("{}.kinds", section.name);
        let Some(kinds) = self.reader.table(section, "kinds", &name) else {
            return found;
        };
        for (key, entry) in kinds.table.iter() {
            let text = key.get_ref();
            let span = self.reader.span(key.span());
            let kind = match entry.get_ref() {
                DeValue::String(event) => Some(RowKind {
                    opens: false,
                    changes: vec![MappedChange::Happened(Written {
                        text: event.to_string(),
                        span: self.reader.entry_span(entry),
                    })],
                    span,
                }),
                DeValue::Table(table) => self.row_kind(Section {
                    table,
                    name: &format!("{name}.{text}"),
                    span,
                }),
                DeValue::Array(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Float(_)
                | DeValue::Integer(_) => {
                    let at = self.reader.entry_span(entry);
                    let message = message!("the kind `{text}` does not say what it means", text);
                    self.reader.bad_value(kinds, at, message, kind_help());
                    None
                }
            };
            found.extend(kind.map(|kind| (text.to_string(), kind)));
        }
        found
    }

    fn row_kind(&mut self, section: Section<'_>) -> Option<RowKind> {
        self.reader
            .only(section, &["opens", "ignore", "event", "set"]);
        let opens = self.flag(section, "opens").unwrap_or(false);
        let ignore = self.flag(section, "ignore").unwrap_or(false);
        let changes = self.changes(section, Place::KindSet);
        let says = opens
            || ["event", "set"]
                .iter()
                .any(|key| section.table.contains_key(*key));
        if says == ignore {
            let message = if says {
                message!("a kind that is passed over says nothing else")
            } else {
                message!("the kind does not say what it means")
            };
            self.reader
                .bad_value(section, section.span, message, kind_help());
            return None;
        }
        Some(RowKind {
            opens,
            changes,
            span: section.span,
        })
    }
}
