//! Values of a type in their order: where a comparison with a constant cuts them, and what comes next.
//!
//! Before [`super::scalars`]. Everything that has an order is discrete here: numbers have their last
//! digit, times their milliseconds, texts the next longer text. So `> 5` is `>= 6`, and each constant
//! cuts the values of a field into those below and those from it on.

use crate::compile::{EnumId, Type};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use crate::value::{Decimal, Value};
use std::cmp::Ordering;

/// The values of a type that a field can have, in their order.
#[derive(Clone, Debug)]
pub(super) struct Range {
    ty: Type,
    members: u32,
    /// Milliseconds from one time of day to the next.
    step: u32,
    /// The least value; none where there is no least one that matters.
    pub(super) least: Option<Value>,
    /// The greatest value.
    pub(super) greatest: Option<Value>,
}

impl Range {
    /// All values of a type; `members` tells how many an enum has.
    pub(super) fn of(ty: &Type, members: impl Fn(EnumId) -> u32) -> Range {
        let members = match ty {
            Type::Enum(id) => members(*id),
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Set(_)
            | Type::Target => 0,
        };
        let (least, greatest) = match ty {
            Type::Bool => (Some(Value::Bool(false)), Some(Value::Bool(true))),
            Type::Integer => (
                Some(Value::Integer(i64::MIN)),
                Some(Value::Integer(i64::MAX)),
            ),
            Type::Instant => (
                Some(Value::Instant(Instant::MIN)),
                Some(Value::Instant(Instant::MAX)),
            ),
            Type::Date => (
                Date::new(0, 1, 1).map(Value::Date),
                Date::new(9999, 12, 31).map(Value::Date),
            ),
            Type::Time => (
                Some(Value::Time(TimeOfDay::MIDNIGHT)),
                TimeOfDay::from_millis(86_399_999).map(Value::Time),
            ),
            Type::Weekday => (
                Weekday::ALL.first().copied().map(Value::Weekday),
                Weekday::ALL.last().copied().map(Value::Weekday),
            ),
            Type::Text => (Some(Value::text("")), None),
            Type::Enum(_) => (
                Some(Value::Member(0)),
                members.checked_sub(1).map(Value::Member),
            ),
            Type::Decimal(_) | Type::Duration | Type::Set(_) | Type::Target => (None, None),
        };
        Range {
            ty: ty.clone(),
            members,
            step: 1,
            least,
            greatest,
        }
    }

    /// The same as a case gives it: times of day have whole minutes.
    pub(super) fn given(mut self) -> Range {
        if self.ty == Type::Time {
            self.step = 60_000;
            self.greatest = TimeOfDay::from_millis(86_340_000).map(Value::Time);
        }
        self
    }

    /// The type, how many members it has if it is an enum, and how far times lie apart: values of ranges of one
    /// kind are compared as they are.
    pub(super) fn kind(&self) -> (&Type, u32, u32) {
        (&self.ty, self.members, self.step)
    }

    /// The same within inclusive bounds.
    pub(super) fn within(mut self, from: Option<&Value>, to: Option<&Value>) -> Range {
        if let Some(from) = from.and_then(|from| self.from(from)) {
            self.least = Some(from);
        }
        if let Some(to) = to {
            // The greatest value that is not above the bound.
            self.greatest = Some(self.floor(to).unwrap_or_else(|| to.clone()));
        }
        self
    }

    /// The least value of the type that is not below a constant, whatever the bounds; none if there is
    /// none. An integer is compared with decimals, a decimal with one of more digits.
    pub(super) fn from(&self, constant: &Value) -> Option<Value> {
        match (&self.ty, constant) {
            (Type::Integer, Value::Decimal(number)) => {
                let whole = ceiling(*number, 0)?;
                i64::try_from(whole).ok().map(Value::Integer)
            }
            (Type::Decimal(scale), Value::Integer(number)) => Decimal::from_integer(*number)
                .rescale(*scale)
                .map(Value::Decimal),
            (Type::Decimal(scale), Value::Decimal(number)) => Some(Value::Decimal(Decimal::new(
                ceiling(*number, *scale)?,
                *scale,
            ))),
            (Type::Time, Value::Time(time)) => {
                let millis = time.millis().checked_next_multiple_of(self.step)?;
                TimeOfDay::from_millis(millis).map(Value::Time)
            }
            _ => Some(constant.clone()),
        }
    }

    /// The greatest value of the type that is not above a constant.
    fn floor(&self, constant: &Value) -> Option<Value> {
        let from = self.from(constant)?;
        if is_same(&from, constant) {
            return Some(from);
        }
        match from {
            Value::Integer(number) => number.checked_sub(1).map(Value::Integer),
            Value::Decimal(number) => {
                let mantissa = number.mantissa().checked_sub(1)?;
                Some(Value::Decimal(Decimal::new(mantissa, number.scale())))
            }
            other => Some(other),
        }
    }

    /// Whether a constant is a value of the type.
    pub(super) fn has(&self, constant: &Value) -> bool {
        let from = self.from(constant);
        from.is_some_and(|from| is_same(&from, constant))
    }

