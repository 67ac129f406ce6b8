//! `unused-define`: a named expression that nothing reads.
//!
//! It is left over, or the rule that should read it was forgotten.
//!
//! Example:
//!
//! ```text
//! define weekend = weekday of opened_at in { sat, sun }     # no condition reads `weekend`
//! ```
//!
//! Instead: remove it, or read it. One that only another unused `define` reads is reported once that one is gone.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-define",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts
        .model
        .defines
        .iter()
        .map(|define| &define.declared)
        .enumerate()
    {
        if u32::try_from(at).is_ok_and(|at| facts.usage.defines.contains(&at)) {
            continue;
        }
        let message = message!("nothing reads `{name}`", name = declared.name);
        findings.push(
            unused(LINT.code, "define", declared, message)
                .help(message!("remove it, or read it where it was meant")),
        );
    }
}
