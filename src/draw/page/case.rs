//! What a case holds, and who works on it.

use super::{named, table};
use crate::draw::Drawing;
use crate::message::message;
use crate::model::{Bounds, Declared, Field, Presence, Type};
use maud::{Markup, html};

/// The fields of the case, then its events.
pub(super) fn fields(drawing: &Drawing<'_>) -> Markup {
    let schema = &drawing.model.schema;
    let rows = html! {
        @for field in &schema.fields {
            tr {
                td { (named(&field.path, field.label.as_deref())) }
                td { (type_of(drawing, field)) }
                td { (presence(drawing, field)) }
            }
        }
    };
    html! {
        (table(drawing, &[message!("field"), message!("type"), message!("when not given")], None, rows))
        @if !schema.events.is_empty() {
            h3 { (drawing.say(message!("events"))) }
            ul.names {
                @for (name, label) in &schema.events { li { (named(name, label.as_deref())) } }
            }
        }
    }
}

fn type_of(drawing: &Drawing<'_>, field: &Field) -> Markup {
    html! {
        (type_words(drawing, &field.ty))
        @if let Some(bounds) = bounds(drawing, &field.bounds, &field.ty) { div.quiet { (bounds) } }
    }
}

fn type_words(drawing: &Drawing<'_>, ty: &Type) -> Markup {
    let word = match ty {
        Type::Bool => "bool".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Decimal(digits) => format!("decimal({digits})"),
        Type::Text => "text".to_owned(),
        Type::Instant => "instant".to_owned(),
        Type::Date => "date".to_owned(),
        Type::Time => "time".to_owned(),
        Type::Weekday => "weekday".to_owned(),
        Type::Duration => "duration".to_owned(),
        Type::Target => "target".to_owned(),
        Type::Set(element) => {
            return html! { code { "set of " } (type_words(drawing, element)) };
        }
        Type::Enum(id) => {
            let Some(ty) = drawing.model.schema.enumeration(*id) else {
                return html! {};
            };
            let sign = if ty.ordered { " < " } else { ", " };
            return html! {
                code { "one of" }
                ul.members {
                    @for (place, member) in ty.members.iter().enumerate() {
                        li {
                            code { (member.name) }
                            @if let Some(label) = &member.label { " " (label) }
                            @if place + 1 < ty.members.len() { (sign) }
                        }
                    }
                }
            };
        }
    };
    html! { code { (word) } }
}

fn bounds(drawing: &Drawing<'_>, bounds: &Bounds, ty: &Type) -> Option<String> {
    let reading = drawing.reading();
    let shown = |value| reading.value(value, ty);
    match (&bounds.from, &bounds.to) {
        (None, None) => None,
        (Some(from), None) => Some(format!("from {}", shown(from))),
        (None, Some(to)) => Some(format!("to {}", shown(to))),
        (Some(from), Some(to)) => Some(format!("from {} to {}", shown(from), shown(to))),
    }
}

fn presence(drawing: &Drawing<'_>, field: &Field) -> String {
    match &field.presence {
        Presence::Required => drawing.say(message!("the case is refused")),
        Presence::Optional => drawing.say(message!("missing")),
        Presence::Default(value) => drawing.reading().value(value, &field.ty),
    }
}

/// What `define` names, as it is written.
pub(super) fn defines(drawing: &Drawing<'_>) -> Markup {
    let rows = html! {
        @for define in &drawing.model.defines {
            tr {
                td { (named(&define.declared.name, define.declared.label.as_deref())) }
                td { code { (drawing.reading().text(define.value.span)) } }
            }
        }
    };
    table(
        drawing,
        &[message!("name"), message!("stands for")],
        None,
        rows,
    )
}

/// Roles and queues.
pub(super) fn roles(drawing: &Drawing<'_>) -> Markup {
    let list = |declared: &[Declared]| {
        html! {
            ul.names {
                @for one in declared { li { (named(&one.name, one.label.as_deref())) } }
            }
        }
    };
    html! {
        (list(&drawing.model.roles))
        @if !drawing.model.queues.is_empty() {
            h3 { (drawing.say(message!("queues"))) }
            (list(&drawing.model.queues))
        }
    }
}
