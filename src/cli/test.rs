//! `caseway test`: the policy's own tests.

use super::failure::Failure;
use super::{Answer, Format, Global, output};
use crate::driver;
use clap::Args;
use std::path::PathBuf;

/// Run the policy's own tests
#[derive(Debug, Args)]
pub(super) struct Test {
    /// The policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

impl Test {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(self.dir.as_deref())?;
        let report = driver::run_tests(&policy);
        let text = match self.format.unwrap_or(Format::Text) {
            Format::Json => format!("{}\n", serde_json::to_string(&report).unwrap_or_default()),
            Format::Text => {
                let mut text = String::new();
                for test in &report.tests {
                    let word = if test.passed { "ok  " } else { "FAIL" };
                    text.push_str(&format!(
                        "{word} {} ({}:{})\n",
                        test.name, test.file, test.line
                    ));
                    for failure in &test.failures {
                        text.push_str(&format!(
                            "     expect {}\n        got {}\n",
                            failure.expect, failure.got
                        ));
                    }
                }
                text.push_str(&format!(
                    "{} passed, {} failed\n",
                    report.passed, report.failed
                ));
                text
            }
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        Ok(if report.failed == 0 {
            Answer::Yes
        } else {
            Answer::No
        })
    }
}
