//! Sets of values of one simple type, absence included: what a condition says of one value.
//!
//! Numbers, members, days and instants are counted in whole steps of their type; texts are listed,
//! or all but the listed. Read by [`super::conditions`].

use crate::model::Type;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Values, and perhaps absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ValueSet {
    values: Values,
    /// Whether absence belongs to it.
    pub missing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Values {
    /// Inclusive ranges of steps, ascending, with a gap between neighbours.
    Ranges(Vec<(i128, i128)>),
    Texts {
        listed: BTreeSet<Arc<str>>,
        all_but: bool,
    },
}

/// Digits after the point in which numbers are compared before they are cut to steps.
const DIGITS: u8 = 18;

impl ValueSet {
    /// No value at all of a type; none for types whose values are not told apart here.
    pub fn empty(ty: &Type) -> Option<ValueSet> {
        let values = match ty {
            Type::Text => Values::Texts {
                listed: BTreeSet::new(),
                all_but: false,
            },
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Enum(_) => Values::Ranges(Vec::new()),
            Type::Set(_) | Type::Target => return None,
        };
        Some(ValueSet {
            values,
            missing: false,
        })
    }

    /// Every value that is counted in steps, and absence: where nothing better is known.
    pub fn everything() -> ValueSet {
        ValueSet {
            values: Values::Ranges(vec![(i128::MIN, i128::MAX)]),
            missing: true,
        }
    }

    /// The values from one to another, both included; none of a limit means no limit there.
    pub fn between(ty: &Type, least: Option<&Value>, greatest: Option<&Value>) -> Option<ValueSet> {
        let mut set = ValueSet::empty(ty)?;
        match &mut set.values {
            Values::Ranges(ranges) => {
                let least = match least {
                    Some(value) => steps(ty, value)?.1,
                    None => i128::MIN,
                };
                let greatest = match greatest {
                    Some(value) => steps(ty, value)?.0,
                    None => i128::MAX,
                };
                if least <= greatest {
                    ranges.push((least, greatest));
                }
            }
            Values::Texts { all_but, .. } => {
                if least.is_some() || greatest.is_some() {
                    return None;
                }
                *all_but = true;
            }
        }
        Some(set)
    }

    /// The values above (or below) a limit that is not one of them.
    pub fn beyond(ty: &Type, limit: &Value, above: bool) -> Option<ValueSet> {
        let mut set = ValueSet::empty(ty)?;
        let (floor, ceiling) = steps(ty, limit)?;
        let Values::Ranges(ranges) = &mut set.values else {
            return None;
        };
        ranges.push(if above {
            (floor.checked_add(1)?, i128::MAX)
        } else {
            (i128::MIN, ceiling.checked_sub(1)?)
        });
        Some(set)
    }

    /// Exactly these values.
    pub fn of<'a>(ty: &Type, values: impl IntoIterator<Item = &'a Value>) -> Option<ValueSet> {
        let mut set = ValueSet::empty(ty)?;
        for value in values {
            match (&mut set.values, value) {
                (Values::Texts { listed, .. }, Value::Text(text)) => {
                    listed.insert(Arc::clone(text));
                }
                (Values::Texts { .. }, _) => return None,
                (Values::Ranges(ranges), value) => {
                    let (floor, ceiling) = steps(ty, value)?;
                    if floor == ceiling {
                        ranges.push((floor, ceiling));
                    }
                }
            }
        }
        set.tidy();
        Some(set)
    }

    /// Everything else, absence too unless it belongs to this set.
    pub fn complement(&self) -> ValueSet {
        let values = match &self.values {
            Values::Texts { listed, all_but } => Values::Texts {
                listed: listed.clone(),
                all_but: !all_but,
            },
            Values::Ranges(ranges) => {
                let mut rest = Vec::with_capacity(ranges.len() + 1);
                let mut next = Some(i128::MIN);
                for (least, greatest) in ranges {
                    if let Some(start) = next.filter(|start| start < least) {
                        rest.push((start, least - 1));
                    }
                    next = greatest.checked_add(1);
                }
                rest.extend(next.map(|start| (start, i128::MAX)));
                Values::Ranges(rest)
            }
        };
        ValueSet {
            values,
            missing: !self.missing,
        }
    }

    /// The values outside this set, absence left out.
    pub fn other_values(&self) -> ValueSet {
        ValueSet {
            missing: false,
            ..self.complement()
        }
    }

    /// What both hold; the first itself where the two are of different types.
    pub fn and(&self, other: &ValueSet) -> ValueSet {
        let values = match (&self.values, &other.values) {
            (Values::Ranges(a), Values::Ranges(b)) => Values::Ranges(common(a, b)),
            (
                Values::Texts {
                    listed: a,
                    all_but: not_a,
                },
                Values::Texts {
                    listed: b,
                    all_but: not_b,
                },
            ) => {
                let (listed, all_but) = match (not_a, not_b) {
                    (false, false) => (a.intersection(b).cloned().collect(), false),
                    (false, true) => (a.difference(b).cloned().collect(), false),
                    (true, false) => (b.difference(a).cloned().collect(), false),
                    (true, true) => (a.union(b).cloned().collect(), true),
                };
                Values::Texts { listed, all_but }
            }
            (Values::Ranges(_), Values::Texts { .. })
            | (Values::Texts { .. }, Values::Ranges(_)) => self.values.clone(),
        };
        ValueSet {
            values,
            missing: self.missing && other.missing,
        }
    }

    /// Whether a member, by its place, belongs to it.
    pub fn holds_member(&self, member: u32) -> bool {
        match &self.values {
            Values::Ranges(ranges) => {
                let at = i128::from(member);
                ranges
                    .iter()
                    .any(|(least, greatest)| *least <= at && at <= *greatest)
            }
            Values::Texts { .. } => false,
        }
    }

    fn tidy(&mut self) {
        if let Values::Ranges(ranges) = &mut self.values {
            ranges.sort_unstable();
            let mut tidy: Vec<(i128, i128)> = Vec::with_capacity(ranges.len());
            for (least, greatest) in ranges.drain(..) {
                match tidy.last_mut() {
                    Some((_, end)) if least <= end.saturating_add(1) => *end = (*end).max(greatest),
                    Some(_) | None => tidy.push((least, greatest)),
                }
            }
            *ranges = tidy;
        }
    }
}

