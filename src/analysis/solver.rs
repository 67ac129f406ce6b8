//! Questions about propositions: whether all of some literals can hold together, and if not, which of
//! them are at fault.
//!
//! Below everything else in [`crate::analysis`]; a thin coat around a SAT solver (`batsat`, a MiniSat in
//! Rust). Questions are answered within a count of steps and not of time, so that the same policy gives
//! the same answers on every machine.

use batsat::{BasicSolver, Lit, SolverInterface, SolverOpts, lbool};
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Not;
use std::rc::Rc;

/// A proposition or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal(Lit);

impl Not for Literal {
    type Output = Literal;

    fn not(self) -> Literal {
        Literal(!self.0)
    }
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// They can hold together; the model says how.
    Yes,
    /// They cannot; the core says which of them.
    No,
    /// It was not settled within the steps allowed.
    Undecided,
}

/// Steps that are left.
#[derive(Clone, Debug)]
struct Steps(Rc<Cell<u64>>);

/// Propositions with what is known of them.
pub(super) struct Solver {
    inner: BasicSolver,
    truth: Literal,
    gates: HashMap<Vec<Literal>, Literal>,
    left: Steps,
    /// What all questions together may still cost: variables looked at.
    budget: u64,
}

/// What all questions about one policy may cost together: variables that are looked at. A question costs
/// as many as there are. In a policy of 5,000 rules over 15 fields this is some tens of thousands of
/// questions, and about a minute.
const BUDGET: u64 = 6_000_000_000;

impl Solver {
    pub(super) fn new() -> Solver {
        let left = Steps(Rc::new(Cell::new(0)));
        let mut callbacks = batsat::callbacks::Basic::new();
        let counted = left.clone();
        callbacks.set_stop(move || {
            let left = counted.0.get();
            counted.0.set(left.saturating_sub(1));
            left == 0
        });
        let mut inner = BasicSolver::new(SolverOpts::default(), callbacks);
        let truth = Literal(Lit::new(inner.new_var_default(), true));
        inner.add_clause_reuse(&mut vec![truth.0]);
        Solver {
            inner,
            truth,
            gates: HashMap::new(),
            left,
            budget: BUDGET,
        }
    }

    /// What all questions together may still cost.
    pub(super) fn budget(&self) -> u64 {
        self.budget
    }

    /// Lets all questions together cost so much from now on.
    pub(super) fn allow(&mut self, budget: u64) {
        self.budget = budget;
    }

    /// The proposition that always holds.
    pub(super) fn always(&self) -> Literal {
        self.truth
    }

    /// The proposition that never holds.
    pub(super) fn never(&self) -> Literal {
        !self.truth
    }

    /// A proposition of which nothing is known.
    pub(super) fn free(&mut self) -> Literal {
        Literal(Lit::new(self.inner.new_var_default(), true))
    }

    /// Makes known that at least one of these holds.
    pub(super) fn know(&mut self, any_of: &[Literal]) {
        let mut clause: Vec<Lit> = any_of.iter().map(|literal| literal.0).collect();
        self.inner.add_clause_reuse(&mut clause);
    }

    /// Makes known that one follows from the other.
    pub(super) fn implies(&mut self, condition: Literal, consequence: Literal) {
        self.know(&[!condition, consequence]);
    }

    /// The proposition that all of these hold.
    pub(super) fn all(&mut self, of: impl IntoIterator<Item = Literal>) -> Literal {
        let mut parts: Vec<Literal> = of.into_iter().filter(|part| *part != self.truth).collect();
        parts.sort_unstable();
        parts.dedup();
        let contradict = parts.windows(2).any(|pair| pair[0] == !pair[1]);
        if contradict || parts.contains(&self.never()) {
            return self.never();
        }
        match parts.as_slice() {
            [] => return self.truth,
            [one] => return *one,
            _ => {}
        }
        if let Some(known) = self.gates.get(&parts) {
            return *known;
        }
        let gate = self.free();
        for part in &parts {
            self.implies(gate, *part);
        }
        let mut clause: Vec<Literal> = parts.iter().map(|part| !*part).collect();
        clause.push(gate);
        self.know(&clause);
        self.gates.insert(parts, gate);
        gate
    }

    /// The proposition that at least one of these holds.
    pub(super) fn any(&mut self, of: impl IntoIterator<Item = Literal>) -> Literal {
        let opposites: Vec<Literal> = of.into_iter().map(Not::not).collect();
        !self.all(opposites)
    }

