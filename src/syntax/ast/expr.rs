//! Conditions and values as written.

use super::{Name, Text};
use crate::source::Span;
use crate::time::{Date, Duration, Instant, Period, TimeOfDay};
use smallvec::SmallVec;

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its form.
    pub kind: ExprKind,
    /// The whole expression, without parentheses around it.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// One comparison or test.
    Test(Box<Expr>, Box<TestOp>),
    /// `a + b`, `a - b`, `a * b`
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `weekday of x`, `date of x`, `time of x`
    PartOf(InstantPart, Box<Expr>),
    /// `name(arguments)`
    Call(Name, Vec<Expr>),
    /// A dotted path; one name alone may also be an enum member.
    Path(SmallVec<[Name; 1]>),
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point, as written without `_`, such as `-12.50`.
    Decimal(String),
    /// `"text"`; may also be an enum member.
    Text(String),
    /// `2026-03-02`
    Date(Date),
    /// `2026-03-02T10:00:00+08:00`
    Instant(Instant),
    /// `09:30`
    Time(TimeOfDay),
    /// `1h30m`
    Duration(Duration),
    /// A target with a unit that is no exact time or with a calendar; `15m` alone is [`ExprKind::Duration`].
    Target(Target),
    /// `{ a, b }`
    Set(Vec<Expr>),
    /// `{ name: value, … }`, in test cases and `set` only.
    Record(Vec<(Name, Expr)>),
    /// `missing` as a value, in test cases and `set` only.
    Missing,
}

/// `+`, `-`, `*`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// What `… of x` takes out of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstantPart {
    /// `weekday of`
    Weekday,
    /// `date of`
    Date,
    /// `time of`
    Time,
}

/// The test that stands right of an operand.
#[derive(Clone, Debug)]
pub enum TestOp {
    /// `is x`, `is not x`, `ignoring case`
    Is {
        /// The right side.
        value: Expr,
        /// `is not`
        negated: bool,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `is missing` (true) or `is present` (false).
    Missing(bool),
    /// `<`, `<=`, `>`, `>=`
    Order(OrderOp, Expr),
    /// `in { … }`, `not in { … }`
    In {
        /// The set, an [`ExprKind::Set`] unless the operator wrote something else.
        set: Expr,
        /// `not in`
        negated: bool,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `between a and b`
    Between(Expr, Expr),
    /// `contains x`, `starts with x`, `ends with x`
    Text {
        /// Which of the three.
        op: TextOp,
        /// The right side.
        value: Expr,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `contains any of { … }` (all: false) or `contains all of { … }` (all: true)
    ContainsMany {
        /// `all of`
        all: bool,
        /// The set.
        set: Expr,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `matches r"…"`
    Matches {
        /// The pattern, not yet compiled.
        pattern: Text,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `during CAL` or `outside CAL`
    During {
        /// The calendar.
        calendar: Name,
        /// `outside`
        outside: bool,
    },
    /// `has happened`
    HasHappened,
}

/// An order comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderOp {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A test on text or on a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOp {
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
}

/// A length of time as written where a period may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// `24h`
    Exact(Duration),
    /// `7 days`
    Calendar(Period),
}

/// How long a clock may run, as written.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its form.
    pub kind: TargetKind,
    /// The whole target.
    pub span: Span,
}

/// The forms of targets.
#[derive(Clone, Debug)]
pub enum TargetKind {
    /// `none`
    None,
    /// `15m` or `1h of business`
    Exact(Duration, Option<Name>),
    /// `2 working days of business by close`
    WorkingDays(u32, Name),
    /// `7 days`
    Calendar(Period),
}
