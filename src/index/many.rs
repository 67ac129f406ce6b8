//! Many alternatives side by side, one bit each, in chunks: which of them may be true of a case.
//!
//! After [`super::layout`]. What a case answers to a column is found once for all chunks; then each chunk takes one
//! row of every column that its alternatives ask, and what is set in all of these rows is left.

use super::asked::{Answers, Asked};
use super::cells::{ALL, Cells, Group, NOTHING};
use super::classes::{Classes, table};
use super::entry::Entry;
use super::layout::{Layout, UNKNOWN};
use super::ranges::MISSING;
use super::row::{Row, Wide, places_in};
use super::set_column::{self, FarSet, Groups, NearSet};
use super::shape::place;
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// More alternatives than [`super::few`] takes.
#[derive(Clone, Debug)]
pub(super) struct Many {
    chunks: Vec<Chunk>,
    /// Columns of slots.
    slots: Vec<NearColumn>,
    /// Other columns.
    others: Vec<NearColumn>,
    sets: Vec<NearSet>,
    cells: Cells,
}

/// Alternatives side by side.
#[derive(Clone, Debug)]
struct Chunk {
    /// The first is that of all alternatives, the second that of none.
    rows: Vec<Wide>,
    far_columns: Vec<FarColumn>,
    far_sets: Vec<FarSet>,
}

/// What alternatives ask of a variable: every class has a group of cells.
#[derive(Clone, Debug)]
struct NearColumn {
    /// The place of its variable among those that the block asks.
    asked: u32,
    /// The group of the first class; before it stands that of those which are unknown when the value is missing.
    first: Group,
    /// The last class with a group, which is that of all greater ones, too.
    last: u32,
}

/// What the alternatives of a chunk ask of a variable that has far more classes than they tell apart.
#[derive(Clone, Debug)]
struct FarColumn {
    /// The place of its variable among those that the block asks.
    asked: u32,
    /// The row of those that are unknown when the value is missing.
    unknown: u32,
    /// For each class a row.
    rows: Classes<u32>,
}

/// What a case takes of everything near.
struct Taken<'t> {
    columns: &'t mut [Group],
    /// Of columns of sets those groups that all have to have a bit.
    all: Groups,
    /// Of each column of a set how many groups there are of which one has to have a bit.
    counts: SmallVec<[usize; 4]>,
    /// Those groups of all of them.
    one: Groups,
    /// What is unknown because a value is missing.
    unknown: Groups,
}

/// A column of one chunk before it is laid down.
struct Written {
    chunk: u32,
    /// From which class on which row is taken, ascending from 0.
    starts: Vec<(u32, u32)>,
    /// The row of those that are unknown when the value is missing.
    unknown: u32,
}

/// What is near has at most so many cells for each of its rows; where more would be needed it is far.
const CELLS: usize = 16;

impl Many {
    /// How many alternatives stand side by side.
    const WIDTH: usize = Wide::SIZE;

    /// Lays out the alternatives of a block that asks these variables.
    pub(super) fn new(entries: &[Entry], asked: &Asked) -> Many {
        let mut many = Many {
            chunks: Vec::new(),
            slots: Vec::new(),
            others: Vec::new(),
            sets: Vec::new(),
            cells: Cells::new(entries.len().div_ceil(Many::WIDTH)),
        };
        let mut columns: BTreeMap<u32, Vec<Written>> = BTreeMap::new();
        // A chunk may have several columns of one set.
        let mut sets: BTreeMap<(u32, usize), Vec<set_column::Written>> = BTreeMap::new();
        for (chunk, entries) in (0u32..).zip(entries.chunks(Many::WIDTH)) {
            let layout: Layout<Wide> = Layout::new(entries);
            let mut rows = vec![layout.all, Wide::NOTHING];
            for column in layout.columns {
                let first = place(rows.len());
                rows.extend(column.rows);
                let starts = column.starts.iter();
                let written = Written {
                    chunk,
                    starts: starts.map(|(start, row)| (*start, first + row)).collect(),
                    unknown: first + place(UNKNOWN),
                };
                let asked = asked.variable(column.variable);
                columns.entry(asked).or_default().push(written);
            }
            let mut turns: BTreeMap<u32, usize> = BTreeMap::new();
            for set in layout.sets {
                let turn = turns.entry(set.variable).or_default();
                let of = sets.entry((set.variable, *turn)).or_default();
                *turn += 1;
                of.push(set_column::Written::new(chunk, set, &mut rows));
            }
            rows.shrink_to_fit();
            many.chunks.push(Chunk {
                rows,
                far_columns: Vec::new(),
                far_sets: Vec::new(),
            });
        }
        for (place, of) in columns {
            many.add_column(place, asked.is_slot(place), of);
        }
        for ((variable, _), of) in sets {
            many.add_set(asked.set(variable), of);
        }
        many.cells.shrink();
        many
    }

