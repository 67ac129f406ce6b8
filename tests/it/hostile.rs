//! Input that wants to break something: too long, too deep, too many, endless, or no text at all. What
//! `docs/limits.md` promises of each.
//!
//! Where memory matters the built command runs with no more than a bound of it, and ends abruptly when it
//! asks for more.

use super::command::{Folder, Ran};
use super::support::{SETTINGS, findings, policy, refusal};
use caseway::config::RowFormat;
use caseway::driver::{MAX_FILE_BYTES, MAX_POLICY_BYTES, check_sources};
use caseway::ingest::{MAX_ROW_BYTES, MAX_SET, MAX_VALUES, MAX_WRONG_FIELDS, RowBytes, Rows};
use caseway::{Instant, Policy};
use serde_json::json;
use std::io::{BufReader, Read};

const MANY: usize = 100_000;
/// As long as a chain gets here: longer ones take the same way, and more time.
const LONG: usize = 5_000;
const CASE: &str = "case { id: text opened_at: instant n: integer optional a: bool default false word: text optional d: decimal(2) optional tags: set of text default {} }\n";
const ROUTE: &str = "role desk\nroute { first match otherwise to desk }\n";
const HEAD: &str = r#"{"case": {"id": "1", "opened_at": "2026-03-02T10:00:00+08:00""#;

/// Codes of what is found in a text beside a case and a route, each once, in order.
fn codes(text: &str) -> Vec<String> {
    let mut codes = found(text);
    codes.dedup();
    codes
}

fn found(text: &str) -> Vec<String> {
    let files = [
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("route.policy", ROUTE),
        ("rules.policy", text),
    ];
    findings(&files).into_iter().map(|(code, _)| code).collect()
}

fn rule(condition: &str) -> String {
    format!("classify c as integer {{ first match rule r when {condition} then 1 otherwise 0 }}\n")
}

/// The policy of most tests.
fn plain() -> Policy {
    policy(
        "n: integer optional word: text optional d: decimal(2) optional tags: set of text default {}",
        &format!("{}{ROUTE}", rule("n is 1")),
    )
}

/// Why the rest of a case, given as JSON behind its instant, is refused: code and message.
fn refused(policy: &Policy, rest: &str) -> (String, String) {
    let text = format!("{HEAD}{rest}");
    let refusal = policy.case_from_json(&text).expect_err("it is refused");
    let code = match refusal.fields.as_slice() {
        [field] => field.code,
        _ => refusal.code,
    };
    (code.to_owned(), refusal.message.to_string())
}

/// Runs something with the stack that threads of a pool have.
fn on_a_small_stack(run: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let running = thread.spawn_scoped(scope, run).expect("a thread");
        running.join().expect("the stack suffices");
    });
}

#[test]
fn what_is_nested_too_deep_is_refused_on_a_small_stack() {
    let many = |text: &str| text.repeat(MANY);
    let cases: [(String, &[&str]); 14] = [
        (
            format!("define x = {}a{}\n", many("("), many(")")),
            &["nesting"],
        ),
        (format!("define x = {}a\n", many("(")), &["nesting"]),
        (
            format!("define x = {}a\n", "not ".repeat(LONG)),
            &["nesting"],
        ),
        (
            format!("define x = n > {}1\n", "- ".repeat(LONG)),
            &["unexpected-text"],
        ),
        (
            format!("define x = n > {}\n", vec!["n"; LONG].join(" + ")),
            &["nesting"],
        ),
        (
            format!("define x = {}\n", vec!["a"; LONG].join(".")),
            &["unknown-name"],
        ),
        (
            format!("define x = {}a{}\n", many("{ "), many("}")),
            &["doubled-brace", "too-many-findings"],
        ),
        (
            format!("define x = n in {}a{}\n", many("{ 1, "), many("}")),
            &["nesting"],
        ),
        (
            format!("type t = {}text{}\n", many("{ r: "), many("}")),
            &["nesting"],
        ),
        (
            format!("type t = {}text\n", "set of ".repeat(LONG)),
            &["unexpected-text"],
        ),
        (
            format!("test t {{ case {{ id \"1\" r {} }} }}\n", many("{ r ")),
            &["nesting"],
        ),
        (
            rule(&format!("word matches \"{}a{}\"", many("("), many(")"))),
            &["bad-regex"],
        ),
        (many("}"), &["unopened-brace", "too-many-findings"]),
        (many("("), &["nesting"]),
    ];
    for (text, wanted) in &cases {
        on_a_small_stack(|| {
            let found = codes(text);
            let start: String = text.chars().take(40).collect();
            assert_eq!(found, *wanted, "{start}");
        });
    }
    let defines: Vec<String> = (0..300)
        .map(|at| format!("define d{at} = not d{}\n", at + 1))
        .chain(["define d300 = a\n".to_owned(), rule("d0")])
        .collect();
    on_a_small_stack(|| assert_eq!(codes(&defines.concat()), ["nesting"]));
}

