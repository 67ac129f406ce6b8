//! A week of a calendar as rows of half-hour cells, one row for each local date.
//!
//! Found minute by minute from what a wall clock shows, so that days on which clocks change come out
//! as they are: skipped half hours have no minute, repeated ones have more. Drawn by
//! [`super::picture`].

use crate::time::{Calendar, Openness};
use crate::{Date, Instant, TimeOfDay};

const MINUTE: i64 = 60_000;
const MINUTES_OF_DAY: i64 = 24 * 60;
/// Local dates and instants may lie so far apart, and a change of clocks may touch two dates.
const MARGIN: i64 = 3 * MINUTES_OF_DAY;
/// Cells of a date.
pub(super) const CELLS: usize = 48;

/// What holds within half an hour: the last of these that does at any time of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    /// A wall clock never shows it.
    Skipped,
    Closed,
    Unknown,
    Open,
    /// Open, and counted by the question.
    Counted,
}

/// Local times that a change of clocks leaves out or shows twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) from: TimeOfDay,
    /// Midnight is that at the end of the date.
    pub(super) to: TimeOfDay,
    pub(super) twice: bool,
}

/// A local date.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) cells: [Cell; CELLS],
    pub(super) changes: Vec<Change>,
}

impl Day {
    /// Whether the zone's wall calendars left the date out.
    pub(super) fn is_skipped(&self) -> bool {
        self.cells.iter().all(|cell| *cell == Cell::Skipped)
    }
}

/// The Monday on or before a date; the first date of all when there is none.
pub(super) fn monday(date: Date) -> Date {
    date.plus_days(-(date.weekday() as i64)).unwrap_or(date)
}

/// The seven days from a Monday on; open time within `counted` is counted.
pub(super) fn days(
    calendar: &Calendar,
    monday: Date,
    counted: Option<(Instant, Instant)>,
) -> Vec<Day> {
    let zone = calendar.zone();
    let mut days: Vec<Day> = (0..7)
        .filter_map(|day| monday.plus_days(day))
        .map(|date| Day {
            date,
            cells: [Cell::Skipped; CELLS],
            changes: Vec::new(),
        })
        .collect();
    let first = i64::from(monday.day_number()) * MINUTES_OF_DAY - MARGIN;
    let mut shown: Option<(Date, TimeOfDay)> = None;
    for minute in first..first + 7 * MINUTES_OF_DAY + 2 * MARGIN {
        let Some(at) = Instant::from_millis(minute * MINUTE) else {
            shown = None;
            continue;
        };
        let now = (at.date(zone), at.time(zone));
        if let Some(next) = shown.and_then(next_minute)
            && next != now
        {
            let (earlier, later) = (next.min(now), next.max(now));
            let change = Change {
                from: earlier.1,
                to: later.1,
                twice: now < next,
            };
            if let Some(day) = days.iter_mut().find(|day| day.date == earlier.0) {
                day.changes.push(change);
            }
        }
        shown = Some(now);
        let cell = cell(calendar, at, counted);
        let index = usize::try_from(now.1.millis() / (30 * 60_000)).unwrap_or(CELLS);
        let day = days.iter_mut().find(|day| day.date == now.0);
        if let Some(found) = day.and_then(|day| day.cells.get_mut(index)) {
            *found = cell.max(*found);
        }
    }
    days
}

/// What a clock shows a minute later when nothing changes it.
fn next_minute((date, time): (Date, TimeOfDay)) -> Option<(Date, TimeOfDay)> {
    let later = time.millis() + 60_000;
    match TimeOfDay::from_millis(later) {
        Some(time) => Some((date, time)),
        None => Some((
            date.plus_days(1)?,
            TimeOfDay::from_millis(later.checked_sub(86_400_000)?)?,
        )),
    }
}

/// What holds within a minute.
fn cell(calendar: &Calendar, at: Instant, counted: Option<(Instant, Instant)>) -> Cell {
    match calendar.is_open(at) {
        Openness::Closed => Cell::Closed,
        Openness::Unknown => Cell::Unknown,
        Openness::Open => {
            let end = at.millis() + MINUTE;
            let counts = counted.is_some_and(|(from, to)| from.millis() < end && at < to);
            if counts { Cell::Counted } else { Cell::Open }
        }
    }
}
