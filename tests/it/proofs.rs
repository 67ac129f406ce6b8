//! What `caseway lint` says of all cases: its findings as programs read them, the shipped policies, and
//! random cases against what was proved.

use crate::random_cases::random_case;
use crate::small_policies::{SCHEMAS, drawn};
use caseway::driver::{
    check_as_of, generated_tests, lint_report, prove_sources, run_tests, witness_tests,
};
use caseway::eval::{RuleResult, TracedBlock};
use caseway::source::SourceId;
use caseway::suite::Options;
use caseway::{Instant, Policy};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

const SETTINGS: &str =
    "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn today() -> Instant {
    Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant")
}

fn report(text: &str) -> Value {
    let files = [("caseway.toml", SETTINGS), ("p.policy", text)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let checked = prove_sources(files).expect("a folder");
    serde_json::to_value(lint_report(&checked)).expect("JSON")
}

/// A pattern that ignores case is another one than one of the same text that does not.
#[test]
fn patterns_with_and_without_case_are_told_apart() {
    let found = |second: &str| {
        let text = format!(
            "case {{ id: text opened_at: instant said: text }}
             classify tone as one of {{ calm, loud, other }} {{
               first match
               rule loud when said matches r\"urgent\" then loud
               rule calm when {second} then calm
               otherwise other
             }}"
        );
        let findings = report(&text)["findings"].clone();
        let codes = findings.as_array().expect("a list").iter();
        let codes: Vec<String> = codes
            .filter(|finding| finding["subject"] == "classify.tone.calm")
            .map(|finding| finding["code"].to_string())
            .collect();
        codes
    };
    assert_eq!(found("said matches r\"urgent\" ignoring case"), [""; 0]);
    let both = "said matches r\"urgent\" ignoring case and not (said matches r\"urgent\")";
    assert!(
        !found(both).iter().any(|code| code.contains("never")),
        "{:?}",
        found(both)
    );
    assert!(!found("said matches r\"urgent\"").is_empty());
}

/// The policies of this project.
fn shipped() -> Vec<std::path::PathBuf> {
    let folders = ["policies", "templates"].map(|folder| root().join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| folder.read_dir().expect("a folder"));
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    found.retain(|path| path.join("caseway.toml").is_file());
    found.sort();
    assert!(found.len() >= 7, "{found:?}");
    found
}

#[test]
fn nothing_is_found_in_shipped_policies() {
    for folder in shipped() {
        let checked = check_as_of(&folder, today()).expect("a folder");
        let found: Vec<_> = checked
            .findings
            .iter()
            .map(|one| (one.code, &one.subject))
            .collect();
        assert!(found.is_empty(), "{}: {found:?}", folder.display());
        assert_eq!(checked.undecided, 0, "{}", folder.display());
        for promise in &checked.guarantees {
            let (name, word) = (&promise.name, promise.proof.word());
            assert_eq!(word, "proved", "{}: {name}", folder.display());
        }
    }
}

/// So many cases of each shipped policy, or as many as `PROPTEST_CASES` says.
#[test]
fn what_is_proved_holds_for_random_cases() {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let cases = asked.and_then(|text| text.parse().ok()).unwrap_or(300);
    let mut kept = 0;
    for folder in shipped() {
        let policy = Policy::load(&folder).expect("a policy");
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
        let counted = std::cell::Cell::new(0);
        let outcome = runner.run(&random_case(&policy), |case| {
            let trace = policy.trace(&case.case, &case.events, case.at.expect("an instant"));
            for block in &trace.blocks {
                if let TracedBlock::Guarantee(_) = block.block {
                    let results: Vec<_> = block.rules.iter().map(|rule| rule.result).collect();
                    let broken = results[0] == RuleResult::True && results[1] != RuleResult::True;
                    prop_assert!(!broken, "{:?}", block.block);
                    counted.set(counted.get() + u64::from(results[0] == RuleResult::True));
                }
            }
            // No case falls through, and no two rules of a `unique` block take it.
            let decision = policy.decide(&case.case, &case.events, case.at.expect("an instant"));
            for block in &policy.program().classifications {
                let found = decision
                    .classification(&block.named.name)
                    .expect("the block");
                prop_assert!(found.value.is_some(), "{}", block.named.name);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        kept += counted.get();
    }
    assert!(kept > 100, "guarantees speak of {kept} cases only");
}

/// Whether a field is unset by being missing is asked with the field held against values, which are further
/// constants for what it is compared with; cases that are shown later have to know of them.
#[test]
fn fields_compared_with_each_other_lie_as_a_finding_says() {
    let report = report(
        "case { id: text opened_at: instant k: one of { x, y } optional since: date optional due: date }
         classify two as one of { l, m } {
           first match
           rule r0 when since is due and k is not x then l
         }
         guarantee g { if since < due then two is not m }",
    );
    assert_eq!(report["summary"]["undecided"], json!(0));
    assert_eq!(
        report["guarantees"],
        json!([{"name": "g", "status": "broken"}])
    );
    let told = told(&report);
    let broken = told.iter().find(|one| one["code"] == "guarantee-broken");
    let case = &broken.expect("it is broken")["case"];
    assert!(case["since"].as_str() < case["due"].as_str(), "{case}");
}

/// A case that the evaluator decides otherwise is counted as undecided, or is a panic here.
#[test]
fn cases_that_show_something_of_random_policies_are_decided_so() {
    let mut shown = 0;
    for seed in 0..24 {
        let sample = drawn(seed, usize::try_from(seed).expect("few") % SCHEMAS.len());
        let report = report(&sample.text);
        // What endlessly many values do of a field that is compared with another may stay unsettled.
        if !sample.text.contains(" due") {
            assert_eq!(report["summary"]["undecided"], json!(0), "{}", sample.text);
        }
        let findings = report["findings"].as_array().expect("findings");
        let with_case = findings
            .iter()
            .filter(|one| !one["witness"]["case"].is_null());
        shown += with_case.count();
    }
    assert!(shown > 40, "{shown}");
}

/// The parts of a report that say what was found.
fn told(report: &Value) -> Vec<Value> {
    let findings = report["findings"].as_array().expect("findings");
    let told = findings.iter().map(|finding| {
        let keys = ["code", "level", "subject", "rules", "certain", "assumes"];
        let mut told = serde_json::Map::new();
        for key in keys {
            if finding.get(key).is_some_and(|value| *value != json!([])) {
                told.insert(key.to_owned(), finding[key].clone());
            }
        }
        told.insert("case".to_owned(), finding["witness"]["case"].clone());
        Value::Object(told)
    });
    told.collect()
}

#[test]
fn findings_have_their_subjects_rules_and_witnesses() {
    let report = report(
        "case { id: text opened_at: instant
           kind: one of { fault, complaint }
           n: integer from 0 to 9 optional
         }
         role desk
         classify one as one of { low < high } {
           first match
           rule a when n >= 5 then high
           rule b when n < 5 then low
           rule c when n >= 7 then high
         }
         classify two as one of { low < high } {
           unique
           rule a when kind is fault then high
           rule b when n is missing or n > 2 then low
           otherwise low
         }
         route { first match rule never when one is high and n < 3 to desk otherwise to desk }
         guarantee g { if kind is fault then two is high }",
    );
    let case =
        |kind: &str| json!({"id": "W1", "opened_at": "2026-03-02T10:00:00+08:00", "kind": kind});
    let mut broken = case("fault");
    broken["n"] = Value::Null;
    broken.as_object_mut().expect("an object").remove("n");
    assert_eq!(
        told(&report),
        [
            json!({"code": "gap", "level": "error", "subject": "classify.one", "certain": true, "case": case("fault")}),
            json!({"code": "unreachable-rule", "level": "error", "subject": "classify.one.c", "rules": ["a"], "certain": true, "case": null}),
            json!({"code": "conflict", "level": "error", "subject": "classify.two", "rules": ["a", "b"], "certain": true, "case": case("fault")}),
            json!({"code": "never-matches", "level": "error", "subject": "route.never", "certain": true, "case": null}),
            json!({"code": "guarantee-broken", "level": "error", "subject": "guarantee.g", "certain": true, "case": broken}),
        ]
    );
    assert_eq!(
        report["guarantees"],
        json!([{"name": "g", "status": "broken"}])
    );
    assert_eq!(
        report["summary"],
        json!({"errors": 5, "warnings": 0, "undecided": 0})
    );
}

#[test]
fn what_rests_on_a_script_says_so() {
    let files = [
        ("caseway.toml", SETTINGS),
        ("risk.rhai", "fn risk(n) { n * 2 }"),
        (
            "p.policy",
            "case { id: text opened_at: instant n: integer from 0 to 9 }
             role desk
             script \"risk.rhai\" { fn risk(n: integer) -> integer from 0 to 100 }
             route {
               first match
               rule high when risk(n) >= 50 to desk
               rule low when risk(n) < 50 to desk
               rule both when risk(n) >= 60 to desk
             }",
        ),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let checked = prove_sources(files).expect("a folder");
    let report = serde_json::to_value(lint_report(&checked)).expect("JSON");
    let found: Vec<_> = told(&report)
        .into_iter()
        .map(|one| {
            (
                one["code"].clone(),
                one["certain"].clone(),
                one.get("assumes").cloned(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                json!("gap"),
                json!(false),
                Some(json!([{"atom": "risk(n)", "value": null}]))
            ),
            (json!("unreachable-rule"), json!(true), None),
        ],
        "{report}"
    );
}

#[test]
fn a_guarantee_that_rests_on_a_script_is_undecided_unless_a_case_breaks_it() {
    let status = |script: &str| {
        let files = [
            ("caseway.toml", SETTINGS),
            ("risk.rhai", script),
            (
                "p.policy",
                "case { id: text opened_at: instant n: integer from 0 to 9 }
                 role desk role boss
                 script \"risk.rhai\" { fn risk(n: integer) -> integer from 0 to 100 }
                 route { first match rule high when risk(n) >= 50 to boss otherwise to desk }
                 guarantee calm { if n > 2 then route.role is desk }",
            ),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let checked = prove_sources(files).expect("a folder");
        let report = serde_json::to_value(lint_report(&checked)).expect("JSON");
        (told(&report).len(), report["guarantees"][0].clone())
    };
    let reason = "it would not hold if `risk(n)` came to 50, which cannot be looked into";
    assert_eq!(
        status("fn risk(n) { n * 2 }"),
        (
            0,
            json!({"name": "calm", "status": "undecided", "reason": reason})
        )
    );
    assert_eq!(
        status("fn risk(n) { n * 20 }"),
        (1, json!({"name": "calm", "status": "broken"}))
    );
}

/// A policy of the project without its tests.
fn without_tests(folder: &Path) -> Vec<(String, String)> {
    fn walk(root: &Path, at: &Path, files: &mut Vec<(String, String)>) {
        for entry in at.read_dir().expect("a folder") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                walk(root, &path, files);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(root).expect("inside").to_string_lossy();
                let mut kept = Vec::new();
                let mut inside = false;
                for line in text.lines() {
                    inside |= name.ends_with(".policy") && line.starts_with("test \"");
                    if !inside {
                        kept.push(line);
                    }
                    inside &= line != "}";
                }
                files.push((name.into_owned(), format!("{}\n", kept.join("\n"))));
            }
        }
    }
    let mut files = Vec::new();
    walk(folder, folder, &mut files);
    files
}

/// What the generated suite of a policy reaches; it passes, and is laid out as `caseway fmt` does.
fn generated(mut files: Vec<(String, String)>) -> (caseway::suite::Coverage, String) {
    let policy = Policy::from_sources(files.clone()).expect("a policy");
    let tests = generated_tests(&policy);
    assert_eq!(
        caseway::format::format(SourceId(0), &tests),
        Ok(tests.clone())
    );
    files.push(("generated.policy".to_owned(), tests.clone()));
    let policy = Policy::from_sources(files).unwrap_or_else(|error| panic!("{error}\n{tests}"));
    let report = run_tests(
        &policy,
        Options {
            filter: None,
            coverage: true,
        },
    );
    assert_eq!(report.failed, 0, "{tests}");
    assert!(report.passed > 1, "{tests}");
    (report.coverage.expect("coverage"), tests)
}

/// Atoms that a suite has not seen both true and false.
fn unseen(coverage: &caseway::suite::Coverage) -> Vec<String> {
    let blocks = coverage.blocks.iter();
    let unseen = blocks.flat_map(|block| {
        let atoms = block.atoms.iter();
        let unseen = atoms.filter(|atom| atom.seen_true == 0 || atom.seen_false == 0);
        unseen.map(|atom| {
            let rule = atom.rule.as_deref().unwrap_or("");
            format!("{}.{rule} {}", block.block, atom.text)
        })
    });
    unseen.collect()
}

/// A rule that others before it take every case from is shown to be true, and not said to be taken.
#[test]
fn a_rule_that_is_never_taken_is_not_said_to_be() {
    let settings = "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"UTC\"\n";
    let rules = "case { id: text opened_at: instant n: integer from 0 to 9 }
classify size as integer { first match rule any when n >= 0 then 1 rule big when n > 5 then 2 otherwise 3 }\n";
    let files = [("caseway.toml", settings), ("rules.policy", rules)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (_, tests) = generated(files.to_vec());
    assert!(tests.contains("\"classify.size.big is true\""), "{tests}");
    assert!(!tests.contains("is taken"), "{tests}");
}

/// Generated suites take every rule and clause, and see every atom both ways; but for what no case can show.
#[test]
fn generated_suites_pass_and_reach_everything() {
    for (name, impossible, most) in [
        ("policies/telecom-service", &[][..], 100),
        ("policies/telecom-service-recommended", &[], 90),
        ("policies/cn-telecom-law", &[], 100),
        (
            "policies/broadband-complaints",
            // The rules before it take the cases of every other topic.
            &["route.service_again topic in { service, other }"],
            70,
        ),
        ("templates/helpdesk", &[], 20),
        ("templates/telecom", &[], 30),
        ("templates/blank", &[], 5),
    ] {
        let (coverage, tests) = generated(without_tests(&root().join(name)));
        assert_eq!(unseen(&coverage), impossible, "{name}");
        let shares = coverage.shares;
        assert_eq!(shares.rules.covered, shares.rules.total, "{name}");
        assert_eq!(shares.clauses.covered, shares.clauses.total, "{name}");
        let count = tests.matches("test \"").count();
        assert!(count <= most, "{name}: {count} tests");
    }
}

/// A suite of a policy with one rule for each condition.
fn suite_of(fields: &str, conditions: &[&str]) -> (caseway::suite::Coverage, String) {
    let rules = conditions.iter().enumerate();
    let rules: String = rules
        .map(|(place, when)| format!("  rule r{place} when {when} then yes\n"))
        .collect();
    let text = format!(
        "case {{ id: text opened_at: instant {fields} }}
         events {{ asked }}
         script \"risk.rhai\" {{
           fn risk(n: integer) -> integer from 0 to 1000
           fn kind(word: text) -> one of {{ plain, odd }}
         }}
         calendar office {{ open mon to fri 09:00-17:00 }}
         calendar late {{ open mon to fri 16:00-20:00 }}
         classify one as one of {{ yes, no }} {{ collect\n{rules} }}"
    );
    let script =
        "fn risk(n) { n * n } fn kind(word) { if word == \"odd\" { \"odd\" } else { \"plain\" } }";
    let files = [
        ("caseway.toml", SETTINGS),
        ("risk.rhai", script),
        ("p.policy", text.as_str()),
    ];
    generated(
        files
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .to_vec(),
    )
}

#[test]
fn generated_suites_reach_what_has_to_be_searched_for() {
    let fields = "n: integer from 0 to 40 m: integer from 0 to 9 optional
        summary: text note: text optional seen_at: instant optional tags: set of text default {}
        price: decimal(2) optional";
    for condition in [
        "summary contains \"ab\" and not summary contains \"abc\"",
        "summary starts with \"re\" and summary ends with \"x\" and summary contains \"q\"",
        "summary contains \"bill\" ignoring case and not summary contains \"bill\"",
        "summary is \"Odd\" ignoring case and summary is not \"odd\"",
        "summary matches r\"^[a-c]{2,3}\\d+$\" and not summary contains \"a\"",
        "summary matches r\"(?i)\\b(cat|dog)s?\\b\" and not summary matches r\"(?i)\\bcats?\\b\"",
        "note contains all of { \"x\", \"yz\" } and not note contains any of { \"xyz\", \"q\" }",
        "length(summary) > 12 and summary contains \"a\"",
        "opened_at during office and opened_at during late",
        "opened_at outside office and not opened_at during late",
        "seen_at > opened_at + 48h",
        "date of seen_at > date of opened_at and seen_at < opened_at + 24h",
        "n + m >= 12 and n - m < 2",
        "price * 3 > 100 and price < 50",
        "max(n, m) is 7",
        "risk(n) >= 100 and risk(n) < 150",
        "(kind(summary) is odd or kind(note) is plain) and note in { \"odd\", \"even\" }",
        "count(tags) >= 2 and not tags contains \"vip\"",
    ] {
        let (coverage, tests) = suite_of(fields, &[condition]);
        assert_eq!(
            unseen(&coverage),
            Vec::<String>::new(),
            "{condition}\n{tests}"
        );
        assert_eq!(coverage.shares.rules.covered, 1, "{condition}\n{tests}");
    }
    // What cannot be is not reached, and nothing is made up.
    for (condition, atom) in [
        (
            "summary contains \"ab\" and summary matches r\"^\\d+$\"",
            "summary matches r\"^\\d+$\"",
        ),
        ("risk(n) >= 3 and risk(n) < 4", "risk(n) < 4"),
    ] {
        let (coverage, tests) = suite_of(fields, &[condition]);
        assert_eq!(coverage.shares.rules.covered, 0, "{condition}\n{tests}");
        assert!(unseen(&coverage).len() <= 2, "{condition} {atom}");
    }
}

/// Values on both sides of each limit, of every type that has an order.
#[test]
fn generated_suites_stand_on_both_sides_of_limits() {
    let fields = "n: integer from 0 to 40 optional price: decimal(2) optional
        first_day: date optional due_at: instant optional span: duration optional hour: time optional
        tags: set of text default {}
        level: one of { low < mid < high } optional";
    for (condition, sides) in [
        ("n >= 7", ["n: 6", "n: 7"]),
        ("n > 7", ["n: 7", "n: 8"]),
        ("7 > n", ["n: 6", "n: 7"]),
        ("n between 3 and 5", ["n: 2", "n: 3"]),
        ("n between 3 and 5", ["n: 5", "n: 6"]),
        ("price <= 12.50", ["price: 12.50", "price: 12.51"]),
        ("price < 12.50", ["price: 12.49", "price: 12.50"]),
        (
            "first_day >= 2026-03-01",
            ["first_day: 2026-02-28", "first_day: 2026-03-01"],
        ),
        (
            "first_day > 2026-12-31",
            ["first_day: 2026-12-31", "first_day: 2027-01-01"],
        ),
        (
            "due_at < 2026-03-01T00:00:00+08:00",
            [
                "due_at: 2026-02-28T23:59:59.999+08:00",
                "due_at: 2026-03-01T00:00:00+08:00",
            ],
        ),
        (
            "date of opened_at >= 2026-03-05",
            ["opened_at: 2026-03-04T", "opened_at: 2026-03-05T"],
        ),
        ("span > 2h", ["span: 2h ", "span: 2h1ms"]),
        ("span >= 2h", ["span: 1h59m59s999ms", "span: 2h"]),
        ("hour >= 09:00", ["hour: 08:59", "hour: 09:00"]),
        ("level >= mid", ["level: low", "level: mid"]),
        ("count(tags) > 1", ["tags: { \"", "\", \""]),
    ] {
        let (_, tests) = suite_of(fields, &[condition]);
        for side in sides {
            assert!(tests.contains(side), "{condition}: {side}\n{tests}");
        }
    }
}

#[test]
fn witnesses_as_tests_pass_as_they_stand() {
    let text = "case { id: text opened_at: instant kind: one of { fault, complaint } n: integer from 0 to 9 optional tags: set of one of { a, b } default {} }
        role desk
        role engineer
        classify two as one of { low < high } {
          unique
          rule a when kind is fault then high
          rule b when n > 2 then low
        }
        classify marks as one of { x, y } { collect rule x when tags contains a then x rule y when n is present then y }
        route { first match rule a when tags contains b to engineer rule d when two is missing to desk }";
    let files = [("caseway.toml", SETTINGS), ("p.policy", text)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let checked = prove_sources(files.clone()).expect("a folder");
    let policy = checked.policy.as_ref().expect("a policy");
    let tests = witness_tests(policy, &checked.findings);
    assert!(tests.matches("test \"").count() >= 3, "{tests}");
    let mut files = files.to_vec();
    files.push(("witnesses.policy".to_owned(), tests.clone()));
    let policy = Policy::from_sources(files).unwrap_or_else(|error| panic!("{error}\n{tests}"));
    let report = run_tests(
        &policy,
        Options {
            filter: None,
            coverage: false,
        },
    );
    assert_eq!(report.failed, 0, "{tests}");
}
