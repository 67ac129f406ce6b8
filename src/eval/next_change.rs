//! The next instant at which a decision is another one although nothing happens.
//!
//! Instants at which something may change are looked at in order; where it is not certain that
//! something does, the course goes on to that instant and the two decisions are compared.

use super::blocks::Blocks;
use super::clock::ClockState;
use super::course::Course;
use super::decision::Decision;
use super::evaluator::Evaluator;
use super::outcomes::{Facts, Outcomes};
use super::state::State;
use super::{Engine, conclude};
use crate::time::Instant;
use std::collections::BTreeMap;

/// So many boundaries of dated items are looked at that change nothing; the one behind is given
/// whatever it does, since looking on could take as long as a policy is large.
const BOUNDARIES: usize = 256;

/// The next change after `now` of a decision that the course has come to.
pub(super) fn next_change(
    engine: Engine<'_>,
    course: &Course<'_>,
    blocks: &Blocks<'_>,
    facts: &Facts,
    state: &State<'_>,
    decision: &Decision,
) -> Option<Instant> {
    let now = decision.at;
    let candidates = candidates(course, blocks, facts, decision);
    let mut boundaries = 0;
    for (at, kind) in candidates {
        if at <= now {
            continue;
        }
        match kind {
            Kind::Certain => return Some(at),
            Kind::Likely => {
                let mut ahead = course.clone();
                ahead.advance(at, true);
                let outcomes = Outcomes::of(&ahead, blocks, facts, at);
                if !same(decision, &conclude(blocks, outcomes, at)) {
                    return Some(at);
                }
            }
            Kind::Boundary => {
                boundaries += 1;
                let changed = boundaries > BOUNDARIES || {
                    let mut ahead = course.clone();
                    let evaluator = Evaluator::new(engine, state, at);
                    let blocks = Blocks::decide(course.program, &evaluator);
                    ahead.visit(&evaluator, &blocks, at, &[]);
                    ahead.advance(at, true);
                    let facts = Facts::of(&evaluator, &ahead, &blocks);
                    let outcomes = Outcomes::of(&ahead, &blocks, &facts, at);
                    !same(decision, &conclude(&blocks, outcomes, at))
                };
                if changed {
                    return Some(at);
                }
            }
        }
    }
    None
}

/// How much is known of an instant at which something may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Something changes.
    Certain,
    /// Something may change as time goes on.
    Likely,
    /// An item begins or ends to count.
    Boundary,
}

fn candidates(
    course: &Course<'_>,
    blocks: &Blocks<'_>,
    facts: &Facts,
    decision: &Decision,
) -> BTreeMap<Instant, Kind> {
    let now = decision.at;
    let mut found = BTreeMap::new();
    let mut add = |at: Instant, kind: Kind| {
        if at > now {
            let known = found.entry(at).or_insert(kind);
            // A boundary may hide what is only likely; what is certain needs no second look.
            *known = match (*known, kind) {
                (Kind::Certain, _) | (_, Kind::Certain) => Kind::Certain,
                (Kind::Boundary, _) | (_, Kind::Boundary) => Kind::Boundary,
                (Kind::Likely, Kind::Likely) => Kind::Likely,
            };
        }
    };
    for clock in &course.clocks {
        if let Some(at) = clock.starts_at() {
            add(at, Kind::Likely);
        }
        let running = clock.state == ClockState::Running && blocks.tier.is_some();
        if let (true, Some(cycle)) = (running, &clock.cycle)
            && let (None, Ok(Some(due))) = (cycle.breached_at, cycle.due())
        {
            add(due, Kind::Certain);
        }
    }
    let steps = decision
        .clocks
        .iter()
        .flat_map(|clock| clock.warnings.iter().chain(&clock.escalations))
        .chain(&decision.escalations);
    for step in steps.filter(|step| !step.fired) {
        if let Some(at) = step.at {
            add(at, Kind::Certain);
        }
    }
    for item in &decision.follow_ups {
        if let (None, Some(due)) = (item.done_at, item.due) {
            add(due, Kind::Certain);
        }
    }
    for at in facts.matching.instants(course.program) {
        add(at, Kind::Likely);
    }
    let boundaries = &course.program.boundaries;
    let later = boundaries.partition_point(|at| *at <= now);
    for at in boundaries.get(later..).unwrap_or(&[]) {
        add(*at, Kind::Boundary);
    }
    found
}

/// Whether two decisions say the same, apart from the time and what it used up.
fn same(decision: &Decision, other: &Decision) -> bool {
    let timeless = |decision: &Decision| {
        let mut decision = decision.clone();
        decision.at = Instant::MIN;
        decision.ignored_events = 0;
        decision.next_change_at = None;
        for clock in &mut decision.clocks {
            clock.elapsed = None;
            clock.remaining = None;
            clock.segments.clear();
        }
        decision
    };
    timeless(decision) == timeless(other)
}
