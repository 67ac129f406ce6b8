//! The course of a case: its clocks, moments and follow-ups from one instant of the log to the next.
//!
//! The case is looked at when it is created, at each instant of its events, and wherever an item
//! with `by now` begins or ends to count; in between nothing changes but time.

use super::blocks::{Blocks, same_target};
use super::calendars::Time;
use super::clock::{ClockCourse, ClockState, Conditions, Levels};
use super::duties::FollowUpCourse;
use super::evaluator::Evaluator;
use super::past::Stale;
use super::problem::Site;
use super::state::State;
use crate::compile::{Clock, Moment, NodeId, Program, RouteTarget, Triggers};
use crate::time::Instant;

/// A case under way.
#[derive(Clone)]
pub(super) struct Course<'a> {
    pub(super) program: &'a Program,
    pub(super) clocks: Vec<ClockCourse<'a>>,
    pub(super) follow_ups: Vec<FollowUpCourse>,
    /// Since when each watched condition is true.
    watched: Vec<Option<Instant>>,
    /// The tier and the rule of the route of the last visit.
    taken: Option<(Option<u32>, Option<&'a RouteTarget>)>,
}

impl<'a> Course<'a> {
    pub(super) fn new(program: &'a Program) -> Course<'a> {
        Course {
            program,
            clocks: program.clocks.iter().map(ClockCourse::new).collect(),
            follow_ups: vec![FollowUpCourse::default(); program.follow_ups.len()],
            watched: vec![None; program.watched.len()],
            taken: None,
        }
    }

    pub(super) fn time(&self) -> Time<'a> {
        Time(self.program)
    }

    /// Goes on to an instant, `inclusive` or up to it, while nothing happens.
    pub(super) fn advance(&mut self, until: Instant, inclusive: bool) {
        let time = self.time();
        for clock in &mut self.clocks {
            clock.advance(until, inclusive, time);
        }
    }

    /// Takes what an instant brings: the case as it then stands, decided by `blocks`, and the events
    /// that happened at this instant. With `stale` only these parts are looked at: nothing that the others
    /// read, and none of the events that they wait for, came about.
    pub(super) fn visit(
        &mut self,
        evaluator: &Evaluator<'_>,
        blocks: &Blocks<'a>,
        at: Instant,
        events: &[u32],
        stale: Option<&Stale>,
    ) {
        self.advance(at, false);
        self.watch(evaluator, at, stale);
        self.visit_clocks(evaluator, blocks, at, events, stale);
        let items = &self.program.follow_ups;
        let courses = &mut self.follow_ups;
        let mut visit = |place: u32| {
            let item = items.get(place as usize);
            let (Some(item), Some(course)) = (item, courses.get_mut(place as usize)) else {
                return;
            };
            evaluator.stand_at(Some((Site::FollowUp(place), 0)));
            course.asks =
                evaluator.is_effective(item.effective) && evaluator.truth(item.when).is_true();
            let done = (course.asks || course.is_open())
                && (happens(&item.done, events) || any(evaluator, &item.done.when));
            course.visit(at, done);
        };
        match stale {
            None => (0u32..).zip(items).for_each(|(place, _)| visit(place)),
            Some(stale) => stale.follow_ups.each(visit),
        }
        evaluator.stand_at(None);
    }

    /// Asks the conditions of moments, each for the item whose moment it is.
    fn watch(&mut self, evaluator: &Evaluator<'_>, at: Instant, stale: Option<&Stale>) {
        let program = self.program;
        if let Some(stale) = stale {
            // Nobody is told what goes wrong before the last instant, so it matters to no item.
            let watched = &stale.watched;
            watched.each(|place| self.watch_condition(evaluator, place, at));
            return;
        }
        for (place, clock) in (0u32..).zip(&program.clocks) {
            self.watch_moment(evaluator, (Site::Clock(place), 0), clock.start, at);
        }
        for (place, block) in (0u32..).zip(&program.retains) {
            let site = (Site::Retention(block.record), place);
            self.watch_moment(evaluator, site, Some(block.from), at);
        }
        for (place, follow_up) in (0u32..).zip(&program.follow_ups) {
            self.watch_moment(evaluator, (Site::FollowUp(place), 0), follow_up.of, at);
        }
        evaluator.stand_at(None);
    }