#[test]
fn json_that_is_nested_a_hundred_thousand_deep_is_refused_on_a_small_stack() {
    let policy = plain();
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(MANY), close.repeat(MANY));
    for inner in [deep("[", "]"), deep("{\"a\":", "}"), "[".repeat(MANY)] {
        on_a_small_stack(|| {
            let (code, message) = refused(&policy, &format!(", \"x\": {inner}}}}}"));
            assert_eq!(code, "bad-json");
            assert!(message.contains("more than 100 deep"), "{message}");
        });
    }
}

#[test]
fn settings_that_are_nested_a_hundred_thousand_deep_are_refused_on_a_small_stack() {
    for value in [
        format!("x = {}{}\n", "[".repeat(MANY), "]".repeat(MANY)),
        format!("x = {}1{}\n", "{a=".repeat(MANY), "}".repeat(MANY)),
        format!("[{}]\n", vec!["a"; MANY].join(".")),
        format!("{} = 1\n", vec!["a"; MANY].join(".")),
    ] {
        let settings = format!("{SETTINGS}{value}");
        on_a_small_stack(|| {
            let found = findings(&[("caseway.toml", &settings), ("case.policy", CASE)]);
            assert!(!found.is_empty());
            assert!(
                found
                    .iter()
                    .all(|(code, _)| matches!(code.as_str(), "bad-toml" | "unknown-key")),
                "{found:?}"
            );
        });
    }
}

/// Each call is within its own limit, all of them together are not.
#[test]
fn many_heavy_scripts_stop() {
    let declared = "script \"a.rhai\" { fn f(n: integer) -> integer }\n";
    let script = "fn f(x) { let i = 0; while i < 12000 { i += 1; } x }";
    for (rules, stops) in [(10, false), (2_000, true)] {
        let rules: String = (0..rules)
            .map(|place| format!("rule r{place} when f(n + {place}) < 0 then 1\n"))
            .collect();
        let policy = format!(
            "{declared}classify c as integer {{ first match\n{rules}otherwise 0 }}\n{ROUTE}"
        );
        let policy =
            super::support::policy_with("n: integer optional", &policy, &[("a.rhai", script)]);
        let decision = super::support::decide(&policy, "\"n\": 1");
        assert_eq!(decision["classification"]["c"]["value"], 0);
        let problems = decision["problems"].as_array().expect("a list");
        let told: Vec<_> = problems
            .iter()
            .map(|problem| problem["message"].as_str().expect("a text"))
            .collect();
        let limit = "`f`: the scripts of this decision take more than 20000000 steps together";
        assert_eq!(told, if stops { vec![limit] } else { vec![] });
        if stops {
            let rules = problems[0]["rules"].as_array().expect("a list").len();
            assert!((1_000..1_900).contains(&rules), "{rules}");
        }
    }
}

