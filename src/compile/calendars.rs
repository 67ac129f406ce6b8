//! Calendars of the model as open sets that can be asked.
//!
//! Between the model's calendars and [`crate::time::Calendar`].

use super::program::Named;
use crate::model::Model;
use crate::time::{Calendar, Holidays};
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
        let data = calendar.holidays.as_ref();
        let data = data.and_then(|name| holidays.get(name)).cloned();
        (named, Calendar::new(&calendar.definition(data)))
    });
    compiled.collect()
}
