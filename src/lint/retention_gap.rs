//! `retention-gap`: nothing says how long some records of a class are kept.
//!
//! A record class without a `retain` block, or with blocks whose conditions leave cases out, has the
//! phase `unclassified` there: it is neither kept for a time nor deleted at the end of one.
//!
//! Example:
//!
//! ```text
//! record recording
//! retain recording when kind is complaint { from opened_at  keep at least 2 years }
//! ```
//!
//! Instead: add a block for the other cases; one without a condition speaks of all of them.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use std::collections::BTreeSet;

/// The lint. Cases that the conditions of blocks leave out are found by the analysis.
pub(super) const LINT: Lint = Lint {
    code: "retention-gap",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let retains = facts.model.retains.iter();
    let spoken_of: BTreeSet<u32> = retains.map(|retain| retain.record.0).collect();
    for (at, record) in (0u32..).zip(&facts.model.records) {
        if spoken_of.contains(&at) {
            continue;
        }
        let name = &record.name;
        let message = message!("no `retain` block says how long `{name}` is kept", name);
        findings.push(
            Diagnostic::warn(LINT.code, record.span, message)
                .subject(format!("retain.{name}"))
                .help(message!(
                    "write `retain {name} {{ from MOMENT  keep at least P }}`",
                    name
                )),
        );
    }
}
