//! Results of tests as JUnit XML, which build servers show.

use crate::Policy;
use crate::cli::{language, output};
use crate::suite::Report;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::path::Path;

/// One suite, named like the policy; tests stand under their files. Says no times: they would differ
/// from run to run.
pub(super) fn text(policy: &Policy, report: &Report, folder: &Path) -> String {
    let name = policy.header().name.as_str();
    let mut suite = TestSuite::new(name);
    for test in &report.tests {
        let status = match test.passed {
            true => TestCaseStatus::success(),
            false => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                let failures = test.failures.iter().map(|failure| {
                    let file = output::path_of(folder, &test.file);
                    let got = failure.got.text(language::json());
                    let rules = failure.rules.iter().map(|decider| {
                        let rule = decider.rule.as_deref().unwrap_or("-");
                        format!("\n  {}: {rule}", decider.block)
                    });
                    let rules: String = rules.collect();
                    let (line, expect) = (failure.line, failure.expect.text(language::json()));
                    format!("{file}:{line}: expect {expect}\n  got {got}{rules}")
                });
                let failures: Vec<String> = failures.collect();
                if let Some(first) = test.failures.first() {
                    status.set_message(format!("expect {}", first.expect.text(language::json())));
                }
                status.set_type("test-failed");
                status.set_description(failures.join("\n"));
                status
            }
        };
        let mut case = TestCase::new(test.name.as_str(), status);
        case.set_classname(output::path_of(folder, &test.file));
        case.extra
            .insert("line".into(), test.line.to_string().into());
        suite.add_test_case(case);
    }
    let mut junit = quick_junit::Report::new(name);
    junit.add_test_suite(suite);
    // Only a name that XML cannot hold could fail, and those are filtered.
    junit.to_string().unwrap_or_default()
}
