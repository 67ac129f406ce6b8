//! The offsets of a zone from UTC over all time, as a table of the instants at which they change.
//!
//! The zone database in use answers for one instant at a time and does not list its changes, so the
//! table is found by sampling and bisecting, once for each zone in a process. All times are
//! milliseconds; "local" ones are counted as if the wall clock showed UTC. Asked by [`super::Zone`] and
//! by calendars.

use super::DAY;
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use std::sync::{LazyLock, OnceLock};

const DAY_SECONDS: i64 = 86_400;
/// Eras by the second at which they begin, with steps shorter than the least time between two changes of any zone in
/// them. Wars, and fasting months of late years, have changes a week apart.
const ERAS: [(i64, i64); 7] = [
    // 1840-01-01, before the first change of any zone
    (-4_102_444_800, 365 * DAY_SECONDS),
    // 1911-01-01
    (-1_861_920_000, 15 * DAY_SECONDS),
    // 1938-01-01
    (-1_009_843_200, LEAST_STEP),
    // 1950-01-01
    (-631_152_000, 15 * DAY_SECONDS),
    // 2000-01-01
    (946_684_800, LEAST_STEP),
    // 2005-01-01
    (1_104_537_600, 15 * DAY_SECONDS),
    // 2038-01-01
    (2_145_916_800, LEAST_STEP),
];
/// Shorter than the least time between two changes of any zone in the database (6 days, 23 hours).
const LEAST_STEP: i64 = 5 * DAY_SECONDS;
/// 2110-01-01, after the last change that is listed.
const END_SECONDS: i64 = 4_417_977_600;
/// More than any zone's distance from UTC.
const GREATEST_OFFSET: i64 = DAY;

/// The tables found so far, by the place of the zone in the database.
static TABLES: LazyLock<Vec<OnceLock<Transitions>>> =
    LazyLock::new(|| TZ_VARIANTS.iter().map(|_| OnceLock::new()).collect());

/// The offsets of one zone.
#[derive(Debug)]
pub(super) struct Transitions {
    /// The instants at which the offset changes, ascending.
    times: Vec<i64>,
    /// The offset before the first change, then the one from each change on.
    offsets: Vec<i64>,
}

/// One change of the offset.
#[derive(Clone, Copy)]
pub(super) struct Change {
    /// The instant at which it happens.
    pub(super) at: i64,
    /// The offset until then.
    pub(super) before: i64,
    /// The offset from then on.
    pub(super) after: i64,
}

