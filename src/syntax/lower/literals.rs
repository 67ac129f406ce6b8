//! Literals: texts, numbers, dates, instants, times, durations and calendar periods.

use super::super::ast::{Amount, ExprKind, Text};
use super::super::grammar::Rule;
use super::{Lower, Node};
use crate::diag::Diagnostic;
use crate::message::message;
use crate::source::Span;
use crate::time::{Date, Duration, Instant, InstantError, Period, PeriodUnit, TimeOfDay};

impl Lower<'_> {
    /// Resolves the escapes of a quoted text.
    pub fn unescape(&mut self, quoted: &str, span: Span) -> String {
        let inner = quoted
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(quoted);
        if !inner.contains('\\') {
            return inner.to_owned();
        }
        let mut text = String::with_capacity(inner.len());
        let mut rest = inner.char_indices();
        while let Some((at, c)) = rest.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            let escape = inner.get(at..).unwrap_or("");
            match rest.next().map(|(_, next)| next) {
                Some('"') => text.push('"'),
                Some('\\') => text.push('\\'),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('u') => match unicode_escape(escape) {
                    Some((c, length)) => {
                        text.push(c);
                        while rest
                            .clone()
                            .next()
                            .is_some_and(|(next, _)| next < at + length)
                        {
                            rest.next();
                        }
                    }
                    None => self.bad_escape(span, at, 2, "u"),
                },
                Some(other) => self.bad_escape(span, at, 1 + other.len_utf8(), &other.to_string()),
                None => {}
            }
        }
        text
    }

    fn bad_escape(&mut self, span: Span, at: usize, length: usize, letter: &str) {
        let start = span.start as usize + 1 + at;
        let place = Span::new(span.source, start, start + length);
        self.report(
            Diagnostic::error("bad-escape", place, message!("`\\{letter}` means nothing inside quotes", letter))
                .label(message!("no such escape"))
                .help(message!("write `\\\"`, `\\\\`, `\\n`, `\\t` or `\\u{{4e00}}`; for a backslash itself write `\\\\`"))
                .unsafe_fix(Span::new(span.source, start, start + 1), "\\\\"),
        );
    }

    /// A pattern `r"…"` or a quoted text in its place.
    pub fn pattern(&mut self, node: &Node<'_>) -> Text {
        if node.as_rule() == Rule::string {
            return self.text(node);
        }
        let span = self.span(node);
        let text = node.as_str();
        let inner = text
            .strip_prefix("r\"")
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        Text {
            text: inner.to_owned(),
            span,
        }
    }

    /// A whole number; reports one that is too great and gives 0 for it.
    pub fn integer(&mut self, node: &Node<'_>) -> i64 {
        let digits = node.as_str().replace('_', "");
        digits.parse().unwrap_or_else(|_| {
            let span = self.span(node);
            self.report(
                Diagnostic::error(
                    "number-too-large",
                    span,
                    message!("`{digits}` is too great a number", digits),
                )
                .label(message!(
                    "whole numbers go from -9223372036854775808 to 9223372036854775807"
                )),
            );
            0
        })
    }

    /// A count that has to fit a 32-bit number.
    pub fn count(&mut self, node: &Node<'_>) -> u32 {
        let value = self.integer(node);
        u32::try_from(value)
            .ok()
            .filter(|count| *count <= 1_000_000)
            .unwrap_or_else(|| {
                let span = self.span(node);
                self.report(
                    Diagnostic::error(
                        "number-too-large",
                        span,
                        message!("`{value}` is too great or too small here", value),
                    )
                    .label(message!("from 0 to 1000000")),
                );
                0
            })
    }

    /// A percentage from 1 to 1000.
    pub fn percent(&mut self, node: &Node<'_>) -> u32 {
        let digits = node.as_str().trim_end_matches('%').replace('_', "");
        digits
            .parse()
            .ok()
            .filter(|percent| (1..=1000).contains(percent))
            .unwrap_or_else(|| {
                let span = self.span(node);
                self.report(
                    Diagnostic::error(
                        "bad-percent",
                        span,
                        message!("`{digits}%` cannot be a step of a clock", digits),
                    )
                    .label(message!("from 1% to 1000%")),
                );
                100
            })
    }

    /// A date that exists.
    pub fn date(&mut self, node: &Node<'_>) -> Option<(Date, Span)> {
        let span = self.span(node);
        let text = node.as_str();
        let date = Date::parse(text);
        if date.is_none() {
            self.report(
                Diagnostic::error("bad-date", span, message!("there is no day `{text}`", text))
                    .label(message!("year-month-day, such as 2026-03-02")),
            );
        }
        date.map(|date| (date, span))
    }

    /// An instant with its offset.
    pub fn instant(&mut self, node: &Node<'_>) -> Option<(Instant, Span)> {
        let span = self.span(node);
        let text = node.as_str();
        match Instant::parse(text) {
            Ok(instant) => Some((instant, span)),
            Err(error) => {
                let finding = match error {
                    InstantError::NoOffset => Diagnostic::error(
                        "instant-without-offset",
                        span,
                        message!("`{text}` does not say which time zone it is in", text),
                    )
                    .label(message!("the offset from UTC is missing"))
                    .help(message!("write `{text}+08:00`, or `{text}Z` for UTC", text))
                    .unsafe_fix(span.at_end(), "+08:00"),
                    InstantError::TooFine => Diagnostic::error(
                        "bad-instant",
                        span,
                        message!("`{text}` is finer than a millisecond", text),
                    )
                    .label(message!("at most three digits behind the second")),
                    InstantError::Malformed => Diagnostic::error(
                        "bad-instant",
                        span,
                        message!("`{text}` is no instant", text),
                    )
                    .label(message!("no such date or time"))
                    .help(message!(
                        "write date, `T`, time and offset, such as `2026-03-02T10:00:00+08:00`"
                    )),
                };
                self.report(finding);
                None
            }
        }
    }

    /// A time of day that exists.
    pub fn time_of_day(&mut self, node: &Node<'_>) -> Option<TimeOfDay> {
        let minutes = self.minutes(node, false)?;
        TimeOfDay::from_millis(minutes * 60_000)
    }

    /// Minutes after midnight; 1440 only when `24:00` may stand here.
    pub fn minutes(&mut self, node: &Node<'_>, closing: bool) -> Option<u32> {
        let text = node.as_str();
        let (hour, minute) = text.split_once(':')?;
        let (h, m): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        let span = self.span(node);
        if hour.len() == 1 {
            self.report(
                Diagnostic::error(
                    "bad-time",
                    span,
                    message!("the hour of `{text}` needs two digits", text),
                )
                .label(message!("write `0{text}`", text))
                .safe_fix(span, format!("0{text}")),
            );
        }
        let minutes = h * 60 + m;
        if m >= 60 || minutes > 1440 || (minutes == 1440 && !closing) {
            let finding = Diagnostic::error(
                "bad-time",
                span,
                message!("there is no time `{text}`", text),
            )
            .label(if closing {
                message!("from 00:00 to 24:00")
            } else {
                message!("from 00:00 to 23:59")
            });
            self.report(match (h, closing) {
                (24, true) => finding.help(message!("the end of the day is `24:00`; hours after midnight belong to the next day: `22:00-00:30`")),
                (24, false) => finding.help(message!("midnight at the start of a day is `00:00`; `24:00` may only end opening hours")),
                _ => finding,
            });
            return None;
        }
        Some(minutes)
    }

    /// Exact time.
    pub fn duration(&mut self, node: &Node<'_>) -> Duration {
        let text = node.as_str().replace('_', "");
        Duration::parse(&text).unwrap_or_else(|| {
            let span = self.span(node);
            self.report(
                Diagnostic::error(
                    "bad-duration",
                    span,
                    message!("`{text}` is no length of time", text),
                )
                .label(message!("units go from great to small, each once"))
                .help(message!(
                    "write hours, minutes, seconds in this order, such as `1h30m` or `90s`"
                )),
            );
            Duration::ZERO
        })
    }

    /// `7 days`
    pub fn period(&mut self, node: Node<'_>) -> Period {
        let mut period = Period {
            count: 0,
            unit: PeriodUnit::Days,
        };
        for child in node.into_inner() {
            match child.as_rule() {
                Rule::digits => period.count = self.count(&child),
                Rule::period_unit => {
                    period.unit = match child.as_str().as_bytes().first() {
                        Some(b'm') => PeriodUnit::Months,
                        Some(b'y') => PeriodUnit::Years,
                        _ => PeriodUnit::Days,
                    }
                }
                _ => {}
            }
        }
        period
    }

    /// Exact time or a calendar period.
    pub fn amount(&mut self, node: Node<'_>) -> Amount {
        match node.into_inner().next() {
            Some(child) if child.as_rule() == Rule::period => Amount::Calendar(self.period(child)),
            Some(child) => Amount::Exact(self.duration(&child)),
            None => Amount::Exact(Duration::ZERO),
        }
    }

    /// An amount where only exact time can be meant.
    pub fn exact(&mut self, node: Node<'_>) -> Duration {
        let span = self.span(&node);
        match self.amount(node) {
            Amount::Exact(duration) => duration,
            Amount::Calendar(period) => {
                self.report(calendar_period_here(span, period));
                Duration::ZERO
            }
        }
    }

    /// A decimal number's digits, `_` taken out.
    pub fn decimal(&mut self, node: &Node<'_>) -> ExprKind {
        ExprKind::Decimal(node.as_str().replace('_', ""))
    }
}

/// The finding for a calendar period where exact time is needed.
pub(super) fn calendar_period_here(span: Span, period: Period) -> Diagnostic {
    let finding = Diagnostic::error(
        "exact-time-needed",
        span,
        message!("`{period}` is no exact time", period),
    )
    .label(message!("a day can have 23, 24 or 25 hours"));
    match period.unit {
        PeriodUnit::Days => {
            let hours = u64::from(period.count) * 24;
            finding
                .help(message!(
                    "write `{hours}h` for {count} times 24 hours",
                    hours,
                    count = period.count
                ))
                .unsafe_fix(span, format!("{hours}h"))
        }
        PeriodUnit::Months | PeriodUnit::Years => {
            finding.help(message!("write hours, minutes or seconds, such as `48h`"))
        }
    }
}

/// The character of `\u{…}` and the length of the escape.
fn unicode_escape(escape: &str) -> Option<(char, usize)> {
    let inner = escape.strip_prefix("\\u{")?;
    let digits = inner.find('}')?;
    let code = u32::from_str_radix(inner.get(..digits)?, 16).ok()?;
    Some((char::from_u32(code)?, 3 + digits + 1))
}
