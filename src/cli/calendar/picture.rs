//! The picture of an answer of a calendar: the weeks that it is about, with the instants marked and
//! the days named that are not like others.

use super::week::{self, CELLS, Cell, Change, Day};
use crate::cli::language::told;
use crate::cli::pen::{Ink, Pen, Sign, wrap};
use crate::compile::Named;
use crate::time::{Calendar, DateRule};
use crate::{Date, Instant, TimeOfDay};
use unicode_width::UnicodeWidthStr;

/// Columns before the cells, of the cells with a gap behind them, and of the notes.
const LABEL: usize = 11;
const NOTES_FROM: usize = LABEL + CELLS + 2;
const NOTES: usize = 80 - NOTES_FROM;
/// The hours over the cells.
const HOURS: &str = "0     3     6     9     12    15    18    21    24";

/// What is asked of a calendar, as far as it is drawn.
pub(super) struct Picture<'a> {
    pub(super) named: &'a Named,
    pub(super) calendar: &'a Calendar,
    /// The open time in between counts.
    pub(super) counted: Option<(Instant, Instant)>,
    /// Instants with a word for each, in order.
    pub(super) marks: Vec<(Instant, String)>,
}

impl Picture<'_> {
    /// Draws the weeks of the marks, each once; at most 80 columns.
    pub(super) fn draw(&self, pen: Pen) -> String {
        let mut mondays: Vec<Date> = Vec::new();
        for (at, _) in &self.marks {
            let monday = week::monday(at.date(self.calendar.zone()));
            if !mondays.contains(&monday) {
                mondays.push(monday);
            }
        }
        mondays.sort();
        let mut seen: Vec<Cell> = Vec::new();
        let mut lines = vec![self.title()];
        for (index, monday) in mondays.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).and_then(|at| mondays.get(at)) {
                lines.push(between(*before, *monday));
            }
            let days = week::days(self.calendar, *monday, self.counted);
            lines.push(format!(
                "{:04}{}{HOURS}",
                monday.year(),
                " ".repeat(LABEL - 4)
            ));
            for day in &days {
                seen.extend(day.cells);
                lines.extend(self.day(day, pen));
            }
        }
        lines.push(String::new());
        lines.push(legend(&seen, pen));
        lines
            .iter()
            .fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    fn title(&self) -> String {
        let label = self.named.label.as_deref().unwrap_or("");
        let zone = self.calendar.zone().name();
        wrap(&format!("{} {label} ({zone})", self.named.name), 80).join("\n")
    }

    /// The row of a date, its marks, and what is left of its notes.
    fn day(&self, day: &Day, pen: Pen) -> Vec<String> {
        let date = day.date;
        let word = capital(date.weekday().word());
        let mut row = format!("{word} {:02}-{:02}  ", date.month(), date.day());
        for run in day.cells.chunk_by(|a, b| a == b) {
            let (sign, ink) = drawn(*run.first().unwrap_or(&Cell::Skipped));
            let signs: String = run.iter().map(|_| pen.sign(sign)).collect();
            row.push_str(&pen.paint(ink, &signs));
        }
        let mut notes = wrap(&self.notes(day).join(", "), NOTES).into_iter();
        let mut lines = vec![format!("{row}  {}", notes.next().unwrap_or_default())];
        for mark in self.marks_of(day, pen) {
            let width = mark.width();
            let blanks = NOTES_FROM.saturating_sub(width);
            let note = if width < NOTES_FROM {
                notes.next()
            } else {
                None
            };
            let mark = pen.paint(Ink::Strong, &mark);
            lines.push(format!(
                "{mark}{}{}",
                " ".repeat(blanks),
                note.unwrap_or_default()
            ));
        }
        lines.extend(notes.map(|note| format!("{}{note}", " ".repeat(NOTES_FROM))));
        lines
    }

    /// Lines with an arrow below the cell of each instant; two share a line when they fit.
    fn marks_of(&self, day: &Day, pen: Pen) -> Vec<String> {
        let zone = self.calendar.zone();
        let mut found: Vec<(usize, String)> = Vec::new();
        for (at, word) in self
            .marks
            .iter()
            .filter(|(at, _)| at.date(zone) == day.date)
        {
            let time = at.time(zone);
            let column = LABEL + usize::try_from(time.millis() / (30 * 60_000)).unwrap_or(0);
            let mut label = format!("{word} {time}");
            if !day.changes.is_empty() {
                // The same local time may be there twice.
                let shown = at.format(zone);
                let offset = shown.get(shown.len().saturating_sub(6)..).unwrap_or("");
                label.push_str(offset);
            }
            found.push((column, label));
        }
        let arrow = pen.sign(Sign::Mark);
        let left = |column: usize, label: &str| {
            let blanks = column.saturating_sub(label.width() + 1);
            format!("{}{label} {arrow}", " ".repeat(blanks))
        };
        let right = |column: usize, label: &str| format!("{}{arrow} {label}", " ".repeat(column));
        let fits = |column: usize, label: &str| column + 2 + label.width() < NOTES_FROM;
        if let [(first, from), (second, to)] = found.as_slice()
            && first < second
            && from.width() < *first
            && fits(*second, to)
        {
            let rest = right(second - first - 1, to);
            return vec![format!("{}{rest}", left(*first, from))];
        }
        let one = |(column, label): &(usize, String)| {
            if fits(*column, label) {
                right(*column, label)
            } else {
                left(*column, label)
            }
        };
        found.iter().map(one).collect()
    }

    /// What is to be said of a date.
    fn notes(&self, day: &Day) -> Vec<String> {
        let mut notes = Vec::new();
        if day.is_skipped() {
            notes.push(told!("left out by the zone"));
            return notes;
        }
        let name = self.calendar.date_name(day.date);
        match self.calendar.date_rule(day.date) {
            DateRule::Closed => notes.push(told!("closed")),
            DateRule::Special(spans) => {
                let hours = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
                for span in spans {
                    let closes = if span.closes() > 1440 {
                        span.closes() - 1440
                    } else {
                        span.closes()
                    };
                    let (opens, closes) = (hours(span.opens()), hours(closes));
                    notes.push(told!("open {opens}-{closes}", opens, closes));
                }
            }
            DateRule::Holiday if name.is_none() => notes.push(told!("holiday")),
            // Its name says it.
            DateRule::Holiday => {}
            DateRule::MakeUp(Some(weekday)) => {
                notes.push(told!(
                    "worked as {weekday}",
                    weekday = capital(weekday.word())
                ));
            }
            DateRule::MakeUp(None) => notes.push(told!("make-up day")),
            DateRule::Weekday => {}
            DateRule::Unknown => notes.push(told!("no holiday data")),
        }
        notes.extend(name.map(str::to_owned));
        notes.extend(day.changes.iter().map(change));
        notes
    }
}

