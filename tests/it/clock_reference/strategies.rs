//! Random worlds and cases. Worlds lie around days on which clocks change.

use super::condition::{Condition, Moment, Trigger};
use super::log::{CaseLog, Change};
use super::plan::{
    BranchPlan, CalendarPlan, ClockPlan, Effective, Period, Reopen, Retier, Step, StepPlan, Target,
    World,
};
use super::{HOUR, MINUTE, Millis};
use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PLACES: [(&str, (i32, u32, u32)); 16] = [
    ("UTC", (2026, 3, 2)),
    ("Asia/Shanghai", (2026, 2, 15)),
    ("Asia/Kathmandu", (2026, 6, 1)),
    ("Asia/Kathmandu", (1986, 1, 1)),
    ("Europe/London", (2026, 3, 29)),
    ("Europe/London", (2026, 10, 25)),
    ("Europe/London", (2026, 1, 30)),
    ("America/New_York", (2026, 3, 8)),
    ("America/New_York", (2026, 11, 1)),
    ("America/Sao_Paulo", (2018, 11, 4)),
    ("America/Sao_Paulo", (2018, 2, 18)),
    ("Australia/Lord_Howe", (2026, 4, 5)),
    ("Australia/Lord_Howe", (2026, 10, 4)),
    ("Pacific/Apia", (2011, 12, 30)),
    ("Pacific/Apia", (2012, 4, 1)),
    ("Asia/Shanghai", (2026, 8, 12)),
];

/// What the policies of a test have more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    Mixed,
    /// Tiers change often, in all modes.
    Tiers,
    /// Stops are undone and cycles begin again.
    Cycles,
    /// Many steps.
    Steps,
}

fn condition(events: bool, band: bool) -> BoxedStrategy<Condition> {
    let status = subsequence(vec![0usize, 1, 2, 3, 4], 1..3).prop_map(Condition::Status);
    let mut leaves = vec![
        status.clone().boxed(),
        status.boxed(),
        (0usize..3).prop_map(Condition::Severity).boxed(),
        (1usize..3).prop_map(Condition::AtLeast).boxed(),
        Just(Condition::Flag).boxed(),
    ];
    if band {
        leaves.push(Just(Condition::Hot).boxed());
    }
    if events {
        leaves.push((0usize..3).prop_map(Condition::Happened).boxed());
    }
    let leaf = prop::strategy::Union::new(leaves).boxed();
    let two = (leaf.clone(), leaf.clone());
    let pair = (two, any::<bool>()).prop_map(|((one, two), both)| {
        let (one, two) = (Box::new(one), Box::new(two));
        if both {
            Condition::Both(one, two)
        } else {
            Condition::Either(one, two)
        }
    });
    prop_oneof![
        6 => leaf.clone(),
        1 => leaf.prop_map(|inner| Condition::Not(Box::new(inner))),
        1 => pair,
    ]
    .boxed()
}

fn trigger() -> impl Strategy<Value = Trigger> {
    prop_oneof![
        1 => (0usize..3).prop_map(Trigger::On),
        2 => condition(true, true).prop_map(Trigger::When),
    ]
}

/// Hours of a day that do not overlap; the last may run into the next day.
fn spans() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let bound = prop_oneof![2 => (0u32..96).prop_map(|quarter| quarter * 15), 1 => 0u32..1440];
    let bounds = prop::collection::btree_set(bound, 2..5);
    prop_oneof![
        3 => Just(vec![(540, 720), (780, 1080)]),
        1 => Just(vec![(0, 1440)]),
        4 => (bounds, any::<bool>()).prop_map(|(bounds, overnight)| {
            let bounds: Vec<u32> = bounds.into_iter().collect();
            let mut spans: Vec<(u32, u32)> = bounds.chunks_exact(2).map(|two| (two[0], two[1])).collect();
            if let (true, [.., last]) = (overnight, bounds.as_slice()) {
                // Before the first opening of the day, as one span that runs into the next day.
                spans.truncate(spans.len() - 1);
                let open = spans.last().map_or(*last, |span| span.1.max(*last));
                spans.push((open, bounds[0]));
            }
            spans
        }),
    ]
}

