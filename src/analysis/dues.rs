//! Targets compared: which of two is due first, always or for one start.
//!
//! Read by [`super::inversions`] and by lints about tiers. The order is that of guarantees, carried on where the
//! calendars say enough.

use crate::compile::{CalendarId, Program, Target};
use crate::time::{Calendar, Date, Duration, Instant, Period, PeriodUnit, TimeOfDay};

/// A start for which one target is due later than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaterDue {
    /// When both start.
    pub start: Instant,
    /// When the one is due.
    pub due: Instant,
    /// When the other is due.
    pub other_due: Instant,
}

/// Starts are tried every hour of two weeks.
const HOURS: i64 = 14 * 24;
const HOUR: i64 = 3_600_000;
/// How many days before the end of holiday data starts are tried.
const BEFORE_END: i64 = 90;

/// Starts for which `target` is due later than `other`, of those that are tried: each hour of two weeks that
/// all holiday data speaks of.
pub(super) fn later<'a>(
    program: &'a Program,
    target: Target,
    other: Target,
) -> impl Iterator<Item = LaterDue> + 'a {
    let calendars = program.calendars.iter();
    let last = calendars
        .filter_map(|(_, calendar)| calendar.last_covered())
        .min();
    let usual = Date::new(2026, 3, 2);
    let first = last.and_then(|last| last.plus_days(-BEFORE_END)).or(usual);
    let first = first.and_then(|date| program.zone.instant(date, TimeOfDay::MIDNIGHT));
    let starts = (0..HOURS)
        .filter_map(move |hours| first?.plus(Duration::from_millis(hours.checked_mul(HOUR)?)));
    starts.filter_map(move |start| later_from(program, (target, other), start))
}

/// What is due when, for one start, if the first target is due later than the second.
pub fn later_from(
    program: &Program,
    (target, other): (Target, Target),
    start: Instant,
) -> Option<LaterDue> {
    let (due, other_due) = (due(program, target, start)?, due(program, other, start)?);
    (due > other_due).then_some(LaterDue {
        start,
        due,
        other_due,
    })
}

fn due(program: &Program, target: Target, start: Instant) -> Option<Instant> {
    let calendar = |id: CalendarId| -> Option<&Calendar> {
        program
            .calendars
            .get(id.0 as usize)
            .map(|(_, calendar)| calendar)
    };
    match target {
        Target::None => None,
        Target::Exact(length, on) => calendar(on)?.due(start, length).ok(),
        Target::WorkingDays(days, on) => calendar(on)?.close_of_working_day(start, days).ok(),
        Target::Calendar(period) => period.end_of_day_after(start, program.zone),
    }
}

/// Whether a target is due no later than another, whatever the start; none where that depends.
pub fn at_most(target: Target, other: Target) -> Option<bool> {
    match (target, other) {
        (_, Target::None) => Some(true),
        (Target::None, _) => Some(false),
        (Target::Exact(a, on), Target::Exact(b, other_on)) => {
            if a <= b && (on == other_on || is_always(on)) {
                Some(true)
            } else if a > b && (on == other_on || is_always(other_on)) {
                // Any calendar takes at least as long as the time itself.
                Some(false)
            } else {
                None
            }
        }
        (Target::WorkingDays(a, on), Target::WorkingDays(b, other_on)) => {
            (on == other_on).then_some(a <= b)
        }
        (Target::Calendar(a), Target::Calendar(b)) => {
            let ((a_least, a_most), (b_least, b_most)) = (days_of(a), days_of(b));
            if months_of(a).is_some() == months_of(b).is_some() {
                Some(a_most <= b_most)
            } else if a_most <= b_least {
                Some(true)
            } else if a_least > b_most {
                Some(false)
            } else {
                None
            }
        }
        (
            Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_),
            Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_),
        ) => None,
    }
}

fn is_always(calendar: CalendarId) -> bool {
    calendar == CalendarId(0)
}

fn months_of(period: Period) -> Option<u64> {
    match period.unit {
        PeriodUnit::Days => None,
        PeriodUnit::Months => Some(u64::from(period.count)),
        PeriodUnit::Years => Some(u64::from(period.count) * 12),
    }
}

/// The least and the greatest number of days that a period may have, or more than that.
fn days_of(period: Period) -> (u64, u64) {
    match months_of(period) {
        None => (u64::from(period.count), u64::from(period.count)),
        Some(months) => (months * 28, months * 31),
    }
}
