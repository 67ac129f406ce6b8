//! A policy folder as it stood at a revision of the git repository that it lies in.
//!
//! Files are read through the `git` of the machine, and none is written.

use super::check;
use super::error::PolicyError;
use super::folder::{Folder, MAX_FILE_BYTES, MAX_FILES};
use super::policy::Policy;
use crate::message::{Message, message};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Reads the policy of a folder as it stood at a revision.
///
/// # Errors
/// That git cannot be run, does not know the revision or has no such folder there; or all that is wrong
/// with the policy of that time.
pub fn policy_at(folder: &Path, revision: &str) -> Result<Policy, PolicyError> {
    let files = files_at(folder, revision).map_err(PolicyError::of_folder)?;
    check::load(&Folder::in_memory(files))
}

fn files_at(folder: &Path, revision: &str) -> Result<BTreeMap<String, String>, Message> {
    let shown = folder.display().to_string();
    if revision.starts_with('-') {
        return Err(message!("`{revision}` is no revision of git", revision));
    }
    let listed = git(folder)
        .args(["ls-tree", "-r", "-z", "--name-only", revision, "./"])
        .output()
        .map_err(|error| unusable(&error))?;
    if !listed.status.success() {
        let said = String::from_utf8_lossy(&listed.stderr);
        let said = said.lines().next().unwrap_or_default().to_owned();
        return Err(message!(
            "git cannot read `{shown}` at `{revision}`: {said}",
            shown,
            revision,
            said
        ));
    }
    let names: Vec<String> = listed
        .stdout
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .filter_map(|name| String::from_utf8(name.to_vec()).ok())
        .filter(|name| !name.contains('\n'))
        .take(MAX_FILES)
        .collect();
    let files = contents(folder, revision, &names).map_err(|error| unusable(&error))?;
    if files.is_empty() {
        return Err(message!(
            "`{shown}` has no files at `{revision}`",
            shown,
            revision
        ));
    }
    Ok(files)
}

/// The texts of files; what is no text, or too large, is left out.
fn contents(
    folder: &Path,
    revision: &str,
    names: &[String],
) -> std::io::Result<BTreeMap<String, String>> {
    let mut running = git(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut files = BTreeMap::new();
    let (Some(mut input), Some(output)) = (running.stdin.take(), running.stdout.take()) else {
        return Ok(files);
    };
    let mut output = BufReader::new(output);
    for name in names {
        writeln!(input, "{revision}:./{name}")?;
        input.flush()?;
        let mut head = String::new();
        output.read_line(&mut head)?;
        // `HASH blob SIZE`, or that there is none.
        let mut words = head.split_whitespace().rev();
        let size = words.next().and_then(|size| size.parse::<u64>().ok());
        let (Some(size), Some("blob")) = (size, words.next()) else {
            continue;
        };
        let mut bytes = Vec::new();
        (&mut output).take(size).read_to_end(&mut bytes)?;
        output.read_exact(&mut [0])?;
        if size <= MAX_FILE_BYTES
            && let Ok(text) = String::from_utf8(bytes)
        {
            files.insert(name.clone(), text);
        }
    }
    drop(input);
    running.wait()?;
    Ok(files)
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    command
}

fn unusable(error: &std::io::Error) -> Message {
    message!("cannot run `git`: {error}", error = error.to_string())
}
