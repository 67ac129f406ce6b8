//! Holidays and make-up days by date, with the range of dates that the data covers.
//!
//! Built from rows that `config` has split; read by [`crate::time::Calendar`].

use super::{Date, Weekday};
use std::collections::BTreeMap;

/// What holiday data says of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataDay {
    /// A day off.
    Holiday,
    /// A make-up day, worked like the named weekday, or like Monday when none is named.
    Workday(Option<Weekday>),
}

/// One row of holiday data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolidayRow {
    /// The date that the row speaks of.
    pub date: Date,
    /// What that date is.
    pub day: DataDay,
}

/// Dated days off and make-up days; outside the covered range nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holidays {
    first: Date,
    last: Date,
    days: BTreeMap<Date, DataDay>,
    names: BTreeMap<Date, String>,
}

/// Why rows are no holiday data. Rows are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolidayError {
    /// The covered range ends before it begins.
    EmptyRange,
    /// A row speaks of a date outside the covered range.
    OutsideRange {
        /// The guilty row.
        row: usize,
        /// Its date.
        date: Date,
    },
    /// A row speaks of a date that an earlier row has spoken of.
    Duplicate {
        /// The later row.
        row: usize,
        /// The earlier row.
        earlier: usize,
        /// The date of both.
        date: Date,
    },
}

impl Holidays {
    /// Holiday data that covers the dates from `first` to `last`, both included.
    ///
    /// # Errors
    /// Every guilty row, in the order of the rows.
    pub fn from_rows(
        first: Date,
        last: Date,
        rows: impl IntoIterator<Item = HolidayRow>,
    ) -> Result<Holidays, Vec<HolidayError>> {
        if last < first {
            return Err(vec![HolidayError::EmptyRange]);
        }
        let mut days: BTreeMap<Date, (usize, DataDay)> = BTreeMap::new();
        let mut errors = Vec::new();
        for (row, HolidayRow { date, day }) in rows.into_iter().enumerate() {
            if date < first || last < date {
                errors.push(HolidayError::OutsideRange { row, date });
            } else if let Some((earlier, _)) = days.get(&date) {
                errors.push(HolidayError::Duplicate {
                    row,
                    earlier: *earlier,
                    date,
                });
            } else {
                days.insert(date, (row, day));
            }
        }
        if errors.is_empty() {
            let days = days
                .into_iter()
                .map(|(date, (_, day))| (date, day))
                .collect();
            Ok(Holidays {
                first,
                last,
                days,
                names: BTreeMap::new(),
            })
        } else {
            Err(errors)
        }
    }

    /// The same data with what people call its dates, for those who look at a picture of them.
    pub fn with_names(self, names: impl IntoIterator<Item = (Date, String)>) -> Holidays {
        Holidays {
            names: names.into_iter().collect(),
            ..self
        }
    }

    /// What people call a date; none when the data does not say.
    pub fn name(&self, date: Date) -> Option<&str> {
        self.names.get(&date).map(String::as_str)
    }

    /// The first covered date.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last covered date.
    pub fn last(&self) -> Date {
        self.last
    }

    /// What the data says of a date; none when it says nothing.
    pub fn get(&self, date: Date) -> Option<DataDay> {
        self.days.get(&date).copied()
    }

    /// All dates that the data speaks of, in order.
    pub fn iter(&self) -> impl Iterator<Item = HolidayRow> + '_ {
        self.days.iter().map(|(date, day)| HolidayRow {
            date: *date,
            day: *day,
        })
    }
}
