//! Cases for a suite of tests: each rule is taken, each part of a condition decides it once by being true
//! and once by being false, and values stand on both sides of each limit.
//!
//! After [`super::rules`]. A part decides where the condition is true with the part true and not true with the
//! part false, whatever else (modified condition and decision coverage, as of DO-178C, the masking form). Few
//! cases are wanted: one that serves several goals is taken once.

use super::blocks::{Blocks, EncodedBlock};
use super::facts::{Block, STEPS};
use super::lens::Seen;
use super::solver::{Answer, Literal};
use super::space::{Space, Variable};
use super::terms::{Encoder, Truth};
use super::witness::Witness;
use crate::compile::{Node, NodeId, OrderOp, Program, Type};
use crate::model::Schema;
use crate::value::Value;

/// A case of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it shows first.
    pub goal: Goal,
    /// The case.
    pub witness: Witness,
}

/// What a case of a suite shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The rule is taken.
    Taken(Block, u32),
    /// `otherwise` is taken.
    Otherwise(Block),
    /// The part decides the condition of the rule: by being true, or by being false.
    Decides(Block, u32, NodeId, bool),
    /// The part decides the `define` at this place.
    DecidesDefine(u32, NodeId, bool),
    /// The part decides a condition of the clock at this place.
    DecidesClock(u32, NodeId, bool),
    /// The part decides what the requirement at this place asks for.
    DecidesThat(u32, NodeId, bool),
    /// The part decides whether a moment, such as the start of a period, has come.
    DecidesMoment(NodeId, bool),
}

/// A suite, and what no case was found for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    /// Few cases.
    pub samples: Vec<Sample>,
    /// Goals that no case reaches.
    pub unreachable: usize,
}

/// What is wanted of a case, and what is enough if that cannot be.
struct Wanted {
    goal: Goal,
    all_of: Vec<Literal>,
    enough: Vec<Literal>,
}

/// Cases for a suite of tests of a program.
pub fn samples(schema: &Schema, program: &Program) -> Samples {
    let mut encoder = Encoder::new(program, Space::new(schema));
    let blocks = encoder.blocks();
    let wanted = encoder.goals(&blocks);
    encoder.finish();
    let mut reached = vec![false; wanted.len()];
    let mut found = Samples::default();
    let mut serves: Vec<Vec<usize>> = Vec::new();
    for (at, goal) in wanted.iter().enumerate() {
        if reached.get(at).copied().unwrap_or(true) {
            continue;
        }
        let forms = [&goal.all_of, &goal.enough];
        let solvable = |encoder: &mut Encoder<'_>, form: &[Literal]| {
            encoder.space.solver.ask(form, STEPS) == Answer::Yes
        };
        let form = forms.into_iter().find(|form| solvable(&mut encoder, form));
        let Some(asked) = form.and_then(|form| encoder.plainest(form, STEPS)) else {
            found.unreachable += 1;
            continue;
        };
        let held: Vec<usize> = wanted
            .iter()
            .enumerate()
            .filter(|(other, goal)| {
                *other == at
                    || goal
                        .all_of
                        .iter()
                        .all(|one| encoder.space.solver.holds(*one))
            })
            .map(|(other, _)| other)
            .collect();
        let Some(witness) = encoder.witness_of(&asked, &asked, STEPS) else {
            found.unreachable += 1;
            continue;
        };
        for other in &held {
            if let Some(reached) = reached.get_mut(*other) {
                *reached = true;
            }
        }
        serves.push(held);
        found.samples.push(Sample {
            goal: goal.goal.clone(),
            witness,
        });
    }
    // Earlier cases that later ones have made needless.
    let mut at = found.samples.len();
    while at > 0 {
        at -= 1;
        let others = |goal: &usize| {
            let others = serves.iter().enumerate();
            others
                .filter(|(other, _)| *other != at)
                .any(|(_, served)| served.contains(goal))
        };
        if serves
            .get(at)
            .is_some_and(|served| served.iter().all(others))
        {
            serves.remove(at);
            found.samples.remove(at);
        }
    }
    found
}

