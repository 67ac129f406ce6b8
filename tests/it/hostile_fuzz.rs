//! A smoke run of the fuzzers: their bodies over their seeds, and over texts made of those by the same changes
//! on every machine. `CONTRIBUTING.md` says how to let them run for longer.

#[path = "../../fuzz/src/bodies.rs"]
mod bodies;

use bodies::{TARGETS, Target};

/// What breaks or continues something in a policy, a case, a mapping or a row.
const WORDS: [&str; 48] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "`",
    "'",
    "“",
    "”",
    ",",
    ";",
    ":",
    "|",
    "=>",
    "=",
    "<",
    "..",
    "#",
    "\\",
    "\\u{D800}",
    "\\ud800",
    "\0",
    "\u{feff}",
    "\u{3000}",
    "界",
    "９",
    "é",
    "\r\n",
    "\n",
    "not ",
    " and ",
    " or ",
    "when ",
    "rule ",
    "otherwise ",
    "missing",
    "true",
    "null",
    "-1",
    "99999999999999999999",
    "0.0000000000000000001",
    "2026-02-30",
    "9999-12-31",
    "24:00",
    "2026-03-02T10:00:00+08:00",
    "[mapping.m]\n",
];

/// Numbers that look random and are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let end = u64::try_from(end.max(1)).expect("a bound");
        usize::try_from(bits % end).expect("small")
    }

    /// A range of at most so many bytes.
    fn range(&mut self, of: &[u8], longest: usize) -> std::ops::Range<usize> {
        let start = self.below(of.len());
        let end = start + self.below(longest) + 1;
        start..end.min(of.len())
    }

    /// A text with a few changes; `other` lends a part.
    fn changed(&mut self, seed: &[u8], other: &[u8]) -> Vec<u8> {
        let mut text = seed.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(text.len() + 1);
            match self.below(7) {
                0 => {
                    let range = self.range(&text, 30);
                    text.drain(range);
                }
                1 => {
                    let again = text.get(self.range(&text, 60)).unwrap_or(&[]).to_vec();
                    text.splice(at..at, again);
                }
                2 => {
                    let part = other.get(self.range(other, 200)).unwrap_or(&[]).to_vec();
                    text.splice(at..at, part);
                }
                3 => {
                    let bit = 1u8 << self.below(8);
                    if let Some(byte) = text.get_mut(at) {
                        *byte ^= bit;
                    }
                }
                4 => text.truncate(at),
                _ => {
                    let word = WORDS.get(self.below(WORDS.len())).unwrap_or(&"");
                    text.splice(at..at, word.bytes());
                }
            }
        }
        text
    }
}

/// The seeds of a target, and so many changed ones.
fn run(name: &str, changed: usize) {
    let target: &Target = TARGETS
        .iter()
        .find(|target| target.name == name)
        .expect("a target");
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{name}");
    for seed in &seeds {
        (target.run)(seed);
    }
    // Short ones are quick, so that more is tried.
    let mut short: Vec<&Vec<u8>> = seeds.iter().filter(|seed| seed.len() < 1_500).collect();
    if short.len() < 10 {
        short = seeds.iter().collect();
    }
    let mut dice = Dice(7);
    for _ in 0..changed {
        let seed = short.get(dice.below(short.len())).expect("a seed");
        let other = seeds.get(dice.below(seeds.len())).expect("a seed");
        let text = dice.changed(seed, other);
        let caught = std::panic::catch_unwind(|| (target.run)(&text));
        assert!(
            caught.is_ok(),
            "{name} fails on {:?}",
            String::from_utf8_lossy(&text)
        );
    }
}

#[test]
fn policy_texts() {
    run("policy_text", 300);
}

#[test]
fn policies_and_cases() {
    run("policy_and_case", 2_000);
}

#[test]
fn mappings_and_rows() {
    run("mapping_and_csv", 300);
}

#[test]
fn event_logs() {
    run("event_log", 1_000);
}

#[test]
fn layouts() {
    run("format_round_trip", 500);
}

#[test]
fn engines() {
    run("compiled_against_plain", 2_000);
}
