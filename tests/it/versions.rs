//! `caseway diff`: what reviewers and programs are told of two versions.

use crate::command::Folder;
use caseway::Policy;
use caseway::driver::versions_report;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const SETTINGS: &str =
    "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const CASE: &str = "case {
  id: text
  opened_at: instant
  kind: one of { fault, complaint, inquiry }
  n: integer from 0 to 9 optional
}
role desk
role engineer
clock resolve { stop when n is present }
";

fn policy(rules: &str) -> Policy {
    let text = format!("{CASE}{rules}");
    Policy::from_sources([("caseway.toml", SETTINGS), ("p.policy", &text)])
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What differs, without witnesses.
fn told(old: &str, new: &str) -> Value {
    let report = versions_report(&policy(old), &policy(new));
    let mut report = serde_json::to_value(report).expect("JSON");
    for block in report["blocks"].as_array_mut().expect("blocks") {
        for change in block["changes"].as_array_mut().expect("changes") {
            change.as_object_mut().expect("a change").remove("witness");
        }
    }
    report
}

const RULES: &str = "classify level as one of { low < high } {
  first match
  rule fault \"Fault\" when kind is fault then high because \"1.1\"
  rule many when kind is complaint and n >= 3 then high
  otherwise low
}
route { first match rule high when level is high to engineer otherwise to desk }
sla {
  tier high when level is high { resolve 4h }
  otherwise tier low { resolve 8h }
}
";

#[test]
fn names_labels_citations_and_order_are_no_change() {
    let same = "classify level as one of { low < high } {
      first match
      rule several when n >= 3 and kind is complaint then high
      rule fault \"Breakdown\" when not (kind is complaint or kind is inquiry) then high because \"1.2\"
      otherwise low
    }
    route { first match rule high when level > low to engineer otherwise to desk }
    sla {
      tier high when level is high { resolve 4h }
      otherwise tier low { resolve 8h }
    }";
    assert_eq!(
        told(RULES, same),
        json!({
            "changed": false,
            "schema": [],
            "blocks": [],
            "wording": [
                {"subject": "classify.level.fault", "change": "because", "from": "1.1", "to": "1.2"},
                {"subject": "classify.level.fault", "change": "label", "from": "Fault", "to": "Breakdown"},
                {"subject": "classify.level.many", "change": "removed", "from": "many", "to": null},
                {"subject": "classify.level.several", "change": "added", "from": null, "to": "several"},
            ],
            "undecided": 0,
        })
    );
}

#[test]
fn a_changed_limit_is_told_with_what_follows_from_it() {
    let other = RULES
        .replace("n >= 3", "n >= 2")
        .replace("resolve 8h", "resolve 9h");
    let report = told(RULES, &other);
    assert_eq!(report["changed"], true);
    let blocks: Vec<&Value> = report["blocks"]
        .as_array()
        .expect("blocks")
        .iter()
        .collect();
    let side = |outcome: &str, rule: &str| json!({"outcome": outcome, "rule": rule});
    assert_eq!(
        *blocks[0],
        json!({"block": "classify.level", "changes": [
            {"from": side("low", "otherwise"), "to": side("high", "many"), "certain": true},
        ]})
    );
    let names: Vec<&Value> = blocks.iter().map(|block| &block["block"]).collect();
    assert_eq!(names, ["classify.level", "route", "sla"]);
    let tiers: Vec<_> = blocks[2]["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| {
            (
                &change["from"]["targets"]["resolve"],
                &change["to"]["targets"]["resolve"],
            )
        })
        .collect();
    assert_eq!(
        tiers,
        [(&json!("8h"), &json!("4h")), (&json!("8h"), &json!("9h"))]
    );
}

#[test]
fn cases_that_both_versions_admit_are_compared_and_the_others_told_apart() {
    let with = |fields: &str, rules: &str| {
        let text = CASE.replace("  n: integer", &format!("  {fields}\n  n: integer")) + rules;
        Policy::from_sources([("caseway.toml", SETTINGS), ("p.policy", &text)]).expect("a policy")
    };
    let old = with("", RULES);
    let new = with(
        "vip: bool default false",
        &RULES.replace("n >= 3", "(n >= 3 or vip)"),
    );
    let report = versions_report(&old, &new);
    assert!(report.blocks.is_empty(), "{:?}", report.blocks);
    let schema: Vec<_> = report
        .schema
        .iter()
        .map(|one| (one.path.as_str(), one.change))
        .collect();
    assert_eq!(schema, [("vip", "added")]);
    assert!(report.changed);
}

