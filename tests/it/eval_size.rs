//! Great and deep policies: work that grows with the text, and no faster.

use super::support::{decide, policy};

#[test]
fn twenty_thousand_rules_in_a_block() {
    let mut rules = String::from("classify c as integer { first match\n");
    for at in 0..20_000 {
        rules += &format!("rule r{at} when n is {at} and word contains \"w{at}\" then {at}\n");
    }
    rules += "}\nclassify d as integer { collect\n";
    for at in 0..20_000 {
        rules += &format!("rule s{at} when n >= {at} then {at}\n");
    }
    rules += "}";
    let policy = policy("n: integer optional word: text optional", &rules);
    let decision = decide(&policy, r#""n": 19999, "word": "w19999""#);
    assert_eq!(decision["classification"]["c"]["rule"], "r19999");
    assert_eq!(
        decision["classification"]["d"]["value"]
            .as_array()
            .map(Vec::len),
        Some(20_000)
    );
    // Every rule of both blocks waits for a field.
    let decision = decide(&policy, "");
    assert_eq!(
        decision["waiting_for"][0]["rules"].as_array().map(Vec::len),
        Some(40_000)
    );
    assert_eq!(
        decision["waiting_for"][1]["rules"].as_array().map(Vec::len),
        Some(20_000)
    );
}

#[test]
fn deep_conditions_through_deep_defines() {
    let deep = |inner: &str| {
        let mut text = inner.to_owned();
        for _ in 0..45 {
            text = format!("not (a and ({text} or b))");
        }
        text
    };
    let mut rules = format!("define d0 = {}\n", deep("a"));
    for at in 1..40 {
        rules += &format!("define d{at} = {}\n", deep(&format!("d{}", at - 1)));
    }
    rules += "classify c as one of { t, f } { first match rule r when d39 then t rule s when not d39 then f }";
    let policy = policy("a: bool optional b: bool optional", &rules);
    // A thread with the stack that worker threads have.
    std::thread::spawn(move || {
        for case in ["", r#""a": true"#, r#""a": true, "b": false"#] {
            decide(&policy, case);
        }
    })
    .join()
    .expect("the stack suffices");
}

#[test]
fn as_many_conflicts_as_rules() {
    let mut rules = String::from("classify c as integer { unique\n");
    for at in 0..5_000 {
        rules +=
            &format!("rule r{at} when n * 1000000000 * 1000000000 * {at} > 0 or n > 0 then {at}\n");
    }
    rules += "}";
    let policy = policy("n: integer", &rules);
    let decision = decide(&policy, r#""n": 7"#);
    let problems = decision["problems"].as_array().expect("a list");
    let conflict = problems
        .iter()
        .find(|problem| problem["code"] == "rule-conflict")
        .expect("a conflict");
    assert_eq!(conflict["rules"].as_array().map(Vec::len), Some(5_000));
}
