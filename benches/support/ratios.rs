//! Medians of rounds that take turns, and what they are to each other.
//!
//! A shared machine is noisy, so a figure alone says little. Both sides of a comparison run in one
//! process, one round of each after the other, and their medians are divided.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds of each side.
const ROUNDS: usize = 15;
/// A round of a fast side takes at least so long.
const LEAST: Duration = Duration::from_millis(2);

/// Runs one question, by its number.
pub type Side<'a> = &'a dyn Fn(usize) -> i64;

/// The median times of one question of two sides, in nanoseconds.
pub fn medians(ours: Side<'_>, theirs: Side<'_>) -> (f64, f64) {
    let counts = [repeats(ours), repeats(theirs)];
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for ((side, count), times) in [ours, theirs].into_iter().zip(counts).zip(&mut times) {
            times.push(round(side, count).as_secs_f64() * 1e9 / count as f64);
        }
    }
    let [mut ours, mut theirs] = times;
    (median(&mut ours), median(&mut theirs))
}

/// How often a question is asked in a round.
fn repeats(side: Side<'_>) -> usize {
    let mut count = 1;
    while round(side, count) < LEAST {
        count *= 2;
    }
    count
}

fn round(side: Side<'_>, count: usize) -> Duration {
    let start = Instant::now();
    for number in 0..count {
        black_box(side(black_box(number)));
    }
    start.elapsed()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds with a unit that people read.
pub fn shown(nanoseconds: f64) -> String {
    match nanoseconds {
        fast if fast < 1e3 => format!("{fast:.0} ns"),
        middle if middle < 1e6 => format!("{:.1} µs", middle / 1e3),
        slow => format!("{:.1} ms", slow / 1e6),
    }
}
