//! Checks a written case against the schema and puts its values into slots.
//!
//! Stage before: [`super::raw`]; after: [`super::events`], which goes on with the same [`State`].

use super::index::Index;
use super::marks::Marks;
use super::raw::{Object, Raw};
use super::refusal::{FieldError, MAX_WRONG_FIELDS};
use super::typed::Types;
use crate::config::ExtraFields;
use crate::diag::nearest;
use crate::message::{Message, message};
use crate::model::{Entry, Field, FieldId, Presence, RecordId, Schema};
use crate::value::{Case, Value};

/// After so many errors there are no more suggestions, so that many errors stay cheap.
const SUGGESTIONS: usize = 50;

/// Collects what is wrong while a case and its events are read.
pub(super) struct Check<'a> {
    pub(super) types: Types<'a>,
    pub(super) extra_fields: ExtraFields,
    pub(super) errors: Vec<FieldError>,
}

/// Which optional records are there.
#[derive(Default)]
pub(super) struct State {
    present: Marks,
}

impl State {
    pub(super) fn is_present(&self, record: RecordId) -> bool {
        self.present.has(record.0)
    }

    pub(super) fn mark(&mut self, record: RecordId, present: bool) {
        self.present.put(record.0, present);
    }
}

/// What is known of a case while it is read.
struct Slots {
    values: Vec<Option<Value>>,
    /// Fields that were given with a wrong value.
    wrong: Vec<bool>,
    /// Records that were given as something else.
    broken: Vec<bool>,
    state: State,
}

impl<'a> Check<'a> {
    pub(super) fn new(types: Types<'a>, extra_fields: ExtraFields) -> Check<'a> {
        Check {
            types,
            extra_fields,
            errors: Vec::new(),
        }
    }

    pub(super) fn schema(&self) -> &'a Schema {
        self.types.schema
    }

