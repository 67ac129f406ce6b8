//! Which line of a calendar gives a date its hours: told to people, never used for an answer.
//!
//! Reads the [`super::CalendarDefinition`] that a [`super::Calendar`] was compiled from.

use super::{Calendar, OpenSpan};
use crate::time::{DataDay, Date, Weekday};

/// What gives a date its hours, by the order of precedence of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRule<'a> {
    /// `closed 2026-12-31`
    Closed,
    /// `open 2026-12-24 09:00-12:00`
    Special(&'a [OpenSpan]),
    /// A day off of the holiday data.
    Holiday,
    /// A make-up day of the holiday data, with the weekday that it names.
    MakeUp(Option<Weekday>),
    /// The hours of its weekday.
    Weekday,
    /// The holiday data does not cover it.
    Unknown,
}

impl Calendar {
    /// What gives a date its hours.
    pub fn date_rule(&self, date: Date) -> DateRule<'_> {
        let Some(table) = &self.table else {
            return DateRule::Weekday;
        };
        let definition = &table.definition;
        if definition.closed.contains(&date) {
            return DateRule::Closed;
        }
        if let Some(spans) = definition.special.get(&date) {
            return DateRule::Special(spans);
        }
        let Some(data) = definition.holidays.as_deref() else {
            return DateRule::Weekday;
        };
        match data.get(date) {
            Some(DataDay::Holiday) => DateRule::Holiday,
            Some(DataDay::Workday(weekday)) => DateRule::MakeUp(weekday),
            None if date < data.first() || data.last() < date => DateRule::Unknown,
            None => DateRule::Weekday,
        }
    }

    /// What the holiday data calls a date.
    pub fn date_name(&self, date: Date) -> Option<&str> {
        let definition = self.table.as_deref().map(|table| &table.definition)?;
        definition.holidays.as_deref()?.name(date)
    }
}
