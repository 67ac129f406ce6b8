//! `[mapping.NAME]`: how the rows of a foreign export become cases.
//!
//! One section of [`super::read`]. Whether the named fields and values exist, `ingest` checks, which
//! knows the schema.

use super::ExtraFields;
use super::read::{EXTRA_FIELDS, read_zone};
use super::toml_reader::{Entry, Section, TomlReader, scalar};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Date, Zone};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// `[mapping.NAME]`
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// The form of the rows; none when the file's ending decides.
    pub format: Option<RowFormat>,
    /// What becomes of columns that no entry reads.
    pub extra_fields: ExtraFields,
    /// Entries of `fields`, by path.
    pub fields: Vec<MappedField>,
    /// `[[mapping.NAME.events]]`
    pub events: Vec<MappedEvent>,
    /// Where its name is written.
    pub span: Span,
}

/// The form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object on each line.
    Ndjson,
}

/// A field of the case and where its value comes from.
#[derive(Clone, Debug)]
pub struct MappedField {
    /// The field's dotted path.
    pub path: String,
    /// Where the path is written.
    pub path_span: Span,
    /// Where the value comes from.
    pub source: CellSource,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum CellSource {
    /// A column of the row, or several.
    Cell(Cell),
    /// The same value for every row.
    Value(Constant),
}

/// A value that a row brings.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The columns, joined by one blank each, empty ones left out.
    pub columns: Vec<Written>,
    /// How an instant, a date or a time is written, in the letters of `strftime`.
    pub format: Option<Written>,
    /// The zone of an instant without an offset; the policy's zone when absent.
    pub zone: Zone,
    /// Dates are read with day and month swapped when that falls inside this range.
    pub swap_day_month_into: Option<((Date, Date), Span)>,
    /// What the texts of the column mean; empty when they are taken as they are.
    pub values: BTreeMap<String, Constant>,
    /// The value of a text that `values` does not name.
    pub default: Option<Constant>,
    /// What becomes of a text that `values` does not name, when there is no default.
    pub unmapped: Unmapped,
    /// The whole entry.
    pub span: Span,
}

/// What becomes of a text that `values` does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmapped {
    /// The row is refused.
    #[default]
    Refused,
    /// The field is missing.
    Missing,
}

/// A text with its place.
#[derive(Clone, Debug)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

/// A value that stands in `caseway.toml`.
#[derive(Clone, Debug)]
pub enum Constant {
    /// A text.
    Text(String, Span),
    /// A number, as written without `_`.
    Number(String, Span),
    /// `true` or `false`.
    Bool(bool, Span),
    /// A list of values.
    List(Vec<Constant>, Span),
}

impl Constant {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            Constant::Text(_, span)
            | Constant::Number(_, span)
            | Constant::Bool(_, span)
            | Constant::List(_, span) => *span,
        }
    }
}

/// `[[mapping.NAME.events]]`: what a row says of the time after the case was opened.
#[derive(Clone, Debug)]
pub enum MappedEvent {
    /// A declared event.
    Happened {
        /// When; an empty cell means that it did not happen.
        at: Cell,
        /// Its name.
        event: Written,
    },
    /// New values of fields.
    Set {
        /// When; an empty cell means that nothing was set.
        at: Cell,
        /// The fields; one with an empty cell is left as it is.
        fields: Vec<MappedField>,
    },
}

/// Reads all tables under `[mapping]`.
pub(super) fn read(
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
            let message = format!("`{title}` wants a table");
            reader.bad_value(
                all,
                at,
                message,
                format!("write `[{title}]` on a line of its own"),
            );
            continue;
        };
        let section = Section {
            table,
            name: &title,
            span,
        };
        reader.only(section, &["format", "extra_fields", "fields", "events"]);
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
        let name = key.get_ref().to_string();
        found.insert(
            name.clone(),
            Mapping {
                name,
                format,
                extra_fields: extra,
                fields,
                events,
                span,
            },
        );
    }
    found
}

/// Reads the entries of one mapping.
struct Entries<'r> {
    reader: &'r mut TomlReader,
    zone: Zone,
}

