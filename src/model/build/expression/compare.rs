//! Comparisons: `is`, the order operators, `between`, `in`, presence.

use super::super::builder::{Builder, Space};
use super::super::collect::RESERVED_VALUES;
use super::super::places::Place;
use super::super::suggest::written;
use super::super::wording::has_order;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::EventId;
use crate::model::expr::{Expr, ExprKind, OrderOp};
use crate::model::types::Type;
use crate::source::Span;
use crate::syntax::ast::{self, TestOp};
use crate::value::{Decimal, Value};

impl<'a> Builder<'a> {
    /// One comparison or test.
    pub(super) fn test(
        &mut self,
        left: &'a ast::Expr,
        op: &'a TestOp,
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        if let TestOp::HasHappened = op {
            return self.has_happened(left, span, place);
        }
        if self.reversed(left, op) {
            return None;
        }
        let left = self.check(left, place, None)?;
        let kind = match op {
            TestOp::Is {
                value,
                negated,
                ignoring_case,
            } => {
                let right = self.check(value, place, Some(&left.ty))?;
                let right = self.equal_sides(&left, right)?;
                self.case_ignorable(&left, *ignoring_case)?;
                ExprKind::Equal {
                    left: Box::new(left),
                    right: Box::new(right),
                    negated: *negated,
                    ignoring_case: *ignoring_case,
                }
            }
            TestOp::Missing(missing) => self.presence(left, *missing)?,
            TestOp::Order(op, right) => {
                self.ordered(&left, order_word(*op))?;
                let right = self.check(right, place, Some(&left.ty))?;
                self.comparable(&left, &right)?;
                ExprKind::Order(*op, Box::new(left), Box::new(right))
            }
            TestOp::Between(lower, upper) => {
                self.ordered(&left, "between")?;
                let lower = self.check(lower, place, Some(&left.ty));
                let upper = self.check(upper, place, Some(&left.ty));
                let (lower, upper) = (lower?, upper?);
                let sides = (
                    self.comparable(&left, &lower),
                    self.comparable(&left, &upper),
                );
                if let (Some(()), Some(())) = sides {
                    ExprKind::Between(Box::new(left), Box::new(lower), Box::new(upper))
                } else {
                    return None;
                }
            }
            TestOp::In {
                set,
                negated,
                ignoring_case,
            } => {
                return self.one_of_these(left, set, *negated, *ignoring_case, span, place);
            }
            TestOp::Text {
                op,
                value,
                ignoring_case,
            } => self.text_or_set(left, *op, value, *ignoring_case, place)?,
            TestOp::ContainsMany {
                all,
                set,
                ignoring_case,
            } => {
                return self.contains_many(left, *all, set, *ignoring_case, span, place);
            }
            TestOp::Matches {
                pattern,
                ignoring_case,
            } => self.matches(left, pattern, *ignoring_case)?,
            TestOp::During { calendar, outside } => {
                let calendar = self.look_up(Space::Calendar, calendar);
                if left.ty != Type::Instant {
                    let word = if *outside { "outside" } else { "during" };
                    let message = message!(
                        "`{word}` asks an instant, {found}",
                        word,
                        found = self.say(&left)
                    );
                    self.report(Diagnostic::error("type-mismatch", left.span, message));
                    return None;
                }
                ExprKind::During {
                    value: Box::new(left),
                    calendar: crate::model::CalendarId(calendar?),
                    outside: *outside,
                }
            }
            TestOp::HasHappened => return None,
        };
        Some(Expr {
            kind,
            ty: Type::Bool,
            span,
        })
    }

    fn has_happened(&mut self, left: &'a ast::Expr, span: Span, place: Place) -> Option<Expr> {
        let ast::ExprKind::Path(names) = &left.kind else {
            let message = message!(
                "`has happened` asks an event, `{text}` is none",
                text = self.text(left.span)
            );
            self.report(Diagnostic::error("unknown-event", left.span, message));
            return None;
        };
        let [name] = names.as_slice() else {
            let message = message!(
                "`has happened` asks an event, `{text}` is a path",
                text = self.text(left.span)
            );
            self.report(Diagnostic::error("unknown-event", left.span, message));
            return None;
        };
        let event = self.look_up(Space::Event, name)?;
        if !place.reads_events() {
            let message = message!(
                "`has happened` cannot be asked {place}",
                place = place.words()
            );
            self.report(
                Diagnostic::error("not-allowed-here", span, message).help(message!(
                    "events are read by clocks, follow-ups, holds, retention and requirements"
                )),
            );
            return None;
        }
        Some(Expr {
            kind: ExprKind::HasHappened(EventId(event)),
            ty: Type::Bool,
            span,
        })
    }

