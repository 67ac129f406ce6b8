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

proptest! {
    #![proptest_config(batch(60))]

    #[test]
    fn facts_are_what_trying_every_case_finds(seed in any::<u64>(), schema in 0..SCHEMAS.len()) {
        let sample: Sample = drawn(seed, schema);
        let wrong = disagreements(&sample);
        prop_assert!(wrong.is_empty(), "{:#?}\n{}", wrong, sample.text);
    }
}

/// Policies of which something else was said once.
#[test]
fn what_was_mistaken_once_is_right() {
    // A missing `k` where two fields are compared; a `since` whose values nobody can count; a rule that is true
    // only where its block does not count.
    let known = [
        (13417993183295911863, 3),
        (11696271712712046437, 1),
        (14675282473407304017, 2),
        (9153205577798000199, 2),
    ];
    for (seed, schema) in known {
        let sample: Sample = drawn(seed, schema);
        let wrong = disagreements(&sample);
        assert!(wrong.is_empty(), "{wrong:#?}\n{}", sample.text);
    }
}
