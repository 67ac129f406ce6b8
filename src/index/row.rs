//! Rows of bits, one for each alternative of a chunk.
//!
//! Ground floor of [`super::layout`]. A block with few rules has rows of one word; all others have rows so
//! wide that what is done for each of them weighs little.

use std::hash::Hash;

/// Bits in a word.
const WORD: usize = 64;
/// So many rows are joined in one step.
pub(super) const JOINED: usize = 4;

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

    /// Takes out what is set in another.
    #[inline]
    fn remove(&mut self, other: &Self) {
        for (word, other) in self.words_mut().iter_mut().zip(other.words()) {
            *word &= !other;
        }
    }

    /// Keeps what is set in both; false when that is nothing.
    #[inline]
    fn keep(&mut self, other: &Self) -> bool {
        let mut any = 0;
        for (word, other) in self.words_mut().iter_mut().zip(other.words()) {
            *word &= other;
            any |= *word;
        }
        any != 0
    }

    /// Keeps what is set in all of them; false when that is nothing. Taken together they cost little more than one.
    #[inline]
    fn keep_all(&mut self, others: [&Self; JOINED]) -> bool {
        let [one, two, three, four] = others.map(Self::words);
        let others = one.iter().zip(two).zip(three.iter().zip(four));
        let mut any = 0;
        for (word, ((one, two), (three, four))) in self.words_mut().iter_mut().zip(others) {
            *word &= one & two & (three & four);
            any |= *word;
        }
        any != 0
    }

    /// The places of the bits that are set, ascending.
    #[inline]
    fn places(&self) -> impl Iterator<Item = usize> {
        // Which words have any is found for all of them first: in most there is none, and in which can't be foreseen.
        let words = self.words();
        let some = words.iter().enumerate();
        let some = some.fold(0, |some, (at, word)| some | u64::from(*word != 0) << at);
        places_in(some).flat_map(|at| {
            let word = words.get(at).copied().unwrap_or(0);
            places_in(word).map(move |bit| at * WORD + bit)
        })
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

    fn rows_are_sets<R: Row>() {
        let last = R::SIZE - 1;
        let mut row: R = of(&[0, 5, last]);
        assert_eq!(row.places().collect::<Vec<_>>(), [0, 5, last]);
        assert!(row.has(5) && !row.has(4) && !row.has(R::SIZE));
        row.clear(5);
        row.toggle(7);
        row.toggle(0);
        row.join(&of(&[9]));
        assert_eq!(row.places().collect::<Vec<_>>(), [7, 9, last]);
        row.remove(&of(&[9, 11]));
        assert!(row.keep(&of(&[7, 8, last])));
        assert_eq!(row.places().collect::<Vec<_>>(), [7, last]);
        assert!(!row.keep(&of(&[6])) && row.places().next().is_none());
        let mut row: R = of(&[1, 2, 3, last]);
        let all: R = of(&[1, 2, 3, 4, last]);
        assert!(row.keep_all([&all, &of(&[1, 3, last]), &all, &of(&[1, 2, last])]));
        assert_eq!(row.places().collect::<Vec<_>>(), [1, last]);
        for place in 0..JOINED {
            let mut others = [&all; JOINED];
            let none = of(&[4]);
            others[place] = &none;
            assert!(!{ row }.keep_all(others), "{place}");
        }
    }

    #[test]
    fn rows_of_every_width_are_sets() {
        rows_are_sets::<Narrow>();
        rows_are_sets::<Wide>();
    }
}
