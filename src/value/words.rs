//! A list of words, looked up by their bytes.
//!
//! Short words, which most names and most texts of conditions are, lie in a table and are found, or not found, without
//! a call; longer ones in a map. Used where cases are read and where conditions are indexed; no output depends on a
//! hash.

use super::eight;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Longer words are in the map.
const LONGEST_SHORT: usize = 16;

/// Lists up to so many words are worth a search for a table in which no two want the same place.
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
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// A power of two of places, most of them free.
    table: Box<[Word]>,
    factor: u64,
    /// So far down the place of a word is found in its product.
    shift: u32,
    /// A quick hash with a fixed seed will do: only words of the policy are put in.
    long: HashMap<Box<str>, u32, FixedState>,
}

/// A word of up to sixteen bytes, as two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word {
    /// Its first eight bytes, zeros behind it.
    head: u64,
    /// Its last eight bytes; 0 when it has no more than eight.
    tail: u64,
    /// How long it is.
    length: u32,
    place: u32,
}

impl Word {
    /// A place of the table without a word.
    const FREE: Word = Word {
        head: 0,
        tail: 0,
        length: u32::MAX,
        place: 0,
    };
}

impl Words {
    /// The words of a list. Of those that stand in it twice the last counts.
    pub(crate) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Words {
        let mut short = Vec::new();
        let mut long = HashMap::default();
        for (name, place) in names.zip(0..) {
            match word(name, place) {
                Some(word) => short.push(word),
                None => {
                    long.insert(name.into(), place);
                }
            }
        }
        // Of many words there is one factor to be tried, and half as much room for each.
        let (tried, room) = match short.len() {
            0..=FEW => (FACTORS.len(), 4),
            _ => (1, 2),
        };
        let places = (room * short.len()).next_power_of_two().max(2);
        let mut words = Words {
            table: Box::default(),
            factor: 0,
            shift: 64 - places.trailing_zeros(),
            long,
        };
        let mut fewest = usize::MAX;
        for factor in FACTORS.into_iter().take(tried) {
            let (table, steps) = laid_out(&short, places, factor, words.shift);
            if steps < fewest {
                (fewest, words.table, words.factor) = (steps, table, factor);
            }
            if fewest == 0 {
                break;
            }
        }
        words
    }

    /// The place of a word.
    #[inline(always)]
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        let bytes = name.as_bytes();
        if bytes.len() > LONGEST_SHORT {
            return self.find_long(name);
        }
        let (head, tail) = ends(bytes)?;
        self.find_short(head, tail, bytes.len())
    }

    /// The place of a word that a text starts with, when it is so long.
    #[inline(always)]
    pub(crate) fn find(&self, text: &[u8], length: usize) -> Option<u32> {
        if let Some(first) = eight::load(text, 0)
            && length <= LONGEST_SHORT
        {
            let head = first & eight::first_bytes(length);
            let tail = match length {
                0..=8 => 0,
                _ => eight::load(text, length - 8)?,
            };
            return self.find_short(head, tail, length);
        }
        self.get(std::str::from_utf8(text.get(..length)?).ok()?)
    }

    #[inline(always)]
    fn find_short(&self, head: u64, tail: u64, length: usize) -> Option<u32> {
        let mut at = place_of(head, tail, self.factor, self.shift);
        loop {
            let word = self.table.get(at)?;
            if (word.head ^ head) | (word.tail ^ tail) == 0 && word.length as usize == length {
                return Some(word.place);
            }
            if *word == Word::FREE {
                return None;
            }
            at = (at + 1) & (self.table.len() - 1);
        }
    }

    #[inline(never)]
    fn find_long(&self, name: &str) -> Option<u32> {
        self.long.get(name).copied()
    }
}

/// A table of words, and how many steps beside the places that they want they stand in all.
fn laid_out(short: &[Word], places: usize, factor: u64, shift: u32) -> (Box<[Word]>, usize) {
    let mut table = vec![Word::FREE; places].into_boxed_slice();
    let mut steps = 0;
    for word in short {
        let mut at = place_of(word.head, word.tail, factor, shift);
        // At least half of the places are free.
        while let Some(known) = table.get_mut(at) {
            let same = Word {
                place: known.place,
                ..*word
            };
            if *known == Word::FREE || *known == same {
                *known = *word;
                break;
            }
            at = (at + 1) & (places - 1);
            steps += 1;
        }
    }
    (table, steps)
}

/// A word for the table; none when it is too long.
fn word(name: &str, place: u32) -> Option<Word> {
    let bytes = name.as_bytes();
    let (head, tail) = ends(bytes)?;
    let length = u32::try_from(bytes.len()).ok()?;
    Some(Word {
        head,
        tail,
        length,
        place,
    })
}

/// The first and the last eight bytes of a short word; none when it is too long.
#[inline(always)]
fn ends(bytes: &[u8]) -> Option<(u64, u64)> {
    match bytes.len() {
        0..8 => Some((eight::start_of(bytes), 0)),
        8 => Some((eight::load(bytes, 0)?, 0)),
        length @ 9..=LONGEST_SHORT => {
            Some((eight::load(bytes, 0)?, eight::load(bytes, length - 8)?))
        }
        _ => None,
    }
}

/// Where a word wants to lie in a table.
#[inline(always)]
fn place_of(head: u64, tail: u64, factor: u64, shift: u32) -> usize {
    let mixed = head.wrapping_add(tail.rotate_left(1)).wrapping_mul(factor);
    (mixed >> (shift % 64)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of all lengths, many of them alike but for one byte: each is found where it stands, and what differs
    /// from each in one byte, or is shorter or longer, is not.
    #[test]
    fn words_are_found_and_nothing_else() {
        let lists = [
            vec![
                "fault", "fault2", "other", "oth", "o", "上海", "a b", "\0", "",
            ],
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
