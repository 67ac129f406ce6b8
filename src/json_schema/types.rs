//! Types, bounds and values of the policy language as JSON writes them.
//!
//! A schema says less than Caseway checks: bounds of dates and of decimals in quotes, and whether a
//! date exists, are left to it. What Caseway accepts, the schema accepts.

use super::node::{Node, form, integer, kind, list, reference, text, words};
use crate::message::{Language, message};
use crate::model::{Bounds, EnumId, EnumType, Model, Type};
use crate::time::Weekday;
use crate::value::Value;
use std::collections::BTreeMap;

/// `2026-03-02T10:00:00+08:00`, a millisecond at finest.
const INSTANT: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3}0*)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";
/// `2026-03-02`
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// `09:30`
const TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";
/// `1h30m`
const DURATION: &str = "^-?([0-9]+(h|ms|m|s))+$";

/// Writes types, and keeps the enums that they name for the `$defs`.
pub(super) struct Types<'a> {
    model: &'a Model,
    language: Language,
    /// The key of each enum under `$defs`, in the order of their first use.
    names: BTreeMap<EnumId, String>,
    definitions: Vec<(String, Node)>,
}

impl<'a> Types<'a> {
    pub(super) fn new(model: &'a Model, language: Language) -> Types<'a> {
        Types {
            model,
            language,
            names: BTreeMap::new(),
            definitions: Vec::new(),
        }
    }

    /// The `$defs`: what else there is, and the enums that were named.
    pub(super) fn definitions(self, others: Vec<(String, Node)>) -> Node {
        let of_instants = form(INSTANT).with("format", "date-time");
        let own = [("instant".to_owned(), of_instants)]
            .into_iter()
            .chain(self.definitions);
        Node::Object(others.into_iter().chain(own).collect())
    }

    /// A value of a type as case files write it; `path` names it.
    pub(super) fn value(&mut self, ty: &Type, bounds: &Bounds, path: &str) -> Node {
        match ty {
            Type::Bool => kind("boolean"),
            Type::Integer => integer()
                .with_some("minimum", bounds.from.as_ref().and_then(whole_below))
                .with_some("maximum", bounds.to.as_ref().and_then(whole_above)),
            Type::Decimal(digits) => decimal(*digits, bounds),
            Type::Text => text(),
            Type::Instant => self.bounded(instant(), ty, bounds),
            Type::Date => self.bounded(form(DATE).with("format", "date"), ty, bounds),
            Type::Time => self.bounded(form(TIME), ty, bounds),
            Type::Weekday => words(Weekday::ALL.map(Weekday::word)),
            Type::Duration => self.bounded(form(DURATION), ty, bounds),
            Type::Enum(id) => self.enumeration(*id, path),
            Type::Set(element) => {
                list(self.value(element, bounds, path)).with("uniqueItems", Node::Bool(true))
            }
            Type::Target => text(),
        }
    }

    /// A value of a type as decisions print it: of decimals always the text with all digits.
    pub(super) fn printed(&mut self, ty: &Type, path: &str) -> Node {
        match ty {
            Type::Decimal(0) => form("^-?[0-9]+$"),
            Type::Decimal(digits) => form(&format!(r"^-?[0-9]+\.[0-9]{{{digits}}}$")),
            Type::Set(element) => list(self.printed(element, path)),
            Type::Bool
            | Type::Integer
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_)
            | Type::Target => self.value(ty, &Bounds::default(), path),
        }
    }

    /// Bounds that JSON Schema has no word for are told in words.
    fn bounded(&self, node: Node, ty: &Type, bounds: &Bounds) -> Node {
        let shown = |value: &Value| match self.constant(ty, value) {
            Node::Text(text) => text,
            Node::Null | Node::Bool(_) | Node::Integer(_) | Node::List(_) | Node::Object(_) => {
                String::new()
            }
        };
        let sentence = match (&bounds.from, &bounds.to) {
            (Some(from), Some(to)) => {
                let (from, to) = (shown(from), shown(to));
                Some(message!("from {from} to {to}, both included", from, to))
            }
            (Some(from), None) => Some(message!("{from} or later", from = shown(from))),
            (None, Some(to)) => Some(message!("{to} or earlier", to = shown(to))),
            (None, None) => None,
        };
        node.with_some(
            "description",
            sentence.map(|sentence| sentence.text(self.language)),
        )
    }

