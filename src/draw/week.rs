//! The week of a calendar: when it is open on each weekday, and on which dates it differs.

use super::Drawing;
use crate::message::message;
use crate::model::{Calendar, OpenDays};
use crate::time::{Date, Weekday};

/// The weekdays from Monday on.
pub(super) const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Minutes of a day.
pub(super) const DAY: u32 = 1440;

/// A stretch of a day on which the calendar is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    /// Monday is 0.
    pub(super) day: usize,
    /// Minutes after midnight.
    pub(super) from: u32,
    /// At most 1440.
    pub(super) to: u32,
    /// It belongs to the day before.
    pub(super) overnight: bool,
}

/// A week that holds from a date until another.
pub(super) struct Week {
    /// The dates, where it holds for some only.
    pub(super) during: Option<String>,
    pub(super) bars: Vec<Bar>,
}

/// The weeks of a calendar, and its special dates in words.
pub(super) fn weeks(drawing: &Drawing<'_>, calendar: &Calendar) -> (Vec<Week>, Vec<String>) {
    let mut ranges: Vec<(Option<Date>, Option<Date>)> = Vec::new();
    for line in &calendar.open {
        let range = (line.from, line.until);
        if matches!(line.days, OpenDays::Weekdays(_)) && !ranges.contains(&range) {
            ranges.push(range);
        }
    }
    let weeks = ranges
        .into_iter()
        .map(|range| week(drawing, calendar, range));
    (weeks.collect(), notes(drawing, calendar))
}

fn week(
    drawing: &Drawing<'_>,
    calendar: &Calendar,
    (from, until): (Option<Date>, Option<Date>),
) -> Week {
    let mut bars = Vec::new();
    for line in &calendar.open {
        let OpenDays::Weekdays(days) = &line.days else {
            continue;
        };
        if (line.from, line.until) != (from, until) {
            continue;
        }
        for (place, _) in DAYS
            .iter()
            .enumerate()
            .filter(|(_, day)| days.contains(day))
        {
            bars.extend(line.hours.iter().flat_map(|hours| bars_of(place, *hours)));
        }
    }
    let during = match (from, until) {
        (None, None) => None,
        (Some(from), None) => Some(message!("from {from}", from)),
        (None, Some(until)) => Some(message!("until {until}", until)),
        (Some(from), Some(until)) => Some(message!("from {from} until {until}", from, until)),
    };
    Week {
        during: during.map(|during| drawing.say(during)),
        bars,
    }
}

fn bars_of(day: usize, (open, close): (u32, u32)) -> Vec<Bar> {
    let bar = |day, from, to, overnight| Bar {
        day,
        from,
        to,
        overnight,
    };
    if open < close {
        return vec![bar(day, open, close, false)];
    }
    let mut bars = vec![bar(day, open, DAY, false)];
    if close > 0 {
        bars.push(bar((day + 1) % DAYS.len(), 0, close, true));
    }
    bars
}

fn notes(drawing: &Drawing<'_>, calendar: &Calendar) -> Vec<String> {
    let reading = drawing.reading();
    let mut notes = Vec::new();
    let special = calendar.open.iter();
    for line in special.filter(|line| matches!(line.days, OpenDays::Date(_))) {
        notes.push(reading.text(line.span));
    }
    if !calendar.closed.is_empty() {
        let dates: Vec<String> = calendar.closed.iter().map(Date::to_string).collect();
        let dates = dates.join(", ");
        notes.push(drawing.say(message!("closed on {dates}", dates)));
    }
    if let Some(name) = &calendar.holidays {
        notes.push(drawing.say(message!(
            "closed on the holidays of `{name}`, open on its make-up days",
            name
        )));
    }
    let zone = calendar.zone.name();
    notes.push(drawing.say(message!("local time of {zone}", zone)));
    notes
}

#[cfg(test)]
mod tests {
    use super::{Bar, bars_of};

    #[test]
    fn a_night_belongs_to_two_days() {
        let bar = |day, from, to, overnight| Bar {
            day,
            from,
            to,
            overnight,
        };
        assert_eq!(bars_of(0, (540, 1020)), [bar(0, 540, 1020, false)]);
        assert_eq!(bars_of(4, (0, 1440)), [bar(4, 0, 1440, false)]);
        let night = [bar(6, 1320, 1440, false), bar(0, 0, 360, true)];
        assert_eq!(bars_of(6, (1320, 360)), night);
        assert_eq!(bars_of(6, (1320, 0)), [bar(6, 1320, 1440, false)]);
    }
}
