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
struct SlotColumn {
    variable: u32,
    /// Where its cells start.
    first: u32,
    /// The class of its last cell, which is that of all greater ones, too.
    last: u32,
    unknown: u64,
}

/// Any other column.
#[derive(Clone, Debug)]
struct OtherColumn {
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

    /// What slots of these classes leave of a word, and what is unknown because they have no value.
    // In a function of its own all of it stays in registers.
    #[inline(never)]
    pub(super) fn keep(&self, word: u64, slots: &[u32]) -> (u64, u64) {
        let (mut left, mut unknown) = (word, 0);
        for column in &self.slots {
            let class = slots.get(column.variable as usize);
            let class = class.copied().unwrap_or(MISSING);
            if class == MISSING {
                unknown |= column.unknown;
            }
            let cell = column.first + class.min(column.last);
            left &= self.cells.get(cell as usize).copied().unwrap_or(0);
        }
        (left, unknown)
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
