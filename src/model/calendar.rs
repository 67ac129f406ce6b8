//! A calendar of the model as the plain data that [`crate::time`] computes with.
//!
//! Used by whatever asks a calendar: the program and the lints.

use super::{Calendar, OpenDays};
use crate::time::{CalendarDefinition, Holidays, OpenSpan, WeeklyHours};
use std::sync::Arc;

impl Calendar {
    /// The calendar's hours with the data of its `holidays` line. The built-in `always` has no hours
    /// of its own: it is [`crate::time::Calendar::always`].
    pub fn definition(&self, holidays: Option<Arc<Holidays>>) -> CalendarDefinition {
        let mut definition = CalendarDefinition::new(self.zone);
        for line in &self.open {
            let hours = line.hours.iter();
            let spans: Vec<OpenSpan> = hours
                .filter_map(|(opens, closes)| OpenSpan::new(*opens, *closes))
                .collect();
            match &line.days {
                OpenDays::Date(date) => definition.special.entry(*date).or_default().extend(spans),
                OpenDays::Weekdays(days) => definition.weekly.push(WeeklyHours {
                    weekdays: days.iter().copied().collect(),
                    spans,
                    from: line.from,
                    until: line.until,
                }),
            }
        }
        definition.closed = self.closed.iter().copied().collect();
        definition.holidays = holidays;
        definition
    }
}
