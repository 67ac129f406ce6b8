//! A higher class that is given more time than a lower one.
//!
//! Part of [`super::facts`]. Two cases are looked for, opened at the same instant, of which the conditions of the
//! `sla` block read the same but for one ordered value, and of which the one with the higher value has a
//! target that is not within that of the other: the whole policy is encoded twice, with the fields that the
//! block reads in common. Where the two targets count on different calendars, an instant is looked for from
//! which the higher one is due later.

use super::blocks::Blocks;
use super::dues::{LaterDue, at_most, later};
use super::facts::{Asker, Block, Claim, Fact, Facts, STEPS};
use super::lens::{Alike, Seen};
use super::opaque::Assumed;
use super::solver::{Answer, Literal};
use super::space::{Space, Variable};
use super::terms::{Encoder, Term};
use super::witness::Witness;
use crate::compile::{ClockId, Node, NodeId, Outcome, Program, Sla, Target, Type};
use crate::model::Schema;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A higher class that is given more time than a lower one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inversion {
    /// The clock that has more time.
    pub clock: ClockId,
    /// The ordered value in which the two cases differ.
    pub input: Input,
    /// The higher member, and the tier that is then taken.
    pub higher: (u32, u32),
    /// The lower member, and the tier that is then taken.
    pub lower: (u32, u32),
    /// A start for which the higher one is due later, where that depends on the start.
    pub later: Option<LaterDue>,
}

/// An ordered value that conditions of tiers read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// The field at a slot.
    Field(u32),
    /// The classification at a place.
    Classification(u32),
}

/// What the conditions of tiers read themselves.
#[derive(Default)]
struct Read {
    fields: BTreeSet<u32>,
    classifications: BTreeSet<u32>,
    /// Whether they read `route.role`, the one outcome that they can read.
    role: bool,
    defines: BTreeSet<u32>,
}

/// Two cases side by side.
struct Two<'a> {
    asker: Asker<'a>,
    /// That the first takes each tier.
    higher: Vec<Literal>,
    /// That the second does.
    lower: Vec<Literal>,
    inputs: Vec<Compared>,
    /// That the two have the same of everything else that tiers read.
    same: Vec<Literal>,
}

/// An ordered value of both cases.
struct Compared {
    input: Input,
    /// That both have the same.
    same: Literal,
    /// That the first has the higher one.
    above: Literal,
    /// For each member from the second on: that the first, and the second, has it or a higher one.
    steps: Vec<(Literal, Literal)>,
}

/// Tiers with one target that another is not within.
struct Looser {
    target: Target,
    tiers: Vec<u32>,
    /// That the second case takes one of them.
    any: Literal,
}

impl Asker<'_> {
    pub(super) fn inversions(&mut self) {
        let (schema, program) = (self.encoder.space.schema, self.encoder.program);
        let Some(sla) = &program.sla else { return };
        let mut read = Read::default();
        for condition in sla.tiers.iter().filter_map(|tier| tier.when) {
            read.add(program, condition);
        }
        if !read.has_order(schema, program) || !has_looser(sla) {
            return;
        }
        let alike = Alike::itself(program);
        let mut two = Two::new(schema, program, &read, &alike);
        two.asker.found = std::mem::take(&mut self.found);
        let solver = &mut two.asker.encoder.space.solver;
        solver.pay_from(&self.encoder.space.solver);
        two.all(sla);
        let solver = &two.asker.encoder.space.solver;
        self.encoder.space.solver.pay_from(solver);
        self.found = two.asker.found;
    }
}

/// Whether some tier has a target that is not within that of another.
fn has_looser(sla: &Sla) -> bool {
    let mut targets: BTreeMap<u32, Vec<Target>> = BTreeMap::new();
    for (clock, target) in sla.tiers.iter().flat_map(|tier| &tier.targets) {
        let known = targets.entry(*clock).or_default();
        if !known.contains(target) {
            known.push(*target);
        }
    }
    targets.values().any(|known| known.len() > 1)
}

impl Read {
    /// Adds what a condition reads, through defines and not through classifications.
    fn add(&mut self, program: &Program, condition: NodeId) {
        let mut open = vec![condition];
        while let Some(id) = open.pop() {
            match program.node(id) {
                Node::Field(slot) => {
                    self.fields.insert(*slot);
                }
                Node::Classification(place) => {
                    self.classifications.insert(*place);
                }
                Node::Outcome(_) => self.role = true,
                Node::Define(place) => {
                    if self.defines.insert(*place) {
                        let define = program.defines.get(*place as usize);
                        open.extend(define.map(|define| define.value));
                    }
                }
                _ => program.operands(id, |operand| open.push(operand)),
            }
        }
    }

