//! Calendars of the model as open sets that can be asked.
//!
//! Between the model's calendars and [`crate::time::Calendar`].

use super::program::Named;
use crate::model::{Model, OpenDays};
use crate::time::{Calendar, CalendarDefinition, Holidays, OpenSpan, WeeklyHours};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All calendars in the model's order; the first is `always`.
pub(super) fn compile(
    model: &Model,
    holidays: &BTreeMap<String, Arc<Holidays>>,
) -> Vec<(Named, Calendar)> {
    let compiled = model.calendars.iter().enumerate().map(|(at, calendar)| {
        let named = super::blocks::named(&calendar.declared);
        if at == 0 {
            return (named, Calendar::always(model.zone));
        }
        let mut definition = CalendarDefinition::new(calendar.zone);
        for line in &calendar.open {
            let spans: Vec<OpenSpan> = line
                .hours
                .iter()
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
        definition.closed = calendar.closed.iter().copied().collect();
        definition.holidays = calendar
            .holidays
            .as_ref()
            .and_then(|name| holidays.get(name))
            .cloned();
        (named, Calendar::new(&definition))
    });
    compiled.collect()
}
