//! How long a clock may run, and which of two such targets is the shorter one.

use super::CalendarId;
use crate::time::{Duration, Period, PeriodUnit};
use std::cmp::Ordering;

/// How long a clock may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// No limit.
    None,
    /// Exact time on a calendar.
    Exact(Duration, CalendarId),
    /// Working days of a calendar, by close.
    WorkingDays(u32, CalendarId),
    /// A calendar period in the policy's zone.
    Calendar(Period),
}

impl Target {
    /// Whether it leaves no time at all. `0 days` is the end of the day on which the clock starts.
    pub fn is_zero(self) -> bool {
        match self {
            Target::Exact(length, _) => length.millis() == 0,
            Target::WorkingDays(days, _) => days == 0,
            Target::None | Target::Calendar(_) => false,
        }
    }

    /// Whether this target is less than another, or, if not `strictly`, no more than it: no limit is the
    /// greatest; `n1 of C1 <= n2 of C2` is true if `n1 <= n2` and C1 is C2 or `always`, false if C1 is C2
    /// and `n1 > n2`. None where that depends on when the clock starts.
    pub fn is_below(self, other: Target, strictly: bool) -> Option<bool> {
        let fits = |ordering: Ordering| ordering.is_lt() || ordering.is_eq() && !strictly;
        match (self, other) {
            (Target::None, Target::None) => Some(!strictly),
            (Target::None, _) => Some(false),
            (_, Target::None) => Some(true),
            (Target::Exact(a, on), Target::Exact(b, other_on)) => {
                let fits = fits(a.cmp(&b));
                let comparable = on == other_on || on == CalendarId(0) && fits;
                comparable.then_some(fits)
            }
            (Target::WorkingDays(a, on), Target::WorkingDays(b, other_on)) => {
                (on == other_on).then(|| fits(a.cmp(&b)))
            }
            (Target::Calendar(a), Target::Calendar(b)) => match (months(a), months(b)) {
                (Some(a), Some(b)) => Some(fits(a.cmp(&b))),
                (None, None) => Some(fits(a.count.cmp(&b.count))),
                (Some(_), None) | (None, Some(_)) => None,
            },
            (
                Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_),
                Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_),
            ) => None,
        }
    }
}

fn months(period: Period) -> Option<u64> {
    match period.unit {
        PeriodUnit::Days => None,
        PeriodUnit::Months => Some(u64::from(period.count)),
        PeriodUnit::Years => Some(u64::from(period.count) * 12),
    }
}
