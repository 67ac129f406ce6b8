//! Slips in numbers: full-width digits, letters glued to them, units that are spelled out, dates
//! with other signs.

use super::super::scan::{Token, TokenKind, plain};
use super::Finder;
use super::words::as_name;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::time::{Date, Duration};
use std::borrow::Cow;

/// What a unit's spelling means.
enum Unit {
    /// Exact time, in milliseconds.
    Exact(i64),
    /// A day, which may be meant either way; so many.
    Day(u64),
    /// `months` or `years`
    Calendar(&'static str),
}

fn unit(word: &str) -> Option<Unit> {
    let lower = match word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Borrowed(word),
        false => Cow::Owned(word.to_lowercase()),
    };
    Some(match lower.as_ref() {
        "ms" | "毫秒" => Unit::Exact(1),
        "s" | "sec" | "secs" | "second" | "seconds" | "秒" | "秒钟" => Unit::Exact(1_000),
        "m" | "min" | "mins" | "minute" | "minutes" | "分" | "分钟" => Unit::Exact(60_000),
        "h" | "hr" | "hrs" | "hour" | "hours" | "小时" | "个小时" | "时" => {
            Unit::Exact(3_600_000)
        }
        "d" | "day" | "days" | "天" | "日" => Unit::Day(1),
        "w" | "week" | "weeks" | "周" | "星期" => Unit::Day(7),
        "mo" | "mon" | "month" | "months" | "月" | "个月" => Unit::Calendar("months"),
        "y" | "yr" | "yrs" | "year" | "years" | "年" => Unit::Calendar("years"),
        _ => return None,
    })
}

