//! Reads where a value comes from: columns, their form, what their texts mean, or a constant.
//!
//! Used by [`super::read`] and [`super::log`].

use super::super::read::read_zone;
use super::super::toml_reader::{Entry, Section, scalar};
use super::read::{Entries, Place};
use super::{Cell, CellSource, Constant, Unmapped, Written};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

const CELL_KEYS: [&str; 11] = [
    "column",
    "columns",
    "value",
    "format",
    "zone",
    "values",
    "default",
    "unmapped",
    "swap_day_month_into",
    "was",
    "empty",
];

impl Entries<'_> {
    /// A column taken as it is.
    pub(super) fn plain(&self, column: Written) -> Cell {
        Cell {
            span: column.span,
            columns: vec![column],
            format: None,
            zone: self.zone,
            swap_day_month_into: None,
            values: BTreeMap::new(),
            default: None,
            unmapped: Unmapped::default(),
            clears: false,
            was: None,
        }
    }

    pub(super) fn source(&mut self, section: Section<'_>, place: Place) -> Option<CellSource> {
        let Some(value) = section.table.get("value") else {
            return self.cell(section, place).map(CellSource::Cell);
        };
        for (key, _) in section
            .table
            .iter()
            .filter(|(key, _)| key.get_ref() != "value")
        {
            let span = self.reader.span(key.span());
            let message = message!("`{key}` says nothing beside `value`", key = key.get_ref());
            self.reader
                .bad_value(section, span, message, message!("keep one of the two"));
        }
        self.constant(section, value).map(CellSource::Value)
    }

    pub(super) fn cell(&mut self, section: Section<'_>, place: Place) -> Option<Cell> {
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
            let message = message!("`{key}` says nothing without `values`", key);
            self.reader.bad_value(
                section,
                span,
                message,
                message!("add `values = {{ \"their word\" = \"yours\" }}`"),
            );
        }
        let was = self.reader.text(section, "was", "was = \"Old value\"");
        let empties = [("keeps", false), ("clears", true)];
        let clears = self.reader.word(section, "empty", &empties);
        if !place.has_before() {
            let help =
                message!("it belongs to the `set` of a kind under `[mapping.NAME.log.kinds]`");
            self.out_of_place(section, "was", help);
        }
        if !place.may_clear() {
            self.out_of_place(
                section,
                "empty",
                message!("it belongs to a `set`, or to `changes`"),
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
            clears: clears.unwrap_or(false),
            was: was.map(|(text, span)| Written { text, span }),
            span: section.span,
        })
    }

    fn out_of_place(&mut self, section: Section<'_>, key: &str, help: Message) {
        if let Some(span) = self.reader.key_span(section.table, key) {
            let message = message!("`{key}` says nothing here", key);
            self.reader.bad_value(section, span, message, help);
        }
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
        if section.table.contains_key("column")
            && let Some(span) = self.reader.key_span(section.table, "columns")
        {
            let message = message!("`column` and `columns` say the same thing twice");
            self.reader
                .bad_value(section, span, message, message!("keep one of the two"));
        }
        let example = "columns = [\"Date\", \"Time\"]";
        self.texts(section, "columns", example)
    }

    /// A list of texts in quotes, at least one.
    pub(super) fn texts(
        &mut self,
        section: Section<'_>,
        key: &str,
        example: &str,
    ) -> Option<Vec<Written>> {
        let (items, span) = self.reader.list(section, key, example)?;
        let help = message!("write it like `{example}`", example);
        let mut texts = Vec::new();
        for item in items {
            let at = self.reader.entry_span(item);
            if let DeValue::String(text) = item.get_ref() {
                texts.push(Written {
                    text: text.to_string(),
                    span: at,
                });
            } else {
                let message = message!(
                    "`{found}` is no text in quotes",
                    found = scalar(item.get_ref())
                );
                self.reader.bad_value(section, at, message, help.clone());
            }
        }
        if items.is_empty() {
            let message = message!("`{key}` is empty", key);
            self.reader.bad_value(section, span, message, help);
        }
        (!texts.is_empty()).then_some(texts)
    }

    fn check_format(&mut self, section: Section<'_>, format: &Written) {
        let wrong = chrono::format::StrftimeItems::new(&format.text)
            .any(|item| matches!(item, chrono::format::Item::Error));
        if wrong {
            self.reader.push(
                Diagnostic::error(
                    "bad-format",
                    format.span,
                    message!("`{text}` is no form of a date or time", text = format.text),
                )
                .subject(section.name)
                .help(message!(
                    "write it in the letters of strftime, like `%Y-%m-%d %H:%M:%S`"
                )),
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

    pub(super) fn constant(&mut self, section: Section<'_>, entry: Entry<'_>) -> Option<Constant> {
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
                let message = message!("a value stands here, not a table");
                self.reader.bad_value(
                    section,
                    span,
                    message,
                    message!("write a text, a number, true, false or a list"),
                );
                None
            }
        }
    }
}

/// Whether a table holds further fields: it names no source, and every entry is a table or a text.
pub(super) fn is_record(table: &DeTable<'_>) -> bool {
    !table.is_empty() && CELL_KEYS.iter().all(|key| !table.contains_key(*key))
}
