//! Every recipe of the cookbook is a policy that lints clean and whose tests pass.

use super::page::{Page, Piece, docs, pages_under};
use crate::support::SETTINGS;
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

#[test]
fn recipes_lint_clean_and_pass_their_tests() {
    let mut wrong = Vec::new();
    for path in recipes() {
        let page = Page::read(&path);
        let name = path.display();
        let mut files = page.files();
        if !files.iter().any(|(name, _)| *name == "caseway.toml") {
            files.push(("caseway.toml", SETTINGS));
        }
        let owned = files
            .iter()
            .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()));
        let checked = check_sources(owned).expect("there is a caseway.toml");
        for finding in &checked.findings {
            wrong.push(format!("{name}: {}: {}", finding.code, finding.message));
        }
        let Ok(policy) = Policy::from_sources(files) else {
            continue;
        };
        let report = run_tests(&policy);
        for test in report.tests.iter().filter(|test| !test.passed) {
            for failure in &test.failures {
                wrong.push(format!(
                    "{name}: {}: expect {}, got {}",
                    test.name, failure.expect, failure.got
                ));
            }
        }
        if report.passed + report.failed < 2 {
            wrong.push(format!("{name}: a recipe has two tests at least"));
        }
    }
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
