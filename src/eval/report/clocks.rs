//! Clocks, warnings and escalations in JSON.

use super::names::{Each, name};
use super::stamp::Stamp;
use crate::compile::{Program, Target, calendar_of};
use crate::eval::clock::ClosedCycle;
use crate::eval::decision::{ClockReading, Decision, StepState};
use crate::time::{Duration, Period};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use std::fmt;

/// All clocks by name.
pub(super) struct Clocks<'a> {
    pub(super) program: &'a Program,
    pub(super) decision: &'a Decision,
}

impl Serialize for Clocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.decision.clocks.len()))?;
        for (clock, reading) in self.program.clocks.iter().zip(&self.decision.clocks) {
            let program = self.program;
            map.serialize_entry(&clock.named.name, &Clock { program, reading })?;
        }
        map.end()
    }
}

struct Clock<'a> {
    program: &'a Program,
    reading: &'a ClockReading,
}

impl Serialize for Clock<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Clock { program, reading } = self;
        let target = Limit::of(program, reading.target);
        let steps = |steps, to| Steps { program, steps, to };
        let cycles = Each(|| {
            let cycles = reading.cycles.iter();
            cycles.map(|cycle| Cycle { program, cycle })
        });
        let mut object = serializer.serialize_struct("Clock", 14)?;
        object.serialize_field("state", reading.state.word())?;
        object.serialize_field("target", &target.length)?;
        object.serialize_field("calendar", &target.calendar)?;
        object.serialize_field("cycle", &reading.cycle)?;
        object.serialize_field("started_at", &program.shown(reading.started_at))?;
        object.serialize_field("elapsed_s", &reading.elapsed.map(Duration::seconds))?;
        object.serialize_field("remaining_s", &reading.remaining.map(Duration::seconds))?;
        object.serialize_field("due", &program.shown(reading.due))?;
        object.serialize_field("met_at", &program.shown(reading.met_at))?;
        object.serialize_field("breached_at", &program.shown(reading.breached_at))?;
        object.serialize_field("flag", &reading.flag.map(crate::eval::Flag::word))?;
        object.serialize_field("warnings", &steps(&reading.warnings, false))?;
        object.serialize_field("escalations", &steps(&reading.escalations, true))?;
        object.serialize_field("cycles", &cycles)?;
        object.end()
    }
}

/// A target as a decision prints it: its length and its calendar apart.
struct Limit<'a> {
    length: Option<Length>,
    calendar: Option<&'a str>,
}

impl<'a> Limit<'a> {
    fn of(program: &'a Program, target: Option<Target>) -> Limit<'a> {
        let length = match target {
            None | Some(Target::None) => {
                return Limit {
                    length: None,
                    calendar: None,
                };
            }
            Some(Target::Exact(length, _)) => Length::Exact(length),
            Some(Target::WorkingDays(days, _)) => Length::WorkingDays(days),
            Some(Target::Calendar(period)) => Length::Calendar(period),
        };
        let place = target.map_or(0, calendar_of);
        let calendar = program.calendars.get(place as usize);
        Limit {
            length: Some(length),
            calendar: calendar.map(|(named, _)| named.name.as_str()),
        }
    }
}

enum Length {
    Exact(Duration),
    WorkingDays(u32),
    Calendar(Period),
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Length::Exact(length) => write!(f, "{length}"),
            Length::WorkingDays(1) => f.write_str("1 working day"),
            Length::WorkingDays(days) => write!(f, "{days} working days"),
            Length::Calendar(period) => write!(f, "{period}"),
        }
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct Cycle<'a> {
    program: &'a Program,
    cycle: &'a ClosedCycle,
}

impl Serialize for Cycle<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Cycle { program, cycle } = self;
        let target = Limit::of(program, cycle.target);
        let state = if cycle.met_at.is_some() {
            "met"
        } else {
            "superseded"
        };
        let mut object = serializer.serialize_struct("Cycle", 10)?;
        object.serialize_field("cycle", &cycle.number)?;
        object.serialize_field("state", state)?;
        object.serialize_field("target", &target.length)?;
        object.serialize_field("calendar", &target.calendar)?;
        object.serialize_field("started_at", &program.stamp(cycle.started_at))?;
        object.serialize_field("ended_at", &program.stamp(cycle.ended_at))?;
        object.serialize_field("elapsed_s", &cycle.elapsed.map(Duration::seconds))?;
        object.serialize_field("due", &program.shown(cycle.due))?;
        object.serialize_field("met_at", &program.shown(cycle.met_at))?;
        object.serialize_field("breached_at", &program.shown(cycle.breached_at))?;
        object.end()
    }
}

/// Warnings, or escalations with the role they go `to`.
pub(super) struct Steps<'a> {
    pub(super) program: &'a Program,
    pub(super) steps: &'a [StepState],
    pub(super) to: bool,
}

impl Serialize for Steps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Steps { program, to, .. } = self;
        let role = |step: &StepState| to.then(|| step.to.map(|role| name(&program.roles, role)));
        serializer.collect_seq(self.steps.iter().map(|step| StepEntry {
            key: &step.key,
            to: role(step),
            at: program.shown(step.at),
            fired: step.fired,
        }))
    }
}

#[derive(Serialize)]
struct StepEntry<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Option<&'a str>>,
    at: Option<Stamp>,
    fired: bool,
}
