//! Reads the sections `[mapping.NAME]`: the fields of the case and the events of a row.

use super::super::read::EXTRA_FIELDS;
use super::super::toml_reader::{Section, TomlReader};
use super::cells::is_record;
use super::{
    Cell, CellSource, MappedChange, MappedEvent, MappedField, Mapping, RowCondition, RowFormat,
    Written,
};
use crate::config::ExtraFields;
use crate::message::message;
use crate::time::Zone;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// Reads all tables under `[mapping]`.
pub(in crate::config) fn read(
    reader: &mut TomlReader,
    root: Section<'_>,
    extra_fields: ExtraFields,
    zone: Option<Zone>,
) -> BTreeMap<String, Mapping> {
    let mut found = BTreeMap::new();
    let Some(all) = reader.table(root, "mapping", "mapping") else {
        return found;
    };
    for (key, entry) in all.table.iter() {
        let title = format!("mapping.{}", key.get_ref());
        let span = reader.span(key.span());
        let DeValue::Table(table) = entry.get_ref() else {
            let at = reader.entry_span(entry);
            let message = message!("`{title}` wants a table", title);
            reader.bad_value(
                all,
                at,
                message,
                message!("write `[{title}]` on a line of its own", title),
            );
            continue;
        };
        let section = Section {
            table,
            name: &title,
            span,
        };
        reader.only(
            section,
            &["format", "extra_fields", "fields", "events", "log"],
        );
        let formats = [("csv", RowFormat::Csv), ("ndjson", RowFormat::Ndjson)];
        let format = reader.word(section, "format", &formats);
        let extra = reader
            .word(section, "extra_fields", &EXTRA_FIELDS)
            .unwrap_or(extra_fields);
        let mut entries = Entries {
            reader,
            zone: zone.unwrap_or(Zone::UTC),
        };
        let fields = entries.fields(section);
        let events = entries.events(section);
        let log = entries.log(section);
        let name = key.get_ref().to_string();
        found.insert(
            name.clone(),
            Mapping {
                name,
                format,
                extra_fields: extra,
                fields,
                events,
                log,
                span,
            },
        );
    }
    found
}

/// Reads the entries of one mapping.
pub(super) struct Entries<'r> {
    pub(super) reader: &'r mut TomlReader,
    pub(super) zone: Zone,
}

/// What an entry is for: some keys have a meaning in a few places only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A field of the case.
    Field,
    /// `at`
    Moment,
    /// The `set` of an event.
    EventSet,
    /// The `set` of a log's kind.
    KindSet,
    /// `changes` of a log.
    Changes,
}

impl Place {
    /// Whether a text is the name of a column, and not the value itself.
    fn text_is_column(self) -> bool {
        match self {
            Place::Field | Place::Moment | Place::Changes => true,
            Place::EventSet | Place::KindSet => false,
        }
    }

    /// Whether an empty cell may clear a field.
    pub(super) fn may_clear(self) -> bool {
        match self {
            Place::EventSet | Place::KindSet | Place::Changes => true,
            Place::Field | Place::Moment => false,
        }
    }

    /// Whether there is a value before.
    pub(super) fn has_before(self) -> bool {
        self == Place::KindSet
    }
}

