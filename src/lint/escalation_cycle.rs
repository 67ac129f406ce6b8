//! `escalation-cycle`: a ladder of escalations comes back to a role that it has left.
//!
//! The case of a role is escalated to a second one and later, on the same clock, to the first again:
//! whoever passed it on gets it back, and nobody stands above both.
//!
//! Example:
//!
//! ```text
//! rule fault when kind is fault to engineer
//!   escalate to supervisor at due of resolve
//!   escalate to engineer 2h after due of resolve
//! ```
//!
//! Instead: end the ladder with a role that stands above the others. To remind a role, write `warn`.

use super::steps::{Site, clock_name, role_name, sites};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{ClockId, RoleId, StepKind};
use crate::source::Span;
use crate::time::Duration;
use std::cmp::Ordering;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "escalation-cycle",
    level: Level::Error,
    check: Some(check),
};

/// One rung: to whom, when, and where that is written.
#[derive(Clone, Copy)]
struct Rung {
    to: RoleId,
    kind: Option<StepKind>,
    span: Span,
}

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let model = facts.model;
    for site in sites(model) {
        let mut clocks: Vec<ClockId> = site.clauses.iter().map(|clause| clause.clock).collect();
        clocks.sort_unstable();
        clocks.dedup();
        for clock in clocks {
            let Some((back, way)) = circle(&site, clock) else {
                continue;
            };
            let names: Vec<&str> = way.iter().map(|role| role_name(model, *role)).collect();
            let message = message!(
                "escalations of `{clock}` lead in a circle: {way}",
                clock = clock_name(model, clock),
                way = names.join(" → ")
            );
            findings.push(
                Diagnostic::error(LINT.code, back.span, message)
                    .subject(&site.subject)
                    .help(message!(
                        "escalate to a role that stands above the others; to remind one, write `warn` in the tier"
                    )),
            );
        }
    }
}

/// The first rung that leads back to a role left before, and the way there from that role.
fn circle(site: &Site<'_>, clock: ClockId) -> Option<(Rung, Vec<RoleId>)> {
    let mut rungs: Vec<Rung> = Vec::new();
    let clauses = site.clauses.iter().filter(|clause| clause.clock == clock);
    for clause in clauses {
        let Some(to) = clause.to else { continue };
        rungs.extend(clause.steps.iter().map(|(kind, span)| Rung {
            to,
            kind: Some(*kind),
            span: *span,
        }));
    }
    // Insertion keeps page order where it is not known which of two comes first.
    let mut ladder: Vec<Rung> = Vec::new();
    for rung in rungs {
        let later = |other: &Rung| match (other.kind, rung.kind) {
            (Some(other), Some(own)) => order(other, own) == Some(Ordering::Greater),
            _ => false,
        };
        let at = ladder.iter().position(later).unwrap_or(ladder.len());
        ladder.insert(at, rung);
    }
    let start = site.role.map(|role| Rung {
        to: role,
        kind: None,
        span: Span::default(),
    });
    let ladder: Vec<Rung> = start.into_iter().chain(ladder).collect();
    for (at, rung) in ladder.iter().enumerate() {
        let before = ladder.get(..at).unwrap_or_default();
        let Some(from) = before.iter().rposition(|other| other.to == rung.to) else {
            continue;
        };
        // Only those that are known to come between the two.
        let left = before.get(from).and_then(|rung| rung.kind);
        let comes_first = |one: Option<StepKind>, other: Option<StepKind>| match (one, other) {
            (None, _) => true,
            (Some(one), Some(other)) => order(one, other) == Some(Ordering::Less),
            (Some(_), None) => false,
        };
        let between = before.get(from + 1..).unwrap_or_default().iter();
        let between: Vec<&Rung> = between
            .filter(|other| comes_first(left, other.kind) && comes_first(other.kind, rung.kind))
            .collect();
        if between.is_empty() {
            continue;
        }
        let mut way = vec![rung.to];
        way.extend(between.iter().map(|other| other.to));
        way.push(rung.to);
        way.dedup();
        return Some((*rung, way));
    }
    None
}

/// Which of two steps on one clock comes first; none where that depends on the target.
fn order(a: StepKind, b: StepKind) -> Option<Ordering> {
    // Those before the due instant, at it, and after it.
    let (stage_a, stage_b) = (stage(a), stage(b));
    if stage_a != stage_b {
        // A time used up may also lie behind the due instant.
        let used = |kind| matches!(kind, StepKind::AfterElapsed(_));
        return (!used(a) && !used(b)).then(|| stage_a.cmp(&stage_b));
    }
    match (a, b) {
        (StepKind::AtPercent(a), StepKind::AtPercent(b)) => Some(a.cmp(&b)),
        (StepKind::BeforeDue(a), StepKind::BeforeDue(b)) => Some(b.cmp(&a)),
        (StepKind::AfterElapsed(a), StepKind::AfterElapsed(b)) => Some(a.cmp(&b)),
        _ => Some(after(a)?.cmp(&after(b)?)),
    }
}

fn stage(kind: StepKind) -> u8 {
    match kind {
        StepKind::AtPercent(percent) if percent >= 100 => 1,
        StepKind::AtPercent(_) | StepKind::BeforeDue(_) | StepKind::AfterElapsed(_) => 0,
        StepKind::AtDue => 1,
        StepKind::AfterDue(_) | StepKind::EveryAfterDue(..) => 2,
    }
}

/// How long after the due instant.
fn after(kind: StepKind) -> Option<Duration> {
    match kind {
        StepKind::AfterDue(length) | StepKind::EveryAfterDue(length, _) => Some(length),
        StepKind::AtPercent(_)
        | StepKind::AtDue
        | StepKind::BeforeDue(_)
        | StepKind::AfterElapsed(_) => None,
    }
}
