//! `impossible-comparison`: a comparison whose answer does not depend on the case.
//!
//! The declared bounds, the members of the type or the constants themselves settle it: it can never
//! be true, or is always true when its value is present. Often a digit is missing, the sides are
//! swapped, or the bounds were changed later. Only single comparisons are looked at here; conditions
//! that contradict one another are for `never-matches`.
//!
//! Example:
//!
//! ```text
//! case { affected_users: integer from 0 default 0 … }
//! rule none when affected_users < 0 then minor              # never true
//! ```
//!
//! Instead: correct the constant or the bounds, or leave the comparison out. To ask only whether a
//! value is there, write `is present`.

use super::ranges::{Range, compare, order, range_of};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::{Expr, ExprKind, OrderOp, TextOp};
use crate::value::Value;
use std::collections::HashSet;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "impossible-comparison",
    level: Level::Warn,
    check: Some(check),
};

/// What a comparison always is, and why.
struct Settled {
    always: bool,
    why: Message,
}

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    // The header of a table is part of each of its rows.
    let mut seen = HashSet::new();
    facts.model.each_condition(&mut |subject, condition| {
        condition.walk(&mut |expr| {
            let Some(settled) = settle(facts, expr) else {
                return;
            };
            let text = facts.text(expr.span);
            let word = match (settled.always, constants_only(expr)) {
                (true, true) => message!("always true"),
                (true, false) => message!("always true when its value is present"),
                (false, _) => message!("never true"),
            };
            if seen.insert((expr.span, settled.always)) {
                findings.push(
                    Diagnostic::warn(
                        LINT.code,
                        expr.span,
                        message!("`{text}` is {word}: {why}", text, word, why = settled.why),
                    )
                    .subject(subject)
                    .help(message!(
                        "correct the constant or the declared bounds, or leave the comparison out"
                    )),
                );
            }
        });
    });
}

fn constants_only(expr: &Expr) -> bool {
    expr.kind
        .parts()
        .iter()
        .all(|part| matches!(part.kind, ExprKind::Constant(_)))
}

fn settle(facts: &Facts<'_>, expr: &Expr) -> Option<Settled> {
    match &expr.kind {
        ExprKind::Order(op, left, right) => ordered(facts, *op, left, right),
        ExprKind::Equal {
            left,
            right,
            negated,
            ..
        } => {
            if same_field(left, right) {
                return Some(Settled {
                    always: !negated,
                    why: message!("both sides are the same field"),
                });
            }
            let (a, b) = (range_of(left, facts.model), range_of(right, facts.model));
            let compared = compare(&a, &b);
            if compared.always_less || compared.always_greater {
                let why = reason(facts, left, &a, right, &b, compared.always_less);
                return Some(Settled {
                    always: *negated,
                    why,
                });
            }
            match (&left.kind, &right.kind) {
                (ExprKind::Constant(a), ExprKind::Constant(b)) => Some(Settled {
                    always: (order(a, b).is_eq()) != *negated,
                    why: message!("both sides are constants"),
                }),
                _ => None,
            }
        }
        ExprKind::Between(value, lower, upper) => {
            let (a, b, c) = (
                range_of(value, facts.model),
                range_of(lower, facts.model),
                range_of(upper, facts.model),
            );
            let limits = compare(&b, &c);
            if limits.always_greater {
                let why = message!(
                    "`{lower}` is greater than `{upper}`; the smaller one comes first",
                    lower = facts.text(lower.span),
                    upper = facts.text(upper.span)
                );
                return Some(Settled { always: false, why });
            }
            let (low, high) = (compare(&a, &b), compare(&a, &c));
            if low.always_less {
                return Some(Settled {
                    always: false,
                    why: reason(facts, value, &a, lower, &b, true),
                });
            }
            if high.always_greater {
                return Some(Settled {
                    always: false,
                    why: reason(facts, value, &a, upper, &c, false),
                });
            }
            None
        }
        ExprKind::In {
            value,
            set,
            negated,
            ..
        } => {
            let range = range_of(value, facts.model);
            let outside = |constant: &Value| {
                let one = Range {
                    least: Some(constant.clone()),
                    greatest: Some(constant.clone()),
                };
                let compared = compare(&range, &one);
                compared.always_less || compared.always_greater
            };
            if !set.is_empty() && set.iter().all(outside) {
                let why = message!(
                    "{limits}, and the set holds nothing from there",
                    limits = limits(facts, value, &range)
                );
                return Some(Settled {
                    always: *negated,
                    why,
                });
            }
            None
        }
        ExprKind::Text { op, pattern, .. } => {
            let ExprKind::Constant(Value::Text(text)) = &pattern.kind else {
                return None;
            };
            if !text.is_empty() {
                return None;
            }
            let why = match op {
                TextOp::Contains => message!("every text contains the empty text"),
                TextOp::StartsWith => message!("every text starts with the empty text"),
                TextOp::EndsWith => message!("every text ends with the empty text"),
            };
            Some(Settled { always: true, why })
        }
        ExprKind::Constant(_)
        | ExprKind::Target(_)
        | ExprKind::Field(_)
        | ExprKind::Define(_)
        | ExprKind::Classification(_)
        | ExprKind::Outcome(_)
        | ExprKind::Or(_)
        | ExprKind::And(_)
        | ExprKind::Not(_)
        | ExprKind::Missing { .. }
        | ExprKind::TextMany { .. }
        | ExprKind::Matches { .. }
        | ExprKind::SetContains { .. }
        | ExprKind::SetContainsMany { .. }
        | ExprKind::During { .. }
        | ExprKind::HasHappened(_)
        | ExprKind::Arithmetic(..)
        | ExprKind::PartOf(..)
        | ExprKind::Count(_)
        | ExprKind::Length(_)
        | ExprKind::Min(_)
        | ExprKind::Max(_)
        | ExprKind::Call(..) => None,
    }
}

