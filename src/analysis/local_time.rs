//! What a local clock and calendar say of instants that are not known: the day of the week, the time of
//! day.
//!
//! After [`super::scalars`], read by [`super::terms`] and [`super::witness`]. Both are values of their own, tied to their instant
//! when all questions are known ([`LocalTimes::tie`]): between two constants that lie more than two weeks
//! apart every time of every day of the week occurs, whatever the changes of the zone; between constants that
//! lie closer, the instants are cut at each midnight, at each time of day that is asked for and at each
//! change of the zone, and in each such stretch both are known.

use super::opaque::Spot;
use super::scalars::Scalar;
use super::solver::{Literal, Solver};
use crate::compile::InstantPart;
use crate::time::{Date, Duration, Instant, TimeOfDay, Zone};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Days after which every time of every day of the week has come, also where a day or an hour is left out.
const EVERY_TIME_DAYS: i64 = 15;
/// Stretches in which the local time of one instant is told, at most.
const MOST_STRETCHES: usize = 20_000;

/// A part of an instant: the value that stands for it, and the nodes that ask for it.
struct Part {
    value: usize,
    nodes: Vec<Spot>,
}

/// The parts of one instant.
struct Parts {
    zone: Zone,
    weekday: Option<Part>,
    time: Option<Part>,
}

impl Parts {
    fn of(&self) -> impl Iterator<Item = &Part> {
        self.weekday.iter().chain(&self.time)
    }
}

/// The days of the week and times of day of instants, by the places of the instants among the scalars.
#[derive(Default)]
pub(super) struct LocalTimes {
    parts: BTreeMap<usize, Parts>,
}

impl LocalTimes {
    /// The value that stands for a part of the instant at a place, if it is known already.
    pub(super) fn known(&self, place: usize, zone: Zone, part: InstantPart) -> Option<usize> {
        let parts = self.parts.get(&place).filter(|parts| parts.zone == zone)?;
        let part = match part {
            InstantPart::Weekday => &parts.weekday,
            InstantPart::Time => &parts.time,
            InstantPart::Date => &None,
        };
        part.as_ref().map(|part| part.value)
    }

    /// Keeps the value that stands for a part of an instant, and a node that asks for it; whether that can be: an
    /// instant is read in one zone.
    pub(super) fn keep(
        &mut self,
        place: usize,
        zone: Zone,
        part: InstantPart,
        (value, node): (usize, Spot),
    ) -> bool {
        let parts = self.parts.entry(place).or_insert(Parts {
            zone,
            weekday: None,
            time: None,
        });
        if parts.zone != zone {
            return false;
        }
        let part = match part {
            InstantPart::Weekday => &mut parts.weekday,
            InstantPart::Time => &mut parts.time,
            InstantPart::Date => return false,
        };
        let part = part.get_or_insert(Part {
            value,
            nodes: Vec::new(),
        });
        part.nodes.push(node);
        true
    }

    /// The places of the parts of an instant.
    pub(super) fn of(&self, place: usize) -> impl Iterator<Item = usize> {
        let parts = self.parts.get(&place).into_iter();
        parts.flat_map(Parts::of).map(|part| part.value)
    }

    /// Makes known how parts go together with their instants. Gives back those for which that is not worked
    /// out: of instants that are compared with others, and with too many constants.
    pub(super) fn tie(
        &mut self,
        solver: &mut Solver,
        scalars: &mut [Scalar],
        compared: &BTreeSet<usize>,
    ) -> Vec<(usize, Vec<Spot>)> {
        let mut left = Vec::new();
        self.parts.retain(|place, parts| {
            let tied = !compared.contains(place)
                && stretches(scalars, *place, parts).is_some_and(|stretches| {
                    tell(solver, scalars, (*place, parts), &stretches);
                    true
                });
            if !tied {
                left.extend(parts.of().map(|part| (part.value, part.nodes.clone())));
            }
            tied
        });
        left
    }

