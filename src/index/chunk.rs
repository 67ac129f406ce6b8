//! Up to 512 alternatives side by side, one bit each: which of them may be true of a case.
//!
//! After [`super::entry`]. For every variable that one of them asks there is a column: for each class of
//! its values the row of alternatives that do not rule it out. A case takes one row of each column, and
//! what is set in all of them is left.

use super::entry::Entry;
use super::ranges::MISSING;
use super::view::View;
use std::array::from_fn;
use std::collections::HashMap;

/// Bits in a word.
const WORD: usize = 64;
/// Words in a row.
const WORDS: usize = 8;
/// Alternatives in a chunk.
pub(super) const SIZE: usize = WORD * WORDS;
/// A column whose rows change at greater classes than this is searched.
const DIRECT: u32 = 255;

/// One bit for each alternative, in one line of a processor's cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(align(64))]
pub(super) struct Row(pub(super) [u64; WORDS]);

pub(super) const NOTHING: Row = Row([0; WORDS]);

/// Alternatives side by side.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    all: Row,
    columns: Box<[Column]>,
    sets: Box<[SetColumn]>,
}

/// What alternatives ask of one variable.
#[derive(Clone, Debug)]
struct Column {
    variable: u32,
    classes: Classes,
    /// The first is that of a missing value.
    rows: Box<[Row]>,
    /// Those that are unknown when the value is missing.
    unknown: Row,
}

/// From classes to rows.
#[derive(Clone, Debug)]
enum Classes {
    /// The row of each class; the last is that of all greater ones, too.
    Direct(Box<[u32]>),
    /// Classes from which on a row is taken, ascending, with the rows.
    Search(Box<[u32]>, Box<[u32]>),
}

/// What alternatives ask of the elements of one set, each of them once.
#[derive(Clone, Debug)]
struct SetColumn {
    variable: u32,
    /// Those that ask nothing of it, or that it holds none of some elements.
    open: Row,
    /// Those that ask it for anything: they are unknown when the set is missing.
    asking: Row,
    /// By element those that ask for it, and those that ask for its absence.
    rows: HashMap<u32, (Row, Row), rustc_hash::FxBuildHasher>,
}

impl Chunk {
    /// Lays out at most [`SIZE`] alternatives.
    pub(super) fn new(entries: &[Entry]) -> Chunk {
        let mut all = NOTHING;
        let mut tests: HashMap<u32, Vec<(usize, &Entry)>> = HashMap::new();
        for (place, entry) in entries.iter().enumerate() {
            set(&mut all, place);
            for (variable, _) in &entry.tests {
                tests.entry(*variable).or_default().push((place, entry));
            }
        }
        // Those that most alternatives ask leave the fewest.
        let mut tests: Vec<(u32, Vec<(usize, &Entry)>)> = tests.into_iter().collect();
        tests.sort_by_key(|(variable, asking)| (usize::MAX - asking.len(), *variable));
        let columns = tests.into_iter();
        let columns = columns.map(|(variable, asking)| Column::new(variable, &all, &asking));
        Chunk {
            all,
            columns: columns.collect(),
            sets: SetColumn::all(entries, &all),
        }
    }

    /// The alternatives that are not ruled out, and which of them are not certain.
    pub(super) fn alive(&self, view: &impl View) -> Option<(Row, Row)> {
        let mut alive = self.all;
        let mut unknown = NOTHING;
        for column in &self.columns {
            let class = view.class(column.variable);
            alive = both(&alive, column.row(class));
            if is_empty(&alive) {
                return None;
            }
            if class == MISSING {
                join(&mut unknown, &column.unknown);
            }
        }
        for column in &self.sets {
            match view.elements(column.variable) {
                None => join(&mut unknown, &column.asking),
                Some(elements) => {
                    let mut left = column.open;
                    let mut gone = NOTHING;
                    for element in elements.iter() {
                        if let Some((held, refused)) = column.rows.get(element) {
                            join(&mut left, held);
                            join(&mut gone, refused);
                        }
                    }
                    let left = Row(from_fn(|word| left.0[word] & !gone.0[word]));
                    alive = both(&alive, &left);
                    if is_empty(&alive) {
                        return None;
                    }
                }
            }
        }
        Some((alive, unknown))
    }
}

