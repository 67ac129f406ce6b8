//! `caseway eval`: one case, one decision.

use super::failure::Failure;
use super::pen::Pen;
use super::{Answer, Format, Global, card, language, output, parse_instant};
use crate::driver;
use crate::ingest::MAX_TEXT_BYTES;
use crate::{CaseFile, Instant, Policy};
use clap::Args;
use std::path::{Path, PathBuf};

/// Decide one case
#[derive(Debug, Args)]
pub(super) struct Eval {
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

impl Eval {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let shown = self.format.unwrap_or(match output::stdout_is_terminal() {
            true => Format::Text,
            false => Format::Json,
        });
        let answer = self.answer(global, shown);
        match answer {
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
        let decision = policy.decide(&file.case, &file.events, at);
        let text = match shown {
            Format::Json => format!(
                "{}\n",
                serde_json::to_string(&*language::for_programs(&decision)).unwrap_or_default()
            ),
            Format::Text => card::card(&policy, &decision, Pen::for_stdout()),
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        Ok(Answer::Yes)
    }
}

/// Reads a case file, and tells the instant to decide for.
pub(super) fn read_case(
    policy: &Policy,
    path: &Path,
    at: Option<Instant>,
) -> Result<(CaseFile, Instant), Failure> {
    let text = driver::read_input(path, MAX_TEXT_BYTES)
        .map_err(|error| Failure::unreadable(path, &error))?;
    let reader = policy.reader();
    let refused = |refusal| Failure::Refused(Box::new(refusal));
    let file = reader.read_json(&text).map_err(refused)?;
    let at = at.or(file.at).unwrap_or_else(driver::now);
    reader.check_at(&file.case, at).map_err(refused)?;
    Ok((file, at))
}
