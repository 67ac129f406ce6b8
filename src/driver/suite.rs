//! A small suite of cases: each rule is taken, each part of a condition decides it once true and once false, limits
//! are tried on both sides.
//!
//! The analysis proposes cases, the evaluator says what each of them serves; what serves nothing that others do not
//! serve is left out. Printed by [`super::test_text`].

use super::case_text;
use super::concrete::{Variants, decided_at};
use super::policy::Policy;
use crate::analysis::{Block, Goal, Purpose, Sampler};
use crate::compile::{Effective, Node, NodeId, Program};
use crate::eval::{Probe, State, Taken, Truth};
use crate::value::CaseFile;

/// Cases that are tried for one purpose, at most.
const MOST_TRIES: usize = 12;

/// A case of a suite, and what it was looked for.
pub(super) struct Sample {
    pub(super) purpose: Purpose,
    /// Whether what stands before the rule takes the case.
    pub(super) loosely: bool,
    pub(super) file: CaseFile,
}

/// Few cases that serve all purposes for which a case was found.
pub(super) fn samples(policy: &Policy) -> Vec<Sample> {
    let (schema, program) = (policy.schema(), policy.program());
    let mut sampler = Sampler::new(schema, program);
    let purposes = sampler.purposes().to_vec();
    let mut reached = vec![false; purposes.len()];
    let mut samples: Vec<(Sample, Vec<usize>)> = Vec::new();
    for (place, purpose) in purposes.iter().enumerate() {
        for loosely in [false, true] {
            if reached.get(place).copied().unwrap_or(true) {
                break;
            }
            let Some(file) = found(policy, &mut sampler, place, loosely) else {
                continue;
            };
            let served = with(policy, &file, |seen| {
                let served = purposes
                    .iter()
                    .enumerate()
                    .filter(|(other, purpose)| *other == place || seen.serves(purpose, false));
                served.map(|(place, _)| place).collect::<Vec<usize>>()
            });
            for other in &served {
                if let Some(reached) = reached.get_mut(*other) {
                    *reached = true;
                }
            }
            let purpose = purpose.clone();
            let sample = Sample {
                purpose,
                loosely,
                file,
            };
            samples.push((sample, served));
        }
    }
    without_needless(&mut samples, purposes.len());
    samples.into_iter().map(|(sample, _)| sample).collect()
}

/// A case that serves a purpose, as proposed or with other values in fields that opaque parts read.
fn found(
    policy: &Policy,
    sampler: &mut Sampler<'_>,
    place: usize,
    loosely: bool,
) -> Option<CaseFile> {
    let (schema, program) = (policy.schema(), policy.program());
    let purpose = sampler.purposes().get(place)?.clone();
    let serves = |file: &CaseFile| with(policy, file, |seen| seen.serves(&purpose, loosely));
    for _ in 0..MOST_TRIES {
        let witness = sampler.case(place, loosely)?;
        let file = case_text::file(program, &witness);
        if serves(&file) {
            return Some(file);
        }
        let variants = Variants {
            schema,
            program,
            scripts: policy.scripts(),
        };
        let variant = variants.find(&witness.assumes, &file, serves);
        if variant.is_some() {
            return variant;
        }
        sampler.refuse(place, loosely, &witness);
    }
    None
}

/// Leaves out cases that later ones have made needless.
fn without_needless(samples: &mut Vec<(Sample, Vec<usize>)>, purposes: usize) {
    let mut times = vec![0usize; purposes];
    for place in samples.iter().flat_map(|(_, served)| served) {
        if let Some(times) = times.get_mut(*place) {
            *times += 1;
        }
    }
    let mut at = samples.len();
    while at > 0 {
        at -= 1;
        let Some((_, served)) = samples.get(at) else {
            continue;
        };
        let again = |place: &usize| times.get(*place).is_some_and(|times| *times > 1);
        if served.iter().all(again) {
            for place in served {
                if let Some(times) = times.get_mut(*place) {
                    *times -= 1;
                }
            }
            samples.remove(at);
        }
    }
}

