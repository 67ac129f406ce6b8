//! One cycle of a clock: its stretches of time, what of its target is used up, and when it is due.
//!
//! Run by [`super::clock`], which decides when a cycle runs and when it is paused. Time is asked of
//! [`super::calendars`]; what a calendar does not know is a [`Flag`], never a guess.

use super::calendars::{Flag, Time};
use crate::compile::{Target, calendar_of};
use crate::time::{Duration, Instant};
use std::collections::{BTreeMap, BTreeSet};

/// What a clock did for a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// It ran: open time of its calendar is used up.
    Running,
    /// It was paused.
    Paused,
    /// It was met, and reopened afterwards without that time being counted.
    Met,
}

/// A stretch `[from, to)` of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its beginning.
    pub from: Instant,
    /// Its end, which no longer belongs to it.
    pub to: Instant,
    /// What the clock did.
    pub kind: SegmentKind,
    /// The place of the calendar it counts on; none while no tier was taken.
    pub calendar: Option<u32>,
}

/// An earlier, stricter obligation that a `never later` clock keeps.
#[derive(Clone, Copy, Debug)]
struct Cap {
    calendar: u32,
    /// What was left of it when the open stretch began.
    remaining: Result<Duration, Flag>,
}

/// The open time of the closed running stretches on one calendar, summed up.
#[derive(Clone, Debug, Default)]
struct Sums {
    /// The places of these stretches, each with the sum at its end.
    after: Vec<(usize, Duration)>,
    /// The stretches before this place are summed up; the one at it is not known if that failed.
    seen: usize,
    failed: Option<Flag>,
}

impl Sums {
    fn last(&self) -> Duration {
        self.after.last().map_or(Duration::ZERO, |(_, sum)| *sum)
    }

    /// The stretch that runs at a place among those that run, as far as they were looked at.
    fn run<'a>(&self, place: usize, segments: &'a [Segment]) -> Option<&'a Segment> {
        let failed = self.failed.is_some() && place == self.after.len();
        let known = self.after.get(place).map(|(place, _)| *place);
        segments.get(known.or(failed.then_some(self.seen))?)
    }
}

/// A stretch of which its calendar does not know all, after so much that is known.
#[derive(Clone, Copy, Debug)]
struct Untold {
    before: Duration,
    calendar: u32,
    from: Instant,
    to: Instant,
}

impl Untold {
    /// Whether so much is used up for certain.
    fn reaches(self, amount: Duration, time: Time<'_>) -> bool {
        let reached = |rest| time.due(self.calendar, self.from, rest);
        let rest = amount.minus(self.before);
        amount <= self.before
            || rest.is_some_and(|rest| reached(rest).is_ok_and(|due| due <= self.to))
    }
}

/// A cycle that is not yet over.
#[derive(Clone, Debug)]
pub(super) struct Cycle {
    /// Cycles of a clock count from 1.
    pub(super) number: u32,
    pub(super) started_at: Instant,
    /// As the tier has it; none before a tier was taken.
    pub(super) target: Option<Target>,
    length: Result<Option<Duration>, Flag>,
    /// Whether a tier is in force, so that open time counts.
    counting: bool,
    running: bool,
    pub(super) open_from: Instant,
    segments: Vec<Segment>,
    /// The stretches before this place are measured on this calendar, whatever they name.
    measured_on: Option<(usize, u32)>,
    /// The running stretches from this place on have no calendar yet.
    uncounted_from: usize,
    elapsed: Result<Duration, Flag>,
    /// Where it can no longer be told what is used up.
    untold: Option<Untold>,
    sums: BTreeMap<u32, Sums>,
    caps: Vec<Cap>,
    due: Result<Option<Instant>, Flag>,
    pub(super) breached_at: Option<Instant>,
    /// Counts how often another due time or another stretch came about.
    pub(super) changes: u32,
}

impl Cycle {
    /// A cycle that starts at an instant, under the target of the tier taken, if there is one.
    pub(super) fn start(
        number: u32,
        at: Instant,
        running: bool,
        target: Option<Target>,
        time: Time<'_>,
    ) -> Cycle {
        let mut cycle = Cycle {
            number,
            started_at: at,
            target,
            length: target.map_or(Ok(None), |target| time.length(target, at)),
            counting: target.is_some(),
            running,
            open_from: at,
            segments: Vec::new(),
            measured_on: None,
            uncounted_from: 0,
            elapsed: Ok(Duration::ZERO),
            untold: None,
            sums: BTreeMap::new(),
            caps: Vec::new(),
            due: Ok(None),
            breached_at: None,
            changes: 0,
        };
        cycle.find_due(time);
        cycle
    }

    fn calendar(&self) -> Option<u32> {
        self.target.filter(|_| self.counting).map(calendar_of)
    }

