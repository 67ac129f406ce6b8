//! What is said to be certain of all cases, held against every case there is: small schemas, random
//! policies.

use caseway::analysis::{Block, Claim};
use caseway::eval::{RuleResult, Site, TracedBlock};
use caseway::value::{Case, Value};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use std::collections::BTreeSet;

const SCHEMA: &str = "case {
  id: text  opened_at: instant
  a: bool
  k: one of { x < y < z }
  n: integer from 0 to 4 optional
  d: decimal(1) from 0.0 to 0.3 default 0.1
  t: set of one of { p, q } default {}
  inner: { b: bool } optional
}
define many = n >= 3
";

/// All cases of the schema, as slots.
pub fn cases() -> Vec<Case> {
    let opened = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let mut all = Vec::new();
    let optional = |values: Vec<Value>| {
        let mut some: Vec<Option<Value>> = values.into_iter().map(Some).collect();
        some.push(None);
        some
    };
    let decimal = |tenths: i128| Value::Decimal(caseway::value::Decimal::new(tenths, 1));
    for a in [false, true] {
        for k in 0..3 {
            for n in optional((0..5).map(Value::Integer).collect()) {
                for d in 0..4 {
                    for t in 0..4u32 {
                        for b in optional(vec![Value::Bool(false), Value::Bool(true)]) {
                            let items = (0..2).filter(|bit| t >> bit & 1 == 1);
                            let items = items.map(Value::Member).collect();
                            all.push(Case {
                                slots: vec![
                                    Some(Value::text("T")),
                                    Some(Value::Instant(opened)),
                                    Some(Value::Bool(a)),
                                    Some(Value::Member(k)),
                                    n.clone(),
                                    Some(decimal(d)),
                                    Some(Value::set(items)),
                                    b,
                                ],
                            });
                        }
                    }
                }
            }
        }
    }
    all
}

fn atom() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("a".to_owned()),
        Just("not a".to_owned()),
        Just("many".to_owned()),
        Just("inner.b".to_owned()),
        Just("inner.b is missing".to_owned()),
        Just("n is present".to_owned()),
        Just("d > 0.15".to_owned()),
        Just("t contains any of { p, q }".to_owned()),
        Just("t contains all of { p, q }".to_owned()),
        (0..4i64).prop_map(|most| format!("count(t) >= {most}")),
        (0..6i64).prop_map(|least| format!("n >= {least}")),
        (0..6i64).prop_map(|number| format!("n is not {number}")),
        (0..6i64, 0..6i64).prop_map(|(a, b)| format!("n between {} and {}", a.min(b), a.max(b))),
        (0..5i64).prop_map(|tenths| format!("d <= 0.{tenths}")),
        prop::sample::select(vec!["x", "y", "z"]).prop_map(|k| format!("k is {k}")),
        prop::sample::select(vec!["x", "y", "z"]).prop_map(|k| format!("k >= {k}")),
        prop::sample::select(vec!["x, y", "y, z", "x", "x, y, z"])
            .prop_map(|set| format!("k not in {{ {set} }}")),
    ]
}

fn condition() -> impl Strategy<Value = Vec<String>> {
    let pair = || {
        (atom(), atom(), any::<bool>()).prop_map(|(a, b, and)| {
            let word = if and { "and" } else { "or" };
            format!("({a} {word} {b})")
        })
    };
    let part =
        prop_oneof![3 => atom(), 2 => pair(), 1 => pair().prop_map(|pair| format!("not {pair}"))];
    prop::collection::vec(part, 1..4)
}

/// A policy, and the conditions of its rules as parts that all have to be true.
#[derive(Clone, Debug)]
pub struct Sample {
    pub text: String,
    blocks: Vec<Vec<Vec<String>>>,
}