fn change(change: &Change) -> String {
    let to = match change.to {
        TimeOfDay::MIDNIGHT => "24:00".to_owned(),
        time => time.to_string(),
    };
    let from = change.from.to_string();
    match change.twice {
        true => told!("{from}-{to} twice", from, to),
        false => told!("{from}-{to} skipped", from, to),
    }
}

/// How far one week is from the one drawn before it.
fn between(before: Date, monday: Date) -> String {
    let weeks = (i64::from(monday.day_number()) - i64::from(before.day_number())) / 7;
    match weeks {
        1 => String::new(),
        2 => format!("\n{}\n", told!("(a week in between)")),
        _ => format!(
            "\n{}\n",
            told!("({weeks} weeks in between)", weeks = weeks - 1)
        ),
    }
}

fn drawn(cell: Cell) -> (Sign, Ink) {
    match cell {
        Cell::Skipped => (Sign::Skipped, Ink::Plain),
        Cell::Closed => (Sign::Closed, Ink::Faint),
        Cell::Unknown => (Sign::Unknown, Ink::Alarm),
        Cell::Open => (Sign::Open, Ink::Plain),
        Cell::Counted => (Sign::Counted, Ink::Counted),
    }
}

/// What the signs that occur mean.
fn legend(seen: &[Cell], pen: Pen) -> String {
    let words = [
        (Cell::Counted, told!("counted")),
        (Cell::Open, told!("open")),
        (Cell::Closed, told!("closed")),
        (Cell::Unknown, told!("unknown")),
    ];
    let mut text = String::new();
    for (cell, word) in words.iter().filter(|(cell, _)| seen.contains(cell)) {
        let (sign, ink) = drawn(*cell);
        let sign = pen.paint(ink, &pen.sign(sign).to_string());
        text.push_str(&format!("{sign} {word}  "));
    }
    text + told!("each sign is half an hour").as_str()
}

fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or(String::new(), |first| {
        first.to_ascii_uppercase().to_string() + signs.as_str()
    })
}
