//! The values that an atom reads.

use super::outline::Atom;
use crate::compile::{Node, NodeId, Outcome, Program, Type};
use crate::eval::answer::{ReadValue, outcome_read};
use crate::eval::evaluator::Evaluator;
use crate::eval::shown::Shown;
use crate::value::Value;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;

/// The most values that are told of one atom.
const MOST: usize = 64;

/// Something that an atom read.
#[derive(Clone, Debug, PartialEq)]
pub struct TracedRead {
    /// Its path, such as `customer.tier`, `severity` or `route.role`.
    pub path: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What was read.
    pub value: TracedValue,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The field in this slot.
    Field(u32),
    /// The `define` at this place.
    Define(u32),
    /// The classification at this place.
    Classification(u32),
    /// Something that a later stage decides.
    Outcome(Outcome),
    /// The event at this place; the value is when it last happened.
    Event(u32),
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum TracedValue {
    /// There is none.
    Missing,
    /// A value with its type.
    Typed(Value, Type),
    /// A role, a queue, a tier or a target, as a policy writes it.
    Words(String),
}

impl TracedValue {
    /// The value as people read it; none when it is missing.
    pub fn text(&self, program: &Program) -> Option<String> {
        match self {
            TracedValue::Missing => None,
            TracedValue::Typed(value, ty) => Some(Shown { program, ty, value }.to_string()),
            TracedValue::Words(words) => Some(words.clone()),
        }
    }

    /// The value for JSON: as case files write it, `null` when it is missing.
    pub fn json<'a>(&'a self, program: &'a Program) -> impl Serialize + 'a {
        Json(self, program)
    }
}

struct Json<'a>(&'a TracedValue, &'a Program);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let program = self.1;
        match self.0 {
            TracedValue::Missing => serializer.serialize_none(),
            TracedValue::Typed(value, ty) => Shown { program, ty, value }.serialize(serializer),
            TracedValue::Words(words) => serializer.serialize_str(words),
        }
    }
}

/// What an atom reads, each path once, in the order in which it is written. A `define` that is no
/// condition is followed by what it reads itself.
pub(super) fn of_atom(evaluator: &Evaluator<'_>, atom: Atom) -> Vec<TracedRead> {
    let node = match atom {
        Atom::Condition(node) => node,
        Atom::Define(..) => return Vec::new(),
        Atom::Event(event) => return of_event(evaluator, event).into_iter().collect(),
    };
    let program = evaluator.program;
    let mut reads: Vec<TracedRead> = Vec::new();
    let mut known = BTreeSet::new();
    let mut defines = BTreeSet::new();
    let mut work = vec![node];
    while let Some(id) = work.pop() {
        if let Some(read) = of_node(evaluator, id)
            && known.insert(read.path.clone())
        {
            reads.push(read);
            if reads.len() >= MOST {
                break;
            }
        }
        if let Node::Define(place) = program.node(id) {
            let define = program.defines.get(*place as usize);
            work.extend(
                define
                    .filter(|_| defines.insert(*place))
                    .map(|define| define.value),
            );
        }
        let start = work.len();
        program.operands(id, |operand| work.push(operand));
        if let Some(operands) = work.get_mut(start..) {
            operands.reverse();
        }
    }
    reads
}

fn of_node(evaluator: &Evaluator<'_>, id: NodeId) -> Option<TracedRead> {
    let program = evaluator.program;
    let typed = |path: &str, origin: Origin, ty: &Type| TracedRead {
        path: path.to_owned(),
        origin,
        value: evaluator.value(id).map_or(TracedValue::Missing, |value| {
            TracedValue::Typed(value.into_owned(), ty.clone())
        }),
    };
    let node = program.node(id);
    if let Node::Field(slot) = node {
        let field = program.fields.get(*slot as usize)?;
        Some(typed(&field.path, Origin::Field(*slot), &field.ty))
    } else if let Node::Define(place) = node {
        let define = program.defines.get(*place as usize)?;
        Some(typed(
            &define.named.name,
            Origin::Define(*place),
            &define.ty,
        ))
    } else if let Node::Classification(place) = node {
        let block = program.classifications.get(*place as usize)?;
        let origin = Origin::Classification(*place);
        Some(typed(&block.named.name, origin, &block.ty))
    } else if let Node::Outcome(outcome) = node {
        let read = outcome_read(evaluator, id, *outcome);
        Some(TracedRead {
            path: read.path,
            origin: Origin::Outcome(*outcome),
            value: match read.value {
                ReadValue::Present(words) => TracedValue::Words(words),
                ReadValue::Missing => TracedValue::Missing,
            },
        })
    } else if let Node::HasHappened(event) = node {
        of_event(evaluator, *event)
    } else {
        None
    }
}

fn of_event(evaluator: &Evaluator<'_>, event: u32) -> Option<TracedRead> {
    let named = evaluator.program.events.get(event as usize)?;
    let happened = evaluator.state.happened.get(event as usize)?;
    Some(TracedRead {
        path: named.name.clone(),
        origin: Origin::Event(event),
        value: happened.map_or(TracedValue::Missing, |(_, last)| {
            TracedValue::Typed(Value::Instant(last), Type::Instant)
        }),
    })
}
