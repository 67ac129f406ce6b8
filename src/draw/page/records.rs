//! How long records are kept, what is to be done, and what always holds.

use super::{citations, named, table};
use crate::draw::Drawing;
use crate::message::message;
use crate::model::{Disposal, Keep, RecordClassId, Retain};
use maud::{Markup, html};

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
    html! {
        (table(drawing, &headings, None, html! {
            @for retain in &model.retains {
                tr {
                    td { @if let Some(record) = record(retain.record) {
                        (named(&record.name, record.label.as_deref()))
                    } @if let Some(label) = &retain.label { div.quiet { (label) } } }
                    td { @if let Some(when) = &retain.when { code { (reading.text(when.span)) } }
                        @if let Some(effective) = reading.effective(retain.effective.as_ref()) {
                            div.quiet { (effective) }
                        } }
                    td { code { (reading.moment(&retain.from)) } }
                    td { (length(drawing, retain.keep.as_ref())) }
                    td { (length(drawing, retain.delete.as_ref())) }
                    td { (disposal(drawing, retain)) }
                    td { (citations(&retain.because)) }
                }
            }
        }))
        @if !model.holds.is_empty() {
            h3 { (drawing.say(message!("holds: nothing is disposed of while one is open"))) }
            (table(drawing, &[message!("hold"), message!("record"), message!("while"), message!("because")], None, html! {
                @for hold in &model.holds {
                    tr {
                        td { (named(&hold.declared.name, hold.declared.label.as_deref())) }
                        td { @if let Some(record) = record(hold.record) {
                            (named(&record.name, record.label.as_deref()))
                        } }
                        td { code { (reading.text(hold.when.span)) } }
                        td { (citations(&hold.because)) }
                    }
                }
            }))
        }
    }
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
    html! {
        @if !model.follow_ups.is_empty() {
            (table(drawing, &[message!("follow-up"), message!("by"), message!("when"),
                message!("within"), message!("done"), message!("because")], None, html! {
                @for one in &model.follow_ups {
                    tr {
                        td { (named(&one.declared.name, one.declared.label.as_deref())) }
                        td { (reading.role_labelled(one.by.0)) }
                        td { code { (reading.text(one.when.span)) } }
                        td { (reading.within(one.within))
                            @if let Some(of) = &one.of { " of " code { (reading.moment(of)) } } }
                        td { @for done in &one.done { div { code { (reading.trigger(done)) } } } }
                        td { (citations(&one.because)) }
                    }
                }
            }))
        }
        @if !model.requires.is_empty() {
            (table(drawing, &[message!("requirement"), message!("when"), message!("must hold"),
                message!("because")], None, html! {
                @for one in &model.requires {
                    tr {
                        td { (named(&one.declared.name, one.declared.label.as_deref())) }
                        td { code { (reading.text(one.when.span)) } }
                        td { code { (reading.text(one.that.span)) } }
                        td { (citations(&one.because)) }
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
