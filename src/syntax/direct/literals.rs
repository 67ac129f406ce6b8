//! Numbers, dates and times, one token each.

use super::super::ast::ExprKind;
use super::super::scan::TokenKind;
use super::Direct;
use crate::time::{Date, Duration, Instant, TimeOfDay};

impl<'a> Direct<'a> {
    /// The value of a number or time; what a word behind it turns into something else is left to the grammar.
    pub fn literal(&mut self) -> Option<ExprKind> {
        let negative = self.eat_sign('-');
        let end = self.end();
        let token = self
            .token(0)
            .filter(|token| token.kind == TokenKind::Number && !(negative && token.start != end))?;
        self.at += 1;
        let text = token.text(self.text);
        let start = token.start - usize::from(negative);
        let whole = self.text.get(start..token.end)?;
        if text.bytes().all(in_digits) {
            let counted = matches!(
                self.word(0),
                Some("working" | "days" | "day" | "months" | "month" | "years" | "year")
            );
            return plain(whole)
                .parse()
                .ok()
                .filter(|_| !counted)
                .map(ExprKind::Integer);
        }
        if let Some((before, behind)) = text.split_once('.') {
            let digits = before.bytes().chain(behind.bytes()).all(in_digits);
            return digits.then(|| ExprKind::Decimal(plain(whole)));
        }
        if text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return is_duration(text)
                .then(|| Duration::parse(&plain(whole)))
                .flatten()
                .filter(|_| !self.is_word("of"))
                .map(ExprKind::Duration);
        }
        if negative {
            return None;
        }
        date(text)
            .map(ExprKind::Date)
            .or_else(|| instant(text).map(ExprKind::Instant))
            .or_else(|| clock_time(text).map(ExprKind::Time))
    }

    /// Exact time.
    pub fn duration(&mut self) -> Option<Duration> {
        let text = self.number()?;
        is_duration(text)
            .then(|| Duration::parse(&plain(text)))
            .flatten()
    }

    /// A whole number up to a greatest one.
    pub fn count(&mut self, most: u32) -> Option<u32> {
        let text = self.number()?;
        let count = text.bytes().all(in_digits).then(|| plain(text).parse());
        count?.ok().filter(|count| *count <= most)
    }

    /// `75%`
    pub fn percent(&mut self) -> Option<u32> {
        let percent = self.count(1000).filter(|percent| *percent > 0)?;
        let end = self.end();
        let touches = self.start() == end;
        (touches && self.eat_sign('%')).then_some(percent)
    }

    fn number(&mut self) -> Option<&'a str> {
        let token = self
            .token(0)
            .filter(|token| token.kind == TokenKind::Number)?;
        self.at += 1;
        Some(token.text(self.text))
    }
}

fn in_digits(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn plain(number: &str) -> String {
    number.replace('_', "")
}

/// Digits and a unit, once or more.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        let unit = ["ms", "h", "m", "s"]
            .iter()
            .find_map(|unit| behind.strip_prefix(unit));
        match unit {
            Some(after) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest = after,
            Some(_) | None => return false,
        }
    }
    true
}

/// A date that exists.
pub fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    plain.then(|| Date::parse(text)).flatten()
}

/// An instant that exists.
pub fn instant(text: &str) -> Option<Instant> {
    let behind_date = text.as_bytes().get(10).copied();
    matches!(behind_date, Some(b'T' | b't'))
        .then(|| Instant::parse(text).ok())
        .flatten()
}

/// A time of day in four digits.
fn clock_time(text: &str) -> Option<TimeOfDay> {
    let (hour, minute) = text.split_once(':')?;
    let two = |digits: &str| -> Option<u32> {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    (hour < 24 && minute < 60)
        .then(|| TimeOfDay::from_millis((hour * 60 + minute) * 60_000))
        .flatten()
}
