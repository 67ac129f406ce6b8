//! Batches: order, formats, lines, refused rows, the same bytes for any number of threads.

use crate::command::Folder;
use crate::support::SETTINGS;
use serde_json::{Value, json};

const POLICY: &str = r#"case { id: text  opened_at: instant  kind: one of { fault, inquiry } default inquiry  summary: text optional }
role engineer  role desk  queue noc
classify topics as one of { network, other } { collect  rule network when kind is fault then network }
classify urgency as one of { low, high } { first match rule fault when kind is fault then high otherwise low }
route { first match rule fault when kind is fault to engineer in queue noc with desk otherwise to desk }
clock respond {}
sla { tier fault when kind is fault { respond 1h } otherwise tier usual { respond none } }
"#;

const MAPPING: &str = r#"
[mapping.export]
[mapping.export.fields]
id = "No."
summary = "Text"
kind = { column = "Kind", values = { "故障" = "fault" }, default = "inquiry" }
opened_at = { column = "Opened", format = "%d.%m.%Y", swap_day_month_into = ["2026-03-01", "2026-03-31"] }
"#;

const AT: &str = "2026-12-31T00:00:00+08:00";

fn desk() -> Folder {
    Folder::new(&[
        ("caseway.toml", &format!("{SETTINGS}{MAPPING}")),
        ("desk.policy", POLICY),
        (
            "export.csv",
            "\u{feff}No.,Text,Kind,Opened\r\n1,\"two\nlines\",故障,02.03.2026\r\n2,,x,03.12.2026\r\n3,,故障,soon\r\n4,a,,04.03.2026\r\n",
        ),
    ])
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn a_mapped_export_to_ndjson() {
    let desk = desk();
    let ran = desk.run(&[
        "batch",
        "--input",
        "export.csv",
        "--mapping",
        "export",
        "--at",
        AT,
    ]);
    assert_eq!(ran.code(), Some(1));
    let rows = lines(&ran.out());
    let shown: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!([
                row["line"],
                row["decision"]["case"],
                row["decision"]["route"]["role"],
                row["error"]["code"],
                row["error"]["line"]
            ])
        })
        .collect();
    assert_eq!(
        shown,
        [
            json!([2, "1", "engineer", null, null]),
            json!([4, "2", "desk", null, null]),
            json!([5, null, null, "case-refused", 5]),
            json!([6, "4", "desk", null, null]),
        ]
    );
    assert_eq!(rows[2]["error"]["fields"][0]["path"], "opened_at");
    insta::assert_snapshot!(ran.err());
}

#[test]
fn a_mapped_export_to_csv() {
    let desk = desk();
    let arguments = [
        "batch",
        "--input",
        "export.csv",
        "--mapping",
        "export",
        "--at",
        AT,
        "--output",
        "out.csv",
    ];
    let ran = desk.run(&arguments);
    assert_eq!((ran.code(), ran.out()), (Some(1), String::new()));
    let text = desk.read("out.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        header.join(","),
        "line,case,error,topics,urgency,role,queue,with,tier,respond_due,respond_state,respond_breached_at,next_change_at"
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(
        rows[0].iter().take(9).collect::<Vec<_>>(),
        [
            "2", "1", "", "network", "high", "engineer", "noc", "desk", "fault"
        ]
    );
    assert!(rows[2][2].starts_with("case-refused"), "{:?}", rows[2]);
    let left: Vec<_> = std::fs::read_dir(&desk.0)
        .expect("a folder")
        .map(|entry| entry.expect("one").file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains(".part")),
        "{left:?}"
    );
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let desk = desk();
    let mut text = String::new();
    for row in 0..10_000 {
        let kind = if row % 3 == 0 { "fault" } else { "inquiry" };
        let opened = if row % 7 == 0 {
            "soon"
        } else {
            "2026-03-02T10:00:00+08:00"
        };
        text.push_str(&format!(
            "{{\"id\":\"T{row}\",\"opened_at\":\"{opened}\",\"kind\":\"{kind}\"}}\n"
        ));
    }
    let run = |jobs: &str| {
        desk.run_with(
            &["batch", "--input", "-", "--at", AT, "--jobs", jobs],
            text.as_bytes(),
        )
    };
    let one = run("1");
    assert_eq!(one.code(), Some(1));
    let many = run("8");
    assert!(one.0.stdout == many.0.stdout && one.0.stderr == many.0.stderr);
    let rows = lines(&one.out());
    assert_eq!(rows.len(), 10_000);
    assert!(
        rows.iter()
            .zip(1..)
            .all(|(row, line)| row["line"] == json!(line))
    );
}

