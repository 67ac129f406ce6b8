//! Operands of conditions, and how they stand to each other.
//!
//! Part of [`super::evaluator`]. Most operands lie somewhere already, and are looked at where they lie.

use super::evaluator::Evaluator;
use super::numbers;
use crate::compile::{Node, NodeId};
use crate::value::Value;
use std::cmp::Ordering;

impl Evaluator<'_> {
    /// The value of an expression that lies somewhere already; none for other expressions.
    pub(super) fn lying(&self, id: NodeId) -> Option<Option<&Value>> {
        let node = self.program.node(id);
        if let Node::Field(slot) = node {
            Some(self.state.slots.get(*slot as usize)?.as_ref())
        } else if let Node::Constant(value) = node {
            Some(Some(value))
        } else if let Node::Define(place) = node {
            Some(self.define(*place))
        } else if let Node::Classification(place) = node {
            let decided = self.kept.classifications.get(*place as usize)?.get();
            Some(decided.and_then(Option::as_ref))
        } else {
            None
        }
    }

    /// What something makes of the value of an expression; none when it is missing.
    pub(super) fn with_value<T>(
        &self,
        id: NodeId,
        asked: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        match self.lying(id) {
            Some(value) => asked(value?),
            None => asked(self.value(id)?.as_ref()),
        }
    }

    pub(super) fn equal(&self, left: NodeId, right: NodeId) -> Option<bool> {
        // What lies somewhere is no target.
        if let Some(left) = self.lying(left) {
            let left = left?;
            return self.with_value(right, |right| {
                numbers::compare(left, right).map(Ordering::is_eq)
            });
        }
        if let Some(a) = self.target(left)
            && let Some(b) = self.target(right)
        {
            return Some(a == b);
        }
        self.compare(left, right).map(Ordering::is_eq)
    }

    pub(super) fn compare(&self, left: NodeId, right: NodeId) -> Option<Ordering> {
        self.with_value(left, |left| {
            self.with_value(right, |right| numbers::compare(left, right))
        })
    }

    pub(super) fn between(&self, value: NodeId, least: NodeId, greatest: NodeId) -> Option<bool> {
        self.with_value(value, |value| {
            self.with_value(least, |least| {
                self.with_value(greatest, |greatest| {
                    let above = numbers::compare(value, least)?.is_ge();
                    Some(above && numbers::compare(value, greatest)?.is_le())
                })
            })
        })
    }
}
