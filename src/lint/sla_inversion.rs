//! `sla-inversion`: a higher class is given more time than a lower one.
//!
//! Two cases differ in one ordered value only, such as `severity` or `customer.tier`, and the one
//! with the higher value may wait longer. Where the two targets count on different calendars, the
//! finding names a start for which the higher one is due later.
//!
//! Example:
//!
//! ```text
//! tier major when severity is major { respond 24h }
//! otherwise tier general            { respond 1h }
//! ```
//!
//! Instead: give the higher class at most the time of the lower one. Where the numbers are prescribed,
//! allow the finding above the tier and say who prescribes them.

use super::conditions::Subject;
use super::steps::{clock_name, target_of};
use super::targets::at_most;
use super::tier_inputs::{Pair, pairs};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{ClockId, Target, Tier};
use std::collections::HashSet;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "sla-inversion",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(sla) = &facts.model.sla else { return };
    let mut told: HashSet<(usize, ClockId)> = HashSet::new();
    for pair in pairs(facts.model, &facts.logic, sla) {
        let (higher, lower) = (pair.higher.1, pair.lower.1);
        let (Some(high_tier), Some(low_tier)) = (sla.tiers.get(higher), sla.tiers.get(lower))
        else {
            continue;
        };
        for (clock, target) in &high_tier.targets {
            if told.contains(&(higher, *clock)) {
                continue;
            }
            // A target of nothing is mistaken itself.
            let other = target_of(low_tier, *clock).filter(|other| !super::zero_target::is(*other));
            let Some(other) = other else { continue };
            if let Some(finding) = compare(
                facts,
                &pair,
                (high_tier, *target),
                (low_tier, other),
                *clock,
            ) {
                told.insert((higher, *clock));
                findings.push(finding);
            }
        }
    }
}

fn compare(
    facts: &Facts<'_>,
    pair: &Pair,
    (high_tier, target): (&Tier, Target),
    (low_tier, other): (&Tier, Target),
    clock: ClockId,
) -> Option<Diagnostic> {
    let later = match at_most(target, other) {
        Some(true) => return None,
        Some(false) => None,
        None => Some(facts.dues.later(target, other)?),
    };
    let model = facts.model;
    let clock = clock_name(model, clock);
    let place = |tier: &Tier| {
        let written = facts.written.target(tier.declared.span, clock);
        written.unwrap_or(tier.declared.span)
    };
    let (span, other_span) = (place(high_tier), place(low_tier));
    let input = match pair.subject {
        Subject::Field(id) => model.schema.field(id).map(|field| field.path.as_str()),
        Subject::Classification(id) => {
            let block = model.classifications.get(id.0 as usize);
            block.map(|block| block.declared.name.as_str())
        }
        Subject::RouteRole | Subject::Event(_) => None,
    }
    .unwrap_or_default();
    let (high, low) = (
        model.schema.member(pair.ty, pair.higher.0),
        model.schema.member(pair.ty, pair.lower.0),
    );
    let mut message = message!(
        "`{clock}` has more time when `{input}` is `{high}` than when it is `{low}`: `{longer}` in tier `{tier}`, `{shorter}` in tier `{other_tier}`",
        clock,
        input,
        high,
        low,
        longer = facts.text(span),
        tier = high_tier.declared.name,
        shorter = facts.text(other_span),
        other_tier = low_tier.declared.name
    );
    if let Some(later) = later {
        let zone = model.zone;
        message = message!(
            "{message}; started {start}, it is due {due} and not {other_due}",
            message,
            start = later.start.format(zone),
            due = later.due.format(zone),
            other_due = later.other_due.format(zone)
        );
    }
    Some(
        Diagnostic::warn(LINT.code, span, message)
            .subject(format!("sla.{}", high_tier.declared.name))
            .also(other_span, message!("less time for the lower class"))
            .help(message!(
                "give `{clock}` in tier `{tier}` no more time than in tier `{other_tier}`",
                clock,
                tier = high_tier.declared.name,
                other_tier = low_tier.declared.name
            )),
    )
}
