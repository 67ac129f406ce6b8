//! Walking checked expressions: the one place that knows which parts each form has.
//!
//! Used by the builder, the lints and whoever else asks what an expression reads.

use super::expr::{Expr, ExprKind};

impl ExprKind {
    /// The direct parts, from left to right.
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Field(_)
            | ExprKind::Define(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::HasHappened(_) => Vec::new(),
            ExprKind::Or(parts)
            | ExprKind::And(parts)
            | ExprKind::Min(parts)
            | ExprKind::Max(parts)
            | ExprKind::Call(_, parts) => parts.iter().collect(),
            ExprKind::Not(part)
            | ExprKind::PartOf(_, part)
            | ExprKind::Count(part)
            | ExprKind::Length(part)
            | ExprKind::In { value: part, .. }
            | ExprKind::Missing { value: part, .. }
            | ExprKind::TextMany { value: part, .. }
            | ExprKind::Matches { value: part, .. }
            | ExprKind::SetContainsMany { set: part, .. }
            | ExprKind::During { value: part, .. } => vec![part],
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
            } => vec![left, right],
            ExprKind::Between(value, lower, upper) => vec![value, lower, upper],
        }
    }

    /// The direct parts, from left to right, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Field(_)
            | ExprKind::Define(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::HasHappened(_) => Vec::new(),
            ExprKind::Or(parts)
            | ExprKind::And(parts)
            | ExprKind::Min(parts)
            | ExprKind::Max(parts)
            | ExprKind::Call(_, parts) => parts.iter_mut().collect(),
            ExprKind::Not(part)
            | ExprKind::PartOf(_, part)
            | ExprKind::Count(part)
            | ExprKind::Length(part)
            | ExprKind::In { value: part, .. }
            | ExprKind::Missing { value: part, .. }
            | ExprKind::TextMany { value: part, .. }
            | ExprKind::Matches { value: part, .. }
            | ExprKind::SetContainsMany { set: part, .. }
            | ExprKind::During { value: part, .. } => vec![part],
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
            } => vec![left, right],
            ExprKind::Between(value, lower, upper) => vec![value, lower, upper],
        }
    }
}

impl Expr {
    /// Calls `visit` on this expression and on all its parts, each before its own parts.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        let mut open = vec![self];
        while let Some(next) = open.pop() {
            visit(next);
            open.extend(next.kind.parts().into_iter().rev());
        }
    }

    /// Calls `change` on this expression and on all its parts, each before its own parts.
    pub fn walk_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        let mut open = vec![self];
        while let Some(next) = open.pop() {
            change(next);
            open.extend(next.kind.parts_mut().into_iter().rev());
        }
    }
}
