//! Rows of bits, one for each alternative of a chunk.
//!
//! Ground floor of [`super::layout`]. A block with few rules has rows of one word; all others have rows so
//! wide that what is done for each of them weighs little.

use std::hash::Hash;

/// Bits in a word.
const WORD: usize = 64;
/// Words that are looked at together.
const FOUR: usize = 4;

/// One bit for each alternative.
pub(super) trait Row: Copy + Eq + Hash {
    /// How many bits there are.
    const SIZE: usize;
    /// No bit set.
    const NOTHING: Self;

    fn words(&self) -> &[u64];
    fn words_mut(&mut self) -> &mut [u64];

    /// Whether a bit is set.
    fn has(&self, place: usize) -> bool {
        let word = self.words().get(place / WORD);
        word.is_some_and(|word| word >> (place % WORD) & 1 == 1)
    }

    fn set(&mut self, place: usize) {
        if let Some(word) = self.words_mut().get_mut(place / WORD) {
            *word |= 1 << (place % WORD);
        }
    }

    fn clear(&mut self, place: usize) {
        if let Some(word) = self.words_mut().get_mut(place / WORD) {
            *word &= !(1 << (place % WORD));
        }
    }

    fn toggle(&mut self, place: usize) {
        if let Some(word) = self.words_mut().get_mut(place / WORD) {
            *word ^= 1 << (place % WORD);
        }
    }

    /// Adds what is set in another.
    #[inline]
    fn join(&mut self, other: &Self) {
        for (word, other) in self.words_mut().iter_mut().zip(other.words()) {
            *word |= other;
        }
    }

    /// The bits that are not set.
    fn inverted(mut self) -> Self {
        self.words_mut().iter_mut().for_each(|word| *word = !*word);
        self
    }

    /// Keeps what is set in both.
    #[inline]
    fn keep(&mut self, other: &Self) {
        for (word, other) in self.words_mut().iter_mut().zip(other.words()) {
            *word &= other;
        }
    }

    /// Which fours of words have a bit, ascending.
    #[inline]
    fn fours(&self) -> impl Iterator<Item = usize> + use<Self> {
        // Which have any is found for all of them first: in most there is none, and in which can't be foreseen.
        let fours = self.words().chunks(FOUR).enumerate();
        let some = fours.fold(0, |some, (at, four)| {
            let any = four.iter().fold(0, |any, word| any | word);
            some | u64::from(any != 0) << at
        });
        places_in(some)
    }

    /// The words of a four that have a bit, ascending, and the places of their first bits.
    #[inline]
    fn filled(&self, four: usize) -> impl Iterator<Item = (usize, u64)> {
        let first = four * FOUR;
        let words = self.words().get(first..).unwrap_or_default();
        let some = words.iter().take(FOUR).enumerate();
        let some = some.fold(0, |some, (at, word)| some | u64::from(*word != 0) << at);
        let place = move |at| (first + at) * WORD;
        places_in(some).map(move |at| (place(at), words.get(at).copied().unwrap_or(0)))
    }
}

/// The places of the bits that are set in a word, ascending.
#[inline]
pub(super) fn places_in(word: u64) -> impl Iterator<Item = usize> {
    let mut left = word;
    std::iter::from_fn(move || {
        let bit = (left != 0).then_some(left.trailing_zeros() as usize)?;
        left &= left.wrapping_sub(1);
        Some(bit)
    })
}

/// A row of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Narrow([u64; 1]);

/// A row of two lines of a processor's cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(align(64))]
pub(super) struct Wide([u64; 16]);

impl Narrow {
    /// The word.
    pub(super) fn word(&self) -> u64 {
        let Narrow([word]) = self;
        *word
    }
}

impl Row for Narrow {
    const SIZE: usize = WORD;
    const NOTHING: Narrow = Narrow([0]);

    #[inline]
    fn words(&self) -> &[u64] {
        &self.0
    }

    #[inline]
    fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

impl Row for Wide {
    const SIZE: usize = WORD * 16;
    const NOTHING: Wide = Wide([0; 16]);

    #[inline]
    fn words(&self) -> &[u64] {
        &self.0
    }

    #[inline]
    fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<R: Row>(places: &[usize]) -> R {
        let mut row = R::NOTHING;
        places.iter().for_each(|place| row.set(*place));
        row
    }

    fn places<R: Row>(row: &R) -> Vec<usize> {
        let words = row.fours().flat_map(|four| row.filled(four));
        let places = words.flat_map(|(first, word)| places_in(word).map(move |bit| first + bit));
        places.collect()
    }

    fn rows_are_sets<R: Row + std::fmt::Debug>() {
        let last = R::SIZE - 1;
        let mut row: R = of(&[0, 5, last]);
        assert_eq!(places(&row), [0, 5, last]);
        assert!(row.has(5) && !row.has(4) && !row.has(R::SIZE));
        row.clear(5);
        row.toggle(7);
        row.toggle(0);
        row.join(&of(&[9]));
        assert_eq!(places(&row), [7, 9, last]);
        row.keep(&of::<R>(&[9, 11]).inverted());
        row.keep(&of(&[7, 8, last]));
        assert_eq!(places(&row), [7, last]);
        row.keep(&of(&[6]));
        assert_eq!(row, R::NOTHING);
        assert!(places(&row).is_empty());
    }

    #[test]
    fn rows_of_every_width_are_sets() {
        rows_are_sets::<Narrow>();
        rows_are_sets::<Wide>();
    }
}
