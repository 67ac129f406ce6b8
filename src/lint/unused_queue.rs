//! `unused-queue`: a queue that nothing names.
//!
//! No rule of the route puts a case into it. A guarantee or a test that names it counts as use.
//!
//! Example:
//!
//! ```text
//! queue vip_desk "贵宾"            # no rule says `in queue vip_desk`
//! ```
//!
//! Instead: remove the declaration, or route cases into the queue.

use super::{Facts, Lint, unused};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-queue",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, declared) in facts.model.queues.iter().enumerate() {
        if u32::try_from(at).is_ok_and(|at| facts.usage.queues.contains(&at)) {
            continue;
        }
        let message = message!("no case goes to the queue `{name}`", name = declared.name);
        findings.push(
            unused(LINT.code, "queue", declared, message)
                .help(message!("remove it, or name it behind `in queue`")),
        );
    }
}
