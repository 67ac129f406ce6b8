//! Expressions: each checked once, with the type that its place expects.
//!
//! An expression with an erroneous part has no type: what contains it says nothing further.

mod compare;
mod contain;
mod operand;
mod path;
mod pattern;

pub(super) use compare::order_word;

use super::builder::Builder;
use super::constants::Literal;
use super::places::Place;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::expr::{Expr, ExprKind};
use crate::model::types::Type;
use crate::model::{CalendarId, Target};
use crate::source::Span;
use crate::syntax::ast;

/// Deeper nesting is refused; the parser's own limit lies below it.
const DEEPEST: usize = 250;

impl<'a> Builder<'a> {
    /// A condition: true, false or unknown.
    pub fn condition(&mut self, ast: &'a ast::Expr, place: Place) -> Option<Expr> {
        let expr = self.check(ast, place, Some(&Type::Bool))?;
        if expr.ty == Type::Bool {
            return Some(expr);
        }
        let message = message!(
            "a condition is true or false, {found}",
            found = self.say(&expr)
        );
        let finding = Diagnostic::error("type-mismatch", expr.span, message);
        let finding = match &expr.ty {
            Type::Set(_) => finding.help(message!("test it: `contains …`, `count(…) > 0`")),
            Type::Enum(_) | Type::Weekday | Type::Text => {
                finding.help(message!("compare it: `… is …`"))
            }
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Target => finding.help(message!("compare it: `… >= …`")),
        };
        self.report(finding);
        None
    }

    /// Any expression. `expected` is the type that its place asks for: it gives meaning to bare
    /// words and to literals, and need not be the type that comes out.
    pub fn check(
        &mut self,
        ast: &'a ast::Expr,
        place: Place,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        if self.depth >= DEEPEST {
            let message = message!("this is nested more than {deepest} deep", deepest = DEEPEST);
            self.report(
                Diagnostic::error("nesting", ast.span, message)
                    .help(message!("name parts of it with `define`")),
            );
            return None;
        }
        self.depth += 1;
        let result = self.check_form(ast, place, expected);
        self.depth -= 1;
        result
    }

    fn check_form(
        &mut self,
        ast: &'a ast::Expr,
        place: Place,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        match self.literal(ast, expected) {
            Literal::Value(value, ty) => {
                if expected == Some(&Type::Target)
                    && let crate::value::Value::Duration(length) = value
                {
                    let kind = ExprKind::Target(Target::Exact(length, CalendarId(0)));
                    return Some(Expr {
                        kind,
                        ty: Type::Target,
                        span: ast.span,
                    });
                }
                return Some(Expr {
                    kind: ExprKind::Constant(value),
                    ty,
                    span: ast.span,
                });
            }
            Literal::Wrong => return None,
            Literal::Other => {}
        }
        match &ast.kind {
            ast::ExprKind::Or(parts) => {
                let parts = self.conditions(parts, place)?;
                Some(Expr {
                    kind: ExprKind::Or(parts),
                    ty: Type::Bool,
                    span: ast.span,
                })
            }
            ast::ExprKind::And(parts) => {
                let parts = self.conditions(parts, place)?;
                Some(Expr {
                    kind: ExprKind::And(parts),
                    ty: Type::Bool,
                    span: ast.span,
                })
            }
            ast::ExprKind::Not(part) => {
                let part = self.condition(part, place)?;
                Some(Expr {
                    kind: ExprKind::Not(Box::new(part)),
                    ty: Type::Bool,
                    span: ast.span,
                })
            }
            ast::ExprKind::Test(left, op) => self.test(left, op, ast.span, place),
            ast::ExprKind::Arithmetic(op, left, right) => {
                self.arithmetic(*op, left, right, ast.span, place, expected)
            }
            ast::ExprKind::PartOf(part, of) => self.part_of(*part, of, ast.span, place),
            ast::ExprKind::Call(name, arguments) => self.call(name, arguments, ast.span, place),
            ast::ExprKind::Path(names) => self.path(names, ast.span, place, expected),
            ast::ExprKind::Target(target) => self.target_literal(target, place, expected),
            ast::ExprKind::Record(_) => self.misplaced(
                ast.span,
                message!("a record in braces can stand in the case of a test and in `set` only"),
            ),
            ast::ExprKind::Missing => self.misplaced(
                ast.span,
                message!("`missing` is no value: write `… is missing` or `… is present`"),
            ),
            ast::ExprKind::Bool(_)
            | ast::ExprKind::Integer(_)
            | ast::ExprKind::Decimal(_)
            | ast::ExprKind::Text(_)
            | ast::ExprKind::Date(_)
            | ast::ExprKind::Instant(_)
            | ast::ExprKind::Time(_)
            | ast::ExprKind::Duration(_)
            | ast::ExprKind::Set(_) => None,
        }
    }

    fn misplaced(&mut self, span: Span, message: Message) -> Option<Expr> {
        self.report(Diagnostic::error("not-allowed-here", span, message));
        None
    }

    fn conditions(&mut self, parts: &'a [ast::Expr], place: Place) -> Option<Vec<Expr>> {
        let mut checked = Vec::with_capacity(parts.len());
        for part in parts {
            checked.extend(self.condition(part, place));
        }
        // All are checked, so that every mistake is told.
        (checked.len() == parts.len()).then_some(checked)
    }

    fn target_literal(
        &mut self,
        target: &'a ast::Target,
        place: Place,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        if expected != Some(&Type::Target) || !place.reads_targets() {
            let message = message!(
                "`{text}` is a target, and can be compared with a target only",
                text = self.text(target.span)
            );
            let help = match target.kind {
                ast::TargetKind::Calendar(_) => {
                    message!(
                        "days, months and years have no exact length; write hours, such as `168h`"
                    )
                }
                ast::TargetKind::None
                | ast::TargetKind::Exact(..)
                | ast::TargetKind::WorkingDays(..) => {
                    message!(
                        "targets are written in tiers, and compared in guarantees and expectations: `sla.CLOCK.target <= 1h`"
                    )
                }
            };
            self.report(Diagnostic::error("type-mismatch", target.span, message).help(help));
            return None;
        }
        let target_value = self.target(target)?;
        Some(Expr {
            kind: ExprKind::Target(target_value),
            ty: Type::Target,
            span: target.span,
        })
    }
}
