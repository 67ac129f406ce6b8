//! What a block asks of a case, each variable once.
//!
//! Between [`super::entry`] and [`super::chunk`]: chunks of a block count its variables from 0, so that what
//! is looked up for a case is a row of numbers.

use super::entry::Entry;
use super::ranges::MISSING;
use super::variable::{Source, Variable};
use super::view::{Numbers, View};
use smallvec::SmallVec;

/// The variables that alternatives of a block ask.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Those of which a class is asked, ascending.
    variables: Box<[u32]>,
    /// Those of which elements are asked, ascending.
    sets: Box<[u32]>,
}

/// What a case answers, in the order of what is asked.
pub(super) struct Answers {
    pub(super) classes: SmallVec<[u32; 24]>,
    pub(super) sets: SmallVec<[Option<Numbers>; 2]>,
}

impl Asked {
    pub(super) fn new(entries: &[Entry]) -> Asked {
        let tests = entries.iter().flat_map(|entry| &entry.tests);
        let sets = entries.iter().flat_map(|entry| &entry.sets);
        Asked {
            variables: once(tests.map(|(variable, _)| *variable).collect()),
            sets: once(sets.map(|test| test.variable).collect()),
        }
    }

    /// The place of a variable among those of which a class is asked.
    pub(super) fn variable(&self, variable: u32) -> u32 {
        place(&self.variables, variable)
    }

    /// The place of a variable among those of which elements are asked.
    pub(super) fn set(&self, variable: u32) -> u32 {
        place(&self.sets, variable)
    }

    /// Asks a case.
    pub(super) fn answers(&self, variables: &[Variable], view: &impl View) -> Answers {
        let mut classes = SmallVec::from_elem(MISSING, self.variables.len());
        for (class, place) in classes.iter_mut().zip(&self.variables) {
            if let Some(variable) = variables.get(*place as usize) {
                *class = match variable.source {
                    Source::Field(slot) => variable.class(view.slot(slot)),
                    _ => view.class(variable),
                };
            }
        }
        let mut sets = SmallVec::new();
        for place in &self.sets {
            let variable = variables.get(*place as usize);
            sets.push(variable.and_then(|variable| view.elements(variable)));
        }
        Answers { classes, sets }
    }
}

fn once(mut variables: Vec<u32>) -> Box<[u32]> {
    variables.sort_unstable();
    variables.dedup();
    variables.into()
}

fn place(known: &[u32], variable: u32) -> u32 {
    // All that alternatives ask were gathered.
    super::shape::place(known.binary_search(&variable).unwrap_or(usize::MAX))
}
