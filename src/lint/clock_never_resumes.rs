//! `clock-never-resumes`: a clock that is paused from its start on.
//!
//! Whenever it starts, what pauses it is true as well. If that can never end, the clock counts
//! nothing and is never late. If it can, the clock counts only from then on, so that the condition
//! of its start says nothing about when time begins to run.
//!
//! Example:
//!
//! ```text
//! clock supplier {
//!   start when status is held
//!   pause when status in { pending, held }                 # true at the start already
//! }
//! ```
//!
//! Instead: take what starts the clock out of what pauses it, or let the clock start with what should
//! set it running.

use super::clock_never_runs::{conditions, reason, start_clause, start_of};
use super::conditions::any;
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::{Clock, Expr, ExprKind, FieldId, Moment};
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "clock-never-resumes",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for clock in &facts.model.clocks {
        // A clock that ends at its start has that finding.
        if !clock.pause.is_empty() && reason(facts, clock).is_none() {
            findings.extend(finding(facts, clock));
        }
    }
}

fn finding(facts: &Facts<'_>, clock: &Clock) -> Option<Diagnostic> {
    let logic = &facts.logic;
    let name = &clock.declared.name;
    let start = start_of(facts, clock);
    let paused = any(&clock.pause);
    let written = start_clause(facts, clock);
    let also_start = |finding: Diagnostic| match &written {
        Some((span, _)) => finding.also(*span, message!("starts it")),
        None => finding,
    };
    let warn = |span: Span, message: Message| {
        Diagnostic::warn(LINT.code, span, message).subject(format!("clock.{name}"))
    };
    if let Some(always) = clock.pause.iter().find(|pause| logic.always(pause)) {
        let text = facts.text(always.span);
        let message = message!(
            "`{name}` is paused for ever: `{text}` is true for every case",
            name,
            text
        );
        return Some(warn(always.span, message).help(message!(
            "write a condition that ends, or leave `pause` out"
        )));
    }
    if let Some(lasting) = clock
        .pause
        .iter()
        .find(|pause| lasts(facts, pause) && logic.implies(&start, pause))
    {
        let text = facts.text(lasting.span);
        let message = message!(
            "`{name}` is paused for ever: `{text}` is true when it starts, and stays true",
            name,
            text
        );
        return Some(also_start(warn(lasting.span, message)).help(message!(
            "write a condition that ends, or let something else start the clock"
        )));
    }
    let ends = conditions(&clock.stop).into_iter();
    let rest = any(clock
        .pause
        .iter()
        .chain(ends)
        .chain(conditions(&clock.cancel)));
    if logic.always(&rest) {
        let span = clock.pause.first()?.span;
        let message = message!(
            "`{name}` counts no time: wherever `{text}` does not pause it, it is stopped or cancelled",
            name,
            text = facts.text(span)
        );
        return Some(warn(span, message).help(message!("leave a state in which the clock runs")));
    }
    if !matches!(clock.start, Some(Moment::When(_))) || !logic.implies(&start, &paused) {
        return None;
    }
    let pause = clock
        .pause
        .iter()
        .find(|pause| logic.implies(&start, pause))
        .or(clock.pause.first())?;
    let message = message!(
        "`{name}` is paused when it starts: `{start}` means that `{text}` holds too",
        name,
        start = written.as_ref().map_or("", |(_, text)| text),
        text = facts.text(pause.span)
    );
    Some(also_start(warn(pause.span, message)).label(message!("pauses it at once")).help(message!("take what starts the clock out of what pauses it, or let the clock start with what sets it running")))
}

/// Whether a condition that is true once stays true: what has happened, and what no event changes.
fn lasts(facts: &Facts<'_>, condition: &Expr) -> bool {
    let mut open = vec![condition];
    let mut steps = 0;
    while let Some(next) = open.pop() {
        steps += 1;
        let next = facts.logic.unfold(next);
        match &next.kind {
            _ if steps > 10_000 => return false,
            ExprKind::And(parts) | ExprKind::Or(parts) => open.extend(parts),
            ExprKind::HasHappened(_) => {}
            _ if fixed(facts, next) => {}
            _ => return false,
        }
    }
    true
}

/// Whether an expression reads nothing that an event could change.
fn fixed(facts: &Facts<'_>, expr: &Expr) -> bool {
    let schema = &facts.model.schema;
    let unchanging = |field: &FieldId| *field == schema.id || *field == schema.opened_at;
    let mut fixed = true;
    expr.walk(&mut |part| {
        fixed &= match &part.kind {
            ExprKind::Field(field) => unchanging(field),
            ExprKind::Define(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::HasHappened(_) => false,
            ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Or(_)
            | ExprKind::And(_)
            | ExprKind::Not(_)
            | ExprKind::Equal { .. }
            | ExprKind::Order(..)
            | ExprKind::Between(..)
            | ExprKind::In { .. }
            | ExprKind::Missing { .. }
            | ExprKind::Text { .. }
            | ExprKind::TextMany { .. }
            | ExprKind::Matches { .. }
            | ExprKind::SetContains { .. }
            | ExprKind::SetContainsMany { .. }
            | ExprKind::During { .. }
            | ExprKind::Arithmetic(..)
            | ExprKind::PartOf(..)
            | ExprKind::Count(_)
            | ExprKind::Length(_)
            | ExprKind::Min(_)
            | ExprKind::Max(_)
            | ExprKind::Call(..) => true,
        };
    });
    fixed
}
