//! The coverage of tests as a table for people, and what they do not reach.

use crate::cli::language;
use crate::message::message;
use crate::suite::{AtomCoverage, BlockCoverage, Coverage, RuleCoverage, Share, Shares};
use unicode_width::UnicodeWidthStr;

/// The most conditions that are listed; the JSON form has them all.
const MOST_LISTED: usize = 20;

/// The table, then rules that no test takes, then conditions that were seen one way only.
pub(super) fn text(coverage: &Coverage) -> String {
    let mut text = format!("\n{}", table(coverage));
    text.push_str(&untaken(coverage));
    text.push_str(&one_sided(coverage));
    text.push('\n');
    text
}

fn table(coverage: &Coverage) -> String {
    let say = |message| language::say(&message);
    let mut rows = vec![[
        say(message!("coverage")),
        say(message!("rules")),
        say(message!("clauses")),
        say(message!("conditions, both ways")),
    ]];
    let row = |name: &str, shares: &Shares| {
        let share = |share: Share| match share.total {
            0 => "-".to_owned(),
            total => format!("{} / {total}  {:>3} %", share.covered, share.percent()),
        };
        [
            name.to_owned(),
            share(shares.rules),
            share(shares.clauses),
            share(shares.atoms),
        ]
    };
    let of_block = |block: &BlockCoverage| row(&block.block, &block.shares);
    let counted = |block: &&BlockCoverage| {
        let shares = &block.shares;
        shares.rules.total + shares.clauses.total + shares.atoms.total > 0
    };
    rows.extend(coverage.blocks.iter().filter(counted).map(of_block));
    rows.push(row(&say(message!("all")), &coverage.shares));
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths = [widest(0), widest(1), widest(2), widest(3)];
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            match column {
                0 => line.push_str(&format!("{cell}{blanks}")),
                _ => line.push_str(&format!("  {blanks}{cell}")),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn untaken(coverage: &Coverage) -> String {
    let mut lines = Vec::new();
    for block in &coverage.blocks {
        for rule in block.rules.iter().filter(|rule| rule.tests == 0) {
            lines.push(format!("  {}.{}{}\n", block.block, rule.rule, place(rule)));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let heading = language::say(&message!("no test takes"));
    format!("\n{heading}\n{}", lines.concat())
}

fn place(rule: &RuleCoverage) -> String {
    match (&rule.file, rule.line) {
        (Some(file), Some(line)) => format!(" ({file}:{line})"),
        (_, _) => String::new(),
    }
}

fn one_sided(coverage: &Coverage) -> String {
    let mut lines = Vec::new();
    let mut missed = 0;
    for block in &coverage.blocks {
        for atom in &block.atoms {
            let Some(missing) = missing(atom) else {
                continue;
            };
            missed += 1;
            if missed > MOST_LISTED {
                continue;
            }
            let AtomCoverage {
                file, line, text, ..
            } = atom;
            let rule = atom.rule.iter().map(|rule| format!(".{rule}"));
            let holder: String = std::iter::once(block.block.clone()).chain(rule).collect();
            lines.push(format!(
                "  {text}: {missing}\n      {holder} ({file}:{line})\n"
            ));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let heading = language::say(&message!("conditions that tests do not see both ways"));
    let mut text = format!("\n{heading}\n{}", lines.concat());
    if missed > MOST_LISTED {
        let more = message!(
            "and {more} more; `--format json` names them all",
            more = missed - MOST_LISTED
        );
        text.push_str(&format!("  {}\n", language::say(&more)));
    }
    text
}

/// What was never seen of an atom.
fn missing(atom: &AtomCoverage) -> Option<String> {
    let message = match (atom.seen_true, atom.seen_false) {
        (0, 0) => message!("never asked, or unknown"),
        (0, _) => message!("never true"),
        (_, 0) => message!("never false"),
        (_, _) => return None,
    };
    Some(language::say(&message))
}
