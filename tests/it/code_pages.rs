//! Every code has its manual page in each language, and the examples on it are what they claim.
//!
//! An example is given as fences with the name of a file, ```` ```policy main.policy ````. Where it has
//! no `caseway.toml` or no `case`, those of `docs/findings/common` are added.

#![allow(
    clippy::disallowed_methods,
    reason = "the test reads the manual as text"
)]

use super::command::Folder;
use caseway::Instant;
use caseway::diag::Level;
use caseway::driver::check_as_of;
use caseway::lint;
use caseway::message::Language;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a page of a manual cannot show: too large, or no text.
const BEYOND_A_PAGE: [&str; 6] = [
    "binary-file",
    "file-too-large",
    "not-utf8",
    "too-many-fields",
    "too-many-files",
    "too-many-findings",
];

/// Today, for lints that ask how long data lasts.
const TODAY: &str = "2026-03-02T10:00:00+08:00";

fn manual() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"))
}

fn headings(language: Language) -> [&'static str; 3] {
    match language {
        Language::English => ["Why it matters", "Example", "Instead"],
        Language::Chinese => ["为什么重要", "例子", "改为"],
    }
}

fn level_line(language: Language, level: Level) -> &'static str {
    match (language, level) {
        (Language::English, Level::Error) => "Level: error.",
        (Language::English, Level::Warn) => "Level: warning.",
        (Language::Chinese, Level::Error) => "级别：错误。",
        (Language::Chinese, Level::Warn) => "级别：警告。",
    }
}

/// Files of an example: name and text.
type Files = Vec<(String, String)>;

/// A part of a page below a heading: its words, and the files of its fences.
struct Part {
    heading: String,
    words: Vec<String>,
    files: Files,
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix('#').filter(|_| !inside) {
            parts.push(Part {
                heading: heading.trim_start_matches('#').trim().to_owned(),
                words: Vec::new(),
                files: Vec::new(),
            });
            continue;
        }
        let part = parts.last_mut().expect("a page begins with its title");
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                let (_, name) = info.split_once(' ').expect("a fence names its file");
                part.files.push((name.to_owned(), String::new()));
            }
        } else if inside {
            let (_, text) = part.files.last_mut().expect("a fence is open");
            text.push_str(line);
            text.push('\n');
        } else if !line.is_empty() {
            part.words.push(line.to_owned());
        }
    }
    assert!(!inside, "a fence is not closed:\n{page}");
    parts
}

fn pages() -> impl Iterator<Item = (&'static str, Language, Vec<Part>)> {
    lint::known_codes().flat_map(|code| {
        Language::ALL.into_iter().filter_map(move |language| {
            let page = lint::explain(code, language)?;
            Some((code, language, parts(page)))
        })
    })
}

/// Codes and levels of what is found in the files of an example.
fn found(files: &Files) -> Vec<(&'static str, Level)> {
    let common = |name: &str| {
        let path = manual().join("findings/common").join(name);
        fs::read_to_string(path).expect("a common file")
    };
    let has_case = files.iter().any(|(name, text)| {
        name == "case.policy"
            || name.ends_with(".policy") && text.lines().any(|line| line.starts_with("case "))
    });
    let has_settings = files.iter().any(|(name, _)| name == "caseway.toml");
    let mut all = files.clone();
    if !has_case {
        all.push(("case.policy".to_owned(), common("case.policy")));
    }
    if !has_settings {
        all.push(("caseway.toml".to_owned(), common("caseway.toml")));
    }
    let all: Vec<(&str, &str)> = all
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let folder = Folder::new(&all);
    let today = Instant::parse(TODAY).expect("an instant");
    let checked = check_as_of(&folder.0, today).expect("a policy folder");
    let findings = checked.findings.iter();
    findings
        .map(|finding| (finding.code, finding.level))
        .collect()
}

#[test]
fn every_code_that_is_reported_has_a_page_in_each_language() {
    let mut with_page: BTreeSet<&str> = pages().map(|(code, _, _)| code).collect();
    with_page.extend(lint::codes_elsewhere());
    let list = fs::read_to_string(manual().join("findings.md")).expect("the list of codes");
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    assert_eq!(with_page, listed, "pages, and docs/findings.md");
    for language in Language::ALL {
        let folder = manual().join("findings").join(language.word());
        let files: BTreeSet<String> = fs::read_dir(&folder)
            .expect("pages")
            .map(|entry| entry.expect("a page").file_name())
            .map(|name| name.to_string_lossy().replace(".md", ""))
            .collect();
        let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        assert_eq!(files, with_page, "{}", folder.display());
    }
}

#[test]
fn pages_have_one_form() {
    for (code, language, parts) in pages() {
        let shown = format!("{code} ({})", language.word());
        let mut wanted = vec![code];
        wanted.extend(headings(language));
        let found: Vec<&str> = parts.iter().map(|part| part.heading.as_str()).collect();
        assert_eq!(found, wanted, "{shown}");
        let title = parts.first().expect("a title");
        let level = lint::level_of(code).expect("a level");
        assert_eq!(
            title.words.first().map(String::as_str),
            Some(level_line(language, level)),
            "{shown}"
        );
        assert!(title.words.len() > 1, "{shown} says nothing");
        for part in &parts {
            assert!(
                !part.words.is_empty() || !part.files.is_empty(),
                "{shown}: {} is empty",
                part.heading
            );
            let chinese =
                |words: &String| words.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
            let translated = language == Language::English || part.words.iter().all(chinese);
            assert!(translated, "{shown}: {} is not Chinese", part.heading);
        }
    }
}

