//! Findings that rest on what proofs cannot look into: scripts, regular expressions, calendars, sums.
//!
//! The plain reference puts the assumed values into the text of the policy, in the place of the words that they
//! are assumed of; the witness has to show the finding of that policy, or of the policy as it is.

use crate::analysis_truth::batch;
use caseway::Policy;
use caseway::driver::{lint_report, prove_sources, versions_report};
use proptest::prelude::*;
use serde_json::{Value, json};

const SETTINGS: &str =
    "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const SCRIPT: &str = "fn risk(n) { n * 2 } fn vip(text) { text == \"vip\" }";

const SCHEMA: &str = "case {
  id: text
  opened_at: instant
  n: integer from 0 to 9
  m: integer from 0 to 9 optional
  summary: text
  note: text optional
  seen_at: instant optional
  never: bool optional
  nothing: integer optional
  no_time: instant optional
}
script \"risk.rhai\" {
  fn risk(n: integer) -> integer from 0 to 100
  fn vip(text: text) -> bool
}
calendar office { open mon to fri 09:00-17:00 }
calendar same { open mon to fri 09:00-17:00 }
";

/// Conditions that cannot be looked into, each with the words that a finding may rest on.
const ATOMS: &[(&str, &[&str])] = &[
    ("risk(n) >= 50", &["risk(n)"]),
    ("risk(n) < 50", &["risk(n)"]),
    ("risk(n) is missing", &["risk(n)"]),
    ("vip(note)", &["vip(note)"]),
    ("vip(summary)", &["vip(summary)"]),
    ("summary contains \"ab\"", &["summary contains \"ab\""]),
    ("summary contains \"a\"", &["summary contains \"a\""]),
    (
        "summary contains \"AB\" ignoring case",
        &["summary contains \"AB\" ignoring case"],
    ),
    (
        "summary contains any of { \"ab\", \"c\" }",
        &["summary contains any of { \"ab\", \"c\" }"],
    ),
    (
        "note contains all of { \"x\", \"yz\" }",
        &["note contains all of { \"x\", \"yz\" }"],
    ),
    ("note ends with \"z\"", &["note ends with \"z\""]),
    ("summary starts with \"a\"", &[]),
    ("summary is \"abc\"", &[]),
    (
        "note is not \"Q\" ignoring case",
        &["note is not \"Q\" ignoring case"],
    ),
    (
        "summary matches r\"a+b\\d?\"",
        &["summary matches r\"a+b\\d?\""],
    ),
    ("note matches r\"a\\bb\"", &["note matches r\"a\\bb\""]),
    ("opened_at during office", &["opened_at during office"]),
    ("opened_at outside office", &["opened_at outside office"]),
    ("seen_at during same", &["seen_at during same"]),
    ("n + m >= 12", &["n + m"]),
    ("n + m < 3", &["n + m"]),
    ("n - m > 2", &["n - m"]),
    ("n * 3 > m", &["n * 3"]),
    ("seen_at > opened_at + 24h", &["opened_at + 24h"]),
    (
        "date of seen_at > date of opened_at",
        &["date of seen_at > date of opened_at"],
    ),
    ("length(summary) > 3", &["length(summary)"]),
    ("max(n, m) > 4", &["max(n, m)"]),
    ("n >= 5", &[]),
    ("m is missing", &[]),
    ("seen_at is present", &[]),
];

