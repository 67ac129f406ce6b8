//! Lays a calendar's timeline: long runs of dates in which nothing but the weekday matters become
//! one segment each, all other dates are laid span by span.
//!
//! Between [`super::days`] and [`super::timeline`].

use super::days::{DayHours, DayKind, Days};
use super::timeline::Timeline;
use super::week::Week;
use super::working_days::{DayBody, WorkingDays};
use super::{CalendarDefinition, DAY, END, Openness, START};
use crate::time::transitions::{Transitions, day_of};

/// The local dates between which all instants lie, whatever the zone: some days more than the years
/// 0000 to 9999.
const DATES: std::ops::Range<i32> = -719_530..2_932_900;

pub(super) fn build(
    definition: &CalendarDefinition,
    transitions: &Transitions,
) -> (Timeline, WorkingDays) {
    let days = Days::new(definition);
    let timeline = Timeline::new(days.patterns().iter().map(Week::new).collect());
    let mut builder = Builder {
        days: &days,
        transitions,
        timeline,
        working_days: WorkingDays::new(),
    };
    let mut next = DATES.start;
    for (first, end) in runs(uneven_days(&days, transitions)) {
        builder.even(next, first);
        builder.uneven(first, end);
        next = end;
    }
    builder.even(next, DATES.end);
    builder.timeline.close(END);
    (builder.timeline, builder.working_days)
}

/// All dates that need a look of their own, in order, each once.
fn uneven_days(days: &Days<'_>, transitions: &Transitions) -> Vec<i32> {
    let mut uneven: Vec<i32> = days.uneven().collect();
    let overnight = i32::from(days.run_overnight());
    for change in transitions.changes() {
        // Local times from the lower to the higher are skipped or shown twice. A date is touched
        // when they reach into it, or into the date before it, whose spans may run into it, or into
        // the date behind it, on which its own spans may close.
        let lower = change.at + change.before.min(change.after);
        let higher = change.at + change.before.max(change.after);
        uneven.extend(day_of(lower) - overnight..=day_of(higher - 1) + 1);
    }
    uneven.retain(|day| DATES.contains(day));
    uneven.sort_unstable();
    uneven.dedup();
    uneven
}

/// Neighbouring dates joined to half-open ranges.
fn runs(days: Vec<i32>) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, end)) if *end == day => *end = day + 1,
            Some(_) | None => runs.push((day, day + 1)),
        }
    }
    runs
}

struct Builder<'a> {
    days: &'a Days<'a>,
    transitions: &'a Transitions,
    timeline: Timeline,
    working_days: WorkingDays,
}

impl Builder<'_> {
    /// The instants from the first date's midnight to that of the date behind the last, as far as
    /// they lie in the range of instants.
    fn instants(&self, first: i32, end: i32) -> Option<(i64, i64)> {
        let start = self.transitions.midnight(first).max(START);
        let end = self.transitions.midnight(end).min(END);
        (start < end).then_some((start, end))
    }

    /// Dates `first..end` of one kind, at one offset, with a date of the same kind before them.
    fn even(&mut self, first: i32, end: i32) {
        if first >= end {
            return;
        }
        let kind = self.days.kind(first);
        let run = match kind {
            DayKind::Weekly(week) => DayBody::Weekly(week),
            DayKind::Unknown => DayBody::Unknown,
        };
        self.working_days
            .push(first, end, run, self.timeline.weeks());
        let Some((start, _)) = self.instants(first, end) else {
            return;
        };
        match kind {
            DayKind::Unknown => self.timeline.push(start, Openness::Unknown),
            DayKind::Weekly(week) => {
                self.timeline
                    .push_week(start, week, self.transitions.offset_at(start));
            }
        }
    }

    /// Dates `first..end`, each by itself.
    fn uneven(&mut self, first: i32, end: i32) {
        let bounds = self.instants(first, end);
        let mut changes = Vec::new();
        for day in first - 1..end {
            let mut close = None;
            let mut lay = |start: i64, end: i64, kind: Openness| {
                let Some((low, high)) = bounds else { return };
                let (start, end) = (start.max(low), end.min(high));
                if start < end {
                    changes.push((start, kind, 1));
                    changes.push((end, kind, -1));
                }
            };
            let midnight = i64::from(day) * DAY;
            let bound = |minutes: u16| {
                self.transitions
                    .instant(midnight + i64::from(minutes) * 60_000)
            };
            let hours = self.days.hours(day);
            match hours {
                DayHours::Known(spans) => {
                    for span in spans {
                        let (start, end) = (bound(span.opens()), bound(span.closes()));
                        if start < end {
                            lay(start, end, Openness::Open);
                            close = close.max(Some(end));
                        }
                    }
                }
                DayHours::Unknown(reach) => {
                    let end = bound(1440).max(bound(1440 + reach));
                    lay(bound(0), end, Openness::Unknown);
                }
            }
            if day < first {
                continue;
            }
            let body = match hours {
                _ if self.transitions.skips(day) => DayBody::Single(None),
                DayHours::Known(_) => DayBody::Single(close),
                DayHours::Unknown(_) => DayBody::Unknown,
            };
            self.working_days
                .push(day, day + 1, body, self.timeline.weeks());
        }
        if let Some((start, end)) = bounds {
            self.sweep(start, end, changes);
        }
    }

    /// Lays the states that overlapping spans of open and of unknown time add up to.
    fn sweep(&mut self, start: i64, end: i64, mut changes: Vec<(i64, Openness, i32)>) {
        changes.sort_unstable_by_key(|(at, _, _)| *at);
        let (mut open, mut unknown) = (0, 0);
        let mut at = start;
        let mut changes = changes.into_iter().peekable();
        loop {
            while let Some((_, kind, step)) = changes.next_if(|(time, _, _)| *time == at) {
                match kind {
                    Openness::Open => open += step,
                    Openness::Unknown => unknown += step,
                    Openness::Closed => {}
                }
            }
            let Some((next, _, _)) = changes.peek() else {
                break;
            };
            let next = *next;
            self.timeline.push(at, state(open, unknown));
            at = next;
        }
        if at < end {
            self.timeline.push(at, state(open, unknown));
        }
    }
}

fn state(open: i32, unknown: i32) -> Openness {
    if open > 0 {
        Openness::Open
    } else if unknown > 0 {
        Openness::Unknown
    } else {
        Openness::Closed
    }
}
