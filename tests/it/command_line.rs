//! The command as people and programs run it: the built binary, its output and its exit codes.

use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TOML: &str =
    "[policy]\nname = \"desk\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
const POLICY: &str = r#"
case {
  id: text
  opened_at: instant
  kind "类型": one of { fault "故障", complaint "投诉" }
  amount: decimal(2) optional
  urban: bool optional
  status: one of { open, closed } default open
}
events { first_response }
role engineer "工程师"
role manager "经理"
classify flags "标记" as one of { fault "报障记录", complaint "投诉记录" } {
  collect
  rule fault when kind is fault then fault
  rule complaint when kind is complaint then complaint
}
classify severity "级别" as one of { low < high } {
  first match
  rule urban when urban then high because "1.6"
  otherwise low
}
route {
  first match
  rule fault when kind is fault to engineer
  otherwise to manager
}
test "a fault goes to an engineer" {
  case { id: "T1", opened_at: 2026-03-02T10:00:00+08:00, kind: fault }
  expect route.role is engineer
}
"#;

/// A policy folder of its own for one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, policy: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("caseway-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        let folder = Folder(path);
        folder.write("caseway.toml", TOML);
        folder.write("desk.policy", policy);
        folder
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("writable");
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(&self.0, arguments, "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_caseway"))
        .env_remove("CASEWAY_LANG")
        .env("LC_ALL", "C")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // A command that refuses its arguments never reads its input.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("the command ends")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {:?}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

fn case(kind: &str) -> String {
    json!({"id": "T1", "opened_at": "2026-03-02T10:00:00+08:00", "kind": kind}).to_string()
}

#[test]
fn a_case_is_decided_from_a_file_and_from_standard_input() {
    let folder = Folder::new("eval", POLICY);
    folder.write("case.json", &case("fault"));
    let at = ["--at", "2026-03-02T11:00:00Z"];
    let file = folder.run(&[&["eval", "--case", "case.json"], &at[..]].concat());
    assert_eq!(file.status.code(), Some(0));
    let decision = json(&file);
    assert_eq!(decision["case"], "T1");
    assert_eq!(decision["at"], "2026-03-02T19:00:00+08:00");
    assert_eq!(
        decision["classification"]["severity"],
        json!({"value": "low", "rule": "otherwise", "because": []})
    );
    assert_eq!(
        decision["classification"]["flags"]["value"],
        json!(["fault"])
    );
    assert_eq!(decision["route"]["role"], "engineer");
    assert_eq!(decision["sla"], Value::Null);
    assert_eq!(
        decision["waiting_for"],
        json!([{"field": "urban", "rules": ["classify.severity.urban"]}])
    );
    for (key, nothing) in [
        ("retention", json!({})),
        ("follow_ups", json!([])),
        ("requirements", json!([])),
        ("next_change_at", Value::Null),
    ] {
        assert_eq!(decision[key], nothing, "`{key}` of a policy without any");
    }
    let input = run(
        &folder.0,
        &[&["eval", "--case", "-"], &at[..]].concat(),
        &case("fault"),
    );
    assert_eq!(input.stdout, file.stdout);
}

#[test]
fn the_card_takes_a_members_label_from_its_own_type() {
    let folder = Folder::new("card", POLICY);
    folder.write("case.json", &case("complaint"));
    let card = folder.run(&[
        "eval",
        "--case",
        "case.json",
        "--format",
        "text",
        "--at",
        "2026-03-02T11:00:00Z",
    ]);
    let text = String::from_utf8_lossy(&card.stdout).into_owned();
    assert!(text.contains("complaint 投诉记录"), "{text}");
    assert!(
        !text.contains("\u{1b}["),
        "no colour off a terminal: {text}"
    );
}

