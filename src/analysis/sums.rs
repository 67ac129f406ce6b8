//! Between what bounds a sum, a difference or a product lies.
//!
//! Part of [`super::terms`]. Which sum goes with which values is not looked into; that it has a value wherever what it
//! is made of has one, and no greater one than that can make, is.

use super::terms::{Encoder, Term};
use crate::compile::{ArithmeticOp, NodeId};
use crate::value::Value;

/// The least and the greatest value.
type Ends = (Value, Value);

impl Encoder<'_> {
    /// The bounds of a sum, a difference or a product of which every value fits; none where one may not, or where it
    /// has no bounds.
    pub(super) fn bounds_of(
        &mut self,
        op: ArithmeticOp,
        left: NodeId,
        right: NodeId,
    ) -> Option<Ends> {
        let (left, right) = (self.ends(left)?, self.ends(right)?);
        let mut corners = Vec::with_capacity(4);
        for a in [&left.0, &left.1] {
            for b in [&right.0, &right.1] {
                corners.push(compute(op, a, b)?);
            }
        }
        let least = corners.iter().min()?.clone();
        Some((least, corners.into_iter().max()?))
    }

    fn ends(&mut self, id: NodeId) -> Option<Ends> {
        match self.term(id) {
            Term::Constant(value) => Some((value.clone(), value)),
            Term::Scalar(place) => {
                let range = self.space.scalars.get(place)?.range();
                Some((range.least.clone()?, range.greatest.clone()?))
            }
            Term::DateOf(_)
            | Term::Set(_)
            | Term::CountOf(_)
            | Term::Choice(_)
            | Term::ChosenSet(..)
            | Term::Truth(_)
            | Term::Targets(_) => None,
        }
    }
}

/// The value of a sum, a difference or a product; none where it does not fit, and for instants.
fn compute(op: ArithmeticOp, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => {
            let result = match op {
                ArithmeticOp::Add => a.checked_add(*b),
                ArithmeticOp::Subtract => a.checked_sub(*b),
                ArithmeticOp::Multiply => a.checked_mul(*b),
            };
            result.map(Value::Integer)
        }
        (Value::Integer(_) | Value::Decimal(_), Value::Integer(_) | Value::Decimal(_)) => {
            let (a, b) = (left.as_decimal()?, right.as_decimal()?);
            let result = match op {
                ArithmeticOp::Add => a.plus(b),
                ArithmeticOp::Subtract => a.minus(b),
                ArithmeticOp::Multiply => a.times(b),
            };
            result.map(Value::Decimal)
        }
        (Value::Duration(a), Value::Duration(b)) => {
            let result = match op {
                ArithmeticOp::Add => a.plus(*b),
                ArithmeticOp::Subtract => a.minus(*b),
                ArithmeticOp::Multiply => None,
            };
            result.map(Value::Duration)
        }
        _ => None,
    }
}
