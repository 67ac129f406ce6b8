//! The enums of a policy, with a quick way from a member's name to its place.

use super::builder::number;
use super::quick::HashMap;
use crate::model::types::{EnumId, EnumType, Member, Type};

/// `route.role`: the roles.
pub(super) const ROLES: EnumId = EnumId(0);
/// `route.queue`: the queues.
pub(super) const QUEUES: EnumId = EnumId(1);
/// `sla.tier`: the tiers.
pub(super) const TIERS: EnumId = EnumId(2);
/// `sla.CLOCK.state`
pub(super) const CLOCK_STATES: EnumId = EnumId(3);
/// `retention.RECORD.phase`
pub(super) const PHASES: EnumId = EnumId(4);

/// The states of a clock in the order of their enum.
pub(super) const CLOCK_STATE_WORDS: [&str; 5] = ["idle", "running", "paused", "met", "cancelled"];
/// The phases of retention in the order of their enum.
pub(super) const PHASE_WORDS: [&str; 7] = [
    "unclassified",
    "held",
    "active",
    "retain",
    "overdue",
    "review",
    "eligible",
];

/// All enums; the built-in ones come first.
#[derive(Default)]
pub(super) struct EnumTable {
    types: Vec<EnumType>,
    places: Vec<HashMap<String, u32>>,
    /// Enums that list the same members in the same order stand for one another: the first of them.
    same_as: Vec<EnumId>,
    shapes: HashMap<(bool, Vec<String>), EnumId>,
}

impl EnumTable {
    /// Adds an enum whose members have different names.
    pub fn add(&mut self, name: Option<String>, ordered: bool, members: Vec<Member>) -> EnumId {
        let id = EnumId(number(self.types.len()));
        let shape = (
            ordered,
            members.iter().map(|member| member.name.clone()).collect(),
        );
        self.places.push(
            members
                .iter()
                .enumerate()
                .map(|(at, member)| (member.name.clone(), number(at)))
                .collect(),
        );
        let built_in = self.types.len() < 5;
        let same = if built_in {
            id
        } else {
            *self.shapes.entry(shape).or_insert(id)
        };
        self.same_as.push(same);
        self.types.push(EnumType {
            name,
            ordered,
            members,
        });
        id
    }

    /// The enum.
    pub fn get(&self, id: EnumId) -> Option<&EnumType> {
        self.types.get(id.0 as usize)
    }

    /// The place of a member.
    pub fn place(&self, id: EnumId, member: &str) -> Option<u32> {
        self.places.get(id.0 as usize)?.get(member).copied()
    }

    /// Whether values of the two types are the same values.
    pub fn same(&self, left: &Type, right: &Type) -> bool {
        match (left, right) {
            (Type::Enum(a), Type::Enum(b)) => {
                a == b || self.same_as.get(a.0 as usize) == self.same_as.get(b.0 as usize)
            }
            (Type::Set(a), Type::Set(b)) => self.same(a, b),
            (a, b) => a == b,
        }
    }

    /// An enum other than the built-in ones that has this member: the first.
    pub fn holder(&self, member: &str) -> Option<EnumId> {
        let at = self
            .places
            .iter()
            .skip(5)
            .position(|places| places.contains_key(member))?;
        Some(EnumId(number(at + 5)))
    }

    pub fn into_types(self) -> Vec<EnumType> {
        self.types
    }
}
