//! Findings in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS, 27 March 2020).

use crate::cli::output::path_of;
use crate::cli::{findings, language};
use crate::diag::Level;
use crate::driver::{self, Checked, Finding, Place};
use crate::lint;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// What stands unescaped in a path of a URI (RFC 3986, 3.3), beside letters and digits.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The log, in one line.
pub(super) fn text(checked: &Checked, folder: &Path) -> String {
    let report = driver::lint_report(checked);
    let codes: BTreeSet<&str> = report.findings.iter().map(|finding| finding.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, &codes, folder))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "caseway",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn rule(code: &str) -> Value {
    let page = lint::explain(code, language::json()).unwrap_or(code);
    json!({
        "id": code,
        "defaultConfiguration": {
            "level": if lint::level_of(code) == Some(Level::Warn) { "warning" } else { "error" },
        },
        "help": { "text": page, "markdown": page },
    })
}

fn result(finding: &Finding<'_>, codes: &[&str], folder: &Path) -> Value {
    let mut words = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let rows = findings::rows(finding.rows, language::json());
    words.push_str(format!("\n{rows}").trim_end());
    let mut result = json!({
        "ruleId": finding.code,
        "level": if finding.level == "error" { "error" } else { "warning" },
        "message": { "text": words },
        "locations": [{ "physicalLocation": location(folder, finding.file, finding.start, finding.end) }],
    });
    let Some(object) = result.as_object_mut() else {
        return result;
    };
    if let Some(index) = codes.iter().position(|code| *code == finding.code) {
        object.insert("ruleIndex".to_owned(), json!(index));
    }
    if !finding.subject.is_empty() {
        object.insert(
            "properties".to_owned(),
            json!({ "subject": finding.subject }),
        );
    }
    if !finding.labels.is_empty() {
        let related: Vec<Value> = finding
            .labels
            .iter()
            .map(|label| {
                json!({
                    "physicalLocation": location(folder, label.file, label.start, label.end),
                    "message": { "text": label.message },
                })
            })
            .collect();
        object.insert("relatedLocations".to_owned(), json!(related));
    }
    if let Some(fix) = &finding.fix {
        let changes: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                json!({
                    "artifactLocation": artifact(folder, edit.file),
                    "replacements": [{
                        "deletedRegion": region(edit.start, edit.end),
                        "insertedContent": { "text": edit.text },
                    }],
                })
            })
            .collect();
        object.insert("fixes".to_owned(), json!([{ "artifactChanges": changes }]));
    }
    result
}

fn location(folder: &Path, file: &str, start: Place, end: Place) -> Value {
    json!({
        "artifactLocation": artifact(folder, file),
        "region": region(start, end),
    })
}

fn artifact(folder: &Path, file: &str) -> Value {
    let path = path_of(folder, file);
    json!({ "uri": utf8_percent_encode(&path, PATH).to_string() })
}

fn region(start: Place, end: Place) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}
