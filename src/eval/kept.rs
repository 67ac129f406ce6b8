//! What is worked out for a case while it is decided.
//!
//! Beside [`super::evaluator`], which fills it.

use super::calls::Calls;
use super::problem::Problems;
use super::truth::Truth;
use crate::compile::Program;
use crate::index::RuleIndex;
use crate::value::{Known, Value};
use std::cell::{Cell, OnceCell, RefCell};

/// What is worked out for a case, each once; the room for it serves one case after the other.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) defines: Vec<OnceCell<Option<Value>>>,
    /// Texts of slots in lower case.
    pub(super) folded: OnceCell<Vec<OnceCell<String>>>,
    /// Values of the classifications decided so far.
    pub(super) classifications: Vec<OnceCell<Option<Value>>>,
    /// What an index knows of slots that its policy did not read, or that changed since.
    known: OnceCell<Known>,
    /// Room for that.
    spare: Cell<Known>,
    /// What the searches of an index came to.
    pub(super) searches: Searches,
    pub(super) calls: RefCell<Calls>,
    /// How many steps scripts have taken for this decision, at all instants of its log.
    pub(super) script_steps: Cell<u64>,
    pub(super) problems: RefCell<Problems>,
}

/// What searches of the texts of a case came to, each once.
#[derive(Default)]
pub(super) struct Searches {
    /// The number of the case that these are known of.
    case: u32,
    /// By the number of a search the last case of which it is known, and what it came to.
    known: Vec<Cell<(u32, Truth)>>,
}

impl Searches {
    /// Goes on to another case, or to other values of the same.
    pub(super) fn forget(&mut self, count: usize) {
        const NEVER: (u32, Truth) = (0, Truth::Unknown);
        if self.known.len() != count || self.case == u32::MAX {
            self.known.clear();
            self.known.resize(count, Cell::new(NEVER));
            self.case = 0;
        }
        self.case += 1;
    }

    /// What a search comes to.
    #[inline]
    pub(super) fn once(&self, number: u32, search: impl FnOnce() -> Truth) -> Truth {
        let Some(known) = self.known.get(number as usize) else {
            return search();
        };
        let (case, truth) = known.get();
        if case == self.case {
            return truth;
        }
        let truth = search();
        known.set((self.case, truth));
        truth
    }
}

impl Kept {
    /// Forgets everything and makes room for a case of a program with so many searches.
    #[inline]
    pub(super) fn make_room(&mut self, program: &Program, searches: usize) {
        #[inline(always)]
        fn empty<T>(cells: &mut Vec<OnceCell<T>>, count: usize) {
            if cells.len() != count {
                cells.resize_with(count, OnceCell::new);
            }
            for cell in cells {
                cell.take();
            }
        }
        empty(&mut self.defines, program.defines.len());
        if let Some(folded) = self.folded.get_mut() {
            empty(folded, program.fields.len());
        }
        empty(&mut self.classifications, program.classifications.len());
        self.forget_slots(searches);
        self.forget_answers();
    }

    /// Forgets what comes of the values of slots alone.
    #[inline]
    pub(super) fn forget_slots(&mut self, searches: usize) {
        if let Some(known) = self.known.take() {
            self.spare.set(known);
        }
        self.searches.forget(searches);
    }

    /// What an index knows of the slots, which it looks at once.
    pub(super) fn known(&self, index: &RuleIndex, slots: &[Option<Value>]) -> &Known {
        self.known.get_or_init(|| {
            let mut known = self.spare.take();
            index.look(slots, &mut known);
            known
        })
    }

    /// Forgets what scripts answered and what went wrong, which belong to one instant.
    #[inline]
    pub(super) fn forget_answers(&mut self) {
        let calls = self.calls.get_mut();
        if !calls.is_empty() {
            calls.clear();
        }
        self.problems.get_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_made_once_for_each_case() {
        let mut searches = Searches::default();
        let asked = |searches: &Searches, number, comes_to| {
            let mut made = false;
            let truth = searches.once(number, || {
                made = true;
                comes_to
            });
            (truth, made)
        };
        assert_eq!(asked(&searches, 0, Truth::True), (Truth::True, true));
        searches.forget(2);
        assert_eq!(asked(&searches, 0, Truth::True), (Truth::True, true));
        assert_eq!(asked(&searches, 0, Truth::False), (Truth::True, false));
        assert_eq!(asked(&searches, 1, Truth::False), (Truth::False, true));
        searches.forget(2);
        assert_eq!(asked(&searches, 0, Truth::Unknown), (Truth::Unknown, true));
        searches.case = u32::MAX;
        searches.known[1].set((1, Truth::True));
        searches.forget(2);
        assert_eq!(asked(&searches, 1, Truth::False), (Truth::False, true));
        searches.forget(3);
        assert_eq!(asked(&searches, 0, Truth::False), (Truth::False, true));
    }
}
