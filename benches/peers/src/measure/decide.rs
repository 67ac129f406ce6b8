//! How long a decision takes: the same rules and cases for every engine, in one process, in rounds that take turns.
//!
//! Every engine decides all its cases first, and each decision has to be the one of the plain reference. An
//! engine with one that is not is told with the case and not timed, and the run fails.

use super::Wanted;
use crate::contest::Contestant;
use crate::engines::{CASEWAY, KINDS, Kind};
use crate::table::{figure, grouped, head, line, median};
use crate::versions::with_version;
use crate::workload::{CASES, SIZES, cases, rules};
use std::process::ExitCode;
use std::time::Instant;

/// Rounds in which the engines take turns.
const ROUNDS: usize = 9;
/// And those of an engine that takes so long for one that it varies little.
const SLOW_ROUNDS: usize = 3;
/// A round takes at least so long, in nanoseconds.
const LEAST: f64 = 2e7;
/// And is given fewer cases where it would take longer than this.
const MOST: f64 = 3e8;
/// The numbers of cases that an engine may be given.
const FEWER: [usize; 6] = [CASES, 5_000, 2_000, 1_000, 500, 200];

/// What was measured of an engine with so many rules: nanoseconds.
#[derive(Clone, Copy)]
struct Times {
    case: f64,
    line: f64,
    cases: usize,
}

struct Entered {
    kind: usize,
    contestant: Box<dyn Contestant>,
    cases: usize,
    /// How often all cases, and all lines, are gone through in a round.
    passes: [usize; 2],
    rounds: usize,
    times: [Vec<f64>; 2],
}

