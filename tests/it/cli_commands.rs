//! What the commands print, where, and the exit codes they end with.

use crate::command::Folder;
use crate::support::SETTINGS;
use serde_json::json;

const CASE: &str = r#"case { id: text  opened_at: instant  kind: one of { fault "故障", inquiry } default inquiry
  outage: bool default false  urban: bool optional  customer: { id: text } }
events { first_response }
role engineer "技术支持工程师"  role desk  queue noc "网络运维"
classify severity "级别" as one of { general "一般" < critical "紧急" } {
  first match
  rule outage "网络中断" when outage then critical because "1.6 优先处理"
  otherwise general
}
route {
  first match
  rule rural when urban is false to desk
  rule critical when severity is critical to engineer in queue noc with desk
  otherwise to desk
}
calendar business { open mon to fri 09:00-12:00, 13:00-18:00  holidays cn }
test "an outage" {
  case { id: "T1", opened_at: 2026-03-02T10:00:00+08:00, outage: true, customer: { id: "U1" } }
  expect severity is critical
}
"#;

const HOLIDAYS: &str =
    "[holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n";

const GOOD: &str = r#"{"case":{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00","outage":true,"customer":{"id":"U1"}},"at":"2026-03-02T12:00:00+08:00"}"#;

fn desk() -> Folder {
    let settings = format!("{SETTINGS}{HOLIDAYS}");
    Folder::new(&[
        ("desk/caseway.toml", &settings),
        ("desk/desk.policy", CASE),
        ("desk/cn.csv", "date,kind,name\n2026-03-03,holiday,元宵节\n"),
        ("desk/good.json", GOOD),
        ("broken/caseway.toml", SETTINGS),
        (
            "broken/case.policy",
            "case { id: text opened_at: instant }\nrole desk\nroute { first match rule a when outag to desk }\n",
        ),
        ("empty/readme.txt", ""),
    ])
}

#[test]
fn eval_prints_the_decision() {
    let desk = desk();
    let ran = desk.run(&["eval", "--case", "good.json"]);
    assert_eq!((ran.code(), ran.err()), (Some(0), String::new()));
    let decision = ran.json();
    assert_eq!(decision["case"], "T1");
    assert_eq!(decision["at"], "2026-03-02T12:00:00+08:00");
    assert_eq!(decision["classification"]["severity"]["value"], "critical");
    assert_eq!(decision["route"]["role"], "engineer");
    let waiting = json!([{"field": "urban", "rules": ["route.rural"]}]);
    assert_eq!(decision["waiting_for"], waiting);
    let later = desk.run_with(
        &[
            "--policy",
            ".",
            "--lang",
            "zh",
            "eval",
            "--case",
            "-",
            "--at",
            "2026-03-02T13:00:00+08:00",
        ],
        GOOD.as_bytes(),
    );
    assert_eq!(later.json()["at"], "2026-03-02T13:00:00+08:00");
    let by_clock = desk.run_with(
        &["eval", "--case", "-", "--policy=."],
        br#"{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00","customer":{"id":"U1"}}"#,
    );
    assert_eq!(by_clock.code(), Some(0), "{}", by_clock.err());
}

#[test]
fn the_card_shows_labels_in_columns() {
    let ran = desk().run(&["eval", "--case", "good.json", "--format", "text"]);
    assert_eq!(ran.code(), Some(0));
    insta::assert_snapshot!(ran.out());
}

