//! One week's hours as a table with running sums, for stretches in which every week is the same.
//!
//! Built from a [`super::days::Pattern`]; asked by [`super::timeline`] and [`super::working_days`].
//! Times are local milliseconds.

use super::DAY;
use super::days::Pattern;

/// A week in milliseconds.
const WEEK: i64 = 7 * DAY;
/// Day number of a Monday near 1970-01-01.
const MONDAY: i64 = -3;
const MINUTE: i64 = 60_000;

#[derive(Clone, Copy, Debug)]
struct Open {
    start: i64,
    end: i64,
    /// Open time of the week before `start`.
    before: i64,
}

/// The open set of a week that repeats for ever.
#[derive(Debug)]
pub(super) struct Week {
    /// Ascending, apart from each other, within 0 and a week.
    spans: Vec<Open>,
    total: i64,
    /// Working days of the week before each weekday, Monday first.
    days_before: [i64; 7],
    working_days: i64,
    /// Minutes from each weekday's midnight to its last close, none if it has no hours.
    closes: [Option<u16>; 7],
}

/// What a week that repeats for ever amounts to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Never,
    Always,
    Partly,
}

impl Week {
    pub(super) fn new(pattern: &Pattern) -> Week {
        let mut raw = Vec::new();
        let mut closes = [None; 7];
        let mut days_before = [0; 7];
        let mut working_days = 0;
        let days = pattern
            .hours
            .iter()
            .zip(closes.iter_mut().zip(&mut days_before));
        for (midnight, (hours, (close, before))) in (0..).step_by(DAY as usize).zip(days) {
            *before = working_days;
            *close = hours.iter().map(|span| span.closes()).max();
            working_days += i64::from(close.is_some());
            for span in hours {
                let start: i64 = midnight + i64::from(span.opens()) * MINUTE;
                let end = midnight + i64::from(span.closes()) * MINUTE;
                raw.push((start, end.min(WEEK)));
                if end > WEEK {
                    raw.push((0, end - WEEK));
                }
            }
        }
        raw.sort_unstable();
        let mut spans: Vec<Open> = Vec::with_capacity(raw.len());
        let mut total = 0;
        for (start, end) in raw {
            match spans.last_mut() {
                Some(last) if start <= last.end => {
                    total += (end - last.end).max(0);
                    last.end = last.end.max(end);
                }
                Some(_) | None => {
                    spans.push(Open {
                        start,
                        end,
                        before: total,
                    });
                    total += end - start;
                }
            }
        }
        Week {
            spans,
            total,
            days_before,
            working_days,
            closes,
        }
    }

    pub(super) fn fill(&self) -> Fill {
        match self.total {
            0 => Fill::Never,
            WEEK => Fill::Always,
            _ => Fill::Partly,
        }
    }

    /// Open time up to a local time, counted from a far Monday; only differences mean something.
    pub(super) fn open_until(&self, local: i64) -> i64 {
        let (week, rest) = split(local);
        let open = self
            .at(rest)
            .map_or(0, |span| span.before + rest.min(span.end) - span.start);
        week * self.total + open
    }

    /// The least local time at which [`Week::open_until`] reaches an amount.
    pub(super) fn reaching(&self, amount: i64) -> Option<i64> {
        let week = (amount - 1).checked_div_euclid(self.total)?;
        let rest = amount - week * self.total;
        let index = self
            .spans
            .partition_point(|span| span.before < rest)
            .checked_sub(1)?;
        let span = self.spans.get(index)?;
        Some(MONDAY * DAY + week * WEEK + span.start + rest - span.before)
    }

    pub(super) fn is_open(&self, local: i64) -> bool {
        let (_, rest) = split(local);
        self.at(rest).is_some_and(|span| rest < span.end)
    }

    /// The next local time after `local` at which the week opens or closes.
    pub(super) fn next_change(&self, local: i64) -> Option<i64> {
        let (_, rest) = split(local);
        let first = self.spans.first()?;
        let distance = match self.at(rest) {
            // The span goes on into the next week.
            Some(span) if rest < span.end && span.end == WEEK && first.start == 0 => {
                WEEK + first.end - rest
            }
            Some(span) if rest < span.end => span.end - rest,
            Some(_) | None => {
                let index = self.spans.partition_point(|span| span.start <= rest);
                let next = self
                    .spans
                    .get(index)
                    .map_or(WEEK + first.start, |span| span.start);
                next - rest
            }
        };
        Some(local + distance)
    }

    /// The last span that has opened at a time of the week.
    fn at(&self, rest: i64) -> Option<&Open> {
        let index = self
            .spans
            .partition_point(|span| span.start <= rest)
            .checked_sub(1)?;
        self.spans.get(index)
    }

    /// Working days before a date, counted from a far Monday; only differences mean something.
    pub(super) fn days_until(&self, day: i32) -> i64 {
        let since = i64::from(day) - MONDAY;
        let weekday = usize::try_from(since.rem_euclid(7)).unwrap_or(0);
        let before = self.days_before.get(weekday).copied().unwrap_or(0);
        since.div_euclid(7) * self.working_days + before
    }

    /// The date that makes [`Week::days_until`] of the date behind it reach an amount, with the
    /// minutes from its midnight to its last close.
    pub(super) fn working_day(&self, amount: i64) -> Option<(i64, u16)> {
        let week = (amount - 1).checked_div_euclid(self.working_days)?;
        let rest = amount - week * self.working_days;
        let weekday = self
            .days_before
            .partition_point(|before| *before < rest)
            .checked_sub(1)?;
        let close = self.closes.get(weekday).copied().flatten()?;
        Some((MONDAY + week * 7 + i64::try_from(weekday).ok()?, close))
    }
}

/// The week of a local time, and the time since that week's Monday began.
fn split(local: i64) -> (i64, i64) {
    let since = local - MONDAY * DAY;
    (since.div_euclid(WEEK), since.rem_euclid(WEEK))
}
