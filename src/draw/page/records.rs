//! How long records are kept, what is to be done, and what always holds.

use super::{citations, named, table};
use crate::draw::{Drawing, tested};
use crate::message::{Message, message};
use crate::model::{Disposal, Keep, Moment, RecordClassId, Retain};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Each class of records with its blocks, then the holds.
pub(super) fn retention(drawing: &Drawing<'_>) -> Markup {
    let model = drawing.model;
    let reading = drawing.reading();
    let headings = [
        message!("record"),
        message!("when"),
        message!("from"),
        message!("keep at least"),
        message!("delete no later than"),
        message!("then"),
        message!("because"),
    ];
    let record = |id: RecordClassId| model.records.get(id.0 as usize);
    let tests = tests(drawing);
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let retains = model.retains.iter().map(|retain| {
        let number = numbers.entry(retain.record.0).or_default();
        *number += 1;
        let name = record(retain.record).map_or("", |record| record.name.as_str());
        (retain, format!("retain.{name}.{number}"))
    });
    let retains: Vec<(&Retain, String)> = retains.collect();
    html! {
        (table(drawing, &headings, tests.clone(), html! {
            @for (retain, subject) in &retains {
                @let fired = drawing.fired(subject);
                tr.unfired[fired == Some(0)] {
                    td { @if let Some(record) = record(retain.record) {
                        (named(&record.name, record.label.as_deref()))
                    } @if let Some(label) = &retain.label { div.quiet { (label) } } }
                    td { @if let Some(when) = &retain.when { code { (reading.text(when.span)) } }
                        @if let Some(effective) = reading.effective(retain.effective.as_ref()) {
                            div.quiet { (effective) }
                        } }
                    td { code { (reading.moment(&retain.from)) }
                        @if let Moment::When(_) = &retain.from {
                            (missed(drawing, drawing.fired(&format!("{subject}.from"))))
                        } }
                    td { (length(drawing, retain.keep.as_ref())) }
                    td { (length(drawing, retain.delete.as_ref())) }
                    td { (disposal(drawing, retain)) }
                    td { (citations(&retain.because)) }
                    (count(fired))
                }
            }
        }))
        @if !model.holds.is_empty() {
            h3 { (drawing.say(message!("holds: nothing is disposed of while one is open"))) }
            (table(drawing, &[message!("hold"), message!("record"), message!("while"), message!("because")], tests, html! {
                @for hold in &model.holds {
                    @let fired = drawing.fired(&format!("hold.{}.when", hold.declared.name));
                    tr.unfired[fired == Some(0)] {
                        td { (named(&hold.declared.name, hold.declared.label.as_deref())) }
                        td { @if let Some(record) = record(hold.record) {
                            (named(&record.name, record.label.as_deref()))
                        } }
                        td { code { (reading.text(hold.when.span)) } }
                        td { (citations(&hold.because)) }
                        (count(fired))
                    }
                }
            }))
        }
    }
}

/// The heading of the column with the number of tests, where that is known.
fn tests(drawing: &Drawing<'_>) -> Option<Message> {
    drawing.fired("").map(|_| message!("tests"))
}

fn count(fired: Option<u64>) -> Markup {
    html! { @if let Some(fired) = fired { td.number { (fired) } } }
}

/// Says of a part of a row that no test reaches it.
fn missed(drawing: &Drawing<'_>, fired: Option<u64>) -> Markup {
    html! { @if let Some(words) = tested::missed(drawing, fired) { div.missed { (words) } } }
}

fn length(drawing: &Drawing<'_>, keep: Option<&Keep>) -> Markup {
    html! {
        @if let Some(keep) = keep {
            (drawing.reading().amount(keep.amount))
            @if keep.excluding_starting_month {
                div.quiet { (drawing.say(message!("the starting month not counted"))) }
            }
            (citations(&keep.because))
        }
    }
}

fn disposal(drawing: &Drawing<'_>, retain: &Retain) -> Markup {
    let Some((disposal, because)) = &retain.then else {
        return html! {};
    };
    let words = match disposal {
        Disposal::Review(role) => {
            format!("review by {}", drawing.reading().role_labelled(role.0))
        }
        Disposal::Destroy => "destroy".to_owned(),
        Disposal::Anonymise => "anonymise".to_owned(),
        Disposal::Archive => "archive".to_owned(),
    };
    html! { (words) (citations(because)) }
}

/// Follow-ups, then requirements.
pub(super) fn duties(drawing: &Drawing<'_>) -> Markup {
    let model = drawing.model;
    let reading = drawing.reading();
    let tests = tests(drawing);
    html! {
        @if !model.follow_ups.is_empty() {
            (table(drawing, &[message!("follow-up"), message!("by"), message!("when"),
                message!("within"), message!("done"), message!("because")], tests.clone(), html! {
                @for one in &model.follow_ups {
                    @let subject = format!("follow_up.{}", one.declared.name);
                    @let fired = drawing.fired(&format!("{subject}.when"));
                    tr.unfired[fired == Some(0)] {
                        td { (named(&one.declared.name, one.declared.label.as_deref())) }
                        td { (reading.role_labelled(one.by.0)) }
                        td { code { (reading.text(one.when.span)) } }
                        td { (reading.within(one.within))
                            @if let Some(of) = &one.of { " of " code { (reading.moment(of)) }
                                @if let Moment::When(_) = of {
                                    (missed(drawing, drawing.fired(&format!("{subject}.within of when"))))
                                } } }
                        td { @for (done, fired) in tested::triggers(drawing, &format!("{subject}.done"), &one.done) {
                            div { code { (reading.trigger(done)) } (missed(drawing, fired)) }
                        } }
                        td { (citations(&one.because)) }
                        (count(fired))
                    }
                }
            }))
        }
        @if !model.requires.is_empty() {
            (table(drawing, &[message!("requirement"), message!("when"), message!("must hold"),
                message!("because")], tests, html! {
                @for one in &model.requires {
                    @let subject = format!("require.{}", one.declared.name);
                    @let fired = drawing.fired(&format!("{subject}.when"));
                    tr.unfired[fired == Some(0)] {
                        td { (named(&one.declared.name, one.declared.label.as_deref())) }
                        td { code { (reading.text(one.when.span)) } }
                        td { code { (reading.text(one.that.span)) }
                            (missed(drawing, drawing.fired(&format!("{subject}.that")))) }
                        td { (citations(&one.because)) }
                        (count(fired))
                    }
                }
            }))
        }
    }
}

/// What is claimed of every case.
pub(super) fn guarantees(drawing: &Drawing<'_>) -> Markup {
    let reading = drawing.reading();
    table(
        drawing,
        &[
            message!("guarantee"),
            message!("if"),
            message!("then"),
            message!("because"),
        ],
        None,
        html! {
            @for one in &drawing.model.guarantees {
                tr {
                    td { (named(&one.declared.name, one.declared.label.as_deref())) }
                    td { code { (reading.text(one.condition.span)) } }
                    td { code { (reading.text(one.then.span)) } }
                    td { (citations(&one.because)) }
                }
            }
        },
    )
}