impl Finder<'_> {
    pub(super) fn number(&mut self, token: Token) {
        let written = self.text_at(self.at);
        let normal = match written.is_ascii() {
            true => Cow::Borrowed(written),
            false => Cow::Owned(plain(written)),
        };
        if self.date_with_signs(token) {
            return;
        }
        let digits = normal
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.' | ':')))
            .unwrap_or(normal.len());
        let (number, letters) = normal.split_at(digits);
        let is_point_in_time = normal.get(4..5) == Some("-")
            || number.contains(':')
            || normal.get(..10).and_then(Date::parse).is_some();
        if is_point_in_time {
            return self.full_width(token, written, &normal);
        }
        if letters.is_empty() {
            let next = self.text_at(self.at + 1);
            let spelled = self
                .token(self.at + 1)
                .is_some_and(|next| next.kind == TokenKind::Word);
            // `days`, `months` and `years` behind a blank are words of the language.
            if spelled
                && !matches!(
                    next,
                    "day" | "days" | "month" | "months" | "year" | "years" | "working"
                )
                && next.chars().count() > 1
                && let (Some(meant), Some(end)) =
                    (unit(next), self.token(self.at + 1).map(|next| next.end))
            {
                self.report_unit(token.start, end, number, next, &meant);
                self.at += 2;
                return;
            }
            return self.full_width(token, written, &normal);
        }
        if Duration::parse(&normal.replace('_', "")).is_some() {
            return self.full_width(token, written, &normal);
        }
        match unit(letters) {
            Some(meant) => self.report_unit(token.start, token.end, number, letters, &meant),
            None => self.glued(token, written, number),
        }
    }

    fn full_width(&mut self, token: Token, written: &str, normal: &str) {
        if written == normal {
            return;
        }
        let span = self.span(token.start, token.end);
        let finding = Diagnostic::error(
            "full-width-digits",
            span,
            message!("`{written}` is written with full-width digits", written),
        )
        .label(message!("write `{instead}`", instead = normal))
        .help(message!("switch the input method to half-width digits"))
        .safe_fix(span, normal);
        self.mend(finding, token.start, token.end, normal);
    }

    fn report_unit(&mut self, start: usize, end: usize, number: &str, word: &str, meant: &Unit) {
        let span = self.span(start, end);
        let digits = number.replace('_', "");
        let written = self.text.get(start..end).unwrap_or("").to_owned();
        match meant {
            Unit::Exact(millis) => {
                let instead = exact(&digits, *millis).unwrap_or_else(|| "1h30m".to_owned());
                let finding = if digits.contains('.') {
                    Diagnostic::error(
                        "bad-duration",
                        span,
                        message!("`{written}` has a point in it", written),
                    )
                } else {
                    Diagnostic::error(
                        "spelled-unit",
                        span,
                        message!("the unit `{word}` is written shorter", word),
                    )
                };
                let finding = finding
                    .label(message!("write `{instead}`", instead))
                    .safe_fix(span, instead.clone());
                self.mend(finding, start, end, &instead);
            }
            Unit::Day(factor) => {
                let days = digits.parse::<u64>().unwrap_or(1).saturating_mul(*factor);
                let hours = format!("{}h", days.saturating_mul(24));
                let period = if days == 1 {
                    "1 day".to_owned()
                } else {
                    format!("{days} days")
                };
                let finding = Diagnostic::error("bare-day", span, message!("`{written}` may mean two things", written))
                    .label(message!("24 hours each, or days of the calendar?"))
                    .help(message!("write `{hours}` for exact time, or `{period}` where a calendar period may stand", hours, period))
                    .unsafe_fix(span, hours.clone());
                self.mend(finding, start, end, &hours);
            }
            Unit::Calendar(plural) => {
                let instead = format!("{digits} {plural}");
                let finding = Diagnostic::error(
                    "spelled-unit",
                    span,
                    message!("`{written}` is written out", written),
                )
                .label(message!("write `{instead}`", instead))
                .safe_fix(span, instead.clone());
                self.mend(finding, start, end, &instead);
            }
        }
    }

    fn glued(&mut self, token: Token, written: &str, number: &str) {
        let span = self.span(token.start, token.end);
        let name = as_name(written);
        let letters = written.get(number.len()..).unwrap_or("");
        let finding = Diagnostic::error(
            "glued-number",
            span,
            message!(
                "the number `{number}` is glued to `{letters}`",
                number,
                letters
            ),
        )
        .label(message!("a number or a name?"))
        .help(message!(
            "write a blank behind the number, or {name} in backticks if it is a name",
            name
        ))
        .unsafe_fix(span, name.clone());
        self.mend(finding, token.start, token.end, &name);
    }

    /// `2026/3/2`, `2026-3-2`, `2026.3.2`
    fn date_with_signs(&mut self, token: Token) -> bool {
        let sign = self.sign_at(self.at + 1);
        let same = matches!(sign, Some('/' | '-')) && self.sign_at(self.at + 3) == sign;
        if !same || !(1..=4).all(|step| self.touches(self.at + step)) {
            return false;
        }
        let parts = [self.at, self.at + 2, self.at + 4].map(|at| self.text_at(at));
        let [Some(year), Some(month), Some(day)] = parts.map(|part| part.parse::<u32>().ok())
        else {
            return false;
        };
        if parts[0].len() != 4 {
            return false;
        }
        let end = self.token(self.at + 4).map_or(token.end, |last| last.end);
        let span = self.span(token.start, end);
        let instead = format!("{year:04}-{month:02}-{day:02}");
        let written = self.text.get(token.start..end).unwrap_or("");
        let finding = Diagnostic::error(
            "bad-date",
            span,
            message!("`{written}` is not how a date is written", written),
        )
        .label(message!("write `{instead}`", instead))
        .safe_fix(span, instead.clone());
        self.mend(finding, token.start, end, &instead);
        self.at += 5;
        true
    }
}

/// `1.5` hours as `1h30m`; none when it is no whole number of milliseconds.
fn exact(digits: &str, unit: i64) -> Option<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = 10i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let count: i64 = format!("{whole}{fraction}").parse().ok()?;
    let total = count.checked_mul(unit)?;
    (total % scale == 0).then(|| Duration::from_millis(total / scale).to_string())
}
