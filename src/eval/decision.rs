//! A decision as places in the program: small, and printed by [`super::report`] when asked.

use super::calendars::Flag;
use super::clock::{ClockState, ClosedCycle};
use super::cycle::Segment;
use super::duties::{FollowUpState, RequirementState};
use super::problem::Problem;
use super::retention::Retention;
use super::waiting::Subject;
use crate::compile::{Route, RouteTarget, Target};
use crate::time::{Duration, Instant};
use crate::value::Value;
use smol_str::SmolStr;

/// What was decided for a case at an instant, by one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The case's `id`.
    pub case: Option<SmolStr>,
    /// The instant it was decided for.
    pub at: Instant,
    /// One for each classification of the program.
    pub classifications: Vec<Decided>,
    /// What the route took; [`Taken::Nothing`] also when there is no route block.
    pub route: Taken,
    /// Escalations of the route: those that fired, also under an earlier rule, then those to come.
    pub escalations: Vec<StepState>,
    /// The place of the tier taken.
    pub tier: Option<u32>,
    /// One for each clock of the program; none at all when no tier is taken.
    pub clocks: Vec<ClockReading>,
    /// One for each class of records of the program.
    pub retention: Vec<Retention>,
    /// The follow-ups that are listed, in page order.
    pub follow_ups: Vec<FollowUpState>,
    /// The requirements that are asked, in page order.
    pub requirements: Vec<RequirementState>,
    /// The next instant at which the decision is another one although nothing happens; what is used
    /// up of a clock, and what remains, does not count as another decision.
    pub next_change_at: Option<Instant>,
    /// Missing fields (as slots, in schema order) with the unknown rules that could change the
    /// decision.
    pub waiting_for: Vec<(u32, Vec<Subject>)>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// How many events lie after the instant.
    pub ignored_events: usize,
}

/// What a clock shows at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Its state.
    pub state: ClockState,
    /// The target of its cycle.
    pub target: Option<Target>,
    /// The number of its cycle, from 1.
    pub cycle: u32,
    /// When its cycle started.
    pub started_at: Option<Instant>,
    /// What is used up; none if the calendar does not know.
    pub elapsed: Option<Duration>,
    /// What is left of the target, negative when it is overdrawn; none without a target, or if it
    /// is unknown.
    pub remaining: Option<Duration>,
    /// When it is due.
    pub due: Option<Instant>,
    /// When it was met.
    pub met_at: Option<Instant>,
    /// When its target was used up, if it was.
    pub breached_at: Option<Instant>,
    /// Why something about it is unknown.
    pub flag: Option<Flag>,
    /// Warnings: those that fired, then those to come.
    pub warnings: Vec<StepState>,
    /// Escalations of tiers: those that fired, then those to come.
    pub escalations: Vec<StepState>,
    /// Cycles that are over.
    pub cycles: Vec<ClosedCycle>,
    /// The stretches of its cycle.
    pub segments: Vec<Segment>,
}

/// A warning or an escalation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepState {
    /// What names it, always the same for the same step of the same promise.
    pub key: SmolStr,
    /// The place of the role it goes to; none for a warning.
    pub to: Option<u32>,
    /// When it fired, or when it will if its clock runs on; none while that cannot be told.
    pub at: Option<Instant>,
    /// Whether it fired.
    pub fired: bool,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Taken {
    /// None, so that the block has no value.
    #[default]
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
