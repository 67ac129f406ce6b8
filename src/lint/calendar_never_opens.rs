//! `calendar-never-opens`: a calendar that stays closed.
//!
//! Every line is dated and its dates are over, or the dates on which it would open are closed. A time
//! counted on it never runs out, and nothing is ever due.
//!
//! Example:
//!
//! ```text
//! calendar fair { open mon to fri 08:00-20:00 from 2024-04-15 until 2024-05-05 }
//! ```
//!
//! Instead: extend the dates, add a line without dates, or remove the calendar and what counts on it.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::time::{Instant, Openness};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "calendar-never-opens",
    level: Level::Error,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (calendar, hours) in facts.model.calendars.iter().zip(&facts.calendars).skip(1) {
        let name = &calendar.declared.name;
        let never = hours.is_open(Instant::MIN) == Openness::Closed
            && hours.next_change(Instant::MIN).is_none();
        let today = facts.now.map(|now| now.date(calendar.zone));
        let message = match today {
            _ if never => message!("`{name}` is closed at all times", name),
            Some(today) if hours.never_opens(today) => {
                message!(
                    "`{name}` does not open within 400 days from {today}",
                    name,
                    today
                )
            }
            Some(_) | None => continue,
        };
        let mut finding = Diagnostic::error(LINT.code, calendar.declared.span, message)
            .subject(format!("calendar.{name}"))
            .help(message!(
                "extend the dates of its `open` lines, add one without dates, or remove it"
            ));
        if let Some(line) = calendar.open.last() {
            let what = if never {
                message!("no day is left of these hours")
            } else {
                message!("does not open any more")
            };
            finding = finding.also(line.span, what);
        }
        findings.push(finding);
    }
}
