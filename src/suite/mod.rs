//! Runs the tests that a policy brings along, says what each expectation found instead, and counts
//! what the tests reach.
//!
//! After `eval`; the cases are read by the driver, since a test may expect one to be refused.

mod coverage;
mod expectation;
mod lcov;

pub use coverage::{
    AtomCoverage, BlockCoverage, Coverage, CoveredKind, RuleCoverage, Share, Shares,
};
pub use expectation::{Decider, Failure};
pub use lcov::lcov;

use crate::compile::{Program, Test};
use crate::eval::ScriptHost;
use crate::message::{Language, Message};
use crate::source::Sources;
use crate::time::Instant;
use crate::value::{CaseFile, Value};
use coverage::Counter;
use serde::Serialize;

/// The case of a test: read, or refused.
pub type TestCase = Result<CaseFile, Refused>;

/// Why a test's case was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// One sentence.
    pub message: Message,
    /// The paths that are wrong, each with what is wrong.
    pub paths: Vec<(String, Message)>,
}

/// Which tests run, and what is counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Only tests whose name contains this, big and small letters alike.
    pub filter: Option<&'a str>,
    /// Whether to count what the tests reach.
    pub coverage: bool,
}

/// What came of all tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The tests in order.
    pub tests: Vec<Outcome>,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many the filter left out; none without a filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<usize>,
    /// What they reach, when that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

/// What came of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// The line on which it starts, from 1.
    pub line: usize,
    /// Whether every expectation was met.
    pub passed: bool,
    /// The expectations that were not.
    pub failures: Vec<Failure>,
}

impl Report {
    /// The same with its words fixed in a language.
    pub fn in_language(&self, language: Language) -> Report {
        let mut fixed = self.clone();
        for test in &mut fixed.tests {
            for failure in &mut test.failures {
                failure.expect = failure.expect.fixed(language);
                failure.got = failure.got.fixed(language);
            }
        }
        fixed
    }
}

/// Runs the tests of a program; `read` gives the case of the test at a place.
pub fn run(
    program: &Program,
    scripts: &dyn ScriptHost,
    sources: &Sources,
    options: Options<'_>,
    read: impl Fn(usize) -> Option<TestCase>,
) -> Report {
    let mut report = Report {
        tests: Vec::new(),
        passed: 0,
        failed: 0,
        left_out: options.filter.map(|_| 0),
        coverage: None,
    };
    let filter = options.filter.map(str::to_lowercase);
    let mut counter = options.coverage.then(|| Counter::new(program));
    for (place, test) in program.tests.iter().enumerate() {
        let wanted = filter
            .as_ref()
            .is_none_or(|filter| test.name.to_lowercase().contains(filter));
        if !wanted {
            report.left_out = report.left_out.map(|count| count + 1);
            continue;
        }
        let failures = match read(place) {
            Some(Ok(case)) => {
                let at = moment(program, test, &case);
                if let Some(counter) = &mut counter {
                    counter.count(&case, at, scripts);
                }
                expectation::decided(program, scripts, sources, test, &case, at)
            }
            Some(Err(refused)) => expectation::when_refused(sources, test, &refused),
            None => Vec::new(),
        };
        let source = sources.get(test.span.source);
        let outcome = Outcome {
            name: test.name.clone(),
            file: sources.name(test.span).to_owned(),
            line: source.map_or(0, |source| source.position(test.span.start as usize).line),
            passed: failures.is_empty(),
            failures,
        };
        if outcome.passed {
            report.passed += 1;
        } else {
            report.failed += 1;
        }
        report.tests.push(outcome);
    }
    report.coverage = counter.map(|counter| counter.coverage(sources));
    report
}

/// The instant of a test: its own, else its last event, else the case's opening.
fn moment(program: &Program, test: &Test, case: &CaseFile) -> Instant {
    let last = || case.events.last().map(|event| event.at);
    if let Some(at) = test.at.or_else(last) {
        return at;
    }
    match case.case.slots.get(program.opened_at as usize) {
        Some(Some(Value::Instant(at))) => *at,
        // A case that was read has its `opened_at`.
        Some(_) | None => Instant::MIN,
    }
}
