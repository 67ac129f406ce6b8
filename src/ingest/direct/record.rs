//! Records of the case and of what a `set` changes, key by key.
//!
//! Every key looks at the declared name that follows the one before it first: files mostly keep that order.

use super::super::events::Changes;
use super::super::marks::Marks;
use super::super::record::State;
use super::{CASE, DEEPEST, Direct};
use crate::model::{Entry, FieldId, Presence, RecordId};
use crate::value::{Case, Value};
use jiter::Peek;

/// A case that is being read.
struct Slots {
    values: Vec<Option<Value>>,
    given: Marks,
    state: State,
}

impl Direct<'_, '_> {
    /// The case. A bare one is the whole file: with a key `case` that would be another kind of file.
    pub(super) fn case(&mut self, bare: bool) -> Option<(Case, State)> {
        if self.json.peek().ok()? != Peek::Object {
            return None;
        }
        let mut slots = Slots {
            values: vec![None; self.reader.schema.fields.len()],
            given: Marks::default(),
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
        let mut key = self.json.known_object().ok()?;
        while let Some(name) = key {
            if bare && name == CASE {
                return None;
            }
            let Some((entry, place)) = self.reader.index.entry_near(record, expected, name) else {
                self.reader.passes_over(name, &mut unknown)?;
                self.skip(depth)?;
                key = self.json.next_key().ok()?;
                continue;
            };
            expected = place + 1;
            let peek = self.json.peek().ok()?;
            match entry {
                Entry::Field(id) => {
                    if !slots.given.add(id.0) {
                        return None;
                    }
                    if peek == Peek::Null {
                        self.json.known_null().ok()?;
                    } else {
                        let value = self.field(id, peek)?;
                        *slots.values.get_mut(id.0 as usize)? = Some(value);
                    }
                }
                Entry::Record(id) => {
                    if !records.add(id.0) {
                        return None;
                    }
                    match peek {
                        Peek::Null => self.json.known_null().ok()?,
                        Peek::Object => self.record(id, depth + 1, false, slots)?,
                        _ => return None,
                    }
                }
            }
            key = self.json.next_key().ok()?;
        }
        all_differ(&mut unknown).then_some(())
    }

    /// Fills in defaults; none when a required value is missing.
    fn fill(&self, slots: &mut Slots) -> Option<()> {
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
        let mut key = self.json.known_object().ok()?;
        while let Some(name) = key {
            let Some((entry, place)) = self.reader.index.entry_near(record, expected, name) else {
                self.reader.passes_over(name, &mut unknown)?;
                self.skip(depth)?;
                key = self.json.next_key().ok()?;
                continue;
            };
            expected = place + 1;
            let peek = self.json.peek().ok()?;
            match entry {
                Entry::Field(id) => {
                    if id == schema.id || id == schema.opened_at || !fields.add(id.0) {
                        return None;
                    }
                    let value = if peek == Peek::Null {
                        self.json.known_null().ok()?;
                        self.cleared(id)?
                    } else {
                        Some(self.field(id, peek)?)
                    };
                    changes.push((id.0, value));
                }
                Entry::Record(id) => {
                    if !records.add(id.0) {
                        return None;
                    }
                    match peek {
                        Peek::Null => {
                            self.json.known_null().ok()?;
                            let mut check = self.reader.check();
                            check.clear_record(id, name_of_record(self, id), state, changes);
                            if !check.errors.is_empty() {
                                return None;
                            }
                        }
                        Peek::Object => self.merge_record(id, depth + 1, state, changes)?,
                        _ => return None,
                    }
                }
            }
            key = self.json.next_key().ok()?;
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

/// Whether no name stands there twice.
pub(super) fn all_differ(names: &mut [String]) -> bool {
    names.sort_unstable();
    names.windows(2).all(|pair| pair.first() != pair.last())
}
