//! How long records are kept: which blocks match, when they may and must go, and the phase now.
//!
//! The longest floor wins, the shortest cap wins, any open hold blocks disposal.

use super::course::Course;
use super::evaluator::Evaluator;
use super::problem::{ProblemCode, Problems, Site};
use super::truth::Truth;
use crate::compile::{Amount, Disposal, Keep, Program};
use crate::message::message;
use crate::time::{Instant, Rounding};
use smallvec::SmallVec;

/// Where a class of records stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// No block matches.
    Unclassified,
    /// A hold is open.
    Held,
    /// The periods have not begun.
    Active,
    /// It must be kept.
    Retain,
    /// It should be gone.
    Overdue,
    /// Somebody decides on it.
    Review,
    /// It may go.
    Eligible,
}

impl Phase {
    /// All phases, in the order of the enum of `retention.RECORD.phase`.
    pub const ALL: [Phase; 7] = [
        Phase::Unclassified,
        Phase::Held,
        Phase::Active,
        Phase::Retain,
        Phase::Overdue,
        Phase::Review,
        Phase::Eligible,
    ];

    /// The phase at a place among all.
    pub(super) fn at(place: u32) -> Option<Phase> {
        Phase::ALL.get(place as usize).copied()
    }

    /// The word in JSON and in policies.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Unclassified => "unclassified",
            Phase::Held => "held",
            Phase::Active => "active",
            Phase::Retain => "retain",
            Phase::Overdue => "overdue",
            Phase::Review => "review",
            Phase::Eligible => "eligible",
        }
    }
}

/// What was decided on one class of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Where it stands.
    pub phase: Phase,
    /// Until when it must be kept.
    pub keep_until: Option<Instant>,
    /// When it must be gone.
    pub delete_by: Option<Instant>,
    /// What happens at the end.
    pub then: Option<Disposal>,
    /// The places of the blocks that match.
    pub blocks: SmallVec<[u32; 4]>,
    /// The places of the open holds.
    pub holds: SmallVec<[u32; 4]>,
}

/// What the conditions of retention say, whatever the time.
#[derive(Clone, Debug, Default)]
pub(super) struct Matching {
    /// By class of records, those of one in page order.
    blocks: Vec<Matched>,
    /// Places of the open holds, each behind its class of records.
    holds: Vec<(u32, u32)>,
}

/// A block that matches.
#[derive(Clone, Copy, Debug)]
struct Matched {
    place: u32,
    record: u32,
    /// Where its periods start.
    origin: Option<Instant>,
    /// Where its floor and its cap end, if they do by the year 9999.
    floor: Option<Instant>,
    cap: Option<Instant>,
}

impl Matching {
    pub(super) fn of(evaluator: &Evaluator<'_>, course: &Course<'_>) -> Matching {
        let program = evaluator.program;
        let mut matching = Matching {
            blocks: Vec::with_capacity(program.retains.len()),
            holds: Vec::new(),
        };
        for (place, block) in (0u32..).zip(&program.retains) {
            if !evaluator.is_effective(block.effective) {
                continue;
            }
            evaluator.stand_at(Some((Site::Retention(block.record), place)));
            let matches = block
                .when
                .is_none_or(|when| evaluator.truth(when).is_true());
            if matches {
                let origin = course.moment(evaluator.state, block.from);
                let end = |keep: Option<Keep>, rounding| end(keep?, origin?, rounding, program);
                matching.blocks.push(Matched {
                    place,
                    record: block.record,
                    origin,
                    floor: end(block.keep, Rounding::Up),
                    cap: end(block.delete, Rounding::Down),
                });
            }
        }
        matching.blocks.sort_by_key(|block| block.record);
        for (place, hold) in (0u32..).zip(&program.holds) {
            evaluator.stand_at(Some((Site::Hold(place), 0)));
            if evaluator.truth(hold.when) == Truth::True {
                matching.holds.push((hold.record, place));
            }
        }
        evaluator.stand_at(None);
        matching
    }

    /// Where each class of records stands at an instant.
    pub(super) fn decide(
        &self,
        program: &Program,
        now: Instant,
        problems: &mut Problems,
    ) -> Vec<Retention> {
        let mut decided = Vec::with_capacity(program.records.len());
        let mut blocks = self.blocks.as_slice();
        for (record, _) in (0u32..).zip(&program.records) {
            let count = blocks.iter().take_while(|block| block.record == record);
            let (of_record, later) = blocks.split_at_checked(count.count()).unwrap_or_default();
            blocks = later;
            decided.push(self.decide_record(program, record, of_record, now, problems));
        }
        decided
    }

