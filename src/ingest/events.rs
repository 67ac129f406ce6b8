//! Checks the events of a case file: their order, their names, and what each `set` changes.
//!
//! Stage before: [`super::record`], which has read the case; after: the evaluator's event log.

use super::raw::{Object, Raw};
use super::record::{Check, Nested, State};
use super::refusal::Refusal;
use super::typed;
use crate::message::{Message, message};
use crate::model::{Entry, FieldId, Presence, RecordId};
use crate::time::Instant;
use crate::value::{Event, EventKind, Value};

/// The most events of one case.
pub const MAX_EVENTS: usize = 1_000_000;

/// New values of slots; none clears.
pub(super) type Changes = Vec<(u32, Option<Value>)>;

impl Check<'_> {
    /// The events of a list. Entries that are wrong are reported and left out.
    pub(super) fn events(&mut self, raw: Option<&Raw>, state: &mut State) -> Vec<(usize, Event)> {
        let items = match raw {
            None | Some(Raw::Missing) => return Vec::new(),
            Some(Raw::List(items)) => items,
            Some(other) => {
                let message = message!("`events` wants a list, like `[ … ]`");
                self.wrong("events", "wrong-type", message, other.shown());
                return Vec::new();
            }
        };
        if items.len() > MAX_EVENTS {
            let message = message!(
                "a case may have {max_events} events, this one has {count}",
                count = items.len(),
                max_events = MAX_EVENTS
            );
            self.wrong("events", "out-of-bounds", message, None);
            return Vec::new();
        }
        let mut events = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let path = format!("events[{at}]");
            if let Raw::Record(object) = item {
                events.extend(self.event(object, &path, state).map(|event| (at, event)));
            } else {
                let message = message!(
                    "`{path}` wants a record with `at` and either `event` or `set`",
                    path
                );
                self.wrong(
                    &path,
                    "wrong-type",
                    message,
                    item.shown().or(Some("null".to_owned())),
                );
            }
        }
        events
    }

    fn event(&mut self, object: &Object, path: &str, state: &mut State) -> Option<Event> {
        let prefix = format!("{path}.");
        self.repeated(object, &prefix);
        for (name, raw) in &object.entries {
            if !matches!(name.as_str(), "at" | "event" | "set") {
                self.repeated_in(raw, &prefix, name);
                if self.extra_fields == crate::config::ExtraFields::Error {
                    self.unknown_among(["at", "event", "set"].into_iter(), name, raw, &prefix);
                }
            }
        }
        let at = self.instant(object.get("at"), &format!("{path}.at"), true);
        let given = |key| object.get(key).filter(|raw| **raw != Raw::Missing);
        let kind = match (given("event"), given("set")) {
            (Some(_), Some(_)) => {
                let message = message!(
                    "`{path}` has both `event` and `set`: write two entries",
                    path
                );
                self.wrong(path, "wrong-type", message, None);
                None
            }
            (None, None) => {
                let message = message!(
                    "`{path}` has neither `event` nor `set`: write one of them",
                    path
                );
                self.wrong(path, "missing-field", message, None);
                None
            }
            (Some(name), None) => self.happened(name, &format!("{path}.event")),
            (None, Some(set)) => self.set(set, &format!("{path}.set"), state),
        };
        Some(Event {
            at: at?,
            kind: kind?,
        })
    }

    /// An instant that stands beside the case's fields.
    pub(super) fn instant(
        &mut self,
        raw: Option<&Raw>,
        path: &str,
        required: bool,
    ) -> Option<Instant> {
        match raw {
            None | Some(Raw::Missing) => {
                if required {
                    self.wrong(
                        path,
                        "missing-field",
                        message!("`{path}` is required and missing", path),
                        None,
                    );
                }
                None
            }
            Some(raw @ (Raw::Text(text) | Raw::Cell(text))) => match typed::instant(text) {
                Ok(at) => Some(at),
                Err(wrong) => {
                    self.add(wrong.at(path, raw));
                    None
                }
            },
            Some(
                raw @ (Raw::Bool(_) | Raw::Number(_) | Raw::List(_) | Raw::Record(_) | Raw::Empty),
            ) => {
                let message = message!(
                    "`{path}` wants an instant, like `\"2026-03-02T10:00:00+08:00\"`",
                    path
                );
                self.wrong(path, "wrong-type", message, raw.shown());
                None
            }
        }
    }

    fn happened(&mut self, raw: &Raw, path: &str) -> Option<EventKind> {
        let (Raw::Text(name) | Raw::Cell(name)) = raw else {
            let message = message!("`{path}` wants the name of an event, in quotes", path);
            self.wrong(path, "wrong-type", message, raw.shown());
            return None;
        };
        if let Some(event) = self.index().event(name) {
            return Some(EventKind::Happened(event));
        }
        let schema = self.schema();
        let names = schema
            .events
            .iter()
            .map(|(name, _)| name.as_str())
            .take(if self.may_suggest() { 200 } else { 0 });
        let message = match crate::diag::nearest(name, names).first() {
            Some(near) => message!(
                "there is no event `{name}`: did you mean `{near}`?",
                name,
                near
            ),
            None => message!(
                "there is no event `{name}`: declare it under `events`",
                name
            ),
        };
        self.wrong(path, "unknown-event", message, raw.shown());
        None
    }

    /// What the `set` of a policy test changes.
    pub(super) fn set_fields(
        &mut self,
        place: usize,
        fields: &Object,
        state: &mut State,
    ) -> Option<EventKind> {
        let before = self.errors.len();
        let mut changes = Changes::new();
        self.merge(
            RecordId(0),
            fields,
            &format!("events[{place}].set."),
            state,
            &mut changes,
        );
        (self.errors.len() == before).then_some(EventKind::Set(changes))
    }

    fn set(&mut self, raw: &Raw, path: &str, state: &mut State) -> Option<EventKind> {
        let before = self.errors.len();
        let mut changes = Changes::new();
        match self.nested(raw, path) {
            Nested::Missing | Nested::Empty | Nested::Broken => {}
            Nested::Object(object) => {
                self.merge(
                    RecordId(0),
                    object,
                    &format!("{path}."),
                    state,
                    &mut changes,
                );
            }
        }
        (self.errors.len() == before).then_some(EventKind::Set(changes))
    }

    fn merge(
        &mut self,
        record: RecordId,
        object: &Object,
        prefix: &str,
        state: &mut State,
        changes: &mut Changes,
    ) {
        self.repeated(object, prefix);
        for (name, raw) in &object.entries {
            let path = format!("{prefix}{name}");
            match self.index().entry(record, name) {
                Some(Entry::Field(id))
                    if id == self.schema().id || id == self.schema().opened_at =>
                {
                    let message =
                        message!("`{name}` stays as it is for the whole life of a case", name);
                    self.wrong(&path, "field-not-settable", message, raw.shown());
                }
                Some(Entry::Field(id)) if *raw == Raw::Missing => self.clear(id, &path, changes),
                Some(Entry::Field(id)) => {
                    if let Some(value) = self.field(id, raw, prefix) {
                        changes.push((id.0, Some(value)));
                    }
                }
                Some(Entry::Record(id)) => match self.nested(raw, &path) {
                    Nested::Missing => self.clear_record(id, &path, state, changes),
                    Nested::Object(inner) => self.merge_record(id, inner, &path, state, changes),
                    Nested::Empty => {
                        self.merge_record(id, &Object::default(), &path, state, changes)
                    }
                    Nested::Broken => {}
                },
                None => self.unknown(record, name, raw, prefix),
            }
        }
    }

    /// Merges into a nested record; an optional one that was absent comes into being.
    fn merge_record(
        &mut self,
        record: RecordId,
        object: &Object,
        path: &str,
        state: &mut State,
        changes: &mut Changes,
    ) {
        let optional = self
            .schema()
            .record(record)
            .is_some_and(|record| record.optional);
        let comes = optional && !state.is_present(record);
        state.mark(record, true);
        let (first_change, first_error) = (changes.len(), self.errors.len());
        self.merge(record, object, &format!("{path}."), state, changes);
        if !comes {
            return;
        }
        let mut given: Vec<u32> = changes
            .iter()
            .skip(first_change)
            .map(|(slot, _)| *slot)
            .collect();
        given.sort_unstable();
        for id in self.index().inside(record) {
            if given.binary_search(&id.0).is_ok() {
                continue;
            }
            let Some(field) = self.schema().field(*id) else {
                continue;
            };
            let own = self.inner_path(path, record, &field.path);
            match &field.presence {
                Presence::Optional => {}
                Presence::Default(value) => changes.push((id.0, Some(value.clone()))),
                Presence::Required => {
                    let reported = self
                        .errors
                        .iter()
                        .skip(first_error)
                        .any(|error| error.path == own);
                    if !reported {
                        self.missing(&own, field);
                    }
                }
            }
        }
    }

    fn clear(&mut self, id: FieldId, path: &str, changes: &mut Changes) {
        let Some(field) = self.schema().field(id) else {
            return;
        };
        match &field.presence {
            Presence::Optional => changes.push((id.0, None)),
            Presence::Default(value) => changes.push((id.0, Some(value.clone()))),
            Presence::Required => self.missing(path, field),
        }
    }

    /// `null` for a record: an optional one is absent from then on, of another each field is cleared.
    pub(super) fn clear_record(
        &mut self,
        record: RecordId,
        path: &str,
        state: &mut State,
        changes: &mut Changes,
    ) {
        let schema = self.schema();
        let Some(own) = schema.record(record) else {
            return;
        };
        if own.optional {
            self.leave(record, state);
            changes.extend(self.index().under(record).iter().map(|id| (id.0, None)));
            return;
        }
        for (name, entry) in &own.entries {
            let path = format!("{path}.{name}");
            match entry {
                Entry::Field(id) => self.clear(*id, &path, changes),
                Entry::Record(inner) => self.clear_record(*inner, &path, state, changes),
            }
        }
    }

    fn leave(&self, record: RecordId, state: &mut State) {
        state.mark(record, false);
        let entries = self
            .schema()
            .record(record)
            .map_or(&[][..], |record| &record.entries);
        for (_, entry) in entries {
            match entry {
                Entry::Field(_) => {}
                Entry::Record(inner) => self.leave(*inner, state),
            }
        }
    }

    /// The path in the file of a field that lies in the record at `path`.
    fn inner_path(&self, path: &str, record: RecordId, field: &str) -> String {
        let own = self
            .schema()
            .record(record)
            .map_or("", |record| record.path.as_str());
        format!("{path}{}", field.strip_prefix(own).unwrap_or(field))
    }
}

/// Whether the events stand in order and after the opening of the case.
pub(super) fn check_order(
    events: &[(usize, Event)],
    opened_at: Instant,
    zone: crate::time::Zone,
    name: &dyn Fn(usize) -> Message,
) -> Result<(), Refusal> {
    let mut last = opened_at;
    for (at, event) in events {
        if event.at < opened_at {
            let message = message!(
                "{name} at {at} lies before the case was opened at {opened}",
                name = name(*at),
                at = event.at.format(zone),
                opened = opened_at.format(zone)
            );
            return Err(Refusal::new("event-before-opened", message));
        }
        if event.at < last {
            let message = message!(
                "{name} at {at} lies before the event above it at {above}",
                name = name(*at),
                at = event.at.format(zone),
                above = last.format(zone)
            );
            return Err(Refusal::new("events-out-of-order", message));
        }
        last = event.at;
    }
    Ok(())
}