/// Prints the tables of the engines and numbers of rules wanted; Caseway is never left out.
pub fn run(wanted: &Wanted) -> ExitCode {
    let sizes = wanted.sizes_or(&SIZES);
    let taken = |kind: &&Kind| kind.name == CASEWAY || wanted.wants(kind);
    let kinds: Vec<&Kind> = KINDS.iter().filter(taken).collect();
    let drawn = cases::draw(CASES);
    let lines: Vec<&'static str> = drawn
        .iter()
        .map(|case| &*Box::leak(case.line().into_boxed_str()))
        .collect();
    let (mut columns, mut agreed) = (Vec::new(), true);
    for size in &sizes {
        let rules = rules::draw(*size);
        let expected: Vec<usize> = drawn
            .iter()
            .map(|case| rules::first(&rules, case))
            .collect();
        let mut entered = Vec::new();
        for (place, kind) in kinds.iter().enumerate() {
            let loaded = (kind.loader)(&rules)();
            match loaded.map(|contestant| enter(place, contestant, &lines, &expected)) {
                Ok(Ok(one)) => entered.push(one),
                Ok(Err(why)) => {
                    eprintln!("{} decides otherwise with {size} rules: {why}", kind.name);
                    agreed = false;
                }
                Err(why) => eprintln!("{} takes no {size} rules: {why}", kind.name),
            }
        }
        eprintln!(
            "{size} rules: {} engines have decided their cases alike; timing",
            entered.len()
        );
        columns.push(measure(entered, &lines, kinds.len()));
    }
    print(&kinds, &sizes, &columns);
    if agreed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Finds out how many cases an engine can be given, and has it decide them all.
fn enter(
    kind: usize,
    mut contestant: Box<dyn Contestant>,
    lines: &[&'static str],
    expected: &[usize],
) -> Result<Entered, String> {
    let start = Instant::now();
    let mut tried = 0;
    while tried < 100 && (tried == 0 || start.elapsed().as_secs_f64() * 1e9 < MOST) {
        contestant.time_lines(&lines[tried..=tried], 1);
        tried += 1;
    }
    let about = start.elapsed().as_secs_f64() * 1e9 / tried as f64;
    let fits = |count: &usize| about * *count as f64 <= MOST;
    let cases = FEWER.into_iter().find(fits).unwrap_or(100);
    contestant.prepare(&lines[..cases]);
    contestant
        .check(&lines[..cases], &expected[..cases])
        .map_err(|wrong| {
            let (way, line) = (
                if wrong.from_line {
                    "from JSON"
                } else {
                    "from its own form"
                },
                lines[wrong.case],
            );
            format!(
                "rule {} for {}, {way}\n{line}",
                wrong.answered, wrong.expected
            )
        })?;
    let passes = |time: f64| (LEAST / (time * cases as f64)).ceil().max(1.0) as usize;
    let passes = [
        passes(contestant.time_cases(1)),
        passes(contestant.time_lines(&lines[..cases], 1)),
    ];
    let slow = about * cases as f64 > MOST;
    let rounds = if slow { SLOW_ROUNDS } else { ROUNDS };
    Ok(Entered {
        kind,
        contestant,
        cases,
        passes,
        rounds,
        times: [Vec::new(), Vec::new()],
    })
}

/// The medians of rounds that take turns.
fn measure(mut entered: Vec<Entered>, lines: &[&'static str], kinds: usize) -> Vec<Option<Times>> {
    for round in 0..ROUNDS {
        for one in entered.iter_mut().filter(|one| round < one.rounds) {
            one.times[0].push(one.contestant.time_cases(one.passes[0]));
            one.times[1].push(
                one.contestant
                    .time_lines(&lines[..one.cases], one.passes[1]),
            );
        }
    }
    let mut column = vec![None; kinds];
    for one in &mut entered {
        let [case, line] = [0, 1].map(|which| median(&mut one.times[which]));
        column[one.kind] = Some(Times {
            case,
            line,
            cases: one.cases,
        });
    }
    column
}

fn print(kinds: &[&Kind], sizes: &[usize], columns: &[Vec<Option<Times>>]) {
    let caseway = kinds
        .iter()
        .position(|kind| kind.name == CASEWAY)
        .expect("never left out");
    let measured: [(&str, fn(&Times) -> f64); 2] = [
        (
            "ns for a decision, the case being in the engine's own form",
            |times| times.case,
        ),
        ("ns from a line of JSON to the decision", |times| times.line),
    ];
    for (what, time) in measured {
        println!("\n{what} (and how many times Caseway's):\n");
        let numbers = sizes
            .iter()
            .map(|size| format!("{} rules", grouped(*size as u64)));
        let growth = ["50 → 5,000", "1,000 → 5,000"].map(str::to_owned);
        println!(
            "{}",
            head(
                ["engine".to_owned()]
                    .into_iter()
                    .chain(numbers)
                    .chain(growth)
            )
        );
        for (place, kind) in kinds.iter().enumerate() {
            let of = |size: usize, place: usize| {
                let column = sizes.iter().position(|known| *known == size)?;
                columns[column][place].as_ref().map(time)
            };
            let cell = |size: &usize| match (of(*size, place), of(*size, caseway)) {
                (Some(ns), Some(_)) if place == caseway => format!("**{}**", figure(ns)),
                (Some(ns), Some(caseway)) => format!("{} ({}×)", figure(ns), figure(ns / caseway)),
                _ => "–".to_owned(),
            };
            let grown = |from, to| match (of(from, place), of(to, place)) {
                (Some(from), Some(to)) => format!("{}×", figure(to / from)),
                _ => "–".to_owned(),
            };
            let name = with_version(kind.name, kind.package);
            let name = if place == caseway {
                format!("**{name}**")
            } else {
                name
            };
            let cells = [name].into_iter().chain(sizes.iter().map(cell));
            println!(
                "{}",
                line(cells.chain([grown(50, 5_000), grown(1_000, 5_000)]))
            );
        }
    }
    println!("\nDecided and timed: {} cases", grouped(CASES as u64));
    for (place, kind) in kinds.iter().enumerate() {
        let few = sizes.iter().zip(columns).filter_map(|(size, column)| {
            let cases = column[place].as_ref()?.cases;
            (cases < CASES).then(|| {
                format!(
                    "{} at {} rules",
                    grouped(cases as u64),
                    grouped(*size as u64)
                )
            })
        });
        let few: Vec<String> = few.collect();
        if !few.is_empty() {
            println!("- {}: {}", kind.name, few.join(", "));
        }
    }
}
