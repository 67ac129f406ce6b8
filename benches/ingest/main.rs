//! How long it takes to read a case and to print a decision, beside the way over a tree.
//!
//! `cargo bench --bench ingest` prints the medians of rounds that took turns, each with its ratio to what is
//! asked about. Before anything is timed both ways have to give the same. The floor of reading is
//! `serde_json::Value` of the same bytes, which checks nothing and knows no field.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and its arguments"
)]

mod cases;
#[path = "../support/ratios.rs"]
mod ratios;

use cases::{CASES, Desk};
use caseway::{Decision, Instant, Policy};
use std::hint::black_box;

fn main() {
    let desk = Desk::new();
    let decisions: Vec<Decision> = desk.files.iter().map(|file| decided(&desk, file)).collect();
    for texts in [&desk.lines, &desk.files] {
        for text in texts {
            assert_eq!(desk.directly(text), desk.plainly(text), "{text}");
        }
    }
    for decision in &decisions {
        let mut bytes = Vec::new();
        decision.append_json(&mut bytes);
        assert_eq!(bytes, serde_json::to_vec(decision).expect("JSON"));
    }
    if std::env::args().any(|argument| argument == "--bench") {
        reading(&desk);
        printing(&decisions);
        deciding(&desk);
    }
}

fn decided(desk: &Desk, text: &str) -> Decision {
    let file = desk.directly(text);
    let at = file
        .at
        .or_else(|| Instant::parse("2026-04-03T12:00:00+08:00").ok());
    desk.policy
        .decide(&file.case, &file.events, at.expect("an instant"))
}

/// One side: what it does with the text of a number.
type Reading = (&'static str, fn(&Desk, &str) -> i64);

const READINGS: [Reading; 3] = [
    ("directly", |desk, text| {
        count(&black_box(desk.directly(text)))
    }),
    ("over a tree", |desk, text| {
        count(&black_box(desk.plainly(text)))
    }),
    ("`serde_json::Value` alone", |_, text| {
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        i64::from(black_box(value).is_object())
    }),
];

fn count(file: &caseway::CaseFile) -> i64 {
    i64::try_from(file.events.len()).unwrap_or(0)
}

fn reading(desk: &Desk) {
    println!("| read | bytes | how | time | to the direct way |");
    println!("|---|--:|---|--:|--:|");
    for (name, texts) in [
        ("a line", &desk.lines),
        ("a file with 4 events", &desk.files),
    ] {
        let bytes = texts.iter().map(String::len).sum::<usize>() / texts.len();
        let [(_, ours), rest @ ..] = READINGS;
        let mut direct = 0.0;
        for (how, theirs) in rest {
            let (a, b) = ratios::medians(&|number| ours(desk, &texts[number % CASES]), &|number| {
                theirs(desk, &texts[number % CASES])
            });
            if direct == 0.0 {
                direct = a;
                println!(
                    "| {name} | {bytes} | directly | {} | 1.0 |",
                    ratios::shown(a)
                );
            }
            println!(
                "| {name} | {bytes} | {how} | {} | {:.1} |",
                ratios::shown(b),
                b / a
            );
        }
    }
}

fn printing(decisions: &[Decision]) {
    println!("\n| printed | bytes | how | time | to our own way |");
    println!("|---|--:|---|--:|--:|");
    let mut buffer = Vec::new();
    let mut bytes = 0;
    for decision in decisions {
        buffer.clear();
        decision.append_json(&mut buffer);
        bytes += buffer.len();
    }
    bytes /= decisions.len();
    let buffer = std::cell::RefCell::new(buffer);
    let (ours, theirs) = ratios::medians(
        &|number| {
            let mut buffer = buffer.borrow_mut();
            buffer.clear();
            decisions[number % CASES].append_json(&mut buffer);
            i64::try_from(buffer.len()).unwrap_or(0)
        },
        &|number| {
            let mut buffer = buffer.borrow_mut();
            buffer.clear();
            serde_json::to_writer(&mut *buffer, &decisions[number % CASES]).expect("JSON");
            i64::try_from(buffer.len()).unwrap_or(0)
        },
    );
    println!(
        "| a whole decision | {bytes} | `append_json` | {} | 1.0 |",
        ratios::shown(ours)
    );
    println!(
        "| a whole decision | {bytes} | `serde_json::to_writer` | {} | {:.1} |",
        ratios::shown(theirs),
        theirs / ours
    );
}

/// A line read, decided and printed.
fn deciding(desk: &Desk) {
    let policy: &Policy = &desk.policy;
    let run = |file: caseway::CaseFile| {
        let at = Instant::parse("2026-04-03T12:00:00+08:00").expect("an instant");
        let decision = policy.decide(&file.case, &file.events, at);
        let mut text = Vec::new();
        decision.append_json(&mut text);
        i64::try_from(text.len()).unwrap_or(0)
    };
    let (ours, theirs) = ratios::medians(
        &|number| run(desk.directly(&desk.lines[number % CASES])),
        &|number| run(desk.plainly(&desk.lines[number % CASES])),
    );
    println!("\n| from a line to its whole decision | time |\n|---|--:|");
    println!("| read directly | {} |", ratios::shown(ours));
    println!("| read over a tree | {} |", ratios::shown(theirs));
}
