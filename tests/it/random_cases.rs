//! Random cases of any policy: every field by its type and bounds, optional ones also missing, events in
//! any order.

use caseway::compile::Type;
use caseway::model::{Field, Presence};
use caseway::time::Date;
use caseway::value::{Decimal, Value};
use caseway::{Case, CaseFile, Event, Instant, Policy, TimeOfDay, Weekday};
use proptest::prelude::*;

/// A case of a policy with events, to be decided at some instant from its opening on.
pub fn random_case(policy: &Policy) -> BoxedStrategy<CaseFile> {
    let schema = policy.schema().clone();
    let fields: Vec<BoxedStrategy<Option<Value>>> = schema
        .fields
        .iter()
        .map(|field| slot(policy, field))
        .collect();
    let records = prop::collection::vec(any::<bool>(), schema.records.len());
    let events = prop::collection::vec((0..schema.events.len().max(1), 0..500i64), 0..4);
    (fields, records, events, 0..2_000i64)
        .prop_map(move |(mut slots, there, mut events, later)| {
            for (place, field) in schema.fields.iter().enumerate() {
                let mut around = field.inside_optional;
                while let Some(id) = around {
                    let record = schema.record(id).expect("a record");
                    if record.optional && !there[id.0 as usize] {
                        slots[place] = None;
                    }
                    around = record.parent;
                }
            }
            let opened = match &slots[schema.opened_at.0 as usize] {
                Some(Value::Instant(at)) => *at,
                other => panic!("{other:?}"),
            };
            let after = |hours: i64| {
                let length = caseway::Duration::from_millis(hours * 3_600_000);
                opened.plus(length).expect("an instant")
            };
            events.sort_by_key(|(_, hours)| *hours);
            let declared = schema.events.len();
            let events = events.into_iter().filter(|(event, _)| *event < declared);
            let events = events.map(|(event, hours)| Event {
                at: after(hours),
                kind: caseway::value::EventKind::Happened(u32::try_from(event).expect("few")),
            });
            CaseFile {
                case: Case {
                    slots: slots.into(),
                },
                events: events.collect(),
                at: Some(after(later)),
            }
        })
        .boxed()
}

fn slot(policy: &Policy, field: &Field) -> BoxedStrategy<Option<Value>> {
    let value = value(policy, field, &field.ty).prop_map(Some);
    match &field.presence {
        Presence::Required => value.boxed(),
        Presence::Optional => prop_oneof![value, Just(None)].boxed(),
        Presence::Default(default) => prop_oneof![value, Just(Some(default.clone()))].boxed(),
    }
}

fn value(policy: &Policy, field: &Field, ty: &Type) -> BoxedStrategy<Value> {
    let (from, to) = (field.bounds.from.as_ref(), field.bounds.to.as_ref());
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Enum(id) => {
            let members = policy
                .schema()
                .enumeration(*id)
                .expect("an enum")
                .members
                .len();
            let members = u32::try_from(members).expect("few");
            (0..members).prop_map(Value::Member).boxed()
        }
        Type::Integer => {
            let bound = |bound: Option<&Value>, open: i64| match bound {
                Some(Value::Integer(number)) => *number,
                _ => open,
            };
            let (from, to) = (bound(from, -3), bound(to, 100_000));
            let near = from..=to.min(from.saturating_add(12));
            prop_oneof![2 => near, 1 => from..=to]
                .prop_map(Value::Integer)
                .boxed()
        }
        Type::Decimal(digits) => {
            let digits = *digits;
            let unit = 10i128.pow(u32::from(digits));
            let bound = |bound: Option<&Value>, open: i128| match bound {
                Some(Value::Decimal(number)) => number.rescale(digits).expect("fits").mantissa(),
                _ => open * unit,
            };
            let (from, to) = (bound(from, -10), bound(to, 5_000));
            (from..=to)
                .prop_map(move |number| Value::Decimal(Decimal::new(number, digits)))
                .boxed()
        }
        Type::Text => prop::sample::select(vec!["", "x", "断网", "账单", "password", "vip"])
            .prop_map(Value::text)
            .boxed(),
        Type::Instant => instant().prop_map(Value::Instant).boxed(),
        Type::Date => (0..1_500i64)
            .prop_map(|days| {
                let start = Date::new(2025, 1, 1).expect("a date");
                Value::Date(start.plus_days(days).expect("a date"))
            })
            .boxed(),
        Type::Time => (0..1_440u32)
            .prop_map(|minutes| {
                Value::Time(TimeOfDay::from_millis(minutes * 60_000).expect("a time"))
            })
            .boxed(),
        Type::Weekday => prop::sample::select(Weekday::ALL.to_vec())
            .prop_map(Value::Weekday)
            .boxed(),
        Type::Duration => (0..10_000i64)
            .prop_map(|minutes| Value::Duration(caseway::Duration::from_millis(minutes * 60_000)))
            .boxed(),
        Type::Set(element) => prop::collection::vec(value(policy, field, element), 0..3)
            .prop_map(Value::set)
            .boxed(),
        Type::Target => unreachable!("no field holds a target"),
    }
}

fn instant() -> impl Strategy<Value = Instant> {
    (0..3 * 365 * 24 * 4i64).prop_map(|quarters| {
        let start = Instant::parse("2025-01-01T00:00:00+08:00").expect("an instant");
        let length = caseway::Duration::from_millis(quarters * 900_000);
        start.plus(length).expect("an instant")
    })
}
