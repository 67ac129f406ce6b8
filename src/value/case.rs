//! A case and its events as the evaluator reads them: values in the slots of a schema.
//!
//! `ingest` makes them after checking; a slot is the place of a field in the schema.

use super::Value;
use crate::time::Instant;
use smallvec::SmallVec;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// The values of a case, one slot for each field of the schema in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// Values; `None` is missing. Defaults are already filled in.
    pub slots: Slots,
}

/// Values of slots: a vector that also keeps what they are to the rules of the policy that read them. Whoever changes
/// a value makes it forget that; nothing else can be told from it.
#[derive(Clone, Default)]
pub struct Slots {
    values: Vec<Option<Value>>,
    known: Known,
}

/// What values of slots are to an index of rules, as numbers that mean something to that index alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The number of the index; 0 for none.
    pub(crate) index: u64,
    /// By variable of the index its class; for a set one more than where its elements stand.
    pub(crate) classes: SmallVec<[u32; 16]>,
    /// For each set how many elements are known, and which.
    pub(crate) elements: SmallVec<[u32; 8]>,
}

impl Known {
    /// The elements of the set that is this variable; none where there is no set.
    #[inline(always)]
    pub(crate) fn elements(&self, variable: usize) -> Option<&[u32]> {
        let start = self.classes.get(variable)?.checked_sub(1)?;
        let (count, elements) = self.elements.get(start as usize..)?.split_first()?;
        elements.get(..*count as usize)
    }
}

impl Slots {
    /// What the index with this number made of the values, if it did.
    #[inline]
    pub(crate) fn known_to(&self, index: u64) -> Option<&Known> {
        (self.known.index == index).then_some(&self.known)
    }

    /// The values, and what an index knows of them.
    #[inline]
    pub(crate) fn with_known(&mut self) -> (&[Option<Value>], &mut Known) {
        (&self.values, &mut self.known)
    }
}

impl From<Vec<Option<Value>>> for Slots {
    fn from(values: Vec<Option<Value>>) -> Slots {
        Slots {
            values,
            known: Known::default(),
        }
    }
}

impl FromIterator<Option<Value>> for Slots {
    fn from_iter<I: IntoIterator<Item = Option<Value>>>(values: I) -> Slots {
        Slots::from(Vec::from_iter(values))
    }
}

impl Deref for Slots {
    type Target = Vec<Option<Value>>;

    #[inline]
    fn deref(&self) -> &Vec<Option<Value>> {
        &self.values
    }
}

impl DerefMut for Slots {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<Option<Value>> {
        self.known.index = 0;
        &mut self.values
    }
}

impl PartialEq for Slots {
    fn eq(&self, other: &Slots) -> bool {
        self.values == other.values
    }
}

impl Eq for Slots {}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values.fmt(f)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Looking at slots leaves alone what is known of them, and every change forgets it.
    #[test]
    fn what_is_known_of_slots_is_forgotten_with_a_change() {
        let mut slots = Slots::from(vec![Some(Value::Bool(true)), None]);
        let known = |slots: &Slots, index| {
            let known = slots.known_to(index)?;
            Some((known.classes.to_vec(), known.elements(1)?.to_vec()))
        };
        assert_eq!(known(&slots, 7), None);
        *slots.with_known().1 = Known {
            index: 7,
            classes: SmallVec::from_slice(&[3, 1]),
            elements: SmallVec::from_slice(&[1, 9]),
        };
        let some = Some((vec![3, 1], vec![9]));
        assert_eq!(slots.len(), 2);
        assert_eq!((known(&slots, 7), known(&slots, 8)), (some.clone(), None));
        assert_eq!(slots, Slots::from(slots.to_vec()));
        slots.clone().iter_mut().for_each(|slot| *slot = None);
        assert_eq!(known(&slots, 7), some);
        if let Some(slot) = slots.get_mut(1) {
            *slot = Some(Value::Bool(false));
        }
        assert_eq!(known(&slots, 7), None);
    }
}
