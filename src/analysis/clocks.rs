//! What is asked of clocks: does one ever run, is one paused from its start on.
//!
//! Part of [`super::facts`]. A clock is looked at where it starts: what starts it is true, and what stops,
//! cancels or pauses it may be. Events that do so happen at their instants and are no states, so that they
//! are left out.

use super::facts::{Asker, Block, Claim, Fact, STEPS};
use super::lens::Seen;
use super::solver::Literal;
use super::space::Variable;
use super::terms::Encoder;
use super::witness::Witness;
use crate::compile::{Clock, Moment, Node, NodeId, Program, ReopenMode, Target};
use crate::value::Value;

/// What is certain of a clock, with the conditions at fault: as few of them as are enough.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockClaim {
    /// What starts it is never true.
    NeverStarts,
    /// Whenever it starts, one of these cancels it.
    Cancelled(Vec<NodeId>),
    /// Whenever it starts, one of these stops or cancels it; or always, where a stop that ends sets the
    /// clock running.
    Ended(Vec<NodeId>),
    /// One of these pauses it in every case.
    AlwaysPaused(Vec<NodeId>),
    /// Whenever it starts, one of these pauses it, and they stay true.
    StaysPaused(Vec<NodeId>),
    /// In every case one of these pauses, stops or cancels it.
    CountsNothing(Vec<NodeId>),
    /// Whenever it starts, one of these pauses it.
    StartsPaused(Vec<NodeId>),
}

/// A condition and that it is true.
pub(super) type Level = (NodeId, Literal);

/// A clock.
pub(super) struct EncodedClock {
    /// That what starts it is true.
    start: Literal,
    /// Its `stop when`.
    stops: Vec<Level>,
    /// Its `cancel when`.
    cancels: Vec<Level>,
    /// Its `pause when`.
    pauses: Vec<Level>,
}

impl EncodedClock {
    /// That something stops, cancels or pauses it.
    pub(super) fn still(&self) -> Vec<Level> {
        let still = self.stops.iter().chain(&self.cancels).chain(&self.pauses);
        still.copied().collect()
    }
}

/// Clocks beyond which pairs are not looked at.
const MOST_CLOCKS: usize = 60;
/// Steps that a condition is taken apart in, at most.
const MOST_PARTS: usize = 10_000;
/// Conditions, at most, of which any few are looked at, to find the fewest.
const MOST_CONDITIONS: usize = 12;
/// So many of them, at most.
const MOST_TOGETHER: usize = 3;

impl Encoder<'_> {
    pub(super) fn encoded_clocks(&mut self) -> Vec<EncodedClock> {
        let program = self.program;
        let clocks = program.clocks.iter().map(|clock| EncodedClock {
            start: match clock.start {
                Some(moment) => self.come(moment),
                None => self.space.solver.always(),
            },
            stops: self.levels(&clock.stop.when),
            cancels: self.levels(&clock.cancel.when),
            pauses: self.levels(&clock.pause),
        });
        clocks.collect()
    }

    pub(super) fn levels(&mut self, conditions: &[NodeId]) -> Vec<Level> {
        let levels = conditions.iter();
        levels
            .map(|condition| (*condition, self.truth(*condition).yes))
            .collect()
    }

    /// That a moment has come, or is known to come.
    pub(super) fn come(&mut self, moment: Moment) -> Literal {
        match moment {
            Moment::Field(slot) => match self.seen(slot) {
                Seen::As(Variable::Scalar(place)) => {
                    let scalar = self.space.scalars.get(place);
                    scalar.map_or(self.space.solver.never(), |scalar| scalar.present)
                }
                Seen::Always(_) => self.space.solver.always(),
                Seen::As(Variable::Set(_)) | Seen::Missing => self.space.solver.never(),
            },
            Moment::First(event) | Moment::Last(event) => self.happens(event),
            Moment::When(place) => match self.program.watched.get(place as usize) {
                Some(condition) => self.truth(*condition).yes,
                None => self.space.solver.never(),
            },
        }
    }
}

