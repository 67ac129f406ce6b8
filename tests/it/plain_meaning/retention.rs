//! How long records are kept, by the manual.

use super::Millis;
use super::look::{Look, Problem, add};
use super::meaning::Meaning;
use super::periods::{Round, end};
use caseway::model::{Disposal, Keep, Model, Retain};

/// Where a class of records stands.
pub struct Kept {
    pub phase: &'static str,
    pub keep_until: Option<Millis>,
    pub delete_by: Option<Millis>,
    pub then: Option<Disposal>,
    /// Places of the blocks that match, and of the holds that are open.
    pub blocks: Vec<usize>,
    pub holds: Vec<usize>,
    /// Instants at which something of this begins or ends.
    pub ends: Vec<Millis>,
}

/// What conditions say: the blocks that match with their moments, and the open holds.
pub struct Matching {
    blocks: Vec<(usize, Option<Millis>)>,
    holds: Vec<usize>,
}

/// What a block is called: its label, or its place among the blocks on its class of records.
pub fn name(model: &Model, place: usize) -> String {
    let block = &model.retains[place];
    match &block.label {
        Some(label) => label.clone(),
        None => {
            let before = model.retains[..=place]
                .iter()
                .filter(|other| other.record == block.record);
            format!("block {}", before.count())
        }
    }
}

pub fn matching(look: &Look<'_>, moment: impl Fn(usize, &Retain) -> Option<Millis>) -> Matching {
    let model = look.meaning.model;
    let mut blocks = Vec::new();
    for (place, block) in model.retains.iter().enumerate() {
        if !look
            .meaning
            .counts(block.effective.as_ref(), look.opened, look.at)
        {
            continue;
        }
        look.asks(
            &look.meaning.record_block(block.record.0),
            Some((place, &name(model, place))),
        );
        if block.when.as_ref().is_none_or(|when| look.holds(when)) {
            blocks.push((place, moment(place, block)));
        }
    }
    let mut holds = Vec::new();
    for (place, hold) in model.holds.iter().enumerate() {
        look.asks(&format!("hold.{}", hold.declared.name), None);
        if look.holds(&hold.when) {
            holds.push(place);
        }
    }
    Matching { blocks, holds }
}

pub fn decide(
    meaning: &Meaning<'_>,
    matching: &Matching,
    now: Millis,
    problems: &mut Vec<Problem>,
) -> Vec<Kept> {
    (0..meaning.model.records.len())
        .map(|record| decide_record(meaning, matching, record, now, problems))
        .collect()
}

fn decide_record(
    meaning: &Meaning<'_>,
    matching: &Matching,
    record: usize,
    now: Millis,
    problems: &mut Vec<Problem>,
) -> Kept {
    let model = meaning.model;
    let of_record = |place: &usize| model.retains[*place].record.0 as usize == record;
    let matches: Vec<(usize, Option<Millis>)> = matching
        .blocks
        .iter()
        .copied()
        .filter(|(place, _)| of_record(place))
        .collect();
    let blocks: Vec<usize> = matches.iter().map(|(place, _)| *place).collect();
    let holds: Vec<usize> = matching
        .holds
        .iter()
        .copied()
        .filter(|hold| model.holds[*hold].record.0 as usize == record)
        .collect();
    let site = meaning.record_block(u32::try_from(record).expect("few"));
    let named = |places: &[usize]| {
        places
            .iter()
            .map(|place| (*place, name(model, *place)))
            .collect()
    };
    let mut ends = Vec::new();
    // A moment that lies ahead has not come.
    let come = |moment: Option<Millis>| moment.filter(|moment| *moment <= now);
    let mut all_ends = |of: &dyn Fn(&Retain) -> Option<Keep>, round: Round| {
        let (mut told, mut waits, mut beyond) = (Vec::new(), false, false);
        for (place, moment) in &matches {
            let Some(keep) = of(&model.retains[*place]) else {
                continue;
            };
            let end = |moment: Millis| {
                end(
                    meaning.zone,
                    moment,
                    keep.amount,
                    keep.excluding_starting_month,
                    round,
                )
            };
            ends.extend(moment.iter().copied().chain(moment.and_then(end)));
            match come(*moment).map(end) {
                None => waits = true,
                Some(None) => beyond = true,
                Some(Some(end)) => told.push(end),
            }
        }
        (told, waits, beyond)
    };
    let (floors, floor_waits, for_ever) = all_ends(&|block| block.keep.clone(), Round::Up);
    let (caps, cap_waits, cap_beyond) = all_ends(&|block| block.delete.clone(), Round::Down);
    let keep_until = floors
        .into_iter()
        .max()
        .filter(|_| !floor_waits && !for_ever);
    let delete_by = caps.into_iter().min().filter(|_| !cap_waits);
    let deciding: Vec<usize> = blocks
        .iter()
        .copied()
        .filter(|place| model.retains[*place].then.is_some())
        .collect();
    let said = |place: &usize| model.retains[*place].then.as_ref().map(|(then, _)| *then);
    let mut then = deciding.first().and_then(said);
    if deciding.iter().any(|place| said(place) != then) {
        then = None;
        add(
            problems,
            "retention-conflict",
            site.clone(),
            named(&deciding),
            "then".to_owned(),
        );
    }
    if keep_until
        .zip(delete_by)
        .is_some_and(|(keep, delete)| keep > delete)
    {
        add(
            problems,
            "retention-conflict",
            site.clone(),
            named(&blocks),
            "ends".to_owned(),
        );
    }
    if for_ever || cap_beyond {
        add(problems, "overflow", site, named(&blocks), String::new());
    }
    let phase = if blocks.is_empty() {
        "unclassified"
    } else if !holds.is_empty() {
        "held"
    } else if matches.iter().any(|(_, moment)| come(*moment).is_none()) {
        "active"
    } else if for_ever || keep_until.is_some_and(|keep| now < keep) {
        "retain"
    } else if delete_by.is_some_and(|delete| delete <= now) {
        "overdue"
    } else if matches!(then, Some(Disposal::Review(_))) {
        "review"
    } else {
        "eligible"
    };
    Kept {
        phase,
        keep_until,
        delete_by,
        then,
        blocks,
        holds,
        ends,
    }
}
