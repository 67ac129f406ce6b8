//! Why a case was decided as it was: the decision, and what each rule and each atom said.
//!
//! Printed as JSON here, as a page for people by the command line.

use super::counterfactual::Counterfactual;
use super::decision::Decision;
use super::ledger::{LedgerEntry, LedgerKind};
use super::policy::{Header, Policy};
use crate::compile::Program;
use crate::eval::{
    BlockTrace, Part, RuleResult, RuleTrace, Site, Trace, TracedBlock, TracedRead, UnfoldedAtom,
};
use crate::source::Sources;
use crate::time::{Duration, Instant};
use crate::value::{Case, Event};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A decision with its reasons.
///
/// Serialises to the stable JSON form that `caseway explain` prints.
#[derive(Clone, Debug)]
pub struct Explanation {
    decision: Decision,
    trace: Trace,
    /// What would have to be different for a rule to be taken, when that was asked.
    pub counterfactual: Option<Counterfactual>,
}

impl Policy {
    /// Decides a case as it stands at `now` and tells why; takes the same as [`Policy::decide`].
    pub fn explain(&self, case: &Case, events: &[Event], now: Instant) -> Explanation {
        Explanation {
            decision: self.decide(case, events, now),
            trace: self.trace(case, events, now),
            counterfactual: None,
        }
    }
}

impl Explanation {
    /// The decision.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// What each rule and each atom said.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What a rule or another part of a block cites.
    pub fn because(&self, block: TracedBlock, part: Part) -> &[String] {
        citations(self.decision.policy().program(), block, part).unwrap_or(&[])
    }

    /// The paths of missing fields that a block waits for, in schema order.
    pub fn waiting_for(&self, block: TracedBlock) -> Vec<&str> {
        let waiting = self.decision.places().waiting_for.iter();
        let fields = &self.decision.policy().program().fields;
        waiting
            .filter(|(_, rules)| {
                let mut rules = rules.iter();
                rules.any(|rule| TracedBlock::Site(rule.place().0) == block)
            })
            .filter_map(|(slot, _)| fields.get(*slot as usize))
            .map(|field| field.path.as_str())
            .collect()
    }

    fn object(&self) -> Object<'_> {
        let policy = self.decision.policy();
        let program = policy.program();
        let blocks = self.trace.blocks.iter().map(|block| Block::of(self, block));
        let clocks = program.clocks.iter().zip(&self.decision.places().clocks);
        let clocks = clocks.map(|(clock, reading)| {
            let name = clock.named.name.as_str();
            let ledger = self.decision.ledger(name);
            Clock {
                name,
                state: reading.state.word(),
                elapsed_s: reading.elapsed.map(Duration::seconds),
                segments: ledger
                    .iter()
                    .map(|entry| Segment::of(program, entry))
                    .collect(),
            }
        });
        Object {
            case: self.decision.case_id(),
            at: self.decision.at().format(policy.zone()),
            policy: policy.header(),
            blocks: blocks.collect(),
            clocks: clocks.collect(),
            counterfactual: self.counterfactual.as_ref(),
        }
    }
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.object().serialize(serializer)
    }
}

#[derive(Serialize)]
struct Object<'a> {
    case: Option<&'a str>,
    at: String,
    policy: &'a Header,
    blocks: Vec<Block<'a>>,
    clocks: Vec<Clock<'a>>,
    counterfactual: Option<&'a Counterfactual>,
}

#[derive(Serialize)]
struct Block<'a> {
    block: String,
    taken: Taken,
    in_force: bool,
    because: Vec<&'a str>,
    waiting_for: Vec<&'a str>,
    rules: Vec<Rule<'a>>,
}

/// The rule taken, or all of them where a block may take several.
#[derive(Serialize)]
#[serde(untagged)]
enum Taken {
    One(Option<String>),
    Several(Vec<String>),
}

#[derive(Serialize)]
struct Rule<'a> {
    rule: String,
    result: &'static str,
    reached: bool,
    because: &'a [String],
    atoms: Vec<Atom<'a>>,
}

#[derive(Serialize)]
struct Atom<'a> {
    text: String,
    result: &'static str,
    values: Values<'a>,
    decides: bool,
    defines: Vec<&'a str>,
}

struct Values<'a> {
    program: &'a Program,
    reads: &'a [TracedRead],
}

#[derive(Serialize)]
struct Clock<'a> {
    name: &'a str,
    state: &'static str,
    elapsed_s: Option<i64>,
    segments: Vec<Segment<'a>>,
}

#[derive(Serialize)]
struct Segment<'a> {
    from: String,
    to: String,
    kind: &'static str,
    calendar: Option<&'a str>,
    amount: Option<String>,
}

impl LedgerKind {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            LedgerKind::Running => "running",
            LedgerKind::OutsideHours => "outside_hours",
            LedgerKind::Unknown => "unknown",
            LedgerKind::Paused => "paused",
            LedgerKind::Met => "met",
        }
    }
}

