//! What two versions of a policy decide differently, over every case that both admit.
//!
//! After [`super::contents`]. For each block a case is asked for that comes out otherwise; what the two
//! versions take of it is one change, which is ruled out, and so on until there is no such case.

use super::contents::{Choice, Content};
use super::facts::STEPS;
use super::lens::Alike;
use super::solver::{Answer, Literal};
use super::space::Space;
use super::terms::Encoder;
use super::witness::Witness;
use crate::compile::Program;
use crate::model::Schema;
use std::collections::{BTreeMap, BTreeSet};

/// Changes that are told of one block, at most.
pub(super) const MOST_CHANGES: usize = 500;

/// One version of a policy.
#[derive(Clone, Copy)]
pub struct Version<'a> {
    /// The cases that it admits.
    pub schema: &'a Schema,
    /// What it decides.
    pub program: &'a Program,
}

/// What a version takes of a block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The version has no such block, or it gives nothing.
    Nothing,
    /// A rule, by its place in the program.
    Rule(u32),
    /// `otherwise`
    Otherwise,
    /// Several rules.
    Rules(Vec<u32>),
    /// What the block is beside its conditions.
    Definition,
}

/// A region of cases whose outcome changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the old version takes.
    pub from: Side,
    /// What the new version takes.
    pub to: Side,
    /// A case that shows it; none where the change is not one of conditions.
    pub witness: Option<Witness>,
}

/// What changed in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockChanges {
    /// What the block is called, such as `classify.severity`.
    pub block: String,
    /// Each change once.
    pub changes: Vec<Change>,
}

/// All that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Blocks that changed, in the order of the new version, those that are gone last.
    pub blocks: Vec<BlockChanges>,
    /// Questions that were not settled.
    pub undecided: usize,
}

/// What two versions decide differently. Cases are those of the new schema that the old one admits as well.
pub fn changes(old: Version<'_>, new: Version<'_>, alike: &Alike) -> Changes {
    let mut encoder = Encoder::first(new.program, Space::new(new.schema));
    let blocks = encoder.blocks();
    let after = encoder.contents(&blocks);
    let mut encoder = encoder.older(old.schema, old.program, alike);
    let blocks = encoder.blocks();
    let before = encoder.contents(&blocks);
    encoder.finish();
    let mut comparer = Comparer {
        encoder,
        found: Changes::default(),
    };
    let mut known: BTreeMap<String, Content> = before
        .into_iter()
        .map(|content| (content.name.clone(), content))
        .collect();
    for content in after {
        let earlier = known
            .remove(&content.name)
            .unwrap_or_else(|| nothing(&content));
        comparer.block(&earlier, &content);
    }
    for content in known.into_values() {
        let later = nothing(&content);
        comparer.block(&content, &later);
    }
    comparer.found
}

/// A block that the other version does not have.
fn nothing(content: &Content) -> Content {
    Content {
        name: content.name.clone(),
        rules: Vec::new(),
        collects: content.collects,
        in_turn: None,
        fixed: String::new(),
    }
}

pub(super) struct Comparer<'a> {
    pub(super) encoder: Encoder<'a>,
    pub(super) found: Changes,
}

