//! What is asked of how long records are kept: is one kept beyond its deletion.
//!
//! Part of [`super::facts`]. A case is wanted of which both blocks speak, whose moments all come at one instant,
//! and from that instant the floor of the one reaches beyond the cap of the other.

use super::blocks::Blocks;
use super::facts::{Asker, Block, Claim, Fact, STEPS};
use super::lens::Seen;
use super::solver::{Answer, Literal};
use super::space::Variable;
use super::terms::Encoder;
use super::witness::Witness;
use crate::compile::{Amount, Keep, Moment};
use crate::time::{Duration, Instant, Rounding, Zone};
use crate::value::Value;
use std::collections::BTreeMap;

/// Days on either side of an instant that are tried: four years, one of them with 29 February.
const DAYS: i64 = 1461;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Stretches of time, cut by conditions and dates, that are looked into for one pair of blocks.
const MOST_STRETCHES: usize = 64;
/// Pairs of blocks that are asked about in one policy.
const MOST_PAIRS: usize = 20_000;

/// A record that is kept beyond its deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptTooLong {
    /// The place of the block with the floor.
    pub floor: u32,
    /// The place of the block with the cap.
    pub cap: u32,
    /// From where both are counted.
    pub from: Instant,
    /// Until when it is kept.
    pub until: Instant,
    /// When it has to be gone.
    pub gone_by: Instant,
}

/// A retention block.
pub(super) struct EncodedRetain {
    /// That its moment has come.
    come: Literal,
    /// Where its moment lies among the scalars; none for what is no field.
    field: Option<usize>,
}

/// A stretch of time, its end excluded.
#[derive(Clone, Copy)]
struct Stretch {
    from: Instant,
    below: Option<Instant>,
}

impl Stretch {
    fn has(self, at: Instant) -> bool {
        at >= self.from && self.below.is_none_or(|below| at < below)
    }

    fn within(self, other: Stretch) -> Stretch {
        let below = [self.below, other.below].into_iter().flatten().min();
        Stretch {
            from: self.from.max(other.from),
            below,
        }
    }
}

/// A floor and a cap with the blocks that say so.
#[derive(Clone, Copy)]
struct Pair {
    floor: u32,
    cap: u32,
    keep: Keep,
    delete: Keep,
}

impl Encoder<'_> {
    pub(super) fn retains(&mut self) -> Vec<EncodedRetain> {
        let program = self.program;
        let retains = program.retains.iter().map(|retain| {
            let field = match retain.from {
                Moment::Field(slot) => match self.seen(slot) {
                    Seen::As(Variable::Scalar(place)) => Some(place),
                    Seen::As(Variable::Set(_)) | Seen::Always(_) | Seen::Missing => None,
                },
                Moment::First(_) | Moment::Last(_) | Moment::When(_) => None,
            };
            EncodedRetain {
                come: self.come(retain.from),
                field,
            }
        });
        retains.collect()
    }
}

