//! What the course of a case came to at an instant: clocks, retention, follow-ups, requirements.
//!
//! Between [`super::course`] and the decision; expectations of tests read it by path.

use super::blocks::Blocks;
use super::calendars::{Flag, Time};
use super::clock::{ClockCourse, ClockState};
use super::course::Course;
use super::decision::{ClockReading, StepState};
use super::duties::{FollowUpState, RequirementState, requirements};
use super::evaluator::Evaluator;
use super::problem::{ProblemCode, Problems, Site};
use super::retention::{Matching, Retention};
use super::steps::{Origin, Steps};
use crate::compile::{Outcome, Program};
use crate::message::message;
use crate::time::Instant;
use crate::value::Value;

/// What conditions say at the last instant of the log: it holds until something happens.
pub(super) struct Facts {
    pub(super) matching: Matching,
    requirements: Vec<RequirementState>,
    /// When each follow-up is due.
    pub(super) dues: Vec<Result<Option<Instant>, Flag>>,
    problems: Problems,
}

impl Facts {
    pub(super) fn of(evaluator: &Evaluator<'_>, course: &Course<'_>, blocks: &Blocks<'_>) -> Facts {
        let follow_ups = course.program.follow_ups.iter();
        let dues = follow_ups.zip(&course.follow_ups).map(|(item, state)| {
            let moment = |moment| course.moment(evaluator.state, moment);
            state.due(item, moment, course.time())
        });
        let dues = dues.collect();
        let matching = Matching::of(evaluator, course);
        let requirements = requirements(evaluator, &blocks.waiting);
        Facts {
            matching,
            requirements,
            dues,
            problems: evaluator.kept.problems.borrow().clone(),
        }
    }
}

/// The outcomes at an instant.
pub(super) struct Outcomes {
    pub(super) escalations: Vec<StepState>,
    pub(super) clocks: Vec<ClockReading>,
    pub(super) retention: Vec<Retention>,
    pub(super) follow_ups: Vec<FollowUpState>,
    pub(super) requirements: Vec<RequirementState>,
    pub(super) problems: Problems,
}

impl Outcomes {
    /// What the course came to, gone on to `now`.
    pub(super) fn of(
        course: &Course<'_>,
        blocks: &Blocks<'_>,
        facts: &Facts,
        now: Instant,
    ) -> Outcomes {
        let program = course.program;
        let mut problems = facts.problems.clone();
        let mut clocks = Vec::new();
        if blocks.tier.is_some() {
            clocks.reserve_exact(course.clocks.len());
            for (place, clock) in (0u32..).zip(&course.clocks) {
                let reading = reading(clock, now, course.time());
                if let Some(flag) = reading.flag {
                    report(program, flag, Site::Clock(place), &mut problems);
                }
                clocks.push(reading);
            }
        }
        let retention = facts.matching.decide(program, now, &mut problems);
        let mut follow_ups = Vec::new();
        for ((place, state), due) in (0u32..).zip(&course.follow_ups).zip(&facts.dues) {
            if let Err(flag) = due {
                report(program, *flag, Site::FollowUp(place), &mut problems);
            }
            if let Some(listed) = state.state(place, due.ok().flatten(), now) {
                follow_ups.push(listed);
            }
        }
        Outcomes {
            escalations: route_steps(course, blocks, now),
            clocks,
            retention,
            follow_ups,
            requirements: facts.requirements.clone(),
            problems,
        }
    }

    /// Whether a decision says the same of both, apart from what time used up.
    pub(super) fn are_like(&self, other: &Outcomes) -> bool {
        let mut clocks = self.clocks.iter().zip(&other.clocks);
        self.clocks.len() == other.clocks.len()
            && clocks.all(|(clock, other)| timeless(clock) == timeless(other))
            && self.escalations == other.escalations
            && self.retention == other.retention
            && self.follow_ups == other.follow_ups
            && self.requirements == other.requirements
            && self.problems.all() == other.problems.all()
    }

    /// The value of an outcome; none if there is none.
    pub(super) fn value(&self, outcome: Outcome) -> Option<Value> {
        let clock = |place: u32| self.clocks.get(place as usize);
        let retention = |place: u32| self.retention.get(place as usize);
        let follow_up = |place: u32| self.follow_ups.iter().find(|item| item.follow_up == place);
        match outcome {
            Outcome::ClockState(id) => clock(id.0).map(|clock| member(clock.state as u32)),
            Outcome::ClockDue(id) => clock(id.0)?.due.map(Value::Instant),
            Outcome::ClockMetAt(id) => clock(id.0)?.met_at.map(Value::Instant),
            Outcome::ClockBreachedAt(id) => clock(id.0)?.breached_at.map(Value::Instant),
            Outcome::ClockElapsed(id) => clock(id.0)?.elapsed.map(Value::Duration),
            Outcome::RetentionPhase(id) => retention(id.0).map(|kept| member(kept.phase as u32)),
            Outcome::RetentionKeepUntil(id) => retention(id.0)?.keep_until.map(Value::Instant),
            Outcome::RetentionDeleteBy(id) => retention(id.0)?.delete_by.map(Value::Instant),
            Outcome::FollowUpDue(id) => follow_up(id.0)?.due.map(Value::Instant),
            Outcome::FollowUpDone(id) => {
                follow_up(id.0).map(|item| Value::Bool(item.done_at.is_some()))
            }
            Outcome::RequirementMet(id) => {
                let asked = self
                    .requirements
                    .iter()
                    .find(|asked| asked.requirement == id.0);
                asked?.met.map(Value::Bool)
            }
            Outcome::RouteRole
            | Outcome::RouteQueue
            | Outcome::RouteWith
            | Outcome::SlaTier
            | Outcome::ClockTarget(_) => None,
        }
    }
}

