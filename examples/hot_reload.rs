//! Replaces the policy of a running program when its folder changes:
//! `cargo run --example hot_reload -- policies/telecom-service`
//!
//! Readers decide the cases of the folder `cases` over and over with the policy in force. Save a file of
//! the policy: the readers go on with the new version, and if it is broken with the old one. The program
//! ends when standard input is closed (Ctrl-D), or with `--for 5s` after that time, and tells how many
//! cases each version decided.
#![allow(
    clippy::disallowed_methods,
    reason = "a program of its own, which reads files and the clock"
)]

#[path = "hot_reload/current.rs"]
mod current;

use caseway::{Policy, driver};
use current::{Current, Reload};
use notify::{Event, RecursiveMode, Watcher};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// How many threads decide.
const READERS: usize = 3;

/// Editors write a file in several steps; what follows within this time is one save.
const SETTLE: Duration = Duration::from_millis(150);

/// What the main thread waits for.
enum Signal {
    Changed(notify::Result<Event>),
    Stop,
}

/// How many cases each version decided, and refused.
type Counts = BTreeMap<String, (u64, u64)>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let (folder, length) = arguments()?;
    let current = Current::new(Policy::load(&folder)?);
    let cases = cases(&folder.join("cases"))?;
    println!("in force: {}", current.policy().header().hash);

    let (sender, signals) = mpsc::channel();
    let changes = sender.clone();
    // Whoever sends later than the program listens, has nobody to tell.
    let mut watcher = notify::recommended_watcher(move |event| {
        let _ = changes.send(Signal::Changed(event));
    })?;
    watcher.watch(&folder, RecursiveMode::Recursive)?;
    let end = length.map(|length| Instant::now() + length);
    if end.is_none() {
        thread::spawn(move || {
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            let _ = sender.send(Signal::Stop);
        });
    }

    let stop = AtomicBool::new(false);
    let counts = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| scope.spawn(|| decide(&current, &cases, &stop)))
            .collect();
        watch(&current, &folder, &signals, end);
        stop.store(true, Ordering::Relaxed);
        let mut counts = Counts::new();
        for reader in readers {
            for (version, (decided, refused)) in reader.join().unwrap_or_default() {
                let count = counts.entry(version).or_default();
                *count = (count.0 + decided, count.1 + refused);
            }
        }
        counts
    });
    for (version, (decided, refused)) in counts {
        println!("{version}: {decided} decided, {refused} refused");
    }
    Ok(())
}

/// One reader: decides all cases over and over.
fn decide(current: &Current, cases: &[String], stop: &AtomicBool) -> Counts {
    let mut counts = Counts::new();
    while !stop.load(Ordering::Relaxed) {
        for text in cases {
            // One policy for the whole case: the next case may have the next version.
            let policy = current.policy();
            let version = format!("{} {}", policy.header().version, policy.header().hash);
            let count = counts.entry(version).or_default();
            match policy.case_from_json(text) {
                Ok(file) => {
                    let at = file.at.unwrap_or_else(driver::now);
                    let decision = policy.decide(&file.case, &file.events, at);
                    debug_assert_eq!(decision.policy().header(), policy.header());
                    count.0 += 1;
                }
                Err(_) => count.1 += 1,
            }
        }
    }
    counts
}

/// Reloads the policy after each save, until the time is up or somebody says so.
fn watch(current: &Current, folder: &Path, signals: &mpsc::Receiver<Signal>, end: Option<Instant>) {
    let left = || end.map(|end| end.saturating_duration_since(Instant::now()));
    let mut changed = false;
    loop {
        let wait = match (changed, left()) {
            (true, left) => SETTLE.min(left.unwrap_or(SETTLE)),
            (false, Some(left)) => left,
            (false, None) => Duration::from_secs(3600),
        };
        match signals.recv_timeout(wait) {
            Ok(Signal::Stop) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
            Ok(Signal::Changed(Ok(event))) => changed |= !event.kind.is_access(),
            Ok(Signal::Changed(Err(error))) => eprintln!("cannot watch: {error}"),
            Err(mpsc::RecvTimeoutError::Timeout) if changed => {
                changed = false;
                match current.reload(folder) {
                    Ok(Reload::Unchanged) => {}
                    Ok(Reload::Replaced { old, new }) => {
                        println!("in force: {new}, instead of {old}")
                    }
                    Err(error) => {
                        let kept = current.policy();
                        eprintln!("{error}\nstill in force: {}", kept.header().hash);
                    }
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
        if left().is_some_and(|left| left.is_zero()) {
            return;
        }
    }
}

/// The policy folder, and how long the program runs.
fn arguments() -> Result<(PathBuf, Option<Duration>), Box<dyn Error>> {
    let usage = "usage: hot_reload FOLDER [--for 5s]";
    let given: Vec<String> = std::env::args().skip(1).collect();
    match given.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder] if !folder.starts_with('-') => Ok((folder.into(), None)),
        [folder, "--for", length] => {
            let seconds = length.strip_suffix('s').ok_or(usage)?.parse()?;
            Ok((folder.into(), Some(Duration::from_secs(seconds))))
        }
        _ => Err(usage.into()),
    }
}

/// The texts of the case files of a folder.
fn cases(folder: &Path) -> io::Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            texts.push(fs::read_to_string(path)?);
        }
    }
    Ok(texts)
}
