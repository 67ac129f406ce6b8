//! A policy as the plain interpreter reads it, and the decision of a case: the case is looked at when it is opened,
//! at every instant of its events and whenever an item with `by now` begins or ends to count; then all of it is
//! told for the instant of the decision.

use super::blocks::{self, Decided, keeping};
use super::clock::{Levels, Walk};
use super::follow_ups::{FollowUp, Listed};
use super::hours::{Data, END, Hours};
use super::look::{Look, Problem};
use super::retention::{self, Kept};
use super::scripts::{self, Answer};
use super::{Millis, written};
use crate::wall_time::{local, midnight};
use caseway::model::{Effective, Expr, FieldId, FunctionId, Model, Moment, Trigger};
use caseway::value::{Case, Event, EventKind, Value};
use caseway::{Instant, Policy};
use chrono::TimeDelta;
use chrono_tz::Tz;
use regex::Regex;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

pub struct Meaning<'a> {
    pub policy: &'a Policy,
    pub model: &'a Model,
    pub zone: Tz,
    pub calendars: Vec<Hours>,
    /// Midnights at which an item with `by now` begins or ends to count.
    boundaries: BTreeSet<Millis>,
    patterns: RefCell<BTreeMap<(String, bool), Regex>>,
}

/// A requirement that is asked: its place, whether it is met, the fields that keep it from being met.
pub type Required = (usize, Option<bool>, Vec<FieldId>);

/// All that is decided of a case at an instant.
pub struct Decision<'a> {
    pub id: Option<String>,
    pub now: Millis,
    pub decided: Decided,
    pub clocks: Vec<Walk<'a>>,
    pub retention: Vec<Kept>,
    pub follow_ups: Vec<Listed>,
    pub requirements: Vec<Required>,
    pub problems: Vec<Problem>,
    pub ignored: usize,
}

/// A case that was lived through up to an instant.
struct Life<'a> {
    /// The case as it stands.
    look: Look<'a>,
    decided: Decided,
    points: Vec<Point>,
}

/// What an instant of the log brings to the items that unfold.
struct Point {
    at: Millis,
    clocks: Vec<Levels>,
    /// For each follow-up: whether it is asked for, whether it is done, and whether it is open from then on.
    follow_ups: Vec<(bool, bool, bool)>,
    /// Whether the condition of each moment holds: clocks, then `retain` blocks, then follow-ups.
    moments: Vec<bool>,
}

