//! Calendar arithmetic: the vectors of the specification, then edges.

use caseway::time::{
    Calendar, CalendarDefinition, DataDay, Date, DueError, Duration, HolidayRow, Holidays, Instant,
    OpenSpan, Openness, Period, PeriodUnit, Rounding, TimeOfDay, Weekday, WeeklyHours, Zone,
};
use std::sync::Arc;

const WEEKDAYS: &str = "mon tue wed thu fri";
const DAILY: &str = "mon tue wed thu fri sat sun";

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect(name)
}

fn date(text: &str) -> Date {
    Date::parse(text).expect(text)
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

/// A local time such as `2026-11-21 10:00` in a zone.
fn local(zone_name: &str, text: &str) -> Instant {
    let (day, time) = text.split_once(' ').expect(text);
    zone(zone_name)
        .instant(date(day), TimeOfDay::parse(time).expect(text))
        .expect(text)
}

fn hours(text: &str) -> Duration {
    Duration::parse(text).expect(text)
}

/// `09:00-12:00, 13:00-18:00`
fn spans(text: &str) -> Vec<OpenSpan> {
    let minute = |text: &str| -> u32 {
        let (hour, minute) = text.trim().split_once(':').expect(text);
        hour.parse::<u32>().expect(text) * 60 + minute.parse::<u32>().expect(text)
    };
    let span = |text: &str| {
        let (opens, closes) = text.split_once('-').expect(text);
        OpenSpan::new(minute(opens), minute(closes)).expect("a span within a day")
    };
    text.split(',').map(span).collect()
}

fn line(weekdays: &str, text: &str) -> WeeklyHours {
    WeeklyHours {
        weekdays: weekdays
            .split(' ')
            .map(|day| Weekday::parse(day).expect(day))
            .collect(),
        spans: spans(text),
        from: None,
        until: None,
    }
}

fn weekly(zone_name: &str, weekdays: &str, text: &str) -> CalendarDefinition {
    CalendarDefinition {
        weekly: vec![line(weekdays, text)],
        ..CalendarDefinition::new(zone(zone_name))
    }
}

fn business() -> CalendarDefinition {
    weekly("Asia/Shanghai", WEEKDAYS, "09:00-17:00")
}

const OFF: DataDay = DataDay::Holiday;
const WORKED: DataDay = DataDay::Workday(None);

/// Ranges of days off and make-up days of China, as published.
fn china_rows() -> Vec<HolidayRow> {
    let ranges = [
        ("2020-01-24", "2020-02-02", OFF),
        ("2024-10-01", "2024-10-07", OFF),
        ("2024-10-12", "2024-10-12", WORKED),
        ("2025-01-26", "2025-01-26", WORKED),
        ("2025-01-28", "2025-02-04", OFF),
        ("2025-02-08", "2025-02-08", WORKED),
        ("2025-09-28", "2025-09-28", WORKED),
        ("2025-10-01", "2025-10-08", OFF),
        ("2025-10-11", "2025-10-11", WORKED),
        ("2026-02-14", "2026-02-14", WORKED),
        ("2026-02-15", "2026-02-23", OFF),
        ("2026-02-28", "2026-02-28", WORKED),
    ];
    let mut rows = Vec::new();
    for (first, last, day) in ranges {
        let mut next = date(first);
        while next <= date(last) {
            rows.push(HolidayRow { date: next, day });
            next = next.plus_days(1).expect("a date");
        }
    }
    rows
}

fn china_data() -> Arc<Holidays> {
    let data = Holidays::from_rows(date("2018-01-01"), date("2026-12-31"), china_rows());
    Arc::new(data.expect("valid rows"))
}

fn china() -> Calendar {
    Calendar::new(&CalendarDefinition {
        holidays: Some(china_data()),
        ..business()
    })
}

#[test]
fn vectors_of_due() {
    let business = business();
    let nights = weekly("Asia/Shanghai", WEEKDAYS, "22:00-06:00");
    let china = CalendarDefinition {
        holidays: Some(china_data()),
        ..business.clone()
    };
    let apia = weekly("Pacific/Apia", DAILY, "09:00-17:00");
    let table = [
        (
            "V1",
            &business,
            "2026-11-21 10:00",
            "4h",
            "2026-11-23 13:00",
        ),
        (
            "V2",
            &business,
            "2026-11-20 17:00",
            "1h",
            "2026-11-23 10:00",
        ),
        (
            "V3",
            &business,
            "2026-11-23 09:00",
            "8h",
            "2026-11-23 17:00",
        ),
        ("V4", &nights, "2026-11-20 23:00", "8h", "2026-11-23 23:00"),
        ("V5", &nights, "2026-11-21 03:00", "2h", "2026-11-21 05:00"),
        ("V12", &china, "2024-09-30 16:00", "4h", "2024-10-08 12:00"),
        ("V13", &china, "2024-10-11 16:00", "4h", "2024-10-12 12:00"),
        ("V15", &apia, "2011-12-29 16:00", "2h", "2011-12-31 10:00"),
    ];
    for (name, definition, start, target, due) in table {
        let calendar = Calendar::new(definition);
        let zone = definition.zone.name();
        let got = calendar.due(local(zone, start), hours(target));
        assert_eq!(got, Ok(local(zone, due)), "{name}");
    }
    let v15 = Calendar::new(&apia).due(at("2011-12-29T16:00:00-10:00"), hours("2h"));
    assert_eq!(
        v15.map(|due| due.format(zone("Pacific/Apia"))),
        Ok("2011-12-31T10:00:00+14:00".into())
    );
}

#[test]
fn vectors_of_changing_clocks() {
    let sundays = |span| Calendar::new(&weekly("Europe/London", "sun", span));
    let day = |calendar: &Calendar, date: &str| {
        let (from, to) = (
            local("Europe/London", &format!("{date} 00:00")),
            date_after(date),
        );
        calendar.measure(from, to)
    };
    fn date_after(text: &str) -> Instant {
        let next = date(text).plus_days(1).expect("a date");
        local("Europe/London", &format!("{next} 00:00"))
    }
    let v6 = sundays("00:00-06:00");
    assert_eq!(
        v6.due(at("2026-03-29T00:00:00Z"), hours("5h")),
        Ok(at("2026-03-29T06:00:00+01:00"))
    );
    assert_eq!(day(&v6, "2026-03-29"), Ok(hours("5h")), "V6");
    assert_eq!(day(&v6, "2026-10-25"), Ok(hours("7h")), "V8");

    let v7 = sundays("01:30-05:00");
    assert_eq!(
        v7.next_change(at("2026-03-29T00:00:00Z")),
        Some((at("2026-03-29T01:30:00Z"), Openness::Open))
    );
    assert_eq!(
        v7.next_change(at("2026-03-29T01:30:00Z")),
        Some((at("2026-03-29T04:00:00Z"), Openness::Closed))
    );

    let v9 = sundays("01:15-01:45");
    assert_eq!(day(&v9, "2026-10-25"), Ok(hours("30m")), "V9");
    assert_eq!(v9.is_open(at("2026-10-25T01:20:00+01:00")), Openness::Open);
    assert_eq!(
        v9.is_open(at("2026-10-25T01:20:00+00:00")),
        Openness::Closed
    );

    let v10 = Calendar::new(&weekly("Australia/Lord_Howe", "sun", "02:15-04:00"));
    assert_eq!(
        v10.next_change(at("2026-10-03T12:00:00Z")),
        Some((at("2026-10-03T15:45:00Z"), Openness::Open))
    );
    assert_eq!(
        v10.next_change(at("2026-10-03T16:00:00Z")),
        Some((at("2026-10-03T17:00:00Z"), Openness::Closed))
    );

    let v11 = Calendar::new(&weekly("Europe/London", DAILY, "00:00-24:00"));
    for calendar in [Calendar::always(zone("Europe/London")), v11] {
        assert_eq!(day(&calendar, "2026-03-29"), Ok(hours("23h")), "V11");
        assert_eq!(day(&calendar, "2026-10-25"), Ok(hours("25h")), "V11");
    }
}

#[test]
fn vectors_of_working_days() {
    let table = [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2020-01-23", 5, "2020-02-07"),
        ("2025-01-24", 15, "2025-02-20"),
    ];
    for (start, count, end) in table {
        for time in ["00:00", "10:30", "23:59"] {
            let start = local("Asia/Shanghai", &format!("{start} {time}"));
            let close = local("Asia/Shanghai", &format!("{end} 17:00"));
            assert_eq!(
                china().close_of_working_day(start, count),
                Ok(close),
                "V21 {end}"
            );
        }
    }
}

#[test]
fn vectors_of_periods() {
    let period = |count, unit| Period { count, unit };
    let (month, year) = (PeriodUnit::Months, PeriodUnit::Years);
    let table = [
        (period(1, year), "2024-02-29", "2025-02-28", "2025-03-01"),
        (period(1, month), "2024-01-31", "2024-02-29", "2024-03-01"),
        (period(2, month), "2024-01-31", "2024-03-31", "2024-03-31"),
        (period(4, year), "2024-02-29", "2028-02-29", "2028-02-29"),
        (period(11, month), "2024-01-31", "2024-12-31", "2024-12-31"),
        (period(13, month), "2024-01-31", "2025-02-28", "2025-03-01"),
        (
            period(7, PeriodUnit::Days),
            "2024-02-26",
            "2024-03-04",
            "2024-03-04",
        ),
    ];
    for (period, origin, cap, floor) in table {
        let origin = local("Asia/Shanghai", &format!("{origin} 14:05"));
        let shanghai = zone("Asia/Shanghai");
        let end = |text: &str| Some(local("Asia/Shanghai", &format!("{text} 14:05")));
        assert_eq!(
            period.after(origin, shanghai, Rounding::Down),
            end(cap),
            "V18 cap {period}"
        );
        assert_eq!(
            period.after(origin, shanghai, Rounding::Up),
            end(floor),
            "V18 floor {period}"
        );
    }
}

#[test]
fn the_starting_month_is_not_counted() {
    let months = |count| Period {
        count,
        unit: PeriodUnit::Months,
    };
    let shanghai = zone("Asia/Shanghai");
    for origin in ["2024-01-01 00:00", "2024-01-31 23:59"] {
        let origin = local("Asia/Shanghai", origin);
        let end = |text| Some(local("Asia/Shanghai", text));
        assert_eq!(
            months(5).after_starting_month(origin, shanghai),
            end("2024-07-01 00:00")
        );
        assert_eq!(
            months(0).after_starting_month(origin, shanghai),
            end("2024-02-01 00:00")
        );
    }
}

#[test]
fn targets_of_days_end_with_the_day() {
    let end = |count, unit, start: &str| {
        let start = local("Europe/London", start);
        Period { count, unit }.end_of_day_after(start, zone("Europe/London"))
    };
    let london = |text| Some(local("Europe/London", text));
    assert_eq!(
        end(1, PeriodUnit::Days, "2026-03-28 10:00"),
        london("2026-03-30 00:00")
    );
    assert_eq!(
        end(1, PeriodUnit::Months, "2026-01-31 10:00"),
        london("2026-03-01 00:00")
    );
    assert_eq!(
        end(1, PeriodUnit::Years, "2024-02-29 00:00"),
        london("2025-03-01 00:00")
    );
    assert_eq!(end(u32::MAX, PeriodUnit::Years, "2024-02-29 00:00"), None);
    assert_eq!(end(u32::MAX, PeriodUnit::Days, "2024-02-29 00:00"), None);
}

#[test]
fn one_date_takes_the_first_rule_that_speaks_of_it() {
    let data = [
        ("2026-05-01", OFF),    // Friday, and special hours
        ("2026-05-04", OFF),    // Monday
        ("2026-05-09", WORKED), // Saturday, like a Monday
        ("2026-05-10", DataDay::Workday(Some(Weekday::Friday))),
        ("2026-05-16", DataDay::Workday(Some(Weekday::Sunday))), // a weekday without hours
        ("2026-05-17", WORKED),                                  // closed
    ];
    let rows = data.map(|(text, day)| HolidayRow {
        date: date(text),
        day,
    });
    let holidays = Holidays::from_rows(date("2026-01-01"), date("2026-12-31"), rows);
    let mut dated = line("wed", "10:00-11:00");
    (dated.from, dated.until) = (Some(date("2026-05-06")), Some(date("2026-05-13")));
    let definition = CalendarDefinition {
        weekly: vec![
            line("tue wed thu", "09:00-17:00"),
            line("fri", "09:00-12:00"),
            line("fri", "13:00-14:00"),
            dated,
        ],
        special: [
            ("2026-05-01", "08:00-09:00"),
            ("2026-05-05", "07:00-08:30"),
            ("2026-05-07", "07:00-08:00"),
        ]
        .map(|(text, hours)| (date(text), spans(hours)))
        .into(),
        closed: ["2026-05-07", "2026-05-17"].map(date).into(),
        holidays: Some(Arc::new(holidays.expect("valid rows"))),
        ..CalendarDefinition::new(Zone::UTC)
    };
    let calendar = Calendar::new(&definition);
    let open = |text: &str| {
        let from = local("UTC", &format!("{text} 00:00"));
        calendar
            .measure(from, from.plus(hours("24h")).expect("a date"))
            .map(|open| open.to_string())
    };
    let table = [
        ("2026-05-01", "1h"),    // special before holiday
        ("2026-05-04", "0s"),    // holiday, and Mondays have no hours
        ("2026-05-05", "1h30m"), // special before weekly
        ("2026-05-06", "1h"),    // dated hours replace undated ones
        ("2026-05-07", "0s"),    // closed before special
        ("2026-05-08", "4h"),    // two lines of one weekday add up
        ("2026-05-09", "8h"),    // Monday has none: the next declared weekday, Tuesday
        ("2026-05-10", "4h"),    // like the Friday it names
        ("2026-05-13", "1h"),    // until is included
        ("2026-05-16", "0s"),    // like the Sunday it names
        ("2026-05-17", "0s"),    // closed before make-up day
        ("2026-05-20", "8h"),
        ("2026-04-29", "8h"),
    ];
    for (text, expected) in table {
        assert_eq!(open(text), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn a_night_is_not_cut_by_the_next_days_holiday_and_days_merge() {
    let definition = CalendarDefinition {
        closed: [date("2026-11-24")].into(),
        ..weekly("Asia/Shanghai", DAILY, "20:00-10:00, 09:00-19:00")
    };
    let calendar = Calendar::new(&definition);
    let change = |text| calendar.next_change(local("Asia/Shanghai", text));
    let shanghai = |text| local("Asia/Shanghai", text);
    // The night of the 23rd runs on into the closed 24th.
    assert_eq!(
        change("2026-11-23 21:00"),
        Some((shanghai("2026-11-24 10:00"), Openness::Closed))
    );
    assert_eq!(
        change("2026-11-24 10:00"),
        Some((shanghai("2026-11-25 09:00"), Openness::Open))
    );
    // Night and day overlap from 09:00 to 10:00 and count once.
    assert_eq!(
        calendar.measure(shanghai("2026-11-25 20:00"), shanghai("2026-11-26 20:00")),
        Ok(hours("23h"))
    );
}

#[test]
fn beyond_the_covered_range_nothing_is_guessed() {
    let china = china();
    let last = local("Asia/Shanghai", "2026-12-31 16:00");
    let midnight = local("Asia/Shanghai", "2027-01-01 00:00");
    let unknown = |date: &str| {
        DueError::UnknownYear(caseway::time::UnknownYear {
            date: self::date(date),
        })
    };
    assert_eq!(
        china.due(last, hours("1h")),
        Ok(local("Asia/Shanghai", "2026-12-31 17:00"))
    );
    assert_eq!(china.due(last, hours("1h1ms")), Err(unknown("2027-01-01")));
    assert_eq!(china.measure(last, midnight), Ok(hours("1h")));
    assert!(
        china
            .measure(last, midnight.plus(hours("1ms")).expect("in range"))
            .is_err()
    );
    assert_eq!(china.is_open(midnight), Openness::Unknown);
    assert_eq!(
        china.is_open(midnight.minus(hours("1ms")).expect("in range")),
        Openness::Closed
    );
    assert_eq!(
        china.is_open(local("Asia/Shanghai", "2017-12-31 23:59")),
        Openness::Unknown
    );
    assert_eq!(
        china.is_open(local("Asia/Shanghai", "2018-01-01 00:00")),
        Openness::Closed
    );
    assert_eq!(china.due(midnight, Duration::ZERO), Ok(midnight));
    assert_eq!(
        china.due(midnight, hours("1ms")),
        Err(unknown("2027-01-01"))
    );
    assert_eq!(
        china.close_of_working_day(last, 1),
        Err(unknown("2027-01-01"))
    );
    assert_eq!(
        china
            .close_of_working_day(at("2026-12-30T00:00:00Z"), 1)
            .map(|close| close.millis()),
        Ok(local("Asia/Shanghai", "2026-12-31 17:00").millis())
    );
    assert!(!china.never_opens(date("2027-01-01")));
}

#[test]
fn what_the_calendar_says_itself_is_known_beyond_the_covered_range() {
    let definition = CalendarDefinition {
        holidays: Some(china_data()),
        special: [(date("2027-01-02"), spans("09:00-12:00"))].into(),
        closed: [date("2027-01-01")].into(),
        ..weekly("Asia/Shanghai", WEEKDAYS, "22:00-06:00")
    };
    let calendar = Calendar::new(&definition);
    let shanghai = |text| local("Asia/Shanghai", text);
    let state = |text| calendar.is_open(shanghai(text));
    // Thursday night belongs to the covered 31st, Friday is closed, Saturday has hours of its own.
    assert_eq!(state("2027-01-01 05:59"), Openness::Open);
    assert_eq!(state("2027-01-01 06:00"), Openness::Closed);
    assert_eq!(state("2027-01-02 11:59"), Openness::Open);
    assert_eq!(state("2027-01-02 23:59"), Openness::Closed);
    assert_eq!(state("2027-01-03 00:00"), Openness::Unknown);
    assert_eq!(
        calendar.due(shanghai("2026-12-31 23:00"), hours("8h")),
        Ok(shanghai("2027-01-02 10:00"))
    );
    assert_eq!(
        calendar.close_of_working_day(shanghai("2026-12-31 23:00"), 1),
        Ok(shanghai("2027-01-02 12:00"))
    );
    // A night of the uncovered 2017-12-31 may run into the first covered date.
    assert_eq!(state("2018-01-01 05:59"), Openness::Unknown);
    assert_eq!(state("2018-01-01 06:00"), Openness::Closed);
    let error = calendar.measure(shanghai("2018-01-01 05:00"), shanghai("2018-01-01 07:00"));
    assert_eq!(
        error.map_err(|unknown| unknown.date),
        Err(date("2017-12-31"))
    );
}

#[test]
fn the_latest_close_of_a_date_is_the_latest_instant() {
    // On 1986-05-04 clocks went from 02:00 to 03:00: a close at 02:01 is read as 03:01.
    let nights = Calendar::new(&weekly("Asia/Shanghai", DAILY, "22:00-02:01, 22:30-03:00"));
    let close = nights.close_of_working_day(local("Asia/Shanghai", "1986-05-02 12:00"), 1);
    assert_eq!(close, Ok(at("1986-05-03T18:01:00Z")));
}

#[test]
fn searches_end() {
    let never = Calendar::new(&CalendarDefinition::new(zone("Europe/London")));
    let start = at("2026-01-01T00:00:00Z");
    assert_eq!(never.due(start, hours("1ms")), Err(DueError::NeverOpens));
    assert_eq!(
        never.close_of_working_day(start, 1),
        Err(DueError::NeverOpens)
    );
    assert_eq!(never.next_change(start), None);
    assert!(never.never_opens(date("2026-01-01")));
    let once = Calendar::new(&CalendarDefinition {
        special: [(date("2030-01-01"), spans("09:00-10:00"))].into(),
        ..CalendarDefinition::new(Zone::UTC)
    });
    assert!(once.never_opens(date("2026-01-01")));
    assert!(!once.never_opens(date("2029-01-01")));
    assert_eq!(once.due(start, hours("1h")), Ok(at("2030-01-01T10:00:00Z")));
    assert_eq!(once.due(start, hours("1h1ms")), Err(DueError::BeyondRange));
    assert_eq!(
        once.due(at("2031-01-01T00:00:00Z"), hours("1ms")),
        Err(DueError::NeverOpens)
    );
    assert_eq!(
        once.close_of_working_day(start, u32::MAX),
        Err(DueError::BeyondRange)
    );
    // Data that does not reach so far still says nothing of a calendar without any hours.
    let empty = CalendarDefinition {
        holidays: Some(china_data()),
        ..CalendarDefinition::new(Zone::UTC)
    };
    assert!(Calendar::new(&empty).never_opens(date("2030-01-01")));
}

#[test]
fn the_ends_of_time_are_errors() {
    for name in [
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Europe/London",
        "UTC",
    ] {
        let definition = CalendarDefinition {
            special: [
                (date("0000-01-01"), spans("22:00-21:00")),
                (date("9999-12-31"), spans("22:00-21:00")),
            ]
            .into(),
            closed: [date("0000-01-02")].into(),
            ..weekly(name, DAILY, "00:00-24:00, 20:00-04:00")
        };
        for calendar in [Calendar::new(&definition), Calendar::always(zone(name))] {
            let greatest = Duration::from_millis(i64::MAX);
            assert_eq!(
                calendar.due(Instant::MIN, greatest),
                Err(DueError::BeyondRange)
            );
            assert!(
                calendar
                    .due(Instant::MAX, Duration::from_millis(1))
                    .is_err()
            );
            assert!(calendar.measure(Instant::MIN, Instant::MAX).is_ok());
            assert!(calendar.close_of_working_day(Instant::MAX, 1).is_err());
            assert!(
                calendar
                    .close_of_working_day(Instant::MIN, u32::MAX)
                    .is_err()
            );
            assert!(calendar.close_of_working_day(Instant::MIN, 1).is_ok());
            assert!(!calendar.never_opens(date("0000-01-01")));
            calendar.is_open(Instant::MIN);
            calendar.is_open(Instant::MAX);
            calendar.next_change(Instant::MIN);
            assert_eq!(calendar.next_change(Instant::MAX), None);
        }
        let all = Period {
            count: u32::MAX,
            unit: PeriodUnit::Months,
        };
        for origin in [Instant::MIN, Instant::MAX] {
            assert_eq!(all.after(origin, zone(name), Rounding::Up), None);
            assert_eq!(all.after_starting_month(origin, zone(name)), None);
            let day = Period {
                count: 1,
                unit: PeriodUnit::Days,
            };
            day.after(origin, zone(name), Rounding::Down);
            day.end_of_day_after(origin, zone(name));
        }
    }
}

#[test]
fn always_counts_the_days_of_its_zone() {
    let end = |name, start, count| {
        let close = Calendar::always(zone(name)).close_of_working_day(local(name, start), count);
        close.map(|close| close.format(zone(name)))
    };
    assert_eq!(
        end("Asia/Shanghai", "2026-03-02 10:00", 2),
        Ok("2026-03-05T00:00:00+08:00".into())
    );
    // 2011-12-30 is no date in Apia.
    assert_eq!(
        end("Pacific/Apia", "2011-12-29 10:00", 1),
        Ok("2012-01-01T00:00:00+14:00".into())
    );
    assert_eq!(
        end("Pacific/Apia", "2011-12-28 10:00", 1),
        Ok("2011-12-31T00:00:00+14:00".into())
    );
}

#[test]
fn rows_of_holiday_data_are_checked() {
    use caseway::time::HolidayError::{Duplicate, EmptyRange, OutsideRange};
    let row = |text, day| HolidayRow {
        date: date(text),
        day,
    };
    let rows = [
        row("2026-01-01", OFF),
        row("2027-01-01", OFF),
        row("2026-01-01", WORKED),
    ];
    let errors = Holidays::from_rows(date("2026-01-01"), date("2026-12-31"), rows);
    let expected = vec![
        OutsideRange {
            row: 1,
            date: date("2027-01-01"),
        },
        Duplicate {
            row: 2,
            earlier: 0,
            date: date("2026-01-01"),
        },
    ];
    assert_eq!(errors, Err(expected));
    assert_eq!(
        Holidays::from_rows(date("2026-01-02"), date("2026-01-01"), []),
        Err(vec![EmptyRange])
    );
}
