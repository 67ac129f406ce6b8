//! Records of the case, key by key.
//!
//! Every key is held against one name first: the one that followed the key before it the last time, or that is
//! declared behind it. Files mostly keep their order.

use super::super::record::State;
use super::plan::{How, Name, RecordPlan};
use super::tokens::{DEEPEST, all_differ};
use super::{CASE, Direct};
use crate::model::{Presence, RecordId};
use crate::value::{Case, Value};
use std::borrow::Cow;

/// A key of a record.
pub(super) enum Key<'a, 't> {
    /// A name that is declared, and its place among the declared ones.
    Known(&'a Name, usize),
    /// A name that nothing is declared for.
    Other(Cow<'t, str>),
}

/// The entries of a record, while they are read.
struct Entries<'a, 't> {
    record: RecordId,
    plan: &'a RecordPlan,
    depth: usize,
    /// Whether it is the whole file.
    bare: bool,
    /// Names that nothing is declared for.
    unknown: Vec<Cow<'t, str>>,
}

impl<'a, 't> Direct<'a, 't, '_> {
    /// The case. A bare one is the whole file: with a key `case` that would be another kind of file.
    pub(super) fn case(&mut self, bare: bool, case: &mut Case) -> Option<State> {
        // What a case before has left is written over: each slot is either given, or filled in at the end.
        let fields = self.reader.schema.fields.len();
        if case.slots.len() != fields {
            case.slots.clear();
            case.slots.resize(fields, None);
        }
        self.notes.given.clear();
        self.notes.nulls.clear();
        let mut state = State::default();
        self.record(RecordId(0), 0, bare, &mut case.slots, &mut state)?;
        self.fill(&mut case.slots, &state)?;
        Some(state)
    }

    fn record(
        &mut self,
        record: RecordId,
        depth: usize,
        bare: bool,
        slots: &mut [Option<Value>],
        state: &mut State,
    ) -> Option<()> {
        if depth > DEEPEST || self.json.peek()? != b'{' {
            return None;
        }
        state.mark(record, true);
        let plan = self.reader.index.plan().record(record)?;
        let mut entries = Entries {
            record,
            plan,
            depth,
            bare,
            unknown: Vec::new(),
        };
        let mut next = match self.json.enter(b'}')? {
            true => self.place_of_key(&mut entries, 0)?,
            false => None,
        };
        while let Some(place) = next {
            let name = plan.names.get(place)?;
            let first = self.json.peek()?;
            if !self.notes.given.add(name.number) {
                return None;
            }
            match name.how {
                _ if first == b'n' => {
                    self.json.null()?;
                    self.notes.nulls.push(name.number);
                }
                How::Record(id) => self.record(id, depth + 1, false, slots, state)?,
                how => {
                    let slot = slots.get_mut(name.number as usize)?;
                    self.value_of(how, name.number, first, slot)?;
                }
            }
            next = self.next_place(&mut entries, place + 1)?;
        }
        all_differ(&mut entries.unknown).then_some(())
    }

    /// The place of the name of the next entry; none behind the last. So many names stand before the one that is
    /// declared next.
    #[inline(always)]
    fn next_place(
        &mut self,
        entries: &mut Entries<'a, 't>,
        behind: usize,
    ) -> Option<Option<usize>> {
        let expected = self.expected(entries.plan, behind);
        if let Some(name) = entries.plan.names.get(expected)
            && !(entries.bare && name.is_case)
            && self.json.takes_next_name(&name.spelled)
        {
            return Some(Some(expected));
        }
        self.other_place(entries, behind)
    }

    #[inline(never)]
    fn other_place(
        &mut self,
        entries: &mut Entries<'a, 't>,
        behind: usize,
    ) -> Option<Option<usize>> {
        match self.json.goes_on(b'}')? {
            true => self.place_of_key(entries, behind),
            false => Some(None),
        }
    }

    /// The same where the key comes at once. Entries that nothing is declared for are passed over.
    #[inline(never)]
    fn place_of_key(
        &mut self,
        entries: &mut Entries<'a, 't>,
        behind: usize,
    ) -> Option<Option<usize>> {
        let plan = entries.plan;
        loop {
            let expected = self.expected(plan, behind);
            match self.key(entries.record, plan, expected, entries.bare)? {
                Key::Known(_, place) => {
                    if place != expected {
                        self.remember(plan, behind, place);
                    }
                    return Some(Some(place));
                }
                Key::Other(name) => {
                    self.pass_over(name, entries.depth, &mut entries.unknown)?;
                    if !self.json.goes_on(b'}')? {
                        return Some(None);
                    }
                }
            }
        }
    }

    /// The place of the name that is expected behind so many names of a record.
    #[inline(always)]
    pub(super) fn expected(&self, plan: &RecordPlan, behind: usize) -> usize {
        if self.notes.next.is_empty() {
            return behind;
        }
        let remembered = self.notes.next.get(plan.first_place + behind);
        remembered.map_or(behind, |place| *place as usize)
    }

    /// Remembers the place of the name that came there.
    #[inline(never)]
    fn remember(&mut self, plan: &RecordPlan, behind: usize, place: usize) {
        let next = self.notes.order(self.reader.index.plan());
        if let Some(next) = next.and_then(|next| next.get_mut(plan.first_place + behind)) {
            // Places are far fewer than 32 bits hold; another number would only be a bad guess.
            *next = place as u32;
        }
    }

    /// The next key of a record. The name at the place `expected` is looked for first.
    #[inline(always)]
    pub(super) fn key(
        &mut self,
        record: RecordId,
        plan: &'a RecordPlan,
        expected: usize,
        bare: bool,
    ) -> Option<Key<'a, 't>> {
        if let Some(name) = plan.names.get(expected)
            && !(bare && name.is_case)
            && self.json.takes_name(&name.spelled)
        {
            return Some(Key::Known(name, expected));
        }
        self.other_key(record, plan, bare)
    }

    #[inline(never)]
    fn other_key(
        &mut self,
        record: RecordId,
        plan: &'a RecordPlan,
        bare: bool,
    ) -> Option<Key<'a, 't>> {
        let name = self.json.key()?;
        if bare && name == CASE {
            return None;
        }
        Some(match self.reader.index.place(record, &name) {
            Some(place) => Key::Known(plan.names.get(place)?, place),
            None => Key::Other(name),
        })
    }

    /// Fills in what is not given; none when a required value is missing.
    fn fill(&mut self, slots: &mut [Option<Value>], state: &State) -> Option<()> {
        let notes = &mut *self.notes;
        for number in &notes.nulls {
            notes.given.put(*number, false);
        }
        for at in notes.given.missing_below(slots.len()) {
            let (slot, field) = (slots.get_mut(at)?, self.reader.schema.fields.get(at)?);
            let absent = field
                .inside_optional
                .is_some_and(|record| !state.is_present(record));
            *slot = match &field.presence {
                _ if absent => None,
                Presence::Optional => None,
                Presence::Default(value) => {
                    // There are fewer slots than 32 bits count.
                    self.look.value(at as u32, value);
                    Some(value.clone())
                }
                Presence::Required => return None,
            };
        }
        Some(())
    }
}
