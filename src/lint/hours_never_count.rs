//! `hours-never-count`: an `open` line that opens nothing.
//!
//! Its date is `closed` in the same calendar, which wins; or its dates hold none of its weekdays.
//!
//! Example:
//!
//! ```text
//! open   2026-12-24 09:00-12:00
//! closed 2026-12-24, 2026-12-31
//! ```
//!
//! Instead: remove the line, or correct the dates.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::OpenDays;
use crate::source::Span;
use crate::time::Date;
use std::collections::HashMap;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "hours-never-count",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for calendar in facts.model.calendars.iter().skip(1) {
        let written = facts.written.calendars.get(&calendar.declared.span);
        let closed = written.map_or(&[][..], |written| &written.closed);
        let closed: HashMap<Date, Span> = closed.iter().copied().collect();
        for line in &calendar.open {
            let warn = |message: Message| {
                Diagnostic::warn(LINT.code, line.span, message)
                    .subject(format!("calendar.{}", calendar.declared.name))
            };
            match &line.days {
                OpenDays::Date(date) => {
                    if let Some(span) = closed.get(date) {
                        findings.push(
                            warn(message!("these hours never count: {date} is closed", date))
                                .also(*span, message!("closed here"))
                                .help(message!("remove one of the two: `closed` wins over hours of the same date")),
                        );
                    }
                }
                OpenDays::Weekdays(days) => {
                    let (Some(from), Some(until)) = (line.from, line.until) else {
                        continue;
                    };
                    let mut dates =
                        (0..7).map_while(|day| from.plus_days(day).filter(|date| *date <= until));
                    if !dates.any(|date| days.contains(&date.weekday())) {
                        findings.push(
                            warn(message!("these hours never count: none of their weekdays lies between {from} and {until}", from, until))
                            .help(message!("correct the dates or the weekdays; for one date write `open 2026-12-24 09:00-12:00`")),
                        );
                    }
                }
            }
        }
    }
}
