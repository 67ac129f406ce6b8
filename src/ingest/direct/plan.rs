//! What reading a case has to know of each name, in the form that is quick to ask.
//!
//! Built by [`super::super::Index`] once for a policy.

use super::{AT, CASE, EVENTS};
use crate::model::{Entry, EnumId, Field, RecordId, Schema, Type};
use crate::value::Value;
use crate::value::eight;

/// The names of a schema, record by record.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Plan {
    records: Vec<RecordPlan>,
    /// How many places there are behind names, over all records.
    places: usize,
}

/// The names of a record, in declared order.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordPlan {
    pub(super) names: Vec<Name>,
    /// The number of the place before the first name; the one behind each name has the next.
    pub(super) first_place: usize,
}

/// A name of a record.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) spelled: Spelled,
    /// What it is.
    pub(super) entry: Entry,
    /// The number of the field; for a record one behind those of all fields.
    pub(super) number: u32,
    pub(super) how: How,
    /// Whether it is `case`, which makes a file another kind of file.
    pub(super) is_case: bool,
    /// Whether it is one of the keys of a case file.
    pub(super) is_of_file: bool,
}

/// How a value is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    Bool,
    Integer {
        from: i64,
        to: i64,
    },
    Text,
    Member(EnumId),
    Instant,
    Texts,
    /// As the type of the field says.
    Other,
    /// As names of their own.
    Record(RecordId),
}

impl Plan {
    pub(in super::super) fn new(schema: &Schema) -> Plan {
        let mut plan = Plan::default();
        for record in &schema.records {
            let fields = u32::try_from(schema.fields.len()).unwrap_or(u32::MAX);
            let names = record.entries.iter().map(|(name, entry)| Name {
                spelled: Spelled::new(name),
                entry: *entry,
                number: match entry {
                    Entry::Field(id) => id.0,
                    Entry::Record(id) => fields.saturating_add(id.0),
                },
                how: how(schema, *entry),
                is_case: name == CASE,
                is_of_file: [CASE, EVENTS, AT].contains(&name.as_str()),
            });
            plan.records.push(RecordPlan {
                names: names.collect(),
                first_place: plan.places,
            });
            plan.places += record.entries.len() + 1;
        }
        plan
    }

    #[inline(always)]
    pub(super) fn record(&self, id: RecordId) -> Option<&RecordPlan> {
        self.records.get(id.0 as usize)
    }

    /// For each place the name that is declared next, as its place in the record.
    pub(in super::super) fn declared(&self) -> impl Iterator<Item = u32> {
        self.records
            .iter()
            .flat_map(|record| (0..).take(record.names.len() + 1))
    }

    /// How many places there are.
    pub(in super::super) fn places(&self) -> usize {
        self.places
    }
}

fn how(schema: &Schema, entry: Entry) -> How {
    let field = match entry {
        Entry::Field(id) => schema.field(id),
        Entry::Record(id) => return How::Record(id),
    };
    let Some(Field { ty, bounds, .. }) = field else {
        return How::Other;
    };
    let end = |bound: &Option<Value>, none: i64| match bound {
        None => Some(none),
        Some(Value::Integer(bound)) => Some(*bound),
        Some(_) => None,
    };
    if let (Type::Integer, Some(from), Some(to)) =
        (ty, end(&bounds.from, i64::MIN), end(&bounds.to, i64::MAX))
    {
        return How::Integer { from, to };
    }
    if bounds.from.is_some() || bounds.to.is_some() {
        return How::Other;
    }
    match ty {
        Type::Bool => How::Bool,
        Type::Text => How::Text,
        Type::Enum(id) => How::Member(*id),
        Type::Instant => How::Instant,
        Type::Set(element) if **element == Type::Text => How::Texts,
        Type::Integer
        | Type::Decimal(_)
        | Type::Date
        | Type::Time
        | Type::Weekday
        | Type::Duration
        | Type::Set(_)
        | Type::Target => How::Other,
    }
}

/// A name as nearly every file of JSON writes it: behind a comma, in quotes, with the colon right behind it.
#[derive(Clone, Debug)]
pub(super) struct Spelled {
    /// Its first bytes, with the comma, and the bits of them that count.
    words: [u64; WORDS],
    bits: [u64; WORDS],
    written: String,
}

/// A name is compared in so many words of eight bytes; one that does not fit in as text.
const WORDS: usize = 3;

impl Spelled {
    fn new(name: &str) -> Spelled {
        let written = format!(",{}:", serde_json::Value::from(name));
        let bytes = written.as_bytes();
        let from = |word: usize| bytes.get(8 * word..).unwrap_or(&[]);
        Spelled {
            words: std::array::from_fn(|word| eight::start_of(from(word))),
            bits: std::array::from_fn(|word| eight::first_bytes(from(word).len())),
            written,
        }
    }

    /// What a text goes on with behind the name, if it starts with it.
    pub(super) fn behind<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        text.strip_prefix(self.written.strip_prefix(',')?.as_bytes())
    }

    /// The same for a text that starts with a comma before the name.
    #[inline(always)]
    pub(super) fn behind_comma<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let Some(start) = text.first_chunk::<16>() else {
            return self.behind_as_text(text);
        };
        let [first, second, _] = self.words;
        let [first_bits, second_bits, _] = self.bits;
        let start = u128::from_le_bytes(*start);
        let (a, b) = (start as u64, (start >> 64) as u64);
        if (a ^ first) & first_bits | (b ^ second) & second_bits != 0 {
            return None;
        }
        let length = self.written.len();
        if length > 16 {
            let [_, _, third] = self.words;
            let [_, _, third_bits] = self.bits;
            match eight::load(text, 16) {
                Some(c) if (c ^ third) & third_bits == 0 && length <= 8 * WORDS => {}
                _ => return self.behind_as_text(text),
            }
        }
        text.get(length..)
    }

    #[inline(never)]
    fn behind_as_text<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        text.strip_prefix(self.written.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name stands where its bytes stand, all of them.
    #[test]
    fn names_of_every_length_are_told_from_others() {
        let long = "a name with blanks, \"quotes\" and 上海, longer than any";
        let ends = long.char_indices().map(|(at, _)| at);
        for name in ends.filter_map(|end| long.get(..end)) {
            let spelled = Spelled::new(name);
            let written = format!("{}:", serde_json::Value::from(name));
            for behind in ["", "1", "\"a text that is longer than all the words\""] {
                let good = format!(",{written}{behind}").into_bytes();
                let found = [spelled.behind(&good[1..]), spelled.behind_comma(&good)];
                assert_eq!(found, [Some(behind.as_bytes()); 2], "{name}");
                for at in 0..=written.len() {
                    let mut other = good.clone();
                    other[at] ^= 1;
                    assert_eq!(spelled.behind_comma(&other), None, "{name} {at}");
                    assert_eq!(spelled.behind_comma(&good[..at]), None, "{name} {at}");
                    let name_alone = (at > 0).then(|| spelled.behind(&other[1..])).flatten();
                    assert_eq!(name_alone, None, "{name} {at}");
                }
            }
        }
    }
}
