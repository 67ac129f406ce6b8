//! Blocks: strategies, what a decision waits for, effective dates, events, routes and tiers.

use super::support::{decide, decide_at, policy};
use serde_json::{Value, json};

const FIELDS: &str = "a: bool optional b: bool optional c: bool optional";

/// A block with three rules in the strategy; the outcomes are ordered.
fn block(strategy: &str, outcomes: [&str; 3], otherwise: &str) -> String {
    let [a, b, c] = outcomes;
    format!(
        "classify level as one of {{ low < mid < high }} {{ {strategy}
           rule one when a then {a} because \"1.1\", \"1.2\"
           rule two when b then {b} because \"2\"
           rule three when c then {c}
           {otherwise} }}"
    )
}

fn level(policy: &caseway::Policy, case: &str) -> (Value, Value, Value) {
    let mut decision = decide(policy, case);
    let waiting = decision["waiting_for"].take();
    let problems = decision["problems"].take();
    (
        decision["classification"]["level"].take(),
        waiting,
        problems,
    )
}

const T: &str = "true";
const F: &str = "false";

fn case(a: &str, b: &str, c: &str) -> String {
    format!(r#""a": {a}, "b": {b}, "c": {c}"#)
}

#[test]
fn first_match_takes_the_first_true_rule() {
    let policy = policy(
        FIELDS,
        &block(
            "first match",
            ["low", "mid", "low"],
            "otherwise high because \"9\"",
        ),
    );
    for ((a, b, c), value, rule, because, waiting) in [
        (
            (T, T, T),
            json!("low"),
            json!("one"),
            json!(["1.1", "1.2"]),
            json!([]),
        ),
        (
            (F, T, T),
            json!("mid"),
            json!("two"),
            json!(["2"]),
            json!([]),
        ),
        (
            (F, F, T),
            json!("low"),
            json!("three"),
            json!([]),
            json!([]),
        ),
        (
            (F, F, F),
            json!("high"),
            json!("otherwise"),
            json!(["9"]),
            json!([]),
        ),
        // An unknown rule before the taken one counts when its outcome differs.
        (
            ("null", T, F),
            json!("mid"),
            json!("two"),
            json!(["2"]),
            json!([{"field": "a", "rules": ["classify.level.one"]}]),
        ),
        (
            ("null", F, T),
            json!("low"),
            json!("three"),
            json!([]),
            json!([]),
        ),
        (
            ("null", "null", T),
            json!("low"),
            json!("three"),
            json!([]),
            json!([{"field": "b", "rules": ["classify.level.two"]}]),
        ),
        // One behind it never does.
        (
            (T, "null", "null"),
            json!("low"),
            json!("one"),
            json!(["1.1", "1.2"]),
            json!([]),
        ),
        (
            (F, F, "null"),
            json!("high"),
            json!("otherwise"),
            json!(["9"]),
            json!([{"field": "c", "rules": ["classify.level.three"]}]),
        ),
    ] {
        let got = level(&policy, &case(a, b, c));
        assert_eq!(
            got,
            (
                json!({"value": value, "rule": rule, "because": because}),
                waiting,
                json!([])
            ),
            "{a} {b} {c}"
        );
    }
}

#[test]
fn no_rule_and_no_otherwise_is_no_value() {
    for strategy in ["first match", "unique", "highest"] {
        let policy = policy(FIELDS, &block(strategy, ["low", "mid", "high"], ""));
        let nothing = json!({"value": null, "rule": null});
        assert_eq!(
            level(&policy, &case(F, F, F)),
            (nothing.clone(), json!([]), json!([])),
            "{strategy}"
        );
        let waits = json!([{"field": "b", "rules": ["classify.level.two"]}]);
        assert_eq!(
            level(&policy, &case(F, "null", F)),
            (nothing, waits, json!([])),
            "{strategy}"
        );
    }
}

/// `true, false` is any known value, and `not` before it none; a missing one is unknown either way.
#[test]
fn cells_of_flags_list_values_like_others() {
    let cells = [
        ("true, false", [true, true, false]),
        ("not true, false", [false, false, false]),
        ("not true", [false, true, false]),
        ("false", [false, true, false]),
    ];
    for (cell, wanted) in cells {
        let policy = policy(
            FIELDS,
            &format!(
                "classify level as one of {{ low, high }} {{ first match
                   table {{
                     | a => level |
                     | {cell} => high |
                   }}
                   otherwise low }}"
            ),
        );
        let taken = [T, F, "null"].map(|a| {
            let (level, _, _) = level(&policy, &case(a, F, F));
            level["value"] == "high"
        });
        assert_eq!(taken, wanted, "{cell}");
    }
}

