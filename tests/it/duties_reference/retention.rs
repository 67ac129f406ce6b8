//! How long records are kept, by the manual.

use super::Millis;
use super::local_time::{later, later_without_month};
use super::log::{CaseLog, Point, in_force, moment};
use super::plan::{Bound, RECORDS, ROLES, RetainPlan, Then, World};
use serde_json::{Value, json};

/// What is said of a class of records, and whether its blocks contradict each other.
pub fn retention(
    world: &World,
    log: &CaseLog,
    points: &[Point],
    now: Millis,
    record: usize,
) -> (Value, bool) {
    let situation = &points[points.len() - 1].situation;
    let of_record = world.retains.iter().filter(|block| block.record == record);
    let matching: Vec<(usize, &RetainPlan)> = of_record
        .enumerate()
        .filter(|(_, block)| {
            in_force(world, block.effective, log.opened, now)
                && block.when.as_ref().is_none_or(|when| when.holds(situation))
        })
        .collect();
    let holds: Vec<String> = world
        .holds
        .iter()
        .enumerate()
        .filter(|(_, (of, when))| *of == record && when.holds(situation))
        .map(|(place, _)| format!("h{place}"))
        .collect();
    let rules: Vec<String> = matching
        .iter()
        .map(|(place, block)| {
            let line = world
                .retains
                .iter()
                .position(|other| std::ptr::eq(other, *block));
            match (block.label, line) {
                (true, Some(line)) => format!("block of line {line}"),
                (true, None) | (false, _) => format!("block {}", place + 1),
            }
        })
        .collect();
    // A moment that lies ahead has not come.
    let origin = |block: &RetainPlan| {
        moment(&block.from, log.opened, points).filter(|origin| *origin <= now)
    };
    let keep_until = ends(world, &matching, |block| (block.keep, origin(block)), true);
    let keep_until = keep_until.and_then(|ends| ends.into_iter().max());
    let delete_by = ends(
        world,
        &matching,
        |block| (block.delete, origin(block)),
        false,
    );
    let delete_by = delete_by.and_then(|ends| ends.into_iter().min());
    let mut thens: Vec<Then> = Vec::new();
    for then in matching.iter().filter_map(|(_, block)| block.then) {
        if !thens.contains(&then) {
            thens.push(then);
        }
    }
    let then = match thens.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let too_long = keep_until
        .zip(delete_by)
        .is_some_and(|(keep, delete)| keep > delete);
    let phase = if matching.is_empty() {
        "unclassified"
    } else if !holds.is_empty() {
        "held"
    } else if matching.iter().any(|(_, block)| origin(block).is_none()) {
        "active"
    } else if keep_until.is_some_and(|keep| now < keep) {
        "retain"
    } else if delete_by.is_some_and(|delete| delete <= now) {
        "overdue"
    } else if matches!(then, Some(Then::Review(_))) {
        "review"
    } else {
        "eligible"
    };
    let (word, approver) = match then {
        None => (None, None),
        Some(Then::Review(role)) => (Some("review"), Some(ROLES[role])),
        Some(Then::Destroy) => (Some("destroy"), None),
        Some(Then::Anonymise) => (Some("anonymise"), None),
        Some(Then::Archive) => (Some("archive"), None),
    };
    let said = json!({
        "phase": phase, "keep_until": keep_until, "delete_by": delete_by, "then": word,
        "approver": approver, "rules": rules, "holds": holds, "because": [],
    });
    (said, thens.len() > 1 || too_long)
}

/// The ends of all floors or of all caps; none while one of them has not begun.
fn ends(
    world: &World,
    matching: &[(usize, &RetainPlan)],
    of: impl Fn(&RetainPlan) -> (Option<Bound>, Option<Millis>),
    floor: bool,
) -> Option<Vec<Millis>> {
    let mut all = Vec::new();
    for (_, block) in matching {
        let (Some(bound), origin) = of(block) else {
            continue;
        };
        let later = if bound.excluding {
            later_without_month
        } else {
            later
        };
        all.push(later(world.tz(), origin?, bound.period, floor));
    }
    Some(all)
}

/// All classes of records by their names, and the problems.
pub fn all(
    world: &World,
    log: &CaseLog,
    points: &[Point],
    now: Millis,
) -> (Value, Vec<(String, String)>) {
    let mut said = serde_json::Map::new();
    let mut problems = Vec::new();
    for (record, name) in RECORDS.iter().enumerate() {
        let (value, conflict) = retention(world, log, points, now, record);
        said.insert((*name).to_owned(), value);
        if conflict {
            problems.push(("retention-conflict".to_owned(), format!("retain.{name}")));
        }
    }
    (Value::Object(said), problems)
}
