//! The next instant at which a decision is another one although nothing happens.
//!
//! Instants at which something may change are looked at in order; where it is not certain that
//! something does, the course goes on to that instant and the two decisions are compared.

use super::Engine;
use super::blocks::Blocks;
use super::clock::ClockState;
use super::course::Course;
use super::decision::StepState;
use super::evaluator::Evaluator;
use super::outcomes::{Facts, Outcomes};
use super::state::State;
use crate::time::Instant;

/// So many boundaries of dated items are looked at that change nothing; the one behind is given
/// whatever it does, since looking on could take as long as a policy is large.
const BOUNDARIES: usize = 256;

/// The next change after `now` of what the course has come to.
pub(super) fn next_change(
    engine: Engine<'_>,
    course: &Course<'_>,
    blocks: &Blocks<'_>,
    facts: &Facts,
    state: &State<'_>,
    outcomes: &Outcomes,
    now: Instant,
) -> Option<Instant> {
    let certain = certain(course, blocks, outcomes, now);
    let mut boundaries = 0;
    for (at, kind) in uncertain(course, facts, now, certain) {
        match kind {
            Kind::Likely => {
                let mut ahead = course.clone();
                ahead.advance(at, true);
                if !outcomes.are_like(&Outcomes::of(&ahead, blocks, facts, at)) {
                    return Some(at);
                }
            }
            Kind::Boundary => {
                boundaries += 1;
                let changed = boundaries > BOUNDARIES || {
                    let mut ahead = course.clone();
                    let evaluator = Evaluator::new(engine, state, at);
                    let then = Blocks::decide(course.program, &evaluator);
                    ahead.visit(&evaluator, &then, at, &[], None);
                    ahead.advance(at, true);
                    let facts = Facts::of(&evaluator, &ahead, &then);
                    let other = Outcomes::of(&ahead, &then, &facts, at);
                    !blocks.are_like(&then) || !outcomes.are_like(&other)
                };
                if changed {
                    return Some(at);
                }
            }
        }
    }
    certain
}

/// The first instant after `now` at which something certainly changes.
fn certain(
    course: &Course<'_>,
    blocks: &Blocks<'_>,
    outcomes: &Outcomes,
    now: Instant,
) -> Option<Instant> {
    let mut first: Option<Instant> = None;
    let mut add = |at: Option<Instant>| {
        if let Some(at) = at
            && at > now
            && first.is_none_or(|first| at < first)
        {
            first = Some(at);
        }
    };
    for clock in course.clocks.iter().filter(|_| blocks.tier.is_some()) {
        if let Some(cycle) = &clock.cycle
            && clock.state == ClockState::Running
            && cycle.breached_at.is_none()
        {
            add(cycle.due().ok().flatten());
        }
    }
    let mut add_steps = |steps: &[StepState]| {
        for step in steps.iter().filter(|step| !step.fired) {
            add(step.at);
        }
    };
    for clock in &outcomes.clocks {
        add_steps(&clock.warnings);
        add_steps(&clock.escalations);
    }
    add_steps(&outcomes.escalations);
    for item in &outcomes.follow_ups {
        add(item.due.filter(|_| item.done_at.is_none()));
    }
    first
}

/// What may happen at an instant at which it is not certain that something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// An item begins or ends to count.
    Boundary,
    /// Something may change as time goes on.
    Likely,
}

/// The instants after `now` and before that of a certain change at which something may change, in order.
fn uncertain(
    course: &Course<'_>,
    facts: &Facts,
    now: Instant,
    certain: Option<Instant>,
) -> Vec<(Instant, Kind)> {
    let boundaries = &course.program.boundaries;
    let later = boundaries.partition_point(|at| *at <= now);
    let boundaries = boundaries.get(later..).unwrap_or(&[]);
    let mut found = Vec::new();
    let mut add = |at: Instant, kind: Kind| {
        if at > now && certain.is_none_or(|certain| at < certain) {
            found.push((at, kind));
        }
    };
    for at in boundaries {
        add(*at, Kind::Boundary);
    }
    for clock in &course.clocks {
        if let Some(at) = clock.starts_at() {
            add(at, Kind::Likely);
        }
    }
    facts.matching.instants(|at| add(at, Kind::Likely));
    found.sort_unstable();
    // What is only likely is hidden by a boundary.
    found.dedup_by_key(|(at, _)| *at);
    found
}
