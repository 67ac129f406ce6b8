//! How far two values of a field lie apart, so that of several changes the nearest is told.

use crate::compile::Type;
use crate::model::Schema;
use crate::value::{Decimal, Value};

/// How far a change goes: its kind, then how much of it. A value in place of another comes before a
/// value in place of none, and that before none.
pub(super) type Distance = (u8, i128);

/// From one value of a field to another; unordered members by their places.
pub(super) fn distance(
    schema: &Schema,
    ty: &Type,
    from: Option<&Value>,
    to: Option<&Value>,
) -> Distance {
    let Some(to) = to else { return (2, 0) };
    let Some(from) = from else {
        return (1, size(to));
    };
    let far = |a: i128, b: i128| a.saturating_sub(b).saturating_abs();
    let apart = match (from, to) {
        (Value::Member(a), Value::Member(b)) => {
            let ordered = match ty {
                Type::Enum(id) => schema.enumeration(*id).is_some_and(|ty| ty.ordered),
                _ => false,
            };
            match ordered {
                true => far(i128::from(*a), i128::from(*b)),
                false => i128::from(*b),
            }
        }
        (Value::Text(a), Value::Text(b)) => letters(a, b),
        (Value::Set(a), Value::Set(b)) => {
            let lost = a.iter().filter(|item| b.binary_search(item).is_err());
            let won = b.iter().filter(|item| a.binary_search(item).is_err());
            count(lost.count() + won.count())
        }
        (Value::Decimal(a), Value::Decimal(b)) => a
            .minus(*b)
            .map_or(i128::MAX, |apart| apart.mantissa().saturating_abs()),
        (a, b) => far(size(a), size(b)),
    };
    (0, apart)
}

/// Where a value lies among those of its type.
fn size(value: &Value) -> i128 {
    match value {
        Value::Bool(holds) => i128::from(*holds),
        Value::Integer(number) => i128::from(*number).saturating_abs(),
        Value::Decimal(number) => Decimal::mantissa(*number).saturating_abs(),
        Value::Text(text) => count(text.chars().count()),
        Value::Instant(at) => i128::from(at.millis()),
        Value::Date(date) => i128::from(date.day_number()),
        Value::Time(time) => i128::from(time.millis()),
        Value::Weekday(day) => i128::from(*day as u8),
        Value::Duration(duration) => i128::from(duration.millis()).saturating_abs(),
        Value::Member(place) => i128::from(*place),
        Value::Set(items) => count(items.len()),
    }
}

/// How many letters stand in one text and not at the same distance from its ends in the other.
fn letters(a: &str, b: &str) -> i128 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = |(a, b): &(&char, &char)| a == b;
    let front = a.iter().zip(&b).take_while(same).count();
    let (a, b) = (a.get(front..).unwrap_or(&[]), b.get(front..).unwrap_or(&[]));
    let back = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    count((a.len() - back).max(b.len() - back))
}

fn count(items: usize) -> i128 {
    i128::try_from(items).unwrap_or(i128::MAX)
}
