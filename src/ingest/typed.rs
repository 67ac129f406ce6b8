//! Reads one written value as the type that the schema declares.
//!
//! Stage before: [`super::raw`]; used by [`super::record`] and [`super::events`].

use super::index::Index;
use super::raw::{Raw, shorten};
use super::refusal::FieldError;
use crate::diag::{Diagnostic, nearest};
use crate::message::{Message, message};
use crate::model::{Bounds, EnumId, Schema, Type};
use crate::source::Span;
use crate::time::{Date, Duration, Instant, InstantError, TimeOfDay, Weekday, Zone};
use crate::value::{Decimal, DecimalError, Value};

/// The most elements of a set.
pub const MAX_SET: usize = 100_000;

/// The schema with its look-up tables, and the zone that messages print instants in.
#[derive(Clone, Copy)]
pub(super) struct Types<'a> {
    pub(super) schema: &'a Schema,
    pub(super) index: &'a Index,
    pub(super) zone: Zone,
    /// Whether messages name what may have been meant, which takes time.
    pub(super) hints: bool,
}

/// Code and message of what is wrong with a value, and the part of it that is guilty.
pub(super) struct Wrong {
    code: &'static str,
    message: Message,
    got: Option<String>,
}

impl Wrong {
    fn new(code: &'static str, message: Message) -> Wrong {
        Wrong {
            code,
            message,
            got: None,
        }
    }

    /// The code, and the message behind the name of the field.
    pub(super) fn parts(self) -> (&'static str, Message) {
        (self.code, self.message)
    }

    /// The finding for a value of `path` that stands in caseway.toml.
    pub(super) fn in_mapping(self, path: &str, span: Span) -> Diagnostic {
        Diagnostic::error(
            self.code,
            span,
            message!("`{path}` {message}", path, message = self.message),
        )
    }

    /// The finding for the field at `path`.
    pub(super) fn at(self, path: &str, raw: &Raw) -> FieldError {
        let got = self.got.or_else(|| raw.shown());
        FieldError::new(
            path,
            self.code,
            message!("`{path}` {message}", path, message = self.message),
            got,
        )
    }
}

