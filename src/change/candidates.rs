//! Values that a field may be given: those that the comparisons reading it speak of, what lies just
//! beside them, and none where it is optional.

use super::leaves::{Leaves, reads};
use super::texts;
use crate::compile::{Effective, Node, NodeId, Program, Type, matching};
use crate::eval::Probe;
use crate::model::{Bounds, Field, Presence, Schema};
use crate::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use crate::value::{Decimal, Value};
use std::collections::BTreeSet;

/// The most comparisons of which the values are taken, beside those of the rule itself.
const MOST_LEAVES: usize = 300;
/// The most members of an enum that are all tried.
const MOST_MEMBERS: usize = 200;
/// The most values that are taken from one comparison.
const MOST_CONSTANTS: usize = 500;

/// Collects values of one field in one variant of a case.
pub(super) struct Candidates<'a> {
    pub(super) program: &'a Program,
    pub(super) probe: &'a Probe<'a>,
    pub(super) slot: u32,
    /// When the case is opened.
    pub(super) opened: Instant,
    schema: &'a Schema,
    field: &'a Field,
    current: Option<Value>,
    found: BTreeSet<Value>,
    /// Whether values are wanted as they are, without those beside them.
    pub(super) exactly: bool,
    /// How many expressions have been looked into.
    pub(super) walks: usize,
}

/// The place of a field in a variant of a case.
pub struct Spot<'a> {
    /// The program.
    pub program: &'a Program,
    /// The schema of its cases.
    pub schema: &'a Schema,
    /// The variant, decided.
    pub probe: &'a Probe<'a>,
    /// The slot of the field.
    pub slot: u32,
    /// Its value.
    pub current: Option<Value>,
    /// When the case is opened.
    pub opened: Instant,
}

/// Values of a field, other than its present one, of which these comparisons speak where a case stands so; none
/// comes last, for a field that may be missing.
pub fn values(spot: Spot<'_>, comparisons: &[NodeId]) -> Vec<Option<Value>> {
    Candidates::of(spot, comparisons, &Leaves::default())
}

impl<'a> Candidates<'a> {
    /// Values other than the present one, in their order, none last.
    pub(super) fn of(spot: Spot<'a>, own: &[NodeId], leaves: &Leaves) -> Vec<Option<Value>> {
        let Some(field) = spot.schema.fields.get(spot.slot as usize) else {
            return Vec::new();
        };
        let mut candidates = Candidates {
            program: spot.program,
            probe: spot.probe,
            slot: spot.slot,
            opened: spot.opened,
            schema: spot.schema,
            field,
            current: spot.current,
            found: BTreeSet::new(),
            exactly: false,
            walks: 0,
        };
        candidates.any_value();
        if spot.slot == spot.program.opened_at {
            candidates.dates(&leaves.dates);
        }
        let all = leaves.of(super::Variable::Field(spot.slot));
        for leaf in own.iter().chain(all.iter().take(MOST_LEAVES)) {
            candidates.leaf(*leaf);
        }
        let Candidates { found, current, .. } = candidates;
        let mut values: Vec<Option<Value>> = found.into_iter().map(Some).collect();
        if field.presence == Presence::Optional {
            values.push(None);
        }
        values.retain(|value| *value != current);
        values
    }

    /// Adds a value if the field may have it.
    pub(super) fn add(&mut self, value: Value) {
        if self.fits(&value) {
            self.found.insert(value);
        }
    }

