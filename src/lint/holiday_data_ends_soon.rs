//! `holiday-data-ends-soon`: holiday data that does not cover the coming year.
//!
//! A day beyond the data is neither open nor closed: a target that needs it has no due time, and
//! `during` is unknown. Nothing is guessed. The finding comes once less than a year is left, for data
//! that a calendar in use reads. It needs today's date, so only `caseway lint` gives it.
//!
//! Example:
//!
//! ```text
//! [holidays.cn]
//! file = "calendars/cn.csv"
//! covers = ["2018-01-01", "2026-12-31"]                    # and today is 2026-11-23
//! ```
//!
//! Instead: add the days of the next year to the file and move the second date of `covers`. While they
//! are not announced yet, allow the finding in `[lint]` of caseway.toml.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::time::{Period, PeriodUnit, Rounding};
use std::collections::BTreeMap;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "holiday-data-ends-soon",
    level: Level::Warn,
    check: Some(check),
};

const YEAR: Period = Period {
    count: 1,
    unit: PeriodUnit::Years,
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(now) = facts.now else { return };
    // Each table once, by the first calendar in use that reads it.
    let mut readers = BTreeMap::new();
    for (calendar, id) in facts.model.calendars.iter().zip(0_u32..) {
        if let Some(name) = &calendar.holidays
            && facts.usage.calendars.contains(&id)
        {
            readers.entry(name).or_insert(calendar);
        }
    }
    for (name, calendar) in readers {
        let Some(data) = facts.holidays.get(name) else {
            continue;
        };
        let (today, last) = (now.date(calendar.zone), data.days.last());
        let enough = YEAR.after_date(today, Rounding::Down);
        if enough.is_none_or(|enough| last >= enough) {
            continue;
        }
        let message = if last < today {
            message!(
                "the holidays `{name}` are known up to {last} only, and that is past",
                name,
                last
            )
        } else {
            message!(
                "the holidays `{name}` are known up to {last} only, less than a year from now",
                name,
                last
            )
        };
        let mut finding = Diagnostic::warn(LINT.code, data.covers_span, message)
            .subject(format!("holidays.{name}"))
            .help(message!(
                "add the days of the next year to `{file}` and move the second date of `covers`",
                file = data.file
            ));
        let written = facts.written.calendars.get(&calendar.declared.span);
        if let Some(holidays) = written.and_then(|written| written.holidays.as_ref()) {
            finding = finding.also(holidays.span, message!("read here"));
        }
        findings.push(finding);
    }
}
