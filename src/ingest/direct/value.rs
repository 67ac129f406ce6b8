//! Single values, sets, and what is passed over.

use super::super::stamp;
use super::super::typed::MAX_SET;
use super::record::all_differ;
use super::{DEEPEST, Direct};
use crate::model::{Bounds, FieldId, Type};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use crate::value::{Decimal, Value};
use jiter::{NumberInt, Peek};

impl Direct<'_, '_> {
    /// The value of a field. `peek` is not `null`.
    pub(super) fn field(&mut self, id: FieldId, peek: Peek) -> Option<Value> {
        let field = self.reader.schema.field(id)?;
        if let Type::Set(element) = &field.ty {
            return self.set_of(element, &field.bounds, peek);
        }
        self.one(&field.ty, &field.bounds, peek)
    }

    /// One value within bounds.
    fn one(&mut self, ty: &Type, bounds: &Bounds, peek: Peek) -> Option<Value> {
        let value = match ty {
            Type::Bool => match peek {
                Peek::True | Peek::False => Value::Bool(self.json.known_bool(peek).ok()?),
                _ => return None,
            },
            Type::Integer if peek.is_num() => Value::Integer(self.integer(peek)?),
            Type::Decimal(scale) if peek.is_num() => {
                let digits = self.json.known_number_bytes(peek).ok()?;
                let digits = std::str::from_utf8(digits).ok()?;
                Value::Decimal(decimal(digits, *scale)?)
            }
            Type::Integer | Type::Set(_) | Type::Target => return None,
            Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_) => {
                if peek != Peek::String {
                    return None;
                }
                let text = self.json.known_str().ok()?;
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

    fn integer(&mut self, peek: Peek) -> Option<i64> {
        if let Ok(NumberInt::Int(number)) = self.json.known_int(peek) {
            return Some(number);
        }
        // The quick reader knows eighteen digits; a point and an exponent are no part of an integer.
        let digits = self.json.known_number_bytes(peek).ok()?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    fn set_of(&mut self, element: &Type, bounds: &Bounds, peek: Peek) -> Option<Value> {
        if peek != Peek::Array {
            return None;
        }
        let mut values = Vec::new();
        let mut next = self.json.known_array().ok()?;
        while let Some(peek) = next {
            if values.len() == MAX_SET {
                return None;
            }
            values.push(self.one(element, bounds, peek)?);
            next = self.json.array_step().ok()?;
        }
        values.sort();
        let differ = values.windows(2).all(|pair| pair.first() != pair.last());
        differ.then(|| Value::Set(values.into()))
    }

    /// Passes over a value that nothing reads: any JSON without a key that stands twice in its object.
    pub(super) fn skip(&mut self, depth: usize) -> Option<()> {
        let peek = self.json.peek().ok()?;
        self.skip_known(peek, depth)
    }

    fn skip_known(&mut self, peek: Peek, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match peek {
            Peek::Null => self.json.known_null().ok(),
            Peek::True | Peek::False => self.json.known_bool(peek).ok().map(drop),
            Peek::String => self.json.known_str().ok().map(drop),
            Peek::Array => {
                let mut next = self.json.known_array().ok()?;
                while let Some(peek) = next {
                    self.skip_known(peek, depth + 1)?;
                    next = self.json.array_step().ok()?;
                }
                Some(())
            }
            Peek::Object => {
                let mut names = Vec::new();
                let mut key = self.json.known_object().ok()?;
                while let Some(name) = key {
                    names.push(name.to_owned());
                    self.skip(depth + 1)?;
                    key = self.json.next_key().ok()?;
                }
                all_differ(&mut names).then_some(())
            }
            number if number.is_num() => self.json.known_number_bytes(number).ok().map(drop),
            _ => None,
        }
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