    /// Reports `fault is kind`, where the member stands on the left.
    fn reversed(&mut self, left: &'a ast::Expr, op: &'a TestOp) -> bool {
        let ast::ExprKind::Path(names) = &left.kind else {
            return false;
        };
        let [name] = names.as_slice() else {
            return false;
        };
        if self.declares(Space::Value, &name.text) || RESERVED_VALUES.contains(&name.text.as_str())
        {
            return false;
        }
        let (TestOp::Is { value: right, .. } | TestOp::Order(_, right)) = op else {
            return false;
        };
        let ast::ExprKind::Path(path) = &right.kind else {
            return false;
        };
        let Some(ty) = self.quiet_type(path) else {
            return false;
        };
        if self.member(&ty, &name.text).is_none() {
            return false;
        }
        let (member, value) = (self.text(left.span), self.text(right.span));
        let message = message!(
            "`{member}` is a member of `{value}` and cannot stand on the left",
            member,
            value
        );
        let mut finding = Diagnostic::error("unknown-name", left.span, message);
        if let TestOp::Is { .. } = op {
            finding = finding
                .help(message!(
                    "turn it around: `{value} is {written}`",
                    value,
                    written = written(&name.text)
                ))
                .safe_fix(left.span, value)
                .safe_fix(right.span, written(&name.text));
        } else {
            finding = finding.help(message!("turn the comparison around"));
        }
        self.report(finding);
        true
    }

    /// The type of a path if it is a field, a classification or a checked define; says nothing.
    fn quiet_type(&mut self, path: &'a [ast::Name]) -> Option<Type> {
        let (first, rest) = path.split_first()?;
        self.values.get(first.text.as_str())?;
        let kept = self.findings.len();
        let wanted = self.wanted.len();
        let span = rest
            .last()
            .map_or(first.span, |last| first.span.to(last.span));
        let found = self.path(path, span, Place::Expect, None);
        self.findings.truncate(kept);
        self.wanted.truncate(wanted);
        found.map(|expr| expr.ty)
    }

