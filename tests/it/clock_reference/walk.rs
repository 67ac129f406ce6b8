//! The plain clock: it lives through a case minute by minute and writes down what happens.
//!
//! The rules, one after the other:
//! - time passes between two points; while the clock runs, every minute in which its calendar is
//!   open is counted, and before time goes on from an instant the clock settles there: if it is
//!   due, it is breached; each step whose time has come fires;
//! - at a point it does what the levels and events say: cancel, then stop or reopen, reset, a new
//!   tier, pause or resume, start;
//! - at the instant of the decision it settles once more.

use super::Millis;
use super::condition::{Moment, Trigger};
use super::cycle::{Closed, Cycle, Due, Length, minute_end};
use super::days::{Days, moment_value};
use super::log::Point;
use super::plan::{ClockPlan, Reopen, Retier, Target, World};
use super::steps::{Fired, InForce, Natural, in_force};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Running,
    Paused,
    Met,
    Cancelled,
}

#[derive(Clone)]
pub struct Walk<'a> {
    pub world: &'a World,
    pub days: &'a Days,
    pub clock: usize,
    pub phase: Phase,
    pub cycle: Cycle,
    pub closed: Vec<Closed>,
    pub fired: Vec<Fired>,
    pub in_force: Vec<InForce>,
    /// It was met while a `stop when` was true.
    met_by_level: bool,
    /// Since when the tier's and the rule's steps are in force.
    tier_since: Millis,
    rule_since: Millis,
    /// The target changed at the point, or a promise began: its steps are in force anew.
    anew: bool,
    /// The clock ran from here before it was known that it did, or by which target.
    known_late: Option<Millis>,
}

fn any(triggers: &[Trigger], point: &Point) -> bool {
    level(triggers, point) || event(triggers, point)
}

fn level(triggers: &[Trigger], point: &Point) -> bool {
    triggers.iter().any(|trigger| match trigger {
        Trigger::On(_) => false,
        Trigger::When(condition) => condition.holds(&point.situation),
    })
}

fn event(triggers: &[Trigger], point: &Point) -> bool {
    triggers.iter().any(|trigger| match trigger {
        Trigger::On(event) => point.events.contains(event),
        Trigger::When(_) => false,
    })
}

