//! `working-days-of-always`: working days counted on a calendar that never closes.
//!
//! `always` is open on every date, so Saturdays, Sundays and holidays count as working days.
//!
//! Example:
//!
//! ```text
//! resolve 2 working days of always by close
//! ```
//!
//! Instead: name the calendar of the opening hours, `2 working days of business by close`, or write
//! `2 days` if every day is meant to count.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{CalendarId, Target, Within};
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "working-days-of-always",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let model = facts.model;
    for tier in model.sla.iter().flat_map(|sla| &sla.tiers) {
        for (clock, target) in &tier.targets {
            if let Target::WorkingDays(days, CalendarId(0)) = target {
                let clock = super::steps::clock_name(model, *clock);
                let written = facts.written.target(tier.declared.span, clock);
                let subject = format!("sla.{}", tier.declared.name);
                let span = written.unwrap_or(tier.declared.span);
                findings.push(finding(facts, span, *days, subject));
            }
        }
    }
    for follow_up in &model.follow_ups {
        if let Within::WorkingDays(days, CalendarId(0)) = follow_up.within {
            let name = &follow_up.declared;
            let written = facts.written.follow_ups.get(&name.span);
            let span = written.map_or(name.span, |written| written.within.1);
            let subject = format!("follow_up.{}", name.name);
            findings.push(finding(facts, span, days, subject));
        }
    }
}

fn finding(facts: &Facts<'_>, span: Span, days: u32, subject: String) -> Diagnostic {
    let own = facts.model.calendars.get(1);
    let calendar = own.map_or("CALENDAR", |calendar| calendar.declared.name.as_str());
    let period = match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    Diagnostic::warn(
        LINT.code,
        span,
        message!("`always` never closes, so every day counts as a working day here"),
    )
    .subject(subject)
    .help(message!(
        "write `{days} working days of {calendar} by close`, or `{period}` if every day counts",
        days,
        calendar,
        period
    ))
}
