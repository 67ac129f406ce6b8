//! Names and types: each `tests/fixtures/model/NAME.policy` and the findings about it in
//! `NAME.expected`, rendered as an operator sees them. `UPDATE_FIXTURES=1` rewrites them.

use caseway::diag::{self, Diagnostic, Level, RenderOptions};
use caseway::model::{self, Input, Model, Settings};
use caseway::source::Sources;
use caseway::syntax::ast::{ClassifyPart, File, ItemKind, Table};
use caseway::time::{DataDay, Date, HolidayRow, Holidays, Instant, Weekday, Zone};
use caseway::{lint, syntax};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder held in memory, and what the stages up to the lints say of it.
pub struct Checked {
    pub sources: Sources,
    pub model: Option<Model>,
    pub findings: Vec<Diagnostic>,
}

/// Parses, builds and lints files given by name.
pub fn check(files: &[(&str, &str)], tables: &[(&str, &str)]) -> Checked {
    let mut sources = Sources::default();
    let mut trees: Vec<File> = Vec::new();
    let mut findings = Vec::new();
    for (name, text) in files {
        let id = sources.add(*name, *text);
        let (tree, found) = syntax::parse(id, text);
        trees.push(tree);
        findings.extend(found);
    }
    let mut grids: BTreeMap<String, Table> = BTreeMap::new();
    for (name, text) in tables {
        let id = sources.add(*name, *text);
        let (table, found) = syntax::parse_csv_table(id, text);
        grids.extend(table.map(|table| ((*name).to_owned(), table)));
        findings.extend(found);
    }
    let settings = Settings {
        name: "fixture".into(),
        version: "1".into(),
        language: 1,
        zone: Zone::parse("Asia/Shanghai").expect("a zone of the database"),
        holidays: vec!["cn".into(), "odd".into()],
    };
    let input = Input {
        settings: &settings,
        files: &trees,
        tables: &grids,
        sources: &sources,
    };
    let (model, found) = model::build(input);
    findings.extend(found);
    let sound = findings.iter().all(|finding| finding.level == Level::Warn);
    if let (Some(model), true) = (&model, sound) {
        findings.extend(lint::check(lint::Input {
            files: &trees,
            model,
            sources: &sources,
            holidays: &holidays(),
            now: Instant::parse("2026-03-02T10:00:00+08:00").ok(),
        }));
    }
    let mut findings = lint::apply_levels(findings, &trees, &BTreeMap::new(), &sources, false);
    diag::sort(&mut findings, |span| span.source.0);
    Checked {
        sources,
        model,
        findings,
    }
}

/// Holidays for all fixtures: `cn`, and `odd` with a make-up day that is worked like a Saturday.
fn holidays() -> BTreeMap<String, lint::HolidayData> {
    let date = |text: &str| Date::parse(text).expect("a date");
    let data = |rows: &[(&str, DataDay)]| {
        let rows = rows.iter().map(|(day_of, day)| HolidayRow {
            date: date(day_of),
            day: *day,
        });
        let days = Holidays::from_rows(date("2024-01-01"), date("2028-12-31"), rows);
        lint::HolidayData {
            days: Arc::new(days.expect("rows inside the range")),
            file: "days.csv".into(),
            covers_span: Default::default(),
        }
    };
    let cn = [
        ("2026-02-17", DataDay::Holiday),
        ("2026-02-14", DataDay::Workday(None)),
    ];
    let odd = [
        ("2026-02-28", DataDay::Workday(Some(Weekday::Saturday))),
        ("2026-10-10", DataDay::Workday(Some(Weekday::Saturday))),
    ];
    BTreeMap::from([("cn".into(), data(&cn)), ("odd".into(), data(&odd))])
}

/// The findings as a terminal shows them.
pub fn rendered(checked: &Checked) -> String {
    page(&checked.findings, &checked.sources)
}

/// Findings as a terminal shows them, with their mends, subjects and witnesses.
pub fn page(findings: &[Diagnostic], sources: &Sources) -> String {
    let options = RenderOptions {
        color: false,
        width: 110,
    };
    let mut out = String::new();
    for finding in findings {
        out.push_str(&diag::render(finding, sources, options));
        if let Some(fix) = &finding.fix {
            let edits: Vec<String> = fix
                .edits
                .iter()
                .map(|edit| format!("`{}` -> `{}`", sources.slice(edit.span), edit.text))
                .collect();
            let safe = if fix.safe { "safe" } else { "unsafe" };
            out.push_str(&format!("  fix ({safe}): {}\n", edits.join(", ")));
        }
        if !finding.subject.is_empty() {
            out.push_str(&format!("  subject: {}\n", finding.subject));
        }
        if let Some(case) = &finding.evidence.case {
            out.push_str(&format!("  shown by: {case}\n"));
        }
        out.push('\n');
    }
    if findings.is_empty() {
        out.push_str("nothing found\n");
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn findings_of_each_fixture_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/model");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "policy"))
        .collect();
    paths.sort();
    assert!(paths.len() > 10, "the fixtures are there");
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a fixture's text");
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a fixture's name");
        let got = rendered(&check(&[(name, &text)], &[]));
        let expected_path = path.with_extension("expected");
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if got != expected {
            if update {
                fs::write(&expected_path, &got).expect("writing what is expected");
            } else {
                wrong.push(format!("==== {name}\n{got}"));
            }
        }
        // The good twin of each bad fixture, and the other way round, is told by its name.
        let good = name.starts_with("good_");
        if good != (got == "nothing found\n") {
            wrong.push(format!("==== {name} is not as its name says\n{got}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "run with UPDATE_FIXTURES=1 and read the changes:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_policy_packs_have_no_findings() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    for pack in fs::read_dir(packs)
        .expect("the packs")
        .map(|entry| entry.expect("a folder").path())
    {
        let mut texts: Vec<(String, String)> = Vec::new();
        let mut tables: Vec<(String, String)> = Vec::new();
        let mut open = vec![pack.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).expect("a pack's folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|ending| ending == "policy") {
                    let name = path
                        .strip_prefix(&pack)
                        .expect("a path of the pack")
                        .display()
                        .to_string();
                    texts.push((name, fs::read_to_string(&path).expect("a policy's text")));
                }
            }
        }
        texts.sort();
        for (name, text) in &texts {
            let (tree, _) = syntax::parse(Default::default(), text);
            for item in &tree.items {
                let ItemKind::Classify(classify) = &item.kind else {
                    continue;
                };
                for part in &classify.body {
                    if let ClassifyPart::TableFile(file, _) = part {
                        let text = fs::read_to_string(pack.join(&file.text))
                            .unwrap_or_else(|error| panic!("{name}: {}: {error}", file.text));
                        tables.push((file.text.clone(), text));
                    }
                }
            }
        }
        let files: Vec<(&str, &str)> = texts
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let grids: Vec<(&str, &str)> = tables
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let checked = check(&files, &grids);
        assert_eq!(rendered(&checked), "nothing found\n", "{}", pack.display());
        assert!(checked.model.is_some());
    }
}
