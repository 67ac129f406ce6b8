//! Classifications: strategies, rules, tables.

use super::super::ast::{
    Cell, CellKind, CellTest, Classify, ClassifyPart, Name, Otherwise, Row, RowOutcome,
    Rule as AstRule, Strategy, Table,
};
use super::super::grammar::Rule;
use super::clauses::Once;
use super::expressions::order_op;
use super::{Lower, Node, children};
use crate::diag::Diagnostic;
use crate::message::message;
use crate::source::Span;

impl Lower<'_> {
    /// `classify NAME as TYPE { … }`
    pub fn classify(&mut self, node: Node<'_>) -> Option<Classify> {
        let mut declared = None;
        let mut ty = None;
        let mut effective = Once::new("effective");
        let mut strategy = Once::strategy();
        let mut body = Vec::new();
        let mut otherwise = Once::new("otherwise");
        for child in children(node) {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::declared => declared = self.declared(child),
                Rule::type_expr => ty = self.type_expr(child),
                Rule::effective => {
                    let value = self.effective(child);
                    effective.set_some(self, span, value);
                }
                _ => {
                    let Some(part) = child.into_inner().next() else {
                        continue;
                    };
                    match part.as_rule() {
                        Rule::strategy => {
                            let value = self.strategy(&part);
                            strategy.set(self, span, value);
                        }
                        Rule::effective => {
                            let value = self.effective(part);
                            effective.set_some(self, span, value);
                        }
                        Rule::otherwise => {
                            let value = self.otherwise(part);
                            otherwise.set_some(self, span, value);
                        }
                        _ => {
                            if let Some(first) = otherwise.span() {
                                self.report_after_otherwise(span, first);
                            }
                            self.classify_part(part, span, &mut body);
                        }
                    }
                }
            }
        }
        let declared = declared?;
        let Some(ty) = ty else {
            self.lose(&declared.name.text);
            return None;
        };
        let strategy = self.strategy_or_first(strategy, declared.name.span, true);
        Some(Classify {
            declared,
            ty,
            effective: effective.take(),
            strategy,
            body,
            otherwise: otherwise.take(),
        })
    }

    /// The strategy, or `first match` after reporting that none is given.
    pub fn strategy_or_first(
        &mut self,
        strategy: Once<(Strategy, Span)>,
        place: Span,
        classify: bool,
    ) -> (Strategy, Span) {
        strategy.take().unwrap_or_else(|| {
            let words = if classify {
                message!("write `first match`, `unique`, `highest` or `collect` as the first words inside the braces")
            } else {
                message!("write `first match` or `unique` as the first words inside the braces")
            };
            self.report(
                Diagnostic::error("missing-strategy", place, message!("it is not said how one rule is picked"))
                    .label(message!("which rule counts when several are true?"))
                    .help(words),
            );
            (Strategy::FirstMatch, place)
        })
    }

    /// Reports a rule that stands behind `otherwise`.
    pub fn report_after_otherwise(&mut self, place: Span, otherwise: Span) {
        self.report(
            Diagnostic::error(
                "otherwise-not-last",
                place,
                message!("a rule stands behind `otherwise`"),
            )
            .label(message!("this rule"))
            .also(otherwise, message!("`otherwise` ends the block"))
            .help(message!("move `otherwise` to the end of the block")),
        );
    }

    /// A match strategy.
    pub fn strategy(&mut self, node: &Node<'_>) -> (Strategy, Span) {
        let strategy = match node.as_str().as_bytes().first() {
            Some(b'f') => Strategy::FirstMatch,
            Some(b'u') => Strategy::Unique,
            Some(b'h') => Strategy::Highest,
            _ => Strategy::Collect,
        };
        (strategy, self.span(node))
    }

    fn otherwise(&mut self, node: Node<'_>) -> Option<Otherwise> {
        let span = self.span(&node);
        let mut value = None;
        let mut because = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::because => because = self.because(child),
                _ => value = Some(self.sum(child)),
            }
        }
        Some(Otherwise {
            value: value?,
            because,
            span,
        })
    }

    fn classify_part(&mut self, part: Node<'_>, span: Span, body: &mut Vec<ClassifyPart>) {
        match part.as_rule() {
            Rule::rule => body.extend(self.rule(part).map(ClassifyPart::Rule)),
            Rule::table_file => {
                if let Some(file) = children(part).next() {
                    let file = self.text(&file);
                    body.push(ClassifyPart::TableFile(file, span));
                }
            }
            _ => body.extend(self.table(part).map(ClassifyPart::Table)),
        }
    }

    fn rule(&mut self, node: Node<'_>) -> Option<AstRule> {
        let span = self.span(&node);
        let mut declared = None;
        let mut when = Once::new("when");
        let mut then = Once::new("then");
        let mut effective = Once::new("effective");
        let mut because = Once::new("because");
        for child in children(node) {
            if child.as_rule() == Rule::declared {
                declared = self.declared(child);
                continue;
            }
            let place = self.span(&child);
            let Some(clause) = children(child).next() else {
                continue;
            };
            match clause.as_rule() {
                Rule::when_clause => {
                    let value = self.when_clause(clause);
                    when.set_some(self, place, value);
                }
                Rule::then_clause => {
                    let value = children(clause).next().map(|value| self.sum(value));
                    then.set_some(self, place, value);
                }
                Rule::effective => {
                    let value = self.effective(clause);
                    effective.set_some(self, place, value);
                }
                _ => {
                    let value = self.because(clause);
                    because.set(self, place, value);
                }
            }
        }
        let declared = declared?;
        let what = message!("the rule `{name}`", name = declared.name.text);
        if !when.is_some() {
            self.missing_clause(declared.name.span, &what, "when", message!("write `when CONDITION` before `then`; for every other case write `otherwise OUTCOME` at the end of the block"));
        } else if !then.is_some() {
            let place = when.span().unwrap_or(span).at_end();
            self.report(
                Diagnostic::error(
                    "missing-then",
                    place,
                    message!("{what} has no outcome", what),
                )
                .label(message!("`then` is missing"))
                .help(message!("write `then OUTCOME` after the condition")),
            );
        }
        Some(AstRule {
            declared,
            effective: effective.take(),
            when: when.take()?,
            then: then.take()?,
            because: because.take().unwrap_or_default(),
            span,
        })
    }

    fn table(&mut self, node: Node<'_>) -> Option<Table> {
        let span = self.span(&node);
        let mut headers = Vec::new();
        let mut outcome = None;
        let mut header_span = span;
        let mut rows = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::table_header => {
                    header_span = self.span(&child);
                    for part in children(child) {
                        match part.as_rule() {
                            Rule::identifier => outcome = Some(self.name(&part)),
                            _ => headers.push(self.expr(part)),
                        }
                    }
                }
                _ => {
                    if let Some(row) = self.row(child) {
                        self.check_columns(headers.len(), header_span, &row);
                        if row.cells.len() == headers.len() {
                            rows.push(row);
                        }
                    }
                }
            }
        }
        Some(Table {
            headers,
            outcome: outcome?,
            rows,
            span,
        })
    }

    /// Reports a row whose cells are not as many as the columns.
    pub fn check_columns(&mut self, columns: usize, header: Span, row: &Row) {
        let cells = row.cells.len();
        if cells == columns {
            return;
        }
        let place = match row.cells.get(columns) {
            Some(extra) => row
                .cells
                .last()
                .map_or(extra.span, |last| extra.span.to(last.span)),
            None => row.span,
        };
        let count_cells = |count: usize| match count {
            1 => message!("1 cell"),
            _ => message!("{count} cells", count),
        };
        let count_columns = |count: usize| match count {
            1 => message!("1 column"),
            _ => message!("{count} columns", count),
        };
        let finding = Diagnostic::error(
            "column-count",
            place,
            message!(
                "this row has {cells} before `=>`, the table has {columns}",
                cells = count_cells(cells),
                columns = count_columns(columns)
            ),
        )
        .also(header, message!("the columns"));
        self.report(if cells < columns {
            finding
                .label(message!(
                    "{cells} missing",
                    cells = count_cells(columns - cells)
                ))
                .help(message!("write `-` in a cell that may be anything"))
        } else {
            finding
                .label(message!(
                    "{cells} too many",
                    cells = count_cells(cells - columns)
                ))
                .help(message!(
                    "alternatives in one cell stand between commas: `| fault, support |`"
                ))
        });
    }

    fn row(&mut self, node: Node<'_>) -> Option<Row> {
        let span = self.span(&node);
        let mut declared = None;
        let mut cells = Vec::new();
        let mut then: Option<RowOutcome> = None;
        let mut because = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::row_name => {
                    declared = children(child).next().and_then(|name| self.declared(name))
                }
                Rule::cell => cells.push(self.cell(child)),
                Rule::because => because = self.because(child),
                _ => then = Some(self.row_outcome(child)),
            }
        }
        Some(Row {
            declared,
            cells,
            then: then?,
            because,
            span,
        })
    }

    /// What a row gives.
    pub fn row_outcome(&mut self, node: Node<'_>) -> RowOutcome {
        match node.as_rule() {
            Rule::open_outcome => RowOutcome::Open(self.span(&node)),
            _ => RowOutcome::Value(self.sum(node)),
        }
    }

    /// A cell of a table.
    pub fn cell(&mut self, node: Node<'_>) -> Cell {
        let span = self.span(&node);
        let mut negated = false;
        let mut alternatives = Vec::new();
        for child in node.into_inner() {
            match child.as_rule() {
                Rule::any_cell => {
                    return Cell {
                        kind: CellKind::Any,
                        span,
                    };
                }
                Rule::kw_not => negated = true,
                _ => alternatives.extend(
                    child
                        .into_inner()
                        .next()
                        .and_then(|test| self.cell_test(test)),
                ),
            }
        }
        Cell {
            kind: CellKind::OneOf {
                negated,
                alternatives,
            },
            span,
        }
    }

    fn cell_test(&mut self, node: Node<'_>) -> Option<CellTest> {
        let span = self.span(&node);
        match node.as_rule() {
            Rule::presence_word => Some(CellTest::Missing(node.as_str() == "missing", span)),
            Rule::range => {
                let mut ends = children(node)
                    .map(|end| self.sum(end))
                    .collect::<Vec<_>>()
                    .into_iter();
                Some(CellTest::Range(ends.next()?, ends.next()?))
            }
            Rule::cell_order => {
                let mut op = None;
                let mut value = None;
                for child in children(node) {
                    match child.as_rule() {
                        Rule::order_op => op = Some(order_op(child.as_str())),
                        _ => value = Some(self.sum(child)),
                    }
                }
                Some(CellTest::Order(op?, value?))
            }
            _ => Some(CellTest::Value(self.sum(node))),
        }
    }

    /// The outcome of the header of a CSV table.
    pub fn outcome_name(&mut self, node: Node<'_>) -> Option<Name> {
        children(node)
            .find(|part| part.as_rule() == Rule::identifier)
            .map(|part| self.name(&part))
    }
}
