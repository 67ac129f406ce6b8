//! Records of the case and of what a `set` changes, key by key.
//!
//! Every key looks at the declared name that follows the one before it first: files mostly keep that order.

use super::super::events::Changes;
use super::super::marks::Marks;
use super::super::record::State;
use super::tokens::{DEEPEST, all_differ};
use super::{CASE, Direct};
use crate::model::{Entry, FieldId, Presence, RecordId};
use crate::value::{Case, Value};
use std::borrow::Cow;

/// A case that is being read.
struct Slots {
    values: Vec<Option<Value>>,
    /// Fields that are given as `null`.
    nulls: Vec<FieldId>,
    state: State,
}

/// A key of a record.
enum Key<'t> {
    /// What is declared under that name, and the place of the name among the declared ones.
    Known(Entry, usize),
    /// A name that nothing is declared for.
    Other(Cow<'t, str>),
}

impl<'t> Direct<'_, 't> {
    /// The case. A bare one is the whole file: with a key `case` that would be another kind of file.
    pub(super) fn case(&mut self, bare: bool) -> Option<(Case, State)> {
        if self.json.peek()? != b'{' {
            return None;
        }
        let mut slots = Slots {
            values: vec![None; self.reader.schema.fields.len()],
            nulls: Vec::new(),
            state: State::default(),
        };
        self.record(RecordId(0), 0, bare, &mut slots)?;
        self.fill(&mut slots)?;
        let Slots { values, state, .. } = slots;
        Some((Case { slots: values }, state))
    }

    fn record(
        &mut self,
        record: RecordId,
        depth: usize,
        bare: bool,
        slots: &mut Slots,
    ) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        slots.state.mark(record, true);
        let mut unknown = Vec::new();
        let mut records = Marks::default();
        let mut expected = 0;
        let mut more = self.json.enter(b'}')?;
        while more {
            let (entry, place) = match self.key(record, expected, bare)? {
                Key::Known(entry, place) => (entry, place),
                Key::Other(name) => {
                    self.pass_over(name, depth, &mut unknown)?;
                    more = self.json.goes_on(b'}')?;
                    continue;
                }
            };
            expected = place + 1;
            let first = self.json.peek()?;
            match entry {
                Entry::Field(id) => {
                    let slot = slots.values.get_mut(id.0 as usize)?;
                    if slot.is_some() {
                        return None;
                    }
                    if first == b'n' {
                        self.json.null()?;
                        slots.nulls.push(id);
                    } else {
                        *slot = Some(self.field(id, first)?);
                    }
                }
                Entry::Record(id) => {
                    if !records.add(id.0) {
                        return None;
                    }
                    match first {
                        b'{' => self.record(id, depth + 1, false, slots)?,
                        _ => self.json.null()?,
                    }
                }
            }
            more = self.json.goes_on(b'}')?;
        }
        all_differ(&mut unknown).then_some(())
    }

    /// The next key of a record. The declared name at the place `expected` is looked for first.
    #[inline(always)]
    fn key(&mut self, record: RecordId, expected: usize, bare: bool) -> Option<Key<'t>> {
        let index = self.reader.index;
        if let Some(named) = index.entry_at(record, expected)
            && !(bare && named.name == CASE)
            && self.json.takes(&named.written)
        {
            return Some(Key::Known(named.entry, expected));
        }
        let name = self.json.key()?;
        if bare && name == CASE {
            return None;
        }
        Some(match index.placed_entry(record, &name) {
            Some((entry, place)) => Key::Known(entry, place),
            None => Key::Other(name),
        })
    }

    /// Fills in defaults; none when a required value is missing, or one is `null` and given again.
    fn fill(&self, slots: &mut Slots) -> Option<()> {
        slots.nulls.sort_unstable();
        for id in &slots.nulls {
            if slots.values.get(id.0 as usize)?.is_some() {
                return None;
            }
        }
        if slots
            .nulls
            .windows(2)
            .any(|pair| pair.first() == pair.last())
        {
            return None;
        }
        for (slot, field) in slots.values.iter_mut().zip(&self.reader.schema.fields) {
            if slot.is_some() {
                continue;
            }
            if let Some(record) = field.inside_optional
                && !slots.state.is_present(record)
            {
                continue;
            }
            match &field.presence {
                Presence::Optional => {}
                Presence::Default(value) => *slot = Some(value.clone()),
                Presence::Required => return None,
            }
        }
        Some(())
    }

    /// What a record of a `set` changes.
    pub(super) fn merge(
        &mut self,
        record: RecordId,
        depth: usize,
        state: &mut State,
        changes: &mut Changes,
    ) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        let schema = self.reader.schema;
        let mut unknown = Vec::new();
        let (mut fields, mut records) = (Marks::default(), Marks::default());
        let mut expected = 0;
        let mut more = self.json.enter(b'}')?;
        while more {
            let (entry, place) = match self.key(record, expected, false)? {
                Key::Known(entry, place) => (entry, place),
                Key::Other(name) => {
                    self.pass_over(name, depth, &mut unknown)?;
                    more = self.json.goes_on(b'}')?;
                    continue;
                }
            };
            expected = place + 1;
            let first = self.json.peek()?;
            match entry {
                Entry::Field(id) => {
                    if id == schema.id || id == schema.opened_at || !fields.add(id.0) {
                        return None;
                    }
                    let value = if first == b'n' {
                        self.json.null()?;
                        self.cleared(id)?
                    } else {
                        Some(self.field(id, first)?)
                    };
                    changes.push((id.0, value));
                }
                Entry::Record(id) => {
                    if !records.add(id.0) {
                        return None;
                    }
                    match first {
                        b'{' => self.merge_record(id, depth + 1, state, changes)?,
                        _ => {
                            self.json.null()?;
                            let mut check = self.reader.check();
                            check.clear_record(id, name_of_record(self, id), state, changes);
                            if !check.errors.is_empty() {
                                return None;
                            }
                        }
                    }
                }
            }
            more = self.json.goes_on(b'}')?;
        }
        all_differ(&mut unknown).then_some(())
    }

    /// Merges into a nested record; an optional one that was absent comes into being.
    fn merge_record(
        &mut self,
        record: RecordId,
        depth: usize,
        state: &mut State,
        changes: &mut Changes,
    ) -> Option<()> {
        let comes = self.reader.schema.record(record)?.optional && !state.is_present(record);
        state.mark(record, true);
        let first = changes.len();
        self.merge(record, depth, state, changes)?;
        if !comes {
            return Some(());
        }
        let given = changes.len();
        for id in self.reader.index.inside(record) {
            let mut written = changes.get(first..given)?.iter();
            if written.any(|(slot, _)| *slot == id.0) {
                continue;
            }
            match &self.reader.schema.field(*id)?.presence {
                Presence::Optional => {}
                Presence::Default(value) => changes.push((id.0, Some(value.clone()))),
                Presence::Required => return None,
            }
        }
        Some(())
    }

    /// What a field is when `null` is written; none when it may not be missing.
    fn cleared(&self, id: FieldId) -> Option<Option<Value>> {
        match &self.reader.schema.field(id)?.presence {
            Presence::Optional => Some(None),
            Presence::Default(value) => Some(Some(value.clone())),
            Presence::Required => None,
        }
    }
}

/// The path of a record, for messages that nobody will read.
fn name_of_record<'a>(direct: &Direct<'a, '_>, id: RecordId) -> &'a str {
    let record = direct.reader.schema.record(id);
    record.map_or("", |record| &record.path)
}
