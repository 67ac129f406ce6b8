//! Runs the tests that a policy brings along and says what each expectation found instead.
//!
//! After `eval`; the cases are read by the driver, since a test may expect one to be refused.

use crate::compile::{ExpectKind, NodeId, Program, Test};
use crate::eval::{Answer, ReadValue, ScriptHost, Truth, decide_and_answer};
use crate::message::{Language, Message, message};
use crate::source::Sources;
use crate::time::Instant;
use crate::value::{CaseFile, Value};
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

/// What came of all tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The tests in order.
    pub tests: Vec<Outcome>,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
}

/// What came of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// The line on which it starts.
    pub line: usize,
    /// Whether every expectation was met.
    pub passed: bool,
    /// The expectations that were not.
    pub failures: Vec<Failure>,
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Its text.
    pub expect: Message,
    /// What was found.
    pub got: Message,
}

impl Report {
    /// The same report with its words fixed in a language.
    pub fn in_language(&self, language: Language) -> Report {
        let mut fixed = self.clone();
        for failure in fixed.tests.iter_mut().flat_map(|test| &mut test.failures) {
            failure.expect = failure.expect.fixed(language);
            failure.got = failure.got.fixed(language);
        }
        fixed
    }
}

/// Runs the tests of a program; `read` gives the case of the test at a place.
pub fn run(
    program: &Program,
    scripts: &dyn ScriptHost,
    sources: &Sources,
    read: impl Fn(usize) -> Option<TestCase>,
) -> Report {
    let mut report = Report {
        tests: Vec::new(),
        passed: 0,
        failed: 0,
    };
    for (place, test) in program.tests.iter().enumerate() {
        let failures = match read(place) {
            Some(Ok(case)) => decided(program, scripts, test, &case),
            Some(Err(refused)) => when_refused(test, &refused),
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
    report
}

fn decided(
    program: &Program,
    scripts: &dyn ScriptHost,
    test: &Test,
    case: &CaseFile,
) -> Vec<Failure> {
    let conditions: Vec<NodeId> = test
        .expects
        .iter()
        .filter_map(|expect| match &expect.kind {
            ExpectKind::Condition(condition) => Some(*condition),
            ExpectKind::Refused(_) => None,
        })
        .collect();
    let at = test.at.unwrap_or_else(|| moment(program, case));
    let (_, answers) =
        decide_and_answer(program, &case.case, &case.events, at, scripts, &conditions);
    let mut answers = answers.into_iter();
    let mut failures = Vec::new();
    for expect in &test.expects {
        let got = match &expect.kind {
            ExpectKind::Condition(_) => answers.next().and_then(|answer| unmet(&answer)),
            ExpectKind::Refused(_) => Some(message!("the case is accepted")),
        };
        failures.extend(got.map(|got| Failure {
            expect: Message::verbatim(&expect.text),
            got,
        }));
    }
    failures
}

/// The instant of a test that names none: its last event, or the case's opening.
fn moment(program: &Program, case: &CaseFile) -> Instant {
    if let Some(event) = case.events.last() {
        return event.at;
    }
    match case.case.slots.get(program.opened_at as usize) {
        Some(Some(Value::Instant(at))) => *at,
        // A case that was read has its `opened_at`.
        Some(_) | None => Instant::MIN,
    }
}

/// What was found instead, unless the condition holds.
fn unmet(answer: &Answer) -> Option<Message> {
    if answer.truth.is_true() {
        return None;
    }
    let reads = answer.reads.iter().map(|read| match &read.value {
        ReadValue::Present(value) => message!("{path} is {value}", path = read.path, value),
        ReadValue::Missing => message!("{path} is missing", path = read.path),
    });
    Some(match (answer.reads.is_empty(), answer.truth) {
        (false, _) => Message::list(reads),
        (true, Truth::False) => message!("false"),
        (true, Truth::Unknown) => message!("unknown"),
        (true, Truth::True) => message!("true"),
    })
}

fn when_refused(test: &Test, refused: &Refused) -> Vec<Failure> {
    let mut failures = Vec::new();
    for expect in &test.expects {
        let got = match &expect.kind {
            ExpectKind::Condition(_) => Some(refused.message.clone()),
            ExpectKind::Refused(path) if refused.paths.iter().any(|(wrong, _)| wrong == path) => {
                None
            }
            ExpectKind::Refused(_) if refused.paths.is_empty() => Some(refused.message.clone()),
            ExpectKind::Refused(_) => {
                let wrong = refused.paths.iter().map(|(path, message)| {
                    message!("`{path}` is refused: {message}", path, message)
                });
                wrong.reduce(|before, next| message!("{before}; {next}", before, next))
            }
        };
        failures.extend(got.map(|got| Failure {
            expect: Message::verbatim(&expect.text),
            got,
        }));
    }
    if failures.is_empty() && test.expects.is_empty() {
        failures.push(Failure {
            expect: message!("the case is accepted"),
            got: refused.message.clone(),
        });
    }
    failures
}
