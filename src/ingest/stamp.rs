//! Instants in the form that nearly every file has, read by the places of their digits.
//!
//! Used by [`super::direct`] and [`super::typed`]; other forms are left to [`Instant::parse`].

use crate::time::{Date, Instant};

/// Offsets from UTC up to so many hours; others are left to the general reader.
const WIDEST_OFFSET: i64 = 14;

/// Reads `2026-03-02T10:00:00+08:00` or `…Z`, with or without three digits of a second; none for
/// anything else, which may be an instant all the same.
pub(super) fn read(text: &[u8]) -> Option<Instant> {
    let (stamp, rest) = text.split_first_chunk::<19>()?;
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
    ] = *stamp
    else {
        return None;
    };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    let date = Date::new(i32::try_from(year).ok()?, part(m1, m2)?, part(d1, d2)?)?;
    let (hour, minute, second) = (pair(h1, h2)?, pair(n1, n2)?, pair(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (millis, rest) = match *rest {
        [b'.', a, b, c, ..] => (digit(a)? * 100 + pair(b, c)?, rest.get(4..)?),
        _ => (0, rest),
    };
    let offset_minutes = match *rest {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => {
            let (hours, minutes) = (pair(a, b)?, pair(c, d)?);
            if hours > WIDEST_OFFSET || minutes > 59 || (sign == b'-' && hours + minutes == 0) {
                return None;
            }
            let east = hours * 60 + minutes;
            if sign == b'+' { east } else { -east }
        }
        _ => return None,
    };
    let minutes = (i64::from(date.day_number()) * 24 + hour) * 60 + minute - offset_minutes;
    Instant::from_millis((minutes * 60 + second) * 1000 + millis)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

fn pair(tens: u8, ones: u8) -> Option<i64> {
    Some(digit(tens)? * 10 + digit(ones)?)
}

fn part(tens: u8, ones: u8) -> Option<u32> {
    u32::try_from(pair(tens, ones)?).ok()
}
