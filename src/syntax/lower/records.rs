//! Retention, holds, follow-ups and requirements.

use super::super::ast::{
    Amount, Disposal, DisposalKind, FollowUp, Hold, Keep, Moment, MomentKind, Require, Retain,
    TargetKind, WithinAmount, WithinOf,
};
use super::super::grammar::Rule;
use super::clauses::Once;
use super::{Lower, Node, children};
use crate::message::message;
use crate::source::Span;

impl Lower<'_> {
    /// `retain RECORD … { … }`
    pub fn retain(&mut self, node: Node<'_>) -> Option<Retain> {
        let mut record = None;
        let mut label = None;
        let mut when = Once::new("when");
        let mut effective = Once::new("effective");
        let mut from = Once::new("from");
        let mut keep = Once::new("keep at least");
        let mut delete = Once::new("delete no later than");
        let mut then = Once::new("then");
        let mut because = Once::new("because");
        for child in children(node) {
            let place = self.span(&child);
            match child.as_rule() {
                Rule::identifier => record = Some(self.name(&child)),
                Rule::string => label = Some(self.text(&child)),
                _ => {
                    let Some(part) = children(child).next() else {
                        continue;
                    };
                    match part.as_rule() {
                        Rule::when_clause => {
                            let value = self.when_clause(part);
                            when.set_some(self, place, value);
                        }
                        Rule::effective => {
                            let value = self.effective(part);
                            effective.set_some(self, place, value);
                        }
                        Rule::retain_from => {
                            let value =
                                children(part).next().and_then(|moment| self.moment(moment));
                            from.set_some(self, place, value);
                        }
                        Rule::keep => {
                            let value = self.keep(part);
                            keep.set_some(self, place, value);
                        }
                        Rule::delete => {
                            let value = self.keep(part);
                            delete.set_some(self, place, value);
                        }
                        Rule::disposal => {
                            let value = self.disposal(part);
                            then.set_some(self, place, value);
                        }
                        _ => {
                            let value = self.because(part);
                            because.set(self, place, value);
                        }
                    }
                }
            }
        }
        let record = record?;
        if !from.is_some() {
            let what = message!("the retention of `{name}`", name = record.text);
            self.missing_clause(
                record.span,
                &what,
                "from",
                message!(
                    "write `from MOMENT` inside the braces, such as `from when status is closed`"
                ),
            );
        }
        Some(Retain {
            record,
            label,
            when: when.take(),
            effective: effective.take(),
            from: from.take()?,
            keep: keep.take(),
            delete: delete.take(),
            then: then.take(),
            because: because.take().unwrap_or_default(),
        })
    }

    fn keep(&mut self, node: Node<'_>) -> Option<Keep> {
        let span = self.span(&node);
        let mut amount = None;
        let mut excluding_starting_month = false;
        let mut because = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::amount => amount = Some(self.amount(child)),
                Rule::excluding_month => excluding_starting_month = true,
                _ => because = self.because(child),
            }
        }
        Some(Keep {
            amount: amount?,
            excluding_starting_month,
            because,
            span,
        })
    }

    fn disposal(&mut self, node: Node<'_>) -> Option<Disposal> {
        let span = self.span(&node);
        let mut kind = None;
        let mut because = Vec::new();
        for child in node.into_inner() {
            match child.as_rule() {
                Rule::review => {
                    let role = children(child).next()?;
                    kind = Some(DisposalKind::Review(self.name(&role)));
                }
                Rule::kw_destroy => kind = Some(DisposalKind::Destroy),
                Rule::kw_anonymise => kind = Some(DisposalKind::Anonymise),
                Rule::kw_archive => kind = Some(DisposalKind::Archive),
                Rule::because => because = self.because(child),
                _ => {}
            }
        }
        Some(Disposal {
            kind: kind?,
            because,
            span,
        })
    }

    /// `hold NAME on RECORD when …`
    pub fn hold(&mut self, node: Node<'_>) -> Option<Hold> {
        let mut declared = None;
        let mut record = None;
        let mut when = None;
        let mut because = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::declared => declared = self.declared(child),
                Rule::identifier => record = Some(self.name(&child)),
                Rule::when_clause => when = self.when_clause(child),
                _ => because = self.because(child),
            }
        }
        Some(Hold {
            declared: declared?,
            record: record?,
            when: when?,
            because,
        })
    }

    /// `follow_up NAME by ROLE …`
    pub fn follow_up(&mut self, node: Node<'_>) -> Option<FollowUp> {
        let mut nodes = children(node);
        let declared = nodes.next().and_then(|name| self.declared(name))?;
        let mut by = Once::new("by");
        let mut when = Once::new("when");
        let mut within = Once::new("within");
        let mut effective = Once::new("effective");
        let mut because = Once::new("because");
        let mut done = Vec::new();
        for child in nodes {
            let place = self.span(&child);
            let Some(clause) = children(child).next() else {
                continue;
            };
            match clause.as_rule() {
                Rule::follow_up_by => {
                    let value = children(clause).next().map(|role| self.name(&role));
                    by.set_some(self, place, value);
                }
                Rule::when_clause => {
                    let value = self.when_clause(clause);
                    when.set_some(self, place, value);
                }
                Rule::within => {
                    let value = self.within(clause, place);
                    within.set_some(self, place, value);
                }
                Rule::done => done.extend(
                    children(clause)
                        .next()
                        .and_then(|trigger| self.trigger(trigger)),
                ),
                Rule::effective => {
                    let value = self.effective(clause);
                    effective.set_some(self, place, value);
                }
                _ => {
                    let value = self.because(clause);
                    because.set(self, place, value);
                }
            }
        }
        let place = declared.name.span;
        let what = message!("the follow-up `{name}`", name = declared.name.text);
        if !by.is_some() {
            self.missing_clause(
                place,
                &what,
                "by",
                message!("write `by ROLE` after its name"),
            );
        } else if !when.is_some() {
            self.missing_clause(
                place,
                &what,
                "when",
                message!("write `when CONDITION`: it is listed once that is true"),
            );
        } else if !within.is_some() {
            self.missing_clause(
                place,
                &what,
                "within",
                message!("write `within 24h`, or `within 3 days`"),
            );
        } else if done.is_empty() {
            self.missing_clause(
                place,
                &what,
                "done",
                message!("write `done on EVENT` or `done when CONDITION`"),
            );
        }
        let (amount, of) = within.take()?;
        Some(FollowUp {
            declared,
            by: by.take()?,
            when: when.take()?,
            effective: effective.take(),
            within: amount,
            of,
            done,
            because: because.take().unwrap_or_default(),
        })
    }

    fn within(
        &mut self,
        node: Node<'_>,
        place: Span,
    ) -> Option<((WithinAmount, Span), Vec<WithinOf>)> {
        let mut amount = None;
        let mut of = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::amount => amount = Some(WithinAmount::Amount(self.amount(child))),
                Rule::working_days => {
                    amount = self
                        .working_days(child)
                        .and_then(|target| match target.kind {
                            TargetKind::WorkingDays(count, calendar) => {
                                Some(WithinAmount::WorkingDays(count, calendar))
                            }
                            TargetKind::Exact(duration, _) => {
                                Some(WithinAmount::Amount(Amount::Exact(duration)))
                            }
                            TargetKind::Calendar(period) => {
                                Some(WithinAmount::Amount(Amount::Calendar(period)))
                            }
                            TargetKind::None => None,
                        });
                }
                _ => {
                    let moment = children(child)
                        .next()
                        .and_then(|moment| self.moment(moment));
                    of.extend(moment.map(within_of));
                }
            }
        }
        Some(((amount?, place), of))
    }

    /// `require NAME when … that …`
    pub fn require(&mut self, node: Node<'_>) -> Option<Require> {
        let mut nodes = children(node);
        let declared = nodes.next().and_then(|name| self.declared(name))?;
        let mut when = Once::new("when");
        let mut that = Once::new("that");
        let mut because = Once::new("because");
        for child in nodes {
            let place = self.span(&child);
            let Some(clause) = children(child).next() else {
                continue;
            };
            match clause.as_rule() {
                Rule::when_clause => {
                    let value = self.when_clause(clause);
                    when.set_some(self, place, value);
                }
                Rule::that_clause => {
                    let value = children(clause).next().map(|expr| self.expr(expr));
                    that.set_some(self, place, value);
                }
                _ => {
                    let value = self.because(clause);
                    because.set(self, place, value);
                }
            }
        }
        let what = message!("the requirement `{name}`", name = declared.name.text);
        if !when.is_some() {
            self.missing_clause(
                declared.name.span,
                &what,
                "when",
                message!("write `when CONDITION`: it is asked while that is true"),
            );
        } else if !that.is_some() {
            self.missing_clause(
                declared.name.span,
                &what,
                "that",
                message!("write `that CONDITION`: what must hold"),
            );
        }
        Some(Require {
            declared,
            when: when.take()?,
            that: that.take()?,
            because: because.take().unwrap_or_default(),
        })
    }
}

/// A moment of one name alone may still be a calendar.
fn within_of(moment: Moment) -> WithinOf {
    match moment.kind {
        MomentKind::Field(mut path) if path.len() == 1 => match path.pop() {
            Some(name) => WithinOf::Name(name),
            None => WithinOf::Moment(Moment {
                kind: MomentKind::Field(path),
                span: moment.span,
            }),
        },
        kind => WithinOf::Moment(Moment {
            kind,
            span: moment.span,
        }),
    }
}
