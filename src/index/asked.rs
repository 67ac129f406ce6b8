//! What a block asks of a case, each variable once.
//!
//! Between [`super::entry`] and [`super::few`] or [`super::chunk`]: both count the variables of a block from 0. Fields
//! of the same kind stand together, so that a case is gone through kind by kind.

use super::entry::Entry;
use super::ranges::MISSING;
use super::variable::{Kind, Source, Variable};
use super::view::{Numbers, View};
use crate::value::Value;
use smallvec::SmallVec;

/// The variables that alternatives of a block ask.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Those of which a class is asked, ascending.
    variables: Box<[u32]>,
    /// Those of which elements are asked, ascending.
    sets: Box<[u32]>,
    flags: Box<[Field]>,
    members: Box<[Field]>,
    integers: Box<[Field]>,
    texts: Box<[Field]>,
    /// Places in `variables` of all others.
    others: Box<[u32]>,
}

/// A field of which a class is asked.
#[derive(Clone, Copy, Debug)]
struct Field {
    slot: u32,
    /// Its place among the variables of all blocks.
    variable: u32,
    /// Its place among those that the block asks.
    place: u32,
}

/// What a case answers, in the order of what is asked.
pub(super) struct Answers {
    pub(super) classes: SmallVec<[u32; 24]>,
    pub(super) sets: SmallVec<[Option<Numbers>; 2]>,
}

impl Asked {
    pub(super) fn new(entries: &[Entry], variables: &[Variable]) -> Asked {
        let tests = entries.iter().flat_map(|entry| &entry.tests);
        let sets = entries.iter().flat_map(|entry| &entry.sets);
        let asked = once(tests.map(|(variable, _)| *variable).collect());
        let mut fields: [Vec<Field>; 4] = Default::default();
        let mut others = Vec::new();
        let [flags, members, integers, texts] = &mut fields;
        for (place, variable) in (0u32..).zip(&asked) {
            let of = variables.get(*variable as usize);
            let field = of.and_then(|of| match of.source {
                Source::Field(slot) => Some((slot, of.kind()?)),
                _ => None,
            });
            let Some((slot, kind)) = field else {
                others.push(place);
                continue;
            };
            let fields = match kind {
                Kind::Flag => &mut *flags,
                Kind::Member => &mut *members,
                Kind::Integer => &mut *integers,
                Kind::Text => &mut *texts,
            };
            fields.push(Field {
                slot,
                variable: *variable,
                place,
            });
        }
        let [flags, members, integers, texts] = fields.map(Box::from);
        Asked {
            variables: asked,
            sets: once(sets.map(|test| test.variable).collect()),
            flags,
            members,
            integers,
            texts,
            others: others.into(),
        }
    }

    /// The place of a variable among those of which a class is asked.
    pub(super) fn variable(&self, variable: u32) -> u32 {
        place(&self.variables, variable)
    }

    /// The place of a variable among those of which elements are asked.
    pub(super) fn set(&self, variable: u32) -> u32 {
        place(&self.sets, variable)
    }

    /// Asks a case for classes: each with its place, in no order.
    #[inline(always)]
    pub(super) fn classes(
        &self,
        variables: &[Variable],
        view: &impl View,
        mut each: impl FnMut(usize, u32),
    ) {
        let slots = view.slots();
        let slot = |field: &Field| slots.get(field.slot as usize).and_then(Option::as_ref);
        for field in &self.flags {
            let class = match slot(field) {
                Some(Value::Bool(holds)) => 1 + u32::from(*holds),
                value => class(variables, field, value),
            };
            each(field.place as usize, class);
        }
        for field in &self.members {
            let class = match slot(field) {
                Some(Value::Member(member)) => member + 1,
                value => class(variables, field, value),
            };
            each(field.place as usize, class);
        }
        for field in &self.integers {
            let class = match (slot(field), variables.get(field.variable as usize)) {
                (Some(Value::Integer(number)), Some(variable)) => variable.integer_class(*number),
                (value, _) => class(variables, field, value),
            };
            each(field.place as usize, class);
        }
        for field in &self.texts {
            let class = match (slot(field), variables.get(field.variable as usize)) {
                (Some(Value::Text(text)), Some(variable)) => variable.text_class(Some(text)),
                (value, _) => class(variables, field, value),
            };
            each(field.place as usize, class);
        }
        for place in &self.others {
            let variable = self.variables.get(*place as usize);
            let variable = variable.and_then(|variable| variables.get(*variable as usize));
            let class = variable.map_or(MISSING, |variable| match variable.source {
                Source::Field(slot) => {
                    variable.class(slots.get(slot as usize).and_then(Option::as_ref))
                }
                _ => view.class(variable),
            });
            each(*place as usize, class);
        }
    }

    /// Asks a case for those elements of a set that conditions ask for; false where there is no set.
    #[inline(always)]
    pub(super) fn elements(
        &self,
        set: usize,
        variables: &[Variable],
        view: &impl View,
        each: impl FnMut(u32),
    ) -> bool {
        let variable = self.sets.get(set);
        let Some(variable) = variable.and_then(|variable| variables.get(*variable as usize)) else {
            return false;
        };
        let Source::Field(slot) = variable.source else {
            let elements = view.elements(variable);
            let is_there = elements.is_some();
            elements.into_iter().flatten().for_each(each);
            return is_there;
        };
        let Some(Some(Value::Set(elements))) = view.slots().get(slot as usize) else {
            return false;
        };
        variable.elements(elements, each);
        true
    }

    /// Asks a case for everything.
    #[inline]
    pub(super) fn answers(&self, variables: &[Variable], view: &impl View) -> Answers {
        let mut answers = Answers {
            classes: SmallVec::from_elem(MISSING, self.variables.len()),
            sets: SmallVec::new(),
        };
        let known = answers.classes.as_mut_slice();
        self.classes(variables, view, |place, class| {
            if let Some(known) = known.get_mut(place) {
                *known = class;
            }
        });
        for set in 0..self.sets.len() {
            let mut elements = Numbers::new();
            let is_there = self.elements(set, variables, view, |element| elements.push(element));
            answers.sets.push(is_there.then_some(elements));
        }
        answers
    }
}

/// The class of what is no common value of the field's kind.
#[cold]
fn class(variables: &[Variable], field: &Field, value: Option<&Value>) -> u32 {
    let variable = variables.get(field.variable as usize);
    variable.map_or(MISSING, |variable| variable.class(value))
}

fn once(mut variables: Vec<u32>) -> Box<[u32]> {
    variables.sort_unstable();
    variables.dedup();
    variables.into()
}

fn place(known: &[u32], variable: u32) -> u32 {
    // All that alternatives ask were gathered.
    super::shape::place(known.binary_search(&variable).unwrap_or(usize::MAX))
}
