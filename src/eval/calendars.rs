//! What the calendars of a program tell the clocks of a case.
//!
//! Under [`super::cycle`]: what a calendar does not know is a [`Flag`], never a guess.

use crate::compile::{Program, Target};
use crate::time::{Calendar, Date, DueError, Duration, Instant};

/// Why a clock cannot tell when it is due, or how much is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// The holiday data of the calendar at this place does not cover the date.
    UnknownCalendarYear(u32, Date),
    /// The calendar at this place does not open again.
    CalendarNeverOpens(u32),
    /// It lies after the year 9999.
    BeyondRange,
}

impl Flag {
    /// The words in JSON.
    pub const WORDS: [&str; 3] = [
        "unknown_calendar_year",
        "calendar_never_opens",
        "beyond_range",
    ];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Flag::UnknownCalendarYear(..) => "unknown_calendar_year",
            Flag::CalendarNeverOpens(_) => "calendar_never_opens",
            Flag::BeyondRange => "beyond_range",
        }
    }

    pub(super) fn of(error: DueError, calendar: u32) -> Flag {
        match error {
            DueError::UnknownYear(unknown) => Flag::UnknownCalendarYear(calendar, unknown.date),
            DueError::NeverOpens => Flag::CalendarNeverOpens(calendar),
            DueError::BeyondRange => Flag::BeyondRange,
        }
    }
}

/// Calendars and zone of a program.
#[derive(Clone, Copy)]
pub(super) struct Time<'a>(pub(super) &'a Program);

impl Time<'_> {
    fn calendar(&self, place: u32) -> Option<&Calendar> {
        let (_, calendar) = self.0.calendars.get(place as usize)?;
        Some(calendar)
    }

    pub(super) fn measure(
        &self,
        calendar: u32,
        from: Instant,
        to: Instant,
    ) -> Result<Duration, Flag> {
        let Some(found) = self.calendar(calendar) else {
            return Ok(Duration::ZERO);
        };
        found
            .measure(from, to)
            .map_err(|unknown| Flag::of(unknown.into(), calendar))
    }

    pub(super) fn due(
        &self,
        calendar: u32,
        from: Instant,
        length: Duration,
    ) -> Result<Instant, Flag> {
        let Some(found) = self.calendar(calendar) else {
            return Ok(from);
        };
        found
            .due(from, length)
            .map_err(|error| Flag::of(error, calendar))
    }

    pub(super) fn close_of_working_day(
        &self,
        calendar: u32,
        from: Instant,
        days: u32,
    ) -> Result<Instant, Flag> {
        let Some(found) = self.calendar(calendar) else {
            return Ok(from);
        };
        found
            .close_of_working_day(from, days)
            .map_err(|error| Flag::of(error, calendar))
    }

    /// How long a target is that counts from an instant; none if there is no limit.
    pub(super) fn length(&self, target: Target, start: Instant) -> Result<Option<Duration>, Flag> {
        match target {
            Target::None => Ok(None),
            Target::Exact(length, _) => Ok(Some(length)),
            Target::WorkingDays(days, calendar) => {
                let close = self.close_of_working_day(calendar.0, start, days)?;
                self.measure(calendar.0, start, close).map(Some)
            }
            Target::Calendar(period) => {
                let end = period.end_of_day_after(start, self.0.zone);
                let end = end.ok_or(Flag::BeyondRange)?;
                Ok(Some(end.since(start)))
            }
        }
    }
}
