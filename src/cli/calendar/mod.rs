//! `caseway calendar`: what a calendar of the policy answers, without a case.
//!
//! People see the answer in a picture of the weeks that it is about.

mod picture;
mod week;

use super::failure::Failure;
use super::pen::Pen;
use super::suggest::hint;
use super::{Answer, Format, Global, output, parse_instant};
use crate::cli::language::told;
use crate::compile::Named;
use crate::ingest::Refusal;
use crate::message::message;
use crate::time::{Calendar, DueError, Openness, UnknownYear};
use crate::{Duration, Instant, Policy, driver};
use clap::{Args, Subcommand};
use picture::Picture;
use serde_json::json;

/// Ask a calendar
#[derive(Debug, Args)]
pub(super) struct CalendarCommand {
    /// The calendar; `always` is built in
    #[arg(value_name = "NAME")]
    name: String,
    #[command(subcommand)]
    question: Question,
    /// The form of the result [default: text; off a terminal, without the picture]
    #[arg(long, value_enum, global = true)]
    pub(super) format: Option<Format>,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// When so much open time has passed
    Due {
        /// Where the time starts
        #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
        start: Instant,
        /// How much open time, like 4h or 1h30m
        #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
        target: Duration,
    },
    /// How much open time lies between two instants
    Measure {
        /// The first instant
        #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
        from: Instant,
        /// The last instant
        #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
        to: Instant,
    },
    /// Whether the calendar is open
    Open {
        /// The instant [default: now]
        #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
        at: Option<Instant>,
    },
}

impl CalendarCommand {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(None)?;
        let (named, calendar) = self.find(&policy)?;
        let mut picture = Picture {
            named,
            calendar,
            counted: None,
            marks: Vec::new(),
        };
        let (text, json) = match &self.question {
            Question::Due { start, target } => {
                let due = calendar
                    .due(*start, *target)
                    .map_err(|error| self.no_due(error))?;
                picture.counted = Some((*start, due));
                picture.marks = vec![(*start, told!("start")), (due, told!("due"))];
                let due = due.format(policy.zone());
                (due.clone(), json!({ "due": due }))
            }
            Question::Measure { from, to } => {
                let open = calendar
                    .measure(*from, *to)
                    .map_err(|error| self.unknown(error))?;
                picture.counted = Some((*from, *to));
                picture.marks = vec![(*from, told!("from")), (*to, told!("to"))];
                (open.to_string(), json!({ "seconds": open.seconds() }))
            }
            Question::Open { at } => {
                let at = at.unwrap_or_else(driver::now);
                let open = match calendar.is_open(at) {
                    Openness::Open => true,
                    Openness::Closed => false,
                    Openness::Unknown => {
                        return Err(self.unknown(UnknownYear {
                            date: at.date(calendar.zone()),
                        }));
                    }
                };
                picture.marks = vec![(at, told!("at"))];
                (
                    if open { "open" } else { "closed" }.to_owned(),
                    json!({ "open": open }),
                )
            }
        };
        // A script that asks for no form reads the answer alone.
        let shown = match self.format {
            Some(Format::Json) => format!("{json}\n"),
            None if !output::stdout_is_terminal() => format!("{text}\n"),
            Some(Format::Text) | None => format!("{text}\n\n{}", picture.draw(Pen::for_stdout())),
        };
        output::print(&shown).map_err(Failure::from_stdout)?;
        Ok(Answer::Yes)
    }

    fn find<'p>(&self, policy: &'p Policy) -> Result<(&'p Named, &'p Calendar), Failure> {
        let calendars = &policy.program().calendars;
        let found = calendars.iter().find(|(named, _)| named.name == self.name);
        found
            .map(|(named, calendar)| (named, calendar))
            .ok_or_else(|| {
                let near = hint(
                    &self.name,
                    calendars.iter().map(|(named, _)| named.name.as_str()),
                );
                Failure::Usage(message!(
                    "the policy has no calendar `{name}`{near}",
                    name = self.name,
                    near
                ))
            })
    }

    fn unknown(&self, error: UnknownYear) -> Failure {
        let message = message!(
            "calendar `{name}`: the holiday data does not cover {date}, so nothing is known of that day",
            name = self.name,
            date = error.date
        );
        Failure::Refused(Box::new(Refusal::new("unknown_calendar_year", message)))
    }

    fn no_due(&self, error: DueError) -> Failure {
        let name = &self.name;
        let refused = |code, message| Failure::Refused(Box::new(Refusal::new(code, message)));
        match error {
            DueError::UnknownYear(error) => self.unknown(error),
            DueError::NeverOpens => {
                let message = message!(
                    "calendar `{name}` does not open any more after the start",
                    name
                );
                refused("never-opens", message)
            }
            DueError::BeyondRange => {
                let message = message!("calendar `{name}` reaches that beyond the year 9999", name);
                refused("overflow", message)
            }
        }
    }
}

/// Reads a `--target`.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let found = Duration::parse(text).filter(|found| *found >= Duration::ZERO);
    found.ok_or_else(|| told!("write an exact duration, like 90s, 15m, 4h or 1h30m"))
}