impl Comparer<'_> {
    fn block(&mut self, old: &Content, new: &Content) {
        let mut changes = match old.collects || new.collects {
            true => self.collected(old, new),
            false => match self.in_turn(old, new) {
                Some(changes) => changes,
                None => self.picked(old, new),
            },
        };
        if old.fixed != new.fixed && changes.is_empty() {
            let side = |content: &Content| match (content.rules.is_empty(), &content.fixed) {
                (true, fixed) if fixed.is_empty() => Side::Nothing,
                _ => Side::Definition,
            };
            changes.push(Change {
                from: side(old),
                to: side(new),
                witness: None,
            });
        }
        if !changes.is_empty() {
            changes.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
            self.found.blocks.push(BlockChanges {
                block: new.name.clone(),
                changes,
            });
        }
    }

    /// That a version does something of this content.
    fn does(&mut self, content: &Content, what: &str) -> Literal {
        let choices = content.rules.iter().filter(|choice| choice.content == what);
        let taken: Vec<Literal> = choices.map(|choice| choice.taken).collect();
        self.encoder.space.solver.any(taken)
    }

    /// That each content is done by one version and not by the other.
    fn differences(&mut self, old: &Content, new: &Content) -> Vec<Literal> {
        let all = old.rules.iter().chain(&new.rules);
        let contents: BTreeSet<&str> = all.map(|choice| choice.content.as_str()).collect();
        let mut differences = Vec::new();
        for what in contents {
            let (before, after) = (self.does(old, what), self.does(new, what));
            if before != after {
                let solver = &mut self.encoder.space.solver;
                differences.push(solver.all([before, !after]));
                differences.push(solver.all([!before, after]));
            }
        }
        differences
    }

    /// Blocks that take one rule: pairs of what the two versions take.
    fn picked(&mut self, old: &Content, new: &Content) -> Vec<Change> {
        let differences = self.differences(old, new);
        let solver = &mut self.encoder.space.solver;
        let differs = solver.any(differences);
        let allowed = solver.free();
        let mut changes = Vec::new();
        loop {
            match self.encoder.space.solver.ask(&[differs, allowed], STEPS) {
                Answer::No => return changes,
                Answer::Yes if changes.len() < MOST_CHANGES => {}
                Answer::Yes | Answer::Undecided => {
                    self.found.undecided += 1;
                    return changes;
                }
            }
            let (from, before) = self.taken(old);
            let (to, after) = self.taken(new);
            let wanted = [differs, before, after];
            let witness = self.encoder.witness(&wanted, STEPS);
            self.encoder.space.solver.know(&[!allowed, !before, !after]);
            changes.push(Change { from, to, witness });
        }
    }

    /// What a version takes in the model, and that it does.
    fn taken(&mut self, content: &Content) -> (Side, Literal) {
        let solver = &mut self.encoder.space.solver;
        match content
            .rules
            .iter()
            .find(|choice| solver.holds(choice.taken))
        {
            Some(choice) => (side(choice), choice.taken),
            None => {
                let none = content.rules.iter().map(|choice| !choice.taken);
                (Side::Nothing, solver.all(none))
            }
        }
    }

    /// Blocks that take all that is true: for each content, the cases that gain and those that lose it.
    fn collected(&mut self, old: &Content, new: &Content) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        for difference in self.differences(old, new) {
            match self.encoder.space.solver.ask(&[difference], STEPS) {
                Answer::No => continue,
                Answer::Undecided => {
                    self.found.undecided += 1;
                    continue;
                }
                Answer::Yes => {}
            }
            let Some(asked) = self.encoder.plainest(&[difference], STEPS) else {
                self.found.undecided += 1;
                continue;
            };
            let (from, to) = (self.all_taken(old), self.all_taken(new));
            let witness = self.encoder.witness_of(&[difference], &asked, STEPS);
            if !changes
                .iter()
                .any(|change| (&change.from, &change.to) == (&from, &to))
            {
                changes.push(Change { from, to, witness });
            }
        }
        changes
    }

    fn all_taken(&self, content: &Content) -> Side {
        let solver = &self.encoder.space.solver;
        let mut taken = content
            .rules
            .iter()
            .filter(|choice| solver.holds(choice.taken));
        if !content.collects {
            return taken.next().map_or(Side::Nothing, side);
        }
        let mut places: Vec<u32> = taken.filter_map(|choice| choice.rule).collect();
        places.dedup();
        match places.is_empty() {
            true => Side::Nothing,
            false => Side::Rules(places),
        }
    }
}

pub(super) fn side(choice: &Choice) -> Side {
    match choice.rule {
        Some(rule) => Side::Rule(rule),
        None => Side::Otherwise,
    }
}
