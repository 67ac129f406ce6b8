//! The manual holds against the code: every finding is listed, every example is read as it claims.
//!
//! Examples in `docs/**/*.md`: a fence ```` ```policy ```` is read without findings, ```` ```policy-bad ````
//! has one at least, ```` ```policy-whole ```` is a complete policy without errors whose own tests pass.

#![allow(
    clippy::disallowed_methods,
    reason = "the test reads the sources and the manual as text"
)]

use super::support::SETTINGS;
use caseway::diag::Diagnostic;
use caseway::driver::{check_sources, run_tests};
use caseway::source::SourceId;
use caseway::{Policy, syntax};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders whose stages report on policies; elsewhere only codes written directly in a call count.
const STAGES: [&str; 5] = ["syntax", "model", "config", "lint", "driver"];
/// Files of other folders that hand codes on to a finding.
const HANDED_ON: [&str; 1] = ["ingest/typed.rs"];
/// The list of codes that speaks of more than this build checks.
const LIST_OF_CODES: &str = "lint/codes.rs";
/// Texts in those folders that are written like a code and are none.
const NO_CODES: [&str; 4] = ["cat-file", "look-around", "ls-tree", "policy-invalid"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files under a folder with an ending, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a text file of the project")
}

/// Texts in quotes of a source file, comments and tests left out, each with what stands before it.
fn literals(source: &str) -> Vec<(String, String)> {
    let code: Vec<&str> = source
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    let mut rest = code.as_str();
    let mut before = String::new();
    while let Some(at) = rest.find('"') {
        before.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        let mut escaped = false;
        let end = inner.find(|sign| {
            let closes = sign == '"' && !escaped;
            escaped = sign == '\\' && !escaped;
            closes
        });
        // A quote within single quotes opens nothing.
        if before.ends_with('\'') && inner.starts_with('\'') {
            rest = inner;
            continue;
        }
        let Some(end) = end else { break };
        found.push((before.trim_end().to_owned(), inner[..end].to_owned()));
        before.clear();
        rest = &inner[end + 1..];
    }
    found
}

fn looks_like_code(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split(['-', '_']).all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Codes of findings that the sources can report, and all short texts that they hold.
fn codes_of_sources() -> (BTreeSet<String>, BTreeSet<String>) {
    let source = root().join("src");
    let (mut codes, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for path in files(&source, "rs") {
        let name = path
            .strip_prefix(&source)
            .expect("a source file")
            .to_string_lossy()
            .into_owned();
        let stage = STAGES
            .iter()
            .any(|stage| name.starts_with(&format!("{stage}/")));
        for (before, text) in literals(&read(&path)) {
            if !looks_like_code(&text) {
                continue;
            }
            let direct =
                before.ends_with("Diagnostic::error(") || before.ends_with("Diagnostic::warn(");
            let kebab = text.contains('-') && !NO_CODES.contains(&text.as_str());
            let handed = (stage && name != LIST_OF_CODES) || HANDED_ON.contains(&name.as_str());
            if direct || (handed && kebab) {
                codes.insert(text.clone());
            }
            if name != LIST_OF_CODES {
                texts.insert(text);
            }
        }
    }
    (codes, texts)
}

/// Codes in the first column of the tables of `docs/findings.md`.
fn codes_of_manual() -> Vec<String> {
    let page = read(&root().join("docs/findings.md"));
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_finding_is_in_the_manual() {
    let (codes, texts) = codes_of_sources();
    let listed = codes_of_manual();
    let listed_once: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(
        listed.len(),
        listed_once.len(),
        "docs/findings.md lists a code twice"
    );
    let absent: Vec<&String> = codes.difference(&listed_once).collect();
    assert!(
        absent.is_empty(),
        "docs/findings.md does not list {absent:?}"
    );
    let unknown: Vec<&String> = listed_once.difference(&texts).collect();
    assert!(
        unknown.is_empty(),
        "docs/findings.md lists {unknown:?}, which nothing reports"
    );
}

/// A fenced block of a page.
struct Example {
    place: String,
    kind: String,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut found = Vec::new();
    for path in files(&root().join("docs"), "md") {
        let name = path
            .strip_prefix(root())
            .expect("a page of the manual")
            .display()
            .to_string();
        let mut open: Option<Example> = None;
        for (line, at) in read(&path).lines().zip(1..) {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(kind)) => {
                    let place = format!("{name}:{at}");
                    open = Some(Example {
                        place,
                        kind: kind.to_owned(),
                        text: String::new(),
                    });
                }
                (Some(_), Some(_)) => found.extend(open.take()),
                (Some(example), None) => {
                    example.text.push_str(line);
                    example.text.push('\n');
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{name}: a fence is not closed");
    }
    found
}

fn told(findings: &[Diagnostic]) -> String {
    findings
        .iter()
        .map(|finding| format!("\n  {}: {}", finding.code, finding.message))
        .collect()
}

#[test]
fn examples_are_read_as_the_manual_says() {
    let mut policies = 0;
    for example in examples() {
        let Example { place, kind, text } = &example;
        let (_, findings) = syntax::parse(SourceId(0), text);
        match kind.as_str() {
            "policy" | "policy-whole" => {
                assert!(findings.is_empty(), "{place}:{}", told(&findings))
            }
            "policy-bad" => assert!(!findings.is_empty(), "{place}: this example has no fault"),
            _ => continue,
        }
        policies += 1;
    }
    assert!(policies > 20, "the manual lost its examples");
}

/// Findings about names that a fragment leaves to the rest of its policy.
fn left_to_the_rest(code: &str) -> bool {
    code.starts_with("unknown-") || code.starts_with("unused-")
}

#[test]
fn fragments_lack_nothing_but_names() {
    let mut wrong = Vec::new();
    for example in examples().iter().filter(|example| example.kind == "policy") {
        let mut files = vec![
            ("caseway.toml".to_owned(), SETTINGS.to_owned()),
            ("example.policy".to_owned(), example.text.clone()),
        ];
        if !example.text.lines().any(|line| line.starts_with("case ")) {
            let case = "case { id: text opened_at: instant }";
            files.push(("case.policy".to_owned(), case.to_owned()));
        }
        let checked = check_sources(files).expect("there is a caseway.toml");
        let mut findings = checked.findings;
        findings.retain(|finding| !left_to_the_rest(finding.code));
        if !findings.is_empty() {
            wrong.push(format!("{}:{}", example.place, told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whole_examples_are_policies_whose_tests_pass() {
    let mut policies = 0;
    for example in examples()
        .iter()
        .filter(|example| example.kind == "policy-whole")
    {
        let files = [
            ("caseway.toml", SETTINGS),
            ("example.policy", example.text.as_str()),
        ];
        let owned = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let checked = check_sources(owned).expect("there is a caseway.toml");
        // An example may declare what it does not go on to use.
        let mut findings = checked.findings;
        findings.retain(|finding| !finding.code.starts_with("unused-"));
        let found = told(&findings);
        assert!(found.is_empty(), "{}:{found}", example.place);
        let policy = Policy::from_sources(files)
            .unwrap_or_else(|error| panic!("{}: {error}", example.place));
        let report = run_tests(&policy, Default::default());
        assert_eq!(report.failed, 0, "{}: {report:?}", example.place);
        policies += 1;
    }
    assert!(policies > 3, "the manual lost its whole policies");
}
