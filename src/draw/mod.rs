//! A policy as pictures: how each block decides, what a clock goes through, when a calendar is open,
//! what reads what; and one page of the whole policy that an operator prints.
//!
//! Made from the model and its texts alone. `mermaid` and `svg` draw single pictures, `page` puts
//! everything together; all three read the same plain descriptions (`ladder`, `chart`, `week`,
//! `overview`).

mod chart;
mod ladder;
mod mermaid;
mod overview;
mod page;
mod reading;
mod svg;
mod tested;
mod week;

use crate::message::{Language, Message, message};
use crate::model::Model;
use crate::source::Sources;
use reading::Reading;
use std::collections::BTreeMap;

/// What is drawn, and in which language its own words are; names and labels are the operator's.
pub struct Drawing<'a> {
    model: &'a Model,
    sources: &'a Sources,
    language: Language,
    fired: Option<&'a BTreeMap<String, u64>>,
}

/// What stands at the head of the page.
#[derive(Clone, Debug, Default)]
pub struct PageHead {
    /// Name and version of the policy.
    pub title: String,
    /// Further facts, each with its name: hash, time zone data.
    pub facts: Vec<(Message, String)>,
}

/// One picture of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Picture {
    Overview,
    Classification(usize),
    Route,
    Sla,
    Clock(usize),
    Calendar(usize),
}

impl<'a> Drawing<'a> {
    /// A drawing of a policy.
    pub fn new(model: &'a Model, sources: &'a Sources, language: Language) -> Drawing<'a> {
        Drawing {
            model,
            sources,
            language,
            fired: None,
        }
    }

    /// Marks what tests reach: how many of them reach each rule and clause, by its subject such as
    /// `classify.severity.outage`, `sla.gold`, `retain.ticket.1` or `hold.legal.when`.
    pub fn with_fired(mut self, fired: &'a BTreeMap<String, u64>) -> Drawing<'a> {
        self.fired = Some(fired);
        self
    }

    /// The names of all pictures, such as `overview`, `classify.severity`, `route`, `sla`,
    /// `clock.resolve`, `calendar.business`.
    pub fn names(&self) -> Vec<String> {
        self.pictures().into_iter().map(|(name, _)| name).collect()
    }

    /// One picture as SVG that stands alone; none when there is no picture of that name.
    pub fn svg(&self, name: &str) -> Option<String> {
        let (_, picture) = self.pictures().into_iter().find(|(one, _)| one == name)?;
        Some(format!("{}\n", svg::drawn(self, picture)?.into_string()))
    }

    /// One picture in the language of Mermaid; none when there is no picture of that name. Calendars
    /// have none: Mermaid draws no weeks.
    pub fn mermaid(&self, name: &str) -> Option<String> {
        let (_, picture) = self.pictures().into_iter().find(|(one, _)| one == name)?;
        mermaid::drawn(self, picture)
    }

    /// The whole policy as one HTML page that needs nothing else.
    pub fn page(&self, head: &PageHead) -> String {
        page::page(self, head)
    }

    fn pictures(&self) -> Vec<(String, Picture)> {
        let mut pictures = vec![("overview".to_owned(), Picture::Overview)];
        let model = self.model;
        for (place, block) in model.classifications.iter().enumerate() {
            let name = format!("classify.{}", block.declared.name);
            pictures.push((name, Picture::Classification(place)));
        }
        if model.route.is_some() {
            pictures.push(("route".to_owned(), Picture::Route));
        }
        if model.sla.is_some() {
            pictures.push(("sla".to_owned(), Picture::Sla));
        }
        for (place, clock) in model.clocks.iter().enumerate() {
            pictures.push((
                format!("clock.{}", clock.declared.name),
                Picture::Clock(place),
            ));
        }
        // The first calendar is the built-in `always`.
        for (place, calendar) in model.calendars.iter().enumerate().skip(1) {
            let name = format!("calendar.{}", calendar.declared.name);
            pictures.push((name, Picture::Calendar(place)));
        }
        pictures
    }

    fn reading(&self) -> Reading<'a> {
        Reading {
            model: self.model,
            sources: self.sources,
        }
    }

    fn say(&self, message: Message) -> String {
        message.text(self.language)
    }

    /// How many tests reach a rule or a clause, where that is known.
    fn fired(&self, subject: &str) -> Option<u64> {
        self.fired
            .map(|fired| fired.get(subject).copied().unwrap_or_default())
    }
}

/// A name with its label.
fn labelled(name: &str, label: Option<&str>) -> String {
    match label {
        Some(label) => format!("{name} {label}"),
        None => name.to_owned(),
    }
}

/// How the rules of a block are tried, in words.
fn strategy(strategy: crate::model::Strategy) -> Message {
    use crate::model::Strategy;
    match strategy {
        Strategy::FirstMatch => message!("from the top, the first that is true counts"),
        Strategy::Unique => message!("at most one is true"),
        Strategy::Highest => message!("all are tried, the highest outcome counts"),
        Strategy::Collect => message!("all are tried, each that is true counts"),
    }
}
