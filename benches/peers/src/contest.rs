//! What an engine has to do here, and how its answers are held against the plain reference and timed.

use std::hint::black_box;
use std::time::Instant;

/// An engine that has taken in a set of rules.
pub trait Engine {
    /// A case in the form that the engine wants it in.
    type Case;
    /// What it answers, before anybody looks at it.
    type Answer;

    /// Reads a case from a line of JSON, in the fastest way that the engine offers.
    fn read(&mut self, line: &'static str) -> Self::Case;

    /// Decides a case.
    fn decide(&mut self, case: &mut Self::Case) -> Self::Answer;

    /// The number of the rule taken; that of rules where none is true. Not timed.
    fn rule(&self, answer: Self::Answer) -> usize;

    /// Reads a line and decides.
    fn decide_line(&mut self, line: &'static str) -> Self::Answer {
        let mut case = self.read(line);
        self.decide(&mut case)
    }
}

/// A case that an engine decided otherwise than the reference.
pub struct Disagreement {
    pub case: usize,
    pub expected: usize,
    pub answered: usize,
    /// Whether the engine also read the line, or decided a case that it had read before.
    pub from_line: bool,
}

/// An engine with its cases, whatever their form is.
pub trait Contestant {
    /// Reads so many of the lines and keeps the cases.
    fn prepare(&mut self, lines: &[&'static str]);

    /// Decides every case it keeps and every line of these, and holds the answers against what is expected.
    fn check(&mut self, lines: &[&'static str], expected: &[usize]) -> Result<(), Disagreement>;

    /// Nanoseconds for each case, the cases being in the engine's own form.
    fn time_cases(&mut self, passes: usize) -> f64;

    /// Nanoseconds for each line, from JSON to the decision.
    fn time_lines(&mut self, lines: &[&'static str], passes: usize) -> f64;
}

/// An engine and the cases that it keeps.
pub struct Entrant<E: Engine> {
    engine: E,
    cases: Vec<E::Case>,
}

impl<E: Engine + 'static> Entrant<E> {
    pub fn boxed(engine: E) -> Box<dyn Contestant> {
        Box::new(Entrant {
            engine,
            cases: Vec::new(),
        })
    }
}

impl<E: Engine> Contestant for Entrant<E> {
    fn prepare(&mut self, lines: &[&'static str]) {
        self.cases = lines.iter().map(|line| self.engine.read(line)).collect();
    }

    fn check(&mut self, lines: &[&'static str], expected: &[usize]) -> Result<(), Disagreement> {
        assert_eq!(
            (lines.len(), lines.len()),
            (self.cases.len(), expected.len()),
            "a case was not asked about"
        );
        for (number, (line, expected)) in lines.iter().zip(expected).enumerate() {
            let kept = self.engine.decide(&mut self.cases[number]);
            let read = self.engine.decide_line(line);
            for (answer, from_line) in [(kept, false), (read, true)] {
                let answered = self.engine.rule(answer);
                if answered != *expected {
                    return Err(Disagreement {
                        case: number,
                        expected: *expected,
                        answered,
                        from_line,
                    });
                }
            }
        }
        Ok(())
    }

    fn time_cases(&mut self, passes: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..passes {
            for case in &mut self.cases {
                black_box(self.engine.decide(black_box(case)));
            }
        }
        each(start, passes * self.cases.len())
    }

    fn time_lines(&mut self, lines: &[&'static str], passes: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..passes {
            for line in lines {
                black_box(self.engine.decide_line(black_box(line)));
            }
        }
        each(start, passes * lines.len())
    }
}

fn each(start: Instant, count: usize) -> f64 {
    start.elapsed().as_secs_f64() * 1e9 / count as f64
}
