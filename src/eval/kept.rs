//! What is worked out for a case while it is decided.
//!
//! Beside [`super::evaluator`], which fills it.

use super::lookup::LookedUp;
use crate::compile::Program;
use crate::index::RuleIndex;
use crate::value::Value;
use std::cell::OnceCell;

/// What is worked out for a case, each once; the room for it serves one case after the other.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) looked_up: LookedUp,
    pub(super) defines: Vec<OnceCell<Option<Value>>>,
    pub(super) folded: Vec<OnceCell<String>>,
    /// Values of the classifications decided so far.
    pub(super) classifications: Vec<OnceCell<Option<Value>>>,
}

impl Kept {
    /// Forgets everything and makes room for a case of a program.
    pub(super) fn make_room(&mut self, program: &Program, index: &RuleIndex) {
        fn empty<T>(cells: &mut Vec<OnceCell<T>>, count: usize) {
            cells.clear();
            cells.resize_with(count, OnceCell::new);
        }
        self.looked_up.make_room(index);
        empty(&mut self.defines, program.defines.len());
        empty(&mut self.folded, program.fields.len());
        empty(&mut self.classifications, program.classifications.len());
    }
}