    /// Gives the instants at which a class of records may come to stand elsewhere.
    pub(super) fn instants(&self, mut take: impl FnMut(Instant)) {
        for block in &self.blocks {
            for at in [block.origin, block.floor, block.cap] {
                at.map(&mut take);
            }
        }
    }

    fn decide_record(
        &self,
        program: &Program,
        record: u32,
        of_record: &[Matched],
        now: Instant,
        problems: &mut Problems,
    ) -> Retention {
        let site = Site::Retention(record);
        let mut ends = Ends::default();
        let mut blocks = SmallVec::new();
        let mut then: Option<Disposal> = None;
        let mut conflict = false;
        for matched in of_record {
            let Some(block) = program.retains.get(matched.place as usize) else {
                continue;
            };
            blocks.push(matched.place);
            if let Some(disposal) = block.then {
                conflict |= then.is_some_and(|known| known != disposal);
                then = then.or(Some(disposal));
            }
            let begun = matched.origin.is_some_and(|origin| origin <= now);
            ends.waits |= !begun;
            if block.keep.is_some() {
                ends.keep(begun, matched.floor);
            }
            if block.delete.is_some() {
                ends.delete(begun, matched.cap);
            }
        }
        if conflict {
            then = None;
            let decides = |place: &u32| {
                let block = program.retains.get(*place as usize);
                block.is_some_and(|block| block.then.is_some())
            };
            let deciding: Vec<u32> = blocks.iter().copied().filter(decides).collect();
            let message = message!("several blocks match that say different things behind `then`");
            problems.add(ProblemCode::RetentionConflict, site, &deciding, message);
        }
        let keep_until = ends.keep_until.filter(|_| !ends.floor_waits);
        let delete_by = ends.delete_by.filter(|_| !ends.cap_waits);
        if let (Some(keep), Some(delete)) = (keep_until, delete_by)
            && keep > delete
        {
            let message = message!(
                "it must be kept until {keep} and be gone by {delete}",
                keep = keep.format(program.zone).to_string(),
                delete = delete.format(program.zone).to_string(),
            );
            problems.add(ProblemCode::RetentionConflict, site, &blocks, message);
        }
        if ends.beyond {
            let message = message!("a period ends after the year 9999");
            problems.add(ProblemCode::Overflow, site, &blocks, message);
        }
        let mut holds = SmallVec::new();
        for (_, hold) in self.holds.iter().filter(|(held, _)| *held == record) {
            holds.push(*hold);
        }
        let phase = if blocks.is_empty() {
            Phase::Unclassified
        } else if !holds.is_empty() {
            Phase::Held
        } else if ends.waits {
            Phase::Active
        } else if ends.for_ever || keep_until.is_some_and(|keep| now < keep) {
            Phase::Retain
        } else if delete_by.is_some_and(|delete| delete <= now) {
            Phase::Overdue
        } else if let Some(Disposal::Review(_)) = then {
            Phase::Review
        } else {
            Phase::Eligible
        };
        Retention {
            phase,
            keep_until,
            delete_by,
            then,
            blocks,
            holds,
        }
    }
}

/// The ends of all periods of a class of records.
#[derive(Default)]
struct Ends {
    keep_until: Option<Instant>,
    delete_by: Option<Instant>,
    /// A block's periods have not begun.
    waits: bool,
    floor_waits: bool,
    cap_waits: bool,
    /// A floor ends after the year 9999.
    for_ever: bool,
    /// A floor or a cap ends after the year 9999.
    beyond: bool,
}

impl Ends {
    /// Takes a floor, and where it ends if its block has `begun`.
    fn keep(&mut self, begun: bool, end: Option<Instant>) {
        match end {
            _ if !begun => self.floor_waits = true,
            Some(end) => self.keep_until = self.keep_until.max(Some(end)),
            None => {
                self.for_ever = true;
                self.floor_waits = true;
                self.beyond = true;
            }
        }
    }

    /// The same of a cap.
    fn delete(&mut self, begun: bool, end: Option<Instant>) {
        match end {
            _ if !begun => self.cap_waits = true,
            Some(end) => {
                self.delete_by = Some(self.delete_by.map_or(end, |known| known.min(end)));
            }
            None => self.beyond = true,
        }
    }
}

/// The end of a period; none after the year 9999.
fn end(keep: Keep, origin: Instant, rounding: Rounding, program: &Program) -> Option<Instant> {
    let zone = program.zone;
    match keep.amount {
        Amount::Exact(length) if keep.excluding_starting_month => {
            origin.start_of_next_month(zone)?.plus(length)
        }
        Amount::Exact(length) => origin.plus(length),
        Amount::Calendar(period) if keep.excluding_starting_month => {
            period.after_starting_month(origin, zone)
        }
        Amount::Calendar(period) => period.after(origin, zone, rounding),
    }
}
