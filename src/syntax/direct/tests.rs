//! Tests of the policy.

use super::super::ast::{Expect, ExpectKind, Expr, ExprKind, Name, Test, TestEvent, TestEventKind};
use super::{Direct, literals, once};
use crate::source::Span;
use crate::time::Instant;

impl Direct<'_> {
    /// Behind `test`.
    pub fn test_item(&mut self) -> Option<Test> {
        let name = self.quoted()?;
        let mut case = None;
        let mut at = None;
        let mut events = Vec::new();
        let mut expects = Vec::new();
        self.need_sign('{')?;
        while !self.eat_sign('}') {
            let start = self.start();
            match self.take_word()? {
                "case" => once(&mut case, self.record()?)?,
                "event" => events.push(self.event(start)?),
                "at" => once(&mut at, self.moment()?)?,
                "expect" => expects.push(self.expect(start)?),
                _ => return None,
            }
        }
        if expects.is_empty() {
            return None;
        }
        Some(Test {
            name,
            case: case?,
            events,
            at,
            expects,
        })
    }

    fn moment(&mut self) -> Option<(Instant, Span)> {
        let token = self.token(0)?;
        let instant = literals::instant(token.text(self.text))?;
        self.at += 1;
        Some((instant, self.span_of(token)))
    }

    fn event(&mut self, start: usize) -> Option<TestEvent> {
        let at = self.moment()?;
        let sets = self.is_word("set") && self.token(1).is_some_and(|token| token.is('{'));
        let kind = if sets {
            self.at += 1;
            TestEventKind::Set(self.record()?)
        } else {
            TestEventKind::Event(self.name()?)
        };
        Some(TestEvent {
            at,
            kind,
            span: self.span_from(start),
        })
    }

    fn expect(&mut self, start: usize) -> Option<Expect> {
        let kind = if self.is_word("refused") && self.is_text(1) {
            self.at += 1;
            ExpectKind::Refused(self.quoted()?)
        } else {
            ExpectKind::Condition(self.expr()?)
        };
        Some(Expect {
            kind,
            span: self.span_from(start),
        })
    }

    /// `{ name: value, … }`
    fn record(&mut self) -> Option<Expr> {
        let start = self.start();
        self.need_sign('{')?;
        let mut entries = Vec::new();
        if !self.eat_sign('}') {
            entries.push(self.entry()?);
            while self.eat_sign(',') {
                entries.push(self.entry()?);
            }
            self.need_sign('}')?;
        }
        Some(Expr {
            kind: ExprKind::Record(entries),
            span: self.span_from(start),
        })
    }

    fn entry(&mut self) -> Option<(Name, Expr)> {
        let name = self.name()?;
        self.need_sign(':')?;
        let start = self.start();
        let is_record = self.is_sign('{') && self.token(2).is_some_and(|token| token.is(':'));
        let value = if is_record {
            self.record()?
        } else if self.eat_word("missing") {
            Expr {
                kind: ExprKind::Missing,
                span: self.span_from(start),
            }
        } else {
            self.sum()?
        };
        Some((name, value))
    }
}
