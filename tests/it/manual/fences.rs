//! Nothing stands in a fence of the manual or the README unless a test reads, runs or compares it.

use super::cookbook::faults;
use super::page::{Block, Page, docs, pages_under};
use super::walked::WALKED;
use crate::support::{OPENED, SETTINGS, policy};
use caseway::driver::check_sources;
use caseway::{Instant, Policy};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Commands that are for a shell, and by what they are known to work: a line of `.ci/run`, or nothing
/// where building the tests is the proof, and for the peers, whose build is too long for CI.
const FOR_A_SHELL: [(&str, &str); 14] = [
    ("cargo build --release", ""),
    ("export PATH=\"$PWD/target/release:$PATH\"", ""),
    ("cd ~", ""),
    ("cargo test --locked", "cargo test --locked"),
    (
        "cargo bench --bench calendar_due",
        "cargo test --locked --bench calendar_due",
    ),
    (
        "cargo bench --bench decide",
        "cargo test --locked --bench decide",
    ),
    (
        "cargo bench --bench ingest",
        "cargo test --locked --bench ingest",
    ),
    (
        "cargo bench --bench proofs",
        "cargo test --locked --bench proofs",
    ),
    (
        "cargo run --release --manifest-path benches/peers/Cargo.toml",
        "",
    ),
    (
        "cargo run --release --manifest-path benches/peers/Cargo.toml -- load",
        "",
    ),
    (
        "cargo run --release --manifest-path benches/peers/Cargo.toml --bin memory",
        "",
    ),
    (
        "cargo run --release --manifest-path benches/peers/Cargo.toml -- cold",
        "",
    ),
    (
        "cargo run --release --manifest-path benches/peers/Cargo.toml -- batch",
        "",
    ),
    (
        "cargo run --release --quiet -- batch -C policies/broadband-complaints --mapping comcast --input policies/broadband-complaints/sample.csv --output-format csv",
        "batch -C policies/broadband-complaints --mapping comcast --input policies/broadband-complaints/sample.csv --output-format csv",
    ),
];

/// A policy for settings that need one.
const CASE: (&str, &str) = (
    "case.policy",
    "case { id: text opened_at: instant }\nrole desk\nroute { first match otherwise to desk }",
);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What holds a fence against the code, or nothing.
fn held_by(page: &str, kind: &str, name: &str) -> Option<&'static str> {
    let within = |folder: &str| page.starts_with(folder);
    let walked = WALKED
        .iter()
        .any(|walked| page.strip_prefix("docs/") == Some(*walked));
    match (kind, name.is_empty()) {
        (_, false) if within("docs/findings/") => Some("code_pages"),
        (_, false) if within("docs/cookbook/") => Some("manual::cookbook"),
        (_, false) if walked => Some("manual::walked"),
        (_, false) if within("docs/language/") => Some("pages_with_files_are_policies"),
        ("console", true) if walked => Some("manual::walked"),
        ("policy", true) if page == "README.md" => Some("the_readme_shows_what_is_there"),
        ("policy" | "policy-whole" | "policy-bad", true) if within("docs/") => {
            Some("documentation")
        }
        ("policy-before" | "policy-after", true) if page == "docs/fmt.md" => Some("format"),
        ("json", true) => Some("json_is_json"),
        ("toml", true) => Some("settings_are_known"),
        ("csv", true) if page == "docs/caseway-toml.md" => Some("tables_of_days_are_read"),
        ("rust", true) if page == "docs/embedding.md" => Some("the tests of src/lib.rs"),
        ("ebnf", true) if page == "docs/language/grammar.md" => Some("manual::grammar"),
        ("sh", true) => Some("commands_for_a_shell_are_those_of_ci"),
        _ => None,
    }
}

/// All pages of the manual and the README, by their names in the project.
fn pages() -> Vec<(String, Page)> {
    let mut paths = pages_under("");
    paths.push(root().join("README.md"));
    let name = |path: &Path| {
        let inside = path.strip_prefix(root()).expect("a page of the project");
        inside.to_string_lossy().replace('\\', "/")
    };
    paths
        .iter()
        .map(|path| (name(path), Page::read(path)))
        .collect()
}

/// Calls for each unnamed fence of a kind; says how many there were.
fn each(kind: &str, mut call: impl FnMut(&str, &str, &Block)) -> usize {
    let mut seen = 0;
    for (name, page) in pages() {
        for block in page.blocks() {
            if block.kind == kind && block.name.is_empty() {
                call(&name, &page.place(block), block);
                seen += 1;
            }
        }
    }
    seen
}

#[test]
fn every_fence_is_held_by_a_test() {
    let mut loose = Vec::new();
    for (name, page) in pages() {
        for block in page.blocks() {
            if held_by(&name, &block.kind, &block.name).is_none() {
                loose.push(format!("{} ({})", page.place(block), block.kind));
            }
        }
    }
    assert!(
        loose.is_empty(),
        "no test looks into these fences; CONTRIBUTING.md says how one comes about:\n{}",
        loose.join("\n")
    );
    for (page, kind, name) in [
        ("docs/cli.md", "text", ""),
        ("docs/cli.md", "", ""),
        ("docs/cases.md", "console", ""),
        ("docs/cases.md", "policy", "x.policy"),
        ("docs/language/scripts.md", "rust", ""),
        ("README.md", "policy-whole", ""),
    ] {
        assert_eq!(held_by(page, kind, name), None, "{page} {kind}");
    }
}

