//! Retention, follow-ups and requirements in JSON.

use super::names::{Each, name};
use super::stamp::Stamp;
use crate::compile::{Disposal, Program};
use crate::eval::decision::Decision;
use crate::eval::retention::Retention;
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// All classes of records by name.
pub(super) struct Records<'a> {
    pub(super) program: &'a Program,
    pub(super) decision: &'a Decision,
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.decision.retention.len()))?;
        for (record, kept) in self.program.records.iter().zip(&self.decision.retention) {
            let program = self.program;
            map.serialize_entry(&record.name, &Record { program, kept })?;
        }
        map.end()
    }
}

struct Record<'a> {
    program: &'a Program,
    kept: &'a Retention,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Record { program, kept } = self;
        let (then, approver) = match kept.then {
            None => (None, None),
            Some(Disposal::Review(role)) => (Some("review"), Some(name(&program.roles, role.0))),
            Some(Disposal::Destroy) => (Some("destroy"), None),
            Some(Disposal::Anonymise) => (Some("anonymise"), None),
            Some(Disposal::Archive) => (Some("archive"), None),
        };
        let blocks = || {
            let places = kept.blocks.iter();
            places.filter_map(|place| program.retains.get(*place as usize))
        };
        let rules = Each(|| blocks().map(|block| block.name.as_str()));
        let holds = || {
            let places = kept.holds.iter();
            places.filter_map(|place| program.holds.get(*place as usize))
        };
        let open = Each(|| holds().map(|hold| hold.named.name.as_str()));
        let because = Each(|| {
            let blocks = blocks().flat_map(|block| &block.because);
            blocks.chain(holds().flat_map(|hold| &hold.because))
        });
        let mut object = serializer.serialize_struct("Retention", 8)?;
        object.serialize_field("phase", kept.phase.word())?;
        object.serialize_field("keep_until", &program.shown(kept.keep_until))?;
        object.serialize_field("delete_by", &program.shown(kept.delete_by))?;
        object.serialize_field("then", &then)?;
        object.serialize_field("approver", &approver)?;
        object.serialize_field("rules", &rules)?;
        object.serialize_field("holds", &open)?;
        object.serialize_field("because", &because)?;
        object.end()
    }
}

/// The follow-ups that are listed.
pub(super) struct FollowUps<'a> {
    pub(super) program: &'a Program,
    pub(super) decision: &'a Decision,
}

#[derive(Serialize)]
struct FollowUpEntry<'a> {
    name: &'a str,
    by: &'a str,
    due: Option<Stamp>,
    done: bool,
    done_at: Option<Stamp>,
    overdue: bool,
    because: &'a [String],
}

impl Serialize for FollowUps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let program = self.program;
        let listed = self.decision.follow_ups.iter().map(|state| {
            let item = program.follow_ups.get(state.follow_up as usize);
            FollowUpEntry {
                name: name(&program.follow_ups, state.follow_up),
                by: item.map_or("", |item| name(&program.roles, item.by)),
                due: program.shown(state.due),
                done: state.done_at.is_some(),
                done_at: program.shown(state.done_at),
                overdue: state.overdue,
                because: item.map_or(&[], |item| &item.because),
            }
        });
        serializer.collect_seq(listed)
    }
}

/// The requirements that are asked.
pub(super) struct Requirements<'a> {
    pub(super) program: &'a Program,
    pub(super) decision: &'a Decision,
}

#[derive(Serialize)]
struct RequirementEntry<'a, F: Serialize> {
    name: &'a str,
    met: Option<bool>,
    fields: F,
    because: &'a [String],
}

impl Serialize for Requirements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let program = self.program;
        let asked = self.decision.requirements.iter().map(|state| {
            let item = program.requires.get(state.requirement as usize);
            let field = |slot: &u32| program.fields.get(*slot as usize);
            let fields = move || state.fields.iter().filter_map(field);
            RequirementEntry {
                name: name(&program.requires, state.requirement),
                met: state.met,
                fields: Each(move || fields().map(|field| field.path.as_str())),
                because: item.map_or(&[], |item| &item.because),
            }
        });
        serializer.collect_seq(asked)
    }
}
