//! Routing, escalations and tiers.

use super::super::ast::{
    Because, Effective, Escalation, Expr, Name, Route, RouteRule, RouteTarget, Sla, Step, StepKind,
    Strategy, Target, TargetKind, Tier,
};
use super::super::grammar::Rule;
use super::clauses::Once;
use super::{Lower, Node, children};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::source::Span;

/// Clauses of a routing rule while they are collected.
struct RouteClauses {
    when: Once<Expr>,
    role: Once<Name>,
    queue: Once<Name>,
    with: Once<Vec<Name>>,
    because: Once<Because>,
    effective: Once<Effective>,
    escalations: Vec<Escalation>,
}

impl Lower<'_> {
    /// `route { … }`
    pub fn route(&mut self, node: Node<'_>) -> Route {
        let whole = self.span(&node);
        let keyword = Span::new(
            whole.source,
            whole.start as usize,
            whole.start as usize + "route".len(),
        );
        let mut label = None;
        let mut effective = Once::new("effective");
        let mut strategy = Once::strategy();
        let mut rules = Vec::new();
        let mut otherwise = Once::new("otherwise");
        for child in children(node) {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::string => label = Some(self.text(&child)),
                Rule::effective => {
                    let value = self.effective(child);
                    effective.set_some(self, span, value);
                }
                _ => {
                    let Some(part) = child.into_inner().next() else {
                        continue;
                    };
                    match part.as_rule() {
                        Rule::strategy => {
                            let value = self.strategy(&part);
                            strategy.set(self, span, value);
                        }
                        Rule::effective => {
                            let value = self.effective(part);
                            effective.set_some(self, span, value);
                        }
                        Rule::route_otherwise => {
                            let value = self.route_otherwise(part);
                            otherwise.set_some(self, span, value);
                        }
                        _ => {
                            if let Some(first) = otherwise.span() {
                                self.report_after_otherwise(span, first);
                            }
                            rules.extend(self.route_rule(part));
                        }
                    }
                }
            }
        }
        let strategy = self.strategy_or_first(strategy, keyword, false);
        Route {
            label,
            effective: effective.take(),
            strategy,
            rules,
            otherwise: otherwise.take(),
        }
    }

    fn route_clauses<'i>(&mut self, nodes: impl Iterator<Item = Node<'i>>) -> RouteClauses {
        let mut clauses = RouteClauses {
            when: Once::new("when"),
            role: Once::new("to"),
            queue: Once::new("in queue"),
            with: Once::new("with"),
            because: Once::new("because"),
            effective: Once::new("effective"),
            escalations: Vec::new(),
        };
        for node in nodes {
            let place = self.span(&node);
            let Some(clause) = children(node).next() else {
                continue;
            };
            match clause.as_rule() {
                Rule::when_clause => {
                    let value = self.when_clause(clause);
                    clauses.when.set_some(self, place, value);
                }
                Rule::to_clause => {
                    let value = children(clause).next().map(|name| self.name(&name));
                    clauses.role.set_some(self, place, value);
                }
                Rule::in_queue => {
                    let value = children(clause).next().map(|name| self.name(&name));
                    clauses.queue.set_some(self, place, value);
                }
                Rule::with_clause => {
                    let value = children(clause).map(|name| self.name(&name)).collect();
                    clauses.with.set(self, place, value);
                }
                Rule::escalate => clauses.escalations.extend(self.escalation(clause)),
                Rule::effective => {
                    let value = self.effective(clause);
                    clauses.effective.set_some(self, place, value);
                }
                _ => {
                    let value = self.because(clause);
                    clauses.because.set(self, place, value);
                }
            }
        }
        clauses
    }

    fn route_rule(&mut self, node: Node<'_>) -> Option<RouteRule> {
        let span = self.span(&node);
        let mut nodes = children(node);
        let declared = nodes.next().and_then(|name| self.declared(name))?;
        let clauses = self.route_clauses(nodes);
        let what = message!("the rule `{name}`", name = declared.name.text);
        if !clauses.when.is_some() {
            self.missing_clause(declared.name.span, &what, "when", message!("write `when CONDITION` before `to`; for every other case write `otherwise to ROLE` at the end of the block"));
        } else if !clauses.role.is_some() {
            self.missing_clause(
                declared.name.span,
                &what,
                "to",
                message!("write `to ROLE` after the condition"),
            );
        }
        Some(RouteRule {
            declared,
            effective: clauses.effective.take(),
            when: clauses.when.take()?,
            target: RouteTarget {
                role: clauses.role.take()?,
                queue: clauses.queue.take(),
                with: clauses.with.take().unwrap_or_default(),
                escalations: clauses.escalations,
                because: clauses.because.take().unwrap_or_default(),
                span,
            },
            span,
        })
    }

    fn route_otherwise(&mut self, node: Node<'_>) -> Option<RouteTarget> {
        let span = self.span(&node);
        let clauses = self.route_clauses(children(node));
        if let Some(place) = clauses.when.span().or(clauses.effective.span()) {
            self.report(
                Diagnostic::error(
                    "otherwise-condition",
                    place,
                    message!("`otherwise` has no condition and no dates"),
                )
                .label(message!("not here"))
                .help(message!(
                    "make it a `rule` of its own, or take this clause away"
                )),
            );
        }
        if !clauses.role.is_some() {
            self.missing_clause(
                span,
                &Message::verbatim("`otherwise`"),
                "to",
                message!("write `otherwise to ROLE`"),
            );
        }
        Some(RouteTarget {
            role: clauses.role.take()?,
            queue: clauses.queue.take(),
            with: clauses.with.take().unwrap_or_default(),
            escalations: clauses.escalations,
            because: clauses.because.take().unwrap_or_default(),
            span,
        })
    }

    /// `escalate to ROLE STEP of CLOCK` or `warn STEP of CLOCK`
    pub fn escalation(&mut self, node: Node<'_>) -> Option<Escalation> {
        let span = self.span(&node);
        let escalate = node.as_rule() == Rule::escalate;
        let mut names = Vec::new();
        let mut steps = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::step => steps.extend(self.step(child)),
                _ => names.push(self.name(&child)),
            }
        }
        let clock = names.pop()?;
        let to = if escalate { Some(names.pop()?) } else { None };
        Some(Escalation {
            to,
            steps,
            clock,
            span,
        })
    }

    fn step(&mut self, node: Node<'_>) -> Option<Step> {
        let span = self.span(&node);
        let inner = node.into_inner().next()?;
        let form = inner.as_rule();
        let mut amount = None;
        let mut number = None;
        for child in children(inner) {
            match child.as_rule() {
                Rule::amount => amount = Some(self.exact(child)),
                Rule::percent => number = Some(self.percent(&child)),
                _ => number = Some(self.count(&child)),
            }
        }
        let kind = match form {
            Rule::at_percent => StepKind::AtPercent(number?),
            Rule::at_due => StepKind::AtDue,
            Rule::before_due => StepKind::BeforeDue(amount?),
            Rule::after_due => StepKind::AfterDue(amount?),
            Rule::after_elapsed => StepKind::AfterElapsed(amount?),
            _ => StepKind::EveryAfterDue(amount?, number?),
        };
        Some(Step { kind, span })
    }

    /// `sla { … }`
    pub fn sla(&mut self, node: Node<'_>) -> Sla {
        let mut label = None;
        let mut effective = Once::new("effective");
        let mut tiers: Vec<Tier> = Vec::new();
        for child in children(node) {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::string => label = Some(self.text(&child)),
                Rule::effective => {
                    let value = self.effective(child);
                    effective.set_some(self, span, value);
                }
                _ => {
                    let Some(part) = child.into_inner().next() else {
                        continue;
                    };
                    match part.as_rule() {
                        Rule::strategy => {
                            let (strategy, place) = self.strategy(&part);
                            if strategy != Strategy::FirstMatch {
                                self.report(
                                    Diagnostic::error(
                                        "bad-strategy",
                                        place,
                                        message!("tiers are always tried from the top"),
                                    )
                                    .label(message!("the first tier that is true counts"))
                                    .help(message!("take this word away")),
                                );
                            }
                        }
                        Rule::effective => {
                            let value = self.effective(part);
                            effective.set_some(self, span, value);
                        }
                        _ => {
                            if let Some(last) = tiers.iter().find(|tier| tier.when.is_none()) {
                                let last = last.declared.name.span;
                                self.report_after_otherwise(span, last);
                            }
                            tiers.extend(self.tier(part));
                        }
                    }
                }
            }
        }
        Sla {
            label,
            effective: effective.take(),
            tiers,
        }
    }

    fn tier(&mut self, node: Node<'_>) -> Option<Tier> {
        let span = self.span(&node);
        let is_otherwise = node.as_rule() == Rule::otherwise_tier;
        let mut declared = None;
        let mut when = Once::new("when");
        let mut effective = Once::new("effective");
        let mut body = None;
        for child in children(node) {
            let place = self.span(&child);
            match child.as_rule() {
                Rule::declared => declared = self.declared(child),
                Rule::tier_head => {
                    let Some(clause) = children(child).next() else {
                        continue;
                    };
                    if clause.as_rule() == Rule::when_clause {
                        let value = self.when_clause(clause);
                        when.set_some(self, place, value);
                    } else {
                        let value = self.effective(clause);
                        effective.set_some(self, place, value);
                    }
                }
                _ => body = Some(child),
            }
        }
        let declared = declared?;
        if !is_otherwise && !when.is_some() {
            let what = message!("the tier `{name}`", name = declared.name.text);
            self.missing_clause(declared.name.span, &what, "when", message!("write `when CONDITION` before the brace, or `otherwise tier NAME` for every other case"));
        }
        if let (true, Some(place)) = (is_otherwise, when.span().or(effective.span())) {
            self.report(
                Diagnostic::error(
                    "otherwise-condition",
                    place,
                    message!("`otherwise` has no condition and no dates"),
                )
                .label(message!("not here"))
                .help(message!("take `otherwise` away, or this clause")),
            );
        }
        let mut tier = Tier {
            declared,
            effective: effective.take(),
            when: if is_otherwise {
                None
            } else {
                Some(when.take()?)
            },
            targets: Vec::new(),
            warnings: Vec::new(),
            escalations: Vec::new(),
            because: Vec::new(),
            span,
        };
        self.tier_body(body?, &mut tier);
        Some(tier)
    }

    fn tier_body(&mut self, node: Node<'_>, tier: &mut Tier) {
        let mut because = Once::new("because");
        for child in children(node) {
            let place = self.span(&child);
            let Some(part) = children(child).next() else {
                continue;
            };
            match part.as_rule() {
                Rule::warn => tier.warnings.extend(self.escalation(part)),
                Rule::escalate => tier.escalations.extend(self.escalation(part)),
                Rule::because => {
                    let value = self.because(part);
                    because.set(self, place, value);
                }
                _ => {
                    let mut parts = children(part);
                    let clock = parts.next().map(|name| self.name(&name));
                    let target = parts.next().and_then(|target| self.target(target));
                    tier.targets.extend(clock.zip(target));
                }
            }
        }
        tier.because = because.take().unwrap_or_default();
    }

    /// How long a clock may run.
    pub fn target(&mut self, node: Node<'_>) -> Option<Target> {
        let span = self.span(&node);
        let inner = node.into_inner().next()?;
        let kind = match inner.as_rule() {
            Rule::working_days => return self.working_days(inner),
            Rule::duration_of => return Some(self.duration_of(inner)),
            Rule::period => TargetKind::Calendar(self.period(inner)),
            Rule::duration => TargetKind::Exact(self.duration(&inner), None),
            _ => TargetKind::None,
        };
        Some(Target { kind, span })
    }
}
