//! Sets that are not known, as propositions: what they hold, and how many.
//!
//! After [`super::scalars`], before conditions. A set is described by "it holds E" for each constant E that
//! something asks for, and by its count where something compares that. The two are tied together when
//! all questions are known ([`SetVariable::tie`]).

use super::points::Range;
use super::scalars::Scalar;
use super::solver::{Literal, Solver};
use crate::value::Value;
use std::collections::BTreeMap;

/// A set that is not known.
pub(super) struct SetVariable {
    elements: Range,
    /// How many values an element can have; none when there is no end to them.
    all: Option<u64>,
    /// Whether there is a set.
    pub(super) present: Literal,
    holds: BTreeMap<Value, Literal>,
    count: Option<Scalar>,
}

impl SetVariable {
    pub(super) fn new(elements: Range, all: Option<u64>, present: Literal) -> SetVariable {
        SetVariable {
            elements,
            all,
            present,
            holds: BTreeMap::new(),
            count: None,
        }
    }

    /// That the set holds a constant.
    pub(super) fn contains(&mut self, solver: &mut Solver, element: &Value) -> Literal {
        let range = &self.elements;
        let inside = range.has(element)
            && range.least.as_ref().is_none_or(|least| least <= element)
            && range
                .greatest
                .as_ref()
                .is_none_or(|greatest| element <= greatest);
        if !inside {
            return solver.never();
        }
        if let Some(known) = self.holds.get(element) {
            return *known;
        }
        let holds = solver.free();
        self.holds.insert(element.clone(), holds);
        holds
    }

    /// That it holds of what is asked for exactly these.
    pub(super) fn is_exactly(&self, items: &[Value]) -> Vec<Literal> {
        let parts = self
            .holds
            .iter()
            .map(|(element, holds)| match items.contains(element) {
                true => *holds,
                false => !*holds,
            });
        parts.chain([self.present]).collect()
    }

    /// What is known of it in the model, as propositions that hold there.
    pub(super) fn known(&self, solver: &Solver) -> Vec<Literal> {
        let own = self.holds.values().copied().chain([self.present]);
        let own = own.map(|literal| match solver.holds(literal) {
            true => literal,
            false => !literal,
        });
        let count = self.count.as_ref();
        own.chain(count.map_or(Vec::new(), |count| count.known(solver)))
            .collect()
    }

    /// The elements that something asks for.
    pub(super) fn elements(&self) -> Vec<Value> {
        self.holds.keys().cloned().collect()
    }

    /// The set in the model; as many others as its count asks for are taken from the lowest on.
    pub(super) fn shown(&self, solver: &Solver) -> Option<Value> {
        if !solver.holds(self.present) {
            return None;
        }
        let held = self.holds.iter().filter(|(_, holds)| solver.holds(**holds));
        let mut items: Vec<Value> = held.map(|(element, _)| element.clone()).collect();
        let least = self.count.as_ref().and_then(|count| count.place(solver));
        let wanted = match least {
            Some((Some(Value::Integer(least)), _)) => usize::try_from(least).unwrap_or(0),
            _ => 0,
        };
        let mut next = self.elements.least.clone();
        while items.len() < wanted {
            let candidate = next?;
            next = self.elements.above(&candidate);
            if !self.holds.contains_key(&candidate) {
                items.push(candidate);
            }
        }
        Some(Value::set(items))
    }

    /// How many elements it has.
    pub(super) fn count(&mut self, count: impl FnOnce() -> Range) -> &mut Scalar {
        let present = self.present;
        self.count
            .get_or_insert_with(|| Scalar::new(count(), present))
    }

    /// The numbers at which constants cut its count.
    pub(super) fn count_points(&self) -> Vec<Value> {
        let points = self.count.iter().flat_map(Scalar::points);
        points.map(|(point, _)| point.clone()).collect()
    }

    /// Makes known how the count and what the set holds go together. To be called once, when nothing
    /// more will be asked.
    pub(super) fn tie(&mut self, solver: &mut Solver) {
        let Some(count) = &self.count else { return };
        let asked: Vec<Literal> = self.holds.values().copied().collect();
        let others = self.all.map(|all| all.saturating_sub(asked.len() as u64));
        let points: Vec<(i64, Literal)> = count
            .points()
            .filter_map(|(point, cut)| match point {
                Value::Integer(number) => Some((*number, cut)),
                _ => None,
            })
            .collect();
        let most = points.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let sums = at_least(solver, &asked, usize::try_from(most).unwrap_or(0));
        for (number, cut) in points {
            let Ok(number) = usize::try_from(number) else {
                continue;
            };
            if let Some(sum) = sums.get(number) {
                solver.implies(*sum, cut);
            }
            let Some(others) = others else { continue };
            let needed = number.saturating_sub(usize::try_from(others).unwrap_or(usize::MAX));
            match sums.get(needed) {
                Some(sum) => solver.implies(cut, *sum),
                None => solver.know(&[!cut]),
            }
        }
    }
}

/// For each number up to `most`: that at least so many of these hold; the first is always so.
pub(super) fn at_least(solver: &mut Solver, of: &[Literal], most: usize) -> Vec<Literal> {
    let mut sums = vec![solver.always()];
    for part in of {
        let mut next = vec![solver.always()];
        for number in 1..=most.min(sums.len()) {
            let with = sums.get(number - 1).copied();
            let without = sums.get(number).copied();
            let with = with.map(|with| solver.all([with, *part]));
            next.push(solver.any(with.into_iter().chain(without)));
        }
        sums = next;
    }
    sums
}
