//! Classifications: strategies, rules, tables.

use super::super::ast::{
    Cell, CellKind, CellTest, Classify, ClassifyPart, Otherwise, Row, RowOutcome, Rule, Strategy,
    Table,
};
use super::super::scan::TokenKind;
use super::{Direct, once};
use crate::source::Span;

impl Direct<'_> {
    /// Behind `classify`.
    pub fn classify(&mut self) -> Option<Classify> {
        let declared = self.declared()?;
        self.need_word("as")?;
        let ty = self.type_expr()?;
        let mut effective = None;
        let mut strategy = None;
        let mut otherwise = None;
        let mut body = Vec::new();
        let start = self.start();
        if self.eat_word("effective") {
            effective = Some(self.effective(start)?);
        }
        self.need_sign('{')?;
        while !self.eat_sign('}') {
            let start = self.start();
            match self.take_word()? {
                "effective" => once(&mut effective, self.effective(start)?)?,
                "rule" if otherwise.is_none() => body.push(ClassifyPart::Rule(self.rule(start)?)),
                "table" if otherwise.is_none() => body.push(self.table(start)?),
                "otherwise" if !self.is_word("tier") => {
                    once(&mut otherwise, self.otherwise(start)?)?
                }
                word => once(&mut strategy, self.strategy(word, start)?)?,
            }
        }
        Some(Classify {
            declared,
            ty,
            effective,
            strategy: strategy?,
            body,
            otherwise,
        })
    }

    /// The strategy that begins with a word that was read.
    pub fn strategy(&mut self, word: &str, start: usize) -> Option<(Strategy, Span)> {
        let strategy = match word {
            "first" => {
                self.need_word("match")?;
                Strategy::FirstMatch
            }
            "unique" => Strategy::Unique,
            "highest" => Strategy::Highest,
            "collect" => Strategy::Collect,
            _ => return None,
        };
        Some((strategy, self.span_from(start)))
    }

    fn otherwise(&mut self, start: usize) -> Option<Otherwise> {
        let value = self.sum()?;
        let because = self.because_if_any()?;
        Some(Otherwise {
            value,
            because,
            span: self.span_from(start),
        })
    }

    fn rule(&mut self, start: usize) -> Option<Rule> {
        let declared = self.declared()?;
        let mut when = None;
        let mut then = None;
        let mut effective = None;
        let mut because = None;
        loop {
            let start = self.start();
            if self.eat_word("when") {
                once(&mut when, self.expr()?)?;
            } else if self.eat_word("then") {
                once(&mut then, self.sum()?)?;
            } else if self.eat_word("because") {
                once(&mut because, self.because()?)?;
            } else if self.eat_word("effective") {
                once(&mut effective, self.effective(start)?)?;
            } else {
                break;
            }
        }
        Some(Rule {
            declared,
            effective,
            when: when?,
            then: then?,
            because: because.unwrap_or_default(),
            span: self.span_from(start),
        })
    }

    /// Behind `table`.
    fn table(&mut self, start: usize) -> Option<ClassifyPart> {
        if self.eat_word("from") {
            let file = self.quoted()?;
            return Some(ClassifyPart::TableFile(file, self.span_from(start)));
        }
        self.need_sign('{')?;
        self.need_sign('|')?;
        let mut headers = vec![self.expr()?];
        while self.eat_sign('|') {
            headers.push(self.expr()?);
        }
        self.need_arrow()?;
        let outcome = self.name()?;
        self.need_sign('|')?;
        let mut rows = Vec::new();
        while !self.eat_sign('}') {
            let row = self.row()?;
            if row.cells.len() != headers.len() {
                return None;
            }
            rows.push(row);
        }
        Some(ClassifyPart::Table(Table {
            headers,
            outcome,
            rows,
            span: self.span_from(start),
        }))
    }

    fn row(&mut self) -> Option<Row> {
        let start = self.start();
        self.need_sign('|')?;
        let mut declared = None;
        let behind_name = 1 + usize::from(self.is_text(1));
        if self.token(behind_name).is_some_and(|token| token.is(':')) {
            declared = Some(self.declared()?);
            self.need_sign(':')?;
        }
        let mut cells = vec![self.cell()?];
        while self.eat_sign('|') {
            cells.push(self.cell()?);
        }
        self.need_arrow()?;
        let then = RowOutcome::Value(self.sum()?);
        self.need_sign('|')?;
        let because = self.because_if_any()?;
        Some(Row {
            declared,
            cells,
            then,
            because,
            span: self.span_from(start),
        })
    }

    fn cell(&mut self) -> Option<Cell> {
        let start = self.start();
        if self.eat_sign('-') {
            if self.is_sign('|') || self.are_signs('=', '>') {
                return Some(Cell {
                    kind: CellKind::Any,
                    span: self.span_from(start),
                });
            }
            self.at -= 1;
        }
        let negated = self.eat_word("not");
        let mut alternatives = vec![self.cell_test()?];
        while self.eat_sign(',') {
            alternatives.push(self.cell_test()?);
        }
        Some(Cell {
            kind: CellKind::OneOf {
                negated,
                alternatives,
            },
            span: self.span_from(start),
        })
    }

    fn cell_test(&mut self) -> Option<CellTest> {
        if let Some(op) = self.order_op() {
            return self.sum().map(|value| CellTest::Order(op, value));
        }
        let token = self.token(0)?;
        if token.kind == TokenKind::Word
            && let word @ ("missing" | "present") = token.text(self.text)
        {
            self.at += 1;
            return Some(CellTest::Missing(word == "missing", self.span_of(token)));
        }
        let value = self.sum()?;
        match self.eat_signs('.', '.') {
            true => self.sum().map(|most| CellTest::Range(value, most)),
            false => Some(CellTest::Value(value)),
        }
    }
}
