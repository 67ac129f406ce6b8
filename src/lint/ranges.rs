//! The least and the greatest value that an expression can have, as its declaration says.

use crate::model::{Bounds, EnumId, Expr, ExprKind, Model, Type};
use crate::time::Weekday;
use crate::value::{Decimal, Value};
use std::cmp::Ordering;

/// Inclusive limits; none where nothing is declared.
#[derive(Clone, Debug, Default)]
pub(super) struct Range {
    pub least: Option<Value>,
    pub greatest: Option<Value>,
}

impl Range {
    fn exactly(value: &Value) -> Range {
        Range {
            least: Some(value.clone()),
            greatest: Some(value.clone()),
        }
    }

    fn of_bounds(bounds: &Bounds) -> Range {
        Range {
            least: bounds.from.clone(),
            greatest: bounds.to.clone(),
        }
    }

    /// Limits of a type by itself fill in where bounds say nothing.
    fn or(self, other: Range) -> Range {
        Range {
            least: self.least.or(other.least),
            greatest: self.greatest.or(other.greatest),
        }
    }
}

/// The range of an expression.
pub(super) fn range_of(expr: &Expr, model: &Model) -> Range {
    match &expr.kind {
        ExprKind::Constant(value) => Range::exactly(value),
        ExprKind::Field(id) => match model.schema.field(*id) {
            Some(field) if !matches!(field.ty, Type::Set(_)) => {
                Range::of_bounds(&field.bounds).or(of_type(&field.ty, model))
            }
            Some(_) | None => Range::default(),
        },
        ExprKind::Define(id) => {
            match model.defines.get(id.0 as usize).map(|define| &define.value) {
                // A define of a define is followed no further.
                Some(value)
                    if !matches!(value.kind, ExprKind::Define(_) | ExprKind::Constant(_)) =>
                {
                    range_of(value, model)
                }
                Some(_) | None => of_type(&expr.ty, model),
            }
        }
        ExprKind::Call(id, _) => match model.functions.get(id.0 as usize) {
            Some(function) => {
                Range::of_bounds(&function.result_bounds).or(of_type(&expr.ty, model))
            }
            None => Range::default(),
        },
        ExprKind::Count(set) => {
            let greatest = match &set.ty {
                Type::Set(element) => members(element, model),
                _ => None,
            };
            Range {
                least: Some(Value::Integer(0)),
                greatest: greatest.map(Value::Integer),
            }
        }
        ExprKind::Length(_) => Range {
            least: Some(Value::Integer(0)),
            greatest: None,
        },
        ExprKind::Classification(_) | ExprKind::PartOf(..) => of_type(&expr.ty, model),
        ExprKind::Target(_)
        | ExprKind::Outcome(_)
        | ExprKind::Or(_)
        | ExprKind::And(_)
        | ExprKind::Not(_)
        | ExprKind::Equal { .. }
        | ExprKind::Order(..)
        | ExprKind::Between(..)
        | ExprKind::In { .. }
        | ExprKind::Missing { .. }
        | ExprKind::Text { .. }
        | ExprKind::TextMany { .. }
        | ExprKind::Matches { .. }
        | ExprKind::SetContains { .. }
        | ExprKind::SetContainsMany { .. }
        | ExprKind::During { .. }
        | ExprKind::HasHappened(_)
        | ExprKind::Arithmetic(..)
        | ExprKind::Min(_)
        | ExprKind::Max(_) => Range::default(),
    }
}

/// How many values a type has, when they are few and named.
fn members(ty: &Type, model: &Model) -> Option<i64> {
    match ty {
        Type::Enum(id) => i64::try_from(model.schema.enumeration(*id)?.members.len()).ok(),
        Type::Weekday => Some(7),
        Type::Bool => Some(2),
        Type::Integer
        | Type::Decimal(_)
        | Type::Text
        | Type::Instant
        | Type::Date
        | Type::Time
        | Type::Duration
        | Type::Set(_)
        | Type::Target => None,
    }
}

fn of_type(ty: &Type, model: &Model) -> Range {
    match ty {
        Type::Enum(id) => of_enum(*id, model),
        Type::Weekday => Range {
            least: Some(Value::Weekday(Weekday::Monday)),
            greatest: Some(Value::Weekday(Weekday::Sunday)),
        },
        Type::Bool
        | Type::Integer
        | Type::Decimal(_)
        | Type::Text
        | Type::Instant
        | Type::Date
        | Type::Time
        | Type::Duration
        | Type::Set(_)
        | Type::Target => Range::default(),
    }
}

fn of_enum(id: EnumId, model: &Model) -> Range {
    let Some(ty) = model.schema.enumeration(id) else {
        return Range::default();
    };
    match u32::try_from(ty.members.len())
        .ok()
        .and_then(|count| count.checked_sub(1))
    {
        Some(last) if ty.ordered => Range {
            least: Some(Value::Member(0)),
            greatest: Some(Value::Member(last)),
        },
        Some(_) | None => Range::default(),
    }
}

/// The order of two values; whole numbers and decimals are compared as numbers.
pub(super) fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(a), Value::Decimal(b)) => Decimal::from_integer(*a).cmp(b),
        (Value::Decimal(a), Value::Integer(b)) => a.cmp(&Decimal::from_integer(*b)),
        (a, b) => a.cmp(b),
    }
}

/// What is known of `left < right` and its like over all values of two ranges.
pub(super) struct Compared {
    /// The least of the left side lies above the greatest of the right.
    pub always_greater: bool,
    pub always_greater_or_equal: bool,
    pub always_less: bool,
    pub always_less_or_equal: bool,
}

/// Compares two ranges.
pub(super) fn compare(left: &Range, right: &Range) -> Compared {
    let pair = |a: &Option<Value>, b: &Option<Value>| match (a, b) {
        (Some(a), Some(b)) => Some(order(a, b)),
        (Some(_) | None, _) => None,
    };
    let low = pair(&left.least, &right.greatest);
    let high = pair(&left.greatest, &right.least);
    Compared {
        always_greater: low == Some(Ordering::Greater),
        always_greater_or_equal: low.is_some_and(Ordering::is_ge),
        always_less: high == Some(Ordering::Less),
        always_less_or_equal: high.is_some_and(Ordering::is_le),
    }
}
