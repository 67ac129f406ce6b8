//! `zero-target`: a promise of no time at all.
//!
//! A target of nothing is missed the moment the clock starts, unless it is met at that same instant.
//! Mostly "no limit" was meant. A follow-up within nothing is overdue at once, and a record kept at
//! least for nothing is not kept.
//!
//! Example:
//!
//! ```text
//! tier info when kind is inquiry { respond 1h  resolve 0s }
//! ```
//!
//! Instead: `resolve none` for no limit, or the time that is meant.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Amount, Within};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "zero-target",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let model = facts.model;
    for tier in model.sla.iter().flat_map(|sla| &sla.tiers) {
        for (clock, target) in &tier.targets {
            if !target.is_zero() {
                continue;
            }
            let clock = super::steps::clock_name(model, *clock);
            let written = facts.written.target(tier.declared.span, clock);
            let span = written.unwrap_or(tier.declared.span);
            let message = message!("`{clock}` is late as soon as it starts", clock);
            findings.push(
                Diagnostic::warn(LINT.code, span, message)
                    .subject(format!("sla.{}", tier.declared.name))
                    .help(message!(
                        "write the time that is meant, or `{clock} none` for no limit",
                        clock
                    ))
                    .unsafe_fix(span, "none"),
            );
        }
    }
    for follow_up in &model.follow_ups {
        let nothing = match follow_up.within {
            Within::Exact(length, _) => length.millis() == 0,
            Within::Calendar(period) => period.count == 0,
            Within::WorkingDays(days, _) => days == 0,
        };
        if nothing {
            let name = &follow_up.declared;
            let written = facts.written.follow_ups.get(&name.span);
            let span = written.map_or(name.span, |written| written.within.1);
            let message = message!(
                "`{name}` is overdue as soon as it is listed",
                name = name.name
            );
            findings.push(
                Diagnostic::warn(LINT.code, span, message)
                    .subject(format!("follow_up.{}", name.name))
                    .help(message!("write the time that is meant: `within 24h`")),
            );
        }
    }
    for retain in &model.retains {
        let Some(keep) = &retain.keep else { continue };
        let nothing = match keep.amount {
            Amount::Exact(length) => length.millis() == 0,
            Amount::Calendar(period) => period.count == 0,
        };
        if nothing && !keep.excluding_starting_month {
            let record = model.records.get(retain.record.0 as usize);
            let name = record.map_or("", |record| record.name.as_str());
            let message = message!("`{name}` is kept for no time at all", name);
            findings.push(
                Diagnostic::warn(LINT.code, keep.span, message)
                    .subject(format!("retain.{name}"))
                    .help(message!(
                        "write the time that is meant, or leave the line out"
                    )),
            );
        }
    }
}
