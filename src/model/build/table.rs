//! Decision tables to rules: each row one rule, its cells joined by `and`.

use super::builder::{Builder, citations};
use super::classify::Block;
use super::expression::order_word;
use super::places::Place;
use super::wording::{first_listed, has_order};
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::expr::{Expr, ExprKind};
use crate::model::types::Type;
use crate::model::{Column, Declared, Rule, Table};
use crate::source::Span;
use crate::syntax::ast::{self, CellKind, CellTest, RowOutcome};
use crate::value::Value;
use smol_str::SmolStr;

impl<'a> Builder<'a> {
    /// Adds a table's rows to a block.
    pub(super) fn table(&mut self, block: &mut Block<'_>, table: &'a ast::Table, in_file: bool) {
        self.enter(format!("classify.{}", block.name));
        if table.outcome.text != block.name && !self.is_lost(&table.outcome.text) {
            let message = message!(
                "the column behind `=>` is called `{column}`, but this block decides `{block}`",
                column = table.outcome.text,
                block = block.name
            );
            self.report(
                Diagnostic::error("table-outcome", table.outcome.span, message)
                    .help(message!("write `{instead}`", instead = block.name))
                    .safe_fix(table.outcome.span, super::suggest::written(block.name)),
            );
        }
        let headers: Vec<Option<Expr>> = table
            .headers
            .iter()
            .map(|header| self.check(header, Place::Classify, None))
            .collect();
        if headers.iter().all(Option::is_some) {
            let columns = headers.iter().flatten().map(|header| self.column(header));
            let columns = columns.collect();
            block.tables.push(Table {
                columns,
                in_file,
                span: table.span,
            });
        }
        for row in &table.rows {
            block.rows += 1;
            let name = match &row.declared {
                Some(declared) => declared.name.text.to_string(),
                None => format!("row {}", block.rows),
            };
            self.enter_part("classify", block.name, &name);
            let declared = match &row.declared {
                Some(declared) => {
                    self.rule_name(block, &declared.name);
                    self.declared(declared)
                }
                None => {
                    let spot = ast::Name {
                        text: SmolStr::new(&name),
                        span: row.span,
                    };
                    self.rule_name(block, &spot);
                    Declared {
                        name,
                        label: None,
                        span: row.span,
                    }
                }
            };
            let when = self.row(&headers, row);
            let then = match &row.then {
                RowOutcome::Value(expr) => self.outcome(expr, &block.outcome, &block.bounds),
                RowOutcome::Open(span) => {
                    self.open_outcome(&declared.name, *span, &block.outcome);
                    None
                }
            };
            if let (Some(when), Some(then)) = (when, then) {
                let because = citations(&row.because);
                block.rules.push(Rule {
                    declared,
                    row: true,
                    effective: None,
                    when,
                    then,
                    because,
                    span: row.span,
                });
            }
        }
    }

    fn column(&self, header: &Expr) -> Column {
        Column {
            header: header.clone(),
            ordered: has_order(&header.ty, &self.enums),
            asks_presence: asks_presence(header),
        }
    }

    /// Reports a row that does not say yet what it gives.
    fn open_outcome(&mut self, row: &str, span: Span, ty: &Type) {
        let message = message!("it is not decided yet what `{row}` gives", row);
        let help = match ty {
            Type::Enum(id) => {
                let members = self.enums.get(*id).map(|ty| ty.members.as_slice());
                let members = members.unwrap_or_default().iter();
                let names: Vec<&str> = members.map(|member| member.name.as_str()).collect();
                message!(
                    "write an outcome instead of `?`, one of {list}",
                    list = first_listed(&names)
                )
            }
            other => message!(
                "write an outcome instead of `?`: {kind}",
                kind = self.type_words(other)
            ),
        };
        let finding = Diagnostic::error("missing-outcome", span, message);
        self.report(finding.label(message!("which outcome?")).help(help));
    }

