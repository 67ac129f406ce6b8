//! Look-up tables of a schema, so that reading a case takes time linear in its length.
//!
//! Built once for a policy; read by [`super::record`], [`super::events`] and [`super::typed`].

use super::direct::Plan;
use crate::model::{Entry, EnumId, FieldId, RecordId, Schema};
use crate::value::Words;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// What a name stands for. A quick hash with a fixed seed will do: only names of the policy are put in.
type Names<T> = HashMap<String, T, FixedState>;

/// Names of a schema and what lies in each of its records. Look-up only: nothing iterates a map.
#[derive(Clone, Debug, Default)]
pub struct Index {
    records: Vec<RecordIndex>,
    enums: Vec<Words>,
    events: Names<u32>,
    paths: Names<FieldId>,
    owners: Vec<RecordId>,
    plan: Plan,
}

#[derive(Clone, Debug, Default)]
struct RecordIndex {
    /// Entries in declared order.
    entries: Vec<Entry>,
    /// The place of a name in `entries`.
    places: Names<usize>,
    /// Fields in the record and in records that lie in it.
    under: Vec<FieldId>,
    /// Fields of which this is the innermost optional record.
    inside: Vec<FieldId>,
}

impl Index {
    /// The tables of a schema.
    pub fn new(schema: &Schema) -> Index {
        let mut index = Index {
            records: vec![RecordIndex::default(); schema.records.len()],
            owners: vec![RecordId(0); schema.fields.len()],
            plan: Plan::new(schema),
            ..Index::default()
        };
        for (at, record) in schema.records.iter().enumerate() {
            let Ok(number) = u32::try_from(at) else { break };
            for (name, entry) in &record.entries {
                if let Entry::Field(FieldId(field)) = entry
                    && let Some(owner) = index.owners.get_mut(*field as usize)
                {
                    *owner = RecordId(number);
                }
                if let Some(own) = index.records.get_mut(at) {
                    own.places.insert(name.clone(), own.entries.len());
                    own.entries.push(*entry);
                }
            }
        }
        for (at, field) in schema.fields.iter().enumerate() {
            let Ok(number) = u32::try_from(at) else { break };
            let id = FieldId(number);
            index.paths.insert(field.path.clone(), id);
            if let Some(record) = field
                .inside_optional
                .and_then(|record| index.record_mut(record))
            {
                record.inside.push(id);
            }
            let mut holder = index.owners.get(at).copied();
            for _ in 0..=schema.records.len() {
                let Some(record) = holder else { break };
                if let Some(own) = index.record_mut(record) {
                    own.under.push(id);
                }
                holder = schema.record(record).and_then(|record| record.parent);
            }
        }
        for ty in &schema.enums {
            let names = ty.members.iter().map(|member| member.name.as_str());
            index.enums.push(Words::new(names));
        }
        index.events = schema
            .events
            .iter()
            .zip(0..)
            .map(|((name, _), at)| (name.clone(), at))
            .collect();
        index
    }

    fn record_mut(&mut self, id: RecordId) -> Option<&mut RecordIndex> {
        self.records.get_mut(id.0 as usize)
    }

    /// What a name is in a record.
    pub(super) fn entry(&self, record: RecordId, name: &str) -> Option<Entry> {
        let place = self.place(record, name)?;
        let record = self.records.get(record.0 as usize)?;
        record.entries.get(place).copied()
    }

    /// The place of a name among the declared ones of a record.
    pub(super) fn place(&self, record: RecordId, name: &str) -> Option<usize> {
        let record = self.records.get(record.0 as usize)?;
        record.places.get(name).copied()
    }

    /// What reading has to know of each name.
    #[inline(always)]
    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The members of an enum.
    #[inline(always)]
    pub(super) fn words(&self, id: EnumId) -> Option<&Words> {
        self.enums.get(id.0 as usize)
    }

    /// The place of a member in its enum.
    pub(super) fn member(&self, id: EnumId, name: &str) -> Option<u32> {
        self.words(id)?.get(name)
    }

    /// The place of a declared event.
    pub(super) fn event(&self, name: &str) -> Option<u32> {
        self.events.get(name).copied()
    }

    /// The field of a dotted path.
    pub fn field(&self, path: &str) -> Option<FieldId> {
        self.paths.get(path).copied()
    }

    /// The record that a field stands in.
    pub(super) fn owner(&self, field: FieldId) -> Option<RecordId> {
        self.owners.get(field.0 as usize).copied()
    }

    /// Fields in a record and in the records that lie in it.
    pub(super) fn under(&self, record: RecordId) -> &[FieldId] {
        self.records
            .get(record.0 as usize)
            .map_or(&[], |record| &record.under)
    }

    /// Fields of which a record is the innermost optional one.
    pub(super) fn inside(&self, record: RecordId) -> &[FieldId] {
        self.records
            .get(record.0 as usize)
            .map_or(&[], |record| &record.inside)
    }
}
