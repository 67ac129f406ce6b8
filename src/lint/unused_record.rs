//! `unused-record`: a record class that nothing keeps.
//!
//! Neither `retain` nor `hold` speaks of it, so every case reports it as unclassified.
//!
//! Example:
//!
//! ```text
//! record recording "通话录音"      # no `retain recording { … }`
//! ```
//!
//! Instead: remove the declaration, or say how long such records are kept.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-record",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts.model.records.iter().enumerate() {
        if u32::try_from(at).is_ok_and(|at| facts.usage.records.contains(&at)) {
            continue;
        }
        let message = message!(
            "no `retain` or `hold` speaks of the record class `{name}`",
            name = declared.name
        );
        findings.push(
            unused(LINT.code, "record", declared, message)
                .help(message!("remove it, or add a `retain` block for it")),
        );
    }
}
