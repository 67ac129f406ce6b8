//! A case and its events as the evaluator reads them: values in the slots of a schema.
//!
//! `ingest` makes them after checking; a slot is the place of a field in the schema.

use super::Value;
use crate::time::Instant;

/// The values of a case, one slot for each field of the schema in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// Values; `None` is missing. Defaults are already filled in.
    pub slots: Vec<Option<Value>>,
}

/// Something that happened to a case after it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: EventKind,
}

/// What an event does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A declared event, by its place in the schema's events.
    Happened(u32),
    /// New values of slots: all that a `set` changes, defaults and clearing resolved.
    Set(Vec<(u32, Option<Value>)>),
}

/// A checked case file: the case as it stood when opened, what happened after, and when to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFile {
    /// The case as it stood at `opened_at`.
    pub case: Case,
    /// Events in order of their instants.
    pub events: Vec<Event>,
    /// The instant to decide at, when the file names one.
    pub at: Option<Instant>,
}
