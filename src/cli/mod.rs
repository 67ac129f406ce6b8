//! The command line: one command, one file. Calls the driver and prints what it answers.
//!
//! Results go to stdout, messages to stderr. Exit codes: 0 done, 1 the answer is no, 2 bad usage, an
//! unreadable file or an invalid policy.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line reads the environment and writes files"
)]

mod batch;
mod calendar;
mod card;
mod clock_bar;
mod completions;
mod diff;
mod draw;
mod eval;
mod explain;
mod failure;
mod findings;
mod fmt;
mod help;
mod init;
mod language;
mod lint;
mod man;
mod output;
mod pen;
mod schema;
mod suggest;
mod test;

use crate::config::LANGUAGE;
use crate::driver::PolicyError;
use crate::message::{Language, Message, message};
use crate::time::tzdb_version;
use crate::{Instant, Policy};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use failure::Failure;
use language::told;
use output::Stdout;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

/// Classify, route, time and keep service desk cases by a written policy.
#[derive(Debug, Parser)]
#[command(
    name = "caseway",
    version,
    max_term_width = 100,
    infer_subcommands = false
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
struct Global {
    /// The policy folder [default: .]
    #[arg(long, short = 'C', global = true, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// The language of messages
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
}

/// A language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English
    En,
    /// 中文
    Zh,
}

/// The form of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a policy folder
    Init(init::Init),
    /// Check a policy folder
    Lint(lint::Lint),
    /// Lay out policy files
    Fmt(fmt::Fmt),
    /// Decide one case
    Eval(eval::Eval),
    /// Tell why a case was decided as it was
    Explain(explain::Explain),
    /// Run the policy's own tests
    Test(test::Test),
    /// Decide every row of a file
    Batch(batch::Batch),
    /// Tell what two versions of a policy decide differently
    Diff(diff::Diff),
    /// Ask a calendar of the policy
    Calendar(calendar::CalendarCommand),
    /// Draw the policy as a page or as pictures
    Draw(draw::Draw),
    /// Print the JSON Schema of cases or of decisions
    Schema(schema::Schema),
    /// Print completions for a shell
    Completions(completions::Completions),
    /// Print the manual page, or write one for each command
    Man(man::Manual),
}

impl Command {
    fn format(&self) -> Option<Format> {
        match self {
            Command::Lint(_)
            | Command::Fmt(_)
            | Command::Draw(_)
            | Command::Completions(_)
            | Command::Man(_) => None,
            Command::Init(command) => command.format,
            Command::Eval(command) => command.format,
            Command::Explain(command) => command.format,
            Command::Test(command) => command.failure_format(),
            Command::Batch(command) => command.format,
            Command::Diff(command) => command.format,
            Command::Calendar(command) => command.format,
            Command::Schema(command) => command.format,
        }
    }
}

/// What a command answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// Done, nothing found.
    Yes,
    /// Done, and the answer is no.
    No,
}

/// Runs the command that the arguments ask for.
pub fn main() -> ExitCode {
    let arguments = match parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    if let Err(message) = language::choose(arguments.global.lang) {
        return Failure::Usage(message).report(arguments.command.format());
    }
    // What is half written goes when the program is told to stop; 128 + SIGINT, as shells have it.
    let _ = ctrlc::set_handler(|| {
        crate::driver::remove_unfinished();
        std::process::exit(130);
    });
    let result = match &arguments.command {
        Command::Init(command) => command.run(&arguments.global),
        Command::Lint(command) => command.run(&arguments.global),
        Command::Fmt(command) => command.run(&arguments.global),
        Command::Eval(command) => command.run(&arguments.global),
        Command::Explain(command) => command.run(&arguments.global),
        Command::Test(command) => command.run(&arguments.global),
        Command::Batch(command) => command.run(&arguments.global),
        Command::Diff(command) => command.run(&arguments.global),
        Command::Calendar(command) => command.run(&arguments.global),
        Command::Draw(command) => command.run(&arguments.global),
        Command::Schema(command) => command.run(&arguments.global),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match result {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(failure) => failure.report(arguments.command.format()),
    }
}

/// All commands and options. `-V` names the version, `--version` also what decisions depend on.
fn command() -> clap::Command {
    static LONG: OnceLock<String> = OnceLock::new();
    let long = LONG.get_or_init(|| {
        format!(
            "{}\nlanguage {LANGUAGE}\ntzdb {}",
            env!("CARGO_PKG_VERSION"),
            tzdb_version()
        )
    });
    Arguments::command().long_version(long.as_str())
}

fn parse() -> Result<Arguments, ExitCode> {
    let given: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let people = language::before_parsing(&given);
    let matches = help::in_language(command(), people).try_get_matches_from(&given);
    matches
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .map_err(|error| {
            if !error.use_stderr() {
                // Help and version are results.
                let text = error.render();
                let mut out = Stdout::new();
                let written = if output::stdout_is_terminal() && !output::no_color() {
                    write!(out, "{}", text.ansi())
                } else {
                    write!(out, "{text}")
                };
                return match written.and_then(|()| out.finish()) {
                    Ok(()) => ExitCode::SUCCESS,
                    Err(problem) => Failure::from_stdout(problem).report(None),
                };
            }
            let shows_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            if people == Language::English || shows_help {
                let _ = error.print();
            } else {
                let message = Message::verbatim(help::mistake(&error));
                Failure::Usage(message).report(None);
            }
            if failure::asks_for_json(&given) {
                let message = error.to_string();
                let first: Vec<&str> = message
                    .lines()
                    .map(str::trim)
                    .take_while(|line| !line.is_empty())
                    .collect();
                let first = first.join(" ");
                let first = first.strip_prefix("error: ").unwrap_or(&first);
                return Failure::Usage(Message::verbatim(first)).report(Some(Format::Json));
            }
            ExitCode::from(2)
        })
}

impl Global {
    /// The policy folder: the position of a command that has one, `--policy`, or here.
    fn folder(&self, position: Option<&Path>) -> Result<PathBuf, Failure> {
        match (position, &self.policy) {
            (Some(a), Some(b)) if a != b => {
                let message = message!(
                    "the policy folder is given twice, as `{first}` and as `{second}`: give it once",
                    first = a.display().to_string(),
                    second = b.display().to_string()
                );
                Err(Failure::Usage(message))
            }
            (Some(folder), _) => Ok(folder.to_owned()),
            (None, Some(folder)) => Ok(folder.clone()),
            (None, None) => Ok(PathBuf::from(".")),
        }
    }

    /// The checked policy.
    fn load(&self, position: Option<&Path>) -> Result<Policy, Failure> {
        let folder = self.folder(position)?;
        Policy::load(folder).map_err(Failure::from)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Failure {
        Failure::Policy(Box::new(error))
    }
}

/// Reads an `--at`.
fn parse_instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text)
        .map_err(|_| told!("write an instant with its offset, like 2026-03-02T10:00:00+08:00"))
}
