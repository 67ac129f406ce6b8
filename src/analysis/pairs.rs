//! Values that are not known, compared with each other.
//!
//! After [`super::scalars`]. Two values of one order share the points at which constants cut them; where
//! both lie between the same points, either may be the greater one, as long as there is room.

use super::points::Range;
use super::scalars::Scalar;
use super::solver::{Literal, Solver};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Values compared with each other, at most, of which all pairs are looked at.
const MOST_TOGETHER: usize = 10;

/// How two values lie to each other; the same if neither holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// The first is less.
    pub(super) less: Literal,
    /// The first is greater.
    pub(super) greater: Literal,
}

impl Pair {
    fn swapped(self) -> Pair {
        Pair {
            less: self.greater,
            greater: self.less,
        }
    }
}

/// All comparisons of two values, by their places, the lower one first.
#[derive(Default)]
pub(super) struct Pairs {
    known: BTreeMap<(usize, usize), Pair>,
    /// Values that are compared with each other, directly or through others.
    together: Vec<Vec<usize>>,
}

impl Pairs {
    /// How the value at one place lies to the one at another.
    pub(super) fn of(&mut self, solver: &mut Solver, a: usize, b: usize) -> Pair {
        let key = (a.min(b), a.max(b));
        let pair = *self.known.entry(key).or_insert_with(|| {
            let [less, greater] = [(); 2].map(|()| solver.free());
            solver.know(&[!less, !greater]);
            Pair { less, greater }
        });
        if a == b {
            solver.know(&[!pair.less]);
            solver.know(&[!pair.greater]);
        }
        if a <= b { pair } else { pair.swapped() }
    }

    /// The places of all values that are compared with others.
    pub(super) fn places(&self) -> BTreeSet<usize> {
        self.known.keys().flat_map(|(a, b)| [*a, *b]).collect()
    }

    /// What the model says of each pair.
    pub(super) fn all_known(&self, solver: &Solver) -> Vec<((usize, usize), [Literal; 2])> {
        let settled = |literal: Literal| match solver.holds(literal) {
            true => literal,
            false => !literal,
        };
        let known = self.known.iter();
        known
            .map(|(places, pair)| (*places, [settled(pair.less), settled(pair.greater)]))
            .collect()
    }

    /// Makes known how comparisons go together with each other and with constants. To be called once, when
    /// nothing more will be compared.
    pub(super) fn tie(&mut self, solver: &mut Solver, scalars: &mut [Scalar]) {
        self.together = groups(self.known.keys().copied());
        for group in self.together.clone() {
            if group.len() <= MOST_TOGETHER {
                for (at, a) in group.iter().enumerate() {
                    for b in group.iter().skip(at + 1) {
                        self.of(solver, *a, *b);
                    }
                }
            }
            share(solver, scalars, &group, true);
            self.compare(solver, scalars, &group);
        }
    }

    /// Makes known how comparisons go together with constants that came up since.
    pub(super) fn tie_further(&mut self, solver: &mut Solver, scalars: &mut [Scalar]) {
        for group in self.together.clone() {
            share(solver, scalars, &group, false);
            self.compare(solver, scalars, &group);
        }
    }

    /// How the values of a group lie to each other.
    fn compare(&mut self, solver: &mut Solver, scalars: &mut [Scalar], group: &[usize]) {
        for (at, a) in group.iter().enumerate() {
            for (next, b) in group.iter().enumerate().skip(at + 1) {
                if self.known.contains_key(&(*a, *b)) {
                    self.place(solver, scalars, *a, *b);
                    for c in group.iter().skip(next + 1) {
                        self.chain(solver, *a, *b, *c);
                    }
                }
            }
        }
    }

    /// Two values in different places, and in a place where only one value is.
    fn place(&mut self, solver: &mut Solver, scalars: &mut [Scalar], a: usize, b: usize) {
        let pair = self.of(solver, a, b);
        // A point at the end of what one of them can be cuts the other alone.
        let both = [a, b].into_iter().filter_map(|place| scalars.get(place));
        let points: BTreeSet<Value> = both
            .flat_map(|scalar| scalar.points().map(|(point, _)| point.clone()))
            .collect();
        let mut cuts = vec![(None, solver.always(), solver.always())];
        for point in points {
            let mut cut = |place: usize| {
                let scalar = scalars.get_mut(place);
                scalar.map(|scalar| scalar.at_least(solver, &point))
            };
            if let (Some(in_a), Some(in_b)) = (cut(a), cut(b)) {
                cuts.push((Some(point), in_a, in_b));
            }
        }
        let ranges = [a, b].map(|place| scalars.get(place).map(|scalar| scalar.range().clone()));
        let [Some(range_a), Some(range_b)] = ranges else {
            return;
        };
        for (at, (from, in_a, in_b)) in cuts.iter().enumerate() {
            solver.know(&[*in_a, !*in_b, pair.less]);
            solver.know(&[!*in_a, *in_b, pair.greater]);
            let next = cuts.get(at + 1);
            let below = next.and_then(|(point, _, _)| point.as_ref());
            if is_one(&range_a, from.as_ref(), below) && is_one(&range_b, from.as_ref(), below) {
                let never = solver.never();
                let (behind_a, behind_b) = next.map_or((never, never), |(_, a, b)| (*a, *b));
                let outside = [!*in_a, behind_a, !*in_b, behind_b];
                for literal in [!pair.less, !pair.greater] {
                    let clause: Vec<Literal> = outside.iter().copied().chain([literal]).collect();
                    solver.know(&clause);
                }
            }
        }
    }

