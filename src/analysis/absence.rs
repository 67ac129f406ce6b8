//! Cases that come out otherwise only because an optional field is missing.
//!
//! Part of [`super::facts`]. Such a case exists if, for some values of everything else, the outcome
//! without the field is one that no value of the field gives. A case without the field is guessed, and a
//! value looked for that gives the same outcome; then the whole policy is encoded once more with the field
//! pinned to that value, and the next guess is one that comes out otherwise with it. So until no value is
//! found, or no guess is left.

use super::blocks::Blocks;
use super::facts::{Asker, Block, Claim, Fact, STEPS};
use super::solver::{Answer, Literal};
use super::space::Variable;
use super::terms::Encoder;
use super::witness::Witness;
use crate::compile::{Node, NodeId, RouteTarget, Strategy};
use crate::model::Presence;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Guesses for one field and one outcome, at most.
const MOST_GUESSES: usize = 40;
/// Nodes of the policy times values to which fields are pinned, at most.
const MOST_WORK: usize = 1_000_000;
/// Elements of a set of which all choices are told.
const MOST_ELEMENTS: usize = 6;

/// What a block reads.
#[derive(Default)]
struct Reads {
    fields: BTreeSet<u32>,
    /// Those of which it asks whether they are missing.
    presence: BTreeSet<u32>,
    defines: BTreeSet<u32>,
    classifications: BTreeSet<u32>,
    /// Whether it reads what the route or the tiers decide.
    outcomes: bool,
}

/// The policy with one field pinned to a value, by field and value.
type Pinned = BTreeMap<(u32, Value), Blocks>;

