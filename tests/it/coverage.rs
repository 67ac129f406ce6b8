//! `caseway test`: failures on their lines, filters, forms, and what the tests reach.

use crate::command::Folder;
use caseway::Policy;
use caseway::driver::run_tests;
use caseway::format::format;
use caseway::source::SourceId;
use caseway::suite::Options;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const SETTINGS: &str =
    "[policy]\nname = \"服务\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const POLICY: &str = r#"
case {
  id: text
  opened_at: instant
  kind "类型": one of { fault "故障", complaint "投诉", inquiry "咨询" }
  users "用户数": integer from 0 default 0
  urban: bool optional
  status: one of { open, closed } default open
}
role desk "服务台"
role boss "主管"
record ticket "工单"
define many "多名用户" = users >= 10 and kind is not inquiry
classify severity "级别" as one of { low "低" < high "高" } {
  first match
  rule many_users "多名用户" when many then high
  rule rural "农村" when urban is false then high
  otherwise low
}
classify topic as one of { line, money } {
  unique
  table {
    | kind      | users >= 5 => topic |
    | fault     | -          => line  |
    | complaint | true       => line  |
    | complaint | false      => money |
  }
  otherwise money
}
route {
  first match
  rule urgent when severity is high to boss
  otherwise to desk
}
clock resolve {
  stop when status is closed
}
sla {
  tier fast "快" when severity is high { resolve 4h }
  otherwise tier slow "慢" { resolve 48h }
}
retain ticket {
  from when status is closed
  keep at least 2 years
}
"#;

const TESTS: &str = r#"
test "故障 of many" {
  case { id: "1", opened_at: 2026-03-02T10:00:00+08:00, kind: fault, users: 12 }
  expect severity is high and route.role is boss
}
test "an inquiry that closes" {
  case { id: "2", opened_at: 2026-03-02T10:00:00+08:00, kind: inquiry, urban: true }
  event 2026-03-02T11:00:00+08:00 set { status: closed }
  expect severity is low
  expect topic is money
}
"#;

fn folder(policy: &str, tests: &str) -> Folder {
    Folder::new(&[
        ("caseway.toml", SETTINGS),
        ("desk.policy", policy),
        ("desk.test.policy", tests),
    ])
}

/// The figures of all blocks, as name to `[rules, of, clauses, of, atoms, of]`.
fn figures(report: &Value) -> BTreeMap<String, Vec<u64>> {
    let blocks = report["coverage"]["blocks"].as_array().expect("blocks");
    let figures = blocks.iter().map(|block| {
        let shares = ["rules", "clauses", "atoms"];
        let numbers = shares.iter().flat_map(|share| {
            ["covered", "total"].map(|part| block[share][part].as_u64().expect("a number"))
        });
        (
            block["block"].as_str().expect("a name").to_owned(),
            numbers.collect(),
        )
    });
    figures.collect()
}