#[test]
fn pages_with_files_are_policies() {
    let (mut wrong, mut found) = (Vec::new(), 0);
    for path in pages_under("language") {
        let page = Page::read(&path);
        if page.files().is_empty() {
            continue;
        }
        found += 1;
        wrong.extend(faults(&page, 1));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(found > 1, "the language lost its examples of several files");
}

#[test]
fn json_is_json() {
    let seen = each("json", |_, place, block| {
        let whole = block.text.replace("{…}", "{}");
        let values = serde_json::Deserializer::from_str(&whole).into_iter::<Value>();
        let mut read = 0;
        for value in values {
            assert!(value.is_ok(), "{place}: {value:?}");
            read += 1;
        }
        assert!(read > 0, "{place}: nothing");
    });
    assert!(seen > 5, "the manual lost its JSON");
}

/// The JSON of a page, block by block.
fn json_of(page: &str) -> Vec<Value> {
    let page = Page::read(&docs().join(page));
    let blocks = page.blocks().filter(|block| block.kind == "json");
    blocks
        .filter_map(|block| serde_json::from_str(&block.text).ok())
        .collect()
}

#[test]
fn the_case_and_its_refusal_are_as_shown() {
    let shown = json_of("cases.md");
    let [case, refused] = shown.as_slice() else {
        panic!("docs/cases.md shows a case and a refusal");
    };
    let policy = policy(
        "kind: one of { fault, complaint } disputed_amount: decimal(2) optional
         tags: set of text optional customer: { id: text }
         status: one of { open, resolved } default open",
        "events { first_response }",
    );
    let file = policy.case_from_json(&case.to_string()).expect("a case");
    assert_eq!(file.events.len(), 2);
    let mut wrong = case.clone();
    wrong["case"]["kind"] = "falt".into();
    wrong["case"]["customer"] = serde_json::json!({});
    let found = policy
        .case_from_json(&wrong.to_string())
        .expect_err("a refusal");
    assert_eq!(
        serde_json::to_value(&found).expect("JSON"),
        refused["error"]
    );
}

/// Keys of the objects at a place; `*` is any key or any entry.
fn keys(value: &Value, place: &[&str], found: &mut BTreeSet<String>) {
    match (place.split_first(), value) {
        (None, Value::Object(object)) => found.extend(object.keys().cloned()),
        (Some((&"*", rest)), Value::Object(object)) => {
            object.values().for_each(|inner| keys(inner, rest, found));
        }
        (Some((&"*", rest)), Value::Array(list)) => {
            list.iter().for_each(|inner| keys(inner, rest, found));
        }
        (Some((key, rest)), Value::Object(object)) => {
            if let Some(inner) = object.get(*key) {
                keys(inner, rest, found);
            }
        }
        _ => {}
    }
}

#[test]
fn decisions_have_the_keys_that_are_shown() {
    let shown = json_of("decisions-json.md");
    let shown = shown.first().expect("a decision");
    let mut made = Vec::new();
    for pack in ["telecom-service", "cn-telecom-law"] {
        let folder = root().join("policies").join(pack);
        let policy = Policy::load(&folder).expect("a policy");
        for entry in std::fs::read_dir(folder.join("cases")).expect("cases") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let text = std::fs::read_to_string(path).expect("a case");
            let file = policy.case_from_json(&text).expect("a case");
            let at = file
                .at
                .unwrap_or(Instant::parse(OPENED).expect("an instant"));
            let decision = policy.decide(&file.case, &file.events, at);
            made.push(serde_json::to_value(&decision).expect("JSON"));
        }
    }
    for place in [
        &[][..],
        &["policy"],
        &["classification", "*"],
        &["route"],
        &["route", "escalations", "*"],
        &["sla"],
        &["sla", "clocks", "*"],
        &["retention", "*"],
        &["follow_ups", "*"],
        &["requirements", "*"],
    ] {
        let (mut here, mut there) = (BTreeSet::new(), BTreeSet::new());
        keys(shown, place, &mut here);
        made.iter().for_each(|made| keys(made, place, &mut there));
        here.remove("rules");
        there.remove("rules");
        assert!(!there.is_empty(), "no case shows {place:?}");
        assert_eq!(here, there, "docs/decisions-json.md: {place:?}");
    }
}

