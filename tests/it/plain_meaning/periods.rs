//! Days, months and years behind an instant, on the wall calendar of a zone.

use super::Millis;
use super::hours::END;
use crate::wall_time::{first_of_next_month, instant, local, midnight, months_later};
use caseway::model::Amount;
use caseway::time::{Period, PeriodUnit};
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

/// What becomes of a day that its month does not have.
#[derive(Clone, Copy, PartialEq)]
pub enum Round {
    /// The last of the month.
    Down,
    /// The first of the next one.
    Up,
}

/// A date so much later; none after the year 9999.
fn date_later(date: NaiveDate, period: Period, round: Round) -> Option<NaiveDate> {
    let months = match period.unit {
        PeriodUnit::Days => {
            let later = date.checked_add_signed(TimeDelta::try_days(i64::from(period.count))?)?;
            return (later.year() <= 9999).then_some(later);
        }
        PeriodUnit::Months => i64::from(period.count),
        PeriodUnit::Years => i64::from(period.count) * 12,
    };
    let total = i64::from(date.year()) * 12 + i64::from(date.month0()) + months;
    if total / 12 > 9999 {
        return None;
    }
    let months = u32::try_from(months).ok()?;
    let later = months_later(date, months, round == Round::Up);
    (later.year() <= 9999).then_some(later)
}

/// The same local time of day a period later; no period at all is the instant itself.
pub fn later(zone: Tz, at: Millis, period: Period, round: Round) -> Option<Millis> {
    if period.count == 0 {
        return Some(at);
    }
    let shown = local(zone, at);
    let date = date_later(shown.date(), period, round)?;
    Some(instant(zone, date.and_time(shown.time()))).filter(|at| *at <= END)
}

/// The end of the day that lies a period behind that of an instant.
pub fn end_of_day_later(zone: Tz, at: Millis, period: Period) -> Option<Millis> {
    let date = date_later(local(zone, at).date(), period, Round::Down)?;
    let next = date + TimeDelta::days(1);
    if next.year() > 9999 {
        return None;
    }
    Some(midnight(zone, next)).filter(|at| *at <= END)
}

/// The end of a floor or a cap.
pub fn end(
    zone: Tz,
    origin: Millis,
    amount: Amount,
    excluding_month: bool,
    round: Round,
) -> Option<Millis> {
    let first = first_of_next_month(local(zone, origin).date());
    if excluding_month && first.year() > 9999 {
        return None;
    }
    let end = match (amount, excluding_month) {
        (Amount::Exact(length), false) => origin.checked_add(length.millis()),
        (Amount::Exact(length), true) => midnight(zone, first).checked_add(length.millis()),
        (Amount::Calendar(period), false) => later(zone, origin, period, round),
        (Amount::Calendar(period), true) => {
            let date = date_later(first, period, round)?;
            Some(instant(zone, date.and_time(NaiveTime::MIN)))
        }
    };
    end.filter(|end| *end <= END)
}