impl Encoder<'_> {
    fn goals(&mut self, blocks: &Blocks) -> Vec<Wanted> {
        let mut goals = Vec::new();
        let program = self.program;
        let places = 0u32..;
        for ((place, _), block) in places
            .zip(&program.classifications)
            .zip(&blocks.classifications)
        {
            self.goals_of(Block::Classification(place), block, &mut goals);
        }
        if let Some(block) = &blocks.route {
            self.goals_of(Block::Route, block, &mut goals);
        }
        if let Some(block) = &blocks.sla {
            self.goals_of(Block::Sla, block, &mut goals);
        }
        for item in &blocks.items {
            if matches!(item.block, Block::Guarantee(_)) {
                continue;
            }
            let all_of = vec![item.fires];
            let enough = all_of.clone();
            goals.push(Wanted {
                goal: Goal::Taken(item.block, 0),
                all_of,
                enough,
            });
            if let Some(condition) = item.condition {
                let goal = |part, holds| Goal::Decides(item.block, 0, part, holds);
                self.parts(condition, &[], &goal, &mut goals);
            }
        }
        for (place, define) in (0u32..).zip(&program.defines) {
            if define.ty == Type::Bool {
                let goal = |part, holds| Goal::DecidesDefine(place, part, holds);
                self.parts(define.value, &[], &goal, &mut goals);
            }
        }
        for (place, clock) in (0u32..).zip(&program.clocks) {
            let conditions = [
                &clock.stop.when,
                &clock.pause,
                &clock.cancel.when,
                &clock.reset.when,
            ];
            for condition in conditions.into_iter().flatten() {
                let goal = |part, holds| Goal::DecidesClock(place, part, holds);
                self.parts(*condition, &[], &goal, &mut goals);
            }
        }
        for (place, require) in (0u32..).zip(&program.requires) {
            let asked = self.truth(require.when).yes;
            let goal = |part, holds| Goal::DecidesThat(place, part, holds);
            self.parts(require.that, &[asked], &goal, &mut goals);
        }
        for condition in &program.watched {
            let goal = |part, holds| Goal::DecidesMoment(part, holds);
            self.parts(*condition, &[], &goal, &mut goals);
        }
        goals
    }

    fn goals_of(&mut self, name: Block, block: &EncodedBlock, goals: &mut Vec<Wanted>) {
        let mut reached = vec![block.in_force];
        for (place, rule) in (0u32..).zip(&block.rules) {
            goals.push(Wanted {
                goal: Goal::Taken(name, place),
                all_of: vec![rule.taken],
                enough: vec![rule.fires],
            });
            if let Some(condition) = rule.condition {
                let goal = |part, holds| Goal::Decides(name, place, part, holds);
                self.parts(condition, &reached, &goal, goals);
            }
            reached.push(!rule.fires);
        }
        if let Some(otherwise) = block.otherwise {
            goals.push(Wanted {
                goal: Goal::Otherwise(name),
                all_of: vec![otherwise],
                enough: vec![otherwise],
            });
        }
    }

    /// Each part of a condition decides it, once true and once false, at its limits.
    fn parts(
        &mut self,
        condition: NodeId,
        reached: &[Literal],
        goal: &dyn Fn(NodeId, bool) -> Goal,
        goals: &mut Vec<Wanted>,
    ) {
        let mut leaves = Vec::new();
        leaves_of(self.program, condition, &mut leaves);
        for leaf in leaves {
            let always = self.space.solver.always();
            let [with, without] = [always, !always].map(|yes| {
                let forced = Truth { yes, no: !yes };
                self.with_part(condition, leaf, forced).yes
            });
            let own = self.truth(leaf);
            let limits = self.limits(leaf);
            for (holds, literal) in [(true, own.yes), (false, own.no)] {
                let deciding = [with, !without, literal];
                let enough: Vec<Literal> = deciding.to_vec();
                let behind: Vec<Literal> = deciding.iter().chain(reached).copied().collect();
                for limit in &limits {
                    goals.push(Wanted {
                        goal: goal(leaf, holds),
                        all_of: behind.iter().copied().chain([*limit]).collect(),
                        enough: behind.clone(),
                    });
                }
                goals.push(Wanted {
                    goal: goal(leaf, holds),
                    all_of: behind,
                    enough,
                });
            }
        }
    }

    /// When a condition is true with one of its parts forced.
    fn with_part(&mut self, id: NodeId, part: NodeId, forced: Truth) -> Truth {
        if id == part {
            return forced;
        }
        let program = self.program;
        match program.node(id) {
            Node::And(list) | Node::Or(list) => {
                let all = matches!(program.node(id), Node::And(_));
                let parts: Vec<Truth> = program
                    .list(*list)
                    .iter()
                    .map(|inner| self.with_part(*inner, part, forced))
                    .collect();
                let yes: Vec<Literal> = parts.iter().map(|truth| truth.yes).collect();
                let no: Vec<Literal> = parts.iter().map(|truth| truth.no).collect();
                let solver = &mut self.space.solver;
                match all {
                    true => Truth {
                        yes: solver.all(yes),
                        no: solver.any(no),
                    },
                    false => Truth {
                        yes: solver.any(yes),
                        no: solver.all(no),
                    },
                }
            }
            Node::Not(inner) => {
                let inner = self.with_part(*inner, part, forced);
                Truth {
                    yes: inner.no,
                    no: inner.yes,
                }
            }
            _ => self.truth(id),
        }
    }

    /// That a value stands just on one side of a limit that a comparison sets, for each side.
    fn limits(&mut self, leaf: NodeId) -> Vec<Literal> {
        let program = self.program;
        let (field, points) = match program.node(leaf) {
            Node::Order(op, left, right) => match (program.node(*left), program.node(*right)) {
                (Node::Field(slot), Node::Constant(constant)) => {
                    let above = matches!(op, OrderOp::Greater | OrderOp::LessOrEqual);
                    (*slot, vec![(constant.clone(), above)])
                }
                (Node::Constant(constant), Node::Field(slot)) => {
                    let above = matches!(op, OrderOp::Less | OrderOp::GreaterOrEqual);
                    (*slot, vec![(constant.clone(), above)])
                }
                _ => return Vec::new(),
            },
            Node::Between(value, least, greatest) => {
                match (
                    program.node(*value),
                    program.node(*least),
                    program.node(*greatest),
                ) {
                    (Node::Field(slot), Node::Constant(least), Node::Constant(greatest)) => (
                        *slot,
                        vec![(least.clone(), false), (greatest.clone(), true)],
                    ),
                    _ => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        let Seen::As(Variable::Scalar(place)) = self.seen(field) else {
            return Vec::new();
        };
        let space = &mut self.space;
        let Some(scalar) = space.scalars.get_mut(place) else {
            return Vec::new();
        };
        let mut limits = Vec::new();
        for (constant, above) in points {
            let range = scalar.range();
            let point = match above {
                true => range.above(&constant),
                false => range.from(&constant),
            };
            let Some(point) = point else { continue };
            let before = range.before(&point);
            for value in std::iter::once(point).chain(before) {
                let present = scalar.present;
                let is = scalar.is(&mut space.solver, &value);
                limits.push(space.solver.all([present, is]));
            }
        }
        limits
    }
}

/// The parts of a condition that are no `and`, `or` or `not`.
fn leaves_of(program: &Program, id: NodeId, leaves: &mut Vec<NodeId>) {
    match program.node(id) {
        Node::And(list) | Node::Or(list) => {
            for part in program.list(*list) {
                leaves_of(program, *part, leaves);
            }
        }
        Node::Not(inner) => leaves_of(program, *inner, leaves),
        Node::Constant(Value::Bool(_)) => {}
        _ => leaves.push(id),
    }
}
