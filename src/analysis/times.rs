//! What is asked of everything that unfolds over the course of a case: clocks, the steps on them, follow-ups,
//! retention.
//!
//! Part of [`super::facts`], after [`super::clocks`] and [`super::retention`].

use super::blocks::Blocks;
use super::clocks::{EncodedClock, Level};
use super::facts::{Asker, Block, Claim, Fact, STEPS};
use super::retention::EncodedRetain;
use super::solver::{Answer, Literal};
use super::terms::{Encoder, Term};
use crate::compile::{Outcome, Step, Target};
use crate::value::Value;
use std::collections::BTreeSet;

/// What a case is asked about over its course.
pub(super) struct Times {
    /// One for each clock.
    clocks: Vec<EncodedClock>,
    /// One for each retention block.
    retains: Vec<EncodedRetain>,
    /// Of each follow-up: its `done when`.
    done: Vec<Vec<Level>>,
}

impl Encoder<'_> {
    pub(super) fn times(&mut self) -> Times {
        let program = self.program;
        let follow_ups = program.follow_ups.iter();
        Times {
            clocks: self.encoded_clocks(),
            retains: self.retains(),
            done: follow_ups.map(|one| self.levels(&one.done.when)).collect(),
        }
    }
}

impl Asker<'_> {
    pub(super) fn times(&mut self, times: &Times, blocks: &Blocks) {
        // Decisions show clocks where a tier is taken.
        let tiers = blocks.sla.iter().flat_map(|block| {
            let tiers = block.rules.iter().map(|rule| rule.taken);
            tiers.chain(block.otherwise)
        });
        let timed = self.encoder.space.solver.any(tiers);
        self.clocks(&times.clocks, timed);
        self.stop_together(&times.clocks);
        self.steps(&times.clocks, timed, blocks);
        self.follow_ups(&times.done, blocks);
        self.kept_too_long(&times.retains, blocks);
    }

    /// Follow-ups that are done as soon as they are listed.
    fn follow_ups(&mut self, done: &[Vec<Level>], blocks: &Blocks) {
        for item in &blocks.items {
            let Block::FollowUp(place) = item.block else {
                continue;
            };
            let Some(done) = done.get(place as usize).filter(|done| !done.is_empty()) else {
                continue;
            };
            let listed = [item.fires];
            if self.ask(&listed) != Answer::Yes {
                continue;
            }
            let Some(guilty) = self.guilty(&listed, done) else {
                continue;
            };
            let witness = self.encoder.witness(&listed, STEPS);
            self.found.facts.push(Fact {
                block: item.block,
                claim: Claim::DoneAtOnce(guilty),
                witness,
                rows: None,
            });
        }
    }

    /// Steps on clocks that stand still for as long as the steps are in force.
    fn steps(&mut self, clocks: &[EncodedClock], timed: Literal, blocks: &Blocks) {
        let program = self.encoder.program;
        if let (Some(written), Some(block)) = (&program.route, &blocks.route) {
            let targets = written.rules.iter().map(|rule| &rule.target);
            let steps = targets.chain(&written.otherwise).map(|it| &it.steps);
            let taken = block.rules.iter().map(|rule| rule.taken);
            let taken: Vec<Literal> = taken.chain(block.otherwise).collect();
            for ((place, steps), taken) in (0u32..).zip(steps).zip(taken) {
                self.stand_still((Block::Route, place), steps, [taken, timed], clocks);
            }
        }
        if let (Some(written), Some(block)) = (&program.sla, &blocks.sla) {
            let taken = block.rules.iter().map(|rule| rule.taken);
            let taken: Vec<Literal> = taken.chain(block.otherwise).collect();
            for ((place, tier), taken) in (0u32..).zip(&written.tiers).zip(taken) {
                // Without a target nothing is ever due: that needs no proof.
                let due = tier.steps.iter().filter(|step| {
                    let target = tier.target(step.clock);
                    target.is_some_and(|target| target != Target::None)
                });
                let due: Vec<Step> = due.cloned().collect();
                self.stand_still((Block::Sla, place), &due, [taken, timed], clocks);
                self.same_roles(place, &tier.steps, taken);
            }
        }
    }

    /// Escalations of a tier to the role that has each of its cases already.
    fn same_roles(&mut self, tier: u32, steps: &[Step], taken: Literal) {
        let roles: BTreeSet<u32> = steps.iter().filter_map(|step| step.to).collect();
        if roles.is_empty() || self.ask(&[taken]) != Answer::Yes {
            return;
        }
        for role in roles {
            let outcomes = self.encoder.outcomes.iter();
            let ways: Vec<Literal> = outcomes
                .filter_map(|(outcome, term)| match (outcome, term) {
                    (Outcome::RouteRole, Term::Choice(roles)) => Some(roles),
                    _ => None,
                })
                .flatten()
                .filter(|(value, _)| *value == Value::Member(role))
                .map(|(_, holds)| *holds)
                .collect();
            let has_it = self.encoder.space.solver.any(ways);
            if self.is_impossible(&[taken, !has_it]) {
                let claim = Claim::SameRole(tier, role);
                let witness = self.encoder.witness(&[taken], STEPS);
                self.found.facts.push(Fact {
                    block: Block::Sla,
                    claim,
                    witness,
                    rows: None,
                });
            }
        }
    }

    fn stand_still(
        &mut self,
        (block, rule): (Block, u32),
        steps: &[Step],
        [taken, timed]: [Literal; 2],
        clocks: &[EncodedClock],
    ) {
        let tiers = self.encoder.program.sla.iter().flat_map(|sla| &sla.tiers);
        let tiers: Vec<_> = tiers.collect();
        // A clock that no tier gives a target has a finding of its own.
        let used = |clock: u32| {
            tiers.iter().any(|tier| {
                tier.target(clock)
                    .is_some_and(|target| target != Target::None)
            })
        };
        let stepped: BTreeSet<u32> = steps.iter().map(|step| step.clock).collect();
        if stepped.is_empty() || self.ask(&[taken]) != Answer::Yes {
            return;
        }
        for place in stepped {
            let Some(clock) = clocks.get(place as usize).filter(|_| used(place)) else {
                continue;
            };
            if let Some(guilty) = self.guilty(&[taken], &clock.still()) {
                let claim = Claim::StepNeverFires(rule, place, guilty);
                let witness = self.encoder.witness(&[taken, timed], STEPS);
                self.found.facts.push(Fact {
                    block,
                    claim,
                    witness,
                    rows: None,
                });
            }
        }
    }
}
