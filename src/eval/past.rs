//! What happened to a case before the last instant of its log.
//!
//! The last instant alone tells what is decided, waited for and reported; before it only clocks, moments and
//! follow-ups matter. So at each instant only those parts are asked again that read what it changed.

use super::Engine;
use super::blocks::{Blocks, classify, route, same_target, tier};
use super::course::Course;
use super::evaluator::Evaluator;
use super::kept::Kept;
use super::log::{Log, members};
use crate::compile::{Program, Readable, Reader};

/// Lets a course go through a log up to its last instant, which is left to the caller; gives the room that
/// it took.
pub(super) fn go_through<'a>(
    engine: Engine<'a>,
    log: &mut Log<'a>,
    course: &mut Course<'a>,
) -> Box<Kept> {
    let mut past = Past {
        engine,
        kept: None,
        stale: None,
    };
    let mut before: Option<Blocks<'a>> = None;
    while log.has_more() {
        if log.opens_at.is_none() {
            match &mut before {
                Some(blocks) if !log.at_boundary => past.ask_again(log, course, blocks),
                before => *before = Some(past.ask(log, course)),
            }
        }
        log.go_on();
    }
    past.kept.unwrap_or_default()
}

struct Past<'a> {
    engine: Engine<'a>,
    kept: Option<Box<Kept>>,
    stale: Option<Stale>,
}

impl<'a> Past<'a> {
    /// Asks every part.
    fn ask(&mut self, log: &Log<'a>, course: &mut Course<'a>) -> Blocks<'a> {
        let kept = self.kept.take().unwrap_or_default();
        let evaluator = Evaluator::in_room(self.engine, &log.state, log.at, kept);
        let blocks = Blocks::decide_in_brief(self.engine.program, &evaluator);
        course.visit(&evaluator, &blocks, log.at, &log.happened, None);
        self.kept = Some(evaluator.kept);
        blocks
    }

    /// Asks the parts that read what the present instant changed.
    fn ask_again(&mut self, log: &Log<'a>, course: &mut Course<'a>, blocks: &mut Blocks<'a>) {
        let engine = self.engine;
        let stale = self.stale.get_or_insert_with(|| Stale::new(engine.program));
        let mut kept = self.kept.take().unwrap_or_default();
        stale.forget();
        for (slot, between) in &log.touched {
            let folded = kept.folded.get_mut();
            if let Some(text) = folded.and_then(|texts| texts.get_mut(*slot as usize)) {
                text.take();
            }
            stale.add(engine.program, Readable::Slot(*slot), *between, &mut kept);
        }
        for event in &log.happened {
            stale.add(engine.program, Readable::Event(*event), None, &mut kept);
        }
        let mut evaluator = Evaluator::knowing_still(engine, &log.state, log.at, kept);
        if stale.blocks {
            decide_again(engine.program, blocks, &mut evaluator, stale);
        }
        evaluator.know_route(blocks.target);
        evaluator.know_tier(blocks.tier);
        course.visit(&evaluator, blocks, log.at, &log.happened, Some(stale));
        self.kept = Some(evaluator.kept);
    }
}

/// Decides the stale blocks, and those that read what they come to.
fn decide_again<'a: 'e, 'e>(
    program: &'a Program,
    blocks: &mut Blocks<'a>,
    evaluator: &mut Evaluator<'e>,
    stale: &mut Stale,
) {
    let known = blocks.classifications.iter_mut();
    for ((place, block), known) in (0u32..).zip(&program.classifications).zip(known) {
        if !is_set(&stale.classifications, place) {
            continue;
        }
        if let Some(kept) = evaluator.kept.classifications.get_mut(place as usize) {
            kept.take();
        }
        let decided = classify(evaluator, place, block, &mut blocks.waiting);
        evaluator.know_classification(place, &decided);
        if decided.value != known.value {
            let readable = Readable::Classification(place);
            let between = members(known.value.as_ref(), decided.value.as_ref());
            stale.add(program, readable, between, &mut evaluator.kept);
        }
        *known = decided;
    }
    if let Some(block) = program.route.as_ref().filter(|_| stale.route) {
        let taken = route(evaluator, block, &mut blocks.waiting);
        let target = block.target(&taken);
        if !same_target(target, blocks.target) {
            stale.add(program, Readable::Route, None, &mut evaluator.kept);
        }
        (blocks.route, blocks.target) = (taken, target);
    }
    evaluator.know_route(blocks.target);
    if let Some(block) = program.sla.as_ref().filter(|_| stale.sla) {
        let tier = tier(evaluator, block, &mut blocks.waiting);
        if tier != blocks.tier {
            stale.add(program, Readable::Tier, None, &mut evaluator.kept);
        }
        blocks.tier = tier;
    }
}

/// The parts of a program that have to be asked again.
pub(super) struct Stale {
    /// Whether a block is among them.
    blocks: bool,
    classifications: Vec<bool>,
    route: bool,
    sla: bool,
    watched: Vec<bool>,
    /// Whether a watched condition is among them.
    any_watched: bool,
    clocks: Vec<bool>,
    follow_ups: Vec<bool>,
}

impl Stale {
    fn new(program: &Program) -> Stale {
        Stale {
            blocks: false,
            classifications: vec![false; program.classifications.len()],
            route: false,
            sla: false,
            watched: vec![false; program.watched.len()],
            any_watched: false,
            clocks: vec![false; program.clocks.len()],
            follow_ups: vec![false; program.follow_ups.len()],
        }
    }

    fn forget(&mut self) {
        (self.blocks, self.route, self.sla) = (false, false, false);
        self.classifications.fill(false);
        if std::mem::take(&mut self.any_watched) {
            self.watched.fill(false);
        }
        self.clocks.fill(false);
        self.follow_ups.fill(false);
    }

    /// Adds what something concerns that changed, `between` two members of an enum if it did; the values of defines
    /// are forgotten at once.
    fn add(
        &mut self,
        program: &Program,
        changed: Readable,
        between: Option<(u32, u32)>,
        kept: &mut Kept,
    ) {
        let set = |all: &mut Vec<bool>, place: u32| {
            if let Some(stale) = all.get_mut(place as usize) {
                *stale = true;
            }
        };
        for reader in program.readers.of(changed, between) {
            match reader {
                Reader::Define(place) => {
                    if let Some(value) = kept.defines.get_mut(place as usize) {
                        value.take();
                    }
                }
                Reader::Classification(place) => {
                    set(&mut self.classifications, place);
                    self.blocks = true;
                }
                Reader::Route => (self.route, self.blocks) = (true, true),
                Reader::Sla => (self.sla, self.blocks) = (true, true),
                Reader::Watched(place) => {
                    set(&mut self.watched, place);
                    self.any_watched = true;
                }
                Reader::Clock(place) => set(&mut self.clocks, place),
                Reader::FollowUp(place) => set(&mut self.follow_ups, place),
            }
        }
    }

    pub(super) fn any_watched(&self) -> bool {
        self.any_watched
    }

    pub(super) fn watched(&self, place: u32) -> bool {
        is_set(&self.watched, place)
    }

    pub(super) fn clock(&self, place: u32) -> bool {
        is_set(&self.clocks, place)
    }

    pub(super) fn follow_up(&self, place: u32) -> bool {
        is_set(&self.follow_ups, place)
    }
}

fn is_set(all: &[bool], place: u32) -> bool {
    all.get(place as usize).is_none_or(|stale| *stale)
}