#[test]
fn strict_stops_at_the_first_refused_row() {
    let desk = desk();
    let arguments = [
        "batch",
        "--input",
        "export.csv",
        "--mapping",
        "export",
        "--at",
        AT,
        "--strict",
    ];
    let ran = desk.run(&arguments);
    assert_eq!(ran.code(), Some(1));
    assert_eq!(lines(&ran.out()).len(), 3);
    assert!(
        ran.err().contains("stopped at the first refused row"),
        "{}",
        ran.err()
    );
}

#[test]
fn strict_stops_at_the_same_row_for_any_number_of_threads() {
    let desk = desk();
    for refused in [1, 256, 257, 700, 2_999] {
        let text: String = (1..=3_000)
            .map(|row| {
                let opened = match row == refused || row > 2_000 {
                    true => "soon",
                    false => "2026-03-02T10:00:00+08:00",
                };
                format!("{{\"id\":\"T{row}\",\"opened_at\":\"{opened}\"}}\n")
            })
            .collect();
        let run = |jobs: &str| {
            let arguments = [
                "batch", "--input", "-", "--at", AT, "--strict", "--jobs", jobs,
            ];
            desk.run_with(&arguments, text.as_bytes())
        };
        let one = run("1");
        let last = refused.min(2_001);
        assert_eq!((one.code(), one.out().lines().count()), (Some(1), last));
        let told = format!("{last} rows: {} decided, 1 refused\n", last - 1);
        assert!(
            one.err().starts_with(&told.replace("1 rows", "1 row")) || one.err().starts_with(&told),
            "{}",
            one.err()
        );
        for jobs in ["2", "7", "1024"] {
            let many = run(jobs);
            assert!(
                one.0.stdout == many.0.stdout && one.0.stderr == many.0.stderr,
                "{refused}, {jobs} jobs"
            );
        }
    }
}

#[test]
fn rows_of_any_shape_are_answered_one_by_one() {
    let desk = desk();
    let good = r#"{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00"}"#;
    let mut text = format!("\u{feff}{good}\r\n\r\n{{\n\n").into_bytes();
    text.extend(vec![b' '; 100]);
    text.extend(b"\n\xff\xfe\x00\n");
    text.extend(vec![b'x'; caseway::ingest::MAX_ROW_BYTES + 1]);
    text.extend(format!("\n{good}").as_bytes());
    let ran = desk.run_with(&["batch", "--input", "-", "--at", AT], &text);
    assert_eq!(ran.code(), Some(1));
    let rows = lines(&ran.out());
    let shown: Vec<(u64, Option<&str>)> = rows
        .iter()
        .map(|row| {
            (
                row["line"].as_u64().expect("a line"),
                row["error"]["code"].as_str(),
            )
        })
        .collect();
    let bad = Some("bad-json");
    assert_eq!(shown, [(1, None), (3, bad), (6, bad), (7, bad), (8, None)]);
}

