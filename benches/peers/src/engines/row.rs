//! A case as a program would read it that knows its fields: borrowed from the line, without escapes.

use crate::workload::{CHANNELS, KINDS, LINES, PRODUCTS, REGIONS, TAGS, Word};
use foldhash::fast::FixedState;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
pub struct Row<'a> {
    #[allow(
        dead_code,
        reason = "read, as every engine reads it, and asked for by no rule"
    )]
    pub id: &'a str,
    #[allow(
        dead_code,
        reason = "read, as every engine reads it, and asked for by no rule"
    )]
    pub opened_at: &'a str,
    pub kind: &'a str,
    pub channel: &'a str,
    pub line: &'a str,
    pub region: &'a str,
    pub product: &'a str,
    pub affected_users: i64,
    pub waited_hours: i64,
    pub amount: i64,
    pub vip: bool,
    pub repeated: bool,
    pub outage: bool,
    #[serde(borrow)]
    pub tags: Vec<&'a str>,
    pub summary: &'a str,
}

impl<'a> Row<'a> {
    pub fn read(line: &'a str) -> Row<'a> {
        serde_json::from_str(line).expect("a line of the workload")
    }
}

/// The same with numbers for words, and bits for tags.
pub struct Interned<'a> {
    pub kind: u8,
    pub channel: u8,
    pub line: u8,
    pub region: u8,
    pub product: u16,
    pub affected_users: i64,
    pub waited_hours: i64,
    pub amount: i64,
    pub vip: bool,
    pub repeated: bool,
    pub outage: bool,
    pub tags: u64,
    pub summary: &'a str,
}

/// The number of each word.
pub struct Dictionary {
    kinds: Numbers,
    channels: Numbers,
    lines: Numbers,
    regions: Numbers,
    products: Numbers,
    tags: Numbers,
}

type Numbers = HashMap<String, u16, FixedState>;

fn numbers(words: impl IntoIterator<Item = String>) -> Numbers {
    words.into_iter().zip(0..).collect()
}

impl Dictionary {
    pub fn new() -> Dictionary {
        let listed = |words: &[&str]| numbers(words.iter().map(|word| (*word).to_owned()));
        Dictionary {
            kinds: listed(&KINDS),
            channels: listed(&CHANNELS),
            lines: listed(&LINES),
            regions: numbers((0..REGIONS).map(|number| Word::Region.value(number))),
            products: numbers((0..PRODUCTS).map(|number| Word::Product.value(number))),
            tags: listed(&TAGS),
        }
    }

    pub fn intern<'a>(&self, row: &Row<'a>) -> Interned<'a> {
        // No number is the last one: a word that no rule knows is none of those that rules ask for.
        let small =
            |numbers: &Numbers, word| numbers.get(word).map_or(u8::MAX, |number| *number as u8);
        Interned {
            kind: small(&self.kinds, row.kind),
            channel: small(&self.channels, row.channel),
            line: small(&self.lines, row.line),
            region: small(&self.regions, row.region),
            product: self.products.get(row.product).copied().unwrap_or(u16::MAX),
            affected_users: row.affected_users,
            waited_hours: row.waited_hours,
            amount: row.amount,
            vip: row.vip,
            repeated: row.repeated,
            outage: row.outage,
            tags: row
                .tags
                .iter()
                .filter_map(|tag| self.tags.get(*tag))
                .fold(0, |bits, tag| bits | 1 << tag),
            summary: row.summary,
        }
    }
}