#[test]
fn scripts_that_are_nested_or_never_end_stop() {
    let declared = "script \"a.rhai\" { fn f(n: integer) -> integer }\n";
    let rules = format!("{declared}{}{ROUTE}", rule("f(n) > 5"));
    let check = |script: &str| {
        let files = [
            ("caseway.toml", SETTINGS),
            ("case.policy", CASE),
            ("rules.policy", &rules),
            ("a.rhai", script),
        ];
        findings(&files)
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>()
    };
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("if true {", "}"),
        ("-", ""),
        ("!", ""),
        ("`${", "}`"),
    ] {
        let script = format!("fn f(x) {{ {}1{} }}", open.repeat(MANY), close.repeat(MANY));
        on_a_small_stack(|| assert_eq!(check(&script), ["script-error"], "{open}"));
    }
    for (script, code) in [
        ("fn f(x) { loop {} }", "script-limit"),
        ("fn f(x) { f(x) }", "script-limit"),
        (
            "fn f(x) { let s = \"a\"; loop { s += s; } }",
            "script-limit",
        ),
        (
            "fn f(x) { let l = []; loop { l.push(l); } }",
            "script-limit",
        ),
        ("fn f(x) { x / 0 }", "script-failed"),
    ] {
        let policy =
            super::support::policy_with("n: integer optional", &rules, &[("a.rhai", script)]);
        let decision = super::support::decide(&policy, "\"n\": 1");
        assert_eq!(decision["problems"][0]["code"], code, "{script}");
        assert_eq!(decision["classification"]["c"]["value"], 0);
    }
}

#[test]
fn patterns_neither_explode_nor_fill_the_memory() {
    for pattern in ["(a{1000}){1000}", "((a{100}){100}){100}", r"\\w{1000}"] {
        assert_eq!(
            codes(&rule(&format!("word matches \"{pattern}\""))),
            ["bad-regex"],
            "{pattern}"
        );
    }
    // A pattern of nothing but words has no compiled form whose size could be limited.
    let words: Vec<String> = (0..20_000).map(|at| format!("w{at}")).collect();
    let long = rule(&format!("word matches \"{}\"", words.join("|")));
    assert_eq!(codes(&long), ["bad-regex"]);
    // Each is small enough, all together are not.
    let mut rules = String::from("classify c as integer { first match\n");
    for at in 0..500 {
        rules += &format!("rule r{at} when word matches \"(?:abcdefgh){{2500}}{at}\" then 1\n");
    }
    rules += "otherwise 0 }\n";
    let found = found(&rules);
    assert!(found.iter().all(|code| code == "bad-regex"));
    assert!((1..500).contains(&found.len()), "{}", found.len());
    // What takes other engines exponential time.
    for pattern in ["^(a+)+$", "(a?){50}a{50}", "^(a|a)*b$"] {
        let policy = policy("word: text", &rule(&format!("word matches \"{pattern}\"")));
        let word = "a".repeat(50_000);
        super::support::decide(&policy, &format!("\"word\": \"{word}!\""));
    }
}

#[test]
fn so_many_mistakes_are_told_and_no_more() {
    let lines = |line: &str, times: usize| line.repeat(times);
    for (text, code, told) in [
        (lines("$ ", 50_000), "unexpected-character", 20_000),
        (lines("“", 100_000), "typographic-quotes", 20_000),
        (lines("' ", 100_000), "single-quotes", 20_000),
        (lines("role desk\n", 10_100), "duplicate-name", 10_000),
    ] {
        let found = found(&text);
        let count = |wanted: &str| found.iter().filter(|code| *code == wanted).count();
        let start: String = text.chars().take(10).collect();
        assert_eq!(count("too-many-findings"), 1, "{start}");
        assert!(
            count(code) >= told / 2 && count(code) <= told,
            "{start}: {}",
            count(code)
        );
        assert!(found.len() <= told + 1, "{start}: {}", found.len());
    }
    let roles: String = (0..10_100).map(|at| format!("role r{at}\n")).collect();
    let found = found(&roles);
    assert_eq!(
        found.iter().filter(|code| *code == "unused-role").count(),
        10_000
    );
    assert!(found.contains(&"too-many-findings".to_owned()));
    let settings = format!(
        "{SETTINGS}{}",
        (0..5_000)
            .map(|at| format!("k{at} = 1\n"))
            .collect::<String>()
    );
    let found = findings(&[
        ("caseway.toml", &settings),
        ("case.policy", CASE),
        ("route.policy", ROUTE),
    ]);
    assert_eq!(found.len(), 1_001);
}