fn calendar() -> impl Strategy<Value = CalendarPlan> {
    let days = || subsequence(vec![0usize, 1, 2, 3, 4, 5, 6], 1..5);
    let weekly = prop_oneof![
        2 => spans().prop_map(|spans| vec![((0..5).collect::<Vec<usize>>(), spans)]),
        1 => spans().prop_map(|spans| vec![((0..7).collect::<Vec<usize>>(), spans)]),
        2 => (days(), spans(), spans()).prop_map(|(days, one, two)| {
            let others = (0..7).filter(|day| !days.contains(day)).collect();
            vec![(days, one), (others, two)]
        }),
    ];
    let dated = (days(), spans(), -5i64..8, 0i64..8)
        .prop_map(|(days, spans, from, length)| (days, spans, from, from + length));
    let special = prop::collection::btree_map(-5i64..12, spans(), 0..2);
    let closed = prop::collection::btree_set(-5i64..12, 0..3);
    let row = prop_oneof![
        3 => Just(None),
        1 => Just(Some(None)),
        1 => (0usize..7).prop_map(|weekday| Some(Some(weekday))),
    ];
    let covers = prop_oneof![4 => Just((-400i64, 400i64)), 1 => (-6i64..0, 1i64..14)];
    let data = (covers, prop::collection::btree_map(-5i64..14, row, 0..6)).prop_map(
        |((first, last), rows)| {
            let rows = rows
                .into_iter()
                .filter(|(day, _)| first <= *day && *day <= last);
            ((first, last), rows.collect())
        },
    );
    let zone = prop_oneof![
        8 => Just(None),
        1 => Just(Some("UTC")),
        1 => Just(Some("Asia/Shanghai")),
    ];
    (
        zone,
        weekly,
        prop::option::weighted(0.2, dated),
        special,
        closed,
        prop::option::weighted(0.3, data),
    )
        .prop_map(
            |(zone, weekly, dated, special, closed, data)| CalendarPlan {
                zone,
                weekly,
                dated,
                special: special.into_iter().collect(),
                closed: closed.into_iter().collect(),
                data,
            },
        )
}

/// Lengths of time that a day or two can hold.
fn length() -> impl Strategy<Value = Millis> {
    prop_oneof![
        3 => (1i64..13).prop_map(|hours| hours * HOUR),
        3 => (1i64..200).prop_map(|minutes| minutes * MINUTE),
        1 => (1i64..2000).prop_map(|minutes| minutes * MINUTE),
        1 => (1i64..10_000).prop_map(|seconds| seconds * 1000),
    ]
}

fn target(calendars: usize) -> impl Strategy<Value = Target> {
    prop_oneof![
        3 => length().prop_map(|length| Target::Exact(length, None)),
        5 => (length(), 0..calendars).prop_map(|(length, calendar)| Target::Exact(length, Some(calendar))),
        1 => (1u32..4, 0..calendars).prop_map(|(days, calendar)| Target::WorkingDays(days, calendar)),
        1 => (1u32..4).prop_map(|days| Target::Period(Period::Days(days))),
        1 => Just(Target::Period(Period::Months(1))),
        1 => Just(Target::None),
        1 => Just(Target::Exact(0, None)),
    ]
}

fn steps(most: usize, clocks: usize, warnings: bool) -> impl Strategy<Value = Vec<StepPlan>> {
    let step = prop_oneof![
        3 => prop_oneof![2 => 1u32..150, 1 => 1u32..400].prop_map(Step::Percent),
        2 => Just(Step::AtDue),
        2 => length().prop_map(Step::BeforeDue),
        2 => length().prop_map(Step::AfterDue),
        2 => length().prop_map(Step::After),
        1 => (length(), 1u32..4).prop_map(|(length, times)| Step::EveryAfterDue(length, times)),
    ];
    let role = if warnings {
        prop::option::of(0usize..3).boxed()
    } else {
        (0usize..3).prop_map(Some).boxed()
    };
    let plan =
        (role, step, 0..clocks).prop_map(|(role, step, clock)| StepPlan { role, step, clock });
    prop::collection::vec(plan, 0..=most).prop_map(|plans| {
        let mut kept: Vec<StepPlan> = Vec::new();
        for plan in plans {
            let same = |other: &StepPlan| {
                let step = match (other.step, plan.step) {
                    (Step::EveryAfterDue(one, _), Step::EveryAfterDue(two, _)) => one == two,
                    (one, two) => one == two,
                };
                step && (other.role, other.clock) == (plan.role, plan.clock)
            };
            if !kept.iter().any(same) {
                kept.push(plan);
            }
        }
        kept
    })
}

