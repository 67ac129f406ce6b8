//! The rows that a table lacks: a few wide ones that take all cases which nothing takes.
//!
//! Part of [`super::facts`], after [`super::columns`]. The classes of the columns cut all cases into
//! finest cells. A cell of which no case is taken gives an exact row, widened (see [`super::widening`]) as long as
//! nothing taken comes into it. Where a condition beside the table takes some cases of a cell and leaves
//! others, or where no cell of a table says what is meant, the row is shared with what takes the others.

use super::blocks::EncodedBlock;
use super::columns::{Cell, Chosen, Classes};
use super::facts::{Asker, STEPS};
use super::solver::{Answer, Literal};
use super::space::Space;
use super::terms::{Encoder, Term};
use crate::compile::Classification;

/// Rows of one block, at most.
const MOST_ROWS: usize = 200;

/// Finest cells, at most, that are looked at one by one for all shared rows to be widened.
const MOST_CELLS: usize = 5_000;

/// What the questions about one block may cost together, see [`super::solver::Solver::budget`].
const MOST_COST: u64 = 30_000_000;

/// The rows that the last table of a classification lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingRows {
    /// Exact rows first.
    pub rows: Vec<MissingRow>,
    /// Whether there are more, behind as many as anybody would write.
    pub more: bool,
}

/// A row that a table lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRow {
    /// One for each column.
    pub cells: Vec<Cell>,
    /// Whether it also takes cases that a rule or another row takes, since the table does not tell them
    /// from those that nothing takes.
    pub shared: bool,
}

/// A row while it is widened: of each column, the classes that it takes.
pub(super) type Row = Vec<Chosen>;

/// Rows that are found so far.
#[derive(Clone, Default)]
struct Found {
    exact: Vec<Row>,
    shared: Vec<Row>,
}

impl Asker<'_> {
    /// The rows that the last table of a classification lacks; none where it has no table, and where it
    /// was not settled.
    pub(super) fn missing_rows(&mut self, place: u32) -> Option<MissingRows> {
        let program = self.encoder.program;
        let block = program.classifications.get(place as usize)?;
        block.tables.last()?;
        let before = self.encoder.space.solver.budget();
        let allowed = before.min(MOST_COST);
        let mut search = self.search(place, block)?;
        search.encoder.space.solver.allow(allowed);
        let rows = search.rows();
        let spent = allowed.saturating_sub(search.encoder.space.solver.budget());
        let left = before.saturating_sub(spent);
        self.encoder.space.solver.allow(left);
        self.found.undecided += usize::from(rows.is_none());
        rows
    }

    /// The block with nothing but what it reads, so that its own conditions alone tell values apart.
    fn search(&self, place: u32, block: &Classification) -> Option<Search<'_>> {
        let (schema, program) = (self.encoder.space.schema, self.encoder.program);
        let columns = block.tables.last()?;
        let mut encoder = Encoder::new(program, Space::new(schema));
        let rules = block.rules.iter().map(|rule| rule.when);
        let headers = columns.iter().map(|column| column.header);
        let needed = encoder.classifications_read(rules.chain(headers));
        for (other, before) in (0..place).zip(&program.classifications) {
            match needed.contains(&other) {
                true => {
                    encoder.classification(before);
                }
                false => encoder.classifications.push(Term::Choice(Vec::new())),
            }
        }
        let encoded = encoder.classification(block);
        let columns = columns.iter().map(|column| encoder.classes(column));
        let columns = columns.collect();
        encoder.finish();
        let EncodedBlock {
            in_force, rules, ..
        } = encoded;
        let taken = encoder
            .space
            .solver
            .any(rules.iter().map(|rule| rule.fires));
        Some(Search {
            encoder,
            columns,
            in_force,
            taken,
            known_taken: Vec::new(),
            cells: MOST_CELLS,
        })
    }
}

/// A block whose missing rows are looked for.
pub(super) struct Search<'a> {
    pub(super) encoder: Encoder<'a>,
    pub(super) columns: Vec<Classes>,
    /// That the block is in force.
    pub(super) in_force: Literal,
    /// That some rule is true.
    pub(super) taken: Literal,
    /// Finest cells that are known to have cases that some rule takes.
    pub(super) known_taken: Vec<Vec<usize>>,
    /// Finest cells that may still be looked at one by one.
    pub(super) cells: usize,
}

