//! How many lines of JSON become short decisions in a second, by one worker and by two, beside parsing alone.
//!
//! A short decision is printed with what it names: the case, the value and the rule of each classification, role and
//! tier. The floor is `serde_json::Value` of the same lines, which decides and prints nothing.

use super::Wanted;
use crate::engines::caseway_engine::{self, Caseway};
use crate::table::{figure, head, line, median};
use crate::workload::{cases, rules};
use std::process::ExitCode;
use std::time::Instant;

/// Rounds in which the sides take turns.
const ROUNDS: usize = 9;
/// So many lines are read in each.
const LINES: usize = 100_000;
/// A worker hands so many printed decisions on at once, and prints the next ones into the same room.
const AT_ONCE: usize = 256;
const SIZES: [usize; 3] = [50, 1_000, 5_000];
/// Workers at the same time; the lines are shared out among them.
const WORKERS: [usize; 2] = [1, 2];

/// Prints the table for the numbers of rules wanted.
pub fn run(wanted: &Wanted) -> ExitCode {
    // One behind the other, as they lie in a file that is read.
    let mut text = String::new();
    for case in cases::draw(LINES) {
        text += &case.line();
        text.push('\n');
    }
    let lines: Vec<&str> = text.lines().collect();
    println!("\nThousands of lines in a second:\n");
    println!("{}", head(["", "1 worker", "2 workers"].map(str::to_owned)));
    let parsed = speeds(&lines, |lines| {
        let parsed = lines
            .iter()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        parsed.filter(serde_json::Value::is_object).count()
    });
    row("`serde_json::Value` alone", parsed);
    for size in wanted.sizes_or(&SIZES) {
        let caseway = match Caseway::load(&caseway_engine::text(&rules::draw(size)), size) {
            Ok(caseway) => caseway.shared(),
            Err(why) => {
                eprintln!("{why}");
                return ExitCode::FAILURE;
            }
        };
        let mut whole: Vec<u8> = Vec::new();
        caseway.print(&lines, usize::MAX, |printed| whole.extend(printed));
        let mut parts: Vec<u8> = Vec::new();
        for some in shares(&lines, 2) {
            caseway.print(some, AT_ONCE, |printed| parts.extend(printed));
        }
        assert_eq!(whole, parts, "the same bytes, however many workers");
        let decided = speeds(&lines, |lines| {
            let mut bytes = 0;
            caseway.print(lines, AT_ONCE, |printed| {
                bytes += std::hint::black_box(printed).len();
            });
            bytes
        });
        row(&format!("Caseway, {size} rules, short decisions"), decided);
    }
    ExitCode::SUCCESS
}

fn row(name: &str, speeds: [f64; 2]) {
    let mut cells = vec![name.to_owned()];
    cells.extend(speeds.map(|speed| figure(speed / 1e3)));
    println!("{}", line(cells));
}

fn shares<'a>(lines: &'a [&'a str], workers: usize) -> impl Iterator<Item = &'a [&'a str]> {
    lines.chunks(lines.len().div_ceil(workers))
}

/// Lines in a second, for each number of workers.
fn speeds(lines: &[&str], work: impl Fn(&[&str]) -> usize + Sync) -> [f64; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (workers, times) in WORKERS.into_iter().zip(&mut times) {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for some in shares(lines, workers) {
                    let work = &work;
                    scope.spawn(move || std::hint::black_box(work(some)));
                }
            });
            times.push(start.elapsed().as_secs_f64());
        }
    }
    times.map(|mut times| lines.len() as f64 / median(&mut times))
}
