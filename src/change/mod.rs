//! What would have to be different in a case for a rule to be taken: the smallest such change.
//!
//! After `eval`, which says of each variant of the case whether the rule is taken; used by the driver's
//! explanations. The search is complete for the values that the conditions of the policy speak of:
//! constants, what lies just above and below them, members, presence and absence. From a variant in
//! which the rule is not taken it goes on only by what keeps it from being taken (`reasons`), fewest
//! changes first.

mod candidates;
mod distance;
mod goal;
mod invert;
mod leaves;
mod reasons;
mod search;
mod texts;
mod variant;

pub use candidates::{Spot, values};
pub use goal::{Goal, GoalNames};
pub use search::{Question, Search, smallest_change};

use crate::time::Instant;
use crate::value::Value;

/// What may be different: a field, or whether an event has happened. Fields come first, in the order
/// of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variable {
    /// The field in this slot.
    Field(u32),
    /// The event at this place; its values are true and false.
    Event(u32),
}

/// One difference of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A field of the case as it was opened, or of the `set` of an event, has another value.
    Field {
        /// The slot.
        slot: u32,
        /// The place of the event whose `set` gave the value; none for the case itself.
        event: Option<usize>,
        /// The value it has; none when missing.
        from: Option<Value>,
        /// The value it would have.
        to: Option<Value>,
    },
    /// An event would happen, at this place among the events.
    Happens {
        /// The place among the events.
        place: usize,
        /// The event, by its place in the program.
        event: u32,
        /// When.
        at: Instant,
    },
    /// The event at this place would not have happened.
    NeverHappens {
        /// The place among the events.
        place: usize,
        /// The event, by its place in the program.
        event: u32,
        /// When it happened.
        at: Instant,
    },
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is taken as the case is.
    Already,
    /// The smallest change, in the order of the schema.
    Found(Vec<Change>),
    /// None was found before the search was over; there may be one.
    NotWithin,
    /// None of the values that the policy speaks of makes it so.
    Cannot,
}
