//! Clocks, steps, retention and duties of the model as parts of the program.
//!
//! Conditions go to the arena through [`super::lower`]; the result is [`super::service`].

use super::blocks::{Compiler, named};
use super::service::{
    Clock, FollowUp, Hold, Keep, Moment, Require, Retain, Step, StepKind, Triggers, Within,
};
use crate::model::{self, Model};
use std::collections::BTreeSet;

impl Compiler<'_> {
    pub(super) fn clock(&mut self, clock: &model::Clock) -> Clock {
        Clock {
            named: named(&clock.declared),
            start: clock.start.as_ref().map(|start| self.moment(start)),
            stop: self.triggers(&clock.stop),
            pause: clock
                .pause
                .iter()
                .map(|when| self.arena.lower(when))
                .collect(),
            cancel: self.triggers(&clock.cancel),
            reset: self.triggers(&clock.reset),
            reopen: clock.reopen,
            reopen_within: clock.reopen_within,
            retier: clock.retier,
            never_later: clock.never_later,
        }
    }

    fn triggers(&mut self, triggers: &[model::Trigger]) -> Triggers {
        let mut compiled = Triggers::default();
        for trigger in triggers {
            match trigger {
                model::Trigger::On(event) => compiled.on.push(event.0),
                model::Trigger::When(when) => compiled.when.push(self.arena.lower(when)),
            }
        }
        compiled
    }

    fn moment(&mut self, moment: &model::Moment) -> Moment {
        match moment {
            model::Moment::Field(field) => Moment::Field(field.0),
            model::Moment::First(event) => Moment::First(event.0),
            model::Moment::Last(event) => Moment::Last(event.0),
            model::Moment::When(when) => {
                let condition = self.arena.lower(when);
                self.watched.push(condition);
                Moment::When(super::lower::place(self.watched.len() - 1))
            }
        }
    }

    pub(super) fn retains(&mut self, retains: &[model::Retain]) -> Vec<Retain> {
        let mut compiled: Vec<Retain> = Vec::with_capacity(retains.len());
        let mut counts = vec![0u32; self.model.records.len()];
        for retain in retains {
            let mut number = 0;
            if let Some(count) = counts.get_mut(retain.record.0 as usize) {
                *count += 1;
                number = *count;
            }
            let keep = |keep: &model::Keep| Keep {
                amount: keep.amount,
                excluding_starting_month: keep.excluding_starting_month,
            };
            let lines = [&retain.keep, &retain.delete];
            let mut because = retain.because.clone();
            because.extend(
                lines
                    .into_iter()
                    .flatten()
                    .flat_map(|line| line.because.iter().cloned()),
            );
            because.extend(retain.then.iter().flat_map(|(_, cited)| cited.clone()));
            compiled.push(Retain {
                record: retain.record.0,
                name: retain
                    .label
                    .clone()
                    .unwrap_or_else(|| format!("block {number}")),
                when: retain.when.as_ref().map(|when| self.arena.lower(when)),
                effective: self.effective(retain.effective.as_ref()),
                from: self.moment(&retain.from),
                keep: retain.keep.as_ref().map(keep),
                delete: retain.delete.as_ref().map(keep),
                then: retain.then.as_ref().map(|(disposal, _)| *disposal),
                because,
                span: retain.span,
            });
        }
        compiled
    }

    pub(super) fn hold(&mut self, hold: &model::Hold) -> Hold {
        Hold {
            named: named(&hold.declared),
            record: hold.record.0,
            when: self.arena.lower(&hold.when),
            because: hold.because.clone(),
        }
    }

    pub(super) fn follow_up(&mut self, follow_up: &model::FollowUp) -> FollowUp {
        FollowUp {
            named: named(&follow_up.declared),
            by: follow_up.by.0,
            when: self.arena.lower(&follow_up.when),
            effective: self.effective(follow_up.effective.as_ref()),
            within: match follow_up.within {
                model::Within::Exact(length, calendar) => Within::Exact(length, calendar.0),
                model::Within::Calendar(period) => Within::Calendar(period),
                model::Within::WorkingDays(days, calendar) => Within::WorkingDays(days, calendar.0),
            },
            of: follow_up.of.as_ref().map(|moment| self.moment(moment)),
            done: self.triggers(&follow_up.done),
            because: follow_up.because.clone(),
        }
    }

    pub(super) fn require(&mut self, require: &model::Require) -> Require {
        Require {
            named: named(&require.declared),
            when: self.arena.lower(&require.when),
            that: self.arena.lower(&require.that),
            because: require.because.clone(),
        }
    }
}