/// Two blocks, the second of which reads the first.
pub fn policy() -> impl Strategy<Value = Sample> {
    let rules = || prop::collection::vec((condition(), 0..3usize), 1..6);
    let strategy = || prop::sample::select(vec!["first match", "unique", "highest", "collect"]);
    (
        rules(),
        strategy(),
        any::<bool>(),
        rules(),
        strategy(),
        any::<bool>(),
    )
        .prop_map(|(first, s1, o1, second, s2, o2)| {
            let block = |name: &str,
                         rules: &[(Vec<String>, usize)],
                         strategy: &str,
                         otherwise: bool,
                         more: &str| {
                let mut text =
                    format!("classify {name} as one of {{ l < m < h }} {{\n  {strategy}\n");
                for (place, (when, then)) in rules.iter().enumerate() {
                    let mut when = when.clone();
                    when.extend((place % 2 == 0 && !more.is_empty()).then(|| more.to_owned()));
                    let when = when.join(" and ");
                    let then = ["l", "m", "h"][*then];
                    text.push_str(&format!("  rule r{place} when {when} then {then}\n"));
                }
                if otherwise && strategy != "collect" {
                    text.push_str("  otherwise m\n");
                }
                text + "}\n"
            };
            let reads = match s1 {
                "collect" => "one contains h",
                _ => "one is not m",
            };
            let one = block("one", &first, s1, o1, "");
            let two = block("two", &second, s2, o2, reads);
            let parts = |rules: &[(Vec<String>, usize)], more: &str| {
                let rules = rules.iter().enumerate().map(|(place, (when, _))| {
                    let mut when = when.clone();
                    when.extend((place % 2 == 0 && !more.is_empty()).then(|| more.to_owned()));
                    when
                });
                rules.collect::<Vec<_>>()
            };
            Sample {
                text: format!("{SCHEMA}{one}{two}"),
                blocks: vec![parts(&first, ""), parts(&second, reads)],
            }
        })
}

/// The truth, by trying every case.
fn truth(policy: &Policy, cases: &[Case]) -> BTreeSet<(u32, Claim)> {
    let now = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let mut found = BTreeSet::new();
    let traces: Vec<_> = cases
        .iter()
        .map(|case| policy.trace(case, &[], now))
        .collect();
    let blocks = &policy.program().classifications;
    for (place, block) in (0u32..).zip(blocks) {
        let count = block.rules.len();
        // For each case: which rules are true, and which is taken.
        let rows: Vec<(Vec<bool>, Vec<bool>)> = traces
            .iter()
            .map(|trace| {
                let site = TracedBlock::Site(Site::Classification(place));
                let found = trace.blocks.iter().find(|block| block.block == site);
                let rules = &found.expect("the block").rules[..count];
                (
                    rules
                        .iter()
                        .map(|rule| rule.result == RuleResult::True)
                        .collect(),
                    rules.iter().map(|rule| rule.taken).collect(),
                )
            })
            .collect();
        let first = block.strategy == caseway::compile::Strategy::FirstMatch;
        for rule in 0..count {
            let number = u32::try_from(rule).expect("few");
            if !rows.iter().any(|(fires, _)| fires[rule]) {
                found.insert((place, Claim::NeverMatches(number, Vec::new())));
            } else if first && !rows.iter().any(|(_, taken)| taken[rule]) {
                found.insert((place, Claim::UnreachableRule(number, Vec::new())));
            }
            let always = rows.iter().all(|(fires, _)| fires[rule]);
            if first && always && rule + 1 < count {
                found.insert((place, Claim::AlwaysMatches(number)));
            }
            for other in rule + 1..count {
                let both = rows.iter().any(|(fires, _)| fires[rule] && fires[other]);
                if block.strategy == caseway::compile::Strategy::Unique && both {
                    let other = u32::try_from(other).expect("few");
                    found.insert((place, Claim::Conflict(number, other)));
                }
            }
        }
        let untaken = rows.iter().any(|(fires, _)| !fires.contains(&true));
        match (&block.otherwise, block.strategy) {
            (Some(_), _) if !untaken => {
                found.insert((place, Claim::UnreachableOtherwise));
            }
            (None, caseway::compile::Strategy::Collect) | (Some(_), _) => {}
            (None, _) if untaken => {
                found.insert((place, Claim::Gap));
            }
            (None, _) => {}
        }
    }
    found
}

/// Whether a case without `n` comes out as with no value of it, in a block that never asks whether `n` is
/// missing.
fn unset_by_missing(policy: &Policy, all: &[Case], sample: &Sample, place: usize) -> bool {
    let read = sample.blocks[..=place].iter().flatten().flatten();
    let block = &policy.program().classifications[place];
    let collects = block.strategy == caseway::compile::Strategy::Collect;
    if collects || read.clone().any(|part| part.contains("n is present")) {
        return false;
    }
    let now = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let outcome = |case: &Case| {
        let decision = policy.decide(case, &[], now);
        decision
            .classification(&block.named.name)
            .and_then(|found| found.value.cloned())
    };
    let slot = 4;
    all.iter()
        .filter(|case| case.slots[slot].is_none())
        .any(|case| {
            let without = outcome(case);
            without.is_some()
                && (0..5).all(|n| {
                    let mut with = case.clone();
                    with.slots[slot] = Some(Value::Integer(n));
                    outcome(&with) != without
                })
        })
}

