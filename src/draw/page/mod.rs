//! One page of the whole policy, as HTML that needs nothing else: to be read on a screen, printed,
//! and signed in a meeting.

mod case;
mod records;
mod service;

use super::ladder::{Ladder, Rung, ladder};
use super::{Drawing, PageHead, Picture, svg};
use crate::message::{Language, Message, message};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Blocks of more rules than this are shown as a table alone.
const MOST_DRAWN: usize = 40;

/// The page.
pub(super) fn page(drawing: &Drawing<'_>, head: &PageHead) -> String {
    let pictures = drawing.pictures();
    let lang = match drawing.language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    };
    let sections: Vec<(String, String, Markup)> = sections(drawing);
    let markup = html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(concat!("caseway ", env!("CARGO_PKG_VERSION")));
                title { (head.title) }
                style { (PreEscaped(include_str!("page.css"))) }
            }
            body {
                header {
                    h1 { (head.title) }
                    dl {
                        @for (name, value) in &head.facts {
                            dt { (drawing.say(name.clone())) }
                            dd { (value) }
                        }
                    }
                    nav {
                        @for (id, title, _) in &sections { a href=(format!("#{id}")) { (title) } }
                    }
                }
                section id="overview" {
                    @for (_, picture) in pictures.iter().filter(|(name, _)| name == "overview") {
                        figure { @if let Some(drawn) = svg::drawn(drawing, *picture) { (drawn) } }
                    }
                }
                @for (id, title, content) in &sections {
                    section id=(id) { h2 { (title) } (content) }
                }
            }
        }
    };
    markup.into_string() + "\n"
}

/// The sections that have something to say: their place, title and content.
fn sections(drawing: &Drawing<'_>) -> Vec<(String, String, Markup)> {
    let model = drawing.model;
    let mut sections: Vec<(String, Message, Markup)> = vec![
        (
            "case".to_owned(),
            message!("the case"),
            case::fields(drawing),
        ),
        (
            "roles".to_owned(),
            message!("roles and queues"),
            case::roles(drawing),
        ),
    ];
    if !model.defines.is_empty() {
        let content = case::defines(drawing);
        sections.push(("defines".to_owned(), message!("named conditions"), content));
    }
    for (place, block) in model.classifications.iter().enumerate() {
        let name = &block.declared.name;
        let title = super::labelled(name, block.declared.label.as_deref());
        sections.push((
            format!("classify.{name}"),
            message!("classification {title}", title),
            block_of(drawing, Picture::Classification(place)),
        ));
    }
    if model.route.is_some() {
        let content = block_of(drawing, Picture::Route);
        sections.push(("route".to_owned(), message!("route"), content));
    }
    if model.sla.is_some() {
        let title = message!("tiers of service");
        sections.push(("sla".to_owned(), title, service::tiers(drawing)));
    }
    if !model.clocks.is_empty() {
        let content = service::clocks(drawing);
        sections.push(("clocks".to_owned(), message!("clocks"), content));
    }
    if model.calendars.len() > 1 {
        let content = service::calendars(drawing);
        sections.push(("calendars".to_owned(), message!("calendars"), content));
    }
    if !model.records.is_empty() {
        let content = records::retention(drawing);
        sections.push(("retention".to_owned(), message!("retention"), content));
    }
    if !model.follow_ups.is_empty() || !model.requires.is_empty() {
        let content = records::duties(drawing);
        let title = message!("follow-ups and requirements");
        sections.push(("duties".to_owned(), title, content));
    }
    if !model.guarantees.is_empty() {
        let content = records::guarantees(drawing);
        sections.push(("guarantees".to_owned(), message!("guarantees"), content));
    }
    let said = sections.into_iter();
    said.map(|(id, title, content)| (id, drawing.say(title), content))
        .collect()
}

/// A block as a picture, unless it is too long for one, and as a table with its citations.
fn block_of(drawing: &Drawing<'_>, picture: Picture) -> Markup {
    let Some(ladder) = ladder(drawing, picture) else {
        return html! {};
    };
    let drawn = (ladder.rungs.len() <= MOST_DRAWN)
        .then(|| svg::drawn(drawing, picture))
        .flatten();
    html! {
        p.quiet { (ladder.strategy) @if let Some(effective) = &ladder.effective { " · " (effective) } }
        @if let Some(drawn) = drawn { figure { (drawn) } }
        (rules(drawing, &ladder))
    }
}

/// The rules of a block as a table.
fn rules(drawing: &Drawing<'_>, ladder: &Ladder) -> Markup {
    let fired = ladder.rungs.iter().any(|rung| rung.fired.is_some());
    let otherwise = drawing.say(message!("otherwise"));
    table(
        drawing,
        &[
            message!("rule"),
            message!("when"),
            message!("outcome"),
            message!("because"),
        ],
        fired.then(|| message!("tests")),
        html! {
            @for rung in &ladder.rungs {
                tr.unfired[rung.fired == Some(0)] {
                    td { (rule_name(rung, &otherwise)) }
                    td { @for part in &rung.condition { div { code { (part) } } } }
                    td { @for line in &rung.outcome { div { (line) } } }
                    td { (citations(&rung.because)) }
                    @if let Some(fired) = rung.fired { td.number { (fired) } }
                }
            }
        },
    )
}

fn rule_name(rung: &Rung, otherwise: &str) -> Markup {
    html! {
        b { (rung.name.as_deref().unwrap_or(otherwise)) }
        @if let Some(label) = &rung.label { div { (label) } }
        @if let Some(effective) = &rung.effective { div.quiet { (effective) } }
    }
}

/// A table with its headings.
fn table(
    drawing: &Drawing<'_>,
    headings: &[Message],
    last: Option<Message>,
    rows: Markup,
) -> Markup {
    html! {
        table {
            thead { tr {
                @for heading in headings.iter().chain(&last) { th { (drawing.say(heading.clone())) } }
            } }
            tbody { (rows) }
        }
    }
}

fn citations(because: &[String]) -> Markup {
    html! { @for citation in because { div.because { (citation) } } }
}

/// A name in bold with its label below.
fn named(name: &str, label: Option<&str>) -> Markup {
    html! { b { (name) } @if let Some(label) = label { div { (label) } } }
}
