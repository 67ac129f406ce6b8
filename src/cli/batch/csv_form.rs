//! Decisions as rows of CSV: the columns of contract K5.

use crate::cli::language;
use crate::ingest::Refusal;
use crate::{Decision, Policy};
use serde_json::Value as Json;

/// The header.
pub(super) fn header(policy: &Policy) -> Vec<u8> {
    let program = policy.program();
    let mut names: Vec<String> = ["line", "case", "error"].map(str::to_owned).to_vec();
    names.extend(
        program
            .classifications
            .iter()
            .map(|block| block.named.name.clone()),
    );
    names.extend(["role", "queue", "with", "tier"].map(str::to_owned));
    for clock in &program.clocks {
        names.extend(
            ["due", "state", "breached_at"].map(|part| format!("{}_{part}", clock.named.name)),
        );
    }
    names.push("next_change_at".to_owned());
    record(&names)
}

/// One row.
pub(super) fn row(policy: &Policy, line: usize, decided: Result<&Decision, &Refusal>) -> Vec<u8> {
    let program = policy.program();
    let mut cells = vec![line.to_string()];
    match decided {
        Err(refusal) => {
            cells.push(refusal.case.clone().unwrap_or_default());
            cells.push(error(&refusal.in_language(language::json())));
            let blanks = program.classifications.len() + 4 + program.clocks.len() * 3 + 1;
            cells.extend(std::iter::repeat_n(String::new(), blanks));
        }
        Ok(decision) => {
            let json = serde_json::to_value(decision).unwrap_or_default();
            cells.push(cell(&json["case"]));
            cells.push(String::new());
            for block in &program.classifications {
                cells.push(cell(&json["classification"][&block.named.name]["value"]));
            }
            for key in ["role", "queue", "with"] {
                cells.push(cell(&json["route"][key]));
            }
            cells.push(cell(&json["sla"]["tier"]));
            for clock in &program.clocks {
                let clock = &json["sla"]["clocks"][&clock.named.name];
                cells.extend(["due", "state", "breached_at"].map(|part| cell(&clock[part])));
            }
            cells.push(cell(&json["next_change_at"]));
        }
    }
    record(&cells)
}

/// A refusal in one cell: its code, and what is wrong.
fn error(refusal: &Refusal) -> String {
    let fields: Vec<String> = refusal
        .fields
        .iter()
        .map(|field| field.message.to_string())
        .collect();
    let what = if fields.len() > 1 {
        fields.join("; ")
    } else {
        refusal.message.to_string()
    };
    format!("{}: {what}", refusal.code)
}

/// A value in one cell; lists are joined by `;`.
fn cell(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(";"),
        Json::Bool(_) | Json::Number(_) | Json::Object(_) => json.to_string(),
    }
}

fn record(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}