impl Asker<'_> {
    /// Records that are kept beyond their deletion: of each floor, the first cap that it breaks.
    pub(super) fn kept_too_long(&mut self, retains: &[EncodedRetain], blocks: &Blocks) {
        let program = self.encoder.program;
        // How long the periods are, each once; what each block says is known by its place here.
        let mut lengths: Vec<Keep> = Vec::new();
        let mut length = |keep: Option<Keep>| {
            let keep = keep?;
            let known = lengths.iter().position(|one| *one == keep);
            Some((
                keep,
                known.unwrap_or_else(|| {
                    lengths.push(keep);
                    lengths.len() - 1
                }),
            ))
        };
        let written = program.retains.iter();
        let periods: Vec<_> = written
            .map(|one| (length(one.keep), length(one.delete)))
            .collect();
        let mut known: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        let mut asked = 0;
        for (record, _) in (0u32..).zip(&program.records) {
            let of_record = (0u32..).zip(&program.retains).zip(&periods);
            let of_record = of_record.filter(|((_, retain), _)| retain.record == record);
            let of_record: Vec<_> = of_record
                .map(|((place, _), periods)| (place, periods))
                .collect();
            let settled = self.settled(record, retains, blocks);
            for (floor, (keep, _)) in of_record.iter().copied() {
                let Some((keep, long)) = *keep else { continue };
                let mut pairs: Vec<Pair> = Vec::new();
                for (cap, (_, delete)) in of_record.iter().copied() {
                    let Some((delete, short)) = *delete else {
                        continue;
                    };
                    let pair = Pair {
                        floor,
                        cap,
                        keep,
                        delete,
                    };
                    let ever = known
                        .entry((long, short))
                        .or_insert_with(|| is_ever_longer(pair, program.zone));
                    if *ever {
                        pairs.push(pair);
                    }
                }
                // The block's own cap, and others from the same moment, come first.
                pairs.sort_by_key(|pair| {
                    let of = |place: u32| {
                        let retain = retains.get(place as usize);
                        retain.map(|retain| (retain.come, retain.field))
                    };
                    (pair.cap != floor, of(pair.cap) != of(floor))
                });
                asked += pairs.len();
                if asked > MOST_PAIRS {
                    self.found.undecided += 1;
                    return;
                }
                self.first_too_long(record, &pairs, (retains, blocks), &settled);
            }
        }
    }

    /// That the moments of all blocks of a record class have come that speak of a case.
    fn settled(&mut self, record: u32, retains: &[EncodedRetain], blocks: &Blocks) -> Vec<Literal> {
        let program = self.encoder.program;
        let mut settled = Vec::new();
        for item in &blocks.items {
            let Block::Retain(place) = item.block else {
                continue;
            };
            let written = program.retains.get(place as usize);
            let retain = retains.get(place as usize);
            if let (Some(written), Some(retain)) = (written, retain)
                && written.record == record
                && (written.keep.is_some() || written.delete.is_some())
            {
                let solver = &mut self.encoder.space.solver;
                settled.push(solver.any([!item.fires, retain.come]));
            }
        }
        settled
    }

    fn first_too_long(
        &mut self,
        record: u32,
        pairs: &[Pair],
        (retains, blocks): (&[EncodedRetain], &Blocks),
        settled: &[Literal],
    ) {
        let fires = |place: u32| {
            let mut items = blocks.items.iter();
            let item = items.find(|item| item.block == Block::Retain(place))?;
            let come = retains.get(place as usize)?.come;
            Some([item.fires, come])
        };
        let Some(floor) = pairs.first().and_then(|pair| fires(pair.floor)) else {
            return;
        };
        let caps: Vec<[Literal; 2]> = pairs.iter().filter_map(|pair| fires(pair.cap)).collect();
        let solver = &mut self.encoder.space.solver;
        let caps: Vec<Literal> = caps.into_iter().map(|both| solver.all(both)).collect();
        // Mostly none of them speaks of the same cases: one question for all.
        let some = solver.any(caps);
        if self.is_impossible(&[floor[0], floor[1], some]) {
            return;
        }
        for pair in pairs {
            let Some(cap) = fires(pair.cap) else { continue };
            let wanted: Vec<Literal> = floor.into_iter().chain(cap).collect();
            let moments = [pair.floor, pair.cap].map(|place| {
                let retain = retains.get(place as usize);
                retain.and_then(|retain| retain.field)
            });
            let Some((mut witness, found)) = self.too_long(*pair, &wanted, settled, moments) else {
                continue;
            };
            self.decide_when_come(record, retains, found.from, &mut witness);
            self.found.facts.push(Fact {
                block: Block::Record(record),
                claim: Claim::KeptTooLong(found),
                witness: Some(witness),
            });
            return;
        }
    }

    /// A case with all that is wanted, and an instant that all its moments may have, from which the floor
    /// reaches beyond the cap.
    fn too_long(
        &mut self,
        pair: Pair,
        wanted: &[Literal],
        settled: &[Literal],
        moments: [Option<usize>; 2],
    ) -> Option<(Witness, KeptTooLong)> {
        let opened = self.encoder.opened_at()?;
        let now = self.encoder.space.now;
        // What is no field comes about when the case is opened.
        let mut places: Vec<usize> = moments
            .iter()
            .map(|field| field.unwrap_or(opened))
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut base: Vec<Literal> = wanted.iter().chain(settled).copied().collect();
        for _ in 0..MOST_STRETCHES {
            if self.ask(&base) != Answer::Yes {
                return None;
            }
            let asked = self.encoder.plainest(&base, STEPS)?;
            let stretch = places.iter().try_fold(None, |so_far, place| {
                let stretch = self.stretch(*place)?;
                Some(Some(match so_far {
                    Some(so_far) => stretch.within(so_far),
                    None => stretch,
                }))
            });
            let stretch = stretch??;
            // It is decided at that instant or later.
            let at_most = self.stretch(now)?.below;
            let stretch = stretch.within(Stretch {
                from: Instant::MIN,
                below: at_most,
            });
            let spaces = places.iter().chain([&now]);
            let known = spaces.flat_map(|place| self.known(*place));
            let here: Vec<Literal> = known.collect();
            let mut witness = self.encoder.witness_of(&base, &asked, STEPS)?;
            let slots = self.slots_of(&places);
            let shown = slots.first().and_then(|slot| instant(&witness, *slot));
            if let Some(found) = longer(pair, self.encoder.program.zone, stretch, shown) {
                for slot in slots {
                    if let Some(value) = witness.slots.get_mut(slot) {
                        *value = Some(Value::Instant(found.from));
                    }
                }
                return Some((witness, found));
            }
            let solver = &mut self.encoder.space.solver;
            let here = solver.all(here);
            base.push(!here);
        }
        self.found.undecided += 1;
        None
    }

    /// Lets a case be decided when all moments of a record class have come.
    fn decide_when_come(
        &self,
        record: u32,
        retains: &[EncodedRetain],
        from: Instant,
        witness: &mut Witness,
    ) {
        let written = self.encoder.program.retains.iter().zip(retains);
        let of_record = written.filter(|(written, _)| written.record == record);
        let fields: Vec<usize> = of_record.filter_map(|(_, retain)| retain.field).collect();
        let slots = self.slots_of(&fields);
        let moments = slots.into_iter().filter_map(|slot| instant(witness, slot));
        let decided = moments.chain([from]).chain(witness.now).max();
        let opened = instant(witness, self.encoder.program.opened_at as usize);
        witness.now = decided.filter(|decided| Some(*decided) != opened);
    }

    fn known(&self, place: usize) -> Vec<Literal> {
        let scalar = self.encoder.space.scalars.get(place);
        scalar.map_or(Vec::new(), |scalar| {
            scalar.known(&self.encoder.space.solver)
        })
    }

    /// Where an instant lies in the model, between those that it is compared with.
    fn stretch(&self, place: usize) -> Option<Stretch> {
        let scalar = self.encoder.space.scalars.get(place)?;
        let (from, below) = scalar.place(&self.encoder.space.solver)?;
        let at = |value: Option<Value>| match value {
            Some(Value::Instant(at)) => Some(at),
            _ => None,
        };
        Some(Stretch {
            from: at(from).unwrap_or(Instant::MIN),
            below: at(below),
        })
    }

    /// The slots of the fields at these places among the scalars.
    fn slots_of(&self, places: &[usize]) -> Vec<usize> {
        let fields = self.encoder.space.fields.iter().enumerate();
        let fields = fields.filter(|(_, variable)| match variable {
            Variable::Scalar(place) => places.contains(place),
            Variable::Set(_) => false,
        });
        fields.map(|(slot, _)| slot).collect()
    }
}