    /// Asks whether all of these can hold together, within so many steps.
    pub(super) fn ask(&mut self, all_of: &[Literal], steps: u64) -> Answer {
        let cost = u64::from(self.inner.num_vars());
        if self.budget < cost {
            return Answer::Undecided;
        }
        self.budget -= cost;
        self.left.0.set(steps);
        let assumed: Vec<Lit> = all_of.iter().map(|literal| literal.0).collect();
        let answer = self.inner.solve_limited(&assumed);
        if answer == lbool::TRUE {
            Answer::Yes
        } else if answer == lbool::FALSE {
            Answer::No
        } else {
            Answer::Undecided
        }
    }

    /// Whether a proposition holds in the model of the last question, which was answered by yes.
    pub(super) fn holds(&self, literal: Literal) -> bool {
        self.inner.value_lit(literal.0) == lbool::TRUE
    }

    /// Which of what was asked cannot hold together, after the last question was answered by no; not
    /// always the fewest.
    pub(super) fn core(&self) -> Vec<Literal> {
        // The solver gives them negated or not, depending on where the contradiction showed.
        let core = self.inner.unsat_core().iter();
        core.flat_map(|literal| [Literal(*literal), Literal(!*literal)])
            .collect()
    }

    /// The fewest of these, taken away one by one, that cannot hold together with `always`; none if they
    /// can, or if it was not settled.
    pub(super) fn smallest_core(
        &mut self,
        always: &[Literal],
        of: &[Literal],
        steps: u64,
    ) -> Option<Vec<Literal>> {
        let asked: Vec<Literal> = always.iter().chain(of).copied().collect();
        if self.ask(&asked, steps) != Answer::No {
            return None;
        }
        let core = self.core();
        let mut kept: Vec<Literal> = of
            .iter()
            .copied()
            .filter(|one| core.contains(one))
            .collect();
        let asked: Vec<Literal> = always.iter().chain(&kept).copied().collect();
        if self.ask(&asked, steps) != Answer::No {
            // What is false by itself does not always stand in the core.
            kept = of.to_vec();
        }
        let mut at = 0;
        while at < kept.len() {
            let mut without = kept.clone();
            without.remove(at);
            let asked: Vec<Literal> = always.iter().chain(&without).copied().collect();
            match self.ask(&asked, steps) {
                Answer::No => {
                    // Those that are known to be needed stand in every core.
                    let core = self.core();
                    let needed = without.len().min(at);
                    let rest = without.split_off(needed);
                    without.extend(rest.into_iter().filter(|one| core.contains(one)));
                    kept = without;
                }
                Answer::Yes | Answer::Undecided => at += 1,
            }
        }
        Some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: u64 = 100_000;

    #[test]
    fn gates_and_cores() {
        let mut solver = Solver::new();
        let [a, b, c] = [(); 3].map(|()| solver.free());
        let both = solver.all([a, b]);
        let either = solver.any([a, c]);
        assert_eq!(solver.all([b, a]), both);
        assert_eq!(solver.all([a, !a]), solver.never());
        assert_eq!(solver.any([a, !a]), solver.always());
        assert_eq!(solver.ask(&[both, either], STEPS), Answer::Yes);
        assert!(solver.holds(a) && solver.holds(b));
        assert_eq!(solver.ask(&[both, !b, c], STEPS), Answer::No);
        assert_eq!(
            solver.smallest_core(&[], &[c, either, both, !b], STEPS),
            Some(vec![both, !b])
        );
        assert_eq!(solver.smallest_core(&[], &[both, c], STEPS), None);
    }

    /// Nine pigeons in eight holes: hard for a solver of this kind.
    #[test]
    fn steps_end_a_question() {
        let mut solver = Solver::new();
        let holes: Vec<Vec<Literal>> = (0..9)
            .map(|_| (0..8).map(|_| solver.free()).collect())
            .collect();
        for pigeon in &holes {
            solver.know(pigeon);
        }
        for (at, one) in holes.iter().enumerate() {
            for other in &holes[at + 1..] {
                for (a, b) in one.iter().zip(other) {
                    solver.know(&[!*a, !*b]);
                }
            }
        }
        assert_eq!(solver.ask(&[], 100), Answer::Undecided);
        assert_eq!(solver.ask(&[], 10_000_000), Answer::No);
    }
}
