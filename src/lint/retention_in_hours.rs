//! `retention-in-hours`: a long retention period is counted in hours.
//!
//! Laws and contracts count days, months and years. `8760h` are 365 days and fall a day short of a year
//! with 29 February; hours also end at another time of day when the clocks change.
//!
//! Example:
//!
//! ```text
//! keep at least 8760h
//! ```
//!
//! Instead: `keep at least 1 year`, or `365 days` if days are meant.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::Amount;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "retention-in-hours",
    level: Level::Warn,
    check: Some(check),
};

const DAY: i64 = 24 * 3_600_000;
/// Shorter periods may well be meant in hours.
const LEAST_DAYS: i64 = 28;

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for retain in &facts.model.retains {
        for keep in retain.keep.iter().chain(&retain.delete) {
            let Amount::Exact(length) = keep.amount else {
                continue;
            };
            let days = length.millis() / DAY;
            if length.millis() % DAY != 0 || days < LEAST_DAYS {
                continue;
            }
            let record = facts.model.records.get(retain.record.0 as usize);
            let message = message!(
                "`{length}` are {days} days of 24 hours, counted by the clock and not by the calendar",
                length,
                days
            );
            findings.push(
                Diagnostic::warn(LINT.code, keep.span, message)
                    .subject(format!(
                        "retain.{}",
                        record.map_or("", |record| record.name.as_str())
                    ))
                    .help(instead(days)),
            );
        }
    }
}

fn instead(days: i64) -> Message {
    let longer = |unit: &str, count: i64| {
        let plural = if count == 1 { "" } else { "s" };
        message!(
            "write `{period}`, or `{days} days` if days are meant",
            period = format!("{count} {unit}{plural}"),
            days
        )
    };
    match (days % 365, days % 30) {
        (0, _) => longer("year", days / 365),
        (_, 0) => longer("month", days / 30),
        (_, _) => message!(
            "write `{days} days`, or the months or years that are meant",
            days
        ),
    }
}
