//! Steps of a clock: their keys, and the time at which each one comes.

use super::Millis;
use super::cycle::Length;
use super::log::Point;
use super::plan::{ROLES, Step, StepPlan, length};
use super::walk::Walk;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    Warnings,
    Escalations,
    Route,
}

/// When a step's time comes.
#[derive(Clone, Copy, Debug)]
pub enum Natural {
    /// So much time is used up.
    Used(Length),
    /// So long after the due time, or before it.
    Due(Millis),
}

#[derive(Clone, Debug)]
pub struct InForce {
    pub list: List,
    pub key: String,
    pub role: Option<usize>,
    pub natural: Natural,
    pub since: Millis,
    pub fired: bool,
}

#[derive(Clone, Debug)]
pub struct Fired {
    pub list: List,
    pub key: String,
    pub role: Option<usize>,
    pub at: Millis,
}

/// The steps in force at a point, in page order: the tier's, then the rule's.
pub fn in_force(
    walk: &Walk,
    point: &Point,
    tier_since: Millis,
    rule_since: Millis,
) -> Vec<InForce> {
    let mut all = Vec::new();
    let tier = point
        .tier
        .map(|tier| walk.world.tiers[tier].steps.as_slice());
    for plan in tier
        .unwrap_or_default()
        .iter()
        .filter(|plan| plan.clock == walk.clock)
    {
        for (name, natural) in naturals(walk, plan.step) {
            let mut key = format!("sla.k{}.{name}", walk.clock);
            if let Some(role) = plan.role {
                key = format!("{key}.{}", ROLES[role]);
            }
            let list = plan.role.map_or(List::Warnings, |_| List::Escalations);
            all.push(entry(walk, list, key, plan.role, natural, tier_since));
        }
    }
    if let Some(rule) = point.rule {
        let steps = &walk.world.route[rule].steps;
        let name_of_rule = match &walk.world.route[rule].when {
            Some(_) => format!("r{rule}"),
            None => "otherwise".to_owned(),
        };
        for (place, plan) in steps.iter().enumerate() {
            if plan.clock != walk.clock {
                continue;
            }
            let names =
                |other: &StepPlan| naturals(walk, other.step).into_iter().map(|(name, _)| name);
            let same_role = steps[..place]
                .iter()
                .filter(|other| other.role == plan.role);
            let taken: Vec<String> = same_role.flat_map(names).collect();
            for (mut name, natural) in naturals(walk, plan.step) {
                if taken.contains(&name) {
                    name = format!("{name}-of-k{}", walk.clock);
                }
                let role = plan.role.map_or("", |role| ROLES[role]);
                let key = format!("route.{name_of_rule}.{name}.{role}");
                all.push(entry(
                    walk,
                    List::Route,
                    key,
                    plan.role,
                    natural,
                    rule_since,
                ));
            }
        }
    }
    all
}

fn entry(
    walk: &Walk,
    list: List,
    mut key: String,
    role: Option<usize>,
    natural: Natural,
    since: Millis,
) -> InForce {
    if walk.cycle.promise > 1 {
        key = format!("{key}.cycle-{}", walk.cycle.promise);
    }
    let fired = walk.fired.iter().any(|fired| fired.key == key);
    InForce {
        list,
        key,
        role,
        natural,
        since,
        fired,
    }
}

/// The name of a step in keys and its time; `every` is several steps.
fn naturals(walk: &Walk, step: Step) -> Vec<(String, Natural)> {
    let target = walk.cycle.length(walk.days, walk.cycle.agreed);
    let agreed = walk.cycle.agreed.is_some() && walk.cycle.started.is_some();
    let used = |length: Length| Natural::Used(if agreed { length } else { Length::None });
    match step {
        Step::Percent(percent) => {
            let part = match target {
                Length::Is(millis) => {
                    Length::Is((millis * i64::from(percent) + 99).div_euclid(100))
                }
                other => other,
            };
            vec![(format!("at-{percent}%"), used(part))]
        }
        Step::AtDue => vec![("at-due".to_owned(), Natural::Due(0))],
        Step::BeforeDue(millis) => {
            vec![(
                format!("{}-before-due", length(millis)),
                Natural::Due(-millis),
            )]
        }
        Step::AfterDue(millis) => {
            vec![(
                format!("{}-after-due", length(millis)),
                Natural::Due(millis),
            )]
        }
        Step::After(millis) => {
            vec![(
                format!("after-{}", length(millis)),
                used(Length::Is(millis)),
            )]
        }
        Step::EveryAfterDue(millis, times) => (1..=times)
            .map(|time| {
                let name = format!("every-{}-after-due-{time}", length(millis));
                (name, Natural::Due(millis * i64::from(time)))
            })
            .collect(),
    }
}
