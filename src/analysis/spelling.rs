//! A text that passes some tests and fails others, if one is easily found.
//!
//! After [`super::texts`]. What a text has to hold is put together in the ways in which people write it, and each
//! text so made is held against all tests: one that is found is certain, that none is found proves nothing.

use super::texts::{Kind, Test};
use crate::compile::matching;

/// Texts that are tried for one question, at most.
const MOST_TEXTS: usize = 4_000;
/// Choices of ways of patterns, at most.
const MOST_CHOICES: usize = 300;

/// What is asked of a text.
pub(super) struct Wanted<'a> {
    /// Each test, and whether it is to be passed.
    pub(super) tests: Vec<(&'a Test, bool)>,
    /// The text from which on it lies, in order of bytes.
    pub(super) from: &'a str,
    /// The text below which it lies.
    pub(super) below: Option<&'a str>,
    /// The text that is taken if it will do.
    pub(super) wished: &'a str,
}

impl Wanted<'_> {
    /// Whether a text is as wanted.
    fn is(&self, text: &str) -> bool {
        text >= self.from
            && self.below.is_none_or(|below| text < below)
            && self
                .tests
                .iter()
                .all(|(test, wanted)| test.passes(text) == *wanted)
    }

    fn to_pass(&self) -> impl Iterator<Item = &Test> {
        let tests = self.tests.iter().filter(|(_, wanted)| *wanted);
        tests.map(|(test, _)| *test)
    }

    /// A text that is as wanted; none if none of those tried is.
    pub(super) fn text(&self) -> Option<String> {
        let whole = self.to_pass().filter(|test| test.kind == Kind::Is);
        let whole = whole.map(|test| test.constant.as_str());
        let plain = [self.wished, "", self.from].into_iter().chain(whole);
        let written = |text: &str| [text.to_owned(), text.to_uppercase(), capital(text)];
        if let Some(text) = plain.flat_map(written).find(|text| self.is(text)) {
            return Some(text);
        }
        let mut tries = 0;
        for pieces in self.choices() {
            for text in self.arranged(&pieces) {
                tries += 1;
                if tries > MOST_TEXTS {
                    return None;
                }
                if self.is(&text) {
                    return Some(text);
                }
            }
        }
        None
    }

    /// Pieces that the text has to hold, in each choice of ways of its patterns.
    fn choices(&self) -> Vec<Vec<String>> {
        let contained = self.to_pass().filter(|test| test.kind == Kind::Contains);
        let mut pieces: Vec<String> = contained.map(|test| test.constant.clone()).collect();
        // What stands in another piece needs no place of its own.
        let all = pieces.clone();
        pieces.retain(|piece| {
            let mut others = all.iter();
            !others.any(|other| other != piece && other.contains(piece.as_str()))
        });
        pieces.dedup();
        let patterns = self.to_pass().filter_map(|test| match &test.kind {
            Kind::Matches(pattern) => Some(&pattern.0),
            Kind::Contains | Kind::StartsWith | Kind::EndsWith | Kind::Is => None,
        });
        let mut choices = vec![pieces];
        for pattern in patterns {
            let ways = matching(pattern);
            let mut more: Vec<Vec<String>> = Vec::new();
            // One that the other pieces match already needs nothing more.
            for pieces in &choices {
                if pattern.is_match(&pieces.join(" ")) {
                    more.push(pieces.clone());
                }
            }
            for way in &ways {
                for pieces in &choices {
                    if more.len() < MOST_CHOICES {
                        let mut pieces = pieces.clone();
                        pieces.push(way.clone());
                        more.push(pieces);
                    }
                }
            }
            choices = more;
        }
        choices
    }

    /// Texts that hold these pieces, between what the text has to begin and to end with.
    fn arranged(&self, pieces: &[String]) -> Vec<String> {
        let longest = |kind: Kind| {
            let tests = self.to_pass().filter(|test| test.kind == kind);
            let longest = tests.max_by_key(|test| test.constant.len());
            longest.map_or("", |test| test.constant.as_str())
        };
        let (end, mut starts) = (longest(Kind::EndsWith), vec![longest(Kind::StartsWith)]);
        if !self.from.is_empty() && !starts.contains(&self.from) {
            starts.push(self.from);
        }
        // Texts that lie before or behind most others.
        if starts == [""] {
            starts.extend(["x ", " ", "~ "]);
        }
        let mut texts = Vec::new();
        for start in starts {
            for separator in [" ", "", ", ", "\n"] {
                let parts = pieces.iter().map(String::as_str).chain([end]);
                let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
                let middle = parts.join(separator);
                for between in ["", " ", "x"] {
                    texts.push(format!("{start}{between}{middle}"));
                    if end.is_empty() {
                        texts.push(format!("{start}{between}{middle} x"));
                        texts.push(format!("{start}{between}{middle}x"));
                    }
                }
            }
        }
        let folded = self.to_pass().any(|test| test.folded);
        if folded {
            let other = texts
                .iter()
                .flat_map(|text| [text.to_uppercase(), capital(text)]);
            let other: Vec<String> = other.collect();
            texts.extend(other);
        }
        texts
    }
}

/// A text with its first letter as a capital.
fn capital(text: &str) -> String {
    let mut signs = text.chars();
    match signs.next() {
        Some(first) => first.to_uppercase().chain(signs).collect(),
        None => String::new(),
    }
}
