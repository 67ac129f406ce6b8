//! Groups of cells that say which row each chunk of a block takes.
//!
//! Under [`super::many`] and [`super::set_column`].

use super::row::{Row, Wide};
use super::shape::place;

/// Which rows the chunks of a block take, each its own.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// How many chunks there are, which is how many cells a group has.
    chunks: u32,
    /// Places of rows among those of the chunk.
    cells: Vec<u32>,
}

/// Where a group of cells starts, one for each chunk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group(u32);

/// The place of the row of all alternatives, which every chunk has.
pub(super) const ALL: u32 = 0;
/// The place of the row of none, which every chunk has.
pub(super) const NOTHING: u32 = 1;

impl Cells {
    pub(super) fn new(chunks: usize) -> Cells {
        Cells {
            chunks: place(chunks),
            cells: vec![ALL; chunks],
        }
    }

    /// The group that takes all alternatives.
    pub(super) fn every(&self) -> Group {
        Group(0)
    }

    /// How many chunks there are.
    pub(super) fn chunks(&self) -> usize {
        self.chunks as usize
    }

    /// The group that is added next.
    pub(super) fn next(&self) -> Group {
        Group(place(self.cells.len()))
    }

    /// Adds a group of cells: the rows of some chunks, ascending, and one for all others.
    pub(super) fn group(
        &mut self,
        some: impl IntoIterator<Item = (u32, u32)>,
        other: u32,
    ) -> Group {
        let first = self.cells.len();
        let end = first + self.chunks as usize;
        self.cells.resize(end, other);
        for (chunk, row) in some {
            if let Some(cell) = self.cells.get_mut(first + chunk as usize) {
                *cell = row;
            }
        }
        Group(place(first))
    }

    /// The group that is so many groups behind another.
    #[inline(always)]
    pub(super) fn behind(&self, group: Group, groups: u32) -> Group {
        let Group(first) = group;
        Group(first + groups * self.chunks)
    }

    /// The group before another.
    pub(super) fn before(&self, group: Group) -> Group {
        let Group(first) = group;
        Group(first.saturating_sub(self.chunks))
    }

    /// The place of the row that a chunk takes.
    #[inline]
    pub(super) fn of(&self, group: Group, chunk: u32) -> Option<u32> {
        let Group(first) = group;
        self.cells.get((first + chunk) as usize).copied()
    }

    /// What is set in one of some rows and in all of others that a chunk with these rows takes.
    #[inline]
    pub(super) fn left(&self, one: &[Group], all: &[Group], chunk: u32, rows: &[Wide]) -> Wide {
        left(rows, &self.cells, one, all, chunk)
    }

    /// Gives back memory that was asked for ahead.
    pub(super) fn shrink(&mut self) {
        self.cells.shrink_to_fit();
    }
}

// A row is as long as half of a processor's registers: it stays in them only in a function that does nothing else, and
// only as arguments are rows known to lie where the processor wants them.

#[inline(never)]
fn left(rows: &[Wide], cells: &[u32], one: &[Group], all: &[Group], chunk: u32) -> Wide {
    let mut left = Wide::NOTHING;
    taken(rows, cells, one, chunk).for_each(|row| left.join(row));
    taken(rows, cells, all, chunk).for_each(|row| left.keep(row));
    left
}

/// The rows that a chunk with these rows takes.
#[inline(always)]
fn taken<'r>(
    rows: &'r [Wide],
    cells: &[u32],
    groups: &[Group],
    chunk: u32,
) -> impl Iterator<Item = &'r Wide> {
    groups.iter().filter_map(move |Group(first)| {
        let place = cells.get((first + chunk) as usize)?;
        rows.get(*place as usize)
    })
}