#[test]
fn nothing_to_decide() {
    let desk = desk();
    let empty = desk.run_with(&["batch", "--input", "-"], b"");
    assert_eq!((empty.code(), empty.out()), (Some(0), String::new()));
    assert!(empty.err().starts_with("0 rows"), "{}", empty.err());
    let no_header = desk.run_with(
        &[
            "batch",
            "--input",
            "-",
            "--input-format",
            "csv",
            "--format",
            "json",
        ],
        b"",
    );
    assert_eq!(no_header.failure(), (Some(2), "bad-header".to_owned()));
    let wrong = desk.run_with(
        &[
            "batch",
            "--input",
            "-",
            "--input-format",
            "csv",
            "--mapping",
            "export",
            "--format",
            "json",
        ],
        b"No,Text,Kind,Opened\n",
    );
    assert_eq!(wrong.failure(), (Some(2), "bad-header".to_owned()));
    let header_only = desk.run_with(
        &[
            "batch",
            "--input",
            "-",
            "--input-format",
            "csv",
            "--output-format",
            "csv",
        ],
        b"id,opened_at\n",
    );
    assert_eq!(
        (header_only.code(), header_only.out().lines().count()),
        (Some(0), 1)
    );
}

/// Without the feature, a Parquet file is told of before anything is read.
#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_is_not_built_in() {
    let desk = desk();
    for arguments in [
        ["--input", "rows.parquet", "--output", "out.csv"],
        ["--input", "rows.PARQUET.gz", "--output", "out.csv"],
        ["--input", "export.csv", "--output", "out.parquet"],
        ["--input", "export.csv", "--output-format", "parquet"],
        ["--input", "export.csv", "--input-format", "parquet"],
    ] {
        let ran = desk.run(&[&["batch", "--format", "json"][..], &arguments].concat());
        assert_eq!(ran.failure(), (Some(2), "bad-usage".to_owned()));
        assert!(ran.out().contains("--features parquet"), "{}", ran.out());
    }
}

#[test]
fn a_column_says_when_to_decide_unless_it_is_a_field() {
    let rows = "id,opened_at,kind,at\nT1,2026-03-02T10:00:00+08:00,fault,2026-03-02T10:30:00+08:00\nT2,2026-03-02T10:00:00+08:00,fault,soon\n";
    let arguments = ["batch", "--input", "-", "--input-format", "csv"];
    let desk = desk();
    let ran = desk.run_with(&arguments, rows.as_bytes());
    assert_eq!(ran.code(), Some(1));
    let decided = lines(&ran.out());
    assert_eq!(decided[0]["decision"]["at"], "2026-03-02T10:30:00+08:00");
    assert_eq!(decided[1]["error"]["fields"][0]["path"], "at");
    let given: Vec<&str> = arguments.into_iter().chain(["--at", AT]).collect();
    let ran = desk.run_with(&given, rows.as_bytes());
    assert_eq!(lines(&ran.out())[0]["decision"]["at"], AT);

    let policy = POLICY.replace("summary: text optional", "`at`: text optional");
    let own = Folder::new(&[("caseway.toml", SETTINGS), ("desk.policy", &policy)]);
    let ran = own.run_with(&given, rows.as_bytes());
    assert_eq!(ran.code(), Some(0), "{}", ran.err());
}

const LOG: &str = r#"
[mapping.trail]
[mapping.trail.fields]
id = "No."
opened_at = "At"
kind = { column = "Type", values = { "故障" = "fault" }, default = "inquiry" }
[mapping.trail.log]
key = "No."
at = "At"
kind = "What"
[mapping.trail.log.kinds]
"建单" = { opens = true }
"Retyped" = { set = { kind = { column = "Type", values = { "故障" = "fault" }, default = "inquiry" } } }
"#;

