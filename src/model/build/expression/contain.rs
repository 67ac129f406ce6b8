//! Tests on texts and sets: `contains`, `starts with`, `ends with`, `matches`.

use super::super::builder::Builder;
use super::super::places::Place;
use super::compare::constant_of;
use super::pattern::{is_beyond, memory, mistake};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::expr::{Expr, ExprKind, TextOp};
use crate::model::types::Type;
use crate::source::Span;
use crate::syntax::ast;
use crate::value::Value;

/// A pattern whose compiled form takes more bytes than this is refused.
const LARGEST_PATTERN: usize = 1 << 20;

/// A pattern of more bytes than this is refused: one that is nothing but many words has no compiled form.
const LONGEST_PATTERN: usize = 1 << 16;

impl<'a> Builder<'a> {
    pub(super) fn text_or_set(
        &mut self,
        left: Expr,
        op: TextOp,
        value: &'a ast::Expr,
        ignoring_case: bool,
        place: Place,
    ) -> Option<ExprKind> {
        let word = match op {
            TextOp::Contains => "contains",
            TextOp::StartsWith => "starts with",
            TextOp::EndsWith => "ends with",
        };
        match (op, &left.ty) {
            (_, Type::Text) => {
                let pattern = self.check(value, place, Some(&Type::Text))?;
                if pattern.ty != Type::Text {
                    let message = message!(
                        "`{word}` looks for text in text, {found}",
                        word,
                        found = self.say(&pattern)
                    );
                    self.report(Diagnostic::error("type-mismatch", pattern.span, message));
                    return None;
                }
                Some(ExprKind::Text {
                    op,
                    value: Box::new(left),
                    pattern: Box::new(pattern),
                    ignoring_case,
                })
            }
            (TextOp::Contains, Type::Set(element)) => {
                let element = element.as_ref().clone();
                self.case_ignorable(&left, ignoring_case)?;
                if let ast::ExprKind::Set(_) = value.kind {
                    let message = message!(
                        "`contains` asks for one element, `{text}` is a set",
                        text = self.text(value.span)
                    );
                    self.report(
                        Diagnostic::error("type-mismatch", value.span, message).help(message!(
                            "write `contains any of {{ … }}` or `contains all of {{ … }}`"
                        )),
                    );
                    return None;
                }
                let found = self.check(value, place, Some(&element))?;
                let found = self.element(&left, &element, found)?;
                Some(ExprKind::SetContains {
                    set: Box::new(left),
                    element: Box::new(found),
                })
            }
            (TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith, _) => {
                let found = self.say(&left);
                let message = if op == TextOp::Contains {
                    message!("`{word}` asks a set or text, {found}", word, found)
                } else {
                    message!("`{word}` asks text, {found}", word, found)
                };
                self.report(Diagnostic::error("type-mismatch", left.span, message));
                None
            }
        }
    }

    /// An element that a set is asked for, brought to the set's type.
    fn element(&mut self, set: &Expr, element: &Type, found: Expr) -> Option<Expr> {
        let stand_in = Expr {
            kind: set.kind.clone(),
            ty: element.clone(),
            span: set.span,
        };
        let numbers = matches!(
            (element, &found.ty),
            (
                Type::Integer | Type::Decimal(_),
                Type::Integer | Type::Decimal(_)
            )
        );
        if !self.enums.same(element, &found.ty) && !numbers {
            let message = message!(
                "{left}, {right}",
                left = self.say(set),
                right = self.say(&found)
            );
            self.report(
                Diagnostic::error("type-mismatch", found.span, message)
                    .also(set.span, message!("the set asked")),
            );
            return None;
        }
        self.equal_sides(&stand_in, found)
    }

