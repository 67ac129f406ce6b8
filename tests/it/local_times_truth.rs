//! What is said to be certain of days of the week and times of day, held against every half hour of three
//! weeks in which clocks are changed: random policies in several zones.

use crate::analysis_truth::batch;
use caseway::analysis::{Block, Claim, Fact};
use caseway::eval::{RuleResult, Site, TracedBlock};
use caseway::value::{Case, Value};
use caseway::{Duration, Instant, Policy};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A zone, and the first instant of the window.
const WINDOWS: [(&str, &str); 5] = [
    ("Asia/Shanghai", "2026-03-20T00:00:00+08:00"),
    ("Europe/London", "2026-03-19T00:00:00Z"),
    ("Europe/London", "2026-10-15T00:00:00Z"),
    ("Australia/Lord_Howe", "2026-03-26T13:00:00Z"),
    ("America/Santiago", "2026-03-27T03:00:00Z"),
];
const HALF_HOUR: i64 = 1_800_000;
/// Half hours of the window.
const HALF_HOURS: i64 = 20 * 48;

fn atom() -> impl Strategy<Value = Atom> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let order = || prop::sample::select(vec!["<", "<=", ">", ">="]);
    prop_oneof![
        prop::sample::subsequence(days.to_vec(), 1..6)
            .prop_map(|days| Atom::Text(format!("weekday of seen in {{ {} }}", days.join(", ")))),
        (order(), 0..48i64).prop_map(|(order, half)| {
            Atom::Text(format!(
                "time of seen {order} {:02}:{:02}",
                half / 2,
                half % 2 * 30
            ))
        }),
        (0..46i64, 1..12i64).prop_map(|(from, length)| {
            let to = (from + length).min(47);
            Atom::Text(format!(
                "time of seen between {:02}:{:02} and {:02}:{:02}",
                from / 2,
                from % 2 * 30,
                to / 2,
                to % 2 * 30
            ))
        }),
        (order(), 0..HALF_HOURS).prop_map(|(order, half)| Atom::At(order, half)),
        (0..19i64).prop_map(Atom::Date),
    ]
}

/// A condition on the instant; constants of the window are counted from its first instant.
#[derive(Clone, Debug)]
enum Atom {
    Text(String),
    At(&'static str, i64),
    Date(i64),
}

impl Atom {
    fn text(&self, start: Instant, zone: caseway::time::Zone) -> String {
        let after = |half: i64| {
            let length = Duration::from_millis(half * HALF_HOUR);
            start.plus(length).expect("an instant")
        };
        match self {
            Atom::Text(text) => text.clone(),
            Atom::At(order, half) => format!("seen {order} {}", after(*half).format(zone)),
            Atom::Date(days) => format!("date of seen is {}", after(days * 48).date(zone)),
        }
    }
}

fn part() -> impl Strategy<Value = (Vec<Atom>, bool)> {
    (prop::collection::vec(atom(), 1..3), any::<bool>())
}

proptest! {
    #![proptest_config(batch(30))]

    #[test]
    fn facts_are_what_trying_every_half_hour_finds(
        window in 0..WINDOWS.len(),
        rules in prop::collection::vec(prop::collection::vec(part(), 1..4), 1..5),
    ) {
        let (name, start) = WINDOWS[window];
        let zone = caseway::time::Zone::parse(name).expect("a zone");
        let start = Instant::parse(start).expect("an instant");
        let end = start.plus(Duration::from_millis(HALF_HOURS * HALF_HOUR)).expect("an instant");
        let mut text = format!(
            "case {{ id: text opened_at: instant seen: instant from {} to {} }}
             classify one as one of {{ yes, no }} {{ first match\n",
            start.format(zone),
            end.format(zone)
        );
        for (place, parts) in rules.iter().enumerate() {
            let parts = parts.iter().map(|(atoms, negated)| {
                let atoms: Vec<String> = atoms.iter().map(|atom| atom.text(start, zone)).collect();
                let joined = format!("({})", atoms.join(" or "));
                if *negated { format!("not {joined}") } else { joined }
            });
            let when = parts.collect::<Vec<_>>().join(" and ");
            text.push_str(&format!("  rule r{place} when {when} then yes\n"));
        }
        text.push_str("}\n");
        let settings = format!(
            "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"{name}\"\n"
        );
        let policy = Policy::from_sources([("caseway.toml", settings.as_str()), ("p.policy", &text)]);
        let policy = policy.unwrap_or_else(|error| panic!("{error}\n{text}"));
        let found = caseway::analysis::findings(&policy);
        prop_assert_eq!(found.undecided, 0);
        let told = |fact: &Fact| match (&fact.block, &fact.claim) {
            (Block::Classification(0), Claim::NeverMatches(rule, parts)) => {
                assert!(!parts.is_empty());
                Some(format!("never {rule}"))
            }
            (_, Claim::UnreachableRule(rule, by)) => {
                assert!(!by.is_empty());
                Some(format!("unreachable {rule}"))
            }
            (_, Claim::Gap) => {
                let witness = fact.witness.as_ref().expect("a witness");
                assert!(witness.assumes.is_empty(), "{fact:?}");
                let Some(Some(Value::Instant(at))) = witness.slots.last() else {
                    panic!("{fact:?}");
                };
                assert!(fires(&policy, *at).iter().all(|fires| !fires), "{at:?} {text}");
                Some("gap".to_owned())
            }
            _ => None,
        };
        let said: BTreeSet<String> = found.facts.iter().filter_map(told).collect();
        // Strict comparisons part an instant from the next one.
        let instants = (0..HALF_HOURS).flat_map(|half| [half * HALF_HOUR, half * HALF_HOUR + 1]);
        let instants = instants.chain([HALF_HOURS * HALF_HOUR]);
        let rows: Vec<Vec<bool>> = instants
            .map(|millis| fires(&policy, start.plus(Duration::from_millis(millis)).expect("an instant")))
            .collect();
        let mut truth = BTreeSet::new();
        for rule in 0..rules.len() {
            let first = |row: &Vec<bool>| row[rule] && row[..rule].iter().all(|fires| !fires);
            if !rows.iter().any(|row| row[rule]) {
                truth.insert(format!("never {rule}"));
            } else if !rows.iter().any(first) {
                truth.insert(format!("unreachable {rule}"));
            }
        }
        if rows.iter().any(|row| row.iter().all(|fires| !fires)) {
            truth.insert("gap".to_owned());
        }
        prop_assert_eq!(said, truth, "{}", text);
    }
}

/// Which rules are true of a case with an instant.
fn fires(policy: &Policy, at: Instant) -> Vec<bool> {
    let case = Case {
        slots: vec![
            Some(Value::text("T")),
            Some(Value::Instant(at)),
            Some(Value::Instant(at)),
        ]
        .into(),
    };
    let trace = policy.trace(&case, &[], at);
    let site = TracedBlock::Site(Site::Classification(0));
    let found = trace.blocks.iter().find(|block| block.block == site);
    let rules = &found.expect("the block").rules;
    rules
        .iter()
        .map(|rule| rule.result == RuleResult::True)
        .collect()
}
