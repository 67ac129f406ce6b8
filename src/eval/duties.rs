//! Follow-ups and requirements: what is to be done, and what must be there.
//!
//! Neither changes route, tier or clocks. Follow-ups unfold over the course of the case, since it
//! matters when one was listed and when it was done; requirements only look at the case as it stands.

use super::calendars::{Flag, Time};
use super::evaluator::Evaluator;
use super::problem::Site;
use super::truth::Truth;
use super::waiting::Waiting;
use crate::compile::{FollowUp, Moment, Node, NodeId, Within};
use crate::time::{Instant, Rounding};
use std::collections::BTreeSet;

/// A follow-up that is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUpState {
    /// Its place in the program.
    pub follow_up: u32,
    /// Since when it is listed.
    pub since: Instant,
    /// When it is due.
    pub due: Option<Instant>,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// It is due and not done.
    pub overdue: bool,
}

/// A requirement that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementState {
    /// Its place in the program.
    pub requirement: u32,
    /// Whether it is met; none if that is unknown.
    pub met: Option<bool>,
    /// The fields, as slots in schema order, whose values keep it from being met.
    pub fields: Vec<u32>,
}

/// A follow-up over the course of a case.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FollowUpCourse {
    /// Whether its `when` is true.
    pub(super) asks: bool,
    /// Whether its `when` was true at the last instant.
    asked: bool,
    since: Option<Instant>,
    done_at: Option<Instant>,
}

impl FollowUpCourse {
    /// Whether it is listed and not done.
    pub(super) fn is_open(&self) -> bool {
        self.since.is_some() && self.done_at.is_none()
    }

    /// Takes what an instant brings. What is done at the very instant at which its `when` stops
    /// being true is done; it was not dropped before.
    pub(super) fn visit(&mut self, at: Instant, done: bool) {
        let asked = self.asks;
        if asked && !self.asked {
            self.since = Some(at);
            self.done_at = None;
        }
        self.asked = asked;
        if self.is_open() {
            if done {
                self.done_at = Some(at);
            } else if !asked {
                self.since = None;
            }
        }
    }

    /// How it stands at an instant; none if it is not listed.
    pub(super) fn state(
        &self,
        place: u32,
        due: Option<Instant>,
        now: Instant,
    ) -> Option<FollowUpState> {
        let since = self.since?;
        Some(FollowUpState {
            follow_up: place,
            since,
            due,
            done_at: self.done_at,
            overdue: self.done_at.is_none() && due.is_some_and(|due| due <= now),
        })
    }

    /// When it is due; none if it is not listed, or has no moment yet.
    #[inline]
    pub(super) fn due(
        &self,
        follow_up: &FollowUp,
        moment: impl FnOnce(Moment) -> Option<Instant>,
        time: Time<'_>,
    ) -> Result<Option<Instant>, Flag> {
        let Some(since) = self.since else {
            return Ok(None);
        };
        let Some(from) = follow_up.of.map_or(Some(since), moment) else {
            return Ok(None);
        };
        match follow_up.within {
            Within::Exact(length, calendar) => time.due(calendar, from, length).map(Some),
            Within::WorkingDays(days, calendar) => {
                time.close_of_working_day(calendar, from, days).map(Some)
            }
            Within::Calendar(period) => {
                let end = period.after(from, time.0.zone, Rounding::Down);
                end.map(Some).ok_or(Flag::BeyondRange)
            }
        }
    }
}

/// The requirements that are asked of the case as it stands.
pub(super) fn requirements(evaluator: &Evaluator<'_>, waiting: &Waiting) -> Vec<RequirementState> {
    let mut asked = Vec::new();
    for (place, require) in (0u32..).zip(&evaluator.program.requires) {
        evaluator.stand_at(Some((Site::Require(place), 0)));
        if !evaluator.truth(require.when).is_true() {
            continue;
        }
        let (met, fields) = match evaluator.truth(require.that) {
            Truth::True => (Some(true), Vec::new()),
            Truth::False => (Some(false), lacking(evaluator, waiting, require.that)),
            Truth::Unknown => (None, lacking(evaluator, waiting, require.that)),
        };
        asked.push(RequirementState {
            requirement: place,
            met,
            fields,
        });
    }
    evaluator.stand_at(None);
    asked
}

/// The fields that the untrue parts of a condition read; those that a classification without value
/// waits for stand for it.
fn lacking(evaluator: &Evaluator<'_>, waiting: &Waiting, condition: NodeId) -> Vec<u32> {
    let program = evaluator.program;
    let mut fields = BTreeSet::new();
    let mut seen = BTreeSet::new();
    // What is still to be looked at, and whether it keeps the condition from being true by being
    // true itself (behind `not`).
    let mut work = vec![(condition, false)];
    while let Some((id, negated)) = work.pop() {
        if !seen.insert((id, negated)) {
            continue;
        }
        let node = program.node(id);
        if let Node::And(list) | Node::Or(list) = node {
            let harmless = if negated { Truth::False } else { Truth::True };
            let parts = program.list(*list).iter().copied();
            let parts = parts.filter(|part| evaluator.truth(*part) != harmless);
            work.extend(parts.map(|part| (part, negated)));
        } else if let Node::Not(part) = node {
            work.push((*part, !negated));
        } else if let Node::Field(slot) = node {
            fields.insert(*slot);
        } else if let Node::Define(place) = node {
            let define = program.defines.get(*place as usize);
            work.extend(define.map(|define| (define.value, negated)));
        } else if let Node::Classification(place) = node {
            fields.extend(waiting.of_classification(*place));
        } else {
            program.operands(id, |operand| work.push((operand, negated)));
        }
    }
    fields.into_iter().collect()
}
