//! What there is to trace in a program: its blocks, their rules, and the atoms of their conditions, as
//! places that are the same for every case.
//!
//! Made of the program alone. [`super::trace`] fills it with truths; coverage counts against it.

use crate::compile::{Clock, Moment, Node, NodeId, Program, Triggers, Type};
use crate::eval::problem::Site;
use crate::source::Span;
use std::collections::BTreeSet;

/// A block of rules or conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TracedBlock {
    /// A block that decides something.
    Site(Site),
    /// The guarantee at this place.
    Guarantee(u32),
}

/// One thing of a block that is true or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A rule, a row, a tier or a block on records, by its place in the program.
    Rule(u32),
    /// `otherwise`
    Otherwise,
    /// `when` of a hold, a follow-up or a requirement.
    When,
    /// `that` of a requirement.
    That,
    /// `done` of a follow-up.
    Done(Trigger),
    /// The condition in `within … of when …` of a follow-up.
    Of,
    /// The condition in `start when …` of a clock.
    Start,
    /// `stop` of a clock.
    Stop(Trigger),
    /// `pause when` of a clock, by its place among those of the clock.
    Pause(u32),
    /// `cancel` of a clock.
    Cancel(Trigger),
    /// `reset` of a clock.
    Reset(Trigger),
    /// The condition in `from when …` of the block on records at this place.
    From(u32),
    /// `if` of a guarantee.
    If,
    /// `then` of a guarantee.
    Then,
}

/// What sets something off, by its place among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    /// An event, by its place in the program.
    On(u32),
    /// A condition, by its place among the conditions of the clause.
    When(u32),
}

/// The smallest thing of a condition that is true or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// A comparison, or anything else that is true or false by itself.
    Condition(NodeId),
    /// The place of a `define` that is a condition itself, and the node that names it. Its own atoms
    /// stand with the define.
    Define(u32, NodeId),
    /// An event, by its place in the program.
    Event(u32),
}

/// Blocks, rules and atoms of a program, in page order within each block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The atoms of each `define`, by its place in the program; none for those that are no condition.
    pub defines: Vec<Option<Vec<Atom>>>,
    /// The blocks in the order in which they are decided.
    pub blocks: Vec<BlockOutline>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockOutline {
    /// Which.
    pub block: TracedBlock,
    /// Its parts.
    pub rules: Vec<RuleOutline>,
}

/// A rule or another part of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOutline {
    /// Which.
    pub part: Part,
    /// Its condition; none for what has none.
    pub condition: Option<NodeId>,
    /// The atoms of its condition in the order in which they are written; a `define` that is read
    /// again stands once.
    pub atoms: Vec<Atom>,
}

impl Outline {
    /// The outline of a program.
    pub fn new(program: &Program) -> Outline {
        let defines = program.defines.iter().map(|define| {
            let is_condition = define.ty == Type::Bool;
            is_condition.then(|| atoms(program, define.value))
        });
        Outline {
            defines: defines.collect(),
            blocks: blocks(program),
        }
    }
}

/// The atoms of a condition, in the order in which they are written.
fn atoms(program: &Program, condition: NodeId) -> Vec<Atom> {
    let mut atoms = Vec::new();
    let mut defines = BTreeSet::new();
    walk(program, condition, |atom, _| {
        let again = match atom {
            Atom::Define(place, _) => !defines.insert(place),
            Atom::Condition(_) | Atom::Event(_) => false,
        };
        if !again {
            atoms.push(atom);
        }
    });
    atoms
}

/// Calls `visit` with each atom of a condition, and the conditions that it stands in, outermost first.
pub(super) fn walk(program: &Program, condition: NodeId, mut visit: impl FnMut(Atom, &[NodeId])) {
    // How many conditions are around, and the node.
    let mut work: Vec<(usize, NodeId)> = vec![(0, condition)];
    let mut around: Vec<NodeId> = Vec::new();
    while let Some((depth, id)) = work.pop() {
        around.truncate(depth);
        let node = program.node(id);
        if let Node::And(list) | Node::Or(list) = node {
            around.push(id);
            let operands = program.list(*list).iter().rev();
            work.extend(operands.map(|operand| (depth + 1, *operand)));
        } else if let Node::Not(operand) = node {
            around.push(id);
            work.push((depth + 1, *operand));
        } else if let Node::Define(place) = node {
            let define = program.defines.get(*place as usize);
            let is_condition = define.is_some_and(|define| define.ty == Type::Bool);
            let atom = match is_condition {
                true => Atom::Define(*place, id),
                false => Atom::Condition(id),
            };
            visit(atom, &around);
        } else if !matches!(node, Node::Constant(_)) {
            visit(Atom::Condition(id), &around);
        }
    }
}

