//! Routing.

use super::super::ast::{
    Effective, Escalation, Expr, Route, RouteRule, RouteTarget, Step, StepKind,
};
use super::{Direct, once};

/// The clauses of a rule or of `otherwise`.
struct Clauses {
    when: Option<Expr>,
    effective: Option<Effective>,
    target: RouteTarget,
}

impl Direct<'_> {
    /// Behind `route`.
    pub fn route(&mut self) -> Option<Route> {
        let label = self.label()?;
        let mut effective = None;
        let mut strategy = None;
        let mut rules = Vec::new();
        let mut otherwise = None;
        let start = self.start();
        if self.eat_word("effective") {
            effective = Some(self.effective(start)?);
        }
        self.need_sign('{')?;
        while !self.eat_sign('}') {
            let start = self.start();
            match self.take_word()? {
                "effective" => once(&mut effective, self.effective(start)?)?,
                "rule" if otherwise.is_none() => rules.push(self.route_rule(start)?),
                "otherwise" => {
                    let rest = self.clauses(start)?;
                    if rest.when.is_some() || rest.effective.is_some() {
                        return None;
                    }
                    once(&mut otherwise, rest.target)?;
                }
                word => once(&mut strategy, self.strategy(word, start)?)?,
            }
        }
        Some(Route {
            label,
            effective,
            strategy: strategy?,
            rules,
            otherwise,
        })
    }

    fn route_rule(&mut self, start: usize) -> Option<RouteRule> {
        let declared = self.declared()?;
        let clauses = self.clauses(start)?;
        let span = clauses.target.span;
        Some(RouteRule {
            declared,
            effective: clauses.effective,
            when: clauses.when?,
            target: clauses.target,
            span,
        })
    }

    fn clauses(&mut self, start: usize) -> Option<Clauses> {
        let mut when = None;
        let mut role = None;
        let mut queue = None;
        let mut with = None;
        let mut because = None;
        let mut effective = None;
        let mut escalations = Vec::new();
        loop {
            let start = self.start();
            if self.eat_word("when") {
                once(&mut when, self.expr()?)?;
            } else if self.eat_word("to") {
                once(&mut role, self.name()?)?;
            } else if self.eat_word("in") {
                self.need_word("queue")?;
                once(&mut queue, self.name()?)?;
            } else if self.eat_word("with") {
                let mut roles = vec![self.name()?];
                while self.eat_sign(',') {
                    roles.push(self.name()?);
                }
                once(&mut with, roles)?;
            } else if self.eat_word("because") {
                once(&mut because, self.because()?)?;
            } else if self.eat_word("effective") {
                once(&mut effective, self.effective(start)?)?;
            } else if self.eat_word("escalate") {
                escalations.push(self.escalation(start)?);
            } else {
                break;
            }
        }
        Some(Clauses {
            when,
            effective,
            target: RouteTarget {
                role: role?,
                queue,
                with: with.unwrap_or_default(),
                escalations,
                because: because.unwrap_or_default(),
                span: self.span_from(start),
            },
        })
    }

    /// Behind `escalate`.
    fn escalation(&mut self, start: usize) -> Option<Escalation> {
        self.need_word("to")?;
        let to = Some(self.name()?);
        let mut steps = vec![self.step()?];
        while self.eat_sign(',') {
            steps.push(self.step()?);
        }
        self.need_word("of")?;
        Some(Escalation {
            to,
            steps,
            clock: self.name()?,
            span: self.span_from(start),
        })
    }

    fn step(&mut self) -> Option<Step> {
        let start = self.start();
        let kind = if self.eat_word("at") {
            match self.eat_word("due") {
                true => StepKind::AtDue,
                false => StepKind::AtPercent(self.percent()?),
            }
        } else if self.eat_word("every") {
            let period = self.duration()?;
            self.need_word("after")?;
            self.need_word("due")?;
            self.need_word("at")?;
            self.need_word("most")?;
            let times = self.count(1_000_000)?;
            self.need_word("times")?;
            StepKind::EveryAfterDue(period, times)
        } else if self.eat_word("after") {
            StepKind::AfterElapsed(self.duration()?)
        } else {
            let amount = self.duration()?;
            let kind = match self.take_word()? {
                "before" => StepKind::BeforeDue(amount),
                "after" => StepKind::AfterDue(amount),
                _ => return None,
            };
            self.need_word("due")?;
            kind
        };
        let span = self.span_from(start);
        Some(Step { kind, span })
    }
}