#[test]
fn findings_in_one_long_line_are_shown_in_short() {
    let text = format!(
        "{}define x = {}n == 1\n",
        "# x\n".repeat(3),
        "n is 1 and ".repeat(3_000)
    );
    let files = [
        ("caseway.toml", SETTINGS),
        ("case.policy", CASE),
        ("rules.policy", text.as_str()),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let error = check_sources(files)
        .expect("a folder")
        .into_policy()
        .expect_err("a mistake");
    let shown = error.to_string();
    assert!(shown.len() < 3_000, "{} bytes", shown.len());
    assert!(shown.contains("rules.policy:4:33014"), "{shown}");
}

#[test]
fn a_policy_of_too_many_bytes_is_not_read() {
    let bytes = usize::try_from(MAX_FILE_BYTES).expect("small") - 1_000;
    let one = format!("# {}\n", "x".repeat(bytes));
    let files = (0..5).map(|at| (format!("f{at}.policy"), one.clone()));
    let settings = [
        ("caseway.toml".to_owned(), SETTINGS.to_owned()),
        ("case.policy".to_owned(), CASE.to_owned()),
    ];
    let checked = check_sources(files.chain(settings)).expect("a folder");
    let found: Vec<(&str, String)> = checked
        .findings
        .iter()
        .map(|one| (one.code, one.message.to_string()))
        .collect();
    assert!(u64::try_from(one.len() * 5).expect("small") > MAX_POLICY_BYTES);
    assert_eq!(
        found,
        [(
            "file-too-large",
            "with `f4.policy` the files of the policy are larger than 64 MiB together".to_owned()
        )]
    );
    assert!(checked.policy.is_none());
}

/// A stream of the same bytes, of a length, that nobody holds.
struct Endless {
    byte: u8,
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(self.left);
        buffer
            .iter_mut()
            .take(length)
            .for_each(|byte| *byte = self.byte);
        self.left -= length;
        Ok(length)
    }
}

#[test]
fn an_endless_line_and_an_endless_quote_hold_no_memory_and_the_next_row_goes_on() {
    let rows = |format, start: &'static [u8], end: &'static [u8]| {
        let endless = Endless {
            byte: b'a',
            left: MAX_ROW_BYTES + (4 << 20),
        };
        let stream = start.chain(endless).chain(end);
        let mut rows = Rows::new(BufReader::new(stream), format);
        let mut found = Vec::new();
        while let Some(row) = rows.next_row().expect("it reads") {
            found.push((row.line, row.bytes));
        }
        found
    };
    let whole = |text: &str| RowBytes::Whole(text.as_bytes().to_vec());
    assert_eq!(
        rows(RowFormat::Ndjson, b"{\"", b"\n{}\n"),
        [(1, RowBytes::TooLong), (2, whole("{}"))]
    );
    assert_eq!(
        rows(RowFormat::Csv, b"a,b\n\"", b"\",1\nc,d\n"),
        [(1, whole("a,b")), (2, RowBytes::TooLong), (3, whole("c,d"))]
    );
    assert_eq!(
        rows(RowFormat::Csv, b"a,b\n\"", b"\n\n"),
        [(1, whole("a,b")), (2, RowBytes::Unclosed)]
    );
}