impl Column {
    fn new(variable: u32, all: &Row, asking: &[(usize, &Entry)]) -> Column {
        let mut missing = *all;
        let mut unknown = NOTHING;
        let mut changes: Vec<(u32, usize)> = Vec::new();
        let mut row = *all;
        for (place, entry) in asking {
            let found = entry.tests.iter().find(|(known, _)| *known == variable);
            let Some((_, predicate)) = found else {
                continue;
            };
            match predicate.missing {
                Some(true) => {}
                Some(false) => clear(&mut missing, *place),
                None => set(&mut unknown, *place),
            }
            clear(&mut row, *place);
            changes.extend(predicate.present.changes().iter().map(|at| (*at, *place)));
        }
        changes.sort_unstable();
        let mut rows = vec![missing];
        let mut known: HashMap<Row, u32> = HashMap::new();
        let mut intern = |row: Row| {
            *known.entry(row).or_insert_with(|| {
                rows.push(row);
                super::shape::place(rows.len() - 1)
            })
        };
        let mut starts: Vec<(u32, u32)> = vec![(MISSING, 0), (1, 0)];
        for (at, place) in changes {
            if starts.last().is_some_and(|(start, _)| *start != at) {
                if let Some((_, known)) = starts.last_mut() {
                    *known = intern(row);
                }
                starts.push((at, 0));
            }
            toggle(&mut row, place);
        }
        if let Some((_, known)) = starts.last_mut() {
            *known = intern(row);
        }
        Column {
            variable,
            classes: Classes::new(&starts),
            rows: rows.into(),
            unknown,
        }
    }

    fn row(&self, class: u32) -> &Row {
        let place = match &self.classes {
            Classes::Direct(rows) => {
                let last = rows.len() - 1;
                rows.get((class as usize).min(last))
            }
            Classes::Search(starts, rows) => {
                let behind = starts.partition_point(|start| *start <= class);
                rows.get(behind - 1)
            }
        };
        // Every class has a row.
        let place = place.copied().unwrap_or(0);
        self.rows.get(place as usize).unwrap_or(&NOTHING)
    }
}

impl Classes {
    fn new(starts: &[(u32, u32)]) -> Classes {
        match starts.last() {
            Some((last, _)) if *last <= DIRECT => {
                let row = |class: u32| {
                    let behind = starts.partition_point(|(start, _)| *start <= class);
                    starts.get(behind - 1).map_or(0, |(_, row)| *row)
                };
                Classes::Direct((0..=*last).map(row).collect())
            }
            _ => {
                let (starts, rows): (Vec<u32>, Vec<u32>) = starts.iter().copied().unzip();
                Classes::Search(starts.into(), rows.into())
            }
        }
    }
}

impl SetColumn {
    /// The columns of all sets, so many for each that every alternative asks each of them at most once.
    fn all(entries: &[Entry], all: &Row) -> Box<[SetColumn]> {
        let mut columns: Vec<SetColumn> = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            for test in &entry.sets {
                let free = columns
                    .iter_mut()
                    .find(|column| column.variable == test.variable && !has(&column.asking, place));
                let column = match free {
                    Some(column) => column,
                    None => {
                        columns.push(SetColumn {
                            variable: test.variable,
                            open: *all,
                            asking: NOTHING,
                            rows: HashMap::default(),
                        });
                        match columns.last_mut() {
                            Some(column) => column,
                            None => continue,
                        }
                    }
                };
                set(&mut column.asking, place);
                if !test.none {
                    clear(&mut column.open, place);
                }
                for element in &test.elements {
                    let (held, refused) = column.rows.entry(*element).or_default();
                    set(if test.none { refused } else { held }, place);
                }
            }
        }
        columns.into()
    }
}

/// Whether a bit is set.
pub(super) fn has(row: &Row, place: usize) -> bool {
    row.0
        .get(place / WORD)
        .is_some_and(|word| word >> (place % WORD) & 1 == 1)
}

fn set(row: &mut Row, place: usize) {
    if let Some(word) = row.0.get_mut(place / WORD) {
        *word |= 1 << (place % WORD);
    }
}

fn clear(row: &mut Row, place: usize) {
    if let Some(word) = row.0.get_mut(place / WORD) {
        *word &= !(1 << (place % WORD));
    }
}

fn toggle(row: &mut Row, place: usize) {
    if let Some(word) = row.0.get_mut(place / WORD) {
        *word ^= 1 << (place % WORD);
    }
}

fn join(row: &mut Row, other: &Row) {
    *row = Row(from_fn(|word| row.0[word] | other.0[word]));
}

fn both(row: &Row, other: &Row) -> Row {
    Row(from_fn(|word| row.0[word] & other.0[word]))
}

fn is_empty(row: &Row) -> bool {
    row.0.iter().fold(0, |all, word| all | word) == 0
}
