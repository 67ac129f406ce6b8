//! `response-above-resolve`: a clock that another one always ends is given more time than that one.
//!
//! Whatever stops the one clock stops the other too, such as resolving a case before it was answered.
//! So the longer target comes into play only after the shorter one is missed already, unless the other
//! clock is paused. Mostly the two targets were exchanged, or a digit is too much.
//!
//! Example:
//!
//! ```text
//! clock respond { stop on first_response  stop when status is resolved }
//! clock resolve { stop when status is resolved }
//! sla { otherwise tier all { respond 24h  resolve 4h } }
//! ```
//!
//! Instead: give the clock that ends first the shorter time.

use super::conditions::any;
use super::{Facts, Lint};
use crate::analysis::at_most;
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Clock, Target, Trigger};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "response-above-resolve",
    level: Level::Warn,
    check: Some(check),
};

/// Clocks beyond which pairs are not looked at.
const CLOCKS: usize = 60;

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let model = facts.model;
    if model.clocks.len() > CLOCKS {
        return;
    }
    let mut ended = Vec::new();
    for (at, clock) in model.clocks.iter().enumerate() {
        for (other_at, other) in model.clocks.iter().enumerate() {
            if at != other_at && clock.start == other.start && ends_with(facts, clock, other) {
                ended.push((at, other_at));
            }
        }
    }
    for tier in model.sla.iter().flat_map(|sla| &sla.tiers) {
        for (at, other_at) in &ended {
            let (Some((clock, target)), Some((other, limit))) =
                (tier.targets.get(*at), tier.targets.get(*other_at))
            else {
                continue;
            };
            if *target == Target::None || at_most(*target, *limit) != Some(false) {
                continue;
            }
            let (name, other) = (
                super::steps::clock_name(model, *clock),
                super::steps::clock_name(model, *other),
            );
            let place = |clock: &str| {
                let written = facts.written.target(tier.declared.span, clock);
                written.unwrap_or(tier.declared.span)
            };
            let (span, limit) = (place(name), place(other));
            let message = message!(
                "`{name}` has `{longer}`, but `{other}` only `{shorter}`, and what stops `{other}` stops `{name}` too",
                name,
                longer = facts.text(span),
                other,
                shorter = facts.text(limit)
            );
            findings.push(
                Diagnostic::warn(LINT.code, span, message)
                    .subject(format!("sla.{}", tier.declared.name))
                    .also(limit, message!("due before that"))
                    .help(message!(
                        "give `{name}` no more time than `{other}`; were the two exchanged?",
                        name,
                        other
                    )),
            );
        }
    }
}

/// Whether a clock stops wherever another does, and elsewhere too.
fn ends_with(facts: &Facts<'_>, clock: &Clock, other: &Clock) -> bool {
    !other.stop.is_empty() && covers(facts, clock, other) && !covers(facts, other, clock)
}

/// Whether all that stops the other clock stops this one.
fn covers(facts: &Facts<'_>, clock: &Clock, other: &Clock) -> bool {
    let conditions = super::clock_never_reopens::conditions(&clock.stop);
    let whenever = any(conditions);
    other.stop.iter().all(|trigger| match trigger {
        Trigger::On(_) => clock.stop.contains(trigger),
        Trigger::When(when) => facts.logic.implies(when, &whenever),
    })
}
