//! `caseway init`: a small working policy folder to start from.

use super::failure::Failure;
use super::{Answer, Format, Global, language, output};
use crate::driver::{NotWritten, Starter, write_new_folder};
use crate::ingest::{FieldError, Refusal};
use crate::message::{Message, message};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Start a policy folder
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The new policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// What to start from
    #[arg(long, value_enum, default_value = "helpdesk")]
    template: Template,
    /// The form of the result
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

/// What to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    /// An IT help desk, explained in English
    Helpdesk,
    /// Customer service of a telecom operator, explained in Chinese
    Telecom,
    /// A case, a route and a test
    Blank,
}

/// What was done, for programs.
#[derive(Serialize)]
struct Report<'a> {
    folder: String,
    template: &'a str,
    files: Vec<&'a str>,
}

impl Init {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let folder = global.folder(self.dir.as_deref())?;
        let starter = match self.template {
            Template::Helpdesk => Starter::Helpdesk,
            Template::Telecom => Starter::Telecom,
            Template::Blank => Starter::Blank,
        };
        write_new_folder(&folder, starter.files()).map_err(|problem| match problem {
            NotWritten::NoFolder(path) => Failure::Input(Box::new(no_folder(&path))),
            NotWritten::InsidePolicy(path) => Failure::Input(Box::new(inside_policy(&path))),
            NotWritten::InTheWay(files) => Failure::Input(Box::new(in_the_way(&folder, files))),
            NotWritten::Unwritable(path, error) => Failure::unwritable(&path, &error),
        })?;
        let text = match self.format.unwrap_or(Format::Text) {
            Format::Json => {
                let report = Report {
                    folder: folder.display().to_string(),
                    template: starter.name(),
                    files: starter.files().iter().map(|file| file.0).collect(),
                };
                format!("{}\n", serde_json::to_string(&report).unwrap_or_default())
            }
            Format::Text => next_steps(&folder, starter),
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        Ok(Answer::Yes)
    }
}

/// What was done, and three lines of what to do next.
fn next_steps(folder: &Path, starter: Starter) -> String {
    let here = folder == Path::new(".");
    let shown = folder.display().to_string();
    let (of, position) = if here {
        (String::new(), String::new())
    } else {
        let word = shell_word(&shown);
        (format!(" -C {word}"), format!(" {word}"))
    };
    let case = shell_word(&folder.join("cases/first.json").display().to_string());
    let case = case.strip_prefix("./").unwrap_or(&case).to_owned();
    let lines = [
        message!(
            "made a policy of {count} files in `{shown}`; read `case.policy` first",
            count = starter.files().len(),
            shown
        ),
        message!("  check it:       caseway lint{position}", position),
        message!("  run its tests:  caseway test{position}", position),
        message!("  decide a case:  caseway eval{of} --case {case}", of, case),
    ];
    lines
        .iter()
        .map(|line| format!("{}\n", language::say(line)))
        .collect()
}

/// A path as one word of a shell.
fn shell_word(path: &str) -> String {
    let path = if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_owned()
    };
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,".contains(c);
    if path.chars().all(plain) {
        path
    } else if cfg!(windows) {
        format!("\"{path}\"")
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

fn inside_policy(path: &Path) -> Refusal {
    let shown = path.display().to_string();
    let message = message!(
        "`{shown}` is a policy folder and would read the new files too; nothing was written: choose a folder outside it",
        shown
    );
    Refusal::new("inside-policy", message)
}

fn no_folder(path: &Path) -> Refusal {
    let shown = path.display().to_string();
    let message = message!(
        "`{shown}` is there already and is no folder; nothing was written",
        shown
    );
    Refusal::new("files-in-the-way", message)
}

fn in_the_way(folder: &Path, files: Vec<String>) -> Refusal {
    let shown = folder.display().to_string();
    let message = match files.as_slice() {
        [only] => message!(
            "`{only}` is already in `{shown}`; nothing was written: choose another folder",
            only,
            shown
        ),
        many => message!(
            "{count} files are already in `{shown}`; nothing was written: choose another folder",
            count = many.len(),
            shown
        ),
    };
    let there = |path: String| FieldError {
        code: "file-exists",
        message: there_already(&path),
        got: None,
        path,
    };
    Refusal {
        fields: files.into_iter().map(there).collect(),
        ..Refusal::new("files-in-the-way", message)
    }
}

fn there_already(path: &str) -> Message {
    message!("`{path}` is there already", path)
}