impl Asker<'_> {
    pub(super) fn absences(&mut self, blocks: &Blocks) {
        let program = self.encoder.program;
        let mut pinned = Pinned::new();
        let picks = (0u32..).zip(&program.classifications);
        let picks = picks.filter(|(_, block)| block.strategy != Strategy::Collect);
        let names = picks.map(|(place, _)| Block::Classification(place));
        let names = names.chain([Block::Route, Block::Sla]);
        for name in names.collect::<Vec<_>>() {
            let Some(block) = blocks.of(name) else {
                continue;
            };
            let mut reads = Reads::default();
            for condition in block.rules.iter().filter_map(|rule| rule.condition) {
                self.encoder.reads(condition, &mut reads);
            }
            let outcomes = self.outcomes(name, blocks);
            for slot in &reads.fields {
                let field = self.encoder.space.schema.fields.get(*slot as usize);
                let optional = field.is_some_and(|field| field.presence == Presence::Optional);
                if !optional || reads.presence.contains(slot) {
                    continue;
                }
                if self.encoder.has_neutral_value(*slot, name, &reads) {
                    continue;
                }
                for place in 0..outcomes.len() {
                    if self.guess(name, *slot, (&outcomes, place), &mut pinned) {
                        break;
                    }
                }
            }
        }
    }

    /// The case that a guess found, or a plainer one that shows the same.
    fn shown_without(
        &mut self,
        slot: u32,
        outcome: Literal,
        base: &[Literal],
        known: &[Literal],
    ) -> Option<Witness> {
        let (there, _) = self.encoder.presence(slot)?;
        if let Some(mut asked) = self.encoder.plainest(base, STEPS) {
            let plain = self.encoder.all_but(slot);
            let same: Vec<Literal> = plain.iter().copied().chain([there, outcome]).collect();
            if self.encoder.space.solver.ask(&same, STEPS) == Answer::No {
                // Just this case: what is plain alone leaves others open.
                asked.extend(plain);
                return self.encoder.witness_of(base, &asked, STEPS);
            }
        }
        let asked: Vec<Literal> = base.iter().chain(known).copied().collect();
        self.encoder.witness_of(base, &asked, STEPS)
    }

    /// That each outcome of a block comes about, by whatever rule.
    fn outcomes(&mut self, name: Block, blocks: &Blocks) -> Vec<Literal> {
        let program = self.encoder.program;
        let Some(block) = blocks.of(name) else {
            return Vec::new();
        };
        let taken = block.rules.iter().map(|rule| rule.taken);
        let taken: Vec<Literal> = taken.chain(block.otherwise).collect();
        match name {
            Block::Classification(place) => {
                let Some(written) = program.classifications.get(place as usize) else {
                    return Vec::new();
                };
                let values = written.rules.iter().map(|rule| &rule.then);
                let rest = written.otherwise.iter().map(|(value, _)| value);
                self.grouped(values.chain(rest).zip(taken))
            }
            Block::Route => {
                let Some(written) = &program.route else {
                    return Vec::new();
                };
                let targets = written.rules.iter().map(|rule| &rule.target);
                let key = |target: &RouteTarget| (target.role, target.queue, target.with.clone());
                self.grouped(targets.chain(&written.otherwise).map(key).zip(taken))
            }
            _ => taken,
        }
    }

    fn grouped<T: PartialEq>(
        &mut self,
        outcomes: impl Iterator<Item = (T, Literal)>,
    ) -> Vec<Literal> {
        let mut groups: Vec<(T, Vec<Literal>)> = Vec::new();
        for (outcome, taken) in outcomes {
            match groups.iter_mut().find(|(known, _)| *known == outcome) {
                Some((_, group)) => group.push(taken),
                None => groups.push((outcome, vec![taken])),
            }
        }
        let solver = &mut self.encoder.space.solver;
        groups
            .into_iter()
            .map(|(_, group)| solver.any(group))
            .collect()
    }

    /// Looks for a case without a field that has an outcome which no value of the field gives; whether it
    /// is no use to look further.
    fn guess(
        &mut self,
        name: Block,
        slot: u32,
        (outcomes, place): (&[Literal], usize),
        pinned: &mut Pinned,
    ) -> bool {
        let Some(outcome) = outcomes.get(place).copied() else {
            return false;
        };
        let Some((there, possible)) = self.encoder.presence(slot) else {
            return false;
        };
        let mut base = vec![outcome, !there, possible];
        for _ in 0..MOST_GUESSES {
            match self.encoder.space.solver.ask(&base, STEPS) {
                Answer::Yes => {}
                Answer::No => return false,
                Answer::Undecided => break,
            }
            let mut same = self.encoder.all_but(slot);
            same.extend([there, outcome]);
            match self.encoder.space.solver.ask(&same, STEPS) {
                Answer::Undecided => break,
                Answer::No => {
                    same.truncate(same.len().saturating_sub(2));
                    let witness = self.shown_without(slot, outcome, &base, &same);
                    if witness.is_none() {
                        break;
                    }
                    let witness = witness.filter(|witness| witness.assumes.is_empty());
                    if let Some(mut witness) = witness {
                        witness.others = self.encoder.values_of(slot);
                        self.found.facts.push(Fact {
                            block: name,
                            claim: Claim::UnsetByMissing(slot),
                            witness: Some(witness),
                            rows: None,
                        });
                    }
                    return true;
                }
                Answer::Yes => {
                    let Some(value) = self.encoder.value_of(slot) else {
                        break;
                    };
                    let rules = self.encoder.program.nodes();
                    let key = (slot, value);
                    if !pinned.contains_key(&key) {
                        if (pinned.len() + 1).saturating_mul(rules) > MOST_WORK {
                            break;
                        }
                        let blocks = self.encoder.pinned_to(slot, key.1.clone());
                        pinned.insert(key.clone(), blocks);
                    }
                    let Some(blocks) = pinned.remove(&key) else {
                        break;
                    };
                    let with = self.outcomes(name, &blocks).get(place).copied();
                    pinned.insert(key, blocks);
                    let Some(with) = with.filter(|with| !base.contains(&!*with)) else {
                        // No progress: it depends on how the field lies to others, each of which would have
                        // to be held against this value, or on what cannot be looked into.
                        if self.encoder.is_compared(slot) {
                            break;
                        }
                        return true;
                    };
                    base.push(!with);
                }
            }
        }
        self.found.undecided += 1;
        true
    }
}

