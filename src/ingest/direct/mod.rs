//! Reads a well-formed case file out of its bytes straight into slots, with no tree between.
//!
//! Beside the way over [`super::json`] and [`super::record`], which words what is wrong: this one gives up at the
//! first thing that is not plainly right, and its caller reads the same bytes again the other way. What it
//! accepts, the other way accepts with the same result; `tests/it/ingest_direct.rs` holds the two against each
//! other.

mod record;
mod value;

use super::events::{Changes, MAX_EVENTS};
use super::json::MAX_TEXT_BYTES;
use super::record::State;
use super::{CaseReader, opened_at};
use crate::config::ExtraFields;
use crate::model::RecordId;
use crate::time::Instant;
use crate::value::{Case, CaseFile, Event, EventKind};
use jiter::{Jiter, Peek};

/// Deeper nesting is left to the other way.
const DEEPEST: usize = 60;

/// The keys of a case file and of an event.
const CASE: &str = "case";
const EVENTS: &str = "events";
const AT: &str = "at";
const EVENT: &str = "event";
const SET: &str = "set";

/// A case file that is being read.
struct Direct<'a, 't> {
    reader: CaseReader<'a>,
    json: Jiter<'t>,
}

/// Reads a case file; none when anything about it is not plainly right.
pub(super) fn read(reader: &CaseReader<'_>, text: &[u8]) -> Option<CaseFile> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let mut direct = Direct {
        reader: *reader,
        json: Jiter::new(text),
    };
    if direct.json.peek().ok()? != Peek::Object {
        return None;
    }
    let ahead = direct.json.clone();
    let file = match direct.json.known_object().ok()? {
        Some(CASE) => direct.wrapped(CASE)?,
        Some(AT | EVENTS) if holds_case(ahead.clone())? => {
            direct.json = ahead;
            match direct.json.known_object().ok()? {
                Some(AT) => direct.wrapped(AT)?,
                Some(_) => direct.wrapped(EVENTS)?,
                None => return None,
            }
        }
        Some(_) | None => {
            direct.json = ahead;
            let (case, _) = direct.case(true)?;
            CaseFile {
                case,
                events: Vec::new(),
                at: None,
            }
        }
    };
    direct.json.finish().ok()?;
    Some(file)
}

/// Whether the object that comes has a key `case`.
fn holds_case(mut json: Jiter<'_>) -> Option<bool> {
    let mut key = json.known_object().ok()?;
    while let Some(name) = key {
        if name == CASE {
            return Some(true);
        }
        json.next_skip().ok()?;
        key = json.next_key().ok()?;
    }
    Some(false)
}

/// The part of a case file that has been read.
#[derive(Default)]
struct Parts<'t> {
    case: Option<(Case, State)>,
    /// Where the events stand that were written before the case.
    waiting: Option<Jiter<'t>>,
    events: Option<Vec<Event>>,
    at: Option<Option<Instant>>,
}

