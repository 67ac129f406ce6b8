//! Rows that a table lacks, as they are written: in a policy file, with columns that line up by what a
//! terminal shows, or in a CSV file.

use crate::analysis::{Cell, CellTest, MissingRow, MissingRows};
use crate::compile::Strategy;
use crate::message::{Message, message};
use crate::model::{Classification, Column, Model, Table, Type};
use crate::source::Sources;
use crate::syntax::written_member;
use crate::value::{Value, quoted};
use unicode_width::UnicodeWidthStr;

/// What a row gives that nobody has decided yet.
const OPEN: &str = "?";

/// The rows that the last table of a classification lacks, and what to do with them; none where it lacks
/// none.
pub(super) fn told(
    model: &Model,
    sources: &Sources,
    block: &Classification,
    missing: &MissingRows,
) -> Option<(Vec<String>, Message)> {
    let table = block.tables.last()?;
    let rows = missing.rows.iter().map(|row| cells(model, table, row));
    let rows: Vec<Vec<String>> = rows.collect();
    let lines = match table.in_file {
        true => rows.iter().map(|row| csv_line(row)).collect(),
        false => lined_up(&rows),
    };
    let place = match (table.in_file, block.tables.len()) {
        (true, _) => message!("`{file}`", file = sources.name(table.span)),
        (false, 1) => message!("the table"),
        (false, _) => message!("the last table"),
    };
    let help = match rows.len() {
        0 => return None,
        1 => message!(
            "add this row to {table}, with an outcome instead of `?`, or write `otherwise`",
            table = place
        ),
        _ => message!(
            "add these rows to {table}, each with an outcome instead of `?`, or write `otherwise`",
            table = place
        ),
    };
    let help = match missing.more {
        true => message!("{help}; these are not all", help),
        false => help,
    };
    Some((lines, shared(help, block.strategy, missing)))
}

/// What to do with rows, and what is to be known of those that are shared.
fn shared(help: Message, strategy: Strategy, missing: &MissingRows) -> Message {
    let count = missing.rows.iter().filter(|row| row.shared).count();
    let all = missing.rows.len();
    let whose = match (count, all) {
        (0, _) => return help,
        (1, 1) => message!("it also takes cases of other rules"),
        (_, all) if count == all => message!("they also take cases of other rules"),
        (1, _) => message!("the last one also takes cases of other rules"),
        _ => message!("the last {count} also take cases of other rules", count),
    };
    match strategy {
        Strategy::FirstMatch => {
            message!("{help}; {whose}, which have to stand before", help, whose)
        }
        Strategy::Unique | Strategy::Highest | Strategy::Collect => message!(
            "{help}; {whose}: another column has to tell these apart, or a rule instead of the row",
            help,
            whose
        ),
    }
}

fn cells(model: &Model, table: &Table, row: &MissingRow) -> Vec<String> {
    let cells = table.columns.iter().zip(&row.cells);
    cells
        .map(|(column, cell)| written(model, column, cell))
        .collect()
}

/// Rows between bars.
fn lined_up(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let blanks = width.saturating_sub(cell.width());
            format!("{cell}{}", " ".repeat(blanks))
        });
        let cells: Vec<String> = cells.collect();
        format!("| {} => {OPEN} |", cells.join(" | "))
    });
    lines.collect()
}

/// A row of a CSV file (RFC 4180).
fn csv_line(row: &[String]) -> String {
    let cells = row.iter().map(|cell| match cell.contains([',', '"']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    });
    let cells: Vec<String> = cells.chain([OPEN.to_owned()]).collect();
    cells.join(",")
}

fn written(model: &Model, column: &Column, cell: &Cell) -> String {
    let list = |tests: &[CellTest]| {
        let tests = tests.iter().map(|test| alternative(model, column, test));
        tests.collect::<Vec<_>>().join(", ")
    };
    match cell {
        Cell::Any => "-".to_owned(),
        Cell::OneOf(tests) => list(tests),
        Cell::NoneOf(tests) => format!("not {}", list(tests)),
    }
}

fn alternative(model: &Model, column: &Column, test: &CellTest) -> String {
    let say = |one: &Value| value(model, &column.header.ty, one);
    match test {
        CellTest::Is(one) => say(one),
        CellTest::AtLeast(one) => format!(">= {}", say(one)),
        CellTest::Above(one) => format!("> {}", say(one)),
        CellTest::AtMost(one) => format!("<= {}", say(one)),
        CellTest::Below(one) => format!("< {}", say(one)),
        // The points would be read as part of an instant.
        CellTest::Between(from @ Value::Instant(_), to) => {
            format!("{} .. {}", say(from), say(to))
        }
        CellTest::Between(from, to) => format!("{}..{}", say(from), say(to)),
        CellTest::Missing => "missing".to_owned(),
        CellTest::Present => "present".to_owned(),
    }
}

/// A value as a policy writes it.
fn value(model: &Model, ty: &Type, value: &Value) -> String {
    match value {
        Value::Bool(holds) => holds.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::Instant(at) => at.format(model.zone),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Weekday(day) => day.word().to_owned(),
        Value::Duration(length) => length.to_string(),
        Value::Member(member) => match ty {
            Type::Enum(id) => {
                let name = model.schema.member(*id, *member);
                written_member(name).unwrap_or_else(|| quoted(name))
            }
            _ => member.to_string(),
        },
        // No cell has a class of sets.
        Value::Set(_) => String::new(),
    }
}
