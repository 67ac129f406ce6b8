//! Cases of facts about time, decided by the evaluator over their whole course.
//!
//! Part of [`super::proofs`].

use super::concrete;
use crate::analysis::{Block, ClockClaim, KeptTooLong};
use crate::compile::Program;
use crate::eval::{ClockState, Decision, Taken, decide};
use crate::script::Scripts;
use crate::time::Duration;
use crate::value::CaseFile;

/// A case with its events, decided.
pub(super) struct Replayed {
    decision: Decision,
    /// How many rules the route has.
    rules: u32,
}

impl Replayed {
    pub(super) fn new(program: &Program, scripts: &Scripts, file: &CaseFile) -> Replayed {
        let now = concrete::decided_at(program, file);
        let rules = program.route.as_ref().map_or(0, |route| route.rules.len());
        Replayed {
            decision: decide(program, &file.case, &file.events, now, scripts),
            rules: u32::try_from(rules).unwrap_or(u32::MAX),
        }
    }

    /// Whether a clock stands as a claim says, with no time used.
    pub(super) fn stands_still(&self, clock: u32, claim: &ClockClaim) -> bool {
        let Some(reading) = self.decision.clocks.get(clock as usize) else {
            return false;
        };
        let state = match claim {
            ClockClaim::NeverStarts => reading.state == ClockState::Idle,
            ClockClaim::Cancelled(_) | ClockClaim::Ended(_) => {
                matches!(reading.state, ClockState::Met | ClockState::Cancelled)
            }
            ClockClaim::AlwaysPaused(_)
            | ClockClaim::StaysPaused(_)
            | ClockClaim::CountsNothing(_)
            | ClockClaim::StartsPaused(_) => reading.state == ClockState::Paused,
        };
        state && reading.elapsed == Some(Duration::ZERO)
    }

    /// Whether a rule is taken, or `otherwise` behind the last one, while a clock stands still.
    pub(super) fn has_still_step(&self, block: Block, rule: u32, clock: u32) -> bool {
        let taken = match block {
            Block::Sla => self.decision.tier == Some(rule),
            Block::Route if rule == self.rules => self.decision.route == Taken::Otherwise,
            Block::Route => match &self.decision.route {
                Taken::Rule(taken) => *taken == rule,
                Taken::Rules(taken) => taken.contains(&rule),
                Taken::Nothing | Taken::Otherwise => false,
            },
            _ => false,
        };
        let reading = self.decision.clocks.get(clock as usize);
        taken && reading.is_some_and(|reading| reading.state != ClockState::Running)
    }

    /// Whether a tier is taken while a role has the case.
    pub(super) fn has_role(&self, program: &Program, tier: u32, role: u32) -> bool {
        let route = program.route.as_ref();
        let target = route.and_then(|route| route.target(&self.decision.route));
        self.decision.tier == Some(tier) && target.is_some_and(|target| target.role == role)
    }

    /// Whether a follow-up is done at the instant at which it is listed.
    pub(super) fn is_done_at_once(&self, follow_up: u32) -> bool {
        let mut listed = self.decision.follow_ups.iter();
        let listed = listed.find(|state| state.follow_up == follow_up);
        listed.is_some_and(|state| state.done_at == Some(state.since))
    }

    /// Whether a record must be kept until then, and be gone before.
    pub(super) fn keeps_too_long(&self, record: u32, found: &KeptTooLong) -> bool {
        let Some(kept) = self.decision.retention.get(record as usize) else {
            return false;
        };
        [found.floor, found.cap]
            .iter()
            .all(|block| kept.blocks.contains(block))
            && kept.keep_until.is_some_and(|until| until >= found.until)
            && kept
                .delete_by
                .is_some_and(|gone_by| gone_by <= found.gone_by)
    }
}