fn ordered(facts: &Facts<'_>, op: OrderOp, left: &Expr, right: &Expr) -> Option<Settled> {
    if same_field(left, right) {
        let always = matches!(op, OrderOp::LessOrEqual | OrderOp::GreaterOrEqual);
        return Some(Settled {
            always,
            why: message!("both sides are the same field"),
        });
    }
    let (a, b) = (range_of(left, facts.model), range_of(right, facts.model));
    let compared = compare(&a, &b);
    let (always, never, less) = match op {
        OrderOp::Less => (compared.always_less, compared.always_greater_or_equal, true),
        OrderOp::LessOrEqual => (compared.always_less_or_equal, compared.always_greater, true),
        OrderOp::Greater => (
            compared.always_greater,
            compared.always_less_or_equal,
            false,
        ),
        OrderOp::GreaterOrEqual => (
            compared.always_greater_or_equal,
            compared.always_less,
            false,
        ),
    };
    match (always, never) {
        (true, _) => Some(Settled {
            always: true,
            why: reason(facts, left, &a, right, &b, less),
        }),
        (false, true) => Some(Settled {
            always: false,
            why: reason(facts, left, &a, right, &b, !less),
        }),
        (false, false) => None,
    }
}

fn same_field(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (ExprKind::Field(a), ExprKind::Field(b)) => a == b,
        _ => false,
    }
}

/// Why the left side lies below (`less`) or above the right one: the limit of the side that is no
/// constant.
fn reason(
    facts: &Facts<'_>,
    left: &Expr,
    a: &Range,
    right: &Expr,
    b: &Range,
    less: bool,
) -> Message {
    let constant = |expr: &Expr| matches!(expr.kind, ExprKind::Constant(_));
    match (constant(left), constant(right)) {
        (true, true) => message!("both sides are constants"),
        (false, _) => limit(facts, left, if less { &a.greatest } else { &a.least }, less),
        (true, false) => limit(
            facts,
            right,
            if less { &b.least } else { &b.greatest },
            !less,
        ),
    }
}

fn limit(facts: &Facts<'_>, expr: &Expr, value: &Option<Value>, most: bool) -> Message {
    let text = facts.text(expr.span);
    match (value, most) {
        (Some(value), true) => {
            let limit = say(facts, value, expr);
            message!("`{text}` is at most `{limit}`", text, limit)
        }
        (Some(value), false) => {
            let limit = say(facts, value, expr);
            message!("`{text}` is at least `{limit}`", text, limit)
        }
        (None, _) => message!("of the declared bounds of `{text}`", text),
    }
}

fn limits(facts: &Facts<'_>, expr: &Expr, range: &Range) -> Message {
    let text = facts.text(expr.span);
    match (&range.least, &range.greatest) {
        (Some(least), Some(greatest)) => {
            message!(
                "`{text}` lies between `{least}` and `{greatest}`",
                text,
                least = say(facts, least, expr),
                greatest = say(facts, greatest, expr)
            )
        }
        (Some(_), None) => limit(facts, expr, &range.least, false),
        (None, greatest) => limit(facts, expr, greatest, true),
    }
}

/// A limit as it is written.
fn say(facts: &Facts<'_>, value: &Value, expr: &Expr) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Decimal(value) => value.to_string(),
        Value::Text(value) => value.to_string(),
        Value::Instant(value) => value.format(facts.model.zone),
        Value::Date(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::Weekday(value) => value.word().to_owned(),
        Value::Duration(value) => value.to_string(),
        Value::Member(member) => match &expr.ty {
            crate::model::Type::Enum(id) => facts.model.schema.member(*id, *member).to_owned(),
            _ => String::new(),
        },
        Value::Set(_) => String::new(),
    }
}
