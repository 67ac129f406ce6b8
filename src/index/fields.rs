//! What the values of slots are to the conditions of a policy: numbers, found once for all blocks.
//!
//! After [`super::variable`]. Whoever reads a case tells each value as it comes ([`Look`]); of a case that was made in
//! another way all values are looked at when the first block asks.

use super::ranges::MISSING;
use super::variable::{Kind, Source, Variable, text_class};
use crate::value::{Known, Value};
use smallvec::SmallVec;
use smol_str::SmolStr;

/// The fields that conditions ask.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    /// By slot the variable whose class, or whose elements, its value gives.
    variables: Vec<u32>,
    /// What is asked of a slot beside that, or is not worth a look while it is read.
    others: Vec<Field>,
}

/// A field that conditions ask.
#[derive(Clone, Copy, Debug)]
struct Field {
    slot: u32,
    variable: u32,
}

/// What stands for a slot without a variable: no list is so long.
const NONE: u32 = u32::MAX;

/// A look at the values of a case, one after the other.
pub(crate) struct Look<'a> {
    fields: &'a Fields,
    variables: &'a [Variable],
    /// As in [`Known`].
    classes: &'a mut [u32],
    elements: &'a mut SmallVec<[u32; 8]>,
}

impl Fields {
    pub(super) const NONE: Fields = Fields {
        variables: Vec::new(),
        others: Vec::new(),
    };

    pub(super) fn new(variables: &[Variable]) -> Fields {
        let mut fields = Fields::NONE;
        for (variable, of) in (0u32..).zip(variables) {
            let Source::Field(slot) = of.source else {
                continue;
            };
            if of.kind() == Kind::Other {
                fields.others.push(Field { slot, variable });
                continue;
            }
            let place = slot as usize;
            if fields.variables.len() <= place {
                fields.variables.resize(place + 1, NONE);
            }
            if let Some(known) = fields.variables.get_mut(place) {
                *known = variable;
            }
        }
        fields
    }

    /// Starts a look at a case.
    #[inline]
    pub(super) fn start<'a>(&'a self, variables: &'a [Variable], known: &'a mut Known) -> Look<'a> {
        let Known {
            index,
            classes,
            elements,
        } = known;
        *index = 0;
        if classes.len() != variables.len() {
            classes.resize(variables.len(), MISSING);
        }
        classes.fill(MISSING);
        elements.clear();
        Look {
            fields: self,
            variables,
            classes,
            elements,
        }
    }
}

impl Look<'_> {
    /// The value of a slot is true or false.
    #[inline(always)]
    pub(crate) fn flag(&mut self, slot: u32, holds: bool) {
        self.note(self.asked(slot), 1 + u32::from(holds));
    }

    /// The value of a slot is a member of an enum.
    #[inline(always)]
    pub(crate) fn member(&mut self, slot: u32, member: u32) {
        self.note(self.asked(slot), member + 1);
    }

    /// The value of a slot is a whole number.
    #[inline(always)]
    pub(crate) fn integer(&mut self, slot: u32, number: i64) {
        let asked = self.asked(slot);
        if let Some(variable) = self.variables.get(asked as usize) {
            let class = variable.integer_class(number);
            self.note(asked, class);
        }
    }

    /// The value of a slot is a text: that which these bytes start with, so long. Gives the text if it is short and a
    /// condition has it.
    #[inline(always)]
    pub(crate) fn text(&mut self, slot: u32, from: &[u8], length: usize) -> Option<&SmolStr> {
        let asked = self.asked(slot);
        let texts = self.variables.get(asked as usize)?.texts()?;
        let place = texts.find(from, length);
        self.note(asked, text_class(place));
        texts.short(place?)
    }

    /// The value of a slot is a set, whose elements come.
    #[inline(always)]
    pub(crate) fn set(&mut self, slot: u32) -> LookAtSet<'_> {
        let asked = self.asked(slot);
        let variable = self.variables.get(asked as usize);
        let start = self.elements.len();
        if variable.is_some() {
            self.elements.push(0);
            self.note(asked, super::shape::place(start + 1));
        }
        LookAtSet {
            variable,
            elements: self.elements,
            start,
        }
    }

    /// The value of a slot.
    pub(crate) fn value(&mut self, slot: u32, value: &Value) {
        let asked = self.asked(slot);
        let Some(variable) = self.variables.get(asked as usize) else {
            return;
        };
        match value {
            Value::Set(elements) => {
                let mut set = self.set(slot);
                variable.elements(elements, |element| set.note(element));
            }
            value => self.note(asked, variable.class(Some(value))),
        }
    }

    /// All values of slots have been told that are there; the rest is found of the slots themselves.
    #[inline]
    pub(crate) fn finish(mut self, slots: &[Option<Value>]) {
        for field in &self.fields.others {
            let value = slots.get(field.slot as usize).and_then(Option::as_ref);
            let variable = self.variables.get(field.variable as usize);
            let class = variable.map_or(MISSING, |variable| variable.class(value));
            self.note(field.variable, class);
        }
    }

    /// Looks at all slots.
    pub(super) fn all(mut self, slots: &[Option<Value>]) {
        for (slot, value) in (0u32..).zip(slots).take(self.fields.variables.len()) {
            if let Some(value) = value {
                self.value(slot, value);
            }
        }
        self.finish(slots);
    }

    #[inline(always)]
    fn asked(&self, slot: u32) -> u32 {
        let asked = self.fields.variables.get(slot as usize);
        asked.copied().unwrap_or(NONE)
    }

    #[inline(always)]
    fn note(&mut self, variable: u32, number: u32) {
        if let Some(known) = self.classes.get_mut(variable as usize) {
            *known = number;
        }
    }
}

/// A look at the elements of a set.
pub(crate) struct LookAtSet<'a> {
    variable: Option<&'a Variable>,
    elements: &'a mut SmallVec<[u32; 8]>,
    start: usize,
}

impl LookAtSet<'_> {
    /// An element is a text: that which these bytes start with, so long. Gives the text if it is short and a condition
    /// has it.
    #[inline(always)]
    pub(crate) fn text(&mut self, from: &[u8], length: usize) -> Option<&SmolStr> {
        let texts = self.variable?.texts()?;
        let place = texts.find(from, length)?;
        self.note(place);
        texts.short(place)
    }

    #[inline(always)]
    fn note(&mut self, number: u32) {
        self.elements.push(number);
        if let Some(count) = self.elements.get_mut(self.start) {
            *count += 1;
        }
    }
}
