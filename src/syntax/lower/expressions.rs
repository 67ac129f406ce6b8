//! Conditions and values.

use super::super::ast::{
    ArithmeticOp, Expr, ExprKind, InstantPart, Name, OrderOp, Target, TargetKind, TestOp, TextOp,
};
use super::super::grammar::Rule;
use super::{Lower, Node, children};
use crate::diag::Diagnostic;
use crate::message::message;
use crate::source::Span;

/// The most `not`s, sums or products in a row; more would be no text that a person wrote.
const LONGEST_CHAIN: usize = 100;

impl Lower<'_> {
    /// A condition or a value.
    pub fn expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut parts = Vec::new();
        let mut ops = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::logic_op => {
                    let or = child.as_str().starts_with("or");
                    ops.push((or, self.span(&child)));
                }
                _ => parts.push(self.negation(child)),
            }
        }
        let mixed = ops.iter().any(|(or, _)| *or) && ops.iter().any(|(or, _)| !*or);
        if mixed {
            self.report_mixed(&parts, &ops);
        }
        match (parts.len(), ops.first()) {
            (0 | 1, _) | (_, None) => parts.pop().unwrap_or(Expr {
                kind: ExprKind::Bool(false),
                span,
            }),
            (_, Some((true, _))) => Expr {
                kind: ExprKind::Or(parts),
                span,
            },
            (_, Some((false, _))) => Expr {
                kind: ExprKind::And(parts),
                span,
            },
        }
    }

    fn report_mixed(&mut self, parts: &[Expr], ops: &[(bool, Span)]) {
        let first = ops.first().is_some_and(|(or, _)| *or);
        let Some((or, place)) = ops.iter().find(|(or, _)| *or != first) else {
            return;
        };
        let (here, before) = if *or { ("or", "and") } else { ("and", "or") };
        let mut finding = Diagnostic::error(
            "mixed-and-or",
            *place,
            message!("`{before}` and `{here}` stand side by side", before, here),
        )
        .label(message!("which of them comes first?"))
        .help(message!(
            "put parentheses around what belongs together; without them `and` would bind first"
        ));
        // Parentheses around each run of `and`: the reading that most languages have.
        let mut start = 0;
        for at in 0..=ops.len() {
            if at == ops.len() || ops.get(at).is_some_and(|(or, _)| *or) {
                if at > start
                    && let (Some(first), Some(last)) = (parts.get(start), parts.get(at))
                {
                    finding = finding
                        .unsafe_fix(first.span.at_start(), "(")
                        .unsafe_fix(last.span.at_end(), ")");
                }
                start = at + 1;
            }
        }
        self.report(finding);
    }

    fn negation(&mut self, node: Node<'_>) -> Expr {
        let whole = self.span(&node);
        let mut nots = Vec::new();
        let mut inner = None;
        for child in node.into_inner() {
            match child.as_rule() {
                Rule::kw_not => nots.push(self.span(&child)),
                _ => inner = Some(self.comparison(child)),
            }
        }
        let mut expr = inner.unwrap_or(Expr {
            kind: ExprKind::Bool(false),
            span: whole,
        });
        if nots.len() > LONGEST_CHAIN {
            self.report(nesting(whole));
            nots.truncate(1);
        }
        for start in nots.into_iter().rev() {
            let span = start.to(expr.span);
            expr = Expr {
                kind: ExprKind::Not(Box::new(expr)),
                span,
            };
        }
        expr
    }

    fn comparison(&mut self, node: Node<'_>) -> Expr {
        let whole = self.span(&node);
        let mut parts = children(node);
        let Some(first) = parts.next() else {
            return Expr {
                kind: ExprKind::Bool(false),
                span: whole,
            };
        };
        let mut expr = self.sum(first);
        let mut before: Option<Span> = None;
        for (at, test) in parts.enumerate() {
            let place = self.span(&test);
            if at > 0 {
                if at == 1 {
                    self.report(chained(before, place, whole));
                }
                continue;
            }
            before = Some(place);
            if let Some(op) = test.into_inner().next().and_then(|inner| self.test(inner)) {
                let span = expr.span.to(place);
                expr = Expr {
                    kind: ExprKind::Test(Box::new(expr), Box::new(op)),
                    span,
                };
            }
        }
        expr
    }

    fn test(&mut self, node: Node<'_>) -> Option<TestOp> {
        let form = node.as_rule();
        let span = self.span(&node);
        let all = node
            .clone()
            .into_inner()
            .any(|child| child.as_rule() == Rule::kw_all);
        let negated = node
            .clone()
            .into_inner()
            .any(|child| child.as_rule() == Rule::kw_not);
        let not_span = node
            .clone()
            .into_inner()
            .find(|child| child.as_rule() == Rule::kw_not)
            .map(|n| self.span(&n));
        let mut values = Vec::new();
        let mut names: Vec<Name> = Vec::new();
        let mut pattern = None;
        let mut order = None;
        let mut ignoring_case = false;
        for child in children(node) {
            match child.as_rule() {
                Rule::sum => values.push(self.sum(child)),
                Rule::identifier => names.push(self.name(&child)),
                Rule::ignoring_case => ignoring_case = true,
                Rule::regex | Rule::string => pattern = Some(self.pattern(&child)),
                Rule::order_op => order = Some(order_op(child.as_str())),
                Rule::presence_word => {
                    let missing = child.as_str() == "missing";
                    if let Some(not) = not_span {
                        let (word, other) = if missing {
                            ("missing", "present")
                        } else {
                            ("present", "missing")
                        };
                        let place = not.to(self.span(&child));
                        self.report(
                            Diagnostic::error(
                                "not-missing",
                                place,
                                message!("`is not {word}` has a word of its own", word),
                            )
                            .label(message!("write `{instead}`", instead = other))
                            .safe_fix(place, other),
                        );
                        return Some(TestOp::Missing(!missing));
                    }
                    return Some(TestOp::Missing(missing));
                }
                _ => {}
            }
        }
        let mut values = values.into_iter();
        Some(match form {
            Rule::test_is => TestOp::Is {
                value: values.next()?,
                negated,
                ignoring_case,
            },
            Rule::test_has_happened => TestOp::HasHappened,
            Rule::test_in => TestOp::In {
                set: values.next()?,
                negated,
                ignoring_case,
            },
            Rule::test_order => TestOp::Order(order?, values.next()?),
            Rule::test_between => TestOp::Between(values.next()?, values.next()?),
            Rule::test_contains_many => TestOp::ContainsMany {
                all,
                set: values.next()?,
                ignoring_case,
            },
            Rule::test_contains => TestOp::Text {
                op: TextOp::Contains,
                value: values.next()?,
                ignoring_case,
            },
            Rule::test_starts_with => TestOp::Text {
                op: TextOp::StartsWith,
                value: values.next()?,
                ignoring_case,
            },
            Rule::test_ends_with => TestOp::Text {
                op: TextOp::EndsWith,
                value: values.next()?,
                ignoring_case,
            },
            Rule::test_matches => TestOp::Matches {
                pattern: pattern?,
                ignoring_case,
            },
            Rule::test_during => TestOp::During {
                calendar: names.pop()?,
                outside: false,
            },
            Rule::test_outside => TestOp::During {
                calendar: names.pop()?,
                outside: true,
            },
            _ => {
                self.report(nesting(span));
                return None;
            }
        })
    }

    /// A sum, a product or a single value.
    pub fn sum(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut op = ArithmeticOp::Add;
        let mut result: Option<Expr> = None;
        for (at, child) in children(node).enumerate() {
            match child.as_rule() {
                Rule::sum_op => {
                    op = if child.as_str() == "+" {
                        ArithmeticOp::Add
                    } else {
                        ArithmeticOp::Subtract
                    };
                }
                _ => {
                    if at == 2 * LONGEST_CHAIN {
                        self.report(nesting(span));
                    }
                    let right = self.product(child);
                    result = Some(match result {
                        None => right,
                        Some(left) if at >= 2 * LONGEST_CHAIN => left,
                        Some(left) => arithmetic(op, left, right),
                    });
                }
            }
        }
        result.unwrap_or(Expr {
            kind: ExprKind::Bool(false),
            span,
        })
    }

    fn product(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut result: Option<Expr> = None;
        for (at, child) in children(node).enumerate() {
            if at == LONGEST_CHAIN {
                self.report(nesting(span));
            }
            let right = self.primary(child);
            result = Some(match result {
                None => right,
                Some(left) if at >= LONGEST_CHAIN => left,
                Some(left) => arithmetic(ArithmeticOp::Multiply, left, right),
            });
        }
        result.unwrap_or(Expr {
            kind: ExprKind::Bool(false),
            span,
        })
    }

    fn primary(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let Some(inner) = node.into_inner().next() else {
            return Expr {
                kind: ExprKind::Bool(false),
                span,
            };
        };
        let kind = match inner.as_rule() {
            Rule::group => match children(inner).next() {
                Some(grouped) => return self.expr(grouped),
                None => ExprKind::Bool(false),
            },
            Rule::working_days => self
                .working_days(inner)
                .map_or(ExprKind::Missing, ExprKind::Target),
            Rule::period => {
                let period = self.period(inner);
                ExprKind::Target(Target {
                    kind: TargetKind::Calendar(period),
                    span,
                })
            }
            Rule::duration_of => ExprKind::Target(self.duration_of(inner)),
            Rule::instant => self
                .instant(&inner)
                .map_or(ExprKind::Missing, |(at, _)| ExprKind::Instant(at)),
            Rule::date => self
                .date(&inner)
                .map_or(ExprKind::Missing, |(date, _)| ExprKind::Date(date)),
            Rule::clock_time => self
                .time_of_day(&inner)
                .map_or(ExprKind::Missing, ExprKind::Time),
            Rule::duration => ExprKind::Duration(self.duration(&inner)),
            Rule::decimal => self.decimal(&inner),
            Rule::integer => ExprKind::Integer(self.integer(&inner)),
            Rule::string => ExprKind::Text(self.text(&inner).text),
            Rule::boolean => ExprKind::Bool(inner.as_str() == "true"),
            Rule::part_of => self.part_of(inner),
            Rule::call => self.call(inner),
            Rule::presence_word => {
                let word = inner.as_str().to_owned();
                self.report(
                    Diagnostic::error(
                        "lonely-missing",
                        span,
                        message!("`{word}` needs a name before it", word),
                    )
                    .label(message!("what is asked about?"))
                    .help(message!(
                        "write `NAME is {word}`; the opposite of `is missing` is `is present`",
                        word
                    )),
                );
                ExprKind::Missing
            }
            Rule::path => ExprKind::Path(children(inner).map(|part| self.name(&part)).collect()),
            Rule::set => ExprKind::Set(children(inner).map(|part| self.sum(part)).collect()),
            _ => ExprKind::Missing,
        };
        Expr { kind, span }
    }

    fn part_of(&mut self, node: Node<'_>) -> ExprKind {
        let part = match node.as_str().as_bytes().first() {
            Some(b'w') => InstantPart::Weekday,
            Some(b'd') => InstantPart::Date,
            _ => InstantPart::Time,
        };
        match children(node).next() {
            Some(inner) => ExprKind::PartOf(part, Box::new(self.primary(inner))),
            None => ExprKind::Missing,
        }
    }

    fn call(&mut self, node: Node<'_>) -> ExprKind {
        let mut parts = children(node);
        match parts.next() {
            Some(name) => {
                let name = self.name(&name);
                ExprKind::Call(name, parts.map(|argument| self.expr(argument)).collect())
            }
            None => ExprKind::Missing,
        }
    }

    /// `1h of business`
    pub fn duration_of(&mut self, node: Node<'_>) -> Target {
        let span = self.span(&node);
        let mut duration = crate::time::Duration::ZERO;
        let mut calendar = None;
        for child in children(node) {
            match child.as_rule() {
                Rule::duration => duration = self.duration(&child),
                _ => calendar = Some(self.name(&child)),
            }
        }
        Target {
            kind: TargetKind::Exact(duration, calendar),
            span,
        }
    }

    /// `2 working days of business by close`
    pub fn working_days(&mut self, node: Node<'_>) -> Option<Target> {
        let span = self.span(&node);
        let mut count = 0;
        let mut calendar = None;
        for child in children(node) {
            match child.as_rule() {
                Rule::digits => count = self.count(&child),
                _ => calendar = Some(self.name(&child)),
            }
        }
        Some(Target {
            kind: TargetKind::WorkingDays(count, calendar?),
            span,
        })
    }
}

fn arithmetic(op: ArithmeticOp, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Arithmetic(op, Box::new(left), Box::new(right)),
        span,
    }
}

/// The order sign of a text that the grammar has accepted as one.
pub(super) fn order_op(sign: &str) -> OrderOp {
    match sign {
        "<" => OrderOp::Less,
        "<=" => OrderOp::LessOrEqual,
        ">" => OrderOp::Greater,
        _ => OrderOp::GreaterOrEqual,
    }
}

fn nesting(span: Span) -> Diagnostic {
    Diagnostic::error(
        "nesting",
        span,
        message!("this expression has too many parts in a row"),
    )
    .label(message!("at most 100"))
    .help(message!(
        "give a part of it a name with `define` and use that name here"
    ))
}

fn chained(before: Option<Span>, place: Span, whole: Span) -> Diagnostic {
    let finding = Diagnostic::error(
        "chained-comparison",
        place,
        message!("two comparisons in a row"),
    )
    .label(message!("this compares the answer of the first one"))
    .help(message!(
        "write `a < b and b < c`, or `b between a and c` when both ends count"
    ));
    match before {
        Some(first) if first != whole => finding.also(first, message!("the first comparison")),
        Some(_) | None => finding,
    }
}
