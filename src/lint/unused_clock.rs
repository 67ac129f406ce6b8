//! `unused-clock`: a clock to which no tier gives a target.
//!
//! It runs in no tier, or each tier says `none`: nothing is ever due on it.
//!
//! Example:
//!
//! ```text
//! clock resolve { stop when status is resolved }            # every tier says `resolve none`
//! ```
//!
//! Instead: remove it, or give it a target in a tier.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-clock",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts
        .model
        .clocks
        .iter()
        .map(|clock| &clock.declared)
        .enumerate()
    {
        if u32::try_from(at).is_ok_and(|at| facts.usage.clocks.contains(&at)) {
            continue;
        }
        let message = message!(
            "no tier gives the clock `{name}` a target",
            name = declared.name
        );
        findings.push(unused(LINT.code, "clock", declared, message).help(message!(
            "remove it, or give it a target: `tier … {{ CLOCK 4h }}`"
        )));
    }
}
