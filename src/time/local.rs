//! Dates, times of day and weekdays as a wall shows them, and zones that tie them to instants.

use super::transitions::{Transitions, day_of};
use super::{DAY, Instant};
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;

/// A calendar date between the years 0000 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The date, if it exists and its year is 0000 to 9999.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        (0..=9999)
            .contains(&year)
            .then(|| NaiveDate::from_ymd_opt(year, month, day).map(Date))?
    }

    /// Reads `YYYY-MM-DD`; none for other forms and for days that do not exist.
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let part = |range: std::ops::Range<usize>| -> Option<u32> {
            let digits = text.get(range)?;
            digits
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| digits.parse().ok())?
        };
        Date::new(i32::try_from(part(0..4)?).ok()?, part(5..7)?, part(8..10)?)
    }

    /// The weekday.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[self.0.weekday().num_days_from_monday() as usize]
    }

    /// So many days later, or earlier when negative.
    pub fn plus_days(self, days: i64) -> Option<Date> {
        let date = self
            .0
            .checked_add_signed(chrono::TimeDelta::try_days(days)?)?;
        Date::new(date.year(), date.month(), date.day())
    }

    /// The year, 0 to 9999.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.0.day()
    }

    /// Days since 1970-01-01, negative before it.
    pub fn day_number(self) -> i32 {
        self.0.to_epoch_days()
    }

    /// The date so many days after 1970-01-01; none outside the years 0000 to 9999.
    pub fn from_day_number(days: i32) -> Option<Date> {
        NaiveDate::from_epoch_days(days)
            .filter(|date| (0..=9999).contains(&date.year()))
            .map(Date)
    }

    /// The date of a local time in milliseconds, see [`Zone::local`].
    pub(super) fn from_local(local: i64) -> Date {
        Date(NaiveDate::from_epoch_days(day_of(local)).unwrap_or_default())
    }

    pub(crate) fn from_chrono(date: NaiveDate) -> Date {
        Date(date)
    }

    pub(crate) fn chrono(self) -> NaiveDate {
        self.0
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            self.0.month(),
            self.0.day()
        )
    }
}

/// A time of day in whole milliseconds, from 00:00 up to but not 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// 00:00.
    pub const MIDNIGHT: TimeOfDay = TimeOfDay(0);

    /// So many milliseconds after midnight, less than a day's.
    pub fn from_millis(millis: u32) -> Option<TimeOfDay> {
        (millis < 86_400_000).then_some(TimeOfDay(millis))
    }

    /// Milliseconds after midnight.
    pub fn millis(self) -> u32 {
        self.0
    }

    /// Reads `HH:MM`, 00:00 to 23:59.
    pub fn parse(text: &str) -> Option<TimeOfDay> {
        let bytes = text.as_bytes();
        let digits = |at: usize| {
            bytes
                .get(at)
                .filter(|b| b.is_ascii_digit())
                .map(|b| u32::from(b - b'0'))
        };
        if bytes.len() != 5 || bytes[2] != b':' {
            return None;
        }
        let (hour, minute) = (digits(0)? * 10 + digits(1)?, digits(3)? * 10 + digits(4)?);
        (hour < 24 && minute < 60).then(|| TimeOfDay((hour * 60 + minute) * 60_000))
    }

    /// The time of day of a local time in milliseconds, see [`Zone::local`].
    pub(super) fn from_local(local: i64) -> TimeOfDay {
        TimeOfDay(u32::try_from(local.rem_euclid(DAY)).unwrap_or(0))
    }

    pub(crate) fn from_chrono(time: NaiveTime) -> TimeOfDay {
        let millis =
            time.num_seconds_from_midnight() * 1000 + (time.nanosecond() / 1_000_000).min(999);
        TimeOfDay(millis)
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = self.0 / 60_000;
        write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)?;
        match self.0 % 60_000 {
            0 => Ok(()),
            rest if rest % 1000 == 0 => write!(f, ":{:02}", rest / 1000),
            rest => write!(f, ":{:02}.{:03}", rest / 1000, rest % 1000),
        }
    }
}

/// A day of the week; Monday is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday, `mon`.
    Monday,
    /// Tuesday, `tue`.
    Tuesday,
    /// Wednesday, `wed`.
    Wednesday,
    /// Thursday, `thu`.
    Thursday,
    /// Friday, `fri`.
    Friday,
    /// Saturday, `sat`.
    Saturday,
    /// Sunday, `sun`.
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The words of the language, Monday first.
    pub const WORDS: [&'static str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// The word of the language, such as `mon`.
    pub fn word(self) -> &'static str {
        Weekday::WORDS[self as usize]
    }

    /// Reads a word of the language.
    pub fn parse(text: &str) -> Option<Weekday> {
        Weekday::WORDS
            .iter()
            .position(|word| *word == text)
            .map(|at| Weekday::ALL[at])
    }
}

/// A time zone of the IANA database, such as `Asia/Shanghai`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Zone = Zone(Tz::UTC);

    /// The zone of that name; none when the database has no such name. Case matters.
    pub fn parse(name: &str) -> Option<Zone> {
        name.parse().ok().map(Zone)
    }

    /// The name in the database.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// All names in the database, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// The instant of a local date and time: in a gap moved forward by the gap's length, in an
    /// overlap the first (RFC 5545; "compatible" in Temporal). None outside the range of instants.
    pub fn instant(self, date: Date, time: TimeOfDay) -> Option<Instant> {
        let midnight = i64::from(date.day_number()) * DAY;
        Instant::from_millis(
            self.transitions()
                .instant(midnight + i64::from(time.millis())),
        )
    }

    /// Whether this is UTC under any of its names.
    pub fn is_utc(self) -> bool {
        matches!(
            self.0,
            Tz::UTC | Tz::Etc__UTC | Tz::Zulu | Tz::Etc__Zulu | Tz::UCT | Tz::Etc__UCT
        )
    }

    /// The local time in milliseconds, counted as if the wall clock showed UTC.
    pub(super) fn local(self, at: Instant) -> i64 {
        at.millis() + self.transitions().offset_at(at.millis())
    }

    pub(crate) fn offset_seconds(self, at: Instant) -> i32 {
        let offset = self.transitions().offset_at(at.millis());
        i32::try_from(offset / 1000).unwrap_or(0)
    }

    pub(super) fn transitions(self) -> &'static Transitions {
        match self.is_utc() {
            true => Transitions::UTC,
            false => Transitions::of(self.0),
        }
    }
}
