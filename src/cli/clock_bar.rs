//! A clock as a bar: what of its time counted, where it stood still, what is left, and when.
//!
//! Pure: takes instants and calendars, gives lines. Wired to decisions by [`super::card`].

use super::pen::{Ink, Pen, Sign};
use crate::Instant;
use crate::cli::language::{self, told};
use crate::message::message;
use crate::time::{Calendar, Duration, Zone};
use std::collections::{BTreeMap, BTreeSet};
use unicode_width::UnicodeWidthStr;

/// The cycle of a clock, as far as it is drawn.
#[derive(Clone, Debug)]
pub(super) struct ClockBar<'a> {
    /// The zone in which instants are shown.
    pub(super) zone: Zone,
    /// The instant of the decision; none for a clock that has ended, which does not change any more.
    pub(super) now: Option<Instant>,
    /// What it did, one stretch after the other.
    pub(super) stretches: Vec<Stretch<'a>>,
    /// When it is or was due.
    pub(super) due: Option<Instant>,
    /// When it was met.
    pub(super) met_at: Option<Instant>,
    /// When its target was used up.
    pub(super) breached_at: Option<Instant>,
}

/// A stretch `[from, to)` of a clock's time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'a> {
    pub(super) from: Instant,
    pub(super) to: Instant,
    pub(super) kind: StretchKind,
    /// The calendar by which its time counts; nothing counts when there is none.
    pub(super) calendar: Option<&'a Calendar>,
}

/// What a clock did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StretchKind {
    Running,
    Paused,
    /// It was met, and reopened without that time being counted.
    Met,
}

/// What a piece of the bar stands for; of two that take the same time, the later one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    /// Behind the end, or ahead while the calendar is closed.
    Blank,
    /// Time that is left.
    Left,
    /// Running while the calendar is closed.
    Outside,
    Met,
    Paused,
    /// Running while nobody knows whether the calendar is open.
    Unknown,
    /// Running while it counts.
    Counted,
    /// The same, after the target was used up.
    Late,
}

/// Lines of a bar, and the pieces that occur, for the legend.
pub(super) struct DrawnBar {
    pub(super) lines: Vec<String>,
    pub(super) pieces: BTreeSet<Piece>,
}

