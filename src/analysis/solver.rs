//! Questions about propositions: whether all of some literals can hold together, and if not, which of
//! them are at fault.
//!
//! Below everything else in [`crate::analysis`], on [`super::gates`]; a coat around a SAT solver (`batsat`,
//! a MiniSat in Rust). The solver knows the propositions that are no gates, and of gates only what
//! questions needed: what is asked to hold is taken apart down to single propositions, and to "one of
//! these does not hold". Of the latter, those that the model happens to fulfil are never told to the
//! solver; so that a question about one rule among thousands stays one about the few that stand in its way.
//!
//! Questions are answered within a count of steps and not of time, so that the same policy gives the same
//! answers on every machine.

use super::gates::{Gates, Model};
use batsat::{BasicSolver, Lit, SolverInterface, SolverOpts, lbool};
use std::cell::Cell;
use std::ops::Not;
use std::rc::Rc;

/// A proposition or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal(u32);

impl Literal {
    /// The proposition that always holds.
    pub(super) const ALWAYS: Literal = Literal(0);

    /// The proposition at a place.
    pub(super) fn of(place: usize) -> Literal {
        Literal(u32::try_from(place).unwrap_or(u32::MAX >> 1) << 1)
    }

    /// The place of the proposition.
    pub(super) fn place(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether this is the opposite of the proposition at its place.
    pub(super) fn is_opposite(self) -> bool {
        self.0 & 1 == 1
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

impl Not for Literal {
    type Output = Literal;

    fn not(self) -> Literal {
        Literal(self.0 ^ 1)
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
    gates: Gates,
    /// For each literal, once it is needed: what the solver takes for it.
    taken_for: Vec<Option<Lit>>,
    /// Those that are no gates, as the solver has them.
    single: Vec<(Literal, Lit)>,
    model: Model,
    core: Vec<Literal>,
    /// For each literal: the last question that it was met in.
    met: Vec<u32>,
    question: u32,
    left: Steps,
    /// What all questions together may still cost.
    budget: u64,
}

/// What all questions about one policy may cost together: propositions that are looked at. A run of the
/// solver costs as many as it knows, and a question as many as it is taken apart into.
pub(super) const BUDGET: u64 = 2_000_000_000;

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
        let truth = Lit::new(inner.new_var_default(), true);
        inner.add_clause_reuse(&mut vec![truth]);
        Solver {
            inner,
            gates: Gates::new(),
            taken_for: vec![Some(truth), Some(!truth)],
            single: vec![(Literal::ALWAYS, truth)],
            model: Model::default(),
            core: Vec::new(),
            met: Vec::new(),
            question: 0,
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

    /// Goes on with what another has left of what questions may cost.
    pub(super) fn pay_from(&mut self, other: &Solver) {
        self.budget = other.budget;
    }

    /// The proposition that always holds.
    pub(super) fn always(&self) -> Literal {
        Literal::ALWAYS
    }

    /// The proposition that never holds.
    pub(super) fn never(&self) -> Literal {
        !Literal::ALWAYS
    }

    /// A proposition of which nothing is known.
    pub(super) fn free(&mut self) -> Literal {
        let literal = self.gates.free();
        let own = Lit::new(self.inner.new_var_default(), true);
        self.take_for(literal, own);
        self.take_for(!literal, !own);
        self.single.push((literal, own));
        literal
    }

    /// Makes known that at least one of these holds.
    pub(super) fn know(&mut self, any_of: &[Literal]) {
        let clause = any_of.iter().map(|literal| self.told(*literal));
        let mut clause: Vec<Lit> = clause.collect();
        self.inner.add_clause_reuse(&mut clause);
    }

    /// Makes known that one follows from the other.
    pub(super) fn implies(&mut self, condition: Literal, consequence: Literal) {
        self.know(&[!condition, consequence]);
    }

    /// The proposition that all of these hold.
    pub(super) fn all(&mut self, of: impl IntoIterator<Item = Literal>) -> Literal {
        self.gates.all(of)
    }

    /// The proposition that at least one of these holds.
    pub(super) fn any(&mut self, of: impl IntoIterator<Item = Literal>) -> Literal {
        !self.gates.all(of.into_iter().map(Not::not))
    }

    fn taken_for(&self, literal: Literal) -> Option<Lit> {
        self.taken_for.get(literal.index()).copied().flatten()
    }

    fn take_for(&mut self, literal: Literal, taken: Lit) {
        let places = self.gates.len() * 2;
        if self.taken_for.len() < places {
            self.taken_for.resize(places, None);
        }
        if let Some(place) = self.taken_for.get_mut(literal.index()) {
            *place = Some(taken);
        }
    }

    /// What the solver takes for a literal; it is told of what it is made. It never guesses whether a gate
    /// holds, since that follows from its parts.
    fn told(&mut self, literal: Literal) -> Lit {
        let mut open = vec![literal];
        while let Some(next) = open.last().copied() {
            if self.taken_for(next).is_some() {
                open.pop();
                continue;
            }
            let parts = self.gates.parts(next).unwrap_or_default();
            let before = open.len();
            let untold = parts.iter().filter(|part| self.taken_for(**part).is_none());
            open.extend(untold);
            if open.len() > before {
                continue;
            }
            open.pop();
            let parts = parts.iter().filter_map(|part| self.taken_for(*part));
            let parts: Vec<Lit> = parts.collect();
            let own = Lit::new(self.inner.new_var(lbool::UNDEF, false), true);
            for part in &parts {
                self.inner.add_clause_reuse(&mut vec![!own, *part]);
            }
            let mut clause: Vec<Lit> = parts.into_iter().map(Not::not).collect();
            clause.push(own);
            self.inner.add_clause_reuse(&mut clause);
            let gate = Literal::of(next.place());
            self.take_for(gate, own);
            self.take_for(!gate, !own);
        }
        // There is always one by now.
        self.taken_for(literal).unwrap_or(Lit::UNDEF)
    }

    /// What is asked, taken apart: single propositions, and opposites of gates; each with the place among
    /// what was asked of one that it follows from.
    fn apart(&mut self, all_of: &[Literal]) -> [Vec<(Literal, usize)>; 2] {
        self.question = self.question.wrapping_add(1);
        if self.question == 0 {
            self.met.clear();
            self.question = 1;
        }
        self.met.resize(self.gates.len() * 2, 0);
        let (mut single, mut either) = (Vec::new(), Vec::new());
        let mut open = Vec::new();
        for (place, literal) in all_of.iter().enumerate() {
            open.push(*literal);
            while let Some(next) = open.pop() {
                match self.met.get_mut(next.index()) {
                    Some(met) if *met != self.question => *met = self.question,
                    _ => continue,
                }
                match self.gates.parts(next) {
                    None => single.push((next, place)),
                    Some(_) if next.is_opposite() => either.push((next, place)),
                    Some(parts) => open.extend(parts.iter().rev()),
                }
            }
        }
        [single, either]
    }

    /// Asks whether all of these can hold together, within so many steps.
    pub(super) fn ask(&mut self, all_of: &[Literal], steps: u64) -> Answer {
        self.core.clear();
        if self.budget == 0 {
            return Answer::Undecided;
        }
        let [single, either] = self.apart(all_of);
        let mut assumed: Vec<Lit> = Vec::new();
        let mut places: Vec<usize> = Vec::new();
        let mut waiting = Vec::new();
        for (literal, place) in single.iter().chain(&either) {
            match self.taken_for(*literal) {
                Some(taken) => {
                    assumed.push(taken);
                    places.push(*place);
                }
                None => waiting.push((*literal, *place)),
            }
        }
        self.left.0.set(steps);
        loop {
            let cost = u64::from(self.inner.num_vars()) + (single.len() + either.len()) as u64;
            // A question costs most before it is asked, so none is begun that cannot be paid.
            let paid = self.budget >= cost;
            self.budget = self.budget.saturating_sub(cost);
            if !paid {
                return Answer::Undecided;
            }
            let answer = self.inner.solve_limited(&assumed);
            if answer == lbool::FALSE {
                // The solver gives the opposites of what it was given.
                let known = assumed.iter().zip(&places);
                let known = known.filter(|(taken, _)| self.inner.unsat_core_contains_lit(!**taken));
                let mut found: Vec<usize> = known.map(|(_, place)| *place).collect();
                found.sort_unstable();
                found.dedup();
                let found = found.iter().filter_map(|place| all_of.get(*place));
                self.core.extend(found);
                return Answer::No;
            }
            if answer != lbool::TRUE {
                return Answer::Undecided;
            }
            self.note_model();
            let before = assumed.len();
            let mut still = Vec::with_capacity(waiting.len());
            for (literal, place) in waiting {
                match self.holds(literal) {
                    true => still.push((literal, place)),
                    false => {
                        assumed.push(self.told(literal));
                        places.push(place);
                    }
                }
            }
            waiting = still;
            if assumed.len() == before {
                return Answer::Yes;
            }
        }
    }

    /// Keeps what the solver found.
    fn note_model(&mut self) {
        self.model.begin(&self.gates);
        for (literal, taken) in &self.single {
            let holds = self.inner.value_lit(*taken) == lbool::TRUE;
            self.model.set(*literal, holds);
        }
    }

    /// Whether a proposition holds in the model of the last question, which was answered by yes.
    pub(super) fn holds(&self, literal: Literal) -> bool {
        self.model.holds(&self.gates, literal)
    }

    /// Which of what was asked cannot hold together, after the last question was answered by no; not
    /// always the fewest.
    pub(super) fn core(&self) -> &[Literal] {
        &self.core
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

    /// Random propositions over six, all of which are tried.
    #[test]
    fn answers_are_what_trying_finds() {
        let mut state = 1u64;
        let mut below = |end: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).expect("small") % end
        };
        let (mut yes, mut no) = (0, 0);
        for _ in 0..200 {
            let mut solver = Solver::new();
            let single: Vec<Literal> = (0..6).map(|_| solver.free()).collect();
            // Each proposition with the choices of the six that make it true, as bits.
            let mut known: Vec<(Literal, u64)> = Vec::new();
            for (bit, literal) in single.iter().enumerate() {
                let choices = (0..64u64).filter(|choice| choice >> bit & 1 == 1);
                known.push((*literal, choices.fold(0, |all, choice| all | 1 << choice)));
            }
            let mut admitted = u64::MAX;
            for step in 0..16 {
                let parts: Vec<(Literal, u64)> = (0..2 + below(3))
                    .map(|_| {
                        let (literal, truth) = known[below(known.len())];
                        match below(2) {
                            0 => (literal, truth),
                            _ => (!literal, !truth),
                        }
                    })
                    .collect();
                let literals = parts.iter().map(|(literal, _)| *literal);
                let any = parts.iter().fold(0, |any, (_, truth)| any | truth);
                match (step % 8, below(2)) {
                    (7, _) => {
                        solver.know(&literals.collect::<Vec<_>>());
                        admitted &= any;
                    }
                    (_, 0) => known.push((solver.any(literals), any)),
                    _ => {
                        let all = parts.iter().fold(u64::MAX, |all, (_, truth)| all & truth);
                        known.push((solver.all(literals), all));
                    }
                }
            }
            for _ in 0..20 {
                let asked: Vec<(Literal, u64)> = (0..1 + below(4))
                    .map(|_| known[below(known.len())])
                    .collect();
                let literals: Vec<Literal> = asked.iter().map(|(literal, _)| *literal).collect();
                let fitting = asked.iter().fold(admitted, |all, (_, truth)| all & truth);
                let answer = solver.ask(&literals, STEPS);
                if fitting == 0 {
                    no += 1;
                    assert_eq!(answer, Answer::No);
                    let core = solver.core();
                    let of_core = asked.iter().filter(|(literal, _)| core.contains(literal));
                    assert_eq!(of_core.fold(admitted, |all, (_, truth)| all & truth), 0);
                } else {
                    yes += 1;
                    assert_eq!(answer, Answer::Yes);
                    let bits = single.iter().enumerate();
                    let choice = bits.fold(0, |choice, (bit, literal)| {
                        choice | u64::from(solver.holds(*literal)) << bit
                    });
                    assert!(fitting >> choice & 1 == 1);
                    for (literal, truth) in &known {
                        assert_eq!(solver.holds(*literal), truth >> choice & 1 == 1);
                    }
                }
            }
        }
        assert!(yes > 100 && no > 100, "{yes} {no}");
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
