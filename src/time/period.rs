//! Calendar periods: so many days, months or years after an instant or a date, counted on the wall
//! calendar of a zone.
//!
//! Used by `within`, by targets of days, months or years, and by retention.

use super::{Date, Instant, Period, PeriodUnit, TimeOfDay, Zone};

/// What becomes of a date that its month does not have, such as the 30th of February.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The last day of the month: for caps and targets.
    Down,
    /// The first day of the next month: for floors.
    Up,
}

impl Period {
    /// The date so much later; none after the year 9999.
    pub fn after_date(self, date: Date, rounding: Rounding) -> Option<Date> {
        let months = match self.unit {
            PeriodUnit::Days => return date.plus_days(i64::from(self.count)),
            PeriodUnit::Months => i64::from(self.count),
            PeriodUnit::Years => i64::from(self.count) * 12,
        };
        let (year, month) = month_after(date, months)?;
        if let Some(exact) = Date::new(year, month, date.day()) {
            return Some(exact);
        }
        let next = first_of_next_month(Date::new(year, month, 1)?)?;
        match rounding {
            Rounding::Down => next.plus_days(-1),
            Rounding::Up => Some(next),
        }
    }

    /// The instant at the same local time of day so much later, always counted from `origin`; none
    /// after the year 9999. No period at all ends at `origin`.
    pub fn after(self, origin: Instant, zone: Zone, rounding: Rounding) -> Option<Instant> {
        if self.count == 0 {
            return Some(origin);
        }
        let local = zone.local(origin);
        zone.instant(
            self.after_date(Date::from_local(local), rounding)?,
            TimeOfDay::from_local(local),
        )
    }

    /// The same from the first of the month behind the origin's, 00:00: the starting month is not
    /// counted.
    pub fn after_starting_month(self, origin: Instant, zone: Zone) -> Option<Instant> {
        // The first of a month has no date that is missing elsewhere, so there is nothing to round.
        let from = first_of_next_month(origin.date(zone))?;
        zone.instant(self.after_date(from, Rounding::Down)?, TimeOfDay::MIDNIGHT)
    }

    /// The end of the date so much later than that of `start`: where a target of days, months or
    /// years ends. None after the year 9999.
    pub fn end_of_day_after(self, start: Instant, zone: Zone) -> Option<Instant> {
        let date = self.after_date(start.date(zone), Rounding::Down)?;
        zone.instant(date.plus_days(1)?, TimeOfDay::MIDNIGHT)
    }
}

impl Instant {
    /// The first of the month behind this instant's, 00:00; none after the year 9999.
    pub fn start_of_next_month(self, zone: Zone) -> Option<Instant> {
        zone.instant(first_of_next_month(self.date(zone))?, TimeOfDay::MIDNIGHT)
    }
}

/// The year and month so many months after a date's.
fn month_after(date: Date, months: i64) -> Option<(i32, u32)> {
    let total = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let year = i32::try_from(total.div_euclid(12)).ok()?;
    Some((year, u32::try_from(total.rem_euclid(12) + 1).ok()?))
}

fn first_of_next_month(date: Date) -> Option<Date> {
    let (year, month) = month_after(date, 1)?;
    Date::new(year, month, 1)
}
