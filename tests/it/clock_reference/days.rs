//! Local days and minutes of the random worlds: calendars walked, dates of instants, periods.

use super::condition::Situation;
use super::plan::{Effective, Period, World};
use super::{MINUTE, Millis};
use crate::time_walker::{Walker, WallClock, local_minute};
use caseway::time::Openness;
use chrono::{DateTime, Months, NaiveDate, TimeDelta};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Days that a world reaches on either side of its pivot, which lies some days after its middle.
const REACH: i64 = 24;
const PIVOT: i64 = 12;

thread_local! {
    static CLOCKS: RefCell<BTreeMap<(String, NaiveDate), Rc<WallClock>>> = RefCell::default();
}

fn wall_clock(zone: &str, pivot: NaiveDate) -> Rc<WallClock> {
    CLOCKS.with_borrow_mut(|clocks| {
        let clock = clocks.entry((zone.to_owned(), pivot)).or_insert_with(|| {
            let zone = zone.parse().expect("a zone");
            Rc::new(WallClock::new(zone, pivot, REACH + 4))
        });
        Rc::clone(clock)
    })
}

/// The calendars of a world and its wall clock.
pub struct Days {
    clock: Rc<WallClock>,
    calendars: Vec<Walker>,
    pub end: Millis,
}

impl Days {
    pub fn new(world: &World) -> Days {
        let pivot = world.date(PIVOT);
        let walk = |calendar: &super::plan::CalendarPlan| {
            let clock = wall_clock(calendar.zone.unwrap_or(world.zone), pivot);
            Walker::by(&clock, &calendar.definition(world), pivot, REACH)
        };
        let calendars: Vec<Walker> = world.calendars.iter().map(walk).collect();
        let midnight = |days: i64| local_minute(pivot + TimeDelta::days(days)) * MINUTE;
        Days {
            clock: wall_clock(world.zone, pivot),
            calendars,
            end: midnight(REACH - 1),
        }
    }

    /// Whether a calendar is open in the minute of an instant; `always` is.
    pub fn state(&self, calendar: Option<usize>, at: Millis) -> Openness {
        calendar.map_or(Openness::Open, |calendar| {
            self.calendars[calendar].state(at)
        })
    }

    /// The close of the k-th date after that of an instant on which a calendar opens; none beyond
    /// the world, an error if it is not known.
    pub fn close_of_working_day(
        &self,
        calendar: usize,
        start: Millis,
        count: u32,
    ) -> Option<Result<Millis, ()>> {
        self.calendars[calendar].close_of_working_day(start, count)
    }

    /// The date that a clock of the policy's zone shows.
    pub fn date(&self, at: Millis) -> NaiveDate {
        let local = self.clock.local(at.div_euclid(MINUTE));
        let shown = DateTime::from_timestamp(local * 60, 0).expect("an instant");
        shown.date_naive()
    }

    pub fn midnight(&self, date: NaiveDate) -> Millis {
        self.clock.instant(local_minute(date)) * MINUTE
    }

    /// Whether something counts at an instant, for a case opened then.
    pub fn in_force(
        &self,
        world: &World,
        effective: Option<Effective>,
        opened: Millis,
        at: Millis,
    ) -> bool {
        effective.is_none_or(|effective| {
            let date = self.date(if effective.by_now { at } else { opened });
            effective.from.is_none_or(|from| world.date(from) <= date)
                && effective
                    .until
                    .is_none_or(|until| date <= world.date(until))
        })
    }

    /// The same local time, a period later; `clamp` says what to do with a day that no month has:
    /// its last day, or else the first of the next month.
    pub fn later(&self, at: Millis, period: Period, clamp: bool) -> Millis {
        let date = self.date(at);
        let date = match period {
            Period::Exact(millis) => return at + millis,
            Period::Days(days) => date + TimeDelta::days(i64::from(days)),
            Period::Months(months) => months_later(date, months, clamp),
        };
        let minute = at.div_euclid(MINUTE);
        let time = self.clock.local(minute).rem_euclid(1440);
        self.clock.instant(local_minute(date) + time) * MINUTE + at.rem_euclid(MINUTE)
    }

    /// The end of the day that lies a period after the day of an instant; none beyond the world.
    pub fn end_of_day(&self, at: Millis, period: Period) -> Option<Millis> {
        let date = self.date(at);
        let date = match period {
            Period::Exact(_) => date,
            Period::Days(days) => date + TimeDelta::days(i64::from(days)),
            Period::Months(months) => months_later(date, months, true),
        };
        let end = local_minute(date) + 1440;
        let reached = self.clock.reaches(end);
        reached.then(|| self.clock.instant(end) * MINUTE)
    }
}

fn months_later(date: NaiveDate, months: u32, clamp: bool) -> NaiveDate {
    let clamped = date + Months::new(months);
    let same = chrono::Datelike::day(&clamped) == chrono::Datelike::day(&date);
    if clamp || same {
        clamped
    } else {
        clamped + TimeDelta::days(1)
    }
}

/// The situation of a moment that is a field or an event; none while it has not come.
pub fn moment_value(
    moment: &super::condition::Moment,
    opened: Millis,
    now: &Situation,
) -> Option<Millis> {
    use super::condition::Moment;
    match moment {
        Moment::Opened => Some(opened),
        Moment::Begin => now.begin,
        Moment::First(event) => now.happened[*event].first().copied(),
        Moment::Last(event) => now.happened[*event].last().copied(),
        Moment::When(_) => None,
    }
}
