//! A clock over the course of a case: what each instant of the log makes of it.
//!
//! [`super::course`] visits it at every instant at which something happens, with what its conditions
//! say then; in between it only goes on. The order of transitions at an instant is cancel, stop (or
//! reopen), reset, re-tier, pause, resume, start.

use super::calendars::{Flag, Time};
use super::cycle::{Cycle, Segment, SegmentKind};
use super::steps::Steps;
use crate::compile::{Amount, Clock, ReopenMode, RetierMode, RouteTarget, Target, Tier};
use crate::time::{Duration, Instant, Rounding};

/// The state of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockState {
    /// It has not started.
    Idle,
    /// Time is used up while its calendar is open.
    Running,
    /// Time stands still.
    Paused,
    /// The promise was kept, in time or late.
    Met,
    /// It ended for good.
    Cancelled,
}

impl ClockState {
    /// All states, in the order of the enum of `sla.CLOCK.state`.
    pub const ALL: [ClockState; 5] = [
        ClockState::Idle,
        ClockState::Running,
        ClockState::Paused,
        ClockState::Met,
        ClockState::Cancelled,
    ];

    /// The state at a place among all.
    pub(super) fn at(place: u32) -> Option<ClockState> {
        ClockState::ALL.get(place as usize).copied()
    }

    /// The word in JSON and in policies.
    pub fn word(self) -> &'static str {
        match self {
            ClockState::Idle => "idle",
            ClockState::Running => "running",
            ClockState::Paused => "paused",
            ClockState::Met => "met",
            ClockState::Cancelled => "cancelled",
        }
    }
}

/// A cycle that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedCycle {
    /// Its number, from 1.
    pub number: u32,
    /// When it started.
    pub started_at: Instant,
    /// When the next one began.
    pub ended_at: Instant,
    /// Its target; none before a tier was taken.
    pub target: Option<Target>,
    /// When it was met; none if another cycle took its place.
    pub met_at: Option<Instant>,
    /// When it was due by its target; none if it did not run, or if no tier was taken, when it ended.
    pub due: Option<Instant>,
    /// When its target was used up, if it was.
    pub breached_at: Option<Instant>,
    /// What was used up.
    pub elapsed: Option<Duration>,
}

/// What a clock's conditions and events say at an instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Levels {
    /// A condition of `cancel` is true, or its event happened now.
    pub(super) cancel: bool,
    /// A condition of `stop` is true.
    pub(super) stop: bool,
    /// An event of `stop` happened now.
    pub(super) stopped: bool,
    /// A condition of `reset` is true.
    pub(super) reset: bool,
    /// An event of `reset` happened now.
    pub(super) was_reset: bool,
    /// A condition of `pause` is true.
    pub(super) pause: bool,
}

/// What the conditions of a clock say by themselves, as far as they were asked.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions {
    pub(super) cancel: Option<bool>,
    pub(super) stop: Option<bool>,
    pub(super) reset: Option<bool>,
    pub(super) pause: Option<bool>,
}

/// A clock under way.
#[derive(Clone)]
pub(super) struct ClockCourse<'a> {
    clock: &'a Clock,
    pub(super) state: ClockState,
    /// The target of the tier taken.
    pub(super) target: Option<Target>,
    /// Where it starts, as far as the case tells by now.
    start: Option<Instant>,
    /// The current cycle; none while idle.
    pub(super) cycle: Option<Cycle>,
    pub(super) closed: Vec<ClosedCycle>,
    pub(super) met_at: Option<Instant>,
    due_when_met: Result<Option<Instant>, Flag>,
    /// Where the stretch began in which it ran when it was met or cancelled.
    ran_from: Option<Instant>,
    /// Whether `stop when` held when it was met.
    met_by_level: bool,
    levels: Levels,
    pub(super) conditions: Conditions,
    pub(super) steps: Steps<'a>,
}