    fn add_column(&mut self, asked: u32, is_slot: bool, of: Vec<Written>) {
        let starts = of.iter().map(|written| written.starts.len());
        let lasts = of.iter().filter_map(|written| written.starts.last());
        let last = lasts.map(|(start, _)| *start).max().unwrap_or(0);
        let needed = (last as usize + 1).saturating_mul(self.chunks.len());
        if needed > starts.sum::<usize>().saturating_mul(CELLS) {
            for written in of {
                let column = FarColumn {
                    asked,
                    unknown: written.unknown,
                    rows: Classes::new(&written.starts),
                };
                self.chunk(written.chunk, |chunk| chunk.far_columns.push(column));
            }
            return;
        }
        let unknown = of.iter().map(|written| (written.chunk, written.unknown));
        self.cells.group(unknown, NOTHING);
        let first = self.cells.next();
        let tables = of
            .iter()
            .map(|written| (written.chunk, table(&written.starts)));
        let tables: Vec<(u32, Vec<u32>)> = tables.collect();
        for class in 0..=last {
            let rows = tables.iter().filter_map(|(chunk, table)| {
                let row = table.get(class as usize).or(table.last())?;
                Some((*chunk, *row))
            });
            self.cells.group(rows, ALL);
        }
        let column = NearColumn { asked, first, last };
        match is_slot {
            true => self.slots.push(column),
            false => self.others.push(column),
        }
    }

    fn add_set(&mut self, asked: u32, of: Vec<set_column::Written>) {
        match NearSet::new(asked, &of, CELLS, &mut self.cells) {
            Some(near) => self.sets.push(near),
            None => {
                for written in of {
                    let far = FarSet::new(asked, &written);
                    self.chunk(written.chunk, |chunk| chunk.far_sets.push(far));
                }
            }
        }
    }

    fn chunk(&mut self, number: u32, change: impl FnOnce(&mut Chunk)) {
        if let Some(chunk) = self.chunks.get_mut(number as usize) {
            change(chunk);
        }
    }

    /// Hands out the places of alternatives that what a case answers does not rule out, ascending, and whether they
    /// are not certain, until one is enough.
    #[inline]
    pub(super) fn walk(
        &self,
        answers: &Answers<'_>,
        mut each: impl FnMut(usize, bool) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut few = [Group::default(); 24];
        let mut more = Vec::new();
        let count = self.slots.len() + self.others.len();
        let columns = match few.get_mut(..count) {
            Some(few) => few,
            None => {
                more.resize(count, Group::default());
                &mut more
            }
        };
        let mut taken = Taken {
            columns,
            all: Groups::new(),
            counts: SmallVec::new(),
            one: Groups::new(),
            unknown: Groups::new(),
        };
        self.take(answers, &mut taken);
        // Nearly always there is one set at most, and nothing more to keep.
        let (one, has_more) = taken.first_set();
        let every = [self.cells.every()];
        let one = one.unwrap_or(&every);
        let mut first = 0;
        for (number, chunk) in (0u32..).zip(&self.chunks) {
            let mut alive = self.cells.left(one, taken.columns, number, &chunk.rows);
            if has_more || chunk.has_far() {
                self.keep_more(&mut alive, number, chunk, &taken, answers);
            }
            for four in alive.fours() {
                for (place, word) in alive.filled(four) {
                    for bit in places_in(word) {
                        let place = place + bit;
                        let unknown = self.is_unknown(number, chunk, &taken, answers, place);
                        each(first + place, unknown)?;
                    }
                }
            }
            first += Many::WIDTH;
        }
        ControlFlow::Continue(())
    }

