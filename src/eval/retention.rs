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
    pub blocks: Vec<u32>,
    /// The places of the open holds.
    pub holds: Vec<u32>,
}

/// What the conditions of retention say, whatever the time.
#[derive(Clone, Debug, Default)]
pub(super) struct Matching {
    /// Places of the blocks that match, each with where its periods start.
    blocks: Vec<(u32, Option<Instant>)>,
    /// Places of the open holds.
    holds: Vec<u32>,
}

impl Matching {
    pub(super) fn of(evaluator: &Evaluator<'_>, course: &Course<'_>) -> Matching {
        let program = evaluator.program;
        let mut matching = Matching::default();
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
                matching.blocks.push((place, origin));
            }
        }
        for (place, hold) in (0u32..).zip(&program.holds) {
            evaluator.stand_at(Some((Site::Hold(place), 0)));
            if evaluator.truth(hold.when) == Truth::True {
                matching.holds.push(place);
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
        for (record, _) in (0u32..).zip(&program.records) {
            decided.push(self.decide_record(program, record, now, problems));
        }
        decided
    }

    /// The instants after another at which a class of records may come to stand elsewhere.
    pub(super) fn instants(&self, program: &Program) -> Vec<Instant> {
        let mut instants = Vec::new();
        for (place, origin) in &self.blocks {
            let (Some(origin), Some(block)) = (*origin, program.retains.get(*place as usize))
            else {
                continue;
            };
            instants.push(origin);
            let floor = block.keep.map(|keep| (keep, Rounding::Up));
            let cap = block.delete.map(|keep| (keep, Rounding::Down));
            for (keep, rounding) in floor.into_iter().chain(cap) {
                instants.extend(end(keep, origin, rounding, program));
            }
        }
        instants
    }

    fn decide_record(
        &self,
        program: &Program,
        record: u32,
        now: Instant,
        problems: &mut Problems,
    ) -> Retention {
        let site = Site::Retention(record);
        let mut ends = Ends::default();
        let mut blocks = Vec::new();
        let mut then: Option<Disposal> = None;
        let mut deciding = Vec::new();
        let mut conflict = false;
        for (place, origin) in &self.blocks {
            let Some(block) = program.retains.get(*place as usize) else {
                continue;
            };
            if block.record != record {
                continue;
            }
            blocks.push(*place);
            if let Some(disposal) = block.then {
                conflict |= then.is_some_and(|known| known != disposal);
                then = then.or(Some(disposal));
                deciding.push(*place);
            }
            let origin = origin.filter(|origin| *origin <= now);
            ends.waits |= origin.is_none();
            ends.keep(block.keep, origin, program);
            ends.delete(block.delete, origin, program);
        }
        if conflict {
            then = None;
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
        let holds: Vec<u32> = self
            .holds
            .iter()
            .copied()
            .filter(|hold| {
                let hold = program.holds.get(*hold as usize);
                hold.is_some_and(|hold| hold.record == record)
            })
            .collect();
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
    fn keep(&mut self, floor: Option<Keep>, origin: Option<Instant>, program: &Program) {
        let Some(floor) = floor else { return };
        let Some(origin) = origin else {
            self.floor_waits = true;
            return;
        };
        match end(floor, origin, Rounding::Up, program) {
            Some(end) => self.keep_until = self.keep_until.max(Some(end)),
            None => {
                self.for_ever = true;
                self.floor_waits = true;
                self.beyond = true;
            }
        }
    }

    fn delete(&mut self, cap: Option<Keep>, origin: Option<Instant>, program: &Program) {
        let Some(cap) = cap else { return };
        let Some(origin) = origin else {
            self.cap_waits = true;
            return;
        };
        match end(cap, origin, Rounding::Down, program) {
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