impl Encoder<'_> {
    /// The blocks of the policy with a field pinned to a value.
    fn pinned_to(&mut self, slot: u32, value: Value) -> Blocks {
        let before = (
            std::mem::take(&mut self.defines),
            std::mem::take(&mut self.classifications),
            std::mem::take(&mut self.outcomes),
        );
        self.pinned = Some((slot, Some(value)));
        let blocks = self.deciding();
        self.pinned = None;
        if self.is_compared(slot) {
            let space = &mut self.space;
            space
                .pairs
                .tie_further(&mut space.solver, &mut space.scalars);
        }
        (self.defines, self.classifications, self.outcomes) = before;
        blocks
    }

    /// Whether there is a value of a field with which each rule of a block, and of the blocks that it
    /// reads, is true of the same cases as without the field, as far as can be seen without a question.
    /// Then the field missing gives nothing that no value gives.
    fn has_neutral_value(&mut self, slot: u32, name: Block, reads: &Reads) -> bool {
        let program = self.program;
        let mut conditions: Vec<NodeId> = Vec::new();
        let mut blocks = reads.classifications.clone();
        if reads.outcomes {
            blocks.extend((0..).take(program.classifications.len()));
        }
        if let Block::Classification(place) = name {
            blocks.insert(place);
        }
        if name == Block::Route || reads.outcomes {
            let rules = program.route.iter().flat_map(|route| &route.rules);
            conditions.extend(rules.map(|rule| rule.when));
        }
        if name == Block::Sla || reads.outcomes {
            let tiers = program.sla.iter().flat_map(|sla| &sla.tiers);
            conditions.extend(tiers.filter_map(|tier| tier.when));
        }
        for place in blocks {
            let rules = program.classifications.get(place as usize);
            let rules = rules.into_iter().flat_map(|block| &block.rules);
            conditions.extend(rules.map(|rule| rule.when));
        }
        conditions.retain(|condition| {
            let mut reads = Reads {
                // What other blocks decide is looked at there.
                classifications: (0..).take(program.classifications.len()).collect(),
                ..Reads::default()
            };
            self.reads(*condition, &mut reads);
            reads.fields.contains(&slot)
        });
        let without: Vec<Literal> = conditions
            .iter()
            .map(|condition| self.pinned_truth(slot, None, *condition))
            .collect();
        self.values_of(slot).into_iter().any(|value| {
            let mut pairs = conditions.iter().zip(&without);
            pairs.all(|(condition, without)| {
                self.pinned_truth(slot, Some(value.clone()), *condition) == *without
            })
        })
    }

    /// That a condition is true where a field is pinned to a value, or missing.
    fn pinned_truth(&mut self, slot: u32, value: Option<Value>, condition: NodeId) -> Literal {
        let defines = std::mem::take(&mut self.defines);
        self.pinned = Some((slot, value));
        let truth = self.truth(condition);
        self.pinned = None;
        self.defines = defines;
        truth.yes
    }

    /// Words for something that may come out otherwise where a field is pinned.
    pub(super) fn pinned_words(&self, id: NodeId) -> String {
        let Some((slot, value)) = &self.pinned else {
            return String::new();
        };
        let mut reads = Reads::default();
        self.reads(id, &mut reads);
        match reads.fields.contains(slot) {
            true => match value {
                Some(value) => format!(" with {value:?}"),
                None => " without it".to_owned(),
            },
            false => String::new(),
        }
    }

    /// What an expression reads, through defines and classifications.
    fn reads(&self, id: NodeId, reads: &mut Reads) {
        match self.program.node(id) {
            Node::Field(slot) => {
                reads.fields.insert(*slot);
            }
            Node::Define(place) => {
                if reads.defines.insert(*place)
                    && let Some(define) = self.program.defines.get(*place as usize)
                {
                    self.reads(define.value, reads);
                }
            }
            Node::Classification(place) => {
                if reads.classifications.insert(*place)
                    && let Some(block) = self.program.classifications.get(*place as usize)
                {
                    for rule in &block.rules {
                        self.reads(rule.when, reads);
                    }
                }
            }
            Node::Outcome(_) => reads.outcomes = true,
            Node::Missing { value, .. } => {
                if let Node::Field(slot) = self.program.node(*value) {
                    reads.presence.insert(*slot);
                }
                self.reads(*value, reads);
            }
            _ => {
                let mut operands = Vec::new();
                self.program.operands(id, |operand| operands.push(operand));
                for operand in operands {
                    self.reads(operand, reads);
                }
            }
        }
    }

    /// The classifications that some expressions read, through defines and classifications, in order.
    pub(super) fn classifications_read(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<u32> {
        let mut reads = Reads::default();
        for id in ids {
            self.reads(id, &mut reads);
        }
        reads.classifications.into_iter().collect()
    }

    /// Whether an expression reads fields and events alone.
    pub(super) fn stands_alone(&self, id: NodeId) -> bool {
        let mut reads = Reads::default();
        self.reads(id, &mut reads);
        reads.classifications.is_empty() && !reads.outcomes
    }

    /// That a field has a value, and that it can have one.
    fn presence(&self, slot: u32) -> Option<(Literal, Literal)> {
        let there = match self.space.fields.get(slot as usize)? {
            Variable::Scalar(place) => self.space.scalars.get(*place)?.present,
            Variable::Set(place) => self.space.sets.get(*place)?.present,
        };
        Some((there, *self.space.around.get(slot as usize)?))
    }

    /// Whether a field is compared with others.
    fn is_compared(&self, slot: u32) -> bool {
        match self.space.fields.get(slot as usize) {
            Some(Variable::Scalar(place)) => self.space.pairs.places().contains(place),
            Some(Variable::Set(_)) | None => false,
        }
    }

    /// The value of a field in the model, beside the values of those that it is compared with.
    fn value_of(&self, slot: u32) -> Option<Value> {
        let space = &self.space;
        let together = space.pairs.shown(&space.solver, &space.scalars);
        let among = match space.fields.get(slot as usize) {
            Some(Variable::Scalar(place)) => together.get(place).cloned(),
            Some(Variable::Set(_)) | None => None,
        };
        among.or_else(|| self.shown(slot as usize))
    }

    /// All that is known of a field in the model.
    fn all_of(&self, slot: u32) -> Vec<Literal> {
        let variable = self.space.fields.get(slot as usize);
        variable.map_or(Vec::new(), |variable| self.space.settled(*variable))
    }

    /// All that is known in the model of everything that does not depend on a field.
    fn all_but(&self, slot: u32) -> Vec<Literal> {
        let solver = &self.space.solver;
        let settled = |literal: Literal| match solver.holds(literal) {
            true => literal,
            false => !literal,
        };
        let mut known: Vec<Literal> = self.happened.values().map(|one| settled(*one)).collect();
        for (other, _) in (0u32..).zip(&self.space.fields) {
            if other != slot {
                known.extend(self.all_of(other));
            }
        }
        if let Some(now) = self.space.scalars.get(self.space.now) {
            known.extend(now.known(solver));
        }
        let own = match self.space.fields.get(slot as usize) {
            Some(Variable::Scalar(place)) => Some(*place),
            Some(Variable::Set(_)) | None => None,
        };
        let pairs = self.space.pairs.all_known(solver).into_iter();
        let pairs = pairs.filter(|((a, b), _)| own != Some(*a) && own != Some(*b));
        known.extend(pairs.flat_map(|(_, literals)| literals));
        let depends = |part: NodeId| {
            let mut reads = Reads::default();
            self.reads(part, &mut reads);
            reads.fields.contains(&slot)
        };
        for (truth, part) in self.free.values() {
            if !depends(*part) {
                known.extend([settled(truth.yes), settled(truth.no)]);
            }
        }
        for (test, part) in self.texts.all() {
            if !depends(part) {
                known.push(settled(test));
            }
        }
        for (place, part) in self.opaque.values() {
            if !depends(*part) {
                known.extend(self.space.settled(Variable::Scalar(*place)));
            }
        }
        known
    }

    /// Values of a field of which conditions tell each from the next.
    fn values_of(&self, slot: u32) -> Vec<Value> {
        match self.space.fields.get(slot as usize) {
            Some(Variable::Scalar(place)) => {
                let Some(scalar) = self.space.scalars.get(*place) else {
                    return Vec::new();
                };
                let points: Vec<&Value> = scalar.points().map(|(point, _)| point).collect();
                let range = scalar.range();
                let first = range.nearest(range.plain(), None, points.first().copied());
                let others = points.iter().map(|point| (*point).clone());
                std::iter::once(first).chain(others).collect()
            }
            Some(Variable::Set(place)) => {
                let set = self.space.sets.get(*place);
                let elements = set.map_or(Vec::new(), |set| set.elements());
                if elements.len() > MOST_ELEMENTS {
                    return Vec::new();
                }
                let choices = 0..1u32 << elements.len();
                let choices = choices.map(|bits| {
                    let held = (0u32..)
                        .zip(&elements)
                        .filter(|(bit, _)| bits >> bit & 1 == 1);
                    Value::set(held.map(|(_, element)| element.clone()).collect())
                });
                choices.collect()
            }
            None => Vec::new(),
        }
    }
}
