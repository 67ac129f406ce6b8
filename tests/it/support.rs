//! Small policies in memory for the tests of this binary.

use caseway::driver::check_sources;
use caseway::{Instant, Policy};
use serde_json::Value;

pub const SETTINGS: &str =
    "[policy]\nname = \"test\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

/// The opening of every case that does not say otherwise.
pub const OPENED: &str = "2026-03-02T10:00:00+08:00";

/// A policy whose case has these fields beside `id` and `opened_at`.
pub fn policy(fields: &str, rules: &str) -> Policy {
    policy_with(fields, rules, &[])
}

/// The same with further files.
pub fn policy_with(fields: &str, rules: &str, files: &[(&str, &str)]) -> Policy {
    let settings = files
        .iter()
        .find(|(path, _)| *path == "caseway.toml")
        .map_or(SETTINGS, |file| file.1);
    let case = format!("case {{ id: text opened_at: instant {fields} }}");
    let mut all = vec![
        ("caseway.toml", settings),
        ("case.policy", case.as_str()),
        ("rules.policy", rules),
    ];
    all.extend(files.iter().filter(|(path, _)| *path != "caseway.toml"));
    match Policy::from_sources(all) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}"),
    }
}

/// Codes of the findings of a policy.
pub fn findings(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let checked = check_sources(files).expect("there is a caseway.toml");
    let shown = |finding: &caseway::diag::Diagnostic| {
        (finding.code.to_owned(), finding.message.to_string())
    };
    checked.findings.iter().map(shown).collect()
}

/// Decides a case whose fields are given as the inside of a JSON object.
pub fn decide(policy: &Policy, fields: &str) -> Value {
    decide_at(policy, fields, "[]", OPENED)
}

/// Decides a case with events at an instant.
pub fn decide_at(policy: &Policy, fields: &str, events: &str, at: &str) -> Value {
    let comma = if fields.is_empty() { "" } else { ", " };
    let opened = if fields.contains("\"opened_at\"") {
        String::new()
    } else {
        format!(r#", "opened_at": "{OPENED}""#)
    };
    let json = format!(r#"{{"case": {{"id": "T1"{opened}{comma}{fields}}}, "events": {events}}}"#);
    let file = policy
        .case_from_json(&json)
        .unwrap_or_else(|refusal| panic!("{refusal:?}\n{json}"));
    let at = Instant::parse(at).expect("an instant");
    serde_json::to_value(policy.decide(&file.case, &file.events, at)).expect("a decision prints")
}

/// Decides a case file at the instant that it names.
pub fn decide_whole(policy: &Policy, case: &Value) -> Value {
    let file = match policy.case_from_json(&case.to_string()) {
        Ok(file) => file,
        Err(refusal) => panic!("{refusal:?}"),
    };
    let at = file.at.expect("the case file names an instant");
    let decision = policy.decide(&file.case, &file.events, at);
    serde_json::to_value(&decision).expect("a decision is JSON")
}

/// The same at the case's last event.
pub fn whole(policy: &Policy, case: &Value) -> Value {
    let mut case = case.clone();
    let last = case["events"].as_array().and_then(|events| events.last());
    case["at"] = last.map_or(case["case"]["opened_at"].clone(), |event| {
        event["at"].clone()
    });
    decide_whole(policy, &case)
}

/// Why a case file is refused.
pub fn refusal(policy: &Policy, case: &Value) -> Value {
    match policy.case_from_json(&case.to_string()) {
        Ok(_) => panic!("the case is accepted: {case}"),
        Err(refusal) => serde_json::to_value(&refusal).expect("a refusal is JSON"),
    }
}
