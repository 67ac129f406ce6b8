//! From the outside into a checked case: JSON, CSV and foreign exports, policy tests, typed values.
//!
//! Reads the schema of [`crate::model`] and the mappings of [`crate::config`]; what comes out, the
//! evaluator may trust. A case is refused with all its wrong fields at once, before any rule runs.

mod builder;
mod cell;
mod check_mapping;
mod columns;
mod direct;
mod events;
mod groups;
mod index;
mod json;
mod json_text;
mod log;
mod mapped;
mod marks;
mod moment;
mod raw;
mod record;
mod refusal;
mod room;
mod rows;
mod stamp;
mod table;
mod typed;
mod typed_rows;

pub use builder::{CaseBuilder, FieldValue};
pub use check_mapping::check_mapping;
pub use events::MAX_EVENTS;
pub use groups::{CaseRows, GroupError, Groups, LogRows, MAX_LOG_BYTES, MAX_LOG_ROWS};
pub use index::Index;
pub use json::{MAX_TEXT_BYTES, MAX_VALUES};
pub use json_text::JsonText;
pub use refusal::{FieldError, MAX_WRONG_FIELDS, Refusal};
pub use room::CaseRoom;
pub use rows::{MAX_ROW_BYTES, Row, RowBytes, RowSource, Rows};
pub use table::{RowCase, RowReader};
pub use typed::MAX_SET;
pub use typed_rows::{ColumnKind, TypedCell, TypedColumn, TypedRow, TypedRows};

use crate::config::{Constant, ExtraFields, RowFormat};
use crate::index::{NO_RULES, RuleIndex};
use crate::message::{Message, message};
use crate::model::{EventId, FieldId, RawRecord, Schema, TestEvent};
use crate::time::{Instant, Zone};
use crate::value::{Case, CaseFile, Event, EventKind, Value};
use raw::{Object, Raw};
use record::Check;
use typed::Types;

/// Reads cases of one schema.
#[derive(Clone, Copy, Debug)]
pub struct CaseReader<'a> {
    schema: &'a Schema,
    index: &'a Index,
    zone: Zone,
    extra_fields: ExtraFields,
    /// The rules that look at a case as soon as it is read.
    rules: &'a RuleIndex,
}

/// Reads one case file (K2), building the look-up tables of the schema for it alone.
///
/// # Errors
/// A [`Refusal`] that names everything that is wrong.
pub fn read_case_file(
    schema: &Schema,
    zone: Zone,
    extra_fields: ExtraFields,
    json: &str,
) -> Result<CaseFile, Refusal> {
    let index = Index::new(schema);
    CaseReader::new(schema, &index, zone, extra_fields).read_json(json)
}