#[test]
fn unique_takes_the_only_true_rule_and_reports_two() {
    let policy = policy(
        FIELDS,
        &block("unique", ["low", "low", "mid"], "otherwise high"),
    );
    let one = json!({"value": "low", "rule": "one", "because": ["1.1", "1.2"]});
    assert_eq!(
        level(&policy, &case(T, F, F)),
        (one.clone(), json!([]), json!([]))
    );
    // One true and one unknown is the true one; only another outcome is waited for.
    let waits = json!([{"field": "c", "rules": ["classify.level.three"]}]);
    assert_eq!(
        level(&policy, &case(T, "null", "null")),
        (one, waits, json!([]))
    );
    assert_eq!(level(&policy, &case(F, F, F)).0["rule"], "otherwise");
    // Even equal outcomes are a conflict.
    let (decided, waiting, problems) = level(&policy, &case(T, T, "null"));
    assert_eq!(
        (decided, waiting),
        (json!({"value": null, "rule": null}), json!([]))
    );
    assert_eq!(
        problems,
        json!([{"code": "rule-conflict", "block": "classify.level", "rules": ["one", "two"],
        "message": "several rules of `level` are true, at most one may be: `one`, `two`"}])
    );
}

#[test]
fn highest_takes_the_greatest_outcome() {
    let policy = policy(
        FIELDS,
        &block("highest", ["mid", "high", "mid"], "otherwise low"),
    );
    for ((a, b, c), value, rule, waiting) in [
        ((T, F, T), "mid", "one", json!([])),
        ((T, T, T), "high", "two", json!([])),
        ((F, F, F), "low", "otherwise", json!([])),
        (
            (T, "null", "null"),
            "mid",
            "one",
            json!([{"field": "b", "rules": ["classify.level.two"]}]),
        ),
        (("null", T, "null"), "high", "two", json!([])),
        (
            ("null", F, F),
            "low",
            "otherwise",
            json!([{"field": "a", "rules": ["classify.level.one"]}]),
        ),
    ] {
        let (decided, waits, _) = level(&policy, &case(a, b, c));
        assert_eq!(
            (&decided["value"], &decided["rule"], waits),
            (&json!(value), &json!(rule), waiting),
            "{a} {b} {c}"
        );
    }
}

#[test]
fn collect_takes_all() {
    let policy = policy(FIELDS, &block("collect", ["high", "low", "high"], ""));
    let all = json!({"value": ["low", "high"], "rules": ["one", "two", "three"], "because": ["1.1", "1.2", "2"]});
    assert_eq!(level(&policy, &case(T, T, T)), (all, json!([]), json!([])));
    let none = json!({"value": [], "rules": [], "because": []});
    assert_eq!(level(&policy, &case(F, F, F)), (none, json!([]), json!([])));
    // Another `high` would add nothing; a `low` would.
    let waits = json!([{"field": "b", "rules": ["classify.level.two"]}]);
    let (decided, waiting, _) = level(&policy, &case(T, "null", "null"));
    assert_eq!((&decided["value"], waiting), (&json!(["high"]), waits));
}

