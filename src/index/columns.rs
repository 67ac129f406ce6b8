//! The columns of a small block: for each variable that it asks a word for each class.
//!
//! Under [`super::few`]. What the values of slots are is known by number before a block asks, so
//! that their columns are a step each; the others are asked one by one.

use super::asked::{Answers, Asked};
use super::classes::{Classes, TABLE};
use super::ranges::MISSING;

/// Columns, each with the words of the classes of its variable.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    slots: Box<[SlotColumn]>,
    /// The words of the classes of slots, one column after the other.
    cells: Box<[u64]>,
    others: Box<[OtherColumn]>,
}

/// The column of a slot whose classes are not too many for a table.
#[derive(Clone, Debug)]
pub(super) struct SlotColumn {
    variable: u32,
    /// Where its cells start.
    first: u32,
    /// The class of its last cell, which is that of all greater ones, too.
    last: u32,
    unknown: u64,
}

/// Any other column.
#[derive(Clone, Debug)]
pub(super) struct OtherColumn {
    /// The place of its variable among those that the block asks.
    asked: u32,
    unknown: u64,
    classes: Classes<u64>,
}

/// A column before it is laid down: its variable, the classes from which on something holds, ascending from 0, and what
/// is unknown when the value is missing.
pub(super) struct Written {
    pub(super) variable: u32,
    pub(super) starts: Vec<(u32, u64)>,
    pub(super) unknown: u64,
}

/// The word of a class, and that of what is unknown because there is no value.
pub(super) type Cell = (u64, Option<u64>);

impl Columns {
    pub(super) fn new(written: impl Iterator<Item = Written>, asked: &Asked) -> Columns {
        let (mut slots, mut cells, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for column in written {
            let place = asked.variable(column.variable);
            let last = column.starts.last().map_or(0, |(start, _)| *start);
            if asked.is_slot(place) && last < TABLE {
                slots.push(SlotColumn {
                    variable: column.variable,
                    first: super::shape::place(cells.len()),
                    last,
                    unknown: column.unknown,
                });
                cells.extend(super::classes::table(&column.starts));
            } else {
                others.push(OtherColumn {
                    asked: place,
                    unknown: column.unknown,
                    classes: Classes::new(&column.starts),
                });
            }
        }
        Columns {
            slots: slots.into(),
            cells: cells.into(),
            others: others.into(),
        }
    }

    /// The columns of slots.
    #[inline(always)]
    pub(super) fn slots(&self) -> &[SlotColumn] {
        &self.slots
    }

    /// What a case takes of a column of a slot.
    #[inline(always)]
    pub(super) fn cell(&self, column: &SlotColumn, answers: &Answers<'_>) -> Option<Cell> {
        let class = answers.slot(column.variable);
        let cell = column.first + class.min(column.last);
        let unknown = (class == MISSING).then_some(column.unknown);
        Some((*self.cells.get(cell as usize)?, unknown))
    }

    /// What a case takes of the other columns; every class has something.
    #[inline(always)]
    pub(super) fn others(&self, answers: &Answers<'_>) -> impl Iterator<Item = Option<Cell>> {
        self.others.iter().map(|column| {
            let class = answers.class(column.asked);
            let unknown = (class == MISSING).then_some(column.unknown);
            Some((column.classes.of(class)?, unknown))
        })
    }
}