/// Of each rule with parts that can be left out one by one, and of no other: which.
fn left_out(sample: &Sample, all: &[Case]) -> BTreeSet<(u32, u32)> {
    let mut variants = String::from("classify variants as one of { one, other } {\n  collect\n");
    let mut places = Vec::new();
    for (block, rules) in (0u32..).zip(&sample.blocks) {
        for (rule, parts) in (0u32..).zip(rules) {
            for out in 0..parts.len() {
                let mut kept = parts.clone();
                kept.remove(out);
                if !kept.is_empty() {
                    let name = places.len();
                    let (kept, whole) = (kept.join(" and "), parts.join(" and "));
                    variants.push_str(&format!("  rule k{name} when {kept} then one\n"));
                    variants.push_str(&format!("  rule w{name} when {whole} then other\n"));
                    places.push((block, rule));
                }
            }
        }
    }
    variants.push_str("}\n");
    if places.is_empty() {
        return BTreeSet::new();
    }
    let policy = read(&format!("{}{variants}", sample.text));
    let now = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let mut same = vec![true; places.len()];
    let mut ever = vec![false; places.len()];
    for case in all {
        let trace = policy.trace(case, &[], now);
        let site = TracedBlock::Site(Site::Classification(2));
        let found = trace.blocks.iter().find(|block| block.block == site);
        let rules = &found.expect("the block").rules;
        for (place, pair) in rules.chunks(2).take(places.len()).enumerate() {
            let [kept, whole] = [0, 1].map(|at| pair[at].result);
            same[place] &= kept == whole;
            ever[place] |= whole == RuleResult::True;
        }
    }
    let found = places.iter().enumerate();
    let found = found.filter(|(place, _)| same[*place] && ever[*place]);
    found.map(|(_, place)| *place).collect()
}

pub fn read(text: &str) -> Policy {
    let settings =
        "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
    let policy = Policy::from_sources([("caseway.toml", settings), ("p.policy", text)]);
    policy.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// So many cases, or as many as `PROPTEST_CASES` says.
pub fn batch(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let asked = asked.and_then(|text| text.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(cases))
}

proptest! {
    #![proptest_config(batch(24))]

    #[test]
    fn facts_are_what_trying_every_case_finds(sample in policy()) {
        let text = &sample.text;
        let policy = read(text);
        let all = cases();
        let found = caseway::analysis::findings(&policy);
        prop_assert_eq!(found.undecided, 0);
        let mut some_part = BTreeSet::new();
        let (mut said, mut redundant, mut unset) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for fact in &found.facts {
            let Block::Classification(place) = fact.block else { panic!("{fact:?}") };
            said.insert((place, match &fact.claim {
                Claim::UnreachableRule(rule, by) => {
                    prop_assert!(!by.is_empty());
                    Claim::UnreachableRule(*rule, Vec::new())
                }
                Claim::NeverMatches(rule, parts) => {
                    prop_assert!(!parts.is_empty());
                    Claim::NeverMatches(*rule, Vec::new())
                }
                Claim::RedundantCondition(rule, _, list) => {
                    let when = policy.program().classifications[place as usize].rules[*rule as usize].when;
                    let parts = sample.blocks[place as usize][*rule as usize].len();
                    some_part.insert((place, *rule));
                    if *list == when && parts > 1 {
                        redundant.insert((place, *rule));
                    }
                    continue;
                }
                Claim::UnsetByMissing(slot) => {
                    prop_assert_eq!(*slot, 4);
                    unset.insert(place);
                    continue;
                }
                other => other.clone(),
            }));
            // What can be shown is shown by a case of the schema that is decided so.
            if matches!(fact.claim, Claim::Gap | Claim::Conflict(..)) {
                let witness = fact.witness.as_ref().expect("a witness");
                let mut slots = witness.slots.clone();
                slots[0] = Some(Value::text("T"));
                slots[1] = all[0].slots[1].clone();
                prop_assert!(all.iter().any(|case| case.slots == slots), "{:?}", slots);
                let shown = truth(&policy, &[Case { slots }]);
                prop_assert!(shown.contains(&(place, fact.claim.clone())), "{:?} {}", fact, text);
            }
        }
        prop_assert_eq!(said, truth(&policy, &all), "{}", text);
        let same = left_out(&sample, &all);
        prop_assert!(redundant.is_subset(&same), "{:?} {:?} {}", redundant, same, text);
        prop_assert!(same.is_subset(&some_part), "{:?} {:?} {}", same, some_part, text);
        let missing: BTreeSet<u32> = (0..2)
            .filter(|place| unset_by_missing(&policy, &all, &sample, *place as usize))
            .collect();
        prop_assert_eq!(unset, missing, "{}", text);
    }
}
