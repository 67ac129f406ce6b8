//! Steps of a clock: their keys, and the time at which each one comes.

use super::Millis;
use super::blocks::Taken;
use super::clock::{Levels, Walk};
use super::cycle::Length;
use super::hours::Due;
use super::meaning::Meaning;
use caseway::model::{Escalation, RoleId, StepKind};

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
    /// Its place among the steps of its tier or rule.
    pub place: usize,
    pub role: Option<RoleId>,
    pub natural: Natural,
    pub since: Millis,
    pub fired: Option<Millis>,
}

#[derive(Clone, Debug)]
pub struct Fired {
    pub list: List,
    pub key: String,
    pub role: Option<RoleId>,
    pub at: Millis,
}

/// The steps of one line, in the order in which they come.
pub fn names(kind: StepKind) -> Vec<String> {
    match kind {
        StepKind::AtPercent(percent) => vec![format!("at-{percent}%")],
        StepKind::AtDue => vec!["at-due".to_owned()],
        StepKind::BeforeDue(length) => vec![format!("{length}-before-due")],
        StepKind::AfterDue(length) => vec![format!("{length}-after-due")],
        StepKind::AfterElapsed(length) => vec![format!("after-{length}")],
        StepKind::EveryAfterDue(length, times) => (1..=times)
            .map(|time| format!("every-{length}-after-due-{time}"))
            .collect(),
    }
}

/// Every single step of some lines, with its place, line and kind; one that is written twice counts once.
pub fn flat(lines: &[Escalation]) -> Vec<(usize, &Escalation, StepKind, String, i64)> {
    let mut all: Vec<(usize, &Escalation, StepKind, String, i64)> = Vec::new();
    for line in lines {
        for (kind, _) in &line.steps {
            for (time, name) in names(*kind).into_iter().enumerate() {
                let time = i64::try_from(time).expect("few") + 1;
                let same = |known: &Escalation| (known.clock, known.to) == (line.clock, line.to);
                if !all
                    .iter()
                    .any(|(_, known, _, known_name, _)| same(known) && *known_name == name)
                {
                    all.push((all.len(), line, *kind, name, time));
                }
            }
        }
    }
    all
}

/// The keys of the steps of a rule of the route, without the number of a cycle, in page order.
pub fn route_keys(meaning: &Meaning<'_>, rule: &str, lines: &[Escalation]) -> Vec<String> {
    let mut keys = Vec::new();
    let all = flat(lines);
    for (place, line, _, name, _) in &all {
        let role = |line: &Escalation| meaning.role(line.to.expect("a route only escalates"));
        let taken = all[..*place].iter().any(|(_, other, _, other_name, _)| {
            other.clock != line.clock && role(other) == role(line) && other_name == name
        });
        let clock = &meaning.model.clocks[line.clock.0 as usize].declared.name;
        let name = if taken {
            format!("{name}-of-{clock}")
        } else {
            name.clone()
        };
        keys.push(format!("route.{rule}.{name}.{}", role(line)));
    }
    keys
}

/// The steps in force at a point, in page order: the tier's, then the rule's.
pub fn in_force(
    walk: &Walk<'_>,
    meaning: &Meaning<'_>,
    levels: &Levels,
    tier_since: Millis,
    rule_since: Millis,
) -> Vec<InForce> {
    let mut all = Vec::new();
    let clock = &meaning.model.clocks[walk.clock].declared.name;
    let mut put = |list: List,
                   place: usize,
                   line: &Escalation,
                   key: String,
                   kind: StepKind,
                   time: i64,
                   since: Millis| {
        if line.clock.0 as usize != walk.clock {
            return;
        }
        let key = if walk.cycle.promise > 1 {
            format!("{key}.cycle-{}", walk.cycle.promise)
        } else {
            key
        };
        let fired = walk
            .fired
            .iter()
            .find(|fired| fired.key == key)
            .map(|fired| fired.at);
        let natural = natural(walk, meaning, kind, time);
        all.push(InForce {
            list,
            key,
            place,
            role: line.to,
            natural,
            since,
            fired,
        });
    };
    if let (Some(tier), Some(sla)) = (levels.tier, &meaning.model.sla) {
        let tier = &sla.tiers[tier];
        for (place, line, kind, name, time) in flat(&tier.warnings) {
            put(
                List::Warnings,
                place,
                line,
                format!("sla.{clock}.{name}"),
                kind,
                time,
                tier_since,
            );
        }
        for (place, line, kind, name, time) in flat(&tier.escalations) {
            let role = meaning.role(line.to.expect("a role"));
            put(
                List::Escalations,
                place,
                line,
                format!("sla.{clock}.{name}.{role}"),
                kind,
                time,
                tier_since,
            );
        }
    }
    if let Some((rule, target)) = meaning.target(&levels.rule) {
        let keys = route_keys(meaning, rule, &target.escalations);
        for (place, line, kind, _, time) in flat(&target.escalations) {
            put(
                List::Route,
                place,
                line,
                keys[place].clone(),
                kind,
                time,
                rule_since,
            );
        }
    }
    all
}

fn natural(walk: &Walk<'_>, meaning: &Meaning<'_>, kind: StepKind, time: i64) -> Natural {
    let agreed = walk.cycle.agreed.is_some() && walk.cycle.started.is_some();
    let used = |length: Length| Natural::Used(if agreed { length } else { Length::None });
    match kind {
        StepKind::AtPercent(percent) => used(match walk.cycle.length(meaning, walk.cycle.agreed) {
            Length::Is(length) => {
                let part = (i128::from(length) * i128::from(percent) + 99).div_euclid(100);
                i64::try_from(part).map_or(Length::Not(Due::Beyond), Length::Is)
            }
            other => other,
        }),
        StepKind::AtDue => Natural::Due(0),
        StepKind::BeforeDue(length) => Natural::Due(-length.millis()),
        StepKind::AfterDue(length) => Natural::Due(length.millis()),
        StepKind::AfterElapsed(length) => used(Length::Is(length.millis())),
        StepKind::EveryAfterDue(length, _) => Natural::Due(length.millis().saturating_mul(time)),
    }
}

impl<'a> Meaning<'a> {
    pub fn role(&self, role: RoleId) -> &'a str {
        &self.model.roles[role.0 as usize].name
    }

    /// The rule of the route that was taken, and where it sends the case.
    pub fn target(&self, taken: &Taken) -> Option<(&'a str, &'a caseway::model::RouteTarget)> {
        let block = self.model.route.as_ref()?;
        match taken {
            Taken::Nothing => None,
            Taken::Rules(rules) => {
                let rule = &block.rules[rules[0]];
                Some((&rule.declared.name, &rule.target))
            }
            Taken::Otherwise => Some(("otherwise", block.otherwise.as_ref()?)),
        }
    }
}
