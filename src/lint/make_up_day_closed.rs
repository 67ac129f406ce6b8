//! `make-up-day-closed`: a make-up day on which a calendar does not open.
//!
//! The holiday data says that the day is worked like a certain weekday, and the calendar has no hours
//! on that weekday. So a day that is meant to be worked stays closed, and times run on without it.
//!
//! Example:
//!
//! ```text
//! 2026-02-14,workday,sat                                   # the calendar opens from mon to fri
//! ```
//!
//! Instead: name the weekday whose hours are meant in the data, or leave the name out for those of
//! Monday; or give the weekday hours.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::{Calendar, OpenDays};
use crate::time::{DataDay, Date, Weekday};
use std::collections::HashSet;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "make-up-day-closed",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for calendar in facts.model.calendars.iter().skip(1) {
        let name = calendar.holidays.as_ref();
        let Some(data) = name.and_then(|name| facts.holidays.get(name)) else {
            continue;
        };
        let decided: HashSet<Date> = calendar
            .closed
            .iter()
            .copied()
            .chain(calendar.open.iter().filter_map(|line| match &line.days {
                OpenDays::Date(date) => Some(*date),
                OpenDays::Weekdays(_) => None,
            }))
            .collect();
        let mut closed = data.days.iter().filter_map(|row| match row.day {
            DataDay::Workday(Some(weekday))
                if !decided.contains(&row.date) && !opens(calendar, row.date, weekday) =>
            {
                Some((row.date, weekday))
            }
            DataDay::Workday(_) | DataDay::Holiday => None,
        });
        let Some((date, weekday)) = closed.next() else {
            continue;
        };
        let more = closed.count();
        let name = &calendar.declared.name;
        let others = match more {
            0 => Message::verbatim(""),
            1 => message!(" (and one more like it)"),
            more => message!(" (and {more} more like it)", more),
        };
        let message = message!(
            "the make-up day {date}{others} is worked like `{word}`, when `{name}` does not open",
            date,
            others,
            word = weekday.word(),
            name
        );
        let written = facts.written.calendars.get(&calendar.declared.span);
        let span = written.and_then(|written| written.holidays.as_ref());
        let span = span.map_or(calendar.declared.span, |name| name.span);
        findings.push(
            Diagnostic::warn(LINT.code, span, message)
                .subject(format!("calendar.{name}"))
                .help(message!("name another weekday in `{file}`, or give the day hours: `open {date} 09:00-17:00`", file = data.file, date)),
        );
    }
}

/// Whether a calendar has hours of a weekday in force on a date.
fn opens(calendar: &Calendar, date: Date, weekday: Weekday) -> bool {
    calendar.open.iter().any(|line| {
        let in_force = line.from.is_none_or(|from| from <= date)
            && line.until.is_none_or(|until| date <= until);
        match &line.days {
            OpenDays::Weekdays(days) => in_force && days.contains(&weekday),
            OpenDays::Date(_) => false,
        }
    })
}
