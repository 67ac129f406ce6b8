//! Points and spans of time, and the zones they are read in.
//!
//! Ground floor: every later stage uses these types; nothing here reads a clock.

mod calendar;
mod duration;
mod holidays;
mod instant;
mod local;
mod period;
mod transitions;

pub use calendar::{
    Calendar, CalendarDefinition, DateRule, DueError, OpenSpan, Openness, UnknownYear, WeeklyHours,
};
pub use duration::{Duration, Period, PeriodUnit};
pub use holidays::{DataDay, HolidayError, HolidayRow, Holidays};
pub use instant::{Instant, InstantError};
pub use local::{Date, TimeOfDay, Weekday, Zone};
pub use period::Rounding;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// The version of the IANA time zone data that is built in, such as `2026b`.
pub fn tzdb_version() -> &'static str {
    chrono_tz::IANA_TZDB_VERSION
}

crate::message::verbatim_parts!(Date, Duration, Period, TimeOfDay);