#[test]
fn examples_are_the_same_in_each_language() {
    let mut examples = 0;
    for code in lint::known_codes() {
        let files = Language::ALL.map(|language| {
            let parts = lint::explain(code, language).map(parts).unwrap_or_default();
            parts
                .into_iter()
                .map(|part| part.files)
                .collect::<Vec<Files>>()
        });
        let [first, others @ ..] = &files;
        assert!(others.iter().all(|other| other == first), "{code}");
        examples += first.len();
    }
    assert!(examples > 500, "the pages lost their parts");
}

#[test]
fn examples_yield_their_code_and_what_stands_instead_does_not() {
    for code in lint::known_codes() {
        let Some(page) = lint::explain(code, Language::English) else {
            continue;
        };
        let parts = parts(page);
        let [_, _, example, instead] = parts.as_slice() else {
            panic!("{code}: a page has four parts");
        };
        let shown = !BEYOND_A_PAGE.contains(&code);
        assert_eq!(!example.files.is_empty(), shown, "{code}: its example");
        if shown {
            let codes = found(&example.files);
            let level = lint::level_of(code).expect("a level");
            assert!(codes.contains(&(code, level)), "{code}: found {codes:?}");
            assert!(!instead.files.is_empty(), "{code}: nothing instead");
        }
        let mut left = found(&instead.files);
        left.retain(|(other, level)| *other == code || *level == Level::Error);
        assert!(left.is_empty(), "{code}: instead has {left:?}");
    }
}

/// Cases and the code of what comes of them: none when they are decided.
fn refused(files: &Files) -> Vec<Option<String>> {
    let common = |name: &str| {
        let path = manual().join("findings/common").join(name);
        fs::read_to_string(path).expect("a common file")
    };
    let (case, settings) = (common("case.policy"), common("caseway.toml"));
    let cases = files.iter().map(|(name, text)| {
        assert_eq!(name, "case.json");
        let folder = Folder::new(&[
            ("caseway.toml", &settings),
            ("case.policy", &case),
            ("case.json", text),
        ]);
        let ran = folder.run(&["eval", "--case", "case.json", "--format", "json"]);
        let error = &ran.json()["error"];
        let code = match &error["fields"][0]["code"] {
            serde_json::Value::String(code) if code == "duplicate-key" => Some(code.as_str()),
            _ => error["code"].as_str(),
        };
        code.map(str::to_owned)
    });
    cases.collect()
}

#[test]
fn pages_of_other_commands_have_one_form_and_their_cases_are_refused_so() {
    let mut examples = 0;
    for code in lint::codes_elsewhere() {
        assert!(!lint::is_known(code), "{code} is no finding of lint");
        for language in Language::ALL {
            let parts = parts(lint::explain(code, language).expect("a page"));
            let mut wanted = vec![code];
            wanted.extend(headings(language));
            let found: Vec<&str> = parts.iter().map(|part| part.heading.as_str()).collect();
            assert_eq!(found, wanted);
            let told = match language {
                Language::English => "Told ",
                Language::Chinese => "报告。",
            };
            let title = parts.first().expect("a title");
            assert!(title.words[0].contains(told), "{code}: {:?}", title.words);
            assert!(title.words.len() > 1, "{code} says nothing");
            assert!(parts.iter().all(|part| !part.words.is_empty()), "{code}");
            let [_, _, example, instead] = parts.as_slice() else {
                panic!("{code}: a page has four parts");
            };
            let as_told = vec![Some(code.to_owned()); example.files.len()];
            assert_eq!(refused(&example.files), as_told, "{code}");
            assert!(
                refused(&instead.files).iter().all(Option::is_none),
                "{code}"
            );
            assert_eq!(example.files.len(), instead.files.len(), "{code}");
            examples += example.files.len();
        }
    }
    assert!(examples >= 10, "{examples}");
}

#[test]
fn what_other_commands_tell_cannot_be_silenced() {
    let settings = "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"UTC\"\n[lint]\n\"bad-json\" = \"allow\"\n";
    let folder = Folder::new(&[
        ("caseway.toml", settings),
        ("case.policy", "case { id: text opened_at: instant }\n"),
    ]);
    let ran = folder.run(&["lint"]);
    assert!(ran.out().contains("unknown-code"), "{}", ran.out());
    let page = folder.run(&["lint", "--explain", "bad-json", "--lang", "zh"]);
    assert_eq!(page.code(), Some(0));
    assert!(page.out().contains("为什么重要"), "{}", page.out());
}

#[test]
fn the_command_prints_the_page() {
    let folder = Folder::new(&[("notes.txt", "")]);
    let ran = folder.run(&["lint", "--explain", "unused-role"]);
    assert_eq!(ran.code(), Some(0));
    let text = ran.out();
    assert!(
        text.starts_with("unused-role\n\nLevel: warning.\n\n"),
        "{text}"
    );
    assert!(
        text.contains("\nExample\n\n    # main.policy\n    role desk"),
        "{text}"
    );
    let ran = folder.run(&["--lang", "zh", "lint", "--explain", "unused-role"]);
    assert!(ran.out().contains("\n为什么重要\n"), "{}", ran.out());
}

#[test]
fn a_code_without_a_page_is_told() {
    let folder = Folder::new(&[("notes.txt", "")]);
    for (code, words) in [
        ("unused-rol", "did you mean `unused-role`?"),
        ("xyz", "there is no code `xyz`"),
        ("", "there is no code ``"),
    ] {
        let ran = folder.run(&["lint", "--explain", code]);
        assert_eq!(ran.code(), Some(2), "{code}");
        assert!(ran.err().contains(words), "{}", ran.err());
    }
    let ran = folder.run(&["lint", ".", "--explain", "unused-role"]);
    assert_eq!(ran.code(), Some(2), "a folder is not asked for");
}
