//! What is worked out for a case while it is decided.
//!
//! Beside [`super::evaluator`], which fills it.

use super::calls::Calls;
use super::problem::Problems;
use crate::compile::Program;
use crate::value::Value;
use std::cell::{Cell, OnceCell, RefCell};

/// What is worked out for a case, each once; the room for it serves one case after the other.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) defines: Vec<OnceCell<Option<Value>>>,
    /// Texts of slots in lower case.
    pub(super) folded: OnceCell<Vec<OnceCell<String>>>,
    /// Values of the classifications decided so far.
    pub(super) classifications: Vec<OnceCell<Option<Value>>>,
    pub(super) calls: RefCell<Calls>,
    /// How many steps scripts have taken for this decision, at all instants of its log.
    pub(super) script_steps: Cell<u64>,
    pub(super) problems: RefCell<Problems>,
}

impl Kept {
    /// Forgets everything and makes room for a case of a program.
    #[inline]
    pub(super) fn make_room(&mut self, program: &Program) {
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
        self.forget_answers();
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
