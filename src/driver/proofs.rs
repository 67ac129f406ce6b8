//! Facts of the analysis, each shown again by the evaluator before anybody is told.
//!
//! After `analysis`; `lint` puts what is left into words. A case that the evaluator decides otherwise
//! than the analysis says shows nothing, and its fact is not told.

use super::replay::Replayed;
use super::{case_text, concrete};
use crate::analysis::{Block, Claim, Fact, Facts, Proof, Witness, facts};
use crate::compile::{Effective, NodeId, Program};
use crate::eval::{Probe, State, Truth};
use crate::lint::{Evidence, Proven};
use crate::model::{Model, Schema};
use crate::script::Scripts;
use crate::source::Sources;
use crate::time::Instant;
use crate::value::{CaseFile, Value};

/// What was found out of a policy.
pub(super) struct Proofs {
    /// Facts with what shows them.
    pub proven: Vec<Proven>,
    /// One for each guarantee.
    pub guarantees: Vec<Proof>,
    /// Questions that were not settled.
    pub undecided: usize,
}

/// Asks the analysis about a policy, and the evaluator about each case it gives.
pub(super) fn of(model: &Model, program: &Program, scripts: &Scripts, sources: &Sources) -> Proofs {
    let Facts {
        facts,
        mut guarantees,
        mut undecided,
    } = facts(&model.schema, program);
    let replay = Replay {
        schema: &model.schema,
        program,
        scripts,
    };
    let mut proven = Vec::with_capacity(facts.len());
    for fact in facts {
        let Some(evidence) = replay.evidence(&fact, sources) else {
            undecided += 1;
            if let Block::Guarantee(place) = fact.block
                && let Some(proof) = guarantees.get_mut(place as usize)
                && fact.claim == Claim::GuaranteeBroken
            {
                *proof = Proof::Undecided;
            }
            continue;
        };
        let example = fact.witness.as_ref();
        let example = example.map_or(Vec::new(), |witness| {
            case_text::example(&model.schema, program, witness)
        });
        proven.push(Proven {
            fact,
            evidence,
            example,
        });
    }
    Proofs {
        proven,
        guarantees,
        undecided,
    }
}

struct Replay<'a> {
    schema: &'a Schema,
    program: &'a Program,
    scripts: &'a Scripts,
}

