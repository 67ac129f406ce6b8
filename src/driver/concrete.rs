//! Variants of a case in which opaque parts of conditions, such as sums and the hours of calendars, come out by
//! themselves as its witness only assumes.
//!
//! Part of [`super::proofs`], [`super::versions`] and [`super::suite`].

use crate::analysis::Assumed;
use crate::change::{Spot, values};
use crate::compile::{Node, NodeId, Program, Type};
use crate::eval::{Probe, State};
use crate::model::Schema;
use crate::script::Scripts;
use crate::time::{Duration, Instant};
use crate::value::{CaseFile, Decimal, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Cases that are tried, at most.
const MOST_TRIES: usize = 1_000;
/// Fields that are varied, at most.
const MOST_FIELDS: usize = 6;
/// Values that are changed one after the other.
const MOST_CHANGES: usize = 3;
/// Comparisons that are looked into, at most.
const MOST_COMPARISONS: usize = 40;
/// Values that are tried for what a script is given, at most.
const MOST_ARGUMENTS: usize = 120;

/// What variants of a case are made by.
#[derive(Clone, Copy)]
pub(super) struct Variants<'a> {
    pub(super) schema: &'a Schema,
    pub(super) program: &'a Program,
    pub(super) scripts: &'a Scripts,
}

impl Variants<'_> {
    /// The first variant of a case that shows what is wanted; fewest changes first. Only fields are changed on
    /// which the assumed parts, or what is compared with them, depend.
    pub(super) fn find(
        &self,
        assumes: &[Assumed],
        file: &CaseFile,
        shows: impl Fn(&CaseFile) -> bool,
    ) -> Option<CaseFile> {
        let assumes = assumes.iter().filter(|assumed| !assumed.old);
        let parts: BTreeSet<NodeId> = assumes.map(|assumed| assumed.part).collect();
        let comparisons = self.comparisons(&parts);
        let mut slots = BTreeSet::new();
        for id in parts.iter().chain(&comparisons) {
            slots.extend(self.read(*id).0);
        }
        let slots: Vec<u32> = slots.into_iter().take(MOST_FIELDS).collect();
        let arguments = self.arguments(&parts);
        let mut seen: BTreeSet<Vec<Option<Value>>> = BTreeSet::new();
        let mut frontier = vec![file.clone()];
        let mut tries = 0;
        for _ in 0..MOST_CHANGES {
            let mut next = Vec::new();
            for file in &frontier {
                for (slot, value) in self.changes(file, &slots, &comparisons, &arguments) {
                    let varied = self.with(file, slot, value);
                    let key = slots.iter().map(|slot| value_of(&varied, *slot).cloned());
                    if !seen.insert(key.collect()) {
                        continue;
                    }
                    tries += 1;
                    if tries > MOST_TRIES {
                        return None;
                    }
                    if shows(&varied) {
                        return Some(varied);
                    }
                    next.push(varied);
                }
            }
            frontier = next;
        }
        None
    }

    /// Fields with other values for them, as the case stands.
    fn changes(
        &self,
        file: &CaseFile,
        slots: &[u32],
        comparisons: &[NodeId],
        arguments: &BTreeMap<u32, Vec<Value>>,
    ) -> Vec<(u32, Option<Value>)> {
        let Some(opened) = opened_at(self.program, file) else {
            return Vec::new();
        };
        let mut state = State::new(self.program, &file.case);
        for event in &file.events {
            state.apply(event);
        }
        let now = decided_at(self.program, file);
        let probe = Probe::new(self.program, &state, now, self.scripts);
        let mut changes = Vec::new();
        for slot in slots {
            let current = value_of(file, *slot).cloned();
            let field = self.schema.fields.get(*slot as usize);
            // A record that is not there would have to be given as a whole.
            if current.is_none() && field.is_none_or(|field| field.inside_optional.is_some()) {
                continue;
            }
            let spot = Spot {
                program: self.program,
                schema: self.schema,
                probe: &probe,
                slot: *slot,
                current,
                opened,
            };
            let values = values(spot, comparisons).into_iter();
            let arguments = arguments.get(slot).into_iter().flatten();
            let values = values.chain(arguments.cloned().map(Some));
            changes.extend(values.map(|value| (*slot, value)));
        }
        changes
    }

    /// Values to try for the fields that scripts are given: nobody knows what they make of them. What conditions
    /// speak of comes first, then what is usual.
    fn arguments(&self, parts: &BTreeSet<NodeId>) -> BTreeMap<u32, Vec<Value>> {
        let mut given = BTreeSet::new();
        for part in parts {
            for node in self.read(*part).1 {
                if matches!(self.program.node(node), Node::Call(..)) {
                    given.extend(self.read(node).0);
                }
            }
        }
        if given.is_empty() {
            return BTreeMap::new();
        }
        let (mut numbers, mut texts) = (BTreeSet::new(), BTreeSet::new());
        let mut spoken_of = |value: &Value| match value {
            Value::Integer(number) => {
                numbers.extend((-1..=1).map(|step| number.saturating_add(step)));
            }
            Value::Decimal(number) => {
                let whole = number.rescale(0).map(Decimal::mantissa);
                numbers.extend(whole.and_then(|whole| i64::try_from(whole).ok()));
            }
            Value::Text(text) => {
                texts.insert(text.to_string());
            }
            _ => {}
        };
        for node in self.program.all_nodes() {
            match self.program.node(node) {
                Node::Constant(value) => spoken_of(value),
                Node::In { set, .. } => set.iter().for_each(&mut spoken_of),
                Node::TextConstant { pattern, .. } => spoken_of(&Value::text(pattern)),
                Node::TextMany { patterns, .. } => {
                    let patterns = patterns.iter().map(|one| Value::text(one));
                    patterns.for_each(|one| spoken_of(&one));
                }
                _ => {}
            }
        }
        let usual = (0..=20).chain([50, 100, 500, 1_000, 10_000, 100_000]);
        let numbers: Vec<i64> = numbers.into_iter().chain(usual).collect();
        let texts: Vec<String> = texts.into_iter().collect();
        let of_field = |slot: u32| {
            let field = self.schema.fields.get(slot as usize)?;
            let numbers = numbers.iter().copied();
            let mut values: Vec<Value> = match &field.ty {
                Type::Integer => numbers.map(Value::Integer).collect(),
                Type::Decimal(digits) => numbers
                    .filter_map(|number| Decimal::from_integer(number).rescale(*digits))
                    .map(Value::Decimal)
                    .collect(),
                Type::Duration => numbers
                    .filter_map(|hours| hours.checked_mul(3_600_000))
                    .map(|millis| Value::Duration(Duration::from_millis(millis)))
                    .collect(),
                Type::Text => texts.iter().map(|text| Value::text(text)).collect(),
                // Of these, all values or those of conditions are tried as it is.
                Type::Bool
                | Type::Instant
                | Type::Date
                | Type::Time
                | Type::Weekday
                | Type::Enum(_)
                | Type::Set(_)
                | Type::Target => Vec::new(),
            };
            let (from, to) = (&field.bounds.from, &field.bounds.to);
            values.retain(|value| {
                from.as_ref().is_none_or(|from| value >= from)
                    && to.as_ref().is_none_or(|to| value <= to)
            });
            values.truncate(MOST_ARGUMENTS);
            Some((slot, values))
        };
        given.into_iter().filter_map(of_field).collect()
    }

    /// The case with another value of a field; what happened when it was opened still does.
    fn with(&self, file: &CaseFile, slot: u32, value: Option<Value>) -> CaseFile {
        let mut varied = file.clone();
        if let Some(place) = varied.case.slots.get_mut(slot as usize) {
            *place = value;
        }
        if slot == self.program.opened_at
            && let Some(opened) = opened_at(self.program, &varied)
        {
            for event in &mut varied.events {
                event.at = opened;
            }
            varied.at = varied.at.map(|at| at.max(opened));
        }
        varied
    }

    /// Comparisons that read any of these parts.
    fn comparisons(&self, parts: &BTreeSet<NodeId>) -> Vec<NodeId> {
        let reads = self.program.all_nodes().filter(|id| {
            let is_condition = !matches!(
                self.program.node(*id),
                Node::And(_) | Node::Or(_) | Node::Not(_)
            );
            is_condition && self.read(*id).1.iter().any(|read| parts.contains(read))
        });
        reads.take(MOST_COMPARISONS).collect()
    }

    /// The slots that an expression reads, and the nodes that it is made of.
    fn read(&self, id: NodeId) -> (BTreeSet<u32>, BTreeSet<NodeId>) {
        let (mut slots, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut work = vec![id];
        while let Some(id) = work.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.program.node(id) {
                Node::Field(slot) => {
                    slots.insert(*slot);
                }
                Node::Define(place) => {
                    let define = self.program.defines.get(*place as usize);
                    work.extend(define.map(|define| define.value));
                }
                _ => self.program.operands(id, |operand| work.push(operand)),
            }
        }
        (slots, seen)
    }
}

fn value_of(file: &CaseFile, slot: u32) -> Option<&Value> {
    file.case.slots.get(slot as usize)?.as_ref()
}

/// When a case is opened.
fn opened_at(program: &Program, file: &CaseFile) -> Option<Instant> {
    match value_of(file, program.opened_at) {
        Some(Value::Instant(at)) => Some(*at),
        Some(_) | None => None,
    }
}

/// The instant for which a case is decided.
pub(super) fn decided_at(program: &Program, file: &CaseFile) -> Instant {
    // An instant given for the case as it was may lie before the opening of a variant.
    match (file.at, opened_at(program, file)) {
        (Some(at), Some(opened)) => at.max(opened),
        (at, opened) => at.or(opened).unwrap_or(Instant::MIN),
    }
}
