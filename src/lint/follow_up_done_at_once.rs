//! `follow-up-done-at-once`: a follow-up that is done in the moment it is listed.
//!
//! Wherever its `when` is true, what completes it is true as well, so it never asks for anything and
//! is never overdue.
//!
//! Example:
//!
//! ```text
//! follow_up archive by desk
//!   when status is closed
//!   within 8h
//!   done when status in { resolved, closed }
//! ```
//!
//! Instead: name what completes the work, such as `done on archived`.

use super::clock_never_runs::conditions;
use super::conditions::any;
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "follow-up-done-at-once",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let logic = &facts.logic;
    for follow_up in &facts.model.follow_ups {
        let done = conditions(&follow_up.done);
        let when = &follow_up.when;
        if !logic.implies(when, &any(done.iter().copied())) || logic.never(when) {
            continue;
        }
        let one = done.iter().find(|done| logic.implies(when, done));
        let Some(span) = one.or(done.first()).map(|done| done.span) else {
            continue;
        };
        let name = &follow_up.declared.name;
        let message = message!(
            "`{name}` is done as soon as it is listed: `{condition}` means that `{done}` holds too",
            name,
            condition = facts.text(when.span),
            done = facts.text(span)
        );
        findings.push(
            Diagnostic::warn(LINT.code, span, message)
                .subject(format!("follow_up.{name}"))
                .label(message!("completes it at once"))
                .also(when.span, message!("lists it"))
                .help(message!("name what completes the work: `done on EVENT`, or a condition that comes true later")),
        );
    }
}
