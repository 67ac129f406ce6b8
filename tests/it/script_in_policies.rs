//! Scripts as part of a policy: called once, never in the way of a decision, checked by lint.

use super::support::{SETTINGS, decide, findings, policy_with};
use serde_json::{Value, json};

const RULES: &str = r#"script "scripts/text.rhai" {
  fn anger(summary: text) -> integer from 0 to 100
  fn endless(summary: text) -> integer
}
classify mood as one of { calm, angry } { first match
  rule shouting when anger(summary) > 50 then angry
  otherwise calm }
classify again as one of { calm, angry } { first match
  rule shouting when anger(summary) > 50 then angry
  rule stuck when endless(summary) is 1 then calm
  otherwise calm }"#;

const SCRIPT: &str = r#"
fn count(text, word) { text.split(word).len() - 1 }
fn anger(summary) { if summary == "broken" { throw "no idea" } count(summary, "!") * 30 }
fn endless(summary) { if summary == "loop" { loop {} } 2 }
"#;

fn mood(summary: &str) -> Value {
    let policy = policy_with(
        "summary: text optional",
        RULES,
        &[("scripts/text.rhai", SCRIPT)],
    );
    decide(&policy, summary)
}

#[test]
fn a_function_is_a_value() {
    let decision = mood(r#""summary": "now!! 投诉!""#);
    assert_eq!(decision["classification"]["mood"]["value"], "angry");
    assert_eq!(decision["problems"], json!([]));
    assert_eq!(
        mood(r#""summary": "please!""#)["classification"]["mood"]["rule"],
        "otherwise"
    );
}

#[test]
fn a_missing_argument_is_not_passed() {
    let decision = mood("");
    assert_eq!(decision["classification"]["mood"]["value"], "calm");
    assert_eq!(decision["problems"], json!([]));
    assert_eq!(
        decision["waiting_for"],
        json!([{"field": "summary", "rules": ["classify.mood.shouting", "classify.again.shouting"]}])
    );
}

#[test]
fn a_failing_function_is_a_problem_and_no_more() {
    for (summary, code, message) in [
        (
            "broken",
            "script-failed",
            "`anger`: line 3: Runtime error: no idea",
        ),
        (
            "!!!!",
            "script-failed",
            "`anger`: it gives the number `120`, which is outside its bounds",
        ),
    ] {
        let decision = mood(&format!(r#""summary": "{summary}""#));
        assert_eq!(decision["classification"]["mood"]["value"], "calm");
        // The answer is kept, so the second block does not ask again.
        assert_eq!(
            decision["problems"],
            json!([{"code": code, "block": "classify.mood", "rules": ["shouting"], "message": message}])
        );
    }
    let decision = mood(r#""summary": "loop""#);
    assert_eq!(decision["classification"]["again"]["value"], "calm");
    assert_eq!(decision["problems"][0]["code"], "script-limit");
    assert_eq!(
        decision["problems"][0]["message"],
        "`endless`: it takes more than 100000 steps"
    );
}

#[test]
fn scripts_are_checked_with_the_policy() {
    let check = |script: Option<&str>| {
        let mut files = vec![
            ("caseway.toml", SETTINGS),
            (
                "case.policy",
                "case { id: text opened_at: instant summary: text optional }",
            ),
            ("rules.policy", RULES),
        ];
        files.extend(script.map(|text| ("scripts/text.rhai", text)));
        findings(&files)
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>()
    };
    assert_eq!(check(Some(SCRIPT)), Vec::<String>::new());
    assert_eq!(check(Some("fn anger(s) { 1 }")), ["unknown-function"]);
    assert_eq!(
        check(Some("fn anger(s, t) { 1 }\nfn endless(s) { 1 }")),
        ["wrong-argument-count"]
    );
    assert_eq!(check(Some("fn anger(s) { 1 ")), ["script-error"]);
    assert_eq!(
        check(Some("let x = 1; fn anger(s) { 1 }\nfn endless(s) { 1 }")),
        ["script-error"]
    );
    assert_eq!(check(None), ["unreadable-file"]);
}
