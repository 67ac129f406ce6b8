//! Runs the tests of a policy: reads their cases and hands them to [`crate::suite`].

use super::policy::Policy;
use crate::suite::{self, Options, Report, TestCase};

/// Runs the tests of a policy, in order of file name and place.
pub fn run_tests(policy: &Policy, options: Options<'_>) -> Report {
    let model = policy.model();
    let reader = policy.reader();
    let read = |place: usize| -> Option<TestCase> {
        let test = model.tests.get(place)?;
        Some(
            reader
                .read_test(&test.case, &test.events, test.at)
                .map_err(|refusal| suite::Refused {
                    message: refusal.message,
                    paths: refusal
                        .fields
                        .into_iter()
                        .map(|field| (field.path, field.message))
                        .collect(),
                }),
        )
    };
    suite::run(
        policy.program(),
        policy.scripts(),
        policy.sources(),
        options,
        read,
    )
}
