//! What a decision must say about records, follow-ups and requirements, and where one says
//! something else.

use super::Millis;
use super::log::CaseLog;
use super::plan::World;
use super::{follow_ups, retention};
use chrono::DateTime;
use serde_json::{Map, Value, json};

/// The parts of a decision that are looked at, instants as milliseconds.
pub fn parts(decision: &Value) -> Value {
    let mut problems: Vec<Value> = decision["problems"]
        .as_array()
        .map(|all| {
            let pair = |problem: &Value| json!([problem["code"], problem["block"]]);
            all.iter().map(pair).collect()
        })
        .unwrap_or_default();
    // Two things may be wrong with one block.
    problems.sort_by_key(Value::to_string);
    problems.dedup();
    let mut parts = Map::new();
    for part in ["retention", "follow_ups", "requirements"] {
        parts.insert(part.to_owned(), normal(&decision[part]));
    }
    parts.insert("problems".to_owned(), Value::Array(problems));
    Value::Object(parts)
}

/// The same by the plain rules.
pub fn expected(world: &World, log: &CaseLog, now: Millis) -> Value {
    let points = log.points(world, now);
    let (retention, mut problems) = retention::all(world, log, &points, now);
    let (follow_ups, more) = follow_ups::follow_ups(world, log, &points, now);
    problems.extend(more);
    let mut problems: Vec<Value> = problems.into_iter().map(|pair| json!(pair)).collect();
    problems.sort_by_key(Value::to_string);
    json!({
        "retention": retention,
        "follow_ups": follow_ups,
        "requirements": follow_ups::requirements(world, &points),
        "problems": problems,
    })
}

/// Instants as milliseconds.
fn normal(value: &Value) -> Value {
    match value {
        Value::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => json!(instant.timestamp_millis()),
            Err(_) => value.clone(),
        },
        Value::Array(all) => Value::Array(all.iter().map(normal).collect()),
        Value::Object(all) => all
            .iter()
            .map(|(key, value)| (key.clone(), normal(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The differences between what is said and what must be, one a line.
pub fn differences(got: &Value, wanted: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect("", got, wanted, &mut found);
    found
}

fn collect(path: &str, got: &Value, wanted: &Value, found: &mut Vec<String>) {
    match (got, wanted) {
        (Value::Object(one), Value::Object(two)) if one.keys().eq(two.keys()) => {
            for (key, got) in one {
                collect(&format!("{path}/{key}"), got, &two[key], found);
            }
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (place, (got, wanted)) in one.iter().zip(two).enumerate() {
                collect(&format!("{path}/{place}"), got, wanted, found);
            }
        }
        _ if got == wanted => {}
        _ => found.push(format!("{path}: {got}, the rules say {wanted}")),
    }
}
