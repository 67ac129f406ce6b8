//! Where the parts of clocks, calendars, tiers and follow-ups are written: the trees behind what the
//! model keeps without places.

use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, Trigger};
use std::collections::HashMap;

/// Trees by the place of the name that declares them.
#[derive(Default)]
pub(super) struct Written<'a> {
    pub calendars: HashMap<Span, &'a ast::Calendar>,
    pub clocks: HashMap<Span, &'a ast::Clock>,
    pub tiers: HashMap<Span, &'a ast::Tier>,
    pub follow_ups: HashMap<Span, &'a ast::FollowUp>,
    /// By the place of the whole block.
    pub retains: HashMap<Span, &'a ast::Retain>,
    /// By the place of the whole clause.
    pub escalations: HashMap<Span, &'a ast::Escalation>,
    /// By the place of the whole clause.
    pub route_targets: HashMap<Span, &'a ast::RouteTarget>,
}

impl<'a> Written<'a> {
    pub fn of(files: &'a [ast::File]) -> Written<'a> {
        let mut written = Written::default();
        for item in files.iter().flat_map(|file| &file.items) {
            match &item.kind {
                ItemKind::Calendar(calendar) => {
                    let name = calendar.declared.name.span;
                    written.calendars.insert(name, calendar);
                }
                ItemKind::Clock(clock) => {
                    written.clocks.insert(clock.declared.name.span, clock);
                }
                ItemKind::Sla(sla) => {
                    for tier in &sla.tiers {
                        written.tiers.insert(tier.declared.name.span, tier);
                        written.steps(tier.warnings.iter().chain(&tier.escalations));
                    }
                }
                ItemKind::Route(route) => {
                    let rules = route.rules.iter().map(|rule| &rule.target);
                    for target in rules.chain(&route.otherwise) {
                        written.route_targets.insert(target.span, target);
                        written.steps(&target.escalations);
                    }
                }
                ItemKind::FollowUp(follow_up) => {
                    let name = follow_up.declared.name.span;
                    written.follow_ups.insert(name, follow_up);
                }
                ItemKind::Retain(retain) => {
                    written.retains.insert(item.span, retain);
                }
                ItemKind::Case(_)
                | ItemKind::Events(_)
                | ItemKind::Role(_)
                | ItemKind::Queue(_)
                | ItemKind::Record(_)
                | ItemKind::Type(..)
                | ItemKind::Define(..)
                | ItemKind::Script(_)
                | ItemKind::Classify(_)
                | ItemKind::Hold(_)
                | ItemKind::Require(_)
                | ItemKind::Guarantee(_)
                | ItemKind::Test(_) => {}
            }
        }
        written
    }

    fn steps(&mut self, list: impl IntoIterator<Item = &'a ast::Escalation>) {
        self.escalations
            .extend(list.into_iter().map(|one| (one.span, one)));
    }

    /// The target that a tier writes for a clock.
    pub fn target(&self, tier: Span, clock: &str) -> Option<Span> {
        let targets = &self.tiers.get(&tier)?.targets;
        let (_, target) = targets.iter().find(|(name, _)| name.text == clock)?;
        Some(target.span)
    }
}

/// The place of what a trigger waits for.
pub(super) fn trigger(trigger: &Trigger) -> Span {
    match trigger {
        Trigger::On(event) => event.span,
        Trigger::When(when) => when.span,
    }
}