#[test]
fn members_that_stand_elsewhere_are_the_same_members() {
    let moved = |kinds: &str| {
        let text = CASE.replace("fault, complaint, inquiry", kinds) + RULES;
        Policy::from_sources([("caseway.toml", SETTINGS), ("p.policy", &text)]).expect("a policy")
    };
    let report = versions_report(
        &moved("fault, complaint, inquiry"),
        &moved("other, inquiry, fault, complaint"),
    );
    assert!(report.blocks.is_empty(), "{:?}", report.blocks);
    assert_eq!(report.schema.len(), 1);
}

/// The files of a shipped policy in a folder of their own.
fn copy(name: &str, to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("policies")
        .join(name);
    fn walk(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in from.read_dir().expect("a folder") {
            let path = entry.expect("readable").path();
            let target = to.join(path.file_name().expect("a name"));
            match path.is_dir() {
                true => walk(&path, &target),
                false => {
                    std::fs::copy(&path, &target).expect("a file");
                }
            }
        }
    }
    walk(&from, to);
}

#[test]
fn other_names_of_files_comments_and_layout_are_proved_to_change_nothing() {
    let folder = Folder::new(&[("start", "")]);
    let (old, new) = (folder.0.join("old"), folder.0.join("new"));
    for name in ["telecom-service", "cn-telecom-law", "broadband-complaints"] {
        for version in [&old, &new] {
            let _ = std::fs::remove_dir_all(version);
            copy(name, version);
        }
        let mut at = 0;
        for entry in new.read_dir().expect("a folder") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|ending| ending == "policy") {
                let text = std::fs::read_to_string(&path).expect("a text");
                let text = text
                    .replace("\n  ", "\n      ")
                    .replace(" when ", "   when ");
                std::fs::remove_file(&path).expect("removed");
                at += 1;
                std::fs::write(
                    new.join(format!("z{at}.policy")),
                    format!("# Anew.\n{text}"),
                )
                .expect("written");
            }
        }
        let ran = folder.run(&["diff", "old", "new"]);
        let out = ran.out();
        assert_eq!(ran.code(), Some(0), "{name}: {out}");
        assert!(out.contains("no change in meaning"), "{name}: {out}");
    }
}

#[test]
fn a_revision_of_git_and_recorded_cases_are_compared() {
    let folder = Folder::new(&[
        ("p/caseway.toml", SETTINGS),
        ("p/p.policy", &format!("{CASE}{RULES}")),
        (
            "cases.ndjson",
            "{\"id\":\"A\",\"opened_at\":\"2026-03-02T10:00:00+08:00\",\"kind\":\"complaint\",\"n\":2}\n\
             {\"id\":\"B\",\"opened_at\":\"2026-03-02T10:00:00+08:00\",\"kind\":\"fault\"}\n",
        ),
    ]);
    let git = |arguments: &[&str]| {
        let ran = Command::new("git")
            .arg("-C")
            .arg(&folder.0)
            .args(arguments)
            .output();
        let ran = ran.expect("git runs");
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "-qm",
        "first",
    ]);
    let place = folder.0.join("p");
    let changed = format!("{CASE}{RULES}").replace("n >= 3", "n >= 2");
    std::fs::write(place.join("p.policy"), changed).expect("written");
    let ran = folder.run(&[
        "diff",
        "--git",
        "HEAD",
        "p",
        "--cases",
        "cases.ndjson",
        "--format",
        "json",
        "--at",
        "2026-03-02T12:00:00+08:00",
    ]);
    assert_eq!(ran.code(), Some(1), "{}", ran.out());
    let report: Value = serde_json::from_str(&ran.out()).expect("JSON");
    assert_eq!(report["cases"]["total"], 2);
    let changed = report["cases"]["changed"].as_array().expect("cases");
    assert_eq!(changed.len(), 1, "{report}");
    assert_eq!(
        (&changed[0]["line"], &changed[0]["case"]),
        (&json!(1), &json!("A"))
    );
    let paths = changed[0]["paths"].as_array().expect("paths");
    for path in [
        "classification.level.value",
        "route.role",
        "sla.tier",
        "sla.clocks.resolve.due",
    ] {
        assert!(paths.contains(&json!(path)), "{path} of {paths:?}");
    }
    let moves = report["cases"]["moves"].as_array().expect("moves");
    let role = json!({"path": "route.role", "from": "desk", "to": "engineer", "cases": 1});
    assert!(moves.contains(&role), "{moves:?}");

    for arguments in [
        &["diff", "--git", "no-such-revision", "p"][..],
        &["diff", "p"],
    ] {
        assert_eq!(folder.run(arguments).code(), Some(2), "{arguments:?}");
    }
}
