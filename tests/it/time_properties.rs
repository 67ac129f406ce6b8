//! Calendars against the plain walker, and laws that hold without it, on random calendars around
//! the days on which clocks change. `PROPTEST_CASES` sets the number of cases.

use crate::time_walker::Walker;
use caseway::time::{
    Calendar, CalendarDefinition, DataDay, Date, DueError, Duration, HolidayRow, Holidays, Instant,
    OpenSpan, Weekday, WeeklyHours, Zone,
};
use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;

/// Zones with a date near which something happens, or an ordinary one.
const PLACES: [(&str, &str); 26] = [
    ("UTC", "2026-03-02"),
    ("Asia/Shanghai", "2026-02-15"),
    ("Asia/Shanghai", "1986-05-04"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Asia/Kathmandu", "2026-06-01"),
    ("Europe/London", "2026-03-29"),
    ("Europe/London", "2026-10-25"),
    ("Europe/London", "2026-06-10"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2019-02-17"),
    ("America/Sao_Paulo", "2026-02-17"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Apia", "2012-04-01"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Asia/Pyongyang", "2015-08-15"),
    ("America/Caracas", "2016-05-01"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Casey", "2020-10-04"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Asia/Gaza", "2040-10-22"),
    ("America/Recife", "2000-10-10"),
    ("America/St_Johns", "2006-04-02"),
];

/// Days of the window on either side of its middle.
const DAYS: i64 = 11;

fn config(cases: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: wanted.unwrap_or(cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn span() -> impl Strategy<Value = OpenSpan> {
    let bound = || {
        prop_oneof![
            0u32..1440,
            0u32..300,
            (0u32..96).prop_map(|quarter| quarter * 15)
        ]
    };
    (bound(), prop_oneof![3 => bound(), 1 => Just(1440)])
        .prop_map(|(opens, closes)| OpenSpan::new(opens, closes).expect("within a day"))
}

fn spans() -> impl Strategy<Value = Vec<OpenSpan>> {
    prop::collection::vec(span(), 1..3)
}

fn days() -> impl Strategy<Value = i64> {
    -DAYS..=DAYS
}

fn line(middle: Date) -> impl Strategy<Value = WeeklyHours> {
    let weekdays = prop::collection::btree_set(select(Weekday::ALL.to_vec()), 1..7);
    let dates = prop_oneof![
        3 => Just((None, None)),
        1 => (prop::option::of(days()), prop::option::of(days())),
    ];
    (weekdays, spans(), dates).prop_map(move |(weekdays, spans, (from, until))| WeeklyHours {
        weekdays,
        spans,
        from: from.and_then(|days| middle.plus_days(days)),
        until: until.and_then(|days| middle.plus_days(days)),
    })
}

fn data(middle: Date) -> impl Strategy<Value = Holidays> {
    let far = || prop_oneof![1 => 0i64..DAYS, 2 => Just(400i64)];
    let day = prop_oneof![
        2 => Just(DataDay::Holiday),
        1 => Just(DataDay::Workday(None)),
        1 => select(Weekday::ALL.to_vec()).prop_map(|weekday| DataDay::Workday(Some(weekday))),
    ];
    let rows = prop::collection::btree_map(days(), day, 0..6);
    (far(), far(), rows).prop_map(move |(before, after, rows)| {
        let date = |days: i64| middle.plus_days(days).expect("a date");
        let rows = rows
            .into_iter()
            .filter(|(days, _)| -before <= *days && *days <= after)
            .map(|(days, day)| HolidayRow {
                date: date(days),
                day,
            });
        Holidays::from_rows(date(-before), date(after), rows).expect("valid rows")
    })
}

fn definition() -> impl Strategy<Value = (Date, CalendarDefinition)> {
    (select(PLACES.to_vec()), -3i64..=3).prop_flat_map(|((zone, day), shift)| {
        let zone = Zone::parse(zone).expect("a zone");
        let middle = Date::parse(day)
            .and_then(|day| day.plus_days(shift))
            .expect("a date");
        let date = move |days: i64| middle.plus_days(days).expect("a date");
        let weekly = prop::collection::vec(line(middle), 0..4);
        let special = prop::collection::btree_map(days().prop_map(date), spans(), 0..3);
        let closed = prop::collection::btree_set(days().prop_map(date), 0..3);
        let holidays = prop::option::of(data(middle));
        (weekly, special, closed, holidays).prop_map(move |(weekly, special, closed, holidays)| {
            let holidays = holidays.map(Arc::new);
            (
                middle,
                CalendarDefinition {
                    zone,
                    weekly,
                    special,
                    closed,
                    holidays,
                },
            )
        })
    })
}

fn walk(middle: Date, definition: &CalendarDefinition) -> Walker {
    let middle = NaiveDate::from_ymd_opt(middle.year(), middle.month(), middle.day());
    Walker::new(definition, middle.expect("a date"), DAYS)
}

fn instant(millis: i64) -> Instant {
    Instant::from_millis(millis).expect("in range")
}

/// An instant of the walker's window by two fractions: a minute, and milliseconds in it.
fn pick(walker: &Walker, minute: u32, millis: i64) -> i64 {
    let minutes = walker.end() - walker.first;
    (walker.first + i64::from(minute) % minutes) * 60_000 + millis
}

fn millis() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0i64), 1 => 0i64..60_000]
}

fn duration() -> impl Strategy<Value = i64> {
    prop_oneof![
        0i64..4 * 3_600_000,
        (0i64..10_000).prop_map(|minutes| minutes * 60_000)
    ]
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn every_minute_is_as_the_walker_says((middle, definition) in definition()) {
        let walker = walk(middle, &definition);
        let calendar = Calendar::new(&definition);
        for (minute, state) in (walker.first..).zip(&walker.states) {
            let at = instant(minute * 60_000);
            prop_assert_eq!(calendar.is_open(at), *state, "{}", at.format(definition.zone));
        }
    }

    #[test]
    fn answers_are_as_the_walker_says(
        (middle, definition) in definition(),
        questions in prop::collection::vec((any::<u32>(), millis(), any::<u32>(), millis(), duration(), 1u32..8), 12),
    ) {
        let walker = walk(middle, &definition);
        let calendar = Calendar::new(&definition);
        for (minute, rest, other_minute, other_rest, duration, count) in questions {
            let start = pick(&walker, minute, rest);
            let end = pick(&walker, other_minute, other_rest);
            let shown = instant(start).format(definition.zone);

            let measured = calendar.measure(instant(start), instant(end)).ok().map(Duration::millis);
            prop_assert_eq!(measured, walker.measure(start, end), "measure from {}", shown);

            let due = calendar.due(instant(start), Duration::from_millis(duration));
            match walker.due(start, duration) {
                Some(Ok(expected)) => prop_assert_eq!(due, Ok(instant(expected)), "due from {}", shown),
                Some(Err(())) => {
                    prop_assert!(matches!(due, Err(DueError::UnknownYear(_))), "due from {}: {:?}", shown, due);
                }
                None => prop_assert!(due.map_or(true, |due| due.millis() > walker.end() * 60_000)),
            }

            let change = calendar.next_change(instant(start));
            match walker.next_change(start) {
                Some((at, state)) => prop_assert_eq!(change, Some((instant(at), state)), "change after {}", shown),
                None => prop_assert!(change.is_none_or(|(at, _)| at.millis() >= walker.end() * 60_000)),
            }

            let close = calendar.close_of_working_day(instant(start), count);
            match walker.close_of_working_day(start, count) {
                Some(Ok(at)) => prop_assert_eq!(close, Ok(instant(at)), "close {} after {}", count, shown),
                Some(Err(())) => {
                    prop_assert!(matches!(close, Err(DueError::UnknownYear(_))), "close after {}: {:?}", shown, close);
                }
                None => prop_assert!(close.map_or(true, |close| close.millis() > start)),
            }
        }
    }

    /// Far beyond any window: years of measuring, targets of years.
    #[test]
    fn laws_hold_over_centuries(
        (_, mut definition) in definition(),
        keep_data in any::<bool>(),
        starts in prop::array::uniform3(-2_000_000_000_000i64..6_000_000_000_000),
        amounts in prop::array::uniform2(1i64..400_000_000_000),
    ) {
        if !keep_data {
            definition.holidays = None;
        }
        let calendar = Calendar::new(&definition);
        let [mut a, mut b, mut c] = starts;
        if b < a { std::mem::swap(&mut a, &mut b); }
        if c < b { std::mem::swap(&mut b, &mut c); }
        if b < a { std::mem::swap(&mut a, &mut b); }
        let (a, b, c) = (instant(a), instant(b), instant(c));
        let (few, many) = (amounts[0].min(amounts[1]), amounts[0].max(amounts[1]));
        let (few, many) = (Duration::from_millis(few), Duration::from_millis(many));

        // Measure is additive.
        let parts = calendar.measure(a, b).and_then(|left| {
            calendar.measure(b, c).map(|right| left.plus(right).expect("no overflow"))
        });
        prop_assert_eq!(parts.is_ok(), calendar.measure(a, c).is_ok());
        if let Ok(whole) = calendar.measure(a, c) {
            prop_assert_eq!(parts, Ok(whole));
        }
        // Due is the least instant that measures the amount.
        if let Ok(due) = calendar.due(a, many) {
            prop_assert_eq!(calendar.measure(a, due), Ok(many));
            let before = due.minus(Duration::from_millis(1)).expect("in range");
            prop_assert!(calendar.measure(a, before).expect("known") < many);
            // It grows with the target and with the start.
            prop_assert!(calendar.due(a, few).expect("known") <= due);
            if let Ok(later) = calendar.due(b, many) {
                prop_assert!(due <= later);
            }
            // A walk that stops on the way arrives at the same instant.
            if calendar.due(a, few).expect("known") < due {
                let on_the_way = calendar.due(a, few).expect("known");
                let rest = many.minus(few).expect("no overflow");
                prop_assert_eq!(calendar.due(on_the_way, rest), Ok(due));
            }
        }
    }

    #[test]
    fn taking_a_holiday_away_never_makes_due_later(
        (middle, mut definition) in definition(),
        off in -3i64..4,
        start in -4i64 * 86_400_000..0,
        amount in duration(),
    ) {
        let holiday = middle.plus_days(off).expect("a date");
        let row = HolidayRow { date: holiday, day: DataDay::Holiday };
        let covers = (Date::parse("1970-01-01").expect("a date"), Date::parse("2100-01-01").expect("a date"));
        let with = Holidays::from_rows(covers.0, covers.1, [row]).expect("valid rows");
        let without = Holidays::from_rows(covers.0, covers.1, []).expect("valid rows");
        definition.holidays = Some(Arc::new(with));
        let with = Calendar::new(&definition);
        definition.holidays = Some(Arc::new(without));
        let without = Calendar::new(&definition);
        let midnight = i64::from(middle.day_number()) * 86_400_000;
        let (start, amount) = (instant(midnight + start), Duration::from_millis(amount));
        if let Ok(due) = with.due(start, amount) {
            prop_assert!(without.due(start, amount).expect("known") <= due);
        }
    }
}

proptest! {
    #![proptest_config(config(60))]

    /// The engine's own table of offsets and the zone database agree on local times, everywhere and
    /// at all times.
    #[test]
    fn special_hours_begin_where_the_zone_database_says(
        name in select(Zone::names().collect::<Vec<_>>()),
        day in -43_800i32..52_000,
        opens in 0u32..1439,
        length in 1u32..1440,
    ) {
        let zone = Zone::parse(name).expect("a zone");
        let date = Date::from_day_number(day).expect("a date");
        let closes = (opens + length).min(1440);
        let bound = |minutes: u32| {
            let date = if minutes == 1440 { date.plus_days(1).expect("a date") } else { date };
            let time = caseway::time::TimeOfDay::from_millis(minutes % 1440 * 60_000).expect("a time");
            zone.instant(date, time).expect("in range")
        };
        prop_assume!(bound(opens) < bound(closes));
        let definition = CalendarDefinition {
            special: [(date, vec![OpenSpan::new(opens, closes).expect("within a day")])].into(),
            ..CalendarDefinition::new(zone)
        };
        let calendar = Calendar::new(&definition);
        let opening = calendar.next_change(Instant::MIN).map(|(at, _)| at);
        prop_assert_eq!(opening, Some(bound(opens)));
        let closing = calendar.next_change(bound(opens)).map(|(at, _)| at);
        prop_assert_eq!(closing, Some(bound(closes)));
    }
}

#[test]
fn weekdays_are_those_of_the_calendar() {
    for day in (-700_000..2_900_000).step_by(997) {
        let date = Date::from_day_number(day).expect("a date");
        let other = NaiveDate::from_ymd_opt(date.year(), date.month(), date.day()).expect("a date");
        assert_eq!(
            date.weekday() as u32,
            other.weekday().num_days_from_monday()
        );
    }
}
