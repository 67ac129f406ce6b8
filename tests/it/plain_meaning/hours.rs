//! Calendars walked day by day: the hours of each date by the manual, and what can be said of days of which
//! the holiday data says nothing.

use super::Millis;
use crate::wall_time::{instant, local, midnight};
use caseway::model::{Calendar, OpenDays};
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    Open,
    Closed,
    Unknown,
}

/// A day off, or a make-up day with the weekday whose hours it has, Monday being 0.
#[derive(Clone, Copy, Debug)]
pub enum DataDay {
    Off,
    Worked(Option<usize>),
}

/// What a `holidays` line reads: the dates covered, and what is said of some.
#[derive(Clone, Debug)]
pub struct Data {
    pub covers: (NaiveDate, NaiveDate),
    pub days: BTreeMap<NaiveDate, DataDay>,
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    At(Millis),
    /// After the year 9999, or the calendar does not open for so long any more.
    Beyond,
    /// A time is needed of which nothing is known; not due before it.
    Unknown(Millis, usize),
    /// The calendar does not open again at all.
    NeverOpens(usize),
    Never,
}

/// The end of the year 9999.
pub const END: Millis = 253_402_300_799_999;

/// Days without an opening, behind the last date that a calendar names, after which it does not open again.
const SEARCHED: i64 = 400;

const DAY: Millis = 86_400_000;

type Spans = Vec<(Millis, Millis)>;

/// Time during which a calendar is open, closed or unknown.
#[derive(Clone, Copy)]
struct Piece {
    from: Millis,
    to: Millis,
    state: Openness,
    /// The open time before it, and the pieces of which nothing is known.
    open_before: Millis,
    unknown_before: usize,
}

/// What was walked so far, kept so that no day is walked twice.
#[derive(Default)]
struct Walked {
    pieces: Vec<Piece>,
}

impl Walked {
    fn push(&mut self, from: Millis, to: Millis, state: Openness) {
        let (mut open_before, mut unknown_before) = (0, 0);
        if let Some(last) = self.pieces.last() {
            let open = if last.state == Openness::Open {
                last.to - last.from
            } else {
                0
            };
            open_before = last.open_before + open;
            unknown_before = last.unknown_before + usize::from(last.state == Openness::Unknown);
        }
        self.pieces.push(Piece {
            from,
            to,
            state,
            open_before,
            unknown_before,
        });
    }

    /// The piece in which an instant lies.
    fn place(&self, at: Millis) -> usize {
        self.pieces.partition_point(|piece| piece.to <= at)
    }
}

pub struct Hours {
    place: usize,
    pub zone: Tz,
    always: bool,
    /// Lines for weekdays: weekdays, spans in minutes, first and last date.
    weekly: Vec<(
        Vec<usize>,
        Vec<(u32, u32)>,
        Option<NaiveDate>,
        Option<NaiveDate>,
    )>,
    special: BTreeMap<NaiveDate, Vec<(u32, u32)>>,
    closed: BTreeSet<NaiveDate>,
    data: Option<Data>,
    /// Spans of a date; none where nothing is known of it.
    days: RefCell<BTreeMap<NaiveDate, Option<Rc<Spans>>>>,
    walked: RefCell<Walked>,
}

pub fn naive(date: caseway::time::Date) -> NaiveDate {
    let month = date.month();
    NaiveDate::from_ymd_opt(date.year(), month, date.day()).expect("a date")
}

impl Hours {
    pub fn new(place: usize, calendar: &Calendar, data: Option<Data>) -> Hours {
        let mut hours = Hours {
            place,
            zone: calendar.zone.name().parse().expect("a zone"),
            always: place == 0,
            weekly: Vec::new(),
            special: BTreeMap::new(),
            closed: calendar.closed.iter().copied().map(naive).collect(),
            data,
            days: RefCell::default(),
            walked: RefCell::default(),
        };
        for line in &calendar.open {
            match &line.days {
                OpenDays::Date(date) => {
                    let spans = hours.special.entry(naive(*date)).or_default();
                    spans.extend(&line.hours);
                }
                OpenDays::Weekdays(days) => {
                    let days = days.iter().map(|day| *day as usize).collect();
                    let (from, until) = (line.from.map(naive), line.until.map(naive));
                    hours.weekly.push((days, line.hours.clone(), from, until));
                }
            }
        }
        hours
    }

