//! The case as it stands at an instant: its slots with everything applied that happened by then.
//!
//! Before the evaluator proper.

use crate::compile::Program;
use crate::time::Instant;
use crate::value::{Case, Event, EventKind, Value};
use std::borrow::Cow;

/// A case at an instant.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// Values of the slots.
    pub slots: Cow<'a, [Option<Value>]>,
    /// Which declared events have happened.
    pub happened: Vec<bool>,
    /// How many events lie after the instant.
    pub ignored: usize,
}

impl<'a> State<'a> {
    /// Applies, in their order, the events that do not lie after `now`.
    pub fn at(program: &Program, case: &'a Case, events: &[Event], now: Instant) -> State<'a> {
        let mut state = State {
            slots: Cow::Borrowed(&case.slots),
            happened: vec![false; program.events.len()],
            ignored: 0,
        };
        for event in events {
            if event.at > now {
                state.ignored += 1;
                continue;
            }
            match &event.kind {
                EventKind::Happened(event) => {
                    if let Some(happened) = state.happened.get_mut(*event as usize) {
                        *happened = true;
                    }
                }
                EventKind::Set(changes) => {
                    let slots = state.slots.to_mut();
                    for (slot, value) in changes {
                        if let Some(place) = slots.get_mut(*slot as usize) {
                            place.clone_from(value);
                        }
                    }
                }
            }
        }
        state
    }
}
