//! Typed access to TOML tables: each wrong key or value becomes a finding at its own text.
//!
//! Used by every section of [`super`]; knows nothing of what the sections mean.

use crate::diag::{Diagnostic, nearest};
use crate::message::{Message, message};
use crate::source::{SourceId, Span};
use crate::time::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// So many mistakes are told of one file beside the policy's own.
pub const MOST_FINDINGS: usize = 1_000;

/// That a file has more mistakes than are told; the place is that of the first which is not.
pub fn too_many(place: Span) -> Diagnostic {
    let most = MOST_FINDINGS;
    let message = message!("the file has more than {most} mistakes", most);
    Diagnostic::error("too-many-findings", place, message)
        .label(message!("this one and those behind it are not told"))
        .help(message!("mend those that are told and check again"))
}

/// Collects findings over one text.
pub(super) struct TomlReader {
    source: SourceId,
    pub(super) findings: Vec<Diagnostic>,
}

/// A table with its name, such as `mapping.comcast`, and the place to speak of when a key is missing.
#[derive(Clone, Copy)]
pub(super) struct Section<'t> {
    pub(super) table: &'t DeTable<'t>,
    pub(super) name: &'t str,
    pub(super) span: Span,
}

/// A value with its place.
pub(super) type Entry<'t> = &'t Spanned<DeValue<'t>>;

impl TomlReader {
    pub(super) fn new(source: SourceId) -> TomlReader {
        TomlReader {
            source,
            findings: Vec::new(),
        }
    }

    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    pub(super) fn entry_span(&self, entry: Entry<'_>) -> Span {
        self.span(entry.span())
    }

    /// Where a key of a table is written.
    pub(super) fn key_span(&self, table: &DeTable<'_>, key: &str) -> Option<Span> {
        table
            .get_key_value(key)
            .map(|(key, _)| self.span(key.span()))
    }

    /// Adds a finding, up to [`MOST_FINDINGS`]; the last one then says so.
    pub(super) fn push(&mut self, finding: Diagnostic) {
        let finding = match self.findings.len() {
            0..MOST_FINDINGS => finding,
            MOST_FINDINGS => too_many(finding.span),
            _ => return,
        };
        self.findings.push(finding);
    }

