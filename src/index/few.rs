//! The alternatives of a small block: a word of bits for each class of each variable.
//!
//! After [`super::layout`]. From the value of a slot to the word of its class is a step, so that a case goes through
//! the columns once and nothing is noted on the way.

use super::asked::Asked;
use super::classes::{Classes, Elements};
use super::entry::Entry;
use super::layout::{ColumnLayout, Layout, SetLayout, UNKNOWN};
use super::ranges::MISSING;
use super::row::{Narrow, Row};
use super::variable::Variable;
use super::view::View;
use std::collections::BTreeMap;

/// At most 64 alternatives, side by side.
#[derive(Clone, Debug)]
pub(super) struct Few {
    all: u64,
    asked: Asked,
    /// In the order in which variables are asked.
    columns: Box<[Column]>,
    sets: Box<[SetColumn]>,
}

/// What alternatives ask of one variable.
#[derive(Clone, Debug)]
struct Column {
    /// Those that are unknown when the value is missing.
    unknown: u64,
    words: Classes<u64>,
}

/// What alternatives ask of the elements of one set.
#[derive(Clone, Debug)]
struct SetColumn {
    /// The place of its variable among the sets that the block asks.
    asked: usize,
    open: u64,
    asking: u64,
    held: Elements<u64>,
    refused: Elements<u64>,
}

impl Few {
    /// How many alternatives there may be.
    pub(super) const MOST: usize = Narrow::SIZE;

    /// Lays out at most [`Few::MOST`] alternatives.
    pub(super) fn new(entries: &[Entry], variables: &[Variable]) -> Few {
        let asked = Asked::new(entries, variables);
        let Layout {
            all,
            mut columns,
            sets,
        } = Layout::<Narrow>::new(entries);
        columns.sort_unstable_by_key(|column| asked.variable(column.variable));
        Few {
            all: all.word(),
            columns: columns.iter().map(Column::new).collect(),
            sets: sets.iter().map(|set| SetColumn::new(set, &asked)).collect(),
            asked,
        }
    }

    /// The alternatives that a case does not rule out, and which of them are not certain.
    #[inline]
    pub(super) fn look_up(&self, variables: &[Variable], view: &impl View) -> (u64, u64) {
        let (mut alive, mut unknown) = (self.all, 0);
        self.asked.classes(variables, view, |place, class| {
            if let Some(column) = self.columns.get(place) {
                alive &= column.words.of(class).unwrap_or(0);
                if class == MISSING {
                    unknown |= column.unknown;
                }
            }
        });
        if alive != 0 {
            for column in &self.sets {
                let (mut held, mut refused) = (column.open, 0);
                let is_there = self
                    .asked
                    .elements(column.asked, variables, view, |element| {
                        held |= column.held.of(element).unwrap_or(0);
                        refused |= column.refused.of(element).unwrap_or(0);
                    });
                match is_there {
                    true => alive &= held & !refused,
                    false => unknown |= column.asking,
                }
            }
        }
        (alive, unknown)
    }
}

impl Column {
    fn new(layout: &ColumnLayout<Narrow>) -> Column {
        let word = |row: u32| layout.rows.get(row as usize).map_or(0, |row| row.word());
        let starts = layout.starts.iter();
        let starts: Vec<(u32, u64)> = starts.map(|(start, row)| (*start, word(*row))).collect();
        Column {
            unknown: layout.rows.get(UNKNOWN).map_or(0, |row| row.word()),
            words: Classes::new(&starts),
        }
    }
}

impl SetColumn {
    fn new(layout: &SetLayout<Narrow>, asked: &Asked) -> SetColumn {
        let elements = |rows: &BTreeMap<u32, Narrow>| {
            let words = rows.iter().map(|(element, row)| (*element, row.word()));
            Elements::new(&words.collect::<Vec<_>>(), 0)
        };
        SetColumn {
            asked: asked.set(layout.variable) as usize,
            open: layout.open.word(),
            asking: layout.asking.word(),
            held: elements(&layout.held),
            refused: elements(&layout.refused),
        }
    }
}
