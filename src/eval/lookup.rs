//! A case as an index asks for it.
//!
//! Between [`super::evaluator`] and [`crate::index`].

use super::evaluator::Evaluator;
use crate::index::{Numbers, Source, Variable, View};
use crate::value::{Known, Value};

impl View for Evaluator<'_> {
    #[inline]
    fn known(&self) -> &Known {
        match self.state.known_to(self.index) {
            Some(known) => known,
            None => self.kept.known(self.index, &self.state.slots),
        }
    }

    fn class(&self, variable: &Variable) -> u32 {
        let member = |place: Option<u32>| variable.class(place.map(Value::Member).as_ref());
        let count = |count: Option<usize>| {
            let count = count.and_then(|count| i64::try_from(count).ok());
            variable.class(count.map(Value::Integer).as_ref())
        };
        match variable.source {
            Source::Field(place) => variable.class(self.slot(place)),
            Source::Folded(place) => variable.text_class(self.folded_field(place)),
            Source::Part(part, place) => {
                let part = match self.slot(place) {
                    Some(Value::Instant(at)) => Some(self.part(part, *at)),
                    Some(_) | None => None,
                };
                variable.class(part.as_ref())
            }
            Source::Count(place) => count(match self.slot(place) {
                Some(Value::Set(elements)) => Some(elements.len()),
                Some(_) | None => None,
            }),
            Source::Length(place) => count(match self.slot(place) {
                Some(Value::Text(text)) => Some(text.chars().count()),
                Some(_) | None => None,
            }),
            Source::Classification(place) => variable.class(self.classified(place)),
            Source::Role => member(self.whereto().map(|target| target.role)),
            Source::Queue => member(self.whereto().and_then(|target| target.queue)),
            Source::With => variable.class(self.told().as_ref()),
            Source::Tier => member(self.tier.get().copied().flatten()),
            Source::OpeningDate => variable.class(self.opened_on().map(Value::Date).as_ref()),
            Source::Now => variable.class(Some(&Value::Instant(self.now))),
        }
    }

    fn elements(&self, variable: &Variable) -> Option<Numbers> {
        let mut found = Numbers::new();
        let mut add = |set: &Value| match set {
            Value::Set(elements) => {
                variable.elements(elements, |number| found.push(number));
                Some(())
            }
            _ => None,
        };
        match variable.source {
            Source::Field(place) => add(self.slot(place)?)?,
            Source::Classification(place) => add(self.classified(place)?)?,
            Source::With => add(&self.told()?)?,
            Source::Folded(_)
            | Source::Part(..)
            | Source::Count(_)
            | Source::Length(_)
            | Source::Role
            | Source::Queue
            | Source::Tier
            | Source::OpeningDate
            | Source::Now => return None,
        }
        Some(found)
    }
}

impl Evaluator<'_> {
    fn slot(&self, slot: u32) -> Option<&Value> {
        self.state.slots.get(slot as usize)?.as_ref()
    }

    fn classified(&self, place: u32) -> Option<&Value> {
        self.kept
            .classifications
            .get(place as usize)?
            .get()?
            .as_ref()
    }
}