impl<'t> Direct<'_, 't> {
    /// A case with events and an instant beside it, behind its first key.
    fn wrapped(&mut self, first: &'static str) -> Option<CaseFile> {
        let mut parts = Parts::default();
        let mut unknown = Vec::new();
        let mut key = Some(first);
        while let Some(name) = key {
            match name {
                CASE if parts.case.is_none() => parts.case = Some(self.case(false)?),
                EVENTS if parts.events.is_none() && parts.waiting.is_none() => {
                    match &mut parts.case {
                        Some((case, state)) => parts.events = Some(self.events(case, state)?),
                        None => {
                            parts.waiting = Some(self.json.clone());
                            self.json.next_skip().ok()?;
                        }
                    }
                }
                AT if parts.at.is_none() => parts.at = Some(self.optional_instant()?),
                _ => return None,
            }
            key = self.file_key(&mut unknown)?;
        }
        let (case, mut state) = parts.case?;
        if let Some(waiting) = parts.waiting {
            let end = std::mem::replace(&mut self.json, waiting);
            parts.events = Some(self.events(&case, &mut state)?);
            self.json = end;
        }
        Some(CaseFile {
            case,
            events: parts.events.unwrap_or_default(),
            at: parts.at.flatten(),
        })
    }

    /// The next key of a case file. Others than the three of a case file are passed over where the policy
    /// says so.
    fn file_key(&mut self, unknown: &mut Vec<String>) -> Option<Option<&'static str>> {
        loop {
            let name = match self.json.next_key().ok()? {
                None => return record::all_differ(unknown).then_some(None),
                Some(CASE) => return Some(Some(CASE)),
                Some(EVENTS) => return Some(Some(EVENTS)),
                Some(AT) => return Some(Some(AT)),
                Some(name) => name,
            };
            self.reader.passes_over(name, unknown)?;
            self.skip(0)?;
        }
    }

    /// The events of a list, in order and after the opening of the case.
    fn events(&mut self, case: &Case, state: &mut State) -> Option<Vec<Event>> {
        let mut next = match self.json.peek().ok()? {
            Peek::Null => {
                self.json.known_null().ok()?;
                return Some(Vec::new());
            }
            Peek::Array => self.json.known_array().ok()?,
            _ => return None,
        };
        let mut last = opened_at(self.reader.schema, case)?;
        let mut events = Vec::new();
        while let Some(peek) = next {
            if peek != Peek::Object || events.len() == MAX_EVENTS {
                return None;
            }
            let event = self.event(state)?;
            if event.at < last {
                return None;
            }
            last = event.at;
            events.push(event);
            next = self.json.array_step().ok()?;
        }
        Some(events)
    }

    fn event(&mut self, state: &mut State) -> Option<Event> {
        let (mut at, mut happened, mut set) = (None, None, None);
        let mut unknown = Vec::new();
        let mut key = self.json.known_object().ok()?;
        while let Some(name) = key {
            match name {
                AT if at.is_none() => at = Some(self.optional_instant()?),
                EVENT if happened.is_none() => happened = Some(self.happened()?),
                SET if set.is_none() => set = Some(self.set(state)?),
                AT | EVENT | SET => return None,
                name => {
                    self.reader.passes_over(name, &mut unknown)?;
                    self.skip(0)?;
                }
            }
            key = self.json.next_key().ok()?;
        }
        let kind = match (happened.flatten(), set.flatten()) {
            (Some(event), None) => EventKind::Happened(event),
            (None, Some(changes)) => EventKind::Set(changes),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        let at = at.flatten()?;
        record::all_differ(&mut unknown).then_some(Event { at, kind })
    }

    fn happened(&mut self) -> Option<Option<u32>> {
        match self.json.peek().ok()? {
            Peek::Null => self.json.known_null().ok().map(|()| None),
            Peek::String => {
                let name = self.json.known_str().ok()?;
                self.reader.index.event(name).map(Some)
            }
            _ => None,
        }
    }

    fn set(&mut self, state: &mut State) -> Option<Option<Changes>> {
        match self.json.peek().ok()? {
            Peek::Null => self.json.known_null().ok().map(|()| None),
            Peek::Object => {
                let mut changes = Changes::new();
                self.merge(RecordId(0), 0, state, &mut changes)?;
                Some(Some(changes))
            }
            _ => None,
        }
    }

    fn optional_instant(&mut self) -> Option<Option<Instant>> {
        match self.json.peek().ok()? {
            Peek::Null => self.json.known_null().ok().map(|()| None),
            Peek::String => value::instant(self.json.known_str().ok()?).map(Some),
            _ => None,
        }
    }
}

impl CaseReader<'_> {
    /// Notes a name that nothing is declared for; none unless such names are to be passed over.
    fn passes_over(&self, name: &str, unknown: &mut Vec<String>) -> Option<()> {
        match self.extra_fields {
            ExtraFields::Error => None,
            ExtraFields::Ignore => {
                unknown.push(name.to_owned());
                Some(())
            }
        }
    }
}
