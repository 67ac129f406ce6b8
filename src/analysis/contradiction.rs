//! The fewest parts of a condition that cannot be true together.
//!
//! Part of [`super::conditions`]. A set of parts contradicts itself only if it holds a part of everything that
//! has to be given up to make the others true. So the smallest set that does is guessed and asked for: a
//! contradiction, or one more thing that has to be given up (implicit hitting sets; Ignatiev et al., "Smallest
//! MUS Extraction with Minimal Hitting Set Dualization", CP 2015).

use super::facts::{Asker, STEPS};
use super::solver::{Answer, Literal};
use crate::compile::{Node, NodeId, Program};

/// Guesses, at most; after that the fewest parts that taking away one by one finds are told.
const MOST_GUESSES: usize = 300;
/// Parts of one condition, at most, that defines are unfolded to.
const MOST_PARTS: usize = 1_000;
/// Steps of the search for one guess, at most.
const MOST_STEPS: usize = 50_000;

impl Asker<'_> {
    /// The fewest parts of a condition that cannot be true together, defines unfolded; none if they can.
    pub(super) fn at_fault(&mut self, condition: NodeId) -> Vec<NodeId> {
        let parts = conjuncts(self.encoder.program, condition);
        let mut truths: Vec<(NodeId, Literal)> = Vec::new();
        for part in parts {
            let yes = self.encoder.truth(part).yes;
            if !truths.iter().any(|(_, known)| *known == yes) {
                truths.push((part, yes));
            }
        }
        let all: Vec<Literal> = truths.iter().map(|(_, yes)| *yes).collect();
        let solver = &mut self.encoder.space.solver;
        let Some(core) = solver.smallest_core(&[], &all, STEPS) else {
            return Vec::new();
        };
        let wanted = self.fewest(&all, core.len()).unwrap_or(core);
        truths.retain(|(_, yes)| wanted.contains(yes));
        truths.into_iter().map(|(part, _)| part).collect()
    }

    /// Fewer propositions than so many that cannot hold together; none if there are none, or if that was not
    /// settled.
    fn fewest(&mut self, all: &[Literal], so_far: usize) -> Option<Vec<Literal>> {
        // Sets of places, one of each of which stands in every contradiction.
        let mut given_up: Vec<Vec<usize>> = Vec::new();
        for _ in 0..MOST_GUESSES {
            let guess = smallest_hitting(&given_up, so_far.checked_sub(1)?)?;
            let guess: Vec<Literal> = guess
                .iter()
                .filter_map(|at| all.get(*at).copied())
                .collect();
            match self.ask(&guess) {
                Answer::No => return Some(guess),
                Answer::Undecided => return None,
                Answer::Yes => {}
            }
            // As many others as can hold beside them.
            let mut kept = guess;
            let holding = |asker: &Self| -> Vec<Literal> {
                let solver = &asker.encoder.space.solver;
                all.iter()
                    .copied()
                    .filter(|one| solver.holds(*one))
                    .collect()
            };
            kept.extend(holding(self));
            for one in all {
                if kept.contains(one) {
                    continue;
                }
                kept.push(*one);
                match self.ask(&kept) {
                    Answer::Yes => kept.extend(holding(self)),
                    Answer::No | Answer::Undecided => {
                        kept.pop();
                    }
                }
            }
            let places = 0..all.len();
            let left = places.filter(|at| all.get(*at).is_some_and(|one| !kept.contains(one)));
            given_up.push(left.collect());
        }
        None
    }
}

/// The smallest set of places of which one stands in each of some sets, if there is one of at most so many.
fn smallest_hitting(sets: &[Vec<usize>], most: usize) -> Option<Vec<usize>> {
    let mut steps = MOST_STEPS;
    (0..=most).find_map(|size| {
        let mut chosen = Vec::new();
        hit(sets, size, &mut chosen, &mut steps).then_some(chosen)
    })
}

/// Adds at most so many places to those chosen, until one stands in each set.
fn hit(sets: &[Vec<usize>], left: usize, chosen: &mut Vec<usize>, steps: &mut usize) -> bool {
    let open = sets
        .iter()
        .filter(|set| !set.iter().any(|at| chosen.contains(at)))
        .min_by_key(|set| set.len());
    let Some(open) = open else { return true };
    if left == 0 || *steps == 0 {
        return false;
    }
    *steps -= 1;
    for at in open {
        chosen.push(*at);
        if hit(sets, left - 1, chosen, steps) {
            return true;
        }
        chosen.pop();
    }
    false
}

/// The parts that all have to be true, as they are written, those of defines instead of their names.
fn conjuncts(program: &Program, id: NodeId) -> Vec<NodeId> {
    let mut parts = Vec::new();
    // What is still to be looked into, the first last, with the part that it is named by.
    let mut open = vec![(id, id)];
    while let Some((part, named)) = open.pop() {
        let few = parts.len() + open.len() < MOST_PARTS;
        match program.node(part) {
            Node::And(list) if few => {
                let inner = program.list(*list).iter().rev();
                open.extend(inner.map(|part| (*part, *part)));
            }
            Node::Define(place) if few => match program.defines.get(*place as usize) {
                Some(define) => open.push((define.value, named)),
                None => parts.push(named),
            },
            _ => parts.push(named),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::smallest_hitting;

    #[test]
    fn the_smallest_set_that_hits_all() {
        let sets = [vec![0, 1], vec![1, 2], vec![3], vec![2, 3, 4]];
        assert_eq!(smallest_hitting(&sets, 2), Some(vec![3, 1]));
        assert_eq!(smallest_hitting(&sets, 1), None);
        assert_eq!(smallest_hitting(&[], 0), Some(Vec::new()));
        assert_eq!(smallest_hitting(&[Vec::new()], 3), None);
    }
}
