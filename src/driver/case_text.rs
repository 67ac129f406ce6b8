//! Cases as text: as the case files that commands read, and as tests in policies.

use crate::analysis::Witness;
use crate::compile::{Node, NodeId, Program, Type};
use crate::eval::Shown;
use crate::model::{Entry, Presence, RecordId, Schema};
use crate::time::Instant;
use crate::value::{Case, CaseFile, Event, EventKind, Value, quoted};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A case file as one line of JSON, as `caseway eval` reads it. Fields stand in declared order; those
/// that are missing are left out.
pub(super) fn json(schema: &Schema, program: &Program, file: &CaseFile) -> String {
    let printed = File {
        schema,
        program,
        file,
    };
    serde_json::to_string(&printed).unwrap_or_default()
}

/// The case of a witness, with what nobody asks of it filled in.
pub(super) fn file(program: &Program, witness: &Witness) -> CaseFile {
    let mut slots = witness.slots.clone();
    if let Some(Some(Value::Text(id))) = slots.get_mut(program.id as usize)
        && (id.is_empty() || &**id == "x")
    {
        *id = "W1".into();
    }
    let opened = match slots.get(program.opened_at as usize) {
        Some(Some(Value::Instant(at))) => *at,
        Some(_) | None => Instant::MIN,
    };
    let events = witness.events.iter().map(|event| Event {
        at: opened,
        kind: EventKind::Happened(*event),
    });
    CaseFile {
        case: Case {
            slots: slots.into(),
        },
        events: events.collect(),
        at: witness.now.filter(|now| *now >= opened),
    }
}

/// The fields of a witness that matter, by path, with their values as a policy writes them; none for a
/// missing one. Events that have happened come last. Fields at their defaults are left out, as long as
/// others are left.
pub(super) fn example(
    schema: &Schema,
    program: &Program,
    witness: &Witness,
) -> Vec<(String, Option<String>)> {
    let at_default = |slot: &u32| {
        let field = schema.fields.get(*slot as usize);
        let value = witness.slots.get(*slot as usize);
        field
            .zip(value)
            .is_some_and(|(field, value)| match &field.presence {
                Presence::Default(default) => value.as_ref() == Some(default),
                Presence::Required | Presence::Optional => false,
            })
    };
    let mut matters: Vec<u32> = witness.matters.clone();
    matters.retain(|slot| !at_default(slot));
    if matters.is_empty() && witness.events.is_empty() {
        matters.clone_from(&witness.matters);
    }
    let fields = matters.iter().filter_map(|slot| {
        let field = program.fields.get(*slot as usize)?;
        let value = witness.slots.get(*slot as usize)?;
        let value = value.as_ref().map(|value| {
            written(Shown {
                program,
                ty: &field.ty,
                value,
            })
        });
        Some((field.path.clone(), value))
    });
    let events = witness.events.iter().filter_map(|event| {
        let event = program.events.get(*event as usize)?;
        Some((
            format!("{} has happened", event.name),
            Some("true".to_owned()),
        ))
    });
    fields.chain(events).collect()
}

/// A value as a policy writes it.
pub(super) fn written(shown: Shown<'_>) -> String {
    match shown.value {
        Value::Text(text) => quoted(text),
        Value::Set(items) => {
            let element = match shown.ty {
                Type::Set(element) => element,
                ty => ty,
            };
            let items = items.iter().map(|value| {
                written(Shown {
                    program: shown.program,
                    ty: element,
                    value,
                })
            });
            let items: Vec<String> = items.collect();
            match items.is_empty() {
                true => "{}".to_owned(),
                false => format!("{{ {} }}", items.join(", ")),
            }
        }
        _ => shown.to_string(),
    }
}

/// What an opaque part of a condition is taken to be, in JSON.
pub(super) fn plain(program: &Program, part: NodeId, value: &Value) -> String {
    // Of these, scripts alone answer with members of an enum.
    let function = match program.node(part) {
        Node::Call(function, _) => program.functions.get(*function as usize),
        _ => None,
    };
    let ty = function.map_or(&Type::Bool, |function| &function.result);
    let shown = Shown { program, ty, value };
    serde_json::to_string(&shown).unwrap_or_default()
}

struct File<'a> {
    schema: &'a Schema,
    program: &'a Program,
    file: &'a CaseFile,
}

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(
            "case",
            &Fields {
                file: self,
                record: RecordId(0),
            },
        )?;
        let events = self.file.events.iter().filter_map(|event| {
            let at = event.at.format(self.program.zone);
            let EventKind::Happened(place) = &event.kind else {
                return None;
            };
            let (name, _) = self.schema.events.get(*place as usize)?;
            Some(Happened { at, event: name })
        });
        map.serialize_entry("events", &events.collect::<Vec<_>>())?;
        if let Some(at) = self.file.at {
            map.serialize_entry("at", &at.format(self.program.zone))?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct Happened<'a> {
    at: String,
    event: &'a str,
}

struct Fields<'a> {
    file: &'a File<'a>,
    record: RecordId,
}

impl Fields<'_> {
    /// Whether any field below the record has a value.
    fn is_there(&self, record: RecordId) -> bool {
        let Some(record) = self.file.schema.record(record) else {
            return false;
        };
        record.entries.iter().any(|(_, entry)| match entry {
            Entry::Field(id) => self.value(id.0).is_some(),
            Entry::Record(id) => self.is_there(*id),
        })
    }

    fn value(&self, slot: u32) -> Option<&Value> {
        self.file.file.case.slots.get(slot as usize)?.as_ref()
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let File {
            schema, program, ..
        } = self.file;
        let mut map = serializer.serialize_map(None)?;
        let entries = schema.record(self.record);
        for (name, entry) in entries.map_or(&[][..], |record| &record.entries) {
            match entry {
                Entry::Field(id) => {
                    if let (Some(field), Some(value)) = (schema.field(*id), self.value(id.0)) {
                        let shown = Shown {
                            program,
                            ty: &field.ty,
                            value,
                        };
                        map.serialize_entry(name, &shown)?;
                    }
                }
                Entry::Record(id) => {
                    let optional = schema.record(*id).is_some_and(|record| record.optional);
                    if !optional || self.is_there(*id) {
                        let fields = Fields {
                            file: self.file,
                            record: *id,
                        };
                        map.serialize_entry(name, &fields)?;
                    }
                }
            }
        }
        map.end()
    }
}
