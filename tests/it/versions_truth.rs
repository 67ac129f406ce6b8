//! What is said to differ between two versions, held against every case there is: pairs of random
//! policies over a small schema.

use crate::analysis_truth::{batch, cases, policy, read};
use caseway::analysis::{Alike, Side, Version, changes};
use caseway::compile::Strategy as Picks;
use caseway::driver::versions_report;
use caseway::value::{Case, Value};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What a version takes of a classification, and what comes of it.
fn taken(policy: &Policy, case: &Case, place: usize) -> (Side, Option<Value>) {
    let now = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let decision = policy.decide(case, &[], now);
    let block = &policy.program().classifications[place];
    let found = decision
        .classification(&block.named.name)
        .expect("the block");
    let place_of = |name: &&str| {
        let mut rules = block.rules.iter();
        rules
            .position(|rule| rule.named.name == *name)
            .and_then(|at| u32::try_from(at).ok())
    };
    let rules: Vec<u32> = found.rules.iter().filter_map(place_of).collect();
    let side = match (block.strategy, rules.as_slice(), found.value) {
        (Picks::Collect, [], _) => Side::Nothing,
        (Picks::Collect, rules, _) => Side::Rules(rules.to_vec()),
        (_, [rule, ..], _) => Side::Rule(*rule),
        (_, [], Some(_)) => Side::Otherwise,
        (_, [], None) => Side::Nothing,
    };
    (side, found.value.cloned())
}

proptest! {
    #![proptest_config(batch(24))]

    #[test]
    fn changes_are_what_trying_every_case_finds(old in policy(), new in policy()) {
        let (old, new) = (read(&old.text), read(&new.text));
        let all = cases();
        let version = |policy: &'_ Policy| -> (caseway::model::Schema, caseway::compile::Program) {
            (policy.schema().clone(), policy.program().clone())
        };
        let (before, after) = (version(&old), version(&new));
        let found = changes(
            Version { schema: &before.0, program: &before.1 },
            Version { schema: &after.0, program: &after.1 },
            &Alike { calendars: vec![Some(0)], functions: Vec::new() },
        );
        prop_assert_eq!(found.undecided, 0);
        for (place, name) in ["classify.one", "classify.two"].into_iter().enumerate() {
            let pairs: BTreeSet<(Side, Side)> = all
                .iter()
                .filter_map(|case| {
                    let (a, b) = (taken(&old, case, place), taken(&new, case, place));
                    (a.1 != b.1).then_some((a.0, b.0))
                })
                .collect();
            let block = found.blocks.iter().find(|block| block.block == name);
            let said: BTreeSet<(Side, Side)> = block
                .iter()
                .flat_map(|block| &block.changes)
                .map(|change| (change.from.clone(), change.to.clone()))
                .collect();
            let collects = [&old, &new].map(|policy| {
                policy.program().classifications[place].strategy == Picks::Collect
            });
            if collects == [false, false] {
                prop_assert_eq!(said, pairs, "{}", name);
            } else if collects == [true, true] {
                // Each pair told is one that there is, and none is told only if there is none.
                prop_assert!(said.is_subset(&pairs), "{:?} {:?}", said, pairs);
                prop_assert_eq!(said.is_empty(), pairs.is_empty());
            }
        }
        // Every case that shows a change is decided so by both, or the report counts it as unsettled.
        prop_assert_eq!(versions_report(&old, &new).undecided, 0);
    }

    #[test]
    fn a_version_beside_itself_is_no_change(sample in policy()) {
        let policy = read(&sample.text);
        let report = versions_report(&policy, &policy);
        prop_assert!(!report.changed && report.undecided == 0, "{:?}", report.blocks);
    }
}
