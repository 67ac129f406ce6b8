//! What the alternatives of many chunks ask of the elements of one set.
//!
//! Under [`super::many`].

use super::cells::{ALL, Cells, Group, NOTHING};
use super::classes::Elements;
use super::layout::SetLayout;
use super::row::{Row, Wide};
use super::shape::place;
use smallvec::SmallVec;

/// What alternatives ask of the elements of one set: every element has a group of cells.
#[derive(Clone, Debug)]
pub(super) struct NearSet {
    /// The place of its variable among the sets that the block asks.
    pub(super) asked: u32,
    /// Those that ask nothing of it, or that it holds none of some elements.
    open: Group,
    /// Those that ask it for anything.
    pub(super) asking: Group,
    /// Those that ask for an element.
    held: ElementGroups,
    /// Those that do not ask for the absence of an element.
    allowed: ElementGroups,
}

/// By element a group of cells.
#[derive(Clone, Copy, Debug)]
struct ElementGroups {
    first: Group,
    /// How many elements have one.
    count: u32,
}

/// What the alternatives of a chunk ask of a set of which others are asked for far more elements.
#[derive(Clone, Debug)]
pub(super) struct FarSet {
    /// The place of its variable among the sets that the block asks.
    pub(super) asked: u32,
    open: u32,
    /// The row of those that ask it for anything.
    pub(super) asking: u32,
    held: Elements<u32>,
    allowed: Elements<u32>,
}

/// The column of one chunk before it is laid down, as places of rows.
pub(super) struct Written {
    pub(super) chunk: u32,
    open: u32,
    asking: u32,
    /// By element, ascending.
    held: Vec<(u32, u32)>,
    allowed: Vec<(u32, u32)>,
}

/// Groups of cells of which a chunk takes rows.
pub(super) type Groups = SmallVec<[Group; 8]>;

impl Written {
    /// The column of a chunk, with its rows among the others of the chunk.
    pub(super) fn new(chunk: u32, set: SetLayout<Wide>, rows: &mut Vec<Wide>) -> Written {
        let mut add = |row: Wide| {
            rows.push(row);
            place(rows.len() - 1)
        };
        let (held, refused) = (set.held.into_iter(), set.refused.into_iter());
        Written {
            chunk,
            open: add(set.open),
            asking: add(set.asking),
            held: held.map(|(element, row)| (element, add(row))).collect(),
            allowed: refused
                .map(|(element, row)| (element, add(row.inverted())))
                .collect(),
        }
    }
}

impl NearSet {
    /// Of the columns of chunks; none when there would be more than so many cells for each row.
    pub(super) fn new(
        asked: u32,
        of: &[Written],
        most: usize,
        cells: &mut Cells,
    ) -> Option<NearSet> {
        let held = of.iter().map(|of| (of.chunk, &*of.held));
        let allowed = of.iter().map(|of| (of.chunk, &*of.allowed));
        let held: Vec<(u32, &[(u32, u32)])> = held.collect();
        let allowed: Vec<(u32, &[(u32, u32)])> = allowed.collect();
        let needed = count(&held) as usize + count(&allowed) as usize;
        let rows = held.iter().chain(&allowed).map(|(_, rows)| 1 + rows.len());
        if needed.saturating_mul(cells.chunks()) > rows.sum::<usize>().saturating_mul(most) {
            return None;
        }
        Some(NearSet {
            asked,
            open: cells.group(of.iter().map(|of| (of.chunk, of.open)), ALL),
            asking: cells.group(of.iter().map(|of| (of.chunk, of.asking)), NOTHING),
            held: ElementGroups::new(&held, NOTHING, cells),
            allowed: ElementGroups::new(&allowed, ALL, cells),
        })
    }

    /// Adds the groups of a set with these elements: those of which one has to have a bit, and those that all have
    /// to.
    #[inline]
    pub(super) fn take(&self, elements: &[u32], cells: &Cells, one: &mut Groups, all: &mut Groups) {
        one.push(self.open);
        self.held.take(elements, cells, one);
        self.allowed.take(elements, cells, all);
    }
}

/// How many elements there are up to the last.
fn count(of: &[(u32, &[(u32, u32)])]) -> u32 {
    let lasts = of.iter().filter_map(|(_, rows)| rows.last());
    lasts.map(|(element, _)| element + 1).max().unwrap_or(0)
}

impl ElementGroups {
    fn new(of: &[(u32, &[(u32, u32)])], other: u32, cells: &mut Cells) -> ElementGroups {
        let count = count(of);
        let first = cells.next();
        let mut left = of.to_vec();
        for element in 0..count {
            let rows = left.iter_mut().filter_map(|(chunk, rows)| {
                let ((_, row), behind) =
                    rows.split_first().filter(|((of, _), _)| *of == element)?;
                *rows = behind;
                Some((*chunk, *row))
            });
            cells.group(rows, other);
        }
        ElementGroups { first, count }
    }

    #[inline]
    fn take(&self, elements: &[u32], cells: &Cells, groups: &mut Groups) {
        let known = elements.iter().filter(|element| **element < self.count);
        for element in known {
            groups.push(cells.behind(self.first, *element));
        }
    }
}

impl FarSet {
    /// Of the column of a chunk.
    pub(super) fn new(asked: u32, of: &Written) -> FarSet {
        FarSet {
            asked,
            open: of.open,
            asking: of.asking,
            held: Elements::new(&of.held, NOTHING),
            allowed: Elements::new(&of.allowed, ALL),
        }
    }

    /// Keeps of a row what a set with these elements does not rule out, in a chunk with these rows, which has all that
    /// are named.
    pub(super) fn keep(&self, row: &mut Wide, elements: &[u32], rows: &[Wide]) -> Option<()> {
        let mut one = *rows.get(self.open as usize)?;
        for element in elements {
            if let Some(held) = self.held.of(*element) {
                one.join(rows.get(held as usize)?);
            }
            if let Some(allowed) = self.allowed.of(*element) {
                row.keep(rows.get(allowed as usize)?);
            }
        }
        row.keep(&one);
        Some(())
    }
}