    /// The hours of a weekday in force on a date: the dated lines if there are any, else the others.
    fn weekday(&self, weekday: usize, date: NaiveDate) -> Vec<(u32, u32)> {
        let lines = self.weekly.iter().filter(|line| line.0.contains(&weekday));
        let dated =
            |from: &Option<NaiveDate>, until: &Option<NaiveDate>| from.is_some() || until.is_some();
        let (mut of_dates, mut others) = (None, Vec::new());
        for (_, spans, from, until) in lines {
            if !dated(from, until) {
                others.extend(spans);
            } else if from.is_none_or(|from| from <= date)
                && until.is_none_or(|until| date <= until)
            {
                of_dates
                    .get_or_insert_with(Vec::new)
                    .extend(spans.iter().copied());
            }
        }
        of_dates.unwrap_or(others)
    }

    /// The hours of a date in minutes, or how many minutes of the next day they may reach into if they are not known.
    fn minutes(&self, date: NaiveDate) -> Result<Vec<(u32, u32)>, u32> {
        if self.closed.contains(&date) {
            return Ok(Vec::new());
        }
        if let Some(spans) = self.special.get(&date) {
            return Ok(spans.clone());
        }
        let own = date.weekday().num_days_from_monday() as usize;
        let Some(data) = &self.data else {
            return Ok(self.weekday(own, date));
        };
        if date < data.covers.0 || data.covers.1 < date {
            let week: Vec<(u32, u32)> = (0..7).flat_map(|day| self.weekday(day, date)).collect();
            let reach = |(opens, closes): &(u32, u32)| if closes <= opens { *closes } else { 0 };
            return match week.iter().map(reach).max() {
                None => Ok(Vec::new()),
                Some(reach) => Err(reach),
            };
        }
        match data.days.get(&date) {
            None => Ok(self.weekday(own, date)),
            Some(DataDay::Off) => Ok(Vec::new()),
            Some(DataDay::Worked(Some(named))) => Ok(self.weekday(*named, date)),
            Some(DataDay::Worked(None)) => {
                let mut days = (0..7).map(|day| self.weekday(day, date));
                Ok(days.find(|spans| !spans.is_empty()).unwrap_or_default())
            }
        }
    }

