//! What is said to be certain of all cases, held against every case there is: small schemas, random
//! policies.

use crate::every_case::disagreements;
use crate::small_policies::{SCHEMAS, Sample, drawn};
use proptest::prelude::*;

/// So many cases, or as many as `PROPTEST_CASES` says.
pub fn batch(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let asked = asked.and_then(|text| text.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(cases))
}

/// So many policies, or as many as `PROPTEST_CASES` says, from the seed on that `CASEWAY_SEED` names: the same
/// ones each time.
fn seeds(count: u64) -> std::ops::Range<u64> {
    let asked = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = asked("CASEWAY_SEED").unwrap_or(0);
    first..first + asked("PROPTEST_CASES").unwrap_or(count)
}

#[test]
fn facts_are_what_trying_every_case_finds() {
    let schemas = u64::try_from(SCHEMAS.len()).expect("few");
    for seed in seeds(60) {
        let schema = usize::try_from(seed % schemas).expect("few");
        let sample: Sample = drawn(seed, schema);
        let wrong = disagreements(&sample);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}\n{}", sample.text);
    }
}

/// Policies of which something else was said once.
#[test]
fn what_was_mistaken_once_is_right() {
    // A missing `k` where two fields are compared; a `since` whose values nobody can count; a rule that is true
    // only where its block does not count; two rules with the same condition, either of which takes a third's cases.
    let known = [
        (13417993183295911863, 3),
        (11696271712712046437, 1),
        (14675282473407304017, 2),
        (9153205577798000199, 2),
        (8129567355976424077, 1),
        (200_419, 3),
    ];
    for (seed, schema) in known {
        let sample: Sample = drawn(seed, schema);
        let wrong = disagreements(&sample);
        assert!(wrong.is_empty(), "{wrong:#?}\n{}", sample.text);
    }
}