    fn has_order(&self, schema: &Schema, program: &Program) -> bool {
        let fields = self.fields.iter();
        let classifications = self.classifications.iter();
        fields
            .copied()
            .any(|slot| is_ordered(schema, field_type(program, slot)))
            || classifications.copied().any(|place| {
                let block = program.classifications.get(place as usize);
                is_ordered(schema, block.map(|block| &block.ty))
            })
    }
}

fn field_type(program: &Program, slot: u32) -> Option<&Type> {
    program.fields.get(slot as usize).map(|field| &field.ty)
}

/// Whether a type is an enum whose members are ordered.
fn is_ordered(schema: &Schema, ty: Option<&Type>) -> bool {
    match ty {
        Some(Type::Enum(id)) => schema.enumeration(*id).is_some_and(|ty| ty.ordered),
        Some(_) | None => false,
    }
}

impl<'a> Two<'a> {
    fn new(schema: &'a Schema, program: &'a Program, read: &Read, alike: &'a Alike) -> Two<'a> {
        let mut encoder = Encoder::first(program, Space::new(schema));
        let blocks = encoder.deciding();
        let higher = tiers(&blocks);
        let (firsts, outcomes) = (encoder.classifications.clone(), encoder.outcomes.clone());
        let fields = read.fields.iter().copied();
        let mut shared: BTreeSet<u32> = fields
            .filter(|slot| !is_ordered(schema, field_type(program, *slot)))
            .collect();
        shared.extend([program.id, program.opened_at]);
        let first = encoder.space.fields.clone();
        let mut encoder = encoder.second(&shared, alike);
        let blocks = encoder.deciding();
        let lower = tiers(&blocks);
        let mut inputs = Vec::new();
        let mut same = Vec::new();
        for slot in read.fields.iter().filter(|slot| !shared.contains(slot)) {
            let second = match encoder.seen(*slot) {
                Seen::As(Variable::Scalar(place)) => place,
                Seen::As(Variable::Set(_)) | Seen::Always(_) | Seen::Missing => continue,
            };
            if let Some(Variable::Scalar(first)) = first.get(*slot as usize) {
                let pair = [Term::Scalar(*first), Term::Scalar(second)];
                inputs.push(encoder.compared(Input::Field(*slot), pair));
            }
        }
        for place in &read.classifications {
            let at = *place as usize;
            let (Some(first), Some(second)) = (
                firsts.get(at).cloned(),
                encoder.classifications.get(at).cloned(),
            ) else {
                continue;
            };
            let block = program.classifications.get(at);
            if is_ordered(schema, block.map(|block| &block.ty)) {
                let input = Input::Classification(*place);
                inputs.push(encoder.compared(input, [first, second]));
            } else {
                same.push(encoder.is_same(&first, &second));
            }
        }
        if read.role {
            let of = |known: &[(Outcome, Term)]| {
                let mut known = known.iter();
                let found = known.find(|(one, _)| *one == Outcome::RouteRole);
                found.map(|(_, term)| term.clone())
            };
            if let (Some(first), Some(second)) = (of(&outcomes), of(&encoder.outcomes)) {
                same.push(encoder.is_same(&first, &second));
            }
        }
        encoder.finish();
        Two {
            asker: Asker {
                encoder,
                found: Facts::default(),
            },
            higher,
            lower,
            inputs,
            same,
        }
    }

    fn all(&mut self, sla: &Sla) {
        let clocks: BTreeSet<u32> = sla
            .tiers
            .iter()
            .flat_map(|tier| tier.targets.iter().map(|(clock, _)| *clock))
            .collect();
        for clock in clocks {
            let mut told = BTreeSet::new();
            for (target, tiers) in self.by_target(sla, clock) {
                let looser = self.looser(sla, clock, target);
                for at in 0..self.inputs.len() {
                    for high in &tiers {
                        if !told.contains(high)
                            && self.tell(at, *high, ClockId(clock), (target, &looser))
                        {
                            told.insert(*high);
                        }
                    }
                }
            }
        }
    }

    /// The targets of a clock, with the tiers that have each.
    fn by_target(&self, sla: &Sla, clock: u32) -> Vec<(Target, Vec<u32>)> {
        let mut known: Vec<(Target, Vec<u32>)> = Vec::new();
        for (place, tier) in (0u32..).zip(&sla.tiers) {
            let Some(target) = tier.target(clock) else {
                continue;
            };
            match known.iter_mut().find(|(one, _)| *one == target) {
                Some((_, tiers)) => tiers.push(place),
                None => known.push((target, vec![place])),
            }
        }
        known
    }

    /// The tiers whose targets a target is not within, by target. A target of nothing is mistaken itself.
    fn looser(&mut self, sla: &Sla, clock: u32, target: Target) -> Vec<Looser> {
        let program = self.asker.encoder.program;
        let mut looser = Vec::new();
        for (other, tiers) in self.by_target(sla, clock) {
            let beyond = match at_most(target, other) {
                Some(within) => !within,
                None => later(program, target, other).next().is_some(),
            };
            if beyond && !other.is_zero() {
                let taken = tiers.iter().filter_map(|low| self.lower.get(*low as usize));
                let taken: Vec<Literal> = taken.copied().collect();
                let any = self.asker.encoder.space.solver.any(taken);
                looser.push(Looser {
                    target: other,
                    tiers,
                    any,
                });
            }
        }
        looser
    }

    /// Tells that a tier is taken by a higher value of an input while a lower one takes a tier of less time;
    /// whether there is such a case.
    fn tell(
        &mut self,
        at: usize,
        high: u32,
        clock: ClockId,
        (target, looser): (Target, &[Looser]),
    ) -> bool {
        let Some(compared) = self.inputs.get(at) else {
            return false;
        };
        let mut wanted = self.same.clone();
        let rest = self.inputs.iter().enumerate();
        wanted.extend(
            rest.filter(|(other, _)| *other != at)
                .map(|(_, one)| one.same),
        );
        wanted.push(compared.above);
        wanted.extend(self.higher.get(high as usize).copied());
        let input = compared.input;
        let solver = &mut self.asker.encoder.space.solver;
        let any = solver.any(looser.iter().map(|other| other.any));
        let asked: Vec<Literal> = wanted.iter().copied().chain([any]).collect();
        if looser.is_empty() || self.asker.is_impossible(&asked) {
            return false;
        }
        for other in looser {
            let mut wanted = wanted.clone();
            wanted.push(other.any);
            if self.asker.ask(&wanted) != Answer::Yes {
                continue;
            }
            let solver = &self.asker.encoder.space.solver;
            let taken = |low: &&u32| {
                let taken = self.lower.get(**low as usize);
                taken.is_some_and(|taken| solver.holds(*taken))
            };
            let Some(low) = other.tiers.iter().find(taken).copied() else {
                continue;
            };
            wanted.extend(self.lower.get(low as usize).copied());
            let members = self.members(at, &mut wanted);
            let Some((wanted, later)) = self.start(wanted, (target, other.target)) else {
                continue;
            };
            let Some(mut witness) = self.asker.encoder.witness(&wanted, STEPS) else {
                continue;
            };
            if !stand_alike(&mut witness) {
                continue;
            }
            if let Some(later) = later
                && let Some(opened) = witness.slots.get_mut(self.opened_at())
            {
                *opened = Some(Value::Instant(later.start));
            }
            self.asker.found.facts.push(Fact {
                block: Block::Sla,
                claim: Claim::SlaInversion(Inversion {
                    clock,
                    input,
                    higher: (members.0, high),
                    lower: (members.1, low),
                    later,
                }),
                witness: Some(witness),
                rows: None,
            });
            return true;
        }
        false
    }

    fn opened_at(&self) -> usize {
        self.asker.encoder.program.opened_at as usize
    }

    /// With a start from which the first target is due later, where that depends on it; none if there is none.
    fn start(
        &mut self,
        wanted: Vec<Literal>,
        (target, other): (Target, Target),
    ) -> Option<(Vec<Literal>, Option<LaterDue>)> {
        if at_most(target, other) == Some(false) {
            return Some((wanted, None));
        }
        let encoder = &mut self.asker.encoder;
        let opened = match encoder.space.fields.get(encoder.program.opened_at as usize) {
            Some(Variable::Scalar(place)) => *place,
            Some(Variable::Set(_)) | None => return None,
        };
        let mut tried: Vec<Vec<Literal>> = Vec::new();
        for due in later(encoder.program, target, other) {
            let space = &encoder.space;
            let at = space.local.at(&space.scalars, opened, due.start);
            if tried.contains(&at) {
                continue;
            }
            let asked: Vec<Literal> = wanted.iter().chain(&at).copied().collect();
            if encoder.space.solver.ask(&asked, STEPS) == Answer::Yes {
                return Some((asked, Some(due)));
            }
            tried.push(at);
        }
        None
    }

    /// The higher and the lower member of an input in the model; from now on these are wanted.
    fn members(&self, at: usize, wanted: &mut Vec<Literal>) -> (u32, u32) {
        let solver = &self.asker.encoder.space.solver;
        let (mut high, mut low) = (0, 0);
        for (first, second) in self.inputs.get(at).map_or(&[][..], |input| &input.steps) {
            for (step, member) in [(first, &mut high), (second, &mut low)] {
                let holds = solver.holds(*step);
                *member += u32::from(holds);
                wanted.push(if holds { *step } else { !*step });
            }
        }
        (high, low)
    }
}

/// Whether what the witness rests on comes to the same in both cases; the second is left out then.
fn stand_alike(witness: &mut Witness) -> bool {
    let (second, first): (Vec<Assumed>, Vec<Assumed>) = std::mem::take(&mut witness.stands)
        .into_iter()
        .partition(|one| one.old);
    let same = |one: &Assumed| {
        let found = first.iter().find(|other| other.part == one.part);
        found.is_none_or(|other| other.value == one.value)
    };
    let alike = second.iter().all(same);
    witness.stands = first;
    witness.assumes.retain(|one| !one.old);
    alike
}

/// That each tier is taken, also the last one without a condition.
fn tiers(blocks: &Blocks) -> Vec<Literal> {
    let block = blocks.sla.iter();
    block
        .flat_map(|block| {
            let taken = block.rules.iter().map(|rule| rule.taken);
            taken.chain(block.otherwise)
        })
        .collect()
}

impl Encoder<'_> {
    /// An ordered value of two cases.
    fn compared(&mut self, input: Input, pair: [Term; 2]) -> Compared {
        let ty = match input {
            Input::Field(slot) => field_type(self.program, slot),
            Input::Classification(place) => {
                let block = self.program.classifications.get(place as usize);
                block.map(|block| &block.ty)
            }
        };
        let count = match ty {
            Some(Type::Enum(id)) => {
                let ty = self.space.schema.enumeration(*id);
                ty.map_or(0, |ty| ty.members.len())
            }
            Some(_) | None => 0,
        };
        let [first, second] = &pair;
        let steps: Vec<(Literal, Literal)> = (1u32..)
            .take(count.saturating_sub(1))
            .map(|member| (self.reaches(first, member), self.reaches(second, member)))
            .collect();
        let there = (self.is_present(first), self.is_present(second));
        let solver = &mut self.space.solver;
        let ways: Vec<Literal> = steps.iter().map(|(a, b)| solver.all([*a, !*b])).collect();
        let above = solver.any(ways);
        let above = solver.all([there.0, there.1, above]);
        let same = self.all_equal(steps.iter().copied().chain([there]));
        Compared {
            input,
            same,
            above,
            steps,
        }
    }

