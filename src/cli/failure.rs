//! Why a command could not answer, as exit code, words and the JSON of contract K3.

use super::Format;
use super::output;
use super::{findings, language};
use crate::cli::language::told;
use crate::driver::{PackingError, PolicyError};
use crate::ingest::{MAX_WRONG_FIELDS, Refusal};
use crate::message::{Message, message};
use serde::Serialize;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

/// Why a command could not answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// A case is refused.
    Refused(Box<Refusal>),
    /// The header of an input file does not fit.
    Input(Box<Refusal>),
    /// The policy is broken, or there is none.
    Policy(Box<PolicyError>),
    /// The arguments do not fit together.
    Usage(Message),
    /// A file cannot be read or written.
    File(Message),
    /// Nobody reads the results any more.
    ClosedPipe,
    /// Already told; exit code 2.
    Told,
    /// To be told in both forms.
    Both(Box<Failure>),
}

/// The object that is printed.
#[derive(Serialize)]
struct ErrorObject<'a> {
    error: &'a Refusal,
}

impl Failure {
    /// A file that cannot be read.
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
        Failure::File(message!(
            "cannot read `{path}`: {cause}",
            path = path.display().to_string(),
            cause = cause(error)
        ))
    }

    /// A file that cannot be read to its end.
    pub(super) fn unreadable_after(path: &Path, rows: u64, error: &io::Error) -> Failure {
        if rows == 0 {
            return Failure::unreadable(path, error);
        }
        Failure::File(message!(
            "cannot read `{path}` beyond {rows}: {cause}",
            path = path.display().to_string(),
            rows = row_count(rows),
            cause = cause(error)
        ))
    }

    /// A file that cannot be written.
    pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
        Failure::File(message!(
            "cannot write `{path}`: {cause}",
            path = path.display().to_string(),
            cause = cause(error)
        ))
    }

    /// A failed write to standard output.
    pub(super) fn from_stdout(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::File(message!(
                "cannot write results: {cause}",
                cause = cause(&error)
            )),
        }
    }

    /// Tells the failure and gives the exit code.
    pub(super) fn report(self, format: Option<Format>) -> ExitCode {
        let (failure, words, json) = match self {
            Failure::Both(inner) => (*inner, true, true),
            failure => (
                failure,
                format != Some(Format::Json),
                format == Some(Format::Json),
            ),
        };
        let (code, refusal, text) = match failure {
            Failure::ClosedPipe => return ExitCode::SUCCESS,
            Failure::Told => return ExitCode::from(2),
            Failure::Both(inner) => return inner.report(format),
            Failure::Refused(refusal) => (1, *refusal, None),
            Failure::Input(refusal) => (2, *refusal, None),
            Failure::Usage(message) => (2, Refusal::new("bad-usage", message), None),
            Failure::File(message) => (2, Refusal::new("unreadable-file", message), None),
            Failure::Policy(error) => (
                2,
                Refusal::new(error.code(), policy_message(&error)),
                Some(policy_text(&error)),
            ),
        };
        if words {
            let told = refusal.in_language(language::text());
            eprint_all(&text.unwrap_or_else(|| refusal_text(&told)));
        }
        if json
            && print_object(&refusal.in_language(language::json()))
                .is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        {
            return ExitCode::SUCCESS;
        }
        ExitCode::from(code)
    }
}

/// Prints the one object that programs read.
fn print_object(refusal: &Refusal) -> io::Result<()> {
    let object = serde_json::to_string(&ErrorObject { error: refusal })?;
    output::print(&format!("{object}\n"))
}

/// Messages have nowhere to go when stderr is closed.
pub(super) fn eprint_all(text: &str) {
    use std::io::Write;
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// So many rows, in words.
pub(super) fn row_count(count: u64) -> Message {
    match count {
        1 => message!("1 row"),
        count => message!("{count} rows", count),
    }
}

fn cause(error: &io::Error) -> Message {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<PackingError>()) {
        return error.message().clone();
    }
    match error.kind() {
        io::ErrorKind::NotFound => message!("there is no such file"),
        io::ErrorKind::PermissionDenied => message!("it is not allowed"),
        io::ErrorKind::IsADirectory => message!("it is a folder"),
        _ => Message::verbatim(error.to_string()),
    }
}

/// The most fields that are told in words.
const MOST_SHOWN: usize = 50;

/// A refusal in words.
pub(super) fn refusal_text(refusal: &Refusal) -> String {
    let place = refusal
        .line
        .map_or(String::new(), |line| told!(" (line {line})", line));
    let mut text = format!("error[{}]: {}{place}\n", refusal.code, refusal.message);
    if let [_] = refusal.fields.as_slice() {
        return text;
    }
    for field in refusal.fields.iter().take(MOST_SHOWN) {
        let got = field
            .got
            .as_ref()
            .map_or(String::new(), |got| told!(" (got `{got}`)", got));
        text.push_str(&format!("  {}: {}{got}\n", field.code, field.message));
    }
    if refusal.fields.len() == MAX_WRONG_FIELDS {
        let told = told!(
            "and more; `--format json` names {most} of them",
            most = MAX_WRONG_FIELDS
        );
        text.push_str(&format!("  {told}\n"));
    } else if refusal.fields.len() > MOST_SHOWN {
        let more = refusal.fields.len() - MOST_SHOWN;
        let told = told!("and {more} more; `--format json` names them all", more);
        text.push_str(&format!("  {told}\n"));
    }
    text
}

/// A broken policy in one line: for the one object that programs read.
fn policy_message(error: &PolicyError) -> Message {
    let first = error
        .findings()
        .iter()
        .find(|finding| finding.level == crate::diag::Level::Error);
    match first {
        Some(finding) => {
            let place = findings::place(finding, error.sources());
            message!(
                "{summary}: {place}: {first}",
                summary = error.message(),
                place,
                first = finding.message
            )
        }
        None => error.message().clone(),
    }
}

/// A broken policy with every error shown.
fn policy_text(error: &PolicyError) -> String {
    let mut text = format!(
        "error[{}]: {}\n",
        error.code(),
        language::say(error.message())
    );
    for finding in error.findings() {
        text.push_str(&findings::text(
            finding,
            error.sources(),
            io::stderr().is_terminal(),
        ));
    }
    if !error.findings().is_empty() {
        text.push_str(&format!(
            "{}\n",
            told!("run `caseway lint` for all findings")
        ));
    }
    text
}

/// Whether arguments that make no sense ask for JSON nonetheless, of a command other than `lint`.
pub(super) fn asks_for_json(given: &[OsString]) -> bool {
    let words: Vec<&str> = given.iter().filter_map(|word| word.to_str()).collect();
    let json = words.windows(2).any(|pair| pair == ["--format", "json"])
        || words.contains(&"--format=json");
    json && !words.iter().skip(1).any(|word| *word == "lint")
}