#[test]
fn texts_that_are_no_texts_are_refused_with_their_place() {
    let policy = plain();
    for (rest, code, message) in [
        (r#", "word": "x\ud800y"}}"#, "bad-json", "half an escape"),
        (
            r#", "word": "\ud800\ud800"}}"#,
            "bad-json",
            "surrogate pair",
        ),
        (r#", "word": "\udc00"}}"#, "bad-json", "surrogate pair"),
        (r#", "word": "\x"}}"#, "bad-json", "unknown `\\` escape"),
        (", \"word\": \"a\0b\"}}", "bad-json", "control character"),
        (", \"word\": \u{0}}}", "bad-json", "no JSON value"),
    ] {
        let (found, text) = refused(&policy, rest);
        assert_eq!(found, code, "{rest:?}: {text}");
        assert!(text.contains(message), "{rest:?}: {text}");
    }
    // An escaped NUL is a character like others; a decision hands it on.
    let decided = super::support::decide(&policy, r#""word": "a\u0000b""#);
    assert_eq!(decided["classification"]["c"]["value"], 0);
    for (text, wanted) in [
        ("\0".repeat(10), "binary-file"),
        (
            format!("{}\0", "# x\n".repeat(3_000)),
            "unexpected-character",
        ),
        ("role x \"a\\u{D800}b\"\n".to_owned(), "bad-escape"),
    ] {
        assert!(
            codes(&text).contains(&wanted.to_owned()),
            "{text:?}: {:?}",
            codes(&text)
        );
    }
    let settings = format!("{SETTINGS}x = \"\0\"\n");
    assert_eq!(
        findings(&[("caseway.toml", &settings)])
            .first()
            .map(|one| one.0.as_str()),
        Some("bad-toml")
    );
}

#[test]
fn huge_numbers_are_refused_where_they_stand() {
    let policy = plain();
    let digits = "9".repeat(1_000_000);
    for (rest, code) in [
        (format!(", \"n\": {digits}}}}}"), "bad-json"),
        (format!(", \"d\": {digits}.5}}}}"), "bad-json"),
        (format!(", \"d\": \"{digits}\"}}}}"), "out-of-bounds"),
        (format!(", \"d\": \"0.{digits}\"}}}}"), "too-many-digits"),
        (", \"d\": 1e999999999}}".to_owned(), "wrong-type"),
        (", \"n\": 9223372036854775808}}".to_owned(), "out-of-bounds"),
        (", \"n\": -0e0}}".to_owned(), "wrong-type"),
    ] {
        let (found, message) = refused(&policy, &rest);
        assert_eq!(found, code, "{message}");
        assert!(message.len() < 1_000, "{} bytes", message.len());
    }
    assert_eq!(codes(&rule(&format!("n > {digits}"))), ["number-too-large"]);
    let digits = "9".repeat(10_000);
    let found = codes(&rule(&format!("d > 0.{digits}")));
    assert!(
        matches!(found.as_slice(), [one] if one == "decimal-digits" || one == "number-too-large" || one == "bad-bounds" || one == "type-mismatch"),
        "{found:?}"
    );
}

#[test]
fn a_million_of_something_in_a_case_is_refused() {
    let policy = plain();
    let million = |item: &str| format!("{}{item}", format!("{item},").repeat(999_999));
    let tags = million("\"a\"");
    let (code, message) = refused(&policy, &format!(", \"tags\": [{tags}]}}}}"));
    assert_eq!(
        (code.as_str(), message.as_str()),
        (
            "out-of-bounds",
            "case `1` is refused: `tags` holds more than 100000 values"
        )
    );
    assert_eq!(MAX_SET, 100_000);
    let keys = million("\"n\":1");
    let (code, message) = refused(&policy, &format!(", {keys}}}}}"));
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("duplicate-key", "case `1` is refused: `n` is given twice")
    );
    let (code, message) = refused(&policy, &format!("}}, \"events\": [{}, 0]}}", million("0")));
    assert_eq!(code, "out-of-bounds");
    assert!(
        message.contains("a case may have 1000000 events, this one has 1000001"),
        "{message}"
    );
    let values = "1,".repeat(MAX_VALUES);
    let (code, message) = refused(&policy, &format!(", \"tags\": [{values}1]}}}}"));
    assert_eq!(code, "bad-json");
    assert!(message.contains("more than 4000000 values"), "{message}");
}

#[test]
fn so_many_wrong_fields_of_a_case_are_told_and_no_more() {
    let policy = plain();
    let extra: serde_json::Map<String, serde_json::Value> =
        (0..30_000).map(|at| (format!("x{at}"), json!(1))).collect();
    let mut case = serde_json::Value::Object(extra);
    case["id"] = json!("1");
    case["opened_at"] = json!("2026-03-02T10:00:00+08:00");
    let refused = refusal(&policy, &json!({ "case": case }));
    assert_eq!(
        refused["message"],
        "case `1` is refused: more than 10000 fields are wrong"
    );
    assert_eq!(
        refused["fields"].as_array().map(Vec::len),
        Some(MAX_WRONG_FIELDS)
    );
    let events = vec![json!({"event": "x"}); 30_000];
    let case =
        json!({"case": {"id": "1", "opened_at": "2026-03-02T10:00:00+08:00"}, "events": events});
    assert_eq!(
        super::support::refusal(&policy, &case)["fields"]
            .as_array()
            .map(Vec::len),
        Some(MAX_WRONG_FIELDS)
    );
}

#[test]
fn holiday_files_without_an_end_are_refused() {
    let settings = format!(
        "{SETTINGS}[holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n"
    );
    let check = |text: &str| {
        findings(&[
            ("caseway.toml", &settings),
            ("case.policy", CASE),
            ("route.policy", ROUTE),
            ("cn.csv", text),
        ])
    };
    let head = "date,kind,name\n";
    let same = format!("{head}{}", "2026-01-01,off,x\n".repeat(5_000));
    for text in [
        format!("{head}\"{}", "x,\n".repeat(5_000)),
        same,
        format!("{head}{}", "x\n".repeat(5_000)),
    ] {
        let found = check(&text);
        assert!(
            !found.is_empty()
                && found
                    .iter()
                    .all(|(code, _)| code == "bad-holidays" || code == "too-many-findings"),
            "{:?}",
            found.first()
        );
        assert!(found.len() <= 1_001, "{}", found.len());
    }
    let large = "2026-01-01,off,x\n".repeat(1_000_000);
    assert!(
        check(&large)
            .iter()
            .any(|(code, _)| code == "file-too-large")
    );
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::process::Command;

    const COLUMNS: usize = 200_000;

    /// Runs the command with no more than so many MiB of memory.
    fn bounded(folder: &Folder, mebibytes: usize, arguments: &str) -> Ran {
        let own = folder.command(&[]);
        let script = format!("ulimit -v {} && exec \"$0\" {arguments}", mebibytes * 1024);
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &script])
            .arg(own.get_program())
            .current_dir(folder.home());
        shell.env("LC_ALL", "C").env_remove("CASEWAY_LANG");
        Ran(shell.output().expect("a shell runs"))
    }

    fn folder(files: &[(&str, &str)]) -> Folder {
        let mut all = vec![
            ("caseway.toml", SETTINGS),
            ("case.policy", CASE),
            ("route.policy", ROUTE),
        ];
        all.extend(files);
        Folder::new(&all)
    }

    #[test]
    fn the_bound_on_memory_holds() {
        let large = format!("{HEAD}, \"word\": \"{}\"}}}}", "x".repeat(24 << 20));
        let folder = folder(&[("large.json", &large)]);
        let arguments = "eval --case large.json --at 2026-03-02T10:00:00+08:00";
        assert_eq!(bounded(&folder, 1_024, arguments).code(), Some(0));
        assert_ne!(bounded(&folder, 48, arguments).code(), Some(0));
    }

    #[test]
    fn a_case_of_a_hundred_megabytes_and_one_of_many_values_take_little_memory() {
        let many = format!("{HEAD}, \"x\": [{}1]}}}}", "1,".repeat(15_000_000));
        let keys: Vec<String> = (0..200_000).map(|at| format!("\"n{at}\":1")).collect();
        let keys = format!("{HEAD}, {}}}}}", keys.join(","));
        let folder = folder(&[("many.json", &many), ("keys.json", &keys)]);
        let file = std::fs::File::create(folder.0.join("large.json")).expect("a file");
        file.set_len(100 << 20).expect("a sparse file");
        for (case, code, bound) in [
            ("large.json", "bad-json", 512),
            ("many.json", "bad-json", 1_024),
            ("keys.json", "case-refused", 1_024),
        ] {
            let ran = bounded(&folder, bound, &format!("eval --case {case}"));
            assert_eq!(ran.failure(), (Some(1), code.to_owned()), "{case}");
        }
    }

    #[test]
    fn a_policy_and_settings_of_a_hundred_megabytes_are_not_read() {
        let folder = folder(&[]);
        for name in ["large.policy", "caseway.toml"] {
            let file = std::fs::OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(folder.0.join(name))
                .expect("a file");
            file.set_len(100 << 20).expect("a sparse file");
            let ran = bounded(&folder, 512, "lint");
            assert_eq!(ran.code(), Some(1));
            assert!(
                ran.out().contains(&format!(
                    "{name}:1:1: error[file-too-large]: `{name}` is larger than 16 MiB"
                )),
                "{}",
                ran.out()
            );
        }
    }

    #[test]
    fn a_text_of_nothing_but_mistakes_takes_memory_in_proportion() {
        for (text, code) in [
            ("$ ", "unexpected-character"),
            ("}", "unopened-brace"),
            ("\"\n", "unclosed-quote"),
            ("a ", "unknown-item"),
        ] {
            let text = text.repeat((4 << 20) / text.len());
            let folder = folder(&[("rules.policy", &text)]);
            let ran = bounded(&folder, 1_024, "lint");
            assert_eq!(ran.code(), Some(1), "{code}: {}", ran.err());
            assert!(ran.out().contains(code), "{code}");
        }
    }

    #[test]
    fn many_columns_are_read_and_refused_in_bounded_memory() {
        let columns: Vec<String> = (0..COLUMNS).map(|at| format!("c{at}")).collect();
        let csv = format!(
            "id,opened_at,{}\n1,2026-03-02T10:00:00+08:00,{}\n2,2026-03-02T10:00:00+08:00\n",
            columns.join(","),
            vec!["x"; COLUMNS].join(",")
        );
        let folder = folder(&[("wide.csv", &csv)]);
        let ran = bounded(
            &folder,
            1_536,
            "batch --input wide.csv --jobs 1 --at 2026-03-02T10:00:00+08:00",
        );
        assert_eq!(ran.code(), Some(1), "{}", ran.err());
        let lines: Vec<&str> = std::str::from_utf8(&ran.0.stdout)
            .expect("UTF-8")
            .lines()
            .collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.contains("case-refused")));
        assert!(
            lines
                .first()
                .is_some_and(|line| line.contains("more than 10000 fields are wrong"))
        );
    }

    #[test]
    fn a_mapping_of_a_hundred_thousand_values_maps() {
        let values: Vec<String> = (0..MANY)
            .map(|at| format!("\"v{at}\" = \"u{at}\""))
            .collect();
        let settings = format!(
            "{SETTINGS}[mapping.m]\nformat = \"csv\"\n[mapping.m.fields]\nid = \"id\"\nopened_at = \"opened_at\"\nword = {{ column = \"w\", values = {{ {} }} }}\n",
            values.join(", ")
        );
        let csv = format!(
            "id,opened_at,w\n1,2026-03-02T10:00:00+08:00,v{}\n",
            MANY - 1
        );
        let rules = rule(&format!("word is \"u{}\"", MANY - 1));
        let folder = Folder::new(&[
            ("caseway.toml", &settings),
            ("case.policy", CASE),
            ("rules.policy", &rules),
            ("rows.csv", &csv),
        ]);
        let ran = bounded(
            &folder,
            1_024,
            "batch --mapping m --input rows.csv --jobs 1 --at 2026-03-02T10:00:00+08:00",
        );
        assert_eq!(ran.code(), Some(0), "{}", ran.err());
        assert!(ran.out().contains("\"c\":{\"value\":1"), "{}", ran.out());
    }

    #[test]
    fn what_is_no_file_is_neither_read_nor_waited_for() {
        for (name, make, message) in [
            ("x.policy", "mkfifo x.policy", "`x.policy` is not a file"),
            (
                "caseway.toml",
                "rm caseway.toml && mkfifo caseway.toml",
                "`caseway.toml` is not a file",
            ),
            (
                "caseway.toml",
                "rm caseway.toml && mkdir caseway.toml",
                "`caseway.toml` is not a file",
            ),
            (
                "x.policy",
                "ln -s /dev/zero x.policy",
                "is a link that leads out of the policy folder",
            ),
            (
                "x.policy",
                "ln -s x.policy x.policy",
                "cannot read `x.policy`",
            ),
            (
                "x.policy",
                "ln -s nowhere x.policy",
                "there is no file `x.policy`",
            ),
        ] {
            let folder = folder(&[]);
            let made = Command::new("sh")
                .args(["-c", make])
                .current_dir(folder.home())
                .status()
                .expect("a shell runs");
            assert!(made.success(), "{make}");
            let ran = bounded(&folder, 512, "lint");
            assert_eq!(ran.code(), Some(1), "{make}");
            assert!(
                ran.out().contains(&format!("{name}:1:1: error")) && ran.out().contains(message),
                "{make}: {}",
                ran.out()
            );
        }
        // Folders that hold one another are walked once; a folder may be called like a policy.
        let folder = folder(&[("sub/more.policy", "# nothing\n")]);
        let made = Command::new("sh")
            .args(["-c", "ln -s .. sub/up && ln -s . self && mkdir dir.policy"])
            .current_dir(folder.home())
            .status();
        assert!(made.is_ok_and(|made| made.success()));
        assert_eq!(bounded(&folder, 512, "lint").code(), Some(0));
    }
}

