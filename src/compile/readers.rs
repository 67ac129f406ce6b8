//! Which parts of a program read what: so that of what happens to a case only those parts are asked again that
//! it may change.
//!
//! Made from a finished program, read by [`crate::eval`].

use super::node::{Node, NodeId};
use super::program::{Effective, Outcome, Program};
use super::service::Triggers;
use crate::value::Value;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A part of a program that is asked at each instant of a log; named expressions as far as their value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The define at this place.
    Define(u32),
    /// The classification at this place.
    Classification(u32),
    /// The route block.
    Route,
    /// The sla block.
    Sla,
    /// The watched condition at this place.
    Watched(u32),
    /// The conditions and the events of the clock at this place.
    Clock(u32),
    /// The conditions and the events of the follow-up at this place.
    FollowUp(u32),
}

/// Something that parts of a program read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Readable {
    /// A slot of the case.
    Slot(u32),
    /// The event at this place: whether it has happened, and that it happens.
    Event(u32),
    /// The value of the classification at this place.
    Classification(u32),
    /// Where the case goes.
    Route,
    /// The tier taken.
    Tier,
}

/// The members of an enum that a reader compares something with, one bit each: whether it is one or another of those
/// that are left makes no difference to it. A member without a bit may make one to all.
type Members = u64;

/// Each member makes a difference.
const ALL: Members = Members::MAX;

/// The readers of everything that is read, also of what they read through named expressions.
#[derive(Clone, Debug, Default)]
pub struct Readers(FxHashMap<Readable, Vec<(Reader, Members)>>);

impl Readers {
    /// Whom it concerns that something changed, `between` two members of an enum if it did.
    pub fn of(
        &self,
        readable: Readable,
        between: Option<(u32, u32)>,
    ) -> impl Iterator<Item = Reader> + '_ {
        let between = between.and_then(|(a, b)| Some(bit(a)? | bit(b)?));
        let readers = self.0.get(&readable).map_or(&[][..], Vec::as_slice);
        readers.iter().filter_map(move |(reader, members)| {
            let concerned = between.is_none_or(|between| between & members != 0);
            concerned.then_some(*reader)
        })
    }

    /// The readers of a program.
    pub(super) fn new(program: &Program) -> Readers {
        let mut readers = Readers::default();
        for (place, define) in (0u32..).zip(&program.defines) {
            readers.add(program, Reader::Define(place), [define.value], []);
        }
        for (place, block) in (0u32..).zip(&program.classifications) {
            let conditions = block.rules.iter().map(|rule| rule.when);
            let effective = block.rules.iter().map(|rule| rule.effective);
            let effective = effective.chain([block.effective]);
            readers.add(
                program,
                Reader::Classification(place),
                conditions,
                effective,
            );
        }
        if let Some(block) = &program.route {
            let conditions = block.rules.iter().map(|rule| rule.when);
            let effective = block.rules.iter().map(|rule| rule.effective);
            let effective = effective.chain([block.effective]);
            readers.add(program, Reader::Route, conditions, effective);
        }
        if let Some(block) = &program.sla {
            let conditions = block.tiers.iter().filter_map(|tier| tier.when);
            let effective = block.tiers.iter().map(|tier| tier.effective);
            let effective = effective.chain([block.effective]);
            readers.add(program, Reader::Sla, conditions, effective);
        }
        for (place, condition) in (0u32..).zip(&program.watched) {
            readers.add(program, Reader::Watched(place), [*condition], []);
        }
        for (place, clock) in (0u32..).zip(&program.clocks) {
            let when = |triggers: &Triggers| triggers.when.clone();
            let triggers = [&clock.stop, &clock.cancel, &clock.reset];
            let conditions = triggers.into_iter().flat_map(when);
            let conditions = conditions.chain(clock.pause.iter().copied());
            readers.add(program, Reader::Clock(place), conditions, []);
            readers.wait(Reader::Clock(place), triggers);
        }
        for (place, item) in (0u32..).zip(&program.follow_ups) {
            let conditions = item.done.when.iter().copied().chain([item.when]);
            readers.add(
                program,
                Reader::FollowUp(place),
                conditions,
                [item.effective],
            );
            readers.wait(Reader::FollowUp(place), [&item.done]);
        }
        readers
    }

    /// The events that something waits for count as read.
    fn wait<const N: usize>(&mut self, reader: Reader, triggers: [&Triggers; N]) {
        for event in triggers.into_iter().flat_map(|triggers| &triggers.on) {
            let readers = self.0.entry(Readable::Event(*event)).or_default();
            if !readers.iter().any(|(known, _)| *known == reader) {
                readers.push((reader, ALL));
            }
        }
    }

    fn add(
        &mut self,
        program: &Program,
        reader: Reader,
        conditions: impl IntoIterator<Item = NodeId>,
        effective: impl IntoIterator<Item = Option<Effective>>,
    ) {
        let mut read: BTreeMap<Readable, Members> = BTreeMap::new();
        for effective in effective {
            // What counts by the instant of the decision begins and ends at instants of the log.
            if let Some(Effective::ByOpening { .. }) = effective {
                read.insert(Readable::Slot(program.opened_at), ALL);
            }
        }
        let mut defines = BTreeSet::new();
        let mut calls = false;
        let mut work: Vec<NodeId> = conditions.into_iter().collect();
        while let Some(id) = work.pop() {
            let node = program.node(id);
            if let Node::Define(place) = node {
                let define = program.defines.get(*place as usize);
                let define = define.filter(|_| defines.insert(*place));
                work.extend(define.map(|define| define.value));
            } else if let Some((readable, members)) = compared(program, node) {
                *read.entry(readable).or_default() |= members;
            } else if let Some(readable) = readable(node) {
                read.insert(readable, ALL);
            } else {
                calls |= matches!(node, Node::Call(..));
                program.operands(id, |operand| work.push(operand));
            }
        }
        for (readable, members) in read {
            // A script is called again by each of its readers, since the steps that it takes are counted.
            let members = if calls { ALL } else { members };
            let readers = self.0.entry(readable).or_default();
            readers.push((reader, members));
        }
    }
}

