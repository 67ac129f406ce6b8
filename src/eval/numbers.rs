//! Comparison and arithmetic of values, integers beside decimals included.
//!
//! What does not fit is no value; nothing wraps, rounds or panics.

use super::truth::Truth;
use crate::compile::{ArithmeticOp, OrderOp, Target};
pub(super) use crate::value::compare;
use crate::value::{Decimal, Value};
use std::cmp::Ordering;

/// The most digits after the point that a computed decimal may have.
const MAX_DIGITS: u8 = 36;

/// Whether an order holds between two sides that stand so to each other.
pub(super) fn holds(op: OrderOp, ordering: Ordering) -> bool {
    match op {
        OrderOp::Less => ordering.is_lt(),
        OrderOp::LessOrEqual => ordering.is_le(),
        OrderOp::Greater => ordering.is_gt(),
        OrderOp::GreaterOrEqual => ordering.is_ge(),
    }
}

/// Whether a value is among sorted constants of its type.
#[inline]
pub(super) fn is_among(value: &Value, sorted: &[Value]) -> Option<bool> {
    match value {
        Value::Member(place) => {
            let is_it = |item: &Value| matches!(item, Value::Member(member) if member == place);
            Some(sorted.iter().any(is_it))
        }
        _ => is_among_all(value, sorted),
    }
}

fn is_among_all(value: &Value, sorted: &[Value]) -> Option<bool> {
    let Some(first) = sorted.first() else {
        return Some(false);
    };
    compare(value, first)?;
    Some(
        sorted
            .binary_search_by(|item| compare(item, value).unwrap_or(Ordering::Less))
            .is_ok(),
    )
}

/// Sum, difference or product; none when it does not fit.
pub(super) fn compute(op: ArithmeticOp, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => match op {
            ArithmeticOp::Add => a.checked_add(*b),
            ArithmeticOp::Subtract => a.checked_sub(*b),
            ArithmeticOp::Multiply => a.checked_mul(*b),
        }
        .map(Value::Integer),
        (Value::Integer(a), Value::Decimal(b)) => decimal(op, Decimal::from_integer(*a), *b),
        (Value::Decimal(a), Value::Integer(b)) => decimal(op, *a, Decimal::from_integer(*b)),
        (Value::Decimal(a), Value::Decimal(b)) => decimal(op, *a, *b),
        (Value::Duration(a), Value::Duration(b)) => match op {
            ArithmeticOp::Add => a.plus(*b),
            ArithmeticOp::Subtract => a.minus(*b),
            ArithmeticOp::Multiply => None,
        }
        .map(Value::Duration),
        (Value::Duration(a), Value::Integer(n)) | (Value::Integer(n), Value::Duration(a)) => {
            match op {
                ArithmeticOp::Multiply => a.times(*n).map(Value::Duration),
                ArithmeticOp::Add | ArithmeticOp::Subtract => None,
            }
        }
        (Value::Instant(at), Value::Duration(by)) => match op {
            ArithmeticOp::Add => at.plus(*by),
            ArithmeticOp::Subtract => at.minus(*by),
            ArithmeticOp::Multiply => None,
        }
        .map(Value::Instant),
        (Value::Duration(by), Value::Instant(at)) => match op {
            ArithmeticOp::Add => at.plus(*by).map(Value::Instant),
            ArithmeticOp::Subtract | ArithmeticOp::Multiply => None,
        },
        (Value::Instant(a), Value::Instant(b)) => match op {
            ArithmeticOp::Subtract => Some(Value::Duration(a.since(*b))),
            ArithmeticOp::Add | ArithmeticOp::Multiply => None,
        },
        _ => None,
    }
}

fn decimal(op: ArithmeticOp, a: Decimal, b: Decimal) -> Option<Value> {
    let result = match op {
        ArithmeticOp::Add => a.plus(b),
        ArithmeticOp::Subtract => a.minus(b),
        ArithmeticOp::Multiply => a.times(b),
    };
    result
        .filter(|result| result.scale() <= MAX_DIGITS)
        .map(Value::Decimal)
}

/// The order of two targets, see [`Target::is_below`].
pub(super) fn compare_targets(op: OrderOp, left: Target, right: Target) -> Truth {
    let known = match op {
        OrderOp::Less => left.is_below(right, true),
        OrderOp::LessOrEqual => left.is_below(right, false),
        OrderOp::Greater => right.is_below(left, true),
        OrderOp::GreaterOrEqual => right.is_below(left, false),
    };
    known.map_or(Truth::Unknown, Truth::from)
}
