//! What conditions look for in texts, each once for the whole policy.
//!
//! Beside [`super::shape`]. A search takes longer than anything that is looked up, and many rules search for the same:
//! by its number the evaluator finds what another rule has come to.

use crate::compile::{Node, NodeId, Program, TextOp};
use rustc_hash::FxHashMap;

/// Searches of the texts of slots, by number.
#[derive(Default)]
pub(super) struct LookedFor<'p> {
    /// With the slot.
    known: FxHashMap<(u32, Search<'p>), u32>,
}

/// A search of the text of a slot.
#[derive(PartialEq, Eq, Hash)]
enum Search<'p> {
    One(TextOp, &'p str),
    Folded(TextOp, &'p str),
    Many(bool, &'p [Box<str>]),
    ManyFolded(bool, &'p [Box<str>]),
    /// The text of a pattern says whether case is ignored.
    Matches(&'p str),
}

impl<'p> LookedFor<'p> {
    /// The number of a search; none for other conditions.
    pub(super) fn number(&mut self, program: &'p Program, node: NodeId) -> Option<u32> {
        let (value, search) = match program.node(node) {
            Node::TextConstant {
                op,
                value,
                pattern,
                folded,
            } => match folded {
                false => (value, Search::One(*op, pattern)),
                true => (value, Search::Folded(*op, pattern)),
            },
            Node::TextMany {
                all,
                value,
                patterns,
                folded,
            } => match folded {
                false => (value, Search::Many(*all, patterns)),
                true => (value, Search::ManyFolded(*all, patterns)),
            },
            Node::Matches { value, pattern } => {
                (value, Search::Matches(pattern.as_ref()?.as_str()))
            }
            _ => return None,
        };
        let Node::Field(slot) = program.node(*value) else {
            return None;
        };
        let next = self.count();
        Some(*self.known.entry((*slot, search)).or_insert(next))
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        super::shape::place(self.known.len())
    }
}