impl<'a> Meaning<'a> {
    pub fn new(policy: &'a Policy) -> Meaning<'a> {
        let model = policy.model();
        let calendars = model.calendars.iter().enumerate();
        let data = |name: &String| holidays(policy, name);
        let calendars = calendars.map(|(place, calendar)| {
            Hours::new(place, calendar, calendar.holidays.as_ref().map(data))
        });
        let mut meaning = Meaning {
            policy,
            model,
            zone: model.zone.name().parse().expect("a zone"),
            calendars: calendars.collect(),
            boundaries: BTreeSet::new(),
            patterns: RefCell::default(),
        };
        let mut dated: Vec<&Effective> = Vec::new();
        for block in &model.classifications {
            dated.extend(&block.effective);
            dated.extend(
                block
                    .rules
                    .iter()
                    .filter_map(|rule| rule.effective.as_ref()),
            );
        }
        if let Some(route) = &model.route {
            dated.extend(&route.effective);
            dated.extend(
                route
                    .rules
                    .iter()
                    .filter_map(|rule| rule.effective.as_ref()),
            );
        }
        if let Some(sla) = &model.sla {
            dated.extend(&sla.effective);
            dated.extend(sla.tiers.iter().filter_map(|tier| tier.effective.as_ref()));
        }
        dated.extend(
            model
                .retains
                .iter()
                .filter_map(|block| block.effective.as_ref()),
        );
        dated.extend(
            model
                .follow_ups
                .iter()
                .filter_map(|item| item.effective.as_ref()),
        );
        for effective in dated.into_iter().filter(|effective| effective.by_now) {
            let (begins, ends) = meaning.span_of(effective);
            meaning.boundaries.extend(begins.into_iter().chain(ends));
        }
        meaning
    }

    /// The instants at which something `by now` begins to count, and at which it no longer does.
    fn span_of(&self, effective: &Effective) -> (Option<Millis>, Option<Millis>) {
        let date = |date: &Option<(caseway::time::Date, _)>| {
            date.map(|(date, _)| super::hours::naive(date))
        };
        let from = date(&effective.from).map(|from| midnight(self.zone, from));
        let until =
            date(&effective.until).map(|until| midnight(self.zone, until + TimeDelta::days(1)));
        (from, until)
    }

    /// Whether an item counts for a case opened then, decided at an instant.
    pub fn counts(&self, effective: Option<&Effective>, opened: Millis, at: Millis) -> bool {
        let Some(effective) = effective else {
            return true;
        };
        if effective.by_now {
            let (begins, ends) = self.span_of(effective);
            return begins.is_none_or(|begins| begins <= at) && ends.is_none_or(|ends| at < ends);
        }
        let day = local(self.zone, opened).date();
        let date = |date: caseway::time::Date| super::hours::naive(date);
        effective.from.is_none_or(|(from, _)| date(from) <= day)
            && effective.until.is_none_or(|(until, _)| day <= date(until))
    }

    pub fn pattern(&self, pattern: &str, ignoring_case: bool) -> Regex {
        let key = (pattern.to_owned(), ignoring_case);
        let mut known = self.patterns.borrow_mut();
        let pattern = known.entry(key).or_insert_with(|| {
            let mut builder = regex::RegexBuilder::new(pattern);
            builder
                .case_insensitive(ignoring_case)
                .build()
                .expect("a pattern")
        });
        pattern.clone()
    }

    /// An expression as the page has it, without what parts two ways of writing it.
    pub fn written(&self, expr: &Expr) -> String {
        written::expression(self, expr)
    }

    pub fn answer(&self, function: FunctionId, arguments: &[Value]) -> Answer {
        let function = &self.model.functions[function.0 as usize];
        scripts::answer(&function.declared.name, arguments)
    }

    /// The decision as it is printed.
    pub fn decide(&self, case: &Case, events: &[Event], now: Instant) -> String {
        let now = now.millis();
        let known: Vec<Event> = events
            .iter()
            .filter(|event| event.at.millis() <= now)
            .cloned()
            .collect();
        let life = self.live(case, &known, now);
        let mut decision = self.conclude(&life, now);
        let next = self.next_change(case, &known, &life, &decision);
        decision.ignored = events.len() - known.len();
        written::decision(self, &decision, Some(next))
    }

    /// The next instant at which the decision is another one although nothing happens: it is decided again at each
    /// instant at which that may be so. Before a case is opened, that is when it is opened.
    fn next_change(
        &self,
        case: &Case,
        known: &[Event],
        life: &Life<'_>,
        decision: &Decision<'_>,
    ) -> Option<Millis> {
        let now = decision.now;
        let opened = life.look.opened;
        if now < opened {
            return Some(opened);
        }
        let said = written::decision(self, decision, None);
        let mut at = now;
        let mut ahead = None;
        loop {
            let latest = ahead.as_ref().unwrap_or(decision);
            at = self.may_change(case, known, latest, at)?;
            // Between boundaries of items nothing but time goes on.
            let next = match self.boundaries.range(now + 1..=at).next() {
                None => self.conclude(life, at),
                Some(_) => self.conclude(&self.live(case, known, at), at),
            };
            if written::decision(self, &next, None) != said {
                return Some(at);
            }
            ahead = Some(next);
        }
    }

    /// The next instant that the decision names or that may be one of change: due times, steps, ends of periods,
    /// boundaries of items, instants of the case.
    fn may_change(
        &self,
        case: &Case,
        known: &[Event],
        decision: &Decision<'_>,
        after: Millis,
    ) -> Option<Millis> {
        let mut instants: Vec<Millis> = self
            .boundaries
            .range(after + 1..)
            .next()
            .copied()
            .into_iter()
            .collect();
        let set = known.iter().filter_map(|event| match &event.kind {
            EventKind::Set(changes) => Some(changes.iter().filter_map(|(_, value)| value.clone())),
            EventKind::Happened(_) => None,
        });
        for value in case.slots.iter().flatten().cloned().chain(set.flatten()) {
            if let Value::Instant(at) = value {
                instants.push(at.millis());
            }
        }
        for clock in &decision.clocks {
            instants.extend(clock.instants(self));
        }
        for kept in &decision.retention {
            instants.extend(&kept.ends);
        }
        instants.extend(decision.follow_ups.iter().filter_map(|item| item.due));
        instants
            .into_iter()
            .filter(|at| after < *at && *at <= END)
            .min()
    }

    /// Lives through the case up to an instant.
    fn live(&self, case: &Case, events: &[Event], now: Millis) -> Life<'_> {
        let model = self.model;
        let Some(Value::Instant(opened)) = case.slots[model.schema.opened_at.0 as usize] else {
            panic!("a case says when it was opened");
        };
        let opened = opened.millis();
        let mut instants: BTreeSet<Millis> = events.iter().map(|event| event.at.millis()).collect();
        instants.extend(
            self.boundaries
                .iter()
                .filter(|at| opened < **at && **at <= now),
        );
        let mut slots = case.slots.to_vec();
        let mut happened = vec![Vec::new(); model.schema.events.len()];
        let start = opened.min(now);
        let mut look = Look::new(self, start, opened, slots.clone(), happened.clone());
        let mut decided = blocks::decide(&look);
        let mut points = Vec::new();
        if opened <= now {
            points.push(self.point(&look, &decided, &[], None));
        }
        for at in instants {
            let mut now_happened = Vec::new();
            for event in events.iter().filter(|event| event.at.millis() == at) {
                match &event.kind {
                    EventKind::Happened(place) => {
                        now_happened.push(*place);
                        happened[*place as usize].push(at);
                    }
                    EventKind::Set(changes) => {
                        for (slot, value) in changes {
                            slots[*slot as usize].clone_from(value);
                        }
                    }
                }
            }
            look = Look::new(self, at, opened, slots.clone(), happened.clone());
            decided = blocks::decide(&look);
            let point = self.point(&look, &decided, &now_happened, points.last());
            points.push(point);
        }
        Life {
            look,
            decided,
            points,
        }
    }

