//! The columns of a table as classes of values: those that conditions tell apart, and what a cell has to
//! say to take some of them.
//!
//! After [`super::truths`], before [`super::missing_rows`].

use super::points::Range;
use super::solver::Literal;
use super::terms::{Encoder, Term};
use crate::compile::{Column, Type};
use crate::value::Value;
use std::collections::BTreeSet;

/// What a cell of a table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// `-`: anything, also a missing value.
    Any,
    /// One of these alternatives.
    OneOf(Vec<CellTest>),
    /// `not`, then alternatives of which none holds.
    NoneOf(Vec<CellTest>),
}

/// One alternative of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellTest {
    /// The value.
    Is(Value),
    /// `>= A`
    AtLeast(Value),
    /// `> A`
    Above(Value),
    /// `<= A`
    AtMost(Value),
    /// `< A`
    Below(Value),
    /// `A..B`, both inclusive
    Between(Value, Value),
    /// `missing`
    Missing,
    /// `present`
    Present,
}

/// Values of a column, or their absence, between which no condition tells.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Values {
    /// From one value on and below another; none where there is no end.
    Between(Option<Value>, Option<Value>),
    /// One value of a type without an order.
    One(Value),
    /// All values that have no class of their own.
    Rest,
    /// No value.
    Missing,
}

/// A class of values.
struct Class {
    values: Values,
    /// That the value of a case is one of them.
    holds: Literal,
}

/// A column with its classes: of each case one holds, and no other.
pub(super) struct Classes {
    column: Column,
    range: Range,
    classes: Vec<Class>,
}

/// Some classes of a column, by place.
pub(super) type Chosen = Vec<bool>;

/// What `not` costs, counted in alternatives.
const NOT: usize = 1;

/// What one value costs that is no round one, counted in alternatives.
const ODD: usize = 3;

impl Encoder<'_> {
    /// The classes of a column, as far as what is encoded tells them apart. To be called before
    /// [`Encoder::finish`].
    pub(super) fn classes(&mut self, column: &Column) -> Classes {
        let term = self.term(column.header);
        let (range, points) = self.points_of(&term, &column.ty);
        let present = self.is_present(&term);
        let mut classes = Vec::new();
        let kinds = match &column.ty {
            Type::Text | Type::Set(_) => one_by_one(&range, &points),
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_)
            | Type::Target => intervals(&points),
        };
        for values in kinds {
            let (from, below) = match &values {
                Values::Between(from, below) => (from.clone(), below.clone()),
                Values::One(value) => (Some(value.clone()), range.above(value)),
                Values::Rest | Values::Missing => (None, None),
            };
            let mut parts = vec![present];
            if let Some(from) = from {
                parts.push(self.at_least(column.header, &term, &from).yes);
            }
            if let Some(below) = below {
                parts.push(self.at_least(column.header, &term, &below).no);
            }
            if values == Values::Rest {
                parts.extend(classes.iter().map(|class: &Class| !class.holds));
            }
            let holds = self.space.solver.all(parts);
            classes.push(Class { values, holds });
        }
        if present != self.space.solver.always() {
            let missing = Class {
                values: Values::Missing,
                holds: !present,
            };
            // What no cell can say comes first, so that a row which takes more for it takes others in.
            match column.asks_presence {
                true => classes.push(missing),
                false => classes.insert(0, missing),
            }
        }
        Classes {
            column: column.clone(),
            range,
            classes,
        }
    }

    /// The values that something can have, and the points that cut them.
    fn points_of(&self, term: &Term, ty: &Type) -> (Range, BTreeSet<Value>) {
        let space = &self.space;
        let whole = space.range(ty);
        let mut points = BTreeSet::new();
        match term {
            Term::Scalar(place) => {
                if let Some(scalar) = space.scalars.get(*place) {
                    points.extend(scalar.points().map(|(point, _)| point.clone()));
                    return (scalar.range().clone(), points);
                }
            }
            Term::DateOf(place) => {
                let cuts = space.scalars.get(*place).into_iter();
                for (point, _) in cuts.flat_map(|scalar| scalar.points()) {
                    if let Value::Instant(at) = point {
                        let date = Value::Date(at.date(self.program.zone));
                        // Cuts within a day are not for a date to tell.
                        points
                            .extend((self.begin_of(&date).as_ref() == Some(point)).then_some(date));
                    }
                }
            }
            Term::CountOf(place) => {
                let set = space.sets.get(*place);
                points.extend(set.map_or(Vec::new(), |set| set.count_points()));
                return (whole.within(Some(&Value::Integer(0)), None), points);
            }
            Term::Constant(value) => {
                points.extend(whole.from(value));
                points.extend(whole.above(value));
            }
            Term::Choice(options) => {
                for (value, _) in options {
                    points.extend(whole.from(value));
                    points.extend(whole.above(value));
                }
            }
            Term::Truth(_) => {
                points.insert(Value::Bool(true));
            }
            Term::Set(_) | Term::ChosenSet(..) | Term::Targets(_) => {}
        }
        if let Some(least) = &whole.least {
            points.remove(least);
        }
        (whole, points)
    }
}

