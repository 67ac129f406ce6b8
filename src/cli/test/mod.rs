//! `caseway test`: the policy's own tests, and what they reach.

mod coverage;
mod junit;

use super::failure::{Failure, eprint_all};
use super::{Answer, Format, Global, findings, language, output};
use crate::Policy;
use crate::driver::{self, Output};
use crate::message::{Message, message};
use crate::suite::{Coverage, Options, Report, lcov};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Run the policy's own tests
#[derive(Debug, Args)]
pub(super) struct Test {
    /// The policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum)]
    format: Option<TestFormat>,
    /// Run only tests with this in their names
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Tell which rules and conditions the tests reach
    #[arg(long)]
    coverage: bool,
    /// Exit with 1 when the tests reach fewer of the rules
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
    /// Print a small suite of tests made of the policy, and run none
    #[arg(long, conflicts_with_all = ["format", "filter", "coverage", "min_coverage", "lcov"])]
    generate: bool,
    /// Write the coverage to this file as an lcov tracefile
    #[arg(long, value_name = "FILE")]
    lcov: Option<PathBuf>,
}

/// The form of the results of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TestFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// JUnit XML, for build servers
    Junit,
}

impl Test {
    /// The form in which a failure of the command is told.
    pub(super) fn failure_format(&self) -> Option<Format> {
        self.format.map(|format| match format {
            TestFormat::Json => Format::Json,
            TestFormat::Text | TestFormat::Junit => Format::Text,
        })
    }

    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let folder = global.folder(self.dir.as_deref())?;
        let policy = Policy::load(&folder)?;
        if self.generate {
            output::print(&driver::generated_tests(&policy)).map_err(Failure::from_stdout)?;
            return Ok(Answer::Yes);
        }
        let options = Options {
            filter: self.filter.as_deref(),
            coverage: self.coverage || self.min_coverage.is_some() || self.lcov.is_some(),
        };
        let report = driver::run_tests(&policy, options);
        if let Some(filter) = self.filter.as_ref().filter(|_| report.tests.is_empty()) {
            let message = message!("no test has `{filter}` in its name", filter);
            return Err(Failure::Usage(message));
        }
        let text = match self.format.unwrap_or(TestFormat::Text) {
            TestFormat::Json => {
                let report = report.in_language(language::json());
                format!("{}\n", serde_json::to_string(&report).unwrap_or_default())
            }
            TestFormat::Junit => junit::text(&policy, &report, &folder),
            TestFormat::Text => text(&policy, &report),
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        if let (Some(path), Some(coverage)) = (&self.lcov, &report.coverage) {
            write_lcov(coverage, &folder, path)?;
        }
        let covered = self.covers_enough(report.coverage.as_ref());
        Ok(if report.failed == 0 && covered {
            Answer::Yes
        } else {
            Answer::No
        })
    }

    /// Whether the tests reach as many rules as they have to; tells it if they do not.
    fn covers_enough(&self, coverage: Option<&Coverage>) -> bool {
        let (Some(least), Some(coverage)) = (self.min_coverage, coverage) else {
            return true;
        };
        let rules = coverage.shares.rules;
        let percent = rules.percent();
        let enough = percent >= usize::from(least);
        if !enough {
            let told = message!(
                "the tests reach {covered} of {total} rules, {percent} %; {least} % are asked for",
                covered = rules.covered,
                total = rules.total,
                percent,
                least
            );
            eprint_all(&format!("{}\n", language::say(&told)));
        }
        enough
    }
}

fn write_lcov(coverage: &Coverage, folder: &Path, path: &Path) -> Result<(), Failure> {
    let text = lcov(coverage, |file| output::path_of(folder, file));
    let written = Output::create(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.finish()
    });
    written.map_err(|error| Failure::unwritable(path, &error))
}

/// The results for people.
fn text(policy: &Policy, report: &Report) -> String {
    let terminal = output::stdout_is_terminal();
    let mut text = String::new();
    for test in &report.tests {
        let (name, file, line) = (&test.name, &test.file, test.line);
        let told = match test.passed {
            true => message!("ok   {name} ({file}:{line})", name, file, line),
            false => message!("FAIL {name} ({file}:{line})", name, file, line),
        };
        text.push_str(&format!("{}\n", language::say(&told)));
        for failure in &test.failures {
            let finding = failure.finding();
            text.push_str(&findings::text(&finding, policy.sources(), terminal));
        }
    }
    if let Some(coverage) = &report.coverage {
        text.push_str(&coverage::text(coverage));
    }
    let (passed, failed) = (report.passed, report.failed);
    let summary: Message = match report.left_out {
        Some(left_out) => message!(
            "{passed} passed, {failed} failed, {left_out} left out",
            passed,
            failed,
            left_out
        ),
        None => message!("{passed} passed, {failed} failed", passed, failed),
    };
    text.push_str(&format!("{}\n", language::say(&summary)));
    text
}
