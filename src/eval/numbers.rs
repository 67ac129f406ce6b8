//! Comparison and arithmetic of values, integers beside decimals included.
//!
//! What does not fit is no value; nothing wraps, rounds or panics.

use super::truth::Truth;
use crate::compile::{ArithmeticOp, OrderOp, Target};
use crate::time::{Period, PeriodUnit};
use crate::value::{Decimal, Value};
use std::cmp::Ordering;

/// The most digits after the point that a computed decimal may have.
const MAX_DIGITS: u8 = 36;

/// How two values of one type, or an integer and a decimal, stand to each other.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(a), Value::Decimal(b)) => Some(Decimal::from_integer(*a).cmp(b)),
        (Value::Decimal(a), Value::Integer(b)) => Some(a.cmp(&Decimal::from_integer(*b))),
        _ if std::mem::discriminant(left) == std::mem::discriminant(right) => Some(left.cmp(right)),
        _ => None,
    }
}

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
pub(super) fn is_among(value: &Value, sorted: &[Value]) -> Option<bool> {
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

/// Whether two targets are the same.
pub(super) fn same_target(left: Target, right: Target) -> bool {
    left == right
}

/// The order of targets: no limit is the greatest; `n1 of C1 <= n2 of C2` is true if `n1 <= n2` and
/// C1 is C2 or `always`, false if C1 is C2 and `n1 > n2`, otherwise unknown.
pub(super) fn compare_targets(op: OrderOp, left: Target, right: Target) -> Truth {
    match op {
        OrderOp::Less => below(left, right, true),
        OrderOp::LessOrEqual => below(left, right, false),
        OrderOp::Greater => below(right, left, true),
        OrderOp::GreaterOrEqual => below(right, left, false),
    }
}

fn below(left: Target, right: Target, strictly: bool) -> Truth {
    let order = |ordering: Ordering| ordering.is_lt() || ordering.is_eq() && !strictly;
    match (left, right) {
        (Target::None, Target::None) => Truth::from(!strictly),
        (Target::None, _) => Truth::False,
        (_, Target::None) => Truth::True,
        (Target::Exact(a, on), Target::Exact(b, other)) => {
            let fits = order(a.cmp(&b));
            if on == other {
                Truth::from(fits)
            } else if on.0 == 0 && fits {
                Truth::True
            } else {
                Truth::Unknown
            }
        }
        (Target::WorkingDays(a, on), Target::WorkingDays(b, other)) if on == other => {
            Truth::from(order(a.cmp(&b)))
        }
        (Target::Calendar(a), Target::Calendar(b)) => match (months(a), months(b)) {
            (Some(a), Some(b)) => Truth::from(order(a.cmp(&b))),
            (None, None) => Truth::from(order(a.count.cmp(&b.count))),
            (Some(_), None) | (None, Some(_)) => Truth::Unknown,
        },
        (
            Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_),
            Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_),
        ) => Truth::Unknown,
    }
}

fn months(period: Period) -> Option<u64> {
    match period.unit {
        PeriodUnit::Days => None,
        PeriodUnit::Months => Some(u64::from(period.count)),
        PeriodUnit::Years => Some(u64::from(period.count) * 12),
    }
}