/// A log of two cases, their rows together or not.
fn trail(grouped: bool) -> String {
    let rows = [
        "1,2026-03-02T10:00:00+08:00,建单,故障",
        "1,2026-03-02T11:00:00+08:00,Retyped,x",
        "2,2026-03-02T10:00:00+08:00,建单,x",
        "2,2026-03-02T10:30:00+08:00,Retypd,故障",
        "2,2026-03-02T11:00:00+08:00,Retyped,故障",
        "3,2026-03-02T10:00:00+08:00,建单,x",
        "3,2026-03-02T11:00:00+08:00,Retyped,故障",
    ];
    let order = if grouped {
        [0, 1, 2, 3, 4, 5, 6]
    } else {
        [0, 2, 5, 1, 3, 4, 6]
    };
    let rows: Vec<&str> = order.iter().map(|row| rows[*row]).collect();
    format!("No.,At,What,Type\n{}\n", rows.join("\n"))
}

fn log_desk(more: &str) -> Folder {
    let log = LOG.replace("kind = \"What\"\n", &format!("kind = \"What\"\n{more}"));
    let settings = format!("{SETTINGS}{log}");
    Folder::new(&[("caseway.toml", settings.as_str()), ("desk.policy", POLICY)])
}

const TRAIL: [&str; 9] = [
    "batch",
    "--input",
    "-",
    "--input-format",
    "csv",
    "--mapping",
    "trail",
    "--at",
    AT,
];

/// Line, case, role, and paths of wrong fields.
fn told(out: &str) -> Vec<Value> {
    let rows = lines(out).into_iter();
    rows.map(|row| {
        json!([
            row["line"],
            row["decision"]["case"],
            row["decision"]["route"]["role"],
            row["error"]["fields"][0]["path"]
        ])
    })
    .collect()
}

#[test]
fn a_log_is_decided_case_by_case() {
    let desk = log_desk("");
    let ran = desk.run_with(&TRAIL, trail(true).as_bytes());
    assert_eq!(ran.code(), Some(1));
    let wanted = [
        json!([2, "1", "desk", null]),
        json!([4, null, null, "line[5].kind"]),
        json!([7, "3", "engineer", null]),
    ];
    assert_eq!(told(&ran.out()), wanted);
    let err = ran.err();
    assert!(
        err.starts_with("3 cases of 7 rows: 2 decided, 1 refused\n"),
        "{err}"
    );
    assert!(
        err.contains("cases by what is wrong in them: not-a-member 1"),
        "{err}"
    );
    assert!(!err.contains("memory"), "{err}");
    // Before the second case was retyped.
    let mut early = TRAIL;
    early[8] = "2026-03-02T10:30:00+08:00";
    let ran = desk.run_with(&early, trail(true).as_bytes());
    assert_eq!(told(&ran.out())[0], json!([2, "1", "engineer", null]));
}

#[test]
fn a_log_whose_rows_do_not_stand_together_is_held_in_memory_or_not_at_all() {
    let desk = log_desk("");
    let arguments: Vec<&str> = TRAIL.into_iter().chain(["--format", "json"]).collect();
    let ran = desk.run_with(&arguments, trail(false).as_bytes());
    assert_eq!(ran.code(), Some(2));
    let rows = lines(&ran.out());
    assert_eq!(rows.len(), 4, "three decisions and why it ended");
    let error = &rows[3]["error"];
    assert_eq!(
        (&error["code"], &error["line"]),
        (&json!("not-grouped"), &json!(5))
    );
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("sort the rows by `No.`"), "{message}");
    assert!(
        message.contains("`grouped = false` under `[mapping.trail.log]`"),
        "{message}"
    );

    let desk = log_desk("grouped = false\n");
    let ran = desk.run_with(&TRAIL, trail(false).as_bytes());
    assert_eq!(ran.code(), Some(1));
    let wanted = [
        json!([2, "1", "desk", null]),
        json!([3, null, null, "line[6].kind"]),
        json!([4, "3", "engineer", null]),
    ];
    assert_eq!(told(&ran.out()), wanted);
    assert!(
        ran.err().contains("all rows were held in memory"),
        "{}",
        ran.err()
    );
}