    /// That the instant at a place, with its parts, lies where a known one lies, among the points that are known.
    pub(super) fn at(&self, scalars: &[Scalar], place: usize, at: Instant) -> Vec<Literal> {
        let mut values = vec![(place, Value::Instant(at))];
        if let Some(parts) = self.parts.get(&place) {
            let date = at.date(parts.zone);
            let weekday = Value::Weekday(date.weekday());
            let weekday = parts
                .weekday
                .iter()
                .map(|part| (part.value, weekday.clone()));
            let time = Value::Time(at.time(parts.zone));
            let time = parts.time.iter().map(|part| (part.value, time.clone()));
            values.extend(weekday.chain(time));
        }
        let known = values.into_iter().filter_map(|(place, value)| {
            let points = scalars.get(place)?.points();
            let cuts = points.map(|(point, cut)| if *point <= value { cut } else { !cut });
            Some(cuts.collect::<Vec<_>>())
        });
        known.flatten().collect()
    }

    /// In the model, an instant at which its parts are what they are there, near a plain one; none for an
    /// instant without parts, or where there is none.
    pub(super) fn shown(&self, solver: &Solver, scalars: &[Scalar], place: usize) -> Option<Value> {
        let mut found = self.candidates(solver, scalars, place)?;
        found.next().map(Value::Instant)
    }

    /// In the model, instants at which its parts are what they are there, of those at each half hour and each time
    /// that is asked for on the days near a plain one; none for an instant without parts.
    pub(super) fn candidates<'a>(
        &'a self,
        solver: &'a Solver,
        scalars: &'a [Scalar],
        place: usize,
    ) -> Option<impl Iterator<Item = Instant> + 'a> {
        let parts = self.parts.get(&place)?;
        let scalar = scalars.get(place)?;
        let (from, below) = scalar.place(solver)?;
        let range = scalar.range();
        let near = range.nearest(range.plain(), from.as_ref(), below.as_ref());
        let Value::Instant(near) = near else {
            return None;
        };
        let fits = move |part: &Option<Part>, value: Value| {
            let scalar = part.as_ref().and_then(|part| scalars.get(part.value));
            let Some((from, below)) = scalar.and_then(|scalar| scalar.place(solver)) else {
                return true;
            };
            from.is_none_or(|from| from <= value) && below.is_none_or(|below| value < below)
        };
        let inside = move |at: &Instant| {
            let value = Value::Instant(*at);
            let date = at.date(parts.zone);
            from.as_ref().is_none_or(|from| *from <= value)
                && below.as_ref().is_none_or(|below| value < *below)
                && fits(&parts.weekday, Value::Weekday(date.weekday()))
                && fits(&parts.time, Value::Time(at.time(parts.zone)))
        };
        let mut times: Vec<TimeOfDay> = TimeOfDay::from_millis(36_000_000).into_iter().collect();
        times.extend(times_of(scalars, parts));
        let halves = (0..48).filter_map(|half| TimeOfDay::from_millis(half * 1_800_000));
        times.extend(halves);
        let days = (0..=EVERY_TIME_DAYS).flat_map(|days| [days, -days]);
        let today = near.date(parts.zone);
        let candidates = days
            .filter_map(move |days| today.plus_days(days))
            .flat_map(move |date| times.clone().into_iter().map(move |time| (date, time)))
            .filter_map(|(date, time)| parts.zone.instant(date, time));
        Some(std::iter::once(near).chain(candidates).filter(inside))
    }
}

/// The times of day that are asked for, with the first of the day.
fn times_of(scalars: &[Scalar], parts: &Parts) -> Vec<TimeOfDay> {
    let scalar = parts.time.as_ref().and_then(|part| scalars.get(part.value));
    let points = scalar.into_iter().flat_map(Scalar::points);
    let times = points.filter_map(|(point, _)| match point {
        Value::Time(time) => Some(*time),
        _ => None,
    });
    std::iter::once(TimeOfDay::MIDNIGHT).chain(times).collect()
}

