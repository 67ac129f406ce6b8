//! Single values and sets.

use super::super::stamp;
use super::super::typed::MAX_SET;
use super::Direct;
use crate::model::{Bounds, FieldId, Type};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use crate::value::{Decimal, Value};

impl Direct<'_, '_> {
    /// The value of a field, which is not `null`, by its first byte.
    #[inline(always)]
    pub(super) fn field(&mut self, id: FieldId, first: u8) -> Option<Value> {
        let field = self.reader.schema.field(id)?;
        if let Type::Set(element) = &field.ty {
            return self.set_of(element, &field.bounds, first);
        }
        self.one(&field.ty, &field.bounds, first)
    }

    /// One value within bounds.
    fn one(&mut self, ty: &Type, bounds: &Bounds, first: u8) -> Option<Value> {
        let value = match ty {
            Type::Bool => Value::Bool(self.json.bool()?),
            Type::Integer => Value::Integer(self.json.integer()?),
            Type::Decimal(scale) if first != b'"' => {
                Value::Decimal(decimal(self.json.number()?, *scale)?)
            }
            Type::Set(_) | Type::Target => return None,
            Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_) => {
                if first != b'"' {
                    return None;
                }
                let text = &*self.json.text()?;
                match ty {
                    Type::Text => Value::text(text),
                    Type::Enum(id) => Value::Member(self.reader.index.member(*id, text)?),
                    Type::Instant => Value::Instant(instant(text)?),
                    Type::Decimal(scale) => Value::Decimal(decimal(text, *scale)?),
                    Type::Date => Value::Date(Date::parse(text)?),
                    Type::Time => Value::Time(TimeOfDay::parse(text)?),
                    Type::Weekday => Value::Weekday(Weekday::parse(text)?),
                    Type::Duration => Value::Duration(Duration::parse(text)?),
                    Type::Bool | Type::Integer | Type::Set(_) | Type::Target => return None,
                }
            }
        };
        let below = bounds.from.as_ref().is_some_and(|from| value < *from);
        let above = bounds.to.as_ref().is_some_and(|to| value > *to);
        (!below && !above).then_some(value)
    }

    fn set_of(&mut self, element: &Type, bounds: &Bounds, first: u8) -> Option<Value> {
        if first != b'[' {
            return None;
        }
        let mut values = Vec::new();
        let mut more = self.json.enter(b']')?;
        while more {
            if values.len() == MAX_SET {
                return None;
            }
            let first = self.json.peek()?;
            values.push(self.one(element, bounds, first)?);
            more = self.json.goes_on(b']')?;
        }
        values.sort();
        let differ = values.windows(2).all(|pair| pair.first() != pair.last());
        differ.then(|| Value::Set(values.into()))
    }
}

/// An instant in RFC 3339.
pub(super) fn instant(text: &str) -> Option<Instant> {
    stamp::read(text.as_bytes()).or_else(|| Instant::parse(text).ok())
}

/// A decimal of so many digits after the point.
fn decimal(text: &str, scale: u8) -> Option<Decimal> {
    short_decimal(text.as_bytes(), scale).or_else(|| Decimal::parse(text, scale).ok())
}

/// A decimal that fits into eighteen digits; none for others, and for what is no decimal.
fn short_decimal(text: &[u8], scale: u8) -> Option<Decimal> {
    let scale_digits = usize::from(scale);
    if text.len() + scale_digits > 18 {
        return None;
    }
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        None => (digits, &[][..]),
        Some(at) => (digits.get(..at)?, digits.get(at + 1..)?),
    };
    let missing = scale_digits.checked_sub(fraction.len())?;
    if whole.is_empty() || (point.is_some() && fraction.is_empty()) {
        return None;
    }
    let mut mantissa: i64 = 0;
    for byte in whole.iter().chain(fraction) {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        mantissa = mantissa * 10 + i64::from(digit);
    }
    mantissa *= 10_i64.pow(u32::try_from(missing).ok()?);
    let negative = digits.len() < text.len();
    let mantissa = if negative { -mantissa } else { mantissa };
    Some(Decimal::new(i128::from(mantissa), scale))
}
