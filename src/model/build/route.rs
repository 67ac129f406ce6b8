//! The route: where cases go, and the escalations that routes and tiers share.

use super::builder::{Builder, Space, citations};
use super::places::Place;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::{
    ClockId, Escalation, QueueId, RoleId, Route, RouteRule, RouteTarget, StepKind, Strategy,
};
use crate::syntax::ast;

/// More times than `every … at most N times` may happen.
const MANY: u32 = 1001;

impl<'a> Builder<'a> {
    /// Checks the route block.
    pub fn check_route(&mut self) {
        let Some(route) = self.route else { return };
        self.enter("route");
        let effective = self.effective(route.effective.as_ref());
        let (strategy, span) = route.strategy;
        match strategy {
            Strategy::FirstMatch | Strategy::Unique => {}
            Strategy::Highest | Strategy::Collect => {
                let message = message!(
                    "a route cannot be `{text}`: a case goes to one role",
                    text = self.text(span)
                );
                self.report(
                    Diagnostic::error("bad-strategy", span, message)
                        .help(message!("write `first match` or `unique`")),
                );
            }
        }
        self.once_each(
            "duplicate-rule",
            &message!("a rule of the route"),
            route.rules.iter().map(|rule| &rule.declared.name),
        );
        let mut rules = Vec::with_capacity(route.rules.len());
        for rule in &route.rules {
            self.enter(format!("route.{}", rule.declared.name.text));
            let effective = self.effective(rule.effective.as_ref());
            let when = self.condition(&rule.when, Place::Route);
            let target = self.route_target(&rule.target);
            if let (Some(when), Some(target)) = (when, target) {
                let declared = self.declared(&rule.declared);
                rules.push(RouteRule {
                    declared,
                    effective,
                    when,
                    target,
                    span: rule.span,
                });
            }
        }
        self.enter("route.otherwise");
        let otherwise = route
            .otherwise
            .as_ref()
            .and_then(|target| self.route_target(target));
        self.enter("");
        let label = route.label.as_ref().map(|label| label.text.clone());
        self.model.route = Some(Route {
            label,
            strategy,
            effective,
            rules,
            otherwise,
        });
    }

    fn route_target(&mut self, target: &ast::RouteTarget) -> Option<RouteTarget> {
        let role = self.look_up(Space::Role, &target.role);
        let queue = target
            .queue
            .as_ref()
            .map(|queue| self.look_up(Space::Queue, queue));
        let with: Vec<Option<u32>> = target
            .with
            .iter()
            .map(|role| self.look_up(Space::Role, role))
            .collect();
        for (at, role) in target.with.iter().enumerate() {
            if let Some(first) = target
                .with
                .iter()
                .take(at)
                .find(|first| first.text == role.text)
            {
                let message = message!("`{name}` is told already", name = role.text);
                let finding = Diagnostic::error("duplicate-name", role.span, message);
                self.report(
                    finding
                        .also(first.span, message!("first named here"))
                        .help(message!("remove one of the two")),
                );
            }
        }
        let escalations = self.escalations(&target.escalations);
        let queue = match queue {
            Some(found) => Some(QueueId(found?)),
            None => None,
        };
        Some(RouteTarget {
            role: RoleId(role?),
            queue,
            with: with
                .into_iter()
                .map(|role| role.map(RoleId))
                .collect::<Option<_>>()?,
            escalations: escalations?,
            because: citations(&target.because),
            span: target.span,
        })
    }

    /// Escalations or warnings; none when one of them is wrong.
    pub(super) fn escalations(&mut self, list: &[ast::Escalation]) -> Option<Vec<Escalation>> {
        let checked: Vec<Option<Escalation>> =
            list.iter().map(|one| self.escalation(one)).collect();
        checked.into_iter().collect()
    }

    fn escalation(&mut self, escalation: &ast::Escalation) -> Option<Escalation> {
        let to = escalation
            .to
            .as_ref()
            .map(|role| self.look_up(Space::Role, role));
        let clock = self.look_up(Space::Clock, &escalation.clock);
        let mut sound = true;
        for step in &escalation.steps {
            let (message, help) = match step.kind {
                StepKind::EveryAfterDue(_, 0) => (
                    message!("`at most 0 times` never happens"),
                    message!("leave the step out"),
                ),
                StepKind::EveryAfterDue(period, _) if period.millis() <= 0 => (
                    message!("`every` needs a length of time above nothing"),
                    message!("write `every 4h after due at most 3 times`"),
                ),
                StepKind::EveryAfterDue(_, MANY..) => (
                    message!("`every` may happen at most 1000 times"),
                    message!("write a smaller number behind `at most`"),
                ),
                StepKind::AtPercent(_)
                | StepKind::AtDue
                | StepKind::BeforeDue(_)
                | StepKind::AfterDue(_)
                | StepKind::AfterElapsed(_)
                | StepKind::EveryAfterDue(..) => continue,
            };
            self.report(Diagnostic::error("out-of-bounds", step.span, message).help(help));
            sound = false;
        }
        let to = match to {
            Some(found) => Some(RoleId(found?)),
            None => None,
        };
        let clock = ClockId(clock?);
        let steps = escalation
            .steps
            .iter()
            .map(|step| (step.kind, step.span))
            .collect();
        sound.then_some(Escalation {
            to,
            steps,
            clock,
            span: escalation.span,
        })
    }
}
