//! `caseway lint`: everything there is to say of a policy folder, and mends of what can be mended.

mod costs;
mod github;
mod mend;
mod page;
mod sarif;
mod watch;

use super::failure::Failure;
use super::{Answer, Format, Global, findings, language, output};
use crate::analysis::Proof;
use crate::cli::language::told;
use crate::diag::Level;
use crate::driver::{self, BlockCosts, Checked, LintReport};
use crate::message::message;
use clap::{Args, ValueEnum};
use mend::Mended;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check a policy folder
#[derive(Debug, Args)]
pub(super) struct Lint {
    /// The policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum)]
    format: Option<LintFormat>,
    /// Let warnings count as errors
    #[arg(long, value_enum, value_name = "LEVEL")]
    deny: Option<Deny>,
    /// Mend what can safely be mended, and report the rest
    #[arg(long)]
    fix: bool,
    /// With --fix: take out declarations that nothing uses
    #[arg(long, requires = "fix")]
    remove_unused: bool,
    /// Check again whenever a file of the folder is saved
    #[arg(long, conflicts_with_all = ["fix", "format"])]
    watch: bool,
    /// Print the cases that findings show as tests, and nothing else
    #[arg(long, conflicts_with_all = ["format", "fix", "watch"])]
    witness_tests: bool,
    /// Tell, too, what deciding a case asks rule by rule, and why it cannot be looked up
    #[arg(long, conflicts_with_all = ["watch", "witness_tests"])]
    costs: bool,
    /// Print the manual page of a code, and check nothing
    #[arg(long, value_name = "CODE", conflicts_with_all = ["dir", "format", "deny", "fix", "watch", "witness_tests", "costs"])]
    explain: Option<String>,
}

/// The form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LintFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub workflows
    Github,
}

/// What counts as an error beside errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Every finding
    Warnings,
}

impl Lint {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        if let Some(code) = &self.explain {
            page::print(code)?;
            return Ok(Answer::Yes);
        }
        let folder = global.folder(self.dir.as_deref())?;
        if self.watch {
            return watch::run(&folder);
        }
        let format = self.format.unwrap_or(LintFormat::Text);
        let (mut checked, mended) = self.check(&folder, format)?;
        if format != LintFormat::Text {
            let findings = checked.findings.iter();
            checked.findings = findings
                .map(|finding| finding.in_language(language::json()))
                .collect();
            let guarantees = checked.guarantees.iter();
            checked.guarantees = guarantees
                .map(|promise| promise.in_language(language::json()))
                .collect();
        }
        let text = match format {
            LintFormat::Json => json(&checked, mended.as_ref(), self.costs(&checked)),
            LintFormat::Sarif => sarif::text(&checked, &folder),
            LintFormat::Github => github::text(&checked, &folder),
            LintFormat::Text => {
                let costs = self.costs(&checked).unwrap_or_default();
                format!("{}{}", text(&checked), costs::text(&costs))
            }
        };
        let text = match &checked.policy {
            Some(policy) if self.witness_tests => driver::witness_tests(policy, &checked.findings),
            Some(_) | None => text,
        };
        if let Some(mended) = &mended {
            mended.tell();
        }
        output::print(&text).map_err(Failure::from_stdout)?;
        Ok(self.answer(&checked))
    }

    /// What deciding a case costs, where it is asked for and the policy can be used.
    fn costs(&self, checked: &Checked) -> Option<Vec<BlockCosts>> {
        let policy = checked.policy.as_ref().filter(|_| self.costs)?;
        Some(driver::costs(policy))
    }

    /// The folder checked, after its mends where they are asked for.
    fn check(
        &self,
        folder: &Path,
        format: LintFormat,
    ) -> Result<(Checked, Option<Mended>), Failure> {
        let told = |error| {
            // Without a policy folder there is nothing to find anything in.
            let format = match format {
                LintFormat::Json => Format::Json,
                LintFormat::Text | LintFormat::Sarif | LintFormat::Github => Format::Text,
            };
            let _: ExitCode = Failure::from(error).report(Some(format));
            Failure::Told
        };
        if !self.fix {
            let checked = driver::check_as_of(folder, driver::now()).map_err(told)?;
            return Ok((checked, None));
        }
        let options = driver::FixOptions {
            remove_unused: self.remove_unused,
        };
        let fixed = driver::fix(folder, driver::now(), options).map_err(told)?;
        fixed
            .write()
            .map_err(|(path, error)| Failure::unwritable(&path, &error))?;
        let mended = Mended::of(&fixed);
        Ok((fixed.checked, Some(mended)))
    }

    fn answer(&self, checked: &Checked) -> Answer {
        let errors = count(checked, Level::Error);
        let warnings = count(checked, Level::Warn);
        let refused = errors > 0 || (self.deny == Some(Deny::Warnings) && warnings > 0);
        if refused { Answer::No } else { Answer::Yes }
    }
}

fn count(checked: &Checked, level: Level) -> usize {
    let of_level = |finding: &&crate::diag::Diagnostic| finding.level == level;
    checked.findings.iter().filter(of_level).count()
}

/// The report with what was mended.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    report: LintReport<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    costs: Option<Vec<BlockCosts>>,
}

fn json(checked: &Checked, mended: Option<&Mended>, costs: Option<Vec<BlockCosts>>) -> String {
    let report = Report {
        report: driver::lint_report(checked),
        fixed: mended.map(Mended::json),
        costs,
    };
    format!("{}\n", serde_json::to_string(&report).unwrap_or_default())
}

/// All findings for people, and how many there are.
fn text(checked: &Checked) -> String {
    let terminal = output::stdout_is_terminal();
    let mut text = String::new();
    for finding in &checked.findings {
        text.push_str(&findings::text(finding, &checked.sources, terminal));
    }
    for promise in &checked.guarantees {
        let name = &promise.name;
        let line = match promise.proof {
            Proof::Proved => told!("guarantee `{name}` holds for every case", name),
            Proof::Broken => told!("guarantee `{name}` is broken", name),
            Proof::Undecided => match &promise.reason {
                Some(reason) => told!("guarantee `{name}` is undecided: {reason}", name, reason),
                None => told!("guarantee `{name}` is undecided", name),
            },
        };
        text.push_str(&format!("{line}\n"));
    }
    text.push_str(&summary(checked));
    if checked.undecided > 0 {
        let line = match checked.undecided {
            1 => told!("1 question about all cases was not settled"),
            count => told!("{count} questions about all cases were not settled", count),
        };
        text.push_str(&format!("{line}\n"));
    }
    text
}

fn summary(checked: &Checked) -> String {
    let errors = match count(checked, Level::Error) {
        1 => message!("1 error"),
        count => message!("{count} errors", count),
    };
    let warnings = match count(checked, Level::Warn) {
        1 => message!("1 warning"),
        count => message!("{count} warnings", count),
    };
    match checked.findings.is_empty() {
        true => format!("{}\n", told!("nothing found")),
        false => format!("{}\n", told!("{errors}, {warnings}", errors, warnings)),
    }
}