#[test]
fn what_is_wrong_with_a_case_is_one_object_and_exit_code_1() {
    let folder = Folder::new("refused", POLICY);
    for (case, code, paths) in [
        (
            r#"{"id":1,"kind":"x","amount":12.505,"extra":1}"#,
            "case-refused",
            &["amount", "extra", "id", "kind", "opened_at"][..],
        ),
        (r#"{"id":"T","#, "bad-json", &[][..]),
        (
            r#"{"case":{"id":"T","kind":"fault","opened_at":"2026-03-02T10:00:00Z"},"events":[{"at":"2026-03-02T12:00:00Z","event":"first_response"},{"at":"2026-03-02T11:00:00Z","event":"first_response"}]}"#,
            "events-out-of-order",
            &[][..],
        ),
        (
            r#"{"case":{"id":"T","kind":"fault","opened_at":"2026-03-02T10:00:00Z"},"events":[{"at":"2026-03-02T09:00:00Z","event":"first_response"}]}"#,
            "event-before-opened",
            &[][..],
        ),
    ] {
        let output = run(
            &folder.0,
            &["eval", "--case", "-", "--format", "json"],
            case,
        );
        assert_eq!(output.status.code(), Some(1), "{case}");
        let error = json(&output)["error"].clone();
        assert_eq!(error["code"], code, "{case}");
        if code.starts_with("event") {
            let place = if code == "events-out-of-order" {
                "`events[1]`"
            } else {
                "`events[0]`"
            };
            assert!(
                error["message"]
                    .as_str()
                    .is_some_and(|text| text.contains(place)),
                "{error}"
            );
        }
        let found: Vec<_> = error["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .map(|f| f["path"].as_str().unwrap_or(""))
            .collect();
        assert_eq!(found, paths, "{case}");
    }
    let early = run(
        &folder.0,
        &[
            "eval",
            "--case",
            "-",
            "--format",
            "json",
            "--at",
            "2026-01-01T00:00:00Z",
        ],
        &case("fault"),
    );
    assert_eq!(early.status.code(), Some(1));
    assert_eq!(json(&early)["error"]["code"], "at-before-opened");
}

#[test]
fn broken_policies_and_bad_usage_are_exit_code_2() {
    let broken = Folder::new("broken", "role manager\nrol engineer\n");
    let output = run(
        &broken.0,
        &["eval", "--case", "-", "--format", "json"],
        &case("fault"),
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json(&output)["error"]["code"], "policy-invalid");
    let empty = std::env::temp_dir();
    for arguments in [&["lint"][..], &["test"], &["eval", "--case", "-"]] {
        let output = run(&empty, arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    for arguments in [
        &["nonsense"][..],
        &["eval"],
        &["batch"],
        &["eval", "--case", "nowhere.json"],
        &["eval", "--case", "-", "--at", "today"],
    ] {
        let output = run(&broken.0, arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn lint_reports_everything_at_once_in_order() {
    let folder = Folder::new(
        "lint",
        "rol manager\ncase { id: text opened_at: instant }\nrole a\nrole a\n",
    );
    folder.write("b.policy", "define x = unknown_field is 1\n");
    let output = folder.run(&["lint", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    let found: Vec<_> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|f| {
            (
                f["file"].as_str().unwrap_or(""),
                f["code"].as_str().unwrap_or(""),
                f["start"]["line"].as_u64().unwrap_or(0),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("b.policy", "unknown-name", 1),
            ("desk.policy", "unknown-item", 1),
            ("desk.policy", "duplicate-name", 4)
        ]
    );
    assert_eq!(report["summary"]["errors"], 3);
    assert_eq!(report["policy"]["name"], "desk");
    let good = Folder::new("lint-good", POLICY);
    let output = good.run(&["lint", "--format", "json", "--deny", "warnings"]);
    assert_eq!(
        (output.status.code(), json(&output)["findings"].clone()),
        (Some(0), json!([]))
    );
}

#[test]
fn the_policys_own_tests_pass_or_say_what_they_got() {
    let folder = Folder::new("test", POLICY);
    assert_eq!(folder.run(&["test"]).status.code(), Some(0));
    folder.write("more.policy", "test \"wrong\" {\n  case { id: \"T\", opened_at: 2026-03-02T10:00:00Z, kind: fault }\n  expect route.role is manager\n}\n");
    let output = folder.run(&["test", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert_eq!(
        (report["passed"].as_u64(), report["failed"].as_u64()),
        (Some(1), Some(1))
    );
    let wrong = report["tests"]
        .as_array()
        .expect("tests")
        .iter()
        .find(|t| t["name"] == "wrong")
        .expect("listed");
    assert_eq!(wrong["passed"], false);
    assert_eq!(wrong["failures"][0]["expect"], "route.role is manager");
    assert!(
        wrong["failures"][0]["got"]
            .as_str()
            .is_some_and(|got| got.contains("engineer")),
        "{wrong}"
    );
}

#[test]
fn a_batch_keeps_its_order_goes_on_after_a_bad_row_and_is_the_same_for_any_jobs() {
    let folder = Folder::new("batch", POLICY);
    let mut csv = String::from("id,opened_at,kind,urban\n");
    for row in 0..3_000 {
        let kind = ["fault", "complaint", "nonsense"]
            [usize::from(row % 7 == 0) * 2 + row % 2 * usize::from(row % 7 != 0)];
        csv.push_str(&format!(
            "T{row},2026-03-02T10:00:00+08:00,{kind},{}\n",
            if row % 3 == 0 { "true" } else { "" }
        ));
    }
    folder.write("cases.csv", &csv);
    let run = |jobs: &str| {
        folder.run(&[
            "batch",
            "--input",
            "cases.csv",
            "--jobs",
            jobs,
            "--at",
            "2026-03-03T00:00:00Z",
        ])
    };
    let one = run("1");
    assert_eq!(one.status.code(), Some(1), "bad rows are exit code 1");
    assert_eq!(one.stdout, run("4").stdout);
    let lines: Vec<Value> = String::from_utf8_lossy(&one.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 3_000);
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(line["line"], at + 2);
        if at % 7 == 0 {
            assert_eq!(line["error"]["fields"][0]["code"], "not-a-member", "{line}");
        } else {
            assert_eq!(line["decision"]["case"], format!("T{at}"), "{line}");
        }
    }
    let strict = folder.run(&[
        "batch",
        "--input",
        "cases.csv",
        "--strict",
        "--at",
        "2026-03-03T00:00:00Z",
    ]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(strict.stdout.len() < one.stdout.len());
    let table = folder.run(&[
        "batch",
        "--input",
        "cases.csv",
        "--output-format",
        "csv",
        "--at",
        "2026-03-03T00:00:00Z",
    ]);
    let text = String::from_utf8_lossy(&table.stdout).into_owned();
    assert!(
        text.starts_with("line,case,error,flags,severity,role,queue,with,tier"),
        "{}",
        text.lines().next().unwrap_or("")
    );
    assert_eq!(text.lines().count(), 3_001);
}

#[test]
fn a_pipe_closed_early_ends_quietly() {
    let folder = Folder::new("pipe", POLICY);
    let mut csv = String::from("id,opened_at,kind\n");
    for row in 0..20_000 {
        csv.push_str(&format!("T{row},2026-03-02T10:00:00+08:00,fault\n"));
    }
    folder.write("cases.csv", &csv);
    let mut child = Command::new(env!("CARGO_BIN_EXE_caseway"))
        .env_remove("CASEWAY_LANG")
        .env("LC_ALL", "C")
        .args([
            "batch",
            "--input",
            "cases.csv",
            "--at",
            "2026-03-03T00:00:00Z",
        ])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn empty_and_foreign_input_is_said_plainly() {
    let folder = Folder::new("hostile", POLICY);
    for (name, bytes, code) in [
        ("empty.json", &b""[..], 1),
        ("binary.json", &b"\x00\x01\xff"[..], 1),
        (
            "bom.json",
            "\u{feff}{\"id\":\"T\",\"opened_at\":\"2026-03-02T10:00:00Z\",\"kind\":\"fault\"}"
                .as_bytes(),
            0,
        ),
        (
            "surrogate.json",
            br#"{"id":"\ud800","opened_at":"2026-03-02T10:00:00Z","kind":"fault"}"#,
            1,
        ),
        (
            "twice.json",
            br#"{"id":"T","id":"U","opened_at":"2026-03-02T10:00:00Z","kind":"fault"}"#,
            1,
        ),
    ] {
        std::fs::write(folder.0.join(name), bytes).expect("writable");
        let output = folder.run(&["eval", "--case", name, "--format", "json"]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{name}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    for (name, code) in [("empty.csv", 2), ("empty.ndjson", 0)] {
        folder.write(name, "");
        let output = folder.run(&["batch", "--input", name]);
        assert_eq!(output.status.code(), Some(code), "{name}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
    }
}
