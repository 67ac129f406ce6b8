//! A plain walker over calendars, minute by minute, written from the specification alone: it shares
//! no arithmetic with the engine and never asks the zone database for the instant of a local time,
//! only for the local time of an instant.

use caseway::time::{CalendarDefinition, DataDay, OpenSpan, Openness, Weekday, WeeklyHours};
use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

const MINUTE: i64 = 60_000;

/// The open set over some days, one entry for each minute.
pub struct Walker {
    /// The minute, counted from 1970, with which `states` begins.
    pub first: i64,
    pub states: Vec<Openness>,
    /// Each date of the window with its last close, none if it does not open, in order.
    /// The outer none stands for a date of which nothing is known.
    closes: Vec<(NaiveDate, Option<Option<i64>>)>,
    zone: Tz,
}

enum Hours {
    Known(Vec<OpenSpan>),
    Unknown(i64),
}

impl Walker {
    /// Walks the dates from `middle` minus to `middle` plus so many days.
    pub fn new(definition: &CalendarDefinition, middle: NaiveDate, days: i64) -> Walker {
        let zone: Tz = definition.zone.name().parse().expect("a zone");
        let clock = WallClock::new(zone, middle, days + 4);
        Walker::by(&clock, definition, middle, days)
    }

    /// The same by a wall clock of the calendar's zone that shows four days more on either side.
    pub fn by(
        clock: &WallClock,
        definition: &CalendarDefinition,
        middle: NaiveDate,
        days: i64,
    ) -> Walker {
        let zone = clock.zone;
        let first_date = middle - TimeDelta::days(days);
        let dates: Vec<NaiveDate> = (0..=2 * days)
            .map(|day| first_date + TimeDelta::days(day))
            .collect();
        let midnight = |date: NaiveDate| clock.instant(local_minute(date));
        let first = midnight(first_date);
        let end = midnight(first_date + TimeDelta::days(2 * days + 1));
        let mut open = vec![false; usize::try_from(end - first).expect("a window")];
        let mut unknown = open.clone();
        let fill = |minutes: &mut Vec<bool>, from: i64, to: i64| {
            for minute in from.max(first)..to.min(end) {
                minutes[usize::try_from(minute - first).expect("in the window")] = true;
            }
        };
        let mut closes = Vec::new();
        let before = first_date - TimeDelta::days(1);
        for date in std::iter::once(before).chain(dates) {
            let bound = |minute: u16| clock.instant(local_minute(date) + i64::from(minute));
            let close = match hours(definition, date) {
                Hours::Known(spans) => {
                    let mut last = None;
                    for span in spans {
                        let (opens, closes) = (bound(span.opens()), bound(span.closes()));
                        fill(&mut open, opens, closes);
                        if opens < closes {
                            last = last.max(Some(closes));
                        }
                    }
                    Some(last)
                }
                Hours::Unknown(reach) => {
                    fill(&mut unknown, bound(0), bound(1440));
                    fill(
                        &mut unknown,
                        bound(1440),
                        clock.instant(local_minute(date) + 1440 + reach),
                    );
                    None
                }
            };
            if date != before && clock.shows(date) {
                closes.push((date, close));
            }
        }
        let states = open
            .iter()
            .zip(&unknown)
            .map(|(open, unknown)| match (open, unknown) {
                (true, _) => Openness::Open,
                (false, true) => Openness::Unknown,
                (false, false) => Openness::Closed,
            });
        Walker {
            first,
            states: states.collect(),
            closes,
            zone,
        }
    }

    /// The end of the window in minutes since 1970.
    pub fn end(&self) -> i64 {
        self.first + i64::try_from(self.states.len()).expect("a window")
    }

    pub fn state(&self, millis: i64) -> Openness {
        self.states[usize::try_from(millis.div_euclid(MINUTE) - self.first).expect("in the window")]
    }

    /// Open milliseconds in `[from, to)`, none if some of it is unknown.
    pub fn measure(&self, from: i64, to: i64) -> Option<i64> {
        let mut sum = 0;
        let mut at = from;
        while at < to {
            let next = ((at.div_euclid(MINUTE) + 1) * MINUTE).min(to);
            match self.state(at) {
                Openness::Open => sum += next - at,
                Openness::Closed => {}
                Openness::Unknown => return None,
            }
            at = next;
        }
        Some(sum)
    }

    /// The least instant by which so many open milliseconds have passed; an error at the first
    /// unknown minute; none when the window ends before.
    pub fn due(&self, start: i64, duration: i64) -> Option<Result<i64, ()>> {
        let mut left = duration;
        let mut at = start;
        while left > 0 {
            if at >= self.end() * MINUTE {
                return None;
            }
            let next = (at.div_euclid(MINUTE) + 1) * MINUTE;
            match self.state(at) {
                Openness::Open if next - at >= left => return Some(Ok(at + left)),
                Openness::Open => left -= next - at,
                Openness::Closed => {}
                Openness::Unknown => return Some(Err(())),
            }
            at = next;
        }
        Some(Ok(at))
    }

    /// The next minute boundary at which the state differs, in milliseconds.
    pub fn next_change(&self, from: i64) -> Option<(i64, Openness)> {
        let state = self.state(from);
        let mut minute = from.div_euclid(MINUTE) + 1;
        while minute < self.end() {
            let next = self.state(minute * MINUTE);
            if next != state {
                return Some((minute * MINUTE, next));
            }
            minute += 1;
        }
        None
    }

    /// The close of the `count`-th date after that of `start` on which the calendar opens.
    pub fn close_of_working_day(&self, start: i64, mut count: u32) -> Option<Result<i64, ()>> {
        let at = DateTime::from_timestamp_millis(start).expect("an instant");
        let date = at.with_timezone(&self.zone).date_naive();
        for (_, close) in self.closes.iter().filter(|(later, _)| *later > date) {
            match close {
                None => return Some(Err(())),
                Some(None) => {}
                Some(Some(close)) => {
                    count -= 1;
                    if count == 0 {
                        return Some(Ok(close * MINUTE));
                    }
                }
            }
        }
        None
    }
}

