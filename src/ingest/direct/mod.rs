//! Reads a well-formed case file out of its bytes straight into slots, with no tree between.
//!
//! Beside the way over [`super::json`] and [`super::record`], which words what is wrong: this one gives up at the
//! first thing that is not plainly right, and its caller reads the same bytes again the other way. What it
//! accepts, the other way accepts with the same result; `tests/it/ingest_direct.rs` holds the two against each
//! other.

mod record;
mod tokens;
mod value;

use super::events::{Changes, MAX_EVENTS};
use super::json::MAX_TEXT_BYTES;
use super::record::State;
use super::{CaseReader, opened_at};
use crate::config::ExtraFields;
use crate::model::RecordId;
use crate::time::Instant;
use crate::value::{Case, CaseFile, Event, EventKind};
use std::borrow::Cow;
use tokens::Tokens;

/// The keys of a case file and of an event.
const CASE: &str = "case";
const EVENTS: &str = "events";
const AT: &str = "at";
const EVENT: &str = "event";
const SET: &str = "set";

/// A case file that is being read.
struct Direct<'a, 't> {
    reader: CaseReader<'a>,
    json: Tokens<'t>,
}

/// Reads a case file; none when anything about it is not plainly right.
pub(super) fn read(reader: &CaseReader<'_>, text: &[u8]) -> Option<CaseFile> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let mut direct = Direct {
        reader: *reader,
        json: Tokens::new(text)?,
    };
    if direct.json.peek()? != b'{' {
        return None;
    }
    let start = direct.json;
    let first = match direct.json.enter(b'}')? {
        true => File::key(&direct.json.key()?),
        false => None,
    };
    let file = match first {
        Some(File::Case) => direct.wrapped(File::Case)?,
        Some(key) if holds_case(direct.json)? => direct.wrapped(key)?,
        Some(_) | None => {
            direct.json = start;
            let (case, _) = direct.case(true)?;
            CaseFile {
                case,
                events: Vec::new(),
                at: None,
            }
        }
    };
    direct.json.finish()?;
    Some(file)
}

/// Whether the object whose first value comes has a key `case`.
fn holds_case(mut json: Tokens<'_>) -> Option<bool> {
    json.skip(0)?;
    while json.goes_on(b'}')? {
        if json.key()? == CASE {
            return Some(true);
        }
        json.skip(0)?;
    }
    Some(false)
}

/// A key of a case file.
#[derive(Clone, Copy)]
enum File {
    Case,
    Events,
    At,
}

impl File {
    fn key(name: &str) -> Option<File> {
        match name {
            CASE => Some(File::Case),
            EVENTS => Some(File::Events),
            AT => Some(File::At),
            _ => None,
        }
    }
}

/// The part of a case file that has been read.
#[derive(Default)]
struct Parts<'t> {
    case: Option<(Case, State)>,
    /// Where the events stand that were written before the case.
    waiting: Option<Tokens<'t>>,
    events: Option<Vec<Event>>,
    at: Option<Option<Instant>>,
}

impl<'t> Direct<'_, 't> {
    /// A case with events and an instant beside it, behind its first key.
    fn wrapped(&mut self, first: File) -> Option<CaseFile> {
        let mut parts = Parts::default();
        let mut unknown = Vec::new();
        let mut key = Some(first);
        while let Some(name) = key {
            self.json.peek()?;
            match name {
                File::Case if parts.case.is_none() => parts.case = Some(self.case(false)?),
                File::Events if parts.events.is_none() && parts.waiting.is_none() => {
                    match &mut parts.case {
                        Some((case, state)) => parts.events = Some(self.events(case, state)?),
                        None => {
                            parts.waiting = Some(self.json);
                            self.json.skip(0)?;
                        }
                    }
                }
                File::At if parts.at.is_none() => parts.at = Some(self.optional_instant()?),
                File::Case | File::Events | File::At => return None,
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
    fn file_key(&mut self, unknown: &mut Vec<Cow<'t, str>>) -> Option<Option<File>> {
        while self.json.goes_on(b'}')? {
            let name = self.json.key()?;
            if let Some(key) = File::key(&name) {
                return Some(Some(key));
            }
            self.pass_over(name, 0, unknown)?;
        }
        tokens::all_differ(unknown).then_some(None)
    }

    /// The events of a list, in order and after the opening of the case.
    fn events(&mut self, case: &Case, state: &mut State) -> Option<Vec<Event>> {
        let mut more = match self.json.peek()? {
            b'[' => self.json.enter(b']')?,
            _ => return self.json.null().map(|()| Vec::new()),
        };
        let mut last = opened_at(self.reader.schema, case)?;
        let mut events = Vec::new();
        while more {
            if self.json.peek()? != b'{' || events.len() == MAX_EVENTS {
                return None;
            }
            let event = self.event(state)?;
            if event.at < last {
                return None;
            }
            last = event.at;
            events.push(event);
            more = self.json.goes_on(b']')?;
        }
        Some(events)
    }

    fn event(&mut self, state: &mut State) -> Option<Event> {
        let (mut at, mut happened, mut set) = (None, None, None);
        let mut unknown = Vec::new();
        let mut more = self.json.enter(b'}')?;
        while more {
            let name = self.json.key()?;
            self.json.peek()?;
            match &*name {
                AT if at.is_none() => at = Some(self.optional_instant()?),
                EVENT if happened.is_none() => happened = Some(self.happened()?),
                SET if set.is_none() => set = Some(self.set(state)?),
                AT | EVENT | SET => return None,
                _ => self.pass_over(name, 0, &mut unknown)?,
            }
            more = self.json.goes_on(b'}')?;
        }
        let kind = match (happened.flatten(), set.flatten()) {
            (Some(event), None) => EventKind::Happened(event),
            (None, Some(changes)) => EventKind::Set(changes),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        let at = at.flatten()?;
        tokens::all_differ(&mut unknown).then_some(Event { at, kind })
    }

    fn happened(&mut self) -> Option<Option<u32>> {
        match self.json.peek()? {
            b'"' => {
                let name = self.json.text()?;
                self.reader.index.event(&name).map(Some)
            }
            _ => self.json.null().map(|()| None),
        }
    }

    fn set(&mut self, state: &mut State) -> Option<Option<Changes>> {
        match self.json.peek()? {
            b'{' => {
                let mut changes = Changes::new();
                self.merge(RecordId(0), 0, state, &mut changes)?;
                Some(Some(changes))
            }
            _ => self.json.null().map(|()| None),
        }
    }

    fn optional_instant(&mut self) -> Option<Option<Instant>> {
        match self.json.peek()? {
            b'"' => value::instant(&self.json.text()?).map(Some),
            _ => self.json.null().map(|()| None),
        }
    }

    /// Passes over the value of a name that nothing is declared for, and notes the name; none unless such names
    /// are to be passed over.
    fn pass_over(
        &mut self,
        name: Cow<'t, str>,
        depth: usize,
        unknown: &mut Vec<Cow<'t, str>>,
    ) -> Option<()> {
        match self.reader.extra_fields {
            ExtraFields::Error => None,
            ExtraFields::Ignore => {
                unknown.push(name);
                self.json.skip(depth)
            }
        }
    }
}
