//! Variants of a case: what would stand otherwise, checked against the schema, as a case with its
//! events that can be decided.

use super::{Change, Variable};
use crate::compile::Program;
use crate::eval::State;
use crate::model::{Presence, RecordId, Schema};
use crate::time::Instant;
use crate::value::{Case, Event, EventKind, Value};
use std::collections::BTreeMap;

/// Values that are different.
pub(super) type Assignment = BTreeMap<Variable, Option<Value>>;

/// A case that variants are made of.
pub(super) struct Original<'a> {
    program: &'a Program,
    schema: &'a Schema,
    case: &'a Case,
    events: &'a [Event],
    now: Instant,
    state: State<'a>,
    /// The place of the last event that gave a slot its value.
    origins: BTreeMap<u32, usize>,
}

impl<'a> Original<'a> {
    pub(super) fn new(
        program: &'a Program,
        schema: &'a Schema,
        case: &'a Case,
        events: &'a [Event],
        now: Instant,
    ) -> Original<'a> {
        let mut state = State::new(program, case);
        let mut origins = BTreeMap::new();
        for (place, event) in events.iter().enumerate() {
            if event.at > now {
                continue;
            }
            state.apply(event);
            if let EventKind::Set(changes) = &event.kind {
                origins.extend(changes.iter().map(|(slot, _)| (*slot, place)));
            }
        }
        Original {
            program,
            schema,
            case,
            events,
            now,
            state,
            origins,
        }
    }

    /// The value of a field as the case stands.
    pub(super) fn value(&self, slot: u32) -> Option<&Value> {
        self.state.slots.get(slot as usize)?.as_ref()
    }

    /// Whether an event has happened by now.
    pub(super) fn has_happened(&self, event: u32) -> bool {
        let happened = self.state.happened.get(event as usize);
        happened.is_some_and(Option::is_some)
    }

    /// When the case was opened.
    pub(super) fn opened(&self) -> Instant {
        self.state
            .instant(self.program.opened_at)
            .unwrap_or(self.now)
    }

    /// A variant as it stands; none if such a case would be refused.
    pub(super) fn state(&self, assignment: &Assignment) -> Option<State<'static>> {
        let mut state = self.loose_state(assignment)?;
        let slots = state.slots.to_mut();
        for (slot, value) in self.filled(assignment)? {
            slots.get_mut(slot as usize)?.get_or_insert(value);
        }
        if let Some(Some(Value::Instant(opened))) = slots.get(self.program.opened_at as usize) {
            let first = self.events.first().map_or(self.now, |event| event.at);
            let original = self.state.instant(self.program.opened_at);
            if Some(*opened) != original && (*opened > first || *opened > self.now) {
                return None;
            }
        }
        Some(state)
    }

    /// The same, also if such a case would be refused.
    pub(super) fn loose_state(&self, assignment: &Assignment) -> Option<State<'static>> {
        let mut slots = self.state.slots.to_vec();
        let mut happened = self.state.happened.clone();
        for (variable, value) in assignment {
            match (variable, value) {
                (Variable::Field(slot), value) => {
                    slots.get_mut(*slot as usize)?.clone_from(value);
                }
                (Variable::Event(event), value) => {
                    let known = happened.get_mut(*event as usize)?;
                    *known = match value {
                        Some(Value::Bool(true)) => Some((self.now, self.now)),
                        Some(_) | None => None,
                    };
                }
            }
        }
        Some(State::of(slots, happened))
    }

    /// The variant as a case with its events.
    pub(super) fn case(&self, assignment: &Assignment) -> Option<(Case, Vec<Event>)> {
        let mut case = self.case.clone();
        let mut events = self.events.to_vec();
        let filled = self.filled(assignment)?;
        for (slot, value) in &filled {
            case.slots
                .get_mut(*slot as usize)?
                .get_or_insert(value.clone());
        }
        for (variable, value) in assignment {
            let Variable::Field(slot) = variable else {
                continue;
            };
            match self.origins.get(slot) {
                None => case.slots.get_mut(*slot as usize)?.clone_from(value),
                Some(place) => {
                    let event = events.get_mut(*place)?;
                    let EventKind::Set(changes) = &mut event.kind else {
                        return None;
                    };
                    let mut changes = changes.iter_mut();
                    changes.find(|(own, _)| own == slot)?.1.clone_from(value);
                }
            }
        }
        for (variable, value) in assignment {
            let Variable::Event(event) = variable else {
                continue;
            };
            let kind = EventKind::Happened(*event);
            if *value == Some(Value::Bool(true)) {
                let place = events.partition_point(|event| event.at <= self.now);
                events.insert(place, Event { at: self.now, kind });
            } else {
                events.retain(|event| event.at > self.now || event.kind != kind);
            }
        }
        Some((case, events))
    }

    /// The differences, in the order of the variables.
    pub(super) fn changes(&self, assignment: &Assignment) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut happening = self.events.partition_point(|event| event.at <= self.now);
        for (variable, value) in assignment {
            match variable {
                Variable::Field(slot) => changes.push(Change::Field {
                    slot: *slot,
                    event: self.origins.get(slot).copied(),
                    from: self.value(*slot).cloned(),
                    to: value.clone(),
                }),
                Variable::Event(event) if *value == Some(Value::Bool(true)) => {
                    changes.push(Change::Happens {
                        place: happening,
                        event: *event,
                        at: self.now,
                    });
                    happening += 1;
                }
                Variable::Event(event) => {
                    let kind = EventKind::Happened(*event);
                    let all = self.events.iter().enumerate();
                    let own = all.filter(|(_, own)| own.at <= self.now && own.kind == kind);
                    changes.extend(own.map(|(place, own)| Change::NeverHappens {
                        place,
                        event: *event,
                        at: own.at,
                    }));
                }
            }
        }
        changes
    }

    /// The defaults of records that come to be because one of their fields does; none if a field of
    /// such a record would be lacking.
    fn filled(&self, assignment: &Assignment) -> Option<Vec<(u32, Value)>> {
        let mut filled = Vec::new();
        let mut records: Vec<RecordId> = Vec::new();
        for (variable, value) in assignment {
            let (Variable::Field(slot), Some(_)) = (variable, value) else {
                continue;
            };
            let field = self.schema.fields.get(*slot as usize)?;
            let mut record = field.inside_optional;
            while let Some(id) = record {
                if self.is_absent(id) && !records.contains(&id) {
                    if self.origins.contains_key(slot) {
                        // An event took the record away; nothing can be set in it.
                        return None;
                    }
                    records.push(id);
                }
                record = self.optional_around(id);
            }
        }
        for id in records {
            for (slot, field) in (0u32..).zip(&self.schema.fields) {
                if field.inside_optional != Some(id) {
                    continue;
                }
                let given = assignment.get(&Variable::Field(slot));
                match (&field.presence, given) {
                    (_, Some(Some(_))) | (Presence::Optional, _) => {}
                    (Presence::Default(value), _) => filled.push((slot, value.clone())),
                    (Presence::Required, _) => return None,
                }
            }
        }
        Some(filled)
    }

    fn is_absent(&self, record: RecordId) -> bool {
        let mut own = self.schema.fields.iter().zip(self.state.slots.iter());
        !own.any(|(field, value)| field.inside_optional == Some(record) && value.is_some())
    }

    fn optional_around(&self, record: RecordId) -> Option<RecordId> {
        let mut around = self.schema.record(record)?.parent;
        while let Some(id) = around {
            let record = self.schema.record(id)?;
            if record.optional {
                return Some(id);
            }
            around = record.parent;
        }
        None
    }

    /// The required fields that have to be given with a field whose record is absent.
    pub(super) fn companions(&self, slot: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut record = self
            .schema
            .fields
            .get(slot as usize)
            .and_then(|field| field.inside_optional);
        while let Some(id) = record {
            if self.is_absent(id) {
                let fields = (0u32..).zip(&self.schema.fields);
                let required = fields.filter(|(other, field)| {
                    *other != slot
                        && field.inside_optional == Some(id)
                        && field.presence == Presence::Required
                });
                found.extend(required.map(|(slot, _)| slot));
            }
            record = self.optional_around(id);
        }
        found
    }
}