    fn watch_moment(
        &mut self,
        evaluator: &Evaluator<'_>,
        site: (Site, u32),
        moment: Option<Moment>,
        at: Instant,
    ) {
        if let Some(Moment::When(place)) = moment {
            evaluator.stand_at(Some(site));
            self.watch_condition(evaluator, place, at);
        }
    }

    fn watch_condition(&mut self, evaluator: &Evaluator<'_>, place: u32, at: Instant) {
        let condition = self.program.watched.get(place as usize);
        if let (Some(condition), Some(since)) = (condition, self.watched.get_mut(place as usize)) {
            *since = if evaluator.truth(*condition).is_true() {
                since.or(Some(at))
            } else {
                None
            };
        }
    }

    fn visit_clocks(
        &mut self,
        evaluator: &Evaluator<'_>,
        blocks: &Blocks<'a>,
        at: Instant,
        events: &[u32],
        stale: Option<&Stale>,
    ) {
        let time = self.time();
        let sla = self.program.sla.as_ref();
        let tier = sla.and_then(|sla| sla.tiers.get(blocks.tier? as usize));
        let changed = self.taken.is_none_or(|(tier, target)| {
            !same_target(target, blocks.target) || tier != blocks.tier
        });
        self.taken = Some((blocks.tier, blocks.target));
        for (place, clock) in (0u32..).zip(&self.program.clocks) {
            let is_stale = stale.is_none_or(|stale| stale.clocks.has(place));
            let is_idle = |course: &ClockCourse<'_>| course.state == ClockState::Idle;
            if !is_stale && !changed && !self.clocks.get(place as usize).is_some_and(is_idle) {
                continue;
            }
            evaluator.stand_at(Some((Site::Clock(place), 0)));
            let start = match clock.start {
                Some(moment) => self.moment(evaluator.state, moment),
                None => evaluator.state.instant(self.program.opened_at),
            };
            let target = tier.and_then(|tier| tier.target(place));
            if let Some(course) = self.clocks.get_mut(place as usize) {
                if is_stale {
                    course.conditions = Conditions::default();
                }
                let levels = levels(evaluator, clock, events, &mut course.conditions);
                if changed {
                    course.put_in_force(place, at, tier, blocks.target);
                }
                course.visit(at, levels, target, start, time);
            }
        }
    }

    /// The instant that a moment marks, as far as the case tells by now.
    pub(super) fn moment(&self, state: &State<'_>, moment: Moment) -> Option<Instant> {
        let happened = |event: u32| state.happened.get(event as usize).copied().flatten();
        match moment {
            Moment::Field(slot) => state.instant(slot),
            Moment::First(event) => happened(event).map(|(first, _)| first),
            Moment::Last(event) => happened(event).map(|(_, last)| last),
            Moment::When(place) => self.watched.get(place as usize).copied().flatten(),
        }
    }
}

fn levels(
    evaluator: &Evaluator<'_>,
    clock: &Clock,
    events: &[u32],
    conditions: &mut Conditions,
) -> Levels {
    let Conditions {
        cancel,
        stop,
        reset,
        pause,
    } = conditions;
    Levels {
        cancel: happens(&clock.cancel, events) || known(cancel, evaluator, &clock.cancel.when),
        stop: known(stop, evaluator, &clock.stop.when),
        stopped: happens(&clock.stop, events),
        reset: known(reset, evaluator, &clock.reset.when),
        was_reset: happens(&clock.reset, events),
        pause: known(pause, evaluator, &clock.pause),
    }
}

/// Whether any of these conditions is true, asked if that is not known.
fn known(known: &mut Option<bool>, evaluator: &Evaluator<'_>, conditions: &[NodeId]) -> bool {
    *known.get_or_insert_with(|| any(evaluator, conditions))
}

#[inline]
fn happens(triggers: &Triggers, events: &[u32]) -> bool {
    !events.is_empty() && triggers.on.iter().any(|event| events.contains(event))
}

fn any(evaluator: &Evaluator<'_>, conditions: &[NodeId]) -> bool {
    conditions
        .iter()
        .any(|condition| evaluator.truth(*condition).is_true())
}
