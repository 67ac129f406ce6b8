//! Instants as a decision prints them, written into a few bytes on the stack.

use crate::compile::Program;
use crate::time::{Date, Instant, Zone};
use serde::{Serialize, Serializer};

/// An instant in a zone: prints what [`Instant::format`] gives.
#[derive(Clone, Copy)]
pub(super) struct Stamp {
    at: Instant,
    zone: Zone,
}

impl Program {
    /// An instant in the policy's zone.
    pub(super) fn stamp(&self, at: Instant) -> Stamp {
        Stamp {
            at,
            zone: self.zone,
        }
    }

    /// The same of one that may be missing.
    pub(super) fn shown(&self, at: Option<Instant>) -> Option<Stamp> {
        at.map(|at| self.stamp(at))
    }
}

/// Room for `2026-03-02T10:00:00.000+08:00`.
const LONGEST: usize = 29;

impl Stamp {
    /// The text and its length; none where the local year has other than four digits.
    fn write(self) -> Option<([u8; LONGEST], usize)> {
        const DAY: i64 = 86_400_000;
        let offset = self.zone.offset_seconds(self.at);
        // RFC 3339 knows offsets of whole minutes; older local mean times are written in UTC.
        let offset = Some(offset).filter(|offset| offset % 60 == 0 && !self.zone.is_utc());
        let local = self.at.millis() + i64::from(offset.unwrap_or(0)) * 1000;
        let date = Date::from_day_number(i32::try_from(local.div_euclid(DAY)).ok()?)?;
        let time = u32::try_from(local.rem_euclid(DAY)).ok()?;
        let mut text = Text::default();
        let year = date.year().unsigned_abs();
        text.pair(year / 100);
        text.pair(year % 100);
        text.byte(b'-');
        text.pair(date.month());
        text.byte(b'-');
        text.pair(date.day());
        text.byte(b'T');
        text.pair(time / 3_600_000);
        text.byte(b':');
        text.pair(time / 60_000 % 60);
        text.byte(b':');
        text.pair(time / 1000 % 60);
        let millis = time % 1000;
        if millis > 0 {
            text.byte(b'.');
            text.digit(millis / 100);
            text.pair(millis % 100);
        }
        match offset {
            None => text.byte(b'Z'),
            Some(offset) => {
                text.byte(if offset < 0 { b'-' } else { b'+' });
                let minutes = offset.unsigned_abs() / 60;
                text.pair(minutes / 60);
                text.byte(b':');
                text.pair(minutes % 60);
            }
        }
        Some((text.bytes, text.length))
    }
}

#[derive(Default)]
struct Text {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Text {
    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn digit(&mut self, digit: u32) {
        self.byte(b'0' + u8::try_from(digit % 10).unwrap_or(0));
    }

    fn pair(&mut self, number: u32) {
        self.digit(number / 10);
        self.digit(number);
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = self.write();
        let text = written
            .as_ref()
            .and_then(|(bytes, length)| std::str::from_utf8(bytes.get(..*length)?).ok());
        match text {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_str(&self.at.format(self.zone)),
        }
    }
}
