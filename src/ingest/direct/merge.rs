//! What a `set` changes, record by record.

use super::super::events::Changes;
use super::super::marks::Marks;
use super::super::record::State;
use super::Direct;
use super::record::Key;
use super::tokens::{DEEPEST, all_differ};
use crate::model::{Entry, FieldId, Presence, RecordId};
use crate::value::Value;

impl Direct<'_, '_, '_> {
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
        let plan = self.reader.index.plan().record(record)?;
        let mut unknown = Vec::new();
        let (mut fields, mut records) = (Marks::default(), Marks::default());
        let mut expected = 0;
        let mut more = self.json.enter(b'}')?;
        while more {
            let (name, place) = match self.key(record, plan, expected, false)? {
                Key::Known(name, place) => (name, place),
                Key::Other(name) => {
                    self.pass_over(name, depth, &mut unknown)?;
                    more = self.json.goes_on(b'}')?;
                    continue;
                }
            };
            expected = place + 1;
            let first = self.json.peek()?;
            match name.entry {
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
fn name_of_record<'a>(direct: &Direct<'a, '_, '_>, id: RecordId) -> &'a str {
    let record = direct.reader.schema.record(id);
    record.map_or("", |record| &record.path)
}
