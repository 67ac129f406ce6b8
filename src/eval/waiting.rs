//! What a decision waits for: missing fields that keep rules unknown which could change it.
//!
//! Filled by [`super::blocks`] block by block, so that a classification without a value can stand for
//! the fields that it waits for itself.

use super::evaluator::Evaluator;
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

/// Missing fields with the rules that wait for them.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    rules: BTreeMap<u32, Vec<Subject>>,
    classifications: BTreeMap<u32, BTreeSet<u32>>,
    route: BTreeSet<u32>,
}

impl Waiting {
    /// Puts down an unknown rule.
    pub(super) fn add(&mut self, evaluator: &Evaluator<'_>, subject: Subject, when: NodeId) {
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
    }

    /// Fields in schema order, each with its rules in the order in which they were evaluated.
    pub(super) fn into_fields(self) -> Vec<(u32, Vec<Subject>)> {
        self.rules.into_iter().collect()
    }

    /// The missing fields that the unknown parts of a condition read.
    fn fields_of(&self, evaluator: &Evaluator<'_>, condition: NodeId) -> BTreeSet<u32> {
        let program = evaluator.program;
        let mut fields = BTreeSet::new();
        let mut defines = BTreeSet::new();
        let mut work = vec![condition];
        evaluator.stand_at(None);
        while let Some(id) = work.pop() {
            match program.node(id) {
                Node::Field(slot) => {
                    fields.insert(*slot);
                }
                Node::Classification(block) => {
                    fields.extend(self.classifications.get(block).into_iter().flatten());
                }
                Node::Outcome(Outcome::RouteRole | Outcome::RouteQueue | Outcome::RouteWith) => {
                    fields.extend(&self.route)
                }
                Node::Define(place) => {
                    if let (true, Some(define)) =
                        (defines.insert(*place), program.defines.get(*place as usize))
                    {
                        work.push(define.value);
                    }
                }
                _ => program.operands(id, |operand| {
                    if evaluator.is_missing(operand) {
                        work.push(operand);
                    }
                }),
            }
        }
        fields
    }
}
