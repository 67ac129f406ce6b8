//! The functions of the one script that random policies call: as a script, and as the plain interpreter reads them.

use caseway::time::Weekday;
use caseway::value::{Decimal, Value};

/// A value, or the code of a problem and what tells it from another of the function.
pub type Answer = Result<Value, (&'static str, String)>;

/// How a policy declares them.
pub const DECLARED: &str = r#"script "scripts/all.rhai" {
  fn score(summary: text) -> integer from 0 to 100
  fn swollen(summary: text) -> bool
  fn tone(summary: text) -> mood
  fn parts_of(summary: text) -> set of text
  fn twice(number: integer) -> integer
  fn same_fee(fee: decimal(2)) -> decimal(2)
  fn rest_day(day: weekday) -> weekday
}
"#;

pub const SCRIPT: &str = r#"fn score(summary) {
    if summary.contains("urgent") { throw "no idea" }
    summary.len() * 7
}
fn swollen(summary) {
    if summary == "" {
        let text = "xxxxxxxxxxxxxxxx";
        loop { text += text; }
    }
    summary.contains(" ")
}
fn tone(summary) {
    if summary.contains("!") { "angry" } else if summary == "x" { "odd" } else { "calm" }
}
fn parts_of(summary) { summary.split(" ") }
fn twice(number) { number * 2 }
fn same_fee(fee) { fee }
fn rest_day(day) { if day == "sun" { "mon" } else { "sun" } }
"#;

pub fn answer(name: &str, arguments: &[Value]) -> Answer {
    let text = || match &arguments[0] {
        Value::Text(text) => text.to_string(),
        other => panic!("{other:?} is no text"),
    };
    let failed = |about: String| Err(("script-failed", about));
    match name {
        "score" if text().contains("urgent") => failed("thrown".to_owned()),
        "score" => {
            let score = i64::try_from(text().chars().count()).expect("few") * 7;
            if score > 100 {
                failed(score.to_string())
            } else {
                Ok(Value::Integer(score))
            }
        }
        "swollen" if text().is_empty() => Err(("script-limit", String::new())),
        "swollen" => Ok(Value::Bool(text().contains(' '))),
        "tone" if text().contains('!') => Ok(Value::Member(1)),
        "tone" if text() == "x" => failed("odd".to_owned()),
        "tone" => Ok(Value::Member(0)),
        "parts_of" => Ok(Value::set(text().split(' ').map(Value::text).collect())),
        "twice" => match &arguments[0] {
            Value::Integer(number) => match number.checked_mul(2) {
                Some(twice) => Ok(Value::Integer(twice)),
                None => failed(number.to_string()),
            },
            other => panic!("{other:?} is no number"),
        },
        "same_fee" => {
            let fee = arguments[0].as_decimal().expect("a number");
            let zeros = 10i128.pow(u32::from(2 - fee.scale()));
            Ok(Value::Decimal(Decimal::new(fee.mantissa() * zeros, 2)))
        }
        "rest_day" => Ok(Value::Weekday(match &arguments[0] {
            Value::Weekday(Weekday::Sunday) => Weekday::Monday,
            _ => Weekday::Sunday,
        })),
        other => panic!("no function {other}"),
    }
}