/// What of a clock does not change merely because time goes on.
fn timeless(reading: &ClockReading) -> impl PartialEq + '_ {
    let ClockReading {
        state,
        target,
        cycle,
        started_at,
        elapsed: _,
        remaining: _,
        due,
        met_at,
        breached_at,
        flag,
        warnings,
        escalations,
        cycles,
        segments: _,
    } = reading;
    let course = (state, target, cycle, started_at, due, met_at, breached_at);
    (course, flag, warnings, escalations, cycles)
}

fn member(place: u32) -> Value {
    Value::Member(place)
}

fn reading(clock: &ClockCourse<'_>, now: Instant, time: Time<'_>) -> ClockReading {
    let cycle = clock.cycle.as_ref();
    let elapsed = clock.elapsed(now, time).ok();
    let remaining = clock.length().and_then(|length| length.minus(elapsed?));
    let (warnings, escalations) = tier_steps(clock, time);
    ClockReading {
        state: clock.state,
        target: cycle.map_or(clock.target, |cycle| cycle.target),
        cycle: cycle.map_or(1, |cycle| cycle.number),
        started_at: cycle.map(|cycle| cycle.started_at),
        elapsed,
        remaining,
        due: clock.due().ok().flatten(),
        met_at: clock.met_at,
        breached_at: cycle.and_then(|cycle| cycle.breached_at),
        flag: clock.flag(now, time),
        warnings,
        escalations,
        cycles: clock.closed.clone(),
        segments: clock.segments(now),
    }
}

/// Steps of tiers: warnings, and escalations.
fn tier_steps(clock: &ClockCourse<'_>, time: Time<'_>) -> (Vec<StepState>, Vec<StepState>) {
    let (mut warnings, mut escalations) = (Vec::new(), Vec::new());
    let mut show = |step: StepState| match step.to {
        None => warnings.push(step),
        Some(_) => escalations.push(step),
    };
    for (_, origin, step) in former(clock) {
        if origin == Origin::Tier {
            show(step);
        }
    }
    for active in &clock.steps.active {
        if active.origin == Origin::Tier {
            show(state_of(clock, active, time));
        }
    }
    (warnings, escalations)
}

/// Escalations of the route, of all clocks: former ones as they fired, then in page order.
fn route_steps(course: &Course<'_>, blocks: &Blocks<'_>, now: Instant) -> Vec<StepState> {
    let mut fired: Vec<(Instant, StepState)> = Vec::new();
    for clock in &course.clocks {
        let of_route = former(clock).filter(|(_, origin, _)| *origin == Origin::Route);
        fired.extend(of_route.map(|(at, _, step)| (at, step)));
    }
    fired.sort_by_key(|(at, _)| *at);
    let steps = blocks.target.map_or(&[][..], |target| &target.steps);
    let mut shown = Vec::with_capacity(fired.len() + steps.len());
    shown.extend(fired.into_iter().map(|(_, step)| step));
    for step in steps {
        let clock = course.clocks.get(step.clock as usize);
        let active = clock.and_then(|clock| {
            let mut steps = clock.steps.active.iter();
            let found = steps.find(|one| one.origin == Origin::Route && one.step.key == step.key);
            found.map(|active| state_of(clock, active, course.time()))
        });
        shown.push(active.unwrap_or(StepState {
            key: step.key.clone(),
            to: step.to,
            at: None,
            fired: false,
        }));
    }
    debug_assert!(
        shown
            .iter()
            .all(|step| !step.fired || step.at.is_none_or(|at| at <= now))
    );
    shown
}

/// Steps that fired and are not among those in force for the present promise.
fn former<'a>(
    clock: &'a ClockCourse<'_>,
) -> impl Iterator<Item = (Instant, Origin, StepState)> + 'a {
    let steps = &clock.steps;
    let fired = steps.fired.iter().filter(|fired| {
        let in_force = |key: &str| steps.active.iter().any(|active| active.step.key == key);
        fired.promise != steps.promise || !in_force(&fired.step.key)
    });
    fired.map(|fired| {
        let step = StepState {
            key: Steps::key(fired.step, fired.promise),
            to: fired.step.to,
            at: Some(fired.at),
            fired: true,
        };
        (fired.at, fired.origin, step)
    })
}

fn state_of(
    clock: &ClockCourse<'_>,
    active: &super::steps::Active<'_>,
    time: Time<'_>,
) -> StepState {
    let running = clock
        .cycle
        .as_ref()
        .filter(|_| clock.state == ClockState::Running);
    StepState {
        key: Steps::key(active.step, clock.steps.promise),
        to: active.step.to,
        at: active.fired.or_else(|| active.fires_at(running?, time)),
        fired: active.fired.is_some(),
    }
}

/// Puts down why an item cannot tell when it is due.
fn report(program: &Program, flag: Flag, site: Site, problems: &mut Problems) {
    let calendar = |place: u32| {
        let found = program.calendars.get(place as usize);
        found.map_or("", |(named, _)| named.name.as_str())
    };
    let (code, message) = match flag {
        Flag::UnknownCalendarYear(place, date) => (
            ProblemCode::UnknownCalendarYear,
            message!(
                "the holiday data of calendar `{name}` does not cover {date}",
                name = calendar(place),
                date = date.to_string(),
            ),
        ),
        Flag::CalendarNeverOpens(place) => (
            ProblemCode::Overflow,
            message!(
                "calendar `{name}` does not open again",
                name = calendar(place)
            ),
        ),
        Flag::BeyondRange => (
            ProblemCode::Overflow,
            message!("it lies after the year 9999"),
        ),
    };
    problems.add(code, site, &[], message);
}
