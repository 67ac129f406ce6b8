//! Tiers, clocks and calendars.

use super::{citations, named, table};
use crate::draw::{Drawing, Picture, svg};
use crate::message::{Message, message};
use crate::model::{Sla, Tier};
use maud::{Markup, html};

/// The tiers as a table: a column for each clock.
pub(super) fn tiers(drawing: &Drawing<'_>) -> Markup {
    let Some(sla) = &drawing.model.sla else {
        return html! {};
    };
    let mut headings = vec![message!("tier"), message!("when")];
    for clock in &drawing.model.clocks {
        let declared = &clock.declared;
        let name = declared.label.clone().unwrap_or(declared.name.clone());
        headings.push(Message::verbatim(name));
    }
    headings.extend([message!("warn and escalate"), message!("because")]);
    let fired = drawing.fired("").map(|_| message!("tests"));
    html! {
        (effective(drawing, sla))
        (table(drawing, &headings, fired, html! {
            @for tier in &sla.tiers { (row(drawing, tier)) }
        }))
    }
}

fn effective(drawing: &Drawing<'_>, sla: &Sla) -> Markup {
    let effective = drawing.reading().effective(sla.effective.as_ref());
    html! { @if let Some(effective) = effective { p.quiet { (effective) } } }
}

fn row(drawing: &Drawing<'_>, tier: &Tier) -> Markup {
    let reading = drawing.reading();
    let fired = drawing.fired(&format!("sla.{}", tier.declared.name));
    let otherwise = drawing.say(message!("otherwise"));
    html! {
        tr.unfired[fired == Some(0)] {
            td {
                (named(&tier.declared.name, tier.declared.label.as_deref()))
                @if let Some(effective) = reading.effective(tier.effective.as_ref()) {
                    div.quiet { (effective) }
                }
            }
            td {
                @match &tier.when {
                    Some(when) => { code { (reading.text(when.span)) } }
                    None => { (otherwise) }
                }
            }
            @for (_, target) in &tier.targets { td.target { (reading.target(*target)) } }
            td {
                @for warning in &tier.warnings { div { "⚑ " (reading.steps(warning)) } }
                @for escalation in &tier.escalations { div { "↑ " (reading.steps(escalation)) } }
            }
            td { (citations(&tier.because)) }
            @if let Some(fired) = fired { td.number { (fired) } }
        }
    }
}

/// Each clock as a chart of its states.
pub(super) fn clocks(drawing: &Drawing<'_>) -> Markup {
    html! {
        @for place in 0..drawing.model.clocks.len() {
            @if let Some(drawn) = svg::drawn(drawing, Picture::Clock(place)) { figure { (drawn) } }
        }
    }
}

/// Each calendar as its weeks.
pub(super) fn calendars(drawing: &Drawing<'_>) -> Markup {
    html! {
        @for place in 1..drawing.model.calendars.len() {
            @if let Some(drawn) = svg::drawn(drawing, Picture::Calendar(place)) { figure { (drawn) } }
        }
    }
}
