//! Calendars: when a service is open, how much open time lies between two instants, and when an
//! amount of it is used up.
//!
//! A [`CalendarDefinition`] is plain data. [`Calendar::new`] turns it into a timeline of segments
//! over the years 0000 to 9999, each with the open time before it. Where every week is the same and
//! the zone keeps its offset, one segment holds all those weeks and is asked by arithmetic on a
//! one-week table; only dates that need a look of their own are laid span by span: named dates,
//! those behind them (a span may run overnight), and those that a change of the zone's offset
//! touches. A calendar costs some hundred segments, whatever the range of years, and every question
//! is a binary search or two, ten years ahead as fast as one day. The table is exact: there is no
//! horizon within the years 0000 to 9999 and no walk from day to day.
//!
//! Dates that holiday data does not cover are neither open nor closed but unknown, unless the
//! calendar itself says `closed` or gives them special hours; an answer that needs one is an error.

mod build;
mod date_rule;
mod days;
mod definition;
mod timeline;
mod week;
mod working_days;

pub use date_rule::DateRule;
pub use definition::{CalendarDefinition, OpenSpan, WeeklyHours};

use super::transitions::{Transitions, day_of};
use super::{DAY, Date, Duration, Instant, Zone};
use std::sync::Arc;
use timeline::Timeline;
use working_days::{Close, WorkingDays};

/// The first instant, and one past the last.
const START: i64 = Instant::MIN.millis();
const END: i64 = Instant::MAX.millis() + 1;
/// A calendar that stays closed for so many days never opens.
const SEARCHED_DAYS: i64 = 400;

/// Whether a calendar is open at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// It is open.
    Open,
    /// It is closed.
    Closed,
    /// The holiday data does not cover the date.
    Unknown,
}

/// An answer needs a date that the calendar's holiday data does not cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownYear {
    /// The first such date.
    pub date: Date,
}

/// Why there is no instant at which an amount of open time is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueError {
    /// The search reaches a date that the holiday data does not cover.
    UnknownYear(UnknownYear),
    /// The calendar does not open again.
    NeverOpens,
    /// It would lie after the year 9999.
    BeyondRange,
}

impl std::fmt::Display for UnknownYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the calendar's holiday data does not cover {}",
            self.date
        )
    }
}

impl std::fmt::Display for DueError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DueError::UnknownYear(unknown) => unknown.fmt(f),
            DueError::NeverOpens => f.write_str("the calendar does not open again"),
            DueError::BeyondRange => {
                f.write_str("the calendar would need time after the year 9999")
            }
        }
    }
}

impl std::error::Error for UnknownYear {}
impl std::error::Error for DueError {}

impl From<UnknownYear> for DueError {
    fn from(unknown: UnknownYear) -> DueError {
        DueError::UnknownYear(unknown)
    }
}

/// The open set of a calendar, ready to be asked.
///
/// ```
/// use caseway::time::{Calendar, CalendarDefinition, Duration, Instant, OpenSpan};
/// use caseway::time::{Weekday, WeeklyHours, Zone};
///
/// let zone = Zone::parse("Asia/Shanghai").ok_or("no such zone")?;
/// let mut business = CalendarDefinition::new(zone);
/// business.weekly.push(WeeklyHours {
///     weekdays: Weekday::ALL.into_iter().take(5).collect(),
///     spans: OpenSpan::new(9 * 60, 17 * 60).into_iter().collect(),
///     from: None,
///     until: None,
/// });
/// let saturday = Instant::parse("2026-11-21T10:00:00+08:00").map_err(|_| "no instant")?;
/// let four_hours = Duration::parse("4h").ok_or("no duration")?;
/// let due = Calendar::new(&business).due(saturday, four_hours)?;
/// assert_eq!(due.format(zone), "2026-11-23T13:00:00+08:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Zone,
    /// None for `always`.
    table: Option<Arc<Table>>,
}

#[derive(Debug)]
struct Table {
    zone: Zone,
    timeline: Timeline,
    working_days: WorkingDays,
    transitions: &'static Transitions,
    definition: CalendarDefinition,
}

impl Calendar {
    /// Open at all times; its working days are the dates of `zone`.
    pub fn always(zone: Zone) -> Calendar {
        Calendar { zone, table: None }
    }

    /// Compiles a definition.
    pub fn new(definition: &CalendarDefinition) -> Calendar {
        let transitions = definition.zone.transitions();
        let (timeline, working_days) = build::build(definition, transitions);
        let table = Table {
            zone: definition.zone,
            timeline,
            working_days,
            transitions,
            definition: definition.clone(),
        };
        Calendar {
            zone: definition.zone,
            table: Some(Arc::new(table)),
        }
    }

    /// The zone in which the calendar's dates and hours are read.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// Whether this is the built-in calendar that is open at all times.
    pub fn is_always(&self) -> bool {
        self.table.is_none()
    }

    /// The last day that its holiday data speaks of; none without such data.
    pub fn last_covered(&self) -> Option<Date> {
        let holidays = self.table.as_ref()?.definition.holidays.as_ref()?;
        Some(holidays.last())
    }

    /// Whether it is known of every date when the calendar is open: it asks for no holidays.
    pub fn is_known(&self) -> bool {
        let table = self.table.as_ref();
        table.is_none_or(|table| table.definition.holidays.is_none())
    }

    /// Whether the calendar is open at an instant. The instant of opening is open, that of closing
    /// is not.
    pub fn is_open(&self, at: Instant) -> Openness {
        match &self.table {
            None => Openness::Open,
            Some(table) => table.timeline.state(at.millis()),
        }
    }