/// Values in their order, cut at each point.
fn intervals(points: &BTreeSet<Value>) -> Vec<Values> {
    let mut found = Vec::with_capacity(points.len() + 1);
    let mut from = None;
    for point in points {
        found.push(Values::Between(from, Some(point.clone())));
        from = Some(point.clone());
    }
    found.push(Values::Between(from, None));
    found
}

/// Values that are told from all others, and the rest.
fn one_by_one(range: &Range, points: &BTreeSet<Value>) -> Vec<Values> {
    let behind = |point: &Value| range.above(point).filter(|next| points.contains(next));
    let told = points.iter().filter(|point| behind(point).is_some());
    let told = told.map(|point| Values::One(point.clone()));
    told.chain([Values::Rest]).collect()
}

impl Classes {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    /// The place of the class of no value.
    pub(super) fn missing(&self) -> Option<usize> {
        let mut classes = self.classes.iter();
        classes.position(|class| class.values == Values::Missing)
    }

    /// Whether its values are numbers or times, in their order.
    pub(super) fn is_scale(&self) -> bool {
        self.column.ordered && !self.is_listed()
    }

    /// That the value of a case is in the class at a place.
    pub(super) fn holds(&self, place: usize) -> Option<Literal> {
        self.classes.get(place).map(|class| class.holds)
    }

    /// The cell that takes exactly some classes, with as few alternatives as can be; none where no cell
    /// does.
    pub(super) fn cell(&self, chosen: &[bool]) -> Option<Cell> {
        let taken = |class: &(&Class, &bool)| *class.1;
        let pairs: Vec<(&Class, &bool)> = self.classes.iter().zip(chosen).collect();
        if pairs.iter().all(taken) {
            return Some(Cell::Any);
        }
        let is_missing = |class: &Class| class.values == Values::Missing;
        let missing = pairs.iter().any(|(class, on)| is_missing(class) && **on);
        if missing && !self.column.asks_presence {
            return None;
        }
        let values = pairs.into_iter().filter(|(class, _)| !is_missing(class));
        let values: Vec<(&Class, bool)> = values.map(|(class, on)| (class, *on)).collect();
        if values.iter().all(|(_, on)| *on) && self.column.asks_presence {
            return Some(Cell::OneOf(vec![CellTest::Present]));
        }
        if values.iter().all(|(_, on)| !*on) {
            return missing.then(|| Cell::OneOf(vec![CellTest::Missing]));
        }
        let positive = self.tests(&values);
        let opposite: Vec<(&Class, bool)> =
            values.iter().map(|(class, on)| (*class, !*on)).collect();
        let negative = match missing || self.column.ty == Type::Bool {
            true => None,
            false => self.tests(&opposite).filter(|tests| !tests.is_empty()),
        };
        match (positive, negative) {
            (Some(mut tests), None) => {
                tests.extend(missing.then_some(CellTest::Missing));
                Some(Cell::OneOf(tests))
            }
            (Some(tests), Some(opposite)) if cost(&tests) <= cost(&opposite) + NOT => {
                Some(Cell::OneOf(tests))
            }
            (_, Some(opposite)) => Some(Cell::NoneOf(opposite)),
            (None, None) => None,
        }
    }

    /// Alternatives that take exactly some classes of values.
    fn tests(&self, values: &[(&Class, bool)]) -> Option<Vec<CellTest>> {
        let mut tests = Vec::new();
        let mut place = 0;
        while let Some((class, on)) = values.get(place) {
            place += 1;
            if !*on {
                continue;
            }
            let (from, mut below) = match &class.values {
                Values::Between(from, below) => (from.clone(), below.clone()),
                Values::One(value) => {
                    tests.push(CellTest::Is(value.clone()));
                    continue;
                }
                Values::Rest | Values::Missing => return None,
            };
            // Whether nothing but the order of the classes parts them: then one alternative takes all.
            while let Some((
                Class {
                    values: Values::Between(_, next),
                    ..
                },
                true,
            )) = values.get(place)
            {
                // What has no end on either side is no alternative.
                if from.is_none() && next.is_none() && !self.is_listed() {
                    break;
                }
                below.clone_from(next);
                place += 1;
            }
            tests.extend(self.run(from, below)?);
        }
        Some(tests)
    }

