//! All admissible cases as propositions: the fields of a schema, present or missing, within their bounds,
//! and the instant of the decision.
//!
//! After [`super::scalars`] and [`super::sets`], before [`super::terms`].

use super::local_time::LocalTimes;
use super::pairs::Pairs;
use super::points::Range;
use super::scalars::Scalar;
use super::sets::SetVariable;
use super::solver::{Literal, Solver};
use crate::compile::{EnumId, Type};
use crate::model::{Field, Presence, RecordId, Schema};
use crate::value::Value;
use std::collections::BTreeSet;

/// What stands for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variable {
    /// The value at this place.
    Scalar(usize),
    /// The set at this place.
    Set(usize),
}

/// Unknown cases.
pub(super) struct Space<'a> {
    pub(super) schema: &'a Schema,
    pub(super) solver: Solver,
    pub(super) scalars: Vec<Scalar>,
    pub(super) sets: Vec<SetVariable>,
    /// One for each slot.
    pub(super) fields: Vec<Variable>,
    /// For each slot: that the record around it is there.
    pub(super) around: Vec<Literal>,
    /// The instant of the decision, among the scalars.
    pub(super) now: usize,
    /// Comparisons of two scalars.
    pub(super) pairs: Pairs,
    /// Days of the week and times of day of instants among the scalars.
    pub(super) local: LocalTimes,
}

impl<'a> Space<'a> {
    pub(super) fn new(schema: &'a Schema) -> Space<'a> {
        let mut solver = Solver::new();
        let records = records(schema, &mut solver);
        let always = solver.always();
        let mut space = Space {
            schema,
            solver,
            scalars: Vec::new(),
            sets: Vec::new(),
            fields: Vec::new(),
            around: Vec::new(),
            now: 0,
            pairs: Pairs::default(),
            local: LocalTimes::default(),
        };
        for field in &schema.fields {
            let around = field
                .inside_optional
                .and_then(|id| records.get(id.0 as usize));
            let around = around.copied().unwrap_or(always);
            space.around.push(around);
            let variable = space.field(field, around);
            space.fields.push(variable);
        }
        let range = space.range(&Type::Instant);
        space.now = space.scalar(range, always);
        space
    }

    /// All values of a type.
    pub(super) fn range(&self, ty: &Type) -> Range {
        Range::of(ty, |id: EnumId| {
            let members = self.schema.enumeration(id).map_or(0, |ty| ty.members.len());
            u32::try_from(members).unwrap_or(u32::MAX)
        })
    }

    /// A new value or set that a field can have, with the record around it there or not.
    fn field(&mut self, field: &Field, around: Literal) -> Variable {
        let present = match field.presence {
            Presence::Required | Presence::Default(_) => around,
            Presence::Optional => {
                let own = self.solver.free();
                self.solver.implies(own, around);
                own
            }
        };
        let (from, to) = (field.bounds.from.as_ref(), field.bounds.to.as_ref());
        match &field.ty {
            Type::Set(element) => {
                let elements = self.range(element).given().within(from, to);
                let all = size(&elements);
                self.sets.push(SetVariable::new(elements, all, present));
                Variable::Set(self.sets.len() - 1)
            }
            ty => {
                let range = self.range(ty).given().within(from, to);
                Variable::Scalar(self.scalar(range, present))
            }
        }
    }

    /// The fields of a second case, which has those at some slots in common with the first.
    pub(super) fn beside(&mut self, shared: &BTreeSet<u32>) -> Vec<Variable> {
        let schema = self.schema;
        let records = records(schema, &mut self.solver);
        let always = self.solver.always();
        let mut beside = Vec::with_capacity(schema.fields.len());
        for (slot, field) in (0u32..).zip(&schema.fields) {
            let around = field
                .inside_optional
                .and_then(|id| records.get(id.0 as usize));
            let around = around.copied().unwrap_or(always);
            let first = self.fields.get(slot as usize).copied();
            let first = first.filter(|_| shared.contains(&slot));
            beside.push(match (first, &field.presence) {
                (Some(first), presence) => {
                    let there = self.presence(first).unwrap_or(always);
                    self.solver.implies(there, around);
                    if *presence != Presence::Optional {
                        self.solver.implies(around, there);
                    }
                    first
                }
                (None, _) => self.field(field, around),
            });
        }
        beside
    }

    /// That there is a value.
    pub(super) fn presence(&self, variable: Variable) -> Option<Literal> {
        match variable {
            Variable::Scalar(place) => self.scalars.get(place).map(|scalar| scalar.present),
            Variable::Set(place) => self.sets.get(place).map(|set| set.present),
        }
    }

    /// What the model says of something and of what is read off it, as propositions that hold there.
    pub(super) fn settled(&self, variable: Variable) -> Vec<Literal> {
        match variable {
            Variable::Scalar(place) => {
                let parts = std::iter::once(place).chain(self.local.of(place));
                let parts = parts.filter_map(|part| self.scalars.get(part));
                parts.flat_map(|part| part.known(&self.solver)).collect()
            }
            Variable::Set(place) => {
                let set = self.sets.get(place);
                set.map_or(Vec::new(), |set| set.known(&self.solver))
            }
        }
    }

    /// A new value that is not known.
    pub(super) fn scalar(&mut self, range: Range, present: Literal) -> usize {
        self.scalars.push(Scalar::new(range, present));
        self.scalars.len() - 1
    }
}

/// For each record: that it is there.
fn records(schema: &Schema, solver: &mut Solver) -> Vec<Literal> {
    let mut there: Vec<Literal> = Vec::with_capacity(schema.records.len());
    for record in &schema.records {
        let around = record
            .parent
            .and_then(|RecordId(place)| there.get(place as usize).copied());
        let around = around.unwrap_or(solver.always());
        there.push(match record.optional {
            false => around,
            true => {
                let own = solver.free();
                solver.implies(own, around);
                own
            }
        });
    }
    there
}

/// How many values there are; none when nobody counts them.
fn size(range: &Range) -> Option<u64> {
    match (range.least.as_ref()?, range.greatest.as_ref()?) {
        (Value::Bool(from), Value::Bool(to)) => Some(u64::from(*to) - u64::from(*from) + 1),
        (Value::Member(from), Value::Member(to)) => Some(u64::from(to.checked_sub(*from)?) + 1),
        (Value::Integer(from), Value::Integer(to)) => {
            u64::try_from(i128::from(*to) - i128::from(*from) + 1).ok()
        }
        (Value::Weekday(from), Value::Weekday(to)) => {
            let place = |day| {
                crate::time::Weekday::ALL
                    .iter()
                    .position(|other| other == day)
            };
            u64::try_from(place(to)?.checked_sub(place(from)?)? + 1).ok()
        }
        _ => None,
    }
}