impl<'a> ClockCourse<'a> {
    pub(super) fn new(clock: &'a Clock) -> ClockCourse<'a> {
        ClockCourse {
            clock,
            state: ClockState::Idle,
            target: None,
            start: None,
            cycle: None,
            closed: Vec::new(),
            met_at: None,
            due_when_met: Ok(None),
            ran_from: None,
            met_by_level: false,
            levels: Levels::default(),
            conditions: Conditions::default(),
            steps: Steps::default(),
        }
    }

    /// Goes on to an instant, `inclusive` or up to it: it starts by itself, breaches, fires steps.
    pub(super) fn advance(&mut self, until: Instant, inclusive: bool, time: Time<'_>) {
        if self.state == ClockState::Idle
            && let Some(start) = self.start
            && (start < until || (inclusive && start == until))
        {
            self.begin(start, time);
        }
        if self.state == ClockState::Running
            && let Some(cycle) = &mut self.cycle
        {
            cycle.note_breach(until, inclusive);
            self.steps.fire(cycle, until, inclusive, time);
        }
    }

    /// Takes what an instant brings: conditions and events, the target of the tier taken, and where
    /// the clock starts as far as the case tells by now.
    pub(super) fn visit(
        &mut self,
        at: Instant,
        levels: Levels,
        target: Option<Target>,
        start: Option<Instant>,
        time: Time<'_>,
    ) {
        let before = std::mem::replace(&mut self.levels, levels);
        self.target = target;
        self.start = start;
        match self.state {
            ClockState::Idle => {
                if levels.cancel {
                    self.state = ClockState::Cancelled;
                } else if let Some(start) = start.filter(|start| *start <= at) {
                    self.begin(start, time);
                }
            }
            ClockState::Running | ClockState::Paused => self.visit_open(at, before, time),
            ClockState::Met => {
                let undone = self.met_by_level && before.stop && !levels.stop;
                if undone && !levels.cancel && self.reopen(at, time) {
                    self.reset(at, before, time);
                    self.settle(at, time);
                }
            }
            ClockState::Cancelled => {}
        }
        if matches!(self.state, ClockState::Met | ClockState::Cancelled) {
            self.find_tier_at_rest(time);
        }
    }

    /// The first tier taken after it came to rest gives its target and its calendar to the time that it ran.
    fn find_tier_at_rest(&mut self, time: Time<'_>) {
        if let (Some(target), Some(cycle)) = (self.target, &mut self.cycle)
            && let Some(due) = cycle.find_tier_at_rest(target, self.ran_from, time)
        {
            self.due_when_met = due;
        }
    }

    /// What an instant brings to a clock that runs or is paused.
    fn visit_open(&mut self, at: Instant, before: Levels, time: Time<'_>) {
        let levels = self.levels;
        let Some(cycle) = &mut self.cycle else { return };
        let running = self.state == ClockState::Running;
        self.ran_from = running.then_some(cycle.open_from);
        if levels.cancel {
            cycle.turn(at, false, time);
            self.state = ClockState::Cancelled;
            return;
        }
        if levels.stop || levels.stopped {
            self.due_when_met = cycle.due();
            cycle.turn(at, false, time);
            self.met_at = Some(at);
            self.met_by_level = levels.stop;
            self.state = ClockState::Met;
            return;
        }
        self.reset(at, before, time);
        self.settle(at, time);
    }

    fn reset(&mut self, at: Instant, before: Levels, time: Time<'_>) {
        if self.levels.was_reset || (self.levels.reset && !before.reset) {
            self.next_cycle(at, None, time);
            self.new_promise(at);
        }
    }

    fn new_promise(&mut self, at: Instant) {
        let number = self.cycle.as_ref().map_or(1, |cycle| cycle.number);
        self.steps.start_again(number, at);
    }

    /// The target of the tier taken, then the state that `pause` asks for.
    fn settle(&mut self, at: Instant, time: Time<'_>) {
        let Some(cycle) = &mut self.cycle else { return };
        match self.target {
            None => cycle.lose_tier(at, time),
            Some(target) => {
                let known = cycle.target.is_some_and(|known| known != target);
                let cut = known && self.clock.retier != RetierMode::Retroactive;
                cycle.find_tier(target, cut.then_some(at), time);
                if cycle.target != Some(target) {
                    self.steps.come_into_force(at);
                    let never_later = self.clock.never_later;
                    match self.clock.retier {
                        RetierMode::Carry => cycle.carry(target, at, never_later, time),
                        RetierMode::Retroactive => cycle.recompute(target, never_later, time),
                        RetierMode::Restart => {
                            let earlier = self.next_cycle(at, None, time);
                            if let (Some(cycle), Some(earlier), true) =
                                (&mut self.cycle, earlier, never_later)
                            {
                                cycle.inherit(earlier, time);
                            }
                        }
                    }
                }
            }
        }
        let paused = self.levels.pause;
        let Some(cycle) = &mut self.cycle else { return };
        match (self.state, paused) {
            (ClockState::Running, true) => {
                cycle.turn(at, false, time);
                self.state = ClockState::Paused;
            }
            (ClockState::Paused, false) => {
                cycle.turn(at, true, time);
                self.state = ClockState::Running;
            }
            (ClockState::Running | ClockState::Paused, _)
            | (ClockState::Idle | ClockState::Met | ClockState::Cancelled, _) => {}
        }
    }

    /// The clock starts, in the state that its conditions ask for.
    fn begin(&mut self, at: Instant, time: Time<'_>) {
        let levels = self.levels;
        let running = levels.stop || !levels.pause;
        let mut cycle = Cycle::start(1, at, running, self.target, time);
        self.state = if levels.stop {
            self.due_when_met = cycle.due();
            self.ran_from = Some(at);
            self.met_at = Some(at);
            self.met_by_level = true;
            cycle.turn(at, false, time);
            ClockState::Met
        } else if levels.pause {
            ClockState::Paused
        } else {
            ClockState::Running
        };
        self.cycle = Some(cycle);
    }

    /// Closes the cycle and starts the next one, in the same state. Gives the closed one.
    fn next_cycle(
        &mut self,
        at: Instant,
        met_at: Option<Instant>,
        time: Time<'_>,
    ) -> Option<Cycle> {
        let mut cycle = self.cycle.take()?;
        let due = match met_at {
            Some(_) => self.due_when_met,
            None => cycle.due(),
        };
        if met_at.is_none() {
            cycle.close(at, time);
        }
        self.closed.push(ClosedCycle {
            number: cycle.number,
            started_at: cycle.started_at,
            ended_at: at,
            target: cycle.target,
            met_at,
            due: due.ok().flatten(),
            breached_at: cycle.breached_at,
            elapsed: cycle.elapsed(at, time).ok(),
        });
        let running = self.state != ClockState::Paused;
        let number = cycle.number.saturating_add(1);
        self.cycle = Some(Cycle::start(number, at, running, self.target, time));
        Some(cycle)
    }

    /// Reopens a met clock; false when it stays met.
    fn reopen(&mut self, at: Instant, time: Time<'_>) -> bool {
        let Some(met_at) = self.met_at else {
            return false;
        };
        let mode = match self.clock.reopen_within {
            Some((amount, otherwise)) if !is_within(amount, met_at, at, time) => otherwise,
            Some(_) | None => self.clock.reopen,
        };
        match mode {
            ReopenMode::Ignore => return false,
            ReopenMode::Resume | ReopenMode::ResumeCounting => {
                let counting = mode == ReopenMode::ResumeCounting;
                if let Some(cycle) = &mut self.cycle {
                    cycle.reopen(met_at, at, counting, time);
                }
                self.steps.come_into_force(at);
            }
            ReopenMode::NewCycle => {
                self.next_cycle(at, Some(met_at), time);
                self.new_promise(at);
            }
        }
        self.met_at = None;
        self.state = ClockState::Running;
        true
    }

    /// The steps of the tier taken and of the rule of the route, from an instant on.
    pub(super) fn put_in_force(
        &mut self,
        place: u32,
        at: Instant,
        tier: Option<&'a Tier>,
        route: Option<&'a RouteTarget>,
    ) {
        let tier = tier.map_or(&[][..], |tier| &tier.steps);
        let route = route.map_or(&[][..], |target| &target.steps);
        self.steps.put_in_force(place, at, tier, route);
    }

    /// When it is due, as a decision shows it.
    pub(super) fn due(&self) -> Result<Option<Instant>, Flag> {
        match self.state {
            ClockState::Running => self.cycle.as_ref().map_or(Ok(None), Cycle::due),
            ClockState::Met => self.due_when_met,
            ClockState::Idle | ClockState::Paused | ClockState::Cancelled => Ok(None),
        }
    }

    /// What is used up at an instant.
    pub(super) fn elapsed(&self, now: Instant, time: Time<'_>) -> Result<Duration, Flag> {
        let cycle = self.cycle.as_ref();
        cycle.map_or(Ok(Duration::ZERO), |cycle| cycle.elapsed(now, time))
    }

    /// How long its target is; none if there is no limit, or if that is not known before it starts.
    pub(super) fn length(&self) -> Option<Duration> {
        match (&self.cycle, self.target) {
            (Some(cycle), _) => cycle.length().ok()?,
            (None, Some(Target::Exact(length, _))) => Some(length),
            (None, Some(Target::None | Target::WorkingDays(..) | Target::Calendar(_)) | None) => {
                None
            }
        }
    }

    /// Why it cannot tell when it is due, or what was used up.
    pub(super) fn flag(&self, now: Instant, time: Time<'_>) -> Option<Flag> {
        if let Err(flag) = self.due() {
            return Some(flag);
        }
        match self.state {
            // An open stretch may reach days that nobody knows; when it is due is known all the same.
            ClockState::Running | ClockState::Idle => None,
            ClockState::Paused | ClockState::Met | ClockState::Cancelled => {
                self.elapsed(now, time).err()
            }
        }
    }

    /// The stretches of the current cycle up to an instant.
    pub(super) fn segments(&self, now: Instant) -> Vec<Segment> {
        let open = match self.state {
            ClockState::Running => Some(SegmentKind::Running),
            ClockState::Paused => Some(SegmentKind::Paused),
            ClockState::Idle | ClockState::Met | ClockState::Cancelled => None,
        };
        let cycle = self.cycle.as_ref();
        cycle.map_or_else(Vec::new, |cycle| cycle.segments(now, open))
    }

    /// Where it will start by itself, if nothing happens before.
    pub(super) fn starts_at(&self) -> Option<Instant> {
        self.start.filter(|_| self.state == ClockState::Idle)
    }
}

/// Whether an instant lies within a length of time after another, its end included.
fn is_within(amount: Amount, from: Instant, at: Instant, time: Time<'_>) -> bool {
    let end = match amount {
        Amount::Exact(length) => from.plus(length),
        Amount::Calendar(period) => period.after(from, time.0.zone, Rounding::Down),
    };
    end.is_none_or(|end| at <= end)
}