    /// Whether single values are listed.
    fn is_listed(&self) -> bool {
        match &self.column.ty {
            Type::Bool | Type::Weekday | Type::Enum(_) => true,
            Type::Integer
            | Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Set(_)
            | Type::Target => false,
        }
    }

    /// Alternatives for the values from one on and below another.
    fn run(&self, from: Option<Value>, below: Option<Value>) -> Option<Vec<CellTest>> {
        let range = &self.range;
        if self.is_listed() {
            let mut next = from.clone().or(range.least.clone());
            let mut all = Vec::new();
            while let Some(value) = next.filter(|value| Some(value) != below.as_ref()) {
                next = range.above(&value);
                all.push(value);
            }
            if !self.column.ordered || all.len() < 3 {
                return Some(all.into_iter().map(CellTest::Is).collect());
            }
            let last = all.last()?.clone();
            let is_week = self.column.ty == Type::Weekday;
            return Some(vec![match (from, below) {
                _ if is_week => CellTest::Between(all.first()?.clone(), last),
                (None, Some(below)) => CellTest::Below(below),
                (Some(from), None) => CellTest::AtLeast(from),
                (None, None) => CellTest::Between(all.first()?.clone(), last),
                (Some(from), Some(_)) => CellTest::Between(from, last),
            }]);
        }
        let first = from.clone().or(range.least.clone());
        let last = match &below {
            Some(below) => Some(range.before(below)?),
            None => range.greatest.clone(),
        };
        if first.is_some() && first == last {
            let value = first.filter(is_writable)?;
            return Some(vec![CellTest::Is(value)]);
        }
        Some(vec![match (from, below) {
            (None, None) => return None,
            (None, Some(below)) => match last.filter(|last| is_rounder(last, &below)) {
                Some(last) => CellTest::AtMost(last),
                None => CellTest::Below(below),
            },
            (Some(from), None) => match range.before(&from) {
                Some(before) if is_rounder(&before, &from) => CellTest::Above(before),
                Some(_) | None => CellTest::AtLeast(from),
            },
            (Some(from), Some(_)) => {
                let last = last.filter(is_writable)?;
                is_writable(&from).then_some(CellTest::Between(from, last))?
            }
        }])
    }
}

impl Cell {
    /// How long it is to read, in alternatives.
    pub(super) fn length(&self) -> usize {
        match self {
            Cell::Any => 0,
            Cell::OneOf(tests) => cost(tests),
            Cell::NoneOf(tests) => cost(tests) + NOT,
        }
    }
}

/// How long alternatives are to read.
fn cost(tests: &[CellTest]) -> usize {
    let odd = |value: &Value| if roughness(value) == 3 { ODD } else { 0 };
    let each = tests.iter().map(|test| match test {
        CellTest::Is(value)
        | CellTest::AtLeast(value)
        | CellTest::Above(value)
        | CellTest::AtMost(value)
        | CellTest::Below(value) => 1 + odd(value),
        CellTest::Between(from, to) => 1 + odd(from) + odd(to),
        CellTest::Missing | CellTest::Present => 1,
    });
    each.sum()
}

/// The least unit of time of a value: 0 for hours, 1 for minutes, 2 for seconds, 3 for less.
fn roughness(value: &Value) -> u8 {
    let millis = match value {
        Value::Duration(length) => length.millis(),
        Value::Instant(at) => at.millis(),
        Value::Time(time) => i64::from(time.millis()),
        Value::Bool(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::Weekday(_)
        | Value::Member(_)
        | Value::Set(_) => return 0,
    };
    let units = [3_600_000, 60_000, 1_000];
    let unit = units.iter().position(|unit| millis % unit == 0);
    u8::try_from(unit.unwrap_or(units.len())).unwrap_or(0)
}

fn is_rounder(one: &Value, other: &Value) -> bool {
    roughness(one) < roughness(other)
}

/// Whether a policy can write the value: a time of day has no seconds.
fn is_writable(value: &Value) -> bool {
    !matches!(value, Value::Time(_)) || roughness(value) < 2
}
