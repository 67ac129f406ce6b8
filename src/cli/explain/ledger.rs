//! The ledger of a clock on the page of an explanation: its stretches with what each of them used.

use crate::cli::card::table::{Moments, WIDTH, labelled};
use crate::cli::language::told;
use crate::cli::pen::wrap;
use crate::compile::Program;
use crate::driver::{LedgerEntry, LedgerKind};
use crate::time::Duration;
use unicode_width::UnicodeWidthStr;

/// The most stretches that are shown at the beginning and at the end.
const FIRST: usize = 40;
const LAST: usize = 20;

/// The lines of a ledger, from, to, what is used, and what the clock did; then the sum.
pub(super) fn lines(
    program: &Program,
    moments: Moments,
    entries: &[LedgerEntry<'_>],
    elapsed: Option<Duration>,
) -> Vec<String> {
    if entries.is_empty() {
        return Vec::new();
    }
    let mut rows: Vec<[String; 4]> = Vec::new();
    let hidden = match entries.len() > FIRST + LAST + 1 {
        true => FIRST..entries.len() - LAST,
        false => 0..0,
    };
    for (at, entry) in entries.iter().enumerate() {
        if hidden.contains(&at) {
            if at == hidden.start {
                let some = entries.get(hidden.clone()).unwrap_or(&[]);
                rows.push(left_out(moments, some));
            }
            continue;
        }
        rows.push([
            moments.show(entry.from),
            moments.show(entry.to),
            entry.amount.map_or("?".to_owned(), used),
            what(program, entry),
        ]);
    }
    let sum = elapsed.map_or("?".to_owned(), |elapsed| elapsed.to_string());
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let (from, to) = (width(0), width(1));
    let amount = width(2).max(sum.width());
    let head = 2 + from + 2 + to + 2 + amount + 2;
    let mut lines = Vec::new();
    for [a, b, c, text] in &rows {
        let start = format!(
            "  {a}{}  {b}{}  {}{c}  ",
            blanks(from, a),
            blanks(to, b),
            blanks(amount, c)
        );
        let parts = wrap(text, WIDTH.saturating_sub(head)).into_iter();
        for (at, part) in parts.enumerate() {
            lines.push(match at {
                0 => format!("{start}{part}"),
                _ => format!("{}{part}", " ".repeat(head)),
            });
        }
    }
    let indent = 2 + from + 2 + to + 2;
    lines.push(format!("{}{}", " ".repeat(indent), "-".repeat(amount)));
    let start = " ".repeat(indent);
    let in_all = told!("used in all");
    lines.push(format!("{start}{}{sum}  {in_all}", blanks(amount, &sum)));
    lines
}

fn blanks(width: usize, text: &str) -> String {
    " ".repeat(width.saturating_sub(text.width()))
}

fn used(amount: Duration) -> String {
    match amount == Duration::ZERO {
        true => "-".to_owned(),
        false => amount.to_string(),
    }
}

fn what(program: &Program, entry: &LedgerEntry<'_>) -> String {
    let calendar = entry.calendar.map_or(String::new(), |name| {
        let named = program.calendars.iter().map(|(named, _)| named.clone());
        labelled(&named.collect::<Vec<_>>(), name)
    });
    match entry.kind {
        LedgerKind::Running => told!("running, {calendar}", calendar),
        LedgerKind::OutsideHours if calendar.is_empty() => told!("nothing counts"),
        LedgerKind::OutsideHours => told!("outside hours of {calendar}", calendar),
        LedgerKind::Unknown => told!("the data of {calendar} does not say", calendar),
        LedgerKind::Paused => told!("paused"),
        LedgerKind::Met => told!("met, then reopened"),
    }
}

/// One row for stretches that are not shown.
fn left_out(moments: Moments, entries: &[LedgerEntry<'_>]) -> [String; 4] {
    let from = entries.first().map(|entry| moments.show(entry.from));
    let to = entries.last().map(|entry| moments.show(entry.to));
    let amounts = entries.iter().map(|entry| entry.amount);
    let sum = amounts
        .into_iter()
        .try_fold(Duration::ZERO, |sum, amount| sum.plus(amount?));
    [
        from.unwrap_or_default(),
        to.unwrap_or_default(),
        sum.map_or("?".to_owned(), used),
        told!("{count} stretches", count = entries.len()),
    ]
}