    /// Finds what a case takes.
    #[inline(always)]
    fn take(&self, answers: &Answers<'_>, taken: &mut Taken<'_>) {
        let columns = taken.columns.split_at_mut_checked(self.slots.len());
        let (slots, others) = columns.unwrap_or_default();
        let unknown = &mut taken.unknown;
        let mut missing = |column: &NearColumn| unknown.push(self.cells.before(column.first));
        if take_slots(&self.slots, answers.slots(), &self.cells, slots) {
            let columns = self.slots.iter();
            let without = columns.filter(|column| answers.class(column.asked) == MISSING);
            without.for_each(&mut missing);
        }
        for (column, group) in self.others.iter().zip(others) {
            let class = answers.class(column.asked);
            *group = self.cells.behind(column.first, class.min(column.last));
            if class == MISSING {
                missing(column);
            }
        }
        for set in &self.sets {
            match answers.elements(set.asked) {
                Some(elements) => {
                    let before = taken.one.len();
                    set.take(elements, &self.cells, &mut taken.one, &mut taken.all);
                    taken.counts.push(taken.one.len() - before);
                }
                None => taken.unknown.push(set.asking),
            }
        }
    }

    /// Keeps of a row what other sets than the first, elements that are not allowed, and what is far do not rule out.
    #[inline(never)]
    fn keep_more(
        &self,
        alive: &mut Wide,
        number: u32,
        chunk: &Chunk,
        taken: &Taken<'_>,
        answers: &Answers<'_>,
    ) {
        let mut one = &*taken.one;
        let mut keep = |one: &[Group], all: &[Group]| {
            alive.keep(&self.cells.left(one, all, number, &chunk.rows));
        };
        for (set, count) in taken.counts.iter().enumerate() {
            let (of_set, behind) = one.split_at_checked(*count).unwrap_or_default();
            if set > 0 {
                keep(of_set, &[]);
            }
            one = behind;
        }
        keep(&[self.cells.every()], &taken.all);
        chunk.keep_far(alive, answers);
    }

    /// Whether an alternative of a chunk is not certain.
    #[inline]
    fn is_unknown(
        &self,
        number: u32,
        chunk: &Chunk,
        taken: &Taken<'_>,
        answers: &Answers<'_>,
        place: usize,
    ) -> bool {
        let mut near = taken.unknown.iter();
        near.any(|group| {
            let row = self.cells.of(*group, number);
            row.is_some_and(|row| chunk.has(row, place))
        }) || (chunk.has_far() && chunk.is_far_unknown(answers, place))
    }
}

/// Finds the group that slots of these classes take of each column; whether one of them has no value.
// In a function of its own all of it stays in registers.
#[inline(never)]
fn take_slots(columns: &[NearColumn], slots: &[u32], cells: &Cells, groups: &mut [Group]) -> bool {
    let mut missing = false;
    for (column, group) in columns.iter().zip(groups) {
        let class = slots.get(column.asked as usize);
        let class = class.copied().unwrap_or(MISSING);
        missing |= class == MISSING;
        *group = cells.behind(column.first, class.min(column.last));
    }
    missing
}

impl Taken<'_> {
    /// The groups of the first set of which one has to have a bit, and whether there is more to keep than these and
    /// the columns.
    #[inline(always)]
    fn first_set(&self) -> (Option<&[Group]>, bool) {
        let first = self.counts.first().and_then(|count| self.one.get(..*count));
        (first, self.counts.len() > 1 || !self.all.is_empty())
    }
}

impl Chunk {
    fn has_far(&self) -> bool {
        !self.far_columns.is_empty() || !self.far_sets.is_empty()
    }

    #[inline(always)]
    fn row(&self, row: u32) -> Option<&Wide> {
        self.rows.get(row as usize)
    }

    /// Whether a row has a bit.
    fn has(&self, row: u32, bit: usize) -> bool {
        self.row(row).is_some_and(|row| row.has(bit))
    }

    /// Keeps of a row what far columns do not rule out; all that they name is there.
    #[inline(never)]
    fn keep_far(&self, row: &mut Wide, answers: &Answers<'_>) {
        for column in &self.far_columns {
            let class = answers.class(column.asked);
            let of = column.rows.of(class).and_then(|place| self.row(place));
            row.keep(of.unwrap_or(&Wide::NOTHING));
        }
        for set in &self.far_sets {
            if let Some(elements) = answers.elements(set.asked) {
                set.keep(row, elements, &self.rows);
            }
        }
    }

    /// Whether an alternative is not certain because what a far column asks is missing.
    #[inline(never)]
    fn is_far_unknown(&self, answers: &Answers<'_>, place: usize) -> bool {
        let columns = self.far_columns.iter();
        let columns = columns.filter(|column| answers.class(column.asked) == MISSING);
        let sets = self.far_sets.iter();
        let sets = sets.filter(|set| answers.elements(set.asked).is_none());
        let rows = columns.map(|column| column.unknown);
        let mut rows = rows.chain(sets.map(|set| set.asking));
        rows.any(|row| self.has(row, place))
    }
}