/// Something asked of a case that the policy has decided.
fn with<T>(policy: &Policy, file: &CaseFile, asked: impl FnOnce(&Seen<'_>) -> T) -> T {
    let program = policy.program();
    let mut state = State::new(program, &file.case);
    for event in &file.events {
        state.apply(event);
    }
    let now = decided_at(program, file);
    let probe = Probe::new(program, &state, now, policy.scripts());
    asked(&Seen {
        program,
        state: &state,
        probe: &probe,
    })
}

/// A case that is decided.
struct Seen<'a> {
    program: &'a Program,
    state: &'a State<'a>,
    probe: &'a Probe<'a>,
}

impl Seen<'_> {
    /// Whether the case serves a purpose; `loosely`, whatever stands before the rule.
    fn serves(&self, purpose: &Purpose, loosely: bool) -> bool {
        let at_limit = purpose
            .limit
            .as_ref()
            .is_none_or(|(of, value)| self.probe.value(*of).as_ref() == Some(value));
        at_limit && self.shows(purpose, loosely)
    }

    fn shows(&self, purpose: &Purpose, loosely: bool) -> bool {
        match &purpose.goal {
            Goal::Taken(block, rule) if loosely => self.fires(*block, *rule),
            Goal::Taken(block, rule) => self.takes(*block, *rule),
            Goal::Otherwise(block) => self.falls(*block),
            Goal::Decides(block, rule, part, holds) => {
                let in_force = self.rule(*block, *rule);
                in_force.is_some_and(|(effective, _)| self.probe.is_effective(effective))
                    && (loosely || self.reaches(*block, *rule))
                    && self.decides(purpose, *part, *holds)
            }
            Goal::DecidesDone(place, part, holds) => {
                self.fires(Block::FollowUp(*place), 0) && self.decides(purpose, *part, *holds)
            }
            Goal::Done(place, event) => {
                self.fires(Block::FollowUp(*place), 0) && self.has_happened(*event)
            }
            Goal::Triggers(_, event) => self.has_happened(*event),
            Goal::DecidesDefine(_, part, holds)
            | Goal::DecidesClock(_, part, holds)
            | Goal::DecidesMoment(part, holds) => self.decides(purpose, *part, *holds),
            Goal::DecidesThat(place, part, holds) => {
                let require = self.program.requires.get(*place as usize);
                let asked = require.is_some_and(|require| self.holds(Some(require.when)));
                asked && self.decides(purpose, *part, *holds)
            }
        }
    }

    fn has_happened(&self, event: u32) -> bool {
        let happened = self.state.happened.get(event as usize);
        happened.is_some_and(Option::is_some)
    }

    fn holds(&self, condition: Option<NodeId>) -> bool {
        condition.is_none_or(|condition| self.probe.truth(condition).is_true())
    }

    /// Whether the part is true, or false, and the whole condition with it, whatever the truth of the part
    /// would be otherwise.
    fn decides(&self, purpose: &Purpose, part: NodeId, holds: bool) -> bool {
        let Some(condition) = purpose.condition else {
            return false;
        };
        let whole = |forced: Truth| self.with_part(condition, part, forced);
        self.probe.truth(part) == Truth::from(holds)
            && whole(Truth::True).is_true() != whole(Truth::False).is_true()
    }

    /// When a condition is true with one of its parts forced.
    fn with_part(&self, id: NodeId, part: NodeId, forced: Truth) -> Truth {
        if id == part {
            return forced;
        }
        match self.program.node(id) {
            Node::And(list) => {
                let parts = self.program.list(*list).iter();
                let parts = parts.map(|inner| self.with_part(*inner, part, forced));
                parts.min().unwrap_or(Truth::True)
            }
            Node::Or(list) => {
                let parts = self.program.list(*list).iter();
                let parts = parts.map(|inner| self.with_part(*inner, part, forced));
                parts.max().unwrap_or(Truth::False)
            }
            Node::Not(inner) => self.with_part(*inner, part, forced).negated(),
            _ => self.probe.truth(id),
        }
    }

    /// A rule of a block: when it counts, and its condition.
    fn rule(&self, block: Block, rule: u32) -> Option<(Option<Effective>, Option<NodeId>)> {
        let (program, rule) = (self.program, rule as usize);
        match block {
            Block::Classification(place) => {
                let block = program.classifications.get(place as usize)?;
                let rule = block.rules.get(rule)?;
                Some((rule.effective, Some(rule.when)))
            }
            Block::Route => {
                let rule = program.route.as_ref()?.rules.get(rule)?;
                Some((rule.effective, Some(rule.when)))
            }
            Block::Sla => {
                let tier = program.sla.as_ref()?.tiers.get(rule)?;
                Some((tier.effective, tier.when))
            }
            Block::Retain(place) => {
                let item = program.retains.get(place as usize)?;
                Some((item.effective, item.when))
            }
            Block::Hold(place) => Some((None, Some(program.holds.get(place as usize)?.when))),
            Block::FollowUp(place) => {
                let item = program.follow_ups.get(place as usize)?;
                Some((item.effective, Some(item.when)))
            }
            Block::Require(place) => Some((None, Some(program.requires.get(place as usize)?.when))),
            Block::Record(_) | Block::Guarantee(_) | Block::Clock(_) => None,
        }
    }

    /// Whether a rule counts and is true, whatever stands before it.
    fn fires(&self, block: Block, rule: u32) -> bool {
        self.rule(block, rule)
            .is_some_and(|(effective, when)| self.probe.is_effective(effective) && self.holds(when))
    }

    /// Whether no rule before this one is true, in a block that counts.
    fn reaches(&self, block: Block, rule: u32) -> bool {
        let program = self.program;
        let effective = match block {
            Block::Classification(place) => {
                let block = program.classifications.get(place as usize);
                block.and_then(|block| block.effective)
            }
            Block::Route => program.route.as_ref().and_then(|route| route.effective),
            Block::Sla => program.sla.as_ref().and_then(|sla| sla.effective),
            Block::Retain(_)
            | Block::Record(_)
            | Block::Hold(_)
            | Block::FollowUp(_)
            | Block::Require(_)
            | Block::Guarantee(_)
            | Block::Clock(_) => return true,
        };
        self.probe.is_effective(effective) && !(0..rule).any(|before| self.fires(block, before))
    }

    /// What a block of rules takes.
    fn taken(&self, block: Block) -> Option<Taken> {
        match block {
            Block::Classification(place) => {
                let decided = self.probe.classification(place)?;
                Some(decided.taken.clone())
            }
            Block::Route => Some(self.probe.route().clone()),
            Block::Sla => self.probe.tier().map(Taken::Rule),
            Block::Retain(_)
            | Block::Record(_)
            | Block::Hold(_)
            | Block::FollowUp(_)
            | Block::Require(_)
            | Block::Guarantee(_)
            | Block::Clock(_) => None,
        }
    }

    fn takes(&self, block: Block, rule: u32) -> bool {
        match block {
            Block::Classification(_) | Block::Route | Block::Sla => match self.taken(block) {
                Some(Taken::Rule(taken)) => taken == rule,
                Some(Taken::Rules(taken)) => taken.contains(&rule),
                Some(Taken::Otherwise | Taken::Nothing) | None => false,
            },
            Block::Retain(_)
            | Block::Record(_)
            | Block::Hold(_)
            | Block::FollowUp(_)
            | Block::Require(_)
            | Block::Guarantee(_)
            | Block::Clock(_) => self.fires(block, rule),
        }
    }

    /// Whether `otherwise` of a block is taken.
    fn falls(&self, block: Block) -> bool {
        match (block, self.taken(block)) {
            (Block::Sla, Some(Taken::Rule(tier))) => {
                let rule = self.rule(block, tier);
                rule.is_some_and(|(_, when)| when.is_none())
            }
            (_, taken) => taken == Some(Taken::Otherwise),
        }
    }
}
