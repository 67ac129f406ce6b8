//! Values of a field for which an expression has a wanted value, or nearly so.

use super::candidates::Candidates;
use super::leaves::reads;
use super::texts;
use crate::compile::{ArithmeticOp, InstantPart, Node, NodeId};
use crate::eval::compute;
use crate::time::{Date, Duration, Instant, TimeOfDay};
use crate::value::{Decimal, Value};

impl Candidates<'_> {
    /// Adds values of the field for which `id` becomes `wanted`, or lies just beside it.
    pub(super) fn invert(&mut self, id: NodeId, wanted: &Value, depth: usize) {
        if depth > DEEPEST || self.walks >= MOST_WALKS {
            return;
        }
        self.walks += 1;
        let program = self.program;
        let node = program.node(id);
        if let Node::Field(slot) = node {
            if *slot == self.slot {
                self.around(wanted);
            }
        } else if let Node::Define(place) = node {
            if let Some(define) = program.defines.get(*place as usize) {
                self.invert(define.value, wanted, depth + 1);
            }
        } else if let Node::Arithmetic(op, left, right) = node {
            self.invert_arithmetic(*op, *left, *right, wanted, depth);
        } else if let Node::PartOf(part, operand) = node {
            // Days and times beside the wanted one are among these.
            let outer = std::mem::replace(&mut self.exactly, true);
            for at in self.instants(*part, *operand, wanted) {
                self.invert(*operand, &Value::Instant(at), depth + 1);
            }
            self.exactly = outer;
        } else if let (Node::Count(operand), Value::Integer(count)) = (node, wanted) {
            if matches!(program.node(*operand), Node::Field(slot) if *slot == self.slot) {
                for count in [count.checked_sub(1), Some(*count), count.checked_add(1)] {
                    self.sets_of(count.and_then(|count| usize::try_from(count).ok()));
                }
            }
        } else if let (Node::Length(operand), Value::Integer(length)) = (node, wanted) {
            if matches!(program.node(*operand), Node::Field(slot) if *slot == self.slot) {
                for length in [length.checked_sub(1), Some(*length), length.checked_add(1)] {
                    let length = length.and_then(|length| usize::try_from(length).ok());
                    let length = length.filter(|length| *length <= LONGEST);
                    let current = self.text().unwrap_or_default();
                    self.add_all(
                        length.map(|length| Value::text(&texts::of_length(&current, length))),
                    );
                }
            }
        } else if let Node::Min(list) | Node::Max(list) = node {
            for operand in program.list(*list) {
                if reads(program, *operand, self.slot) {
                    self.invert(*operand, wanted, depth + 1);
                }
            }
        }
    }

    fn invert_arithmetic(
        &mut self,
        op: ArithmeticOp,
        left: NodeId,
        right: NodeId,
        wanted: &Value,
        depth: usize,
    ) {
        let sides = [(left, right, true), (right, left, false)];
        for (own, other, is_left) in sides {
            if !reads(self.program, own, self.slot) {
                continue;
            }
            let Some(other) = self.probe.value(other) else {
                continue;
            };
            let needed = match (op, is_left) {
                (ArithmeticOp::Add, _) => compute(ArithmeticOp::Subtract, wanted, &other),
                (ArithmeticOp::Subtract, true) => compute(ArithmeticOp::Add, wanted, &other),
                (ArithmeticOp::Subtract, false) => compute(ArithmeticOp::Subtract, &other, wanted),
                (ArithmeticOp::Multiply, _) => quotient(wanted, &other),
            };
            if let Some(needed) = needed {
                self.invert(own, &needed, depth + 1);
            }
        }
    }

    /// Instants near the present one of which a part is as wanted.
    fn instants(&self, part: InstantPart, operand: NodeId, wanted: &Value) -> Vec<Instant> {
        let zone = self.program.zone;
        let now = match self.probe.value(operand) {
            Some(Value::Instant(at)) => at,
            _ => self.opened,
        };
        let (date, time) = (now.date(zone), now.time(zone));
        let day = |date: Option<Date>, time: TimeOfDay| zone.instant(date?, time);
        match (part, wanted) {
            (InstantPart::Date, Value::Date(wanted)) => {
                let days = [-1, 0, 1].map(|days| wanted.plus_days(days));
                days.into_iter()
                    .filter_map(|date| day(date, time))
                    .collect()
            }
            (InstantPart::Time, Value::Time(wanted)) => {
                let minute = |millis: i64| {
                    let at = i64::from(wanted.millis()).checked_add(millis)?;
                    TimeOfDay::from_millis(u32::try_from(at).ok()?)
                };
                let times = [minute(-60_000), Some(*wanted), minute(60_000)];
                let days = [-1, 0].map(|days| date.plus_days(days));
                let all = times.into_iter().flatten();
                all.flat_map(|time| days.iter().filter_map(move |date| day(*date, time)))
                    .collect()
            }
            (InstantPart::Weekday, Value::Weekday(_)) => {
                let days = (-7..=7).map(|days| date.plus_days(days));
                days.filter_map(|date| day(date, time)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// How deep expressions are looked into.
const DEEPEST: usize = 100;
/// How many expressions are looked into for the values of one field; a field may be read along very many
/// ways through defines.
const MOST_WALKS: usize = 20_000;
/// The longest text that is made for its length.
const LONGEST: usize = 10_000;

/// What has to be multiplied with a value to come near another, rounded down.
fn quotient(wanted: &Value, by: &Value) -> Option<Value> {
    match (wanted, by) {
        (Value::Integer(a), Value::Integer(b)) => a.checked_div_euclid(*b).map(Value::Integer),
        (Value::Duration(a), Value::Integer(b)) => {
            let millis = a.millis().checked_div_euclid(*b)?;
            Some(Value::Duration(Duration::from_millis(millis)))
        }
        (Value::Duration(a), Value::Duration(b)) => a
            .millis()
            .checked_div_euclid(b.millis())
            .map(Value::Integer),
        (Value::Integer(_) | Value::Decimal(_), Value::Integer(_) | Value::Decimal(_)) => {
            let (a, b) = (wanted.as_decimal()?, by.as_decimal()?);
            // Six digits more than the wanted value has are exact enough for any field.
            let more = u32::from(b.scale()) + 6;
            let shifted = a.mantissa().checked_mul(10_i128.checked_pow(more)?)?;
            let scale = a.scale().checked_add(6)?;
            Some(Value::Decimal(Decimal::new(
                shifted.checked_div_euclid(b.mantissa())?,
                scale,
            )))
        }
        _ => None,
    }
}
