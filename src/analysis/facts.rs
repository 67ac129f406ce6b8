//! The questions: what is asked of each block, and what is certain of it.
//!
//! After [`super::blocks`]; `lint` puts facts into words.

use super::blocks::{Blocks, EncodedBlock};
use super::solver::{Answer, Literal};
use super::space::Space;
use super::terms::Encoder;
use super::witness::Witness;
use crate::compile::{Program, Strategy};
use crate::model::Schema;

/// Steps that one question may take.
const STEPS: u64 = 200_000;

/// A block that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// The classification at this place.
    Classification(u32),
    /// The route.
    Route,
    /// The tiers.
    Sla,
}

/// What is certain of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The block.
    pub block: Block,
    /// What.
    pub claim: Claim,
    /// A case that shows it, for claims that something can be.
    pub witness: Option<Witness>,
}

/// What can be certain of a block; rules by their places in page order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// No case makes the rule true.
    NeverMatches(u32),
    /// Every case that makes the rule true is taken by earlier ones: these.
    UnreachableRule(u32, Vec<u32>),
    /// Some rule is true of every case.
    UnreachableOtherwise,
    /// There is a case that no rule takes.
    Gap,
    /// There is a case of which both are true.
    Conflict(u32, u32),
}

/// Facts, and how many questions were not settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// In the order of the blocks.
    pub facts: Vec<Fact>,
    /// Questions that were not settled within the steps allowed.
    pub undecided: usize,
}

/// What is certain of the blocks of a policy, over every case that its schema admits.
pub fn facts(schema: &Schema, program: &Program) -> Facts {
    let mut encoder = Encoder::new(program, Space::new(schema));
    let blocks = encoder.blocks();
    for set in &mut encoder.space.sets {
        set.tie(&mut encoder.space.solver);
    }
    let mut asker = Asker {
        encoder,
        found: Facts::default(),
    };
    asker.all(program, &blocks);
    asker.found
}

struct Asker<'a> {
    encoder: Encoder<'a>,
    found: Facts,
}

impl Asker<'_> {
    fn all(&mut self, program: &Program, blocks: &Blocks) {
        let places = (0u32..).zip(program.classifications.iter().zip(&blocks.classifications));
        for (place, (written, block)) in places {
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
        let mut dead = vec![false; block.rules.len()];
        for (place, rule) in (0u32..).zip(&block.rules) {
            if self.ask(&[rule.fires]) == Answer::No {
                if let Some(dead) = dead.get_mut(place as usize) {
                    *dead = true;
                }
                self.tell(name, Claim::NeverMatches(place), None);
                continue;
            }
            if strategy == Strategy::FirstMatch
                && self.ask(&[rule.taken]) == Answer::No
                && self.ask(&[block.in_force]) == Answer::Yes
            {
                let by = self.takers(block, place);
                self.tell(name, Claim::UnreachableRule(place, by), None);
            }
        }
        let fires: Vec<Literal> = block.rules.iter().map(|rule| !rule.fires).collect();
        let untaken: Vec<Literal> = fires.into_iter().chain([block.in_force]).collect();
        match (block.otherwise, strategy) {
            (Some(otherwise), _) => {
                if self.ask(&[otherwise]) == Answer::No
                    && self.ask(&[block.in_force]) == Answer::Yes
                {
                    self.tell(name, Claim::UnreachableOtherwise, None);
                }
            }
            (None, Strategy::Collect) => {}
            (None, _) => {
                if self.ask(&untaken) == Answer::Yes {
                    let witness = self.encoder.witness(&untaken, STEPS);
                    self.tell(name, Claim::Gap, witness);
                }
            }
        }
        if strategy == Strategy::Unique {
            self.conflicts(name, block, &dead);
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
        let core = solver
            .smallest_core(&always, &absent, STEPS)
            .unwrap_or_default();
        let places = (0u32..).zip(&absent);
        let places = places.filter(|(_, absent)| core.contains(absent));
        places.map(|(place, _)| place).collect()
    }

    fn conflicts(&mut self, name: Block, block: &EncodedBlock, dead: &[bool]) {
        let places: Vec<u32> = (0u32..)
            .zip(dead)
            .filter(|(_, dead)| !**dead)
            .map(|(place, _)| place)
            .collect();
        for (at, one) in places.iter().enumerate() {
            for other in places.iter().skip(at + 1) {
                let rule = |place: &u32| block.rules.get(*place as usize).map(|rule| rule.fires);
                let (Some(a), Some(b)) = (rule(one), rule(other)) else {
                    continue;
                };
                let both = [block.in_force, a, b];
                if self.ask(&both) == Answer::Yes {
                    let witness = self.encoder.witness(&both, STEPS);
                    self.tell(name, Claim::Conflict(*one, *other), witness);
                }
            }
        }
    }

    fn ask(&mut self, all_of: &[Literal]) -> Answer {
        let answer = self.encoder.space.solver.ask(all_of, STEPS);
        self.found.undecided += usize::from(answer == Answer::Undecided);
        answer
    }

    fn tell(&mut self, block: Block, claim: Claim, witness: Option<Witness>) {
        self.found.facts.push(Fact {
            block,
            claim,
            witness,
        });
    }
}