impl<'a> Segment<'a> {
    fn of(program: &Program, entry: &LedgerEntry<'a>) -> Segment<'a> {
        Segment {
            from: entry.from.format(program.zone),
            to: entry.to.format(program.zone),
            kind: entry.kind.word(),
            calendar: entry.calendar,
            amount: entry.amount.map(|amount| amount.to_string()),
        }
    }
}

impl<'a> Block<'a> {
    fn of(explanation: &'a Explanation, block: &'a BlockTrace) -> Block<'a> {
        let policy = explanation.decision.policy();
        let program = policy.program();
        let taken = block.rules.iter().filter(|rule| rule.taken);
        let names = taken.clone();
        let mut names = names.map(|rule| program.part_name(block.block, rule.part));
        let because = taken.flat_map(|rule| explanation.because(block.block, rule.part));
        Block {
            block: program.traced_block_name(block.block),
            taken: match takes_several(program, block.block) {
                true => Taken::Several(names.collect()),
                false => Taken::One(names.next()),
            },
            in_force: block.in_force,
            because: because.map(String::as_str).collect(),
            waiting_for: explanation.waiting_for(block.block),
            rules: block
                .rules
                .iter()
                .map(|rule| Rule::of(explanation, block.block, rule))
                .collect(),
        }
    }
}

impl<'a> Rule<'a> {
    fn of(explanation: &'a Explanation, block: TracedBlock, rule: &'a RuleTrace) -> Rule<'a> {
        let policy = explanation.decision.policy();
        let program = policy.program();
        let atoms = explanation.trace.unfold(rule).into_iter();
        Rule {
            rule: program.part_name(block, rule.part),
            result: rule.result.word(),
            reached: rule.reached,
            because: explanation.because(block, rule.part),
            atoms: match rule.result {
                RuleResult::Inactive => Vec::new(),
                RuleResult::True | RuleResult::False | RuleResult::Unknown => atoms
                    .map(|atom| Atom::of(program, policy.sources(), &atom))
                    .collect(),
            },
        }
    }
}

impl<'a> Atom<'a> {
    fn of(program: &'a Program, sources: &Sources, atom: &UnfoldedAtom<'a>) -> Atom<'a> {
        let defines = atom.defines.iter();
        let defines = defines.filter_map(|place| program.defines.get(*place as usize));
        Atom {
            text: program.atom_text(sources, atom.atom.atom),
            result: atom.atom.truth.word(),
            values: Values {
                program,
                reads: &atom.atom.reads,
            },
            decides: atom.decides,
            defines: defines.map(|define| define.named.name.as_str()).collect(),
        }
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.reads.len()))?;
        for read in self.reads {
            map.serialize_entry(&read.path, &read.value.json(self.program))?;
        }
        map.end()
    }
}

fn takes_several(program: &Program, block: TracedBlock) -> bool {
    match block {
        TracedBlock::Site(Site::Classification(place)) => {
            let block = program.classifications.get(place as usize);
            block.is_some_and(|block| block.strategy == crate::compile::Strategy::Collect)
        }
        TracedBlock::Site(Site::Retention(_)) => true,
        TracedBlock::Site(
            Site::Route
            | Site::Sla
            | Site::Clock(_)
            | Site::Hold(_)
            | Site::FollowUp(_)
            | Site::Require(_),
        )
        | TracedBlock::Guarantee(_) => false,
    }
}

fn citations(program: &Program, block: TracedBlock, part: Part) -> Option<&[String]> {
    let TracedBlock::Site(site) = block else {
        return None;
    };
    let rule = match part {
        Part::Rule(rule) => Some(rule as usize),
        Part::Otherwise
        | Part::When
        | Part::That
        | Part::Done(_)
        | Part::Of
        | Part::Start
        | Part::Stop(_)
        | Part::Pause(_)
        | Part::Cancel(_)
        | Part::Reset(_)
        | Part::From(_)
        | Part::If
        | Part::Then => None,
    };
    let of_rule = part == Part::When;
    match site {
        Site::Classification(place) => {
            let block = program.classifications.get(place as usize)?;
            match (rule, &block.otherwise) {
                (Some(rule), _) => Some(&block.rules.get(rule)?.because),
                (None, Some((_, because))) => Some(because),
                (None, None) => None,
            }
        }
        Site::Route => {
            let block = program.route.as_ref()?;
            let target = match rule {
                Some(rule) => &block.rules.get(rule)?.target,
                None => block.otherwise.as_ref()?,
            };
            Some(&target.because)
        }
        Site::Sla => Some(&program.sla.as_ref()?.tiers.get(rule?)?.because),
        Site::Retention(_) => Some(&program.retains.get(rule?)?.because),
        Site::Hold(place) => Some(
            &program
                .holds
                .get(place as usize)
                .filter(|_| of_rule)?
                .because,
        ),
        Site::FollowUp(place) => {
            let item = program.follow_ups.get(place as usize);
            Some(&item.filter(|_| of_rule)?.because)
        }
        Site::Require(place) => {
            let item = program.requires.get(place as usize);
            Some(&item.filter(|_| of_rule)?.because)
        }
        Site::Clock(_) => None,
    }
}