impl ClockBar<'_> {
    /// Draws the bar in so many columns, with its instants below; nothing for a clock that took no
    /// time at all.
    pub(super) fn draw(&self, columns: usize, pen: Pen) -> DrawnBar {
        let mut drawn = DrawnBar {
            lines: Vec::new(),
            pieces: BTreeSet::new(),
        };
        let (Some(scale), true) = (self.scale(columns.saturating_sub(2)), columns > 2) else {
            return drawn;
        };
        let pieces: Vec<Piece> = (0..scale.cells)
            .map(|cell| self.piece(&scale, cell))
            .collect();
        let mut bar = "[".to_owned();
        for run in pieces.chunk_by(|a, b| a == b) {
            let (sign, ink) = look(*run.first().unwrap_or(&Piece::Blank));
            let signs: String = run.iter().map(|_| pen.sign(sign)).collect();
            bar.push_str(&pen.paint(ink, &signs));
        }
        bar.push(']');
        drawn.lines.push(bar);
        drawn.lines.extend(self.marks(&scale, columns, pen));
        drawn.pieces.extend(pieces);
        drawn
    }

    fn scale(&self, cells: usize) -> Option<Scale> {
        let first = self.stretches.first()?.from;
        let ends = self.stretches.iter().map(|stretch| stretch.to);
        let end = ends
            .chain([self.due, self.met_at, self.now].into_iter().flatten())
            .max()?;
        let length = end.since(first).millis();
        (length > 0).then_some(Scale {
            first,
            length,
            cells,
        })
    }

    /// What most of a cell's time was spent with.
    fn piece(&self, scale: &Scale, cell: usize) -> Piece {
        let Some(from) = scale.bound(cell) else {
            return Piece::Blank;
        };
        // Of a very short time, cells may be no time at all.
        let least = from.plus(Duration::from_millis(1));
        let to = scale.bound(cell + 1).max(least).unwrap_or(from);
        let mut spent: BTreeMap<Piece, i64> = BTreeMap::new();
        let mut take = |millis: i64, piece: Piece| {
            *spent.entry(piece).or_default() += millis;
        };
        for stretch in &self.stretches {
            let (from, to) = (from.max(stretch.from), to.min(stretch.to));
            if to <= from {
                continue;
            }
            let all = to.since(from).millis();
            match stretch.kind {
                StretchKind::Paused => take(all, Piece::Paused),
                StretchKind::Met => take(all, Piece::Met),
                StretchKind::Running => match open(stretch.calendar, from, to) {
                    None => take(all, Piece::Unknown),
                    Some(open) => {
                        let late = self.breached_at.is_some_and(|at| at < to);
                        let piece = if late { Piece::Late } else { Piece::Counted };
                        let counted = if open > 0 && all > LONG_CELL {
                            all
                        } else {
                            open
                        };
                        take(counted, piece);
                        take(all - counted, Piece::Outside);
                    }
                },
            }
        }
        if let (Some(last), Some(due)) = (self.stretches.last(), self.due) {
            let (from, to) = (from.max(last.to), to.min(due));
            let all = to.since(from).millis();
            if all > 0 {
                let open = open(last.calendar, from, to).unwrap_or(0);
                let left = if open > 0 && all > LONG_CELL {
                    all
                } else {
                    open
                };
                take(left, Piece::Left);
                take(all - left, Piece::Blank);
            }
        }
        let most = spent.into_iter().filter(|(_, millis)| *millis > 0);
        most.max_by_key(|(piece, millis)| (*millis, *piece))
            .map_or(Piece::Blank, |(piece, _)| piece)
    }

    /// Arrows at the instants, on as few lines as they fit on.
    fn marks(&self, scale: &Scale, columns: usize, pen: Pen) -> Vec<String> {
        let late = self.breached_at.filter(|at| Some(*at) != self.due);
        let mut named: Vec<(Instant, String)> = vec![(scale.first, String::new())];
        let others = [
            (self.due, told!("due")),
            (late, told!("overdue")),
            (self.met_at, told!("met")),
            (self.now, told!("now")),
        ];
        for (at, word) in others {
            named.extend(at.filter(|at| *at >= scale.first).map(|at| (at, word)));
        }
        named.sort_by_key(|(at, _)| *at);
        let mut marks: Vec<(usize, String)> = Vec::new();
        for run in named.chunk_by(|(a, _), (b, _)| a == b) {
            let words = run.iter().map(|(_, word)| word.as_str());
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let time = run.first().map_or(String::new(), |(at, _)| self.time(*at));
            let label = format!("{} {time}", words.join(", ")).trim().to_owned();
            // The bar begins behind its bracket.
            let column = run.first().map_or(0, |(at, _)| scale.cell(*at)) + 1;
            marks.push((column, label));
        }
        let lines = place(&marks, columns, pen.sign(Sign::Mark));
        let paint = |line: String| pen.paint(Ink::Strong, &line);
        lines.into_iter().map(paint).collect()
    }

    /// A local time, with its year when that is not the one everybody thinks of.
    fn time(&self, at: Instant) -> String {
        let date = at.date(self.zone);
        let usual = self
            .now
            .or(self.met_at)
            .unwrap_or(at)
            .date(self.zone)
            .year();
        let time = at.time(self.zone);
        if date.year() == usual {
            format!("{:02}-{:02} {time}", date.month(), date.day())
        } else {
            format!("{date} {time}")
        }
    }
}

/// Longer cells than this hold open and closed hours: they are shown by whether anything counts.
const LONG_CELL: i64 = 6 * 3_600_000;

/// How time lies over cells.
struct Scale {
    first: Instant,
    length: i64,
    cells: usize,
}

