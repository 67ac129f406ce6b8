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
    let lines = text.lines().map(str::trim_end).collect::<Vec<_>>();
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

/// Whether a page's output is that of the command; `…` stands for anything on one line.
pub fn agrees(written: &str, shown: &str) -> bool {
    let (written, shown): (Vec<&str>, Vec<&str>) = (
        written.trim_matches('\n').lines().collect(),
        shown.trim_matches('\n').lines().collect(),
    );
    written.len() == shown.len()
        && written
            .iter()
            .zip(&shown)
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
    for (written, shown) in [("a", "b"), ("a\nb", "a"), ("a", "a\nb"), ("a … a", "a")] {
        assert!(!agrees(written, shown), "{written}");
    }
}
