//! Answers to conditions over a decision, with what they read: for the policy's own tests.

use super::clock::ClockState;
use super::evaluator::Evaluator;
use super::retention::Phase;
use super::shown::Shown;
use super::truth::Truth;
use crate::compile::{ClockId, Named, Node, NodeId, Outcome, Program, Target, Type};
use crate::value::Value;
use std::collections::BTreeSet;

/// Whether a condition holds over a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The truth.
    pub truth: Truth,
    /// What it read, in the order in which it is written, each path once.
    pub reads: Vec<Read>,
}

/// Something that a condition read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its path, such as `severity` or `route.role`.
    pub path: String,
    /// Its value as people read it.
    pub value: ReadValue,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadValue {
    /// A value.
    Present(String),
    /// No value.
    Missing,
}

/// Answers a condition.
pub(super) fn answer(evaluator: &Evaluator<'_>, condition: NodeId) -> Answer {
    let program = evaluator.program;
    let mut reads: Vec<Read> = Vec::new();
    let mut known = BTreeSet::new();
    let mut work = vec![condition];
    while let Some(id) = work.pop() {
        let read = |path: String, ty: &Type| {
            let value = match evaluator.value(id) {
                Some(value) => ReadValue::Present(
                    Shown {
                        program,
                        ty,
                        value: &value,
                    }
                    .to_string(),
                ),
                None => ReadValue::Missing,
            };
            Read { path, value }
        };
        let node = program.node(id);
        let found = if let Node::Field(slot) = node {
            let field = program.fields.get(*slot as usize);
            field.map(|field| read(field.path.clone(), &field.ty))
        } else if let Node::Define(place) = node {
            let define = program.defines.get(*place as usize);
            define.map(|define| read(define.named.name.clone(), &define.ty))
        } else if let Node::Classification(place) = node {
            let block = program.classifications.get(*place as usize);
            block.map(|block| read(block.named.name.clone(), &block.ty))
        } else if let Node::Outcome(outcome) = node {
            Some(outcome_read(evaluator, id, *outcome))
        } else {
            None
        };
        match found {
            Some(read) => {
                if known.insert(read.path.clone()) {
                    reads.push(read);
                }
            }
            None => {
                let start = work.len();
                program.operands(id, |operand| work.push(operand));
                if let Some(operands) = work.get_mut(start..) {
                    operands.reverse();
                }
            }
        }
    }
    Answer {
        truth: evaluator.truth(condition),
        reads,
    }
}

pub(super) fn outcome_read(evaluator: &Evaluator<'_>, id: NodeId, outcome: Outcome) -> Read {
    let program = evaluator.program;
    let path = program.outcome_path(outcome);
    let members = |all: &[crate::compile::Named], value: &Value| match value {
        Value::Member(place) => all
            .get(*place as usize)
            .map_or(String::new(), |named| named.name.clone()),
        _ => String::new(),
    };
    let tiers: Vec<crate::compile::Named> = program
        .sla
        .iter()
        .flat_map(|sla| sla.tiers.iter().map(|tier| tier.named.clone()))
        .collect();
    let shown = |ty: &Type| {
        let value = evaluator.value(id);
        value.map(|value| {
            let value = &value;
            Shown { program, ty, value }.to_string()
        })
    };
    let value = match outcome {
        Outcome::RouteRole => evaluator
            .value(id)
            .map(|value| members(&program.roles, &value)),
        Outcome::RouteQueue => evaluator
            .value(id)
            .map(|value| members(&program.queues, &value)),
        Outcome::RouteWith => evaluator.value(id).map(|value| match value.as_ref() {
            Value::Set(items) => {
                let names: Vec<String> = items
                    .iter()
                    .map(|item| members(&program.roles, item))
                    .collect();
                format!("{{ {} }}", names.join(", "))
            }
            other => members(&program.roles, other),
        }),
        Outcome::SlaTier => evaluator.value(id).map(|value| members(&tiers, &value)),
        Outcome::ClockTarget(_) => evaluator
            .target(id)
            .map(|target| program.target_text(target)),
        Outcome::ClockState(_) => evaluator.value(id).map(|value| match value.as_ref() {
            Value::Member(place) => ClockState::at(*place)
                .map_or("", ClockState::word)
                .to_owned(),
            _ => String::new(),
        }),
        Outcome::RetentionPhase(_) => evaluator.value(id).map(|value| match value.as_ref() {
            Value::Member(place) => Phase::at(*place).map_or("", Phase::word).to_owned(),
            _ => String::new(),
        }),
        Outcome::ClockDue(_)
        | Outcome::ClockMetAt(_)
        | Outcome::ClockBreachedAt(_)
        | Outcome::RetentionKeepUntil(_)
        | Outcome::RetentionDeleteBy(_)
        | Outcome::FollowUpDue(_) => shown(&Type::Instant),
        Outcome::ClockElapsed(_) => shown(&Type::Duration),
        Outcome::FollowUpDone(_) | Outcome::RequirementMet(_) => shown(&Type::Bool),
    };
    Read {
        path,
        value: value.map_or(ReadValue::Missing, ReadValue::Present),
    }
}

impl Program {
    /// The path of something decided, as a policy writes it.
    pub fn outcome_path(&self, outcome: Outcome) -> String {
        fn of(all: &[impl AsRef<Named>], place: u32) -> String {
            let named = all.get(place as usize);
            named.map_or(String::new(), |named| named.as_ref().name.clone())
        }
        let clock = |id: ClockId, part: &str| format!("sla.{}.{part}", of(&self.clocks, id.0));
        match outcome {
            Outcome::RouteRole => "route.role".to_owned(),
            Outcome::RouteQueue => "route.queue".to_owned(),
            Outcome::RouteWith => "route.with".to_owned(),
            Outcome::SlaTier => "sla.tier".to_owned(),
            Outcome::ClockTarget(id) => clock(id, "target"),
            Outcome::ClockState(id) => clock(id, "state"),
            Outcome::ClockDue(id) => clock(id, "due"),
            Outcome::ClockMetAt(id) => clock(id, "met_at"),
            Outcome::ClockBreachedAt(id) => clock(id, "breached_at"),
            Outcome::ClockElapsed(id) => clock(id, "elapsed"),
            Outcome::RetentionPhase(id) => format!("retention.{}.phase", of(&self.records, id.0)),
            Outcome::RetentionKeepUntil(id) => {
                format!("retention.{}.keep_until", of(&self.records, id.0))
            }
            Outcome::RetentionDeleteBy(id) => {
                format!("retention.{}.delete_by", of(&self.records, id.0))
            }
            Outcome::FollowUpDue(id) => format!("follow_up.{}.due", of(&self.follow_ups, id.0)),
            Outcome::FollowUpDone(id) => format!("follow_up.{}.done", of(&self.follow_ups, id.0)),
            Outcome::RequirementMet(id) => format!("requirements.{}.met", of(&self.requires, id.0)),
        }
    }

    /// A target as a policy writes it.
    pub fn target_text(&self, target: Target) -> String {
        let on = |calendar: u32| {
            self.calendars
                .get(calendar as usize)
                .map_or("", |(named, _)| named.name.as_str())
        };
        match target {
            Target::None => "none".to_owned(),
            Target::Exact(duration, calendar) if calendar.0 == 0 => duration.to_string(),
            Target::Exact(duration, calendar) => format!("{duration} of {}", on(calendar.0)),
            Target::WorkingDays(days, calendar) => {
                format!("{days} working days of {} by close", on(calendar.0))
            }
            Target::Calendar(period) => period.to_string(),
        }
    }
}
