//! What would have to be different for a rule to be taken, in the words of case files.

use super::policy::Policy;
use crate::change::{self, Change, Goal, GoalNames, Outcome, Question, Search};
use crate::compile::Program;
use crate::eval::Shown;
use crate::time::Instant;
use crate::value::{Case, Event, Value};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// How many variants of a case are decided at most in search of a change.
pub const TRIES: usize = 200_000;

/// A rule, and the smallest change of a case that makes it be taken.
///
/// Serialises to the `counterfactual` of `caseway explain`: `null` when no change was found.
#[derive(Clone, Debug)]
pub struct Counterfactual {
    policy: Policy,
    /// The full name of the rule, such as `classify.severity.outage`.
    pub rule: String,
    /// What came of the search.
    pub search: Search,
}

/// One difference of a case file.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where in the case file: `customer.tier`, `events[1].set.status`, or `events[2]` for an event
    /// that would stand there.
    pub path: String,
    /// The slot of the field; none for an event.
    pub slot: Option<u32>,
    /// What stands there; none when it is missing.
    pub from: Option<DifferentValue>,
    /// What would stand there.
    pub to: Option<DifferentValue>,
}

/// A side of a difference.
#[derive(Clone, Debug, PartialEq)]
pub enum DifferentValue {
    /// A value of the field.
    Value(Value),
    /// An event, by its place in the program, and when it happens.
    Event(u32, Instant),
}

impl Policy {
    /// The rules that [`Policy::smallest_change`] can be asked for, by name.
    pub fn goals(&self) -> GoalNames {
        GoalNames::new(self.program())
    }

    /// The smallest change of a case that makes a rule be taken, verified by deciding the changed
    /// case. At most `tries` variants of the case are decided; [`TRIES`] is what the command line takes.
    pub fn smallest_change(
        &self,
        case: &Case,
        events: &[Event],
        now: Instant,
        (rule, goal): (&str, Goal),
        tries: usize,
    ) -> Counterfactual {
        let question = Question {
            program: self.program(),
            schema: self.schema(),
            case,
            events,
            now,
            host: self.scripts(),
            goal,
        };
        Counterfactual {
            policy: self.clone(),
            rule: rule.to_owned(),
            search: change::smallest_change(&question, tries),
        }
    }
}

impl Counterfactual {
    /// What would be different; none when nothing was found, empty when the rule is taken already.
    pub fn differences(&self) -> Option<Vec<Difference>> {
        match &self.search.outcome {
            Outcome::Already => Some(Vec::new()),
            Outcome::Found(changes) => {
                let program = self.policy.program();
                Some(
                    changes
                        .iter()
                        .map(|change| difference(program, change))
                        .collect(),
                )
            }
            Outcome::NotWithin | Outcome::Cannot => None,
        }
    }

    /// The policy that was asked.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
}

fn difference(program: &Program, change: &Change) -> Difference {
    let happening = |event: u32, at: Instant| Some(DifferentValue::Event(event, at));
    match change {
        Change::Field {
            slot,
            event,
            from,
            to,
        } => {
            let field = program.fields.get(*slot as usize);
            let path = field.map_or("", |field| &field.path);
            Difference {
                path: match event {
                    None => path.to_owned(),
                    Some(place) => format!("events[{place}].set.{path}"),
                },
                slot: Some(*slot),
                from: from.clone().map(DifferentValue::Value),
                to: to.clone().map(DifferentValue::Value),
            }
        }
        Change::Happens { place, event, at } => Difference {
            path: format!("events[{place}]"),
            slot: None,
            from: None,
            to: happening(*event, *at),
        },
        Change::NeverHappens { place, event, at } => Difference {
            path: format!("events[{place}]"),
            slot: None,
            from: happening(*event, *at),
            to: None,
        },
    }
}

impl Serialize for Counterfactual {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(differences) = self.differences() else {
            return serializer.serialize_none();
        };
        let program = self.policy.program();
        let changes = differences.iter();
        let changes: Vec<Changed<'_>> = changes.map(|change| Changed { program, change }).collect();
        let mut object = serializer.serialize_map(Some(2))?;
        object.serialize_entry("rule", &self.rule)?;
        object.serialize_entry("changes", &changes)?;
        object.end()
    }
}

struct Changed<'a> {
    program: &'a Program,
    change: &'a Difference,
}

impl Serialize for Changed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Changed { program, change } = self;
        let slot = change.slot;
        let side = |value| Side {
            program,
            slot,
            value,
        };
        let mut object = serializer.serialize_map(Some(3))?;
        object.serialize_entry("path", &change.path)?;
        object.serialize_entry("from", &side(change.from.as_ref()))?;
        object.serialize_entry("to", &side(change.to.as_ref()))?;
        object.end()
    }
}

struct Side<'a> {
    program: &'a Program,
    slot: Option<u32>,
    value: Option<&'a DifferentValue>,
}

impl Serialize for Side<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let program = self.program;
        match self.value {
            None => serializer.serialize_none(),
            Some(DifferentValue::Event(event, at)) => {
                let event = program.events.get(*event as usize);
                let mut object = serializer.serialize_map(Some(2))?;
                object.serialize_entry("at", &at.format(program.zone))?;
                object.serialize_entry("event", event.map_or("", |event| &event.name))?;
                object.end()
            }
            Some(DifferentValue::Value(value)) => {
                let field = program.fields.get(self.slot.unwrap_or(u32::MAX) as usize);
                match field {
                    Some(field) => {
                        let ty = &field.ty;
                        Shown { program, ty, value }.serialize(serializer)
                    }
                    None => serializer.serialize_none(),
                }
            }
        }
    }
}
