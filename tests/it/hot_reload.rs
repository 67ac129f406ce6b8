//! A policy replaced in a running program: readers always have a whole one, and a broken one is never
//! in force. The parts are those of `examples/hot_reload.rs`.

#[path = "../../examples/hot_reload/current.rs"]
mod current;

use crate::command::Folder;
use caseway::{Instant, Policy};
use current::{Current, Reload};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// The last version.
const LAST: u64 = 12;

/// How many threads decide.
const READERS: usize = 3;

fn settings(version: u64) -> String {
    format!(
        "[policy]\nname = \"desk\"\nversion = \"{version}\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n"
    )
}

/// A policy whose version, classification and role all say the same number.
fn rules(version: u64) -> String {
    format!(
        "case {{ id: text opened_at: instant }}
role r{version}
classify number as one of {{ n{version}, other }} {{ first match otherwise n{version} }}
route {{ first match rule right when number is n{version} to r{version} }}
"
    )
}

fn write(folder: &Folder, name: &str, text: &str) {
    std::fs::write(folder.0.join(name), text).expect("a file");
}

/// Decides until the last version is in force; every decision is of one version throughout, and no
/// version comes again. Tells how many versions it saw.
fn read(current: &Current, seen: &AtomicU64) -> usize {
    let opened = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let (mut last, mut versions) = (0, 0);
    while last < LAST {
        let policy = current.policy();
        let file = policy
            .case()
            .field("id", "T1")
            .field("opened_at", opened)
            .build();
        let file = file.expect("a case");
        let decision = policy.decide(&file.case, &file.events, opened);
        let version = &decision.policy().header().version;
        let number: u64 = version.parse().expect("a number");
        let text = decision
            .classification("number")
            .and_then(|found| found.text);
        assert_eq!(text, Some(format!("n{number}")));
        let route = decision.route().expect("a route");
        assert_eq!(route.role, Some(format!("r{number}").as_str()));
        assert!(number >= last, "{number} after {last}");
        if number > last {
            versions += 1;
            seen.fetch_add(1, Ordering::SeqCst);
        }
        last = number;
    }
    versions
}

#[test]
fn readers_never_see_half_a_policy_and_a_broken_one_is_never_in_force() {
    let folder = Folder::new(&[("caseway.toml", &settings(1)), ("desk.policy", &rules(1))]);
    let current = Current::new(Policy::load(&folder.0).expect("a policy"));
    let hash = || current.policy().header().hash.clone();
    let seen = AtomicU64::new(0);
    // Until every reader has decided with the version in force.
    let wait = |version: u64| {
        while seen.load(Ordering::SeqCst) < version * READERS as u64 {
            thread::yield_now();
        }
    };
    thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| scope.spawn(|| read(&current, &seen)))
            .collect();
        for version in 2..=LAST {
            wait(version - 1);
            let old = hash();
            assert_eq!(current.reload(&folder.0).expect("sound"), Reload::Unchanged);

            // Half a save: the settings are new, the rules broken.
            write(&folder, "caseway.toml", &settings(version));
            let text = rules(version);
            let broken = [
                text.replace("role", "rolle"),
                text[..text.len() - 9].to_owned(),
            ];
            for broken in broken {
                write(&folder, "desk.policy", &broken);
                let error = current.reload(&folder.0).expect_err("a broken policy");
                assert!(!error.findings().is_empty(), "{error}");
                assert_eq!(hash(), old);
            }
            std::fs::remove_file(folder.0.join("caseway.toml")).expect("a file");
            current.reload(&folder.0).expect_err("no settings");
            assert_eq!(hash(), old);

            write(&folder, "caseway.toml", &settings(version));
            write(&folder, "desk.policy", &text);
            let reload = current.reload(&folder.0).expect("sound");
            assert_ne!(hash(), old);
            assert_eq!(reload, Reload::Replaced { old, new: hash() });
        }
        for reader in readers {
            let versions = reader.join().expect("it ends");
            assert_eq!(versions as u64, LAST);
        }
    });
}

/// Who holds a policy keeps it, whatever is put in force after.
#[test]
fn a_policy_that_is_held_stays_what_it_was() {
    let folder = Folder::new(&[("caseway.toml", &settings(1)), ("desk.policy", &rules(1))]);
    let current = Current::new(Policy::load(&folder.0).expect("a policy"));
    let held = current.policy();
    write(&folder, "caseway.toml", &settings(2));
    current.reload(&folder.0).expect("sound");
    assert_eq!(held.header().version, "1");
    assert_eq!(current.policy().header().version, "2");
}