/// Some ten minutes without optimisation: `cargo test --release --test it a_million_rules -- --ignored`.
#[test]
#[ignore = "takes long"]
fn a_million_rules_in_four_files_are_loaded_and_decided() {
    let block = |at: usize| {
        let first = at * 250_000;
        let rules = (first..first + 250_000)
            .map(|rule| format!("rule r{rule} when n is {rule} then {}\n", rule % 7));
        format!(
            "classify c{at} as integer {{ first match\n{}otherwise 0 }}\n",
            rules.collect::<String>()
        )
    };
    let mut files = vec![
        ("caseway.toml".to_owned(), SETTINGS.to_owned()),
        ("case.policy".to_owned(), CASE.to_owned()),
        ("route.policy".to_owned(), ROUTE.to_owned()),
    ];
    files.extend((0..4).map(|at| (format!("rules{at}.policy"), block(at))));
    let checked = check_sources(files).expect("a folder");
    let policy = checked.into_policy().expect("a sound policy");
    let case = policy
        .case_from_json(&format!("{HEAD}, \"n\": 999999}}}}"))
        .expect("a case");
    let at = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let decision =
        serde_json::to_value(policy.decide(&case.case, &case.events, at)).expect("it prints");
    assert_eq!(decision["classification"]["c3"]["rule"], "r999999");
    assert_eq!(decision["classification"]["c0"]["rule"], "otherwise");
}
