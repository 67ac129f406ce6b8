//! Cases for a suite of tests: each rule is taken, each part of a condition decides it once by being true
//! and once by being false, and values stand on both sides of each limit.
//!
//! After [`super::rules`]. A part decides where the condition is true with the part one way and not true with the
//! part the other way, whatever else (modified condition and decision coverage, as of DO-178C, the masking form). Few
//! cases are wanted: one that serves several goals is taken once.

use super::blocks::{Blocks, EncodedBlock};
use super::facts::{Block, STEPS};
use super::solver::{Answer, Literal};
use super::space::Space;
use super::terms::{Encoder, Term, Truth};
use super::witness::Witness;
use crate::compile::{Node, NodeId, OrderOp, Program, Type};
use crate::model::Schema;
use crate::time::Duration;
use crate::value::Value;
use std::collections::BTreeMap;

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
    /// The event stops, cancels or resets the clock at this place, or may do so.
    Triggers(u32, u32),
    /// The part decides a condition that completes the follow-up at this place, which is listed.
    DecidesDone(u32, NodeId, bool),
    /// The event completes the follow-up at this place, which is listed.
    Done(u32, u32),
    /// The part decides what the requirement at this place asks for.
    DecidesThat(u32, NodeId, bool),
    /// The part decides whether a moment, such as the start of a period, has come.
    DecidesMoment(NodeId, bool),
}

/// What a case of a suite is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// What it shows.
    pub goal: Goal,
    /// For a part: the whole condition that it decides.
    pub condition: Option<NodeId>,
    /// A value that an expression has, at a limit that the part sets.
    pub limit: Option<(NodeId, Value)>,
}

/// What is wanted of a case, and what is enough if that cannot be.
struct Wanted {
    purpose: Purpose,
    all_of: Vec<Literal>,
    enough: Option<Vec<Literal>>,
}

/// Looks for cases of a suite, one after the other.
pub struct Sampler<'a> {
    encoder: Encoder<'a>,
    wanted: Vec<Wanted>,
    purposes: Vec<Purpose>,
    /// That what was refused for a purpose is not given for it again.
    allowed: BTreeMap<(usize, bool), Literal>,
}

impl<'a> Sampler<'a> {
    /// Of a program, for cases that a schema admits.
    pub fn new(schema: &'a Schema, program: &'a Program) -> Sampler<'a> {
        let mut encoder = Encoder::new(program, Space::new(schema));
        let blocks = encoder.blocks();
        let wanted = encoder.goals(&blocks);
        encoder.finish();
        Sampler {
            encoder,
            purposes: wanted.iter().map(|wanted| wanted.purpose.clone()).collect(),
            wanted,
            allowed: BTreeMap::new(),
        }
    }

    /// All that cases are wanted for.
    pub fn purposes(&self) -> &[Purpose] {
        &self.purposes
    }

    /// A case for the purpose at a place: as it is wanted, or `loosely`, where what comes before it may stand in the
    /// way. None if there is none, or none was found.
    pub fn case(&mut self, place: usize, loosely: bool) -> Option<Witness> {
        let wanted = self.wanted.get(place)?;
        let form = match loosely {
            true => wanted.enough.clone()?,
            false => wanted.all_of.clone(),
        };
        let solver = &mut self.encoder.space.solver;
        let allowed = self.allowed.entry((place, loosely));
        let allowed = *allowed.or_insert_with(|| solver.free());
        let asked: Vec<Literal> = form.iter().copied().chain([allowed]).collect();
        let plainest = self.spelled_out(&asked)?;
        self.encoder.witness_of(&form, &plainest, STEPS)
    }

    /// Makes sure that the parts which a case rests on do not come out together for this purpose again: the case
    /// does not serve it.
    pub fn refuse(&mut self, place: usize, loosely: bool, witness: &Witness) {
        if let Some(allowed) = self.allowed.get(&(place, loosely)) {
            let rests_on = witness.rests_on.iter().map(|literal| !*literal);
            let clause: Vec<Literal> = rests_on.chain([!*allowed]).collect();
            self.encoder.space.solver.know(&clause);
        }
    }

    /// A model in which each text can be spelled out, and what was asked for it. Tests of which no text is found
    /// are not asked for together again: nothing is proved here, and a case less is no mistake.
    fn spelled_out(&mut self, asked: &[Literal]) -> Option<Vec<Literal>> {
        for _ in 0..MOST_LESSONS {
            if self.encoder.space.solver.ask(asked, STEPS) != Answer::Yes {
                return None;
            }
            // Any case will do to learn from; the plainest one is looked for when its texts are likely to be found.
            let mut lesson = self.encoder.unspelled();
            if lesson.is_none() {
                let plainest = self.encoder.plainest(asked, STEPS)?;
                lesson = self.encoder.unspelled();
                if lesson.is_none() {
                    return Some(plainest);
                }
            }
            self.encoder.space.solver.know(&lesson?);
        }
        None
    }
}

