//! The plain clock: it lives through the points of a case and writes down what happens.
//!
//! - Between two points only time passes: if it is due, it is breached; each step whose time has come fires.
//! - At a point it does what levels and events say: cancel, then stop or reopen, reset, another target, pause or
//!   resume, start.
//! - At the instant of the decision it settles once more.

use super::Millis;
use super::blocks::Taken;
use super::cycle::{Cap, Closed, Cycle, Length, calendar_of};
use super::hours::{Due, END};
use super::look::{Problem, add};
use super::meaning::Meaning;
use super::periods::{Round, later};
use super::steps::{Fired, InForce, Natural, in_force};
use crate::wall_time::local;
use caseway::model::{Amount, Clock, ReopenMode, RetierMode, Target};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Running,
    Paused,
    Met,
    Cancelled,
}

/// What an instant of the log says to a clock.
#[derive(Clone, Debug)]
pub struct Levels {
    pub at: Millis,
    pub cancel: bool,
    /// A `stop when` is true; an event of `stop on` happened.
    pub stop: bool,
    pub stopped: bool,
    pub reset: bool,
    pub was_reset: bool,
    pub pause: bool,
    /// When it starts, as far as that is known.
    pub start: Option<Millis>,
    pub tier: Option<usize>,
    pub rule: Taken,
}

#[derive(Clone)]
pub struct Walk<'a> {
    pub clock: usize,
    plan: &'a Clock,
    pub phase: Phase,
    pub cycle: Cycle,
    pub closed: Vec<Closed>,
    pub fired: Vec<Fired>,
    pub in_force: Vec<InForce>,
    /// The target of the tier now taken.
    pub target: Option<Target>,
    /// It was met while a `stop when` was true.
    met_by_level: bool,
    /// Since when the tier's and the rule's steps are in force.
    tier_since: Millis,
    rule_since: Millis,
    /// The target changed at the point, or a promise began: its steps are in force anew.
    anew: bool,
    /// The clock ran before it was known that it did, or by which target.
    known_late: bool,
    /// When it starts if nothing happens.
    starts: Option<Millis>,
}

