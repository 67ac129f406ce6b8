//! `caseway test`: the policy's own tests.

use super::failure::Failure;
use super::{Answer, Format, Global, language, output};
use crate::driver;
use crate::message::{Message, message};
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
            Format::Json => format!(
                "{}\n",
                serde_json::to_string(&report.in_language(language::json())).unwrap_or_default()
            ),
            Format::Text => {
                let mut text = String::new();
                for test in &report.tests {
                    let (name, file, line) = (&test.name, &test.file, test.line);
                    let mut say = |message: Message| {
                        text.push_str(&language::say(&message));
                        text.push('\n');
                    };
                    say(if test.passed {
                        message!("ok   {name} ({file}:{line})", name, file, line)
                    } else {
                        message!("FAIL {name} ({file}:{line})", name, file, line)
                    });
                    for failure in &test.failures {
                        say(message!(
                            "     expect {condition}",
                            condition = failure.expect
                        ));
                        say(message!("        got {found}", found = failure.got));
                    }
                }
                let (passed, failed) = (report.passed, report.failed);
                let counts = message!("{passed} passed, {failed} failed", passed, failed);
                text.push_str(&format!("{}\n", language::say(&counts)));
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