    pub(super) fn contains_many(
        &mut self,
        left: Expr,
        all: bool,
        set: &'a ast::Expr,
        ignoring_case: bool,
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        let boolean = |kind: ExprKind| Expr {
            kind,
            ty: Type::Bool,
            span,
        };
        let word = if all {
            "contains all of"
        } else {
            "contains any of"
        };
        let element = match &left.ty {
            Type::Text => Type::Text,
            Type::Set(element) => element.as_ref().clone(),
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_)
            | Type::Target => {
                let message = message!(
                    "`{word}` asks a set or text, {found}",
                    word,
                    found = self.say(&left)
                );
                let finding = Diagnostic::error("type-mismatch", left.span, message);
                self.report(
                    finding.help(message!("for one value among several write `in {{ … }}`")),
                );
                return None;
            }
        };
        self.case_ignorable(&left, ignoring_case)?;
        let ast::ExprKind::Set(parts) = &set.kind else {
            let message = message!("`{word}` needs its values in braces", word);
            self.report(
                Diagnostic::error("not-a-constant", set.span, message)
                    .help(message!("write `{word} {{ a, b }}`", word)),
            );
            return None;
        };
        if parts.is_empty() {
            let message = message!(
                "`{text}` names nothing to look for",
                text = self.text(set.span)
            );
            self.report(
                Diagnostic::error("empty-set", set.span, message)
                    .help(message!("name at least one value")),
            );
            return None;
        }
        let mut found = Vec::with_capacity(parts.len());
        let mut sound = true;
        for part in parts {
            let side = self
                .check(part, place, Some(&element))
                .and_then(|side| self.element(&left, &element, side));
            match side {
                Some(side) => found.push(side),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let constants: Option<Vec<Value>> = found.iter().map(constant_of).collect();
        match constants {
            Some(values) if left.ty == Type::Text => {
                let patterns = values.into_iter().filter_map(text_of).collect();
                Some(boolean(ExprKind::TextMany {
                    all,
                    value: Box::new(left),
                    patterns,
                    ignoring_case,
                }))
            }
            Some(mut elements) => {
                elements.sort();
                elements.dedup();
                Some(boolean(ExprKind::SetContainsMany {
                    all,
                    set: Box::new(left),
                    elements,
                }))
            }
            None => {
                let mut tests: Vec<Expr> = found
                    .into_iter()
                    .map(|side| Expr {
                        span: side.span,
                        ty: Type::Bool,
                        kind: if left.ty == Type::Text {
                            ExprKind::Text {
                                op: TextOp::Contains,
                                value: Box::new(left.clone()),
                                pattern: Box::new(side),
                                ignoring_case,
                            }
                        } else {
                            ExprKind::SetContains {
                                set: Box::new(left.clone()),
                                element: Box::new(side),
                            }
                        },
                    })
                    .collect();
                if tests.len() == 1 {
                    return tests.pop();
                }
                Some(boolean(if all {
                    ExprKind::And(tests)
                } else {
                    ExprKind::Or(tests)
                }))
            }
        }
    }

    pub(super) fn matches(
        &mut self,
        left: Expr,
        pattern: &ast::Text,
        ignoring_case: bool,
    ) -> Option<ExprKind> {
        let sound = self.pattern(pattern, ignoring_case);
        if left.ty != Type::Text {
            let message = message!(
                "`{word}` asks text, {found}",
                word = "matches",
                found = self.say(&left)
            );
            self.report(Diagnostic::error("type-mismatch", left.span, message));
            return None;
        }
        sound?;
        Some(ExprKind::Matches {
            value: Box::new(left),
            pattern: pattern.text.clone(),
            ignoring_case,
        })
    }

    /// Checks a pattern, and says which part of it is wrong.
    fn pattern(&mut self, pattern: &ast::Text, ignoring_case: bool) -> Option<()> {
        let mut beyond = false;
        let parsed = match pattern.text.len() {
            0..=LONGEST_PATTERN => Some(regex_syntax::Parser::new().parse(&pattern.text)),
            _ => None,
        };
        let (error, range) = match parsed {
            None => (
                message!("it is longer than {most} bytes", most = LONGEST_PATTERN),
                None,
            ),
            Some(Err(regex_syntax::Error::Parse(error))) => {
                let span = error.span();
                beyond = is_beyond(error.kind());
                (
                    mistake(error.kind()),
                    Some((span.start.offset, span.end.offset)),
                )
            }
            Some(Err(regex_syntax::Error::Translate(error))) => {
                let span = error.span();
                (
                    Message::verbatim(error.kind().to_string()),
                    Some((span.start.offset, span.end.offset)),
                )
            }
            Some(Err(_)) => (message!("it cannot be read"), None),
            Some(Ok(hir)) if memory(&hir) > self.pattern_memory => (
                message!(
                    "with it the patterns of the policy need too much memory; shorten them, or lower their repetitions"
                ),
                None,
            ),
            Some(Ok(hir)) => {
                self.pattern_memory -= memory(&hir);
                let built = regex::RegexBuilder::new(&pattern.text)
                    .case_insensitive(ignoring_case)
                    .size_limit(LARGEST_PATTERN)
                    .build();
                match built {
                    Ok(_) => return Some(()),
                    Err(_) => (
                        message!("it needs too much memory; shorten it, or lower its repetitions"),
                        None,
                    ),
                }
            }
        };
        let span = range.map_or(pattern.span, |range| self.inside(pattern, range));
        let finding = Diagnostic::error(
            "bad-regex",
            span,
            message!("the pattern is wrong: {error}", error),
        );
        let finding = if beyond {
            finding.help(message!(
                "patterns run in bounded time, so they have neither look-around nor references back"
            ))
        } else {
            finding
        };
        self.report(finding);
        None
    }

    /// The place of a part of a pattern in the policy's text.
    fn inside(&self, pattern: &ast::Text, (start, end): (usize, usize)) -> Span {
        let written = self.input.sources.slice(pattern.span);
        let Some(at) = written.find(pattern.text.as_str()) else {
            return pattern.span;
        };
        let from = pattern.span.start as usize + at;
        let end = if end > start { end } else { start + 1 };
        let end = end.min(pattern.text.len().max(start));
        Span::new(pattern.span.source, from + start, from + end)
    }
}

fn text_of(value: Value) -> Option<String> {
    if let Value::Text(text) = value {
        Some(text.to_string())
    } else {
        None
    }
}