    /// Reports every key of the table that is not one of `known`.
    pub(super) fn only(&mut self, section: Section<'_>, known: &[&str]) {
        for (key, _) in section.table.iter() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let place = match section.name {
                "" => "caseway.toml".to_owned(),
                name => format!("`[{name}]`"),
            };
            let span = self.span(key.span());
            let mut finding = Diagnostic::error(
                "unknown-key",
                span,
                message!("{place} has no key `{name}`", place, name),
            )
            .subject(section.name);
            finding.help = Some(match nearest(name, known.iter().copied()).first() {
                Some(near) => message!("did you mean `{near}`?", near),
                None => message!("write one of {list}", list = list(known)),
            });
            self.push(finding);
        }
    }

    fn wrong_type(
        &mut self,
        section: Section<'_>,
        key: &str,
        entry: Entry<'_>,
        wanted: Message,
        example: &str,
    ) {
        let span = self.entry_span(entry);
        let found = kind(entry.get_ref());
        self.push(
            Diagnostic::error(
                "wrong-type",
                span,
                message!(
                    "`{key}` wants {wanted}, this is {found}",
                    key,
                    wanted,
                    found
                ),
            )
            .subject(section.name)
            .help(message!("write it like `{example}`", example)),
        );
    }

    pub(super) fn missing(&mut self, section: Section<'_>, key: &str, example: &str) {
        self.push(
            Diagnostic::error(
                "missing-key",
                section.span,
                if section.name.is_empty() {
                    message!("`[{key}]` is missing", key)
                } else {
                    message!("`[{name}]` needs `{key}`", name = section.name, key)
                },
            )
            .subject(section.name)
            .help(message!("add `{example}`", example)),
        );
    }

    /// A text, if the key is there.
    pub(super) fn text(
        &mut self,
        section: Section<'_>,
        key: &str,
        example: &str,
    ) -> Option<(String, Span)> {
        let entry = section.table.get(key)?;
        let span = self.entry_span(entry);
        match entry.get_ref() {
            DeValue::String(text) => Some((text.to_string(), span)),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Datetime(_)
            | DeValue::Boolean(_) => {
                self.wrong_type(section, key, entry, message!("a text in quotes"), example);
                let written = scalar(entry.get_ref());
                if let Some(finding) = self.findings.pop() {
                    self.push(finding.safe_fix(span, format!("\"{written}\"")));
                }
                None
            }
            DeValue::Array(_) | DeValue::Table(_) => {
                self.wrong_type(section, key, entry, message!("a text in quotes"), example);
                None
            }
        }
    }

    /// A text that must be there and hold something.
    pub(super) fn required_text(
        &mut self,
        section: Section<'_>,
        key: &str,
        example: &str,
    ) -> Option<(String, Span)> {
        if section.table.get(key).is_none() {
            self.missing(section, key, example);
            return None;
        }
        let (text, span) = self.text(section, key, example)?;
        if text.trim().is_empty() {
            self.bad_value(
                section,
                span,
                message!("`{key}` is empty", key),
                message!("write it like `{example}`", example),
            );
            return None;
        }
        Some((text, span))
    }

    /// A whole number, if the key is there.
    pub(super) fn integer(
        &mut self,
        section: Section<'_>,
        key: &str,
        example: &str,
    ) -> Option<(String, Span)> {
        let entry = section.table.get(key)?;
        let DeValue::Integer(number) = entry.get_ref() else {
            self.wrong_type(section, key, entry, message!("a whole number"), example);
            return None;
        };
        Some((number.to_string(), self.entry_span(entry)))
    }

    /// A table, if the key is there.
    pub(super) fn table<'t>(
        &mut self,
        section: Section<'t>,
        key: &str,
        name: &'t str,
    ) -> Option<Section<'t>> {
        let (key_text, entry) = section.table.get_key_value(key)?;
        let span = self.span(key_text.span());
        let DeValue::Table(table) = entry.get_ref() else {
            self.wrong_type(
                section,
                key,
                entry,
                message!("a table"),
                &format!("[{name}]"),
            );
            return None;
        };
        Some(Section { table, name, span })
    }

    /// The items of a list, if the key is there.
    pub(super) fn list<'t>(
        &mut self,
        section: Section<'t>,
        key: &str,
        example: &str,
    ) -> Option<(&'t [Spanned<DeValue<'t>>], Span)> {
        let entry = section.table.get(key)?;
        let DeValue::Array(items) = entry.get_ref() else {
            self.wrong_type(section, key, entry, message!("a list"), example);
            return None;
        };
        Some((items.as_ref(), self.entry_span(entry)))
    }

    /// A text that must be one of a few words.
    pub(super) fn word<T: Copy>(
        &mut self,
        section: Section<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let example = words
            .first()
            .map_or(String::new(), |(word, _)| format!("{key} = \"{word}\""));
        let (text, span) = self.text(section, key, &example)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = message!("write one of {list}", list = list(&known));
            self.bad_value(
                section,
                span,
                message!("`{text}` is no value of `{key}`", text, key),
                help,
            );
        }
        found
    }

    /// Two dates, first and last, if the key is there.
    pub(super) fn dates(
        &mut self,
        section: Section<'_>,
        key: &str,
    ) -> Option<((Date, Date), Span)> {
        let example = format!("{key} = [\"2026-01-01\", \"2026-12-31\"]");
        let (items, span) = self.list(section, key, &example)?;
        let [first, last] = items else {
            let message = message!("`{key}` wants two dates, the first and the last", key);
            self.bad_value(
                section,
                span,
                message,
                message!("write it like `{example}`", example),
            );
            return None;
        };
        let mut read = |entry: Entry<'_>| {
            let text = scalar(entry.get_ref());
            let date = Date::parse(&text);
            if date.is_none() {
                let at = self.entry_span(entry);
                let message = message!("`{text}` is no date", text);
                self.bad_value(
                    section,
                    at,
                    message,
                    message!("write a date like \"2026-01-31\""),
                );
            }
            date
        };
        let (first, last) = (read(first), read(last));
        let (first, last) = (first?, last?);
        if last < first {
            let message = message!(
                "`{key}` ends on {last}, before it begins on {first}",
                key,
                last,
                first
            );
            self.bad_value(
                section,
                span,
                message,
                message!("write it like `{example}`", example),
            );
            return None;
        }
        Some(((first, last), span))
    }

    pub(super) fn bad_value(
        &mut self,
        section: Section<'_>,
        span: Span,
        message: Message,
        help: Message,
    ) {
        self.push(
            Diagnostic::error("bad-value", span, message)
                .subject(section.name)
                .help(help),
        );
    }
}

/// A value that is no list and no table, as text.
pub(super) fn scalar(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) => "[…]".to_owned(),
        DeValue::Table(_) => "{…}".to_owned(),
    }
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> Message {
    match value {
        DeValue::String(_) => message!("a text"),
        DeValue::Integer(_) => message!("a whole number"),
        DeValue::Float(_) => message!("a number with a point"),
        DeValue::Boolean(_) => message!("`true` or `false`"),
        DeValue::Datetime(_) => message!("a date or a time without quotes"),
        DeValue::Array(_) => message!("a list"),
        DeValue::Table(_) => message!("a table"),
    }
}

/// Words as people list them.
pub(super) fn list(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
