//! Reads a well-formed case file out of its bytes straight into slots, with no tree between.
//!
//! Beside the way over [`super::json`] and [`super::record`], which words what is wrong: this one gives up at the
//! first thing that is not plainly right, and its caller reads the same bytes again the other way. What it
//! accepts, the other way accepts with the same result; `tests/it/ingest_direct.rs` holds the two against each
//! other.

mod events;
mod merge;
mod plan;
mod record;

mod tokens;
mod value;

pub(super) use plan::Plan;

use super::CaseReader;
use super::json::MAX_TEXT_BYTES;
use super::json_text::JsonText;
use super::record::State;
use super::room::{CaseRoom, Notes};
use crate::config::ExtraFields;
use crate::index::Look;
use crate::model::RecordId;
use crate::time::Instant;
use crate::value::CaseFile;
use std::borrow::Cow;
use tokens::Tokens;

/// The keys of a case file and of an event.
const CASE: &str = "case";
const EVENTS: &str = "events";
const AT: &str = "at";
const EVENT: &str = "event";
const SET: &str = "set";

/// A case file that is being read.
struct Direct<'a, 't, 'r> {
    reader: CaseReader<'a>,
    json: Tokens<'t>,
    notes: &'r mut Notes,
    look: Look<'r>,
}

/// Reads a case file into the room; none when anything about it is not plainly right. Then the room holds parts of
/// it, which the next one that is read takes the place of.
pub(super) fn read(reader: &CaseReader<'_>, text: JsonText<'_>, room: &mut CaseRoom) -> Option<()> {
    if text.bytes().len() > MAX_TEXT_BYTES {
        return None;
    }
    let CaseRoom { file, notes, known } = room;
    let rules = reader.rules;
    let mut direct = Direct {
        reader: *reader,
        json: Tokens::new(text.text()?),
        notes,
        look: rules.start_look(known),
    };
    if direct.json.peek()? != b'{' {
        return None;
    }
    let start = direct.json;
    let first = match direct.json.enter(b'}')? {
        true if direct.starts_as_bare_case() => None,
        true => File::key(&direct.json.key()?),
        false => None,
    };
    match first {
        Some(File::Case) => direct.wrapped(File::Case, file)?,
        Some(key) if holds_case(direct.json)? => direct.wrapped(key, file)?,
        Some(_) | None => {
            direct.json = start;
            direct.case(true, &mut file.case)?;
            file.events.clear();
            file.at = None;
        }
    }
    direct.json.finish()?;
    direct.look.finish(&file.case.slots);
    rules.end_look(&mut file.case.slots, known);
    Some(())
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
    case: Option<State>,
    /// Where the events stand that were written before the case.
    waiting: Option<Tokens<'t>>,
    has_events: bool,
    at: Option<Option<Instant>>,
}

impl<'t> Direct<'_, 't, '_> {
    /// Whether the key that comes is the field that is expected first, and no key of a case file.
    fn starts_as_bare_case(&self) -> bool {
        let Some(plan) = self.reader.index.plan().record(RecordId(0)) else {
            return false;
        };
        let name = plan.names.get(self.expected(plan, 0));
        name.is_some_and(|name| !name.is_of_file && self.json.has(&name.spelled))
    }

    /// A case with events and an instant beside it, behind its first key.
    fn wrapped(&mut self, first: File, file: &mut CaseFile) -> Option<()> {
        let mut parts = Parts::default();
        let mut unknown = Vec::new();
        let mut key = Some(first);
        file.events.clear();
        while let Some(name) = key {
            self.json.peek()?;
            match name {
                File::Case if parts.case.is_none() => {
                    parts.case = Some(self.case(false, &mut file.case)?)
                }
                File::Events if !parts.has_events && parts.waiting.is_none() => {
                    match &mut parts.case {
                        Some(state) => {
                            self.events(state, file)?;
                            parts.has_events = true;
                        }
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
        let mut state = parts.case?;
        if let Some(waiting) = parts.waiting {
            let end = std::mem::replace(&mut self.json, waiting);
            self.events(&mut state, file)?;
            self.json = end;
        }
        file.at = parts.at.flatten();
        Some(())
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

    fn optional_instant(&mut self) -> Option<Option<Instant>> {
        match self.json.peek()? {
            b'"' => self.instant().map(Some),
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