impl Replay<'_> {
    /// What shows a fact; none when its case does not.
    fn evidence(&self, fact: &Fact, sources: &Sources) -> Option<Evidence> {
        let Some(witness) = &fact.witness else {
            return Some(Evidence::default());
        };
        let file = case_text::file(self.program, witness);
        if matches!(
            fact.claim,
            Claim::Clock(_)
                | Claim::DoneAtOnce(_)
                | Claim::StepNeverFires(..)
                | Claim::SameRole(..)
        ) {
            return Some(self.illustration(fact, witness, &file));
        }
        let mut shown = self.shows(fact, &file).then_some(file.clone());
        if witness.assumes.is_empty() && shown.is_none() {
            let guessed = matches!(fact.claim, Claim::UnsetByMissing(_) | Claim::KeptTooLong(_));
            debug_assert!(guessed, "a case that shows nothing: {fact:?}");
            return None;
        }
        if shown.is_none() {
            shown = concrete::variant(self.schema, self.program, witness, &file, |file| {
                self.shows(fact, file)
            });
        }
        if shown.is_none() && !concrete::is_beyond(self.program, witness) {
            return None;
        }
        let file = shown.unwrap_or(file);
        Some(Evidence {
            case: Some(case_text::json(self.schema, self.program, &file)),
            certain: witness.assumes.is_empty(),
            assumes: self.assumes(witness, sources),
            rules: Vec::new(),
        })
    }

    /// Whether the evaluator says of a case what the fact says.
    fn shows(&self, fact: &Fact, file: &CaseFile) -> bool {
        let mut state = State::new(self.program, &file.case);
        for event in &file.events {
            state.apply(event);
        }
        let now = concrete::decided_at(self.program, file);
        let probe = Probe::new(self.program, &state, now, self.scripts);
        let block = BlockOf::new(self.program, fact.block);
        let fires = |rule: &(Option<Effective>, Option<NodeId>)| {
            let holds = rule.1.is_none_or(|when| probe.truth(when) == Truth::True);
            probe.is_effective(rule.0) && holds
        };
        let none = || block.rules.iter().all(|rule| !fires(rule));
        let in_force = probe.is_effective(block.effective);
        let rule = |place: u32| block.rules.get(place as usize);
        match &fact.claim {
            Claim::Gap => in_force && none(),
            Claim::Conflict(a, b) => {
                in_force && [*a, *b].into_iter().all(|one| rule(one).is_some_and(fires))
            }
            Claim::ExpiresUncovered(_) if let Block::Retain(place) = fact.block => {
                let written = self.program.retains.get(place as usize);
                written.is_some_and(|written| {
                    let of_record = self.program.retains.iter();
                    let mut of_record = of_record.filter(|block| block.record == written.record);
                    let holds = |when| probe.truth(when) == Truth::True;
                    written.when.is_none_or(holds)
                        && of_record.all(|block| !fires(&(block.effective, block.when)))
                })
            }
            Claim::ExpiresUncovered(None) => !in_force,
            Claim::ExpiresUncovered(Some(place)) => {
                let condition = rule(*place).and_then(|rule| rule.1);
                let holds = condition.is_none_or(|when| probe.truth(when) == Truth::True);
                in_force && none() && holds
            }
            Claim::RetentionGap(record) => {
                let blocks = self.program.retains.iter();
                let mut blocks = blocks.filter(|block| block.record == *record);
                blocks.all(|block| !fires(&(block.effective, block.when)))
            }
            Claim::GuaranteeBroken => {
                let Block::Guarantee(place) = fact.block else {
                    return false;
                };
                self.breaks(place, file, now)
            }
            Claim::UnsetByMissing(slot) => self.differs(fact, *slot, file, now),
            Claim::Clock(claim) => {
                let Block::Clock(place) = fact.block else {
                    return false;
                };
                self.replayed(file).stands_still(place, claim)
            }
            Claim::KeptTooLong(found) => {
                let Block::Record(record) = fact.block else {
                    return false;
                };
                self.replayed(file).keeps_too_long(record, found)
            }
            Claim::DoneAtOnce(_) => {
                let Block::FollowUp(place) = fact.block else {
                    return false;
                };
                self.replayed(file).is_done_at_once(place)
            }
            Claim::SameRole(tier, role) => self.replayed(file).has_role(self.program, *tier, *role),
            Claim::StepNeverFires(rule, clock, _) => self
                .replayed(file)
                .has_still_step(fact.block, *rule, *clock),
            Claim::NeverMatches(..)
            | Claim::AlwaysMatches(_)
            | Claim::StopsWith(_)
            | Claim::UnreachableRule(..)
            | Claim::UnreachableOtherwise
            | Claim::RedundantCondition(..) => true,
        }
    }

    fn replayed(&self, file: &CaseFile) -> Replayed {
        Replayed::new(self.program, self.scripts, file)
    }

    /// What a case shows of a fact that holds whatever it shows: one that does not show it is left out.
    fn illustration(&self, fact: &Fact, witness: &Witness, file: &CaseFile) -> Evidence {
        let shows = |file: &CaseFile| self.shows(fact, file);
        let mut shown = shows(file).then(|| file.clone());
        if shown.is_none() && !witness.assumes.is_empty() {
            shown = concrete::variant(self.schema, self.program, witness, file, shows);
        }
        // What happened before an event, or before the instant of the decision, may have been otherwise.
        let at_once = witness.events.is_empty() && witness.now.is_none();
        debug_assert!(
            shown.is_some() || !witness.assumes.is_empty() || !at_once,
            "a case that shows nothing: {fact:?}"
        );
        Evidence {
            case: shown.map(|file| case_text::json(self.schema, self.program, &file)),
            ..Evidence::default()
        }
    }

    fn breaks(&self, place: u32, file: &CaseFile, now: Instant) -> bool {
        use crate::eval::{RuleResult, TracedBlock};
        let trace = crate::eval::trace(self.program, &file.case, &file.events, now, self.scripts);
        let found = trace.blocks.iter();
        let mut found = found.filter(|block| block.block == TracedBlock::Guarantee(place));
        found.any(|block| {
            let results: Vec<RuleResult> = block.rules.iter().map(|rule| rule.result).collect();
            matches!(results.as_slice(), [RuleResult::True, then] if *then != RuleResult::True)
        })
    }

    /// Whether each value of the field, of those that conditions tell apart, gives another outcome.
    fn differs(&self, fact: &Fact, slot: u32, file: &CaseFile, now: Instant) -> bool {
        let Some(witness) = &fact.witness else {
            return false;
        };
        let without = self.outcome(fact.block, file, now);
        witness.others.iter().all(|value| {
            let mut file = file.clone();
            if let Some(place) = file.case.slots.get_mut(slot as usize) {
                *place = Some(value.clone());
            }
            self.outcome(fact.block, &file, now) != without
        })
    }

    /// What a block decides of a case.
    fn outcome(&self, block: Block, file: &CaseFile, now: Instant) -> Outcome {
        let mut state = State::new(self.program, &file.case);
        for event in &file.events {
            state.apply(event);
        }
        let probe = Probe::new(self.program, &state, now, self.scripts);
        match block {
            Block::Classification(place) => {
                let decided = probe.classification(place);
                Outcome::Value(decided.and_then(|decided| decided.value.clone()))
            }
            Block::Route => {
                let route = self.program.route.as_ref();
                let target = route.and_then(|route| route.target(probe.route()));
                let key = target.map(|target| (target.role, target.queue, target.with.clone()));
                Outcome::Target(key)
            }
            _ => Outcome::Tier(probe.tier()),
        }
    }

    fn assumes(&self, witness: &Witness, sources: &Sources) -> Vec<(String, Option<String>)> {
        let assumed = witness.assumes.iter().map(|assumed| {
            let text = sources.slice(self.program.span(assumed.part));
            let value = assumed.value.as_ref();
            let value = value.map(|value| case_text::plain(self.program, value));
            (text.split_whitespace().collect::<Vec<_>>().join(" "), value)
        });
        assumed.collect()
    }
}

