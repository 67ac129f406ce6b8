//! Every recipe of the cookbook is a policy that lints clean and whose tests pass.

use super::page::{Page, Piece, docs, pages_under};
use caseway::Policy;
use caseway::driver::{check_sources, run_tests};
use std::path::PathBuf;

/// How many needs the cookbook answers at least.
const RECIPES: usize = 25;

fn recipes() -> Vec<PathBuf> {
    let mut pages = pages_under("cookbook");
    pages.retain(|page| !page.ends_with("README.md"));
    pages
}

/// What is wrong with the policy that a page writes.
pub fn faults(page: &Page, least_tests: usize) -> Vec<String> {
    let (mut wrong, name) = (Vec::new(), page.path.display());
    let list = Page::read(&docs().join("cookbook/README.md"));
    let settings = list.blocks().find(|block| block.kind == "toml");
    let settings = settings.expect("the settings of all recipes");
    let mut files = page.files();
    if !files.iter().any(|(name, _)| *name == "caseway.toml") {
        files.push(("caseway.toml", &settings.text));
    }
    let owned = files
        .iter()
        .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()));
    let checked = check_sources(owned).expect("there is a caseway.toml");
    for finding in &checked.findings {
        wrong.push(format!("{name}: {}: {}", finding.code, finding.message));
    }
    let Ok(policy) = Policy::from_sources(files) else {
        return wrong;
    };
    let report = run_tests(&policy, Default::default());
    for test in report.tests.iter().filter(|test| !test.passed) {
        for failure in &test.failures {
            wrong.push(format!(
                "{name}: {}: expect {}, got {}",
                test.name, failure.expect, failure.got
            ));
        }
    }
    if report.passed + report.failed < least_tests {
        wrong.push(format!("{name}: fewer than {least_tests} tests"));
    }
    wrong
}

#[test]
fn recipes_lint_clean_and_pass_their_tests() {
    let wrong: Vec<String> = recipes()
        .iter()
        .flat_map(|path| faults(&Page::read(path), 2))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn recipes_tell_their_need_and_a_remark_and_are_listed() {
    let list = std::fs::read_to_string(docs().join("cookbook/README.md")).expect("the list");
    let recipes = recipes();
    assert!(recipes.len() >= RECIPES, "the cookbook lost recipes");
    for path in recipes {
        let page = Page::read(&path);
        let file = path.file_name().expect("a name").to_string_lossy();
        assert!(list.contains(&format!("]({file})")), "not listed: {file}");
        let (first, last) = (page.pieces.first(), page.pieces.last());
        let told = |piece: Option<&Piece>, lines: usize| match piece {
            Some(Piece::Text(text)) => {
                text.lines().filter(|line| !line.is_empty()).count() >= lines
            }
            Some(Piece::Fenced(_)) | None => false,
        };
        assert!(told(first, 2), "{file} does not tell the need");
        assert!(told(last, 1), "{file} has no remark at its end");
        for block in page.blocks() {
            assert!(!block.name.is_empty(), "{}: no file", page.place(block));
        }
    }
}