impl<'a> Walk<'a> {
    /// Lives through all points and up to the instant of the decision.
    pub fn through(
        world: &'a World,
        days: &'a Days,
        clock: usize,
        points: &[Point],
        now: Millis,
    ) -> Walk<'a> {
        let mut walk = Walk {
            world,
            days,
            clock,
            phase: Phase::Idle,
            cycle: Cycle::new(1, 1),
            closed: Vec::new(),
            fired: Vec::new(),
            in_force: Vec::new(),
            met_by_level: false,
            tier_since: points[0].at,
            rule_since: points[0].at,
            anew: false,
            known_late: None,
        };
        for (place, point) in points.iter().enumerate() {
            let before = place.checked_sub(1).map(|place| &points[place]);
            if let Some(before) = before {
                walk.live(before, point.at, points[0].at, false);
            }
            walk.look(point, before, points[0].at);
        }
        let last = &points[points.len() - 1];
        walk.live(last, now, points[0].at, true);
        walk.settle(now);
        walk
    }

    /// The steps of the tier and the rule. One that was there before, by its key, goes on.
    fn put_in_force(&mut self, point: &Point) {
        let mut steps = in_force(self, point, self.tier_since, self.rule_since);
        for step in steps.iter_mut().filter(|_| !self.anew) {
            if let Some(old) = self.in_force.iter().find(|old| old.key == step.key) {
                step.since = step.since.min(old.since);
            }
        }
        self.in_force = steps;
    }

    fn plan(&self) -> &'a ClockPlan {
        &self.world.clocks[self.clock]
    }

    fn target(&self, point: &Point) -> Option<Target> {
        point
            .tier
            .map(|tier| self.world.tiers[tier].targets[self.clock])
    }

    /// Nothing happens from a point to an instant but that time passes. A clock may start by a
    /// field: before the end, or, at the instant of the decision, also at the end.
    fn live(&mut self, point: &Point, to: Millis, opened: Millis, inclusive: bool) {
        let mut from = point.at;
        if self.phase == Phase::Idle
            && let Some(start) = self.start_moment(point, opened)
            && from < start
            && (start < to || inclusive && start <= to)
        {
            self.start(start, point);
            self.put_in_force(point);
            from = start;
        }
        self.pass(from, to);
    }

    pub fn pass(&mut self, from: Millis, to: Millis) {
        let mut at = from;
        while self.phase == Phase::Running && at < to {
            self.settle(at);
            let next = self.next_stop(at).min(to);
            self.cycle.run(self.days, at, next);
            at = next;
        }
    }

    /// The end of the minute, or an instant in it at which it is due or a step's time comes.
    fn next_stop(&self, at: Millis) -> Millis {
        let mut next = minute_end(at);
        if let Due::At(due) = self.cycle.due()
            && at < due
        {
            next = next.min(due);
        }
        for step in self.in_force.iter().filter(|step| !step.fired) {
            let natural = match step.natural {
                Natural::Used(Length::Is(length)) => {
                    self.cycle.used.known().map(|used| at + length - used)
                }
                Natural::Used(_) => None,
                Natural::Due(offset) => match self.cycle.due() {
                    Due::At(due) => Some(due + offset),
                    Due::Beyond | Due::Unknown(_) | Due::Never => None,
                },
            };
            for instant in natural.into_iter().chain([step.since]) {
                if at < instant {
                    next = next.min(instant);
                }
            }
        }
        next
    }

    /// The clock runs at this instant, and goes on running.
    fn settle(&mut self, at: Millis) {
        let counts = self
            .cycle
            .stretches
            .last()
            .is_some_and(|last| last.calendar.is_some());
        if self.phase != Phase::Running || !counts {
            return;
        }
        if let Due::At(due) = self.cycle.due()
            && due <= at
        {
            self.cycle.breached = self.cycle.breached.or(Some(due));
        }
        let (used, due) = (self.cycle.used.least, self.cycle.due());
        for step in self.in_force.iter_mut().filter(|step| !step.fired) {
            let reached = match step.natural {
                Natural::Used(Length::Is(length)) => used >= length,
                Natural::Used(_) => false,
                Natural::Due(offset) => matches!(due, Due::At(due) if due + offset <= at),
            };
            if reached && step.since <= at {
                step.fired = true;
                self.fired.push(Fired {
                    list: step.list,
                    key: step.key.clone(),
                    role: step.role,
                    at,
                });
            }
        }
    }

    /// What the clock does at a point.
    fn look(&mut self, point: &Point, before: Option<&Point>, opened: Millis) {
        let (plan, at) = (self.plan(), point.at);
        self.anew = false;
        if before.is_some_and(|before| before.tier != point.tier) {
            self.tier_since = at;
        }
        if before.is_some_and(|before| before.rule != point.rule) {
            self.rule_since = at;
        }
        // Cancel.
        let cancels = any(&plan.cancel, point);
        if cancels && matches!(self.phase, Phase::Idle | Phase::Running | Phase::Paused) {
            self.cycle.end_stretch(at);
            self.phase = Phase::Cancelled;
        }
        // Stop, or reopen.
        let stopped_before = before.is_some_and(|before| level(&plan.stop, before));
        let undone = self.met_by_level && stopped_before && !level(&plan.stop, point);
        match self.phase {
            Phase::Met if undone && !cancels => self.reopen(point),
            Phase::Running | Phase::Paused if any(&plan.stop, point) => {
                self.stop(at);
                self.met_by_level = level(&plan.stop, point);
            }
            _ => {}
        }
        // Reset.
        let rising =
            level(&plan.reset, point) && before.is_some_and(|before| !level(&plan.reset, before));
        if matches!(self.phase, Phase::Running | Phase::Paused)
            && (rising || event(&plan.reset, point))
        {
            self.close(at, false);
            self.begin_cycle(point, true);
        }
        // A new tier.
        self.tier(point);
        // Pause, resume.
        let paused = plan.pause.iter().any(|pause| pause.holds(&point.situation));
        if self.phase == Phase::Running && paused {
            self.cycle.end_stretch(at);
            self.phase = Phase::Paused;
        } else if self.phase == Phase::Paused && !paused {
            self.run_from(at, point);
        }
        // Start.
        if self.phase == Phase::Idle
            && let Some(start) = self.start_moment(point, opened)
            && start <= at
        {
            self.start(start, point);
            self.known_late = Some(start);
        }
        self.put_in_force(point);
        if let Some(start) = self
            .known_late
            .take()
            .filter(|_| self.phase == Phase::Running)
        {
            let caps = self.cycle.caps.clone();
            self.cycle.count_again(self.days, start);
            self.pass(start, at);
            self.cycle.caps = caps;
        }
    }

    fn start_moment(&self, point: &Point, opened: Millis) -> Option<Millis> {
        match &self.plan().start {
            None => Some(opened),
            Some(Moment::When(condition)) => condition.holds(&point.situation).then_some(point.at),
            Some(moment) => moment_value(moment, opened, &point.situation),
        }
    }

    fn start(&mut self, start: Millis, point: &Point) {
        let plan = self.plan();
        self.cycle.started = Some(start);
        self.cycle.agreed = self.target(point);
        if level(&plan.stop, point) {
            // Met at once: due as if it had run from there.
            self.run_from(start, point);
            self.stop(start);
            self.met_by_level = true;
        } else if plan.pause.iter().any(|pause| pause.holds(&point.situation)) {
            self.phase = Phase::Paused;
        } else {
            self.run_from(start, point);
        }
    }

    fn run_from(&mut self, at: Millis, point: &Point) {
        self.phase = Phase::Running;
        let agreed = self.cycle.agreed.filter(|_| point.tier.is_some());
        self.cycle
            .begin_segment(self.days, at, agreed.map(Target::calendar));
    }

    fn stop(&mut self, at: Millis) {
        self.cycle.ran_to_the_end = self.phase == Phase::Running;
        self.cycle.end_stretch(at);
        self.cycle.met = Some(at);
        self.phase = Phase::Met;
    }

    fn reopen(&mut self, point: &Point) {
        let (first, later) = self.plan().reopen.unwrap_or((Reopen::Ignore, None));
        let Some(met) = self.cycle.met else { return };
        let mode = match later {
            Some((period, _)) if point.at <= self.days.later(met, period, true) => first,
            Some((_, second)) => second,
            None => first,
        };
        match mode {
            Reopen::Ignore => {}
            Reopen::Resume => {
                self.cycle.met = None;
                self.run_from(point.at, point);
            }
            Reopen::Counting => {
                self.cycle.met = None;
                self.in_force.clear();
                self.run_from(met, point);
                self.pass(met, point.at);
                self.anew = true;
                self.tier_since = point.at;
                self.rule_since = point.at;
            }
            Reopen::NewCycle => {
                self.close(point.at, true);
                self.begin_cycle(point, true);
            }
        }
    }

    fn close(&mut self, ended: Millis, met: bool) {
        if !met {
            self.cycle.ran_to_the_end = self.phase == Phase::Running;
        }
        self.cycle.end_stretch(ended);
        self.closed.push(Closed {
            cycle: self.cycle.clone(),
            met,
            ended,
        });
    }

    /// A new cycle runs from a point on; a new promise unless a new tier begins it.
    fn begin_cycle(&mut self, point: &Point, promise: bool) {
        let number = self.cycle.number + 1;
        let promise = if promise { number } else { self.cycle.promise };
        self.cycle = Cycle::new(number, promise);
        self.cycle.started = Some(point.at);
        self.cycle.agreed = self.target(point);
        self.run_from(point.at, point);
    }

    /// The target of the tier now taken becomes that of the clock.
    fn tier(&mut self, point: &Point) {
        if self.phase == Phase::Idle {
            return;
        }
        let Some(target) = self.target(point) else {
            if self.phase == Phase::Running {
                self.cycle.end_stretch(point.at);
                self.cycle.stretches.push(super::cycle::Stretch {
                    from: point.at,
                    to: None,
                    calendar: None,
                });
            }
            return;
        };
        let mut filled = false;
        for stretch in &mut self.cycle.stretches {
            filled |= stretch.calendar.is_none();
            stretch.calendar = stretch.calendar.or(Some(target.calendar()));
        }
        if filled {
            self.cycle.count_again(self.days, point.at);
        }
        let live = matches!(self.phase, Phase::Running | Phase::Paused);
        match self.cycle.agreed {
            None => {
                self.cycle.agreed = Some(target);
                self.cycle.look_for_due(self.days);
                if let Length::Is(length) = self.cycle.length(self.days, Some(target)) {
                    let breached = self.cycle.used_up(self.days, length);
                    self.cycle.breached = self.cycle.breached.or(breached);
                }
                self.overrun(point.at);
            }
            Some(old) if old != target && live => self.retier(point, old, target),
            Some(_) if filled && live => self.cycle.look_for_due(self.days),
            Some(_) => {}
        }
        if filled {
            self.known_late = self.cycle.segment;
        }
    }

    /// The clock ran up to an instant, and it turns out that it was due before.
    fn overrun(&mut self, at: Millis) {
        if self.phase == Phase::Running
            && let Due::At(due) = self.cycle.due()
            && due < at
        {
            self.cycle.breached = self.cycle.breached.or(Some(due));
        }
    }

    fn retier(&mut self, point: &Point, old: Target, target: Target) {
        let (days, at) = (self.days, point.at);
        let (mode, never_later) = self.plan().retier.unwrap_or((Retier::Carry, false));
        self.anew = true;
        self.tier_since = at;
        self.rule_since = at;
        if never_later {
            let left = match self.cycle.length(days, Some(old)) {
                Length::None => None,
                Length::Is(length) => Some(self.cycle.used.known().map(|used| length - used)),
                Length::Unknown | Length::Beyond => Some(None),
            };
            if let Some(left) = left {
                self.cycle.caps.push(super::cycle::Cap {
                    left,
                    calendar: old.calendar(),
                    due: self.cycle.own_due,
                });
            }
        }
        let running = self.phase == Phase::Running;
        match mode {
            Retier::Carry => {
                self.cycle.agreed = Some(target);
                if running {
                    self.cycle.end_stretch(at);
                    self.run_from(at, point);
                }
                if let (Length::Is(length), Some(used)) = (
                    self.cycle.length(days, Some(target)),
                    self.cycle.used.known(),
                ) && used > length
                {
                    self.cycle.breached = self.cycle.breached.or(Some(at));
                }
            }
            Retier::Retroactive => {
                self.cycle.agreed = Some(target);
                for stretch in &mut self.cycle.stretches {
                    stretch.calendar = Some(target.calendar());
                }
                self.cycle.count_again(days, at);
                self.cycle.look_for_due(days);
                if let Length::Is(length) = self.cycle.length(days, Some(target)) {
                    let breached = self.cycle.used_up(days, length);
                    self.cycle.breached = self.cycle.breached.or(breached);
                }
                self.overrun(at);
            }
            Retier::Restart => {
                let caps = self.cycle.caps.clone();
                self.close(at, false);
                self.begin_cycle(point, false);
                self.cycle.caps = caps;
                if running {
                    self.cycle.stretches.clear();
                    self.run_from(at, point);
                } else {
                    self.cycle.stretches.clear();
                    self.phase = Phase::Paused;
                }
            }
        }
    }
}
