//! What a decision waits for: missing fields that keep rules unknown which could change it.
//!
//! Filled by [`super::blocks`] block by block, so that a classification without a value can stand for
//! the fields that it waits for itself.

use super::evaluator::Evaluator;
use super::problem::Site;
use crate::compile::{Node, NodeId, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that is unknown and could change the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Places of a classification and of its rule.
    Classification(u32, u32),
    /// Place of a rule of the route.
    Route(u32),
    /// Place of a tier.
    Tier(u32),
}

impl Subject {
    /// The block and the place of the rule in it.
    pub fn place(self) -> (Site, u32) {
        match self {
            Subject::Classification(block, rule) => (Site::Classification(block), rule),
            Subject::Route(rule) => (Site::Route, rule),
            Subject::Tier(tier) => (Site::Sla, tier),
        }
    }
}

/// Missing fields with the rules that wait for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    rules: BTreeMap<u32, Vec<Subject>>,
    classifications: BTreeMap<u32, BTreeSet<u32>>,
    route: BTreeSet<u32>,
    /// Whether nobody asks for it.
    unasked: bool,
}

impl Waiting {
    /// Where nobody asks what is waited for.
    pub(super) fn for_nothing() -> Waiting {
        Waiting {
            unasked: true,
            ..Waiting::default()
        }
    }

    /// Puts down an unknown rule.
    pub(super) fn add(&mut self, evaluator: &Evaluator<'_>, subject: Subject, when: NodeId) {
        if self.unasked {
            return;
        }
        // A part of the condition may be evaluated for the first time here.
        evaluator.stand_at(Some(subject.place()));
        for field in self.fields_of(evaluator, when) {
            self.rules.entry(field).or_default().push(subject);
            match subject {
                Subject::Classification(block, _) => {
                    self.classifications.entry(block).or_default().insert(field);
                }
                Subject::Route(_) => {
                    self.route.insert(field);
                }
                Subject::Tier(_) => {}
            }
        }
        evaluator.stand_at(None);
    }

    /// The fields that a classification without value waits for.
    pub(super) fn of_classification(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        let fields = self.classifications.get(&place);
        fields.into_iter().flatten().copied()
    }

    /// Fields in schema order, each with its rules in the order in which they were evaluated.
    pub(super) fn into_fields(self) -> Vec<(u32, Vec<Subject>)> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        self.rules.into_iter().collect()
    }

    /// Whether the same fields are waited for by the same rules.
    pub(super) fn is_like(&self, other: &Waiting) -> bool {
        self.rules == other.rules
    }

    /// The missing fields that the unknown parts of a condition read.
    fn fields_of(&self, evaluator: &Evaluator<'_>, condition: NodeId) -> BTreeSet<u32> {
        let program = evaluator.program;
        let mut fields = BTreeSet::new();
        let mut defines = BTreeSet::new();
        // From left to right, each part before the next one is asked: problems are met in that order.
        let mut work = vec![(condition, true)];
        while let Some((id, is_missing)) = work.pop() {
            if !is_missing && !evaluator.is_missing(id) {
                continue;
            }
            let node = program.node(id);
            if let Node::Field(slot) = node {
                fields.insert(*slot);
            } else if let Node::Classification(block) = node {
                fields.extend(self.classifications.get(block).into_iter().flatten());
            } else if let Node::Outcome(outcome) = node {
                if matches!(
                    outcome,
                    Outcome::RouteRole | Outcome::RouteQueue | Outcome::RouteWith
                ) {
                    fields.extend(&self.route);
                }
            } else if let Node::Define(place) = node {
                let define = program.defines.get(*place as usize);
                work.extend(
                    define
                        .filter(|_| defines.insert(*place))
                        .map(|define| (define.value, true)),
                );
            } else {
                let first = work.len();
                program.operands(id, |operand| work.push((operand, false)));
                if let Some(operands) = work.get_mut(first..) {
                    operands.reverse();
                }
            }
        }
        fields
    }
}
