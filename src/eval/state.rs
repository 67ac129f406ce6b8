//! The case as it stands at an instant: its slots with everything applied that happened by then.
//!
//! Before the evaluator proper.

use crate::compile::Program;
use crate::index::RuleIndex;
use crate::time::Instant;
use crate::value::{Case, Event, EventKind, Known, Slots, Value};
use std::borrow::Cow;

/// A case at an instant.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// Values of the slots.
    pub slots: Cow<'a, [Option<Value>]>,
    /// When each declared event first and last happened.
    pub happened: Vec<Option<(Instant, Instant)>>,
    /// The slots as they were given.
    given: Option<&'a Slots>,
}

impl<'a> State<'a> {
    /// The case as it was given.
    #[inline]
    pub fn new(program: &Program, case: &'a Case) -> State<'a> {
        State {
            slots: Cow::Borrowed(&case.slots),
            happened: vec![None; program.events.len()],
            given: Some(&case.slots),
        }
    }

    /// Values of slots, and when each declared event first and last happened.
    pub(crate) fn of(
        slots: Vec<Option<Value>>,
        happened: Vec<Option<(Instant, Instant)>>,
    ) -> State<'static> {
        State {
            slots: Cow::Owned(slots),
            happened,
            given: None,
        }
    }

    /// Applies an event; true if it changed a field.
    pub fn apply(&mut self, event: &Event) -> bool {
        self.apply_telling(event, |_, _, _| ())
    }

    /// The same; tells each slot that the event sets, with its value before and after.
    pub(super) fn apply_telling(
        &mut self,
        event: &Event,
        mut tell: impl FnMut(u32, Option<&Value>, Option<&Value>),
    ) -> bool {
        match &event.kind {
            EventKind::Happened(place) => {
                if let Some(happened) = self.happened.get_mut(*place as usize) {
                    let first = happened.map_or(event.at, |(first, _)| first);
                    *happened = Some((first, event.at));
                }
                false
            }
            EventKind::Set(changes) => {
                let mut changed = false;
                for (slot, value) in changes {
                    let place = *slot as usize;
                    let Some(known) = self.slots.get(place) else {
                        continue;
                    };
                    tell(*slot, known.as_ref(), value.as_ref());
                    if known != value
                        && let Some(known) = self.slots.to_mut().get_mut(place)
                    {
                        known.clone_from(value);
                        changed = true;
                    }
                }
                changed
            }
        }
    }

    /// What an index knows of the slots: something as long as they are those of a case that its policy read.
    #[inline]
    pub(super) fn known_to(&self, index: &RuleIndex) -> Option<&'a Known> {
        match &self.slots {
            Cow::Borrowed(slots) => {
                let given = self.given?;
                index
                    .known(given)
                    .filter(|_| std::ptr::eq(*slots, given.as_slice()))
            }
            Cow::Owned(_) => None,
        }
    }

    /// The instant that a slot holds.
    pub fn instant(&self, slot: u32) -> Option<Instant> {
        match self.slots.get(slot as usize) {
            Some(Some(Value::Instant(at))) => Some(*at),
            Some(_) | None => None,
        }
    }
}
