//! Alternatives side by side, one bit each, as what they ask of each variable.
//!
//! After [`super::entry`]. For every variable that one of them asks there is a column: for each class of its values
//! the row of alternatives that do not rule it out. [`super::few`] and [`super::many`] lay columns out, each for so
//! many alternatives as suit it.

use super::entry::Entry;
use super::ranges::{MISSING, Predicate};
use super::row::Row;
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeMap;
use std::hash::Hasher;

/// At most [`Row::SIZE`] alternatives, side by side.
pub(super) struct Layout<R> {
    pub(super) all: R,
    pub(super) columns: Vec<ColumnLayout<R>>,
    pub(super) sets: Vec<SetLayout<R>>,
}

/// What alternatives ask of one variable.
pub(super) struct ColumnLayout<R> {
    pub(super) variable: u32,
    /// From which class on which row is taken, ascending from 0.
    pub(super) starts: Vec<(u32, u32)>,
    /// The first is that of a missing value, the second that of those which are unknown then.
    pub(super) rows: Vec<R>,
}

/// The place of the row of those that are unknown when a value is missing.
pub(super) const UNKNOWN: usize = 1;

/// What alternatives ask of the elements of one set, each of them once.
pub(super) struct SetLayout<R> {
    pub(super) variable: u32,
    /// Those that ask nothing of it, or that it holds none of some elements.
    pub(super) open: R,
    /// Those that ask it for anything: they are unknown when the set is missing.
    pub(super) asking: R,
    /// By element those that ask for it.
    pub(super) held: BTreeMap<u32, R>,
    /// By element those that ask for its absence.
    pub(super) refused: BTreeMap<u32, R>,
}

impl<R: Row> Layout<R> {
    pub(super) fn new(entries: &[Entry]) -> Layout<R> {
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
        let columns = columns.map(|(variable, asking)| ColumnLayout::new(variable, &all, &asking));
        Layout {
            columns: columns.collect(),
            sets: SetLayout::all(entries, &all),
            all,
        }
    }
}

impl<R: Row> ColumnLayout<R> {
    fn new(variable: u32, all: &R, asking: &[(usize, &Predicate)]) -> ColumnLayout<R> {
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
        ColumnLayout {
            variable,
            starts,
            rows,
        }
    }
}

impl<R: Row> SetLayout<R> {
    /// The columns of all sets, so many for each that every alternative asks each of them at most once.
    fn all(entries: &[Entry], all: &R) -> Vec<SetLayout<R>> {
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
        columns
    }
}
