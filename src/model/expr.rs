//! Conditions and values after checking: names resolved, every node of a known type.

use super::types::{FieldId, Type};
use super::{
    CalendarId, ClassificationId, ClockId, DefineId, EventId, FollowUpId, FunctionId,
    RecordClassId, RequireId,
};
use crate::source::Span;
use crate::value::Value;

pub use crate::syntax::ast::{ArithmeticOp, InstantPart, OrderOp, TextOp};

/// A checked expression. Two are equal when they say the same, wherever they are written.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its form.
    pub kind: ExprKind,
    /// The type of its value; conditions are [`Type::Bool`].
    pub ty: Type,
    /// Where it is written.
    pub span: Span,
}

// The model of a large policy is made of these.
const _: () = assert!(size_of::<Expr>() <= 72);

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.ty == other.ty && self.kind == other.kind
    }
}

/// The forms of checked expressions.
///
/// Integers that stand beside a decimal are not converted here: an operation on a pair of an integer
/// and a decimal compares or computes them as numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant of the expression's type.
    Constant(Value),
    /// A constant target, in guarantees and expectations only.
    Target(super::Target),
    /// A field of the case.
    Field(FieldId),
    /// The value of a `define`.
    Define(DefineId),
    /// The value of a classification; a set for `collect`.
    Classification(ClassificationId),
    /// Something that a later stage decides.
    Outcome(Outcome),
    /// True if any is; at least two.
    Or(Vec<Expr>),
    /// True if all are; at least two.
    And(Vec<Expr>),
    /// The opposite.
    Not(Box<Expr>),
    /// `is` (or `is not`): both sides of one type, or integer and decimal.
    Equal {
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
        /// `is not`
        negated: bool,
        /// `ignoring case`, texts only.
        ignoring_case: bool,
    },
    /// `<` and its like: both sides of one ordered type, or integer and decimal.
    Order(OrderOp, Box<Expr>, Box<Expr>),
    /// `between a and b`, inclusive: value, lower, upper.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `in { constants }` (or `not in`); the constants are sorted, of the left side's type.
    In {
        /// Left side.
        value: Box<Expr>,
        /// Sorted constants without duplicates.
        set: Vec<Value>,
        /// `not in`
        negated: bool,
        /// `ignoring case`, texts only.
        ignoring_case: bool,
    },
    /// `is missing` (or `is present`): of a field, a define, a classification or a call.
    Missing {
        /// What is asked about.
        value: Box<Expr>,
        /// `is present`
        negated: bool,
    },
    /// `contains`, `starts with`, `ends with` on text.
    Text {
        /// Which test.
        op: TextOp,
        /// The text searched.
        value: Box<Expr>,
        /// What is searched for.
        pattern: Box<Expr>,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `contains any of` (or `all of`) constants, on text: as substrings.
    TextMany {
        /// All instead of any.
        all: bool,
        /// The text searched.
        value: Box<Expr>,
        /// What is searched for, as written.
        patterns: Vec<String>,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `matches r"…"`; the pattern compiles within the size limit.
    Matches {
        /// The text searched.
        value: Box<Expr>,
        /// The pattern.
        pattern: String,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `contains X` on a set.
    SetContains {
        /// The set.
        set: Box<Expr>,
        /// The element, of the set's element type.
        element: Box<Expr>,
    },
    /// `contains any of` (or `all of`) constants, on a set.
    SetContainsMany {
        /// All instead of any.
        all: bool,
        /// The set.
        set: Box<Expr>,
        /// Sorted constants.
        elements: Vec<Value>,
    },
    /// `during CAL` (or `outside CAL`).
    During {
        /// The instant.
        value: Box<Expr>,
        /// The calendar; none for the built-in `always`.
        calendar: CalendarId,
        /// `outside`
        outside: bool,
    },
    /// `EVENT has happened`.
    HasHappened(EventId),
    /// Sum, difference, product.
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `weekday of`, `date of`, `time of`, in the policy's zone.
    PartOf(InstantPart, Box<Expr>),
    /// `count(set)`
    Count(Box<Expr>),
    /// `length(text)`, in Unicode scalar values.
    Length(Box<Expr>),
    /// `min(a, b, …)`; of one ordered type.
    Min(Vec<Expr>),
    /// `max(a, b, …)`; of one ordered type.
    Max(Vec<Expr>),
    /// A call of a script's function.
    Call(FunctionId, Vec<Expr>),
}

/// Something decided after the classifications, readable in guarantees and expectations
/// (`route.role` also in tiers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `route.role`: an enum of all roles.
    RouteRole,
    /// `route.queue`: an enum of all queues.
    RouteQueue,
    /// `route.with`: a set of roles.
    RouteWith,
    /// `sla.tier`: an enum of all tiers.
    SlaTier,
    /// `sla.CLOCK.target`
    ClockTarget(ClockId),
    /// `sla.CLOCK.state`
    ClockState(ClockId),
    /// `sla.CLOCK.due`
    ClockDue(ClockId),
    /// `sla.CLOCK.met_at`
    ClockMetAt(ClockId),
    /// `sla.CLOCK.breached_at`
    ClockBreachedAt(ClockId),
    /// `sla.CLOCK.elapsed`
    ClockElapsed(ClockId),
    /// `retention.RECORD.phase`
    RetentionPhase(RecordClassId),
    /// `retention.RECORD.keep_until`
    RetentionKeepUntil(RecordClassId),
    /// `retention.RECORD.delete_by`
    RetentionDeleteBy(RecordClassId),
    /// `follow_up.NAME.due`
    FollowUpDue(FollowUpId),
    /// `follow_up.NAME.done`
    FollowUpDone(FollowUpId),
    /// `requirements.NAME.met`
    RequirementMet(RequireId),
}
