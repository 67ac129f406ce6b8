//! `unused-calendar`: a calendar that nothing counts on.
//!
//! No target, follow-up or condition names it: times that were meant to run on it may run day and night.
//!
//! Example:
//!
//! ```text
//! calendar business { open mon to fri 09:00-17:00 }         # every target is written without `of business`
//! ```
//!
//! Instead: remove it, or count on it: `respond 1h of business`.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-calendar",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts
        .model
        .calendars
        .iter()
        .map(|calendar| &calendar.declared)
        .enumerate()
        .skip(1)
    {
        if u32::try_from(at).is_ok_and(|at| facts.usage.calendars.contains(&at)) {
            continue;
        }
        let message = message!(
            "nothing counts on the calendar `{name}`",
            name = declared.name
        );
        findings.push(
            unused(LINT.code, "calendar", declared, message).help(message!(
                "remove it, or name it: `1h of CALENDAR`, `during CALENDAR`"
            )),
        );
    }
}
