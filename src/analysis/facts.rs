//! What can be certain of a policy, and how the questions are asked.
//!
//! After [`super::blocks`]; `lint` puts facts into words. What is asked of single blocks stands in
//! [`super::rules`], of parts of conditions in [`super::conditions`], of guarantees in
//! [`super::promises`], of time in [`super::times`].

use super::blocks::Blocks;
use super::clocks::ClockClaim;
use super::inversions::Inversion;
use super::missing_rows::MissingRows;
use super::retention::KeptTooLong;
use super::solver::{Answer, BUDGET, Literal};
use super::space::Space;
use super::terms::Encoder;
use super::witness::Witness;
use crate::compile::{NodeId, Program};
use crate::model::Schema;

/// Steps that one question may take.
pub(super) const STEPS: u64 = 200_000;

/// Something with conditions, by its place in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// A classification.
    Classification(u32),
    /// The route.
    Route,
    /// The tiers.
    Sla,
    /// A retention block.
    Retain(u32),
    /// All retention blocks of a class of records.
    Record(u32),
    /// A hold.
    Hold(u32),
    /// A follow-up.
    FollowUp(u32),
    /// A requirement.
    Require(u32),
    /// A guarantee.
    Guarantee(u32),
    /// A clock.
    Clock(u32),
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
    /// For a gap of a classification with a table: the rows that it lacks, if that was settled.
    pub rows: Option<MissingRows>,
}

/// What can be certain of a block; rules by their places in page order, 0 where there is one condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// No case makes the rule true, because these parts of its condition cannot be true together; none
    /// where it is not its condition that keeps it from being true.
    NeverMatches(u32, Vec<NodeId>),
    /// Every case makes the rule true, and others follow it.
    AlwaysMatches(u32),
    /// Every case that makes the rule true is taken by earlier ones: these.
    UnreachableRule(u32, Vec<u32>),
    /// Some rule is true of every case.
    UnreachableOtherwise,
    /// Without this part, the condition of the rule is true of the same cases. The whole of which it is
    /// a part comes second.
    RedundantCondition(u32, NodeId, NodeId),
    /// There is a case that no rule takes.
    Gap,
    /// There is a case of which both are true.
    Conflict(u32, u32),
    /// There is a case that gets another outcome than with any value of the field at this slot, because
    /// the field is missing.
    UnsetByMissing(u32),
    /// On the first day on which the rule no longer counts, or the whole block, there is a case of which
    /// its condition is true that gets nothing.
    ExpiresUncovered(Option<u32>),
    /// There is a case of which no retention block of this class of records is true.
    RetentionGap(u32),
    /// There are two cases, the higher of which may wait longer.
    SlaInversion(Inversion),
    /// There is a case that makes its `if` true and its `then` not.
    GuaranteeBroken,
    /// A clock never runs, or is paused from its start on.
    Clock(ClockClaim),
    /// A record is kept beyond its deletion.
    KeptTooLong(KeptTooLong),
    /// Whenever a follow-up is listed, one of these completes it.
    DoneAtOnce(Vec<NodeId>),
    /// Whenever the rule is taken, or `otherwise` behind the last one, one of these stops, cancels or pauses
    /// the clock at this place, on which it has a step.
    StepNeverFires(u32, u32, Vec<NodeId>),
    /// Whenever the tier is taken, the case is with this role already, to which the tier escalates.
    SameRole(u32, u32),
    /// Whatever stops the clock at this place stops this one, which starts with it; not the other way round.
    StopsWith(u32),
}

/// What became of the proof of a guarantee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It holds for every case.
    Proved,
    /// It does not hold for some case.
    Broken,
    /// It was not settled within the steps allowed.
    Undecided,
}

impl Proof {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Proof::Proved => "proved",
            Proof::Broken => "broken",
            Proof::Undecided => "undecided",
        }
    }
}

/// All that was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// In the order of the blocks.
    pub facts: Vec<Fact>,
    /// One for each guarantee of the program.
    pub guarantees: Vec<Proof>,
    /// Questions that were not settled within the steps allowed.
    pub undecided: usize,
}

/// What is analysed: a policy as far as its meaning goes.
pub trait Analysed {
    /// The cases that it admits.
    fn schema(&self) -> &Schema;
    /// What it decides.
    fn program(&self) -> &Program;
}

/// What is certain of a policy, over every case that its schema admits.
pub fn findings(policy: &impl Analysed) -> Facts {
    facts(policy.schema(), policy.program())
}

/// As [`findings`], within a count of propositions that all questions together may look at; the default is
/// 2,000,000,000. What is found is as certain with less of them, and more is undecided.
pub fn findings_within(policy: &impl Analysed, budget: u64) -> Facts {
    facts_within(policy.schema(), policy.program(), budget)
}

/// What is certain of the blocks of a program, over every case that a schema admits.
pub fn facts(schema: &Schema, program: &Program) -> Facts {
    facts_within(schema, program, BUDGET)
}

fn facts_within(schema: &Schema, program: &Program, budget: u64) -> Facts {
    let mut encoder = Encoder::new(program, Space::new(schema));
    encoder.space.solver.allow(budget);
    let blocks = encoder.blocks();
    let times = encoder.times();
    encoder.finish();
    let mut asker = Asker {
        encoder,
        found: Facts::default(),
    };
    asker.all(&blocks);
    asker.times(&times, &blocks);
    asker.found.facts.sort_by_key(|fact| fact.block);
    asker.found
}

/// Asks, and keeps what it found out.
pub(super) struct Asker<'a> {
    pub(super) encoder: Encoder<'a>,
    pub(super) found: Facts,
}

impl Asker<'_> {
    fn all(&mut self, blocks: &Blocks) {
        self.rules(blocks);
        self.items(blocks);
        self.records(blocks);
        self.inversions();
        self.guarantees(blocks);
        // Last, since it holds fields against further constants, which nothing ties to the other fields.
        self.absences(blocks);
    }

    pub(super) fn ask(&mut self, all_of: &[Literal]) -> Answer {
        let answer = self.encoder.space.solver.ask(all_of, STEPS);
        self.found.undecided += usize::from(answer == Answer::Undecided);
        answer
    }

    pub(super) fn is_impossible(&mut self, all_of: &[Literal]) -> bool {
        self.ask(all_of) == Answer::No
    }

    /// Tells a claim that nothing shows.
    pub(super) fn tell(&mut self, block: Block, claim: Claim) {
        let witness = None;
        self.found.facts.push(Fact {
            block,
            claim,
            witness,
            rows: None,
        });
    }

    /// Tells a claim if there is a case of which all these are true.
    pub(super) fn tell_if_possible(
        &mut self,
        block: Block,
        claim: Claim,
        all_of: &[Literal],
    ) -> Answer {
        let answer = self.ask(all_of);
        if answer == Answer::Yes {
            let witness = self.encoder.witness(all_of, STEPS);
            if witness.is_none() {
                self.found.undecided += 1;
                return Answer::Undecided;
            }
            self.found.facts.push(Fact {
                block,
                claim,
                witness,
                rows: None,
            });
        }
        answer
    }
}
