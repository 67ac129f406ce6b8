//! The grid of a table that is kept in a CSV file.
//!
//! The header row holds what each column tests, its last cell the block's name (perhaps after `=>`);
//! each further row is a rule. Cells are written as in a policy file.

use super::ast::{Cell, CellKind, Declared, Expr, Name, Row, Table};
use super::grammar::{PolicyGrammar, Rule};
use super::lower::Lower;
use super::scan::scan;
use super::shadow::Shadow;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::source::{SourceId, Span};
use pest::Parser;

/// Reads a CSV file as the grid of a table; none when not even its header can be used.
pub fn parse_csv_table(source: SourceId, text: &str) -> (Option<Table>, Vec<Diagnostic>) {
    let mut grid = Grid {
        source,
        text,
        findings: Vec::new(),
    };
    let table = grid.table();
    (table, grid.findings)
}

/// What a sign of a CSV file stands in.
#[derive(Clone, Copy)]
enum Within {
    Beginning,
    Plain,
    /// Quotes that opened at this place.
    Quotes(usize),
    /// Quotes that may have closed, or may go on with a doubled quote.
    Closed(usize),
}

/// Where the quote stands that opens the last cell of a record and is never closed.
fn unclosed_quote(record: &str) -> Option<usize> {
    let mut within = Within::Beginning;
    for (at, sign) in record.char_indices() {
        within = match (within, sign) {
            (Within::Beginning, '"') => Within::Quotes(at),
            (Within::Quotes(opened), '"') => Within::Closed(opened),
            (Within::Quotes(opened), _) | (Within::Closed(opened), '"') => Within::Quotes(opened),
            (_, ',' | '\n' | '\r') => Within::Beginning,
            (Within::Beginning | Within::Plain | Within::Closed(_), _) => Within::Plain,
        };
    }
    match within {
        Within::Quotes(opened) => Some(opened),
        Within::Beginning | Within::Plain | Within::Closed(_) => None,
    }
}

struct Grid<'a> {
    source: SourceId,
    text: &'a str,
    findings: Vec<Diagnostic>,
}

/// One record: where it starts and ends in the file, and its cells with their places.
type Record = (Span, Vec<(String, usize)>);