/// The ranges that two ascending lists share.
fn common(a: &[(i128, i128)], b: &[(i128, i128)]) -> Vec<(i128, i128)> {
    let mut shared = Vec::new();
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    while let (Some((a_least, a_end)), Some((b_least, b_end))) = (left.peek(), right.peek()) {
        let (least, greatest) = ((*a_least).max(*b_least), (*a_end).min(*b_end));
        if least <= greatest {
            shared.push((least, greatest));
        }
        if a_end < b_end {
            left.next();
        } else {
            right.next();
        }
    }
    shared
}

/// A value in steps of a type: the last step at or below it and the first at or above.
fn steps(ty: &Type, value: &Value) -> Option<(i128, i128)> {
    let exactly = |step: i128| Some((step, step));
    match value {
        Value::Bool(value) => exactly(i128::from(*value)),
        Value::Member(member) => exactly(i128::from(*member)),
        Value::Weekday(day) => exactly(*day as i128),
        Value::Instant(at) => exactly(i128::from(at.millis())),
        Value::Date(date) => exactly(i128::from(date.day_number())),
        Value::Time(time) => exactly(i128::from(time.millis())),
        Value::Duration(length) => exactly(i128::from(length.millis())),
        Value::Integer(number) => number_steps(ty, i128::from(*number), 0),
        Value::Decimal(number) => number_steps(ty, number.mantissa(), number.scale()),
        Value::Text(_) | Value::Set(_) => None,
    }
}