pub fn effective() -> impl Strategy<Value = Effective> {
    let day = || prop::option::weighted(0.7, -2i64..6);
    (day(), day(), prop::bool::weighted(0.7)).prop_map(|(from, until, by_now)| {
        let (from, until) = match (from, until) {
            (None, None) => (Some(1), None),
            (Some(from), Some(until)) if until < from => (Some(until), Some(from)),
            other => other,
        };
        Effective {
            from,
            until,
            by_now,
        }
    })
}

fn clock(flavour: Flavour) -> impl Strategy<Value = ClockPlan> {
    let start = prop_oneof![
        2 => Just(Moment::Opened),
        3 => Just(Moment::Begin),
        2 => (0usize..3).prop_map(Moment::First),
        1 => (0usize..3).prop_map(Moment::Last),
        2 => condition(true, true).prop_map(Moment::When),
    ];
    let mode = || {
        select(vec![
            Reopen::Ignore,
            Reopen::Resume,
            Reopen::Counting,
            Reopen::NewCycle,
        ])
    };
    let period = prop_oneof![
        2 => length().prop_map(Period::Exact),
        1 => (1u32..3).prop_map(Period::Days),
        1 => Just(Period::Months(1)),
    ];
    let reopen = (mode(), prop::option::of((period, mode())));
    let retier = select(vec![Retier::Carry, Retier::Retroactive, Retier::Restart]);
    let often = |wanted: Flavour| if flavour == wanted { 0.9 } else { 0.5 };
    let resets = if flavour == Flavour::Cycles {
        0..2usize
    } else {
        0..1usize
    };
    let stop = prop_oneof![
        2 => Just(Trigger::When(Condition::Status(vec![2, 3]))),
        1 => Just(Trigger::When(Condition::Status(vec![2]))),
        2 => trigger(),
    ];
    (
        prop::option::weighted(0.3, start),
        prop::collection::vec(stop, 0..3),
        prop::collection::vec(condition(true, true), 0..2),
        prop::option::weighted(0.2, trigger()),
        prop::collection::vec(trigger(), resets),
        prop::option::weighted(often(Flavour::Cycles), reopen),
        prop::option::weighted(often(Flavour::Tiers), (retier, prop::bool::weighted(0.3))),
    )
        .prop_map(
            |(start, stop, pause, cancel, reset, reopen, retier)| ClockPlan {
                start,
                stop,
                pause,
                cancel: cancel.into_iter().collect(),
                reset,
                reopen,
                retier,
            },
        )
}

pub fn worlds(flavour: Flavour) -> impl Strategy<Value = World> {
    let clocks = prop::collection::vec(clock(flavour), 1..3);
    let calendars = prop::collection::vec(calendar(), 1..3);
    let band = (
        prop::collection::vec((condition(false, false), any::<bool>()), 0..3),
        any::<bool>(),
    );
    (select(PLACES.to_vec()), clocks, calendars, band).prop_flat_map(
        move |((zone, (year, month, day)), clocks, calendars, band)| {
            let (count, width) = (clocks.len(), calendars.len());
            let gaps = std::env::var("GAPS").is_ok();
            let most = if flavour == Flavour::Steps { 6 } else { 3 };
            let branch = move |warnings: bool| {
                (
                    condition(false, true),
                    prop::option::weighted(0.15, effective()),
                    prop::collection::vec(target(width), count),
                    steps(most, count, warnings),
                )
                    .prop_map(|(when, effective, targets, steps)| BranchPlan {
                        when: Some(when),
                        effective,
                        targets,
                        steps,
                    })
            };
            let tiers = prop::collection::vec(branch(true), 1..4);
            let last_tier = if gaps {
                prop::option::weighted(0.8, branch(true)).boxed()
            } else {
                branch(true).prop_map(Some).boxed()
            };
            let route = prop::collection::vec(branch(false), 0..3);
            let last_rule = prop::option::weighted(0.8, branch(false));
            let (clocks, calendars, band) = (clocks.clone(), calendars.clone(), band.clone());
            (tiers, last_tier, route, last_rule).prop_map(
                move |(mut tiers, last_tier, mut route, last_rule)| {
                    let end = |branch: Option<BranchPlan>| {
                        branch.map(|branch| BranchPlan {
                            when: None,
                            effective: None,
                            ..branch
                        })
                    };
                    tiers.extend(end(last_tier));
                    route.extend(end(last_rule));
                    World {
                        zone,
                        middle: NaiveDate::from_ymd_opt(year, month, day).expect("a date"),
                        calendars: calendars.clone(),
                        band: band.clone(),
                        clocks: clocks.clone(),
                        tiers,
                        route,
                        more: String::new(),
                    }
                },
            )
        },
    )
}

