//! Faults planted in policies with many rules are all found, and nothing else is.
//!
//! So many rules as `CASEWAY_RULES` says, or few enough for a quick run.

use crate::large_policies::{Large, Planted};
use crate::small_policies::read;
use caseway::Policy;
use caseway::analysis::{Block, Claim, Facts, Proof, findings, findings_within};
use std::collections::BTreeSet;

fn count() -> usize {
    let asked = std::env::var("CASEWAY_RULES").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(150)
}

/// What is said, by the names of rules and guarantees.
fn said(policy: &Policy, found: &Facts) -> Vec<Planted> {
    for fact in &found.facts {
        if let Claim::NeverMatches(_, parts) = &fact.claim {
            assert_eq!(parts.len(), 2);
        }
    }
    said_or_more(policy, found)
}

/// The same where more parts may be told of what contradicts itself.
fn said_or_more(policy: &Policy, found: &Facts) -> Vec<Planted> {
    let program = policy.program();
    let rule = |block: Block, place: u32| match block {
        Block::Classification(0) => {
            let rule = &program.classifications[0].rules[place as usize];
            rule.named.name.clone()
        }
        other => format!("{other:?} {place}"),
    };
    let facts = found.facts.iter().map(|fact| match &fact.claim {
        Claim::NeverMatches(place, _) => Planted::NeverMatches(rule(fact.block, *place)),
        Claim::UnreachableRule(place, _) => Planted::UnreachableRule(rule(fact.block, *place)),
        Claim::RedundantCondition(place, ..) => {
            Planted::RedundantCondition(rule(fact.block, *place))
        }
        Claim::Gap => Planted::Gap,
        Claim::Conflict(one, other) => {
            Planted::Conflict(rule(fact.block, *one), rule(fact.block, *other))
        }
        Claim::GuaranteeBroken => match fact.block {
            Block::Guarantee(place) => {
                let guarantee = &program.guarantees[place as usize];
                Planted::GuaranteeBroken(guarantee.named.name.clone())
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{:?} {other:?}", fact.block),
    });
    let mut said: Vec<Planted> = facts.collect();
    said.sort();
    said
}

/// Those that are said to take a rule do, as far as its cases are drawn here.
fn takers_take(large: &Large, found: &Facts) {
    for fact in &found.facts {
        if let Claim::UnreachableRule(place, by) = &fact.claim {
            let rule = &large.rules[*place as usize];
            let by: Vec<usize> = by.iter().map(|one| *one as usize).collect();
            assert!(!by.is_empty() && by.iter().all(|one| one < &(*place as usize)));
            for point in rule.cases(100, u64::from(*place)) {
                let taken = by.iter().any(|one| large.rules[*one].is_true(&point));
                assert!(taken, "{} {by:?}", rule.name);
            }
        }
    }
}

fn check(large: &Large, mut planted: Vec<Planted>) {
    let policy = read(&large.text());
    let found = findings(&policy);
    assert_eq!(found.undecided, 0);
    planted.sort();
    assert_eq!(said(&policy, &found), planted);
    takers_take(large, &found);
    let broken = found
        .guarantees
        .iter()
        .filter(|proof| **proof == Proof::Broken);
    let wanted = planted
        .iter()
        .filter(|one| matches!(one, Planted::GuaranteeBroken(_)));
    assert_eq!(broken.count(), wanted.count());
}

#[test]
fn clean_policies_are_clean_and_faults_are_found() {
    for seed in [1, 2] {
        let mut large = Large::clean(count(), seed);
        check(&large, Vec::new());
        let mut planted = large.plant(count() / 30);
        planted.push(large.plant_gap());
        let kinds: BTreeSet<_> = planted
            .iter()
            .map(std::mem::discriminant)
            .map(|kind| format!("{kind:?}"))
            .collect();
        assert_eq!(kinds.len(), 5, "{planted:?}");
        check(&large, planted);
    }
}

#[test]
fn rules_that_exclude_each_other_do_and_conflicts_are_found() {
    let mut large = Large::unique(count(), 3);
    check(&large, Vec::new());
    let planted = large.plant(count() / 30);
    assert!(
        planted
            .iter()
            .any(|one| matches!(one, Planted::Conflict(..)))
    );
    check(&large, planted);
}

/// No case drawn here speaks against what is said of rules that were drawn without any care.
#[test]
fn what_is_said_of_any_rules_is_so_for_drawn_cases() {
    let large = Large::tangled(count(), 4);
    let policy = read(&large.text());
    let found = findings(&policy);
    assert_eq!(found.undecided, 0);
    takers_take(&large, &found);
    let mut counts = [0; 2];
    for fact in &found.facts {
        match fact.claim {
            Claim::NeverMatches(place, _) => {
                counts[0] += 1;
                let rule = &large.rules[place as usize];
                assert!(
                    rule.cases(20, u64::from(place)).is_empty(),
                    "{}",
                    rule.when()
                );
            }
            Claim::UnreachableRule(..) => counts[1] += 1,
            _ => {}
        }
    }
    assert!(counts[0] > 5 && counts[1] > 5, "{counts:?}");
}

/// Where the budget ends, what is said is still so, and the rest is undecided.
#[test]
fn what_is_said_within_any_budget_is_so() {
    let mut large = Large::clean(40, 5);
    let mut planted = large.plant(2);
    planted.push(large.plant_gap());
    planted.sort();
    let policy = read(&large.text());
    let mut counts = BTreeSet::new();
    for budget in (0..).map(|power| 100 * 4u64.pow(power)) {
        let found = findings_within(&policy, budget);
        let said = said_or_more(&policy, &found);
        assert!(said.iter().all(|one| planted.contains(one)), "{said:?}");
        let unsaid = found
            .guarantees
            .iter()
            .filter(|proof| **proof == Proof::Undecided);
        assert!(found.undecided > 0 || unsaid.count() == 0);
        counts.insert(said.len());
        if found.undecided == 0 {
            assert_eq!(said, planted);
            break;
        }
    }
    assert!(counts.len() > 2, "{counts:?}");
}
