//! Random cases of random policies: records, follow-ups and requirements of each decision against
//! the plain rules.

use super::Millis;
use super::expected::{differences, expected, parts};
use super::log::{CaseLog, shown};
use super::plan::World;
use super::strategies::{CasePlan, cases, worlds};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use serde_json::Value;

/// Cases of each policy, twenty on average.
const CASES: std::ops::RangeInclusive<usize> = 1..=39;

fn config(policies: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: wanted
            .and_then(|text| text.parse().ok())
            .unwrap_or(policies),
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..ProptestConfig::default()
    }
}

fn policy(world: &World) -> Policy {
    match Policy::from_sources(world.files()) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}\n{}", world.shown()),
    }
}

fn decide(policy: &Policy, log: &CaseLog, now: Millis) -> Value {
    let json = log.json();
    let file = match policy.case_from_json(&json) {
        Ok(file) => file,
        Err(refusal) => panic!("{refusal:?}\n{json}"),
    };
    let now = Instant::from_millis(now).expect("in range");
    serde_json::to_value(policy.decide(&file.case, &file.events, now)).expect("a decision prints")
}

/// The policy, the case and what differs, for people.
fn report(world: &World, log: &CaseLog, now: Millis, found: &[String]) -> String {
    format!(
        "{}\n--- case\n{}\n--- at {} ({now})\n{}\n",
        world.shown(),
        log.json(),
        shown(now),
        found.join("\n")
    )
}

/// The instants that are told: ends of periods, due times.
fn told(parts: &Value) -> Vec<Millis> {
    let retention = parts["retention"].as_object().into_iter().flatten();
    let ends = retention.flat_map(|(_, said)| [&said["keep_until"], &said["delete_by"]]);
    let follow_ups = parts["follow_ups"].as_array().into_iter().flatten();
    let dues = follow_ups.map(|said| &said["due"]);
    ends.chain(dues).filter_map(Value::as_i64).collect()
}

fn compare(world: &World, plans: &[CasePlan]) -> Result<(), TestCaseError> {
    let policy = policy(world);
    for plan in plans {
        let (log, now) = plan.log(world);
        let first = parts(&decide(&policy, &log, now));
        let found = differences(&first, &expected(world, &log, now));
        prop_assert!(found.is_empty(), "{}", report(world, &log, now, &found));
        // Around the instants at which something ends.
        for end in told(&first).into_iter().filter(|end| *end > log.opened) {
            for at in [end - 1, end] {
                let said = parts(&decide(&policy, &log, at));
                let found = differences(&said, &expected(world, &log, at));
                prop_assert!(found.is_empty(), "{}", report(world, &log, at, &found));
            }
        }
    }
    Ok(())
}

/// What is decided at an instant does not depend on what comes later, and stays as it is until the
/// decision says that it changes.
fn unmoved(world: &World, plans: &[CasePlan]) -> Result<(), TestCaseError> {
    const LONG: Millis = 3000 * super::DAY;
    let policy = policy(world);
    for plan in plans {
        let (log, now) = plan.log(world);
        let cut = log.cut(now);
        let whole = parts(&decide(&policy, &log, now));
        let decision = decide(&policy, &cut, now);
        let known = parts(&decision);
        let found = differences(&whole, &known);
        prop_assert!(found.is_empty(), "{}", report(world, &log, now, &found));
        let next = decision["next_change_at"]
            .as_str()
            .map(|at| Instant::parse(at).expect("an instant"));
        let still = next.map_or(now + LONG, |next| next.millis() - 1);
        for at in [now + (still - now) / 2, still] {
            let found = differences(&parts(&decide(&policy, &cut, at)), &known);
            prop_assert!(found.is_empty(), "{}", report(world, &cut, at, &found));
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
    fn duties_are_as_the_rules_say(world in worlds(), plans in plans()) {
        compare(&world, &plans)?;
    }

    #[test]
    fn duties_do_not_know_what_comes_later(world in worlds(), plans in plans()) {
        unmoved(&world, &plans)?;
    }
}
