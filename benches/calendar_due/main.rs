//! How long a calendar takes to answer, beside a plain walker that goes from minute to minute.
//!
//! `cargo bench --bench calendar_due` prints the distribution of each, then the medians of rounds
//! that took turns with their ratios. The walker is the one that the tests hold the calendar
//! against; it is handed all minutes laid out and only walks. Before anything is timed, both have
//! to give the same answers.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and its arguments"
)]

mod questions;
#[path = "../support/ratios.rs"]
mod ratios;
#[allow(dead_code, reason = "the tests ask it more")]
#[path = "../../tests/it/time_walker.rs"]
mod time_walker;

use caseway::time::Calendar;
use divan::{Bencher, black_box};
use questions::{Ahead, DESKS, Desk, Question};

/// Every so many questions are answered both ways before anything is timed.
const CHECKED: usize = 20;

fn main() {
    for desk in DESKS.iter() {
        for ahead in Ahead::ALL {
            for question in desk.questions(ahead).into_iter().step_by(CHECKED) {
                assert_eq!(
                    due(desk, question),
                    due_by_walking(desk, question),
                    "{ahead}"
                );
                assert_eq!(
                    measure(desk, question),
                    measure_by_walking(desk, question),
                    "{ahead}"
                );
            }
        }
    }
    divan::main();
    let timed = std::env::args().any(|argument| argument == "--bench");
    if timed && std::env::args().count() == 2 {
        print_ratios();
    }
}

fn due(desk: &Desk, asked: Question) -> i64 {
    let due = desk.calendar.due(asked.start, asked.target);
    due.expect("known").millis()
}

fn due_by_walking(desk: &Desk, asked: Question) -> i64 {
    let due = desk.walker.due(asked.start.millis(), asked.target.millis());
    due.expect("in the window").expect("known")
}

fn measure(desk: &Desk, asked: Question) -> i64 {
    let open = desk.calendar.measure(asked.start, asked.end);
    open.expect("known").millis()
}

fn measure_by_walking(desk: &Desk, asked: Question) -> i64 {
    let open = desk
        .walker
        .measure(asked.start.millis(), asked.end.millis());
    open.expect("known")
}

/// A way to answer.
type Answer = fn(&Desk, Question) -> i64;

/// Asks one question after the other.
fn ask(bencher: Bencher<'_, '_>, desk: &Desk, ahead: Ahead, answer: Answer) {
    let questions = desk.questions(ahead);
    let mut next = questions.iter().cycle();
    bencher
        .with_inputs(|| *next.next().expect("questions"))
        .bench_local_values(|question| answer(desk, black_box(question)));
}

#[divan::bench_group]
mod without_holidays {
    use super::{Ahead, Bencher, DESKS};

    #[divan::bench(args = Ahead::ALL)]
    fn due(bencher: Bencher<'_, '_>, ahead: Ahead) {
        super::ask(bencher, &DESKS[0], ahead, super::due);
    }

    #[divan::bench(args = Ahead::ALL)]
    fn measure(bencher: Bencher<'_, '_>, ahead: Ahead) {
        super::ask(bencher, &DESKS[0], ahead, super::measure);
    }
}

#[divan::bench_group]
mod with_holidays {
    use super::{Ahead, Bencher, DESKS};

    #[divan::bench(args = Ahead::ALL)]
    fn due(bencher: Bencher<'_, '_>, ahead: Ahead) {
        super::ask(bencher, &DESKS[1], ahead, super::due);
    }

    #[divan::bench(args = Ahead::ALL, sample_count = 20)]
    fn due_by_walking(bencher: Bencher<'_, '_>, ahead: Ahead) {
        super::ask(bencher, &DESKS[1], ahead, super::due_by_walking);
    }

    #[divan::bench(args = Ahead::ALL)]
    fn measure(bencher: Bencher<'_, '_>, ahead: Ahead) {
        super::ask(bencher, &DESKS[1], ahead, super::measure);
    }

    #[divan::bench(args = Ahead::ALL, sample_count = 20)]
    fn measure_by_walking(bencher: Bencher<'_, '_>, ahead: Ahead) {
        super::ask(bencher, &DESKS[1], ahead, super::measure_by_walking);
    }
}

#[divan::bench(args = DESKS.iter().map(|desk| desk.name))]
fn compile(bencher: Bencher<'_, '_>, name: &str) {
    let desk = DESKS.iter().find(|desk| desk.name == name).expect("a desk");
    bencher.bench(|| Calendar::new(black_box(&desk.definition)));
}

fn print_ratios() {
    println!("| calendar | question | ahead | calendar's time | walker's time | ratio |");
    println!("|---|---|---|--:|--:|--:|");
    let pairs: [(&str, Answer, Answer); 2] = [
        ("due", due, due_by_walking),
        ("measure", measure, measure_by_walking),
    ];
    for desk in DESKS.iter() {
        for (question, answer, walking) in pairs {
            for ahead in Ahead::ALL {
                let questions = desk.questions(ahead);
                let by = |answer: Answer, number: usize| {
                    answer(desk, questions[number % questions.len()])
                };
                let (ours, theirs) =
                    ratios::medians(&|number| by(answer, number), &|number| by(walking, number));
                println!(
                    "| {} | {question} | {ahead} | {} | {} | {:.0} |",
                    desk.name,
                    ratios::shown(ours),
                    ratios::shown(theirs),
                    theirs / ours
                );
            }
        }
        let (ours, _) = ratios::medians(
            &|_| i64::from(Calendar::new(&desk.definition).is_always()),
            &|_| 0,
        );
        println!(
            "| {} | compile | – | {} | – | – |",
            desk.name,
            ratios::shown(ours)
        );
    }
}
