//! Decides a case: a pure function of the program, the case, its events and an instant.
//!
//! After `compile`, before everything that shows or keeps decisions. No clock, file or network is
//! read, nothing is random, nothing panics: what goes wrong (an overflow, a failing script, a
//! conflict) is a [`Problem`] in the decision, and the value concerned is missing.
//!
//! Conditions have three truth values, see [`Truth`]; a rule fires only when its condition is true.

mod answer;
mod blocks;
mod decision;
mod evaluator;
mod host;
mod numbers;
mod problem;
mod report;
mod shown;
mod state;
mod truth;
mod waiting;

pub use answer::{Answer, Read, ReadValue};
pub use decision::{Decided, Decision, Taken};
pub use host::{Bounds, NoScripts, ScriptFailure, ScriptHost, Shape, Signature, signatures};
pub use problem::{Problem, ProblemCode, Site};
pub use report::{OTHERWISE, Report};
pub use shown::Shown;
pub use state::State;
pub use truth::Truth;
pub use waiting::Subject;

use crate::compile::{NodeId, Program};
use crate::time::Instant;
use crate::value::{Case, Event, Value};
use evaluator::Evaluator;
use waiting::Waiting;

/// Decides a case as it stands at `now`.
///
/// `case` is the case as it stood when it was opened, `events` what happened after, in order; events
/// later than `now` are left out and counted.
pub fn decide(
    program: &Program,
    case: &Case,
    events: &[Event],
    now: Instant,
    host: &dyn ScriptHost,
) -> Decision {
    decide_and_answer(program, case, events, now, host, &[]).0
}

/// Decides a case and answers conditions over the decision.
pub fn decide_and_answer(
    program: &Program,
    case: &Case,
    events: &[Event],
    now: Instant,
    host: &dyn ScriptHost,
    conditions: &[NodeId],
) -> (Decision, Vec<Answer>) {
    let state = State::at(program, case, events, now);
    let evaluator = Evaluator::new(program, &state, now, host);
    let mut waiting = Waiting::default();
    let mut classifications = Vec::with_capacity(program.classifications.len());
    for (place, block) in (0u32..).zip(&program.classifications) {
        let decided = blocks::classify(&evaluator, place, block, &mut waiting);
        if let Some(cell) = evaluator.classifications.get(place as usize) {
            // Every block is decided once.
            let _ = cell.set(decided.value.clone());
        }
        classifications.push(decided);
    }
    let route = program.route.as_ref();
    let taken = route.map_or(Taken::Nothing, |block| {
        blocks::route(&evaluator, block, &mut waiting)
    });
    // The route is decided once, and so is the tier.
    let _ = evaluator
        .route
        .set(route.and_then(|block| block.target(&taken)));
    let tier = program
        .sla
        .as_ref()
        .and_then(|block| blocks::tier(&evaluator, block, &mut waiting));
    let _ = evaluator.tier.set(tier);
    let answers = conditions
        .iter()
        .map(|condition| answer::answer(&evaluator, *condition))
        .collect();
    let case = match state.slots.get(program.id as usize) {
        Some(Some(Value::Text(id))) => Some(id.clone()),
        _ => None,
    };
    let decision = Decision {
        case,
        at: now,
        classifications,
        route: taken,
        tier,
        waiting_for: waiting.into_fields(),
        problems: evaluator.problems.take().into_all(),
        ignored_events: state.ignored,
    };
    (decision, answers)
}
