//! How long it takes from the text of rules to an engine that is ready to decide.
//!
//! Each engine reads the same rules in its own language, from memory; rounds take turns.

use super::Wanted;
use crate::engines::{KINDS, Kind, LOADED};
use crate::table::{figure, grouped, head, line, median};
use crate::versions::with_version;
use crate::workload::rules;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Rounds in which the engines take turns.
const ROUNDS: usize = 7;
/// An engine that took longer than this in one round takes part in no other.
const LONG: Duration = Duration::from_secs(2);
/// And one that took longer than this gets no larger set: it would take much longer still.
const TOO_LONG: Duration = Duration::from_secs(20);

/// Prints the table of the engines and numbers of rules wanted.
pub fn run(wanted: &Wanted) -> ExitCode {
    let sizes = wanted.sizes_or(&LOADED);
    let taken = |kind: &&Kind| kind.package.is_some() && wanted.wants(kind);
    let kinds: Vec<&Kind> = KINDS.iter().filter(taken).collect();
    let mut rows: Vec<Vec<f64>> = vec![Vec::new(); kinds.len()];
    let mut out: Vec<Option<String>> = vec![None; kinds.len()];
    for size in &sizes {
        let rules = rules::draw(*size);
        let loaders: Vec<_> = kinds.iter().map(|kind| (kind.loader)(&rules)).collect();
        let mut times: Vec<Vec<f64>> = vec![Vec::new(); kinds.len()];
        for _ in 0..ROUNDS {
            for (place, load) in loaders.iter().enumerate() {
                let long = times[place]
                    .last()
                    .is_some_and(|last| *last > LONG.as_secs_f64());
                if long || out[place].is_some() {
                    continue;
                }
                let start = Instant::now();
                let loaded = load();
                let taken = start.elapsed();
                match loaded {
                    Ok(_) => times[place].push(taken.as_secs_f64()),
                    Err(why) => out[place] = Some(why),
                }
                if taken > TOO_LONG {
                    let (size, seconds) = (grouped(*size as u64), taken.as_secs());
                    out[place] = Some(format!(
                        "{seconds} s with {size} rules, and was given no more"
                    ));
                }
            }
        }
        for (row, times) in rows.iter_mut().zip(&mut times) {
            row.push(median(times) * 1e6 / *size as f64);
        }
    }
    println!("\nµs for each rule, from text to an engine that is ready:\n");
    let numbers = sizes
        .iter()
        .map(|size| format!("{} rules", grouped(*size as u64)));
    let growth = "growth for each rule, first → last".to_owned();
    println!(
        "{}",
        head(
            ["engine".to_owned()]
                .into_iter()
                .chain(numbers)
                .chain([growth])
        )
    );
    for (kind, row) in kinds.iter().zip(&rows) {
        let shown = |value: &f64| {
            if value.is_nan() {
                "–".to_owned()
            } else {
                figure(*value)
            }
        };
        let known: Vec<f64> = row
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect();
        let growth = match known.as_slice() {
            [first, .., last] if known.len() == sizes.len() => format!("{}×", figure(last / first)),
            _ => "–".to_owned(),
        };
        let name = with_version(kind.name, kind.package);
        println!(
            "{}",
            line(
                [name]
                    .into_iter()
                    .chain(row.iter().map(shown))
                    .chain([growth])
            )
        );
    }
    for (kind, why) in kinds.iter().zip(&out) {
        if let Some(why) = why {
            println!("\n{}: {why}", kind.name);
        }
    }
    ExitCode::SUCCESS
}
