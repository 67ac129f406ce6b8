//! Many alternatives side by side, one bit each: which of them may be true of a case.
//!
//! After [`super::layout`]. A case takes one row of each column, and what is set in all of them is left.

use super::asked::{Answers, Asked};
use super::classes::Elements;
use super::columns::{Columns, Written};
use super::entry::Entry;
use super::layout::{Layout, SetLayout, UNKNOWN};
use super::row::{JOINED, Row, Wide};
use super::shape::place;
use std::collections::BTreeMap;

/// Alternatives side by side.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    all: Wide,
    /// For each class the place of the row of those that it does not rule out.
    columns: Columns<u32>,
    /// The rows of all columns.
    rows: Box<[Wide]>,
    sets: Box<[SetColumn]>,
}

/// What alternatives ask of the elements of one set.
#[derive(Clone, Debug)]
struct SetColumn {
    /// The place of its variable among the sets that the block asks.
    asked: u32,
    open: Wide,
    asking: Wide,
    held: ElementRows,
    refused: ElementRows,
}

/// Rows of the elements of a set.
#[derive(Clone, Debug)]
struct ElementRows {
    /// By element the place of a row.
    elements: Elements<u32>,
    rows: Box<[Wide]>,
}

/// What stands for an element without a row.
const NONE: u32 = u32::MAX;

impl Chunk {
    /// How many alternatives there may be.
    pub(super) const MOST: usize = Wide::SIZE;

    /// Lays out at most [`Chunk::MOST`] alternatives of a block that asks these variables.
    pub(super) fn new(entries: &[Entry], asked: &Asked) -> Chunk {
        let layout: Layout<Wide> = Layout::new(entries);
        let mut rows = Vec::new();
        let columns = layout.columns.iter().map(|column| {
            let first = rows.len();
            rows.extend_from_slice(&column.rows);
            let starts = column.starts.iter();
            let starts: Vec<(u32, u32)> = starts
                .map(|(start, row)| (*start, place(first + *row as usize)))
                .collect();
            Written {
                variable: column.variable,
                starts,
                unknown: place(first + UNKNOWN),
            }
        });
        let columns = Columns::new(columns, asked);
        let sets = layout.sets.into_iter();
        Chunk {
            all: layout.all,
            columns,
            rows: rows.into(),
            sets: sets.map(|set| SetColumn::new(set, asked)).collect(),
        }
    }

    /// The alternatives that what a case answers does not rule out, and which of them are not certain.
    #[inline]
    pub(super) fn look_up(&self, answers: &Answers<'_>) -> Option<(Wide, Option<Wide>)> {
        let mut alive = self.all;
        let mut unknown: Option<Wide> = None;
        let mut join = |row: &Wide| unknown.get_or_insert(Wide::NOTHING).join(row);
        for columns in self.columns.slots().chunks(JOINED) {
            let mut rows = [&self.all; JOINED];
            for (row, column) in rows.iter_mut().zip(columns) {
                let (taken, missing) = self.columns.cell(column, answers)?;
                *row = self.rows.get(taken as usize)?;
                if let Some(missing) = missing {
                    join(self.rows.get(missing as usize)?);
                }
            }
            if !alive.keep_all(rows) {
                return None;
            }
        }
        for cell in self.columns.others(answers) {
            let (taken, missing) = cell?;
            if let Some(missing) = missing {
                join(self.rows.get(missing as usize)?);
            }
            if !alive.keep(self.rows.get(taken as usize)?) {
                return None;
            }
        }
        for column in &self.sets {
            match answers.elements(column.asked) {
                Some(elements) => {
                    if !alive.keep(&column.row(elements)) {
                        return None;
                    }
                }
                None => join(&column.asking),
            }
        }
        Some((alive, unknown))
    }
}

impl ElementRows {
    fn new(rows: BTreeMap<u32, Wide>) -> ElementRows {
        let elements: Vec<(u32, u32)> = rows.keys().copied().zip(0u32..).collect();
        ElementRows {
            elements: Elements::new(&elements, NONE),
            rows: rows.into_values().collect(),
        }
    }

    /// Joins the row of an element to another, if it has one.
    #[inline]
    fn join(&self, row: &mut Wide, element: u32) {
        let place = self.elements.of(element).unwrap_or(NONE);
        if let Some(of) = self.rows.get(place as usize) {
            row.join(of);
        }
    }
}

impl SetColumn {
    fn new(layout: SetLayout<Wide>, asked: &Asked) -> SetColumn {
        SetColumn {
            asked: asked.set(layout.variable),
            open: layout.open,
            asking: layout.asking,
            held: ElementRows::new(layout.held),
            refused: ElementRows::new(layout.refused),
        }
    }

    /// The alternatives that a set with these elements does not rule out.
    #[inline]
    fn row(&self, elements: &[u32]) -> Wide {
        let mut row = self.open;
        for element in elements {
            self.held.join(&mut row, *element);
        }
        if !self.refused.rows.is_empty() {
            let mut gone = Wide::NOTHING;
            for element in elements {
                self.refused.join(&mut gone, *element);
            }
            row.remove(&gone);
        }
        row
    }
}