    /// What an instant brings.
    fn point(
        &self,
        look: &Look<'_>,
        decided: &Decided,
        events: &[u32],
        before: Option<&Point>,
    ) -> Point {
        let model = self.model;
        let mut moments = Vec::new();
        let mut watch = |moment: Option<&Moment>| {
            moments.push(matches!(moment, Some(Moment::When(condition)) if look.holds(condition)));
        };
        for clock in &model.clocks {
            look.asks(&format!("clock.{}", clock.declared.name), None);
            watch(clock.start.as_ref());
        }
        for (place, block) in model.retains.iter().enumerate() {
            look.asks(
                &self.record_block(block.record.0),
                Some((place, &retention::name(model, place))),
            );
            watch(Some(&block.from));
        }
        for item in &model.follow_ups {
            look.asks(&format!("follow_up.{}", item.declared.name), None);
            watch(item.of.as_ref());
        }
        let any = |triggers: &[Trigger]| {
            triggers.iter().any(|trigger| match trigger {
                Trigger::On(_) => false,
                Trigger::When(condition) => look.holds(condition),
            })
        };
        let on = |triggers: &[Trigger]| {
            triggers.iter().any(|trigger| match trigger {
                Trigger::On(event) => events.contains(&event.0),
                Trigger::When(_) => false,
            })
        };
        let mut clocks = Vec::new();
        for (place, clock) in model.clocks.iter().enumerate() {
            look.asks(&format!("clock.{}", clock.declared.name), None);
            let start = match &clock.start {
                None => Some(look.opened),
                Some(Moment::When(_)) => moments[place].then_some(look.at),
                Some(moment) => self.moment(look, moment, None),
            };
            clocks.push(Levels {
                at: look.at,
                cancel: on(&clock.cancel) || any(&clock.cancel),
                stop: any(&clock.stop),
                stopped: on(&clock.stop),
                reset: any(&clock.reset),
                was_reset: on(&clock.reset),
                pause: clock.pause.iter().any(|condition| look.holds(condition)),
                start,
                tier: decided.tier,
                rule: decided.route.clone(),
            });
        }
        let mut follow_ups = Vec::new();
        for (place, item) in model.follow_ups.iter().enumerate() {
            look.asks(&format!("follow_up.{}", item.declared.name), None);
            let asked = self.counts(item.effective.as_ref(), look.opened, look.at)
                && look.holds(&item.when);
            let (asked_before, _, open) =
                before.map_or((false, false, false), |before| before.follow_ups[place]);
            let done = (asked || open) && (on(&item.done) || any(&item.done));
            let open = (open || !asked_before) && asked && !done;
            follow_ups.push((asked, done, open));
        }
        Point {
            at: look.at,
            clocks,
            follow_ups,
            moments,
        }
    }

