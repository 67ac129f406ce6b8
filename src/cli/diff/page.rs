//! The differences of two versions as a reviewer reads them.

use super::Report;
use super::cases::Cases;
use crate::cli::language::told;
use crate::driver::{ChangeReport, SchemaChange, SideReport, VersionsReport, WordingChange};
use serde_json::Value;

/// Cases that are named, at most.
const MOST_CASES: usize = 10;

pub(super) fn text(report: &Report) -> String {
    let versions = &report.versions;
    let mut lines = Vec::new();
    for block in &versions.blocks {
        lines.push(block.block.clone());
        for change in &block.changes {
            changed(change, &mut lines);
        }
        lines.push(String::new());
    }
    if !versions.schema.is_empty() {
        lines.push(told!("cases"));
        lines.extend(versions.schema.iter().map(schema));
        lines.push(String::new());
    }
    if !versions.wording.is_empty() {
        lines.push(told!("wording, which decides no case"));
        lines.extend(versions.wording.iter().map(wording));
        lines.push(String::new());
    }
    if let Some(cases) = &report.cases {
        recorded(cases, &mut lines);
    }
    lines.push(summary(versions));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn changed(change: &ChangeReport, lines: &mut Vec<String>) {
    let (from, to) = (side(&change.from), side(&change.to));
    lines.push(format!("  - {from}"));
    lines.push(format!("  + {to}"));
    for (key, before) in &change.from.details {
        let after = change.to.details.get(key).unwrap_or(&Value::Null);
        if before != after && !change.to.details.is_empty() {
            let (before, after) = (value(before), value(after));
            lines.push(format!("      {key}: {before} → {after}"));
        }
    }
    if change.witness.is_some() {
        let parts: Vec<String> = change
            .example
            .iter()
            .map(|(path, value)| match value.as_deref() {
                Some("true") => path.clone(),
                Some("false") => format!("not {path}"),
                Some(value) => format!("{path} is {value}"),
                None => format!("{path} is missing"),
            })
            .collect();
        let example = parts.join(" and ");
        lines.push(format!(
            "      {}",
            match parts.is_empty() {
                true => told!("for every case"),
                false => told!("for example when {example}", example),
            }
        ));
    }
    if !change.certain {
        let unsure = told!("this rests on what cannot be looked into, such as a script");
        lines.push(format!("      {unsure}"));
    }
}

fn side(side: &SideReport) -> String {
    let outcome = match &side.outcome {
        Value::Null => told!("nothing"),
        Value::Array(items) if items.is_empty() => told!("nothing"),
        outcome => value(outcome),
    };
    match &side.rule {
        Some(rule) if rule != &outcome => format!("{outcome}  ({rule})"),
        Some(_) | None => outcome,
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(self::value).collect();
            match items.is_empty() {
                true => "–".to_owned(),
                false => items.join(", "),
            }
        }
        Value::Object(map) => {
            let items: Vec<String> = map
                .iter()
                .map(|(key, item)| format!("{key} {}", self::value(item)))
                .collect();
            items.join(", ")
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn schema(change: &SchemaChange) -> String {
    let none = String::new();
    let (path, word) = (&change.path, change.change);
    let from = change.from.as_ref().unwrap_or(&none);
    let to = change.to.as_ref().unwrap_or(&none);
    match (&change.from, &change.to) {
        (Some(_), Some(_)) => format!("  {path} ({word}): {from} → {to}"),
        (Some(_), None) => format!("  - {path}: {from}"),
        (None, _) => format!("  + {path}: {to}"),
    }
}

fn wording(change: &WordingChange) -> String {
    let subject = &change.subject;
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    match change.change {
        "added" => format!("  + {subject}"),
        "removed" => format!("  - {subject}"),
        word => format!(
            "  {subject} ({word}): {} → {}",
            text(&change.from),
            text(&change.to)
        ),
    }
}

fn recorded(cases: &Cases, lines: &mut Vec<String>) {
    let (total, changed) = (cases.total, cases.changed.len());
    lines.push(told!(
        "{changed} of {total} recorded cases come out otherwise",
        changed,
        total
    ));
    for one in &cases.moves {
        let (from, to) = (value(&one.from), value(&one.to));
        let count = one.cases;
        lines.push(format!("  {count:>6}  {}: {from} → {to}", one.path));
    }
    for case in cases.changed.iter().take(MOST_CASES) {
        let id = case.case.as_deref().unwrap_or("–");
        lines.push(format!(
            "  line {}  {id}: {}",
            case.line,
            case.paths.join(", ")
        ));
    }
    if changed > MOST_CASES {
        let more = changed - MOST_CASES;
        lines.push(format!(
            "  {}",
            told!("and {more} more; --format json has all", more)
        ));
    }
    lines.push(String::new());
}

fn summary(versions: &VersionsReport) -> String {
    let count = versions.blocks.len();
    let changed = match (versions.changed, versions.undecided) {
        (false, 0) => told!("no change in meaning: both decide every case alike"),
        (false, _) => told!("no change found"),
        (true, _) if count == 0 => told!("the cases changed"),
        (true, _) => match count {
            1 => told!("1 block changed"),
            count => told!("{count} blocks changed", count),
        },
    };
    match versions.undecided {
        0 => changed,
        1 => format!("{changed}; {}", told!("1 question was not settled")),
        count => format!(
            "{changed}; {}",
            told!("{count} questions were not settled", count)
        ),
    }
}