    /// The length of its target: none if there is no limit.
    pub(super) fn length(&self) -> Result<Option<Duration>, Flag> {
        self.length
    }

    /// When its open running stretch reaches the target.
    pub(super) fn due(&self) -> Result<Option<Instant>, Flag> {
        self.due
    }

    /// When so much is used up in all, counted on from the open running stretch; at its beginning
    /// if that much was used up before, which may be known although what was used up in all is not.
    pub(super) fn reaches(&self, amount: Duration, time: Time<'_>) -> Option<Instant> {
        let calendar = self.calendar()?;
        let Ok(elapsed) = self.elapsed else {
            let untold = self.untold?;
            return untold.reaches(amount, time).then_some(self.open_from);
        };
        let rest = amount.minus(elapsed)?;
        time.due(calendar, self.open_from, rest).ok()
    }

    /// What is used up at an instant not before the open stretch.
    pub(super) fn elapsed(&self, at: Instant, time: Time<'_>) -> Result<Duration, Flag> {
        let before = self.elapsed?;
        match self.calendar() {
            Some(calendar) if self.running => {
                let open = time.measure(calendar, self.open_from, at)?;
                before.plus(open).ok_or(Flag::BeyondRange)
            }
            Some(_) | None => Ok(before),
        }
    }

    /// Notes the breach of an open running stretch that goes on beyond an instant, or ends there.
    pub(super) fn note_breach(&mut self, at: Instant, inclusive: bool) {
        if let (true, None, Ok(Some(due))) = (self.running, self.breached_at, self.due)
            && (due < at || (inclusive && due == at))
        {
            self.breached_at = Some(due);
        }
    }

    /// Ends the open stretch and begins another.
    pub(super) fn turn(&mut self, at: Instant, running: bool, time: Time<'_>) {
        self.close(at, time);
        self.running = running;
        self.find_due(time);
    }

    /// Ends the open stretch for good, as far as this cycle goes.
    pub(super) fn close(&mut self, at: Instant, time: Time<'_>) {
        self.note_breach(at, false);
        let (from, calendar) = (self.open_from, self.calendar());
        self.open_from = at;
        if at <= from {
            return;
        }
        let kind = if self.running {
            SegmentKind::Running
        } else {
            SegmentKind::Paused
        };
        self.segments.push(Segment {
            from,
            to: at,
            kind,
            calendar,
        });
        if !self.running {
            return;
        }
        // Obligations kept are used up whether or not a tier is taken.
        for cap in &mut self.caps {
            let used = time.measure(cap.calendar, from, at);
            cap.remaining = cap
                .remaining
                .and_then(|left| left.minus(used?).ok_or(Flag::BeyondRange));
        }
        let Some(calendar) = calendar else { return };
        self.uncounted_from = self.segments.len();
        self.add(calendar, (from, at), time);
    }

    /// Counts a stretch on a calendar.
    fn add(&mut self, calendar: u32, (from, to): (Instant, Instant), time: Time<'_>) {
        let amount = time.measure(calendar, from, to);
        if let (Ok(before), Err(_)) = (self.elapsed, amount) {
            self.untold = Some(Untold {
                before,
                calendar,
                from,
                to,
            });
        }
        self.elapsed = match (self.elapsed, amount) {
            (Ok(before), Ok(more)) => before.plus(more).ok_or(Flag::BeyondRange),
            (Err(flag), _) | (_, Err(flag)) => Err(flag),
        };
    }

    /// Goes on after the cycle was met at an instant: `counting` takes the time since then as run.
    pub(super) fn reopen(&mut self, met_at: Instant, at: Instant, counting: bool, time: Time<'_>) {
        self.running = true;
        self.open_from = met_at;
        if !counting && at > met_at {
            self.segments.push(Segment {
                from: met_at,
                to: at,
                kind: SegmentKind::Met,
                calendar: None,
            });
            self.open_from = at;
        }
        self.find_due(time);
        self.note_breach(at, false);
    }

    /// No tier is taken any longer: time goes on, and counts on the calendar of the tier taken next.
    pub(super) fn lose_tier(&mut self, at: Instant, time: Time<'_>) {
        if !self.counting {
            return;
        }
        self.close(at, time);
        self.uncounted_from = self.segments.len();
        self.counting = false;
        self.due = Ok(None);
        self.changes += 1;
    }

    /// A tier is taken (again): time that was not counted counts on its calendar. Whether the
    /// target is another one than before is left to the caller; where another stretch begins with
    /// it, the open one is cut there.
    pub(super) fn find_tier(&mut self, target: Target, cut: Option<Instant>, time: Time<'_>) {
        if self.counting {
            return;
        }
        let breaches = self.target.is_none_or(|known| known == target);
        if let Some(at) = cut {
            self.close(at, time);
        }
        self.count_on(target, None, breaches, time);
        self.find_due(time);
    }

