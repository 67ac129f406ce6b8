//! Alternatives side by side, one bit each: which of them may be true of a case.
//!
//! After [`super::entry`]. For every variable that one of them asks there is a column: for each class of
//! its values the row of alternatives that do not rule it out. A case takes one row of each column, and
//! what is set in all of them is left.

use super::asked::{Answers, Asked};
use super::classes::{Classes, Elements};
use super::entry::Entry;
use super::ranges::{MISSING, Predicate};
use super::row::{JOINED, Row};
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeMap;
use std::hash::Hasher;

/// Alternatives side by side.
#[derive(Clone, Debug)]
pub(super) struct Chunk<R> {
    all: R,
    columns: Box<[Column<R>]>,
    sets: Box<[SetColumn<R>]>,
}

/// What alternatives ask of one variable.
#[derive(Clone, Debug)]
struct Column<R> {
    /// The place of its variable among those that the block asks.
    asked: u32,
    classes: Classes,
    /// The first is that of a missing value, the second that of those which are unknown then.
    rows: Box<[R]>,
}

/// The place of the row of those that are unknown when a value is missing.
const UNKNOWN: usize = 1;

/// What alternatives ask of the elements of one set, each of them once.
#[derive(Clone, Debug)]
struct SetColumn<R> {
    /// The place of its variable among the sets that the block asks.
    asked: u32,
    /// Those that ask nothing of it, or that it holds none of some elements.
    open: R,
    /// Those that ask it for anything: they are unknown when the set is missing.
    asking: R,
    /// By element those that ask for it.
    held: ElementRows<R>,
    /// By element those that ask for its absence.
    refused: ElementRows<R>,
}

/// Rows of the elements of a set.
#[derive(Clone, Debug)]
struct ElementRows<R> {
    elements: Elements,
    rows: Box<[R]>,
}

/// A column of a set while alternatives are laid out.
struct SetLayout<R> {
    variable: u32,
    open: R,
    asking: R,
    held: BTreeMap<u32, R>,
    refused: BTreeMap<u32, R>,
}

impl<R: Row> Chunk<R> {
    /// Lays out at most [`Row::SIZE`] alternatives of a block that asks these variables.
    pub(super) fn new(entries: &[Entry], asked: &Asked) -> Chunk<R> {
        let mut all = R::NOTHING;
        let mut tests: FxHashMap<u32, Vec<(usize, &Predicate)>> = FxHashMap::default();
        for (place, entry) in entries.iter().enumerate() {
            all.set(place);
            for (variable, predicate) in &entry.tests {
                tests.entry(*variable).or_default().push((place, predicate));
            }
        }
        // Those that most alternatives ask leave the fewest.
        let mut tests: Vec<(u32, Vec<(usize, &Predicate)>)> = tests.into_iter().collect();
        tests.sort_by_key(|(variable, asking)| (usize::MAX - asking.len(), *variable));
        let columns = tests.into_iter();
        let columns = columns.map(|(variable, asking)| {
            let place = asked.variable(variable);
            Column::new(place, &all, &asking)
        });
        Chunk {
            all,
            columns: columns.collect(),
            sets: SetColumn::all(entries, &all, asked),
        }
    }

    /// The alternatives that what a case answers does not rule out, and which of them are not certain.
    #[inline]
    pub(super) fn look_up(&self, answers: &Answers) -> Option<(R, R)> {
        let (mut alive, mut unknown) = (self.all, R::NOTHING);
        for columns in self.columns.chunks(JOINED) {
            let mut rows = [&self.all; JOINED];
            for (row, column) in rows.iter_mut().zip(columns) {
                let class = answers.classes.get(column.asked as usize);
                let class = class.copied().unwrap_or(MISSING);
                *row = column.rows.get(column.classes.row(class))?;
                if class == MISSING {
                    unknown.join(column.rows.get(UNKNOWN));
                }
            }
            if !alive.keep_all(rows) {
                return None;
            }
        }
        for column in &self.sets {
            match answers.sets.get(column.asked as usize) {
                Some(Some(elements)) => {
                    if !alive.keep(&column.row(elements)) {
                        return None;
                    }
                }
                Some(None) | None => unknown.join(Some(&column.asking)),
            }
        }
        Some((alive, unknown))
    }
}