impl Types<'_> {
    /// The value of a type within bounds. `raw` is not missing.
    pub(super) fn read(self, ty: &Type, bounds: &Bounds, raw: &Raw) -> Result<Value, Wrong> {
        if let Type::Set(element) = ty {
            return self.read_set(element, bounds, raw);
        }
        let value = self.read_one(ty, raw)?;
        self.within(ty, bounds, &value)?;
        Ok(value)
    }

    fn within(self, ty: &Type, bounds: &Bounds, value: &Value) -> Result<(), Wrong> {
        let below = bounds.from.as_ref().is_some_and(|from| value < from);
        let above = bounds.to.as_ref().is_some_and(|to| value > to);
        if !below && !above {
            return Ok(());
        }
        let shown = |value: &Value| self.show(ty, value);
        let message = match (&bounds.from, &bounds.to) {
            (Some(from), Some(to)) => message!(
                "must lie between {least} and {greatest}",
                least = shown(from),
                greatest = shown(to)
            ),
            (Some(from), None) => message!("must be at least {least}", least = shown(from)),
            (None, Some(to)) => message!("must be at most {greatest}", greatest = shown(to)),
            (None, None) => Message::verbatim(""),
        };
        Err(Wrong::new("out-of-bounds", message))
    }

    fn read_set(self, element: &Type, bounds: &Bounds, raw: &Raw) -> Result<Value, Wrong> {
        let cells: Vec<Raw>;
        let items = match raw {
            Raw::List(items) => items.as_slice(),
            Raw::Empty => &[],
            Raw::Cell(text) => {
                let parts = text
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty());
                cells = parts.map(|part| Raw::Cell(part.to_owned())).collect();
                cells.as_slice()
            }
            Raw::Missing | Raw::Bool(_) | Raw::Number(_) | Raw::Text(_) | Raw::Record(_) => {
                let message = message!(
                    "wants a list of {plural}, like `[…]`",
                    plural = self.plural(element)
                );
                return Err(Wrong::new("wrong-type", message));
            }
        };
        if items.len() > MAX_SET {
            return Err(Wrong::new(
                "out-of-bounds",
                message!("holds more than {max_set} values", max_set = MAX_SET),
            ));
        }
        let mut values = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let read = match item {
                Raw::Missing => Err(Wrong::new("wrong-type", message!("holds a missing value"))),
                _ => self.read_one(element, item).and_then(|value| {
                    self.within(element, bounds, &value)?;
                    Ok(value)
                }),
            };
            values.push(read.map_err(|wrong| Wrong {
                message: message!(
                    "has a wrong value at place {at}: each {message}",
                    at = at + 1,
                    message = wrong.message
                ),
                got: item.shown().or(Some("null".to_owned())),
                ..wrong
            })?);
        }
        let mut sorted: Vec<(&Value, usize)> = values.iter().zip(0..).collect();
        sorted.sort();
        let twice = sorted.windows(2).filter_map(|pair| match pair {
            [(a, _), (b, at)] if a == b => Some(*at),
            _ => None,
        });
        if let Some(item) = twice.min().and_then(|at| items.get(at)) {
            let shown = item.shown().unwrap_or_default();
            let message = message!("holds `{shown}` twice; a set holds each value once", shown);
            return Err(Wrong {
                got: Some(shown),
                ..Wrong::new("wrong-type", message)
            });
        }
        Ok(Value::set(values))
    }

    fn read_one(self, ty: &Type, raw: &Raw) -> Result<Value, Wrong> {
        let text = match raw {
            Raw::Text(text) | Raw::Cell(text) => Some(text.as_str()),
            Raw::Missing
            | Raw::Bool(_)
            | Raw::Number(_)
            | Raw::List(_)
            | Raw::Record(_)
            | Raw::Empty => None,
        };
        let wrong = |wanted: Message| Wrong::new("wrong-type", message!("wants {wanted}", wanted));
        match ty {
            Type::Bool => match raw {
                Raw::Bool(value) => Ok(Value::Bool(*value)),
                Raw::Cell(text) if text == "true" => Ok(Value::Bool(true)),
                Raw::Cell(text) if text == "false" => Ok(Value::Bool(false)),
                Raw::Cell(_)
                | Raw::Missing
                | Raw::Number(_)
                | Raw::Text(_)
                | Raw::List(_)
                | Raw::Record(_)
                | Raw::Empty => Err(wrong(message!("`true` or `false`"))),
            },
            Type::Integer => match raw {
                Raw::Number(text) | Raw::Cell(text) => integer(text),
                Raw::Missing
                | Raw::Bool(_)
                | Raw::Text(_)
                | Raw::List(_)
                | Raw::Record(_)
                | Raw::Empty => Err(wrong(message!("a whole number without quotes, like `3`"))),
            },
            Type::Decimal(scale) => match raw {
                Raw::Number(text) | Raw::Cell(text) | Raw::Text(text) => decimal(text, *scale),
                Raw::Missing | Raw::Bool(_) | Raw::List(_) | Raw::Record(_) | Raw::Empty => {
                    Err(wrong(message!("a number, like `\"12.50\"`")))
                }
            },
            Type::Text => text
                .map(Value::text)
                .ok_or_else(|| wrong(message!("a text in quotes"))),
            Type::Instant => match text {
                Some(text) => instant(text).map(Value::Instant),
                None => Err(wrong(message!(
                    "an instant, like `\"2026-03-02T10:00:00+08:00\"`"
                ))),
            },
            Type::Date => {
                let date = text.and_then(Date::parse).map(Value::Date);
                date.ok_or_else(|| wrong(message!("a date, like `\"2026-03-02\"`")))
            }
            Type::Time => {
                let time = text.and_then(TimeOfDay::parse).map(Value::Time);
                time.ok_or_else(|| wrong(message!("a time of day, like `\"09:30\"`")))
            }
            Type::Weekday => match text {
                Some(text) => Weekday::parse(text).map(Value::Weekday).ok_or_else(|| {
                    Wrong::new(
                        "not-a-member",
                        message!("must be one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`"),
                    )
                }),
                None => Err(wrong(message!("a weekday, like `\"mon\"`"))),
            },
            Type::Duration => {
                let duration = text.and_then(Duration::parse).map(Value::Duration);
                duration.ok_or_else(|| wrong(message!("a duration, like `\"1h30m\"`")))
            }
            Type::Enum(id) => match text {
                Some(text) => self.member(*id, text),
                None => Err(wrong(message!("the name of one of its members, in quotes"))),
            },
            Type::Set(_) | Type::Target => Err(wrong(message!("one value"))),
        }
    }

    fn member(self, id: EnumId, text: &str) -> Result<Value, Wrong> {
        if let Some(member) = self.index.member(id, text) {
            return Ok(Value::Member(member));
        }
        let members = self
            .schema
            .enumeration(id)
            .map_or(&[][..], |ty| &ty.members);
        let few = self.hints && members.len() <= 200;
        let names = || members.iter().map(|member| member.name.as_str());
        let near = if few {
            nearest(text, names())
        } else {
            Vec::new()
        };
        let labelled = members
            .iter()
            .take(200)
            .find(|member| member.label.as_deref() == Some(text));
        let hint = match (labelled, near.first()) {
            (Some(member), _) => {
                message!(
                    "`{text}` is the label of `{name}`: write the name",
                    text,
                    name = member.name
                )
            }
            (None, Some(near)) => {
                message!(
                    "has no member `{text}`: did you mean `{near}`?",
                    text = shorten(text),
                    near
                )
            }
            (None, None) if members.len() <= 12 => {
                let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                message!(
                    "has no member `{text}`: write one of {list}",
                    text = shorten(text),
                    list = all.join(", ")
                )
            }
            (None, None) => message!("has no member `{text}`", text = shorten(text)),
        };
        Err(Wrong::new("not-a-member", hint))
    }

    fn plural(self, element: &Type) -> Message {
        match element {
            Type::Bool => message!("`true` and `false`"),
            Type::Integer | Type::Decimal(_) => message!("numbers"),
            Type::Text => message!("texts"),
            Type::Instant => message!("instants"),
            Type::Date => message!("dates"),
            Type::Time => message!("times"),
            Type::Weekday => message!("weekdays"),
            Type::Duration => message!("durations"),
            Type::Enum(_) => message!("member names"),
            Type::Set(_) | Type::Target => message!("values"),
        }
    }

    /// A bound as the operator wrote it.
    fn show(self, ty: &Type, value: &Value) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Decimal(value) => value.to_string(),
            Value::Text(text) => format!("`{}`", shorten(text)),
            Value::Instant(at) => at.format(self.zone),
            Value::Date(date) => date.to_string(),
            Value::Time(time) => time.to_string(),
            Value::Weekday(day) => day.word().to_owned(),
            Value::Duration(length) => length.to_string(),
            Value::Member(member) => match ty {
                Type::Enum(id) => format!("`{}`", self.schema.member(*id, *member)),
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
                | Type::Target => member.to_string(),
            },
            Value::Set(values) => {
                let all: Vec<String> = values.iter().map(|value| self.show(ty, value)).collect();
                format!("{{{}}}", all.join(", "))
            }
        }
    }
}

