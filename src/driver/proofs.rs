//! Facts of the analysis, each shown again by the evaluator before anybody is told.
//!
//! After `analysis`; `lint` puts what is left into words. A case that the evaluator decides otherwise
//! than the analysis says shows nothing, and its fact is not told.

use super::concrete::Variants;
use super::replay::Replayed;
use super::{case_text, concrete};
use crate::analysis::{
    Block, Claim, Fact, Facts, Inversion, Proof, Witness, at_most, facts, later_from,
};
use crate::compile::{Effective, Node, NodeId, Program};
use crate::eval::{Probe, State, Truth};
use crate::lint::{Evidence, Proven};
use crate::message::{Language, Message, message};
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
    pub guarantees: Vec<Promise>,
    /// Questions that were not settled.
    pub undecided: usize,
}

/// A guarantee and what became of its proof.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Its name.
    pub name: String,
    /// What became of the proof.
    pub proof: Proof,
    /// Why it is undecided; none where it is not.
    pub reason: Option<Message>,
}

impl Promise {
    /// The same with its words fixed in a language.
    pub fn in_language(&self, language: Language) -> Promise {
        let mut fixed = self.clone();
        fixed.reason = self.reason.as_ref().map(|reason| reason.fixed(language));
        fixed
    }
}

/// Asks the analysis about a policy, and the evaluator about each case it gives.
pub(super) fn of(model: &Model, program: &Program, scripts: &Scripts, sources: &Sources) -> Proofs {
    let Facts {
        facts,
        guarantees,
        mut undecided,
    } = facts(&model.schema, program);
    let names = model.guarantees.iter();
    let names = names.map(|guarantee| guarantee.declared.name.clone());
    let promises = names.zip(guarantees).map(|(name, proof)| Promise {
        name,
        proof,
        reason: (proof == Proof::Undecided).then(|| message!("it takes too many steps")),
    });
    let mut guarantees: Vec<Promise> = promises.collect();
    let replay = Replay {
        schema: &model.schema,
        written: program,
        program,
        scripts,
    };
    let mut proven = Vec::with_capacity(facts.len());
    for fact in facts {
        let evidence = replay.evidence(&fact, sources);
        // That a guarantee is broken only if something is assumed proves nothing.
        let is_guarantee = fact.claim == Claim::GuaranteeBroken;
        let told = evidence.filter(|(_, shown)| !is_guarantee || *shown == Shown::Found);
        let Some((evidence, _)) = told else {
            undecided += 1;
            if let Block::Guarantee(place) = fact.block
                && let Some(promise) = guarantees.get_mut(place as usize)
                && is_guarantee
            {
                promise.proof = Proof::Undecided;
                promise.reason = Some(rests_on(program, &fact, sources));
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

/// Why it is not known whether a guarantee holds.
fn rests_on(program: &Program, fact: &Fact, sources: &Sources) -> Message {
    let assumes = fact.witness.iter().flat_map(|witness| &witness.assumes);
    let parts = assumes.map(|assumed| {
        let text = one_line(sources.slice(program.span(assumed.part)));
        match &assumed.value {
            Some(value) => {
                let value = case_text::plain(program, assumed.part, value);
                message!("`{text}` came to {value}", text, value)
            }
            None => message!("`{text}` had no value", text),
        }
    });
    let parts = Message::all_of(parts);
    message!(
        "it would not hold if {parts}, which cannot be looked into",
        parts
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a case shows a fact.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    /// The evaluator says so of the case.
    Found,
    /// It says so once opaque parts of conditions come to what is assumed.
    Assumed,
}

struct Replay<'a> {
    schema: &'a Schema,
    /// The program as it is written.
    written: &'a Program,
    /// The program that decides: the same, or a copy in which opaque parts are stood for.
    program: &'a Program,
    scripts: &'a Scripts,
}

impl Replay<'_> {
    /// What shows a fact; none when its case does not.
    fn evidence(&self, fact: &Fact, sources: &Sources) -> Option<(Evidence, Shown)> {
        let Some(witness) = &fact.witness else {
            return Some((Evidence::default(), Shown::Found));
        };
        let file = case_text::file(self.program, witness);
        if matches!(
            fact.claim,
            Claim::Clock(_)
                | Claim::DoneAtOnce(_)
                | Claim::StepNeverFires(..)
                | Claim::SameRole(..)
        ) {
            let illustration = self.illustration(fact, witness, &file);
            return Some((illustration, Shown::Found));
        }
        let (file, shown) = match self.shows(fact, &file) {
            true => (file, Shown::Found),
            false if witness.assumes.is_empty() => {
                let guessed =
                    matches!(fact.claim, Claim::UnsetByMissing(_) | Claim::KeptTooLong(_));
                debug_assert!(guessed, "a case that shows nothing: {fact:?}");
                return None;
            }
            false => self.varied(fact, witness, file)?,
        };
        let assumes = match shown {
            Shown::Found => self.found(witness, &file),
            Shown::Assumed => {
                let assumed = witness.assumes.iter();
                assumed.map(|one| (one.part, one.value.clone())).collect()
            }
        };
        let evidence = Evidence {
            case: Some(case_text::json(self.schema, self.program, &file)),
            certain: witness.assumes.is_empty(),
            assumes: self.words(assumes, sources),
            rules: Vec::new(),
            rows: Vec::new(),
        };
        Some((evidence, shown))
    }

    /// A case that shows a fact of which the witness does so only if opaque parts of conditions come out as it
    /// assumes: a variant in which they do, or else the witness, decided with these parts standing for what they
    /// are assumed to be.
    fn varied(&self, fact: &Fact, witness: &Witness, file: CaseFile) -> Option<(CaseFile, Shown)> {
        let shows = |file: &CaseFile| self.shows(fact, file);
        let variant = self.variants().find(&witness.assumes, &file, shows);
        if let Some(variant) = variant {
            return Some((variant, Shown::Found));
        }
        let stands = witness.stands.iter();
        let stands = stands.map(|stand| (stand.part, stand.value.clone()));
        let program = self.program.standing_in(stands);
        let stubbed = Replay {
            program: &program,
            ..*self
        };
        let shown = stubbed.shows(fact, &file);
        debug_assert!(shown, "a case that shows nothing as assumed: {fact:?}");
        let assumed = shown && !stubbed.overflows(witness, &file);
        assumed.then_some((file, Shown::Assumed))
    }

    /// Whether a witness assumes that a sum has no value though all of what it is made of has one: it would be too
    /// great, which is told of a case that shows it and not assumed.
    fn overflows(&self, witness: &Witness, file: &CaseFile) -> bool {
        let mut state = State::new(self.program, &file.case);
        for event in &file.events {
            state.apply(event);
        }
        let now = concrete::decided_at(self.program, file);
        let probe = Probe::new(self.program, &state, now, self.scripts);
        let missing = witness.assumes.iter().filter(|one| one.value.is_none());
        let mut sums = missing.filter_map(|one| match self.written.node(one.part) {
            Node::Arithmetic(_, left, right) => Some([*left, *right]),
            _ => None,
        });
        sums.any(|sides| sides.iter().all(|side| probe.value(*side).is_some()))
    }

    fn variants(&self) -> Variants<'_> {
        Variants {
            schema: self.schema,
            program: self.program,
            scripts: self.scripts,
        }
    }

    /// What the opaque parts that a witness rests on come to in a case.
    fn found(&self, witness: &Witness, file: &CaseFile) -> Assumes {
        let mut state = State::new(self.program, &file.case);
        for event in &file.events {
            state.apply(event);
        }
        let now = concrete::decided_at(self.program, file);
        let probe = Probe::new(self.program, &state, now, self.scripts);
        let parts = witness.assumes.iter().map(|one| one.part);
        parts.map(|part| (part, probe.value(part))).collect()
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
            Claim::SlaInversion(found) => self.inverts(fact, found, file),
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
            shown = self.variants().find(&witness.assumes, file, shows);
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

    /// Whether a case and the one beside it take tiers of which the first has more time.
    fn inverts(&self, fact: &Fact, found: &Inversion, file: &CaseFile) -> bool {
        let mut second = file.clone();
        for (slot, value) in fact.witness.iter().flat_map(|witness| &witness.beside) {
            if let Some(place) = second.case.slots.get_mut(*slot as usize) {
                place.clone_from(value);
            }
        }
        let tiers = [(file, found.higher.1), (&second, found.lower.1)];
        let taken = tiers.iter().all(|(file, tier)| {
            let now = concrete::decided_at(self.program, file);
            self.outcome(fact.block, file, now) == Outcome::Tier(Some(*tier))
        });
        let target = |place: u32| {
            let tier = self.program.sla.as_ref()?.tiers.get(place as usize)?;
            tier.target(found.clock.0)
        };
        let (Some(target), Some(other)) = (target(found.higher.1), target(found.lower.1)) else {
            return false;
        };
        let opened = file.case.slots.get(self.program.opened_at as usize);
        let more = match (found.later, opened) {
            (None, _) => at_most(target, other) == Some(false),
            (Some(later), Some(Some(Value::Instant(opened)))) => {
                later_from(self.program, (target, other), *opened) == Some(later)
            }
            (Some(_), _) => false,
        };
        taken && more
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

    fn words(&self, assumes: Assumes, sources: &Sources) -> Vec<(String, Option<String>)> {
        let words = assumes.into_iter().map(|(part, value)| {
            let text = sources.slice(self.program.span(part));
            let value = value.map(|value| case_text::plain(self.program, part, &value));
            (one_line(text), value)
        });
        words.collect()
    }
}

/// Opaque parts of conditions with what they come to; none for a missing one.
type Assumes = Vec<(NodeId, Option<Value>)>;

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
