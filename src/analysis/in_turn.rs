//! Blocks that take the first rule that is true, of two versions, compared rule by rule.
//!
//! Part of [`super::changes`]. Where a rule of the new version has the condition of one of the old version, the
//! old one takes that, or a rule before it that the new version does not have before it. So of two versions
//! that differ in a few rules, only those few are asked about, however many there are.

use super::changes::{Change, Comparer, MOST_CHANGES, Side};
use super::contents::{Content, InTurn};
use super::facts::STEPS;
use super::solver::{Answer, Literal};
use std::collections::{BTreeSet, HashMap};

/// Something that a version may take.
struct End {
    side: Side,
    taken: Literal,
    /// What comes of it; none for nothing.
    content: Option<String>,
}

impl Comparer<'_> {
    /// Pairs of what the two versions take, if both take their rules in turn and count at the same time.
    pub(super) fn in_turn(&mut self, old: &Content, new: &Content) -> Option<Vec<Change>> {
        let (before, after) = (old.in_turn.as_ref()?, new.in_turn.as_ref()?);
        if before.in_force != after.in_force {
            return None;
        }
        let (old, new) = (self.ends(old, before), self.ends(new, after));
        let mut places: HashMap<Literal, Vec<usize>> = HashMap::new();
        for (place, fires) in before.fires.iter().enumerate() {
            places.entry(*fires).or_default().push(place);
        }
        // Old rules that no new rule so far has the condition of, and what is taken behind all.
        let mut open: BTreeSet<usize> = (0..old.len()).collect();
        let mut changes = Vec::new();
        for (place, end) in new.iter().enumerate() {
            let fires = after.fires.get(place);
            let same = fires.and_then(|fires| places.get(fires));
            let last = same.and_then(|same| same.first().copied());
            let from = open.range(..=last.unwrap_or(old.len()));
            let from = from.filter_map(|place| old.get(*place));
            let from: Vec<&End> = from.filter(|from| from.content != end.content).collect();
            self.pairs(from, end, &mut changes);
            for place in same.into_iter().flatten() {
                open.remove(place);
            }
        }
        Some(changes)
    }

    /// All that a version may take: its rules, then what is left.
    fn ends(&mut self, content: &Content, in_turn: &InTurn) -> Vec<End> {
        let choices = content.rules.iter();
        let mut ends: Vec<End> = choices
            .map(|choice| End {
                side: super::changes::side(choice),
                taken: choice.taken,
                content: Some(choice.content.clone()),
            })
            .collect();
        if ends.len() == in_turn.fires.len() {
            let none = in_turn.fires.iter().map(|fires| !*fires);
            let solver = &mut self.encoder.space.solver;
            ends.push(End {
                side: Side::Nothing,
                taken: solver.all(none.chain([in_turn.in_force])),
                content: None,
            });
        }
        ends
    }

    /// Which of some ends of the old version go with an end of the new one in some case.
    fn pairs(&mut self, mut from: Vec<&End>, to: &End, changes: &mut Vec<Change>) {
        while !from.is_empty() {
            let solver = &mut self.encoder.space.solver;
            let any = solver.any(from.iter().map(|from| from.taken));
            match solver.ask(&[to.taken, any], STEPS) {
                Answer::No => return,
                Answer::Yes if changes.len() < MOST_CHANGES => {}
                Answer::Yes | Answer::Undecided => {
                    self.found.undecided += 1;
                    return;
                }
            }
            let Some(at) = from.iter().position(|from| solver.holds(from.taken)) else {
                self.found.undecided += 1;
                return;
            };
            let found = from.remove(at);
            let witness = self.encoder.witness(&[to.taken, found.taken], STEPS);
            changes.push(Change {
                from: found.side.clone(),
                to: to.side.clone(),
                witness,
            });
        }
    }
}
