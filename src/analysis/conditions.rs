//! What is asked of parts of conditions: which of them contradict each other, which change nothing.
//!
//! Part of [`super::facts`].

use super::facts::{Asker, Block, Claim};
use super::solver::Literal;
use super::space::Space;
use super::terms::{Encoder, Truth};
use crate::compile::{Effective, Node, NodeId, Program};

/// What is certain of one condition with its dates.
pub(super) struct Alone {
    /// It is true of no case.
    pub(super) never: bool,
    /// It is true of every case.
    pub(super) always: bool,
}

impl Asker<'_> {
    /// What can be said of one condition by itself: among the cases alone, where it reads no classification
    /// and no outcome, in a small solver that knows the constants of this condition only.
    pub(super) fn condition(
        &mut self,
        block: Block,
        rule: u32,
        (effective, condition): (Option<Effective>, Option<NodeId>),
        fires: Literal,
    ) -> Alone {
        if condition.is_some_and(|condition| !self.encoder.stands_alone(condition)) {
            return self.condition_here(block, rule, condition, fires);
        }
        let (schema, program) = (self.encoder.space.schema, self.encoder.program);
        let mut encoder = Encoder::new(program, Space::new(schema));
        let in_force = encoder.effective(effective);
        let holds = match condition {
            Some(condition) => encoder.truth(condition).yes,
            None => encoder.space.solver.always(),
        };
        let fires = encoder.space.solver.all([in_force, holds]);
        encoder.finish();
        encoder.space.solver.pay_from(&self.encoder.space.solver);
        let mut alone = Asker {
            encoder,
            found: std::mem::take(&mut self.found),
        };
        let said = alone.condition_here(block, rule, condition, fires);
        self.found = alone.found;
        self.encoder
            .space
            .solver
            .pay_from(&alone.encoder.space.solver);
        said
    }

    fn condition_here(
        &mut self,
        block: Block,
        rule: u32,
        condition: Option<NodeId>,
        fires: Literal,
    ) -> Alone {
        let never = self.is_impossible(&[fires]);
        if never {
            self.never_matches(block, rule, condition, fires);
        } else {
            self.redundant_parts(block, rule, condition);
        }
        let always = !never && self.is_impossible(&[!fires]);
        Alone { never, always }
    }

    /// Tells that a rule is never true, and which parts of its condition are at fault.
    pub(super) fn never_matches(
        &mut self,
        block: Block,
        rule: u32,
        condition: Option<NodeId>,
        fires: Literal,
    ) {
        let parts = condition.map_or(Vec::new(), |condition| self.at_fault(condition));
        // Without its dates the condition may well be true.
        let by_condition = condition.is_some_and(|condition| {
            let truth = self.encoder.truth(condition);
            truth.yes == fires || self.is_impossible(&[truth.yes])
        });
        let parts = if by_condition { parts } else { Vec::new() };
        self.tell(block, Claim::NeverMatches(rule, parts));
    }

    /// Tells of each part of a condition that changes nothing; those told can be taken out together.
    pub(super) fn redundant_parts(&mut self, block: Block, rule: u32, condition: Option<NodeId>) {
        let Some(condition) = condition else { return };
        let mut places = Vec::new();
        members(self.encoder.program, condition, &mut places);
        let whole = self.encoder.truth(condition);
        let mut out: Vec<(NodeId, usize)> = Vec::new();
        let mut told = Vec::new();
        for (list, at) in places.into_iter().rev() {
            // By itself, and together with those told so far.
            if !self.is_same(condition, whole, &[(list, at)]) {
                continue;
            }
            out.push((list, at));
            if out.len() == 1 || self.is_same(condition, whole, &out) {
                told.extend(self.part(list, at).map(|part| (part, list)));
            } else {
                out.pop();
            }
        }
        for (part, list) in told.into_iter().rev() {
            self.tell(block, Claim::RedundantCondition(rule, part, list));
        }
    }

    /// Whether a condition is true, and false, of the same cases without some parts of its lists. Where it
    /// is unknown counts, since a decision tells what it waits for.
    fn is_same(&mut self, condition: NodeId, whole: Truth, out: &[(NodeId, usize)]) -> bool {
        self.without(condition, out).is_some_and(|without| {
            self.is_one(without.yes, whole.yes) && self.is_one(without.no, whole.no)
        })
    }

    fn is_one(&mut self, a: Literal, b: Literal) -> bool {
        a == b || self.is_impossible(&[a, !b]) && self.is_impossible(&[b, !a])
    }

    fn part(&self, list: NodeId, at: usize) -> Option<NodeId> {
        let program = self.encoder.program;
        match program.node(list) {
            Node::And(parts) | Node::Or(parts) => program.list(*parts).get(at).copied(),
            _ => None,
        }
    }

    /// When a condition is true without some parts of its lists; none when a list has none left.
    fn without(&mut self, id: NodeId, out: &[(NodeId, usize)]) -> Option<Truth> {
        let program = self.encoder.program;
        match program.node(id) {
            Node::And(parts) | Node::Or(parts) => {
                let all = matches!(program.node(id), Node::And(_));
                let mut left = Vec::new();
                for (at, part) in program.list(*parts).iter().enumerate() {
                    if !out.contains(&(id, at)) {
                        left.push(self.without(*part, out)?);
                    }
                }
                if left.is_empty() {
                    return None;
                }
                let yes = left.iter().map(|truth| truth.yes).collect::<Vec<_>>();
                let no = left.iter().map(|truth| truth.no).collect::<Vec<_>>();
                let solver = &mut self.encoder.space.solver;
                Some(match all {
                    true => Truth {
                        yes: solver.all(yes),
                        no: solver.any(no),
                    },
                    false => Truth {
                        yes: solver.any(yes),
                        no: solver.all(no),
                    },
                })
            }
            Node::Not(inner) => {
                let inner = self.without(*inner, out)?;
                Some(Truth {
                    yes: inner.no,
                    no: inner.yes,
                })
            }
            _ => Some(self.encoder.truth(id)),
        }
    }
}

/// The places in all lists of a condition, as they are written.
fn members(program: &Program, id: NodeId, places: &mut Vec<(NodeId, usize)>) {
    match program.node(id) {
        Node::And(list) | Node::Or(list) => {
            for (at, part) in program.list(*list).iter().enumerate() {
                places.push((id, at));
                members(program, *part, places);
            }
        }
        Node::Not(inner) => members(program, *inner, places),
        _ => {}
    }
}
