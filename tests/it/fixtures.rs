//! Files in, findings out: each `NAME.policy` of a folder has its findings in `NAME.expected`.
//!
//! `UPDATE_FIXTURES=1` writes what is found instead of comparing; read every change as an operator
//! would before committing it.

use caseway::diag::{Diagnostic, RenderOptions, render};
use caseway::source::Sources;
use std::fmt::Write as _;
use std::path::Path;

/// Findings as an operator sees them on a terminal of 80 columns, fixes included.
pub fn page(findings: &[Diagnostic], sources: &Sources) -> String {
    let mut page = String::new();
    for finding in findings {
        page.push_str(&render(
            finding,
            sources,
            RenderOptions {
                color: false,
                width: 80,
            },
        ));
        if let Some(fix) = &finding.fix {
            for edit in &fix.edits {
                let _ = writeln!(
                    page,
                    "  fix ({}): {:?} -> {:?}",
                    if fix.safe { "safe" } else { "look first" },
                    sources.slice(edit.span),
                    edit.text
                );
            }
        }
        page.push('\n');
    }
    if page.is_empty() {
        "nothing found\n".to_owned()
    } else {
        page
    }
}

/// Compares every `NAME.policy` of a folder with its `NAME.expected`.
pub fn check(folder: &str, run: impl Fn(&str, &str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .expect("the fixture folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "policy"))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no fixtures in {}", folder.display());
    let mut wrong = Vec::new();
    for path in names {
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let text = String::from_utf8(std::fs::read(&path).expect("readable")).expect("UTF-8");
        let found = run(&name, &text);
        let expected_path = path.with_extension("expected");
        if update {
            std::fs::write(&expected_path, &found).expect("writable");
            continue;
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if expected != found {
            wrong.push(format!(
                "--- {name}: expected\n{expected}\n--- found\n{found}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} fixtures differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
