//! The dates on which a calendar opens, with running counts, and when each of them closes.
//!
//! Laid by [`super::build`] beside the timeline; asked by [`super::Calendar`].

use super::week::Week;

/// What holds for the dates of a run.
#[derive(Clone, Copy, Debug)]
pub(super) enum DayBody {
    /// Weeks that repeat; the index of the week.
    Weekly(usize),
    /// One date, with the instant of its last close if it opens at all.
    Single(Option<i64>),
    /// Nothing is known of these dates.
    Unknown,
}

/// The close of a working day.
pub(super) enum Close {
    /// An instant.
    Instant(i64),
    /// Minutes after a date's midnight.
    Minutes(i64, u16),
}

/// Runs of dates, in order.
#[derive(Debug, Default)]
pub(super) struct WorkingDays {
    firsts: Vec<i32>,
    /// Working days before each run, and in the end those of all time.
    working_before: Vec<i64>,
    /// Unknown days before each run, and in the end those of all time.
    unknown_before: Vec<i64>,
    bodies: Vec<DayBody>,
}

impl WorkingDays {
    pub(super) fn new() -> WorkingDays {
        WorkingDays {
            working_before: vec![0],
            unknown_before: vec![0],
            ..WorkingDays::default()
        }
    }

    /// Adds the dates `first..end`, which follow those added before.
    pub(super) fn push(&mut self, first: i32, end: i32, body: DayBody, weeks: &[Week]) {
        self.firsts.push(first);
        self.bodies.push(body);
        let (working, unknown) = self.sums(self.bodies.len() - 1, end, weeks);
        self.working_before.push(working);
        self.unknown_before.push(unknown);
    }

    fn sums(&self, index: usize, day: i32, weeks: &[Week]) -> (i64, i64) {
        let working = self.working_before.get(index).copied().unwrap_or(0);
        let unknown = self.unknown_before.get(index).copied().unwrap_or(0);
        let first = self.firsts.get(index).copied().unwrap_or(day);
        match self.bodies.get(index) {
            Some(DayBody::Weekly(week)) => {
                let within = weeks
                    .get(*week)
                    .map_or(0, |week| week.days_until(day) - week.days_until(first));
                (working + within, unknown)
            }
            Some(DayBody::Single(close)) => {
                (working + i64::from(close.is_some() && day > first), unknown)
            }
            Some(DayBody::Unknown) => (working, unknown + i64::from(day) - i64::from(first)),
            None => (working, unknown),
        }
    }

    /// Working and unknown dates before a date.
    pub(super) fn before(&self, day: i32, weeks: &[Week]) -> (i64, i64) {
        self.sums(self.run(day), day, weeks)
    }

    fn run(&self, day: i32) -> usize {
        self.firsts
            .partition_point(|first| *first <= day)
            .saturating_sub(1)
    }

    /// The close of the date with which the working days of all time reach a count above zero, and
    /// the unknown dates before it; none when there are fewer.
    pub(super) fn reaching(&self, count: i64, weeks: &[Week]) -> Option<(Close, i64)> {
        let index = self
            .working_before
            .partition_point(|sum| *sum < count)
            .checked_sub(1)?;
        let rest = count - self.working_before.get(index)?;
        let unknown = self.unknown_before.get(index).copied()?;
        let first = self.firsts.get(index).copied()?;
        match self.bodies.get(index)? {
            DayBody::Weekly(week) => {
                let week = weeks.get(*week)?;
                let (day, close) = week.working_day(week.days_until(first) + rest)?;
                Some((Close::Minutes(day, close), unknown))
            }
            DayBody::Single(close) => Some((Close::Instant((*close)?), unknown)),
            DayBody::Unknown => None,
        }
    }

    /// The first unknown date at or after a date.
    pub(super) fn next_unknown(&self, day: i32, weeks: &[Week]) -> Option<i32> {
        let (_, unknown) = self.before(day, weeks);
        let index = self
            .unknown_before
            .partition_point(|sum| *sum <= unknown)
            .checked_sub(1)?;
        self.firsts.get(index).map(|first| day.max(*first))
    }
}