    fn bound(&self, date: NaiveDate, minutes: u32) -> Millis {
        instant(
            self.zone,
            date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minutes)),
        )
    }

    /// The spans that open on a date, merged and in order; none where nothing is known of it.
    fn spans(&self, date: NaiveDate) -> Option<Rc<Spans>> {
        if let Some(known) = self.days.borrow().get(&date) {
            return known.clone();
        }
        let spans = self.minutes(date).ok().map(|minutes| {
            let mut spans: Spans = Vec::new();
            for (opens, closes) in minutes {
                let closes = if closes <= opens {
                    closes + 1440
                } else {
                    closes
                };
                spans.push((self.bound(date, opens), self.bound(date, closes)));
            }
            spans.retain(|(opens, closes)| opens < closes);
            spans.sort_unstable();
            Rc::new(spans)
        });
        self.days.borrow_mut().insert(date, spans.clone());
        spans
    }

    /// Whether it is open, closed or unknown at an instant, and until when at least that is so.
    pub fn piece(&self, at: Millis) -> (Openness, Millis) {
        if self.always {
            return (Openness::Open, Millis::MAX);
        }
        let piece = self.walked(at, at + 1, |walked| walked.pieces[walked.place(at)]);
        (piece.state, piece.to)
    }

    /// Looks at what was walked, once that reaches from one instant to another.
    fn walked<T>(&self, from: Millis, to: Millis, look: impl FnOnce(&Walked) -> T) -> T {
        let mut walked = self.walked.borrow_mut();
        if walked.pieces.first().is_none_or(|first| from < first.from) {
            // Some days more, so that this is rare.
            *walked = Walked::default();
            walked.push(from - 100 * DAY, from - 100 * DAY, Openness::Closed);
        }
        while let Some(last) = walked.pieces.last().copied()
            && last.to < to
        {
            let (state, until) = self.look_up(last.to);
            walked.push(last.to, until, state);
        }
        look(&walked)
    }

    /// The same by the hours of the dates around.
    fn look_up(&self, at: Millis) -> (Openness, Millis) {
        let today = local(self.zone, at).date();
        let mut until = midnight(self.zone, today + TimeDelta::days(1));
        if until <= at {
            until = midnight(self.zone, today + TimeDelta::days(2));
        }
        let mut state = Openness::Closed;
        // Hours of yesterday may run into today, and where a date is skipped those of the day before that lie here.
        for back in -1..=2 {
            let date = today - TimeDelta::days(back);
            match self.spans(date) {
                Some(spans) => {
                    for (opens, closes) in spans.iter() {
                        for bound in [*opens, *closes] {
                            if at < bound {
                                until = until.min(bound);
                            }
                        }
                        if *opens <= at && at < *closes {
                            state = Openness::Open;
                        }
                    }
                }
                None => {
                    let reach = self.minutes(date).err().unwrap_or(0);
                    let (from, to) = (self.bound(date, 0), self.bound(date, 1440 + reach));
                    for bound in [from, to] {
                        if at < bound {
                            until = until.min(bound);
                        }
                    }
                    if from <= at && at < to && state == Openness::Closed {
                        state = Openness::Unknown;
                    }
                }
            }
        }
        (state, until)
    }

    pub fn at(&self, at: Millis) -> Openness {
        self.piece(at).0
    }

    /// The open time between two instants; none if some of that time is unknown.
    pub fn measure(&self, from: Millis, to: Millis) -> Option<Millis> {
        if to <= from {
            return Some(0);
        }
        if self.always {
            return Some(to - from);
        }
        self.walked(from, to, |walked| {
            let (first, last) = (walked.place(from), walked.place(to - 1));
            let before = |place: usize, at: Millis| {
                let piece = walked.pieces[place];
                let open = if piece.state == Openness::Open {
                    at - piece.from
                } else {
                    0
                };
                piece.open_before + open
            };
            let unknown = walked.pieces[last].unknown_before - walked.pieces[first].unknown_before;
            let ends = [first, last].map(|place| walked.pieces[place].state);
            let known = unknown == 0 && !ends.contains(&Openness::Unknown);
            known.then(|| before(last, to) - before(first, from))
        })
    }

    /// The last date that the calendar itself names.
    fn last_named(&self) -> Option<NaiveDate> {
        let dated = self
            .weekly
            .iter()
            .flat_map(|(_, _, from, until)| [*from, *until])
            .flatten();
        let data = self.data.iter().map(|data| data.covers.1);
        dated
            .chain(self.special.keys().copied())
            .chain(self.closed.iter().copied())
            .chain(data)
            .max()
    }

    /// The least instant from one on by which so much open time has passed.
    pub fn due(&self, from: Millis, length: Millis) -> Due {
        if self.always {
            return match from.checked_add(length.max(0)) {
                Some(at) if at <= END => Due::At(at),
                _ => Due::Beyond,
            };
        }
        let (mut at, mut left) = (from, length);
        let mut quiet = at;
        let mut opened = false;
        while left > 0 {
            let (state, until) = self.piece(at);
            match state {
                Openness::Open if until - at >= left => {
                    at += left;
                    return if at <= END { Due::At(at) } else { Due::Beyond };
                }
                Openness::Open => {
                    left -= until - at;
                    quiet = until;
                    opened = true;
                }
                Openness::Closed => {}
                Openness::Unknown => return Due::Unknown(at, self.place),
            }
            at = until;
            if at > END {
                return Due::Beyond;
            }
            let named = self
                .last_named()
                .map_or(quiet, |last| midnight(self.zone, last));
            if at > quiet.max(named) + SEARCHED * DAY {
                return if opened {
                    Due::Beyond
                } else {
                    Due::NeverOpens(self.place)
                };
            }
        }
        Due::At(at)
    }

    /// The last closing of the so manieth date after that of an instant on which it opens.
    pub fn close_of_working_day(&self, start: Millis, count: u32) -> Due {
        if count == 0 {
            return Due::At(start);
        }
        let mut date = local(self.zone, start).date();
        let mut left = count;
        let mut quiet = date;
        loop {
            date += TimeDelta::days(1);
            if midnight(self.zone, date) > END {
                return Due::Beyond;
            }
            let named = self.last_named().unwrap_or(quiet);
            if date > quiet.max(named) + TimeDelta::days(SEARCHED) {
                return if left < count {
                    Due::Beyond
                } else {
                    Due::NeverOpens(self.place)
                };
            }
            // A date that no wall clock shows is no date.
            if local(self.zone, midnight(self.zone, date)).date() != date {
                continue;
            }
            if self.always {
                left -= 1;
                if left == 0 {
                    return Due::At(midnight(self.zone, date + TimeDelta::days(1)));
                }
                quiet = date;
                continue;
            }
            let Some(spans) = self.spans(date) else {
                return Due::Unknown(midnight(self.zone, date), self.place);
            };
            if let Some(close) = spans.iter().map(|(_, closes)| *closes).max() {
                quiet = date;
                left -= 1;
                if left == 0 {
                    return if close <= END {
                        Due::At(close)
                    } else {
                        Due::Beyond
                    };
                }
            }
        }
    }
}