impl Asker<'_> {
    /// Clocks that never run or are paused from their start on; shown by cases in which they are timed.
    pub(super) fn clocks(&mut self, clocks: &[EncodedClock], timed: Literal) {
        for ((place, written), clock) in (0u32..).zip(&self.encoder.program.clocks).zip(clocks) {
            let found = match self.never_runs(written, clock) {
                Some(found) => Some(found),
                None => self.never_resumes(written, clock),
            };
            let Some((claim, shown_by)) = found else {
                continue;
            };
            let wanted: Vec<Literal> = shown_by.into_iter().chain([clock.start, timed]).collect();
            let witness = match claim {
                ClockClaim::NeverStarts => None,
                _ => self.encoder.witness(&wanted, STEPS),
            };
            let witness = witness.map(|witness| self.decided_after_start(witness, written));
            self.found.facts.push(Fact {
                block: Block::Clock(place),
                claim: Claim::Clock(claim),
                witness,
                rows: None,
            });
        }
    }

    /// A case that is decided when its clock has started, should that be later than its opening.
    fn decided_after_start(&self, mut witness: Witness, clock: &Clock) -> Witness {
        let at = |slot: u32| match witness.slots.get(slot as usize) {
            Some(Some(Value::Instant(at))) => Some(*at),
            Some(_) | None => None,
        };
        let opened = at(self.encoder.program.opened_at);
        if let Some(Moment::Field(slot)) = clock.start
            && let Some(start) = at(slot).filter(|start| Some(*start) > opened)
        {
            witness.now = witness.now.max(Some(start));
        }
        witness
    }

    /// Why a clock never runs, and what a case is like that shows it; none when it may run.
    fn never_runs(
        &mut self,
        written: &Clock,
        clock: &EncodedClock,
    ) -> Option<(ClockClaim, Vec<Literal>)> {
        if self.is_impossible(&[clock.start]) {
            return Some((ClockClaim::NeverStarts, Vec::new()));
        }
        if let Some(guilty) = self.guilty(&[clock.start], &clock.cancels) {
            return Some((ClockClaim::Cancelled(guilty), Vec::new()));
        }
        let ends: Vec<Level> = clock.stops.iter().chain(&clock.cancels).copied().collect();
        // A stop that ends may set the clock running; one that always holds does not.
        let whenever = match reopens(written) {
            true => Vec::new(),
            false => vec![clock.start],
        };
        let guilty = self.guilty(&whenever, &ends)?;
        Some((ClockClaim::Ended(guilty), Vec::new()))
    }

    /// Why a clock is paused from its start on, and what a case is like that shows it.
    fn never_resumes(
        &mut self,
        written: &Clock,
        clock: &EncodedClock,
    ) -> Option<(ClockClaim, Vec<Literal>)> {
        if clock.pauses.is_empty() {
            return None;
        }
        let program = self.encoder.program;
        let ends: Vec<Level> = clock.stops.iter().chain(&clock.cancels).copied().collect();
        let lasting = clock.pauses.iter().copied();
        let lasting: Vec<Level> = lasting.filter(|(when, _)| lasts(program, *when)).collect();
        let rest: Vec<Level> = clock.pauses.iter().chain(&ends).copied().collect();
        let by_state = matches!(written.start, Some(Moment::When(_)));
        let claim = if let Some(guilty) = self.guilty(&[], &clock.pauses) {
            ClockClaim::AlwaysPaused(guilty)
        } else if let Some(guilty) = self.guilty(&[clock.start], &lasting) {
            ClockClaim::StaysPaused(guilty)
        } else if let Some(guilty) = self.guilty(&[], &rest) {
            ClockClaim::CountsNothing(guilty)
        } else if by_state && let Some(guilty) = self.guilty(&[clock.start], &clock.pauses) {
            ClockClaim::StartsPaused(guilty)
        } else {
            return None;
        };
        let pauses = clock.pauses.iter().map(|(_, paused)| *paused);
        let paused = self.encoder.space.solver.any(pauses);
        let going_on = ends.iter().map(|(_, ended)| !*ended);
        Some((claim, going_on.chain([paused]).collect()))
    }

    /// Clocks that start with another one and stop wherever that one does, and elsewhere too; asked of those
    /// that a tier gives targets at once.
    pub(super) fn stop_together(&mut self, clocks: &[EncodedClock]) {
        let program = self.encoder.program;
        if clocks.len() > MOST_CLOCKS {
            return;
        }
        let tiers: Vec<_> = program.sla.iter().flat_map(|sla| &sla.tiers).collect();
        let written: Vec<_> = (0u32..).zip(&program.clocks).zip(clocks).collect();
        for ((place, clock), encoded) in &written {
            for ((other_place, other), other_encoded) in &written {
                let both = tiers.iter().any(|tier| {
                    let mut targets = [*place, *other_place].into_iter();
                    targets.all(|clock| {
                        let target = tier.target(clock);
                        target.is_some_and(|target| target != Target::None)
                    })
                });
                let same_start = match (clock.start, other.start) {
                    (Some(Moment::When(_)), Some(Moment::When(_))) => {
                        encoded.start == other_encoded.start
                    }
                    (a, b) => a == b,
                };
                if place != other_place
                    && both
                    && same_start
                    && self.covers((clock, encoded), (other, other_encoded))
                    && !self.covers((other, other_encoded), (clock, encoded))
                {
                    self.tell(Block::Clock(*place), Claim::StopsWith(*other_place));
                }
            }
        }
    }

    /// Whether something stops the other clock, and all that does stops this one.
    fn covers(
        &mut self,
        (clock, encoded): (&Clock, &EncodedClock),
        (other, other_encoded): (&Clock, &EncodedClock),
    ) -> bool {
        let mut events = other.stop.on.iter();
        let some = !other.stop.on.is_empty() || !other.stop.when.is_empty();
        let without: Vec<Literal> = encoded.stops.iter().map(|(_, holds)| !*holds).collect();
        some && events.all(|event| clock.stop.on.contains(event))
            && other_encoded.stops.iter().all(|(_, holds)| {
                let alone: Vec<Literal> = without.iter().copied().chain([*holds]).collect();
                self.is_impossible(&alone)
            })
    }

    /// The fewest of these conditions of which one is true in every case of which all of `whenever` is; none if
    /// there is a case of which none is true.
    pub(super) fn guilty(&mut self, whenever: &[Literal], of: &[Level]) -> Option<Vec<NodeId>> {
        let out: Vec<Literal> = of.iter().map(|(_, holds)| !*holds).collect();
        let all: Vec<Literal> = whenever.iter().chain(&out).copied().collect();
        if of.is_empty() || !self.is_impossible(&all) {
            return None;
        }
        let solver = &mut self.encoder.space.solver;
        let core = solver.smallest_core(whenever, &out, STEPS)?;
        let mut told: Vec<Level> = Vec::new();
        for level in of {
            let known = told.iter().any(|(_, holds)| *holds == level.1);
            if core.contains(&!level.1) && !known {
                told.push(*level);
            }
        }
        // Of these none can be spared, and yet others may be fewer.
        let few = if of.len() <= MOST_CONDITIONS {
            MOST_TOGETHER
        } else {
            1
        };
        for count in 1..told.len().min(few + 1) {
            if let Some(fewer) = self.so_many(whenever, of, count) {
                told = fewer;
                break;
            }
        }
        Some(told.into_iter().map(|(when, _)| when).collect())
    }

    /// So many of these conditions of which one is always true.
    fn so_many(&mut self, whenever: &[Literal], of: &[Level], count: usize) -> Option<Vec<Level>> {
        let Some(left) = count.checked_sub(1) else {
            return self.is_impossible(whenever).then(Vec::new);
        };
        for (at, level) in of.iter().enumerate() {
            let without: Vec<Literal> = whenever.iter().copied().chain([!level.1]).collect();
            let behind = of.get(at + 1..).unwrap_or_default();
            if let Some(others) = self.so_many(&without, behind, left) {
                return Some([*level].into_iter().chain(others).collect());
            }
        }
        None
    }
}

