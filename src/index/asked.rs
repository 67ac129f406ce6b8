//! What a block asks of a case beside the values of its slots: classifications, role, the instant decided for …
//!
//! Between [`super::entry`] and [`super::few`] or [`super::many`], which count what they ask from 0: the variables of the
//! policy, whose numbers [`super::fields`] finds for slots, and behind them those that are asked here.

use super::entry::Entry;
use super::ranges::MISSING;
use super::variable::{Source, Variable};
use super::view::{Numbers, View};
use crate::value::Known;
use smallvec::SmallVec;

/// What alternatives of a block ask that is no slot.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// How many variables the policy has.
    all: u32,
    /// Variables of which a class is asked, ascending.
    variables: Box<[u32]>,
    /// Those of which elements are asked, ascending.
    sets: Box<[u32]>,
}

/// What a case answers.
pub(super) struct Answers<'v> {
    /// What is known of slots.
    known: &'v Known,
    /// The classes in it, which are asked most.
    slots: &'v [u32],
    all: usize,
    others: Option<&'v Others>,
}

/// What a case answers beside its slots.
pub(super) struct Others {
    classes: SmallVec<[u32; 8]>,
    sets: SmallVec<[Option<Numbers>; 1]>,
}

impl Asked {
    pub(super) fn new(entries: &[Entry], variables: &[Variable]) -> Asked {
        let tests = entries.iter().flat_map(|entry| &entry.tests);
        let sets = entries.iter().flat_map(|entry| &entry.sets);
        let others = |variable: &u32| {
            let of = variables.get(*variable as usize);
            of.is_some_and(|of| !matches!(of.source, Source::Field(_)))
        };
        Asked {
            all: super::shape::place(variables.len()),
            variables: once(tests.map(|(variable, _)| *variable).filter(others)),
            sets: once(sets.map(|test| test.variable).filter(others)),
        }
    }

    /// The place of a variable among the classes that are asked.
    pub(super) fn variable(&self, variable: u32) -> u32 {
        self.place(&self.variables, variable)
    }

    /// The place of a variable among the sets that are asked.
    pub(super) fn set(&self, variable: u32) -> u32 {
        self.place(&self.sets, variable)
    }

    fn place(&self, others: &[u32], variable: u32) -> u32 {
        match others.binary_search(&variable) {
            Ok(place) => self.all + super::shape::place(place),
            Err(_) => variable,
        }
    }

    /// Whether the variable at a place is a slot.
    pub(super) fn is_slot(&self, place: u32) -> bool {
        place < self.all
    }

    /// Asks a case what else than its slots the block asks, if anything.
    #[inline]
    pub(super) fn others(&self, variables: &[Variable], view: &impl View) -> Option<Others> {
        if self.variables.is_empty() && self.sets.is_empty() {
            return None;
        }
        let of = |place: &u32| variables.get(*place as usize);
        let class = |place| of(place).map_or(MISSING, |variable| view.class(variable));
        Some(Others {
            classes: self.variables.iter().map(class).collect(),
            sets: self
                .sets
                .iter()
                .map(|place| view.elements(of(place)?))
                .collect(),
        })
    }

    /// What a case answers, with what it was asked beside its slots.
    #[inline]
    pub(super) fn answers<'v>(
        &self,
        view: &'v impl View,
        others: Option<&'v Others>,
    ) -> Answers<'v> {
        let known = view.known();
        Answers {
            known,
            slots: &known.classes,
            all: self.all as usize,
            others,
        }
    }
}

impl Answers<'_> {
    /// The classes of slots, by the number of the variable; behind the last of them values are missing.
    #[inline(always)]
    pub(super) fn slots(&self) -> &[u32] {
        self.slots
    }

    /// The class of a slot, by the number of its variable.
    #[inline(always)]
    fn slot(&self, variable: u32) -> u32 {
        let class = self.slots.get(variable as usize);
        class.copied().unwrap_or(MISSING)
    }

    /// The class of what is asked at a place.
    #[inline(always)]
    pub(super) fn class(&self, asked: u32) -> u32 {
        match (asked as usize).checked_sub(self.all) {
            None => self.slot(asked),
            Some(other) => {
                let class = self.others.and_then(|others| others.classes.get(other));
                class.copied().unwrap_or(MISSING)
            }
        }
    }

    /// The elements of the set that is asked at a place, as far as conditions ask for them; none where there is no set.
    #[inline(always)]
    pub(super) fn elements(&self, asked: u32) -> Option<&[u32]> {
        match (asked as usize).checked_sub(self.all) {
            None => self.known.elements(asked as usize),
            Some(other) => self.others?.sets.get(other)?.as_deref(),
        }
    }
}

fn once(variables: impl Iterator<Item = u32>) -> Box<[u32]> {
    let mut variables: Vec<u32> = variables.collect();
    variables.sort_unstable();
    variables.dedup();
    variables.into()
}
