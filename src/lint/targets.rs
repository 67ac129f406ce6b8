//! Targets compared: which of two is due first, always or for one start.
//!
//! Read by the lints about tiers. The order is that of guarantees, carried on where the calendars
//! say enough.

use crate::model::{CalendarId, Target};
use crate::time::{Calendar, Date, Duration, Instant, Period, PeriodUnit, Zone};
use std::cell::RefCell;
use std::collections::HashMap;

/// A start for which one target is due later than another.
#[derive(Clone, Copy, Debug)]
pub(super) struct LaterDue {
    pub start: Instant,
    pub due: Instant,
    pub other_due: Instant,
}

/// What a target's end is worked out with.
pub(super) struct Dues {
    calendars: Vec<Calendar>,
    /// The first of the days on which starts are tried.
    from: Instant,
    zone: Zone,
    known: RefCell<HashMap<(Target, Target), Option<LaterDue>>>,
}

/// Starts are tried every hour of two weeks.
const HOURS: i64 = 14 * 24;
const HOUR: i64 = 3_600_000;
/// Pairs of targets that are tried at most.
const PAIRS: usize = 400;
/// How many days before the end of holiday data starts are tried.
const BEFORE_END: i64 = 90;

impl Dues {
    /// `last_covered` is the last day that all holiday data speaks of.
    pub fn new(calendars: Vec<Calendar>, zone: Zone, last_covered: Option<Date>) -> Dues {
        let usual = Date::new(2026, 3, 2);
        let from = last_covered
            .and_then(|last| last.plus_days(-BEFORE_END))
            .or(usual)
            .and_then(|date| zone.instant(date, crate::time::TimeOfDay::MIDNIGHT))
            .unwrap_or(Instant::MIN);
        Dues {
            calendars,
            from,
            zone,
            known: RefCell::default(),
        }
    }

    /// The calendar of an id.
    pub fn calendar(&self, id: CalendarId) -> Option<&Calendar> {
        self.calendars.get(id.0 as usize)
    }

    /// A start for which `target` is due later than `other`; none where it never is, or none was
    /// found.
    pub fn later(&self, target: Target, other: Target) -> Option<LaterDue> {
        if at_most(target, other) == Some(true) {
            return None;
        }
        if let Some(known) = self.known.borrow().get(&(target, other)) {
            return *known;
        }
        if self.known.borrow().len() >= PAIRS {
            return None;
        }
        let starts = (0..HOURS).filter_map(|hours| {
            self.from
                .plus(Duration::from_millis(hours.checked_mul(HOUR)?))
        });
        let found = starts.into_iter().find_map(|start| {
            let (due, other_due) = (self.due(target, start)?, self.due(other, start)?);
            (due > other_due).then_some(LaterDue {
                start,
                due,
                other_due,
            })
        });
        self.known.borrow_mut().insert((target, other), found);
        found
    }

    fn due(&self, target: Target, start: Instant) -> Option<Instant> {
        match target {
            Target::None => None,
            Target::Exact(length, calendar) => self.calendar(calendar)?.due(start, length).ok(),
            Target::WorkingDays(days, calendar) => self
                .calendar(calendar)?
                .close_of_working_day(start, days)
                .ok(),
            Target::Calendar(period) => period.end_of_day_after(start, self.zone),
        }
    }
}

/// Whether a target is due no later than another, whatever the start; none where that depends.
pub(super) fn at_most(target: Target, other: Target) -> Option<bool> {
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
