//! What is asked: how far ahead, of which calendars, from where.

use crate::time_walker::Walker;
use caseway::time::{
    Calendar, CalendarDefinition, DataDay, Date, Duration, HolidayRow, Holidays, Instant, OpenSpan,
    Weekday, WeeklyHours, Zone,
};
use chrono::NaiveDate;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// How far ahead an answer lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Four hours of open time.
    Hours,
    /// The open time of thirty days.
    Month,
    /// That of a year.
    Year,
    /// That of ten years.
    Decade,
}

impl Ahead {
    pub const ALL: [Ahead; 4] = [Ahead::Hours, Ahead::Month, Ahead::Year, Ahead::Decade];

    fn days(self) -> i64 {
        match self {
            Ahead::Hours => 0,
            Ahead::Month => 30,
            Ahead::Year => 365,
            Ahead::Decade => 3652,
        }
    }
}

impl fmt::Display for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ahead::Hours => "4 hours",
            Ahead::Month => "30 days",
            Ahead::Year => "1 year",
            Ahead::Decade => "10 years",
        })
    }
}

/// A calendar with a walker over the same days.
pub struct Desk {
    pub name: &'static str,
    pub definition: CalendarDefinition,
    pub calendar: Calendar,
    pub walker: Walker,
}

/// A question: both how much is open until the end, and when that much is used up.
#[derive(Clone, Copy)]
pub struct Question {
    pub start: Instant,
    pub end: Instant,
    pub target: Duration,
}

/// Working hours in China, without holidays and with those of twelve years.
pub static DESKS: LazyLock<[Desk; 2]> = LazyLock::new(|| {
    [
        desk("no holidays", None),
        desk("12 years of holidays", Some(Arc::new(holidays()))),
    ]
});

/// Starts of questions: as many as keep one from being learnt by heart.
const STARTS: usize = 64;

impl Desk {
    /// Questions that start in the course of the first weeks, at odd minutes.
    pub fn questions(&self, ahead: Ahead) -> Vec<Question> {
        let first = Instant::parse("2026-01-05T00:07:00Z").expect("an instant");
        let later = |at: Instant, minutes: i64| {
            at.plus(Duration::from_millis(minutes * 60_000))
                .expect("in range")
        };
        let question = |number: usize| {
            let number = i64::try_from(number).expect("a small number");
            let start = later(first, number * 997);
            let (end, target) = if ahead == Ahead::Hours {
                let target = Duration::parse("4h").expect("a duration");
                (self.calendar.due(start, target).expect("known"), target)
            } else {
                let end = later(start, ahead.days() * 1440);
                (end, self.calendar.measure(start, end).expect("known"))
            };
            Question { start, end, target }
        };
        (0..STARTS).map(question).collect()
    }
}

fn desk(name: &'static str, holidays: Option<Arc<Holidays>>) -> Desk {
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    let spans = |hours: &[(u32, u32)]| -> Vec<OpenSpan> {
        let span = |(opens, closes): &(u32, u32)| OpenSpan::new(opens * 60, closes * 60);
        hours.iter().filter_map(span).collect()
    };
    let line = |weekdays: &[Weekday], hours: &[(u32, u32)]| WeeklyHours {
        weekdays: weekdays.iter().copied().collect(),
        spans: spans(hours),
        from: None,
        until: None,
    };
    let definition = CalendarDefinition {
        weekly: vec![
            line(&Weekday::ALL[..5], &[(9, 12), (13, 18)]),
            line(&[Weekday::Saturday], &[(10, 16)]),
        ],
        holidays,
        ..CalendarDefinition::new(zone)
    };
    let middle = NaiveDate::from_ymd_opt(2031, 3, 1).expect("a date");
    Desk {
        name,
        calendar: Calendar::new(&definition),
        walker: Walker::new(&definition, middle, 1900),
        definition,
    }
}

/// As many days off and make-up days a year as China has, on invented dates.
fn holidays() -> Holidays {
    let off = [
        (1, 1, 3),
        (2, 10, 8),
        (4, 4, 3),
        (5, 1, 5),
        (6, 18, 3),
        (9, 24, 3),
        (10, 1, 7),
    ];
    let made_up = [(2, 8), (2, 21), (4, 26), (5, 9), (9, 20), (10, 11)];
    let date = |year, month, day| Date::new(year, month, day).expect("a date");
    let mut rows = Vec::new();
    for year in 2025..2037 {
        for (month, day, days) in off {
            rows.extend((0..days).map(|later| HolidayRow {
                date: date(year, month, day).plus_days(later).expect("a date"),
                day: DataDay::Holiday,
            }));
        }
        rows.extend(made_up.map(|(month, day)| HolidayRow {
            date: date(year, month, day),
            day: DataDay::Workday(None),
        }));
    }
    let covers = (date(2025, 1, 1), date(2036, 12, 31));
    Holidays::from_rows(covers.0, covers.1, rows).expect("valid rows")
}
