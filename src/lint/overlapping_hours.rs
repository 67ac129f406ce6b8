//! `overlapping-hours`: two spans of opening hours that open on the same day overlap.
//!
//! The calendar counts the time once. Still one of the two is mistaken: a digit is wrong, or a line was
//! added without shortening the other. Spans that run over midnight belong to the day on which they
//! open and may overlap those of the next day. A line with dates replaces those without on its days, so
//! the two kinds do not overlap.
//!
//! Example:
//!
//! ```text
//! open mon to fri 09:00-12:00, 11:00-15:00
//! ```
//!
//! Instead: write one span, `09:00-15:00`, or end the first before the second begins.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Open, OpenDays};
use crate::source::Span;
use crate::syntax::ast;
use crate::time::{Date, OpenSpan, Weekday};
use std::collections::{BTreeMap, HashSet};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "overlapping-hours",
    level: Level::Error,
    check: Some(check),
};

/// Spans with dates that are held against one another, in pairs, in one calendar.
const PAIRS: usize = 200_000;

/// The days that share hours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Days {
    Date(Date),
    /// A weekday, in lines with dates or in lines without.
    Weekday(Weekday, bool),
}

#[derive(Clone, Copy)]
struct Hours {
    span: OpenSpan,
    written: Span,
    from: Option<Date>,
    until: Option<Date>,
}

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    for calendar in facts.model.calendars.iter().skip(1) {
        let Some(written) = facts.written.calendars.get(&calendar.declared.span) else {
            continue;
        };
        let mut told = HashSet::new();
        let mut pairs = 0;
        for (_, hours) in by_days(&calendar.open, &written.open) {
            for (first, second) in overlaps(hours, &mut pairs) {
                if !told.insert((first, second)) {
                    continue;
                }
                let message = message!(
                    "`{hours}` overlaps `{first}` on the same day",
                    hours = facts.text(second),
                    first = facts.text(first)
                );
                findings.push(
                    Diagnostic::error(LINT.code, second, message)
                        .subject(format!("calendar.{}", calendar.declared.name))
                        .also(first, message!("these hours"))
                        .help(message!(
                            "write them as one span, or end the first before the second begins"
                        )),
                );
            }
        }
    }
}

fn by_days(lines: &[Open], written: &[ast::Open]) -> BTreeMap<Days, Vec<Hours>> {
    let mut days: BTreeMap<Days, Vec<Hours>> = BTreeMap::new();
    for (line, written) in lines.iter().zip(written) {
        let dated = line.from.is_some() || line.until.is_some();
        let keys: Vec<Days> = match &line.days {
            OpenDays::Date(date) => vec![Days::Date(*date)],
            OpenDays::Weekdays(days) => days.iter().map(|day| Days::Weekday(*day, dated)).collect(),
        };
        for hours in &written.hours {
            let Some(span) = OpenSpan::new(hours.open, hours.close) else {
                continue;
            };
            for key in &keys {
                days.entry(*key).or_default().push(Hours {
                    span,
                    written: hours.span,
                    from: line.from,
                    until: line.until,
                });
            }
        }
    }
    days
}

/// Pairs of spans that overlap, the one written first in front.
fn overlaps(mut hours: Vec<Hours>, pairs: &mut usize) -> Vec<(Span, Span)> {
    hours.sort_by_key(|hours| (hours.span, hours.written));
    let mut found = Vec::new();
    let mut open: Vec<Hours> = Vec::new();
    for next in hours {
        open.retain(|earlier| earlier.span.closes() > next.span.opens());
        for earlier in &open {
            *pairs += 1;
            if *pairs > PAIRS {
                return found;
            }
            if earlier.span.overlaps(next.span) && in_force_together(earlier, &next) {
                let (a, b) = (earlier.written, next.written);
                found.push((a.min(b), a.max(b)));
            }
        }
        open.push(next);
    }
    found
}

fn in_force_together(a: &Hours, b: &Hours) -> bool {
    let over = |until: Option<Date>, from: Option<Date>| match (until, from) {
        (Some(until), Some(from)) => until < from,
        (Some(_) | None, _) => false,
    };
    !over(a.until, b.from) && !over(b.until, a.from)
}
