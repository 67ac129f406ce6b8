//! The truth of every rule and every atom of a program over one case: for explanations, and for the
//! coverage of tests.
//!
//! Apart from [`super::decide`], with the same evaluator: deciding a case knows nothing of it. Rules
//! that a decision never came to, because an earlier one was taken, are asked all the same and said
//! to be not reached.

mod outline;
mod reads;
mod wording;

pub use outline::{Atom, BlockOutline, Outline, Part, RuleOutline, TracedBlock, Trigger};
pub use reads::{Origin, TracedRead, TracedValue};

use super::Engine;
use super::blocks::Blocks;
use super::decision::Taken;
use super::evaluator::Evaluator;
use super::host::ScriptHost;
use super::log::Log;
use super::problem::Site;
use super::truth::Truth;
use crate::compile::{Effective, Node, NodeId, Program, Strategy};
use crate::time::Instant;
use crate::value::{Case, Event};
use std::collections::{BTreeMap, BTreeSet};

/// What every block of a program says of a case as it stands at an instant. Blocks, rules and atoms
/// stand at the same places as in the [`Outline`] of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The instant of the log: the last one at which something happened or began to count.
    pub at: Instant,
    /// What each `define` says, by its place in the program; none for those that are no condition.
    pub defines: Vec<Option<DefineTrace>>,
    /// The blocks in the order in which they are decided.
    pub blocks: Vec<BlockTrace>,
}

/// What a `define` says that is a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct DefineTrace {
    /// Whether it holds.
    pub truth: Truth,
    /// Its own atoms.
    pub atoms: Vec<AtomTrace>,
}

/// What a block says.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockTrace {
    /// Which.
    pub block: TracedBlock,
    /// Whether it is in force.
    pub in_force: bool,
    /// Its parts.
    pub rules: Vec<RuleTrace>,
}

/// What a rule, or another part of a block, says.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTrace {
    /// Which.
    pub part: Part,
    /// Its truth.
    pub result: RuleResult,
    /// Whether deciding the case asks for it.
    pub reached: bool,
    /// Whether the block took it.
    pub taken: bool,
    /// The atoms of its condition.
    pub atoms: Vec<AtomTrace>,
}

/// The truth of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleResult {
    /// Its condition does not hold.
    False,
    /// Something that it reads is missing, and it depends on that.
    Unknown,
    /// Its condition holds.
    True,
    /// It is not in force on that date.
    Inactive,
}

/// What an atom says.
#[derive(Clone, Debug, PartialEq)]
pub struct AtomTrace {
    /// Which.
    pub atom: Atom,
    /// Whether it holds.
    pub truth: Truth,
    /// Whether it is one of those that make the condition around it what it is.
    pub decides: bool,
    /// What it reads, in the order in which it is written; empty in traces for coverage.
    pub reads: Vec<TracedRead>,
}

/// An atom of a rule with the defines that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct UnfoldedAtom<'a> {
    /// The places of the defines through which the rule reads it, outermost first.
    pub defines: Vec<u32>,
    /// Whether it is one of those that make the rule's condition what it is.
    pub decides: bool,
    /// The atom; never a [`Atom::Define`].
    pub atom: &'a AtomTrace,
}

impl RuleResult {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            RuleResult::False => "false",
            RuleResult::Unknown => "unknown",
            RuleResult::True => "true",
            RuleResult::Inactive => "inactive",
        }
    }
}

impl From<Truth> for RuleResult {
    fn from(truth: Truth) -> RuleResult {
        match truth {
            Truth::False => RuleResult::False,
            Truth::Unknown => RuleResult::Unknown,
            Truth::True => RuleResult::True,
        }
    }
}

/// Traces a case as it stands at `now`, with the values that were read.
pub fn trace(
    program: &Program,
    case: &Case,
    events: &[Event],
    now: Instant,
    host: &dyn ScriptHost,
) -> Trace {
    let mut log = Log::new(program, case, events, now);
    while log.has_more() {
        log.go_on();
    }
    Tracer {
        program,
        outline: &Outline::new(program),
        with_values: true,
    }
    .trace(&log, host)
}

/// Traces a case at every instant of its log up to `now`, from its opening on, without the values:
/// what a test of the policy ever asked. `outline` is that of the program.
pub fn trace_course(
    program: &Program,
    outline: &Outline,
    case: &Case,
    events: &[Event],
    now: Instant,
    host: &dyn ScriptHost,
    mut visit: impl FnMut(&Trace),
) {
    let mut log = Log::new(program, case, events, now);
    let tracer = Tracer {
        program,
        outline,
        with_values: false,
    };
    loop {
        visit(&tracer.trace(&log, host));
        if !log.has_more() {
            return;
        }
        log.go_on();
    }
}

