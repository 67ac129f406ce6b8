//! Coverage as an lcov tracefile, which editors and report makers read.
//!
//! Rules are its functions, atoms its branches (the first is true, the second false), the lines on
//! which rules start its lines. The records are those of geninfo(1), "FILES".

use super::coverage::{AtomCoverage, Coverage, RuleCoverage};
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Default)]
struct File<'a> {
    rules: Vec<(String, &'a RuleCoverage, usize)>,
    atoms: Vec<&'a AtomCoverage>,
}

/// Writes coverage as a tracefile; `path` says how a file is called there.
pub fn lcov(coverage: &Coverage, path: impl Fn(&str) -> String) -> String {
    let mut files: BTreeMap<&str, File<'_>> = BTreeMap::new();
    for block in &coverage.blocks {
        for rule in &block.rules {
            if let (Some(file), Some(line)) = (&rule.file, rule.line) {
                let name = format!("{}.{}", block.block, rule.rule);
                let rules = &mut files.entry(file).or_default().rules;
                rules.push((name, rule, line));
            }
        }
        for atom in &block.atoms {
            files.entry(&atom.file).or_default().atoms.push(atom);
        }
    }
    let mut text = String::new();
    for (name, file) in &files {
        // Writing to a text cannot fail.
        let _ = write_file(&mut text, &path(name), file);
    }
    text
}

fn write_file(text: &mut String, path: &str, file: &File<'_>) -> std::fmt::Result {
    writeln!(text, "TN:\nSF:{path}")?;
    for (name, _, line) in &file.rules {
        writeln!(text, "FN:{line},{name}")?;
    }
    for (name, rule, _) in &file.rules {
        writeln!(text, "FNDA:{},{name}", rule.tests)?;
    }
    let taken = file.rules.iter().filter(|(_, rule, _)| rule.tests > 0);
    writeln!(text, "FNF:{}\nFNH:{}", file.rules.len(), taken.count())?;
    let mut hit = 0;
    for (number, atom) in file.atoms.iter().enumerate() {
        let asked = atom.seen_true + atom.seen_false > 0;
        for (branch, seen) in [atom.seen_true, atom.seen_false].into_iter().enumerate() {
            let count = match asked {
                true => seen.to_string(),
                false => "-".to_owned(),
            };
            writeln!(text, "BRDA:{},{number},{branch},{count}", atom.line)?;
            hit += usize::from(seen > 0);
        }
    }
    writeln!(text, "BRF:{}\nBRH:{hit}", file.atoms.len() * 2)?;
    let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, rule, line) in &file.rules {
        *lines.entry(*line).or_default() += rule.tests;
    }
    for (line, tests) in &lines {
        writeln!(text, "DA:{line},{tests}")?;
    }
    let hit = lines.values().filter(|tests| **tests > 0).count();
    writeln!(text, "LF:{}\nLH:{hit}\nend_of_record", lines.len())
}
