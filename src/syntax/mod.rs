//! From text to tree: grammar, lowering, recovery, and named mistakes.
//!
//! First stage; the model comes after. Parsing never gives up on a file: what cannot be read is
//! reported once, noted as [`ast::Lost`], and everything else is read.

pub mod ast;

mod brackets;
mod csv_table;
mod direct;
mod grammar;
mod lower;
mod mistakes;
mod outline;
mod parse;
mod scan;
mod shadow;
mod slips;

pub use csv_table::parse_csv_table;
pub use outline::{Lexeme, Node, Outline, Part};
pub use parse::{parse, parse_with_outline};
pub use slips::written_member;

/// The words that are never names unless they stand in backticks.
pub const RESERVED: [&str; 36] = [
    "and",
    "or",
    "not",
    "is",
    "in",
    "between",
    "contains",
    "starts",
    "ends",
    "matches",
    "during",
    "outside",
    "missing",
    "present",
    "ignoring",
    "true",
    "false",
    "when",
    "then",
    "otherwise",
    "because",
    "if",
    "to",
    "with",
    "by",
    "from",
    "until",
    "of",
    "on",
    "at",
    "after",
    "before",
    "within",
    "escalate",
    "effective",
    "rule",
];

/// For each length of a word the letters that reserved words of that length begin with.
const FIRST_LETTERS: [u32; 16] = {
    let mut letters = [0; 16];
    let mut at = 0;
    while at < RESERVED.len() {
        let word = RESERVED[at].as_bytes();
        letters[word.len()] |= letter(word[0]);
        at += 1;
    }
    letters
};

/// A bit for each small letter; none for other bytes.
const fn letter(byte: u8) -> u32 {
    if byte.is_ascii_lowercase() {
        1 << (byte - b'a')
    } else {
        0
    }
}

/// Whether a word is one of [`RESERVED`]. Asked of every word of a policy, and most are none.
fn is_reserved(word: &str) -> bool {
    let first = word.bytes().next().map_or(0, letter);
    let letters = FIRST_LETTERS.get(word.len());
    letters.is_some_and(|letters| letters & first != 0) && RESERVED.contains(&word)
}

/// The words that begin an item.
pub const ITEM_KEYWORDS: [&str; 19] = [
    "case",
    "events",
    "role",
    "queue",
    "record",
    "type",
    "define",
    "script",
    "classify",
    "route",
    "calendar",
    "clock",
    "sla",
    "retain",
    "hold",
    "follow_up",
    "require",
    "guarantee",
    "test",
];
