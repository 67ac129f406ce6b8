//! `caseway explain`: one case, and why it was decided as it was.

mod atoms;
mod ledger;
mod page;

use super::eval::read_case;
use super::failure::Failure;
use super::pen::Pen;
use super::{Answer, Format, Global, output, parse_instant};
use crate::Instant;
use clap::Args;
use std::path::PathBuf;

/// Tell why a case was decided as it was
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The case file; `-` for standard input
    #[arg(long, value_name = "FILE")]
    case: PathBuf,
    /// The instant to decide for [default: the file's `at`, or now]
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    at: Option<Instant>,
    /// The form of the result [default: text on a terminal, json elsewhere]
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

impl Explain {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let shown = self.format.unwrap_or(match output::stdout_is_terminal() {
            true => Format::Text,
            false => Format::Json,
        });
        match self.answer(global, shown) {
            // Nobody asked for JSON, so a person may look at stderr while a program reads stdout.
            Err(failure) if self.format.is_none() && shown == Format::Json => {
                Err(Failure::Both(Box::new(failure)))
            }
            other => other,
        }
    }

    fn answer(&self, global: &Global, shown: Format) -> Result<Answer, Failure> {
        let policy = global.load(None)?;
        let (file, at) = read_case(&policy, &self.case, self.at)?;
        let explanation = policy.explain(&file.case, &file.events, at);
        let text = match shown {
            Format::Json => format!(
                "{}\n",
                serde_json::to_string(&explanation).unwrap_or_default()
            ),
            Format::Text => page::page(&explanation, Pen::for_stdout()),
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        Ok(Answer::Yes)
    }
}