fn blocks(program: &Program) -> Vec<BlockOutline> {
    let mut all = Vec::new();
    let mut add = |block: TracedBlock, rules: Vec<RuleOutline>| {
        all.push(BlockOutline { block, rules });
    };
    let rule = |part: Part, condition: Option<NodeId>| RuleOutline {
        part,
        condition,
        atoms: condition.map_or(Vec::new(), |condition| atoms(program, condition)),
    };
    for (place, block) in (0u32..).zip(&program.classifications) {
        let rules = (0u32..).zip(&block.rules);
        let mut rules: Vec<RuleOutline> = rules
            .map(|(place, own)| rule(Part::Rule(place), Some(own.when)))
            .collect();
        let otherwise = block.otherwise.as_ref();
        rules.extend(otherwise.map(|_| rule(Part::Otherwise, None)));
        add(TracedBlock::Site(Site::Classification(place)), rules);
    }
    if let Some(block) = &program.route {
        let rules = (0u32..).zip(&block.rules);
        let mut rules: Vec<RuleOutline> = rules
            .map(|(place, own)| rule(Part::Rule(place), Some(own.when)))
            .collect();
        let otherwise = block.otherwise.as_ref();
        rules.extend(otherwise.map(|_| rule(Part::Otherwise, None)));
        add(TracedBlock::Site(Site::Route), rules);
    }
    if let Some(block) = &program.sla {
        let tiers = (0u32..).zip(&block.tiers);
        let tiers = tiers.map(|(place, tier)| rule(Part::Rule(place), tier.when));
        add(TracedBlock::Site(Site::Sla), tiers.collect());
    }
    let triggers = |all: &Triggers, part: fn(Trigger) -> Part| {
        let on = all.on.iter().map(|event| RuleOutline {
            part: part(Trigger::On(*event)),
            condition: None,
            atoms: vec![Atom::Event(*event)],
        });
        let when = (0u32..).zip(&all.when);
        let when = when.map(|(place, when)| rule(part(Trigger::When(place)), Some(*when)));
        on.chain(when).collect::<Vec<RuleOutline>>()
    };
    let watched = |moment: Option<Moment>, part: Part| {
        let Some(Moment::When(place)) = moment else {
            return None;
        };
        let condition = program.watched.get(place as usize);
        condition.map(|condition| rule(part, Some(*condition)))
    };
    for (place, clock) in (0u32..).zip(&program.clocks) {
        let Clock {
            start,
            stop,
            pause,
            cancel,
            reset,
            ..
        } = clock;
        let mut parts: Vec<RuleOutline> = watched(*start, Part::Start).into_iter().collect();
        parts.extend(triggers(stop, Part::Stop));
        let pause = (0u32..).zip(pause);
        parts.extend(pause.map(|(place, when)| rule(Part::Pause(place), Some(*when))));
        parts.extend(triggers(cancel, Part::Cancel));
        parts.extend(triggers(reset, Part::Reset));
        add(TracedBlock::Site(Site::Clock(place)), parts);
    }
    for (record, _) in (0u32..).zip(&program.records) {
        let mut parts = Vec::new();
        for (place, block) in (0u32..).zip(&program.retains) {
            if block.record == record {
                parts.push(rule(Part::Rule(place), block.when));
                parts.extend(watched(Some(block.from), Part::From(place)));
            }
        }
        add(TracedBlock::Site(Site::Retention(record)), parts);
    }
    for (place, hold) in (0u32..).zip(&program.holds) {
        let parts = vec![rule(Part::When, Some(hold.when))];
        add(TracedBlock::Site(Site::Hold(place)), parts);
    }
    for (place, item) in (0u32..).zip(&program.follow_ups) {
        let mut parts = vec![rule(Part::When, Some(item.when))];
        parts.extend(watched(item.of, Part::Of));
        parts.extend(triggers(&item.done, Part::Done));
        add(TracedBlock::Site(Site::FollowUp(place)), parts);
    }
    for (place, item) in (0u32..).zip(&program.requires) {
        let parts = vec![
            rule(Part::When, Some(item.when)),
            rule(Part::That, Some(item.that)),
        ];
        add(TracedBlock::Site(Site::Require(place)), parts);
    }
    for (place, item) in (0u32..).zip(&program.guarantees) {
        let parts = vec![
            rule(Part::If, Some(item.condition)),
            rule(Part::Then, Some(item.then)),
        ];
        add(TracedBlock::Guarantee(place), parts);
    }
    all
}

impl RuleOutline {
    /// The smallest piece of text that holds the part: the whole rule, row, tier, block on records or
    /// `otherwise`, else its condition. Nothing is known of where `on EVENT` stands.
    pub fn span(&self, program: &Program, block: TracedBlock) -> Option<Span> {
        let whole = match (block, self.part) {
            (TracedBlock::Site(Site::Classification(block)), Part::Rule(rule)) => {
                let block = program.classifications.get(block as usize)?;
                block.rules.get(rule as usize).map(|rule| rule.span)
            }
            (TracedBlock::Site(Site::Route), Part::Rule(rule)) => {
                let block = program.route.as_ref()?;
                block.rules.get(rule as usize).map(|rule| rule.span)
            }
            (TracedBlock::Site(Site::Sla), Part::Rule(tier)) => {
                let block = program.sla.as_ref()?;
                block.tiers.get(tier as usize).map(|tier| tier.span)
            }
            (TracedBlock::Site(Site::Retention(_)), Part::Rule(place)) => {
                let block = program.retains.get(place as usize);
                block.map(|block| block.span)
            }
            (TracedBlock::Site(Site::Classification(block)), Part::Otherwise) => {
                program.classifications.get(block as usize)?.otherwise_span
            }
            (TracedBlock::Site(Site::Route), Part::Otherwise) => {
                program.route.as_ref()?.otherwise_span
            }
            (TracedBlock::Site(_) | TracedBlock::Guarantee(_), _) => None,
        };
        whole.or_else(|| self.condition.map(|condition| program.span(condition)))
    }
}