    /// The next instant after `at` at which the answer of [`Calendar::is_open`] changes, with the
    /// answer from then on; none if it stays the same until the end of the year 9999.
    pub fn next_change(&self, at: Instant) -> Option<(Instant, Openness)> {
        let (next, state) = self.table.as_ref()?.timeline.next_change(at.millis())?;
        Some((Instant::from_millis(next)?, state))
    }

    /// The open time in `[from, to)`; zero when `to` is not after `from`.
    ///
    /// # Errors
    /// The interval holds a date that the holiday data does not cover.
    pub fn measure(&self, from: Instant, to: Instant) -> Result<Duration, UnknownYear> {
        if to <= from {
            return Ok(Duration::ZERO);
        }
        let Some(table) = &self.table else {
            return Ok(to.since(from));
        };
        let (open_from, unknown_from) = table.timeline.before(from.millis());
        let (open_to, unknown_to) = table.timeline.before(to.millis());
        if unknown_to > unknown_from {
            return Err(table.unknown_from(from.millis()));
        }
        Ok(Duration::from_millis(open_to - open_from))
    }

    /// The least instant at or after `start` such that the open time in between is at least
    /// `duration`; `start` itself when `duration` is not above zero.
    ///
    /// # Errors
    /// [`DueError`] says why there is no such instant, or none that is known.
    pub fn due(&self, start: Instant, duration: Duration) -> Result<Instant, DueError> {
        if duration <= Duration::ZERO {
            return Ok(start);
        }
        let Some(table) = &self.table else {
            return start.plus(duration).ok_or(DueError::BeyondRange);
        };
        let (due, unknown) = table.timeline.reaching(start.millis(), duration.millis());
        if unknown > 0 {
            return Err(table.unknown_from(start.millis()).into());
        }
        due.and_then(Instant::from_millis).ok_or_else(|| {
            let again = table.timeline.opens_after(start.millis());
            if again {
                DueError::BeyondRange
            } else {
                DueError::NeverOpens
            }
        })
    }

    /// The close of the `count`-th date after the start's date on which the calendar opens; `start`
    /// itself when `count` is zero.
    ///
    /// The start's date is the one in the calendar's zone. A date counts if a span opens on it; its
    /// close is the latest of its own spans, which may lie on the next date.
    ///
    /// # Errors
    /// [`DueError`] says why there is no such instant, or none that is known.
    pub fn close_of_working_day(&self, start: Instant, count: u32) -> Result<Instant, DueError> {
        if count == 0 {
            return Ok(start);
        }
        let count = i64::from(count);
        let Some(table) = &self.table else {
            return self
                .end_of_later_date(start, count)
                .ok_or(DueError::BeyondRange);
        };
        let weeks = table.timeline.weeks();
        let next_day = table.transitions.day_at(start.millis()) + 1;
        let (working, unknown) = table.working_days.before(next_day, weeks);
        let close = table.working_days.reaching(working + count, weeks);
        let unknown_to = close.as_ref().map_or(i64::MAX, |(_, unknown)| *unknown);
        if unknown_to > unknown
            && let Some(day) = table.working_days.next_unknown(next_day, weeks)
            && let Some(date) = Date::from_day_number(day)
        {
            return Err(UnknownYear { date }.into());
        }
        let close = close.ok_or_else(|| {
            let again = table.working_days.reaching(working + 1, weeks).is_some();
            if again {
                DueError::BeyondRange
            } else {
                DueError::NeverOpens
            }
        })?;
        let at = match close.0 {
            Close::Instant(at) => at,
            Close::Minutes(day, minutes) => table
                .transitions
                .instant(day * DAY + i64::from(minutes) * 60_000),
        };
        Instant::from_millis(at).ok_or(DueError::BeyondRange)
    }

    /// The end of the `count`-th date after that of `start`, leaving out dates that the zone skipped.
    fn end_of_later_date(&self, start: Instant, count: i64) -> Option<Instant> {
        let transitions = self.zone.transitions();
        let first = i64::from(transitions.day_at(start.millis()));
        let mut last = first.checked_add(count)?;
        for change in transitions
            .changes()
            .filter(|change| change.at > start.millis())
        {
            let skipped = day_of(change.at + change.before);
            if i64::from(skipped) <= last && transitions.skips(skipped) {
                last += 1;
            }
        }
        let end = i32::try_from(last + 1).ok()?;
        Instant::from_millis(transitions.midnight(end))
    }

    /// Whether the calendar is known to stay closed from the beginning of a date on for 400 days.
    pub fn never_opens(&self, from: Date) -> bool {
        let Some(table) = &self.table else {
            return false;
        };
        let start = table
            .transitions
            .midnight(from.day_number())
            .clamp(START, END);
        let end = (start + SEARCHED_DAYS * DAY).min(END);
        table.timeline.before(start) == table.timeline.before(end)
    }
}

impl Table {
    /// The first date at or after an instant that the holiday data does not cover and that an
    /// answer needs.
    fn unknown_from(&self, at: i64) -> UnknownYear {
        let unknown = self.timeline.next_unknown(at).unwrap_or(at);
        let date = Instant::from_millis(unknown)
            .unwrap_or(Instant::MAX)
            .date(self.zone);
        // What is unknown of a covered date are the spans that may run into it from the one before.
        let covered = self
            .definition
            .holidays
            .as_deref()
            .is_some_and(|data| data.first() <= date && date <= data.last());
        let date = if covered {
            date.plus_days(-1).unwrap_or(date)
        } else {
            date
        };
        UnknownYear { date }
    }
}