/// The stretches of instants in which the parts are known, each from an instant on and below another; none
/// where there are too many.
fn stretches(scalars: &[Scalar], place: usize, parts: &Parts) -> Option<Vec<(Instant, Instant)>> {
    let scalar = scalars.get(place)?;
    let range = scalar.range();
    let instant = |value: Option<&Value>| match value {
        Some(Value::Instant(at)) => Some(*at),
        _ => None,
    };
    let mut bounds = vec![instant(range.least.as_ref())?];
    bounds.extend(
        scalar
            .points()
            .filter_map(|(point, _)| instant(Some(point))),
    );
    let last = instant(range.greatest.as_ref())?;
    bounds.push(last.plus(Duration::from_millis(1)).unwrap_or(last));
    let times = times_of(scalars, parts);
    let mut all = Vec::new();
    for pair in bounds.windows(2) {
        let &[from, below] = pair else { continue };
        let days = below.since(from).millis() / 86_400_000;
        if days > EVERY_TIME_DAYS {
            continue;
        }
        let cuts = cuts_between(from, below, parts.zone, &times);
        all.extend(cuts.windows(2).filter_map(|pair| match pair {
            [from, below] => Some((*from, *below)),
            _ => None,
        }));
        if all.len() > MOST_STRETCHES {
            return None;
        }
    }
    Some(all)
}

/// The ends of a stretch of a few days, and between them all at which a day of the week or a time of day may
/// begin or end.
fn cuts_between(from: Instant, below: Instant, zone: Zone, times: &[TimeOfDay]) -> Vec<Instant> {
    let mut cuts = BTreeSet::from([from, below]);
    let mut day: Option<Date> = Some(from.date(zone));
    while let Some(date) = day.filter(|date| *date <= below.date(zone)) {
        cuts.extend(times.iter().filter_map(|time| zone.instant(date, *time)));
        day = date.plus_days(1);
    }
    let ends: Vec<Instant> = cuts.iter().copied().collect();
    for pair in ends.windows(2) {
        let &[begin, end] = pair else { continue };
        let Some(change) = change_between(begin, end, zone) else {
            continue;
        };
        cuts.insert(change);
        // Times that come once more after the clock was put back.
        let local = change.time(zone).millis();
        for time in times {
            let ahead = i64::from(time.millis()) - i64::from(local);
            cuts.extend(change.plus(Duration::from_millis(ahead.rem_euclid(86_400_000))));
        }
    }
    cuts.into_iter()
        .filter(|cut| (from..=below).contains(cut))
        .collect()
}

/// The first instant with another offset from UTC than the beginning of a stretch, if its end has another.
fn change_between(begin: Instant, end: Instant, zone: Zone) -> Option<Instant> {
    let offset = zone.offset_seconds(begin);
    if zone.offset_seconds(end) == offset {
        return None;
    }
    let (mut same, mut other) = (begin.millis(), end.millis());
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        match Instant::from_millis(middle).map(|at| zone.offset_seconds(at) == offset) {
            Some(true) => same = middle,
            Some(false) | None => other = middle,
        }
    }
    Instant::from_millis(other)
}

/// Makes known what the parts are in each stretch.
fn tell(
    solver: &mut Solver,
    scalars: &mut [Scalar],
    (place, parts): (usize, &Parts),
    stretches: &[(Instant, Instant)],
) {
    for (from, below) in stretches {
        let mut cut = |at: Instant| {
            let scalar = scalars.get_mut(place);
            scalar.map(|scalar| scalar.at_least(solver, &Value::Instant(at)))
        };
        let (Some(begun), Some(over)) = (cut(*from), cut(*below)) else {
            continue;
        };
        let date = from.date(parts.zone);
        let values = [
            (&parts.weekday, Value::Weekday(date.weekday())),
            (&parts.time, Value::Time(from.time(parts.zone))),
        ];
        for (part, value) in values {
            let Some(scalar) = part.as_ref().and_then(|part| scalars.get(part.value)) else {
                continue;
            };
            let known: Vec<Literal> = scalar
                .points()
                .map(|(point, cut)| if *point <= value { cut } else { !cut })
                .collect();
            for literal in known {
                solver.know(&[!begun, over, literal]);
            }
        }
    }
}
