//! Periods, and calendars walked day by day, in local time.

use super::Millis;
use super::plan::{CalendarPlan, Period};
use crate::wall_time::{first_of_next_month, months_later};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

pub use crate::wall_time::{instant, local, midnight};

/// A period behind an instant, at the same local time of day.
pub fn later(zone: Tz, at: Millis, period: Period, floor: bool) -> Millis {
    match period {
        Period::Exact(length) => at + length,
        Period::Days(_) | Period::Months(_) => instant(zone, shown(local(zone, at), period, floor)),
    }
}

/// A period behind the first of the month behind that of an instant, 00:00, even where a wall clock
/// never shows that time.
pub fn later_without_month(zone: Tz, at: Millis, period: Period, floor: bool) -> Millis {
    let first = first_of_next_month(local(zone, at).date());
    match period {
        Period::Exact(length) => midnight(zone, first) + length,
        Period::Days(_) | Period::Months(_) => {
            let first = first.and_time(chrono::NaiveTime::MIN);
            instant(zone, shown(first, period, floor))
        }
    }
}

/// What a wall clock shows a period later.
fn shown(from: NaiveDateTime, period: Period, floor: bool) -> NaiveDateTime {
    let date = match period {
        Period::Exact(length) => return from + TimeDelta::milliseconds(length),
        Period::Days(days) => from.date() + TimeDelta::days(i64::from(days)),
        Period::Months(months) => months_later(from.date(), months, floor),
    };
    date.and_time(from.time())
}

/// Why a calendar has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncovered;

/// A calendar, and its zone.
pub struct Walker<'a> {
    pub zone: Tz,
    pub middle: NaiveDate,
    pub plan: &'a CalendarPlan,
}

impl Walker<'_> {
    /// The opening hours of a date as instants.
    fn spans(&self, date: NaiveDate) -> Result<Vec<(Millis, Millis)>, Uncovered> {
        let day = (date - self.middle).num_days();
        if let Some((first, last)) = self.plan.covers
            && !(first <= day && day <= last)
        {
            return Err(Uncovered);
        }
        let weekday = date.weekday().num_days_from_monday() as usize;
        if !self.plan.weekdays.contains(&weekday) || self.plan.off.contains(&day) {
            return Ok(vec![]);
        }
        let bound = |minute: u32| {
            let shown =
                date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
            instant(self.zone, shown)
        };
        let spans = self.plan.spans.iter();
        let spans = spans.map(|(opens, closes)| (bound(*opens), bound(*closes)));
        let mut spans: Vec<(Millis, Millis)> =
            spans.filter(|(opens, closes)| opens < closes).collect();
        spans.sort_unstable();
        // Two spans may touch or overlap where the clock is put on.
        let mut merged: Vec<(Millis, Millis)> = Vec::new();
        for (opens, closes) in spans {
            match merged.last_mut() {
                Some(last) if opens <= last.1 => last.1 = last.1.max(closes),
                Some(_) | None => merged.push((opens, closes)),
            }
        }
        Ok(merged)
    }

    /// Whether a wall clock ever shows a date.
    fn shows(&self, date: NaiveDate) -> bool {
        local(self.zone, midnight(self.zone, date)).date() == date
    }

    /// The hours of a date; a date that no wall clock shows is known to have nothing of its own, but its hours
    /// lie behind the gap.
    fn spans_if_known(&self, date: NaiveDate) -> Result<Vec<(Millis, Millis)>, Uncovered> {
        let spans = self.spans(date);
        if self.shows(date) {
            spans
        } else {
            Ok(spans.unwrap_or_default())
        }
    }

    /// The least instant by which so much open time has passed.
    pub fn due(&self, start: Millis, length: Millis) -> Result<Millis, Uncovered> {
        let mut date = local(self.zone, start).date();
        let eve = date - TimeDelta::days(1);
        if !self.shows(eve) {
            date = eve;
        }
        let mut left = length;
        // All before this is counted.
        let mut from = start;
        loop {
            for (opens, closes) in self.spans_if_known(date)? {
                let opens = opens.max(from);
                if opens < closes {
                    if left <= closes - opens {
                        return Ok(opens + left);
                    }
                    left -= closes - opens;
                    from = closes;
                }
            }
            date += TimeDelta::days(1);
        }
    }

    /// The close of the so manieth date behind that of an instant on which it opens.
    pub fn close_of_working_day(&self, start: Millis, count: u32) -> Result<Millis, Uncovered> {
        let mut date = local(self.zone, start).date();
        let mut left = count;
        loop {
            date += TimeDelta::days(1);
            if !self.shows(date) {
                continue;
            }
            if let Some((_, closes)) = self.spans(date)?.last() {
                left -= 1;
                if left == 0 {
                    return Ok(*closes);
                }
            }
        }
    }
}
