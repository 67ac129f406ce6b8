//! The library as a program sees it: loading, building cases, asking decisions, errors, threads.

use super::support::{OPENED, SETTINGS, findings, policy};
use caseway::driver::{check, check_sources, run_tests};
use caseway::{Decision, Instant, Policy};
use std::fs;
use std::path::PathBuf;

const fn shareable<T: Send + Sync + Clone + 'static>() {}
const _: () = shareable::<Policy>();
const _: () = shareable::<Decision>();

const CASE: &str = "case { id: text opened_at: instant kind: one of { fault, complaint } \
                    amount: decimal(2) optional customer: { tier: one of { low < gold } default low } }";
const RULES: &str = "role desk role engineer queue noc
classify severity as one of { normal < critical } { first match
  rule outage when kind is fault and amount > 10 then critical because \"1.6\"
  otherwise normal }
route { first match rule critical when severity is critical to engineer in queue noc with desk otherwise to desk }";

fn sample() -> Policy {
    Policy::from_sources([
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("rules.policy", RULES),
    ])
    .unwrap()
}

#[test]
fn a_decision_can_be_asked() {
    let policy = sample();
    let opened = Instant::parse(OPENED).unwrap();
    let case = policy
        .case()
        .field("id", "T1")
        .field("opened_at", opened)
        .field("kind", "fault");
    let case = case
        .field("amount", "12.50")
        .field("customer.tier", "gold")
        .build()
        .unwrap();
    let decision = policy.decide(&case.case, &case.events, opened);
    let severity = decision.classification("severity").unwrap();
    assert_eq!(severity.text.as_deref(), Some("critical"));
    assert_eq!(
        (severity.rules, severity.because),
        (vec!["outage"], vec!["1.6"])
    );
    let route = decision.route().unwrap();
    assert_eq!(
        (route.role, route.queue, route.with),
        (Some("engineer"), Some("noc"), vec!["desk"])
    );
    assert_eq!((decision.case_id(), decision.at()), (Some("T1"), opened));
    assert!(decision.sla().is_none() && decision.classification("other").is_none());
    assert_eq!(
        (
            decision.problems(),
            decision.waiting_for(),
            decision.ignored_events()
        ),
        (vec![], vec![], 0)
    );
}

#[test]
fn a_case_is_refused_with_all_its_wrong_fields() {
    let policy = sample();
    let refusal = policy
        .case()
        .field("id", "T1")
        .field("kind", "leak")
        .field("amount", "1.234")
        .build()
        .unwrap_err();
    let fields: Vec<(&str, &str)> = refusal
        .fields
        .iter()
        .map(|f| (f.path.as_str(), f.code))
        .collect();
    assert_eq!(
        fields,
        [
            ("amount", "too-many-digits"),
            ("kind", "not-a-member"),
            ("opened_at", "missing-field")
        ]
    );
    assert!(policy.case_from_json("{").is_err());
}

#[test]
fn decisions_are_the_same_on_all_threads() {
    let policy = sample();
    let file = policy
        .case_from_json(&format!(
            r#"{{"id":"T1","opened_at":"{OPENED}","kind":"fault"}}"#
        ))
        .unwrap();
    let at = Instant::parse(OPENED).unwrap();
    let print = |policy: &Policy| {
        serde_json::to_string(&policy.decide(&file.case, &file.events, at)).unwrap()
    };
    let expected = print(&policy);
    assert!(
        expected
            .contains(r#""waiting_for":[{"field":"amount","rules":["classify.severity.outage"]}]"#)
    );
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let policy = policy.clone();
            let (print, expected) = (&print, &expected);
            scope.spawn(move || assert_eq!(&print(&policy), expected));
        }
    });
}

