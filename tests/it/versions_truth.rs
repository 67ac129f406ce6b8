//! What is said to differ between two versions, held against every case there is: pairs of random
//! policies over small schemas.

use crate::analysis_truth::batch;
use crate::small_policies::{SCHEMAS, cases, drawn, now, read};
use caseway::Policy;
use caseway::analysis::{Alike, Side, Version, changes};
use caseway::compile::Strategy as Picks;
use caseway::driver::versions_report;
use caseway::value::{Case, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What a version takes of a classification, and what comes of it.
fn taken(policy: &Policy, case: &Case, place: usize) -> (Side, Option<Value>) {
    let decision = policy.decide(case, &[], now());
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
    fn changes_are_what_trying_every_case_finds(seeds in any::<[u64; 2]>(), schema in 0..SCHEMAS.len()) {
        let [old, new] = seeds.map(|seed| read(&drawn(seed, schema).text));
        let all = cases(&new);
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
    fn a_version_beside_itself_is_no_change(seed in any::<u64>(), schema in 0..SCHEMAS.len()) {
        let policy = read(&drawn(seed, schema).text);
        let report = versions_report(&policy, &policy);
        prop_assert!(!report.changed && report.undecided == 0, "{:?}", report.blocks);
    }
}
