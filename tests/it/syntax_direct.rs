//! The quick way to read items, held against the grammar: every policy text of this project, item by item, as it
//! is and with damage of many kinds. The reading that keeps an outline always goes through the grammar.

use caseway::source::SourceId;
use caseway::syntax;
use std::path::Path;

/// Damaged texts tried for each item.
const DAMAGED: u64 = 6;

/// What damage puts in.
const PIECES: &[&str] = &[
    "",
    "and",
    "or",
    "not",
    "is",
    "in",
    "of",
    "missing",
    "a",
    "`a b`",
    "a.b",
    "set",
    "date of",
    "f(x)",
    "5",
    "-5",
    "- 5",
    "2_0",
    "1.50",
    "5m",
    "1h of business",
    "3 days",
    "09:30",
    "24:00",
    "2026-03-02",
    "2026-03-02T10:00:00Z",
    "\"x\"",
    "\"x\\n\"",
    "r\"x\"",
    "{",
    "}",
    "(",
    ")",
    "{ a, 2 }",
    "(a or b)",
    "|",
    ":",
    ",",
    "<",
    "<=",
    "=>",
    "..",
    ".",
    "-",
    "+",
    "*",
    "?",
    "·",
    "时长",
    "because \"c\"",
    "effective from 2026-01-01 until 2026-12-31 by now",
    "ignoring case",
    "when",
    "then",
    "rule",
    "to",
    "contains any of",
    "has happened",
    "between 1 and 2",
    "default 0",
    "optional",
    "from 1",
    "99999999999999999999",
];

fn hold(text: &str) {
    let (direct, told) = syntax::parse(SourceId(0), text);
    let (plain, words, _) = syntax::parse_with_outline(SourceId(0), text);
    assert_eq!(format!("{direct:?}"), format!("{plain:?}"), "{text}");
    assert_eq!(format!("{told:?}"), format!("{words:?}"), "{text}");
}

fn texts(folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|end| end == "policy") {
            found.extend(std::fs::read_to_string(&path));
        }
    }
}

/// The places where words begin and end.
fn edges(text: &str) -> Vec<usize> {
    let kind = |c: char| match c {
        _ if c.is_whitespace() => 0,
        _ if c.is_alphanumeric() || c == '_' => 1,
        other => other as u32 + 2,
    };
    let mut last = 0;
    let mut edges = vec![0];
    for (at, c) in text.char_indices() {
        if kind(c) != last {
            edges.push(at);
            last = kind(c);
        }
    }
    edges.push(text.len());
    edges
}

struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % count.max(1)
    }
}

#[test]
fn both_ways_read_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["policies", "templates", "tests/fixtures"] {
        texts(&root.join(folder), &mut files);
    }
    assert!(files.len() > 100);
    let mut random = Random(1);
    for file in &files {
        hold(file);
        for item in file.split("\n\n") {
            let edges = edges(item);
            for _ in 0..DAMAGED {
                let from = random.below(edges.len() - 1);
                let to = (from + random.below(3)).min(edges.len() - 1);
                let piece = PIECES[random.below(PIECES.len())];
                let gap = ["", " "][random.below(2)];
                hold(&format!(
                    "{}{gap}{piece}{gap}{}",
                    &item[..edges[from]],
                    &item[edges[to]..]
                ));
            }
        }
    }
}