    /// That an ordered value is a member or a higher one, if there is a value.
    fn reaches(&mut self, term: &Term, member: u32) -> Literal {
        let member = Value::Member(member);
        let space = &mut self.space;
        match term {
            Term::Scalar(place) => match space.scalars.get_mut(*place) {
                Some(scalar) => scalar.at_least(&mut space.solver, &member),
                None => space.solver.never(),
            },
            Term::Choice(options) => {
                let reaching = options.iter().filter(|(value, _)| *value >= member);
                let reaching: Vec<Literal> = reaching.map(|(_, holds)| *holds).collect();
                space.solver.any(reaching)
            }
            Term::Constant(_)
            | Term::DateOf(_)
            | Term::Set(_)
            | Term::CountOf(_)
            | Term::ChosenSet(..)
            | Term::Truth(_)
            | Term::Targets(_) => space.solver.never(),
        }
    }

    /// That what is decided of two cases is the same.
    fn is_same(&mut self, first: &Term, second: &Term) -> Literal {
        let options = |term: &Term| match term {
            Term::Choice(options) | Term::ChosenSet(options, _) => options.clone(),
            _ => Vec::new(),
        };
        let (a, b) = (options(first), options(second));
        let values: BTreeSet<Value> = a.iter().chain(&b).map(|(value, _)| value.clone()).collect();
        let solver = &mut self.space.solver;
        let mut pairs = Vec::new();
        for value in values {
            let mut chosen = |options: &[(Value, Literal)]| {
                let options = options.iter().filter(|(one, _)| *one == value);
                solver.any(options.map(|(_, holds)| *holds).collect::<Vec<_>>())
            };
            pairs.push((chosen(&a), chosen(&b)));
        }
        pairs.push((self.is_present(first), self.is_present(second)));
        self.all_equal(pairs)
    }

    /// A proposition from which it follows that each of these pairs holds or does not hold together.
    fn all_equal(&mut self, pairs: impl IntoIterator<Item = (Literal, Literal)>) -> Literal {
        let solver = &mut self.space.solver;
        let equal = solver.free();
        for (a, b) in pairs {
            solver.know(&[!equal, !a, b]);
            solver.know(&[!equal, a, !b]);
        }
        equal
    }
}
