//! Tests of texts: what a text holds, begins or ends with, is whatever its case, matches.
//!
//! Part of [`super::truths`]. Each test of a text is a proposition of its own; how two of them go
//! together is made known where it follows from their constants. Whether a text exists that passes some
//! tests and fails others is not proved; [`super::spelling`] looks for one.

use super::scalars::Scalar;
use super::solver::{Literal, Solver};
use super::terms::{Encoder, Term, Truth};
use crate::compile::{NodeId, TextOp, fold};
use crate::value::Value;
use std::collections::BTreeMap;

/// Tests of one text, at most, that are held against each other.
const MOST_TESTS: usize = 1000;

/// What a text is tested for. A folded test reads the text in lower case, and so is its constant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Test {
    pub(super) kind: Kind,
    pub(super) constant: String,
    pub(super) folded: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Contains,
    StartsWith,
    EndsWith,
    Is,
    Matches(Pattern),
}

/// A regular expression; two of the same words are the same.
#[derive(Clone, Debug)]
pub(super) struct Pattern(pub(super) regex::Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Pattern) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Pattern) -> std::cmp::Ordering {
        self.0.as_str().cmp(other.0.as_str())
    }
}

impl Test {
    pub(super) fn operator(op: TextOp, constant: &str, folded: bool) -> Test {
        let kind = match op {
            TextOp::Contains => Kind::Contains,
            TextOp::StartsWith => Kind::StartsWith,
            TextOp::EndsWith => Kind::EndsWith,
        };
        Test {
            kind,
            constant: constant.to_owned(),
            folded,
        }
    }

    pub(super) fn contains(constant: &str, folded: bool) -> Test {
        Test::operator(TextOp::Contains, constant, folded)
    }

    pub(super) fn is_folded(constant: &str) -> Test {
        Test {
            kind: Kind::Is,
            constant: constant.to_owned(),
            folded: true,
        }
    }

    pub(super) fn matches(pattern: &regex::Regex) -> Test {
        Test {
            kind: Kind::Matches(Pattern(pattern.clone())),
            constant: pattern.as_str().to_owned(),
            folded: false,
        }
    }

    /// Whether a text passes.
    pub(super) fn passes(&self, text: &str) -> bool {
        match self.folded {
            true => self.passes_either(text, &fold(text)),
            false => self.passes_either(text, text),
        }
    }

    /// Whether a text passes that is this one in lower case.
    pub(super) fn passes_either(&self, text: &str, folded: &str) -> bool {
        let text = if self.folded { folded } else { text };
        let constant = self.constant.as_str();
        match &self.kind {
            Kind::Contains => text.contains(constant),
            Kind::StartsWith => text.starts_with(constant),
            Kind::EndsWith => text.ends_with(constant),
            Kind::Is => text == constant,
            Kind::Matches(pattern) => pattern.0.is_match(text),
        }
    }

    /// What passing this test says of another of the same text; none where nothing follows.
    fn says(&self, other: &Test) -> Option<bool> {
        if self.folded != other.folded {
            return None;
        }
        let (own, its) = (self.constant.as_str(), other.constant.as_str());
        match (&self.kind, &other.kind) {
            (Kind::Matches(_), _) | (_, Kind::Matches(_)) => None,
            (Kind::Is, Kind::Contains) => Some(own.contains(its)),
            (Kind::Is, Kind::StartsWith) => Some(own.starts_with(its)),
            (Kind::Is, Kind::EndsWith) => Some(own.ends_with(its)),
            (Kind::Is, Kind::Is) => Some(own == its),
            (_, Kind::Contains) => own.contains(its).then_some(true),
            (Kind::StartsWith, Kind::StartsWith) => match own.starts_with(its) {
                true => Some(true),
                false => (!its.starts_with(own)).then_some(false),
            },
            (Kind::EndsWith, Kind::EndsWith) => match own.ends_with(its) {
                true => Some(true),
                false => (!its.ends_with(own)).then_some(false),
            },
            _ => None,
        }
    }
}

/// All tests of texts, by the place of the text, with an atom of each.
#[derive(Default)]
pub(super) struct Tests {
    known: BTreeMap<(usize, Test), (Literal, NodeId)>,
}

impl Tests {
    /// Each with its proposition and an atom that asks for it.
    pub(super) fn all(&self) -> impl Iterator<Item = (Literal, NodeId)> {
        self.known.values().copied()
    }

    /// The tests of each text, by its place among the scalars.
    pub(super) fn by_text(&self) -> BTreeMap<usize, Vec<(&Test, Literal)>> {
        let mut by_text: BTreeMap<usize, Vec<(&Test, Literal)>> = BTreeMap::new();
        for ((place, test), (literal, _)) in &self.known {
            by_text.entry(*place).or_default().push((test, *literal));
        }
        by_text
    }

    /// Makes known how tests go together with each other and with the constants that the text is compared
    /// with.
    pub(super) fn tie(&self, solver: &mut Solver, scalars: &mut [Scalar]) {
        for (place, tests) in self.by_text() {
            if tests.len() > MOST_TESTS {
                continue;
            }
            for (test, literal) in &tests {
                for (other, its) in &tests {
                    if test != other
                        && let Some(follows) = test.says(other)
                    {
                        let consequence = if follows { *its } else { !*its };
                        solver.implies(*literal, consequence);
                    }
                }
            }
            let Some(scalar) = scalars.get_mut(place) else {
                continue;
            };
            let points: Vec<Value> = scalar.points().map(|(point, _)| point.clone()).collect();
            for point in &points {
                let Value::Text(text) = point else { continue };
                let is = scalar.is(solver, point);
                for (test, literal) in &tests {
                    let passes = test.passes(text);
                    solver.implies(is, if passes { *literal } else { !*literal });
                }
            }
        }
    }
}

impl Encoder<'_> {
    /// That a text passes a test.
    pub(super) fn text_test(&mut self, id: NodeId, value: NodeId, test: &Test) -> Truth {
        match self.term(value) {
            Term::Scalar(place) => {
                self.meets(id);
                let solver = &mut self.space.solver;
                let known = self.texts.known.entry((place, test.clone()));
                let (literal, _) = *known.or_insert_with(|| (solver.free(), id));
                let present = self.present(value);
                self.known(present, literal)
            }
            Term::Constant(Value::Text(text)) => {
                let solver = &self.space.solver;
                let holds = match test.passes(&text) {
                    true => solver.always(),
                    false => solver.never(),
                };
                Truth {
                    yes: holds,
                    no: !holds,
                }
            }
            Term::Choice(options) => {
                let (mut yes, mut no) = (Vec::new(), Vec::new());
                for (option, holds) in options {
                    if let Value::Text(text) = &option {
                        match test.passes(text) {
                            true => yes.push(holds),
                            false => no.push(holds),
                        }
                    }
                }
                let solver = &mut self.space.solver;
                Truth {
                    yes: solver.any(yes),
                    no: solver.any(no),
                }
            }
            _ => self.free(id, &[value]),
        }
    }

    /// That a text passes some tests, or all of them.
    pub(super) fn text_tests(
        &mut self,
        id: NodeId,
        value: NodeId,
        tests: &[Test],
        all: bool,
    ) -> Truth {
        let parts = tests.iter().map(|test| self.text_test(id, value, test));
        let parts: Vec<Truth> = parts.collect();
        let present = self.present(value);
        let solver = &mut self.space.solver;
        let yes = parts.iter().map(|part| part.yes);
        let holds = match all {
            true => solver.all(yes),
            false => solver.any(yes),
        };
        self.known(present, holds)
    }
}
