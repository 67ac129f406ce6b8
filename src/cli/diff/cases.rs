//! Recorded cases decided by both versions: which of them come out otherwise, and where they move.

use super::super::failure::Failure;
use super::super::suggest::hint;
use crate::config::{Mapping, RowFormat};
use crate::driver::{self, Packing};
use crate::ingest::{CaseRows, GroupError, Groups, RowReader, Rows, format_of};
use crate::message::message;
use crate::{Instant, Policy};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Where recorded cases are, and how they are read.
pub(super) struct Recorded<'a> {
    pub(super) path: &'a Path,
    pub(super) mapping: Option<&'a str>,
    pub(super) at: Option<Instant>,
}

/// What came of them.
#[derive(Debug, Serialize)]
pub(super) struct Cases {
    /// How many were decided.
    pub(super) total: u64,
    /// Those that come out otherwise.
    pub(super) changed: Vec<ChangedCase>,
    /// Where they move: what, from, to, and how many.
    pub(super) moves: Vec<Move>,
}

/// A case that comes out otherwise.
#[derive(Debug, Serialize)]
pub(super) struct ChangedCase {
    /// The line of the row's first byte.
    pub(super) line: usize,
    /// Its id.
    pub(super) case: Option<String>,
    /// What of the decision differs.
    pub(super) paths: Vec<String>,
}

/// Cases that move from one outcome to another.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Move {
    /// What of the decision.
    pub(super) path: String,
    /// What it was; null for nothing.
    pub(super) from: Value,
    /// What it is; for instants `earlier` or `later`.
    pub(super) to: Value,
    /// How many cases.
    pub(super) cases: u64,
}

/// What is no change of meaning: names of rules and citations, and what names the policy.
const WORDING: [&str; 5] = ["policy", "because", "rule", "rules", "key"];

impl Recorded<'_> {
    pub(super) fn decide(&self, old: &Policy, new: &Policy) -> Result<Cases, Failure> {
        let unreadable = |error: io::Error| Failure::unreadable(self.path, &error);
        let mappings = [old, new].map(|policy| self.mapping(policy));
        let [before, after] = mappings;
        let (before, after) = (before?, after?);
        let format = after.and_then(|mapping| mapping.format);
        let name = self.path.to_string_lossy();
        let format = format.unwrap_or_else(|| format_of(Packing::of(&name).1));
        let input = driver::open_rows(self.path).map_err(unreadable)?;
        let mut rows = Rows::new(input.reader, format);
        let header = match format {
            RowFormat::Csv => rows.next_row().map_err(unreadable)?,
            RowFormat::Ndjson => None,
        };
        let reader = |policy, mapping| {
            RowReader::new(Policy::reader(policy), mapping, format, header.as_ref())
                .map_err(|refusal| Failure::Input(Box::new(refusal)))
        };
        let (old_reader, new_reader) = (reader(old, before)?, reader(new, after)?);
        let now = driver::now();
        let mut groups = Groups::new(&mut rows, &new_reader);
        let mut cases = Cases {
            total: 0,
            changed: Vec::new(),
            moves: Vec::new(),
        };
        let mut moves: BTreeMap<(String, String, String), (Value, Value, u64)> = BTreeMap::new();
        loop {
            let case = match groups.next_case() {
                Ok(Some(case)) => case,
                Ok(None) => break,
                Err(GroupError::Reading(error)) => return Err(unreadable(error)),
                Err(GroupError::Scattered(refusal)) => {
                    return Err(Failure::Input(Box::new(refusal)));
                }
            };
            cases.total += 1;
            let (line, before) = self.decided(old, &old_reader, &case, now);
            let (_, after) = self.decided(new, &new_reader, &case, now);
            let mut found = Vec::new();
            differences("", &before, &after, &mut found);
            if found.is_empty() {
                continue;
            }
            for (path, from, to) in &found {
                let (from, to) = summed_up(path, from, to);
                let key = (path.clone(), from.to_string(), to.to_string());
                moves.entry(key).or_insert((from, to, 0)).2 += 1;
            }
            let id = [&after, &before]
                .into_iter()
                .find_map(|one| one["case"].as_str());
            cases.changed.push(ChangedCase {
                line,
                case: id.map(str::to_owned),
                paths: found.into_iter().map(|(path, _, _)| path).collect(),
            });
        }
        let moves = moves
            .into_iter()
            .map(|((path, _, _), (from, to, cases))| Move {
                path,
                from,
                to,
                cases,
            });
        cases.moves = moves.collect();
        Ok(cases)
    }

    /// The decision, or the refusal, as JSON.
    fn decided(
        &self,
        policy: &Policy,
        reader: &RowReader<'_>,
        rows: &CaseRows,
        now: Instant,
    ) -> (usize, Value) {
        let row = reader.read_case(rows);
        let line = row.line;
        let decided = row.case.and_then(|file| {
            let at = self.at.or(file.at).unwrap_or(now);
            policy.reader().check_at(&file.case, at)?;
            Ok(policy.decide(&file.case, &file.events, at))
        });
        let value = match decided {
            Ok(decision) => serde_json::to_value(&decision),
            Err(refusal) => Ok(serde_json::json!({"case": refusal.case, "error": refusal.code})),
        };
        (line, value.unwrap_or_default())
    }

    fn mapping<'p>(&self, policy: &'p Policy) -> Result<Option<&'p Mapping>, Failure> {
        let Some(name) = self.mapping else {
            return Ok(None);
        };
        let mappings = &policy.config().mappings;
        mappings.get(name).map(Some).ok_or_else(|| {
            let near = hint(name, mappings.keys().map(String::as_str));
            Failure::Usage(message!(
                "caseway.toml has no `[mapping.{name}]`{near}",
                name,
                near
            ))
        })
    }
}

/// The places in which two decisions differ, each with both values.
fn differences(path: &str, old: &Value, new: &Value, found: &mut Vec<(String, Value, Value)>) {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys
                .into_iter()
                .filter(|key| !WORDING.contains(&key.as_str()))
            {
                let inner = match path.is_empty() {
                    true => key.clone(),
                    false => format!("{path}.{key}"),
                };
                let value = |map: &serde_json::Map<String, Value>| {
                    map.get(key).cloned().unwrap_or(Value::Null)
                };
                differences(&inner, &value(before), &value(after), found);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let mut inner = Vec::new();
            for (before, after) in before.iter().zip(after) {
                differences(path, before, after, &mut inner);
            }
            if !inner.is_empty() {
                found.push((path.to_owned(), old.clone(), new.clone()));
            }
        }
        (before, after) if before != after => {
            found.push((path.to_owned(), before.clone(), after.clone()));
        }
        _ => {}
    }
}

/// What is counted together: values as they are, instants by whether they move.
fn summed_up(path: &str, from: &Value, to: &Value) -> (Value, Value) {
    let instant = |value: &Value| value.as_str().and_then(|text| Instant::parse(text).ok());
    match (instant(from), instant(to)) {
        (Some(before), Some(after)) => {
            let word = if after < before { "earlier" } else { "later" };
            (Value::from("due"), Value::from(word))
        }
        (Some(_), None) => (Value::from("an instant"), to.clone()),
        (None, Some(_)) => (from.clone(), Value::from("an instant")),
        (None, None) if from.is_number() && to.is_number() => {
            let less = to.as_i64() < from.as_i64();
            (
                Value::from("number"),
                Value::from(if less { "less" } else { "more" }),
            )
        }
        (None, None) => match path.ends_with("escalations") || path.ends_with("warnings") {
            true => (Value::from("steps"), Value::from("others")),
            false => (from.clone(), to.clone()),
        },
    }
}
