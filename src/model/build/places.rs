//! Where an expression stands, and what may be read there.

use crate::message::{Message, message};

/// The part of a policy that an expression belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A `define`, usable everywhere.
    Define,
    /// A rule or a table of a classification.
    Classify,
    /// A rule of the route.
    Route,
    /// The condition of a tier.
    Tier,
    /// A condition of a clock.
    Clock,
    /// Follow-ups, holds, retention and requirements.
    Duty,
    /// A guarantee.
    Guarantee,
    /// An expectation of a test.
    Expect,
}

impl Place {
    /// Where that is, in the operator's words.
    pub fn words(self) -> Message {
        match self {
            Place::Define => message!("in a `define`"),
            Place::Classify => message!("in a classification"),
            Place::Route => message!("in the route"),
            Place::Tier => message!("in the condition of a tier"),
            Place::Clock => message!("in a clock"),
            Place::Duty => message!("in follow-ups, holds, retention and requirements"),
            Place::Guarantee => message!("in a guarantee"),
            Place::Expect => message!("in an expectation"),
        }
    }

    /// Whether `EVENT has happened` may stand here.
    pub fn reads_events(self) -> bool {
        match self {
            Place::Clock | Place::Duty => true,
            Place::Define
            | Place::Classify
            | Place::Route
            | Place::Tier
            | Place::Guarantee
            | Place::Expect => false,
        }
    }

    /// Whether constant targets may stand here.
    pub fn reads_targets(self) -> bool {
        match self {
            Place::Guarantee | Place::Expect => true,
            Place::Define
            | Place::Classify
            | Place::Route
            | Place::Tier
            | Place::Clock
            | Place::Duty => false,
        }
    }
}