    pub(super) fn index(&self) -> &'a Index {
        self.types.index
    }

    /// Whether there is still time for suggestions.
    pub(super) fn may_suggest(&self) -> bool {
        self.errors.len() < SUGGESTIONS
    }

    /// Adds an error, up to one more than are told.
    pub(super) fn add(&mut self, error: FieldError) {
        if self.errors.len() <= MAX_WRONG_FIELDS {
            self.errors.push(error);
        }
    }

    pub(super) fn wrong(
        &mut self,
        path: &str,
        code: &'static str,
        message: Message,
        got: Option<String>,
    ) {
        self.add(FieldError::new(path, code, message, got));
    }

    /// The case as it stood when it was opened. Slots of wrong fields are empty.
    pub(super) fn case(&mut self, object: &Object) -> (Case, State) {
        let (fields, records) = (self.schema().fields.len(), self.schema().records.len());
        let mut slots = Slots {
            values: vec![None; fields],
            wrong: vec![false; fields],
            broken: vec![false; records],
            state: State::default(),
        };
        self.record(RecordId(0), object, "", &mut slots);
        self.fill(&mut slots);
        (
            Case {
                slots: slots.values.into(),
            },
            slots.state,
        )
    }

    fn record(&mut self, record: RecordId, object: &Object, prefix: &str, slots: &mut Slots) {
        slots.state.mark(record, true);
        self.repeated(object, prefix);
        for (name, raw) in &object.entries {
            match self.index().entry(record, name) {
                Some(Entry::Field(id)) => {
                    let at = id.0 as usize;
                    if let Some(value) = self.field(id, raw, prefix) {
                        if let Some(slot) = slots.values.get_mut(at) {
                            *slot = Some(value);
                        }
                    } else if let (false, Some(wrong)) =
                        (*raw == Raw::Missing, slots.wrong.get_mut(at))
                    {
                        *wrong = true;
                    }
                }
                Some(Entry::Record(id)) => match self.nested(raw, &format!("{prefix}{name}")) {
                    Nested::Missing => {}
                    Nested::Object(inner) => {
                        self.record(id, inner, &format!("{prefix}{name}."), slots)
                    }
                    Nested::Empty => slots.state.mark(id, true),
                    Nested::Broken => {
                        slots.state.mark(id, true);
                        if let Some(broken) = slots.broken.get_mut(id.0 as usize) {
                            *broken = true;
                        }
                    }
                },
                None => self.unknown(record, name, raw, prefix),
            }
        }
    }

    /// The value of a field; none when it is missing or wrong.
    pub(super) fn field(&mut self, id: FieldId, raw: &Raw, prefix: &str) -> Option<Value> {
        let field = self.schema().field(id)?;
        let name = field.path.rsplit('.').next().unwrap_or(&field.path);
        if *raw == Raw::Missing {
            return None;
        }
        self.repeated_in(raw, prefix, name);
        self.types.hints = self.may_suggest();
        match self.types.read(&field.ty, &field.bounds, raw) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.add(wrong.at(&format!("{prefix}{name}"), raw));
                None
            }
        }
    }

    /// What stands where a record belongs.
    pub(super) fn nested<'r>(&mut self, raw: &'r Raw, path: &str) -> Nested<'r> {
        match raw {
            Raw::Missing => Nested::Missing,
            Raw::Empty => Nested::Empty,
            Raw::Record(object) => Nested::Object(object),
            Raw::Bool(_) | Raw::Number(_) | Raw::Text(_) | Raw::Cell(_) | Raw::List(_) => {
                let message = message!("`{path}` wants a record, like `{{ … }}`", path);
                self.wrong(path, "wrong-type", message, raw.shown());
                Nested::Broken
            }
        }
    }

    /// Fills in defaults and reports what is required and missing.
    fn fill(&mut self, slots: &mut Slots) {
        for (at, field) in self.schema().fields.iter().enumerate() {
            let (Some(slot), Some(wrong)) = (slots.values.get_mut(at), slots.wrong.get(at)) else {
                continue;
            };
            let absent = field
                .inside_optional
                .is_some_and(|record| !slots.state.is_present(record));
            if slot.is_some() || *wrong || absent {
                continue;
            }
            match &field.presence {
                Presence::Optional => {}
                Presence::Default(value) => *slot = Some(value.clone()),
                Presence::Required => {
                    let id = FieldId(u32::try_from(at).unwrap_or(u32::MAX));
                    if !self.lies_in_broken(id, &slots.broken) {
                        self.missing(&field.path, field);
                    }
                }
            }
        }
    }

    fn lies_in_broken(&self, field: FieldId, broken: &[bool]) -> bool {
        let mut holder = self.index().owner(field);
        for _ in 0..=broken.len() {
            let Some(record) = holder else { return false };
            if broken.get(record.0 as usize) == Some(&true) {
                return true;
            }
            holder = self
                .schema()
                .record(record)
                .and_then(|record| record.parent);
        }
        false
    }

    pub(super) fn missing(&mut self, path: &str, field: &Field) {
        let called = field
            .label
            .as_ref()
            .map_or(String::new(), |label| format!(" ({label})"));
        self.wrong(
            path,
            "missing-field",
            message!("`{path}`{called} is required and missing", path, called),
            None,
        );
    }

    /// Reports a name that the record does not have, unless it is to be passed over.
    pub(super) fn unknown(&mut self, record: RecordId, name: &str, raw: &Raw, prefix: &str) {
        self.repeated_in(raw, prefix, name);
        if self.extra_fields == ExtraFields::Ignore {
            return;
        }
        let schema = self.schema();
        let entries = schema
            .record(record)
            .map_or(&[][..], |record| &record.entries);
        let names = entries.iter().map(|(name, _)| name.as_str());
        self.unknown_among(names, name, raw, prefix);
    }

    pub(super) fn unknown_among<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
        name: &str,
        raw: &Raw,
        prefix: &str,
    ) {
        let near = if self.may_suggest() {
            nearest(name, names.take(500))
        } else {
            Vec::new()
        };
        let path = format!("{prefix}{name}");
        let message = match near.first() {
            Some(near) => message!(
                "there is no field `{path}`: did you mean `{prefix}{near}`?",
                path,
                prefix,
                near
            ),
            None => message!("there is no field `{path}`", path),
        };
        self.wrong(&path, "unknown-field", message, raw.shown());
    }

    /// Reports keys that stand in an object more than once.
    pub(super) fn repeated(&mut self, object: &Object, prefix: &str) {
        for key in &object.repeated {
            let path = format!("{prefix}{key}");
            self.wrong(
                &path,
                "duplicate-key",
                message!("`{path}` is given twice", path),
                None,
            );
        }
    }

    /// Reports repeated keys at any depth of a value that is not read as a record.
    pub(super) fn repeated_in(&mut self, raw: &Raw, prefix: &str, name: &str) {
        match raw {
            Raw::Missing
            | Raw::Bool(_)
            | Raw::Number(_)
            | Raw::Text(_)
            | Raw::Cell(_)
            | Raw::Empty => {}
            Raw::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if let Raw::List(_) | Raw::Record(_) = item {
                        self.repeated_in(item, prefix, &format!("{name}[{at}]"));
                    }
                }
            }
            Raw::Record(object) => {
                let inner = format!("{prefix}{name}.");
                self.repeated(object, &inner);
                for (key, value) in &object.entries {
                    if let Raw::List(_) | Raw::Record(_) = value {
                        self.repeated_in(value, &inner, key);
                    }
                }
            }
        }
    }
}

/// What stands where a record belongs.
pub(super) enum Nested<'r> {
    /// Nothing.
    Missing,
    /// A record.
    Object(&'r Object),
    /// A record without entries.
    Empty,
    /// Something else, which has been reported.
    Broken,
}
