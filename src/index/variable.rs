//! What conditions read, and which of its values they tell apart.
//!
//! After [`super::shape`] has met all conditions, before [`super::many`] lays out rules.

use super::ranges::{MISSING, Ranges};
use super::sorted::{Sorted, between};
use super::texts::Texts;
use crate::compile::{InstantPart, OrderOp};
use crate::value::{Decimal, Value, compare};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// Something that conditions read of which a case has one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A slot of the case.
    Field(u32),
    /// The text of a slot in lower case.
    Folded(u32),
    /// A part of the instant of a slot.
    Part(InstantPart, u32),
    /// How many elements the set of a slot has.
    Count(u32),
    /// How many characters the text of a slot has.
    Length(u32),
    /// The value of a classification.
    Classification(u32),
    /// The role that the case goes to.
    Role,
    /// The queue that the case goes to.
    Queue,
    /// The roles that are told.
    With,
    /// The tier.
    Tier,
    /// The local date of `opened_at`.
    OpeningDate,
    /// The instant that is decided for.
    Now,
}

/// What is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// How it stands to constants.
    Value,
    /// Whether it has a value.
    Presence,
    /// Which constants are among its elements.
    Elements,
}

/// A variable with the constants that conditions compare it with.
#[derive(Clone, Debug)]
pub struct Variable {
    /// What it is.
    pub source: Source,
    domain: Domain,
}

/// What kind of values a variable has, as far as that makes finding their classes quick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Flag,
    Member,
    Integer,
    Text,
    /// Elements are asked for, no class.
    Set,
    Other,
}

#[derive(Clone, Debug)]
enum Domain {
    Presence,
    /// False is class 1, true is class 2.
    Bool,
    /// A member is the class behind its place.
    Members,
    /// Constants in order: a value equal to the one at place `n` is class `2n + 2`, one between is the
    /// class in between.
    Integers(Sorted),
    /// The same for decimals with so many digits after the point, as multiples of the last of them.
    Decimals(u8, Sorted),
    /// The same for other types, and numbers of several kinds.
    Values(Box<[Value]>),
    /// Texts that are only compared for being equal, in order; any other text is class 1.
    Texts(Texts),
    /// Numbers of elements.
    Elements(FxHashMap<Value, u32>),
    /// The same for sets of texts.
    TextElements(Texts),
    /// The same for sets of members, by the member's place.
    MemberElements(Box<[Option<u32>]>),
}

/// What is gathered about a variable while conditions are read.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) constants: Vec<Value>,
    /// Whether an order is asked for.
    pub(super) ordered: bool,
}

impl Variable {
    pub(super) fn new(source: Source, question: Question, gathered: Gathered) -> Variable {
        let Gathered { constants, ordered } = gathered;
        let constants = in_order(constants);
        let domain = match question {
            Question::Presence => Domain::Presence,
            Question::Elements => elements(constants),
            Question::Value => values(source, constants, ordered),
        };
        Variable { source, domain }
    }

    /// The kind of its values.
    pub(super) fn kind(&self) -> Kind {
        match &self.domain {
            Domain::Bool => Kind::Flag,
            Domain::Members => Kind::Member,
            Domain::Integers(_) => Kind::Integer,
            Domain::Texts(_) => Kind::Text,
            Domain::Elements(_) | Domain::TextElements(_) | Domain::MemberElements(_) => Kind::Set,
            Domain::Presence | Domain::Decimals(..) | Domain::Values(_) => Kind::Other,
        }
    }

    /// The class of a whole number.
    #[inline(always)]
    pub(super) fn integer_class(&self, number: i64) -> u32 {
        match &self.domain {
            Domain::Integers(constants) => constants.class(number),
            _ => self.class(Some(&Value::Integer(number))),
        }
    }

    /// The class of a value.
    #[inline]
    pub fn class(&self, value: Option<&Value>) -> u32 {
        let Some(value) = value else {
            return MISSING;
        };
        match (&self.domain, value) {
            (Domain::Presence, _) => 1,
            (Domain::Bool, Value::Bool(holds)) => 1 + u32::from(*holds),
            (Domain::Members, Value::Member(place)) => place + 1,
            (Domain::Integers(constants), Value::Integer(number)) => constants.class(*number),
            (Domain::Texts(texts), Value::Text(text)) => text_class(texts.get(text)),
            _ => self.class_by_order(value),
        }
    }

    /// The class of a value that is compared with constants, whatever its kind.
    fn class_by_order(&self, value: &Value) -> u32 {
        match (&self.domain, value) {
            (Domain::Integers(constants), _) => constants.class_by(|constant| {
                compare(&Value::Integer(constant), value).unwrap_or(Ordering::Less)
            }),
            (Domain::Decimals(scale, constants), Value::Decimal(number))
                if number.scale() == *scale =>
            {
                constants.class_of_wide(number.mantissa())
            }
            (Domain::Decimals(scale, constants), _) => constants.class_by(|constant| {
                let constant = Value::Decimal(Decimal::new(constant.into(), *scale));
                compare(&constant, value).unwrap_or(Ordering::Less)
            }),
            (Domain::Values(constants), _) => {
                between(constants.binary_search_by(|constant| {
                    compare(constant, value).unwrap_or(Ordering::Less)
                }))
            }
            _ => 1,
        }
    }

    /// The class of a text.
    #[inline]
    pub fn text_class(&self, text: Option<&str>) -> u32 {
        match (text, &self.domain) {
            (None, _) => MISSING,
            (Some(text), Domain::Texts(texts)) => text_class(texts.get(text)),
            (Some(text), Domain::Values(_)) => self.class(Some(&Value::text(text))),
            (Some(_), _) => 1,
        }
    }

