//! `step-never-fires`: an escalation or a warning that can never come.
//!
//! A step fires only while its clock runs. Here the clock has no target, so nothing is ever due on
//! it, or it is stopped, cancelled or paused for as long as the rule or tier applies.
//!
//! Example:
//!
//! ```text
//! clock resolve { stop when status in { resolved, closed } }
//! route {
//!   first match
//!   rule done when status is closed to manager
//!     escalate to supervisor at due of resolve             # `resolve` has stopped
//!   …
//! }
//! ```
//!
//! Instead: name a clock that runs then, give it a target, or leave the step out.

use super::steps::{Site, clock_name, sites, target_of};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Escalation, StepKind, Target, Tier};

/// The lint. Clocks that stand still while a rule is taken are found by the analysis.
pub(super) const LINT: Lint = Lint {
    code: "step-never-fires",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for site in sites(facts.model) {
        for clause in &site.clauses {
            // A clock that no tier gives a target has a finding of its own.
            if !facts.usage.clocks.contains(&clause.clock.0) {
                continue;
            }
            let untimed = site
                .tier
                .filter(|tier| target_of(tier, clause.clock) == Some(Target::None));
            if let Some(tier) = untimed {
                findings.extend(no_target(facts, &site, tier, clause));
            }
        }
    }
}

fn no_target(
    facts: &Facts<'_>,
    site: &Site<'_>,
    tier: &Tier,
    clause: &Escalation,
) -> Option<Diagnostic> {
    // Time is used up on a clock without target too.
    let (_, span) = clause
        .steps
        .iter()
        .find(|(step, _)| !matches!(step, StepKind::AfterElapsed(_)))?;
    let (text, clock) = (facts.text(*span), clock_name(facts.model, clause.clock));
    let name = &tier.declared.name;
    let message = message!(
        "`{text}` never comes: tier `{name}` gives `{clock}` no target",
        text,
        name,
        clock
    );
    let finding = Diagnostic::warn(LINT.code, *span, message)
        .subject(&site.subject)
        .help(message!(
            "give `{clock}` a target, or count the time used: `after 30m of {clock}`",
            clock
        ));
    Some(match facts.written.target(tier.declared.span, clock) {
        Some(target) => finding.also(target, message!("no target")),
        None => finding,
    })
}
