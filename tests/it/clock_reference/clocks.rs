//! Random cases of random policies: the clocks of each decision against the walk.

use super::Millis;
use super::days::Days;
use super::expected::differences;
use super::log::{CaseLog, shown};
use super::plan::World;
use super::strategies::{CasePlan, Flavour, cases, worlds};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use serde_json::Value;

/// Cases of each policy, twenty on average.
const CASES: std::ops::RangeInclusive<usize> = 1..=39;

pub fn config(policies: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: wanted
            .and_then(|text| text.parse().ok())
            .unwrap_or(policies),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

pub fn policy(world: &World) -> Policy {
    match Policy::from_sources(world.files()) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}\n{}", world.shown()),
    }
}

pub fn decide(policy: &Policy, log: &CaseLog, now: Millis) -> Value {
    let json = log.json();
    let file = match policy.case_from_json(&json) {
        Ok(file) => file,
        Err(refusal) => panic!("{refusal:?}\n{json}"),
    };
    let now = Instant::from_millis(now).expect("in range");
    serde_json::to_value(policy.decide(&file.case, &file.events, now)).expect("a decision prints")
}

/// The policy, the case and what differs, for people.
pub fn report(world: &World, log: &CaseLog, now: Millis, found: &[String]) -> String {
    format!(
        "{}\n--- case\n{}\n--- at {} ({now})\n{}\n",
        world.shown(),
        log.json(),
        shown(now),
        found.join("\n")
    )
}

fn compare(world: &World, plans: &[CasePlan]) -> Result<(), TestCaseError> {
    let policy = policy(world);
    let days = Days::new(world);
    for plan in plans {
        let (log, now) = plan.log(world);
        let decision = decide(&policy, &log, now);
        let found = differences(world, &days, &log, now, &decision);
        prop_assert!(found.is_empty(), "{}", report(world, &log, now, &found));
        // Exactly at the first due time or step, if it comes soon.
        let next = decision["next_change_at"]
            .as_str()
            .map(|at| Instant::parse(at).expect("an instant"));
        if let Some(next) = next
            .map(Instant::millis)
            .filter(|next| *next < now + 3 * 86_400_000)
        {
            let decision = decide(&policy, &log, next);
            let found = differences(world, &days, &log, next, &decision);
            prop_assert!(found.is_empty(), "{}", report(world, &log, next, &found));
        }
    }
    Ok(())
}

fn plans() -> impl Strategy<Value = Vec<CasePlan>> {
    prop::collection::vec(cases(), CASES)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn clocks_are_as_the_walk_says(world in worlds(Flavour::Mixed), plans in plans()) {
        compare(&world, &plans)?;
    }

    #[test]
    fn changes_of_tier_are_as_the_walk_says(world in worlds(Flavour::Tiers), plans in plans()) {
        compare(&world, &plans)?;
    }

    #[test]
    fn cycles_are_as_the_walk_says(world in worlds(Flavour::Cycles), plans in plans()) {
        compare(&world, &plans)?;
    }

    #[test]
    fn steps_are_as_the_walk_says(world in worlds(Flavour::Steps), plans in plans()) {
        compare(&world, &plans)?;
    }
}
