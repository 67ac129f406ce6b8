//! Types and values in the operator's words.

use super::builder::Builder;
use super::enums::{CLOCK_STATES, PHASES, QUEUES, ROLES, TIERS};
use crate::message::{Message, message};
use crate::model::Expr;
use crate::model::types::{EnumType, Type};
use crate::value::Value;

impl Builder<'_> {
    /// What a value of this type is: "a whole number".
    pub fn type_words(&self, ty: &Type) -> Message {
        match ty {
            Type::Bool => message!("true or false"),
            Type::Integer => message!("a whole number"),
            Type::Decimal(1) => message!("a number with 1 digit after the point"),
            Type::Decimal(digits) => {
                message!("a number with {digits} digits after the point", digits)
            }
            Type::Text => message!("text"),
            Type::Instant => message!("an instant"),
            Type::Date => message!("a date"),
            Type::Time => message!("a time of day"),
            Type::Weekday => message!("a weekday"),
            Type::Duration => message!("a duration"),
            Type::Target => message!("a target"),
            Type::Set(element) => message!(
                "a set of {elements}",
                elements = self.element_words(element)
            ),
            Type::Enum(id) => self.enum_words(*id),
        }
    }

    /// The same without an article, behind "member of".
    pub fn type_name(&self, ty: &Type) -> Message {
        match ty {
            Type::Enum(ROLES) => return message!("role"),
            Type::Enum(QUEUES) => return message!("queue"),
            Type::Enum(TIERS) => return message!("tier"),
            Type::Enum(CLOCK_STATES) => return message!("clock's state"),
            Type::Enum(PHASES) => return message!("phase of retention"),
            Type::Weekday => return message!("weekday"),
            _ => {}
        }
        let listed = match ty {
            Type::Enum(id) => self.enums.get(*id),
            _ => None,
        };
        match listed {
            Some(ty) => match &ty.name {
                Some(name) => Message::verbatim(format!("`{name}`")),
                None => Message::verbatim(format!("`one of {{ {} }}`", shown_members(ty))),
            },
            None => self.type_words(ty),
        }
    }

    fn enum_words(&self, id: crate::model::EnumId) -> Message {
        match id {
            ROLES => return message!("a role"),
            QUEUES => return message!("a queue"),
            TIERS => return message!("a tier"),
            CLOCK_STATES => return message!("a clock's state"),
            PHASES => return message!("a phase of retention"),
            _ => {}
        }
        let Some(ty) = self.enums.get(id) else {
            return message!("one of a list");
        };
        if let Some(name) = &ty.name {
            return message!("a `{name}`", name);
        }
        message!("`one of {{ {members} }}`", members = shown_members(ty))
    }

    /// Several values of this type: "whole numbers".
    fn element_words(&self, ty: &Type) -> Message {
        match ty {
            Type::Bool => message!("true or false"),
            Type::Integer => message!("whole numbers"),
            Type::Decimal(_) => message!("numbers"),
            Type::Text => message!("texts"),
            Type::Instant => message!("instants"),
            Type::Date => message!("dates"),
            Type::Time => message!("times of day"),
            Type::Weekday => message!("weekdays"),
            Type::Duration => message!("durations"),
            Type::Target => message!("targets"),
            Type::Set(_) => message!("sets"),
            Type::Enum(id) if *id == ROLES => message!("roles"),
            Type::Enum(id) if *id == QUEUES => message!("queues"),
            Type::Enum(_) => self.type_words(ty),
        }
    }

    /// An expression with its type: "`affected_users` is a whole number".
    pub fn say(&self, expr: &Expr) -> Message {
        message!(
            "`{text}` is {kind}",
            text = self.text(expr.span),
            kind = self.type_words(&expr.ty)
        )
    }

    /// A value as it is written.
    pub fn value_text(&self, value: &Value, ty: &Type) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Decimal(value) => value.to_string(),
            Value::Text(value) => format!("{value:?}"),
            Value::Instant(value) => value.format(self.input.settings.zone),
            Value::Date(value) => value.to_string(),
            Value::Time(value) => value.to_string(),
            Value::Weekday(value) => value.word().to_owned(),
            Value::Duration(value) => value.to_string(),
            Value::Member(place) => match ty {
                Type::Enum(id) => self
                    .enums
                    .get(*id)
                    .and_then(|ty| ty.members.get(*place as usize))
                    .map_or_else(String::new, |member| member.name.clone()),
                Type::Bool
                | Type::Integer
                | Type::Decimal(_)
                | Type::Text
                | Type::Instant
                | Type::Date
                | Type::Time
                | Type::Weekday
                | Type::Duration
                | Type::Set(_)
                | Type::Target => String::new(),
            },
            Value::Set(values) => {
                let element = match ty {
                    Type::Set(element) => element,
                    other => other,
                };
                let shown: Vec<String> = values
                    .iter()
                    .map(|value| self.value_text(value, element))
                    .collect();
                format!("{{ {} }}", shown.join(", "))
            }
        }
    }
}

/// Whether values of this type have a `<`.
pub(super) fn has_order(ty: &Type, enums: &super::enums::EnumTable) -> bool {
    match ty {
        Type::Integer
        | Type::Decimal(_)
        | Type::Instant
        | Type::Date
        | Type::Time
        | Type::Weekday
        | Type::Duration
        | Type::Target => true,
        Type::Enum(id) => enums.get(*id).is_some_and(|ty| ty.ordered),
        Type::Bool | Type::Text | Type::Set(_) => false,
    }
}

/// The first members of an enum as they are written.
fn shown_members(ty: &EnumType) -> String {
    let mut shown: Vec<&str> = ty
        .members
        .iter()
        .take(4)
        .map(|member| member.name.as_str())
        .collect();
    if ty.members.len() > 4 {
        shown.push("…");
    }
    shown.join(if ty.ordered { " < " } else { ", " })
}

/// Names in backticks, one after another.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> Message {
    Message::list(
        names
            .into_iter()
            .map(|name| Message::verbatim(format!("`{name}`"))),
    )
}

/// The first eight names in backticks, with `…` for more.
pub(super) fn first_listed(names: &[&str]) -> Message {
    let more = (names.len() > 8).then(|| Message::verbatim("…"));
    Message::list(
        names
            .iter()
            .take(8)
            .map(|name| Message::verbatim(format!("`{name}`")))
            .chain(more),
    )
}
