//! Values as they are printed: in JSON, and as text for people.
//!
//! A value alone does not know the names of its members, so it is shown with its type.

use crate::compile::{Program, Type};
use crate::value::{Decimal, Value};
use serde::{Serialize, Serializer};
use std::fmt;

/// A value with what is needed to print it.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The program that the value is of.
    pub program: &'a Program,
    /// Its type.
    pub ty: &'a Type,
    /// The value.
    pub value: &'a Value,
}

impl<'a> Shown<'a> {
    fn element(&self, value: &'a Value) -> Shown<'a> {
        let ty = match self.ty {
            Type::Set(element) => element,
            ty => ty,
        };
        Shown {
            program: self.program,
            ty,
            value,
        }
    }

    fn decimal(&self, number: Decimal) -> Decimal {
        match self.ty {
            Type::Decimal(digits) => number.rescale(*digits).unwrap_or(number),
            _ => number,
        }
    }

    fn member(&self, member: u32) -> &'a str {
        match self.ty {
            Type::Enum(id) => self.program.member(*id, member),
            _ => "",
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Bool(holds) => write!(f, "{holds}"),
            Value::Integer(number) if matches!(self.ty, Type::Decimal(_)) => {
                write!(f, "{}", self.decimal(Decimal::from_integer(*number)))
            }
            Value::Integer(number) => write!(f, "{number}"),
            Value::Decimal(number) => write!(f, "{}", self.decimal(*number)),
            Value::Text(text) => f.write_str(text),
            Value::Instant(at) => f.write_str(&at.format(self.program.zone)),
            Value::Date(date) => write!(f, "{date}"),
            Value::Time(time) => write!(f, "{time}"),
            Value::Weekday(day) => f.write_str(day.word()),
            Value::Duration(duration) => write!(f, "{duration}"),
            Value::Member(member) => f.write_str(self.member(*member)),
            Value::Set(items) => {
                f.write_str("{")?;
                for (at, item) in items.iter().enumerate() {
                    write!(
                        f,
                        "{}{}",
                        if at == 0 { " " } else { ", " },
                        self.element(item)
                    )?;
                }
                f.write_str(if items.is_empty() { "}" } else { " }" })
            }
        }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Bool(holds) => serializer.serialize_bool(*holds),
            Value::Integer(number) if !matches!(self.ty, Type::Decimal(_)) => {
                serializer.serialize_i64(*number)
            }
            Value::Text(text) => serializer.serialize_str(text),
            Value::Member(member) => serializer.serialize_str(self.member(*member)),
            Value::Set(items) => {
                serializer.collect_seq(items.iter().map(|item| self.element(item)))
            }
            Value::Integer(_)
            | Value::Decimal(_)
            | Value::Instant(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Weekday(_)
            | Value::Duration(_) => serializer.collect_str(self),
        }
    }
}
