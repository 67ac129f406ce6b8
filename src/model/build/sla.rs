//! Tiers: how long each clock may run.

use super::builder::{Builder, Space, citations};
use super::places::Place;
use super::wording::listed;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::{CalendarId, ClockId, Sla, Target, Tier};
use crate::source::Span;
use crate::syntax::ast::{self, TargetKind};
use std::collections::BTreeMap;

impl<'a> Builder<'a> {
    /// Checks the sla block.
    pub fn check_sla(&mut self) {
        let Some(sla) = self.sla else { return };
        self.enter("sla");
        let effective = self.effective(sla.effective.as_ref());
        self.once_each(
            "duplicate-tier",
            &message!("a tier"),
            sla.tiers.iter().map(|tier| &tier.declared.name),
        );
        let mut tiers = Vec::with_capacity(sla.tiers.len());
        for tier in &sla.tiers {
            self.enter(format!("sla.{}", tier.declared.name.text));
            if let Some(tier) = self.tier(tier) {
                tiers.push(tier);
            }
        }
        self.enter("");
        let label = sla.label.as_ref().map(|label| label.text.clone());
        self.model.sla = Some(Sla {
            label,
            effective,
            tiers,
        });
    }

    fn tier(&mut self, tier: &'a ast::Tier) -> Option<Tier> {
        let effective = self.effective(tier.effective.as_ref());
        let when = tier
            .when
            .as_ref()
            .map(|when| self.condition(when, Place::Tier));
        let targets = self.targets(tier);
        let warnings = self.escalations(&tier.warnings);
        let escalations = self.escalations(&tier.escalations);
        let when = match when {
            Some(checked) => Some(checked?),
            None => None,
        };
        Some(Tier {
            declared: self.declared(&tier.declared),
            effective,
            when,
            targets: targets?,
            warnings: warnings?,
            escalations: escalations?,
            because: citations(&tier.because),
            span: tier.span,
        })
    }

    /// One target for each clock, in the order of the clocks.
    fn targets(&mut self, tier: &ast::Tier) -> Option<Vec<(ClockId, Target)>> {
        let mut found: BTreeMap<u32, (Span, Option<Target>)> = BTreeMap::new();
        let mut sound = true;
        for (clock, target) in &tier.targets {
            let checked = self.target(target);
            sound &= checked.is_some();
            let Some(id) = self.look_up(Space::Clock, clock) else {
                sound = false;
                continue;
            };
            if let Some((first, _)) = found.get(&id) {
                let first = *first;
                let message = message!(
                    "tier `{tier}` has a target for `{clock}` already",
                    tier = tier.declared.name.text,
                    clock = clock.text
                );
                self.report(
                    Diagnostic::error("duplicate-clause", clock.span, message)
                        .also(first, message!("first given here"))
                        .help(message!("keep one of the two")),
                );
                sound = false;
                continue;
            }
            found.insert(id, (clock.span, checked));
        }
        let lacking: Vec<&str> = self
            .clocks
            .iter()
            .enumerate()
            .filter(|(at, _)| !found.contains_key(&super::builder::number(*at)))
            .map(|(_, clock)| clock.declared.name.text.as_str())
            .collect();
        // A misspelt clock is one mistake, not also a clock without target.
        let misspelt = tier.targets.len() > found.len();
        if let Some(first) = lacking.first()
            && !misspelt
        {
            let list = listed(lacking.iter().copied());
            let message = message!(
                "tier `{name}` names no target for {list}",
                name = tier.declared.name.text,
                list
            );
            self.report(
                Diagnostic::error("missing-target", tier.declared.name.span, message).help(
                    message!(
                        "a tier names every clock; `{first} none` is the word for no limit",
                        first
                    ),
                ),
            );
            return None;
        }
        if !sound {
            return None;
        }
        found
            .into_iter()
            .map(|(id, (_, target))| Some((ClockId(id), target?)))
            .collect()
    }

    /// A target as written.
    pub(super) fn target(&mut self, target: &ast::Target) -> Option<Target> {
        match &target.kind {
            TargetKind::None => Some(Target::None),
            TargetKind::Exact(length, calendar) => {
                let calendar = match calendar {
                    Some(calendar) => self.look_up(Space::Calendar, calendar)?,
                    None => 0,
                };
                if length.millis() < 0 {
                    let message = message!("a target of `{length}` lies before its start", length);
                    self.report(Diagnostic::error("out-of-bounds", target.span, message));
                    return None;
                }
                Some(Target::Exact(*length, CalendarId(calendar)))
            }
            TargetKind::WorkingDays(days, calendar) => {
                let calendar = self.look_up(Space::Calendar, calendar)?;
                Some(Target::WorkingDays(*days, CalendarId(calendar)))
            }
            TargetKind::Calendar(period) => Some(Target::Calendar(*period)),
        }
    }
}
