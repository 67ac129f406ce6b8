//! What a decision must say about clocks and steps, and where one says something else.

use super::Millis;
use super::cycle::{Closed, Cycle, Due, Length};
use super::days::Days;
use super::log::CaseLog;
use super::plan::{ROLES, Target, World, calendar_name};
use super::steps::List;
use super::walk::{Phase, Walk};
use chrono::DateTime;
use serde_json::{Value, json};

/// A value, or an instant that may only be later than what was walked (or not be told).
#[derive(Clone)]
enum Wanted {
    Is(Value),
    NotBefore(Millis),
}

struct Sheet {
    lines: Vec<(String, Wanted)>,
}

/// Days of walking on in search of the steps that come.
const AHEAD: i64 = 20;
const DAY: Millis = 86_400_000;

/// The differences between a decision and the walk, one a line.
pub fn differences(
    world: &World,
    days: &Days,
    log: &CaseLog,
    now: Millis,
    decision: &Value,
) -> Vec<String> {
    let points = log.points(world, days, now);
    let last = &points[points.len() - 1];
    let walks: Vec<Walk> = (0..world.clocks.len())
        .map(|clock| Walk::through(world, days, clock, &points, now))
        .collect();
    let coming: Vec<Vec<(List, ComingStep)>> =
        walks.iter().map(|walk| coming_steps(walk, now)).collect();
    let mut sheet = Sheet { lines: Vec::new() };
    let tier = last.tier.map(|tier| format!("t{tier}"));
    sheet.is("/sla/tier", json!(tier));
    let clocks = decision["sla"]["clocks"].as_object();
    let named: Vec<&String> = clocks
        .map(|clocks| clocks.keys().collect())
        .unwrap_or_default();
    let mut found = Vec::new();
    if tier.is_some() {
        for (walk, coming) in walks.iter().zip(&coming) {
            let target = last.tier.map(|tier| world.tiers[tier].targets[walk.clock]);
            sheet.clock(walk, target, coming);
        }
        let all: Vec<String> = (0..walks.len()).map(|clock| format!("k{clock}")).collect();
        if named
            .iter()
            .map(|name| name.as_str())
            .ne(all.iter().map(String::as_str))
        {
            found.push(format!("clocks: {named:?} instead of {all:?}"));
        }
    } else if !named.is_empty() {
        found.push(format!("clocks without a tier: {named:?}"));
    }
    if !world.route.is_empty() {
        let mut former: Vec<_> = walks
            .iter()
            .flat_map(|walk| walk.former(List::Route))
            .collect();
        former.sort_by_key(|(at, ..)| *at);
        let mut listed = Vec::new();
        if let Some(rule) = last.rule {
            // Page order: that of the rule's lines, whatever their clock.
            let mut each = coming;
            for plan in &world.route[rule].steps {
                let steps = &mut each[plan.clock];
                let count = match plan.step {
                    super::plan::Step::EveryAfterDue(_, times) => times,
                    _ => 1,
                };
                let mut places = (0..steps.len()).filter(|place| steps[*place].0 == List::Route);
                let Some(first) = places.next() else { continue };
                for _ in 0..count {
                    listed.push(steps.remove(first).1);
                }
            }
        }
        sheet.steps("/route/escalations", former, listed);
    }
    let decision = normal(decision);
    for (path, wanted) in sheet.lines {
        let got = decision.pointer(&path).cloned().unwrap_or_default();
        match wanted {
            Wanted::Is(wanted) if wanted == got => {}
            Wanted::Is(wanted) => found.push(format!("{path}: {got}, the walk says {wanted}")),
            Wanted::NotBefore(bound) => {
                if got.as_i64().is_some_and(|got| got < bound) {
                    found.push(format!("{path}: {got}, the walk says after {bound}"));
                }
            }
        }
    }
    found
}

