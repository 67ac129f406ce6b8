//! `repeated-step`: a rule or a tier names the same step twice for the same role.
//!
//! Both come at the same instant and tell the same people, so one of them is left over, or another
//! role, clock or time was meant. `at 100%` is the same step as `at due`.
//!
//! Example:
//!
//! ```text
//! escalate to supervisor at 75%, at due of resolve
//! escalate to supervisor at due of resolve
//! ```
//!
//! Instead: keep one of the two.

use super::steps::{role_name, sites};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::StepKind;
use crate::source::Span;
use std::collections::HashMap;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "repeated-step",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for site in sites(facts.model) {
        let mut seen: HashMap<_, Span> = HashMap::new();
        for clause in &site.clauses {
            for (step, span) in &clause.steps {
                let key = (clause.to, clause.clock, instant_of(*step));
                let Some(first) = seen.get(&key).copied() else {
                    seen.insert(key, *span);
                    continue;
                };
                let text = facts.text(*span);
                let message = match clause.to {
                    Some(role) => {
                        let role = role_name(facts.model, role);
                        message!("`{role}` is told `{text}` twice", role, text)
                    }
                    None => message!("the warning `{text}` is given twice", text),
                };
                findings.push(
                    Diagnostic::warn(LINT.code, *span, message)
                        .subject(&site.subject)
                        .also(first, message!("first given here"))
                        .help(message!(
                            "keep one of the two, or correct the time, the role or the clock"
                        )),
                );
            }
        }
    }
}

/// Steps that come at the same instant have the same form and number.
fn instant_of(step: StepKind) -> (u8, i64, u32) {
    match step {
        StepKind::AtDue | StepKind::AtPercent(100) => (0, 0, 0),
        StepKind::BeforeDue(length) | StepKind::AfterDue(length) if length.millis() == 0 => {
            (0, 0, 0)
        }
        StepKind::AtPercent(percent) => (1, i64::from(percent), 0),
        StepKind::BeforeDue(length) => (2, length.millis(), 0),
        StepKind::AfterDue(length) => (3, length.millis(), 0),
        StepKind::AfterElapsed(length) => (4, length.millis(), 0),
        StepKind::EveryAfterDue(length, times) => (5, length.millis(), times),
    }
}
