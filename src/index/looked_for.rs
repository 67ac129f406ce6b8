//! What conditions look for in texts, each once for the whole policy.
//!
//! Beside [`super::shape`]. A search takes longer than anything that is looked up, and many rules search for the same:
//! by its number the evaluator finds what another rule has come to.

use crate::compile::{Node, NodeId, Program, TextOp};
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

/// A text that conditions look for anywhere in the text of a slot, made ready to be found.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    /// The slot whose text is looked through.
    pub(crate) slot: u32,
    /// Whether its form in lower case is looked through instead.
    pub(crate) folded: bool,
    finder: Finder<'static>,
}

impl Needle {
    /// Whether a text has it.
    #[inline]
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.finder.find(text.as_bytes()).is_some()
    }
}

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
    fn count(&self) -> u32 {
        super::shape::place(self.known.len())
    }

    /// By number what is looked for; none where it is not one text, or is looked for at an end.
    pub(super) fn needles(self) -> Vec<Option<Needle>> {
        let mut needles = vec![None; self.known.len()];
        for ((slot, search), number) in self.known {
            let (text, folded) = match search {
                Search::One(TextOp::Contains, text) => (text, false),
                Search::Folded(TextOp::Contains, text) => (text, true),
                Search::One(TextOp::StartsWith | TextOp::EndsWith, _)
                | Search::Folded(TextOp::StartsWith | TextOp::EndsWith, _)
                | Search::Many(..)
                | Search::ManyFolded(..)
                | Search::Matches(_) => continue,
            };
            if let Some(needle) = needles.get_mut(number as usize) {
                *needle = Some(Needle {
                    slot,
                    folded,
                    finder: Finder::new(text).into_owned(),
                });
            }
        }
        needles
    }
}
