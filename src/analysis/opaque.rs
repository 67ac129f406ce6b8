//! Opaque parts of conditions: where they stand in the program, and what they come to in a model.
//!
//! Beside [`super::terms`] and [`super::truths`], which meet them; read by [`super::witness`]. The same words are
//! the same part, so that one part may stand at many nodes; `is` and `is not`, `during` and `outside` are one part,
//! of which the nodes say opposite things.

use super::solver::{Literal, Solver};
use super::space::Variable;
use super::terms::{Encoder, Truth};
use crate::compile::NodeId;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What an opaque part of a condition, such as the answer of a script, is taken to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// The part.
    pub part: NodeId,
    /// Whether it stands in the older of two versions alone.
    pub old: bool,
    /// Its value; none for a missing one.
    pub value: Option<Value>,
}

/// A node with whether it stands in the older of two versions.
pub(super) type Spot = (bool, NodeId);

/// The nodes of opaque parts.
#[derive(Default)]
pub(super) struct OpaqueNodes {
    /// Nodes of the version at hand that are met while they are encoded.
    met: BTreeSet<NodeId>,
    conditions: BTreeMap<Spot, Truth>,
    /// Where the value of each lies among the scalars.
    values: BTreeMap<Spot, usize>,
}

impl OpaqueNodes {
    /// Conditions of the newer version, or of the only one.
    pub(super) fn of_newer(&self) -> impl Iterator<Item = (NodeId, Truth)> {
        let conditions = self.conditions.iter().filter(|((old, _), _)| !old);
        conditions.map(|((_, id), truth)| (*id, *truth))
    }

    /// Forgets which nodes are met: those to come are of another version.
    pub(super) fn turn(&mut self) {
        self.met.clear();
    }
}

/// An opaque part: its nodes with what each comes to in the model, and that it does.
pub(super) struct Part {
    pub(super) nodes: Vec<Assumed>,
    pub(super) known: Vec<Literal>,
    /// Where its value lies among the scalars; none for a condition.
    pub(super) place: Option<usize>,
}

impl Encoder<'_> {
    /// A condition of which nothing more is known than that it is unknown when something of this is
    /// missing; the same words are the same condition.
    pub(super) fn free(&mut self, id: NodeId, of: &[NodeId]) -> Truth {
        self.meets(id);
        let words = self.words(id);
        if let Some((known, _)) = self.free.get(&words) {
            return *known;
        }
        let inputs: Vec<Literal> = of.iter().map(|part| self.present(*part)).collect();
        let solver = &mut self.space.solver;
        let inputs = solver.all(inputs);
        let [yes, no] = [(); 2].map(|()| solver.free());
        solver.know(&[!yes, !no]);
        solver.implies(yes, inputs);
        solver.implies(no, inputs);
        let truth = Truth { yes, no };
        self.free.insert(words, (truth, id));
        truth
    }

    /// A condition that is true or false whenever all of this is there; the same words are the same
    /// condition.
    pub(super) fn decided(&mut self, id: NodeId, of: &[NodeId]) -> Truth {
        let truth = self.free(id, of);
        let inputs: Vec<Literal> = of.iter().map(|part| !self.present(*part)).collect();
        let clause: Vec<Literal> = inputs.into_iter().chain([truth.yes, truth.no]).collect();
        self.space.solver.know(&clause);
        truth
    }

    /// The same for what is there by itself.
    pub(super) fn settled_by(&mut self, id: NodeId, present: &[Literal]) -> Truth {
        let truth = self.free(id, &[]);
        let solver = &mut self.space.solver;
        let all = solver.all(present.iter().copied());
        solver.implies(truth.yes, all);
        solver.implies(truth.no, all);
        solver.know(&[!all, truth.yes, truth.no]);
        truth
    }

    /// Takes down that the truth of a node rests on what cannot be looked into.
    pub(super) fn meets(&mut self, id: NodeId) {
        if self.pinned.is_none() {
            self.nodes.met.insert(id);
        }
    }

    /// Takes down when an opaque condition is true; others are left alone.
    pub(super) fn keep_condition(&mut self, id: NodeId, truth: Truth) {
        if self.pinned.is_none() && self.nodes.met.contains(&id) {
            let spot = (self.is_older(), id);
            self.nodes.conditions.insert(spot, truth);
        }
    }

    /// Takes down where an opaque value lies.
    pub(super) fn keep_value(&mut self, id: NodeId, place: usize) {
        if self.pinned.is_none() {
            let spot = (self.is_older(), id);
            self.nodes.values.insert(spot, place);
        }
    }

    /// Takes down that the value at a place is an opaque one after all, and its nodes.
    pub(super) fn keep_unknown(&mut self, place: usize, spots: &[Spot]) {
        let known = spots.iter().map(|spot| (*spot, place));
        self.nodes.values.extend(known);
        if let Some((_, part)) = spots.first() {
            let words = format!("value at {place}");
            self.opaque.insert(words, (place, *part));
        }
    }

    /// All opaque parts as they are in the model; `together` has the values that are not read alone.
    pub(super) fn opaque_parts(&self, together: &BTreeMap<usize, Value>) -> Vec<Part> {
        let solver = &self.space.solver;
        let mut parts: Vec<Part> = Vec::new();
        let mut known: BTreeMap<[Literal; 2], usize> = BTreeMap::new();
        for ((old, part), truth) in &self.nodes.conditions {
            let value = match (solver.holds(truth.yes), solver.holds(truth.no)) {
                (true, _) => Some(Value::Bool(true)),
                (_, true) => Some(Value::Bool(false)),
                (false, false) => None,
            };
            let assumed = Assumed {
                part: *part,
                old: *old,
                value,
            };
            let mut key = [truth.yes, truth.no];
            key.sort_unstable();
            let place = *known.entry(key).or_insert(parts.len());
            match parts.get_mut(place) {
                Some(part) => part.nodes.push(assumed),
                None => parts.push(Part {
                    nodes: vec![assumed],
                    known: key.map(|one| settled(solver, one)).to_vec(),
                    place: None,
                }),
            }
        }
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for ((old, part), at) in &self.nodes.values {
            let Some(scalar) = self.space.scalars.get(*at) else {
                continue;
            };
            let value = scalar.place(solver).map(|(from, below)| {
                let range = scalar.range();
                let alone = || range.nearest(range.plain(), from.as_ref(), below.as_ref());
                together.get(at).cloned().unwrap_or_else(alone)
            });
            let assumed = Assumed {
                part: *part,
                old: *old,
                value,
            };
            let place = *known.entry(*at).or_insert(parts.len());
            match parts.get_mut(place) {
                Some(part) => part.nodes.push(assumed),
                None => parts.push(Part {
                    nodes: vec![assumed],
                    known: self.space.settled(Variable::Scalar(*at)),
                    place: Some(*at),
                }),
            }
        }
        parts
    }
}

/// A proposition as it is in the model.
pub(super) fn settled(solver: &Solver, literal: Literal) -> Literal {
    match solver.holds(literal) {
        true => literal,
        false => !literal,
    }
}