impl<R: Row> ElementRows<R> {
    fn new(rows: BTreeMap<u32, R>) -> ElementRows<R> {
        let elements: Vec<(u32, u32)> = rows.keys().copied().zip(0u32..).collect();
        ElementRows {
            elements: Elements::new(&elements),
            rows: rows.into_values().collect(),
        }
    }

    /// Joins the row of an element to another, if it has one.
    #[inline]
    fn join(&self, row: &mut R, element: u32) {
        if let Some(place) = self.elements.row(element) {
            row.join(self.rows.get(place));
        }
    }
}

impl<R: Row> Column<R> {
    fn new(asked: u32, all: &R, asking: &[(usize, &Predicate)]) -> Column<R> {
        let mut missing = *all;
        let mut unknown = R::NOTHING;
        let mut changes: Vec<(u32, usize)> = Vec::with_capacity(asking.len() * 2);
        let mut row = *all;
        for (place, predicate) in asking {
            match predicate.missing {
                Some(true) => {}
                Some(false) => missing.clear(*place),
                None => unknown.set(*place),
            }
            row.clear(*place);
            changes.extend(predicate.present.changes().iter().map(|at| (*at, *place)));
        }
        changes.sort_unstable_by_key(|(at, _)| *at);
        let mut rows = vec![missing, unknown];
        // By its hash the place of a row: rows are long. Of two that share a hash the second is kept twice.
        let mut known: FxHashMap<u64, usize> = FxHashMap::default();
        let mut intern = |row: R| {
            let mut hasher = FxHasher::default();
            row.hash(&mut hasher);
            let next = rows.len();
            let place = *known.entry(hasher.finish()).or_insert(next);
            let place = match rows.get(place) {
                Some(same) if *same == row => place,
                Some(_) | None => {
                    rows.push(row);
                    next
                }
            };
            super::shape::place(place)
        };
        let mut starts: Vec<(u32, u32)> = vec![(MISSING, 0), (1, 0)];
        for (at, place) in changes {
            if starts.last().is_some_and(|(start, _)| *start != at) {
                if let Some((_, known)) = starts.last_mut() {
                    *known = intern(row);
                }
                starts.push((at, 0));
            }
            row.toggle(place);
        }
        if let Some((_, known)) = starts.last_mut() {
            *known = intern(row);
        }
        Column {
            asked,
            classes: Classes::new(&starts),
            rows: rows.into(),
        }
    }
}

impl<R: Row> SetColumn<R> {
    /// The alternatives that a set with these elements does not rule out.
    fn row(&self, elements: &[u32]) -> R {
        let mut row = self.open;
        for element in elements {
            self.held.join(&mut row, *element);
        }
        if !self.refused.rows.is_empty() {
            let mut gone = R::NOTHING;
            for element in elements {
                self.refused.join(&mut gone, *element);
            }
            row.remove(&gone);
        }
        row
    }

    /// The columns of all sets, so many for each that every alternative asks each of them at most once.
    fn all(entries: &[Entry], all: &R, asked: &Asked) -> Box<[SetColumn<R>]> {
        let mut columns: Vec<SetLayout<R>> = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            for test in &entry.sets {
                let free = columns
                    .iter_mut()
                    .find(|column| column.variable == test.variable && !column.asking.has(place));
                let column = match free {
                    Some(column) => column,
                    None => {
                        columns.push(SetLayout {
                            variable: test.variable,
                            open: *all,
                            asking: R::NOTHING,
                            held: BTreeMap::new(),
                            refused: BTreeMap::new(),
                        });
                        match columns.last_mut() {
                            Some(column) => column,
                            None => continue,
                        }
                    }
                };
                column.asking.set(place);
                if !test.none {
                    column.open.clear(place);
                }
                let rows = match test.none {
                    true => &mut column.refused,
                    false => &mut column.held,
                };
                for element in &test.elements {
                    rows.entry(*element).or_insert(R::NOTHING).set(place);
                }
            }
        }
        let columns = columns.into_iter();
        columns.map(|column| column.laid_out(asked)).collect()
    }
}

impl<R: Row> SetLayout<R> {
    fn laid_out(self, asked: &Asked) -> SetColumn<R> {
        SetColumn {
            asked: asked.set(self.variable),
            open: self.open,
            asking: self.asking,
            held: ElementRows::new(self.held),
            refused: ElementRows::new(self.refused),
        }
    }
}