/// What a wall clock shows, minute by minute.
pub struct WallClock {
    zone: Tz,
    first: i64,
    /// The local minute shown at each minute.
    shown: Vec<i64>,
    /// The first minute at which each local minute is shown, from the least one on.
    least: i64,
    firsts: Vec<Option<i64>>,
}

impl WallClock {
    pub fn new(zone: Tz, middle: NaiveDate, days: i64) -> WallClock {
        let first = local_minute(middle - TimeDelta::days(days));
        let minutes = first..local_minute(middle + TimeDelta::days(days));
        let shown: Vec<i64> = minutes
            .map(|minute| {
                let utc = DateTime::from_timestamp(minute * 60, 0)
                    .expect("an instant")
                    .naive_utc();
                let offset = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
                minute + i64::from(offset) / 60
            })
            .collect();
        let least = shown.iter().copied().min().expect("a window");
        let greatest = shown.iter().copied().max().expect("a window");
        let mut firsts = vec![None; usize::try_from(greatest - least + 1).expect("a window")];
        for (minute, local) in (first..).zip(&shown) {
            let place = usize::try_from(local - least).expect("in the window");
            firsts[place] = firsts[place].or(Some(minute));
        }
        WallClock {
            zone,
            first,
            shown,
            least,
            firsts,
        }
    }

    /// The local minute shown at a minute.
    pub fn local(&self, minute: i64) -> i64 {
        self.shown[usize::try_from(minute - self.first).expect("in the window")]
    }

    /// When a local minute is first shown.
    fn first_shown(&self, local: i64) -> Option<i64> {
        let place = usize::try_from(local - self.least).ok()?;
        self.firsts.get(place).copied().flatten()
    }

    /// Whether a local minute is not after the window.
    pub fn reaches(&self, local: i64) -> bool {
        self.shown.last().is_some_and(|last| local <= *last)
    }

    /// The minute of a local minute: the first one if it is shown twice.
    pub fn instant(&self, local: i64) -> i64 {
        if let Some(minute) = self.first_shown(local) {
            return minute;
        }
        // In a gap: go on from the last minute before it as if there were none.
        let pairs = self.shown.iter().zip(self.shown.iter().skip(1));
        let (minute, (before, _)) = (self.first..)
            .zip(pairs)
            .find(|(_, (before, after))| **before < local && local < **after)
            .expect("a gap");
        minute + local - before
    }

    /// Whether a date is ever shown.
    fn shows(&self, date: NaiveDate) -> bool {
        (local_minute(date)..local_minute(date) + 1440)
            .any(|local| self.first_shown(local).is_some())
    }
}

/// Midnight of a date as a local minute.
pub fn local_minute(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 60
}

/// The first of: closed, special, holiday, make-up day, weekday.
fn hours(definition: &CalendarDefinition, date: NaiveDate) -> Hours {
    let written = date.format("%Y-%m-%d").to_string();
    let named = |date: &caseway::time::Date| date.to_string() == written;
    if definition.closed.iter().any(named) {
        return Hours::Known(Vec::new());
    }
    if let Some((_, spans)) = definition.special.iter().find(|(date, _)| named(date)) {
        return Hours::Known(spans.clone());
    }
    let weekday = |index: usize| weekday_hours(definition, Weekday::ALL[index % 7], &written);
    let own = date.weekday().num_days_from_monday() as usize;
    let Some(data) = &definition.holidays else {
        return Hours::Known(weekday(own));
    };
    if written < data.first().to_string() || data.last().to_string() < written {
        let week: Vec<OpenSpan> = (0..7).flat_map(weekday).collect();
        let reach = week
            .iter()
            .map(|span| i64::from(span.closes()) - 1440)
            .max();
        return match reach {
            Some(reach) => Hours::Unknown(reach.max(0)),
            None => Hours::Known(Vec::new()),
        };
    }
    match data.iter().find(|row| named(&row.date)).map(|row| row.day) {
        None => Hours::Known(weekday(own)),
        Some(DataDay::Holiday) => Hours::Known(Vec::new()),
        Some(DataDay::Workday(Some(named))) => Hours::Known(weekday(named as usize)),
        Some(DataDay::Workday(None)) => {
            let first = (0..7).map(weekday).find(|spans| !spans.is_empty());
            Hours::Known(first.unwrap_or_default())
        }
    }
}

/// The hours of a weekday in force on a date written `YYYY-MM-DD`: dated lines if there are any.
fn weekday_hours(definition: &CalendarDefinition, weekday: Weekday, date: &str) -> Vec<OpenSpan> {
    let of_weekday = |line: &&WeeklyHours| line.weekdays.contains(&weekday);
    let is_dated = |line: &WeeklyHours| line.from.is_some() || line.until.is_some();
    let in_force = |line: &WeeklyHours| {
        line.from
            .is_none_or(|from| from.to_string().as_str() <= date)
            && line
                .until
                .is_none_or(|until| date <= until.to_string().as_str())
    };
    let lines: Vec<&WeeklyHours> = definition.weekly.iter().filter(of_weekday).collect();
    let dated: Vec<&WeeklyHours> = lines
        .iter()
        .copied()
        .filter(|line| is_dated(line) && in_force(line))
        .collect();
    let lines = if dated.is_empty() {
        lines.into_iter().filter(|line| !is_dated(line)).collect()
    } else {
        dated
    };
    lines
        .iter()
        .flat_map(|line| line.spans.iter().copied())
        .collect()
}
