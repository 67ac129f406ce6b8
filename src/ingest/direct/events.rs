//! The events of a case file.

use super::super::events::{Changes, MAX_EVENTS};
use super::super::opened_at;
use super::super::record::State;
use super::{AT, Direct, EVENT, SET, tokens};
use crate::model::RecordId;
use crate::value::{CaseFile, Event, EventKind};

impl Direct<'_, '_, '_> {
    /// The events of a list, in order and after the opening of the case, which has been read.
    pub(super) fn events(&mut self, state: &mut State, file: &mut CaseFile) -> Option<()> {
        let mut more = match self.json.peek()? {
            b'[' => self.json.enter(b']')?,
            _ => return self.json.null(),
        };
        let mut last = opened_at(self.reader.schema, &file.case)?;
        while more {
            if self.json.peek()? != b'{' || file.events.len() == MAX_EVENTS {
                return None;
            }
            let event = self.event(state)?;
            if event.at < last {
                return None;
            }
            last = event.at;
            file.events.push(event);
            more = self.json.goes_on(b']')?;
        }
        Some(())
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
}
