//! Tests of texts: what a text holds, begins or ends with, is whatever its case, matches.
//!
//! Part of [`super::truths`]. Each test of a text is a proposition of its own; how two of them go
//! together is made known where it follows from their constants. Whether a text exists that passes some
//! tests and fails others is not worked out: what rests on that is not certain.

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
    kind: Kind,
    constant: String,
    folded: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Contains,
    StartsWith,
    EndsWith,
    Is,
    Matches,
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
            kind: Kind::Matches,
            constant: pattern.as_str().to_owned(),
            folded: false,
        }
    }

    /// What a text comes to; none where it is not known here.
    fn passes(&self, text: &str) -> Option<bool> {
        let folded;
        let text = match self.folded {
            true => {
                folded = fold(text);
                &folded
            }
            false => text,
        };
        let constant = self.constant.as_str();
        match self.kind {
            Kind::Contains => Some(text.contains(constant)),
            Kind::StartsWith => Some(text.starts_with(constant)),
            Kind::EndsWith => Some(text.ends_with(constant)),
            Kind::Is => Some(text == constant),
            Kind::Matches => {
                let pattern = regex::Regex::new(constant).ok()?;
                Some(pattern.is_match(text))
            }
        }
    }

    /// What passing this test says of another of the same text; none where nothing follows.
    fn says(&self, other: &Test) -> Option<bool> {
        if self.folded != other.folded {
            return None;
        }
        let (own, its) = (self.constant.as_str(), other.constant.as_str());
        match (self.kind, other.kind) {
            (Kind::Matches, _) | (_, Kind::Matches) => None,
            (Kind::Is, _) => match other.kind {
                Kind::Contains => Some(own.contains(its)),
                Kind::StartsWith => Some(own.starts_with(its)),
                Kind::EndsWith => Some(own.ends_with(its)),
                Kind::Is => Some(own == its),
                Kind::Matches => None,
            },
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

    /// Makes known how tests go together with each other and with the constants that the text is compared
    /// with.
    pub(super) fn tie(&self, solver: &mut Solver, scalars: &mut [Scalar]) {
        let mut by_text: BTreeMap<usize, Vec<(&Test, Literal)>> = BTreeMap::new();
        for ((place, test), (literal, _)) in &self.known {
            by_text.entry(*place).or_default().push((test, *literal));
        }
        for (place, tests) in by_text {
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
                    if let Some(passes) = test.passes(text) {
                        solver.implies(is, if passes { *literal } else { !*literal });
                    }
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
                let solver = &mut self.space.solver;
                let known = self.texts.known.entry((place, test.clone()));
                let (literal, _) = *known.or_insert_with(|| (solver.free(), id));
                let present = self.present(value);
                self.known(present, literal)
            }
            Term::Constant(Value::Text(text)) => {
                let solver = &self.space.solver;
                let holds = match test.passes(&text) {
                    Some(true) => solver.always(),
                    Some(false) | None => solver.never(),
                };
                Truth {
                    yes: holds,
                    no: !holds,
                }
            }
            Term::Choice(options) => {
                let (mut yes, mut no) = (Vec::new(), Vec::new());
                for (option, holds) in options {
                    let passes = match &option {
                        Value::Text(text) => test.passes(text),
                        _ => None,
                    };
                    match passes {
                        Some(true) => yes.push(holds),
                        Some(false) => no.push(holds),
                        None => {}
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