const CELL_KEYS: [&str; 9] = [
    "column",
    "columns",
    "value",
    "format",
    "zone",
    "values",
    "default",
    "unmapped",
    "swap_day_month_into",
];

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
        self.collect(fields.table, "", section, true, &mut found);
        found
    }

    /// Entries of a table of fields; a table that describes no cell is a record of further fields.
    fn collect(
        &mut self,
        table: &DeTable<'_>,
        prefix: &str,
        section: Section<'_>,
        text_is_column: bool,
        found: &mut Vec<MappedField>,
    ) {
        for (key, entry) in table.iter() {
            let path = format!("{prefix}{}", key.get_ref());
            let path_span = self.reader.span(key.span());
            let source = match entry.get_ref() {
                DeValue::Table(inner) if is_record(inner) => {
                    self.collect(inner, &format!("{path}."), section, text_is_column, found);
                    continue;
                }
                DeValue::Table(inner) => {
                    let name = format!("{}.{path}", section.name);
                    self.source(Section {
                        table: inner,
                        name: &name,
                        span: path_span,
                    })
                }
                DeValue::String(column) if text_is_column => {
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

    fn plain(&self, column: Written) -> Cell {
        Cell {
            span: column.span,
            columns: vec![column],
            format: None,
            zone: self.zone,
            swap_day_month_into: None,
            values: BTreeMap::new(),
            default: None,
            unmapped: Unmapped::default(),
        }
    }

    fn source(&mut self, section: Section<'_>) -> Option<CellSource> {
        let Some(value) = section.table.get("value") else {
            return self.cell(section).map(CellSource::Cell);
        };
        for (key, _) in section
            .table
            .iter()
            .filter(|(key, _)| key.get_ref() != "value")
        {
            let span = self.reader.span(key.span());
            let message = format!("`{}` says nothing beside `value`", key.get_ref());
            self.reader
                .bad_value(section, span, message, "keep one of the two");
        }
        self.constant(section, value).map(CellSource::Value)
    }

    fn cell(&mut self, section: Section<'_>) -> Option<Cell> {
        self.reader.only(section, &CELL_KEYS);
        let columns = self.columns(section)?;
        let format = self
            .reader
            .text(section, "format", "format = \"%Y-%m-%d %H:%M:%S\"");
        let format = format.map(|(text, span)| Written { text, span });
        if let Some(written) = &format {
            self.check_format(section, written);
        }
        let zone = read_zone(self.reader, section, "zone", false).unwrap_or(self.zone);
        let swap = self.reader.dates(section, "swap_day_month_into");
        let default = section
            .table
            .get("default")
            .and_then(|entry| self.constant(section, entry));
        let words = [("missing", Unmapped::Missing), ("error", Unmapped::Refused)];
        let unmapped = self
            .reader
            .word(section, "unmapped", &words)
            .unwrap_or_default();
        let values = self.values(section);
        let stray = ["default", "unmapped"]
            .into_iter()
            .find(|key| section.table.contains_key(*key));
        if let Some(key) = stray.filter(|_| !section.table.contains_key("values")) {
            let span = self
                .reader
                .key_span(section.table, key)
                .unwrap_or(section.span);
            let message = format!("`{key}` says nothing without `values`");
            self.reader.bad_value(
                section,
                span,
                message,
                "add `values = { \"their word\" = \"yours\" }`",
            );
        }
        Some(Cell {
            columns,
            format,
            zone,
            swap_day_month_into: swap,
            values,
            default,
            unmapped,
            span: section.span,
        })
    }

    fn columns(&mut self, section: Section<'_>) -> Option<Vec<Written>> {
        let single = self.reader.text(section, "column", "column = \"Status\"");
        if section.table.get("columns").is_none() {
            if section.table.get("column").is_none() {
                self.reader
                    .missing(section, "column", "column = \"Status\"");
            }
            return single.map(|(text, span)| vec![Written { text, span }]);
        }
        let example = "columns = [\"Date\", \"Time\"]";
        let (items, span) = self.reader.list(section, "columns", example)?;
        if section.table.contains_key("column") {
            let message = "`column` and `columns` say the same thing twice";
            self.reader
                .bad_value(section, span, message, "keep one of the two");
        }
        let mut columns = Vec::new();
        for item in items {
            let at = self.reader.entry_span(item);
            if let DeValue::String(text) = item.get_ref() {
                columns.push(Written {
                    text: text.to_string(),
                    span: at,
                });
            } else {
                let message = format!("`{}` is no name of a column", scalar(item.get_ref()));
                self.reader
                    .bad_value(section, at, message, format!("write it like `{example}`"));
            }
        }
        if items.is_empty() {
            let help = format!("write it like `{example}`");
            self.reader
                .bad_value(section, span, "`columns` names no column", help);
        }
        (!columns.is_empty()).then_some(columns)
    }

    fn check_format(&mut self, section: Section<'_>, format: &Written) {
        let wrong = chrono::format::StrftimeItems::new(&format.text)
            .any(|item| matches!(item, chrono::format::Item::Error));
        if wrong {
            self.reader.push(
                Diagnostic::error(
                    "bad-format",
                    format.span,
                    format!("`{}` is no form of a date or time", format.text),
                )
                .subject(section.name)
                .help("write it in the letters of strftime, like `%Y-%m-%d %H:%M:%S`"),
            );
        }
    }

    fn values(&mut self, section: Section<'_>) -> BTreeMap<String, Constant> {
        let mut found = BTreeMap::new();
        let name = format!("{}.values", section.name);
        let Some(values) = self.reader.table(section, "values", &name) else {
            return found;
        };
        for (key, entry) in values.table.iter() {
            if let Some(value) = self.constant(section, entry) {
                found.insert(key.get_ref().to_string(), value);
            }
        }
        found
    }

    fn constant(&mut self, section: Section<'_>, entry: Entry<'_>) -> Option<Constant> {
        let span = self.reader.entry_span(entry);
        match entry.get_ref() {
            DeValue::String(text) => Some(Constant::Text(text.to_string(), span)),
            DeValue::Datetime(at) => Some(Constant::Text(at.to_string(), span)),
            DeValue::Boolean(value) => Some(Constant::Bool(*value, span)),
            DeValue::Integer(number) => Some(Constant::Number(number.to_string(), span)),
            DeValue::Float(number) => Some(Constant::Number(number.to_string(), span)),
            DeValue::Array(items) => {
                let values = items
                    .iter()
                    .filter_map(|item| self.constant(section, item))
                    .collect();
                Some(Constant::List(values, span))
            }
            DeValue::Table(_) => {
                let message = "a value stands here, not a table";
                self.reader.bad_value(
                    section,
                    span,
                    message,
                    "write a text, a number, true, false or a list",
                );
                None
            }
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
                let help = format!("write `{example}` on a line of its own");
                self.reader
                    .bad_value(section, span, "an event is a table", help);
            }
        }
        found
    }

    fn event(&mut self, section: Section<'_>) -> Option<MappedEvent> {
        self.reader.only(section, &["at", "event", "set"]);
        let at = self.event_time(section);
        let event = self
            .reader
            .text(section, "event", "event = \"first_response\"");
        let name = format!("{}.set", section.name);
        let set = self.reader.table(section, "set", &name);
        match (
            section.table.contains_key("event"),
            section.table.contains_key("set"),
        ) {
            (true, true) => {
                let span = self
                    .reader
                    .key_span(section.table, "set")
                    .unwrap_or(section.span);
                let message = "an entry has `event` or `set`, not both";
                self.reader
                    .bad_value(section, span, message, "write two entries");
                None
            }
            (false, false) => {
                self.reader
                    .missing(section, "event", "event = \"first_response\"");
                None
            }
            (true, false) => {
                let (text, span) = event?;
                Some(MappedEvent::Happened {
                    at: at?,
                    event: Written { text, span },
                })
            }
            (false, true) => {
                let mut fields = Vec::new();
                self.collect(set?.table, "", section, false, &mut fields);
                Some(MappedEvent::Set { at: at?, fields })
            }
        }
    }

    fn event_time(&mut self, section: Section<'_>) -> Option<Cell> {
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
        self.cell(at)
    }
}

/// Whether a table holds further fields: it names no source, and every entry is a table or a text.
fn is_record(table: &DeTable<'_>) -> bool {
    !table.is_empty() && CELL_KEYS.iter().all(|key| !table.contains_key(*key))
}
