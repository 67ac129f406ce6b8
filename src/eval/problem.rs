//! What went wrong while deciding; a decision is made all the same.
//!
//! Collected by the evaluator, printed by [`super::report`].

use crate::message::Message;
use rustc_hash::FxHashMap;

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemCode {
    /// Two rules of a `unique` block are true.
    RuleConflict,
    /// A script stopped with an error or gave what it must not.
    ScriptFailed,
    /// A script ran into a limit.
    ScriptLimit,
    /// Holiday data does not cover a date that was asked about.
    UnknownCalendarYear,
    /// A computed value does not fit.
    Overflow,
    /// Blocks on one class of records contradict each other.
    RetentionConflict,
}

impl ProblemCode {
    /// All kinds.
    pub const ALL: [ProblemCode; 6] = [
        ProblemCode::RuleConflict,
        ProblemCode::ScriptFailed,
        ProblemCode::ScriptLimit,
        ProblemCode::UnknownCalendarYear,
        ProblemCode::Overflow,
        ProblemCode::RetentionConflict,
    ];

    /// The code in JSON.
    pub fn word(self) -> &'static str {
        match self {
            ProblemCode::RuleConflict => "rule-conflict",
            ProblemCode::ScriptFailed => "script-failed",
            ProblemCode::ScriptLimit => "script-limit",
            ProblemCode::UnknownCalendarYear => "unknown_calendar_year",
            ProblemCode::Overflow => "overflow",
            ProblemCode::RetentionConflict => "retention-conflict",
        }
    }
}

/// The block in which something was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    /// The classification at this place.
    Classification(u32),
    /// The route block.
    Route,
    /// The sla block.
    Sla,
    /// The clock at this place.
    Clock(u32),
    /// The blocks on the class of records at this place; its rules are places among all blocks.
    Retention(u32),
    /// The hold at this place.
    Hold(u32),
    /// The follow-up at this place.
    FollowUp(u32),
    /// The requirement at this place.
    Require(u32),
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its kind.
    pub code: ProblemCode,
    /// The block.
    pub site: Site,
    /// Places of the rules (or tiers) in the block, in page order; empty for a block without rules.
    pub rules: Vec<u32>,
    /// What happened, for the operator.
    pub message: Message,
}

/// Problems in the order in which they were met; the same one of several rules is one problem.
#[derive(Debug, Default)]
pub(super) struct Problems {
    all: Vec<Problem>,
    known: FxHashMap<(ProblemCode, Site, Message), usize>,
}

impl Clone for Problems {
    #[inline]
    fn clone(&self) -> Problems {
        if self.all.is_empty() {
            return Problems::default();
        }
        Problems {
            all: self.all.clone(),
            known: self.known.clone(),
        }
    }
}

impl Problems {
    pub(super) fn add(&mut self, code: ProblemCode, site: Site, rules: &[u32], message: Message) {
        let key = (code, site, message.clone());
        let at = *self.known.entry(key).or_insert(self.all.len());
        if at == self.all.len() {
            self.all.push(Problem {
                code,
                site,
                rules: Vec::new(),
                message,
            });
        }
        if let Some(problem) = self.all.get_mut(at) {
            for rule in rules {
                if let Err(place) = problem.rules.binary_search(rule) {
                    problem.rules.insert(place, *rule);
                }
            }
        }
    }

    pub(super) fn clear(&mut self) {
        if !self.all.is_empty() {
            self.all.clear();
            self.known.clear();
        }
    }

    /// The problems in the order in which they were met.
    pub(super) fn all(&self) -> &[Problem] {
        &self.all
    }

    pub(super) fn into_all(self) -> Vec<Problem> {
        self.all
    }
}
