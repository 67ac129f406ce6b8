//! Types and values in the operator's words.

use super::builder::Builder;
use super::enums::{CLOCK_STATES, PHASES, QUEUES, ROLES, TIERS};
use crate::model::Expr;
use crate::model::types::Type;
use crate::value::Value;

impl Builder<'_> {
    /// What a value of this type is: "a whole number".
    pub fn type_words(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "true or false".into(),
            Type::Integer => "a whole number".into(),
            Type::Decimal(1) => "a number with 1 digit after the point".into(),
            Type::Decimal(digits) => format!("a number with {digits} digits after the point"),
            Type::Text => "text".into(),
            Type::Instant => "an instant".into(),
            Type::Date => "a date".into(),
            Type::Time => "a time of day".into(),
            Type::Weekday => "a weekday".into(),
            Type::Duration => "a duration".into(),
            Type::Target => "a target".into(),
            Type::Set(element) => format!("a set of {}", self.element_words(element)),
            Type::Enum(id) => self.enum_words(*id),
        }
    }

    fn enum_words(&self, id: crate::model::EnumId) -> String {
        match id {
            ROLES => return "a role".into(),
            QUEUES => return "a queue".into(),
            TIERS => return "a tier".into(),
            CLOCK_STATES => return "a clock's state".into(),
            PHASES => return "a phase of retention".into(),
            _ => {}
        }
        let Some(ty) = self.enums.get(id) else {
            return "one of a list".into();
        };
        if let Some(name) = &ty.name {
            return format!("a `{name}`");
        }
        let mut shown: Vec<String> = ty
            .members
            .iter()
            .take(4)
            .map(|member| member.name.clone())
            .collect();
        if ty.members.len() > 4 {
            shown.push("…".into());
        }
        format!(
            "`one of {{ {} }}`",
            shown.join(if ty.ordered { " < " } else { ", " })
        )
    }

    /// Several values of this type: "whole numbers".
    fn element_words(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "true or false".into(),
            Type::Integer => "whole numbers".into(),
            Type::Decimal(_) => "numbers".into(),
            Type::Text => "texts".into(),
            Type::Instant => "instants".into(),
            Type::Date => "dates".into(),
            Type::Time => "times of day".into(),
            Type::Weekday => "weekdays".into(),
            Type::Duration => "durations".into(),
            Type::Target => "targets".into(),
            Type::Set(_) => "sets".into(),
            Type::Enum(id) if *id == ROLES => "roles".into(),
            Type::Enum(id) if *id == QUEUES => "queues".into(),
            Type::Enum(_) => self.type_words(ty),
        }
    }

    /// An expression with its type: "`affected_users` is a whole number".
    pub fn say(&self, expr: &Expr) -> String {
        format!(
            "`{}` is {}",
            self.text(expr.span),
            self.type_words(&expr.ty)
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
