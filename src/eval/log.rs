//! The instants at which a case is looked at, in order: its creation, those of its events, and those
//! at which an item with `by now` begins or ends to count.

use super::state::State;
use crate::compile::Program;
use crate::time::Instant;
use crate::value::{Case, Event, EventKind, Value};

/// A case at one instant after the other.
pub(super) struct Log<'a> {
    /// The case as it stands.
    pub(super) state: State<'a>,
    /// The instant it stands at.
    pub(super) at: Instant,
    /// Places of the declared events that happened at this instant.
    pub(super) happened: Vec<u32>,
    /// The slots that this instant may have changed, and between which members of an enum if so.
    pub(super) touched: Vec<(u32, Option<(u32, u32)>)>,
    /// Whether items with `by now` begin or end to count at this instant.
    pub(super) at_boundary: bool,
    /// When the case is opened, if that lies after the instant that is decided for.
    pub(super) opens_at: Option<Instant>,
    /// How many events lie after the instant that is decided for.
    pub(super) ignored: usize,
    events: Vec<&'a Event>,
    boundaries: &'a [Instant],
}

impl<'a> Log<'a> {
    #[inline]
    pub(super) fn new(
        program: &'a Program,
        case: &'a Case,
        events: &'a [Event],
        now: Instant,
    ) -> Log<'a> {
        let state = State::new(program, case);
        let opened = state.instant(program.opened_at).unwrap_or(now);
        // Taken from the end.
        let kept: Vec<&Event> = events
            .iter()
            .filter(|event| event.at <= now)
            .rev()
            .collect();
        let between = |at: &Instant| *at <= opened;
        let first = program.boundaries.partition_point(between);
        let end = program.boundaries.partition_point(|at| *at <= now);
        Log {
            state,
            at: opened.min(now),
            happened: Vec::new(),
            touched: Vec::new(),
            at_boundary: false,
            opens_at: (opened > now).then_some(opened),
            ignored: events.len() - kept.len(),
            events: kept,
            boundaries: program.boundaries.get(first..end).unwrap_or(&[]),
        }
    }

    /// Whether something comes after the present instant.
    pub(super) fn has_more(&self) -> bool {
        !self.events.is_empty() || !self.boundaries.is_empty()
    }

    /// Goes on to the next instant and applies all that happened at it.
    pub(super) fn go_on(&mut self) {
        let event = self.events.last().map(|event| event.at.max(self.at));
        let boundary = self.boundaries.first().copied();
        let Some(next) = event.into_iter().chain(boundary).min() else {
            return;
        };
        self.at = next;
        self.happened.clear();
        self.touched.clear();
        self.at_boundary = boundary == Some(next);
        if self.at_boundary {
            self.boundaries = self.boundaries.get(1..).unwrap_or(&[]);
        }
        while let Some(event) = self.events.last().filter(|event| event.at <= next) {
            let before = self.touched.len();
            let touched = &mut self.touched;
            let changed = self.state.apply_telling(event, |slot, before, after| {
                touched.push((slot, members(before, after)));
            });
            match &event.kind {
                EventKind::Happened(place) => self.happened.push(*place),
                EventKind::Set(_) if changed => {}
                EventKind::Set(_) => self.touched.truncate(before),
            }
            self.events.pop();
        }
    }
}

/// Two values as members of an enum, if both are.
pub(super) fn members(a: Option<&Value>, b: Option<&Value>) -> Option<(u32, u32)> {
    match (a, b) {
        (Some(Value::Member(a)), Some(Value::Member(b))) => Some((*a, *b)),
        _ => None,
    }
}
