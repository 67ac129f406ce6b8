//! Random cases and their logs, and the points at which they are looked at.

use super::Millis;
use super::condition::{EVENTS, SEVERITIES, STATUSES, Situation};
use super::days::Days;
use super::plan::World;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

/// What an entry of the log does; values in two layers where `null` can be set.
#[derive(Clone, Debug)]
pub enum Change {
    Event(usize),
    Set {
        status: Option<usize>,
        severity: Option<usize>,
        flag: Option<Option<bool>>,
        begin: Option<Option<Millis>>,
    },
}

/// A case as it stood when it was opened, and all that happened, as instants.
#[derive(Clone, Debug)]
pub struct CaseLog {
    pub opened: Millis,
    pub status: usize,
    pub severity: usize,
    pub flag: Option<bool>,
    pub begin: Option<Millis>,
    pub entries: Vec<(Millis, Change)>,
}

/// An instant at which the case is looked at, after all that happens then.
#[derive(Clone, Debug)]
pub struct Point {
    pub at: Millis,
    pub situation: Situation,
    /// The events of this very point.
    pub events: Vec<usize>,
    pub tier: Option<usize>,
    pub rule: Option<usize>,
}

pub fn shown(at: Millis) -> String {
    let at = DateTime::from_timestamp_millis(at).expect("an instant");
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl CaseLog {
    pub fn json(&self) -> String {
        let mut case = Map::new();
        case.insert("id".to_owned(), json!("T1"));
        case.insert("opened_at".to_owned(), json!(shown(self.opened)));
        case.insert("status".to_owned(), json!(STATUSES[self.status]));
        case.insert("severity".to_owned(), json!(SEVERITIES[self.severity]));
        if let Some(flag) = self.flag {
            case.insert("flag".to_owned(), json!(flag));
        }
        if let Some(begin) = self.begin {
            case.insert("begin".to_owned(), json!(shown(begin)));
        }
        let entries: Vec<Value> = self
            .entries
            .iter()
            .map(|(at, change)| match change {
                Change::Event(event) => json!({"at": shown(*at), "event": EVENTS[*event]}),
                Change::Set {
                    status,
                    severity,
                    flag,
                    begin,
                } => {
                    let mut set = Map::new();
                    if let Some(status) = status {
                        set.insert("status".to_owned(), json!(STATUSES[*status]));
                    }
                    if let Some(severity) = severity {
                        set.insert("severity".to_owned(), json!(SEVERITIES[*severity]));
                    }
                    if let Some(flag) = flag {
                        set.insert("flag".to_owned(), json!(flag));
                    }
                    if let Some(begin) = begin {
                        set.insert("begin".to_owned(), json!(begin.map(shown)));
                    }
                    json!({"at": shown(*at), "set": set})
                }
            })
            .collect();
        json!({"case": case, "events": entries}).to_string()
    }

    /// Creation, each instant of events, each boundary of something that counts by the clock's day.
    pub fn points(&self, world: &World, days: &Days, now: Millis) -> Vec<Point> {
        let mut situation = Situation {
            status: self.status,
            severity: self.severity,
            flag: self.flag,
            begin: self.begin,
            ..Situation::default()
        };
        let mut points = vec![look(
            world,
            days,
            self.opened,
            self.opened,
            situation.clone(),
            vec![],
        )];
        let mut instants: Vec<Millis> = self.entries.iter().map(|(at, _)| *at).collect();
        instants.extend(
            boundaries(world, days)
                .into_iter()
                .filter(|at| *at > self.opened),
        );
        instants.retain(|at| *at <= now);
        instants.sort_unstable();
        instants.dedup();
        for instant in instants {
            let mut events = Vec::new();
            for (_, change) in self.entries.iter().filter(|(at, _)| *at == instant) {
                match change {
                    Change::Event(event) => {
                        events.push(*event);
                        situation.happened[*event].push(instant);
                    }
                    Change::Set {
                        status,
                        severity,
                        flag,
                        begin,
                    } => {
                        situation.status = status.unwrap_or(situation.status);
                        situation.severity = severity.unwrap_or(situation.severity);
                        situation.flag = flag.unwrap_or(situation.flag);
                        situation.begin = begin.unwrap_or(situation.begin);
                    }
                }
            }
            points.push(look(
                world,
                days,
                self.opened,
                instant,
                situation.clone(),
                events,
            ));
        }
        points
    }
}

/// Midnights at which something begins or ceases to count by the clock's day.
fn boundaries(world: &World, days: &Days) -> Vec<Millis> {
    let branches = world.tiers.iter().chain(&world.route);
    let effective = branches.filter_map(|branch| branch.effective);
    effective
        .filter(|effective| effective.by_now)
        .flat_map(|effective| [effective.from, effective.until.map(|until| until + 1)])
        .flatten()
        .map(|day| days.midnight(world.date(day)))
        .collect()
}

/// The stages before the clocks: the classification, the route, the tier.
fn look(
    world: &World,
    days: &Days,
    opened: Millis,
    at: Millis,
    mut situation: Situation,
    events: Vec<usize>,
) -> Point {
    let (rules, otherwise) = &world.band;
    let rule = rules
        .iter()
        .find(|(condition, _)| condition.holds(&situation));
    situation.hot = rule.map(|(_, hot)| *hot).or(otherwise.then_some(false));
    let taken = |branches: &[super::plan::BranchPlan]| {
        branches.iter().position(|branch| {
            days.in_force(world, branch.effective, opened, at)
                && branch
                    .when
                    .as_ref()
                    .is_none_or(|when| when.holds(&situation))
        })
    };
    let (tier, rule) = (taken(&world.tiers), taken(&world.route));
    Point {
        at,
        situation,
        events,
        tier,
        rule,
    }
}
