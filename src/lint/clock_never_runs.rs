//! `clock-never-runs`: a clock whose start already means its end.
//!
//! Whenever it would start, what stops or cancels it is true as well. It is met at that instant with
//! no time used, or cancelled, so it measures nothing and is never late: every promise looks kept.
//!
//! Example:
//!
//! ```text
//! clock rework {
//!   start when status is resolved
//!   stop  when status in { resolved, closed }              # true at the start already
//! }
//! ```
//!
//! Instead: let the clock start with something that does not stop it, or take that out of what stops
//! it. A clock that `reopen` sets running again is left alone.

use super::conditions::{any, constant, happened, present};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::{Clock, Expr, Moment, ReopenMode, Trigger};
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "clock-never-runs",
    level: Level::Error,
    check: Some(check),
};

/// Why a clock never runs.
pub(super) enum Reason {
    /// What starts it is never true.
    NeverStarts,
    /// This condition ends it at its start; none when several do together.
    Stops(Option<Span>),
    /// This condition cancels it at its start.
    Cancels(Option<Span>),
}

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for clock in &facts.model.clocks {
        if let Some(reason) = reason(facts, clock) {
            findings.push(finding(facts, clock, &reason));
        }
    }
}

/// Why a clock never runs; none when it may.
pub(super) fn reason(facts: &Facts<'_>, clock: &Clock) -> Option<Reason> {
    let logic = &facts.logic;
    let start = start_of(facts, clock);
    if matches!(clock.start, Some(Moment::When(_))) && logic.never(&start) {
        return Some(Reason::NeverStarts);
    }
    let (stops, cancels) = (conditions(&clock.stop), conditions(&clock.cancel));
    let one_of = |list: &[&Expr]| {
        let found = list.iter().find(|when| logic.implies(&start, when))?;
        Some(found.span)
    };
    if logic.implies(&start, &any(cancels.iter().copied())) {
        return Some(Reason::Cancels(one_of(&cancels)));
    }
    let ends = any(stops.iter().chain(&cancels).copied());
    // A stop that ends may set the clock running; one that always holds does not.
    let dead = if reopens(clock) {
        logic.always(&ends)
    } else {
        logic.implies(&start, &ends)
    };
    dead.then(|| Reason::Stops(one_of(&stops)))
}

/// What is true when a clock starts.
pub(super) fn start_of(facts: &Facts<'_>, clock: &Clock) -> Expr {
    match &clock.start {
        None => constant(true),
        Some(Moment::Field(field)) => present(*field, facts.model),
        Some(Moment::First(event) | Moment::Last(event)) => happened(*event),
        Some(Moment::When(when)) => when.clone(),
    }
}

/// The conditions among triggers.
pub(super) fn conditions(triggers: &[Trigger]) -> Vec<&Expr> {
    let mut found = Vec::new();
    for trigger in triggers {
        match trigger {
            Trigger::When(when) => found.push(when),
            Trigger::On(_) => {}
        }
    }
    found
}

/// Whether a clock that was stopped can run again.
pub(super) fn reopens(clock: &Clock) -> bool {
    let (mode, later) = (clock.reopen, clock.reopen_within.map(|(_, mode)| mode));
    mode != ReopenMode::Ignore || later.is_some_and(|mode| mode != ReopenMode::Ignore)
}

/// The place of `start …`, and what is written there.
pub(super) fn start_clause(facts: &Facts<'_>, clock: &Clock) -> Option<(Span, String)> {
    let written = facts.written.clocks.get(&clock.declared.span)?;
    let span = written.start.as_ref()?.span;
    Some((span, facts.text(span)))
}

fn finding(facts: &Facts<'_>, clock: &Clock, reason: &Reason) -> Diagnostic {
    let name = &clock.declared.name;
    let start = start_clause(facts, clock);
    let subject = format!("clock.{name}");
    let (end, effect) = match reason {
        Reason::NeverStarts => {
            let (span, text) = start.unwrap_or((clock.declared.span, name.clone()));
            let message = message!(
                "`{name}` never runs: its start `{text}` can never be true",
                name,
                text
            );
            return Diagnostic::error(LINT.code, span, message)
                .subject(subject)
                .help(message!("correct what starts the clock"));
        }
        Reason::Stops(end) => (*end, message!("stops")),
        Reason::Cancels(end) => (*end, message!("cancels")),
    };
    let span = end.unwrap_or(clock.declared.span);
    let what = match end {
        Some(end) => Message::verbatim(format!("`{}`", facts.text(end))),
        None => message!("one of its ends"),
    };
    let finding = match &start {
        Some((_, text)) => {
            let message = message!(
                "`{name}` never runs: what starts it, `{text}`, means that {end} holds too",
                name,
                text,
                end = what
            );
            Diagnostic::error(LINT.code, span, message)
        }
        None => {
            let message = message!(
                "`{name}` never runs: {end} holds for every case",
                name,
                end = what
            );
            Diagnostic::error(LINT.code, span, message)
        }
    };
    let finding = finding
        .label(message!("{effect} it at once", effect))
        .subject(subject)
        .help(match start {
            Some(_) => {
                message!(
                    "let something else start the clock, or take that out of what {effect} it",
                    effect
                )
            }
            None => message!(
                "write what {effect} it so that it is not true from the beginning",
                effect
            ),
        });
    match start {
        Some((start, _)) => finding.also(start, message!("starts it")),
        None => finding,
    }
}
