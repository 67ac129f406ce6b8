//! A decision as places in the program: small, and printed by [`super::report`] when asked.

use super::problem::Problem;
use super::waiting::Subject;
use crate::compile::{Route, RouteTarget};
use crate::time::Instant;
use crate::value::Value;
use std::sync::Arc;

/// What was decided for a case at an instant, by one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The case's `id`.
    pub case: Option<Arc<str>>,
    /// The instant it was decided for.
    pub at: Instant,
    /// One for each classification of the program.
    pub classifications: Vec<Decided>,
    /// What the route took; [`Taken::Nothing`] also when there is no route block.
    pub route: Taken,
    /// The place of the tier taken.
    pub tier: Option<u32>,
    /// Missing fields (as slots, in schema order) with the unknown rules that could change the
    /// decision.
    pub waiting_for: Vec<(u32, Vec<Subject>)>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// How many events lie after the instant.
    pub ignored_events: usize,
}

/// The value of a classification, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The value; a set for `collect`.
    pub value: Option<Value>,
    /// The rules that gave it.
    pub taken: Taken,
}

/// Which rules of a block were taken, as places in page order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// None, so that the block has no value.
    Nothing,
    /// One rule.
    Rule(u32),
    /// The `otherwise` clause.
    Otherwise,
    /// All true rules of a `collect` block, perhaps none.
    Rules(Vec<u32>),
}

impl Route {
    /// Where the case goes when these rules are taken.
    pub fn target(&self, taken: &Taken) -> Option<&RouteTarget> {
        match taken {
            Taken::Nothing | Taken::Rules(_) => None,
            Taken::Rule(rule) => self.rules.get(*rule as usize).map(|rule| &rule.target),
            Taken::Otherwise => self.otherwise.as_ref(),
        }
    }
}