/// Steps of a rule of the route, keyed `route.RULE.STEP.ROLE`.
pub(super) fn route_steps(
    model: &Model,
    rule: &str,
    escalations: &[model::Escalation],
) -> Vec<Step> {
    let mut keys = BTreeSet::new();
    steps(escalations, |step, clock, role| {
        let role = role.map_or("", |role| name(&model.roles, role.0));
        let key = format!("route.{rule}.{step}.{role}");
        if keys.insert((key.clone(), clock)) && keys.range(with(&key)).count() > 1 {
            // The same step on another clock.
            let clock = model.clocks.get(clock as usize);
            let clock = clock.map_or("", |clock| &clock.declared.name);
            return format!("route.{rule}.{step}-of-{clock}.{role}");
        }
        key
    })
}

/// All keys of that text.
fn with(key: &str) -> std::ops::RangeInclusive<(String, u32)> {
    (key.to_owned(), 0)..=(key.to_owned(), u32::MAX)
}

/// Steps of a tier, keyed `sla.CLOCK.STEP` and `sla.CLOCK.STEP.ROLE`: the same step of another tier
/// is the same step.
pub(super) fn tier_steps(model: &Model, tier: &model::Tier) -> Vec<Step> {
    let lines: Vec<model::Escalation> = tier
        .warnings
        .iter()
        .chain(&tier.escalations)
        .cloned()
        .collect();
    steps(&lines, |step, clock, role| {
        let clock = model.clocks.get(clock as usize);
        let clock = clock.map_or("", |clock| &clock.declared.name);
        match role {
            Some(role) => format!("sla.{clock}.{step}.{}", name(&model.roles, role.0)),
            None => format!("sla.{clock}.{step}"),
        }
    })
}

fn name(all: &[model::Declared], place: u32) -> &str {
    all.get(place as usize)
        .map_or("", |declared| &declared.name)
}

/// Steps in page order; one written twice counts once.
fn steps(
    lines: &[model::Escalation],
    mut key: impl FnMut(&str, u32, Option<model::RoleId>) -> String,
) -> Vec<Step> {
    let mut compiled: Vec<Step> = Vec::new();
    let mut known = BTreeSet::new();
    for line in lines {
        for (kind, _) in &line.steps {
            for (word, kind) in moments(*kind) {
                if !known.insert((word.clone(), line.clock, line.to)) {
                    continue;
                }
                compiled.push(Step {
                    key: key(&word, line.clock.0, line.to).into(),
                    kind,
                    to: line.to.map(|role| role.0),
                    clock: line.clock.0,
                });
            }
        }
    }
    compiled
}

/// A step's moments with their words in keys.
fn moments(kind: model::StepKind) -> Vec<(String, StepKind)> {
    let one = |word: String, kind| vec![(word, kind)];
    match kind {
        model::StepKind::AtPercent(percent) => {
            one(format!("at-{percent}%"), StepKind::Percent(percent))
        }
        model::StepKind::AtDue => one("at-due".to_owned(), StepKind::AtDue),
        model::StepKind::BeforeDue(length) => {
            one(format!("{length}-before-due"), StepKind::BeforeDue(length))
        }
        model::StepKind::AfterDue(length) => {
            one(format!("{length}-after-due"), StepKind::AfterDue(length))
        }
        model::StepKind::AfterElapsed(length) => {
            one(format!("after-{length}"), StepKind::AfterElapsed(length))
        }
        model::StepKind::EveryAfterDue(length, times) => {
            let each = (1..=times).filter_map(|number| {
                let after = length.times(i64::from(number))?;
                let word = format!("every-{length}-after-due-{number}");
                Some((word, StepKind::AfterDue(after)))
            });
            each.collect()
        }
    }
}