/// A case whose instants count from the midnight that begins the middle of its world, in UTC.
#[derive(Clone)]
pub struct CasePlan {
    opened: i64,
    status: usize,
    severity: usize,
    flag: Option<bool>,
    begin: Option<i64>,
    entries: Vec<(Millis, Change)>,
    now: (usize, Millis),
}

fn gap() -> impl Strategy<Value = Millis> {
    prop_oneof![
        2 => Just(0),
        4 => (1i64..90).prop_map(|minutes| minutes * MINUTE),
        4 => (1i64..13).prop_map(|hours| hours * HOUR),
        1 => (1i64..3).prop_map(|days| days * 24 * HOUR),
        1 => (1i64..20_000).prop_map(|seconds| seconds * 1000),
    ]
}

/// A field moment, in minutes from the opening.
fn begin() -> impl Strategy<Value = Millis> {
    prop_oneof![
        2 => (0i64..20).prop_map(|hours| hours * HOUR),
        1 => (-1500i64..3000).prop_map(|minutes| minutes * MINUTE),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let status = prop_oneof![Just(0usize), Just(1), Just(2), Just(2), Just(3), Just(4)];
    let set = |status, severity, flag, begin| Change::Set {
        status,
        severity,
        flag,
        begin,
    };
    prop_oneof![
        3 => (0usize..3).prop_map(Change::Event),
        6 => status.prop_map(move |status| set(Some(status), None, None, None)),
        4 => (0usize..3).prop_map(move |severity| set(None, Some(severity), None, None)),
        1 => prop::option::of(any::<bool>()).prop_map(move |flag| set(None, None, Some(flag), None)),
        1 => prop::option::weighted(0.8, begin()).prop_map(move |begin| set(None, None, None, Some(begin))),
        1 => (0usize..5, 0usize..3).prop_map(move |(status, severity)| set(Some(status), Some(severity), None, None)),
    ]
}

pub fn cases() -> impl Strategy<Value = CasePlan> {
    let opened = prop_oneof![
        3 => (-48i64..48).prop_map(|hours| hours * 60),
        2 => -2880i64..2880,
    ];
    let status = prop_oneof![6 => Just(0usize), 1 => 0usize..5];
    let entries = prop::collection::vec((gap(), change()), 0..9);
    let now = (0usize..10, prop_oneof![1 => Just(0), 2 => gap()]);
    (
        opened,
        status,
        0usize..3,
        prop::option::of(any::<bool>()),
        prop::option::of(begin()),
        entries,
        now,
    )
        .prop_map(
            |(opened, status, severity, flag, begin, entries, now)| CasePlan {
                opened,
                status,
                severity,
                flag,
                begin,
                entries,
                now,
            },
        )
}

impl std::fmt::Debug for CasePlan {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("case")
    }
}

impl CasePlan {
    /// The case in a world, and an instant at which to decide it.
    pub fn log(&self, world: &World) -> (CaseLog, Millis) {
        let midnight = crate::time_walker::local_minute(world.middle) * MINUTE;
        let opened = midnight + self.opened * MINUTE;
        let mut at = opened;
        let mut entries = Vec::new();
        for (gap, change) in &self.entries {
            at = (at + gap).min(opened + 12 * 24 * HOUR);
            let mut change = change.clone();
            if let Change::Set {
                begin: Some(Some(begin)),
                ..
            } = &mut change
            {
                *begin += opened;
            }
            entries.push((at, change));
        }
        let log = CaseLog {
            opened,
            status: self.status,
            severity: self.severity,
            flag: self.flag,
            begin: self.begin.map(|begin| opened + begin),
            entries,
        };
        let base = match log.entries.get(self.now.0) {
            Some((at, _)) => *at,
            None => log.entries.last().map_or(opened, |(at, _)| *at),
        };
        (log, base + self.now.1)
    }
}