    fn enumeration(&mut self, id: EnumId, path: &str) -> Node {
        if let Some(name) = self.names.get(&id) {
            return reference(name);
        }
        let Some(ty) = self.model.schema.enumeration(id) else {
            return text();
        };
        // An enum that a block declares for itself bears the name of the block.
        let own = path.rsplit_once(':').map(|(_, last)| last);
        let wanted = match &ty.name {
            Some(name) if Some(name.as_str()) != own => format!("type:{name}"),
            Some(_) | None => path.to_owned(),
        };
        let taken = |name: &str| self.definitions.iter().any(|(other, _)| other == name);
        let mut names = (2..).map(|number| format!("{wanted}-{number}"));
        let name = match taken(&wanted) {
            true => names.find(|name| !taken(name)).unwrap_or_default(),
            false => wanted,
        };
        self.definitions.push((name.clone(), members(ty)));
        self.names.insert(id, name.clone());
        reference(&name)
    }

    /// A value as case files write it.
    pub(super) fn constant(&self, ty: &Type, value: &Value) -> Node {
        match value {
            Value::Bool(value) => Node::Bool(*value),
            Value::Integer(value) => match ty {
                Type::Decimal(_) => Node::Text(value.to_string()),
                Type::Bool
                | Type::Integer
                | Type::Text
                | Type::Instant
                | Type::Date
                | Type::Time
                | Type::Weekday
                | Type::Duration
                | Type::Enum(_)
                | Type::Set(_)
                | Type::Target => Node::Integer(i128::from(*value)),
            },
            Value::Decimal(value) => Node::Text(value.to_string()),
            Value::Text(text) => Node::Text(text.to_string()),
            Value::Instant(at) => Node::Text(at.format(self.model.zone)),
            Value::Date(date) => Node::Text(date.to_string()),
            Value::Time(time) => Node::Text(time.to_string()),
            Value::Weekday(day) => Node::from(day.word()),
            Value::Duration(length) => Node::Text(length.to_string()),
            Value::Member(member) => match ty {
                Type::Enum(id) => Node::from(self.model.schema.member(*id, *member)),
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
                | Type::Target => Node::Null,
            },
            Value::Set(items) => {
                let element = match ty {
                    Type::Set(element) => element,
                    ty => ty,
                };
                Node::List(
                    items
                        .iter()
                        .map(|item| self.constant(element, item))
                        .collect(),
                )
            }
        }
    }
}

/// An instant with its offset.
pub(super) fn instant() -> Node {
    reference("instant")
}

/// An enum, its labels in the description, one member a line.
fn members(ty: &EnumType) -> Node {
    let lines: Vec<String> = ty
        .members
        .iter()
        .filter_map(|member| Some(format!("{}: {}", member.name, member.label.as_ref()?)))
        .collect();
    let described = (!lines.is_empty()).then(|| lines.join("\n"));
    words(ty.members.iter().map(|member| member.name.as_str())).with_some("description", described)
}

/// A decimal: in quotes, or a number that is read from its text.
fn decimal(digits: u8, bounds: &Bounds) -> Node {
    let from = bounds.from.as_ref().and_then(whole_below);
    let to = bounds.to.as_ref().and_then(whole_above);
    let fraction = match digits {
        0 => String::new(),
        digits => format!(r"(\.[0-9]{{1,{digits}}})?"),
    };
    let zero = match digits {
        0 => String::new(),
        digits => format!(r"(\.0{{1,{digits}}})?"),
    };
    let pattern = match from {
        // Zero may have a sign.
        Some(Node::Integer(0..)) => format!("^([0-9]+{fraction}|-0+{zero})$"),
        _ => format!("^-?[0-9]+{fraction}$"),
    };
    let number = kind("number")
        .with_some("minimum", from)
        .with_some("maximum", to);
    Node::of([("anyOf", Node::List(vec![form(&pattern), number]))])
}

/// The greatest whole number that is not above a bound.
fn whole_below(bound: &Value) -> Option<Node> {
    whole(bound).map(|(floor, _)| Node::Integer(floor))
}

/// The least whole number that is not below a bound.
fn whole_above(bound: &Value) -> Option<Node> {
    whole(bound).map(|(floor, exact)| Node::Integer(if exact { floor } else { floor + 1 }))
}

/// A number rounded down, and whether it is whole; none for what is no number.
fn whole(bound: &Value) -> Option<(i128, bool)> {
    match bound {
        Value::Integer(value) => Some((i128::from(*value), true)),
        Value::Decimal(value) => {
            let one = 10i128.checked_pow(u32::from(value.scale()))?;
            let mantissa = value.mantissa();
            Some((mantissa.div_euclid(one), mantissa.rem_euclid(one) == 0))
        }
        Value::Bool(_)
        | Value::Text(_)
        | Value::Instant(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Weekday(_)
        | Value::Duration(_)
        | Value::Member(_)
        | Value::Set(_) => None,
    }
}
