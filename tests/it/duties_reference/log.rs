//! Random cases and their logs, and the points at which they are looked at.

use super::Millis;
use super::condition::{Content, EVENTS, FIELDS, Field, Moment, Situation};
use super::local_time::{local, midnight};
use super::plan::{Effective, World};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

/// What an entry of the log does.
#[derive(Clone, Debug)]
pub enum Change {
    Event(usize),
    Set(Vec<(Field, Option<Content>)>),
}

/// A case as it stood when it was opened, and all that happened.
#[derive(Clone, Debug)]
pub struct CaseLog {
    pub opened: Millis,
    pub values: [Option<Content>; 8],
    pub entries: Vec<(Millis, Change)>,
}

/// An instant at which the case is looked at, after all that happens then.
#[derive(Clone, Debug)]
pub struct Point {
    pub at: Millis,
    pub situation: Situation,
    /// The events of this very point.
    pub events: Vec<usize>,
}

pub fn shown(at: Millis) -> String {
    let at = DateTime::from_timestamp_millis(at).expect("an instant");
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn content(field: Field, content: Option<&Content>) -> Value {
    match content {
        None => Value::Null,
        Some(Content::Word(word)) => json!(field.words()[*word]),
        Some(Content::Yes(yes)) => json!(yes),
        Some(Content::Whole(whole)) => json!(whole),
        Some(Content::Words(words)) => {
            json!(
                words
                    .iter()
                    .map(|word| field.words()[*word])
                    .collect::<Vec<_>>()
            )
        }
        Some(Content::At(at)) => json!(shown(*at)),
    }
}

fn put(object: &mut Map<String, Value>, field: Field, value: Value) {
    match field.path().split_once('.') {
        None => object.insert(field.path().to_owned(), value),
        Some((record, part)) => object.insert(record.to_owned(), json!({ part: value })),
    };
}

impl CaseLog {
    pub fn json(&self) -> String {
        let mut case = Map::new();
        case.insert("id".to_owned(), json!("T1"));
        case.insert("opened_at".to_owned(), json!(shown(self.opened)));
        for (field, value) in FIELDS.iter().zip(&self.values) {
            if value.is_some() {
                put(&mut case, *field, content(*field, value.as_ref()));
            }
        }
        let entries: Vec<Value> = self
            .entries
            .iter()
            .map(|(at, change)| match change {
                Change::Event(event) => json!({"at": shown(*at), "event": EVENTS[*event]}),
                Change::Set(changes) => {
                    let mut set = Map::new();
                    for (field, value) in changes {
                        put(&mut set, *field, content(*field, value.as_ref()));
                    }
                    json!({"at": shown(*at), "set": set})
                }
            })
            .collect();
        json!({"case": case, "events": entries}).to_string()
    }

    /// What of it is known at an instant.
    pub fn cut(&self, at: Millis) -> CaseLog {
        let known = self.entries.iter().filter(|(entry, _)| *entry <= at);
        CaseLog {
            entries: known.cloned().collect(),
            ..self.clone()
        }
    }

    /// Creation, each instant of the log, each boundary of something that counts by the day of now.
    pub fn points(&self, world: &World, now: Millis) -> Vec<Point> {
        let mut situation = Situation {
            values: self.values.clone(),
            ..Situation::default()
        };
        let look = |at: Millis, mut situation: Situation, events: Vec<usize>| {
            situation.band = band(world, self.opened, at, &situation);
            Point {
                at,
                situation,
                events,
            }
        };
        let mut points = vec![look(self.opened, situation.clone(), vec![])];
        let mut instants: Vec<Millis> = self.entries.iter().map(|(at, _)| *at).collect();
        instants.extend(boundaries(world).filter(|at| *at > self.opened));
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
                    Change::Set(changes) => {
                        for (field, value) in changes {
                            situation.values[*field as usize] = value.clone();
                        }
                    }
                }
            }
            points.push(look(instant, situation.clone(), events));
        }
        points
    }
}

/// Midnights at which something begins or ceases to count by the day of now.
fn boundaries(world: &World) -> impl Iterator<Item = Millis> {
    let rules = world
        .band
        .0
        .iter()
        .filter_map(|(_, _, effective)| *effective);
    let retains = world.retains.iter().filter_map(|block| block.effective);
    let follow_ups = world.follow_ups.iter().filter_map(|plan| plan.effective);
    rules
        .chain(retains)
        .chain(follow_ups)
        .filter(|effective| effective.by_now)
        .flat_map(|effective| [effective.from, effective.until.map(|until| until + 1)])
        .flatten()
        .map(|day| midnight(world.tz(), world.date(day)))
}

/// Whether something counts at an instant, for a case opened then.
pub fn in_force(world: &World, effective: Option<Effective>, opened: Millis, at: Millis) -> bool {
    effective.is_none_or(|effective| {
        let by = if effective.by_now { at } else { opened };
        let date = local(world.tz(), by).date();
        effective.from.is_none_or(|from| world.date(from) <= date)
            && effective
                .until
                .is_none_or(|until| date <= world.date(until))
    })
}

fn band(world: &World, opened: Millis, at: Millis, situation: &Situation) -> Option<usize> {
    let (rules, otherwise) = &world.band;
    let taken = rules.iter().find(|(condition, _, effective)| {
        in_force(world, *effective, opened, at) && condition.holds(situation)
    });
    taken
        .map(|(_, member, _)| *member)
        .or(otherwise.then_some(0))
}

/// Where something begins, by all that has happened; none while its moment has not come.
pub fn moment(moment: &Moment, opened: Millis, points: &[Point]) -> Option<Millis> {
    let last = points.last()?;
    match moment {
        Moment::Opened => Some(opened),
        Moment::Field(field) => last.situation.instant(*field),
        Moment::First(event) => last.situation.happened[*event].first().copied(),
        Moment::Last(event) => last.situation.happened[*event].last().copied(),
        Moment::When(condition) => {
            let unbroken = points.iter().rev();
            let unbroken = unbroken.take_while(|point| condition.holds(&point.situation));
            unbroken.last().map(|point| point.at)
        }
    }
}
