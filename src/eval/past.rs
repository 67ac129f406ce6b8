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
        if !log.touched.is_empty() {
            kept.forget_slots(engine.index.searches());
        }
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
        if !stale.classifications.has(place) {
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
    classifications: Places,
    route: bool,
    sla: bool,
    pub(super) watched: Places,
    pub(super) clocks: Places,
    pub(super) follow_ups: Places,
}

impl Stale {
    fn new(program: &Program) -> Stale {
        Stale {
            blocks: false,
            classifications: Places::among(program.classifications.len()),
            route: false,
            sla: false,
            watched: Places::among(program.watched.len()),
            clocks: Places::among(program.clocks.len()),
            follow_ups: Places::among(program.follow_ups.len()),
        }
    }

    fn forget(&mut self) {
        (self.blocks, self.route, self.sla) = (false, false, false);
        self.classifications.clear();
        self.watched.clear();
        self.clocks.clear();
        self.follow_ups.clear();
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
        for reader in program.readers.of(changed, between) {
            match reader {
                Reader::Define(place) => {
                    if let Some(value) = kept.defines.get_mut(place as usize) {
                        value.take();
                    }
                }
                Reader::Classification(place) => {
                    self.classifications.add(place);
                    self.blocks = true;
                }
                Reader::Route => (self.route, self.blocks) = (true, true),
                Reader::Sla => (self.sla, self.blocks) = (true, true),
                Reader::Watched(place) => self.watched.add(place),
                Reader::Clock(place) => self.clocks.add(place),
                Reader::FollowUp(place) => self.follow_ups.add(place),
            }
        }
    }
}

/// Some of the places of a list, a bit for each.
pub(super) struct Places(Vec<u64>);

impl Places {
    fn among(count: usize) -> Places {
        Places(vec![0; count.div_ceil(64)])
    }

    fn clear(&mut self) {
        for word in self.0.iter_mut().filter(|word| **word != 0) {
            *word = 0;
        }
    }

    fn add(&mut self, place: u32) {
        if let Some(word) = self.0.get_mut(place as usize / 64) {
            *word |= 1 << (place % 64);
        }
    }

    #[inline]
    pub(super) fn has(&self, place: u32) -> bool {
        let word = self.0.get(place as usize / 64);
        word.is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Takes each, in order.
    #[inline]
    pub(super) fn each(&self, mut take: impl FnMut(u32)) {
        for (first, word) in (0u32..).step_by(64).zip(&self.0) {
            let mut left = *word;
            while left != 0 {
                take(first + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }
}
