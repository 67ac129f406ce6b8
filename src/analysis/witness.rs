//! From a model of the solver to a case: a value for every field, as near to the defaults as the model
//! allows.
//!
//! After the questions of [`super::facts`].

use super::solver::{Answer, Literal};
use super::space::Variable;
use super::terms::Encoder;
use crate::model::Presence;
use crate::time::Instant;
use crate::value::Value;

/// A case that shows something, and when it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// One for each slot; none is missing.
    pub slots: Vec<Option<Value>>,
    /// The instant of the decision, where that matters.
    pub now: Option<Instant>,
    /// Whether it rests on no condition that was taken to be free.
    pub certain: bool,
}

impl Encoder<'_> {
    /// A case in which all of these hold; fields are kept at their defaults, or missing, wherever that is
    /// possible, in schema order. None if there is none, or if it was not found within the steps.
    pub(super) fn witness(&mut self, wanted: &[Literal], steps: u64) -> Option<Witness> {
        let mut asked = wanted.to_vec();
        for slot in 0..self.space.fields.len() {
            let Some(plain) = self.plain(slot) else {
                continue;
            };
            asked.push(plain);
            if self.space.solver.ask(&asked, steps) != Answer::Yes {
                asked.pop();
            }
        }
        // The last question may have been one that was answered by no.
        if self.space.solver.ask(&asked, steps) != Answer::Yes {
            return None;
        }
        let slots = (0..self.space.fields.len()).map(|slot| self.shown(slot));
        let slots = slots.collect();
        let now = self.space.scalars.get(self.space.now);
        let now = now
            .and_then(|now| now.place(&self.space.solver))
            .and_then(|(from, _)| from);
        Some(Witness {
            slots,
            now: match now {
                Some(Value::Instant(at)) if at != Instant::MIN => Some(at),
                _ => None,
            },
            certain: self.free.is_empty(),
        })
    }

    /// That a field has its default, or is missing.
    fn plain(&mut self, slot: usize) -> Option<Literal> {
        let field = self.space.schema.fields.get(slot)?;
        let variable = self.space.fields.get(slot).copied()?;
        let space = &mut self.space;
        match (&field.presence, variable) {
            (Presence::Optional, Variable::Scalar(place)) => {
                Some(!space.scalars.get(place)?.present)
            }
            (Presence::Optional, Variable::Set(place)) => Some(!space.sets.get(place)?.present),
            (Presence::Default(value), Variable::Scalar(place)) => {
                let scalar = space.scalars.get_mut(place)?;
                Some(scalar.is_among_known(&mut space.solver, value))
            }
            (Presence::Default(Value::Set(items)), Variable::Set(place)) => {
                let set = space.sets.get(place)?;
                let exact = set.is_exactly(items);
                Some(space.solver.all(exact))
            }
            (Presence::Default(_), Variable::Set(_)) | (Presence::Required, _) => None,
        }
    }

    /// The value of a field in the model.
    fn shown(&self, slot: usize) -> Option<Value> {
        let field = self.space.schema.fields.get(slot)?;
        match self.space.fields.get(slot)? {
            Variable::Scalar(place) => {
                let scalar = self.space.scalars.get(*place)?;
                let (from, below) = scalar.place(&self.space.solver)?;
                if let Presence::Default(value) = &field.presence {
                    let above = from.as_ref().is_none_or(|from| from <= value);
                    if above && below.as_ref().is_none_or(|below| value < below) {
                        return Some(value.clone());
                    }
                }
                from.or_else(|| scalar.range().before(below.as_ref()))
            }
            Variable::Set(place) => self.space.sets.get(*place)?.shown(&self.space.solver),
        }
    }
}
