//! Clauses that several items share: citations, effective dates, moments, triggers, and the check
//! that each is given once.

use super::super::ast::{Because, Declared, Effective, Expr, Moment, MomentKind, Trigger};
use super::super::grammar::Rule;
use super::{Lower, Node, children};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::source::Span;

/// A clause that may be given once.
pub struct Once<T> {
    word: Message,
    value: Option<(T, Span)>,
}

impl<T> Once<T> {
    /// An empty place for the clause called `word`.
    pub fn new(word: &'static str) -> Once<T> {
        Once {
            word: Message::verbatim(word),
            value: None,
        }
    }

    /// An empty place for the words that say how a rule is picked.
    pub fn strategy() -> Once<T> {
        Once {
            word: message!("match strategy"),
            value: None,
        }
    }

    /// Fills the place; a second value is reported and dropped.
    pub fn set(&mut self, lower: &mut Lower<'_>, span: Span, value: T) {
        match &self.value {
            None => self.value = Some((value, span)),
            Some((_, first)) => lower.report(
                Diagnostic::error(
                    "duplicate-clause",
                    span,
                    message!("a second `{word}`", word = self.word),
                )
                .label(message!("given twice"))
                .also(*first, message!("the first one"))
                .help(message!("keep one of the two")),
            ),
        }
    }

    /// Fills the place from a clause that may itself be unusable.
    pub fn set_some(&mut self, lower: &mut Lower<'_>, span: Span, value: Option<T>) {
        if let Some(value) = value {
            self.set(lower, span, value);
        }
    }

    /// The value, if the clause was given.
    pub fn take(self) -> Option<T> {
        self.value.map(|(value, _)| value)
    }

    /// Where the clause stands, if it was given.
    pub fn span(&self) -> Option<Span> {
        self.value.as_ref().map(|(_, span)| *span)
    }

    /// Whether the clause was given.
    pub fn is_some(&self) -> bool {
        self.value.is_some()
    }
}

impl Lower<'_> {
    /// A name with its label.
    pub fn declared(&mut self, node: Node<'_>) -> Option<Declared> {
        let mut name = None;
        let mut label = None;
        for child in children(node) {
            match child.as_rule() {
                Rule::string => label = Some(self.text(&child)),
                _ => name = Some(self.name(&child)),
            }
        }
        Some(Declared { name: name?, label })
    }

    /// `because "…", "…"`
    pub fn because(&mut self, node: Node<'_>) -> Because {
        children(node).map(|text| self.text(&text)).collect()
    }

    /// `when CONDITION`
    pub fn when_clause(&mut self, node: Node<'_>) -> Option<Expr> {
        children(node).next().map(|expr| self.expr(expr))
    }

    /// `effective from D until D by now`
    pub fn effective(&mut self, node: Node<'_>) -> Option<Effective> {
        let span = self.span(&node);
        let mut effective = Effective {
            from: None,
            until: None,
            by_now: false,
            span,
        };
        let mut any = false;
        for child in children(node) {
            any = true;
            match child.as_rule() {
                Rule::effective_from => effective.from = self.dated(child),
                Rule::effective_until => effective.until = self.dated(child),
                _ => effective.by_now = true,
            }
        }
        if !any || (effective.by_now && effective.from.is_none() && effective.until.is_none()) {
            self.report(
                Diagnostic::error(
                    "missing-dates",
                    span,
                    message!("`effective` needs its dates"),
                )
                .label(message!("from which day, until which day?"))
                .help(message!(
                    "write `effective from 2026-01-01`, `effective until 2026-12-31`, or both"
                )),
            );
            return None;
        }
        Some(effective)
    }

    /// The date inside `from D` or `until D`.
    pub fn dated(&mut self, node: Node<'_>) -> Option<(crate::time::Date, Span)> {
        children(node).next().and_then(|date| self.date(&date))
    }

    /// `on EVENT` or `when CONDITION`, inside the clause that it belongs to.
    pub fn trigger(&mut self, node: Node<'_>) -> Option<Trigger> {
        let inner = children(node).next()?;
        match inner.as_rule() {
            Rule::on_event => {
                let name = children(inner).next()?;
                Some(Trigger::On(self.name(&name)))
            }
            _ => self.when_clause(inner).map(Trigger::When),
        }
    }

    /// An instant of a case's life.
    pub fn moment(&mut self, node: Node<'_>) -> Option<Moment> {
        let span = self.span(&node);
        let inner = children(node).next()?;
        let kind = match inner.as_rule() {
            Rule::first_event => {
                let name = children(inner).next()?;
                MomentKind::First(self.name(&name))
            }
            Rule::last_event => {
                let name = children(inner).next()?;
                MomentKind::Last(self.name(&name))
            }
            Rule::when_clause => MomentKind::When(self.when_clause(inner)?),
            _ => MomentKind::Field(children(inner).map(|part| self.name(&part)).collect()),
        };
        Some(Moment { kind, span })
    }

    /// Reports an item or part that lacks a clause.
    pub fn missing_clause(&mut self, place: Span, what: &Message, clause: &str, help: Message) {
        self.report(
            Diagnostic::error(
                "missing-clause",
                place,
                message!("{what} has no `{clause}`", what, clause),
            )
            .label(message!("`{clause}` is missing", clause))
            .help(help),
        );
    }
}