impl<'a> Walk<'a> {
    /// Lives through all points and up to the instant of the decision.
    pub fn through(
        meaning: &Meaning<'a>,
        clock: usize,
        opened: Millis,
        points: &[&Levels],
        now: Millis,
    ) -> Walk<'a> {
        let mut walk = Walk {
            clock,
            plan: &meaning.model.clocks[clock],
            phase: Phase::Idle,
            cycle: Cycle::new(1, 1),
            closed: Vec::new(),
            fired: Vec::new(),
            in_force: Vec::new(),
            target: None,
            met_by_level: false,
            tier_since: opened,
            rule_since: opened,
            anew: false,
            known_late: false,
            starts: None,
        };
        let mut before: Option<&Levels> = None;
        for point in points {
            if let Some(before) = before {
                walk.live(meaning, before, point.at, false);
            }
            walk.look(meaning, point, before);
            before = Some(point);
        }
        if let Some(last) = before {
            walk.live(meaning, last, now, true);
            walk.settle(meaning, now, true);
        }
        walk
    }

    /// The steps of the tier and the rule. One that was there before, by its key, goes on.
    fn put_in_force(&mut self, meaning: &Meaning<'a>, point: &Levels) {
        let mut steps = in_force(self, meaning, point, self.tier_since, self.rule_since);
        for step in steps.iter_mut().filter(|_| !self.anew) {
            if let Some(old) = self.in_force.iter().find(|old| old.key == step.key) {
                step.since = step.since.min(old.since);
            }
        }
        self.in_force = steps;
    }

    fn target_of(&self, meaning: &Meaning<'a>, point: &Levels) -> Option<Target> {
        let tier = &meaning.model.sla.as_ref()?.tiers[point.tier?];
        let found = tier
            .targets
            .iter()
            .find(|(clock, _)| clock.0 as usize == self.clock);
        found.map(|(_, target)| *target)
    }

    /// Nothing happens from a point to an instant but that time passes. A clock may start by a field.
    fn live(&mut self, meaning: &Meaning<'a>, point: &Levels, to: Millis, inclusive: bool) {
        if let Some(start) = self.starts
            && (start < to || inclusive && start <= to)
        {
            self.start(meaning, start, point);
            self.put_in_force(meaning, point);
        }
        self.settle(meaning, to, false);
    }

    /// Whether its time is counted: it runs, and some tier was taken.
    fn counts(&self) -> bool {
        let last = self.cycle.stretches.last();
        self.phase == Phase::Running && last.is_some_and(|last| last.calendar.is_some())
    }

    /// When a step fires if the clock runs on.
    fn comes(&self, meaning: &Meaning<'a>, step: &InForce) -> Option<Millis> {
        let natural = match step.natural {
            Natural::Used(Length::Is(length)) => self.cycle.reaches(meaning, length)?,
            Natural::Used(_) => return None,
            Natural::Due(offset) => match self.cycle.due() {
                Due::At(due) => due.saturating_add(offset),
                _ => return None,
            },
        };
        let runs = self.cycle.stretches.last()?.from;
        Some(natural.max(step.since).max(runs)).filter(|at| *at <= END)
    }

    /// The clock ran up to an instant, or that instant included: what came is noted.
    fn settle(&mut self, meaning: &Meaning<'a>, to: Millis, inclusive: bool) {
        self.starts = if self.phase == Phase::Idle {
            self.starts
        } else {
            None
        };
        if !self.counts() {
            return;
        }
        let past = |at: Millis| at < to || inclusive && at <= to;
        if let Due::At(due) = self.cycle.due()
            && past(due)
        {
            self.cycle.breached = self.cycle.breached.or(Some(due));
        }
        let mut fired = Vec::new();
        for (place, step) in self
            .in_force
            .iter()
            .enumerate()
            .filter(|(_, step)| step.fired.is_none())
        {
            if let Some(at) = self.comes(meaning, step).filter(|at| past(*at)) {
                fired.push((at, place));
            }
        }
        fired.sort_unstable();
        for (at, place) in fired {
            let step = &mut self.in_force[place];
            step.fired = Some(at);
            self.fired.push(Fired {
                list: step.list,
                key: step.key.clone(),
                role: step.role,
                at,
            });
        }
    }

    /// What the clock does at a point.
    fn look(&mut self, meaning: &Meaning<'a>, point: &Levels, before: Option<&Levels>) {
        let at = point.at;
        self.anew = false;
        self.target = self.target_of(meaning, point);
        if before.is_some_and(|before| before.tier != point.tier) {
            self.tier_since = at;
        }
        if before.is_some_and(|before| before.rule != point.rule) {
            self.rule_since = at;
        }
        // Cancel.
        if point.cancel && matches!(self.phase, Phase::Idle | Phase::Running | Phase::Paused) {
            self.cycle.end_stretch(meaning, at);
            self.phase = Phase::Cancelled;
        }
        // Stop, or reopen.
        let undone = self.met_by_level && before.is_some_and(|before| before.stop) && !point.stop;
        match self.phase {
            Phase::Met if undone && !point.cancel => self.reopen(meaning, point),
            Phase::Running | Phase::Paused if point.stop || point.stopped => {
                self.stop(meaning, at);
                self.met_by_level = point.stop;
            }
            _ => {}
        }
        // Reset.
        let rising = point.reset && before.is_some_and(|before| !before.reset);
        if matches!(self.phase, Phase::Running | Phase::Paused) && (rising || point.was_reset) {
            self.close(meaning, at, false);
            self.begin_cycle(meaning, point, true);
        }
        // Another target.
        self.tier(meaning, point);
        // Pause, resume.
        if self.phase == Phase::Running && point.pause {
            self.cycle.end_stretch(meaning, at);
            self.phase = Phase::Paused;
        } else if self.phase == Phase::Paused && !point.pause {
            self.run_from(meaning, at, point);
        }
        // Start.
        self.starts = None;
        if self.phase == Phase::Idle
            && let Some(start) = point.start
        {
            if start <= at {
                self.start(meaning, start, point);
                self.known_late = true;
            } else {
                self.starts = Some(start);
            }
        }
        self.put_in_force(meaning, point);
        if std::mem::take(&mut self.known_late) {
            self.settle(meaning, at, false);
        }
    }

    fn start(&mut self, meaning: &Meaning<'a>, start: Millis, point: &Levels) {
        self.cycle.started = Some(start);
        self.cycle.agreed = self.target;
        if point.stop {
            // Met at once: due as if it had run from there.
            self.run_from(meaning, start, point);
            self.stop(meaning, start);
            self.met_by_level = true;
        } else if point.pause {
            self.phase = Phase::Paused;
        } else {
            self.run_from(meaning, start, point);
        }
    }

    fn run_from(&mut self, meaning: &Meaning<'a>, at: Millis, point: &Levels) {
        self.phase = Phase::Running;
        let agreed = self.cycle.agreed.filter(|_| point.tier.is_some());
        self.cycle
            .begin_segment(meaning, at, agreed.map(calendar_of));
    }

    fn stop(&mut self, meaning: &Meaning<'a>, at: Millis) {
        self.cycle.ran_to_the_end = self.phase == Phase::Running;
        self.cycle.end_stretch(meaning, at);
        self.cycle.met = Some(at);
        self.phase = Phase::Met;
    }

    fn reopen(&mut self, meaning: &Meaning<'a>, point: &Levels) {
        let Some(met) = self.cycle.met else { return };
        let ends = |amount: Amount| match amount {
            Amount::Exact(length) => met.checked_add(length.millis()),
            Amount::Calendar(period) => later(meaning.zone, met, period, Round::Down),
        };
        let mode = match self.plan.reopen_within {
            Some((amount, second)) if ends(amount).is_some_and(|end| end < point.at) => second,
            Some(_) | None => self.plan.reopen,
        };
        match mode {
            ReopenMode::Ignore => {}
            ReopenMode::Resume => {
                self.cycle.met = None;
                self.run_from(meaning, point.at, point);
            }
            ReopenMode::ResumeCounting => {
                self.cycle.met = None;
                self.in_force.clear();
                // Under the tier that it was met under, up to this instant.
                let last = self.cycle.stretches.last();
                let counted = last.is_none_or(|last| last.calendar.is_some());
                let agreed = self.cycle.agreed.filter(|_| counted);
                self.phase = Phase::Running;
                self.cycle
                    .begin_segment(meaning, met, agreed.map(calendar_of));
                self.settle(meaning, point.at, false);
                self.anew = true;
                self.tier_since = point.at;
                self.rule_since = point.at;
            }
            ReopenMode::NewCycle => {
                self.close(meaning, point.at, true);
                self.begin_cycle(meaning, point, true);
            }
        }
    }

    fn close(&mut self, meaning: &Meaning<'a>, ended: Millis, met: bool) {
        if !met {
            self.cycle.ran_to_the_end = self.phase == Phase::Running;
        }
        self.cycle.end_stretch(meaning, ended);
        self.closed.push(Closed {
            cycle: self.cycle.clone(),
            met,
            ended,
        });
    }

    /// A new cycle runs from a point on; a new promise unless a new tier begins it.
    fn begin_cycle(&mut self, meaning: &Meaning<'a>, point: &Levels, promise: bool) {
        let number = self.cycle.number + 1;
        let promise = if promise { number } else { self.cycle.promise };
        self.cycle = Cycle::new(number, promise);
        self.cycle.started = Some(point.at);
        self.cycle.agreed = self.target;
        self.run_from(meaning, point.at, point);
    }

    /// The target of the tier now taken becomes that of the clock.
    fn tier(&mut self, meaning: &Meaning<'a>, point: &Levels) {
        if self.phase == Phase::Idle {
            return;
        }
        let Some(target) = self.target else {
            let last = self.cycle.stretches.last();
            if self.phase == Phase::Running && last.is_some_and(|last| last.calendar.is_some()) {
                self.cycle.cut(meaning, point.at, None);
            }
            return;
        };
        let mut filled = false;
        for stretch in &mut self.cycle.stretches {
            filled |= stretch.calendar.is_none();
            stretch.calendar = stretch.calendar.or(Some(calendar_of(target)));
        }
        let live = matches!(self.phase, Phase::Running | Phase::Paused);
        match self.cycle.agreed {
            None => {
                self.cycle.agreed = Some(target);
                self.cycle.look_for_due(meaning);
                if let Length::Is(length) = self.cycle.length(meaning, Some(target)) {
                    let breached = self.cycle.used_up(meaning, length);
                    self.cycle.breached = self.cycle.breached.or(breached);
                }
                self.overrun(point.at);
            }
            Some(old) if old != target && live => {
                if filled && self.phase == Phase::Running {
                    if self.plan.retier != RetierMode::Retroactive {
                        self.cycle.cut(meaning, point.at, Some(calendar_of(old)));
                    } else if let Some(open) = self.cycle.stretches.last_mut() {
                        open.calendar = Some(calendar_of(old));
                    }
                    self.cycle.look_for_due(meaning);
                    self.cycle.look_for_kept(meaning);
                }
                self.retier(meaning, point, old, target);
            }
            Some(agreed) if filled => {
                self.cycle.look_for_due(meaning);
                self.cycle.look_for_kept(meaning);
                if let Length::Is(length) = self.cycle.length(meaning, Some(agreed)) {
                    let breached = self.cycle.used_up(meaning, length);
                    self.cycle.breached = self.cycle.breached.or(breached);
                }
                self.overrun(point.at);
            }
            Some(_) => {}
        }
        self.known_late |= filled;
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

    fn retier(&mut self, meaning: &Meaning<'a>, point: &Levels, old: Target, target: Target) {
        let at = point.at;
        self.anew = true;
        self.tier_since = at;
        self.rule_since = at;
        let running = self.phase == Phase::Running;
        if self.plan.never_later {
            let length = self.cycle.length(meaning, Some(old));
            let left = match length {
                Length::None => None,
                Length::Is(length) => {
                    let used = self.cycle.used(meaning, at);
                    Some(used.map(|used| length - used))
                }
                Length::Not(why) => Some(Err(why)),
            };
            if let Some(left) = left {
                let open = self.cycle.stretches.last();
                self.cycle.caps.push(Cap {
                    left,
                    calendar: calendar_of(old),
                    due: match (length, open) {
                        // Of a length that is not known nothing is, from where the stretch began.
                        (Length::Not(Due::Unknown(_, calendar)), Some(open)) => {
                            Due::Unknown(open.from, calendar)
                        }
                        _ => self.cycle.own_due,
                    },
                    since: running.then_some(at),
                });
            }
        }
        match self.plan.retier {
            RetierMode::Carry => {
                self.cycle.agreed = Some(target);
                if running {
                    self.cycle.end_stretch(meaning, at);
                    self.run_from(meaning, at, point);
                }
                if let (Length::Is(length), Ok(used)) = (
                    self.cycle.length(meaning, Some(target)),
                    self.cycle.used(meaning, at),
                ) && used > length
                {
                    self.cycle.breached = self.cycle.breached.or(Some(at));
                }
            }
            RetierMode::Retroactive => {
                self.cycle.agreed = Some(target);
                for stretch in &mut self.cycle.stretches {
                    stretch.calendar = Some(calendar_of(target));
                }
                self.cycle.look_for_due(meaning);
                if let Length::Is(length) = self.cycle.length(meaning, Some(target)) {
                    let breached = self.cycle.used_up(meaning, length);
                    self.cycle.breached = self.cycle.breached.or(breached);
                }
                self.overrun(at);
            }
            RetierMode::Restart => {
                self.close(meaning, at, false);
                let caps = self.cycle.caps.clone();
                self.begin_cycle(meaning, point, false);
                self.cycle.caps = caps;
                self.cycle.stretches.clear();
                if running {
                    self.run_from(meaning, at, point);
                } else {
                    self.phase = Phase::Paused;
                }
            }
        }
    }

    /// The target that a decision shows: of the cycle, or, if it has not started, of the tier.
    pub fn agreed(&self) -> Option<Target> {
        if self.cycle.started.is_some() {
            self.cycle.agreed
        } else {
            self.target
        }
    }

    /// When it is due, as a decision shows it.
    pub fn shown_due(&self) -> Due {
        let ran = self.phase == Phase::Met && self.cycle.ran_to_the_end;
        if self.phase == Phase::Running || ran {
            self.cycle.due()
        } else {
            Due::Never
        }
    }

    /// Why something is not told: the due time, or what a clock at rest used up.
    pub fn flag(&self, meaning: &Meaning<'a>, now: Millis) -> Option<Due> {
        let due = Some(self.shown_due()).filter(|due| !matches!(due, Due::At(_) | Due::Never));
        let used = || self.cycle.used(meaning, now).err();
        match self.phase {
            Phase::Idle => None,
            Phase::Running => due,
            Phase::Met => due.or_else(used),
            Phase::Paused | Phase::Cancelled => used(),
        }
    }

    /// Names the problem behind a flag.
    pub fn report(&self, meaning: &Meaning<'a>, now: Millis, problems: &mut Vec<Problem>) {
        let fault = self.flag(meaning, now).and_then(|flag| meaning.fault(flag));
        if let Some((code, about)) = fault {
            add(
                problems,
                code,
                format!("clock.{}", self.plan.declared.name),
                Vec::new(),
                about,
            );
        }
    }

    /// When a step in force fires if the clock runs on; when it fired.
    pub fn step_at(&self, meaning: &Meaning<'a>, step: &InForce) -> Option<Millis> {
        step.fired.or_else(|| {
            if self.counts() {
                self.comes(meaning, step)
            } else {
                None
            }
        })
    }

    /// Instants at which something about it changes if nothing happens.
    pub fn instants(&self, meaning: &Meaning<'a>) -> Vec<Millis> {
        let mut instants: Vec<Millis> = self
            .in_force
            .iter()
            .filter_map(|step| self.step_at(meaning, step))
            .collect();
        instants.extend(self.starts);
        if let Due::At(due) = self.cycle.due() {
            instants.push(due);
        }
        instants
    }

    /// What fired and is not in force any more.
    pub fn former(&self) -> impl Iterator<Item = &Fired> {
        self.fired
            .iter()
            .filter(|fired| !self.in_force.iter().any(|step| step.key == fired.key))
    }
}

impl Meaning<'_> {
    /// The problem of a due time that cannot be told.
    pub fn fault(&self, due: Due) -> Option<(&'static str, String)> {
        match due {
            Due::At(_) | Due::Never => None,
            Due::Beyond => Some(("overflow", "beyond".to_owned())),
            Due::NeverOpens(calendar) => Some(("overflow", format!("{calendar} does not open"))),
            Due::Unknown(at, calendar) => {
                let day = local(self.calendars[calendar].zone, at).date();
                Some(("unknown_calendar_year", format!("{calendar} {day}")))
            }
        }
    }
}
