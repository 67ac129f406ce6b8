//! What differs between the cases of two versions: fields, events, the values they admit.
//!
//! Part of [`super::versions`].

use crate::model::{Bounds, EnumId, Field, Presence, Schema, Type};
use crate::value::Value;
use serde::Serialize;
use std::collections::BTreeMap;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemaChange {
    /// The field, or `events.NAME`.
    pub path: String,
    /// `added`, `removed`, `type`, `bounds`, `presence` or `default`.
    pub change: &'static str,
    /// How it was.
    pub from: Option<String>,
    /// How it is.
    pub to: Option<String>,
}

/// All differences, fields first, in the order of the new version, what is gone last.
pub(super) fn schema_changes(old: &Schema, new: &Schema) -> Vec<SchemaChange> {
    let mut changes = Vec::new();
    let mut known: BTreeMap<&str, &Field> = old
        .fields
        .iter()
        .map(|field| (field.path.as_str(), field))
        .collect();
    for field in &new.fields {
        let path = field.path.as_str();
        let Some(before) = known.remove(path) else {
            changes.push(one(path, "added", None, Some(whole(new, field))));
            continue;
        };
        let mut differ = |change, from: String, to: String| {
            if from != to {
                changes.push(one(path, change, Some(from), Some(to)));
            }
        };
        differ("type", ty(old, &before.ty), ty(new, &field.ty));
        differ("bounds", bounds(&before.bounds), bounds(&field.bounds));
        differ(
            "presence",
            presence(before).to_owned(),
            presence(field).to_owned(),
        );
        differ("default", default(old, before), default(new, field));
    }
    for field in known.into_values() {
        changes.push(one(&field.path, "removed", Some(whole(old, field)), None));
    }
    let names = |schema: &Schema| {
        let events = schema.events.iter();
        events
            .map(|(name, _)| name.clone())
            .collect::<Vec<String>>()
    };
    let (before, after) = (names(old), names(new));
    for name in after.iter().filter(|name| !before.contains(name)) {
        changes.push(one(
            &format!("events.{name}"),
            "added",
            None,
            Some(name.clone()),
        ));
    }
    for name in before.iter().filter(|name| !after.contains(name)) {
        changes.push(one(
            &format!("events.{name}"),
            "removed",
            Some(name.clone()),
            None,
        ));
    }
    changes
}

fn one(path: &str, change: &'static str, from: Option<String>, to: Option<String>) -> SchemaChange {
    SchemaChange {
        path: path.to_owned(),
        change,
        from,
        to,
    }
}

fn whole(schema: &Schema, field: &Field) -> String {
    let parts = [
        ty(schema, &field.ty),
        bounds(&field.bounds),
        presence(field).to_owned(),
        default(schema, field),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

fn ty(schema: &Schema, ty: &Type) -> String {
    match ty {
        Type::Enum(id) => members(schema, *id),
        Type::Set(element) => format!("set of {}", self::ty(schema, element)),
        Type::Bool => "bool".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Decimal(digits) => format!("decimal({digits})"),
        Type::Text => "text".to_owned(),
        Type::Instant => "instant".to_owned(),
        Type::Date => "date".to_owned(),
        Type::Time => "time".to_owned(),
        Type::Weekday => "weekday".to_owned(),
        Type::Duration => "duration".to_owned(),
        Type::Target => String::new(),
    }
}

fn members(schema: &Schema, id: EnumId) -> String {
    let Some(found) = schema.enumeration(id) else {
        return String::new();
    };
    let names: Vec<&str> = found
        .members
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    let between = if found.ordered { " < " } else { ", " };
    format!("one of {{ {} }}", names.join(between))
}

fn bounds(bounds: &Bounds) -> String {
    let side = |word: &str, bound: &Option<Value>| {
        let bound = bound.as_ref();
        bound.map(|value| format!("{word} {}", value_text(value)))
    };
    let sides = [side("from", &bounds.from), side("to", &bounds.to)];
    sides
        .into_iter()
        .flatten()
        .collect::<Vec<String>>()
        .join(" ")
}

/// A bound: a number, a time or a date.
fn value_text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Duration(length) => length.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Bool(holds) => holds.to_string(),
        Value::Weekday(day) => day.word().to_owned(),
        Value::Instant(at) => at.millis().to_string(),
        Value::Member(member) => member.to_string(),
        Value::Set(items) => {
            let items: Vec<String> = items.iter().map(value_text).collect();
            format!("{{ {} }}", items.join(", "))
        }
    }
}

fn presence(field: &Field) -> &'static str {
    match field.presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Default(_) => "with a default",
    }
}

fn default(schema: &Schema, field: &Field) -> String {
    let Presence::Default(value) = &field.presence else {
        return String::new();
    };
    let member = |ty: &Type, value: &Value| match (ty, value) {
        (Type::Enum(id), Value::Member(member)) => schema.member(*id, *member).to_owned(),
        (_, value) => value_text(value),
    };
    match (&field.ty, value) {
        (Type::Set(element), Value::Set(items)) => {
            let items: Vec<String> = items.iter().map(|item| member(element, item)).collect();
            format!("{{ {} }}", items.join(", "))
        }
        (ty, value) => member(ty, value),
    }
}
