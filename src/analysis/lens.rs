//! One version of a policy seen with the fields of another.
//!
//! Before [`super::terms`]. To compare two versions, cases are those of the new schema; the conditions of
//! the old version reach its fields, members, events, calendars and functions through a lens.

use super::space::{Space, Variable};
use crate::compile::{Program, Type};
use crate::model::{Presence, Schema};
use crate::value::Value;
use std::collections::BTreeMap;

/// What a field of the old version is.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    /// A field of the new one.
    As(Variable),
    /// A value that it always has, since no case gives another.
    Always(Value),
    /// Missing in every case.
    Missing,
}

/// Calendars and functions of the old version that are the same in the new one, by their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alike {
    /// For each calendar of the old version: the one of the new version that opens at the same times.
    pub calendars: Vec<Option<u32>>,
    /// For each function likewise: the one of the same text.
    pub functions: Vec<Option<u32>>,
}

/// How an old version is seen.
pub(super) struct Lens<'a> {
    pub(super) fields: Vec<Seen>,
    /// Members of enums that stand at other places, by what holds them.
    pub(super) members: BTreeMap<Variable, Vec<Option<u32>>>,
    pub(super) events: Vec<Option<u32>>,
    pub(super) alike: &'a Alike,
}

impl Alike {
    /// All calendars and functions of a version as they are.
    pub(super) fn itself(program: &Program) -> Alike {
        let all = |count: usize| (0u32..).take(count).map(Some).collect();
        Alike {
            calendars: all(program.calendars.len()),
            functions: all(program.functions.len()),
        }
    }
}

impl<'a> Lens<'a> {
    /// Lets cases be such as both schemas admit, and says how the old version sees them.
    pub(super) fn new(
        old: (&Schema, &Program),
        space: &mut Space<'_>,
        alike: &'a Alike,
    ) -> Lens<'a> {
        let new = space.schema;
        let mut lens = Lens {
            fields: Vec::new(),
            members: BTreeMap::new(),
            events: Vec::new(),
            alike,
        };
        let slots: BTreeMap<&str, usize> = new
            .fields
            .iter()
            .enumerate()
            .map(|(slot, field)| (field.path.as_str(), slot))
            .collect();
        let mut met = vec![false; new.fields.len()];
        for field in &old.0.fields {
            let found = slots.get(field.path.as_str()).copied();
            let found = found.filter(|slot| {
                let other = new.fields.get(*slot);
                other.is_some_and(|other| is_alike(&field.ty, &other.ty))
            });
            let variable = found.and_then(|slot| Some((slot, *space.fields.get(slot)?)));
            let seen = match variable {
                Some((slot, variable)) => {
                    if let Some(met) = met.get_mut(slot) {
                        *met = true;
                    }
                    lens.pair(old.0, slot, field, variable, space);
                    Seen::As(variable)
                }
                None => match &field.presence {
                    Presence::Optional => Seen::Missing,
                    Presence::Default(value) => Seen::Always(value.clone()),
                    Presence::Required => {
                        let always = space.solver.always();
                        let range = space.range(&field.ty);
                        Seen::As(Variable::Scalar(space.scalar(range, always)))
                    }
                },
            };
            lens.fields.push(seen);
        }
        for (slot, _) in met.iter().enumerate().filter(|(_, met)| !**met) {
            only_new(slot, space);
        }
        let events: BTreeMap<&str, u32> = (0u32..)
            .zip(&new.events)
            .map(|(place, (name, _))| (name.as_str(), place))
            .collect();
        let known = old.0.events.iter();
        lens.events = known
            .map(|(name, _)| events.get(name.as_str()).copied())
            .collect();
        lens
    }

    /// How a second case of the same version is seen.
    pub(super) fn second(program: &Program, fields: Vec<Variable>, alike: &'a Alike) -> Lens<'a> {
        let events = (0u32..).zip(&program.events);
        Lens {
            fields: fields.into_iter().map(Seen::As).collect(),
            members: BTreeMap::new(),
            events: events.map(|(place, _)| Some(place)).collect(),
            alike,
        }
    }

    /// A field of both versions: it has such values as both admit.
    fn pair(
        &mut self,
        old: &Schema,
        slot: usize,
        field: &crate::model::Field,
        variable: Variable,
        space: &mut Space<'_>,
    ) {
        let Some(other) = space.schema.fields.get(slot) else {
            return;
        };
        let around = space.around.get(slot).copied();
        let around = around.unwrap_or(space.solver.always());
        if field.presence != Presence::Optional
            && let Some(present) = space.presence(variable)
        {
            space.solver.implies(around, present);
        }
        let element = |ty: &Type| match ty {
            Type::Set(element) => (**element).clone(),
            ty => ty.clone(),
        };
        if let (Type::Enum(before), Type::Enum(after)) = (element(&field.ty), element(&other.ty)) {
            let names = |schema: &Schema, id| {
                let members = schema.enumeration(id).map(|ty| &ty.members);
                let names = members
                    .into_iter()
                    .flatten()
                    .map(|member| member.name.clone());
                names.collect::<Vec<String>>()
            };
            let (before, after) = (names(old, before), names(space.schema, after));
            let place = |name: &String| {
                let found = after.iter().position(|other| other == name);
                found.and_then(|place| u32::try_from(place).ok())
            };
            for (at, name) in (0u32..).zip(&after) {
                if !before.contains(name) {
                    space.forbid(variable, &Value::Member(at));
                }
            }
            if before != after {
                self.members
                    .insert(variable, before.iter().map(place).collect());
            }
        }
        if let Variable::Scalar(at) = variable
            && let Some(scalar) = space.scalars.get_mut(at)
        {
            if let Some(from) = &field.bounds.from {
                let inside = scalar.at_least(&mut space.solver, from);
                space.solver.know(&[inside]);
            }
            if let Some(to) = &field.bounds.to {
                let beyond = scalar.above(&mut space.solver, to);
                space.solver.know(&[!beyond]);
            }
        }
    }
}

/// A field that the old version does not have is not given.
fn only_new(slot: usize, space: &mut Space<'_>) {
    let (Some(field), Some(variable)) = (space.schema.fields.get(slot), space.fields.get(slot))
    else {
        return;
    };
    let variable = *variable;
    match (&field.presence, variable) {
        (Presence::Optional, _) => {
            if let Some(present) = space.presence(variable) {
                space.solver.know(&[!present]);
            }
        }
        (Presence::Default(value), Variable::Scalar(place)) => {
            if let Some(scalar) = space.scalars.get_mut(place) {
                let is = scalar.is(&mut space.solver, value);
                space.solver.know(&[is]);
            }
        }
        (Presence::Default(_), Variable::Set(_)) | (Presence::Required, _) => {}
    }
}

/// Whether values of one type are values of another.
pub(super) fn is_alike(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Enum(_), Type::Enum(_)) => true,
        (Type::Set(a), Type::Set(b)) => is_alike(a, b),
        (a, b) => a == b,
    }
}

impl Space<'_> {
    /// Lets something never be, or hold, a value.
    fn forbid(&mut self, variable: Variable, value: &Value) {
        let is = match variable {
            Variable::Scalar(place) => {
                let scalar = self.scalars.get_mut(place);
                scalar.map(|scalar| scalar.is(&mut self.solver, value))
            }
            Variable::Set(place) => {
                let set = self.sets.get_mut(place);
                set.map(|set| set.contains(&mut self.solver, value))
            }
        };
        if let Some(is) = is {
            self.solver.know(&[!is]);
        }
    }
}
