//! Runs the commands of a page in a terminal of 80 columns, as its reader does.

use pty_process::Size;
use pty_process::blocking::{Command, open};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A reader at a terminal: where they are.
pub struct Reader {
    pub home: PathBuf,
}

impl Reader {
    /// Does one command line and gives what the terminal shows.
    pub fn does(&mut self, line: &str) -> Result<String, String> {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["mkdir", folder] => {
                let made = std::fs::create_dir(self.home.join(folder));
                made.map_err(|error| error.to_string())?;
                Ok(String::new())
            }
            ["cd", folder] => {
                self.home = self.home.join(folder);
                match self.home.is_dir() {
                    true => Ok(String::new()),
                    false => Err(format!("there is no folder {folder}")),
                }
            }
            ["caseway", arguments @ .., ">", file] => kept(&self.home, arguments, file),
            ["caseway", arguments @ ..] => shown(&self.home, arguments),
            _ => Err(format!("`{line}` is no command that a page may use")),
        }
    }
}

/// The words of a command line; double quotes hold blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for sign in line.chars() {
        match sign {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("there is one").push(sign),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What `caseway` still shows when its output goes into a file.
fn kept(home: &Path, arguments: &[&str], file: &str) -> Result<String, String> {
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_caseway"))
        .args(arguments)
        .current_dir(home)
        .env("CASEWAY_LANG", "en")
        .output()
        .map_err(|error| error.to_string())?;
    std::fs::write(home.join(file), ran.stdout).map_err(|error| error.to_string())?;
    match ran.status.success() {
        true => String::from_utf8(ran.stderr).map_err(|error| error.to_string()),
        false => Err(String::from_utf8_lossy(&ran.stderr).into_owned()),
    }
}

/// What `caseway` shows in a terminal of 80 columns without colour.
fn shown(home: &Path, arguments: &[&str]) -> Result<String, String> {
    let (mut terminal, inside) = open().map_err(|error| error.to_string())?;
    terminal
        .resize(Size::new(50, 80))
        .map_err(|error| error.to_string())?;
    let command = Command::new(env!("CARGO_BIN_EXE_caseway"))
        .args(arguments)
        .current_dir(home)
        .env("NO_COLOR", "1")
        .env("TERM", "xterm")
        .env("LC_ALL", "C.UTF-8")
        .env("CASEWAY_LANG", "en");
    let mut child = command.spawn(inside).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    // A terminal whose program has ended reports an error where a file would end.
    while let Ok(read) = terminal.read(&mut part) {
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(&part[..read]);
    }
    child.wait().map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    let lines = text.lines().map(|line| left_on(line).trim_end());
    let lines = lines.collect::<Vec<_>>();
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

/// What is left on a line that was written over, as a progress bar does.
fn left_on(line: &str) -> &str {
    line.rsplit("\r\u{1b}[2K").next().unwrap_or(line)
}

/// Whether a page's output is that of the command. `…` stands for anything on one line, and on a line
/// of its own for any number of lines.
pub fn agrees(written: &str, shown: &str) -> bool {
    let (written, shown): (Vec<&str>, Vec<&str>) = (
        written.trim_matches('\n').lines().collect(),
        shown.trim_matches('\n').lines().collect(),
    );
    let mut parts = written.split(|line| *line == "…");
    let first = parts.next().unwrap_or_default();
    let (middle, last) = match parts.collect::<Vec<_>>().split_last() {
        None => return shown.len() == first.len() && all_alike(first, &shown),
        Some((last, middle)) => (middle.to_vec(), *last),
    };
    let inner = first.len()..shown.len().saturating_sub(last.len());
    let (Some(head), Some(mut rest)) = (shown.get(..first.len()), shown.get(inner.clone())) else {
        return false;
    };
    // Each part stands at the first place behind the one before.
    for part in middle {
        let mut places = 0..=rest.len().saturating_sub(part.len());
        let Some(place) = places.find(|&at| {
            rest.get(at..at + part.len())
                .is_some_and(|lines| all_alike(part, lines))
        }) else {
            return false;
        };
        rest = rest.get(place + part.len()..).unwrap_or_default();
    }
    all_alike(first, head) && all_alike(last, &shown[inner.end..])
}

fn all_alike(written: &[&str], shown: &[&str]) -> bool {
    written
        .iter()
        .zip(shown)
        .all(|(written, shown)| match written.split_once('…') {
            Some((before, after)) => {
                shown.len() >= before.len() + after.len()
                    && shown.starts_with(before)
                    && shown.ends_with(after)
            }
            None => written == shown,
        })
}

#[test]
fn outputs_agree_word_for_word() {
    assert!(agrees("a\nb …\n", "a\nb c"));
    assert!(agrees("… c", "b c"));
    assert!(agrees("a\n…\nd", "a\nb\nc\nd"));
    assert!(agrees("…\nb\n…\nd\n…", "a\nb\nc\nd"));
    assert!(agrees("a\n…", "a"));
    let differ = [
        ("a", "b"),
        ("a\nb", "a"),
        ("a", "a\nb"),
        ("a … a", "a"),
        ("a\n…\na", "a"),
        ("a\n…\nc\n…\nb\n…\nd", "a\nb\nc\nd"),
        ("…\nc", "a\nb"),
    ];
    for (written, shown) in differ {
        assert!(!agrees(written, shown), "{written}");
    }
}