#[test]
fn figures_are_those_counted_by_hand() {
    let ran = folder(POLICY, TESTS).run(&["test", "--coverage", "--format", "json"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.err());
    let report = ran.json();
    // Rules, clauses, atoms: reached, and how many there are; each atom counts true and false.
    let expected = [
        // `many_users`, `otherwise` of three; `urban is false` was asked once, of urban: true.
        ("classify.severity", vec![2, 3, 0, 0, 1, 2]),
        // `row 1` and `otherwise`; `kind is complaint` of two rows was never true.
        ("classify.topic", vec![2, 4, 0, 0, 8, 10]),
        ("route", vec![2, 2, 0, 0, 2, 2]),
        ("sla", vec![2, 2, 0, 0, 2, 2]),
        ("clock.resolve", vec![0, 0, 1, 1, 2, 2]),
        ("retain.ticket", vec![1, 1, 1, 1, 2, 2]),
        // `users >= 10` both ways; `kind is not inquiry` both ways.
        ("define.many", vec![0, 0, 0, 0, 4, 4]),
    ];
    let expected: BTreeMap<String, Vec<u64>> = expected
        .into_iter()
        .map(|(name, numbers)| (name.to_owned(), numbers))
        .collect();
    assert_eq!(figures(&report), expected);
    let coverage = &report["coverage"];
    assert_eq!(coverage["rules"], json!({"covered": 9, "total": 12}));
    assert_eq!(coverage["clauses"], json!({"covered": 2, "total": 2}));
    let severity = &coverage["blocks"][0];
    assert_eq!(
        severity["items"][1],
        json!({"rule": "rural", "kind": "rule", "file": "desk.policy", "line": 17, "tests": 0})
    );
    assert_eq!(severity["items"][2]["line"], 18, "otherwise has its place");
    assert_eq!(
        severity["conditions"][0],
        json!({"rule": "rural", "text": "urban is false", "file": "desk.policy", "line": 17,
            "true": 0, "false": 1})
    );
    let kinds = coverage["blocks"][1]["items"].as_array().expect("items");
    let kinds: Vec<&str> = kinds
        .iter()
        .filter_map(|item| item["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["row", "row", "row", "otherwise"]);
}

#[test]
fn layout_changes_no_figure() {
    let laid_out = format(SourceId::default(), POLICY).expect("it can be laid out");
    let squeezed: Vec<&str> = POLICY.split_inclusive('\n').map(str::trim_start).collect();
    let squeezed = squeezed.concat().replace("\nthen", " then");
    let run = |policy: &str| {
        let ran = folder(policy, TESTS).run(&["test", "--coverage", "--format", "json"]);
        assert_eq!(ran.code(), Some(0), "{}", ran.err());
        figures(&ran.json())
    };
    let figures = run(POLICY);
    assert_eq!(run(&laid_out), figures);
    assert_eq!(run(&squeezed), figures);
    // All on one line, as far as rules go.
    let one_line = POLICY
        .replace("high\n  rule", "high rule")
        .replace("high\n  otherwise", "high otherwise");
    assert_ne!(one_line, POLICY);
    assert_eq!(run(&one_line), figures);
}

/// What decisions say of rules taken, apart from any trace: the rules named in the JSON of every
/// shipped pack's own tests, decided at the end, are among those counted.
#[test]
fn rules_that_decisions_name_are_counted() {
    use caseway::{Policy, driver::run_tests, suite::Options};
    for pack in ["telecom-service", "cn-telecom-law", "broadband-complaints"] {
        let policy = Policy::load(format!("policies/{pack}")).expect("it loads");
        let options = Options {
            coverage: true,
            ..Options::default()
        };
        let coverage = run_tests(&policy, options)
            .coverage
            .expect("it was asked for");
        let counted: BTreeMap<(String, String), usize> = coverage
            .blocks
            .iter()
            .flat_map(|block| {
                let name = block.block.clone();
                block
                    .rules
                    .iter()
                    .map(move |rule| ((name.clone(), rule.rule.clone()), rule.tests))
            })
            .collect();
        let mut named = 0;
        let reader = policy.reader();
        for test in &policy.model().tests {
            let Ok(file) = reader.read_test(&test.case, &test.events, test.at) else {
                continue;
            };
            let last = file.events.last().map(|event| event.at);
            let opened = policy.model().schema.opened_at.0 as usize;
            let opened = match &file.case.slots[opened] {
                Some(caseway::value::Value::Instant(at)) => *at,
                other => panic!("{other:?}"),
            };
            let at = test.at.or(last).unwrap_or(opened);
            let decision = policy.decide(&file.case, &file.events, at);
            let decision = serde_json::to_value(&decision).expect("JSON");
            let mut seen = vec![("route".to_owned(), decision["route"]["rule"].clone())];
            for (name, block) in decision["classification"].as_object().expect("a map") {
                let block_name = format!("classify.{name}");
                match block["rules"].as_array() {
                    Some(rules) => {
                        seen.extend(rules.iter().map(|rule| (block_name.clone(), rule.clone())))
                    }
                    None => seen.push((block_name, block["rule"].clone())),
                }
            }
            seen.push(("sla".to_owned(), decision["sla"]["tier"].clone()));
            for (block, rule) in seen {
                let Some(rule) = rule.as_str() else { continue };
                let tests = counted.get(&(block.clone(), rule.to_owned()));
                assert!(
                    tests.is_some_and(|tests| *tests > 0),
                    "{pack}: {block}.{rule}"
                );
                named += 1;
            }
        }
        assert!(named > 100, "{pack}: {named}");
    }
}

#[test]
fn the_table_stands_in_columns_and_names_what_is_missing() {
    let ran = folder(POLICY, TESTS).run(&["test", "--coverage"]);
    assert_eq!(ran.code(), Some(0));
    insta::assert_snapshot!(ran.out());
    let chinese = folder(POLICY, TESTS).run(&["test", "--coverage", "--lang", "zh"]);
    insta::assert_snapshot!(chinese.out());
}

#[test]
fn a_share_that_is_asked_for_decides_the_exit_code() {
    let folder = folder(POLICY, TESTS);
    for (least, code, told) in [
        ("75", 0, ""),
        (
            "76",
            1,
            "the tests reach 9 of 12 rules, 75 %; 76 % are asked for\n",
        ),
        (
            "100",
            1,
            "the tests reach 9 of 12 rules, 75 %; 100 % are asked for\n",
        ),
    ] {
        let ran = folder.run(&["test", "--min-coverage", least]);
        assert_eq!(
            (ran.code(), ran.err().as_str()),
            (Some(code), told),
            "{least}"
        );
        assert!(ran.out().contains("\ncoverage "), "{}", ran.out());
    }
    for wrong in ["101", "-1", "many"] {
        assert_eq!(
            folder.run(&["test", "--min-coverage", wrong]).code(),
            Some(2)
        );
    }
}

#[test]
fn lcov_has_rules_as_functions_and_conditions_as_branches() {
    let folder = folder(POLICY, TESTS);
    let ran = folder.run(&["test", "--lcov", "coverage.info"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.err());
    let text = folder.read("coverage.info");
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in text.lines() {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        found.entry(key).or_default().push(value);
    }
    assert_eq!(found["SF"], ["desk.policy"]);
    assert_eq!(found["end_of_record"].len(), 1);
    let number = |key: &str| found[key][0].parse::<usize>().expect("a number");
    assert_eq!(
        (number("FNF"), found["FN"].len(), found["FNDA"].len()),
        (14, 14, 14)
    );
    assert_eq!((number("FNH"), number("BRF")), (11, found["BRDA"].len()));
    let hit = found["BRDA"]
        .iter()
        .filter(|line| !line.ends_with(",0") && !line.ends_with(",-"));
    assert_eq!(number("BRH"), hit.count());
    assert_eq!((number("LF"), number("LH")), (14, 11));
    assert_eq!(found["DA"].len(), 14);
    assert!(found["FN"].contains(&"17,classify.severity.rural"));
    assert!(found["FNDA"].contains(&"0,classify.severity.rural"));
    assert!(found["DA"].contains(&"17,0") && found["DA"].contains(&"16,1"));
    let outside = folder.run(&["test", "--lcov", "nowhere/coverage.info"]);
    assert_eq!(outside.code(), Some(2));
    assert!(
        outside
            .err()
            .contains("cannot write `nowhere/coverage.info`"),
        "{}",
        outside.err()
    );
}

const FAILING: &str = r#"
test "投诉 <&> \"quoted\"" {
  case { id: "1", opened_at: 2026-03-02T10:00:00+08:00, kind: complaint, users: 12 }
  expect topic is line
  expect severity is low and sla.tier is slow
}
test "unknown" {
  case { id: "2", opened_at: 2026-03-02T10:00:00+08:00, kind: inquiry }
  expect severity is high
}
test "refused" {
  case { id: "3", opened_at: 2026-03-02T10:00:00+08:00, kind: inquiry }
  expect refused "kind"
}
"#;

#[test]
fn a_failure_stands_on_its_line_with_the_rule_that_decided() {
    let folder = folder(POLICY, FAILING);
    let ran = folder.run(&["test"]);
    assert_eq!(ran.code(), Some(1));
    insta::assert_snapshot!(ran.out());
    insta::assert_snapshot!(folder.run(&["test", "--lang", "zh"]).out());
    let report = folder.run(&["test", "--format", "json"]).json();
    let failure = &report["tests"][0]["failures"][0];
    assert_eq!(failure["expect"], "severity is low and sla.tier is slow");
    assert_eq!(failure["got"], "severity is high, sla.tier is fast");
    assert_eq!(failure["line"], 5);
    assert_eq!(
        failure["rules"],
        json!([
            {"block": "classify.severity", "rule": "many_users", "waiting_for": []},
            {"block": "sla", "rule": "fast", "waiting_for": []},
        ])
    );
    let waits = &report["tests"][1]["failures"][0]["rules"][0];
    assert_eq!(waits["waiting_for"], json!(["urban"]));
}

#[test]
fn junit_is_xml_with_every_test_and_failure() {
    let folder = folder(POLICY, FAILING);
    let ran = folder.run(&["test", "--format", "junit"]);
    assert_eq!(ran.code(), Some(1));
    let text = ran.out();
    let document = roxmltree::Document::parse(&text).expect("XML");
    let nodes = |name: &str| -> Vec<roxmltree::Node<'_, '_>> {
        document
            .descendants()
            .filter(|node| node.has_tag_name(name))
            .collect()
    };
    let suite = nodes("testsuite")[0];
    assert_eq!(suite.attribute("name"), Some("服务"));
    assert_eq!(
        (suite.attribute("tests"), suite.attribute("failures")),
        (Some("3"), Some("3"))
    );
    let cases = nodes("testcase");
    assert_eq!(cases[0].attribute("name"), Some("投诉 <&> \"quoted\""));
    assert_eq!(cases[0].attribute("classname"), Some("desk.test.policy"));
    let failure = nodes("failure")[0];
    assert_eq!(failure.attribute("type"), Some("test-failed"));
    let words = failure.text().expect("words");
    assert!(
        words.contains("desk.test.policy:5: expect severity is low"),
        "{words}"
    );
    assert!(words.contains("classify.severity: many_users"), "{words}");
    assert_eq!(
        folder.run(&["test", "--format", "junit"]).out(),
        text,
        "the same bytes again"
    );
}

#[test]
fn a_filter_picks_tests_by_their_names() {
    let folder = folder(POLICY, TESTS);
    for (filter, out) in [
        (
            "INQUIRY",
            "ok   an inquiry that closes (desk.test.policy:6)\n1 passed, 0 failed, 1 left out\n",
        ),
        (
            "故障",
            "ok   故障 of many (desk.test.policy:2)\n1 passed, 0 failed, 1 left out\n",
        ),
    ] {
        let ran = folder.run(&["test", "--filter", filter]);
        assert_eq!((ran.code(), ran.out().as_str()), (Some(0), out), "{filter}");
    }
    let none = folder.run(&["test", "--filter", "nobody"]);
    assert_eq!(none.code(), Some(2));
    assert_eq!(
        none.err(),
        "error[bad-usage]: no test has `nobody` in its name\n"
    );
    let json = folder
        .run(&["test", "--filter", "closes", "--format", "json"])
        .json();
    assert_eq!((&json["left_out"], &json["passed"]), (&json!(1), &json!(1)));
    let all = folder.run(&["test", "--format", "json"]).json();
    assert_eq!(all.get("left_out"), None);
}

#[test]
fn the_shipped_policies_reach_every_rule_and_clause() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for parent in ["policies", "templates"] {
        for folder in std::fs::read_dir(root.join(parent)).expect("a folder") {
            let folder = folder.expect("a folder").path();
            let policy = Policy::load(&folder).expect("a policy");
            let options = Options {
                filter: None,
                coverage: true,
            };
            let report = run_tests(&policy, options);
            let coverage = report.coverage.expect("coverage was asked for");
            let missing: Vec<String> = coverage
                .blocks
                .iter()
                .flat_map(|block| {
                    let missing = block.rules.iter().filter(|rule| rule.tests == 0);
                    missing.map(|rule| format!("{}.{}", block.block, rule.rule))
                })
                .collect();
            assert_eq!(missing, [""; 0], "{}", folder.display());
            assert!(coverage.shares.rules.total > 0, "{}", folder.display());
            assert_eq!(report.failed, 0, "{}", folder.display());
            seen += 1;
        }
    }
    assert!(seen >= 7, "{seen} policies");
}
