//! Links of the manual lead to pages and headings that are there, and stay within the book.

use super::page::{Page, Piece, docs, pages_under};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// Pages beside the manual whose links are followed.
const BESIDE: [&str; 5] = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "editors/vscode/README.md",
];

/// The text of a page outside fences, spans of code left out where `code` says so.
fn prose(page: &Page, code: bool) -> String {
    let mut text = String::new();
    for piece in &page.pieces {
        let Piece::Text(lines) = piece else { continue };
        for line in lines.lines() {
            let parts = line.split('`').enumerate();
            let kept = parts.filter(|(at, _)| code || at % 2 == 0);
            text.extend(kept.map(|(_, part)| part));
            text.push('\n');
        }
    }
    text
}

/// Targets of the links of a page that are not of other sites.
fn targets(page: &Page) -> Vec<String> {
    let text = prose(page, false);
    let ends = text
        .match_indices("](")
        .filter_map(|(at, opening)| text[at + opening.len()..].split(')').next());
    ends.filter(|target| !target.contains("://"))
        .map(str::to_owned)
        .collect()
}

/// What a heading is called in an address, by both GitHub and mdBook.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|sign| match sign {
        ' ' => Some('-'),
        '-' | '_' => Some(sign),
        _ => sign
            .is_alphanumeric()
            .then(|| sign.to_lowercase().next().unwrap_or(sign)),
    });
    kept.collect()
}

/// The words of a heading, without the addresses of its links.
fn heading(line: &str) -> Option<String> {
    let words = line.strip_prefix('#')?.trim_start_matches('#');
    let mut text = String::new();
    let mut rest = words.strip_prefix(' ')?;
    while let Some((before, after)) = rest.split_once("](") {
        text.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    Some(text)
}

/// The anchors of a page; the second of a name ends in `-1`.
fn anchors(page: &Page) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for line in prose(page, true).lines() {
        let Some(heading) = heading(line) else {
            continue;
        };
        let name = anchor(&heading);
        let times = seen.entry(name.clone()).or_default();
        found.insert(match *times {
            0 => name,
            again => format!("{name}-{again}"),
        });
        *times += 1;
    }
    found
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// What is wrong with a link of a page.
fn fault(page: &Page, target: &str) -> Option<&'static str> {
    let (file, place) = target
        .split_once('#')
        .map_or((target, None), |(file, place)| (file, Some(place)));
    let path = if file.is_empty() {
        page.path.clone()
    } else {
        plain(&page.path.parent().expect("a folder").join(file))
    };
    if !path.exists() {
        return Some("leads nowhere");
    }
    if page.path.starts_with(docs()) && !path.starts_with(docs()) {
        return Some("leads out of the book");
    }
    let there = |place: &str| anchors(&Page::read(&path)).contains(place);
    match place {
        Some(place) if !there(place) => Some("names no heading of that page"),
        _ => None,
    }
}

#[test]
fn links_lead_to_pages_and_headings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = pages_under("");
    paths.extend(BESIDE.iter().map(|page| root.join(page)));
    let (mut wrong, mut followed) = (Vec::new(), 0);
    for path in paths {
        let page = Page::read(&path);
        for target in targets(&page) {
            followed += 1;
            if let Some(fault) = fault(&page, &target) {
                wrong.push(format!("{}: `{target}` {fault}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(followed > 500, "the manual lost its links");
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let page = Page::read(&docs().join("cli.md"));
    for (target, wanted) in [
        ("explain.md", None),
        ("explain.md#json", None),
        ("#exit-codes", None),
        ("language/../cases.md#codes-of-a-refusal", None),
        ("explained.md", Some("leads nowhere")),
        ("../README.md", Some("leads out of the book")),
        ("explain.md#jsons", Some("names no heading of that page")),
        ("#exit", Some("names no heading of that page")),
    ] {
        assert_eq!(fault(&page, target), wanted, "{target}");
    }
    assert_eq!(
        anchor("Rego, Cedar and `ZEN` in_short"),
        "rego-cedar-and-zen-in_short"
    );
    assert_eq!(anchor("为什么重要"), "为什么重要");
    let linked = heading("## The [page](x.md) of").expect("a heading");
    assert_eq!(anchor(&linked), "the-page-of");
    assert_eq!(heading("#[allow]"), None);
}
