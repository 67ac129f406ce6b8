//! What an expression is worth in a case: a value, or nothing where it is missing or unknown.
//!
//! A condition is read from left to right and only as far as its answer needs: `and` ends at the first part that is
//! false, `or` at the first that is true, and an operation whose one side is missing does not ask for the next.

use super::hours::Openness;
use super::look::Look;
use crate::wall_time::local;
use caseway::model::{
    ArithmeticOp, Expr, ExprKind, FunctionId, InstantPart, OrderOp, Outcome, TextOp,
};
use caseway::time::{Date, Duration, Instant, TimeOfDay, Weekday};
use caseway::value::{Decimal, Value};
use chrono::{Datelike, Timelike};
use std::cmp::Ordering;

/// The most digits behind the point that a computed decimal may have: those of two declared ones.
const DIGITS: u8 = 36;

impl Look<'_> {
    /// Whether a condition is true; unknown is not.
    pub fn holds(&self, condition: &Expr) -> bool {
        self.worth(condition) == Some(true)
    }

    /// Whether a condition is true, false, or (none) unknown.
    pub fn worth(&self, condition: &Expr) -> Option<bool> {
        match self.value(condition) {
            Some(Value::Bool(worth)) => Some(worth),
            None => None,
            Some(other) => panic!("{other:?} is no answer"),
        }
    }

    pub fn value(&self, expr: &Expr) -> Option<Value> {
        let answer = |worth: Option<bool>| worth.map(Value::Bool);
        match &expr.kind {
            ExprKind::Constant(value) => Some(value.clone()),
            ExprKind::Field(field) => self.field(*field),
            ExprKind::Define(define) => self.define(define.0 as usize),
            ExprKind::Classification(block) => self.classified.borrow()[block.0 as usize].clone(),
            ExprKind::Outcome(Outcome::RouteRole) => {
                self.role.get().map(|role| Value::Member(role.0))
            }
            ExprKind::Outcome(_) | ExprKind::Target(_) => panic!("for guarantees and tests only"),
            ExprKind::Or(parts) => answer(self.any(parts)),
            ExprKind::And(parts) => answer(self.all(parts)),
            ExprKind::Not(part) => answer(self.worth(part).map(|worth| !worth)),
            ExprKind::Equal {
                left,
                right,
                negated,
                ignoring_case,
            } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let same = if *ignoring_case {
                    folded(text(&left)) == folded(text(&right))
                } else {
                    order(&left, &right) == Ordering::Equal
                };
                Some(Value::Bool(same != *negated))
            }
            ExprKind::Order(op, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let order = order(&left, &right);
                Some(Value::Bool(match op {
                    OrderOp::Less => order == Ordering::Less,
                    OrderOp::LessOrEqual => order != Ordering::Greater,
                    OrderOp::Greater => order == Ordering::Greater,
                    OrderOp::GreaterOrEqual => order != Ordering::Less,
                }))
            }
            ExprKind::Between(value, least, greatest) => {
                let value = self.value(value)?;
                let (least, greatest) = (self.value(least)?, self.value(greatest)?);
                let inside = order(&least, &value) != Ordering::Greater
                    && order(&value, &greatest) != Ordering::Greater;
                Some(Value::Bool(inside))
            }
            ExprKind::In {
                value,
                set,
                negated,
                ignoring_case,
            } => {
                let value = self.value(value)?;
                let among = set.iter().any(|item| {
                    if *ignoring_case {
                        folded(text(item)) == folded(text(&value))
                    } else {
                        order(item, &value) == Ordering::Equal
                    }
                });
                Some(Value::Bool(among != *negated))
            }
            ExprKind::Missing { value, negated } => {
                Some(Value::Bool(self.value(value).is_none() != *negated))
            }
            ExprKind::Text {
                op,
                value,
                pattern,
                ignoring_case,
            } => {
                let (value, pattern) = (self.value(value)?, self.value(pattern)?);
                let fold = |value: &Value| {
                    if *ignoring_case {
                        folded(text(value))
                    } else {
                        text(value).to_owned()
                    }
                };
                let (value, pattern) = (fold(&value), fold(&pattern));
                Some(Value::Bool(match op {
                    TextOp::Contains => value.contains(&pattern),
                    TextOp::StartsWith => value.starts_with(&pattern),
                    TextOp::EndsWith => value.ends_with(&pattern),
                }))
            }
            ExprKind::TextMany {
                all,
                value,
                patterns,
                ignoring_case,
            } => {
                let value = self.value(value)?;
                let holds = |pattern: &String| {
                    if *ignoring_case {
                        folded(text(&value)).contains(&folded(pattern))
                    } else {
                        text(&value).contains(pattern.as_str())
                    }
                };
                Some(Value::Bool(if *all {
                    patterns.iter().all(holds)
                } else {
                    patterns.iter().any(holds)
                }))
            }
            ExprKind::Matches {
                value,
                pattern,
                ignoring_case,
            } => {
                let value = self.value(value)?;
                Some(Value::Bool(
                    self.meaning
                        .pattern(pattern, *ignoring_case)
                        .is_match(text(&value)),
                ))
            }
            ExprKind::SetContains { set, element } => {
                let (set, element) = (self.value(set)?, self.value(element)?);
                Some(Value::Bool(holds_element(&set, &element)))
            }
            ExprKind::SetContainsMany { all, set, elements } => {
                let set = self.value(set)?;
                let holds = |element: &Value| holds_element(&set, element);
                Some(Value::Bool(if *all {
                    elements.iter().all(holds)
                } else {
                    elements.iter().any(holds)
                }))
            }
            ExprKind::During {
                value,
                calendar,
                outside,
            } => {
                let Value::Instant(at) = self.value(value)? else {
                    panic!("an instant")
                };
                let hours = &self.meaning.calendars[calendar.0 as usize];
                match hours.at(at.millis()) {
                    Openness::Open => Some(Value::Bool(!outside)),
                    Openness::Closed => Some(Value::Bool(*outside)),
                    Openness::Unknown => {
                        let day = local(hours.zone, at.millis()).date();
                        self.report("unknown_calendar_year", format!("{} {day}", calendar.0));
                        None
                    }
                }
            }
            ExprKind::HasHappened(event) => Some(Value::Bool(!self.happened(*event).is_empty())),
            ExprKind::Arithmetic(op, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let result = compute(*op, &left, &right);
                if result.is_none() {
                    self.report("overflow", self.meaning.written(expr));
                }
                result
            }
            ExprKind::PartOf(part, value) => {
                let Value::Instant(at) = self.value(value)? else {
                    panic!("an instant")
                };
                let shown = local(self.meaning.zone, at.millis());
                Some(match part {
                    InstantPart::Weekday => Value::Weekday(
                        Weekday::ALL[shown.weekday().num_days_from_monday() as usize],
                    ),
                    InstantPart::Date => {
                        // The last hours of the year 9999 may lie on a later date, the first of 0000 on an earlier.
                        let date = Date::new(shown.year(), shown.month(), shown.day());
                        Value::Date(date.unwrap_or_else(|| at.date(self.meaning.model.zone)))
                    }
                    InstantPart::Time => {
                        let time = shown.time();
                        let millis =
                            time.num_seconds_from_midnight() * 1000 + time.nanosecond() / 1_000_000;
                        Value::Time(TimeOfDay::from_millis(millis).expect("a time"))
                    }
                })
            }
            ExprKind::Count(set) => {
                let Value::Set(elements) = self.value(set)? else {
                    panic!("a set")
                };
                Some(Value::Integer(i64::try_from(elements.len()).expect("few")))
            }
            ExprKind::Length(value) => {
                let value = self.value(value)?;
                Some(Value::Integer(
                    i64::try_from(text(&value).chars().count()).expect("few"),
                ))
            }
            ExprKind::Min(parts) => self.extreme(parts, Ordering::Less),
            ExprKind::Max(parts) => self.extreme(parts, Ordering::Greater),
            ExprKind::Call(function, arguments) => {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(self.value(argument)?);
                }
                self.call(*function, values)
            }
        }
    }

    fn all(&self, parts: &[Expr]) -> Option<bool> {
        let mut unknown = false;
        for part in parts {
            match self.worth(part) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(true)
    }

    fn any(&self, parts: &[Expr]) -> Option<bool> {
        let mut unknown = false;
        for part in parts {
            match self.worth(part) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(false)
    }

    fn extreme(&self, parts: &[Expr], wanted: Ordering) -> Option<Value> {
        let mut best: Option<Value> = None;
        for part in parts {
            let value = self.value(part)?;
            if best
                .as_ref()
                .is_none_or(|best| order(&value, best) == wanted)
            {
                best = Some(value);
            }
        }
        best
    }

    /// A define is worked out once for the instant, by the first that asks.
    fn define(&self, place: usize) -> Option<Value> {
        if let Some(known) = &self.defines.borrow()[place] {
            return known.clone();
        }
        let value = self.value(&self.meaning.model.defines[place].value);
        self.defines.borrow_mut()[place] = Some(value.clone());
        value
    }

    /// A function is called once with the same arguments, for the first that asks.
    fn call(&self, function: FunctionId, arguments: Vec<Value>) -> Option<Value> {
        let known = self.calls.borrow();
        if let Some((.., answer)) = known
            .iter()
            .find(|(of, with, _)| *of == function && *with == arguments)
        {
            return answer.clone();
        }
        drop(known);
        let answer = match self.meaning.answer(function, &arguments) {
            Ok(value) => Some(value),
            Err((code, text)) => {
                self.report(code, format!("{} {text}", function.0));
                None
            }
        };
        self.calls
            .borrow_mut()
            .push((function, arguments, answer.clone()));
        answer
    }
}

/// How two values of one type, or two numbers, stand to each other.
pub fn order(left: &Value, right: &Value) -> Ordering {
    match (left.as_decimal(), right.as_decimal()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

/// Every letter in its lower case by itself, the two small sigmas as one.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for letter in text.chars() {
        for small in letter.to_lowercase() {
            folded.push(if small == '\u{3c2}' { '\u{3c3}' } else { small });
        }
    }
    folded
}

fn holds_element(set: &Value, element: &Value) -> bool {
    match set {
        Value::Set(elements) => elements
            .iter()
            .any(|one| order(one, element) == Ordering::Equal),
        other => panic!("{other:?} is no set"),
    }
}

/// A sum, a difference or a product; none when it is too great.
fn compute(op: ArithmeticOp, left: &Value, right: &Value) -> Option<Value> {
    let whole = |left: i64, right: i64| {
        let (left, right) = (i128::from(left), i128::from(right));
        let result = match op {
            ArithmeticOp::Add => left + right,
            ArithmeticOp::Subtract => left - right,
            ArithmeticOp::Multiply => left * right,
        };
        i64::try_from(result).ok()
    };
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => whole(*left, *right).map(Value::Integer),
        (Value::Duration(left), Value::Duration(right)) => {
            let millis = whole(left.millis(), right.millis())?;
            Some(Value::Duration(Duration::from_millis(millis)))
        }
        (Value::Duration(length), Value::Integer(times))
        | (Value::Integer(times), Value::Duration(length)) => {
            let millis = whole(length.millis(), *times)?;
            Some(Value::Duration(Duration::from_millis(millis)))
        }
        (Value::Instant(at), Value::Duration(length))
        | (Value::Duration(length), Value::Instant(at)) => {
            Instant::from_millis(whole(at.millis(), length.millis())?).map(Value::Instant)
        }
        (Value::Instant(left), Value::Instant(right)) => Some(Value::Duration(
            Duration::from_millis(left.millis() - right.millis()),
        )),
        _ => {
            let (left, right) = (
                left.as_decimal().expect("a number"),
                right.as_decimal().expect("a number"),
            );
            decimal(op, left, right).map(Value::Decimal)
        }
    }
}

fn decimal(op: ArithmeticOp, left: Decimal, right: Decimal) -> Option<Decimal> {
    if let ArithmeticOp::Multiply = op {
        let scale = left.scale() + right.scale();
        let mantissa = left.mantissa().checked_mul(right.mantissa())?;
        return (scale <= DIGITS).then(|| Decimal::new(mantissa, scale));
    }
    let scale = left.scale().max(right.scale());
    let widened = |number: Decimal| {
        let factor = 10i128.checked_pow(u32::from(scale - number.scale()))?;
        number.mantissa().checked_mul(factor)
    };
    let (left, right) = (widened(left)?, widened(right)?);
    let mantissa = match op {
        ArithmeticOp::Add => left.checked_add(right),
        ArithmeticOp::Subtract | ArithmeticOp::Multiply => left.checked_sub(right),
    }?;
    Some(Decimal::new(mantissa, scale))
}
