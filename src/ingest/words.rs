//! A list of words, looked up where they stand in a text.
//!
//! Short words, which most members of enums are, lie in a table by their bytes and are found without a call; any word
//! is found in a map. Built by [`super::Index`] once for a policy; no output depends on a hash.

use super::eight;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// What a name stands for. A quick hash with a fixed seed will do: only names of the policy are put in.
pub(super) type Names<T> = HashMap<String, T, FixedState>;

/// Longer words are in the map alone.
const LONGEST_SHORT: usize = 16;

/// Lists up to so many words are worth a search for a table in which no two share a place.
const FEW: usize = 256;

/// Odd numbers without a pattern, to spread words over the table.
const FACTORS: [u64; 16] = factors();

const fn factors() -> [u64; 16] {
    let mut factors = [0x9e37_79b9_7f4a_7c15_u64; 16];
    let mut at = 1;
    while at < factors.len() {
        let before: u64 = factors[at - 1];
        factors[at] = (before ^ (before >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1;
        at += 1;
    }
    factors
}

/// Words, each of which stands for its place in the list.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// A power of two of places, or none.
    table: Vec<Word>,
    factor: u64,
    /// So far down the place of a word is found in its product.
    shift: u32,
    all: Names<u32>,
}

/// A word of up to sixteen bytes, as two numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Word {
    /// Its first eight bytes, zeros behind it.
    head: u64,
    /// Its last eight bytes; 0 when it has no more than eight.
    tail: u64,
    /// How long it is; 0 where the table has none.
    length: u32,
    place: u32,
}

impl Words {
    /// The words of a list. Of those that stand in it twice the last counts.
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Words {
        let names = names.zip(0..).map(|(name, place)| (name.to_owned(), place));
        let all: Names<u32> = names.collect();
        let mut short: Vec<Word> = all
            .iter()
            .filter_map(|(name, place)| word(name, *place))
            .collect();
        short.sort_unstable_by_key(|word| word.place);
        let places = (4 * short.len()).next_power_of_two().max(2);
        let tried = if short.len() <= FEW { FACTORS.len() } else { 1 };
        let mut words = Words {
            all,
            shift: 64 - places.trailing_zeros(),
            ..Words::default()
        };
        let mut best = 0;
        for factor in FACTORS.into_iter().take(tried) {
            let mut table = vec![Word::default(); places];
            let mut placed = 0;
            for word in &short {
                let slot = mixed(word.head, word.tail, factor) >> (words.shift % 64);
                if let Some(free) = table.get_mut(slot as usize)
                    && free.length == 0
                {
                    *free = *word;
                    placed += 1;
                }
            }
            if placed > best {
                (best, words.table, words.factor) = (placed, table, factor);
            }
            if best == short.len() {
                break;
            }
        }
        words
    }

    /// The place of a word.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        self.all.get(name).copied()
    }

    /// The place of a word that a text starts with, when it is so long.
    #[inline(always)]
    pub(super) fn find(&self, text: &[u8], length: usize) -> Option<u32> {
        if let Some(first) = eight::load(text, 0)
            && (1..=LONGEST_SHORT).contains(&length)
        {
            let head = first & eight::first_bytes(length);
            let tail = match length {
                0..=8 => 0,
                _ => eight::load(text, length - 8)?,
            };
            let mixed = mixed(head, tail, self.factor);
            if let Some(word) = self.table.get((mixed >> (self.shift % 64)) as usize)
                && (word.head ^ head) | (word.tail ^ tail) == 0
                && word.length as usize == length
            {
                return Some(word.place);
            }
        }
        self.find_any(text.get(..length)?)
    }

    #[inline(never)]
    fn find_any(&self, name: &[u8]) -> Option<u32> {
        self.get(std::str::from_utf8(name).ok()?)
    }
}

/// A word for the table; none when it is too long, or empty.
fn word(name: &str, place: u32) -> Option<Word> {
    let bytes = name.as_bytes();
    let length = u32::try_from(bytes.len()).ok()?;
    if bytes.is_empty() || bytes.len() > LONGEST_SHORT {
        return None;
    }
    let tail = match bytes.len() {
        0..=8 => 0,
        length => eight::load(bytes, length - 8)?,
    };
    Some(Word {
        head: eight::start_of(bytes),
        tail,
        length,
        place,
    })
}

/// A number of which the highest bits are where a word lies in a table.
#[inline(always)]
fn mixed(head: u64, tail: u64, factor: u64) -> u64 {
    head.wrapping_add(tail).wrapping_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of all lengths, many of them alike but for one byte: each is found where it stands, and what differs
    /// from each in one byte, or is shorter or longer, is not.
    #[test]
    fn words_are_found_and_nothing_else() {
        let lists = [
            vec!["fault", "fault2", "other", "oth", "o", "上海", "a b", "\0"],
            vec![
                "leased_line",
                "leased_lane",
                "leased_line_with_a_long_name",
                "leased_line_with_a_long_nime",
            ],
            vec![],
        ];
        let many: Vec<String> = (0..300)
            .map(|number| format!("class-{number:04}"))
            .collect();
        let all = lists.into_iter().chain([
            many.iter().map(String::as_str).collect(),
            many.iter().take(100).map(String::as_str).collect(),
        ]);
        for list in all {
            let words = Words::new(list.iter().copied());
            let known = |name: &str| {
                list.iter()
                    .position(|word| *word == name)
                    .map(|place| place as u32)
            };
            for name in list
                .iter()
                .copied()
                .chain(["", "x", "class-00010", "class-9999"])
            {
                let mut others = vec![name.to_owned(), format!("{name}x"), format!("{name}\0")];
                others.extend(name.char_indices().map(|(at, _)| name[..at].to_owned()));
                others.extend(
                    name.char_indices()
                        .map(|(at, _)| format!("{}{}", &name[..at], "~")),
                );
                for other in others {
                    for behind in ["", "\"", "\",\"next\":12345678", "xxxxxxxxxxxxxxxxx"] {
                        let text = format!("{other}{behind}");
                        let found = words.find(text.as_bytes(), other.len());
                        assert_eq!(found, known(&other), "{other:?} before {behind:?}");
                    }
                    assert_eq!(words.get(&other), known(&other));
                }
            }
        }
    }
}
