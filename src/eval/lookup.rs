//! A case as an index asks for it: classes of its values, each worked out once.
//!
//! Between [`super::evaluator`] and [`crate::index`].

use super::evaluator::Evaluator;
use crate::index::{RuleIndex, Source, Variable, View};
use crate::value::Value;
use std::cell::{Cell, OnceCell};

/// What was looked up for a case.
#[derive(Default)]
pub(super) struct LookedUp {
    /// By variable; [`UNKNOWN`] for what was not asked for yet.
    classes: Vec<Cell<u32>>,
    elements: Vec<OnceCell<Option<Vec<u32>>>>,
}

/// The class of what was not asked for yet.
const UNKNOWN: u32 = u32::MAX;

impl LookedUp {
    /// Forgets everything and makes room for the variables of an index.
    pub(super) fn make_room(&mut self, index: &RuleIndex) {
        let variables = index.variables().len();
        self.classes.clear();
        self.classes.resize(variables, Cell::new(UNKNOWN));
        self.elements.clear();
        if index.asks_sets() {
            self.elements.resize_with(variables, OnceCell::new);
        }
    }
}

impl Evaluator<'_> {
    fn find_class(&self, variable: &Variable) -> u32 {
        let slot = |slot: u32| self.state.slots.get(slot as usize).and_then(Option::as_ref);
        let member = |place: Option<u32>| variable.class(place.map(Value::Member).as_ref());
        let count = |count: Option<usize>| {
            let count = count.and_then(|count| i64::try_from(count).ok());
            variable.class(count.map(Value::Integer).as_ref())
        };
        match variable.source {
            Source::Field(place) => variable.class(slot(place)),
            Source::Folded(place) => variable.text_class(self.folded_field(place)),
            Source::Part(part, place) => {
                let part = match slot(place) {
                    Some(Value::Instant(at)) => Some(self.part(part, *at)),
                    Some(_) | None => None,
                };
                variable.class(part.as_ref())
            }
            Source::Count(place) => count(match slot(place) {
                Some(Value::Set(elements)) => Some(elements.len()),
                Some(_) | None => None,
            }),
            Source::Length(place) => count(match slot(place) {
                Some(Value::Text(text)) => Some(text.chars().count()),
                Some(_) | None => None,
            }),
            Source::Classification(place) => variable.class(self.classified(place)),
            Source::Role => member(self.whereto().map(|(role, _, _)| *role)),
            Source::Queue => member(self.whereto().and_then(|(_, queue, _)| *queue)),
            Source::With => variable.class(self.told().as_ref()),
            Source::Tier => member(self.tier.get().copied().flatten()),
            Source::OpeningDate => variable.class(self.opened_on().map(Value::Date).as_ref()),
            Source::Now => variable.class(Some(&Value::Instant(self.now))),
        }
    }

    /// Whether a source is known by now and stays as it is.
    fn is_decided(&self, source: Source) -> bool {
        match source {
            Source::Classification(place) => {
                let decided = self.kept.classifications.get(place as usize);
                decided.is_some_and(|decided| decided.get().is_some())
            }
            Source::Role | Source::Queue | Source::With => self.route.get().is_some(),
            Source::Tier => self.tier.get().is_some(),
            Source::Field(_)
            | Source::Folded(_)
            | Source::Part(..)
            | Source::Count(_)
            | Source::Length(_)
            | Source::OpeningDate
            | Source::Now => true,
        }
    }

    fn classified(&self, place: u32) -> Option<&Value> {
        self.kept
            .classifications
            .get(place as usize)?
            .get()?
            .as_ref()
    }

    fn whereto(&self) -> Option<&(u32, Option<u32>, Vec<u32>)> {
        self.route.get()?.as_ref()
    }

    fn told(&self) -> Option<Value> {
        let (_, _, with) = self.whereto()?;
        Some(Value::set(
            with.iter().copied().map(Value::Member).collect(),
        ))
    }

    fn find_elements(&self, variable: &Variable) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        let mut add = |set: &Value| match set {
            Value::Set(elements) => {
                variable.elements(elements, &mut found);
                Some(())
            }
            _ => None,
        };
        match variable.source {
            Source::Field(place) => add(self.state.slots.get(place as usize)?.as_ref()?)?,
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

impl View for Evaluator<'_> {
    fn class(&self, variable: u32) -> u32 {
        let place = variable as usize;
        let known = self.kept.looked_up.classes.get(place);
        if let Some(class) = known.map(Cell::get).filter(|class| *class != UNKNOWN) {
            return class;
        }
        let Some(asked) = self.index.variables().get(place) else {
            return 0;
        };
        let class = self.find_class(asked);
        if let Some(known) = known.filter(|_| self.is_decided(asked.source)) {
            known.set(class);
        }
        class
    }

    fn elements(&self, variable: u32) -> Option<&[u32]> {
        let place = variable as usize;
        let asked = self.index.variables().get(place)?;
        let known = self.kept.looked_up.elements.get(place)?;
        // Blocks are decided one after the other, and none asks for what is decided later.
        known.get_or_init(|| self.find_elements(asked)).as_deref()
    }
}
