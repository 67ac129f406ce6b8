//! Single values and sets.

use super::super::room::SPARE;
use super::super::stamp;
use super::super::typed::MAX_SET;
use super::Direct;
use super::plan::How;
use crate::model::{Bounds, FieldId, Type};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use crate::value::eight;
use crate::value::{Decimal, Value};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::sync::Arc;

/// Elements of a set are put in their places as they come, as long as there are no more.
const FEW: usize = 8;

impl Direct<'_, '_, '_> {
    /// Puts the value of a field, which is not `null`, into its slot, by its first byte.
    #[inline(always)]
    pub(super) fn value_of(
        &mut self,
        how: How,
        number: u32,
        first: u8,
        slot: &mut Option<Value>,
    ) -> Option<()> {
        // A slot mostly has a value of its kind from the case before, and keeps its kind.
        match how {
            How::Bool => {
                let is = self.json.bool()?;
                self.look.flag(number, is);
                match slot {
                    Some(Value::Bool(old)) => *old = is,
                    _ => *slot = Some(Value::Bool(is)),
                }
            }
            How::Integer { from, to } => {
                let value = self.json.integer()?;
                if value < from || value > to {
                    return None;
                }
                self.look.integer(number, value);
                match slot {
                    Some(Value::Integer(old)) => *old = value,
                    _ => *slot = Some(Value::Integer(value)),
                }
            }
            How::Text if first == b'"' => {
                let text = match self.json.plain() {
                    Some((from, length)) => match self.look.text(number, from, length) {
                        Some(known) => known.clone(),
                        None => SmolStr::new(self.json.part(from, length)?),
                    },
                    None => {
                        let text = SmolStr::new(self.json.text()?);
                        self.look.text(number, text.as_bytes(), text.len());
                        text
                    }
                };
                match slot {
                    Some(Value::Text(old)) => *old = text,
                    _ => *slot = Some(Value::Text(text)),
                }
            }
            How::Member(id) if first == b'"' => {
                let member = self.member(id)?;
                self.look.member(number, member);
                match slot {
                    Some(Value::Member(old)) => *old = member,
                    _ => *slot = Some(Value::Member(member)),
                }
            }
            How::Instant if first == b'"' => {
                let at = self.instant()?;
                match slot {
                    Some(Value::Instant(old)) => *old = at,
                    _ => *slot = Some(Value::Instant(at)),
                }
            }
            How::Texts if first == b'[' => self.texts(number, slot)?,
            How::Other => {
                let value = self.field(FieldId(number), first)?;
                self.look.value(number, &value);
                *slot = Some(value);
            }
            How::Text | How::Member(_) | How::Instant | How::Texts | How::Record(_) => return None,
        }
        Some(())
    }

    /// The value of a field, which is not `null`, by its first byte.
    #[inline(never)]
    pub(super) fn field(&mut self, id: FieldId, first: u8) -> Option<Value> {
        let field = self.reader.schema.field(id)?;
        match &field.ty {
            Type::Set(element) => self.set_of(element, &field.bounds, first),
            ty => self.one(ty, &field.bounds, first),
        }
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
            Type::Enum(id) if first == b'"' => Value::Member(self.member(*id)?),
            Type::Instant if first == b'"' => Value::Instant(self.instant()?),
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
                    Type::Decimal(scale) => Value::Decimal(decimal(text, *scale)?),
                    Type::Date => Value::Date(Date::parse(text)?),
                    Type::Time => Value::Time(TimeOfDay::parse(text)?),
                    Type::Weekday => Value::Weekday(Weekday::parse(text)?),
                    Type::Duration => Value::Duration(Duration::parse(text)?),
                    Type::Bool
                    | Type::Integer
                    | Type::Enum(_)
                    | Type::Instant
                    | Type::Set(_)
                    | Type::Target => return None,
                }
            }
        };
        let below = bounds.from.as_ref().is_some_and(|from| value < *from);
        let above = bounds.to.as_ref().is_some_and(|to| value > *to);
        (!below && !above).then_some(value)
    }

    /// A member of an enum, of which the quote has been seen.
    #[inline(always)]
    fn member(&mut self, id: crate::model::EnumId) -> Option<u32> {
        let words = self.reader.index.words(id)?;
        match self.json.plain() {
            Some((from, length)) => words.find(from, length),
            None => words.get(&self.json.text()?),
        }
    }

    /// An instant in RFC 3339, of which the quote has been seen.
    #[inline(always)]
    pub(super) fn instant(&mut self) -> Option<Instant> {
        match self.json.takes_stamp() {
            Some(at) => Some(at),
            None => self.other_instant(),
        }
    }

    #[inline(never)]
    fn other_instant(&mut self) -> Option<Instant> {
        let text = self.json.text()?;
        stamp::read(text.as_bytes()).or_else(|| Instant::parse(&text).ok())
    }

    fn set_of(&mut self, element: &Type, bounds: &Bounds, first: u8) -> Option<Value> {
        if first != b'[' {
            return None;
        }
        let mut values = std::mem::take(&mut self.notes.elements);
        values.clear();
        let mut more = self.json.enter(b']')?;
        while more {
            if values.len() == MAX_SET {
                return None;
            }
            let first = self.json.peek()?;
            values.push(self.one(element, bounds, first)?);
            more = self.json.goes_on(b']')?;
        }
        let all_differ = sort(&mut values);
        let set = all_differ.then(|| Value::Set(values.drain(..).collect()));
        self.notes.elements = values;
        set
    }

    /// A set of texts without bounds, of which the bracket has been seen.
    fn texts(&mut self, number: u32, slot: &mut Option<Value>) -> Option<()> {
        let mut look = self.look.set(number);
        let mut values = std::mem::take(&mut self.notes.elements);
        values.clear();
        // The first eight bytes of each text, the first of them the highest, so that they compare as the texts do.
        let mut heads = [0; FEW];
        let mut more = self.json.enter(b']')?;
        while more {
            if values.len() == MAX_SET || self.json.peek()? != b'"' {
                return None;
            }
            let (head, text) = match self.json.plain() {
                Some((from, length)) => {
                    let text = match look.text(from, length) {
                        Some(known) => known.clone(),
                        None => SmolStr::new(self.json.part(from, length)?),
                    };
                    (eight::start_with(from, length), text)
                }
                None => {
                    let text = self.json.text()?;
                    look.text(text.as_bytes(), text.len());
                    (eight::start_of(text.as_bytes()), SmolStr::new(text))
                }
            };
            let head = head.swap_bytes();
            let mut at = values.len();
            values.push(Value::Text(text));
            if let Some(last) = heads.get_mut(at) {
                *last = head;
                while at > 0 && !in_order(&heads, &values, at)? {
                    heads.swap(at - 1, at);
                    values.swap(at - 1, at);
                    at -= 1;
                }
            }
            more = self.json.goes_on(b']')?;
        }
        if values.len() > FEW && !sort(&mut values) {
            return None;
        }
        put_set(slot, &mut values, &mut self.notes.spare);
        self.notes.elements = values;
        Some(())
    }
}

