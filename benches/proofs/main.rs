//! How long it takes to find out what is certain of policies with many rules, and how that grows.
//!
//! `cargo bench --bench proofs` prints the median times of rounds that took turns, each with its ratio to
//! the policy of 50 rules, and the memory that a process needs which does nothing else. Before anything is
//! timed the answers have to be right: nothing is found in a clean policy, and in others what was
//! planted.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and its arguments"
)]

#[allow(dead_code, reason = "the tests ask it more")]
#[path = "../../tests/it/large_policies.rs"]
mod large_policies;
#[allow(dead_code, reason = "it compares two sides elsewhere")]
#[path = "../support/ratios.rs"]
mod ratios;

use caseway::Policy;
use caseway::analysis::{Alike, Version, changes, findings};
use large_policies::Large;
use std::hint::black_box;
use std::time::Instant;

/// What is asked about: how it is called, the policy of so many rules, and what has to be found.
struct Question {
    name: &'static str,
    policy: fn(usize) -> (Large, Option<usize>),
    sizes: &'static [usize],
    found: fn(&Large) -> usize,
}

const QUESTIONS: [Question; 5] = [
    Question {
        name: "findings, clean",
        policy: |count| (Large::clean(count, 7), Some(0)),
        sizes: &[50, 200, 1_000, 5_000],
        found: |large| found(large),
    },
    Question {
        name: "findings, faults planted",
        policy: |count| {
            let mut large = Large::clean(count, 7);
            let planted = large.plant(count / 50);
            (large, Some(planted.len()))
        },
        sizes: &[50, 200, 1_000, 5_000],
        found: |large| found(large),
    },
    Question {
        name: "findings, rules that exclude each other",
        policy: |count| (Large::unique(count, 7), Some(0)),
        sizes: &[50, 200, 1_000],
        found: |large| found(large),
    },
    Question {
        name: "findings, rules without any care",
        policy: |count| (Large::tangled(count, 7), None),
        sizes: &[50, 200, 1_000],
        found: |large| found(large),
    },
    Question {
        name: "two versions",
        policy: |count| (Large::clean(count, 7), None),
        sizes: &[50, 200, 1_000],
        found: changed,
    },
];

fn read(text: &str) -> Policy {
    let settings =
        "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
    let policy = Policy::from_sources([("caseway.toml", settings), ("p.policy", text)]);
    policy.unwrap_or_else(|error| panic!("{error}"))
}

thread_local! {
    static READ: std::cell::RefCell<Vec<(String, Policy)>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// A policy that was read before anything is timed.
fn policy_of(large: &Large) -> Policy {
    let text = large.text();
    READ.with_borrow_mut(|read_ones| {
        if let Some((_, policy)) = read_ones.iter().find(|(known, _)| *known == text) {
            return policy.clone();
        }
        let policy = read(&text);
        read_ones.push((text, policy.clone()));
        policy
    })
}

fn found(large: &Large) -> usize {
    let found = findings(&policy_of(large));
    assert_eq!(found.undecided, 0);
    found.facts.len()
}

/// How many changes there are between a policy and one in which some rules have other outcomes.
fn changed(large: &Large) -> usize {
    let mut other = large.clone();
    for rule in other.rules.iter_mut().step_by(large.rules.len() / 3) {
        rule.then = (rule.then + 1) % 3;
    }
    let [old, new] = [large, &other].map(policy_of);
    let version = |policy: &Policy| (policy.schema().clone(), policy.program().clone());
    let (old, new) = (version(&old), version(&new));
    let found = changes(
        Version {
            schema: &old.0,
            program: &old.1,
        },
        Version {
            schema: &new.0,
            program: &new.1,
        },
        &Alike {
            calendars: vec![Some(0)],
            functions: Vec::new(),
        },
    );
    assert_eq!(found.undecided, 0);
    let blocks = found.blocks.iter();
    blocks.map(|block| block.changes.len()).sum()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, question, size] = arguments.as_slice()
        && word == "--alone"
    {
        alone(question, size);
        return;
    }
    let timed = arguments.iter().any(|argument| argument == "--bench");
    for question in &QUESTIONS {
        let (large, wanted) = (question.policy)(50);
        let found = (question.found)(&large);
        assert!(wanted.is_none_or(|wanted| wanted == found), "{found}");
    }
    if timed {
        print_growth();
    }
}

/// One question in a process of its own: says how much memory that needed.
fn alone(question: &str, size: &str) {
    let number: usize = question.parse().expect("a number");
    let question = &QUESTIONS[number];
    let (large, wanted) = (question.policy)(size.parse().expect("a number"));
    let found = (question.found)(&large);
    assert!(wanted.is_none_or(|wanted| wanted == found), "{found}");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> =
        peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse().ok());
    match kilobytes {
        Some(kilobytes) => print!("{} MB", kilobytes / 1024),
        None => print!("–"),
    }
}

fn memory(question: usize, size: usize) -> String {
    let own = std::env::current_exe().expect("a path");
    let mut command = std::process::Command::new(own);
    let arguments = ["--alone".to_owned(), question.to_string(), size.to_string()];
    let output = command.args(arguments).output().expect("an answer");
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn print_growth() {
    println!("| question | rules | time | to 50 rules | peak memory |");
    println!("|---|--:|--:|--:|--:|");
    for (number, question) in QUESTIONS.iter().enumerate() {
        let policies: Vec<(usize, Large)> = question
            .sizes
            .iter()
            .map(|size| (*size, (question.policy)(*size).0))
            .collect();
        let mut times: Vec<Vec<f64>> = vec![Vec::new(); policies.len()];
        for round in 0..9 {
            for ((size, large), times) in policies.iter().zip(&mut times) {
                // Large ones vary little, and take long.
                if round > 0 && *size >= 5_000 || round > 2 && *size >= 1_000 {
                    continue;
                }
                policy_of(large);
                let start = Instant::now();
                black_box((question.found)(black_box(large)));
                times.push(start.elapsed().as_secs_f64() * 1e9);
            }
        }
        let medians: Vec<f64> = times
            .iter_mut()
            .map(|times| {
                times.sort_by(f64::total_cmp);
                times[times.len() / 2]
            })
            .collect();
        for ((size, _), median) in policies.iter().zip(&medians) {
            println!(
                "| {} | {size} | {} | {:.1} | {} |",
                question.name,
                ratios::shown(*median),
                median / medians[0],
                memory(number, *size)
            );
        }
    }
}
