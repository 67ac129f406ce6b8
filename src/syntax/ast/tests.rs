//! Guarantees and tests as written.

use super::{Because, Declared, Expr, Name, Text};
use crate::source::Span;
use crate::time::Instant;

/// `guarantee NAME { if … then … }`
#[derive(Clone, Debug)]
pub struct Guarantee {
    /// Name and label.
    pub declared: Declared,
    /// `if …`
    pub condition: Expr,
    /// `then …`
    pub then: Expr,
    /// Citations.
    pub because: Because,
}

/// `test "name" { … }`
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Text,
    /// `case { … }`, an [`super::ExprKind::Record`].
    pub case: Expr,
    /// `event …` lines in page order.
    pub events: Vec<TestEvent>,
    /// `at INSTANT`
    pub at: Option<(Instant, Span)>,
    /// `expect …` lines in page order.
    pub expects: Vec<Expect>,
}

/// `event INSTANT NAME` or `event INSTANT set { … }`
#[derive(Clone, Debug)]
pub struct TestEvent {
    /// When.
    pub at: (Instant, Span),
    /// What.
    pub kind: TestEventKind,
    /// The whole line.
    pub span: Span,
}

/// What an event of a test does.
#[derive(Clone, Debug)]
pub enum TestEventKind {
    /// A declared event.
    Event(Name),
    /// `set { … }`, an [`super::ExprKind::Record`].
    Set(Expr),
}

/// One `expect` line.
#[derive(Clone, Debug)]
pub struct Expect {
    /// Its form.
    pub kind: ExpectKind,
    /// The whole line.
    pub span: Span,
}

/// The forms of expectations.
#[derive(Clone, Debug)]
pub enum ExpectKind {
    /// A condition over the decision.
    Condition(Expr),
    /// `refused "path"`
    Refused(Text),
}
