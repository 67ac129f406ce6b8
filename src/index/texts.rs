//! Texts that conditions ask for, each with its place among them.
//!
//! Under [`super::variable`].

use crate::value::{Value, Words};
use smol_str::SmolStr;

/// Texts, found by their bytes.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    words: Words,
    /// By place those that need no memory of their own: whoever reads such a text takes a copy.
    short: Box<[Option<SmolStr>]>,
}

impl Texts {
    /// The texts among constants, each by its place.
    pub(super) fn new(constants: &[Value]) -> Texts {
        let texts = constants.iter().filter_map(|constant| match constant {
            Value::Text(text) => Some(text),
            _ => None,
        });
        let short = texts.clone();
        Texts {
            words: Words::new(texts.map(SmolStr::as_str)),
            short: short
                .map(|text| Some(text.clone()).filter(|text| !text.is_heap_allocated()))
                .collect(),
        }
    }

    /// The place of a text.
    #[inline(always)]
    pub(super) fn get(&self, text: &str) -> Option<u32> {
        self.words.get(text)
    }

    /// The place of the text, so long, that bytes start with.
    #[inline(always)]
    pub(super) fn find(&self, from: &[u8], length: usize) -> Option<u32> {
        self.words.find(from, length)
    }

    /// The text at a place, if it is short.
    #[inline(always)]
    pub(super) fn short(&self, place: u32) -> Option<&SmolStr> {
        self.short.get(place as usize)?.as_ref()
    }
}