    pub(super) fn add_all(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.add(value);
        }
    }

    /// The present text.
    pub(super) fn text(&self) -> Option<String> {
        match &self.current {
            Some(Value::Text(text)) => Some(text.as_str().to_owned()),
            Some(_) | None => None,
        }
    }

    fn fits(&self, value: &Value) -> bool {
        is_of(value, &self.field.ty, &self.field.bounds, self.schema)
    }

    /// Values of the type whatever the policy says: all of a small type, otherwise one.
    fn any_value(&mut self) {
        let ty = &self.field.ty;
        let bounds = [&self.field.bounds.from, &self.field.bounds.to];
        let bounds: Vec<Value> = bounds.into_iter().flatten().cloned().collect();
        match ty {
            Type::Bool => self.add_all([Value::Bool(true), Value::Bool(false)]),
            Type::Enum(id) => {
                let members = self
                    .schema
                    .enumeration(*id)
                    .map_or(0, |ty| ty.members.len());
                let places = (0u32..).take(members.min(MOST_MEMBERS));
                self.add_all(places.map(Value::Member));
            }
            Type::Weekday => self.add_all(Weekday::ALL.map(Value::Weekday)),
            Type::Set(_) => {
                self.add(Value::set(Vec::new()));
                return;
            }
            Type::Integer
            | Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Target => {}
        }
        self.add_all(bounds);
        if self.current.is_none() {
            let zone = self.program.zone;
            let usual = match ty {
                Type::Integer => Some(Value::Integer(0)),
                Type::Decimal(digits) => Some(Value::Decimal(Decimal::new(0, *digits))),
                Type::Text => Some(Value::text("x")),
                Type::Instant => Some(Value::Instant(self.opened)),
                Type::Date => Some(Value::Date(self.opened.date(zone))),
                Type::Time => TimeOfDay::from_millis(12 * 3_600_000).map(Value::Time),
                Type::Duration => Some(Value::Duration(Duration::from_millis(3_600_000))),
                Type::Bool | Type::Weekday | Type::Enum(_) | Type::Set(_) | Type::Target => None,
            };
            self.add_all(usual);
        }
    }

    /// A value and those beside it.
    pub(super) fn around(&mut self, wanted: &Value) {
        if self.exactly {
            return self.add(wanted.clone());
        }
        let second = Duration::from_millis(1000);
        match (&self.field.ty, wanted) {
            (Type::Integer, Value::Integer(number)) => self.integers(*number),
            (Type::Integer, Value::Decimal(number)) => {
                let whole = scaled_down(*number, 0).map(|number| number.mantissa());
                if let Some(whole) = whole.and_then(|whole| i64::try_from(whole).ok()) {
                    self.integers(whole);
                }
            }
            (Type::Decimal(digits), Value::Integer(number)) => {
                let number = Decimal::from_integer(*number).rescale(*digits);
                self.decimals(number);
            }
            (Type::Decimal(digits), Value::Decimal(number)) => {
                self.decimals(scaled_down(*number, *digits));
            }
            (Type::Instant, Value::Instant(at)) => {
                let beside = [at.minus(second), Some(*at), at.plus(second)];
                self.add_all(beside.into_iter().flatten().map(Value::Instant));
            }
            (Type::Date, Value::Date(date)) => {
                let beside = [-1, 0, 1].map(|days| Date::plus_days(*date, days));
                self.add_all(beside.into_iter().flatten().map(Value::Date));
            }
            (Type::Time, Value::Time(time)) => {
                let at = time.millis();
                let beside = [at.checked_sub(60_000), Some(at), at.checked_add(60_000)];
                let times = beside.into_iter().flatten();
                let times = times.filter_map(TimeOfDay::from_millis);
                let times: Vec<Value> = times.map(Value::Time).collect();
                self.add_all(times);
            }
            (Type::Duration, Value::Duration(length)) => {
                let beside = [length.minus(second), Some(*length), length.plus(second)];
                self.add_all(beside.into_iter().flatten().map(Value::Duration));
            }
            (Type::Text, Value::Text(text)) => {
                self.add(Value::text(&format!("{text}x")));
                self.add(wanted.clone());
            }
            (Type::Enum(_), Value::Member(place)) => {
                let beside = [place.checked_sub(1), Some(*place), place.checked_add(1)];
                self.add_all(beside.into_iter().flatten().map(Value::Member));
            }
            _ => self.add(wanted.clone()),
        }
    }

    fn integers(&mut self, number: i64) {
        let beside = [number.checked_sub(1), Some(number), number.checked_add(1)];
        self.add_all(beside.into_iter().flatten().map(Value::Integer));
    }

    fn decimals(&mut self, number: Option<Decimal>) {
        let Some(number) = number else { return };
        for step in [-1, 0, 1] {
            if let Some(mantissa) = number.mantissa().checked_add(step) {
                self.add(Value::Decimal(Decimal::new(mantissa, number.scale())));
            }
        }
    }

    /// The days between which items count that go by the day on which a case is opened.
    fn dates(&mut self, dates: &[Effective]) {
        let zone = self.program.zone;
        let second = Duration::from_millis(1000);
        for effective in dates {
            let Effective::ByOpening { from, until } = effective else {
                continue;
            };
            let end = until.and_then(|until| until.plus_days(1));
            for day in [*from, end].into_iter().flatten() {
                let start = zone.instant(day, TimeOfDay::MIDNIGHT);
                let before = start.and_then(|start| start.minus(second));
                self.add_all([before, start].into_iter().flatten().map(Value::Instant));
            }
        }
    }

    /// The values that a comparison speaks of.
    fn leaf(&mut self, id: NodeId) {
        let program = self.program;
        let node = program.node(id);
        match node {
            Node::Equal { left, right, .. }
            | Node::EqualFolded { left, right, .. }
            | Node::Order(_, left, right) => self.sides(*left, &[*right]),
            Node::Between(value, least, greatest) => self.sides(*value, &[*least, *greatest]),
            Node::In { value, set, .. } => {
                for wanted in set.iter().take(MOST_CONSTANTS) {
                    self.invert(*value, wanted, 0);
                }
            }
            Node::InFolded { value, set, .. } => {
                for wanted in set.iter().take(MOST_CONSTANTS) {
                    self.invert(*value, &Value::text(wanted), 0);
                }
            }
            Node::TextConstant {
                op, value, pattern, ..
            } if self.is_field(*value) => {
                let texts = texts::for_test(*op, self.text().as_deref(), pattern);
                self.add_all(texts.iter().map(|text| Value::text(text)));
            }
            Node::Text {
                op, value, pattern, ..
            } => {
                let (value, pattern) = (*value, *pattern);
                if self.is_field(value)
                    && let Some(Value::Text(pattern)) = self.probe.value(pattern)
                {
                    let texts = texts::for_test(*op, self.text().as_deref(), &pattern);
                    self.add_all(texts.iter().map(|text| Value::text(text)));
                }
                if self.is_field(pattern) {
                    let searched = self.probe.value(value);
                    self.add_all(searched.into_iter().chain([Value::text("")]));
                }
            }
            Node::TextMany {
                value, patterns, ..
            } if self.is_field(*value) => {
                let current = self.text().unwrap_or_default();
                let mut all = current.clone();
                let mut none = current.clone();
                for pattern in patterns.iter().take(MOST_CONSTANTS) {
                    let op = crate::compile::TextOp::Contains;
                    let texts = texts::for_test(op, Some(&current), pattern);
                    self.add_all(texts.iter().map(|text| Value::text(text)));
                    all = format!("{all} {pattern}");
                    none = texts::without(&none, pattern);
                }
                self.add_all([Value::text(all.trim()), Value::text(&none)]);
            }
            Node::Matches { value, pattern } if self.is_field(*value) => {
                let found = pattern.as_deref().map(matching).unwrap_or_default();
                let found = found.into_iter().take(1).chain(["".to_owned()]);
                self.add_all(found.map(|text| Value::text(&text)));
            }
            Node::SetContains { set, element } => {
                if self.is_field(*set) {
                    let element = self.probe.value(*element);
                    self.sets(element.as_slice());
                }
                if reads(program, *element, self.slot)
                    && let Some(Value::Set(items)) = self.probe.value(*set)
                {
                    for wanted in items.iter().take(MOST_CONSTANTS) {
                        self.invert(*element, wanted, 0);
                    }
                }
            }
            Node::SetContainsMany { set, elements, .. } if self.is_field(*set) => {
                self.sets(elements);
            }
            Node::During {
                value, calendar, ..
            } => self.changes_of(*value, *calendar),
            Node::Missing { .. }
            | Node::TextConstant { .. }
            | Node::TextMany { .. }
            | Node::Matches { .. }
            | Node::SetContainsMany { .. }
            | Node::Constant(_)
            | Node::Target(_)
            | Node::Field(_)
            | Node::Define(_)
            | Node::Classification(_)
            | Node::Outcome(_)
            | Node::Or(_)
            | Node::And(_)
            | Node::Not(_)
            | Node::HasHappened(_)
            | Node::Arithmetic(..)
            | Node::PartOf(..)
            | Node::Count(_)
            | Node::Length(_)
            | Node::Min(_)
            | Node::Max(_)
            | Node::Call(..) => {}
        }
    }

    fn is_field(&self, id: NodeId) -> bool {
        matches!(self.program.node(id), Node::Field(slot) if *slot == self.slot)
    }

    /// Sides of a comparison: each takes the values of the others.
    fn sides(&mut self, left: NodeId, others: &[NodeId]) {
        for other in others {
            for (own, other) in [(left, *other), (*other, left)] {
                if reads(self.program, own, self.slot)
                    && let Some(wanted) = self.probe.value(other)
                {
                    self.invert(own, &wanted, 0);
                }
            }
        }
    }

    /// The present set with each element more, with all of them, and with each of its own less.
    fn sets(&mut self, elements: &[Value]) {
        let current = self.items();
        for element in elements.iter().take(MOST_CONSTANTS) {
            let mut more = current.clone();
            more.push(element.clone());
            self.add(Value::set(more));
        }
        let mut all = current.clone();
        all.extend(elements.iter().cloned());
        self.add(Value::set(all));
        let none = current.iter().filter(|item| !elements.contains(item));
        let none: Vec<Value> = none.cloned().collect();
        self.add(Value::set(none));
        for item in current.iter().take(MOST_CONSTANTS) {
            let less = current.iter().filter(|own| *own != item);
            let less: Vec<Value> = less.cloned().collect();
            self.add(Value::set(less));
        }
    }

    fn items(&self) -> Vec<Value> {
        match &self.current {
            Some(Value::Set(items)) => items.to_vec(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Sets of so many elements, as near to the present one as can be.
    pub(super) fn sets_of(&mut self, count: Option<usize>) {
        let Some(count) = count.filter(|count| *count <= MOST_MEMBERS) else {
            return;
        };
        let mut items = self.items();
        items.truncate(count);
        let Type::Set(element) = &self.field.ty else {
            return;
        };
        let more: Vec<Value> = match element.as_ref() {
            Type::Enum(id) => {
                let members = self
                    .schema
                    .enumeration(*id)
                    .map_or(0, |ty| ty.members.len());
                (0u32..).take(members).map(Value::Member).collect()
            }
            Type::Text => (1..=MOST_MEMBERS)
                .map(|number| Value::text(&format!("x{number}")))
                .collect(),
            Type::Integer => (0i64..).take(MOST_MEMBERS).map(Value::Integer).collect(),
            Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
            Type::Weekday => Weekday::ALL.map(Value::Weekday).to_vec(),
            Type::Decimal(_)
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Set(_)
            | Type::Target => Vec::new(),
        };
        for item in more {
            if items.len() >= count {
                break;
            }
            if !items.contains(&item) {
                items.push(item);
            }
        }
        if items.len() == count {
            self.add(Value::set(items));
        }
    }

    /// The instants of the week before and after at which a calendar opens or closes.
    fn changes_of(&mut self, value: NodeId, calendar: u32) {
        let Some((_, calendar)) = self.program.calendars.get(calendar as usize) else {
            return;
        };
        if !reads(self.program, value, self.slot) {
            return;
        }
        let now = match self.probe.value(value) {
            Some(Value::Instant(at)) => at,
            Some(_) | None => self.opened,
        };
        let (second, week) = (
            Duration::from_millis(1000),
            Duration::from_millis(8 * 86_400_000),
        );
        let (Some(mut at), Some(end)) = (now.minus(week), now.plus(week)) else {
            return;
        };
        for _ in 0..MOST_CONSTANTS {
            let Some((next, _)) = calendar.next_change(at).filter(|(next, _)| *next <= end) else {
                return;
            };
            for at in [next.minus(second), Some(next)].into_iter().flatten() {
                self.invert(value, &Value::Instant(at), 0);
            }
            at = next;
        }
    }
}

/// A number with so many digits, rounded down.
fn scaled_down(number: Decimal, digits: u8) -> Option<Decimal> {
    if number.scale() <= digits {
        return number.rescale(digits);
    }
    let factor = 10_i128.checked_pow(u32::from(number.scale() - digits))?;
    Some(Decimal::new(number.mantissa().div_euclid(factor), digits))
}

/// Whether a field of a type and bounds may have a value.
fn is_of(value: &Value, ty: &Type, bounds: &Bounds, schema: &Schema) -> bool {
    let kind = match (value, ty) {
        (Value::Bool(_), Type::Bool)
        | (Value::Integer(_), Type::Integer)
        | (Value::Text(_), Type::Text)
        | (Value::Instant(_), Type::Instant)
        | (Value::Date(_), Type::Date)
        | (Value::Time(_), Type::Time)
        | (Value::Weekday(_), Type::Weekday)
        | (Value::Duration(_), Type::Duration) => true,
        (Value::Decimal(number), Type::Decimal(digits)) => number.scale() == *digits,
        (Value::Member(place), Type::Enum(id)) => {
            let members = schema.enumeration(*id).map_or(0, |ty| ty.members.len());
            usize::try_from(*place).is_ok_and(|place| place < members)
        }
        (Value::Set(items), Type::Set(element)) => {
            return items
                .iter()
                .all(|item| is_of(item, element, bounds, schema));
        }
        _ => false,
    };
    kind && bounds.from.as_ref().is_none_or(|from| from <= value)
        && bounds.to.as_ref().is_none_or(|to| value <= to)
}
