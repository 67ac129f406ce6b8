//! `caseway lint`: everything there is to say of a policy folder.

use super::failure::Failure;
use super::{Answer, Format, Global, findings, output};
use crate::diag::Level;
use crate::driver;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a policy folder
#[derive(Debug, Args)]
pub(super) struct Lint {
    /// The policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Let warnings count as errors
    #[arg(long, value_enum, value_name = "LEVEL")]
    deny: Option<Deny>,
}

/// What counts as an error beside errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Every finding
    Warnings,
}

impl Lint {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let format = self.format.unwrap_or(Format::Text);
        let folder = global.folder(self.dir.as_deref())?;
        let checked = match driver::check_as_of(folder, driver::now()) {
            Ok(checked) => checked,
            // Without a policy folder there is nothing to find anything in.
            Err(error) => {
                let _: ExitCode = Failure::from(error).report(Some(format));
                return Err(Failure::Told);
            }
        };
        let count = |level| {
            checked
                .findings
                .iter()
                .filter(|finding| finding.level == level)
                .count()
        };
        let (errors, warnings) = (count(Level::Error), count(Level::Warn));
        let text = match format {
            Format::Json => {
                let report = driver::lint_report(&checked);
                format!("{}\n", serde_json::to_string(&report).unwrap_or_default())
            }
            Format::Text => {
                let terminal = output::stdout_is_terminal();
                let mut text = String::new();
                for finding in &checked.findings {
                    text.push_str(&findings::text(finding, &checked.sources, terminal));
                }
                text.push_str(&summary(errors, warnings));
                text
            }
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        let refused = errors > 0 || (self.deny == Some(Deny::Warnings) && warnings > 0);
        Ok(if refused { Answer::No } else { Answer::Yes })
    }
}

fn summary(errors: usize, warnings: usize) -> String {
    let count = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        number => format!("{number} {word}s"),
    };
    match (errors, warnings) {
        (0, 0) => "nothing found\n".to_owned(),
        (errors, warnings) => format!(
            "{}, {}\n",
            count(errors, "error"),
            count(warnings, "warning")
        ),
    }
}