    /// The least value above a constant; none if there is none.
    pub(super) fn above(&self, constant: &Value) -> Option<Value> {
        let from = self.from(constant)?;
        if !is_same(&from, constant) {
            return Some(from);
        }
        self.next(&from)
    }

    /// The value nearest to a wished one, from one point on and below another; the points are such that
    /// there is a value between them.
    pub(super) fn nearest(
        &self,
        wished: Value,
        from: Option<&Value>,
        below: Option<&Value>,
    ) -> Value {
        let low = [from, self.least.as_ref()].into_iter().flatten().max();
        if let Some(low) = low.filter(|low| wished < **low) {
            return low.clone();
        }
        let past_end = self.greatest.as_ref().filter(|end| wished > **end);
        match below.filter(|below| wished >= **below) {
            Some(below) => self.before(below).or_else(|| low.cloned()),
            None => past_end.cloned(),
        }
        .unwrap_or(wished)
    }

    /// The value just below one of the type; none where there is no such value.
    pub(super) fn before(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Integer(number) => number.checked_sub(1).map(Value::Integer),
            Value::Decimal(number) => {
                let mantissa = number.mantissa().checked_sub(1)?;
                Some(Value::Decimal(Decimal::new(mantissa, number.scale())))
            }
            Value::Duration(length) => length.minus(Duration::from_millis(1)).map(Value::Duration),
            Value::Instant(at) => at.minus(Duration::from_millis(1)).map(Value::Instant),
            Value::Date(date) => date.plus_days(-1).map(Value::Date),
            Value::Member(member) => member.checked_sub(1).map(Value::Member),
            Value::Time(time) => time
                .millis()
                .checked_sub(self.step)
                .and_then(TimeOfDay::from_millis)
                .map(Value::Time),
            Value::Bool(_) | Value::Text(_) | Value::Weekday(_) | Value::Set(_) => None,
        }
    }

    /// A value that says little: nothing, none, the first.
    pub(super) fn plain(&self) -> Value {
        let least = || self.least.clone().unwrap_or(Value::Bool(false));
        match &self.ty {
            Type::Integer => Value::Integer(0),
            Type::Decimal(scale) => Value::Decimal(Decimal::new(0, *scale)),
            Type::Duration => Value::Duration(Duration::ZERO),
            Type::Text => Value::text("x"),
            Type::Date => Date::new(2026, 3, 2).map_or_else(least, Value::Date),
            Type::Time => TimeOfDay::from_millis(36_000_000).map_or_else(least, Value::Time),
            // Ten o'clock on a Monday, in China.
            Type::Instant => {
                Instant::from_millis(1_772_416_800_000).map_or_else(least, Value::Instant)
            }
            Type::Set(_) => Value::set(Vec::new()),
            Type::Bool | Type::Weekday | Type::Enum(_) | Type::Target => least(),
        }
    }

    /// The value that follows one of the type; none behind the last.
    fn next(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Bool(false) => Some(Value::Bool(true)),
            Value::Bool(true) | Value::Set(_) => None,
            Value::Integer(number) => number.checked_add(1).map(Value::Integer),
            Value::Decimal(number) => {
                let mantissa = number.mantissa().checked_add(1)?;
                Some(Value::Decimal(Decimal::new(mantissa, number.scale())))
            }
            Value::Text(text) => Some(Value::text(&format!("{text}\0"))),
            Value::Instant(at) => at.plus(Duration::from_millis(1)).map(Value::Instant),
            Value::Date(date) => date.plus_days(1).map(Value::Date),
            Value::Time(time) => time
                .millis()
                .checked_add(self.step)
                .and_then(TimeOfDay::from_millis)
                .map(Value::Time),
            Value::Weekday(day) => {
                let mut days = Weekday::ALL.into_iter().skip_while(|other| other != day);
                days.nth(1).map(Value::Weekday)
            }
            Value::Duration(length) => length.plus(Duration::from_millis(1)).map(Value::Duration),
            Value::Member(member) => {
                let next = member.checked_add(1)?;
                (next < self.members).then_some(Value::Member(next))
            }
        }
    }
}

/// The least text that follows all texts with a prefix; none if there is none.
pub(super) fn behind_prefix(prefix: &str) -> Option<Value> {
    let mut signs: Vec<char> = prefix.chars().collect();
    while let Some(last) = signs.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            signs.push(next);
            return Some(Value::text(&signs.into_iter().collect::<String>()));
        }
    }
    None
}

/// The number times `10^scale`, rounded up to whole.
fn ceiling(number: Decimal, scale: u8) -> Option<i128> {
    if scale >= number.scale() {
        return number.rescale(scale).map(Decimal::mantissa);
    }
    let factor = 10i128.checked_pow(u32::from(number.scale() - scale))?;
    let (whole, rest) = (
        number.mantissa().div_euclid(factor),
        number.mantissa().rem_euclid(factor),
    );
    whole.checked_add(i128::from(rest > 0))
}

/// How two values of one type, or an integer and a decimal, lie to each other.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Decimal(b)) => Decimal::from_integer(*a).cmp(b),
        (Value::Decimal(a), Value::Integer(b)) => a.cmp(&Decimal::from_integer(*b)),
        (a, b) => a.cmp(b),
    }
}

fn is_same(a: &Value, b: &Value) -> bool {
    order(a, b).is_eq()
}