/// Whether a clock that was stopped can run again.
fn reopens(clock: &Clock) -> bool {
    let later = clock.reopen_within.map(|(_, mode)| mode);
    clock.reopen != ReopenMode::Ignore || later.is_some_and(|mode| mode != ReopenMode::Ignore)
}

/// Whether a condition that is true once stays true: what has happened, and what no event changes.
fn lasts(program: &Program, condition: NodeId) -> bool {
    let mut open = vec![condition];
    let mut steps = 0;
    while let Some(next) = open.pop() {
        steps += 1;
        if steps > MOST_PARTS {
            return false;
        }
        match program.node(next) {
            Node::And(list) | Node::Or(list) => open.extend(program.list(*list)),
            Node::Define(place) => match program.defines.get(*place as usize) {
                Some(define) => open.push(define.value),
                None => return false,
            },
            Node::HasHappened(_) => {}
            _ if is_fixed(program, next) => {}
            _ => return false,
        }
    }
    true
}

/// Whether an expression reads nothing that an event could change.
fn is_fixed(program: &Program, id: NodeId) -> bool {
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        match program.node(next) {
            Node::Field(slot) if *slot == program.id || *slot == program.opened_at => {}
            Node::Field(_)
            | Node::Define(_)
            | Node::Classification(_)
            | Node::Outcome(_)
            | Node::HasHappened(_) => return false,
            _ => program.operands(next, |operand| open.push(operand)),
        }
    }
    true
}
