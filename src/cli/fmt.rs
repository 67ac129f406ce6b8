//! `caseway fmt`: the one layout of policy files.

use super::failure::{Failure, eprint_all};
use super::{Answer, Global, findings, language, output};
use crate::driver::{self, FormatError, Formatted};
use crate::message::{Message, message};
use clap::Args;
use similar::TextDiff;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Lay out policy files
#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Policy folders or files; `-` for standard input
    #[arg(value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// Write nothing; the exit code is 1 when a file is not laid out
    #[arg(long)]
    check: bool,
    /// Write nothing, and show what would change
    #[arg(long)]
    diff: bool,
}

/// Texts that share little are compared more roughly after this time.
const MOST_COMPARING: Duration = Duration::from_secs(2);

impl Fmt {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        if self.paths.iter().any(|path| path == Path::new("-")) {
            return self.input(global);
        }
        let given = match self.paths.as_slice() {
            [] => vec![global.folder(None)?],
            [one] => vec![global.folder(Some(one))?],
            several if global.policy.is_none() => several.to_vec(),
            _ => return Err(usage(&message!("`--policy` goes without other paths"))),
        };
        let formatted = driver::format_files(&given).map_err(|error| match error {
            FormatError::Unreadable(path, error) => Failure::unreadable(&path, &error),
            FormatError::NoPolicyFiles(folder) => usage(&message!(
                "`{folder}` has no policy files",
                folder = folder.display().to_string()
            )),
        })?;
        let written = if self.check || self.diff {
            self.show(&formatted)?;
            true
        } else {
            write(&formatted)
        };
        if !tell_broken(&formatted) && written {
            return Ok(self.answer(!formatted.files.is_empty()));
        }
        Err(Failure::Told)
    }

    /// Standard input, laid out to standard output.
    fn input(&self, global: &Global) -> Result<Answer, Failure> {
        if self.paths.len() > 1 || global.policy.is_some() {
            return Err(usage(&message!("`-` goes without other paths")));
        }
        let path = Path::new("-");
        let name = "stdin";
        let (text, formatted) =
            driver::format_input(path, name).map_err(|error| Failure::unreadable(path, &error))?;
        let Some(after) = text else {
            tell_broken(&formatted);
            return Err(Failure::Told);
        };
        if !self.check && !self.diff {
            output::print(&after).map_err(Failure::from_stdout)?;
            return Ok(Answer::Yes);
        }
        let source = formatted.sources.iter().next();
        let before = source.map_or("", |(_, source)| &source.text);
        if self.diff {
            print(&diff(name, before, &after))?;
        } else if before != after {
            print(&format!("{name}\n"))?;
        }
        Ok(self.answer(before != after))
    }

    /// What would change, on standard output.
    fn show(&self, formatted: &Formatted) -> Result<(), Failure> {
        let mut text = String::new();
        for file in &formatted.files {
            match self.diff {
                true => text.push_str(&diff(&file.name, &file.before, &file.after)),
                false => text.push_str(&format!("{}\n", file.name)),
            }
        }
        print(&text)?;
        if formatted.files.is_empty() && !formatted.findings.is_empty() {
            return Ok(());
        }
        let (changed, unchanged) = (formatted.files.len(), formatted.unchanged);
        tell(&match changed {
            0 => message!("nothing to format"),
            1 => message!("1 file would change, {unchanged} would not", unchanged),
            _ => message!(
                "{changed} files would change, {unchanged} would not",
                changed,
                unchanged
            ),
        });
        Ok(())
    }

    fn answer(&self, changes: bool) -> Answer {
        if self.check && changes {
            Answer::No
        } else {
            Answer::Yes
        }
    }
}

/// Writes the files, and tells which; whether all could be written.
fn write(formatted: &Formatted) -> bool {
    if formatted.files.is_empty() && formatted.findings.is_empty() {
        tell(&message!("nothing to format"));
    }
    let mut all = true;
    for file in &formatted.files {
        let name = &file.name;
        match file.write() {
            Ok(()) => tell(&message!("formatted {name}", name)),
            Err(error) => {
                Failure::unwritable(Path::new(name), &error).report(None);
                all = false;
            }
        }
    }
    all
}

/// Tells why files were left as they are; whether there is one.
fn tell_broken(formatted: &Formatted) -> bool {
    let terminal = output::stderr_is_terminal();
    for finding in &formatted.findings {
        eprint_all(&findings::text(finding, &formatted.sources, terminal));
    }
    if !formatted.findings.is_empty() {
        tell(&message!("a file with errors is left as it is"));
    }
    !formatted.findings.is_empty()
}

fn diff(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::configure()
        .timeout(MOST_COMPARING)
        .diff_lines(before, after);
    let text = diff
        .unified_diff()
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string();
    match output::stdout_is_terminal() && !output::no_color() {
        true => text.split_inclusive('\n').map(colored).collect(),
        false => text,
    }
}

/// A line of a unified diff in the colours that people know from other tools.
fn colored(line: &str) -> String {
    let color = match line.as_bytes().first() {
        _ if line.starts_with("--- ") || line.starts_with("+++ ") => "1",
        Some(b'-') => "31",
        Some(b'+') => "32",
        Some(b'@') => "36",
        Some(_) | None => return line.to_owned(),
    };
    let words = line.trim_end_matches(['\r', '\n']);
    let end = line.get(words.len()..).unwrap_or("");
    format!("\u{1b}[{color}m{words}\u{1b}[0m{end}")
}

fn print(text: &str) -> Result<(), Failure> {
    output::print(text).map_err(Failure::from_stdout)
}

fn tell(message: &Message) {
    eprint_all(&format!("{}\n", language::say(message)));
}

fn usage(message: &Message) -> Failure {
    Failure::Usage(message.clone())
}
