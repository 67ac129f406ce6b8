//! `caseway lint --watch`: checks again whenever a file of the folder is saved, until Ctrl-C.

use super::super::failure::Failure;
use super::super::{Answer, Format, output};
use super::text;
use crate::cli::language::{self, told};
use crate::driver;
use crate::message::message;
use notify::{Event, RecursiveMode, Watcher};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

/// Editors write a file in several steps; what follows within this time is one save.
const SETTLE: Duration = Duration::from_millis(150);

/// Checks now, and again after each save. Ends when nobody reads the findings any more, or the folder
/// is gone.
pub(super) fn run(folder: &Path) -> Result<Answer, Failure> {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        // Nobody listens once the command is at its end.
        let _ = sender.send(event);
    })
    .map_err(|error| unwatchable(folder, &error))?;
    watcher
        .watch(folder, RecursiveMode::Recursive)
        .map_err(|error| unwatchable(folder, &error))?;
    show(folder)?;
    while let Ok(event) = events.recv() {
        let mut changed = is_change(folder, event)?;
        while let Ok(event) = events.recv_timeout(SETTLE) {
            changed |= is_change(folder, event)?;
        }
        if changed {
            show(folder)?;
        }
    }
    Ok(Answer::Yes)
}

/// Whether an event may change what there is to say; reading a file does not.
fn is_change(folder: &Path, event: notify::Result<Event>) -> Result<bool, Failure> {
    let event = event.map_err(|error| unwatchable(folder, &error))?;
    Ok(!event.kind.is_access() && !event.paths.iter().all(|path| is_hidden(path)))
}

/// Hidden files, such as those that an editor writes beside a file, say nothing of the policy.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with('.')
}

/// Prints what there is to say of the folder as it is now.
fn show(folder: &Path) -> Result<(), Failure> {
    let mut shown = String::new();
    if output::stdout_is_terminal() {
        // Clears the screen and what has scrolled away (ECMA-48 ED, CUP).
        shown.push_str("\u{1b}[2J\u{1b}[3J\u{1b}[H");
    }
    match driver::check_as_of(folder, driver::now()) {
        Ok(checked) => shown.push_str(&text(&checked)),
        Err(error) if folder.is_dir() => {
            let told = language::say(error.message());
            shown.push_str(&format!("error[{}]: {told}\n", error.code()));
        }
        Err(error) => {
            let _: ExitCode = Failure::from(error).report(Some(Format::Text));
            return Err(Failure::Told);
        }
    }
    shown.push_str(&format!("{}\n", told!("watching for changes, Ctrl-C ends")));
    output::print(&shown).map_err(Failure::from_stdout)
}

fn unwatchable(folder: &Path, error: &notify::Error) -> Failure {
    Failure::File(message!(
        "cannot watch `{folder}`: {error}",
        folder = folder.display().to_string(),
        error = error.to_string()
    ))
}
