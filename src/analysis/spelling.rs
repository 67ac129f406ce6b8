//! A text that passes some tests and fails others, if one is easily found.
//!
//! After [`super::texts`]. What a text has to hold is put together in the ways in which people write it, and each
//! text so made is held against all tests: one that is found is certain, that none is found proves nothing.

use super::solver::Literal;
use super::terms::Encoder;
use super::texts::{Kind, Test};
use crate::compile::{fold, matching, written_pattern};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Texts that are tried for one question, at most.
const MOST_TEXTS: usize = 1_500;
/// Choices of ways of patterns, at most.
const MOST_CHOICES: usize = 100;

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
        self.lies(text) && {
            let folded = fold(text);
            let as_wanted = |wanted: bool| {
                let mut tests = self.tests.iter().filter(move |(_, own)| *own == wanted);
                tests.all(|(test, _)| test.passes_either(text, &folded) == wanted)
            };
            as_wanted(true) && as_wanted(false)
        }
    }

    fn lies(&self, text: &str) -> bool {
        text >= self.from && self.below.is_none_or(|below| text < below)
    }

    fn to_pass(&self) -> impl Iterator<Item = &Test> {
        let tests = self.tests.iter().filter(|(_, wanted)| *wanted);
        tests.map(|(test, _)| *test)
    }

    /// A text that is as wanted; none if none of those tried is.
    pub(super) fn text(&self) -> Option<String> {
        self.tried().find(|text| self.is(text))
    }

    /// Texts that are tried, the plainest first.
    fn tried(&self) -> impl Iterator<Item = String> {
        let whole = self.to_pass().filter(|test| test.kind == Kind::Is);
        let whole = whole.map(|test| test.constant.as_str());
        let plain = [self.wished, "", self.from].into_iter().chain(whole);
        let cased = self.is_cased();
        let plain = plain.flat_map(move |text| written(text, cased));
        let arranged = self.choices().into_iter();
        let arranged = arranged.flat_map(move |pieces| self.arranged(&pieces, cased));
        plain.chain(arranged).take(MOST_TEXTS)
    }

    /// Whether the case of letters may matter.
    fn is_cased(&self) -> bool {
        let folded = self.to_pass().any(|test| test.folded);
        let exact = self.tests.iter().any(|(test, _)| match &test.kind {
            Kind::Matches(pattern) => !written_pattern(&pattern.0).1,
            Kind::Contains | Kind::StartsWith | Kind::EndsWith | Kind::Is => !test.folded,
        });
        folded && (exact || !self.from.is_empty() || self.below.is_some())
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
    fn arranged(&self, pieces: &[String], cased: bool) -> Vec<String> {
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
        let parts = pieces.iter().map(String::as_str).chain([end]);
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let separators = [" ", "", ", "];
        let separators = match parts.len() {
            0 | 1 => &separators[..1],
            _ => &separators[..],
        };
        let tails = ["", " x", "x"];
        let tails = match end {
            "" => &tails[..],
            _ => &tails[..1],
        };
        let mut texts = Vec::new();
        for start in starts {
            for separator in separators {
                let middle = parts.join(separator);
                for between in ["", " ", "x"] {
                    for tail in tails {
                        let text = format!("{start}{between}{middle}{tail}");
                        texts.extend(written(&text, cased));
                    }
                }
            }
        }
        texts
    }
}

/// A text, and if its case may matter, in capitals as well.
fn written(text: &str, cased: bool) -> Vec<String> {
    match cased {
        true => vec![text.to_owned(), text.to_uppercase(), capital(text)],
        false => vec![text.to_owned()],
    }
}

/// A text in the model: what is wanted of it, with the propositions of its tests in the same order.
struct Text<'a> {
    tests: Vec<(&'a Test, bool)>,
    literals: Vec<Literal>,
    /// How it lies to constants.
    place: Vec<Literal>,
    from: Option<Value>,
    below: Option<Value>,
    wished: Value,
}

