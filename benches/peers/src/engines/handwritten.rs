//! The rules as Rust: one `if` after the other, written by the build script as somebody would by hand.

use super::row::{Dictionary, Interned, Row};
use crate::contest::Engine;

mod chains {
    #![allow(clippy::all, reason = "written by the build script")]
    use super::{Interned, Row};
    include!(concat!(env!("OUT_DIR"), "/chains.rs"));
}

/// Compares texts.
pub struct Texts {
    chain: fn(&Row<'_>) -> usize,
}

impl Texts {
    /// The rules of that number that the workload draws; they are part of the program.
    pub fn of(count: usize) -> Option<Texts> {
        let chain = match count {
            10 => chains::texts_10,
            50 => chains::texts_50,
            200 => chains::texts_200,
            1_000 => chains::texts_1000,
            5_000 => chains::texts_5000,
            _ => return None,
        };
        Some(Texts { chain })
    }
}

impl Engine for Texts {
    type Case = Row<'static>;
    type Answer = usize;

    fn read(&mut self, line: &'static str) -> Row<'static> {
        Row::read(line)
    }

    fn decide(&mut self, case: &mut Row<'static>) -> usize {
        (self.chain)(case)
    }

    fn rule(&self, answer: usize) -> usize {
        answer
    }
}

/// Compares numbers that stand for texts.
pub struct Numbers {
    chain: fn(&Interned<'_>) -> usize,
    dictionary: Dictionary,
}

impl Numbers {
    /// The rules of that number that the workload draws; they are part of the program.
    pub fn of(count: usize) -> Option<Numbers> {
        let chain = match count {
            10 => chains::numbers_10,
            50 => chains::numbers_50,
            200 => chains::numbers_200,
            1_000 => chains::numbers_1000,
            5_000 => chains::numbers_5000,
            _ => return None,
        };
        Some(Numbers {
            chain,
            dictionary: Dictionary::new(),
        })
    }
}

impl Engine for Numbers {
    type Case = Interned<'static>;
    type Answer = usize;

    fn read(&mut self, line: &'static str) -> Interned<'static> {
        self.dictionary.intern(&Row::read(line))
    }

    fn decide(&mut self, case: &mut Interned<'static>) -> usize {
        (self.chain)(case)
    }

    fn rule(&self, answer: usize) -> usize {
        answer
    }
}