    /// What follows from two comparisons for a third.
    fn chain(&mut self, solver: &mut Solver, a: usize, b: usize, c: usize) {
        let all = [(a, b), (b, c), (a, c)];
        if !all.iter().all(|pair| self.known.contains_key(pair)) {
            return;
        }
        for [one, middle, other] in [
            [a, b, c],
            [b, a, c],
            [a, c, b],
            [c, b, a],
            [c, a, b],
            [b, c, a],
        ] {
            let first = self.of(solver, one, middle);
            let second = self.of(solver, middle, other);
            let third = self.of(solver, one, other);
            // Less, or less and equal, is less.
            solver.know(&[!first.less, second.greater, third.less]);
            solver.know(&[first.greater, !second.less, third.less]);
            // Neither less nor greater twice is neither.
            let equal = [first.less, first.greater, second.less, second.greater];
            for literal in [!third.less, !third.greater] {
                let clause: Vec<Literal> = equal.iter().copied().chain([literal]).collect();
                solver.know(&clause);
            }
        }
    }

    /// In the model, the values at each place of a group, where they are wanted otherwise than alone.
    pub(super) fn shown(&self, solver: &Solver, scalars: &[Scalar]) -> BTreeMap<usize, Value> {
        let mut shown = BTreeMap::new();
        for group in &self.together {
            let mut spots: BTreeMap<(Option<Value>, Option<Value>), Vec<usize>> = BTreeMap::new();
            for place in group {
                let spot = scalars.get(*place).and_then(|scalar| scalar.place(solver));
                if let Some(spot) = spot {
                    spots.entry(spot).or_default().push(*place);
                }
            }
            for ((from, below), places) in spots {
                self.spread(solver, scalars, (from, below), places, &mut shown);
            }
        }
        shown
    }

    /// Values in one place, in the order that the model gives them.
    fn spread(
        &self,
        solver: &Solver,
        scalars: &[Scalar],
        (from, below): (Option<Value>, Option<Value>),
        mut places: Vec<usize>,
        shown: &mut BTreeMap<usize, Value>,
    ) {
        let is_less = |a: usize, b: usize| {
            let known = self.known.get(&(a.min(b), a.max(b)));
            let pair = known.map(|pair| if a <= b { *pair } else { pair.swapped() });
            pair.is_some_and(|pair| solver.holds(pair.less))
        };
        let rank = |place: usize| {
            places
                .iter()
                .filter(|other| is_less(**other, place))
                .count()
        };
        let ranks: BTreeMap<usize, usize> =
            places.iter().map(|place| (*place, rank(*place))).collect();
        let levels: BTreeSet<usize> = ranks.values().copied().collect();
        places.sort_by_key(|place| ranks.get(place).copied());
        let Some(range) = places
            .first()
            .and_then(|place| scalars.get(*place))
            .map(Scalar::range)
        else {
            return;
        };
        // From a value so far from the end that all fit behind it.
        let mut start = range.nearest(range.plain(), from.as_ref(), below.as_ref());
        let room = |start: &Value| {
            let mut last = start.clone();
            for _ in 1..levels.len() {
                last = range.above(&last)?;
            }
            let inside = below.as_ref().is_none_or(|below| last < *below);
            let end = range.greatest.as_ref();
            (inside && end.is_none_or(|end| last <= *end)).then_some(())
        };
        for _ in 0..levels.len() {
            if room(&start).is_some() {
                break;
            }
            match range.before(&start) {
                Some(before) => start = before,
                None => start = from.clone().unwrap_or(start),
            }
        }
        let mut value = start;
        let mut level = 0;
        for place in places {
            let own = ranks.get(&place).copied().unwrap_or(0);
            if own > level {
                level = own;
                value = range.above(&value).unwrap_or(value);
            }
            shown.insert(place, value.clone());
        }
    }
}

/// Whether one value only lies from one point on and below another.
fn is_one(range: &Range, from: Option<&Value>, below: Option<&Value>) -> bool {
    let low = match (from, range.least.as_ref()) {
        (Some(from), Some(least)) => Some(from.max(least)),
        (from, least) => from.or(least),
    };
    let Some(low) = low else { return false };
    let end = range.greatest.as_ref();
    match range.above(low) {
        None => true,
        Some(next) => {
            below.is_some_and(|below| next >= *below) || end.is_some_and(|end| next > *end)
        }
    }
}

/// Gives all values of a group the points of each, and perhaps points between them where there is little room.
fn share(solver: &mut Solver, scalars: &mut [Scalar], group: &[usize], room: bool) {
    let mut points: BTreeSet<Value> = BTreeSet::new();
    for place in group {
        let Some(scalar) = scalars.get(*place) else {
            continue;
        };
        points.extend(scalar.points().map(|(point, _)| point.clone()));
        points.extend(scalar.range().least.clone());
        let end = scalar.range().greatest.as_ref();
        points.extend(end.and_then(|end| scalar.range().above(end)));
    }
    let mut between = Vec::new();
    let first = group.first().filter(|_| room);
    if let Some(scalar) = first.and_then(|place| scalars.get(*place)) {
        for point in &points {
            let mut next = scalar.range().above(point);
            for _ in 0..group.len() {
                let Some(value) = next.filter(|value| !points.contains(value)) else {
                    break;
                };
                next = scalar.range().above(&value);
                between.push(value);
            }
        }
    }
    points.extend(between);
    for place in group {
        if let Some(scalar) = scalars.get_mut(*place) {
            for point in &points {
                scalar.at_least(solver, point);
            }
        }
    }
}

/// Which places hang together by pairs.
fn groups(pairs: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (a, b) in pairs {
        let mut joined = vec![a, b];
        groups.retain(|group| {
            let touches = group.contains(&a) || group.contains(&b);
            if touches {
                joined.extend(group);
            }
            !touches
        });
        joined.sort_unstable();
        joined.dedup();
        groups.push(joined);
    }
    groups
}