    /// Checks the sides of `is`, and brings a constant on the right to the type of the left.
    pub(super) fn equal_sides(&mut self, left: &Expr, mut right: Expr) -> Option<Expr> {
        self.comparable(left, &right)?;
        let digits = match &left.ty {
            Type::Integer => 0,
            Type::Decimal(scale) => *scale,
            Type::Bool
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_)
            | Type::Set(_)
            | Type::Target => return Some(right),
        };
        if let ExprKind::Constant(Value::Decimal(number)) = &right.kind
            && !matches!(left.kind, ExprKind::Constant(_))
        {
            match number
                .rescale(digits)
                .and_then(|number| self.number_of(number, &left.ty))
            {
                Some(value) => {
                    right = Expr {
                        kind: ExprKind::Constant(value),
                        ty: left.ty.clone(),
                        ..right
                    }
                }
                None => {
                    let message = message!(
                        "{found}, so it is never `{text}`",
                        found = self.say(left),
                        text = self.text(right.span)
                    );
                    self.report(
                        Diagnostic::error("type-mismatch", right.span, message)
                            .help(message!("compare with `<` or `>=`, or write fewer digits")),
                    );
                    return None;
                }
            }
        }
        Some(right)
    }

    fn number_of(&self, number: Decimal, ty: &Type) -> Option<Value> {
        match ty {
            Type::Integer => i64::try_from(number.mantissa()).ok().map(Value::Integer),
            _ => Some(Value::Decimal(number)),
        }
    }

    /// Checks that two sides can be compared; reports both types when they cannot.
    pub(super) fn comparable(&mut self, left: &Expr, right: &Expr) -> Option<()> {
        let numbers = |ty: &Type| matches!(ty, Type::Integer | Type::Decimal(_));
        if self.enums.same(&left.ty, &right.ty) || (numbers(&left.ty) && numbers(&right.ty)) {
            return Some(());
        }
        let message = message!(
            "{left}, {right}",
            left = self.say(left),
            right = self.say(right)
        );
        let finding = Diagnostic::error("type-mismatch", right.span, message)
            .also(left.span, message!("compared with this"));
        let (left_text, right_text) = (self.text(left.span), self.text(right.span));
        let finding = match (&left.ty, &right.ty) {
            (Type::Enum(a), Type::Enum(b)) => {
                let same_members = match (self.enums.get(*a), self.enums.get(*b)) {
                    (Some(a), Some(b)) => a
                        .members
                        .iter()
                        .map(|m| &m.name)
                        .eq(b.members.iter().map(|m| &m.name)),
                    _ => false,
                };
                if same_members {
                    finding.help(message!(
                        "one of the two has an order (`<`) and the other has none"
                    ))
                } else {
                    finding.help(message!("their members are declared apart; give both one type with `type NAME = one of {{ … }}`"))
                }
            }
            (Type::Set(element), other) if self.enums.same(element, other) => {
                finding.help(message!(
                    "ask whether it is in the set: `{left_text} contains {right_text}`",
                    left_text,
                    right_text
                ))
            }
            (other, Type::Set(element)) if self.enums.same(element, other) => {
                finding.help(message!(
                    "ask for one of several with `in`: `{left_text} in {right_text}`",
                    left_text,
                    right_text
                ))
            }
            (Type::Instant, Type::Date) => finding.help(message!(
                "compare the date: `date of {left_text}`",
                left_text
            )),
            (Type::Instant, Type::Time) => finding.help(message!(
                "compare the time of day: `time of {left_text}`",
                left_text
            )),
            (Type::Instant, Type::Weekday) => finding.help(message!(
                "compare the weekday: `weekday of {left_text}`",
                left_text
            )),
            (Type::Text, Type::Enum(_)) => finding.help(message!(
                "turn it around: `{value} is {written}`",
                value = right_text,
                written = left_text.trim_matches('"')
            )),
            (Type::Bool, _) => finding.help(message!(
                "`{left_text}` is a condition by itself, or compare it with `true` or `false`",
                left_text
            )),
            _ => finding,
        };
        self.report(finding);
        None
    }

    fn ordered(&mut self, left: &Expr, op: &str) -> Option<()> {
        if has_order(&left.ty, &self.enums) {
            return Some(());
        }
        let message = message!(
            "`{op}` asks values that have an order, {found}",
            op,
            found = self.say(left)
        );
        let finding = Diagnostic::error("type-mismatch", left.span, message);
        let finding = match &left.ty {
            Type::Enum(_) => finding.help(message!("if its members have an order, declare it with `<` between them: `one of {{ low < high }}`; otherwise compare with `is` or `in`")),
            Type::Set(_) => finding.help(message!("compare how many it holds: `count(…)`")),
            Type::Text => finding.help(message!("compare its length with `length(…)`, or the text itself with `is`")),
            _ => finding,
        };
        self.report(finding);
        None
    }

    pub(super) fn case_ignorable(&mut self, left: &Expr, ignoring_case: bool) -> Option<()> {
        if !ignoring_case || left.ty == Type::Text {
            return Some(());
        }
        let message = message!(
            "`ignoring case` is for text, {found}",
            found = self.say(left)
        );
        self.report(
            Diagnostic::error("type-mismatch", left.span, message)
                .help(message!("leave `ignoring case` out")),
        );
        None
    }

    fn presence(&mut self, left: Expr, missing: bool) -> Option<ExprKind> {
        match left.kind {
            ExprKind::Field(_)
            | ExprKind::Define(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::Call(..) => Some(ExprKind::Missing {
                value: Box::new(left),
                negated: !missing,
            }),
            ExprKind::Constant(_)
            | ExprKind::Target(_)
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
            | ExprKind::PartOf(..)
            | ExprKind::Count(_)
            | ExprKind::Length(_)
            | ExprKind::Min(_)
            | ExprKind::Max(_) => {
                let word = if missing { "missing" } else { "present" };
                let message = message!(
                    "`is {word}` asks a field, a `define`, a classification or a function, not `{text}`",
                    word,
                    text = self.text(left.span)
                );
                self.report(
                    Diagnostic::error("not-allowed-here", left.span, message).help(message!(
                        "ask each field that it reads, or name it with `define` and ask that"
                    )),
                );
                None
            }
        }
    }

    /// `in { … }`: constants make one set; where a value stands among them, each is compared.
    fn one_of_these(
        &mut self,
        left: Expr,
        set: &'a ast::Expr,
        negated: bool,
        ignoring_case: bool,
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        self.case_ignorable(&left, ignoring_case)?;
        let boolean = |kind: ExprKind| Expr {
            kind,
            ty: Type::Bool,
            span,
        };
        let ast::ExprKind::Set(elements) = &set.kind else {
            let expected = Type::Set(Box::new(left.ty.clone()));
            if let ast::ExprKind::Path(names) = &set.kind
                && let [name] = names.as_slice()
                && self.member(&left.ty, &name.text).is_some()
                && !self.declares(Space::Value, &name.text)
            {
                let word = written(&name.text);
                let message = message!("`in` asks a set, `{name}` is one member", name = name.text);
                self.report(
                    Diagnostic::error("type-mismatch", set.span, message)
                        .help(message!("write `in {{ {word} }}`, or `is {word}`", word))
                        .safe_fix(set.span, format!("{{ {word} }}")),
                );
                return None;
            }
            let set = self.check(set, place, Some(&expected))?;
            if !self.enums.same(&set.ty, &expected) {
                let message = message!(
                    "`in` asks a set: {left}, {right}",
                    left = self.say(&left),
                    right = self.say(&set)
                );
                let help = message!(
                    "write the values in braces: `in {{ {text} }}`",
                    text = self.text(set.span)
                );
                self.report(Diagnostic::error("type-mismatch", set.span, message).help(help));
                return None;
            }
            let inside = boolean(ExprKind::SetContains {
                set: Box::new(set),
                element: Box::new(left),
            });
            return Some(if negated {
                boolean(ExprKind::Not(Box::new(inside)))
            } else {
                inside
            });
        };
        if elements.is_empty() {
            let message = message!(
                "`{text}` holds nothing, so nothing is in it",
                text = self.text(set.span)
            );
            self.report(
                Diagnostic::error("empty-set", set.span, message)
                    .help(message!("name at least one value")),
            );
            return None;
        }
        let mut sides = Vec::with_capacity(elements.len());
        let mut sound = true;
        for element in elements {
            let side = self
                .check(element, place, Some(&left.ty))
                .and_then(|right| self.equal_sides(&left, right));
            match side {
                Some(side) => sides.push(side),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let constants: Option<Vec<Value>> = sides.iter().map(constant_of).collect();
        if let Some(mut values) = constants {
            values.sort();
            values.dedup();
            let kind = ExprKind::In {
                value: Box::new(left),
                set: values,
                negated,
                ignoring_case,
            };
            return Some(boolean(kind));
        }
        let mut tests: Vec<Expr> = sides
            .into_iter()
            .map(|side| Expr {
                span: side.span,
                ty: Type::Bool,
                kind: ExprKind::Equal {
                    left: Box::new(left.clone()),
                    right: Box::new(side),
                    negated,
                    ignoring_case,
                },
            })
            .collect();
        if tests.len() == 1 {
            return tests.pop();
        }
        Some(boolean(if negated {
            ExprKind::And(tests)
        } else {
            ExprKind::Or(tests)
        }))
    }
}

/// The value of a constant expression.
pub(super) fn constant_of(expr: &Expr) -> Option<Value> {
    if let ExprKind::Constant(value) = &expr.kind {
        Some(value.clone())
    } else {
        None
    }
}

pub(in super::super) fn order_word(op: OrderOp) -> &'static str {
    match op {
        OrderOp::Less => "<",
        OrderOp::LessOrEqual => "<=",
        OrderOp::Greater => ">",
        OrderOp::GreaterOrEqual => ">=",
    }
}
