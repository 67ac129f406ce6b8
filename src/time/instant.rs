//! Instants: whole milliseconds in UTC, read and written as RFC 3339.

use super::{Date, Duration, TimeOfDay, Zone};
use chrono::{DateTime, FixedOffset, SecondsFormat, TimeZone, Utc};

/// A point in time in whole milliseconds since 1970-01-01T00:00:00Z, between the years 0000 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstantError {
    /// Date and time are there, the offset from UTC is not.
    NoOffset,
    /// Finer than a millisecond.
    TooFine,
    /// Not of the form `2026-03-02T10:00:00+08:00`, or no such date or time.
    Malformed,
}

impl std::fmt::Display for InstantError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            InstantError::NoOffset => "the offset from UTC is missing, such as `+08:00`",
            InstantError::TooFine => "it is finer than a millisecond",
            InstantError::Malformed => "it is not of the form `2026-03-02T10:00:00+08:00`",
        })
    }
}

impl std::error::Error for InstantError {}

impl Instant {
    /// The first instant of the year 0000 in UTC.
    pub const MIN: Instant = Instant(-62_167_219_200_000);
    /// The last millisecond of the year 9999 in UTC.
    pub const MAX: Instant = Instant(253_402_300_799_999);

    /// The instant so many milliseconds after 1970-01-01T00:00:00Z; none outside the years 0000 to 9999.
    pub fn from_millis(millis: i64) -> Option<Instant> {
        (Instant::MIN.0..=Instant::MAX.0)
            .contains(&millis)
            .then_some(Instant(millis))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with an offset, milliseconds at finest, such as `2026-03-02T10:00:00+08:00`.
    ///
    /// # Errors
    /// [`InstantError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Instant, InstantError> {
        let Ok(read) = DateTime::parse_from_rfc3339(text) else {
            let with_offset = DateTime::parse_from_rfc3339(&format!("{text}Z"));
            let with_seconds = DateTime::parse_from_rfc3339(&format!("{text}:00Z"));
            return Err(if with_offset.is_ok() || with_seconds.is_ok() {
                InstantError::NoOffset
            } else {
                InstantError::Malformed
            });
        };
        if !text.is_ascii() || !matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) {
            return Err(InstantError::Malformed);
        }
        if read.timestamp_subsec_nanos() >= 1_000_000_000 {
            return Err(InstantError::Malformed);
        }
        if read.timestamp_subsec_nanos() % 1_000_000 != 0 {
            return Err(InstantError::TooFine);
        }
        Instant::from_millis(read.timestamp_millis()).ok_or(InstantError::Malformed)
    }

    /// Writes RFC 3339 in a zone, with milliseconds only when there are any.
    pub fn format(self, zone: Zone) -> String {
        let utc = self.utc();
        let offset = zone.offset_seconds(self);
        // RFC 3339 knows offsets of whole minutes; older local mean times are written in UTC.
        let fixed = FixedOffset::east_opt(if offset % 60 == 0 { offset } else { 0 });
        let form = if self.0.rem_euclid(1000) == 0 {
            SecondsFormat::Secs
        } else {
            SecondsFormat::Millis
        };
        match fixed.filter(|fixed| fixed.local_minus_utc() != 0 || zone.is_utc() || offset == 0) {
            Some(fixed) if zone.is_utc() => utc.with_timezone(&fixed).to_rfc3339_opts(form, true),
            Some(fixed) => utc.with_timezone(&fixed).to_rfc3339_opts(form, false),
            None => utc.to_rfc3339_opts(form, true),
        }
    }

    /// The local date in a zone.
    pub fn date(self, zone: Zone) -> Date {
        Date::from_local(zone.local(self))
    }

    /// The local time of day in a zone.
    pub fn time(self, zone: Zone) -> TimeOfDay {
        TimeOfDay::from_local(zone.local(self))
    }

    /// Later by a duration; none when that leaves the years 0000 to 9999.
    pub fn plus(self, duration: Duration) -> Option<Instant> {
        Instant::from_millis(self.0.checked_add(duration.millis())?)
    }

    /// Earlier by a duration; none when that leaves the years 0000 to 9999.
    pub fn minus(self, duration: Duration) -> Option<Instant> {
        Instant::from_millis(self.0.checked_sub(duration.millis())?)
    }

    /// The time from `earlier` to this instant, negative when `earlier` is later.
    pub fn since(self, earlier: Instant) -> Duration {
        Duration::from_millis(self.0 - earlier.0)
    }

    pub(crate) fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0)
            .single()
            .unwrap_or_default()
    }
}