/// Texts that are not found for one purpose, at most, before it is given up.
const MOST_LESSONS: usize = 80;

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
            goals.push(whole(Goal::Taken(item.block, 0), item.fires, None));
            if let Some(condition) = item.condition {
                let goal = |part, holds| Goal::Decides(item.block, 0, part, holds);
                let in_force = self.effective(item.effective);
                self.parts(condition, &[in_force], &goal, &mut goals);
            }
            if let Block::FollowUp(place) = item.block
                && let Some(written) = program.follow_ups.get(place as usize)
            {
                for condition in &written.done.when {
                    let goal = |part, holds| Goal::DecidesDone(place, part, holds);
                    self.parts(*condition, &[item.fires], &goal, &mut goals);
                }
                for event in &written.done.on {
                    let happens = self.happens(*event);
                    let done = self.space.solver.all([item.fires, happens]);
                    goals.push(whole(Goal::Done(place, *event), done, None));
                }
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
            let events = [&clock.stop.on, &clock.cancel.on, &clock.reset.on];
            for event in events.into_iter().flatten() {
                let happens = self.happens(*event);
                goals.push(whole(Goal::Triggers(place, *event), happens, None));
            }
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
            let taken = Goal::Taken(name, place);
            goals.push(whole(taken, rule.taken, Some(rule.fires)));
            if let Some(condition) = rule.condition {
                let goal = |part, holds| Goal::Decides(name, place, part, holds);
                let in_force = self.effective(rule.effective);
                let reached: Vec<Literal> = reached.iter().copied().chain([in_force]).collect();
                self.parts(condition, &reached, &goal, goals);
            }
            reached.push(!rule.fires);
        }
        if let Some(otherwise) = block.otherwise {
            goals.push(whole(Goal::Otherwise(name), otherwise, None));
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
            // Behind a `not` it is the other way round.
            let solver = &mut self.space.solver;
            let ways = [[with, !without], [!with, without]];
            let ways = ways.map(|way| solver.all(way));
            let decides = solver.any(ways);
            for (holds, literal) in [(true, own.yes), (false, own.no)] {
                let deciding = [decides, literal];
                let enough: Vec<Literal> = deciding.to_vec();
                let behind: Vec<Literal> = deciding.iter().chain(reached).copied().collect();
                let purpose = Purpose {
                    goal: goal(leaf, holds),
                    condition: Some(condition),
                    limit: None,
                };
                for (limit, is_there) in &limits {
                    goals.push(Wanted {
                        purpose: Purpose {
                            limit: Some(limit.clone()),
                            ..purpose.clone()
                        },
                        all_of: behind.iter().copied().chain([*is_there]).collect(),
                        enough: None,
                    });
                }
                goals.push(Wanted {
                    purpose,
                    all_of: behind,
                    enough: (!reached.is_empty()).then_some(enough),
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
    fn limits(&mut self, leaf: NodeId) -> Vec<((NodeId, Value), Literal)> {
        let program = self.program;
        let constant = |id: NodeId| match program.node(id) {
            Node::Constant(value) => Some(value.clone()),
            _ => None,
        };
        // Where the values begin that are above a limit, or those that are not below it.
        let (limited, points) = match program.node(leaf) {
            Node::Order(op, left, right) => {
                let above = matches!(op, OrderOp::Greater | OrderOp::LessOrEqual);
                match (constant(*left), constant(*right)) {
                    (None, Some(limit)) => (*left, vec![(limit, above)]),
                    (Some(limit), None) => {
                        let above = matches!(op, OrderOp::Less | OrderOp::GreaterOrEqual);
                        (*right, vec![(limit, above)])
                    }
                    _ => return Vec::new(),
                }
            }
            Node::Between(value, least, greatest) => {
                match (constant(*least), constant(*greatest)) {
                    (Some(least), Some(greatest)) => {
                        (*value, vec![(least, false), (greatest, true)])
                    }
                    _ => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        let term = self.term(limited);
        let (range, exact) = match &term {
            Term::Scalar(place) => {
                let opaque = self.opaque.values().any(|(known, _)| known == place);
                let scalar = self.space.scalars.get(*place);
                (scalar.map(|scalar| scalar.range().clone()), !opaque)
            }
            Term::DateOf(_) => (Some(self.space.range(&Type::Date)), true),
            Term::CountOf(_) => {
                let range = self.space.range(&Type::Integer);
                (Some(range.within(Some(&Value::Integer(0)), None)), true)
            }
            Term::Constant(_)
            | Term::Set(_)
            | Term::Choice(_)
            | Term::ChosenSet(..)
            | Term::Truth(_)
            | Term::Targets(_) => (None, true),
        };
        let Some(range) = range else {
            return Vec::new();
        };
        let mut limits = Vec::new();
        for (limit, above) in points {
            let sides = match (&limit, exact) {
                // What is worked out of times is not told apart by less than a second.
                (Value::Duration(length), false) => {
                    let second = Duration::from_millis(1_000);
                    let beside = match above {
                        true => length.plus(second),
                        false => length.minus(second),
                    };
                    vec![Some(limit.clone()), beside.map(Value::Duration)]
                }
                _ => {
                    let point = match above {
                        true => range.above(&limit),
                        false => range.from(&limit),
                    };
                    let before = point.as_ref().and_then(|point| range.before(point));
                    vec![point, before]
                }
            };
            for value in sides.into_iter().flatten() {
                let is_there = self.is_value(leaf, &term, &value);
                limits.push(((limited, value), is_there));
            }
        }
        limits
    }
}

/// Something that is wanted as a whole.
fn whole(goal: Goal, all_of: Literal, enough: Option<Literal>) -> Wanted {
    Wanted {
        purpose: Purpose {
            goal,
            condition: None,
            limit: None,
        },
        all_of: vec![all_of],
        enough: enough.map(|enough| vec![enough]),
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