impl Scale {
    /// Where a cell begins.
    fn bound(&self, cell: usize) -> Option<Instant> {
        let share = i128::from(self.length) * i128::try_from(cell).ok()?;
        let cells = i128::try_from(self.cells).ok()?;
        let millis = i64::try_from(share.checked_div(cells)?).ok()?;
        self.first.plus(Duration::from_millis(millis))
    }

    /// The cell of an instant; the last one for the end.
    fn cell(&self, at: Instant) -> usize {
        let later = (0..self.cells).take_while(|cell| self.bound(*cell).is_some_and(|b| b <= at));
        later.count().saturating_sub(1)
    }
}

/// Arrows with their labels on one line if that can be, otherwise each on the first line with room.
fn place(marks: &[(usize, String)], columns: usize, arrow: char) -> Vec<String> {
    let behind = |way: u32, index: usize| way & (1 << index) == 0;
    // There are five marks at most.
    for way in 0..1_u32 << marks.len().min(5) {
        let mut line = String::new();
        let placed = marks.iter().enumerate();
        let fits = placed
            .map(|(index, (column, label))| (behind(way, index), *column, label))
            .all(|(behind, column, label)| put(&mut line, column, label, behind, columns, arrow));
        if fits {
            return vec![line];
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for (column, label) in marks {
        let mut put = |line: &mut String| {
            put(line, *column, label, true, columns, arrow)
                || put(line, *column, label, false, columns, arrow)
        };
        if !lines.iter_mut().any(&mut put) {
            let mut line = String::new();
            if put(&mut line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// Puts an arrow below a column, its label behind or before it; false if there is no room.
fn put(
    line: &mut String,
    column: usize,
    label: &str,
    behind: bool,
    columns: usize,
    arrow: char,
) -> bool {
    let taken = line.width();
    let free = if taken == 0 { 0 } else { taken + 2 };
    let before = label.width() + 1;
    let (start, text) = if behind && column + before < columns {
        (column, format!("{arrow} {label}"))
    } else if !behind && column >= before {
        (column - before, format!("{label} {arrow}"))
    } else {
        return false;
    };
    if start < free {
        return false;
    }
    line.push_str(&" ".repeat(start - taken));
    line.push_str(&text);
    true
}

/// The open milliseconds in between; none when the calendar does not know.
fn open(calendar: Option<&Calendar>, from: Instant, to: Instant) -> Option<i64> {
    match calendar {
        None => Some(0),
        Some(calendar) => calendar.measure(from, to).ok().map(Duration::millis),
    }
}

fn look(piece: Piece) -> (Sign, Ink) {
    match piece {
        Piece::Blank => (Sign::Skipped, Ink::Plain),
        Piece::Left => (Sign::Closed, Ink::Faint),
        Piece::Outside => (Sign::Open, Ink::Plain),
        Piece::Met => (Sign::Rest, Ink::Faint),
        Piece::Paused => (Sign::Paused, Ink::Plain),
        Piece::Unknown => (Sign::Unknown, Ink::Alarm),
        Piece::Counted => (Sign::Counted, Ink::Counted),
        Piece::Late => (Sign::Late, Ink::Alarm),
    }
}

/// What the pieces mean that occur; none when there is nothing to tell.
pub(super) fn legend(pieces: &BTreeSet<Piece>, pen: Pen) -> Option<String> {
    let words = [
        (Piece::Counted, message!("counted")),
        (Piece::Late, message!("overdue")),
        (Piece::Outside, message!("outside hours")),
        (Piece::Paused, message!("paused")),
        (Piece::Met, message!("met, then reopened")),
        (Piece::Unknown, message!("unknown")),
        (Piece::Left, message!("left")),
    ];
    let found = words.iter().filter(|(piece, _)| pieces.contains(piece));
    let texts: Vec<String> = found
        .map(|(piece, word)| {
            let (sign, ink) = look(*piece);
            let word = language::say(word);
            format!("{} {word}", pen.paint(ink, &pen.sign(sign).to_string()))
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join("  "))
}

#[cfg(test)]
mod tests;