#[test]
fn eval_refuses_with_one_object() {
    let desk = desk();
    let case = |text: &str| {
        desk.run_with(
            &["eval", "--format", "json", "--case", "-"],
            text.as_bytes(),
        )
    };
    let opened = r#""opened_at":"2026-03-02T10:00:00+08:00""#;
    let good = format!(r#"{{"id":"T1",{opened},"customer":{{"id":"U1"}}}}"#);
    let cases = [
        ("{\n".to_owned(), "bad-json"),
        (String::new(), "bad-json"),
        (r#"{"id":"T1"}"#.to_owned(), "case-refused"),
        (
            format!(r#"{{"case":{good},"at":"2026-03-02T09:00:00+08:00"}}"#),
            "at-before-opened",
        ),
        (
            format!(
                r#"{{"case":{good},"events":[{{"at":"2026-03-01T10:00:00Z","event":"first_response"}}]}}"#
            ),
            "event-before-opened",
        ),
        (
            format!(
                r#"{{"case":{good},"events":[{{"at":"2026-03-04T10:00:00Z","set":{{}}}},{{"at":"2026-03-03T10:00:00Z","set":{{}}}}]}}"#
            ),
            "events-out-of-order",
        ),
    ];
    for (text, code) in cases {
        let ran = case(&text);
        assert_eq!(ran.failure(), (Some(1), code.to_owned()), "{text}");
        assert_eq!(ran.err(), "");
    }
    let refused = case(&format!(r#"{{"id":"T1",{opened},"kind":"fualt","x":1}}"#));
    let found = refused.json();
    assert_eq!(
        (&found["error"]["case"], &found["error"]["line"]),
        (&json!("T1"), &json!(null))
    );
    let fields: Vec<(&str, &str)> = found["error"]["fields"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|field| {
            (
                field["path"].as_str().expect("text"),
                field["code"].as_str().expect("text"),
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("customer.id", "missing-field"),
            ("kind", "not-a-member"),
            ("x", "unknown-field")
        ]
    );
    // For people: words on stderr.
    let ran = desk.run_with(
        &["eval", "--format", "text", "--case", "-"],
        br#"{"id":"T1"}"#,
    );
    assert_eq!((ran.code(), ran.out()), (Some(1), String::new()));
    assert!(
        ran.err().contains("`customer.id` is required and missing"),
        "{}",
        ran.err()
    );
}

#[test]
fn failures_of_use_end_with_two() {
    let desk = desk();
    let json = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--format", "json"]);
        desk.run(&all).failure()
    };
    let two = |code: &str| (Some(2), code.to_owned());
    assert_eq!(
        json(&["eval", "--case", "none.json"]),
        two("unreadable-file")
    );
    assert_eq!(
        json(&["eval", "--case", "../empty"]),
        two("unreadable-file")
    );
    assert_eq!(
        json(&["eval", "--case", "good.json", "-C", "../broken"]),
        two("policy-invalid")
    );
    assert_eq!(
        json(&["eval", "--case", "good.json", "-C", "../empty"]),
        two("policy-invalid")
    );
    assert_eq!(json(&["test", "nowhere"]), two("policy-invalid"));
    assert_eq!(
        json(&["test", "../broken", "-C", "../empty"]),
        two("bad-usage")
    );
    assert_eq!(json(&["eval"]), two("bad-usage"));
    assert_eq!(
        json(&["eval", "--case", "good.json", "--at", "2026-03-02"]),
        two("bad-usage")
    );
    assert_eq!(
        json(&["batch", "--input", "none.csv"]),
        two("unreadable-file")
    );
    assert_eq!(
        json(&["batch", "--input", "good.json", "--mapping", "m"]),
        two("bad-usage")
    );
    assert_eq!(
        json(&["batch", "--input", "good.json", "--jobs", "0"]),
        two("bad-usage")
    );
    assert_eq!(
        json(&["batch", "--input", "good.json", "--output", "no/x"]),
        two("unreadable-file")
    );
    assert_eq!(json(&["calendar", "busines", "open"]), two("bad-usage"));
    let words = desk.run(&[
        "eval",
        "--case",
        "good.json",
        "-C",
        "../broken",
        "--format",
        "text",
    ]);
    assert_eq!((words.code(), words.out()), (Some(2), String::new()));
    assert!(words.err().contains("`outag`"), "{}", words.err());
    assert_eq!(desk.run(&["frobnicate"]).code(), Some(2));
    assert_eq!(desk.run(&[]).code(), Some(2));
    assert_eq!(desk.run(&["--help"]).code(), Some(0));
    assert_eq!(desk.run(&["eval", "--help"]).code(), Some(0));
    assert!(desk.run(&["--version"]).out().starts_with("caseway "));
}

#[test]
fn lint_reports_findings() {
    let desk = desk();
    let ran = desk.run(&["lint", "../broken", "--format", "json"]);
    assert_eq!((ran.code(), ran.err()), (Some(1), String::new()));
    let report = ran.json();
    assert_eq!(report["policy"]["name"], "test");
    assert_eq!(report["guarantees"], json!([]));
    assert_eq!(report["summary"]["errors"], 1, "{report}");
    let finding = &report["findings"][0];
    assert_eq!(finding["file"], "case.policy");
    assert_eq!(finding["start"]["line"], 3);
    assert_eq!(finding["level"], "error");
    for key in [
        "code", "subject", "message", "end", "labels", "help", "fix", "witness", "certain",
        "assumes",
    ] {
        assert!(finding.get(key).is_some(), "{key}");
    }
    let words = desk.run(&["lint", "-C", "../broken"]);
    assert_eq!(words.code(), Some(1));
    assert!(words.out().starts_with("case.policy:3:"), "{}", words.out());
    assert!(
        !words.out().contains('\u{1b}') && !words.out().contains('│'),
        "{}",
        words.out()
    );

    let warned = Folder::new(&[
        ("caseway.toml", SETTINGS),
        (
            "a.policy",
            "case { id: text opened_at: instant }\nrole unused\n",
        ),
    ]);
    assert_eq!(warned.run(&["lint"]).code(), Some(0));
    let report = warned.run(&["lint", "--format", "json"]).json();
    assert!(report["summary"]["warnings"].as_u64() > Some(0), "{report}");
    assert_eq!(warned.run(&["lint", "--deny", "warnings"]).code(), Some(1));

    let unreadable = Folder::new(&[("caseway.toml", "[policy\n")]);
    let ran = unreadable.run(&["lint", "--format", "json"]);
    assert_eq!((ran.code(), &ran.json()["policy"]), (Some(1), &json!(null)));
    assert_eq!(ran.json()["findings"][0]["file"], "caseway.toml");
    let none = desk.run(&["lint", "../empty", "--format", "json"]);
    assert_eq!(none.failure(), (Some(2), "policy-invalid".to_owned()));
}

#[test]
fn tests_of_a_policy_pass_and_fail() {
    let desk = desk();
    let ran = desk.run(&["test", "--format", "json"]);
    assert_eq!((ran.code(), &ran.json()["passed"]), (Some(0), &json!(1)));
    let failing = CASE.replace("expect severity is critical", "expect severity is general");
    let failing = Folder::new(&[
        ("caseway.toml", &format!("{SETTINGS}{HOLIDAYS}")),
        ("desk.policy", &failing),
        ("cn.csv", "date,kind,name\n"),
    ]);
    let ran = failing.run(&["test", "--format", "json"]);
    assert_eq!(ran.code(), Some(1));
    let report = ran.json();
    assert_eq!(
        (&report["failed"], &report["tests"][0]["passed"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        report["tests"][0]["failures"][0]["expect"],
        "severity is general"
    );
    let words = failing.run(&["test"]);
    assert!(words.out().contains("FAIL an outage"), "{}", words.out());
}

#[test]
fn calendars_answer() {
    let desk = desk();
    let ask = |arguments: &[&str]| {
        let mut all = vec!["calendar", "business"];
        all.extend(arguments);
        all.extend(["--format", "json"]);
        desk.run(&all)
    };
    let start = "2026-03-02T11:00:00+08:00";
    // The 3rd is a day off: one hour on the 2nd's morning, five in its afternoon, one on the 4th.
    let due = ask(&["due", "--start", start, "--target", "7h", "--policy", "."]);
    assert_eq!(due.json(), json!({"due": "2026-03-04T10:00:00+08:00"}));
    let due = ask(&["due", "--start", start, "--target", "0s"]);
    assert_eq!(due.json(), json!({"due": start}));
    let seconds = ask(&[
        "measure",
        "--from",
        start,
        "--to",
        "2026-03-02T14:00:00+08:00",
    ]);
    assert_eq!(seconds.json(), json!({"seconds": 7200}));
    assert_eq!(
        ask(&["open", "--at", "2026-03-03T10:00:00+08:00"]).json(),
        json!({"open": false})
    );
    assert_eq!(ask(&["open", "--at", start]).json(), json!({"open": true}));
    let unknown = ask(&["open", "--at", "2027-03-03T10:00:00+08:00"]);
    assert_eq!(
        unknown.failure(),
        (Some(1), "unknown_calendar_year".to_owned())
    );
    // What needs the year after the data is refused, whatever is asked.
    let later = "2027-01-01T10:00:00+08:00";
    for question in [
        &["measure", "--from", start, "--to", later][..],
        &["due", "--start", start, "--target", "4000h"],
        &["open", "--at", later],
    ] {
        let refused = ask(question);
        let unknown = (Some(1), "unknown_calendar_year".to_owned());
        assert_eq!(refused.failure(), unknown, "{question:?}");
        assert_eq!(refused.err(), "");
    }
    let words = desk.run(&["calendar", "business", "open", "--at", later]);
    assert_eq!((words.code(), words.out()), (Some(1), String::new()));
    let day = "does not cover 2027-01-01";
    assert!(words.err().contains(day), "{}", words.err());
    let words = desk.run(&["calendar", "busines", "open"]);
    assert_eq!((words.code(), words.out()), (Some(2), String::new()));
    let near = "the policy has no calendar `busines`: did you mean `business`?";
    assert!(words.err().contains(near), "{}", words.err());
    for target in ["-1h", "2 working days", "1.5h", "2d", ""] {
        let target = format!("--target={target}");
        let refused = ask(&["due", "--start", start, &target]);
        assert_eq!(
            refused.failure(),
            (Some(2), "bad-usage".to_owned()),
            "{target}"
        );
    }
    let always = desk.run(&["calendar", "always", "--format", "json", "open"]);
    assert_eq!(always.json(), json!({"open": true}));
    let words = desk.run(&[
        "calendar", "always", "due", "--start", start, "--target", "1h30m",
    ]);
    assert_eq!(words.out(), "2026-03-02T12:30:00+08:00\n");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let desk = desk();
    let line = format!("{GOOD}\n").repeat(3000);
    std::fs::write(desk.home().join("rows.ndjson"), line).expect("a file");
    for arguments in [
        &["batch", "--input", "rows.ndjson"][..],
        &["eval", "--case", "good.json"],
        &["lint"],
        &["--help"],
    ] {
        let mut child = desk.command(arguments).spawn().expect("it starts");
        drop(child.stdout.take());
        let ran = child.wait_with_output().expect("it ends");
        let words = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(
            (ran.status.code(), words.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}
