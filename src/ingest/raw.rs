//! Values as they were written, before the schema is asked: one tree for JSON, policy tests, cells
//! and the builder.
//!
//! Made by [`super::json`], by the rows and by the builder; checked by [`super::record`].

use crate::model::{RawRecord, RawValue};

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// `null`, an empty cell.
    Missing,
    /// `true`, `false`
    Bool(bool),
    /// A number's text.
    Number(String),
    /// A text.
    Text(String),
    /// A text without a type of its own: the field decides how it is read.
    Cell(String),
    /// A list.
    List(Vec<Raw>),
    /// A record.
    Record(Object),
    /// `{}` of a policy test: an empty list or an empty record.
    Empty,
}

/// A record as written: its keys in order, each once, and the keys that were written again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Object {
    /// Keys and values; of a repeated key the first value.
    pub(super) entries: Vec<(String, Raw)>,
    /// Keys that stand there more than once, sorted.
    pub(super) repeated: Vec<String>,
}

impl Object {
    /// An object of these entries; repeated keys are set apart.
    pub(super) fn new(mut entries: Vec<(String, Raw)>) -> Object {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        let key = |at: usize| entries.get(at).map(|(key, _)| key.as_str());
        order.sort_by(|a, b| key(*a).cmp(&key(*b)).then(a.cmp(b)));
        let mut again: Vec<usize> = order
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if key(*a) == key(*b) => Some(*b),
                _ => None,
            })
            .collect();
        if again.is_empty() {
            return Object {
                entries,
                repeated: Vec::new(),
            };
        }
        again.sort_unstable();
        let mut repeated: Vec<String> = again
            .iter()
            .filter_map(|at| entries.get(*at).map(|(key, _)| key.clone()))
            .collect();
        repeated.sort();
        repeated.dedup();
        let mut again = again.into_iter().peekable();
        let mut at = 0;
        entries.retain(|_| {
            let drop = again.next_if_eq(&at).is_some();
            at += 1;
            !drop
        });
        Object { entries, repeated }
    }

    /// The value of a key. Takes time linear in the number of keys.
    pub(super) fn get(&self, key: &str) -> Option<&Raw> {
        self.entries
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }
}

impl Raw {
    /// The value as text for `got`: shortened when long, none for a missing one.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Raw::Missing => None,
            Raw::Bool(value) => Some(value.to_string()),
            Raw::Number(text) | Raw::Text(text) | Raw::Cell(text) => Some(shorten(text)),
            Raw::List(_) | Raw::Record(_) | Raw::Empty => {
                let mut out = String::new();
                self.write(&mut out);
                Some(shorten(&out))
            }
        }
    }

    /// Writes JSON, stopping soon after [`LONGEST_SHOWN`] bytes.
    fn write(&self, out: &mut String) {
        if out.len() > LONGEST_SHOWN * 4 {
            return;
        }
        match self {
            Raw::Missing => out.push_str("null"),
            Raw::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Raw::Number(text) => out.push_str(text),
            Raw::Text(text) | Raw::Cell(text) => quote(text, out),
            Raw::Empty => out.push_str("{}"),
            Raw::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate().take(LONGEST_SHOWN) {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Raw::Record(object) => {
                out.push('{');
                for (at, (key, value)) in object.entries.iter().enumerate().take(LONGEST_SHOWN) {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// The most characters of a value that an error repeats.
const LONGEST_SHOWN: usize = 200;

fn quote(text: &str, out: &mut String) {
    let short: String = text.chars().take(LONGEST_SHOWN).collect();
    out.push_str(&serde_json::Value::String(short).to_string());
}

/// The text, cut with `…` when it is long.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}

impl From<&RawValue> for Raw {
    fn from(value: &RawValue) -> Raw {
        match value {
            RawValue::Missing => Raw::Missing,
            RawValue::Bool(value) => Raw::Bool(*value),
            RawValue::Number(text) => Raw::Number(text.clone()),
            RawValue::Text(text) => Raw::Text(text.clone()),
            RawValue::Set(items) if items.is_empty() => Raw::Empty,
            RawValue::Set(items) => Raw::List(items.iter().map(Raw::from).collect()),
            RawValue::Record(record) => Raw::Record(Object::from(record)),
        }
    }
}

impl From<&RawRecord> for Object {
    fn from(record: &RawRecord) -> Object {
        Object::new(
            record
                .iter()
                .map(|(key, value)| (key.clone(), Raw::from(value)))
                .collect(),
        )
    }
}
