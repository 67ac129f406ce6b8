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

use super::clock_never_runs::conditions;
use super::conditions::any;
use super::steps::{Site, clock_name, sites, target_of};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::{Escalation, Expr, StepKind, Target, Tier};
use crate::source::Span;

/// The lint.
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
            findings.extend(match untimed {
                Some(tier) => no_target(facts, &site, tier, clause),
                None => not_running(facts, &site, clause),
            });
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

fn not_running(facts: &Facts<'_>, site: &Site<'_>, clause: &Escalation) -> Option<Diagnostic> {
    let logic = &facts.logic;
    let when = site.when?;
    let clock = facts.model.clocks.get(clause.clock.0 as usize)?;
    let (stops, cancels) = (conditions(&clock.stop), conditions(&clock.cancel));
    let pauses: Vec<&Expr> = clock.pause.iter().collect();
    let still = any(stops.iter().chain(&cancels).chain(&pauses).copied());
    if !logic.implies(when, &still) || logic.never(when) {
        return None;
    }
    let name = &clock.declared.name;
    let one = |list: &[&Expr], state: Message| -> Option<(Span, Message)> {
        let found = list.iter().find(|end| logic.implies(when, end))?;
        Some((found.span, state))
    };
    let cause = one(&stops, message!("stopped"))
        .or_else(|| one(&cancels, message!("cancelled")))
        .or_else(|| one(&pauses, message!("paused")));
    let state = match &cause {
        Some((_, state)) => state.clone(),
        None => message!("stopped or paused"),
    };
    let (_, step) = clause.steps.first()?;
    let message = message!(
        "`{step}` never comes: while `{condition}` holds, `{name}` is {state}",
        step = facts.text(*step),
        condition = facts.text(when.span),
        name,
        state
    );
    let finding = Diagnostic::warn(LINT.code, *step, message)
        .subject(&site.subject)
        .help(message!(
            "name a clock that runs then, or leave the step out"
        ));
    Some(match cause {
        Some((span, state)) => {
            finding.also(span, message!("`{name}` is {state} here", name, state))
        }
        None => finding,
    })
}
