//! Cases from typed values, for programs that embed the engine: the same checks as for JSON.
//!
//! Beside [`super::json`]; goes on to [`super::record`].

use super::raw::{Object, Raw};
use super::{CaseReader, Refusal};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday, Zone};
use crate::value::CaseFile;

/// A value that a program gives for a field. Decimals and members are texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// No value.
    Missing,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text, a member's name or a decimal such as `12.50`.
    Text(String),
    /// A point in time.
    Instant(Instant),
    /// A date.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// A weekday.
    Weekday(Weekday),
    /// An exact length of time.
    Duration(Duration),
    /// A set.
    Set(Vec<FieldValue>),
}

macro_rules! from {
    ($($ty:ty => $variant:ident),* $(,)?) => {
        $(impl From<$ty> for FieldValue {
            fn from(value: $ty) -> FieldValue {
                FieldValue::$variant(value.into())
            }
        })*
    };
}

from! {
    bool => Bool,
    i64 => Integer,
    &str => Text,
    String => Text,
    Instant => Instant,
    Date => Date,
    TimeOfDay => Time,
    Weekday => Weekday,
    Duration => Duration,
    Vec<FieldValue> => Set,
}

impl FieldValue {
    fn raw(self) -> Raw {
        match self {
            FieldValue::Missing => Raw::Missing,
            FieldValue::Bool(value) => Raw::Bool(value),
            FieldValue::Integer(value) => Raw::Number(value.to_string()),
            FieldValue::Text(text) => Raw::Text(text),
            FieldValue::Instant(at) => Raw::Text(at.format(Zone::UTC)),
            FieldValue::Date(date) => Raw::Text(date.to_string()),
            FieldValue::Time(time) => Raw::Text(time.to_string()),
            FieldValue::Weekday(day) => Raw::Text(day.word().to_owned()),
            FieldValue::Duration(length) => Raw::Text(length.to_string()),
            FieldValue::Set(values) => Raw::List(values.into_iter().map(FieldValue::raw).collect()),
        }
    }
}

/// Gathers a case and what happened to it; [`CaseBuilder::build`] checks all at once.
#[derive(Clone, Debug)]
pub struct CaseBuilder<'a> {
    reader: CaseReader<'a>,
    case: Vec<(String, Raw)>,
    events: Vec<Raw>,
}

impl<'a> CaseReader<'a> {
    /// Starts a case without fields.
    pub fn builder(&self) -> CaseBuilder<'a> {
        CaseBuilder {
            reader: *self,
            case: Vec::new(),
            events: Vec::new(),
        }
    }
}

impl CaseBuilder<'_> {
    /// Gives a field its value; nested fields by their dotted path.
    pub fn field(mut self, path: &str, value: impl Into<FieldValue>) -> Self {
        self.case.push((path.to_owned(), value.into().raw()));
        self
    }

    /// Adds a declared event.
    pub fn event(mut self, at: Instant, name: &str) -> Self {
        self.push_event(at, "event", Raw::Text(name.to_owned()));
        self
    }

    /// Adds new values of fields, by their dotted paths.
    pub fn set<'p, V: Into<FieldValue>>(
        mut self,
        at: Instant,
        fields: impl IntoIterator<Item = (&'p str, V)>,
    ) -> Self {
        let fields = fields
            .into_iter()
            .map(|(path, value)| (path.to_owned(), value.into().raw()))
            .collect();
        self.push_event(at, "set", Raw::Record(nest_changes(fields)));
        self
    }

    fn push_event(&mut self, at: Instant, key: &str, value: Raw) {
        let at = Raw::Text(at.format(Zone::UTC));
        self.events.push(Raw::Record(Object::new(vec![
            ("at".to_owned(), at),
            (key.to_owned(), value),
        ])));
    }

    /// Checks all that was given.
    ///
    /// # Errors
    /// A [`Refusal`] that names everything that is wrong.
    pub fn build(self) -> Result<CaseFile, Refusal> {
        let case = nest(self.case);
        let check = self.reader.check();
        self.reader
            .read_parts(&case, Some(&Raw::List(self.events)), None, check)
    }
}

/// Paths of more parts are taken as one name, which no schema has.
const DEEPEST: usize = 100;

/// Turns dotted paths into nested records. A record all of whose fields are missing is itself missing:
/// rows have a cell for each field.
pub(super) fn nest(fields: Vec<(String, Raw)>) -> Object {
    nested(fields, true)
}

/// Turns dotted paths of a `set` into nested records: a field that is cleared clears no other.
pub(super) fn nest_changes(fields: Vec<(String, Raw)>) -> Object {
    nested(fields, false)
}

fn nested(fields: Vec<(String, Raw)>, drop_missing: bool) -> Object {
    let mut own: Vec<(String, Raw)> = Vec::new();
    let mut records: Vec<(String, Vec<(String, Raw)>)> = Vec::new();
    let mut places: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for (path, raw) in fields {
        let too_deep = path.bytes().filter(|byte| *byte == b'.').count() > DEEPEST;
        match path.split_once('.').filter(|_| !too_deep) {
            None => own.push((path, raw)),
            Some((record, rest)) => {
                let next = records.len();
                let place = *places.entry(record.to_owned()).or_insert(next);
                if place == next {
                    records.push((record.to_owned(), Vec::new()));
                }
                if let Some((_, inner)) = records.get_mut(place) {
                    inner.push((rest.to_owned(), raw));
                }
            }
        }
    }
    for (record, inner) in records {
        let all_missing = inner.iter().all(|(_, raw)| *raw == Raw::Missing);
        let raw = if all_missing && drop_missing {
            Raw::Missing
        } else {
            Raw::Record(nested(inner, drop_missing))
        };
        own.push((record, raw));
    }
    Object::new(own)
}
