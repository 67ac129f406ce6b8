//! Values that a case, a rule or a decision holds.
//!
//! Ground floor above [`crate::time`]; types of values live in the model, because a value alone
//! does not know the names of its members.

mod case;
mod decimal;
pub(crate) mod eight;
mod words;

pub(crate) use case::Known;
pub use case::{Case, CaseFile, Event, EventKind, Slots};
pub use decimal::{Decimal, DecimalError, MAX_SCALE};
pub(crate) use words::Words;

use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::sync::Arc;

/// One present value; a missing one is `None` wherever a value may be missing.
///
/// The order of two values of one type is the order of the language: numbers by size, members as
/// declared, texts by byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fixed count of digits after the point.
    Decimal(Decimal),
    /// Unicode text.
    Text(SmolStr),
    /// A point in time.
    Instant(Instant),
    /// A calendar date.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// A day of the week.
    Weekday(Weekday),
    /// An exact length of time.
    Duration(Duration),
    /// A member of an enum, by its place in the declaration, from 0.
    Member(u32),
    /// A set, sorted and without duplicates.
    Set(Arc<[Value]>),
}

// Cases are rows of these.
const _: () = assert!(size_of::<Option<Value>>() == 24);

impl Value {
    /// A text value.
    pub fn text(text: &str) -> Value {
        Value::Text(SmolStr::new(text))
    }

    /// A set of these values, sorted, duplicates dropped.
    pub fn set(mut values: Vec<Value>) -> Value {
        values.sort();
        values.dedup();
        Value::Set(values.into())
    }

    /// A number as a decimal: a decimal itself, or an integer with no digits; none for what is no number.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Value::Integer(number) => Some(Decimal::from_integer(*number)),
            Value::Decimal(number) => Some(*number),
            Value::Bool(_)
            | Value::Text(_)
            | Value::Instant(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Weekday(_)
            | Value::Duration(_)
            | Value::Member(_)
            | Value::Set(_) => None,
        }
    }
}

/// How two values of one type, or an integer and a decimal, stand to each other; none for other pairs.
#[inline]
pub fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Member(a), Value::Member(b)) => Some(a.cmp(b)),
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Integer(a), Value::Decimal(b)) => Some(Decimal::from_integer(*a).cmp(b)),
        (Value::Decimal(a), Value::Integer(b)) => Some(a.cmp(&Decimal::from_integer(*b))),
        _ if std::mem::discriminant(left) == std::mem::discriminant(right) => Some(left.cmp(right)),
        _ => None,
    }
}

/// A text in quotes, as a policy writes it: `"`, `\\`, line breaks and other signs that cannot be seen are escaped.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            sign if sign.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(sign))),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}
