//! `caseway explain`: one case, and why it was decided as it was.

mod atoms;
mod differences;
mod ledger;
mod page;

use super::eval::read_case;
use super::failure::Failure;
use super::pen::Pen;
use super::suggest::hint;
use super::{Answer, Format, Global, output, parse_instant};
use crate::Instant;
use crate::change::{Goal, GoalNames};
use crate::driver::TRIES;
use crate::message::message;
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
    /// A rule, such as `route.vip` or `severity.outage`: tell the smallest change of the case that
    /// would make it fire
    #[arg(long, value_name = "BLOCK.RULE")]
    rule: Option<String>,
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
        let goals = policy.goals();
        let goal = match &self.rule {
            Some(name) => Some(find(&goals, name)?),
            None => None,
        };
        let mut explanation = policy.explain(&file.case, &file.events, at);
        explanation.counterfactual =
            goal.map(|goal| policy.smallest_change(&file.case, &file.events, at, goal, TRIES));
        let text = match shown {
            Format::Json => format!(
                "{}\n",
                serde_json::to_string(&explanation).unwrap_or_default()
            ),
            Format::Text => page::page(&explanation, Pen::for_stdout()),
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        let asked = explanation.counterfactual.as_ref();
        match asked.is_some_and(|asked| asked.differences().is_none()) {
            true => Ok(Answer::No),
            false => Ok(Answer::Yes),
        }
    }
}

/// The rule of a name.
fn find<'a>(goals: &'a GoalNames, name: &str) -> Result<(&'a str, Goal), Failure> {
    let found = goals.find(name);
    match found.as_slice() {
        [only] => Ok(*only),
        [] => {
            // The rules of the block, if there is one of that name.
            let block = name.rsplit_once('.').map(|(block, _)| format!("{block}."));
            let inside =
                |known: &&str| block.as_ref().is_some_and(|block| known.starts_with(block));
            let hint = match goals.understood().any(|known| inside(&known)) {
                true => hint(name, goals.understood().filter(inside)),
                false => hint(name, goals.all()),
            };
            Err(Failure::Usage(message!(
                "there is no rule `{name}`{hint}",
                name,
                hint
            )))
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            Err(Failure::Usage(message!(
                "`{name}` may be one of several rules: write one of {names}",
                name,
                names = names.join(", ")
            )))
        }
    }
}