/// A decider that reads JSON itself decides as one that is given cases, at the instant of the file or its own, and
/// goes on after a refusal.
#[test]
fn a_decider_reads_json() {
    let policy = sample();
    let case =
        |fields: &str| format!(r#"{{"id":"T1","opened_at":"{OPENED}","kind":"fault"{fields}}}"#);
    let later = Instant::parse("2030-01-01T00:00:00Z").unwrap();
    let closed = r#"{"at":"2029-01-01T00:00:00Z","set":{"amount":1}}"#;
    let lines = [
        case(r#","amount":99"#),
        case(""),
        case(r#","kind":"fault""#),
        case(r#","amount":10.01"#),
        format!(
            r#"{{"case":{},"events":[{closed}]}}"#,
            case(r#","amount":99"#)
        ),
        format!(
            r#"{{"case":{},"events":[{closed}],"at":"{OPENED}"}}"#,
            case(r#","amount":99"#)
        ),
        "{".to_owned(),
        case(""),
    ];
    let (mut reading, mut given) = (policy.decider(), policy.decider());
    let mut roles = Vec::new();
    for line in &lines {
        let read = reading.decide_json_in_brief(line.as_bytes(), later);
        match (read, policy.case_from_json(line)) {
            (Ok(read), Ok(file)) => {
                let at = file.at.unwrap_or(later);
                let wanted = given.decide_in_brief(&file.case, &file.events, at);
                let print = |decision| serde_json::to_string(decision).unwrap();
                assert_eq!(print(&read), print(&wanted), "{line}");
                roles.push(read.role().unwrap_or("none").to_owned());
            }
            (Err(read), Err(wanted)) => {
                assert_eq!(read, wanted);
                roles.push("refused".to_owned());
            }
            (read, wanted) => panic!("{line}: {read:?} and {wanted:?}"),
        }
    }
    let wanted = [
        "engineer", "desk", "refused", "engineer", "desk", "engineer", "refused", "desk",
    ];
    assert_eq!(roles, wanted);
}

#[test]
fn a_case_of_another_policy_does_no_harm() {
    let policy = sample();
    let at = Instant::parse(OPENED).unwrap();
    for slots in [
        vec![],
        vec![None; 2],
        vec![Some(caseway::value::Value::Bool(true)); 40],
    ] {
        let decision = policy.decide(
            &caseway::Case {
                slots: slots.into(),
            },
            &[],
            at,
        );
        assert_eq!(decision.route().unwrap().role, Some("desk"));
    }
}

#[test]
fn errors_show_the_lines_concerned() {
    let broken = RULES.replace("is fault", "is leak");
    let error = Policy::from_sources([
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("rules.policy", &broken),
    ])
    .unwrap_err();
    assert_eq!(
        (error.code(), error.message().to_string().as_str()),
        ("policy-invalid", "the policy has an error")
    );
    let text = error.to_string();
    assert!(
        text.contains("rules.policy:3:") && text.contains("leak"),
        "{text}"
    );
    let error = Policy::from_sources([("case.policy", CASE)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`the given files` has no `caseway.toml`, so it is no policy folder"
    );
    assert!(
        Policy::load("no/such/folder")
            .unwrap_err()
            .message()
            .to_string()
            .starts_with("cannot read `no/such/folder`")
    );
}

#[test]
fn mistakes_of_all_stages_are_found_in_one_run() {
    let settings = format!(
        "{SETTINGS}[holidays.cn]\nfile = \"../cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n"
    );
    let rules = r#"classify a as one of { x, y } { first match table from "/etc/table.csv" rule r when kind is leak then x }
        script "s.rhai" { fn f(a: text) -> bool }
        define d = f("x")
        classify b as one of { x } { first match rule r when when d then x }"#;
    let files = [
        ("caseway.toml", settings.as_str()),
        ("case.policy", CASE),
        ("rules.policy", rules),
        ("s.rhai", "fn f("),
    ];
    let codes: Vec<String> = findings(&files).into_iter().map(|(code, _)| code).collect();
    for code in ["path-outside-folder", "unknown-member", "script-error"] {
        assert!(
            codes.iter().any(|found| found == code),
            "{code} in {codes:?}"
        );
    }
    assert!(codes.len() >= 5, "{codes:?}");
}

#[test]
fn a_lint_made_an_error_does_not_keep_a_policy_from_deciding() {
    let settings = format!("{SETTINGS}[lint]\nunused-queue = \"deny\"\nno-such-code = \"allow\"\n");
    let rules = format!("{RULES} queue spare");
    let files = [
        ("caseway.toml", settings.as_str()),
        ("case.policy", CASE),
        ("rules.policy", rules.as_str()),
    ];
    let codes: Vec<String> = findings(&files).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["unknown-code", "unused-queue"]);
    assert!(Policy::from_sources(files).is_ok());
}

/// An empty folder of its own below the folder for test output.
fn folder(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("library")
        .join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn write(dir: &std::path::Path, path: &str, bytes: impl AsRef<[u8]>) {
    let file = dir.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_folder_is_its_policy_files_and_those_they_name() {
    let dir = folder("plain");
    write(&dir, "caseway.toml", SETTINGS);
    write(&dir, "case.policy", CASE);
    write(&dir, "区/rules.policy", RULES);
    for ignored in [
        ".git/bad.policy",
        "target/bad.policy",
        ".bad.policy",
        "notes.txt",
        "a/target/b/bad.policy",
    ] {
        write(&dir, ignored, "nonsense {");
    }
    let loaded = Policy::load(&dir).unwrap();
    let in_memory = Policy::from_sources([
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("区/rules.policy", RULES),
    ])
    .unwrap();
    assert_eq!(loaded.header(), in_memory.header());
    // Line ends and byte-order marks of a checkout make no other policy.
    write(
        &dir,
        "case.policy",
        format!("\u{feff}{}", CASE.replace("optional ", "optional\n")),
    );
    let first = Policy::load(&dir).unwrap().header().hash.clone();
    write(
        &dir,
        "case.policy",
        CASE.replace("optional ", "optional\r\n"),
    );
    assert_eq!(Policy::load(&dir).unwrap().header().hash, first);
    assert_ne!(first, in_memory.header().hash);
}

#[test]
fn the_hash_is_that_of_the_contract() {
    use sha2::Digest;
    let policy = Policy::from_sources([
        ("caseway.toml", SETTINGS),
        ("b/é.policy", CASE),
        ("a.policy", ""),
    ])
    .unwrap();
    let mut bytes = format!("a.policy\00\0b/é.policy\0{}\0{CASE}", CASE.len());
    bytes += &format!("caseway.toml\0{}\0{SETTINGS}", SETTINGS.len());
    let hex: String = sha2::Sha256::digest(bytes.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(policy.header().hash, format!("sha256:{hex}"));
}

#[test]
fn unreadable_files_are_findings() {
    let dir = folder("unreadable");
    write(&dir, "caseway.toml", SETTINGS);
    write(&dir, "case.policy", CASE);
    write(&dir, "latin.policy", b"# caf\xe9\n");
    fs::create_dir_all(dir.join("folder.policy")).unwrap();
    let large = fs::File::create(dir.join("large.policy")).unwrap();
    large.set_len(caseway::driver::MAX_FILE_BYTES + 1).unwrap();
    let checked = check(&dir).unwrap();
    let found: Vec<(&str, String, u32)> = checked
        .findings
        .iter()
        .map(|f| (f.code, f.message.to_string(), f.span.start))
        .collect();
    assert_eq!(
        found,
        [
            (
                "file-too-large",
                "`large.policy` is larger than 16 MiB".to_owned(),
                0
            ),
            (
                "not-utf8",
                "`latin.policy` is not UTF-8 text: byte 5 is no part of a letter".to_owned(),
                5
            ),
        ]
    );
    assert!(checked.policy.is_none() && checked.header.is_some());
}

#[cfg(unix)]
#[test]
fn links_may_not_lead_out() {
    use std::os::unix::fs::symlink;
    let dir = folder("links");
    let outside = folder("links-outside");
    write(&outside, "case.policy", CASE);
    write(&dir, "caseway.toml", SETTINGS);
    write(&dir, "real/case.policy", CASE);
    symlink(dir.join("real"), dir.join("real/loop")).unwrap();
    assert!(Policy::load(&dir).is_ok());
    symlink(outside.join("case.policy"), dir.join("linked.policy")).unwrap();
    symlink(&outside, dir.join("folder")).unwrap();
    let checked = check(&dir).unwrap();
    let found: Vec<String> = checked
        .findings
        .iter()
        .map(|f| f.message.to_string())
        .collect();
    assert_eq!(
        found,
        [
            "`folder` is a link that leads out of the policy folder",
            "`linked.policy` is a link that leads out of the policy folder",
        ]
    );
}

#[test]
fn tests_of_a_policy_run() {
    let tests = r#"
test "passes" {
  case { id: "T1", kind: fault, amount: 12.50, opened_at: 2026-03-02T10:00:00+08:00 }
  expect severity is critical and route.role is engineer
  expect route.queue is noc
  expect route.with contains desk
}
test "fails" {
  case { id: "T1", kind: complaint, opened_at: 2026-03-02T10:00:00+08:00 }
  event 2026-03-02T11:00:00+08:00 set { customer: { tier: gold } }
  expect severity is critical
  expect route.queue is noc
  expect amount > 3 or severity is critical
  expect customer.tier is gold
  expect refused "kind"
}
test "refused" {
  case { id: "T1", kind: leak }
  expect refused "kind"
  expect refused "opened_at"
  expect refused "id"
}"#;
    let files = [
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("rules.policy", RULES),
        ("tests.policy", tests),
    ];
    let report = run_tests(&Policy::from_sources(files).unwrap(), Default::default());
    assert_eq!((report.passed, report.failed), (1, 2));
    let shown = |at: usize| {
        let test = &report.tests[at];
        let failures: Vec<(String, String)> = test
            .failures
            .iter()
            .map(|f| (f.expect.to_string(), f.got.to_string()))
            .collect();
        (test.name.as_str(), test.file.as_str(), test.line, failures)
    };
    assert_eq!(shown(0), ("passes", "tests.policy", 2, vec![]));
    assert_eq!(
        shown(1),
        (
            "fails",
            "tests.policy",
            8,
            [
                ("severity is critical", "severity is normal"),
                ("route.queue is noc", "route.queue is missing"),
                (
                    "amount > 3 or severity is critical",
                    "amount is missing, severity is normal"
                ),
                ("refused \"kind\"", "the case is accepted"),
            ]
            .map(|(expect, got)| (expect.to_owned(), got.to_owned()))
            .to_vec()
        )
    );
    assert_eq!(shown(2).3.len(), 1, "{:?}", shown(2));
    assert_eq!(shown(2).3[0].0, "refused \"id\"");
}

#[test]
fn shipped_policies_load_and_decide() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("policies");
    for entry in fs::read_dir(root).unwrap() {
        let dir = entry.unwrap().path();
        let policy =
            Policy::load(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        let report = run_tests(&policy, Default::default());
        assert!(report.passed > 0, "{} has no tests", dir.display());
        for test in report.tests {
            assert_eq!(test.failures, [], "{}", test.name);
        }
    }
}

#[test]
fn a_policy_without_a_case_is_an_error_and_an_empty_one_decides() {
    assert!(Policy::from_sources([("caseway.toml", SETTINGS)]).is_err());
    assert_eq!(policy("", "").header().name, "test");
}

/// A policy that was loaded to decide makes its model from its texts when it is asked for it: the same, with the same places.
#[test]
fn the_model_made_later_is_that_of_the_check() {
    let same = |made: &Policy, checked: &Policy| {
        assert_eq!(
            format!("{:?}", made.model()),
            format!("{:?}", checked.model())
        );
        assert_eq!(
            format!("{:?}", made.schema()),
            format!("{:?}", made.model().schema)
        );
        !made.model().classifications.is_empty()
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut blocks = 0;
    for folder in ["policies", "templates"] {
        for dir in fs::read_dir(root.join(folder)).unwrap() {
            let dir = dir.unwrap().path();
            let checked = check(&dir).unwrap().into_policy().unwrap();
            blocks += u32::from(same(&Policy::load(&dir).unwrap(), &checked));
        }
    }
    assert!(blocks > 2, "{blocks}");
    let rules = "classify level as one of { low < high } { highest table from \"levels.csv\" otherwise low }";
    let files = [
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("a/rules.policy", rules),
        (
            "levels.csv",
            "kind,amount,level\nfault,> 10,high\ncomplaint,-,low\n",
        ),
        ("more.policy", "role desk"),
    ];
    let texts = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let checked = check_sources(texts).unwrap().into_policy().unwrap();
    let made = Policy::from_sources(files).unwrap();
    assert!(same(&made, &checked));
    assert_eq!(made.model().classifications[0].rules.len(), 2);
}