impl Text<'_> {
    /// What is asked of it, of the tests for which `kept` holds.
    fn wanted(&self, kept: impl Fn(usize) -> bool) -> Wanted<'_> {
        let tests = self.tests.iter().copied().enumerate();
        let tests = tests.filter(|(place, _)| kept(*place));
        Wanted {
            tests: tests.map(|(_, test)| test).collect(),
            from: self.from.as_ref().and_then(plain).unwrap_or_default(),
            below: self.below.as_ref().and_then(plain),
            wished: plain(&self.wished).unwrap_or_default(),
        }
    }

    /// Whether the text is to pass the test at a place.
    fn passes(&self, place: usize) -> bool {
        self.tests.get(place).is_some_and(|(_, wanted)| *wanted)
    }

    /// Tests that no text was found to come out of as wanted, as few as easily found: at least one of these is not
    /// asked for again together with the others.
    fn lesson(&self) -> Vec<Literal> {
        let opposite = |place: usize| {
            let literal = self.literals.get(place).copied();
            literal.map(|literal| {
                if self.passes(place) {
                    !literal
                } else {
                    literal
                }
            })
        };
        let passed: Vec<usize> = (0..self.tests.len())
            .filter(|place| self.passes(*place))
            .collect();
        let groups = passed.iter().map(std::slice::from_ref).chain([&passed[..]]);
        for group in groups {
            if let Some(failed) = self.in_the_way(group) {
                let both = group.iter().copied().chain(failed);
                return both.filter_map(opposite).collect();
            }
        }
        (0..self.tests.len()).filter_map(opposite).collect()
    }

    /// Tests that texts pass which pass these, and should not: one that all of them pass, or else all that any
    /// passes; none if one of the texts is as wanted.
    fn in_the_way(&self, group: &[usize]) -> Option<Vec<usize>> {
        let wanted = self.wanted(|place| group.contains(&place));
        let mut common: Option<BTreeSet<usize>> = None;
        let mut any = BTreeSet::new();
        for text in wanted.tried().filter(|text| wanted.is(text)) {
            let folded = fold(&text);
            let tests = self.tests.iter().enumerate();
            let wrong =
                tests.filter(|(_, (test, wanted))| !wanted && test.passes_either(&text, &folded));
            let wrong: BTreeSet<usize> = wrong.map(|(place, _)| place).collect();
            if wrong.is_empty() {
                return None;
            }
            any.extend(&wrong);
            common = Some(match common {
                Some(common) => &common & &wrong,
                None => wrong,
            });
        }
        let one = common.and_then(|common| common.first().copied());
        Some(one.map_or_else(|| any.into_iter().collect(), |one| vec![one]))
    }
}

fn plain(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

impl Encoder<'_> {
    /// Each text that is tested in the model, by its place among the scalars.
    fn tested(&self) -> Vec<(usize, Text<'_>)> {
        let solver = &self.space.solver;
        let tested = self
            .texts
            .by_text()
            .into_iter()
            .filter_map(|(place, tests)| {
                let scalar = self.space.scalars.get(place)?;
                let (from, below) = scalar.place(solver)?;
                let asked = tests.iter();
                let text = Text {
                    tests: asked
                        .map(|(test, literal)| (*test, solver.holds(*literal)))
                        .collect(),
                    literals: tests.iter().map(|(_, literal)| *literal).collect(),
                    place: scalar.known(solver),
                    from,
                    below,
                    wished: scalar.range().plain(),
                };
                Some((place, text))
            });
        tested.collect()
    }

    /// Texts that come out in their tests as they do in the model, as far as they are found.
    pub(super) fn spelled(&self) -> BTreeMap<usize, Value> {
        let tested = self.tested().into_iter();
        let spelled = tested.filter_map(|(place, text)| {
            let whole = text.wanted(|_| true).text();
            // Mostly it does not matter which tests it fails.
            let found = whole.or_else(|| text.wanted(|place| text.passes(place)).text());
            found.map(|found| (place, Value::text(&found)))
        });
        spelled.collect()
    }

    /// For a text of the model that is not found: at least one of these has to be so for it to be found.
    pub(super) fn unspelled(&self) -> Option<Vec<Literal>> {
        let tested = self.tested().into_iter();
        let mut missed = tested.filter(|(_, text)| text.wanted(|_| true).text().is_none());
        missed.next().map(|(_, text)| {
            let mut lesson = text.lesson();
            if text.below.is_some() || text.from.as_ref().and_then(plain) != Some("") {
                lesson.extend(text.place.iter().map(|literal| !*literal));
            }
            lesson
        })
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
