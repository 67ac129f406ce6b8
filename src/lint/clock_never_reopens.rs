//! `clock-never-reopens`: a clock says how it reopens, but nothing can reopen it.
//!
//! A met clock runs again when its `stop when` is no longer true. An event cannot be undone, so a
//! clock with `stop on` alone stays met.
//!
//! Example:
//!
//! ```text
//! clock respond {
//!   stop   on first_response
//!   reopen resume                                          # does nothing
//! }
//! ```
//!
//! Instead: add the state that ends the work, `stop when status in { resolved, closed }`, or leave
//! `reopen` out. To start again after an event write `reset on EVENT`.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Clock, Expr, ReopenMode, Trigger};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "clock-never-reopens",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for clock in &facts.model.clocks {
        if !reopens(clock) || !conditions(&clock.stop).is_empty() {
            continue;
        }
        let name = &clock.declared.name;
        let written = facts.written.clocks.get(&clock.declared.span);
        let Some(reopen) = written.and_then(|written| written.reopen.as_ref()) else {
            continue;
        };
        let message = if clock.stop.is_empty() {
            message!("nothing stops `{name}`, so it never reopens", name)
        } else {
            message!(
                "`{name}` never reopens: only events stop it, and an event is not undone",
                name
            )
        };
        let mut finding = Diagnostic::warn(LINT.code, reopen.span, message)
            .subject(format!("clock.{name}"))
            .help(message!("add `stop when CONDITION`, which can end again, or leave `reopen` out; `reset on EVENT` starts a clock anew"));
        if let Some(stop) = written.and_then(|written| written.stop.first()) {
            finding = finding.also(super::written::trigger(stop), message!("an event stops it"));
        }
        findings.push(finding);
    }
}

/// The conditions among triggers.
pub(super) fn conditions(triggers: &[Trigger]) -> Vec<&Expr> {
    let mut found = Vec::new();
    for trigger in triggers {
        match trigger {
            Trigger::When(when) => found.push(when),
            Trigger::On(_) => {}
        }
    }
    found
}

/// Whether a clock that was stopped can run again.
fn reopens(clock: &Clock) -> bool {
    let (mode, later) = (clock.reopen, clock.reopen_within.map(|(_, mode)| mode));
    mode != ReopenMode::Ignore || later.is_some_and(|mode| mode != ReopenMode::Ignore)
}
