//! Decides a case: a pure function of the program, the case, its events and an instant.
//!
//! After `compile`, before everything that shows or keeps decisions. No clock, file or network is
//! read, nothing is random, nothing panics: what goes wrong (an overflow, a failing script, a
//! conflict) is a [`Problem`] in the decision, and the value concerned is missing.
//!
//! Conditions have three truth values, see [`Truth`]; a rule fires only when its condition is true.

mod answer;
mod blocks;
mod brief;
mod calendars;
mod calls;
mod clock;
mod course;
mod cycle;
mod decision;
mod duties;
mod evaluator;
mod host;
mod kept;
mod log;
mod lookup;
mod next_change;
mod numbers;
mod operands;
mod outcomes;
mod past;
mod probe;
mod problem;
mod report;
mod retention;
mod shown;
mod state;
mod steps;
mod texts;
mod trace;
mod truth;
mod waiting;

pub use answer::{Answer, Read, ReadValue};
pub use brief::{Brief, BriefDecider};
pub use calendars::Flag;
pub use clock::{ClockState, ClosedCycle};
pub use cycle::{Segment, SegmentKind};
pub use decision::{ClockReading, Decided, Decision, StepState, Taken};
pub use duties::{FollowUpState, RequirementState};
pub use host::{
    Bounds, NoScripts, SCRIPT_STEPS, ScriptFailure, ScriptHost, Shape, Signature, signatures,
};
pub use probe::{Probe, compute};
pub use problem::{Problem, ProblemCode, Site};
pub use report::{BriefReport, OTHERWISE, Report};
pub use retention::{Phase, Retention};
pub use shown::Shown;
pub use state::State;
pub use trace::{
    Atom, AtomTrace, BlockOutline, BlockTrace, DefineTrace, Origin, Outline, Part, RuleOutline,
    RuleResult, RuleTrace, Trace, TracedBlock, TracedRead, TracedValue, Trigger, UnfoldedAtom,
    trace, trace_course,
};
pub use truth::Truth;
pub use waiting::Subject;

use crate::compile::{NodeId, Program};
use crate::index::{NO_RULES, RuleIndex};
use crate::time::Instant;
use crate::value::{Case, Event, Value};
use blocks::Blocks;
use course::Course;
use evaluator::Evaluator;
use log::Log;
use next_change::next_change;
use outcomes::{Facts, Outcomes};

/// What cases are decided with.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    /// The program.
    pub program: &'a Program,
    /// Which of its rules have to be asked: [`RuleIndex::new`] of the same program.
    pub index: &'a RuleIndex,
    /// Who runs its scripts.
    pub host: &'a dyn ScriptHost,
}

impl<'a> Engine<'a> {
    /// Without an index: every rule is asked in page order, which is what rules mean.
    pub fn plain(program: &'a Program, host: &'a dyn ScriptHost) -> Engine<'a> {
        Engine {
            program,
            index: &NO_RULES,
            host,
        }
    }

    /// Decides a case as it stands at `now`.
    ///
    /// `case` is the case as it stood when it was opened, `events` what happened after, in order;
    /// events later than `now` are left out and counted.
    pub fn decide(self, case: &Case, events: &[Event], now: Instant) -> Decision {
        self.decide_and_answer(case, events, now, &[]).0
    }

    /// Decides a case and answers conditions over the decision.
    pub fn decide_and_answer(
        self,
        case: &Case,
        events: &[Event],
        now: Instant,
        conditions: &[NodeId],
    ) -> (Decision, Vec<Answer>) {
        let program = self.program;
        let mut log = Log::new(program, case, events, now);
        let mut course = Course::new(program);
        let kept = past::go_through(self, &mut log, &mut course);
        let evaluator = Evaluator::in_room(self, &log.state, log.at, kept);
        let blocks = Blocks::decide(program, &evaluator);
        if log.opens_at.is_none() {
            course.visit(&evaluator, &blocks, log.at, &log.happened, None);
        }
        course.advance(now, true);
        let facts = Facts::of(&evaluator, &course, &blocks);
        let outcomes = Outcomes::of(&course, &blocks, &facts, now);
        let mut answers = Vec::new();
        if !conditions.is_empty() {
            let evaluator = Evaluator::new(self, &log.state, log.at).knowing(&outcomes);
            blocks.tell(&evaluator);
            let all = conditions.iter();
            answers.extend(all.map(|condition| answer::answer(&evaluator, *condition)));
        }
        let next_change_at = match log.opens_at {
            Some(opened) => Some(opened),
            None => {
                let state = &log.state;
                next_change(self, &course, &blocks, &facts, state, &outcomes, now)
            }
        };
        let mut decision = conclude(blocks, outcomes, now);
        decision.next_change_at = next_change_at;
        decision.case = match log.state.slots.get(program.id as usize) {
            Some(Some(Value::Text(id))) => Some(id.clone()),
            Some(_) | None => None,
        };
        decision.ignored_events = log.ignored;
        (decision, answers)
    }
}

/// [`Engine::decide`] without an index.
pub fn decide(
    program: &Program,
    case: &Case,
    events: &[Event],
    now: Instant,
    host: &dyn ScriptHost,
) -> Decision {
    Engine::plain(program, host).decide(case, events, now)
}

/// [`Engine::decide_and_answer`] without an index.
pub fn decide_and_answer(
    program: &Program,
    case: &Case,
    events: &[Event],
    now: Instant,
    host: &dyn ScriptHost,
    conditions: &[NodeId],
) -> (Decision, Vec<Answer>) {
    Engine::plain(program, host).decide_and_answer(case, events, now, conditions)
}

/// A decision of what was found, without what names the case and its log.
fn conclude(blocks: Blocks<'_>, outcomes: Outcomes, now: Instant) -> Decision {
    Decision {
        case: None,
        at: now,
        classifications: blocks.classifications,
        route: blocks.route,
        escalations: outcomes.escalations,
        tier: blocks.tier,
        clocks: outcomes.clocks,
        retention: outcomes.retention,
        follow_ups: outcomes.follow_ups,
        requirements: outcomes.requirements,
        next_change_at: None,
        waiting_for: blocks.waiting.into_fields(),
        problems: outcomes.problems.into_all(),
        ignored_events: 0,
    }
}
