//! Dates and times in the form of a foreign export, read with the letters of `strftime`.
//!
//! Used by [`super::mapped`].

use crate::config::Cell;
use crate::time::{Date, Instant, TimeOfDay, Zone};
use chrono::format::{Parsed, StrftimeItems, parse};
use chrono::{NaiveDateTime, NaiveTime, Timelike};

/// What a cell says.
pub(super) struct Moment {
    parsed: Parsed,
    /// Whether day and month were swapped.
    pub(super) swapped: bool,
    date: Option<Date>,
}

/// Why a cell is no moment.
pub(super) enum MomentError {
    /// It has another form.
    Malformed,
    /// It is finer than a millisecond.
    TooFine,
}

impl Moment {
    /// Reads a cell's text.
    pub(super) fn read(text: &str, format: &str, cell: &Cell) -> Result<Moment, MomentError> {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, StrftimeItems::new(format)).map_err(|_| MomentError::Malformed)?;
        if parsed
            .nanosecond()
            .is_some_and(|nanos| nanos % 1_000_000 != 0)
        {
            return Err(MomentError::TooFine);
        }
        let date = parsed.to_naive_date().ok().map(Date::from_chrono);
        let swapped = date.and_then(|date| swap(date, cell));
        Ok(Moment {
            swapped: swapped.is_some(),
            date: swapped.or(date),
            parsed,
        })
    }

    /// The date.
    pub(super) fn date(&self) -> Option<Date> {
        self.date
    }

    /// The time of day; midnight when the form has none.
    pub(super) fn time(&self) -> Option<TimeOfDay> {
        let time = self.parsed.to_naive_time().ok();
        if time.is_none() && self.parsed.hour_mod_12().is_some() {
            return None;
        }
        let time = time.unwrap_or(NaiveTime::MIN);
        (time.nanosecond() < 1_000_000_000).then(|| TimeOfDay::from_chrono(time))
    }

    /// The instant: by its own offset, or in a zone.
    pub(super) fn instant(&self, zone: Zone) -> Option<Instant> {
        if self.parsed.timestamp().is_some() {
            let at = self.parsed.to_naive_datetime_with_offset(0).ok()?;
            return Instant::from_millis(at.and_utc().timestamp_millis());
        }
        let (date, time) = (self.date?, self.time()?);
        match self.parsed.offset() {
            None => zone.instant(date, time),
            Some(offset) => {
                let time = NaiveTime::from_num_seconds_from_midnight_opt(
                    time.millis() / 1000,
                    time.millis() % 1000 * 1_000_000,
                )?;
                let local = NaiveDateTime::new(date.chrono(), time)
                    .and_utc()
                    .timestamp_millis();
                Instant::from_millis(local.checked_sub(i64::from(offset) * 1000)?)
            }
        }
    }
}

/// The date with day and month swapped, when that is another one and lies in the range of the cell.
///
/// Also when the printed date lies in the range: whatever swapped the export swapped every date that
/// has two readings.
fn swap(date: Date, cell: &Cell) -> Option<Date> {
    let ((first, last), _) = cell.swap_day_month_into?;
    Date::new(date.year(), date.day(), date.month())
        .filter(|swapped| *swapped != date && first <= *swapped && *swapped <= last)
}