/// Answers of none are those that were not settled.
impl Search<'_> {
    fn rows(&mut self) -> Option<MissingRows> {
        let mut found = Found::default();
        loop {
            // Exact rows are looked for again once it is known what shared ones take, so that no two overlap.
            let known = found.shared.len();
            found.exact.clear();
            let Some(more) = self.fill(&mut found) else {
                // Exact rows stay right when it is not settled what is left.
                let is_sound = found.shared.is_empty() && !found.exact.is_empty();
                return is_sound.then(|| self.told(&found, true)).flatten();
            };
            if more || found.shared.len() == known {
                return self.told(&found, more);
            }
        }
    }

    /// Finds rows until no case is left; whether there are more than anybody would write.
    fn fill(&mut self, found: &mut Found) -> Option<bool> {
        loop {
            let rows: Vec<Row> = found.exact.iter().chain(&found.shared).cloned().collect();
            let in_rows = self.any_row(&rows);
            let left = [self.in_force, !self.taken, !in_rows];
            let Some(least) = self.least_cell(&left)? else {
                return Some(false);
            };
            if rows.len() >= MOST_ROWS {
                return Some(true);
            }
            let row = self.row_of(&least);
            let of_row = self.row(&row);
            let barred = self.encoder.space.solver.any([self.taken, in_rows]);
            match self.is_possible(&[self.in_force, of_row, barred])? {
                false => {
                    let row = self.widened(row, barred)?;
                    found.exact.push(self.trimmed(row)?);
                }
                true => {
                    let row = self.widened_shared(row, &found.shared)?;
                    found.shared.push(self.trimmed(row)?);
                }
            }
        }
    }

    /// The first finest cell, column by column, in which all of these can hold.
    fn least_cell(&mut self, all_of: &[Literal]) -> Option<Option<Vec<usize>>> {
        let mut asked = all_of.to_vec();
        if !self.is_possible(&asked)? {
            return Some(None);
        }
        let mut cell = Vec::with_capacity(self.columns.len());
        for column in 0..self.columns.len() {
            let (mut least, mut greatest) = (0, self.class_in_model(column)?);
            while least < greatest {
                let middle = (least + greatest) / 2;
                let below = (least..=middle).filter_map(|at| self.class(column, at));
                let below: Vec<Literal> = below.collect();
                let below = self.encoder.space.solver.any(below);
                asked.push(below);
                match self.is_possible(&asked)? {
                    true => greatest = self.class_in_model(column)?.min(middle),
                    false => least = middle + 1,
                }
                asked.pop();
            }
            asked.push(self.class(column, least)?);
            cell.push(least);
            // The model is that of this class from here on.
            if !self.is_possible(&asked)? {
                return None;
            }
        }
        Some(Some(cell))
    }

    pub(super) fn class(&self, column: usize, class: usize) -> Option<Literal> {
        self.columns.get(column)?.holds(class)
    }

    pub(super) fn class_in_model(&self, column: usize) -> Option<usize> {
        let classes = self.columns.get(column)?;
        let solver = &self.encoder.space.solver;
        (0..classes.len()).find(|at| classes.holds(*at).is_some_and(|one| solver.holds(one)))
    }

    /// A row that takes a finest cell, and more only where no cell of a table takes so little.
    fn row_of(&self, cell: &[usize]) -> Row {
        let columns = self.columns.iter().zip(cell);
        let chosen = columns.map(|(classes, at)| {
            let one: Chosen = (0..classes.len()).map(|other| other == *at).collect();
            match classes.cell(&one) {
                Some(_) => one,
                None => vec![true; classes.len()],
            }
        });
        chosen.collect()
    }

    /// That a case is in a row.
    pub(super) fn row(&mut self, row: &[Chosen]) -> Literal {
        let mut parts = Vec::with_capacity(row.len());
        for (column, chosen) in row.iter().enumerate() {
            parts.push(self.chosen(column, chosen));
        }
        self.encoder.space.solver.all(parts)
    }

    pub(super) fn any_row(&mut self, rows: &[Row]) -> Literal {
        let rows: Vec<Literal> = rows.iter().map(|row| self.row(row)).collect();
        self.encoder.space.solver.any(rows)
    }

    /// That the value of a column is in one of some classes.
    fn chosen(&mut self, column: usize, chosen: &[bool]) -> Literal {
        if chosen.iter().all(|on| *on) {
            return self.encoder.space.solver.always();
        }
        let on = chosen.iter().enumerate().filter(|(_, on)| **on);
        let on = on.filter_map(|(at, _)| self.class(column, at));
        let on: Vec<Literal> = on.collect();
        self.encoder.space.solver.any(on)
    }

    /// The rows as cells.
    fn told(&self, found: &Found, more: bool) -> Option<MissingRows> {
        let cells = |row: &Row| {
            let cells = self.columns.iter().zip(row);
            let cells = cells.map(|(classes, chosen)| classes.cell(chosen));
            cells.collect::<Option<Vec<Cell>>>()
        };
        let told = |shared: bool, rows: &[Row]| {
            let rows = rows.iter().map(|row| {
                let cells = cells(row)?;
                Some(MissingRow { cells, shared })
            });
            rows.collect::<Option<Vec<MissingRow>>>()
        };
        let mut rows = told(false, &found.exact)?;
        rows.extend(told(true, &found.shared)?);
        Some(MissingRows { rows, more })
    }

    /// Whether all of these can hold together.
    pub(super) fn is_possible(&mut self, all_of: &[Literal]) -> Option<bool> {
        match self.encoder.space.solver.ask(all_of, STEPS) {
            Answer::Yes => Some(true),
            Answer::No => Some(false),
            Answer::Undecided => None,
        }
    }
}
