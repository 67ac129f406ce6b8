//! The alternatives of a small block: a word of bits for each class of each variable.
//!
//! After [`super::layout`].

use super::asked::{Answers, Asked};
use super::classes::Elements;
use super::columns::{Columns, Written};
use super::entry::Entry;
use super::layout::{ColumnLayout, Layout, SetLayout, UNKNOWN};
use super::row::{Narrow, Row};
use std::collections::BTreeMap;

/// At most 64 alternatives, side by side.
#[derive(Clone, Debug)]
pub(super) struct Few {
    all: u64,
    /// For each class those that it does not rule out.
    columns: Columns,
    sets: Box<[SetColumn]>,
}

/// What alternatives ask of the elements of one set.
#[derive(Clone, Debug)]
struct SetColumn {
    /// The place of its variable among the sets that the block asks.
    asked: u32,
    open: u64,
    asking: u64,
    held: Elements<u64>,
    refused: Elements<u64>,
}

impl Few {
    /// How many alternatives there may be.
    pub(super) const MOST: usize = Narrow::SIZE;

    /// Lays out at most [`Few::MOST`] alternatives of a block that asks this.
    pub(super) fn new(entries: &[Entry], asked: &Asked) -> Few {
        let Layout { all, columns, sets } = Layout::<Narrow>::new(entries);
        Few {
            all: all.word(),
            columns: Columns::new(columns.iter().map(written), asked),
            sets: sets.iter().map(|set| SetColumn::new(set, asked)).collect(),
        }
    }

    /// The alternatives that what a case answers does not rule out, and which of them are not certain.
    #[inline(always)]
    pub(super) fn look_up(&self, answers: &Answers<'_>) -> (u64, u64) {
        let (mut alive, mut unknown) = self.columns.keep(self.all, answers.slots());
        for cell in self.columns.others(answers) {
            let (word, gone) = cell.unwrap_or_default();
            alive &= word;
            unknown |= gone.unwrap_or(0);
        }
        if alive == 0 {
            return (0, 0);
        }
        for column in &self.sets {
            let Some(elements) = answers.elements(column.asked) else {
                unknown |= column.asking;
                continue;
            };
            let (mut held, mut refused) = (column.open, 0);
            for element in elements {
                held |= column.held.of(*element).unwrap_or(0);
                refused |= column.refused.of(*element).unwrap_or(0);
            }
            alive &= held & !refused;
        }
        (alive, unknown)
    }
}

fn written(layout: &ColumnLayout<Narrow>) -> Written {
    let word = |row: usize| layout.rows.get(row).map_or(0, |row| row.word());
    let starts = layout.starts.iter();
    Written {
        variable: layout.variable,
        starts: starts
            .map(|(start, row)| (*start, word(*row as usize)))
            .collect(),
        unknown: word(UNKNOWN),
    }
}

impl SetColumn {
    fn new(layout: &SetLayout<Narrow>, asked: &Asked) -> SetColumn {
        let elements = |rows: &BTreeMap<u32, Narrow>| {
            let words = rows.iter().map(|(element, row)| (*element, row.word()));
            Elements::new(&words.collect::<Vec<_>>(), 0)
        };
        SetColumn {
            asked: asked.set(layout.variable),
            open: layout.open.word(),
            asking: layout.asking.word(),
            held: elements(&layout.held),
            refused: elements(&layout.refused),
        }
    }
}
