//! An instant that lies inside the hours of some calendars and outside those of others, if one is near.
//!
//! Beside [`super::spelling`], for [`super::witness`]. Where a calendar opens and closes is walked along, so that an
//! instant that is found is certain; that none is found near proves nothing.

use super::space::Variable;
use super::terms::Encoder;
use crate::compile::Node;
use crate::time::{Calendar, Duration, Instant, Openness};
use crate::value::Value;
use std::collections::BTreeMap;

/// Changes of calendars that are walked along from one instant.
const MOST_CHANGES: usize = 400;
/// So long before the end of a stretch is begun as well: eight days.
const NEAR: i64 = 8 * 86_400_000;

/// Calendars, and whether an instant lies in their hours; none where that is not known.
type Hours<'a> = Vec<(&'a Calendar, Openness)>;

impl Encoder<'_> {
    /// Instants that lie in hours of calendars as they do in the model, by their places among the scalars, as far
    /// as they are found.
    pub(super) fn in_hours(&self) -> BTreeMap<usize, Value> {
        let solver = &self.space.solver;
        let mut wanted: BTreeMap<usize, Hours<'_>> = BTreeMap::new();
        for (id, truth) in self.nodes.of_newer() {
            let program = self.newer;
            let Node::During {
                value,
                calendar,
                outside,
            } = program.node(id)
            else {
                continue;
            };
            let Node::Field(slot) = program.node(*value) else {
                continue;
            };
            let Some(Variable::Scalar(place)) = self.space.fields.get(*slot as usize) else {
                continue;
            };
            let calendars = &program.calendars;
            let Some((_, calendar)) = calendars.get(*calendar as usize) else {
                continue;
            };
            let (open, closed) = match outside {
                true => (truth.no, truth.yes),
                false => (truth.yes, truth.no),
            };
            let openness = match (solver.holds(open), solver.holds(closed)) {
                (true, _) => Openness::Open,
                (_, true) => Openness::Closed,
                (false, false) => Openness::Unknown,
            };
            wanted.entry(*place).or_default().push((calendar, openness));
        }
        let mut found = BTreeMap::new();
        for (place, hours) in wanted {
            let Some(scalar) = self.space.scalars.get(place) else {
                continue;
            };
            let Some((from, below)) = scalar.place(solver) else {
                continue;
            };
            let space = &self.space;
            if let Some(mut near) = space.local.candidates(solver, &space.scalars, place) {
                let at = near.find(|at| lies_in(&hours, *at));
                found.extend(at.map(|at| (place, Value::Instant(at))));
                continue;
            }
            let range = scalar.range();
            let plain = range.nearest(range.plain(), from.as_ref(), below.as_ref());
            let end = instant(below.as_ref());
            let near = end.and_then(|end| end.minus(Duration::from_millis(NEAR)));
            let from = instant(from.as_ref());
            let near = near.map(|near| from.map_or(near, |from| near.max(from)));
            let starts = [instant(Some(&plain)), near, from];
            let at = starts
                .into_iter()
                .flatten()
                .find_map(|start| first(&hours, start, end));
            found.extend(at.map(|at| (place, Value::Instant(at))));
        }
        found
    }
}

fn instant(value: Option<&Value>) -> Option<Instant> {
    match value {
        Some(Value::Instant(at)) => Some(*at),
        Some(_) | None => None,
    }
}

/// Whether calendars are open, or closed, at an instant as they should be.
fn lies_in(hours: &Hours<'_>, at: Instant) -> bool {
    let fits = |(calendar, wanted): &(&Calendar, Openness)| calendar.is_open(at) == *wanted;
    hours.iter().all(fits)
}

/// The first instant from one on and before another that lies in these hours.
fn first(hours: &Hours<'_>, start: Instant, end: Option<Instant>) -> Option<Instant> {
    let mut at = start;
    for _ in 0..MOST_CHANGES {
        if end.is_some_and(|end| at >= end) {
            return None;
        }
        if lies_in(hours, at) {
            return Some(at);
        }
        let changes = hours
            .iter()
            .filter_map(|(calendar, _)| calendar.next_change(at));
        at = changes.map(|(next, _)| next).min()?;
    }
    None
}