fn integer(text: &str) -> Result<Value, Wrong> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Wrong::new(
            "wrong-type",
            message!("wants a whole number, like `3`: no point, no exponent"),
        ));
    }
    text.parse().map(Value::Integer).map_err(|_| {
        let message = message!(
            "must lie between {least} and {greatest}",
            least = i64::MIN,
            greatest = i64::MAX
        );
        Wrong::new("out-of-bounds", message)
    })
}

fn decimal(text: &str, scale: u8) -> Result<Value, Wrong> {
    Decimal::parse(text, scale)
        .map(Value::Decimal)
        .map_err(|error| match error {
            DecimalError::Malformed => Wrong::new(
                "wrong-type",
                message!(
                    "wants a number, like `\"12.50\"`: digits, at most one point, no exponent"
                ),
            ),
            DecimalError::TooManyDigits => Wrong::new(
                "too-many-digits",
                message!("may have {scale} digits after the point, not more", scale),
            ),
            DecimalError::Overflow => {
                Wrong::new("out-of-bounds", message!("is too great a number"))
            }
        })
}

/// Reads RFC 3339.
pub(super) fn instant(text: &str) -> Result<Instant, Wrong> {
    if let Some(at) = super::stamp::read(text.as_bytes()) {
        return Ok(at);
    }
    Instant::parse(text).map_err(|error| match error {
        InstantError::NoOffset => Wrong::new(
            "instant-without-offset",
            message!("names no offset from UTC: add it, like `+08:00` or `Z`"),
        ),
        InstantError::TooFine => {
            Wrong::new("too-many-digits", message!("is finer than a millisecond"))
        }
        InstantError::Malformed => Wrong::new(
            "wrong-type",
            message!("wants an instant, like `2026-03-02T10:00:00+08:00`"),
        ),
    })
}