    /// The texts that conditions ask for; none where they ask no text for being equal.
    #[inline(always)]
    pub(super) fn texts(&self) -> Option<&Texts> {
        match &self.domain {
            Domain::Texts(texts) | Domain::TextElements(texts) => Some(texts),
            _ => None,
        }
    }

    /// The numbers of the elements of a set that conditions ask for.
    #[inline]
    pub fn elements(&self, set: &[Value], each: impl FnMut(u32)) {
        match &self.domain {
            Domain::Elements(numbers) => {
                let found = set
                    .iter()
                    .filter_map(|element| numbers.get(element).copied());
                found.for_each(each);
            }
            Domain::TextElements(numbers) => {
                let found = set.iter().filter_map(|element| match element {
                    Value::Text(text) => numbers.get(text),
                    _ => None,
                });
                found.for_each(each);
            }
            Domain::MemberElements(numbers) => {
                let found = set.iter().filter_map(|element| match element {
                    Value::Member(place) => numbers.get(*place as usize).copied().flatten(),
                    _ => None,
                });
                found.for_each(each);
            }
            _ => {}
        }
    }

    /// The classes of the values that are equal to one of these constants.
    pub(super) fn among(&self, constants: &[Value]) -> Ranges {
        Ranges::any(constants.iter().map(|constant| self.class(Some(constant))))
    }

    /// The classes that stand so to a constant.
    pub(super) fn ordered(&self, op: OrderOp, constant: &Value) -> Ranges {
        let class = self.class(Some(constant));
        match op {
            OrderOp::Less => Ranges::before(class),
            OrderOp::LessOrEqual => Ranges::before(class + 1),
            OrderOp::Greater => Ranges::from(class + 1),
            OrderOp::GreaterOrEqual => Ranges::from(class),
        }
    }

    /// The number of an element that conditions ask for.
    pub(super) fn element(&self, element: &Value) -> Option<u32> {
        let mut found = None;
        self.elements(std::slice::from_ref(element), |number| found = Some(number));
        found
    }
}

/// The class of a text by its place among the constants; of any other it is 1.
#[inline(always)]
pub(super) fn text_class(place: Option<u32>) -> u32 {
    place.map_or(1, |place| 2 * place + 2)
}

fn values(source: Source, constants: Vec<Value>, ordered: bool) -> Domain {
    let all = |is: fn(&Value) -> bool| constants.iter().all(is);
    match source {
        Source::Role | Source::Queue | Source::Tier => Domain::Members,
        _ if constants.is_empty() => Domain::Presence,
        _ if all(|value| matches!(value, Value::Bool(_))) => Domain::Bool,
        _ if all(|value| matches!(value, Value::Member(_))) => Domain::Members,
        _ if all(|value| matches!(value, Value::Integer(_))) => {
            let constants = constants.iter().filter_map(|value| match value {
                Value::Integer(number) => Some(*number),
                _ => None,
            });
            Domain::Integers(Sorted::new(constants.collect()))
        }
        _ if !ordered && all(|value| matches!(value, Value::Text(_))) => {
            Domain::Texts(Texts::new(&constants))
        }
        _ => match decimals(&constants) {
            Some((scale, constants)) => Domain::Decimals(scale, constants),
            None => Domain::Values(constants.into()),
        },
    }
}

/// Constants in order, each once.
fn in_order(mut constants: Vec<Value>) -> Vec<Value> {
    let numbers = constants.iter().map(|constant| match constant {
        Value::Integer(number) => Some(*number),
        _ => None,
    });
    if let Some(mut numbers) = numbers.collect::<Option<Vec<i64>>>() {
        numbers.sort_unstable();
        numbers.dedup();
        return numbers.into_iter().map(Value::Integer).collect();
    }
    constants.sort_by(|a, b| compare(a, b).unwrap_or(Ordering::Equal));
    constants.dedup_by(|a, b| compare(a, b) == Some(Ordering::Equal));
    constants
}

/// Decimals brought to the most digits that one of them has; none where one is no decimal or too great.
fn decimals(constants: &[Value]) -> Option<(u8, Sorted)> {
    let numbers: Option<Vec<Decimal>> = constants
        .iter()
        .map(|constant| match constant {
            Value::Decimal(number) => Some(*number),
            _ => None,
        })
        .collect();
    let numbers = numbers?;
    let scale = numbers.iter().map(|number| number.scale()).max()?;
    let scaled = numbers
        .iter()
        .map(|number| i64::try_from(number.rescale(scale)?.mantissa()).ok());
    Some((scale, Sorted::new(scaled.collect::<Option<_>>()?)))
}

fn elements(constants: Vec<Value>) -> Domain {
    if constants
        .iter()
        .all(|value| matches!(value, Value::Member(_)))
    {
        let mut numbers: Vec<Option<u32>> = Vec::new();
        for (number, constant) in (0u32..).zip(&constants) {
            let Value::Member(place) = constant else {
                continue;
            };
            let place = *place as usize;
            if numbers.len() <= place {
                numbers.resize(place + 1, None);
            }
            if let Some(known) = numbers.get_mut(place) {
                *known = Some(number);
            }
        }
        return Domain::MemberElements(numbers.into());
    }
    match constants
        .iter()
        .all(|value| matches!(value, Value::Text(_)))
    {
        true => Domain::TextElements(Texts::new(&constants)),
        false => Domain::Elements(constants.into_iter().zip(0u32..).collect()),
    }
}
