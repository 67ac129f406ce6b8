//! What is asked of the rules of each block: can they match, are they ever taken, does one case fall
//! through or match two.
//!
//! Part of [`super::facts`].

use super::blocks::{Blocks, EncodedBlock, EncodedRule};
use super::facts::{Asker, Block, Claim, STEPS};
use super::solver::{Answer, Literal};
use crate::compile::Strategy;
use std::collections::BTreeSet;

impl Asker<'_> {
    pub(super) fn rules(&mut self, blocks: &Blocks) {
        let program = self.encoder.program;
        let written = (0u32..).zip(&program.classifications);
        for ((place, written), block) in written.zip(&blocks.classifications) {
            self.block(Block::Classification(place), block, written.strategy);
        }
        if let (Some(written), Some(block)) = (&program.route, &blocks.route) {
            self.block(Block::Route, block, written.strategy);
        }
        if let Some(block) = &blocks.sla {
            self.block(Block::Sla, block, Strategy::FirstMatch);
        }
    }

    fn block(&mut self, name: Block, block: &EncodedBlock, strategy: Strategy) {
        let ever_in_force = !self.is_impossible(&[block.in_force]);
        let mut alive = Vec::with_capacity(block.rules.len());
        for (place, rule) in (0u32..).zip(&block.rules) {
            let parts = (rule.effective, rule.condition);
            let alone = self.condition(name, place, parts, rule.fires);
            if alone.never {
                continue;
            }
            alive.push((place, rule));
            if strategy == Strategy::FirstMatch && ever_in_force {
                let last = place as usize + 1 == block.rules.len();
                if !last && alone.always {
                    self.tell(name, Claim::AlwaysMatches(place));
                }
                if self.is_impossible(&[rule.taken]) {
                    let by = self.takers(block, place);
                    self.tell(name, Claim::UnreachableRule(place, by));
                }
            }
        }
        self.falls_through(name, block, strategy, ever_in_force);
        if strategy == Strategy::Unique {
            self.conflicts(name, block, &alive);
        }
        self.expiry(name, block);
    }

    /// Whether `otherwise` is ever taken; without one, whether there is a case that no rule takes.
    fn falls_through(
        &mut self,
        name: Block,
        block: &EncodedBlock,
        strategy: Strategy,
        ever_in_force: bool,
    ) {
        match block.otherwise {
            Some(otherwise) => {
                if ever_in_force && self.is_impossible(&[otherwise]) {
                    self.tell(name, Claim::UnreachableOtherwise);
                }
            }
            None if strategy == Strategy::Collect => {}
            None => {
                let none = block.rules.iter().map(|rule| !rule.fires);
                let untaken: Vec<Literal> = none.chain([block.in_force]).collect();
                let answer = self.tell_if_possible(name, Claim::Gap, &untaken);
                if let (Answer::Yes, Block::Classification(place)) = (answer, name) {
                    let rows = self.missing_rows(place);
                    if let Some(gap) = self.found.facts.last_mut() {
                        gap.rows = rows;
                    }
                }
            }
        }
    }

    /// The earlier rules that together take every case of a rule: as few as taking away finds.
    fn takers(&mut self, block: &EncodedBlock, place: u32) -> Vec<u32> {
        let before = block.rules.iter().take(place as usize);
        let absent: Vec<Literal> = before.map(|rule| !rule.fires).collect();
        let Some(rule) = block.rules.get(place as usize) else {
            return Vec::new();
        };
        let always = [rule.fires, block.in_force];
        let solver = &mut self.encoder.space.solver;
        // Where it was not settled which of them are enough, all are.
        let core = solver.smallest_core(&always, &absent, STEPS);
        let core = core.unwrap_or_else(|| absent.clone());
        // Rules that are true of the same cases are one proposition: the first of them takes the cases.
        let first = |one: &Literal| {
            let mut places = (0u32..).zip(&absent);
            places.find(|(_, absent)| *absent == one)
        };
        let places = core.iter().filter_map(first).map(|(place, _)| place);
        let places: BTreeSet<u32> = places.collect();
        places.into_iter().collect()
    }

    /// Pairs of rules that are both true of a case.
    fn conflicts(&mut self, name: Block, block: &EncodedBlock, alive: &[(u32, &EncodedRule)]) {
        // For each: that one of those behind it fires.
        let solver = &mut self.encoder.space.solver;
        let mut any_behind = vec![solver.never()];
        for (_, rule) in alive.iter().rev() {
            let so_far = any_behind.last().copied().unwrap_or(solver.never());
            any_behind.push(solver.any([so_far, rule.fires]));
        }
        any_behind.reverse();
        for (at, (one, a)) in alive.iter().enumerate() {
            let behind = alive.get(at + 1..).unwrap_or_default();
            // Mostly none of those behind can be true beside it: one question for all of them.
            let any = any_behind.get(at + 1).copied();
            let any = any.unwrap_or(self.encoder.space.solver.never());
            if self.is_impossible(&[block.in_force, a.fires, any]) {
                continue;
            }
            if self.encoder.space.solver.budget() == 0 {
                self.found.undecided += behind.len();
                continue;
            }
            for (other, b) in behind {
                let both = [block.in_force, a.fires, b.fires];
                self.tell_if_possible(name, Claim::Conflict(*one, *other), &both);
            }
        }
    }

    /// What is left of the cases of a rule, or of the whole block, on the first day without it.
    fn expiry(&mut self, name: Block, block: &EncodedBlock) {
        if let Some(expired) = block.expired {
            let claim = Claim::ExpiresUncovered(None);
            self.tell_if_possible(name, claim, &[expired]);
        }
        if block.otherwise.is_some() {
            return;
        }
        let nothing: Vec<Literal> = block.rules.iter().map(|rule| !rule.fires).collect();
        for (place, rule) in (0u32..).zip(&block.rules) {
            let Some(outlived) = rule.outlived else {
                continue;
            };
            let mut wanted = nothing.clone();
            wanted.extend([block.in_force, outlived]);
            self.tell_if_possible(name, Claim::ExpiresUncovered(Some(place)), &wanted);
        }
    }

    /// Retention, holds, follow-ups, requirements, and what guarantees speak of.
    pub(super) fn items(&mut self, blocks: &Blocks) {
        for item in &blocks.items {
            let parts = (item.effective, item.condition);
            self.condition(item.block, 0, parts, item.fires);
        }
    }

    /// Classes of records of which some are kept for no time that a block says.
    pub(super) fn records(&mut self, blocks: &Blocks) {
        let program = self.encoder.program;
        for (record, _) in (0u32..).zip(&program.records) {
            let of_record = blocks.items.iter().filter_map(|item| match item.block {
                Block::Retain(place) => {
                    let block = program.retains.get(place as usize)?;
                    (block.record == record).then_some(!item.fires)
                }
                _ => None,
            });
            let none: Vec<Literal> = of_record.collect();
            if !none.is_empty() {
                let claim = Claim::RetentionGap(record);
                self.tell_if_possible(Block::Record(record), claim, &none);
            }
            for item in &blocks.items {
                let Block::Retain(place) = item.block else {
                    continue;
                };
                let block = program.retains.get(place as usize);
                let outlived = item.outlived;
                if let Some(outlived) =
                    outlived.filter(|_| block.is_some_and(|it| it.record == record))
                {
                    let mut wanted = none.clone();
                    wanted.push(outlived);
                    let claim = Claim::ExpiresUncovered(Some(0));
                    self.tell_if_possible(item.block, claim, &wanted);
                }
            }
        }
    }
}
