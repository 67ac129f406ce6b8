//! `retention-floor-above-cap`: a record must be kept longer than it may be.
//!
//! Counted from the same moment, `keep at least` of one block reaches beyond `delete no later than` of
//! the same or of another block that speaks of the same cases. The longer period wins, so the promise
//! to delete is broken. Equal periods meet on most days, but not where a day does not exist: counted
//! from 29 February, two years are kept until 1 March and deleted by 28 February.
//!
//! Example:
//!
//! ```text
//! retain ticket { from when status is closed  delete no later than 2 years }
//! retain ticket when kind is complaint { from when status is closed  keep at least 3 years }
//! ```
//!
//! Instead: lengthen the cap or shorten the floor, or give the block with the cap a condition that
//! leaves those cases out.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Amount, Keep, Retain};
use crate::time::{Date, Instant, Rounding, TimeOfDay, Zone};
use std::collections::BTreeMap;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "retention-floor-above-cap",
    level: Level::Error,
    check: Some(check),
};

/// Days from which periods are counted: four years, one of them with 29 February.
const DAYS: i64 = 1461;
/// Blocks of one record class up to which conditions are held against one another.
const BLOCKS: usize = 60;
/// Pairs that are looked at in one policy.
const PAIRS: usize = 20_000;

/// A day for which a record is kept beyond the day by which it has to go.
struct Witness {
    from: Date,
    kept: Date,
    gone: Date,
}

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let mut records: BTreeMap<u32, Vec<&Retain>> = BTreeMap::new();
    for retain in &facts.model.retains {
        records.entry(retain.record.0).or_default().push(retain);
    }
    let mut known: Vec<((Keep, Keep), Option<Witness>)> = Vec::new();
    let mut pairs = 0;
    for (record, blocks) in &records {
        let record = facts.model.records.get(*record as usize);
        let name = record.map_or("", |record| record.name.as_str());
        let few = blocks.len() <= BLOCKS;
        for floor in blocks {
            let Some(keep) = &floor.keep else { continue };
            for cap in blocks {
                let Some(delete) = &cap.delete else { continue };
                pairs += 1;
                if pairs > PAIRS {
                    return;
                }
                if !together(facts, floor, cap, few) {
                    continue;
                }
                let same = |(a, b): &(Keep, Keep)| same(a, keep) && same(b, delete);
                if !known.iter().any(|(pair, _)| same(pair)) {
                    let found = witness(facts.model.zone, keep, delete);
                    known.push(((keep.clone(), delete.clone()), found));
                }
                let found = known.iter().find(|(pair, _)| same(pair));
                if let Some((_, Some(witness))) = found {
                    findings.push(finding(name, (keep, delete), witness));
                    break;
                }
            }
        }
    }
}

fn same(a: &Keep, b: &Keep) -> bool {
    a.amount == b.amount && a.excluding_starting_month == b.excluding_starting_month
}

/// Whether two blocks count from the same moment and speak of the same cases, wherever one does.
fn together(facts: &Facts<'_>, floor: &Retain, cap: &Retain, few: bool) -> bool {
    if floor.span == cap.span {
        return true;
    }
    if floor.from != cap.from || !overlap(floor, cap) {
        return false;
    }
    match (&floor.when, &cap.when) {
        (None, _) | (_, None) => true,
        (Some(a), Some(b)) => few && (facts.logic.implies(a, b) || facts.logic.implies(b, a)),
    }
}

/// Whether there are days on which both blocks count.
fn overlap(a: &Retain, b: &Retain) -> bool {
    let (Some(a), Some(b)) = (&a.effective, &b.effective) else {
        return true;
    };
    let before = |first: Option<(Date, _)>, second: Option<(Date, _)>| match (first, second) {
        (Some((until, _)), Some((from, _))) => until < from,
        (Some(_) | None, _) => false,
    };
    a.by_now == b.by_now && !before(a.until, b.from) && !before(b.until, a.from)
}

/// The first day from which a floor reaches beyond a cap.
fn witness(zone: Zone, keep: &Keep, delete: &Keep) -> Option<Witness> {
    let first = Date::new(2023, 1, 1)?;
    let noon = TimeOfDay::from_millis(12 * 3_600_000)?;
    (0..DAYS).find_map(|days| {
        let from = first.plus_days(days)?;
        let origin = zone.instant(from, noon)?;
        let kept = end(keep, origin, zone, Rounding::Up)?;
        let gone = end(delete, origin, zone, Rounding::Down)?;
        (kept > gone).then(|| Witness {
            from,
            kept: kept.date(zone),
            gone: gone.date(zone),
        })
    })
}

fn end(keep: &Keep, origin: Instant, zone: Zone, rounding: Rounding) -> Option<Instant> {
    match (keep.amount, keep.excluding_starting_month) {
        (Amount::Exact(length), false) => origin.plus(length),
        (Amount::Exact(length), true) => {
            let month = crate::time::Period {
                count: 0,
                unit: crate::time::PeriodUnit::Days,
            };
            month.after_starting_month(origin, zone)?.plus(length)
        }
        (Amount::Calendar(period), false) => period.after(origin, zone, rounding),
        (Amount::Calendar(period), true) => period.after_starting_month(origin, zone),
    }
}

fn finding(record: &str, (keep, delete): (&Keep, &Keep), witness: &Witness) -> Diagnostic {
    let Witness { from, kept, gone } = witness;
    let message = if kept == gone {
        message!(
            "`{record}` is kept beyond its deletion: counted from {from}, both fall on {kept}, but it is deleted first",
            record,
            from,
            kept
        )
    } else {
        message!(
            "`{record}` is kept beyond its deletion: counted from {from}, it is kept until {kept}, but has to go by {gone}",
            record,
            from,
            kept,
            gone
        )
    };
    let equal = same(keep, delete);
    Diagnostic::error(LINT.code, keep.span, message)
        .subject(format!("retain.{record}"))
        .also(delete.span, message!("has to go by then"))
        .help(if equal {
            message!(
                "let some time pass between the two: not every day has its like after `{amount}`",
                amount = amount(keep)
            )
        } else {
            message!(
                "keep it for less than `{keep}`, or let it go later than `{delete}`",
                keep = amount(keep),
                delete = amount(delete)
            )
        })
}

fn amount(keep: &Keep) -> String {
    match keep.amount {
        Amount::Exact(length) => length.to_string(),
        Amount::Calendar(period) => period.to_string(),
    }
}
