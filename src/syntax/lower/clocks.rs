//! Calendars and clocks.

use super::super::ast::{
    Calendar, Clock, Hours, Open, OpenDays, Reopen, ReopenMode, Retier, RetierMode, Trigger,
};
use super::super::grammar::Rule;
use super::clauses::Once;
use super::{Lower, Node, children};
use crate::diag::Diagnostic;
use crate::message::message;

impl Lower<'_> {
    /// `calendar NAME { … }`
    pub fn calendar(&mut self, node: Node<'_>) -> Option<Calendar> {
        let mut declared = None;
        let mut zone = Once::new("zone");
        let mut holidays = Once::new("holidays");
        let mut open = Vec::new();
        let mut closed = Vec::new();
        for child in children(node) {
            if child.as_rule() == Rule::declared {
                declared = self.declared(child);
                continue;
            }
            let place = self.span(&child);
            let Some(part) = children(child).next() else {
                continue;
            };
            match part.as_rule() {
                Rule::zone => {
                    let value = children(part).next().map(|text| self.text(&text));
                    zone.set_some(self, place, value);
                }
                Rule::holidays => {
                    let value = children(part).next().map(|name| self.name(&name));
                    holidays.set_some(self, place, value);
                }
                Rule::closed => closed.extend(children(part).filter_map(|date| self.date(&date))),
                _ => open.extend(self.open(part)),
            }
        }
        Some(Calendar {
            declared: declared?,
            zone: zone.take(),
            open,
            closed,
            holidays: holidays.take(),
        })
    }

    fn open(&mut self, node: Node<'_>) -> Option<Open> {
        let span = self.span(&node);
        let mut days = None;
        let mut hours = Vec::new();
        let (mut from, mut until) = (None, None);
        for child in children(node) {
            match child.as_rule() {
                Rule::date => {
                    days = self
                        .date(&child)
                        .map(|(date, span)| OpenDays::Date(date, span))
                }
                Rule::weekdays => {
                    let mut ranges = Vec::new();
                    for range in children(child) {
                        let mut ends = children(range)
                            .map(|day| self.name(&day))
                            .collect::<Vec<_>>()
                            .into_iter();
                        if let Some(first) = ends.next() {
                            ranges.push((first, ends.next()));
                        }
                    }
                    days = Some(OpenDays::Weekdays(ranges));
                }
                Rule::hours => hours.extend(self.hours(child)),
                Rule::effective_from => from = self.dated(child),
                _ => until = self.dated(child),
            }
        }
        Some(Open {
            days: days?,
            hours,
            from,
            until,
            span,
        })
    }

    fn hours(&mut self, node: Node<'_>) -> Option<Hours> {
        let span = self.span(&node);
        let mut ends = children(node);
        let open = ends.next().and_then(|time| self.minutes(&time, false));
        let close = ends.next().and_then(|time| self.minutes(&time, true));
        Some(Hours {
            open: open?,
            close: close?,
            span,
        })
    }

    /// `clock NAME { … }`
    pub fn clock(&mut self, node: Node<'_>) -> Option<Clock> {
        let mut declared = None;
        let mut start = Once::new("start");
        let mut reopen = Once::new("reopen");
        let mut retier = Once::new("retier");
        let (mut stop, mut pause, mut cancel, mut reset) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for child in children(node) {
            if child.as_rule() == Rule::declared {
                declared = self.declared(child);
                continue;
            }
            let place = self.span(&child);
            let Some(part) = children(child).next() else {
                continue;
            };
            let kind = part.as_rule();
            match kind {
                Rule::reopen => {
                    let value = self.reopen(part);
                    reopen.set_some(self, place, value);
                    continue;
                }
                Rule::retier => {
                    let value = self.retier(part);
                    retier.set(self, place, value);
                    continue;
                }
                _ => {}
            }
            let Some(inner) = children(part).next() else {
                continue;
            };
            match kind {
                Rule::clock_start => {
                    let value = self.moment(inner);
                    start.set_some(self, place, value);
                }
                Rule::clock_stop => stop.extend(self.trigger(inner)),
                Rule::clock_cancel => cancel.extend(self.trigger(inner)),
                Rule::clock_reset => reset.extend(self.trigger(inner)),
                _ => match self.trigger(inner) {
                    Some(Trigger::When(condition)) => pause.push(condition),
                    Some(Trigger::On(event)) => self.report(
                        Diagnostic::error(
                            "pause-on-event",
                            event.span,
                            message!("an event cannot pause a clock"),
                        )
                        .label(message!("an event is over at once"))
                        .help(message!(
                            "write `pause when CONDITION`: the clock pauses as long as that is true"
                        )),
                    ),
                    None => {}
                },
            }
        }
        Some(Clock {
            declared: declared?,
            start: start.take(),
            stop,
            pause,
            cancel,
            reset,
            reopen: reopen.take(),
            retier: retier.take(),
        })
    }

    fn reopen(&mut self, node: Node<'_>) -> Option<Reopen> {
        let span = self.span(&node);
        let mut modes = Vec::new();
        let mut amount = None;
        for child in children(node) {
            match child.as_rule() {
                Rule::amount => amount = Some(self.amount(child)),
                _ => modes.push(match child.into_inner().next().map(|mode| mode.as_rule()) {
                    Some(Rule::reopen_new_cycle) => ReopenMode::NewCycle,
                    Some(Rule::reopen_counting) => ReopenMode::ResumeCounting,
                    Some(Rule::kw_resume) => ReopenMode::Resume,
                    Some(_) | None => ReopenMode::Ignore,
                }),
            }
        }
        let mut modes = modes.into_iter();
        let mode = modes.next()?;
        Some(Reopen {
            mode,
            within: amount.zip(modes.next()),
            span,
        })
    }

    fn retier(&mut self, node: Node<'_>) -> Retier {
        let span = self.span(&node);
        let mut retier = Retier {
            mode: RetierMode::Carry,
            never_later: false,
            span,
        };
        for child in node.into_inner() {
            match child.as_rule() {
                Rule::kw_retroactive => retier.mode = RetierMode::Retroactive,
                Rule::kw_restart => retier.mode = RetierMode::Restart,
                Rule::never_later => retier.never_later = true,
                _ => {}
            }
        }
        retier
    }
}
