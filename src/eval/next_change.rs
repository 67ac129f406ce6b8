//! The next instant at which a decision is another one although nothing happens.
//!
//! Instants at which something may change are looked at in order; where it is not certain that
//! something does, the course goes on to that instant and the two decisions are compared.

use super::Engine;
use super::blocks::Blocks;
use super::clock::ClockState;
use super::course::Course;
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
    let dues = course.clocks.iter().filter_map(|clock| {
        let running = clock.state == ClockState::Running && blocks.tier.is_some();
        let cycle = clock.cycle.as_ref().filter(|_| running)?;
        cycle.due().ok()?.filter(|_| cycle.breached_at.is_none())
    });
    let steps = outcomes
        .clocks
        .iter()
        .flat_map(|clock| clock.warnings.iter().chain(&clock.escalations))
        .chain(&outcomes.escalations);
    let steps = steps.filter(|step| !step.fired).filter_map(|step| step.at);
    let follow_ups = outcomes.follow_ups.iter();
    let follow_ups = follow_ups.filter(|item| item.done_at.is_none());
    let follow_ups = follow_ups.filter_map(|item| item.due);
    let all = dues.chain(steps).chain(follow_ups);
    all.filter(|at| *at > now).min()
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
    let boundaries = boundaries.iter().map(|at| (*at, Kind::Boundary));
    let starts = course.clocks.iter().filter_map(|clock| clock.starts_at());
    let likely = starts.chain(facts.matching.instants());
    let likely = likely.map(|at| (at, Kind::Likely));
    let matters = |at: Instant| at > now && certain.is_none_or(|certain| at < certain);
    let all = boundaries.chain(likely).filter(|(at, _)| matters(*at));
    let mut found: Vec<(Instant, Kind)> = all.collect();
    found.sort_unstable();
    // What is only likely is hidden by a boundary.
    found.dedup_by_key(|(at, _)| *at);
    found
}
