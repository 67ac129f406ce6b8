//! Rows of a table that are widened: by whole columns, then by classes of values, as long as no case comes in
//! that should not.
//!
//! Part of [`super::missing_rows`].

use super::columns::Chosen;
use super::missing_rows::{Row, Search};
use super::solver::Literal;

/// Finest cells, at most, that are looked at one by one for a step of widening a shared row.
const MOST_CELLS: usize = 500;

/// Classes of a column of numbers or times, at most, that a row may take with others between them.
const MOST_APART: usize = 24;

/// Classes of a column, at most, of which those without a case are left out.
const MOST_CLASSES: usize = 64;

/// What came of asking whether classes of a column may be added to a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// All of them.
    Fine,
    /// Not with this one.
    Bars(usize),
    /// It takes too long to say.
    Open,
}

impl Search<'_> {
    /// A row with as many classes more as can be had without a case that something takes.
    pub(super) fn widened(&mut self, mut row: Row, barred: Literal) -> Option<Row> {
        self.widen(&mut row, &mut |search, part, column| {
            let known = search.known_taken.iter().find(|cell| is_within(cell, part));
            if let Some(cell) = known {
                return Some(Verdict::Bars(*cell.get(column)?));
            }
            let part = search.row(part);
            if !search.is_possible(&[search.in_force, part, barred])? {
                return Some(Verdict::Fine);
            }
            let class = search.class_in_model(column)?;
            if search.encoder.space.solver.holds(search.taken) {
                let cell = (0..search.columns.len()).map(|at| search.class_in_model(at));
                let cell = cell.collect::<Option<Vec<usize>>>()?;
                search.known_taken.push(cell);
            }
            Some(Verdict::Bars(class))
        })?;
        Some(row)
    }

    /// A shared row with more finest cells that nothing takes as a whole, and that no other row takes.
    pub(super) fn widened_shared(&mut self, mut row: Row, others: &[Row]) -> Option<Row> {
        let others = self.any_row(others);
        // Columns in which the row already takes more than it should say nothing of a finest cell.
        let whole = row.iter().map(|chosen| chosen.iter().all(|on| *on));
        let whole: Vec<bool> = whole.collect();
        self.widen(&mut row, &mut |search, part, column| {
            let part = search.row(part);
            if search.is_possible(&[search.in_force, part, others])? {
                return Some(Verdict::Bars(search.class_in_model(column)?));
            }
            search.are_shared(part, &whole, column)
        })?;
        Some(row)
    }

    /// Whether each finest cell of a part of a row has cases that are taken and cases that are not.
    fn are_shared(&mut self, part: Literal, whole: &[bool], column: usize) -> Option<Verdict> {
        let mut left = vec![self.in_force, part];
        for _ in 0..MOST_CELLS.min(self.cells) {
            self.cells -= 1;
            if !self.is_possible(&left)? {
                return Some(Verdict::Fine);
            }
            let class = self.class_in_model(column)?;
            let mut cell = Vec::with_capacity(whole.len());
            for (other, whole) in whole.iter().enumerate() {
                if !*whole {
                    let at = self.class_in_model(other)?;
                    cell.push(self.class(other, at)?);
                }
            }
            let cell = self.encoder.space.solver.all(cell);
            let all = [self.in_force, part, cell];
            for rest in [self.taken, !self.taken] {
                if !self.is_possible(&[all.as_slice(), &[rest]].concat())? {
                    return Some(Verdict::Bars(class));
                }
            }
            left.push(!cell);
        }
        Some(Verdict::Open)
    }

    /// Widens a row by all classes that may be added: whole columns first, the last ones before the others.
    fn widen(
        &mut self,
        row: &mut Row,
        may: &mut impl FnMut(&mut Self, &[Chosen], usize) -> Option<Verdict>,
    ) -> Option<()> {
        for column in (0..row.len()).rev() {
            let rest = self.rest(row, column);
            if !rest.is_empty() {
                let part = only(row, column, &rest);
                if may(self, &part, column)? == Verdict::Fine {
                    add(row, column, &rest);
                }
            }
        }
        for column in 0..row.len() {
            let open = self.addable(row, column, may)?;
            self.add_written(row, column, &open)?;
        }
        Some(())
    }

    /// The classes of a column that may be added to a row, one by one and all together.
    fn addable(
        &mut self,
        row: &[Chosen],
        column: usize,
        may: &mut impl FnMut(&mut Self, &[Chosen], usize) -> Option<Verdict>,
    ) -> Option<Vec<usize>> {
        let mut open = self.rest(row, column);
        if self.columns.get(column)?.is_scale() && open.len() > MOST_APART {
            return self.beside(row, column, may);
        }
        while !open.is_empty() {
            match may(self, &only(row, column, &open), column)? {
                Verdict::Fine => return Some(open),
                Verdict::Bars(class) if open.contains(&class) => open.retain(|one| *one != class),
                Verdict::Bars(_) | Verdict::Open => return Some(Vec::new()),
            }
        }
        Some(open)
    }

    /// Of a column of many numbers or times, the classes that may be added on either side of those that a
    /// row takes: ranges with many holes would be found slowly, and read by nobody.
    fn beside(
        &mut self,
        row: &[Chosen],
        column: usize,
        may: &mut impl FnMut(&mut Self, &[Chosen], usize) -> Option<Verdict>,
    ) -> Option<Vec<usize>> {
        let chosen = row.get(column)?;
        let first = chosen.iter().position(|on| *on)?;
        let last = chosen.iter().rposition(|on| *on)?;
        let missing = self.columns.get(column)?.missing();
        let is_value = |at: &usize| Some(*at) != missing;
        let below: Vec<usize> = (0..first).rev().filter(is_value).collect();
        let above: Vec<usize> = (last + 1..chosen.len()).filter(is_value).collect();
        let missing: Vec<usize> = missing
            .into_iter()
            .filter(|at| chosen.get(*at) == Some(&false))
            .collect();
        let mut added = Vec::new();
        for side in [below, above, missing] {
            // As many of the nearest as may be added.
            let (mut least, mut most) = (0, side.len());
            let mut tried = most;
            while least < most {
                let some = side.get(..tried)?;
                match may(self, &only(row, column, some), column)? {
                    Verdict::Fine => least = tried,
                    Verdict::Bars(class) => most = some.iter().position(|one| *one == class)?,
                    Verdict::Open => most = least,
                }
                tried = (least + most).div_ceil(2);
            }
            added.extend(side.into_iter().take(least));
        }
        Some(added)
    }

    /// Adds as many of some classes of a column as a cell can say.
    fn add_written(&self, row: &mut Row, column: usize, classes: &[usize]) -> Option<()> {
        let columns = self.columns.get(column)?;
        let is_written = |row: &Row| {
            let chosen = row.get(column);
            chosen.is_some_and(|chosen| columns.cell(chosen).is_some())
        };
        let mut wider = row.clone();
        add(&mut wider, column, classes);
        if is_written(&wider) {
            *row = wider;
            return Some(());
        }
        for class in classes {
            let mut wider = row.clone();
            add(&mut wider, column, &[*class]);
            if is_written(&wider) {
                *row = wider;
            }
        }
        Some(())
    }

    /// The classes of a column that a row does not take.
    fn rest(&self, row: &[Chosen], column: usize) -> Vec<usize> {
        let chosen = row.get(column).into_iter().flatten().enumerate();
        let rest = chosen.filter(|(_, on)| !**on).map(|(at, _)| at);
        rest.collect()
    }

    /// A row without the classes that no case of it has, where its cell is no longer to read for that.
    pub(super) fn trimmed(&mut self, mut row: Row) -> Option<Row> {
        let mut unseen: Row = row.clone();
        for chosen in &mut unseen {
            let count = chosen.iter().filter(|on| **on).count();
            if count == 1 || count == chosen.len() || chosen.len() > MOST_CLASSES {
                chosen.fill(false);
            }
        }
        let of_row = self.row(&row);
        loop {
            let mut some = Vec::new();
            for (column, chosen) in unseen.iter().enumerate() {
                let on = chosen.iter().enumerate().filter(|(_, on)| **on);
                some.extend(on.filter_map(|(at, _)| self.class(column, at)));
            }
            let some = self.encoder.space.solver.any(some);
            if !self.is_possible(&[self.in_force, of_row, some])? {
                break;
            }
            for (column, chosen) in unseen.iter_mut().enumerate() {
                let at = self.class_in_model(column)?;
                *chosen.get_mut(at)? = false;
            }
        }
        for (column, unreal) in unseen.iter().enumerate() {
            let chosen = row.get(column)?.iter().zip(unreal);
            let fewer: Chosen = chosen.map(|(on, unreal)| *on && !*unreal).collect();
            let classes = self.columns.get(column)?;
            let (long, short) = (classes.cell(row.get(column)?)?, classes.cell(&fewer));
            if short.is_some_and(|short| short.length() <= long.length()) {
                *row.get_mut(column)? = fewer;
            }
        }
        Some(row)
    }
}

/// The part of a row with some classes of a column, and none else.
fn only(row: &[Chosen], column: usize, classes: &[usize]) -> Row {
    let mut part = row.to_vec();
    if let Some(chosen) = part.get_mut(column) {
        chosen.fill(false);
    }
    add(&mut part, column, classes);
    part
}

/// Whether a finest cell lies in a row.
fn is_within(cell: &[usize], row: &[Chosen]) -> bool {
    let mut pairs = cell.iter().zip(row);
    pairs.all(|(at, chosen)| chosen.get(*at) == Some(&true))
}

fn add(row: &mut [Chosen], column: usize, classes: &[usize]) {
    let Some(chosen) = row.get_mut(column) else {
        return;
    };
    for at in classes {
        if let Some(on) = chosen.get_mut(*at) {
            *on = true;
        }
    }
}