#[test]
fn waiting_names_the_fields_that_matter() {
    let rules = "define either = b or c
        classify level as one of { low, high } { first match
          rule one when a and (b or not c) then high }
        classify second as one of { x, y } { first match
          rule from_level when level is high then x
          rule defined when either and a then y }
        role r1 role r2
        route { first match rule odd when second is x to r1 otherwise to r2 }
        clock k { stop when a }
        sla { tier t when route.role is r1 { k 1h } tier u when level is present { k 2h } otherwise tier v { k none } }";
    let policy = policy(FIELDS, rules);
    let fields = |decision: &Value| -> Vec<(String, Value)> {
        let all = decision["waiting_for"].as_array().unwrap();
        all.iter()
            .map(|w| (w["field"].as_str().unwrap().to_owned(), w["rules"].clone()))
            .collect()
    };
    // `a` is false, so the rules are false whatever the others are.
    assert_eq!(decide(&policy, r#""a": false"#)["waiting_for"], json!([]));
    // `b or not c` is settled by `b`, so `c` is not asked for.
    let decision = decide(&policy, r#""b": true"#);
    assert_eq!(
        fields(&decision),
        [(
            "a".to_owned(),
            json!([
                "classify.level.one",
                "classify.second.from_level",
                "classify.second.defined",
                "route.odd"
            ])
        )]
    );
    // A classification without a value stands for what it waits for.
    let decision = decide(&policy, r#""a": true, "c": true"#);
    assert_eq!(
        fields(&decision),
        [(
            "b".to_owned(),
            json!(["classify.level.one", "classify.second.from_level"])
        )]
    );
    assert_eq!(decision["classification"]["second"]["rule"], "defined");
    assert_eq!(decision["route"]["role"], "r2");
    assert_eq!(decision["sla"]["tier"], "v");
}

#[test]
fn a_tier_that_reads_a_missing_route_waits_for_the_routes_fields() {
    let rules = "role r1 route { first match rule one when a to r1 }
        clock k { stop when b }
        sla { tier t when route.role is r1 { k 1h } }";
    let decision = decide(&policy(FIELDS, rules), "");
    assert_eq!(
        decision["route"],
        json!({"role": null, "queue": null, "with": [], "rule": null, "because": [], "escalations": []})
    );
    assert_eq!(
        decision["sla"],
        json!({"tier": null, "because": [], "clocks": {}})
    );
    assert_eq!(
        decision["waiting_for"],
        json!([{"field": "a", "rules": ["route.one", "sla.t"]}])
    );
}

#[test]
fn routes_and_tiers() {
    let rules = "role r1 role r2 role r3 queue q
        route { unique
          rule one when a to r1 in queue q with r3, r2 because \"R1\"
          rule two when b to r2
          otherwise to r3 because \"R9\" }
        clock k { stop when c }
        sla { tier gold when route.role is r1 { k 1h because \"S1\" } otherwise tier iron { k 2h } }";
    let policy = policy(FIELDS, rules);
    let decision = decide(&policy, &case(T, F, F));
    assert_eq!(
        decision["route"],
        json!({"role": "r1", "queue": "q", "with": ["r3", "r2"], "rule": "one", "because": ["R1"], "escalations": []})
    );
    assert_eq!(decision["sla"]["tier"], "gold");
    assert_eq!(decision["sla"]["because"], json!(["S1"]));
    assert_eq!(decision["sla"]["clocks"]["k"]["target"], "1h");
    let decision = decide(&policy, &case(F, F, F));
    assert_eq!(
        decision["route"],
        json!({"role": "r3", "queue": null, "with": [], "rule": "otherwise", "because": ["R9"], "escalations": []})
    );
    assert_eq!(decision["sla"]["tier"], "iron");
    let decision = decide(&policy, &case(T, T, F));
    assert_eq!(decision["route"]["rule"], Value::Null);
    assert_eq!(decision["problems"][0]["block"], "route");
    assert_eq!(decision["problems"][0]["rules"], json!(["one", "two"]));
    assert_eq!(decision["sla"]["tier"], "iron");
}

#[test]
fn effective_dates_are_whole_days_in_the_zone_of_the_policy() {
    let rules = "classify level as one of { old, new, now } { first match
          rule n effective from 2026-03-03 by now when a then now
          rule o effective from 2026-03-01 until 2026-03-02 when a then old
          rule w when a then new }
        classify gone as one of { x } effective until 2026-03-02 { first match rule x when a then x }
        role r route effective until 2026-03-02 { first match otherwise to r }";
    let policy = policy(FIELDS, rules);
    let level = |opened: &str, at: &str| {
        let decision = decide_at(
            &policy,
            &format!(r#""a": true, "opened_at": "{opened}""#),
            "[]",
            at,
        );
        let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        (
            word(&decision["classification"]["level"]["value"]),
            word(&decision["classification"]["gone"]["value"]),
            word(&decision["route"]["role"]),
        )
    };
    let got = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    // The last millisecond of the second of March in Shanghai, and the first of the third.
    assert_eq!(
        level("2026-03-02T15:59:59.999Z", "2026-03-02T15:59:59.999Z"),
        got("old", "x", "r")
    );
    assert_eq!(
        level("2026-03-02T16:00:00Z", "2026-03-02T16:00:00Z"),
        got("now", "-", "-")
    );
    assert_eq!(
        level("2026-03-02T15:59:59Z", "2026-03-02T16:00:00Z"),
        got("now", "x", "r")
    );
    assert_eq!(
        level("2026-02-28T15:59:59Z", "2026-02-28T15:59:59Z"),
        got("new", "x", "r")
    );
}

#[test]
fn events_up_to_now_count_and_later_ones_are_counted() {
    let rules = "events { called }
        classify level as one of { low, high } { first match rule one when a and not b then high otherwise low }";
    let policy = policy(FIELDS, rules);
    let events = r#"[{"at": "2026-03-02T11:00:00+08:00", "event": "called"},
        {"at": "2026-03-02T11:00:00+08:00", "set": {"a": true}},
        {"at": "2026-03-02T12:00:00+08:00", "set": {"b": true}},
        {"at": "2026-03-02T12:00:00+08:00", "set": {"b": null}},
        {"at": "2026-03-02T13:00:00+08:00", "set": {"a": false}}]"#;
    for (at, value, waits, ignored) in [
        ("2026-03-02T10:59:59.999+08:00", "low", 2, 5),
        ("2026-03-02T11:00:00+08:00", "low", 1, 3),
        ("2026-03-02T12:00:00+08:00", "low", 1, 1),
        ("2026-03-02T13:00:00+08:00", "low", 0, 0),
    ] {
        let decision = decide_at(&policy, "", events, at);
        assert_eq!(decision["classification"]["level"]["value"], value, "{at}");
        assert_eq!(
            decision["waiting_for"].as_array().unwrap().len(),
            waits,
            "{at}"
        );
        assert_eq!(decision["ignored_events"], ignored, "{at}");
        assert_eq!(decision["at"], at);
    }
    let decision = decide_at(
        &policy,
        r#""b": false"#,
        &events.replace("null", "false"),
        "2026-03-02T12:00:00+08:00",
    );
    assert_eq!(decision["classification"]["level"]["value"], "high");
}

#[test]
fn values_are_printed_as_the_contract_says() {
    let rules = "classify amount as decimal(2) { first match otherwise 12.5 }
        classify whole as decimal(2) { first match otherwise 12 }
        classify count as integer { first match otherwise 3 }
        classify note as text { first match otherwise \"投诉 \\\"x\\\"\" }
        classify moment as instant { first match otherwise 2026-03-02T02:00:00Z }
        classify fixed as date { first match otherwise 2026-03-02 }
        classify of_day as time { first match otherwise 09:30 }
        classify day as weekday { first match otherwise wed }
        classify length as duration { first match otherwise 90m }
        classify flag as bool { first match otherwise true }
        classify tags as text { collect rule b when a then \"b\" rule a when a then \"a\" }";
    let decision = decide(&policy(FIELDS, rules), r#""a": true"#);
    for (name, value) in [
        ("amount", json!("12.50")),
        ("whole", json!("12.00")),
        ("count", json!(3)),
        ("note", json!("投诉 \"x\"")),
        ("moment", json!("2026-03-02T10:00:00+08:00")),
        ("fixed", json!("2026-03-02")),
        ("of_day", json!("09:30")),
        ("day", json!("wed")),
        ("length", json!("1h30m")),
        ("flag", json!(true)),
        ("tags", json!(["a", "b"])),
    ] {
        assert_eq!(decision["classification"][name]["value"], value, "{name}");
    }
}

#[test]
fn a_policy_of_a_case_alone_decides() {
    let policy = policy("", "");
    let decision = serde_json::to_string(
        &policy.decide(
            &policy
                .case_from_json(r#"{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00"}"#)
                .unwrap()
                .case,
            &[],
            caseway::Instant::parse("2026-03-02T10:00:00+08:00").unwrap(),
        ),
    )
    .unwrap();
    let (before, after) = decision.split_once("sha256:").unwrap();
    assert_eq!(
        before,
        r#"{"case":"T1","at":"2026-03-02T10:00:00+08:00","policy":{"name":"test","version":"1","hash":""#
    );
    let tzdb = caseway::time::tzdb_version();
    let rest = format!(
        r#"","language":1,"tzdb":"{tzdb}","holidays":{{}}}},"classification":{{}},"route":null,"sla":null,"retention":{{}},"follow_ups":[],"requirements":[],"next_change_at":null,"waiting_for":[],"problems":[],"ignored_events":0}}"#
    );
    assert_eq!(&after[64..], rest);
}

#[test]
fn long_chains_of_defines_do_not_nest() {
    let mut rules = String::from("define d0 = a or b\n");
    for at in 1..100 {
        rules += &format!(
            "define d{at} = (d{} and not (c and b)) or (a and d{0})\n",
            at - 1
        );
    }
    rules += "classify level as one of { low, high } { first match rule one when d99 then high }";
    let policy = policy(FIELDS, &rules);
    assert_eq!(
        decide(&policy, &case(T, F, F))["classification"]["level"]["value"],
        "high"
    );
    assert_eq!(
        decide(&policy, "")["waiting_for"].as_array().unwrap().len(),
        3
    );
}