    pub fn record_block(&self, record: u32) -> String {
        format!("retain.{}", self.model.records[record as usize].name)
    }

    /// When a moment came; `since` is when its condition became true, if it is one and holds.
    fn moment(&self, look: &Look<'_>, moment: &Moment, since: Option<Millis>) -> Option<Millis> {
        match moment {
            Moment::Field(field) => match look.field(*field) {
                Some(Value::Instant(at)) => Some(at.millis()),
                Some(other) => panic!("{other:?} is no instant"),
                None => None,
            },
            Moment::First(event) => look.happened(*event).first().copied(),
            Moment::Last(event) => look.happened(*event).last().copied(),
            Moment::When(_) => since,
        }
    }

    /// All that is decided at an instant after the last point.
    fn conclude(&self, life: &Life<'_>, now: Millis) -> Decision<'a> {
        let model = self.model;
        let Life {
            look,
            decided,
            points,
        } = life;
        let decided = decided.clone();
        // The instant at which the condition of a moment last became true and still is.
        let since = |place: usize| {
            let unbroken = points.iter().rev().take_while(|point| point.moments[place]);
            unbroken.last().map(|point| point.at)
        };
        let mut clocks = Vec::new();
        for place in 0..model.clocks.len() {
            let levels: Vec<&Levels> = points.iter().map(|point| &point.clocks[place]).collect();
            clocks.push(Walk::through(self, place, look.opened, &levels, now));
        }
        let first = model.clocks.len();
        let moment = |place: usize, block: &caseway::model::Retain| {
            self.moment(look, &block.from, since(first + place))
        };
        let matching = retention::matching(look, moment);
        let mut requirements = Vec::new();
        for (place, item) in model.requires.iter().enumerate() {
            look.asks(&format!("require.{}", item.declared.name), None);
            if look.holds(&item.when) {
                let met = look.worth(&item.that);
                let fields = match met {
                    Some(true) => Vec::new(),
                    _ => keeping(look, &item.that, true).into_iter().collect(),
                };
                requirements.push((place, met, fields));
            }
        }
        let mut problems = look.problems.borrow().clone();
        if decided.tier.is_some() {
            for clock in &clocks {
                clock.report(self, now, &mut problems);
            }
        }
        let retention = retention::decide(self, &matching, now, &mut problems);
        let first = first + model.retains.len();
        let mut follow_ups = Vec::new();
        for (place, item) in model.follow_ups.iter().enumerate() {
            let course: Vec<(Millis, bool, bool)> = points
                .iter()
                .map(|point| {
                    (
                        point.at,
                        point.follow_ups[place].0,
                        point.follow_ups[place].1,
                    )
                })
                .collect();
            let moment = item
                .of
                .as_ref()
                .map(|of| self.moment(look, of, since(first + place)));
            let follow_up = FollowUp {
                meaning: self,
                place,
                item,
            };
            follow_ups.extend(follow_up.listed(&course, moment, now, &mut problems));
        }
        let id = match look.field(model.schema.id) {
            Some(Value::Text(id)) => Some(id.to_string()),
            _ => None,
        };
        Decision {
            id,
            now,
            decided,
            clocks,
            retention,
            follow_ups,
            requirements,
            problems,
            ignored: 0,
        }
    }
}

/// The rows of a table `[holidays.NAME]`.
fn holidays(policy: &Policy, name: &str) -> Data {
    let source = policy.config().holidays.get(name).expect("declared");
    let covers = (
        super::hours::naive(source.covers.0),
        super::hours::naive(source.covers.1),
    );
    let file = policy
        .sources()
        .iter()
        .find(|(_, file)| file.name == source.file)
        .expect("read")
        .1;
    let mut days = BTreeMap::new();
    for row in file
        .text
        .lines()
        .skip(1)
        .filter(|row| !row.trim().is_empty())
    {
        let cells: Vec<&str> = row.split(',').collect();
        let date = cells[0].parse().expect("a date");
        let words = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let day = match cells[1] {
            "holiday" => super::hours::DataDay::Off,
            _ => super::hours::DataDay::Worked(words.iter().position(|word| *word == cells[2])),
        };
        days.insert(date, day);
    }
    Data { covers, days }
}
