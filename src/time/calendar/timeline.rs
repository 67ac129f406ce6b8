//! The open set as segments of all time, with running sums of open and of unknown time.
//!
//! Laid by [`super::build`], asked by [`super::Calendar`]. Times are milliseconds of instants.

use super::week::{Fill, Week};
use super::{END, Openness, START};

/// What holds within a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// One state throughout.
    Constant(Openness),
    /// Weeks that repeat, in local time.
    Weekly {
        /// Index of the week.
        week: usize,
        /// Local time minus instant.
        offset: i64,
        /// Open time before an instant of the segment, less that of the week's own count.
        base: i64,
    },
}

/// All segments. The parts of each stand in one vector each, so that a search stays in cache.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    weeks: Vec<Week>,
    starts: Vec<i64>,
    /// Open time before each segment, and in the end that of all time.
    open_before: Vec<i64>,
    /// Unknown time before each segment, and in the end that of all time.
    unknown_before: Vec<i64>,
    bodies: Vec<Body>,
}

impl Timeline {
    pub(super) fn new(weeks: Vec<Week>) -> Timeline {
        Timeline {
            weeks,
            open_before: vec![0],
            unknown_before: vec![0],
            ..Timeline::default()
        }
    }

    pub(super) fn weeks(&self) -> &[Week] {
        &self.weeks
    }

    /// Goes on in one state from `start` on; segments come in order, the first at [`START`].
    pub(super) fn push(&mut self, start: i64, state: Openness) {
        if self.bodies.last() != Some(&Body::Constant(state)) {
            self.close(start);
            self.starts.push(start);
            self.bodies.push(Body::Constant(state));
        }
    }

    /// Goes on with a week that repeats from `start` on, at an offset from UTC.
    pub(super) fn push_week(&mut self, start: i64, index: usize, offset: i64) {
        match self.week(index).map(Week::fill) {
            Some(Fill::Always) => self.push(start, Openness::Open),
            Some(Fill::Never) | None => self.push(start, Openness::Closed),
            Some(Fill::Partly) => {
                self.close(start);
                let before = self.open_before.last().copied().unwrap_or(0);
                let counted = self
                    .week(index)
                    .map_or(0, |week| week.open_until(start + offset));
                self.starts.push(start);
                self.bodies.push(Body::Weekly {
                    week: index,
                    offset,
                    base: before - counted,
                });
            }
        }
    }

    /// Ends the last segment, so that the sums behind it are known.
    pub(super) fn close(&mut self, end: i64) {
        let Some(index) = self.bodies.len().checked_sub(1) else {
            return;
        };
        let (open, unknown) = self.sums(index, end);
        self.open_before.push(open);
        self.unknown_before.push(unknown);
    }

    fn segment(&self, at: i64) -> usize {
        self.starts
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    fn start(&self, index: usize) -> i64 {
        self.starts.get(index).copied().unwrap_or(END)
    }

    fn week(&self, week: usize) -> Option<&Week> {
        self.weeks.get(week)
    }

    /// Open and unknown time before an instant that lies in a segment or at its end.
    fn sums(&self, index: usize, at: i64) -> (i64, i64) {
        let open = self.open_before.get(index).copied().unwrap_or(0);
        let unknown = self.unknown_before.get(index).copied().unwrap_or(0);
        let start = self.start(index);
        match self.bodies.get(index) {
            Some(Body::Constant(Openness::Open)) => (open + at - start, unknown),
            Some(Body::Constant(Openness::Unknown)) => (open, unknown + at - start),
            Some(Body::Constant(Openness::Closed)) | None => (open, unknown),
            Some(Body::Weekly { week, offset, base }) => {
                let open = self
                    .week(*week)
                    .map_or(open, |week| base + week.open_until(at + offset));
                (open, unknown)
            }
        }
    }

    /// Open and unknown time before an instant.
    pub(super) fn before(&self, at: i64) -> (i64, i64) {
        self.sums(self.segment(at), at)
    }

    /// The least instant at or after `start` such that the open time in between reaches an amount
    /// above zero, if there is one, and the unknown time in between, or up to the end of all time.
    pub(super) fn reaching(&self, start: i64, amount: i64) -> (Option<i64>, i64) {
        let first = self.segment(start);
        let (open, unknown) = self.sums(first, start);
        let found = open
            .checked_add(amount)
            .and_then(|sum| self.place(first, sum));
        let unknown_to = match found {
            // Time that is counted lies in no unknown segment.
            Some((index, _)) => self.unknown_before.get(index).copied().unwrap_or(0),
            None => self.unknown_before.last().copied().unwrap_or(0),
        };
        (found.map(|(_, at)| at), unknown_to - unknown)
    }

    /// The segment from `first` on in which the open time of all time reaches a sum, and the least
    /// instant at which it does.
    fn place(&self, first: usize, sum: i64) -> Option<(usize, i64)> {
        // There is one sum more than there are segments: what is before the end of the last one.
        let later = self.open_before.get(first + 1..)?;
        let within_first = later.first().is_some_and(|before| sum <= *before);
        let skipped = if within_first {
            0
        } else {
            later.partition_point(|before| *before < sum)
        };
        let index = first + skipped;
        let at = match self.bodies.get(index)? {
            Body::Constant(_) => self.start(index) + sum - self.open_before.get(index)?,
            Body::Weekly { week, offset, base } => self.week(*week)?.reaching(sum - base)? - offset,
        };
        Some((index, at))
    }

    /// Whether there is open time after an instant.
    pub(super) fn opens_after(&self, at: i64) -> bool {
        let (open, _) = self.before(at);
        self.open_before.last().is_some_and(|all| *all > open)
    }

    /// The first unknown instant at or after `at`.
    pub(super) fn next_unknown(&self, at: i64) -> Option<i64> {
        let (_, unknown) = self.before(at);
        let index = self
            .unknown_before
            .partition_point(|sum| *sum <= unknown)
            .checked_sub(1)?;
        (index < self.bodies.len()).then(|| self.start(index).max(at))
    }

    pub(super) fn state(&self, at: i64) -> Openness {
        self.state_in(self.segment(at), at)
    }

    fn state_in(&self, index: usize, at: i64) -> Openness {
        match self.bodies.get(index) {
            Some(Body::Constant(state)) => *state,
            Some(Body::Weekly { week, offset, .. })
                if self
                    .week(*week)
                    .is_some_and(|week| week.is_open(at + offset)) =>
            {
                Openness::Open
            }
            Some(Body::Weekly { .. }) | None => Openness::Closed,
        }
    }

    /// The next instant after `at` whose state differs from the one at `at`.
    pub(super) fn next_change(&self, at: i64) -> Option<(i64, Openness)> {
        let at = at.max(START);
        let first = self.segment(at);
        let state = self.state_in(first, at);
        for (index, body) in self.bodies.iter().enumerate().skip(first) {
            let start = self.start(index).max(at);
            let now = self.state_in(index, start);
            if now != state {
                return Some((start, now));
            }
            let Body::Weekly { week, offset, .. } = body else {
                continue;
            };
            let next = self
                .week(*week)
                .and_then(|week| week.next_change(start + offset));
            if let Some(next) = next.map(|local| local - offset)
                && next < self.start(index + 1)
            {
                return Some((next, self.state_in(index, next)));
            }
        }
        None
    }
}
