//! The policy's own tests.

use super::super::ast::{Expect, ExpectKind, Expr, ExprKind, Name, Test, TestEvent, TestEventKind};
use super::super::grammar::Rule;
use super::clauses::Once;
use super::{Lower, Node, children};
use crate::message::message;

impl Lower<'_> {
    /// `test "name" { … }`
    pub fn test_item(&mut self, node: Node<'_>) -> Option<Test> {
        let mut nodes = children(node);
        let name = nodes.next().map(|name| self.text(&name))?;
        let mut case = Once::new("case");
        let mut at = Once::new("at");
        let mut events = Vec::new();
        let mut expects = Vec::new();
        for child in nodes {
            let place = self.span(&child);
            let Some(part) = children(child).next() else {
                continue;
            };
            match part.as_rule() {
                Rule::test_case => {
                    let value = children(part)
                        .next()
                        .map(|record| self.record_value(record));
                    case.set_some(self, place, value);
                }
                Rule::test_at => {
                    let value = children(part)
                        .next()
                        .and_then(|instant| self.instant(&instant));
                    at.set_some(self, place, value);
                }
                Rule::test_event => events.extend(self.test_event(part)),
                _ => expects.extend(self.expect(part)),
            }
        }
        let what = message!("the test {name}", name = format!("{:?}", name.text));
        if !case.is_some() {
            self.missing_clause(
                name.span,
                &what,
                "case",
                message!("write `case {{ id: \"T1\", … }}` inside the braces"),
            );
        } else if expects.is_empty() {
            self.missing_clause(
                name.span,
                &what,
                "expect",
                message!("write `expect CONDITION`, such as `expect route.role is engineer`"),
            );
        }
        Some(Test {
            name,
            case: case.take()?,
            events,
            at: at.take(),
            expects,
        })
    }

    fn test_event(&mut self, node: Node<'_>) -> Option<TestEvent> {
        let span = self.span(&node);
        let mut at = None;
        let mut kind = None;
        for child in children(node) {
            match child.as_rule() {
                Rule::instant => at = self.instant(&child),
                Rule::test_set => {
                    let record = children(child).next()?;
                    kind = Some(TestEventKind::Set(self.record_value(record)));
                }
                _ => kind = Some(TestEventKind::Event(self.name(&child))),
            }
        }
        Some(TestEvent {
            at: at?,
            kind: kind?,
            span,
        })
    }

    fn expect(&mut self, node: Node<'_>) -> Option<Expect> {
        let span = self.span(&node);
        let inner = children(node).next()?;
        let kind = match inner.as_rule() {
            Rule::refused => {
                let path = children(inner).next()?;
                ExpectKind::Refused(self.text(&path))
            }
            _ => ExpectKind::Condition(self.expr(inner)),
        };
        Some(Expect { kind, span })
    }

    fn record_value(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let entries = children(node)
            .filter_map(|entry| self.entry(entry))
            .collect();
        Expr {
            kind: ExprKind::Record(entries),
            span,
        }
    }

    fn entry(&mut self, node: Node<'_>) -> Option<(Name, Expr)> {
        let mut parts = children(node);
        let name = parts.next().map(|name| self.name(&name))?;
        let value = parts.next()?;
        let span = self.span(&value);
        let value = match value.as_rule() {
            Rule::record_entries => self.record_value(value),
            Rule::missing_value => Expr {
                kind: ExprKind::Missing,
                span,
            },
            _ => self.sum(value),
        };
        Some((name, value))
    }
}
