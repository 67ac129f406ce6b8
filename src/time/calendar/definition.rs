//! What a calendar is declared to be: plain data, as the model layer builds it from a policy.
//!
//! Compiled by [`crate::time::Calendar::new`].

use crate::time::{Date, Holidays, Weekday, Zone};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A calendar as it is declared.
#[derive(Clone, Debug)]
pub struct CalendarDefinition {
    /// The zone whose wall clock and dates the calendar is written in.
    pub zone: Zone,
    /// `open mon to fri 09:00-17:00`; several lines for one weekday add up.
    pub weekly: Vec<WeeklyHours>,
    /// `open 2026-12-24 09:00-12:00`: these hours replace everything else of their date.
    pub special: BTreeMap<Date, Vec<OpenSpan>>,
    /// `closed 2026-12-31`: wins over everything else of its date.
    pub closed: BTreeSet<Date>,
    /// `holidays cn`.
    pub holidays: Option<Arc<Holidays>>,
}

impl CalendarDefinition {
    /// A calendar of that zone that has no hours yet.
    pub fn new(zone: Zone) -> CalendarDefinition {
        CalendarDefinition {
            zone,
            weekly: Vec::new(),
            special: BTreeMap::new(),
            closed: BTreeSet::new(),
            holidays: None,
        }
    }
}

/// Hours of some weekdays, for all time or between two dates.
#[derive(Clone, Debug)]
pub struct WeeklyHours {
    /// The weekdays that have these hours.
    pub weekdays: BTreeSet<Weekday>,
    /// The hours.
    pub spans: Vec<OpenSpan>,
    /// The first date on which the line is in force, if it is dated.
    pub from: Option<Date>,
    /// The last date on which the line is in force, if it is dated.
    pub until: Option<Date>,
}

impl WeeklyHours {
    /// Whether the line is in force between dates only, and so replaces undated lines there.
    pub fn is_dated(&self) -> bool {
        self.from.is_some() || self.until.is_some()
    }
}

/// A span of open hours that belongs to the date on which it opens, in minutes of that date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenSpan {
    opens: u16,
    closes: u16,
}

impl OpenSpan {
    const DAY: u16 = 1440;

    /// From `opens` (0 to 1439) to `closes` (0 to 1440) minutes after midnight; a close at or
    /// before the opening belongs to the next day.
    pub fn new(opens: u32, closes: u32) -> Option<OpenSpan> {
        let opens = u16::try_from(opens).ok()?;
        let closes = u16::try_from(closes).ok()?;
        let valid = opens < OpenSpan::DAY && closes <= OpenSpan::DAY;
        let next_day = if closes <= opens { OpenSpan::DAY } else { 0 };
        valid.then(|| OpenSpan {
            opens,
            closes: closes + next_day,
        })
    }

    /// Minutes from the opening date's midnight to the opening, 0 to 1439.
    pub fn opens(self) -> u16 {
        self.opens
    }

    /// Minutes from the opening date's midnight to the close, 1 to 2879; above 1440 it closes on
    /// the next date.
    pub fn closes(self) -> u16 {
        self.closes
    }

    /// Minutes after the next midnight at which the span closes; 0 when it does not reach beyond.
    pub fn minutes_of_next_day(self) -> u16 {
        self.closes.saturating_sub(OpenSpan::DAY)
    }

    /// Whether two spans of one date share time.
    pub fn overlaps(self, other: OpenSpan) -> bool {
        self.opens < other.closes && other.opens < self.closes
    }
}
