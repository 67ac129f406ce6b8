//! The short decision: what a case is, where it goes and which tier it has, without clocks, records, duties
//! and what is waited for.

use super::Engine;
use super::blocks::Outcome;
use super::decision::{Decided, Taken};
use super::evaluator::Evaluator;
use super::kept::Kept;
use super::log::Log;
use super::state::State;
use super::waiting::Waiting;
use crate::time::Instant;
use crate::value::{Case, Event, Value};
use smol_str::SmolStr;

/// A short decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// The `id` of the case.
    pub case: Option<SmolStr>,
    /// The value of each classification with the rules that gave it.
    pub classifications: Vec<Decided>,
    /// The rule of the route.
    pub route: Taken,
    /// The place of the tier.
    pub tier: Option<u32>,
}

/// Decides one case after the other in the same room.
pub struct BriefDecider {
    brief: Brief,
    kept: Option<Box<Kept>>,
    nothing: Waiting,
}

impl Default for BriefDecider {
    fn default() -> BriefDecider {
        BriefDecider {
            brief: Brief::default(),
            kept: None,
            nothing: Waiting::for_nothing(),
        }
    }
}

impl BriefDecider {
    /// Decides a case as it stands at `now`, as [`Engine::decide`] does; no more is told of it than
    /// [`Brief`] holds.
    pub fn decide(
        &mut self,
        engine: Engine<'_>,
        case: &Case,
        events: &[Event],
        now: Instant,
    ) -> &Brief {
        let program = engine.program;
        if events.is_empty() && program.boundaries.is_empty() {
            let state = State::new(program, case);
            let opened = state.instant(program.opened_at);
            let at = opened.map_or(now, |opened| opened.min(now));
            return self.decide_at(engine, &state, at);
        }
        let mut log = Log::new(program, case, events, now);
        while log.has_more() {
            log.go_on();
        }
        self.decide_at(engine, &log.state, log.at)
    }

    /// Decides a case as it stands.
    fn decide_at(&mut self, engine: Engine<'_>, state: &State<'_>, at: Instant) -> &Brief {
        let program = engine.program;
        let kept = self.kept.take().unwrap_or_default();
        kept.script_steps.set(0);
        let evaluator = Evaluator::in_room(engine, state, at, kept);
        let brief = &mut self.brief;
        let outcome = Outcome::decide(
            program,
            &evaluator,
            &mut self.nothing,
            &mut brief.classifications,
        );
        self.kept = Some(evaluator.kept);
        brief.route = outcome.route;
        brief.tier = outcome.tier;
        brief.case = match state.slots.get(program.id as usize) {
            Some(Some(Value::Text(id))) => Some(id.clone()),
            Some(_) | None => None,
        };
        brief
    }
}
