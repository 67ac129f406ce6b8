//! Random worlds and cases. Worlds lie around days on which clocks change or months end, and many
//! periods of their cases end there.

use super::condition::{Atom, Condition, Content, FIELDS, Field, Moment};
use super::log::{CaseLog, Change};
use super::plan::{
    Bound, CalendarPlan, Effective, FollowUpPlan, INSTANTS, Period, RetainPlan, Then, Within, World,
};
use super::{DAY, HOUR, MINUTE, Millis};
use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PLACES: [(&str, (i32, u32, u32)); 19] = [
    ("UTC", (2024, 2, 29)),
    ("UTC", (2026, 1, 31)),
    ("Asia/Shanghai", (2026, 2, 28)),
    ("Asia/Shanghai", (2026, 8, 31)),
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
    ("America/St_Johns", (2006, 10, 29)),
    ("Africa/Cairo", (2024, 4, 26)),
];

/// Days by which cases lie before the middle of their world, and which periods lead back.
const DISTANCES: [u32; 14] = [1, 2, 7, 28, 29, 30, 31, 59, 61, 90, 92, 181, 365, 366];

/// Atoms; those of classifications and events only where they are `wide`.
fn atom(wide: bool) -> BoxedStrategy<Atom> {
    let members = || subsequence(vec![0usize, 1, 2], 1..3);
    let field = || select(FIELDS[1..].to_vec());
    let mut leaves = vec![
        subsequence(vec![0usize, 1, 2, 3], 1..4)
            .prop_map(|members| Atom::Is(Field::Status, members))
            .boxed(),
        members()
            .prop_map(|members| Atom::Is(Field::Kind, members))
            .boxed(),
        members()
            .prop_map(|members| Atom::Is(Field::Level, members))
            .boxed(),
        (1usize..3).prop_map(Atom::LevelAtLeast).boxed(),
        Just(Atom::Flag).boxed(),
        (0i64..10).prop_map(Atom::AmountAtLeast).boxed(),
        members().prop_map(Atom::ContainsAll).boxed(),
        members().prop_map(Atom::ContainsAny).boxed(),
        field().prop_map(Atom::Missing).boxed(),
        field().prop_map(Atom::Present).boxed(),
        Just(Atom::BeginsFirst).boxed(),
        (0usize..3).prop_map(Atom::Happened).boxed(),
    ];
    if wide {
        leaves.push((0usize..2).prop_map(Atom::Band).boxed());
        leaves.push(Just(Atom::Is(Field::Status, vec![3])).boxed());
        leaves.push(Just(Atom::Is(Field::Status, vec![2, 3])).boxed());
    }
    prop::strategy::Union::new(leaves).boxed()
}

fn deep(leaf: BoxedStrategy<Condition>) -> BoxedStrategy<Condition> {
    leaf.prop_recursive(3, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone(), any::<bool>());
        prop_oneof![
            1 => inner.prop_map(|inner| Condition::Not(Box::new(inner))),
            2 => two.prop_map(|(one, two, both)| {
                let (one, two) = (Box::new(one), Box::new(two));
                if both { Condition::Both(one, two) } else { Condition::Either(one, two) }
            }),
        ]
    })
    .boxed()
}

fn condition(wide: bool, defines: &[Condition]) -> BoxedStrategy<Condition> {
    let leaf = atom(wide).prop_map(Condition::Atom).boxed();
    let numbered: Vec<(usize, Condition)> = defines.iter().cloned().enumerate().collect();
    let leaf = if numbered.is_empty() {
        leaf
    } else {
        let defined = select(numbered);
        let defined =
            defined.prop_map(|(number, inner)| Condition::Defined(number, Box::new(inner)));
        prop_oneof![6 => leaf, 1 => defined].boxed()
    };
    prop_oneof![2 => leaf.clone(), 1 => deep(leaf)].boxed()
}

