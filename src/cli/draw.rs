//! `caseway draw`: the policy as pictures and as one page.

use super::failure::Failure;
use super::{Answer, Global, language, output};
use crate::Policy;
use crate::draw::{Drawing, PageHead};
use crate::driver::{self, Output};
use crate::message::message;
use crate::suite::{Coverage, Options, Report, Share};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;

/// Draw a policy
#[derive(Debug, Args)]
pub(super) struct Draw {
    /// The policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// One page of the whole policy, or single pictures
    #[arg(long, value_enum, default_value = "html")]
    format: Form,
    /// The picture, such as overview, classify.severity, route, sla, clock.resolve, calendar.business
    #[arg(long, value_name = "NAME")]
    picture: Option<String>,
    /// Mark what the policy's own tests reach, and what they do not
    #[arg(long)]
    coverage: bool,
    /// Write to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The form of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One page of the whole policy that needs nothing else
    Html,
    /// One picture
    Svg,
    /// One picture, or all of them in a Markdown document
    Mermaid,
}

impl Draw {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(self.dir.as_deref())?;
        let report = self.coverage.then(|| tested(&policy));
        let coverage = report.as_ref().and_then(|report| report.coverage.as_ref());
        let fired = coverage.map(Coverage::by_subject);
        let mut drawing = Drawing::new(policy.model(), policy.sources(), language::text());
        if let Some(fired) = &fired {
            drawing = drawing.with_fired(fired);
        }
        let text = match (self.format, &self.picture) {
            (Form::Html, None) => drawing.page(&head(&policy, report.as_ref())),
            (Form::Html, Some(_)) => {
                let message =
                    message!("`--picture` goes with `--format svg` and `--format mermaid`");
                return Err(Failure::Usage(message));
            }
            (Form::Svg, Some(name)) => match drawing.svg(name) {
                Some(text) => text,
                None => return Err(unknown(&drawing, name)),
            },
            (Form::Svg, None) => {
                let names = drawing.names().join(", ");
                let message = message!("name one picture with `--picture`: {names}", names);
                return Err(Failure::Usage(message));
            }
            (Form::Mermaid, Some(name)) => match drawing.mermaid(name) {
                Some(text) => text,
                None => return Err(unknown(&drawing, name)),
            },
            (Form::Mermaid, None) => document(&policy, &drawing),
        };
        match &self.output {
            None => output::print(&text).map_err(Failure::from_stdout)?,
            Some(path) => {
                let written = Output::create(path).and_then(|mut file| {
                    file.write_all(text.as_bytes())?;
                    file.finish()
                });
                written.map_err(|error| Failure::unwritable(path, &error))?;
            }
        }
        Ok(Answer::Yes)
    }
}

/// The outcome of the policy's tests with what they reach.
fn tested(policy: &Policy) -> Report {
    let options = Options {
        filter: None,
        coverage: true,
    };
    driver::run_tests(policy, options)
}

fn head(policy: &Policy, report: Option<&Report>) -> PageHead {
    let header = policy.header();
    let mut facts = vec![
        (message!("hash"), header.hash.clone()),
        (message!("time zone"), policy.zone().name().to_owned()),
        (message!("time zone data"), header.tzdb.clone()),
        (message!("language"), header.language.to_string()),
    ];
    if let Some(report) = report {
        let (passed, failed) = (report.passed, report.failed);
        let outcome = message!("{passed} passed, {failed} failed", passed, failed);
        facts.push((message!("tests"), language::say(&outcome)));
    }
    if let Some(coverage) = report.and_then(|report| report.coverage.as_ref()) {
        let share = |share: Share| {
            let (covered, total) = (share.covered, share.total);
            format!("{covered} / {total} ({} %)", share.percent())
        };
        let shares = &coverage.shares;
        facts.extend([
            (message!("rules that tests take"), share(shares.rules)),
            (
                message!("clauses that tests see true"),
                share(shares.clauses),
            ),
            (message!("conditions, both ways"), share(shares.atoms)),
        ]);
    }
    PageHead {
        title: format!("{} {}", header.name, header.version),
        facts,
    }
}

/// All pictures that Mermaid draws, each under its name.
fn document(policy: &Policy, drawing: &Drawing<'_>) -> String {
    let header = policy.header();
    let mut text = format!("# {} {}\n", header.name, header.version);
    for name in drawing.names() {
        if let Some(picture) = drawing.mermaid(&name) {
            text.push_str(&format!("\n## {name}\n\n```mermaid\n{picture}```\n"));
        }
    }
    text
}

fn unknown(drawing: &Drawing<'_>, name: &str) -> Failure {
    let names = drawing.names();
    let near = crate::diag::nearest(name, names.iter().map(String::as_str));
    let near: Vec<String> = near.into_iter().map(|one| format!("`{one}`")).collect();
    let message = if near.is_empty() {
        let names = names.join(", ");
        message!(
            "there is no picture `{name}`: there are {names}",
            name,
            names
        )
    } else {
        let near = near.join(", ");
        message!(
            "there is no picture `{name}`: did you mean {near}?",
            name,
            near
        )
    };
    Failure::Usage(message)
}