#[test]
fn the_readme_shows_what_is_there() {
    let page = Page::read(&root().join("README.md"));
    let folder = root().join("policies/telecom-service");
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("a policy") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "policy") {
            let text = std::fs::read_to_string(path).expect("a text");
            lines.extend(text.lines().map(str::to_owned));
        }
    }
    for block in page.blocks().filter(|block| block.kind == "policy") {
        for line in block.text.lines().filter(|line| line.trim() != "…") {
            let there = lines.iter().any(|other| other == line);
            assert!(
                there,
                "{}: the policy has no line `{line}`",
                page.place(block)
            );
        }
    }
    let policy = Policy::load(&folder).expect("a policy");
    let case = std::fs::read_to_string(folder.join("cases/01-city-outage.json")).expect("a case");
    let file = policy.case_from_json(&case).expect("a case");
    let decision = policy.decide(&file.case, &file.events, file.at.expect("an instant"));
    let made = serde_json::to_value(&decision).expect("JSON");
    for block in page.blocks().filter(|block| block.kind == "json") {
        let shown: Value = serde_json::from_str(&block.text).expect("JSON");
        let mut differ = Vec::new();
        differences(&shown, &made, "", &mut differ);
        assert!(differ.is_empty(), "README.md: {differ:#?}");
    }
}

/// Where values that are shown are not those that were made; what is made and not shown is no matter.
fn differences(shown: &Value, made: &Value, path: &str, found: &mut Vec<String>) {
    match (shown, made) {
        (Value::Object(shown), Value::Object(made)) => {
            for (key, value) in shown {
                let other = made.get(key).unwrap_or(&Value::Null);
                differences(value, other, &format!("{path}.{key}"), found);
            }
        }
        // A list may be shortened, but not to nothing.
        (Value::Array(shown), Value::Array(made))
            if shown.len() <= made.len() && shown.is_empty() == made.is_empty() =>
        {
            for (shown, made) in shown.iter().zip(made) {
                differences(shown, made, &format!("{path}[]"), found);
            }
        }
        (Value::String(shown), Value::String(made))
            if shown.ends_with('…') && made.starts_with(shown.trim_end_matches('…')) => {}
        (shown, made) if shown != made => found.push(format!("{path}: {shown} {made}")),
        _ => {}
    }
}

#[test]
fn settings_are_known() {
    let seen = each("toml", |_, place, block| {
        let table: toml::Table =
            toml::from_str(&block.text).unwrap_or_else(|error| panic!("{place}: {error}"));
        let mut settings = String::new();
        if !table.contains_key("policy") {
            settings.push_str(SETTINGS);
        }
        let mut files = vec![CASE];
        if table.contains_key("day") {
            settings.push_str(
                "[holidays.x]\nfile = \"x.toml\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n",
            );
            files.push(("x.toml", &block.text));
        } else if table.contains_key("opened_at") {
            settings.push_str("[mapping.x.fields]\nid = \"I\"\n");
            settings.push_str(&block.text);
        } else {
            settings.push_str(&block.text);
            let mappings = table.get("mapping").and_then(toml::Value::as_table);
            for (mapping, keys) in mappings.into_iter().flatten() {
                if keys.get("fields").is_none() {
                    settings.push_str(&format!(
                        "\n[mapping.{mapping}.fields]\nid = \"I\"\nopened_at = \"O\"\n"
                    ));
                }
            }
        }
        files.push(("caseway.toml", &settings));
        let holidays = "date,kind\n2026-01-01,holiday\n";
        files.push(("calendars/cn.csv", holidays));
        let owned = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let checked = check_sources(owned).expect("there is a caseway.toml");
        // The case of the page is another one, so that a mapping may name fields that this one lacks.
        let of_the_case = ["unknown-field", "missing-field", "unknown-event"];
        for finding in &checked.findings {
            assert!(
                of_the_case.contains(&finding.code),
                "{place}: {}: {}",
                finding.code,
                finding.message
            );
        }
    });
    assert!(seen > 8, "the manual lost its settings");
}

#[test]
fn tables_of_days_are_read() {
    let (mut days, mut logs) = (0, 0);
    each("csv", |_, place, block| match block.text.split_once('\n') {
        Some(("date,kind,name", _)) => {
            let settings = format!(
                "{SETTINGS}[holidays.x]\nfile = \"x.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n"
            );
            let files = [CASE, ("caseway.toml", &settings), ("x.csv", &block.text)];
            let owned = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
            let checked = check_sources(owned).expect("there is a caseway.toml");
            assert!(
                checked.findings.is_empty(),
                "{place}: {:?}",
                checked.findings
            );
            days += 1;
        }
        // Read by `ingest_logs::the_example_of_the_manual`.
        Some(("Ticket,When,Action,From,To", _)) => logs += 1,
        _ => panic!("{place}: no test reads this table"),
    });
    assert_eq!((days, logs), (1, 1));
}

#[test]
fn commands_for_a_shell_are_those_of_ci() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).expect("what CI runs");
    let ci = ci.replace("\\\n", " ");
    let ci = ci.split_whitespace().collect::<Vec<_>>().join(" ");
    let seen = each("sh", |_, place, block| {
        for line in block.text.lines() {
            let known = FOR_A_SHELL.iter().find(|(command, _)| *command == line);
            let (_, proof) = known.unwrap_or_else(|| panic!("{place}: nothing runs `{line}`"));
            assert!(ci.contains(proof), "CI runs no `{proof}`");
        }
    });
    assert!(seen > 2, "the manual lost its commands");
}