impl Transitions {
    /// No distance at all.
    pub(super) const UTC: &'static Transitions = &Transitions {
        times: Vec::new(),
        offsets: Vec::new(),
    };

    /// The table of a zone, built at its first use.
    pub(super) fn of(zone: Tz) -> &'static Transitions {
        let table = TABLES.get(zone as usize);
        table.map_or(Transitions::UTC, |table| {
            table.get_or_init(|| Transitions::find(zone))
        })
    }

    fn find(zone: Tz) -> Transitions {
        let (start, _) = ERAS[0];
        let mut table = Transitions {
            times: Vec::new(),
            offsets: vec![i64::from(offset(zone, start)) * 1000],
        };
        for (place, (start, step)) in ERAS.iter().enumerate() {
            let end = ERAS.get(place + 1).map_or(END_SECONDS, |(next, _)| *next);
            table.sample(zone, *start, end, *step);
        }
        table
    }

    /// Adds the changes between two seconds of which no two lie within a step.
    fn sample(&mut self, zone: Tz, start: i64, end: i64, step: i64) {
        let mut low = start;
        let mut current = offset(zone, low);
        while low < end {
            let next = (low + step).min(end);
            // One change at most between `low` and `next`; the loop finds more where there are more.
            while offset(zone, next) != current {
                let (mut same, mut other) = (low, next);
                while other - same > 1 {
                    let middle = same + (other - same) / 2;
                    if offset(zone, middle) == current {
                        same = middle;
                    } else {
                        other = middle;
                    }
                }
                current = offset(zone, other);
                low = other;
                self.times.push(other * 1000);
                self.offsets.push(i64::from(current) * 1000);
            }
            low = next;
        }
    }

    /// The offset in force at an instant.
    pub(super) fn offset_at(&self, at: i64) -> i64 {
        self.offset(self.changed_by(at))
    }

    /// How many changes have happened by an instant. Of most zones the last one is long past.
    fn changed_by(&self, at: i64) -> usize {
        match self.times.last() {
            Some(last) if *last > at => self.times.partition_point(|time| *time <= at),
            Some(_) | None => self.times.len(),
        }
    }

    fn offset(&self, index: usize) -> i64 {
        self.offsets.get(index).copied().unwrap_or(0)
    }

    /// The number of the local date at an instant.
    pub(super) fn day_at(&self, at: i64) -> i32 {
        day_of(at + self.offset_at(at))
    }

    /// The instant of a local time: in a gap moved forward by the gap's length, in an overlap the
    /// first.
    pub(super) fn instant(&self, local: i64) -> i64 {
        let mut index = self.changed_by(local - GREATEST_OFFSET);
        let mut before = self.offset(index);
        loop {
            let candidate = local - self.offset(index);
            let ends = self.times.get(index);
            if ends.is_none_or(|end| candidate < *end) {
                let begins = index.checked_sub(1).and_then(|at| self.times.get(at));
                // Shown neither before the change nor after it: a gap.
                let in_gap = begins.is_some_and(|begin| candidate < *begin);
                return if in_gap { local - before } else { candidate };
            }
            before = self.offset(index);
            index += 1;
        }
    }

    /// The instant at which a local date begins.
    pub(super) fn midnight(&self, day: i32) -> i64 {
        self.instant(i64::from(day) * DAY)
    }

    /// Whether a date is one that the zone's wall calendars skipped, such as 2011-12-30 in Apia.
    pub(super) fn skips(&self, day: i32) -> bool {
        self.day_at(self.midnight(day)) != day
    }

    /// All changes, in order.
    pub(super) fn changes(&self) -> impl Iterator<Item = Change> + '_ {
        let offsets = self.offsets.iter().zip(self.offsets.iter().skip(1));
        let change = |(at, (before, after)): (&i64, (&i64, &i64))| Change {
            at: *at,
            before: *before,
            after: *after,
        };
        self.times.iter().zip(offsets).map(change)
    }
}

/// The offset of a zone in seconds, as the database tells it.
fn offset(zone: Tz, second: i64) -> i32 {
    DateTime::from_timestamp(second, 0).map_or(0, |at| {
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        offset.fix().local_minus_utc()
    })
}

/// The number of the date that a local time falls on.
pub(super) fn day_of(local: i64) -> i32 {
    i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No zone has a change that shorter steps would find and those of its era do not.
    #[test]
    fn steps_are_short_enough_for_every_zone() {
        let sampled = |zone, start, end, step| {
            let mut found = Transitions {
                times: Vec::new(),
                offsets: Vec::new(),
            };
            found.sample(zone, start, end, step);
            (found.times, found.offsets)
        };
        let ends = ERAS.iter().skip(1).map(|(start, _)| *start);
        let eras = ERAS.iter().zip(ends.chain([END_SECONDS]));
        let long = eras.filter(|((_, step), _)| *step > LEAST_STEP);
        let long: Vec<(i64, i64, i64)> = long
            .map(|((start, step), end)| (*start, end, *step))
            .collect();
        assert_eq!(long.len(), 4);
        for zone in TZ_VARIANTS {
            for (start, end, step) in &long {
                let least = sampled(zone, *start, *end, LEAST_STEP);
                assert_eq!(
                    sampled(zone, *start, *end, *step),
                    least,
                    "{zone:?} {start}"
                );
            }
        }
    }
}
