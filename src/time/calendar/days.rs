//! Which hours each local date has, by the order of precedence of the language: closed, special,
//! holiday, make-up day, weekly.
//!
//! Read by [`super::build`]; dates are day numbers.

use super::definition::{CalendarDefinition, OpenSpan, WeeklyHours};
use crate::time::{DataDay, Weekday};
use std::collections::BTreeMap;

/// The hours of one date.
#[derive(Clone, Copy)]
pub(super) enum DayHours<'a> {
    /// These spans.
    Known(&'a [OpenSpan]),
    /// Not covered by the holiday data; a span may reach so many minutes into the next date.
    Unknown(u16),
}

/// What a date shares with its neighbours when nothing names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DayKind {
    /// The hours of its weekday in the pattern of that index.
    Weekly(usize),
    /// Not covered by the holiday data.
    Unknown,
}

/// The hours of the seven weekdays, Monday first, as they are in force over a range of dates.
#[derive(Clone, Debug, Default)]
pub(super) struct Pattern {
    pub(super) hours: [Vec<OpenSpan>; 7],
}

impl Pattern {
    fn is_empty(&self) -> bool {
        self.hours.iter().all(Vec::is_empty)
    }

    /// The weekday's hours, or those of the next weekday that has any when `named` is none.
    fn make_up(&self, named: Option<Weekday>) -> &[OpenSpan] {
        match named {
            Some(weekday) => self.hours.get(weekday as usize).map_or(&[], Vec::as_slice),
            None => self
                .hours
                .iter()
                .find(|spans| !spans.is_empty())
                .map_or(&[], Vec::as_slice),
        }
    }

    /// The greatest number of minutes that a span reaches into the next date.
    fn reach(&self) -> u16 {
        self.hours
            .iter()
            .flatten()
            .map(|span| span.minutes_of_next_day())
            .max()
            .unwrap_or(0)
    }
}

#[derive(Clone, Copy)]
enum Named<'a> {
    Off,
    Hours(&'a [OpenSpan]),
    MakeUp(Option<Weekday>),
}

/// The hours of every date of a calendar.
pub(super) struct Days<'a> {
    named: BTreeMap<i32, Named<'a>>,
    /// The first and the last covered date.
    covered: Option<(i32, i32)>,
    /// The first date of each pattern but the first, ascending.
    starts: Vec<i32>,
    patterns: Vec<Pattern>,
}

impl<'a> Days<'a> {
    pub(super) fn new(definition: &'a CalendarDefinition) -> Days<'a> {
        let mut named = BTreeMap::new();
        let mut covered = None;
        if let Some(holidays) = &definition.holidays {
            covered = Some((holidays.first().day_number(), holidays.last().day_number()));
            for row in holidays.iter() {
                let day = match row.day {
                    DataDay::Holiday => Named::Off,
                    DataDay::Workday(weekday) => Named::MakeUp(weekday),
                };
                named.insert(row.date.day_number(), day);
            }
        }
        for (date, spans) in &definition.special {
            named.insert(date.day_number(), Named::Hours(spans));
        }
        for date in &definition.closed {
            named.insert(date.day_number(), Named::Off);
        }
        let (starts, patterns) = patterns(&definition.weekly);
        Days {
            named,
            covered,
            starts,
            patterns,
        }
    }

    /// The patterns of weekly hours, in the order in which they are in force.
    pub(super) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether a weekday's hours run into the next date.
    pub(super) fn run_overnight(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.reach() > 0)
    }

    /// Dates that do not simply go on as the date before: named ones, the dates behind them, and
    /// those on which other weekly hours or the covered range begin.
    pub(super) fn uneven(&self) -> impl Iterator<Item = i32> + '_ {
        let named = self.named.keys().flat_map(|day| [*day, *day + 1]);
        let edges = self
            .covered
            .into_iter()
            .flat_map(|(first, last)| [first, last + 1]);
        named.chain(edges).chain(self.starts.iter().copied())
    }

    /// What a date is when nothing names it.
    pub(super) fn kind(&self, day: i32) -> DayKind {
        let index = self.pattern_index(day);
        let covered = self
            .covered
            .is_none_or(|(first, last)| first <= day && day <= last);
        if covered || self.patterns.get(index).is_none_or(Pattern::is_empty) {
            DayKind::Weekly(index)
        } else {
            DayKind::Unknown
        }
    }

    /// The hours of a date.
    pub(super) fn hours(&self, day: i32) -> DayHours<'_> {
        let pattern = self.patterns.get(self.pattern_index(day));
        match (self.named.get(&day), self.kind(day)) {
            (Some(Named::Off), _) => DayHours::Known(&[]),
            (Some(Named::Hours(spans)), _) => DayHours::Known(spans),
            (Some(Named::MakeUp(weekday)), _) => {
                DayHours::Known(pattern.map_or(&[], |pattern| pattern.make_up(*weekday)))
            }
            (None, DayKind::Weekly(_)) => {
                let weekday = weekday_index(day);
                let spans = pattern.and_then(|pattern| pattern.hours.get(weekday));
                DayHours::Known(spans.map_or(&[], Vec::as_slice))
            }
            (None, DayKind::Unknown) => DayHours::Unknown(pattern.map_or(0, Pattern::reach)),
        }
    }

    fn pattern_index(&self, day: i32) -> usize {
        self.starts.partition_point(|start| *start <= day)
    }
}

/// The weekday of a day number, Monday 0.
pub(super) fn weekday_index(day: i32) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((i64::from(day) + 3).rem_euclid(7)).unwrap_or(0)
}

/// The dates on which dated lines come and go, and the hours in force before, between and after.
fn patterns(weekly: &[WeeklyHours]) -> (Vec<i32>, Vec<Pattern>) {
    // Each dated line by the dates on which it comes into force and goes out of it.
    let mut comings: BTreeMap<i32, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let mut active = std::collections::BTreeSet::new();
    for (index, line) in weekly
        .iter()
        .enumerate()
        .filter(|(_, line)| line.is_dated())
    {
        if let (Some(from), Some(until)) = (line.from, line.until)
            && until < from
        {
            continue;
        }
        match line.from {
            Some(from) => comings.entry(from.day_number()).or_default().0.push(index),
            None => {
                active.insert(index);
            }
        }
        if let Some(until) = line.until {
            comings
                .entry(until.day_number() + 1)
                .or_default()
                .1
                .push(index);
        }
    }
    let mut undated = Pattern::default();
    for line in weekly.iter().filter(|line| !line.is_dated()) {
        add(&mut undated, line);
    }
    let in_force = |active: &std::collections::BTreeSet<usize>| {
        let mut dated = Pattern::default();
        for line in active.iter().filter_map(|index| weekly.get(*index)) {
            add(&mut dated, line);
        }
        for (hours, fallback) in dated.hours.iter_mut().zip(&undated.hours) {
            if hours.is_empty() {
                hours.clone_from(fallback);
            }
        }
        dated
    };
    let mut starts = Vec::with_capacity(comings.len());
    let mut patterns = vec![in_force(&active)];
    for (day, (come, go)) in comings {
        active.extend(come);
        for index in go {
            active.remove(&index);
        }
        starts.push(day);
        patterns.push(in_force(&active));
    }
    (starts, patterns)
}

fn add(pattern: &mut Pattern, line: &WeeklyHours) {
    for weekday in &line.weekdays {
        if let Some(hours) = pattern.hours.get_mut(*weekday as usize) {
            hours.extend(&line.spans);
        }
    }
}
