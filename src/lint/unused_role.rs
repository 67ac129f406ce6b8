//! `unused-role`: a role that nothing names.
//!
//! Nothing goes to it, tells it, escalates to it or asks for it, so the declaration is either left over
//! or the rule that should name it was forgotten. A guarantee or a test that names it counts as use.
//!
//! Example:
//!
//! ```text
//! role night_shift "夜班"          # no rule says `to night_shift`
//! ```
//!
//! Instead: remove the declaration, or send something to the role.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-role",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts.model.roles.iter().enumerate() {
        if u32::try_from(at).is_ok_and(|at| facts.usage.roles.contains(&at)) {
            continue;
        }
        let message = message!("nothing goes to the role `{name}`", name = declared.name);
        findings.push(
            unused(LINT.code, "role", declared, message)
                .help(message!("remove it, or name it where it was meant")),
        );
    }
}