impl Trace {
    /// The atoms of a rule with those of its defines in their place, each define once.
    pub fn unfold<'a>(&'a self, rule: &'a RuleTrace) -> Vec<UnfoldedAtom<'a>> {
        let mut unfolded = Vec::new();
        let mut seen = BTreeSet::new();
        let atoms = |atoms: &'a [AtomTrace], decides: bool, defines: &[u32]| {
            let atoms = atoms.iter().rev();
            let atoms = atoms.map(|atom| (atom, decides && atom.decides, defines.to_vec()));
            atoms.collect::<Vec<_>>()
        };
        let mut work = atoms(&rule.atoms, true, &[]);
        while let Some((atom, decides, mut defines)) = work.pop() {
            match atom.atom {
                Atom::Condition(_) | Atom::Event(_) => unfolded.push(UnfoldedAtom {
                    defines,
                    decides,
                    atom,
                }),
                Atom::Define(place, _) => {
                    let define = self.defines.get(place as usize);
                    if let Some(Some(define)) = define.filter(|_| seen.insert(place)) {
                        defines.push(place);
                        work.extend(atoms(&define.atoms, decides, &defines));
                    }
                }
            }
        }
        unfolded
    }
}

struct Tracer<'a> {
    program: &'a Program,
    outline: &'a Outline,
    with_values: bool,
}