    /// The same of a cycle that is over: when it was due as it ran last, from the instant that is given; none if it
    /// was not running, or if a tier was taken then.
    pub(super) fn find_tier_at_rest(
        &mut self,
        target: Target,
        ran_from: Option<Instant>,
        time: Time<'_>,
    ) -> Option<Result<Option<Instant>, Flag>> {
        if self.counting {
            return None;
        }
        self.count_on(target, ran_from, true, time)
    }

    /// Counts the time that was not counted, and notes where it used up the target if that `breaches` it.
    fn count_on(
        &mut self,
        target: Target,
        ran_from: Option<Instant>,
        breaches: bool,
        time: Time<'_>,
    ) -> Option<Result<Option<Instant>, Flag>> {
        self.counting = true;
        if self.target.is_none() {
            self.target = Some(target);
            self.length = time.length(target, self.started_at);
        }
        let calendar = calendar_of(target);
        let mut uncounted = Vec::new();
        for segment in self.segments.iter_mut().skip(self.uncounted_from) {
            if segment.kind == SegmentKind::Running {
                segment.calendar = Some(calendar);
                uncounted.push((segment.from, segment.to));
            }
        }
        self.uncounted_from = self.segments.len();
        let mut at_rest = None;
        for (from, to) in uncounted {
            let due = self.earliest(calendar, from, time);
            if let (None, Ok(Some(due))) = (self.breached_at, due)
                && due < to
                && breaches
            {
                self.breached_at = Some(due);
            }
            if ran_from == Some(from) {
                at_rest = Some(due);
            }
            self.add(calendar, (from, to), time);
        }
        at_rest.or_else(|| ran_from.map(|from| self.earliest(calendar, from, time)))
    }

    /// Another target: what is used up is kept.
    pub(super) fn carry(&mut self, target: Target, at: Instant, never_later: bool, time: Time<'_>) {
        self.close(at, time);
        if never_later {
            self.keep_obligation();
        }
        self.target = Some(target);
        self.length = time.length(target, self.started_at);
        if let (Ok(Some(length)), Ok(elapsed), None) = (self.length, self.elapsed, self.breached_at)
            && elapsed > length
        {
            self.breached_at = Some(at);
        }
        self.find_due(time);
    }

    /// Another target, as though it had been there from the cycle's start.
    pub(super) fn recompute(&mut self, target: Target, never_later: bool, time: Time<'_>) {
        if never_later {
            self.keep_obligation();
        }
        let calendar = calendar_of(target);
        self.target = Some(target);
        self.length = time.length(target, self.started_at);
        self.measured_on = Some((self.segments.len(), calendar));
        self.uncounted_from = self.segments.len();
        self.elapsed = self.sum(calendar, time);
        self.untold = self.untold_on(calendar);
        if self.breached_at.is_none() {
            self.breached_at = self.crossing(calendar, time);
        }
        self.find_due(time);
    }

    /// The open time of all closed running stretches on a calendar.
    fn sum(&mut self, calendar: u32, time: Time<'_>) -> Result<Duration, Flag> {
        let sums = self.sums.entry(calendar).or_default();
        while let (None, Some(segment)) = (sums.failed, self.segments.get(sums.seen)) {
            if segment.kind == SegmentKind::Running {
                let more = time.measure(calendar, segment.from, segment.to);
                match more.and_then(|more| sums.last().plus(more).ok_or(Flag::BeyondRange)) {
                    Ok(sum) => sums.after.push((sums.seen, sum)),
                    Err(flag) => {
                        sums.failed = Some(flag);
                        break;
                    }
                }
            }
            sums.seen += 1;
        }
        sums.failed.map_or(Ok(sums.last()), Err)
    }

    /// The first closed running stretch of which a calendar does not know all.
    fn untold_on(&self, calendar: u32) -> Option<Untold> {
        let sums = self.sums.get(&calendar)?;
        sums.failed?;
        let run = sums.run(sums.after.len(), &self.segments)?;
        Some(Untold {
            before: sums.last(),
            calendar,
            from: run.from,
            to: run.to,
        })
    }

    /// The first instant inside a closed running stretch at which the target is used up.
    fn crossing(&self, calendar: u32, time: Time<'_>) -> Option<Instant> {
        let length = self.length.ok()??;
        let sums = self.sums.get(&calendar)?;
        let first = sums.after.partition_point(|(_, sum)| *sum < length);
        let before = first
            .checked_sub(1)
            .and_then(|last| sums.after.get(last))
            .map_or(Duration::ZERO, |(_, sum)| *sum);
        let run = sums.run(first, &self.segments)?;
        let due = time.due(calendar, run.from, length.minus(before)?).ok()?;
        if due < run.to {
            return Some(due);
        }
        // Of a stretch that is not known to its end, what comes after the end is not known either.
        if first >= sums.after.len() {
            return None;
        }
        // Used up as the stretch ended: due when the next one begins.
        Some(sums.run(first + 1, &self.segments)?.from)
    }

