//! Instants in the form that nearly every file has, read by the places of their digits.
//!
//! Used by [`super::direct`] and [`super::typed`]; other forms are left to [`Instant::parse`].

use crate::time::{Date, Instant};
use crate::value::eight::Form;

/// Offsets from UTC up to so many hours; others are left to the general reader.
const WIDEST_OFFSET: i64 = 14;

/// How long an instant with an offset and without parts of a second is.
pub(super) const LONG: usize = 25;

const DATE: Form = Form::of(b"0000-00-");
const TIME: Form = Form::of(b"00T00:00");
const EAST: Form = Form::of(b"00+00:00");
const WEST: Form = Form::of(b"00-00:00");

/// Reads `2026-03-02T10:00:00+08:00` or `…Z`, with or without three digits of a second; none for
/// anything else, which may be an instant all the same.
pub(super) fn read(text: &[u8]) -> Option<Instant> {
    if let Ok(text) = <&[u8; LONG]>::try_from(text) {
        return with_offset(text);
    }
    let (minutes, rest) = text.split_first_chunk()?;
    let minutes = start(minutes)?;
    let [s1, s2, rest @ ..] = rest else {
        return None;
    };
    let second = pair(*s1, *s2)?;
    let (millis, rest) = match *rest {
        [b'.', a, b, c, ..] => (digit(a)? * 100 + pair(b, c)?, rest.get(4..)?),
        _ => (0, rest),
    };
    let offset = match *rest {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => offset(sign, pair(a, b)?, pair(c, d)?)?,
        _ => return None,
    };
    instant(minutes - offset, second, millis)
}

/// Reads `2026-03-02T10:00:00+08:00`.
#[inline(always)]
pub(super) fn with_offset(text: &[u8; LONG]) -> Option<Instant> {
    let minutes = start(text.first_chunk()?)?;
    let rest: &[u8; 8] = text.last_chunk()?;
    let sign = rest[2];
    let form = if sign == b'-' { &WEST } else { &EAST };
    let rest = form.pairs(u64::from_le_bytes(*rest))?;
    let offset = offset(sign, i64::from(rest.at(3)), i64::from(rest.at(6)))?;
    instant(minutes - offset, i64::from(rest.at(0)), 0)
}

/// The minutes from 1970 to the date and time that an instant starts with, the colon behind them included, as if
/// they were in UTC.
#[inline(always)]
fn start(text: &[u8; 17]) -> Option<i64> {
    let ([date, time], [b':']) = text.as_chunks::<8>() else {
        return None;
    };
    let date = DATE.pairs(u64::from_le_bytes(*date))?;
    let time = TIME.pairs(u64::from_le_bytes(*time))?;
    let (hour, minute) = (time.at(3), time.at(6));
    if hour > 23 || minute > 59 {
        return None;
    }
    let year = date.at(0) * 100 + date.at(2);
    let date = Date::new(i32::try_from(year).ok()?, date.at(5), time.at(0))?;
    Some(i64::from(date.day_number()) * (24 * 60) + i64::from(hour * 60 + minute))
}

/// An offset from UTC in minutes, east of it.
#[inline(always)]
fn offset(sign: u8, hours: i64, minutes: i64) -> Option<i64> {
    let east = hours * 60 + minutes;
    if hours > WIDEST_OFFSET || minutes > 59 || (sign == b'-' && east == 0) {
        return None;
    }
    Some(if sign == b'-' { -east } else { east })
}

#[inline(always)]
fn instant(minutes: i64, second: i64, millis: i64) -> Option<Instant> {
    if second > 59 {
        return None;
    }
    Instant::from_millis((minutes * 60 + second) * 1000 + millis)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

fn pair(tens: u8, ones: u8) -> Option<i64> {
    Some(digit(tens)? * 10 + digit(ones)?)
}