fn files(text: &str) -> Vec<(String, String)> {
    [
        ("caseway.toml", SETTINGS),
        ("risk.rhai", SCRIPT),
        ("p.policy", text),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .to_vec()
}

fn report(text: &str) -> Value {
    let checked = prove_sources(files(text)).expect("a folder");
    serde_json::to_value(lint_report(&checked)).expect("JSON")
}

fn policy(text: &str) -> Policy {
    Policy::from_sources(files(text)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Words of a policy that come to an assumed value.
fn standing_in(value: &Value) -> String {
    match value {
        Value::Bool(true) => "(n >= 0)".to_owned(),
        Value::Bool(false) => "(n < 0)".to_owned(),
        Value::Number(number) => format!("({number} + n - n)"),
        Value::String(text) => text.clone(),
        other => panic!("{other}"),
    }
}

/// The policy with assumed values in the place of the words that they are assumed of.
fn as_assumed(text: &str, assumes: &Value) -> String {
    let (schema, rules) = text.split_at(SCHEMA.len());
    let mut rules = rules.to_owned();
    for assumed in assumes.as_array().expect("a list") {
        let atom = assumed["atom"].as_str().expect("words");
        assert!(rules.contains(atom), "{atom} in {rules}");
        let is_number = ["risk(", "length(", "max(", "n + ", "n - ", "n * "];
        let words = match &assumed["value"] {
            Value::Null if is_number.iter().any(|start| atom.starts_with(start)) => {
                "nothing".to_owned()
            }
            Value::Null if atom == "opened_at + 24h" => "no_time".to_owned(),
            Value::Null => "never".to_owned(),
            value => standing_in(value),
        };
        let missing = standing_in(&json!(assumed["value"].is_null()));
        rules = rules.replace(&format!("{atom} is missing"), &missing);
        rules = rules.replace(atom, &words);
        if let Some((field, calendar)) = atom.split_once(" during ") {
            let outside = format!("{field} outside {calendar}");
            rules = rules.replace(&outside, &format!("(not {words})"));
        }
        if let Some((field, calendar)) = atom.split_once(" outside ") {
            let during = format!("{field} during {calendar}");
            rules = rules.replace(&during, &format!("(not {words})"));
        }
    }
    format!("{schema}{rules}")
}

/// Whether the policy says of a case what a finding says.
fn shows(text: &str, finding: &Value) -> bool {
    let policy = policy(text);
    let witness = finding["witness"].to_string();
    let file = policy.case_from_json(&witness).expect("a case");
    let at = match finding["witness"]["case"]["opened_at"].as_str() {
        Some(at) => caseway::Instant::parse(at).expect("an instant"),
        None => panic!("{finding}"),
    };
    let decision = policy.decide(&file.case, &file.events, at);
    match finding["code"].as_str().expect("a code") {
        "gap" => {
            let one = decision.classification("one").expect("the block");
            one.value.is_none() && decision.problems().is_empty()
        }
        "conflict" => {
            let rules: Vec<&str> = finding["rules"]
                .as_array()
                .expect("rules")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let conflict = decision.problems();
            conflict.iter().any(|problem| {
                problem.code == "rule-conflict"
                    && rules.iter().all(|rule| problem.rules.contains(rule))
            })
        }
        other => panic!("{other}"),
    }
}

fn block(rules: &[String]) -> String {
    let rules = (0..).zip(rules);
    let rules: String = rules
        .map(|(place, when): (usize, _)| format!("  rule r{place} when {when} then low\n"))
        .collect();
    format!("{SCHEMA}classify one as one of {{ low < high }} {{\n  unique\n{rules}}}\n")
}

fn condition() -> impl Strategy<Value = String> {
    let atom = || prop::sample::select(ATOMS).prop_map(|(atom, _)| atom.to_owned());
    let part = || {
        prop_oneof![
            2 => atom(),
            1 => atom().prop_map(|atom| format!("not ({atom})")),
        ]
    };
    prop_oneof![
        part(),
        (part(), part(), any::<bool>())
            .prop_map(|(a, b, and)| { format!("({a}) {} ({b})", if and { "and" } else { "or" }) }),
    ]
}

proptest! {
    #![proptest_config(batch(60))]

    /// Every witness that is told shows its finding, of the policy as it is or as it is assumed.
    #[test]
    fn told_witnesses_are_decided_as_told(rules in prop::collection::vec(condition(), 2..5)) {
        let text = block(&rules);
        let report = report(&text);
        for finding in report["findings"].as_array().expect("findings") {
            let code = finding["code"].as_str().expect("a code");
            if !["gap", "conflict"].contains(&code) {
                continue;
            }
            let assumes = &finding["assumes"];
            prop_assert_eq!(finding["certain"] == json!(true), *assumes == json!([]));
            let as_it_is = shows(&text, finding);
            let stubbed = || {
                *assumes != json!([]) && shows(&as_assumed(&text, assumes), finding)
            };
            prop_assert!(as_it_is || stubbed(), "{} {}", finding, text);
            for assumed in assumes.as_array().expect("a list") {
                let atom = assumed["atom"].as_str().expect("words");
                let known = ATOMS.iter().any(|(_, parts)| parts.contains(&atom));
                prop_assert!(known, "{}", atom);
            }
        }
    }
}

/// What is told of two rules of a `unique` block, or one: code, and what it assumes.
fn told(rules: &[&str]) -> Vec<(String, Value)> {
    let rules: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let report = report(&block(&rules));
    let findings = report["findings"].as_array().expect("findings").iter();
    let found = findings.filter(|finding| {
        let code = finding["code"].as_str();
        ["gap", "conflict"].contains(&code.expect("a code"))
    });
    found
        .map(|finding| {
            assert!(
                shows(&block(&rules), finding)
                    || shows(&as_assumed(&block(&rules), &finding["assumes"]), finding),
                "{finding}"
            );
            let code = finding["code"].as_str().expect("a code");
            (code.to_owned(), finding["assumes"].clone())
        })
        .collect()
}

/// Each kind of part with rules of which something is told, and a twin of which nothing is.
#[test]
fn each_kind_of_part_is_assumed_and_replayed() {
    let assumes = |atom: &str, value: Value| json!([{"atom": atom, "value": value}]);
    let gap = |assumes: Value| vec![("gap".to_owned(), assumes)];
    let conflict = |assumes: Value| vec![("conflict".to_owned(), assumes)];
    let nothing = Vec::new;
    for (rules, found) in [
        // A script may give no answer; asking for that closes the gap.
        (
            &["risk(n) >= 50", "risk(n) < 50"][..],
            gap(assumes("risk(n)", Value::Null)),
        ),
        (
            &["risk(n) >= 50", "risk(n) < 50", "risk(n) is missing"],
            nothing(),
        ),
        // An answer that the script never gives is one that it might give.
        (
            &["risk(n) >= 20", "risk(n) < 90", "risk(n) is missing"],
            conflict(assumes("risk(n)", json!(20))),
        ),
        // Beyond its bounds there is none.
        (&["risk(n) >= 101", "n >= 0"], nothing()),
        // A pattern that no text matches is not looked into.
        (
            &["summary matches r\"a\\bb\"", "n >= 0"],
            conflict(assumes("summary matches r\"a\\bb\"", json!(true))),
        ),
        (
            &[
                "summary matches r\"a\\bb\"",
                "not summary matches r\"a\\bb\"",
            ],
            nothing(),
        ),
        // Two calendars of the same hours.
        (
            &["opened_at during office", "opened_at outside same"],
            vec![
                (
                    "gap".to_owned(),
                    json!([
                        {"atom": "opened_at during office", "value": false},
                        {"atom": "opened_at outside same", "value": false}
                    ]),
                ),
                (
                    "conflict".to_owned(),
                    json!([
                        {"atom": "opened_at during office", "value": true},
                        {"atom": "opened_at outside same", "value": true}
                    ]),
                ),
            ],
        ),
        (
            &["opened_at during office", "opened_at outside office"],
            nothing(),
        ),
        // Sums that no numbers have.
        (
            &[
                "n + n is 7 and n * 2 is 8",
                "not (n + n is 7 and n * 2 is 8)",
            ],
            nothing(),
        ),
        (
            &["n * 3 > n + n and n * 3 is 4", "n >= 0"],
            conflict(json!([
                {"atom": "n * 3", "value": 4},
                {"atom": "n + n", "value": 0}
            ])),
        ),
        // Texts that a case can show are shown by one, and still no more than assumed.
        (
            &[
                "summary contains \"ab\"",
                "summary ends with \"z\"",
                "n >= 0 and not summary contains \"ab\" and not summary ends with \"z\"",
            ],
            conflict(json!([
                {"atom": "summary contains \"ab\"", "value": true},
                {"atom": "summary ends with \"z\"", "value": true}
            ])),
        ),
        (
            &[
                "summary contains \"ab\"",
                "summary ends with \"z\" and not summary contains \"b\"",
                "not summary contains \"ab\" and (not summary ends with \"z\" or summary contains \"b\")",
            ],
            nothing(),
        ),
    ] {
        assert_eq!(told(rules), found, "{rules:?}");
    }
}

/// Fields of other bounds that are compared with each other.
#[test]
fn bounds_of_compared_fields_count() {
    let text = |when: &str| {
        format!(
            "case {{ id: text opened_at: instant x: integer from 0 to 9 y: integer from 5 to 20 }}
             classify one as one of {{ low < high }} {{
               unique
               rule a when x > y then low
               rule b when {when} then low
               rule c when x <= y and not ({when}) then high
             }}"
        )
    };
    let told = |when: &str| {
        let report = report(&text(when));
        let findings = report["findings"].as_array().expect("findings").iter();
        findings.map(|one| one["code"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(told("x < 5"), Vec::<Value>::new());
    assert_eq!(told("y > 8"), Vec::<Value>::new());
    assert_eq!(told("x < 7"), [json!("conflict")]);
    assert_eq!(told("y > 7"), [json!("conflict")]);
}

/// What rests on the old version alone is put into the old version alone.
#[test]
fn changes_that_rest_on_parts_are_shown() {
    let version = |when: &str| policy(&block(&[when.to_owned()]));
    let changes = |old: &str, new: &str| {
        let report = versions_report(&version(old), &version(new));
        assert_eq!(report.undecided, 0, "{old} {new}");
        let changes = report.blocks.iter().flat_map(|block| &block.changes);
        changes.map(|change| change.certain).collect::<Vec<_>>()
    };
    for (atom, _) in ATOMS {
        let twin = format!("{atom} or {atom}");
        assert_eq!(changes(atom, &twin), Vec::<bool>::new(), "{atom}");
    }
    for (old, new, certain) in [
        ("risk(n) >= 50", "risk(n) >= 60", false),
        ("n >= 5", "risk(n) >= 60", false),
        ("risk(n) >= 60", "n >= 5", false),
        ("n >= 5", "summary matches r\"a\\bb\"", false),
        ("summary matches r\"a\\bb\"", "n >= 5", false),
        ("n + m >= 12", "n + m >= 13", false),
        ("opened_at during office", "opened_at outside same", false),
        ("note ends with \"z\"", "note ends with \"yz\"", false),
        ("n >= 5", "n >= 6", true),
    ] {
        let found = changes(old, new);
        assert!(!found.is_empty(), "{old} {new}");
        assert!(found.contains(&certain), "{old} {new} {found:?}");
    }
}