    /// Keeps what is left of the present target as a cap; what is not known of it stays unknown.
    fn keep_obligation(&mut self) {
        let Some(target) = self.target else { return };
        let remaining = match (self.length, self.elapsed) {
            (Ok(None), _) => return,
            (Ok(Some(length)), Ok(elapsed)) => length.minus(elapsed).ok_or(Flag::BeyondRange),
            (Err(flag), _) | (Ok(Some(_)), Err(flag)) => Err(flag),
        };
        let calendar = calendar_of(target);
        // Of each calendar, what can be told stands beside what cannot, and never hides in it.
        let mut untold = BTreeSet::new();
        self.caps
            .retain(|cap| cap.remaining.is_ok() || untold.insert(cap.calendar));
        let known = self
            .caps
            .iter_mut()
            .find_map(|cap| match &mut cap.remaining {
                Ok(left) if cap.calendar == calendar => Some(left),
                Ok(_) | Err(_) => None,
            });
        match (known, remaining) {
            (Some(left), Ok(new)) => *left = new.min(*left),
            (_, Err(_)) if untold.contains(&calendar) => {}
            (_, remaining) => self.caps.push(Cap {
                calendar,
                remaining,
            }),
        }
    }

    /// Takes over what an earlier cycle's target leaves, at this cycle's start.
    pub(super) fn inherit(&mut self, mut earlier: Cycle, time: Time<'_>) {
        earlier.keep_obligation();
        self.caps = earlier.caps;
        self.find_due(time);
    }

    fn find_due(&mut self, time: Time<'_>) {
        self.changes += 1;
        self.due = match self.calendar().filter(|_| self.running) {
            Some(calendar) => self.earliest(calendar, self.open_from, time),
            None => Ok(None),
        };
    }

    /// The earliest of what is left of the target and of the obligations kept, from an instant on. One that cannot be
    /// told is no matter when it cannot be earlier than another.
    fn earliest(
        &self,
        calendar: u32,
        from: Instant,
        time: Time<'_>,
    ) -> Result<Option<Instant>, Flag> {
        let own = match (self.length, self.elapsed) {
            (Ok(None), _) => None,
            (Ok(Some(length)), Ok(elapsed)) => Some(length.minus(elapsed).ok_or(Flag::BeyondRange)),
            (Err(flag), _) | (Ok(Some(_)), Err(flag)) => Some(Err(flag)),
        };
        let caps = self.caps.iter().map(|cap| (cap.calendar, cap.remaining));
        let mut earliest: Option<Instant> = None;
        let mut untold: Vec<(Option<u32>, Flag)> = Vec::new();
        for (calendar, remaining) in own.map(|rest| (calendar, rest)).into_iter().chain(caps) {
            match remaining.map(|rest| time.due(calendar, from, rest)) {
                Ok(Ok(due)) => earliest = Some(earliest.map_or(due, |known| known.min(due))),
                Ok(Err(flag)) => untold.push((Some(calendar), flag)),
                Err(flag) => untold.push((None, flag)),
            }
        }
        // What never comes is later than all else, and matters where nothing else is to be told.
        let comes = |flag: &Flag| matches!(flag, Flag::UnknownCalendarYear(..));
        let never = untold.iter().find(|(_, flag)| !comes(flag)).copied();
        untold.retain(|(_, flag)| comes(flag));
        for (calendar, flag) in untold {
            let later = earliest.is_some_and(|due| match calendar {
                // Its time is known up to there, and it is not due by then.
                Some(calendar) => time.measure(calendar, from, due).is_ok(),
                // Nothing is due before the stretch begins.
                None => due == from,
            });
            if !later {
                return Err(flag);
            }
        }
        match never {
            Some((_, flag)) if earliest.is_none() => Err(flag),
            Some(_) | None => Ok(earliest),
        }
    }

    /// Its stretches up to an instant, the open one included.
    pub(super) fn segments(&self, now: Instant, open: Option<SegmentKind>) -> Vec<Segment> {
        let open = open.filter(|_| now > self.open_from);
        let count = self.segments.len() + usize::from(open.is_some());
        let mut segments = Vec::with_capacity(count);
        segments.extend_from_slice(&self.segments);
        if let Some((count, calendar)) = self.measured_on {
            for segment in segments.iter_mut().take(count) {
                if segment.kind == SegmentKind::Running {
                    segment.calendar = Some(calendar);
                }
            }
        }
        if let Some(kind) = open {
            segments.push(Segment {
                from: self.open_from,
                to: now,
                kind,
                calendar: self.calendar(),
            });
        }
        segments
    }
}