/// Instants as milliseconds.
fn normal(value: &Value) -> Value {
    match value {
        Value::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => json!(instant.timestamp_millis()),
            Err(_) => value.clone(),
        },
        Value::Array(all) => Value::Array(all.iter().map(normal).collect()),
        Value::Object(all) => all
            .iter()
            .map(|(key, value)| (key.clone(), normal(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

type FiredStep = (Millis, String, Option<usize>);

/// A step in force, and when it came or comes.
#[derive(Clone)]
struct ComingStep {
    key: String,
    role: Option<usize>,
    at: Wanted,
    fired: bool,
}

impl Walk<'_> {
    /// What fired and is not in force.
    fn former(&self, list: List) -> Vec<FiredStep> {
        let in_force = |key: &str| self.in_force.iter().any(|step| step.key == key);
        let mut fired: Vec<FiredStep> = Vec::new();
        for step in self.fired.iter().filter(|step| step.list == list) {
            if !in_force(&step.key) {
                fired.push((step.at, step.key.clone(), step.role));
            }
        }
        fired.sort_by_key(|(at, ..)| *at);
        fired
    }
}

/// The steps in force and when they come if nothing happens; the last says whether it has come.
fn coming_steps(walk: &Walk, now: Millis) -> Vec<(List, ComingStep)> {
    let mut future = walk.clone();
    let counts = walk
        .cycle
        .stretches
        .last()
        .is_some_and(|last| last.calendar.is_some());
    let running = walk.phase == Phase::Running && counts;
    let end = (now + AHEAD * DAY).min(walk.days.end);
    let possible = |walk: &Walk, step: &super::steps::InForce| match step.natural {
        super::steps::Natural::Used(Length::None | Length::Unknown) => false,
        super::steps::Natural::Used(_) => walk.cycle.used.exact,
        super::steps::Natural::Due(_) => !matches!(walk.cycle.due(), Due::Never | Due::Unknown(_)),
    };
    let mut from = now;
    while running && from < end {
        let waiting = |step: &super::steps::InForce| !step.fired && possible(&future, step);
        if !future.in_force.iter().any(waiting) {
            break;
        }
        let to = (from + DAY / 4).min(end);
        future.pass(from, to);
        from = to;
    }
    walk.in_force
        .iter()
        .zip(&future.in_force)
        .map(|(step, later)| {
            let list = step.list;
            let at = future.fired.iter().rfind(|fired| fired.key == step.key);
            let wanted = match at {
                Some(fired) => Wanted::Is(json!(fired.at)),
                None if running && possible(&future, later) => Wanted::NotBefore(from),
                None => Wanted::Is(Value::Null),
            };
            let step = ComingStep {
                key: step.key.clone(),
                role: step.role,
                at: wanted,
                fired: step.fired,
            };
            (list, step)
        })
        .collect()
}

fn written(target: Option<Target>) -> Value {
    json!(target.and_then(Target::written))
}

/// Without a target there is no calendar either.
fn calendar(target: Option<Target>) -> Value {
    let target = target.filter(|target| *target != Target::None);
    json!(target.map(|target| calendar_name(target.calendar())))
}

fn seconds(millis: Option<Millis>) -> Value {
    json!(millis.map(|millis| millis.div_euclid(1000)))
}

impl Sheet {
    fn is(&mut self, path: impl Into<String>, value: Value) {
        self.lines.push((path.into(), Wanted::Is(value)));
    }

    fn due(&mut self, path: String, due: Due, end: Millis) {
        let wanted = match due {
            Due::At(at) => Wanted::Is(json!(at)),
            Due::Beyond => Wanted::NotBefore(end),
            Due::Unknown(_) | Due::Never => Wanted::Is(Value::Null),
        };
        self.lines.push((path, wanted));
    }

    fn clock(&mut self, walk: &Walk, target: Option<Target>, coming: &[(List, ComingStep)]) {
        let path = |key: &str| format!("/sla/clocks/k{}/{key}", walk.clock);
        let cycle = &walk.cycle;
        let state = match walk.phase {
            Phase::Idle => "idle",
            Phase::Running => "running",
            Phase::Paused => "paused",
            Phase::Met => "met",
            Phase::Cancelled => "cancelled",
        };
        self.is(path("state"), json!(state));
        let agreed = if cycle.started.is_some() {
            cycle.agreed
        } else {
            target
        };
        self.is(path("target"), written(agreed));
        self.is(path("calendar"), calendar(agreed));
        self.is(path("cycle"), json!(cycle.number));
        self.is(path("started_at"), json!(cycle.started));
        self.is(path("elapsed_s"), seconds(cycle.used.known()));
        let remaining = match (cycle.length(walk.days, agreed), agreed, cycle.used.known()) {
            (Length::Is(length), _, Some(elapsed)) => Wanted::Is(seconds(Some(length - elapsed))),
            // Not started: known only of exact time.
            (_, Some(Target::Exact(length, _)), Some(_)) => Wanted::Is(seconds(Some(length))),
            (Length::Beyond, ..) => Wanted::NotBefore(0),
            _ => Wanted::Is(Value::Null),
        };
        self.lines.push((path("remaining_s"), remaining));
        let ran = walk.phase == Phase::Met && cycle.ran_to_the_end;
        let due = if walk.phase == Phase::Running || ran {
            cycle.due()
        } else {
            Due::Never
        };
        self.due(path("due"), due, walk.days.end);
        self.is(path("met_at"), json!(cycle.met));
        self.is(path("breached_at"), json!(cycle.breached));
        let uncertain = match walk.phase {
            Phase::Idle => false,
            Phase::Running => matches!(due, Due::Unknown(_)),
            Phase::Met => matches!(due, Due::Unknown(_)) || !cycle.used.exact,
            Phase::Paused | Phase::Cancelled => !cycle.used.exact,
        };
        // What lies beyond the days walked may also lie beyond the data.
        if due != Due::Beyond {
            let flag = uncertain.then_some("unknown_calendar_year");
            self.is(path("flag"), json!(flag));
        }
        for (key, list) in [
            ("warnings", List::Warnings),
            ("escalations", List::Escalations),
        ] {
            let listed = coming.iter().filter(|step| step.0 == list);
            let listed = listed.map(|(_, step)| step.clone()).collect();
            self.steps(&path(key), walk.former(list), listed);
        }
        for (place, closed) in walk.closed.iter().enumerate() {
            self.closed(&path(&format!("cycles/{place}")), closed, walk);
        }
        self.is(path(&format!("cycles/{}", walk.closed.len())), Value::Null);
    }

    fn closed(&mut self, path: &str, closed: &Closed, walk: &Walk) {
        let Closed { cycle, met, ended } = closed;
        let Cycle { agreed, .. } = cycle;
        let mut line = |key: &str, value: Value| self.is(format!("{path}/{key}"), value);
        line("cycle", json!(cycle.number));
        line("state", json!(if *met { "met" } else { "superseded" }));
        line("target", written(*agreed));
        line("calendar", calendar(*agreed));
        line("started_at", json!(cycle.started));
        line("ended_at", json!(ended));
        line("elapsed_s", seconds(cycle.used.known()));
        line("met_at", json!(cycle.met));
        line("breached_at", json!(cycle.breached));
        let due = if cycle.ran_to_the_end {
            cycle.due()
        } else {
            Due::Never
        };
        self.due(format!("{path}/due"), due, walk.days.end);
    }

    /// Former steps that fired, by instant; then those in force, in page order.
    fn steps(&mut self, path: &str, former: Vec<FiredStep>, in_force: Vec<ComingStep>) {
        let former = former.into_iter().map(|(at, key, role)| ComingStep {
            key,
            role,
            at: Wanted::Is(json!(at)),
            fired: true,
        });
        let all: Vec<ComingStep> = former.chain(in_force).collect();
        for (place, step) in all.iter().enumerate() {
            let path = format!("{path}/{place}");
            self.is(format!("{path}/key"), json!(step.key));
            self.is(
                format!("{path}/to"),
                json!(step.role.map(|role| ROLES[role])),
            );
            self.lines.push((format!("{path}/at"), step.at.clone()));
            self.is(format!("{path}/fired"), json!(step.fired));
        }
        self.is(format!("{path}/{}", all.len()), Value::Null);
    }
}
