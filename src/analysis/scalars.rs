//! Values that are not known, as propositions: whether there is one, and how it lies to constants.
//!
//! After [`super::points`] and [`super::solver`], before conditions. A value is described by the
//! propositions "it is at least C" for each constant C that something compares it with, each following
//! from the next (order encoding). New constants may come at any time.

use super::points::Range;
use super::solver::{Literal, Solver};
use crate::value::Value;
use std::collections::BTreeMap;

/// A value that is not known.
pub(super) struct Scalar {
    range: Range,
    /// Whether there is a value.
    pub(super) present: Literal,
    /// "It is at least this", where that is neither always nor never so.
    cuts: BTreeMap<Value, Literal>,
}

impl Scalar {
    pub(super) fn new(range: Range, present: Literal) -> Scalar {
        Scalar {
            range,
            present,
            cuts: BTreeMap::new(),
        }
    }

    /// That the value is at least a constant. Says nothing where there is no value.
    pub(super) fn at_least(&mut self, solver: &mut Solver, constant: &Value) -> Literal {
        match self.range.from(constant) {
            Some(point) => self.cut(solver, point),
            None => solver.never(),
        }
    }

    /// That the value is greater than a constant.
    pub(super) fn above(&mut self, solver: &mut Solver, constant: &Value) -> Literal {
        match self.range.above(constant) {
            Some(point) => self.cut(solver, point),
            None => solver.never(),
        }
    }

    /// That the value is a constant.
    pub(super) fn is(&mut self, solver: &mut Solver, constant: &Value) -> Literal {
        if !self.range.has(constant) {
            return solver.never();
        }
        let from = self.at_least(solver, constant);
        let above = self.above(solver, constant);
        solver.all([from, !above])
    }

    /// That the value lies from one point on and below another.
    pub(super) fn between(
        &mut self,
        solver: &mut Solver,
        from: &Value,
        below: Option<&Value>,
    ) -> Literal {
        let from = self.at_least(solver, from);
        let below = below.map(|below| !self.at_least(solver, below));
        solver.all(std::iter::once(from).chain(below))
    }

    /// That the value lies where a constant lies, among the points that are known; asks for no new one.
    pub(super) fn is_among_known(&self, solver: &mut Solver, constant: &Value) -> Literal {
        let above = self
            .cuts
            .iter()
            .map(|(point, cut)| match point <= constant {
                true => *cut,
                false => !*cut,
            });
        let parts: Vec<Literal> = above.chain([self.present]).collect();
        solver.all(parts)
    }

    fn cut(&mut self, solver: &mut Solver, point: Value) -> Literal {
        if self
            .range
            .least
            .as_ref()
            .is_some_and(|least| point <= *least)
        {
            return solver.always();
        }
        if self
            .range
            .greatest
            .as_ref()
            .is_some_and(|greatest| point > *greatest)
        {
            return solver.never();
        }
        if let Some(known) = self.cuts.get(&point) {
            return *known;
        }
        let cut = solver.free();
        let below = self.cuts.range(..&point).next_back();
        if let Some((_, below)) = below {
            solver.implies(cut, *below);
        }
        let above = self.cuts.range(&point..).next();
        if let Some((_, above)) = above {
            solver.implies(*above, cut);
        }
        self.cuts.insert(point, cut);
        cut
    }

    /// The points at which constants cut the values, lowest first.
    pub(super) fn points(&self) -> impl Iterator<Item = (&Value, Literal)> {
        self.cuts.iter().map(|(point, cut)| (point, *cut))
    }

    /// What is known of it in the model, as propositions that hold there.
    pub(super) fn known(&self, solver: &Solver) -> Vec<Literal> {
        let all = self.cuts.values().copied().chain([self.present]);
        let holding = all.map(|literal| match solver.holds(literal) {
            true => literal,
            false => !literal,
        });
        holding.collect()
    }

    /// In the model: none where there is no value; else from where on it lies, if not from the least on,
    /// and below what.
    pub(super) fn place(&self, solver: &Solver) -> Option<(Option<Value>, Option<Value>)> {
        if !solver.holds(self.present) {
            return None;
        }
        let mut from = self.range.least.clone();
        for (point, cut) in self.points() {
            if !solver.holds(cut) {
                return Some((from, Some(point.clone())));
            }
            from = Some(point.clone());
        }
        let end = self.range.greatest.as_ref();
        Some((from, end.and_then(|end| self.range.above(end))))
    }

    /// The values that it can have.
    pub(super) fn range(&self) -> &Range {
        &self.range
    }
}