/// What a block decides.
#[derive(PartialEq)]
enum Outcome {
    Value(Option<Value>),
    Target(Option<(u32, Option<u32>, Vec<u32>)>),
    Tier(Option<u32>),
}

/// The rules of a block with their dates and conditions.
struct BlockOf {
    effective: Option<Effective>,
    rules: Vec<(Option<Effective>, Option<NodeId>)>,
}

impl BlockOf {
    fn new(program: &Program, block: Block) -> BlockOf {
        let (effective, rules) = match block {
            Block::Classification(place) => {
                let block = program.classifications.get(place as usize);
                let rules = block.map_or(Vec::new(), |block| {
                    let rules = block.rules.iter();
                    rules
                        .map(|rule| (rule.effective, Some(rule.when)))
                        .collect()
                });
                (block.and_then(|block| block.effective), rules)
            }
            Block::Route => {
                let block = program.route.as_ref();
                let rules = block.map_or(Vec::new(), |block| {
                    let rules = block.rules.iter();
                    rules
                        .map(|rule| (rule.effective, Some(rule.when)))
                        .collect()
                });
                (block.and_then(|block| block.effective), rules)
            }
            Block::Sla => {
                let block = program.sla.as_ref();
                let rules = block.map_or(Vec::new(), |block| {
                    let tiers = block.tiers.iter();
                    tiers.map(|tier| (tier.effective, tier.when)).collect()
                });
                (block.and_then(|block| block.effective), rules)
            }
            Block::Retain(_)
            | Block::Record(_)
            | Block::Hold(_)
            | Block::FollowUp(_)
            | Block::Require(_)
            | Block::Guarantee(_)
            | Block::Clock(_) => (None, Vec::new()),
        };
        BlockOf { effective, rules }
    }
}