#[test]
fn logs_give_the_same_bytes_for_any_number_of_threads() {
    for more in ["", "grouped = false\n"] {
        let desk = log_desk(more);
        let mut text = "No.,At,What,Type\n".to_owned();
        for case in 0..6_000 {
            let what = if case % 7 == 0 { "Retypd" } else { "Retyped" };
            text.push_str(&format!("T{case},2026-03-02T10:00:00+08:00,建单,x\n"));
            text.push_str(&format!("T{case},2026-03-02T10:10:00+08:00,{what},故障\n"));
        }
        let run = |jobs: &str| {
            let arguments: Vec<&str> = TRAIL.into_iter().chain(["--jobs", jobs]).collect();
            desk.run_with(&arguments, text.as_bytes())
        };
        let (one, many) = (run("1"), run("8"));
        assert_eq!(one.code(), Some(1));
        assert!(one.0.stdout == many.0.stdout && one.0.stderr == many.0.stderr);
        let rows = lines(&one.out());
        assert_eq!(rows.len(), 6_000);
        let mut wanted = (2..).step_by(2);
        assert!(rows.iter().all(|row| row["line"] == json!(wanted.next())));
    }
}

#[test]
fn an_empty_log() {
    let desk = log_desk("");
    let header = desk.run_with(&TRAIL, b"No.,At,What,Type\n");
    assert_eq!((header.code(), header.out()), (Some(0), String::new()));
    assert!(
        header.err().starts_with("0 cases of 0 rows"),
        "{}",
        header.err()
    );
    let arguments: Vec<&str> = TRAIL.into_iter().chain(["--format", "json"]).collect();
    let empty = desk.run_with(&arguments, b"");
    assert_eq!(empty.failure(), (Some(2), "bad-header".to_owned()));
    let wrong = desk.run_with(&arguments, b"No.,At,What\n");
    assert_eq!(wrong.failure(), (Some(2), "bad-header".to_owned()));
}

#[test]
fn the_log_of_a_pack_is_decided() {
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/broadband-complaints");
    let input = format!("{pack}/sample-events.csv");
    let desk = Folder::new(&[("empty.txt", "")]);
    let arguments = [
        "batch",
        "-C",
        pack,
        "--mapping",
        "log",
        "--input",
        &input,
        "--at",
        AT,
    ];
    let ran = desk.run(&arguments);
    assert_eq!(ran.code(), Some(0), "{}", ran.err());
    let found: Vec<Value> = lines(&ran.out())
        .iter()
        .map(|row| {
            json!([
                row["line"],
                row["decision"]["case"],
                row["decision"]["ignored_events"]
            ])
        })
        .collect();
    let wanted = [
        json!([2, "E-1", 0]),
        json!([7, "E-2", 0]),
        json!([11, "E-3", 0]),
        json!([16, "E-4", 0]),
    ];
    assert_eq!(found, wanted);
    assert!(
        ran.err()
            .starts_with("4 cases of 16 rows: 4 decided, 0 refused")
    );
}

/// Told to stop while rows still come in, nothing half written stays.
#[cfg(unix)]
#[test]
fn interrupted_the_unfinished_file_goes() {
    let folder = desk();
    let mut child = folder
        .command(&[
            "batch",
            "--input",
            "-",
            "--input-format",
            "ndjson",
            "--output",
            "out.ndjson",
        ])
        .spawn()
        .expect("it starts");
    // Standard input stays open: the command waits for rows with its output begun.
    let input = child.stdin.take();
    let files = || {
        let names = std::fs::read_dir(folder.home()).expect("a folder");
        names
            .map(|entry| {
                entry
                    .expect("a name")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| name.contains("out.ndjson"))
            .collect::<Vec<_>>()
    };
    while files().is_empty() {
        assert!(child.try_wait().expect("asked").is_none(), "it goes on");
        std::thread::yield_now();
    }
    let interrupted = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(files(), Vec::<String>::new());
    drop(input);
}
