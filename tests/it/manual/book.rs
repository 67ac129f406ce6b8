//! The table of contents names every page once, and pages of codes in their own parts.

use super::page::{docs, pages_under, updating};
use std::collections::BTreeSet;

/// The lines of the contents that stand below others and are made from the files of a folder.
const MADE: [(&str, &str); 2] = [
    ("- [All findings](findings.md)", "findings/en"),
    ("- [错误代码](findings-zh.md)", "findings/zh"),
];

fn name(path: &std::path::Path) -> String {
    let inside = path.strip_prefix(docs()).expect("a page of the manual");
    inside.to_string_lossy().replace('\\', "/")
}

/// The contents with the made lines as they must be.
fn made_anew(summary: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in summary.lines() {
        if MADE
            .iter()
            .any(|(_, folder)| line.contains(&format!("]({folder}/")))
        {
            continue;
        }
        lines.push(line.to_owned());
        for (_, folder) in MADE.iter().filter(|(head, _)| *head == line) {
            for page in pages_under(folder) {
                let code = page.file_stem().expect("a name").to_string_lossy();
                lines.push(format!("  - [{code}]({folder}/{code}.md)"));
            }
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn contents_name_every_page_once() {
    let path = docs().join("SUMMARY.md");
    let summary = std::fs::read_to_string(&path).expect("the contents");
    for (head, _) in MADE {
        assert!(summary.contains(&format!("{head}\n")), "no line `{head}`");
    }
    let wanted = made_anew(&summary);
    if updating() && wanted != summary {
        std::fs::write(&path, &wanted).expect("the contents");
    } else {
        assert!(
            wanted == summary,
            "pages of codes and docs/SUMMARY.md differ; UPDATE_FIXTURES=1 writes them there"
        );
    }
    let named: Vec<&str> = wanted
        .match_indices("](")
        .filter_map(|(at, opening)| wanted[at + opening.len()..].split(')').next())
        .collect();
    let once: BTreeSet<String> = named.iter().map(|&page| page.to_owned()).collect();
    assert_eq!(
        named.len(),
        once.len(),
        "docs/SUMMARY.md names a page twice"
    );
    let there: BTreeSet<String> = pages_under("")
        .iter()
        .map(|page| name(page))
        .filter(|page| page != "SUMMARY.md")
        .collect();
    let absent: Vec<&String> = there.difference(&once).collect();
    assert!(absent.is_empty(), "docs/SUMMARY.md lacks {absent:?}");
    let gone: Vec<&String> = once.difference(&there).collect();
    assert!(
        gone.is_empty(),
        "docs/SUMMARY.md names {gone:?}, which are not there"
    );
}

#[test]
fn made_lines_follow_the_files() {
    let stale =
        "# Part\n\n- [All findings](findings.md)\n  - [gone](findings/en/gone.md)\n- [x](x.md)\n";
    let wanted = made_anew(stale);
    assert!(!wanted.contains("gone"));
    assert!(wanted.contains("  - [ampersand](findings/en/ampersand.md)\n"));
    assert!(wanted.ends_with("- [x](x.md)\n"));
}

/// The Chinese pages are listed on one page, for those who read them outside the book.
#[test]
fn chinese_pages_are_listed() {
    let path = docs().join("findings-zh.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (head, listed) = page.split_once("## 全部代码\n\n").expect("its list");
    let codes = pages_under("findings/zh");
    let lines = codes.iter().map(|page| {
        let code = page.file_stem().expect("a name").to_string_lossy();
        format!("- [{code}](findings/zh/{code}.md)\n")
    });
    let wanted: String = lines.collect();
    if updating() && listed != wanted {
        std::fs::write(&path, format!("{head}## 全部代码\n\n{wanted}")).expect("the page");
    } else {
        assert!(
            listed == wanted,
            "docs/findings-zh.md lacks codes or has too many; UPDATE_FIXTURES=1 lists them"
        );
    }
}