fn number_steps(ty: &Type, mantissa: i128, scale: u8) -> Option<(i128, i128)> {
    let digits = match ty {
        Type::Integer => 0,
        Type::Decimal(digits) => *digits,
        Type::Bool
        | Type::Text
        | Type::Instant
        | Type::Date
        | Type::Time
        | Type::Weekday
        | Type::Duration
        | Type::Enum(_)
        | Type::Set(_)
        | Type::Target => return None,
    };
    let power = |of: u8| 10_i128.checked_pow(u32::from(of));
    let fine = mantissa.checked_mul(power(DIGITS.checked_sub(scale)?)?)?;
    let step = power(DIGITS.checked_sub(digits)?)?;
    let floor = fine.div_euclid(step);
    let ceiling = if fine.rem_euclid(step) == 0 {
        floor
    } else {
        floor.checked_add(1)?
    };
    Some((floor, ceiling))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl ValueSet {
        /// What either holds.
        fn or(&self, other: &ValueSet) -> ValueSet {
            self.complement().and(&other.complement()).complement()
        }

        /// Whether it holds nothing.
        fn is_empty(&self) -> bool {
            let none = match &self.values {
                Values::Ranges(ranges) => ranges.is_empty(),
                Values::Texts { listed, all_but } => listed.is_empty() && !all_but,
            };
            none && !self.missing
        }

        /// Whether the other holds all that this one holds.
        fn is_within(&self, other: &ValueSet) -> bool {
            self.and(&other.complement()).is_empty()
        }
    }

    fn whole(values: &[i64]) -> ValueSet {
        let values: Vec<Value> = values.iter().map(|value| Value::Integer(*value)).collect();
        ValueSet::of(&Type::Integer, &values).expect("whole numbers have steps")
    }

    #[test]
    fn neighbours_join_and_complements_return() {
        let low = ValueSet::beyond(&Type::Integer, &Value::Integer(5), false).expect("a range");
        let high =
            ValueSet::between(&Type::Integer, Some(&Value::Integer(5)), None).expect("a range");
        let all = ValueSet::between(&Type::Integer, None, None).expect("all");
        assert_eq!(low.or(&high), all);
        assert!(low.and(&high).is_empty());
        assert_eq!(low.complement().complement(), low);
        assert!(whole(&[1, 3]).is_within(&whole(&[1, 2, 3])));
        assert!(!whole(&[1, 4]).is_within(&whole(&[1, 2, 3])));
    }

    #[test]
    fn absence_is_a_value_of_its_own() {
        let all = ValueSet::between(&Type::Integer, None, None).expect("all");
        let mut with_absence = all.clone();
        with_absence.missing = true;
        assert!(!with_absence.is_within(&all));
        assert!(all.is_within(&with_absence));
        assert!(with_absence.complement().is_empty());
        assert!(!whole(&[1]).other_values().missing);
    }

    #[test]
    fn numbers_between_the_steps_of_a_type() {
        let half = Value::Decimal(crate::value::Decimal::new(5, 1));
        let above = ValueSet::beyond(&Type::Integer, &half, true).expect("a range");
        assert_eq!(
            above,
            ValueSet::between(&Type::Integer, Some(&Value::Integer(1)), None).expect("a range")
        );
        assert!(
            ValueSet::of(&Type::Integer, [&half])
                .expect("a set")
                .is_empty()
        );
    }

    #[test]
    fn texts_are_listed_or_left_out() {
        let text = |words: &[&str]| {
            let words: Vec<Value> = words.iter().map(|word| Value::text(word)).collect();
            ValueSet::of(&Type::Text, &words).expect("texts")
        };
        let not_a = text(&["a"]).other_values();
        assert!(text(&["b", "c"]).is_within(&not_a));
        assert!(!text(&["a", "b"]).is_within(&not_a));
        assert!(not_a.is_within(&text(&["a"]).complement()));
        assert_eq!(
            not_a.or(&text(&["a"])),
            ValueSet::between(&Type::Text, None, None).expect("all")
        );
    }
}