    fn row(&mut self, headers: &[Option<Expr>], row: &ast::Row) -> Option<Expr> {
        let mut cells = Vec::new();
        let mut sound = true;
        for (header, cell) in headers.iter().zip(&row.cells) {
            let CellKind::OneOf {
                negated,
                alternatives,
            } = &cell.kind
            else {
                continue;
            };
            let Some(header) = header else {
                sound = false;
                continue;
            };
            match self.cell(header, *negated, alternatives, cell.span) {
                Some(expr) => cells.push(expr),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let kind = match cells.len() {
            0 => ExprKind::Constant(Value::Bool(true)),
            1 => return cells.pop(),
            _ => ExprKind::And(cells),
        };
        Some(Expr {
            kind,
            ty: Type::Bool,
            span: row.span,
        })
    }

    fn cell(
        &mut self,
        header: &Expr,
        negated: bool,
        alternatives: &[CellTest],
        span: Span,
    ) -> Option<Expr> {
        let mut values: Vec<(Value, Span)> = Vec::new();
        let mut tests: Vec<Expr> = Vec::new();
        let mut sound = true;
        for alternative in alternatives {
            let test = match alternative {
                CellTest::Value(expr) => match self.constant(expr, &header.ty, &message!("a cell"))
                {
                    Some(value) => {
                        values.push((value, expr.span));
                        continue;
                    }
                    None => None,
                },
                CellTest::Order(op, expr) => self
                    .cell_order(header, order_word(*op), span)
                    .and_then(|()| {
                        let limit = self.cell_limit(header, expr)?;
                        Some(ExprKind::Order(
                            *op,
                            Box::new(header.clone()),
                            Box::new(limit),
                        ))
                    }),
                CellTest::Range(lower, upper) => {
                    self.cell_order(header, "..", span).and_then(|()| {
                        let (lower, upper) = (
                            self.cell_limit(header, lower),
                            self.cell_limit(header, upper),
                        );
                        Some(ExprKind::Between(
                            Box::new(header.clone()),
                            Box::new(lower?),
                            Box::new(upper?),
                        ))
                    })
                }
                CellTest::Missing(missing, at) => self.cell_presence(header, *missing, *at),
            };
            match test {
                Some(kind) => tests.push(Expr {
                    kind,
                    ty: Type::Bool,
                    span,
                }),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let alone = tests.is_empty();
        let mut all = cell_values(header, values, negated && alone, span);
        all.extend(tests);
        let joined = if all.len() == 1 {
            all.pop()?
        } else {
            Expr {
                kind: ExprKind::Or(all),
                ty: Type::Bool,
                span,
            }
        };
        if negated && !alone {
            return Some(Expr {
                kind: ExprKind::Not(Box::new(joined)),
                ty: Type::Bool,
                span,
            });
        }
        Some(joined)
    }

    fn cell_order(&mut self, header: &Expr, op: &str, span: Span) -> Option<()> {
        if has_order(&header.ty, &self.enums) {
            return Some(());
        }
        let message = message!(
            "`{op}` asks values that have an order, the column {found}",
            op,
            found = self.say(header)
        );
        self.report(
            Diagnostic::error("type-mismatch", span, message)
                .help(message!("list the values, separated by commas")),
        );
        None
    }

    /// A limit in a cell; a number may have more digits than the column's type.
    fn cell_limit(&mut self, header: &Expr, expr: &ast::Expr) -> Option<Expr> {
        if let (ast::ExprKind::Decimal(_), Type::Integer | Type::Decimal(_)) =
            (&expr.kind, &header.ty)
        {
            return match self.literal(expr, Some(&header.ty)) {
                super::constants::Literal::Value(value, ty) => Some(Expr {
                    kind: ExprKind::Constant(value),
                    ty,
                    span: expr.span,
                }),
                super::constants::Literal::Other | super::constants::Literal::Wrong => None,
            };
        }
        let value = self.constant(expr, &header.ty, &message!("a cell"))?;
        Some(Expr {
            kind: ExprKind::Constant(value),
            ty: header.ty.clone(),
            span: expr.span,
        })
    }

    fn cell_presence(&mut self, header: &Expr, missing: bool, at: Span) -> Option<ExprKind> {
        if asks_presence(header) {
            return Some(ExprKind::Missing {
                value: Box::new(header.clone()),
                negated: !missing,
            });
        }
        let word = if missing { "missing" } else { "present" };
        let message = message!(
            "`{word}` asks a field, a `define` or a classification; this column is `{text}`",
            word,
            text = self.text(header.span)
        );
        self.report(
            Diagnostic::error("not-allowed-here", at, message)
                .help(message!("give the field a column of its own")),
        );
        None
    }
}

/// Whether it can be asked of a column's value whether there is one.
fn asks_presence(header: &Expr) -> bool {
    matches!(
        header.kind,
        ExprKind::Field(_) | ExprKind::Define(_) | ExprKind::Classification(_) | ExprKind::Call(..)
    )
}

/// The constants of a cell as tests: one comparison, or one set. A column that is true or false by
/// itself is the test, or its opposite.
fn cell_values(header: &Expr, values: Vec<(Value, Span)>, negated: bool, span: Span) -> Vec<Expr> {
    let boolean = |kind: ExprKind| Expr {
        kind,
        ty: Type::Bool,
        span,
    };
    if header.ty == Type::Bool {
        let is = |yes: bool| match yes {
            true => Expr {
                span,
                ..header.clone()
            },
            false => boolean(ExprKind::Not(Box::new(header.clone()))),
        };
        let listed = values.iter().map(|(value, _)| *value == Value::Bool(true));
        if negated && values.len() > 1 {
            let any = boolean(ExprKind::Or(listed.map(is).collect()));
            return vec![boolean(ExprKind::Not(Box::new(any)))];
        }
        return listed.map(|yes| is(yes != negated)).collect();
    }
    let mut values = values;
    if values.len() <= 1 {
        let equal = |(value, at): (Value, Span)| {
            let right = Expr {
                kind: ExprKind::Constant(value),
                ty: header.ty.clone(),
                span: at,
            };
            boolean(ExprKind::Equal {
                left: Box::new(header.clone()),
                right: Box::new(right),
                negated,
                ignoring_case: false,
            })
        };
        return values.pop().map(equal).into_iter().collect();
    }
    let mut set: Vec<Value> = values.into_iter().map(|(value, _)| value).collect();
    set.sort();
    set.dedup();
    vec![boolean(ExprKind::In {
        value: Box::new(header.clone()),
        set,
        negated,
        ignoring_case: false,
    })]
}
