//! Clocks: what starts, stops, pauses, cancels and resets them; moments.

use super::builder::{Builder, Space};
use super::places::Place;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::types::{Entry, Type};
use crate::model::{Amount, Clock, EventId, Moment, ReopenMode, RetierMode, Trigger};
use crate::syntax::ast::{self, MomentKind};

impl<'a> Builder<'a> {
    /// Checks all clocks.
    pub fn check_clocks(&mut self) {
        for at in 0..self.clocks.len() {
            let Some(clock) = self.clocks.get(at).copied() else {
                continue;
            };
            self.enter(format!("clock.{}", clock.declared.name.text));
            let checked = self.clock(clock);
            self.model.clocks.extend(checked);
        }
        self.enter("");
    }

    fn clock(&mut self, clock: &'a ast::Clock) -> Option<Clock> {
        if clock.declared.name.text == "tier" {
            self.report(
                Diagnostic::error(
                    "reserved-field-name",
                    clock.declared.name.span,
                    message!("no clock may be called `tier`"),
                )
                .help(message!(
                    "`sla.tier` is the tier of a case; call the clock something else"
                )),
            );
        }
        let start = clock
            .start
            .as_ref()
            .map(|start| self.moment(start, Place::Clock));
        let stop = self.triggers(&clock.stop, Place::Clock);
        let pause: Vec<Option<crate::model::Expr>> = clock
            .pause
            .iter()
            .map(|when| self.condition(when, Place::Clock))
            .collect();
        let cancel = self.triggers(&clock.cancel, Place::Clock);
        let reset = self.triggers(&clock.reset, Place::Clock);
        let reopen = clock.reopen.as_ref();
        if let Some(reopen) = reopen
            && let Some((amount, _)) = reopen.within
        {
            let nothing = match amount {
                Amount::Exact(length) => length.millis() <= 0,
                Amount::Calendar(period) => period.count == 0,
            };
            if nothing {
                self.report(
                    Diagnostic::error(
                        "out-of-bounds",
                        reopen.span,
                        message!("`within` needs a length of time above nothing"),
                    )
                    .help(message!("write a length, or leave `within … else …` out")),
                );
            }
        }
        let start = match start {
            Some(start) => Some(start?),
            None => None,
        };
        Some(Clock {
            declared: self.declared(&clock.declared),
            start,
            stop: stop?,
            pause: pause.into_iter().collect::<Option<_>>()?,
            cancel: cancel?,
            reset: reset?,
            reopen: reopen.map_or(ReopenMode::Ignore, |reopen| reopen.mode),
            reopen_within: reopen.and_then(|reopen| reopen.within),
            retier: clock
                .retier
                .as_ref()
                .map_or(RetierMode::Carry, |retier| retier.mode),
            never_later: clock
                .retier
                .as_ref()
                .is_some_and(|retier| retier.never_later),
        })
    }

    /// Triggers; none when one of them is wrong.
    pub(super) fn triggers(
        &mut self,
        list: &'a [ast::Trigger],
        place: Place,
    ) -> Option<Vec<Trigger>> {
        let checked: Vec<Option<Trigger>> = list
            .iter()
            .map(|trigger| match trigger {
                ast::Trigger::On(event) => self
                    .look_up(Space::Event, event)
                    .map(|event| Trigger::On(EventId(event))),
                ast::Trigger::When(when) => self.condition(when, place).map(Trigger::When),
            })
            .collect();
        checked.into_iter().collect()
    }

    /// A moment.
    pub(super) fn moment(&mut self, moment: &'a ast::Moment, place: Place) -> Option<Moment> {
        match &moment.kind {
            MomentKind::First(event) => {
                Some(Moment::First(EventId(self.look_up(Space::Event, event)?)))
            }
            MomentKind::Last(event) => {
                Some(Moment::Last(EventId(self.look_up(Space::Event, event)?)))
            }
            MomentKind::When(when) => self.condition(when, place).map(Moment::When),
            MomentKind::Field(names) => self.moment_field(names),
        }
    }

    /// An instant field as a moment.
    pub(super) fn moment_field(&mut self, names: &'a [ast::Name]) -> Option<Moment> {
        let (first, last) = (names.first()?, names.last()?);
        let span = first.span.to(last.span);
        let is_field = self.slots.contains_key(&(0, first.text.as_str()));
        if !is_field {
            if self.may_be_lost(Space::Value, &first.text) {
                return None;
            }
            let one_word = names.len() == 1;
            if one_word && self.declares(Space::Event, &first.text) {
                let message = message!(
                    "`{name}` is an event, which can happen several times",
                    name = first.text
                );
                let help = message!("write `first {name}` or `last {name}`", name = first.text);
                self.report(Diagnostic::error("type-mismatch", span, message).help(help));
                return None;
            }
            if one_word && self.declares(Space::Value, &first.text) {
                let message = message!(
                    "`{name}` is no field, and a moment is an instant field or an event",
                    name = first.text
                );
                let help = message!(
                    "for the instant at which it became true write `when {name}`",
                    name = first.text
                );
                self.report(Diagnostic::error("type-mismatch", span, message).help(help));
                return None;
            }
            self.unknown(Space::Value, first);
            return None;
        }
        match self.entry_of(names)? {
            Entry::Field(id) => {
                let ty = self.schema.field(id)?.ty.clone();
                if ty == Type::Instant {
                    return Some(Moment::Field(id));
                }
                let message = message!(
                    "a moment is an instant, `{text}` is {kind}",
                    text = self.text(span),
                    kind = self.type_words(&ty)
                );
                let mut finding = Diagnostic::error("type-mismatch", span, message);
                if ty == Type::Bool {
                    finding = finding.help(message!(
                        "for the instant at which it became true write `when {name}`",
                        name = self.text(span)
                    ));
                }
                self.report(finding);
                None
            }
            Entry::Record(_) => {
                let message = message!(
                    "a moment is an instant, `{text}` is a record of fields",
                    text = self.text(span)
                );
                self.report(Diagnostic::error("type-mismatch", span, message));
                None
            }
        }
    }
}