impl Tracer<'_> {
    fn trace(&self, log: &Log<'_>, host: &dyn ScriptHost) -> Trace {
        let evaluator = Evaluator::new(Engine::plain(self.program, host), &log.state, log.at);
        let blocks = Blocks::decide(self.program, &evaluator);
        let defines = self.program.defines.iter().zip(&self.outline.defines);
        let defines = defines.map(|(define, atoms)| {
            atoms.as_ref().map(|atoms| DefineTrace {
                truth: evaluator.truth(define.value),
                atoms: self.atoms(&evaluator, Some(define.value), atoms),
            })
        });
        let defines = defines.collect();
        let all = self.outline.blocks.iter();
        let blocks = all.map(|outline| self.block(&evaluator, &blocks, outline));
        Trace {
            at: log.at,
            defines,
            blocks: blocks.collect(),
        }
    }

    fn block(
        &self,
        evaluator: &Evaluator<'_>,
        blocks: &Blocks<'_>,
        outline: &BlockOutline,
    ) -> BlockTrace {
        let in_force = evaluator.is_effective(self.effective(outline.block));
        let first_only = self.takes_the_first(outline.block);
        let mut rules: Vec<RuleTrace> = Vec::with_capacity(outline.rules.len());
        let mut fired = false;
        for rule in &outline.rules {
            let own = self.effective_rule(outline.block, rule.part);
            let truth = match (rule.condition, rule.part) {
                (Some(condition), _) => evaluator.truth(condition),
                (None, Part::Otherwise) => Truth::from(!fired),
                (None, _) => self.event_truth(evaluator, &rule.atoms),
            };
            let result = if in_force && evaluator.is_effective(own) {
                RuleResult::from(truth)
            } else {
                RuleResult::Inactive
            };
            let asked = match rule.part {
                Part::That | Part::Then | Part::Done(_) => {
                    let first = rules.first();
                    first.is_some_and(|when| when.result == RuleResult::True)
                }
                Part::Rule(_)
                | Part::Otherwise
                | Part::When
                | Part::Of
                | Part::Start
                | Part::Stop(_)
                | Part::Pause(_)
                | Part::Cancel(_)
                | Part::Reset(_)
                | Part::From(_)
                | Part::If => true,
            };
            let reached = asked && result != RuleResult::Inactive && !(first_only && fired);
            fired |= result == RuleResult::True;
            rules.push(RuleTrace {
                part: rule.part,
                result,
                reached,
                taken: is_taken(blocks, outline.block, rule.part, result),
                atoms: self.atoms(evaluator, rule.condition, &rule.atoms),
            });
        }
        BlockTrace {
            block: outline.block,
            in_force,
            rules,
        }
    }

    fn event_truth(&self, evaluator: &Evaluator<'_>, atoms: &[Atom]) -> Truth {
        let truths = atoms.iter().map(|atom| self.truth(evaluator, *atom));
        truths.min().unwrap_or(Truth::True)
    }

    fn truth(&self, evaluator: &Evaluator<'_>, atom: Atom) -> Truth {
        match atom {
            Atom::Condition(node) | Atom::Define(_, node) => evaluator.truth(node),
            Atom::Event(event) => {
                let happened = evaluator.state.happened.get(event as usize);
                Truth::from(happened.is_some_and(Option::is_some))
            }
        }
    }

    /// The atoms of a condition, as the outline lists them.
    fn atoms(
        &self,
        evaluator: &Evaluator<'_>,
        condition: Option<NodeId>,
        listed: &[Atom],
    ) -> Vec<AtomTrace> {
        let mut atoms: Vec<AtomTrace> = Vec::with_capacity(listed.len());
        let trace = |atom: Atom, decides: bool| AtomTrace {
            atom,
            truth: self.truth(evaluator, atom),
            decides,
            reads: match self.with_values {
                true => reads::of_atom(evaluator, atom),
                false => Vec::new(),
            },
        };
        let Some(condition) = condition else {
            atoms.extend(listed.iter().map(|atom| trace(*atom, true)));
            return atoms;
        };
        let mut places = listed.iter().copied().peekable();
        let mut truths: BTreeMap<NodeId, Truth> = BTreeMap::new();
        let mut defines: BTreeMap<u32, usize> = BTreeMap::new();
        outline::walk(self.program, condition, |atom, around| {
            let decides = self.decides(evaluator, atom, around, &mut truths);
            let known = match atom {
                Atom::Define(place, _) => defines.get(&place).copied(),
                Atom::Condition(_) | Atom::Event(_) => None,
            };
            if let Some(known) = known.and_then(|known| atoms.get_mut(known)) {
                // A define that is read again.
                known.decides |= decides;
            } else if places.next_if_eq(&atom).is_some() {
                if let Atom::Define(place, _) = atom {
                    defines.insert(place, atoms.len());
                }
                atoms.push(trace(atom, decides));
            }
        });
        atoms
    }

    /// Whether every condition around an atom is as true as the part of it that leads to the atom.
    fn decides(
        &self,
        evaluator: &Evaluator<'_>,
        atom: Atom,
        around: &[NodeId],
        truths: &mut BTreeMap<NodeId, Truth>,
    ) -> bool {
        let mut inner = self.truth(evaluator, atom);
        for id in around.iter().rev() {
            let negates = matches!(self.program.node(*id), Node::Not(_));
            let outer = *truths.entry(*id).or_insert_with(|| evaluator.truth(*id));
            if outer != inner.negated_if(negates) {
                return false;
            }
            inner = outer;
        }
        true
    }

    fn effective(&self, block: TracedBlock) -> Option<Effective> {
        let program = self.program;
        match block {
            TracedBlock::Site(site) => match site {
                Site::Classification(place) => {
                    program.classifications.get(place as usize)?.effective
                }
                Site::Route => program.route.as_ref()?.effective,
                Site::Sla => program.sla.as_ref()?.effective,
                Site::FollowUp(place) => program.follow_ups.get(place as usize)?.effective,
                Site::Clock(_) | Site::Retention(_) | Site::Hold(_) | Site::Require(_) => None,
            },
            TracedBlock::Guarantee(_) => None,
        }
    }

    fn effective_rule(&self, block: TracedBlock, part: Part) -> Option<Effective> {
        let program = self.program;
        let (Part::Rule(rule) | Part::From(rule), TracedBlock::Site(site)) = (part, block) else {
            return None;
        };
        let rule = rule as usize;
        match site {
            Site::Classification(place) => {
                let block = program.classifications.get(place as usize)?;
                block.rules.get(rule)?.effective
            }
            Site::Route => program.route.as_ref()?.rules.get(rule)?.effective,
            Site::Sla => program.sla.as_ref()?.tiers.get(rule)?.effective,
            Site::Retention(_) => program.retains.get(rule)?.effective,
            Site::Clock(_) | Site::Hold(_) | Site::FollowUp(_) | Site::Require(_) => None,
        }
    }

    /// Whether nothing behind the first true rule of a block is asked.
    fn takes_the_first(&self, block: TracedBlock) -> bool {
        let TracedBlock::Site(site) = block else {
            return false;
        };
        match site {
            Site::Classification(place) => {
                let block = self.program.classifications.get(place as usize);
                block.is_some_and(|block| block.strategy == Strategy::FirstMatch)
            }
            Site::Route => {
                let block = self.program.route.as_ref();
                block.is_some_and(|block| block.strategy != Strategy::Unique)
            }
            Site::Sla => true,
            Site::Clock(_)
            | Site::Retention(_)
            | Site::Hold(_)
            | Site::FollowUp(_)
            | Site::Require(_) => false,
        }
    }
}

fn is_taken(blocks: &Blocks<'_>, block: TracedBlock, part: Part, result: RuleResult) -> bool {
    let by = |taken: &Taken| match (taken, part) {
        (Taken::Rule(taken), Part::Rule(rule)) => *taken == rule,
        (Taken::Rules(taken), Part::Rule(rule)) => taken.contains(&rule),
        (Taken::Otherwise, part) => part == Part::Otherwise,
        (Taken::Nothing | Taken::Rule(_) | Taken::Rules(_), _) => false,
    };
    let TracedBlock::Site(site) = block else {
        return false;
    };
    match site {
        Site::Classification(place) => {
            let decided = blocks.classifications.get(place as usize);
            decided.is_some_and(|decided| by(&decided.taken))
        }
        Site::Route => by(&blocks.route),
        Site::Sla => blocks.tier.is_some_and(|tier| part == Part::Rule(tier)),
        Site::Retention(_) | Site::Hold(_) | Site::FollowUp(_) | Site::Require(_) => {
            matches!(part, Part::Rule(_) | Part::When) && result == RuleResult::True
        }
        Site::Clock(_) => false,
    }
}
