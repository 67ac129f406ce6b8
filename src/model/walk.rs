//! Walking checked expressions: the one place that knows which parts each form has.
//!
//! Used by the builder, the lints and whoever else asks what an expression reads.

use super::expr::{Expr, ExprKind};
use smallvec::{SmallVec, smallvec};

impl ExprKind {
    /// The direct parts, from left to right.
    pub fn parts(&self) -> Vec<&Expr> {
        let mut parts = Vec::new();
        self.each_part(|part| parts.push(part));
        parts
    }

    /// Calls `visit` with each direct part, from left to right.
    fn each_part<'a>(&'a self, mut visit: impl FnMut(&'a Expr)) {
        match self {
            ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Field(_)
            | ExprKind::Define(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::HasHappened(_) => {}
            ExprKind::Or(parts)
            | ExprKind::And(parts)
            | ExprKind::Min(parts)
            | ExprKind::Max(parts)
            | ExprKind::Call(_, parts) => parts.iter().for_each(visit),
            ExprKind::Not(part)
            | ExprKind::PartOf(_, part)
            | ExprKind::Count(part)
            | ExprKind::Length(part)
            | ExprKind::In { value: part, .. }
            | ExprKind::Missing { value: part, .. }
            | ExprKind::TextMany { value: part, .. }
            | ExprKind::Matches { value: part, .. }
            | ExprKind::SetContainsMany { set: part, .. }
            | ExprKind::During { value: part, .. } => visit(part),
            ExprKind::Equal { left, right, .. }
            | ExprKind::Order(_, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::Text {
                value: left,
                pattern: right,
                ..
            }
            | ExprKind::SetContains {
                set: left,
                element: right,
            } => {
                visit(left);
                visit(right);
            }
            ExprKind::Between(value, lower, upper) => {
                visit(value);
                visit(lower);
                visit(upper);
            }
        }
    }

    /// The same with parts to be changed.
    fn each_part_mut<'a>(&'a mut self, mut visit: impl FnMut(&'a mut Expr)) {
        match self {
            ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Field(_)
            | ExprKind::Define(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::HasHappened(_) => {}
            ExprKind::Or(parts)
            | ExprKind::And(parts)
            | ExprKind::Min(parts)
            | ExprKind::Max(parts)
            | ExprKind::Call(_, parts) => parts.iter_mut().for_each(visit),
            ExprKind::Not(part)
            | ExprKind::PartOf(_, part)
            | ExprKind::Count(part)
            | ExprKind::Length(part)
            | ExprKind::In { value: part, .. }
            | ExprKind::Missing { value: part, .. }
            | ExprKind::TextMany { value: part, .. }
            | ExprKind::Matches { value: part, .. }
            | ExprKind::SetContainsMany { set: part, .. }
            | ExprKind::During { value: part, .. } => visit(part),
            ExprKind::Equal { left, right, .. }
            | ExprKind::Order(_, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::Text {
                value: left,
                pattern: right,
                ..
            }
            | ExprKind::SetContains {
                set: left,
                element: right,
            } => {
                visit(left);
                visit(right);
            }
            ExprKind::Between(value, lower, upper) => {
                visit(value);
                visit(lower);
                visit(upper);
            }
        }
    }
}

impl Expr {
    /// Calls `visit` on this expression and on all its parts, each before its own parts.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        let mut open: SmallVec<[&Expr; 16]> = smallvec![self];
        while let Some(next) = open.pop() {
            visit(next);
            let first = open.len();
            next.kind.each_part(|part| open.push(part));
            open[first..].reverse();
        }
    }

    /// Calls `change` on this expression and on all its parts, each before its own parts.
    pub fn walk_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        let mut open = vec![self];
        while let Some(next) = open.pop() {
            change(next);
            let first = open.len();
            next.kind.each_part_mut(|part| open.push(part));
            open[first..].reverse();
        }
    }
}
