//! Local time by the offsets of a zone alone, for the plain references: what a wall clock shows, and when it
//! shows it. The zone database is never asked for the instant of a local time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// Milliseconds, of an instant since 1970 or of a length of time.
type Millis = i64;

const DAY: Millis = 86_400_000;

/// By how much a wall clock is ahead of UTC.
pub fn offset(zone: Tz, at: Millis) -> Millis {
    let utc = DateTime::from_timestamp_millis(at)
        .expect("an instant")
        .naive_utc();
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * 1000
}

/// What a wall clock shows.
pub fn local(zone: Tz, at: Millis) -> NaiveDateTime {
    let shown = DateTime::from_timestamp_millis(at + offset(zone, at));
    shown.expect("an instant").naive_utc()
}

/// When a wall clock first shows a local time; one that it never shows lies as far behind the gap's
/// beginning as if there were none.
pub fn instant(zone: Tz, shown: NaiveDateTime) -> Millis {
    let utc = shown.and_utc().timestamp_millis();
    // A change lies within a day and a half of here, if there is one.
    let before = offset(zone, utc - 3 * DAY / 2);
    let after = offset(zone, utc + 3 * DAY / 2);
    let candidates = [utc - before, utc - after];
    let shown_at = candidates
        .into_iter()
        .filter(|at| local(zone, *at) == shown)
        .min();
    shown_at.unwrap_or(utc - before)
}

pub fn midnight(zone: Tz, date: NaiveDate) -> Millis {
    instant(zone, date.and_time(chrono::NaiveTime::MIN))
}

fn last_of_month(year: i32, month: u32) -> u32 {
    (28..=31)
        .rev()
        .find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some())
        .expect("a month has 28 days")
}

pub fn first_of_next_month(date: NaiveDate) -> NaiveDate {
    let (year, month) = if date.month() == 12 {
        (date.year() + 1, 1)
    } else {
        (date.year(), date.month() + 1)
    };
    NaiveDate::from_ymd_opt(year, month, 1).expect("a date")
}

/// A date so many months later; a day that its month does not have becomes the last of the month,
/// or the first of the next one if it is a floor.
pub fn months_later(date: NaiveDate, months: u32, floor: bool) -> NaiveDate {
    let mut first = NaiveDate::from_ymd_opt(date.year(), date.month(), 1).expect("a date");
    for _ in 0..months {
        first = first_of_next_month(first);
    }
    let last = last_of_month(first.year(), first.month());
    if date.day() <= last {
        first.with_day(date.day()).expect("a day of the month")
    } else if floor {
        first_of_next_month(first)
    } else {
        first.with_day(last).expect("the last day")
    }
}
