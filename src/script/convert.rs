//! Values of a case as a script sees them, and a script's answers as values.
//!
//! | type | in a script |
//! |---|---|
//! | `bool`, `integer`, `text` | the same |
//! | `decimal(n)` | a text with all n digits; back also a whole number |
//! | `instant`, `date`, `time`, `weekday`, `duration` | a text as in a policy |
//! | `one of` | the member's name |
//! | `set of` | a list |

use crate::eval::{Bounds, Shape};
use crate::message::{Message, message};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use crate::value::{Decimal, Value};
use rhai::{Array, Dynamic};

/// A value for a script.
pub(super) fn to_script(shape: &Shape, value: &Value) -> Dynamic {
    match value {
        Value::Bool(holds) => Dynamic::from_bool(*holds),
        Value::Integer(number) => match shape {
            Shape::Decimal(digits) => {
                let number = Decimal::from_integer(*number);
                number.rescale(*digits).unwrap_or(number).to_string().into()
            }
            _ => Dynamic::from_int(*number),
        },
        Value::Decimal(number) => match shape {
            Shape::Decimal(digits) => number
                .rescale(*digits)
                .unwrap_or(*number)
                .to_string()
                .into(),
            _ => number.to_string().into(),
        },
        Value::Text(text) => text.as_str().into(),
        Value::Instant(at) => match shape {
            Shape::Instant(zone) => at.format(*zone).into(),
            _ => at.format(crate::time::Zone::UTC).into(),
        },
        Value::Date(date) => date.to_string().into(),
        Value::Time(time) => time.to_string().into(),
        Value::Weekday(day) => day.word().into(),
        Value::Duration(duration) => duration.to_string().into(),
        Value::Member(member) => match shape {
            Shape::Enum(names) => names
                .get(*member as usize)
                .map_or("", |name| name.as_str())
                .into(),
            _ => Dynamic::UNIT,
        },
        Value::Set(items) => {
            let element = match shape {
                Shape::Set(element) => element,
                other => other,
            };
            let list: Array = items.iter().map(|item| to_script(element, item)).collect();
            Dynamic::from_array(list)
        }
    }
}

/// The answer of a script; the error says in the operator's words what is wrong with it.
pub(super) fn from_script(
    shape: &Shape,
    bounds: &Bounds,
    answer: Dynamic,
) -> Result<Value, Message> {
    let got = kind(&answer);
    let value = read(shape, &answer).ok_or_else(|| {
        message!(
            "it gives {got} instead of {wanted}",
            got,
            wanted = expected(shape)
        )
    })?;
    let within = |item: &Value| {
        bounds.from.as_ref().is_none_or(|from| from <= item)
            && bounds.to.as_ref().is_none_or(|to| item <= to)
    };
    let inside = match &value {
        Value::Set(items) => items.iter().all(within),
        other => within(other),
    };
    if inside {
        Ok(value)
    } else {
        Err(message!("it gives {got}, which is outside its bounds", got))
    }
}

fn read(shape: &Shape, answer: &Dynamic) -> Option<Value> {
    let text = || answer.as_immutable_string_ref().ok();
    match shape {
        Shape::Bool => answer.as_bool().ok().map(Value::Bool),
        Shape::Integer => answer.as_int().ok().map(Value::Integer),
        Shape::Decimal(digits) => match answer.as_int() {
            Ok(number) => Decimal::from_integer(number)
                .rescale(*digits)
                .map(Value::Decimal),
            Err(_) => Decimal::parse(&text()?, *digits).ok().map(Value::Decimal),
        },
        Shape::Text => text().map(|text| Value::text(&text)),
        Shape::Instant(_) => Instant::parse(&text()?).ok().map(Value::Instant),
        Shape::Date => Date::parse(&text()?).map(Value::Date),
        Shape::Time => TimeOfDay::parse(&text()?).map(Value::Time),
        Shape::Weekday => Weekday::parse(&text()?).map(Value::Weekday),
        Shape::Duration => Duration::parse(&text()?).map(Value::Duration),
        Shape::Enum(names) => {
            let text = text()?;
            let place = names
                .iter()
                .position(|name| name.as_str() == text.as_str())?;
            u32::try_from(place).ok().map(Value::Member)
        }
        Shape::Set(element) => {
            let list = answer.as_array_ref().ok()?;
            let items: Option<Vec<Value>> = list.iter().map(|item| read(element, item)).collect();
            items.map(Value::set)
        }
    }
}

/// The longest text shown of an answer, in characters.
const SHOWN: usize = 40;

fn kind(answer: &Dynamic) -> Message {
    if answer.is_unit() {
        return message!("nothing");
    }
    if let Ok(holds) = answer.as_bool() {
        return Message::verbatim(format!("`{holds}`"));
    }
    if let Ok(number) = answer.as_int() {
        return message!("the number `{number}`", number);
    }
    if let Ok(text) = answer.as_immutable_string_ref() {
        let shown: String = text.chars().take(SHOWN).collect();
        return message!("the text `{shown}`", shown);
    }
    if answer.is_array() {
        message!("a list")
    } else {
        message!("something else")
    }
}

fn expected(shape: &Shape) -> Message {
    match shape {
        Shape::Bool => message!("`true` or `false`"),
        Shape::Integer => message!("a whole number"),
        Shape::Decimal(digits) => message!("a decimal of {digits} digits as a text", digits),
        Shape::Text => message!("a text"),
        Shape::Instant(_) => message!("an instant as a text"),
        Shape::Date => message!("a date as a text"),
        Shape::Time => message!("a time as a text"),
        Shape::Weekday => message!("a weekday as a text"),
        Shape::Duration => message!("a duration as a text"),
        Shape::Enum(_) => message!("the name of a member"),
        Shape::Set(_) => message!("a list"),
    }
}
