//! `step-fires-at-once`: a step whose time has come when the clock starts.
//!
//! `30m before due` of a target of 15 minutes lies before the start, so it fires at the start of
//! every case and tells nobody anything. Often the target was shortened later.
//!
//! Example:
//!
//! ```text
//! tier critical when severity is critical {
//!   respond 15m
//!   warn 30m before due of respond
//! }
//! ```
//!
//! Instead: write a time shorter than the target, `5m before due`, or a part of it, `at 50%`.

use super::steps::{clock_name, sites, target_of, targets_of};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{CalendarId, ClockId, StepKind, Target};
use crate::time::Duration;
use std::collections::HashMap;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "step-fires-at-once",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let mut all_targets: HashMap<ClockId, Vec<Target>> = HashMap::new();
    for site in sites(facts.model) {
        for clause in &site.clauses {
            let clock = clock_name(facts.model, clause.clock);
            let one;
            let targets: &[Target] = match site.tier {
                Some(tier) => {
                    one = target_of(tier, clause.clock);
                    one.as_slice()
                }
                None => all_targets
                    .entry(clause.clock)
                    .or_insert_with(|| targets_of(facts.model, clause.clock)),
            };
            for (step, span) in &clause.steps {
                let (reason, help) = match step {
                    StepKind::BeforeDue(before) => match longest(targets) {
                        Some(longest) if *before >= longest => (
                            message!("`{clock}` has no more than `{longest}`", clock, longest),
                            message!(
                                "write a time shorter than the target, or a part of it: `at 50%`"
                            ),
                        ),
                        Some(_) | None => continue,
                    },
                    StepKind::AfterElapsed(after) if after.millis() == 0 => (
                        message!("no time has to be used up"),
                        message!("write how much time has to be used up: `after 30m`"),
                    ),
                    StepKind::AfterElapsed(_)
                    | StepKind::AtPercent(_)
                    | StepKind::AtDue
                    | StepKind::AfterDue(_)
                    | StepKind::EveryAfterDue(..) => continue,
                };
                let message = message!(
                    "`{text}` comes as soon as the clock starts: {reason}",
                    text = facts.text(*span),
                    reason
                );
                let finding = Diagnostic::warn(LINT.code, *span, message)
                    .subject(&site.subject)
                    .help(help);
                let written = site
                    .tier
                    .filter(|_| matches!(step, StepKind::BeforeDue(_)))
                    .and_then(|tier| facts.written.target(tier.declared.span, clock));
                findings.push(match written {
                    Some(target) => finding.also(target, message!("the target")),
                    None => finding,
                });
            }
        }
    }
}

/// The longest of the targets, when all are exact time by day and night; `none` is left out, as
/// nothing is due on it.
fn longest(targets: &[Target]) -> Option<Duration> {
    let mut longest = None;
    for target in targets {
        match target {
            Target::None => {}
            Target::Exact(length, CalendarId(0)) => longest = longest.max(Some(*length)),
            Target::Exact(..) | Target::WorkingDays(..) | Target::Calendar(_) => return None,
        }
    }
    longest.filter(|length| length.millis() > 0)
}
