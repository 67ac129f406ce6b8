//! What goes with a case besides routes and clocks: retention, holds, follow-ups, requirements.

use super::builder::{Builder, Space, citations};
use super::places::Place;
use super::quick::HashMap;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::{
    Amount, CalendarId, Disposal, FollowUp, Hold, Keep, Moment, RecordClassId, Require, Retain,
    RoleId, Within,
};
use crate::source::Span;
use crate::syntax::ast::{self, DisposalKind, ItemKind, WithinAmount, WithinOf};

impl<'a> Builder<'a> {
    /// Checks retention, holds, follow-ups and requirements in page order.
    pub fn check_duties(&mut self) {
        let mut holds: HashMap<(&str, &str), Span> = HashMap::default();
        let files = self.input.files;
        for item in files.iter().flat_map(|file| &file.items) {
            match &item.kind {
                ItemKind::Retain(retain) => {
                    self.enter(format!("retain.{}", retain.record.text));
                    let checked = self.retain(retain, item.span);
                    self.model.retains.extend(checked);
                }
                ItemKind::Hold(hold) => {
                    self.enter(format!("hold.{}", hold.declared.name.text));
                    let name = &hold.declared.name;
                    match holds
                        .get(&(name.text.as_str(), hold.record.text.as_str()))
                        .copied()
                    {
                        Some(first) => self.duplicate(
                            "duplicate-name",
                            &message!("a hold on the same record class"),
                            name,
                            first,
                        ),
                        None => {
                            holds.insert((&name.text, &hold.record.text), name.span);
                        }
                    }
                    let checked = self.hold(hold);
                    self.model.holds.extend(checked);
                }
                ItemKind::FollowUp(follow_up) => {
                    self.enter(format!("follow_up.{}", follow_up.declared.name.text));
                    let checked = self.follow_up(follow_up);
                    self.model.follow_ups.extend(checked);
                }
                ItemKind::Require(require) => {
                    self.enter(format!("require.{}", require.declared.name.text));
                    let when = self.condition(&require.when, Place::Duty);
                    let that = self.condition(&require.that, Place::Duty);
                    if let (Some(when), Some(that)) = (when, that) {
                        let declared = self.declared(&require.declared);
                        let because = citations(&require.because);
                        self.model.requires.push(Require {
                            declared,
                            when,
                            that,
                            because,
                        });
                    }
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
                | ItemKind::Route(_)
                | ItemKind::Calendar(_)
                | ItemKind::Clock(_)
                | ItemKind::Sla(_)
                | ItemKind::Guarantee(_)
                | ItemKind::Test(_) => {}
            }
        }
        self.enter("");
    }

    fn retain(&mut self, retain: &'a ast::Retain, span: Span) -> Option<Retain> {
        let record = self.look_up(Space::Record, &retain.record);
        let when = retain
            .when
            .as_ref()
            .map(|when| self.condition(when, Place::Duty));
        let effective = self.effective(retain.effective.as_ref());
        let from = self.moment(&retain.from, Place::Duty);
        if retain.keep.is_none() && retain.delete.is_none() {
            let message = message!(
                "this block says neither how long `{name}` is kept nor when it goes",
                name = retain.record.text
            );
            self.report(
                Diagnostic::error("missing-clause", retain.record.span, message).help(message!(
                    "add `keep at least …` or `delete no later than …`, or both"
                )),
            );
        }
        let then = retain.then.as_ref().map(|then| {
            let kind = match &then.kind {
                DisposalKind::Review(role) => {
                    Disposal::Review(RoleId(self.look_up(Space::Role, role)?))
                }
                DisposalKind::Destroy => Disposal::Destroy,
                DisposalKind::Anonymise => Disposal::Anonymise,
                DisposalKind::Archive => Disposal::Archive,
            };
            Some((kind, citations(&then.because)))
        });
        let (when, then) = match (when, then) {
            (Some(None), _) | (_, Some(None)) => return None,
            (when, then) => (when.flatten(), then.flatten()),
        };
        Some(Retain {
            record: RecordClassId(record?),
            label: retain.label.as_ref().map(|label| label.text.clone()),
            when,
            effective,
            from: from?,
            keep: retain.keep.as_ref().map(keep),
            delete: retain.delete.as_ref().map(keep),
            then,
            because: citations(&retain.because),
            span,
        })
    }

    fn hold(&mut self, hold: &'a ast::Hold) -> Option<Hold> {
        let record = self.look_up(Space::Record, &hold.record);
        let when = self.condition(&hold.when, Place::Duty);
        Some(Hold {
            declared: self.declared(&hold.declared),
            record: RecordClassId(record?),
            when: when?,
            because: citations(&hold.because),
        })
    }

    fn follow_up(&mut self, follow_up: &'a ast::FollowUp) -> Option<FollowUp> {
        let by = self.look_up(Space::Role, &follow_up.by);
        let when = self.condition(&follow_up.when, Place::Duty);
        let effective = self.effective(follow_up.effective.as_ref());
        let mut calendar: Option<(u32, Span)> = None;
        let mut moment: Option<(Moment, Span)> = None;
        let mut sound = true;
        for of in &follow_up.of {
            match self.within_of(of) {
                Some((Of::Calendar(id), span)) => {
                    if let Some((_, first)) = calendar {
                        self.second_of(span, first, message!("a calendar"));
                        sound = false;
                    }
                    calendar = Some((id, span));
                }
                Some((Of::Moment(found), span)) => {
                    if let Some((_, first)) = &moment {
                        self.second_of(span, *first, message!("a moment"));
                        sound = false;
                    }
                    moment = Some((found, span));
                }
                None => sound = false,
            }
        }
        let within = self.within(follow_up, calendar);
        let done = self.triggers(&follow_up.done, Place::Duty);
        if !sound {
            return None;
        }
        Some(FollowUp {
            declared: self.declared(&follow_up.declared),
            by: RoleId(by?),
            when: when?,
            effective,
            within: within?,
            of: moment.map(|(moment, _)| moment),
            done: done?,
            because: citations(&follow_up.because),
        })
    }

    fn second_of(&mut self, span: Span, first: Span, what: Message) {
        let message = message!("`within` names {what} already", what);
        let finding = Diagnostic::error("duplicate-clause", span, message);
        self.report(
            finding
                .also(first, message!("first given here"))
                .help(message!("keep one of the two")),
        );
    }

    fn within(
        &mut self,
        follow_up: &ast::FollowUp,
        calendar: Option<(u32, Span)>,
    ) -> Option<Within> {
        let (amount, _) = &follow_up.within;
        match (amount, calendar) {
            (WithinAmount::Amount(Amount::Exact(length)), calendar) => Some(Within::Exact(
                *length,
                CalendarId(calendar.map_or(0, |(id, _)| id)),
            )),
            (WithinAmount::Amount(Amount::Calendar(period)), None) => {
                Some(Within::Calendar(*period))
            }
            (WithinAmount::Amount(Amount::Calendar(period)), Some((_, span))) => {
                let message = message!(
                    "`{period}` counts every day, so no calendar can stand behind it",
                    period
                );
                let help = message!(
                    "for days on which it opens write `{count} working days of {text} by close`, or leave the calendar out",
                    count = period.count,
                    text = self.text(span)
                );
                self.report(Diagnostic::error("not-allowed-here", span, message).help(help));
                None
            }
            (WithinAmount::WorkingDays(days, name), calendar) => {
                let id = self.look_up(Space::Calendar, name)?;
                if let Some((_, span)) = calendar {
                    self.second_of(span, name.span, message!("a calendar"));
                    return None;
                }
                Some(Within::WorkingDays(*days, CalendarId(id)))
            }
        }
    }

    /// What stands behind `of`: one name may be a calendar or an instant field.
    fn within_of(&mut self, of: &'a WithinOf) -> Option<(Of, Span)> {
        match of {
            WithinOf::Moment(moment) => {
                let found = self.moment(moment, Place::Duty)?;
                Some((Of::Moment(found), moment.span))
            }
            WithinOf::Name(name) => {
                let calendar = self
                    .names
                    .get(&(Space::Calendar, name.text.as_str()))
                    .map(|found| found.entry);
                let field = self.slots.contains_key(&(0, name.text.as_str()));
                match (calendar, field) {
                    (Some(_), true) => {
                        let message =
                            message!("`{name}` is a calendar and a field", name = name.text);
                        self.report(
                            Diagnostic::error("ambiguous-name", name.span, message)
                                .help(message!("give one of the two another name")),
                        );
                        None
                    }
                    (Some(calendar), false) => Some((Of::Calendar(calendar), name.span)),
                    (None, true) => {
                        let found = self.moment_field(std::slice::from_ref(name))?;
                        Some((Of::Moment(found), name.span))
                    }
                    (None, false)
                        if self.declares(Space::Value, &name.text)
                            || self.declares(Space::Event, &name.text) =>
                    {
                        self.moment_field(std::slice::from_ref(name));
                        None
                    }
                    (None, false) => {
                        if !self.may_be_lost(Space::Value, &name.text) {
                            self.unknown(Space::Calendar, name);
                        }
                        None
                    }
                }
            }
        }
    }
}

/// What a name behind `of` turned out to be.
enum Of {
    Calendar(u32),
    Moment(Moment),
}

fn keep(keep: &ast::Keep) -> Keep {
    Keep {
        amount: keep.amount,
        excluding_starting_month: keep.excluding_starting_month,
        because: citations(&keep.because),
        span: keep.span,
    }
}
