//! The ledger of a clock: what it did from its cycle's start to the instant of the decision, stretch
//! by stretch, so that anybody can add up what was used.

use super::decision::Decision;
use crate::eval::{ClockReading, SegmentKind};
use crate::time::{Calendar, Duration, Instant, Openness};

/// What a clock did for a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerKind {
    /// It ran while its calendar was open.
    Running,
    /// It ran, but its calendar was closed: nothing is used up.
    OutsideHours,
    /// It ran while nobody knows whether its calendar was open.
    Unknown,
    /// It was paused.
    Paused,
    /// It was met, and reopened afterwards without that time being counted.
    Met,
}

/// A stretch `[from, to)` of a clock's cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry<'a> {
    /// Its beginning.
    pub from: Instant,
    /// Its end.
    pub to: Instant,
    /// What the clock did.
    pub kind: LedgerKind,
    /// The calendar that it counted on; none while it did not run.
    pub calendar: Option<&'a str>,
    /// What was used up in this stretch; none if nobody knows. The amounts of all entries add up
    /// to the clock's `elapsed`.
    pub amount: Option<Duration>,
}

/// A running stretch is split into open and closed ones so many times; what is left of it then is
/// one entry.
const SPLITS: usize = 10_000;

impl Decision {
    /// What the clock of that name shows; none when there is no such clock, or no tier was taken.
    pub fn clock(&self, name: &str) -> Option<&ClockReading> {
        let clocks = &self.policy().program().clocks;
        let place = clocks.iter().position(|clock| clock.named.name == name)?;
        self.places().clocks.get(place)
    }

    /// The stretches of a clock's current cycle in order; empty when there is no such clock, or it
    /// has not started.
    pub fn ledger(&self, clock: &str) -> Vec<LedgerEntry<'_>> {
        let mut entries = Vec::new();
        let Some(reading) = self.clock(clock) else {
            return entries;
        };
        for segment in &reading.segments {
            let place = segment
                .calendar
                .filter(|_| segment.kind == SegmentKind::Running);
            let calendars = &self.policy().program().calendars;
            let found = place.and_then(|place| calendars.get(place as usize));
            let still = |kind| LedgerEntry {
                from: segment.from,
                to: segment.to,
                kind,
                calendar: None,
                amount: Some(Duration::ZERO),
            };
            match (segment.kind, found) {
                (SegmentKind::Running, Some((named, calendar))) => {
                    split(
                        &named.name,
                        calendar,
                        segment.from,
                        segment.to,
                        &mut entries,
                    );
                }
                (SegmentKind::Running, None) => entries.push(still(LedgerKind::OutsideHours)),
                (SegmentKind::Paused, _) => entries.push(still(LedgerKind::Paused)),
                (SegmentKind::Met, _) => entries.push(still(LedgerKind::Met)),
            }
        }
        entries
    }
}

/// Adds a running stretch, cut where the calendar opens and closes.
fn split<'a>(
    name: &'a str,
    calendar: &Calendar,
    from: Instant,
    to: Instant,
    entries: &mut Vec<LedgerEntry<'a>>,
) {
    let mut at = from;
    for _ in 0..SPLITS {
        let next = calendar
            .next_change(at)
            .map_or(to, |(next, _)| next.min(to));
        let (kind, amount) = match calendar.is_open(at) {
            Openness::Open => (LedgerKind::Running, Some(next.since(at))),
            Openness::Closed => (LedgerKind::OutsideHours, Some(Duration::ZERO)),
            Openness::Unknown => (LedgerKind::Unknown, None),
        };
        entries.push(LedgerEntry {
            from: at,
            to: next,
            kind,
            calendar: Some(name),
            amount,
        });
        if next >= to {
            return;
        }
        at = next;
    }
    entries.push(LedgerEntry {
        from: at,
        to,
        kind: LedgerKind::Running,
        calendar: Some(name),
        amount: calendar.measure(at, to).ok(),
    });
}
