//! Room for a case that is read, kept from one case to the next.
//!
//! Filled by [`super::direct`]; what it holds of a case before never shows.

use super::direct::Plan;
use super::marks::Marks;
use crate::value::{CaseFile, Known, Value};
use std::sync::Arc;

/// Sets of fewer elements are kept for the next case.
pub(super) const SPARE: usize = 9;

/// Room to read one case after another into, with [`super::CaseReader::read_json_into`]: each takes the place of the
/// one before, so that hardly any memory has to be asked for. One belongs to one thread.
///
/// It also remembers the order of keys. Files whose keys stand in the order of the file before are read faster; in
/// another order they are read with the same result.
#[derive(Debug, Default)]
pub struct CaseRoom {
    pub(super) file: CaseFile,
    pub(super) notes: Notes,
    /// What rules know of the case.
    pub(super) known: Known,
}

impl CaseRoom {
    /// Keeps a case that was read in another way.
    pub(super) fn keep(&mut self, file: CaseFile) -> &CaseFile {
        self.file = file;
        &self.file
    }
}

/// What is known of a case while it is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The fields that have been given, by their numbers, and the records, whose numbers come behind.
    pub(super) given: Marks,
    /// Those of them that are given as `null`.
    pub(super) nulls: Vec<u32>,
    /// The elements of a set.
    pub(super) elements: Vec<Value>,
    /// Sets that no case has any more, by how many elements they have.
    pub(super) spare: [Option<Arc<[Value]>>; SPARE],
    /// Whether the order of names is remembered for a case to come.
    pub(super) remembers: bool,
    /// For each place of a plan the name that came next last time, as its place in the record. Empty as long as all
    /// came in declared order.
    pub(super) next: Vec<u32>,
}

impl Notes {
    /// The order of the names of a plan, which is the declared one at first; none when nothing is to be remembered.
    pub(super) fn order(&mut self, plan: &Plan) -> Option<&mut [u32]> {
        if !self.remembers {
            return None;
        }
        if self.next.len() != plan.places() {
            self.next.clear();
            self.next.extend(plan.declared());
        }
        Some(&mut self.next)
    }
}
