//! The rest of the extension for editors: what its manifest names is there, brackets and indentation
//! are those of the policies that ship, and every snippet is good text.

use caseway::source::SourceId;
use caseway::syntax;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode")
}

fn json(path: &str) -> Value {
    let text = fs::read_to_string(folder().join(path)).expect("a file of the extension");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_manifest_names_files_that_are_there() {
    let package = json("package.json");
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let contributes = &package["contributes"];
    assert_eq!(
        contributes["languages"][0]["extensions"],
        serde_json::json!([".policy"])
    );
    let grammar = json("syntaxes/caseway.tmLanguage.json");
    assert_eq!(
        contributes["grammars"][0]["scopeName"],
        grammar["scopeName"]
    );
    let mut named: BTreeSet<String> = ["package.json", "README.md"].map(str::to_owned).into();
    for (list, key) in [
        ("languages", "configuration"),
        ("grammars", "path"),
        ("snippets", "path"),
    ] {
        for one in contributes[list].as_array().expect("a list") {
            let path = one[key].as_str().and_then(|path| path.strip_prefix("./"));
            named.insert(path.expect("a path").to_owned());
        }
    }
    let mut there = BTreeSet::new();
    let mut open = vec![folder()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder()).expect("below");
                there.insert(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    assert_eq!(named, there);
}

/// Scopes as themes know them (<https://macromates.com/manual/en/language_grammars>, "Naming
/// Conventions"), all with the name of the language at their end.
#[test]
fn scopes_are_named_as_themes_expect() {
    fn scopes(node: &Value, found: &mut BTreeSet<String>) {
        match node {
            Value::Object(entries) => {
                for (key, value) in entries {
                    match value {
                        Value::String(scope) if key == "name" => {
                            found.insert(scope.clone());
                        }
                        value => scopes(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| scopes(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = BTreeSet::new();
    scopes(
        &json("syntaxes/caseway.tmLanguage.json")["repository"],
        &mut found,
    );
    assert!(found.len() > 40, "{found:?}");
    let roots = [
        "comment",
        "constant",
        "entity",
        "invalid",
        "keyword",
        "punctuation",
        "storage",
        "string",
        "support",
        "variable",
    ];
    for scope in found {
        let root = scope.split('.').next().unwrap_or("");
        assert!(
            roots.contains(&root) && scope.ends_with(".caseway"),
            "{scope}"
        );
    }
}

#[test]
fn every_snippet_is_good_text() {
    let snippets = json("snippets/caseway.json");
    // Pieces of a block stand in one here.
    let around = |name: &str| match name {
        "rule" => Some(("classify x as one of { a } { first match ", " }")),
        "table" => Some(("classify topic as one of { a } { unique ", " }")),
        "route rule" => Some(("route { first match ", " }")),
        "tier" => Some(("sla { ", " }")),
        _ => None,
    };
    let choice = Regex::new(r"\$\{\d+\|([^,|]*)[^|]*\|\}").expect("a regex");
    let default = Regex::new(r"\$\{\d+:([^{}]*)\}").expect("a regex");
    let stop = Regex::new(r"\$\d+").expect("a regex");
    let mut prefixes = BTreeSet::new();
    for (name, snippet) in snippets.as_object().expect("snippets") {
        let prefix = snippet["prefix"].as_str().expect("a prefix");
        assert!(prefixes.insert(prefix), "{prefix} is there twice");
        assert!(snippet["description"].is_string(), "{name}");
        let body = snippet["body"].as_array().expect("lines");
        let body: Vec<&str> = body
            .iter()
            .map(|line| line.as_str().expect("a line"))
            .collect();
        let body = choice.replace_all(&body.join("\n"), "$1").into_owned();
        let body = default.replace_all(&body, "$1").into_owned();
        let body = stop.replace_all(&body, "").into_owned();
        assert!(!body.contains('$'), "{name}: {body}");
        let (before, after) = around(name).unwrap_or_default();
        let text = format!("{before}{body}{after}");
        let (file, findings) = syntax::parse(SourceId(0), &text);
        assert!(findings.is_empty(), "{name}: {text}\n{findings:#?}");
        assert_eq!(file.items.len(), 1, "{name}");
        // The twin without its last word is no good text, so the check is one.
        let half = text.trim_end().trim_end_matches(['}', ' ', '\n']);
        if half.len() < text.trim_end().len() {
            assert!(!syntax::parse(SourceId(0), half).1.is_empty(), "{name}");
        }
    }
    assert!(prefixes.len() >= 18);
}

#[test]
fn indentation_follows_the_brackets_of_the_policies() {
    let rules = &json("language-configuration.json")["indentationRules"];
    let rule = |key: &str| Regex::new(rules[key].as_str().expect("a regex")).expect("a regex");
    let (more, less) = (rule("increaseIndentPattern"), rule("decreaseIndentPattern"));
    for (line, opens, closes) in [
        ("case {", true, false),
        ("  first match  # one {", false, false),
        ("tier a when b { # why", true, false),
        ("events { a, b }", false, false),
        ("because \"{\"", false, false),
        ("rule \"{\" when x in {", true, false),
        ("  }", false, true),
        ("} then", false, true),
        ("# case {", false, false),
    ] {
        assert_eq!(more.is_match(line), opens, "{line}");
        assert_eq!(less.is_match(line), closes, "{line}");
    }
    // Lines of the policies stand further in after a line that opens, and further out when they close.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut steps = 0;
    for folder in [
        "policies/telecom-service",
        "policies/broadband-complaints",
        "templates/helpdesk",
    ] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "policy") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("readable");
            let lines: Vec<&str> = text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .collect();
            let indent = |line: &str| line.len() - line.trim_start().len();
            for pair in lines.windows(2) {
                let (before, after) = (pair[0], pair[1]);
                // A condition that goes on over lines stands further in than its block.
                let goes_on = ["or ", "and "]
                    .iter()
                    .any(|word| before.trim().starts_with(word));
                if more.is_match(before) && !less.is_match(after) && !goes_on {
                    steps += 1;
                    assert!(
                        indent(after) > indent(before),
                        "{}: {after}",
                        path.display()
                    );
                }
                if less.is_match(after) && !more.is_match(before) {
                    steps += 1;
                    assert!(
                        indent(after) < indent(before),
                        "{}: {after}",
                        path.display()
                    );
                }
            }
        }
    }
    assert!(steps > 100, "{steps}");
}

#[test]
fn a_double_click_takes_a_whole_name() {
    let configuration = json("language-configuration.json");
    let pattern = configuration["wordPattern"]["pattern"]
        .as_str()
        .expect("a regex");
    let word = Regex::new(pattern).expect("a regex");
    for (text, words) in [
        ("大面积中断 = outage", vec!["大面积中断", "outage"]),
        ("follow_up 确认2", vec!["follow_up", "确认2"]),
        ("respond 1h30m, 75%", vec!["respond", "1h30m", "75%"]),
        ("customer.tier", vec!["customer", "tier"]),
        (
            "at 2026-03-02T10:00:00+08:00",
            vec!["at", "2026-03-02T10:00:00+08:00"],
        ),
    ] {
        let found: Vec<&str> = word.find_iter(text).map(|found| found.as_str()).collect();
        assert_eq!(found, words);
    }
    let brackets = &configuration["brackets"];
    assert_eq!(*brackets, serde_json::json!([["{", "}"], ["(", ")"]]));
    assert_eq!(configuration["comments"]["lineComment"], "#");
}