/// Whether an element of a set stands behind the one before it in order; none when they are alike.
#[inline(always)]
fn in_order(heads: &[u64; FEW], values: &[Value], at: usize) -> Option<bool> {
    let order = match heads.get(at - 1)?.cmp(heads.get(at)?) {
        Ordering::Equal => values.get(at - 1)?.cmp(values.get(at)?),
        order => order,
    };
    match order {
        Ordering::Less => Some(true),
        Ordering::Equal => None,
        Ordering::Greater => Some(false),
    }
}

/// Sorts the elements of a set; whether no two are alike.
fn sort(values: &mut [Value]) -> bool {
    values.sort();
    values.windows(2).all(|pair| pair.first() != pair.last())
}

/// Puts the elements into a slot: into the memory of a set of as many, where there is one that is nobody else's.
fn put_set(
    slot: &mut Option<Value>,
    values: &mut Vec<Value>,
    spare: &mut [Option<Arc<[Value]>>; SPARE],
) {
    if let Some(Value::Set(old)) = slot
        && old.len() == values.len()
        && let Some(old) = Arc::get_mut(old)
    {
        return old.swap_with_slice(values);
    }
    let mut kept = spare.get_mut(values.len()).and_then(Option::take);
    let room = kept.as_mut().and_then(Arc::get_mut);
    let is_reused = room.map(|old| old.swap_with_slice(values)).is_some();
    let set = match kept {
        Some(kept) if is_reused => kept,
        Some(_) | None => values.drain(..).collect(),
    };
    if let Some(Value::Set(old)) = slot.replace(Value::Set(set))
        && let Some(place) = spare.get_mut(old.len())
    {
        *place = Some(old);
    }
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
