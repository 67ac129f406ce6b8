//! What is told of all cases: each `tests/fixtures/proofs/NAME.policy` and its findings in `NAME.expected`,
//! rendered as an operator sees them, with the cases that show them. `UPDATE_FIXTURES=1` rewrites them.

use caseway::diag::{self, RenderOptions};
use caseway::driver::prove_sources;
use std::fs;
use std::path::{Path, PathBuf};

const SETTINGS: &str = r#"[policy]
name = "fixture"
version = "1"
language = 1
zone = "Asia/Shanghai"

[holidays.cn]
file = "cn.csv"
covers = ["2024-01-01", "2028-12-31"]
"#;
const HOLIDAYS: &str = "date,kind,name\n2026-02-17,holiday,\n2026-02-14,workday,\n";

fn told(name: &str, text: &str) -> String {
    let files = [
        ("caseway.toml", SETTINGS),
        ("cn.csv", HOLIDAYS),
        (name, text),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let checked = prove_sources(files).expect("a folder");
    let options = RenderOptions {
        color: false,
        width: 110,
    };
    let mut out = String::new();
    for finding in &checked.findings {
        out.push_str(&diag::render(finding, &checked.sources, options));
        out.push_str(&format!("  subject: {}\n", finding.subject));
        let evidence = &finding.evidence;
        if let Some(case) = &evidence.case {
            out.push_str(&format!("  case: {case}\n"));
        }
        if !evidence.certain {
            out.push_str(&format!("  assumes: {:?}\n", evidence.assumes));
        }
        out.push('\n');
    }
    if checked.findings.is_empty() {
        out.push_str("nothing found\n");
    }
    for promise in &checked.guarantees {
        let reason = promise.reason.as_ref().map(|reason| format!(", {reason}"));
        let (name, word) = (&promise.name, promise.proof.word());
        out.push_str(&format!(
            "guarantee {name}: {word}{}\n",
            reason.unwrap_or_default()
        ));
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn proofs_of_each_fixture_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/proofs");
    let entries = fs::read_dir(&folder).expect("the folder of fixtures");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "policy"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "the fixtures are there");
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a fixture's text");
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.expect("a fixture's name");
        let got = told(name, &text);
        let expected_path = path.with_extension("expected");
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if got != expected {
            match update {
                true => fs::write(&expected_path, &got).expect("writing what is expected"),
                false => wrong.push(format!("==== {name}\n{got}")),
            }
        }
        // The good twin of each bad fixture is told by its name.
        if name.starts_with("good_") != got.starts_with("nothing found\n") {
            wrong.push(format!("==== {name} is not as its name says\n{got}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "run with UPDATE_FIXTURES=1 and read the changes:\n{}",
        wrong.join("\n")
    );
}