fn instant(witness: &Witness, slot: usize) -> Option<Instant> {
    match witness.slots.get(slot) {
        Some(Some(Value::Instant(at))) => Some(*at),
        Some(_) | None => None,
    }
}

/// Whether a floor ever reaches beyond a cap, from whatever instant.
fn is_ever_longer(pair: Pair, zone: Zone) -> bool {
    let whenever = Stretch {
        from: Instant::MIN,
        below: None,
    };
    longer(pair, zone, whenever, None).is_some()
}

/// An instant of a stretch from which a floor reaches beyond a cap, near another.
fn longer(pair: Pair, zone: Zone, stretch: Stretch, near: Option<Instant>) -> Option<KeptTooLong> {
    // Ten o'clock on a Monday, in China.
    let plain = Instant::from_millis(1_772_416_800_000)?;
    let last = stretch
        .below
        .and_then(|below| below.minus(Duration::from_millis(1)));
    let near = near.unwrap_or(plain);
    let near = last.map_or(near, |last| near.min(last)).max(stretch.from);
    // The time of day may matter where a period ends at midnight.
    let halves = 0..=2 * DAYS;
    let half_days = |halves: i64| Duration::from_millis(halves * (DAY / 2));
    let later = halves.clone().filter_map(|half| near.plus(half_days(half)));
    let earlier = halves.filter_map(|half| near.minus(half_days(half)));
    let ends = [stretch.from].into_iter().chain(last);
    let mut tried = later
        .chain(earlier)
        .chain(ends)
        .filter(|at| stretch.has(*at));
    tried.find_map(|from| {
        let until = end(pair.keep, from, zone, Rounding::Up)?;
        let gone_by = end(pair.delete, from, zone, Rounding::Down)?;
        (until > gone_by).then_some(KeptTooLong {
            floor: pair.floor,
            cap: pair.cap,
            from,
            until,
            gone_by,
        })
    })
}

/// The end of a period; none after the year 9999.
fn end(keep: Keep, origin: Instant, zone: Zone, rounding: Rounding) -> Option<Instant> {
    match (keep.amount, keep.excluding_starting_month) {
        (Amount::Exact(length), false) => origin.plus(length),
        (Amount::Exact(length), true) => origin.start_of_next_month(zone)?.plus(length),
        (Amount::Calendar(period), false) => period.after(origin, zone, rounding),
        (Amount::Calendar(period), true) => period.after_starting_month(origin, zone),
    }
}