impl<'a> CaseReader<'a> {
    /// A reader; `index` is [`Index::new`] of the same schema, `zone` the policy's.
    pub fn new(
        schema: &'a Schema,
        index: &'a Index,
        zone: Zone,
        extra_fields: ExtraFields,
    ) -> CaseReader<'a> {
        CaseReader {
            schema,
            index,
            zone,
            extra_fields,
            rules: &NO_RULES,
        }
    }

    /// The same for cases that these rules will decide: what the values of a case are to them is found out at once.
    pub fn for_rules(self, rules: &'a RuleIndex) -> CaseReader<'a> {
        CaseReader { rules, ..self }
    }

    /// The policy's zone.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The value that a constant of a mapping gives a field; none when it does not fit.
    pub fn constant(&self, field: FieldId, value: &Constant) -> Option<Value> {
        let field = self.schema.field(field)?;
        let types = Types {
            schema: self.schema,
            index: self.index,
            zone: self.zone,
            hints: false,
        };
        let read = types.read(&field.ty, &field.bounds, &cell::constant(value));
        read.ok()
    }

    fn with_extra_fields(self, extra_fields: ExtraFields) -> CaseReader<'a> {
        CaseReader {
            extra_fields,
            ..self
        }
    }

    fn check(&self) -> Check<'a> {
        let types = Types {
            schema: self.schema,
            index: self.index,
            zone: self.zone,
            hints: true,
        };
        Check::new(types, self.extra_fields)
    }

    /// Reads a case file (K2): a case with events, or a bare case.
    ///
    /// # Errors
    /// A [`Refusal`] that names everything that is wrong.
    pub fn read_json<'t>(&self, text: impl Into<JsonText<'t>>) -> Result<CaseFile, Refusal> {
        let text = text.into();
        match self.read_directly(text) {
            Some(file) => Ok(file),
            None => self.read_plainly(text.bytes()),
        }
    }

    /// Does what [`CaseReader::read_json`] does, in room that is kept from one file to the next. The case takes the
    /// place of the one before, of which nothing is left in it.
    ///
    /// ```
    /// # use caseway::{Policy, ingest::CaseRoom};
    /// # let policy = Policy::from_sources([
    /// #     ("caseway.toml", "[policy]\nname = \"demo\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n"),
    /// #     ("case.policy", "case { id: text opened_at: instant urgent: bool optional }"),
    /// # ])?;
    /// let lines = [
    ///     r#"{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00","urgent":true}"#,
    ///     r#"{"id":"T2","opened_at":"2026-03-02T11:00:00+08:00"}"#,
    /// ];
    /// let reader = policy.reader();
    /// let mut room = CaseRoom::default();
    /// for line in lines {
    ///     let file = reader.read_json_into(line, &mut room)?;
    ///     assert_eq!(*file, policy.case_from_json(line)?);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn read_json_into<'r, 't>(
        &self,
        text: impl Into<JsonText<'t>>,
        room: &'r mut CaseRoom,
    ) -> Result<&'r CaseFile, Refusal> {
        self.read_text_into(text.into(), room)
    }

    fn read_text_into<'r>(
        &self,
        text: JsonText<'_>,
        room: &'r mut CaseRoom,
    ) -> Result<&'r CaseFile, Refusal> {
        room.notes.remembers = true;
        match direct::read(self, text, room) {
            Some(()) => Ok(&room.file),
            None => Ok(room.keep(self.read_plainly(text.bytes())?)),
        }
    }

    /// The first, quick try of [`CaseReader::read_json`]: none when anything about the file is not plainly
    /// right, or written in a way that is seldom used. Then [`CaseReader::read_plainly`] tells what it is.
    pub fn read_directly<'t>(&self, text: impl Into<JsonText<'t>>) -> Option<CaseFile> {
        let mut room = CaseRoom::default();
        direct::read(self, text.into(), &mut room)?;
        Some(room.file)
    }

    /// Does what [`CaseReader::read_json`] does without trying the quick way first.
    ///
    /// # Errors
    /// As there.
    pub fn read_plainly(&self, text: &[u8]) -> Result<CaseFile, Refusal> {
        match json::read(text)? {
            Raw::Record(object) => self.read_file(&object),
            _ => {
                Err(Refusal::new("bad-json", message!("a case file is one JSON object")).at_line(1))
            }
        }
    }

    fn read_file(&self, file: &Object) -> Result<CaseFile, Refusal> {
        let Some(case) = file.get("case") else {
            return self.read_parts(file, None, None, self.check());
        };
        let mut check = self.check();
        check.repeated(file, "");
        for (name, raw) in &file.entries {
            if !matches!(name.as_str(), "case" | "events" | "at") {
                check.repeated_in(raw, "", name);
                if self.extra_fields == ExtraFields::Error {
                    check.unknown_among(["case", "events", "at"].into_iter(), name, raw, "");
                }
            }
        }
        match case {
            Raw::Record(case) => self.read_parts(case, file.get("events"), file.get("at"), check),
            other => {
                let message = message!("`case` wants a record, like `{{ … }}`");
                check.wrong("case", "wrong-type", message, other.shown());
                Err(Refusal::of_fields(None, check.errors))
            }
        }
    }

    /// Checks a case, its events and its instant together.
    fn read_parts(
        &self,
        case: &Object,
        events: Option<&Raw>,
        at: Option<&Raw>,
        check: Check<'_>,
    ) -> Result<CaseFile, Refusal> {
        self.read_named(case, events, at, check, &event_path)
    }

    /// The same; `name` tells of an event in messages about the order of events.
    fn read_named(
        &self,
        case: &Object,
        events: Option<&Raw>,
        at: Option<&Raw>,
        mut check: Check<'_>,
        name: &dyn Fn(usize) -> Message,
    ) -> Result<CaseFile, Refusal> {
        let (mut read, mut state) = check.case(case);
        let events = check.events(events, &mut state);
        let at = check.instant(at, "at", false);
        let id = case_id(self.schema, &read);
        if !check.errors.is_empty() {
            return Err(Refusal::of_fields(id, check.errors));
        }
        if let Some(opened) = opened_at(self.schema, &read) {
            events::check_order(&events, opened, self.zone, name)
                .map_err(|refusal| refusal.of_case(id))?;
        }
        self.rules.know(&mut read.slots);
        Ok(CaseFile {
            case: read,
            events: events.into_iter().map(|(_, event)| event).collect(),
            at,
        })
    }

    /// Checks the case of a policy test, its events and its `at`.
    ///
    /// # Errors
    /// A [`Refusal`], which the test may expect.
    pub fn read_test(
        &self,
        case: &RawRecord,
        events: &[(Instant, TestEvent)],
        at: Option<Instant>,
    ) -> Result<CaseFile, Refusal> {
        let mut check = self.check();
        let (mut read, mut state) = check.case(&Object::from(case));
        let mut happened = Vec::with_capacity(events.len());
        for (place, (at, event)) in events.iter().enumerate() {
            let kind = match event {
                TestEvent::Event(EventId(event)) => Some(EventKind::Happened(*event)),
                TestEvent::Set(fields) => {
                    check.set_fields(place, &Object::from(fields), &mut state)
                }
            };
            happened.extend(kind.map(|kind| (place, Event { at: *at, kind })));
        }
        let id = case_id(self.schema, &read);
        if !check.errors.is_empty() {
            return Err(Refusal::of_fields(id, check.errors));
        }
        if let Some(opened) = opened_at(self.schema, &read) {
            events::check_order(&happened, opened, self.zone, &event_path)
                .map_err(|refusal| refusal.of_case(id))?;
        }
        self.rules.know(&mut read.slots);
        Ok(CaseFile {
            case: read,
            events: happened.into_iter().map(|(_, event)| event).collect(),
            at,
        })
    }

    /// Refuses to decide before the case was opened.
    ///
    /// # Errors
    /// The code `at-before-opened`.
    pub fn check_at(&self, case: &Case, at: Instant) -> Result<(), Refusal> {
        match opened_at(self.schema, case) {
            Some(opened) if at < opened => {
                let message = message!(
                    "nothing is decided at {at}, before the case was opened at {opened}",
                    at = at.format(self.zone),
                    opened = opened.format(self.zone)
                );
                Err(Refusal::new("at-before-opened", message).of_case(case_id(self.schema, case)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// An event as messages name it.
fn event_path(place: usize) -> Message {
    Message::verbatim(format!("`events[{place}]`"))
}

/// The `id` of a case; none when it is missing.
pub fn case_id(schema: &Schema, case: &Case) -> Option<String> {
    match case.slots.get(schema.id.0 as usize) {
        Some(Some(Value::Text(id))) => Some(id.to_string()),
        Some(_) | None => None,
    }
}

/// The `opened_at` of a case; none when it is missing.
pub fn opened_at(schema: &Schema, case: &Case) -> Option<Instant> {
    match case.slots.get(schema.opened_at.0 as usize) {
        Some(Some(Value::Instant(at))) => Some(*at),
        Some(_) | None => None,
    }
}

/// The form of rows that a file's ending speaks of; NDJSON unless it ends in `.csv`.
pub fn format_of(file_name: &str) -> RowFormat {
    let ending = file_name.rsplit('.').next().unwrap_or("");
    if ending.eq_ignore_ascii_case("csv") {
        RowFormat::Csv
    } else {
        RowFormat::Ndjson
    }
}