/// Conditions over fields alone, as definitions and classifications may ask them.
fn of_fields() -> impl Strategy<Value = Condition> {
    let no_event = |atom: Atom| match atom {
        Atom::Happened(_) => Atom::Flag,
        other => other,
    };
    deep(
        atom(false)
            .prop_map(no_event)
            .prop_map(Condition::Atom)
            .boxed(),
    )
}

fn length() -> impl Strategy<Value = Millis> {
    prop_oneof![
        3 => (1i64..13).prop_map(|hours| hours * HOUR),
        2 => (1i64..2000).prop_map(|minutes| minutes * MINUTE),
        1 => (1i64..10_000).prop_map(|seconds| seconds * 1000),
        1 => select(DISTANCES.to_vec()).prop_map(|days| i64::from(days) * DAY),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    prop_oneof![
        1 => length().prop_map(Period::Exact),
        2 => select(DISTANCES.to_vec()).prop_map(Period::Days),
        3 => select(vec![1u32, 2, 3, 5, 6, 11, 13]).prop_map(Period::Months),
        2 => (1u32..4).prop_map(|years| Period::Months(years * 12)),
    ]
}

fn moment(defines: &[Condition]) -> impl Strategy<Value = Moment> + use<> {
    prop_oneof![
        2 => Just(Moment::Opened),
        3 => select(INSTANTS.to_vec()).prop_map(Moment::Field),
        1 => (0usize..3).prop_map(Moment::First),
        2 => (0usize..3).prop_map(Moment::Last),
        3 => condition(true, defines).prop_map(Moment::When),
    ]
}

fn effective() -> impl Strategy<Value = Option<Effective>> {
    let day = || prop::option::weighted(0.7, prop_oneof![-2i64..6, -80i64..40]);
    let effective = (day(), day(), any::<bool>()).prop_map(|(from, until, by_now)| {
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
    });
    prop::option::weighted(0.15, effective)
}

fn retain(defines: &[Condition]) -> impl Strategy<Value = RetainPlan> + use<> {
    let bound = || {
        (period(), prop::bool::weighted(0.25))
            .prop_map(|(period, excluding)| Bound { period, excluding })
    };
    let bounds = prop_oneof![
        2 => bound().prop_map(|keep| (Some(keep), None)),
        1 => bound().prop_map(|delete| (None, Some(delete))),
        2 => (bound(), bound()).prop_map(|(keep, delete)| (Some(keep), Some(delete))),
    ];
    let then = prop_oneof![
        2 => (0usize..2).prop_map(Then::Review),
        1 => Just(Then::Destroy),
        1 => Just(Then::Anonymise),
        1 => Just(Then::Archive),
    ];
    (
        prop_oneof![3 => Just(0usize), 1 => Just(1)],
        any::<bool>(),
        prop::option::weighted(0.6, condition(true, defines)),
        effective(),
        moment(defines),
        bounds,
        prop::option::weighted(0.45, then),
    )
        .prop_map(
            |(record, label, when, effective, from, (keep, delete), then)| RetainPlan {
                record,
                label,
                when,
                effective,
                from,
                keep,
                delete,
                then,
            },
        )
}

fn follow_up(
    defines: &[Condition],
    calendars: usize,
) -> impl Strategy<Value = FollowUpPlan> + use<> {
    let within = prop_oneof![
        3 => period().prop_map(Within::Period),
        2 => (length(), 0..calendars).prop_map(|(length, calendar)| Within::Open(length % (5 * DAY) + MINUTE, calendar)),
        2 => (1u32..8, 0..calendars).prop_map(|(days, calendar)| Within::WorkingDays(days, calendar)),
    ];
    let done = prop_oneof![
        2 => subsequence(vec![0usize, 1, 2], 1..3).prop_map(|on| (on, None)),
        1 => condition(true, defines).prop_map(|when| (vec![], Some(when))),
        1 => (0usize..3, condition(true, defines)).prop_map(|(on, when)| (vec![on], Some(when))),
    ];
    (
        0usize..3,
        condition(true, defines),
        effective(),
        within,
        prop::option::weighted(0.4, moment(defines)),
        done,
    )
        .prop_map(
            |(by, when, effective, within, of, (done_on, done_when))| FollowUpPlan {
                by,
                when,
                effective,
                within,
                of,
                done_on,
                done_when,
            },
        )
}

fn calendar() -> impl Strategy<Value = CalendarPlan> {
    let bound = prop_oneof![2 => (0u32..96).prop_map(|quarter| quarter * 15), 1 => 0u32..1440];
    let bounds = prop::collection::btree_set(bound, 2..5);
    let spans = prop_oneof![
        2 => Just(vec![(540, 720), (780, 1080)]),
        1 => Just(vec![(0, 1440)]),
        3 => bounds.prop_map(|bounds| {
            let bounds: Vec<u32> = bounds.into_iter().collect();
            bounds.chunks_exact(2).map(|two| (two[0], two[1])).collect()
        }),
    ];
    let weekdays = prop_oneof![
        2 => Just((0usize..5).collect::<Vec<usize>>()),
        1 => Just((0usize..7).collect()),
        2 => subsequence(vec![0usize, 1, 2, 3, 4, 5, 6], 1..7),
    ];
    let covers = (
        prop_oneof![-400i64..-300, -80i64..0],
        prop_oneof![0i64..30, 300i64..1500],
    );
    (
        prop_oneof![6 => Just(None), 1 => Just(Some("UTC")), 1 => Just(Some("Asia/Shanghai"))],
        weekdays,
        spans,
        prop::collection::btree_set(-20i64..20, 0..4),
        prop::option::weighted(0.3, covers),
    )
        .prop_map(|(zone, weekdays, spans, off, covers)| CalendarPlan {
            zone,
            weekdays,
            spans,
            off: off
                .into_iter()
                .filter(|day| covers.is_none_or(|(first, last)| first <= *day && *day <= last))
                .collect(),
            covers,
        })
}

pub fn worlds() -> impl Strategy<Value = World> {
    let defines = prop::collection::vec(of_fields(), 0..3);
    let calendars = prop::collection::vec(calendar(), 1..3);
    let band = (
        prop::collection::vec((of_fields(), 0usize..2, effective()), 0..3),
        any::<bool>(),
    );
    (select(PLACES.to_vec()), defines, calendars, band).prop_flat_map(
        |((zone, (year, month, day)), defines, calendars, band)| {
            let hold = (0usize..2, condition(true, &defines));
            let require = (condition(true, &defines), condition(false, &defines));
            (
                prop::collection::vec(retain(&defines), 0..5),
                prop::collection::vec(hold, 0..2),
                prop::collection::vec(follow_up(&defines, calendars.len()), 0..4),
                prop::collection::vec(require, 0..4),
            )
                .prop_map(move |(retains, holds, follow_ups, requires)| World {
                    zone,
                    middle: NaiveDate::from_ymd_opt(year, month, day).expect("a date"),
                    calendars: calendars.clone(),
                    defines: defines.clone(),
                    band: band.clone(),
                    retains,
                    holds,
                    follow_ups,
                    requires,
                })
        },
    )
}

/// A case whose instants count from the midnight that begins the middle of its world, in UTC.
#[derive(Clone)]
pub struct CasePlan {
    opened: Millis,
    values: [Option<Content>; 8],
    entries: Vec<(Millis, Change)>,
    now: (usize, Millis),
}

fn gap() -> impl Strategy<Value = Millis> {
    prop_oneof![
        3 => Just(0),
        2 => (1i64..90).prop_map(|minutes| minutes * MINUTE),
        2 => (1i64..13).prop_map(|hours| hours * HOUR),
        2 => select(DISTANCES[..9].to_vec()).prop_map(|days| i64::from(days) * DAY),
        1 => (1i64..20_000_000).prop_map(|millis| millis),
    ]
}

/// A value; instants count from the opening.
fn content(field: Field) -> BoxedStrategy<Content> {
    let far = prop_oneof![
        2 => (-40i64..40).prop_map(|hours| hours * HOUR),
        2 => (-400i64..400).prop_map(|days| days * DAY),
        1 => -90_000_000i64..90_000_000,
    ];
    match field {
        Field::Status => (0usize..4).prop_map(Content::Word).boxed(),
        Field::Kind | Field::Level => (0usize..3).prop_map(Content::Word).boxed(),
        Field::Flag => any::<bool>().prop_map(Content::Yes).boxed(),
        Field::Amount => (0i64..10).prop_map(Content::Whole).boxed(),
        Field::Parts => prop::collection::btree_set(0usize..3, 0..4)
            .prop_map(Content::Words)
            .boxed(),
        Field::Begin | Field::Ended => far.prop_map(Content::At).boxed(),
    }
}

fn setting(field: Field) -> BoxedStrategy<(Field, Option<Content>)> {
    let content = content(field);
    let content = if field == Field::Status {
        content.prop_map(Some).boxed()
    } else {
        prop::option::weighted(0.8, content).boxed()
    };
    content.prop_map(move |content| (field, content)).boxed()
}

fn change() -> impl Strategy<Value = Change> {
    let one = || prop_oneof![1 => setting(Field::Status), 2 => select(FIELDS.to_vec()).prop_flat_map(setting)];
    prop_oneof![
        4 => (0usize..3).prop_map(Change::Event),
        6 => one().prop_map(|one| Change::Set(vec![one])),
        1 => (setting(Field::Status), setting(Field::Amount)).prop_map(|(one, two)| Change::Set(vec![one, two])),
    ]
}

pub fn cases() -> impl Strategy<Value = CasePlan> {
    let back = prop_oneof![2 => Just(0u32), 5 => select(DISTANCES.to_vec()), 1 => 0u32..800];
    let time = prop_oneof![
        3 => (-28i64..28).prop_map(|half| half * 30 * MINUTE),
        2 => (-1440i64..1440).prop_map(|minutes| minutes * MINUTE),
        1 => -90_000_000i64..90_000_000,
    ];
    let opened = (back, time).prop_map(|(back, time)| time - i64::from(back) * DAY);
    let field = |field: Field| prop::option::weighted(0.7, content(field));
    let values = (
        (0usize..4).prop_map(|word| Some(Content::Word(word))),
        field(Field::Kind),
        field(Field::Level),
        field(Field::Flag),
        field(Field::Amount),
        field(Field::Parts),
        field(Field::Begin),
        field(Field::Ended),
    );
    let values = values.prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h]);
    let after = prop_oneof![2 => gap(), 1 => (0i64..1200).prop_map(|days| days * DAY)];
    let entries = prop::collection::vec((gap(), change()), 0..9);
    (opened, values, entries, (0usize..10, after)).prop_map(|(opened, values, entries, now)| {
        CasePlan {
            opened,
            values,
            entries,
            now,
        }
    })
}

impl std::fmt::Debug for CasePlan {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("case")
    }
}

/// Instants count from the opening.
fn shift(content: &mut Option<Content>, opened: Millis) {
    if let Some(Content::At(at)) = content {
        *at += opened;
    }
}

impl CasePlan {
    /// The case in a world, and an instant at which to decide it.
    pub fn log(&self, world: &World) -> (CaseLog, Millis) {
        let opened = world.start() + self.opened;
        let mut at = opened;
        let mut entries = Vec::new();
        for (gap, change) in &self.entries {
            at += gap;
            let mut change = change.clone();
            if let Change::Set(changes) = &mut change {
                for (_, content) in changes {
                    shift(content, opened);
                }
            }
            entries.push((at, change));
        }
        let mut values = self.values.clone();
        for content in &mut values {
            shift(content, opened);
        }
        let log = CaseLog {
            opened,
            values,
            entries,
        };
        let base = match log.entries.get(self.now.0) {
            Some((at, _)) => *at,
            None => log.entries.last().map_or(opened, |(at, _)| *at),
        };
        (log, base + self.now.1)
    }
}