/// The bit of a member of an enum; only the first ones have one.
fn bit(member: u32) -> Option<Members> {
    1u64.checked_shl(member)
}

/// What a node reads only to compare it with members of an enum, or to see whether it is there.
fn compared(program: &Program, node: &Node) -> Option<(Readable, Members)> {
    let (value, constants) = if let Node::In { value, set, .. } = node {
        (value, &set[..])
    } else if let Node::Equal { left, right, .. } = node
        && let Node::Constant(constant) = program.node(*right)
    {
        (left, std::slice::from_ref(constant))
    } else if let Node::Missing { value, .. } = node {
        (value, &[][..])
    } else {
        return None;
    };
    let mut members = 0;
    for constant in constants {
        let Value::Member(member) = constant else {
            return None;
        };
        members |= bit(*member).unwrap_or(0);
    }
    Some((readable(program.node(*value))?, members))
}

/// What a node reads by itself.
fn readable(node: &Node) -> Option<Readable> {
    if let Node::Field(slot) = node {
        return Some(Readable::Slot(*slot));
    } else if let Node::HasHappened(event) = node {
        return Some(Readable::Event(*event));
    } else if let Node::Classification(place) = node {
        return Some(Readable::Classification(*place));
    }
    let Node::Outcome(outcome) = node else {
        return None;
    };
    match outcome {
        Outcome::RouteRole | Outcome::RouteQueue | Outcome::RouteWith => Some(Readable::Route),
        Outcome::SlaTier | Outcome::ClockTarget(_) => Some(Readable::Tier),
        // Known to nobody before the course of the case is told.
        Outcome::ClockState(_)
        | Outcome::ClockDue(_)
        | Outcome::ClockMetAt(_)
        | Outcome::ClockBreachedAt(_)
        | Outcome::ClockElapsed(_)
        | Outcome::RetentionPhase(_)
        | Outcome::RetentionKeepUntil(_)
        | Outcome::RetentionDeleteBy(_)
        | Outcome::FollowUpDue(_)
        | Outcome::FollowUpDone(_)
        | Outcome::RequirementMet(_) => None,
    }
}