impl Entries<'_> {
    fn fields(&mut self, section: Section<'_>) -> Vec<MappedField> {
        let name = format!("{}.fields", section.name);
        let Some(fields) = self.reader.table(section, "fields", &name) else {
            if section.table.get("fields").is_none() {
                self.reader.missing(section, "fields", &format!("[{name}]"));
            }
            return Vec::new();
        };
        let mut found = Vec::new();
        self.collect(fields.table, "", section, Place::Field, &mut found);
        found
    }

    /// Entries of a table of fields; a table that describes no cell is a record of further fields.
    pub(super) fn collect(
        &mut self,
        table: &DeTable<'_>,
        prefix: &str,
        section: Section<'_>,
        place: Place,
        found: &mut Vec<MappedField>,
    ) {
        for (key, entry) in table.iter() {
            let path = format!("{prefix}{}", key.get_ref());
            let path_span = self.reader.span(key.span());
            let source = match entry.get_ref() {
                DeValue::Table(inner) if is_record(inner) => {
                    self.collect(inner, &format!("{path}."), section, place, found);
                    continue;
                }
                DeValue::Table(inner) => {
                    let name = format!("{}.{path}", section.name);
                    let inner = Section {
                        table: inner,
                        name: &name,
                        span: path_span,
                    };
                    self.source(inner, place)
                }
                DeValue::String(column) if place.text_is_column() => {
                    let span = self.reader.entry_span(entry);
                    Some(CellSource::Cell(self.plain(Written {
                        text: column.to_string(),
                        span,
                    })))
                }
                DeValue::Array(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Float(_)
                | DeValue::Integer(_)
                | DeValue::String(_) => self.constant(section, entry).map(CellSource::Value),
            };
            found.extend(source.map(|source| MappedField {
                path,
                path_span,
                source,
            }));
        }
    }

    fn events(&mut self, section: Section<'_>) -> Vec<MappedEvent> {
        let example = format!("[[{}.events]]", section.name);
        let Some((items, _)) = self.reader.list(section, "events", &example) else {
            return Vec::new();
        };
        let name = format!("{}.events", section.name);
        let mut found = Vec::new();
        for item in items {
            let span = self.reader.entry_span(item);
            if let DeValue::Table(table) = item.get_ref() {
                found.extend(self.event(Section {
                    table,
                    name: &name,
                    span,
                }));
            } else {
                let help = message!("write `{example}` on a line of its own", example);
                self.reader
                    .bad_value(section, span, message!("an event is a table"), help);
            }
        }
        found
    }

    fn event(&mut self, section: Section<'_>) -> Option<MappedEvent> {
        self.reader.only(section, &["at", "when", "event", "set"]);
        let at = self.moment(section);
        let when = self.conditions(section);
        let changes = self.changes(section, Place::EventSet);
        let given = |key: &str| section.table.contains_key(key);
        if given("event") && given("set") {
            let span = self
                .reader
                .key_span(section.table, "set")
                .unwrap_or(section.span);
            let message = message!("an entry has `event` or `set`, not both");
            self.reader
                .bad_value(section, span, message, message!("write two entries"));
            return None;
        }
        if !given("event") && !given("set") {
            self.reader
                .missing(section, "event", "event = \"first_response\"");
        }
        Some(MappedEvent {
            at: at?,
            when,
            change: changes.into_iter().next()?,
        })
    }

    /// What `event` and `set` of a table say, in this order.
    pub(super) fn changes(&mut self, section: Section<'_>, place: Place) -> Vec<MappedChange> {
        let event = self
            .reader
            .text(section, "event", "event = \"first_response\"");
        let mut found: Vec<MappedChange> = event
            .map(|(text, span)| MappedChange::Happened(Written { text, span }))
            .into_iter()
            .collect();
        let name = format!("{}.set", section.name);
        if let Some(set) = self.reader.table(section, "set", &name) {
            let mut fields = Vec::new();
            self.collect(set.table, "", section, place, &mut fields);
            found.push(MappedChange::Set(fields));
        }
        found
    }

    /// `when = { "Column" = "text" }`, or a list of texts.
    fn conditions(&mut self, section: Section<'_>) -> Vec<RowCondition> {
        let name = format!("{}.when", section.name);
        let Some(when) = self.reader.table(section, "when", &name) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, entry) in when.table.iter() {
            let column = key.get_ref();
            let example = format!("\"{column}\" = \"text\"");
            let texts = match entry.get_ref() {
                DeValue::Array(_) => self.texts(when, column, &example),
                DeValue::String(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Float(_)
                | DeValue::Integer(_)
                | DeValue::Table(_) => self
                    .reader
                    .text(when, column, &example)
                    .map(|(text, span)| vec![Written { text, span }]),
            };
            found.extend(texts.map(|texts| RowCondition {
                column: Written {
                    text: column.to_string(),
                    span: self.reader.span(key.span()),
                },
                texts: texts.into_iter().map(|written| written.text).collect(),
            }));
        }
        found
    }

    /// `at`: a column, or a table that says how it is written.
    pub(super) fn moment(&mut self, section: Section<'_>) -> Option<Cell> {
        let Some(entry) = section.table.get("at") else {
            self.reader.missing(
                section,
                "at",
                "at = { column = \"Closed\", format = \"%Y-%m-%d %H:%M\" }",
            );
            return None;
        };
        if let DeValue::String(column) = entry.get_ref() {
            let span = self.reader.entry_span(entry);
            return Some(self.plain(Written {
                text: column.to_string(),
                span,
            }));
        }
        let name = format!("{}.at", section.name);
        let at = self.reader.table(section, "at", &name)?;
        self.cell(at, Place::Moment)
    }
}