impl Grid<'_> {
    fn table(&mut self) -> Option<Table> {
        let mut records = self.records().into_iter();
        let whole = Span::new(self.source, 0, self.text.len());
        let Some((header_span, header)) = records.next() else {
            self.findings.push(
                Diagnostic::error("empty-table", whole, message!("this table file is empty"))
                    .help(message!("write a header row: what each column tests, and the block's name in the last column")),
            );
            return None;
        };
        let (last, tests) = header.split_last()?;
        let headers: Vec<Expr> = tests
            .iter()
            .filter_map(|(cell, at)| self.header(cell, *at))
            .collect();
        let outcome = self.outcome(last)?;
        if headers.len() != tests.len() {
            return None;
        }
        let mut rows = Vec::new();
        for (span, cells) in records {
            rows.extend(self.row(span, &cells, headers.len(), header_span));
        }
        Some(Table {
            headers,
            outcome,
            rows,
            span: whole,
        })
    }

    fn records(&mut self) -> Vec<Record> {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        let shift = self.text.len() - text.len();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut records = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(error) => {
                    let at = error.position().map_or(0, |position| position.byte());
                    let at = usize::try_from(at).unwrap_or(0) + shift;
                    self.findings.push(
                        Diagnostic::error(
                            "bad-csv",
                            Span::new(self.source, at, at + 1),
                            message!("this row cannot be read"),
                        )
                        .label(message!("not UTF-8, or a quote that is not closed")),
                    );
                    break;
                }
            }
            let start = record.position().map_or(0, |position| position.byte());
            let start = usize::try_from(start).unwrap_or(0);
            let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
            let row = text.get(start..end).unwrap_or("");
            let row_start = start + (row.len() - row.trim_start_matches(['\r', '\n']).len());
            let row_end = start + row.trim_end().len();
            if end == text.len()
                && let Some(quote) = unclosed_quote(row)
            {
                let at = start + quote + shift;
                self.findings.push(
                    Diagnostic::error(
                        "bad-csv",
                        Span::new(self.source, at, at + 1),
                        message!("this row cannot be read"),
                    )
                    .label(message!("a cell begins here and never ends"))
                    .help(message!(
                        "write `\"` where the cell ends; inside of a cell a quote is written twice"
                    )),
                );
                break;
            }
            let mut from = row_start;
            let mut cells = Vec::new();
            for cell in &record {
                let trimmed = cell.trim();
                let at = text
                    .get(from..row_end.max(from))
                    .and_then(|rest| rest.find(trimmed))
                    .map_or(from, |found| from + found);
                cells.push((trimmed.to_owned(), at + shift));
                from = (at + trimmed.len()).min(row_end.max(from));
            }
            if cells.iter().any(|(cell, _)| !cell.is_empty()) {
                records.push((
                    Span::new(self.source, row_start + shift, row_end + shift),
                    cells,
                ));
            }
        }
        records
    }

    fn header(&mut self, cell: &str, at: usize) -> Option<Expr> {
        self.parse(
            Rule::csv_header,
            cell,
            at,
            message!(
                "write a value or a condition here, such as `kind` or `tags contains \"vip\"`"
            ),
            |lower, node| {
                super::lower::children(node)
                    .next()
                    .map(|expr| lower.expr(expr))
            },
        )
    }

    fn outcome(&mut self, cell: &(String, usize)) -> Option<Name> {
        self.parse(
            Rule::csv_outcome_header,
            &cell.0,
            cell.1,
            message!("the last column's header is the name of the block"),
            |lower, node| lower.outcome_name(node),
        )
    }

    fn row(
        &mut self,
        span: Span,
        cells: &[(String, usize)],
        columns: usize,
        header: Span,
    ) -> Option<Row> {
        let (last, tests) = cells.split_last()?;
        let then = self.parse(
            Rule::csv_outcome,
            &last.0,
            last.1,
            message!("the last cell is the row's outcome"),
            |lower, node| {
                super::lower::children(node)
                    .next()
                    .map(|value| lower.row_outcome(value))
            },
        )?;
        let mut declared: Option<Declared> = None;
        let mut row_cells = Vec::new();
        for (at, (cell, offset)) in tests.iter().enumerate() {
            let named = at == 0 && PolicyGrammar::parse(Rule::csv_named_cell, cell).is_ok();
            let form = if named {
                Rule::csv_named_cell
            } else {
                Rule::csv_cell
            };
            let place = Span::new(self.source, *offset, offset + cell.len());
            let read = self.parse(
                form,
                cell,
                *offset,
                message!("write `-` for anything, or alternatives with commas between them"),
                |lower, node| {
                    let mut read = (
                        None,
                        Cell {
                            kind: CellKind::Any,
                            span: place,
                        },
                    );
                    for child in super::lower::children(node) {
                        match child.as_rule() {
                            Rule::row_name => {
                                read.0 = super::lower::children(child)
                                    .next()
                                    .and_then(|name| lower.declared(name));
                            }
                            Rule::cell => read.1 = lower.cell(child),
                            _ => {}
                        }
                    }
                    Some(read)
                },
            )?;
            declared = declared.or(read.0);
            row_cells.push(read.1);
        }
        let row = Row {
            declared,
            cells: row_cells,
            then,
            because: Vec::new(),
            span,
        };
        let shadow = Shadow::default();
        let scan = scan("");
        let mut lower = Lower {
            source: self.source,
            shadow: &shadow,
            scan: &scan,
            base: 0,
            findings: Vec::new(),
            lost: super::ast::Lost::default(),
            moved_by: 0,
        };
        lower.check_columns(columns, header, &row);
        self.findings.append(&mut lower.findings);
        (row.cells.len() == columns).then_some(row)
    }

    fn parse<T>(
        &mut self,
        form: Rule,
        cell: &str,
        at: usize,
        help: Message,
        lower_with: impl FnOnce(&mut Lower<'_>, super::lower::Node<'_>) -> Option<T>,
    ) -> Option<T> {
        let place = Span::new(self.source, at, at + cell.len());
        let Some(node) = PolicyGrammar::parse(form, cell)
            .ok()
            .and_then(|mut pairs| pairs.next())
        else {
            let shown = if cell.is_empty() {
                message!("an empty cell")
            } else {
                Message::verbatim(format!("`{cell}`"))
            };
            self.findings.push(
                Diagnostic::error(
                    "bad-cell",
                    place,
                    message!("{shown} cannot be read here", shown),
                )
                .label(message!("this cell"))
                .help(help),
            );
            return None;
        };
        let padded = Shadow::new(cell, Vec::new());
        let scan = scan(cell);
        let mut lower = Lower {
            source: self.source,
            shadow: &padded,
            scan: &scan,
            base: 0,
            findings: Vec::new(),
            lost: super::ast::Lost::default(),
            moved_by: at,
        };
        let value = lower_with(&mut lower, node);
        self.findings.append(&mut lower.findings);
        value
    }
}
