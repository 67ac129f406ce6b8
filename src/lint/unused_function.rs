//! `unused-function`: a script's function that nothing calls.
//!
//! The script is loaded for nothing, or the condition that should call it was forgotten.
//!
//! Example:
//!
//! ```text
//! script "scripts/text.rhai" {
//!   fn anger(summary: text) -> integer from 0 to 100        # no condition calls `anger(…)`
//! }
//! ```
//!
//! Instead: remove the declaration, or call the function.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-function",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts
        .model
        .functions
        .iter()
        .map(|function| &function.declared)
        .enumerate()
    {
        if u32::try_from(at).is_ok_and(|at| facts.usage.functions.contains(&at)) {
            continue;
        }
        let message = message!("nothing calls the function `{name}`", name = declared.name);
        findings.push(
            unused(LINT.code, "script", declared, message).help(message!(
                "remove its declaration, or call it where it was meant"
            )),
        );
    }
}
