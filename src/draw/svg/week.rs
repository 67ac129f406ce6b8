//! A calendar as a grid: a row for each weekday, a column for each hour.

use super::super::Drawing;
use super::super::week::{DAYS, Week, weeks};
use super::{LINE, rectangle, text, wrap};
use crate::model::Calendar;
use maud::{Markup, html};

const LEFT: usize = 56;
const HOUR: usize = 26;
const ROW: usize = 24;
const WIDTH: usize = LEFT + 24 * HOUR + 24;

/// Width, height, title and content.
pub(super) fn content(
    drawing: &Drawing<'_>,
    calendar: &Calendar,
) -> (usize, usize, String, Markup) {
    let (weeks, notes) = weeks(drawing, calendar);
    let declared = &calendar.declared;
    let title = super::super::labelled(&declared.name, declared.label.as_deref());
    let mut y = 36;
    let mut parts = vec![text(16, 24, "title", &title)];
    for week in &weeks {
        let (part, height) = grid(week, y);
        parts.push(part);
        y += height;
    }
    for line in notes
        .iter()
        .flat_map(|note| wrap(note, (WIDTH - 32) / super::COLUMN))
    {
        y += LINE;
        parts.push(text(16, y, "quiet", &line));
    }
    let markup = html! { @for part in &parts { (part) } };
    (WIDTH, y + 16, title, markup)
}

/// One week from a height on, and how high it is.
fn grid(week: &Week, top: usize) -> (Markup, usize) {
    let heading = if week.during.is_some() { LINE } else { 0 };
    let first = top + heading + LINE;
    let markup = html! {
        @if let Some(during) = &week.during { (text(LEFT, top + 14, "name", during)) }
        @for hour in (0..=24).step_by(3) {
            (text(LEFT + hour * HOUR, first - 5, "quiet middle", &hour.to_string()))
        }
        @for (place, day) in DAYS.iter().enumerate() {
            @let y = first + place * ROW;
            (rectangle(LEFT, y, 24 * HOUR, ROW - 3, "day"))
            (text(LEFT - 8, y + 15, "name end", day.word()))
        }
        @for bar in &week.bars {
            @let from = LEFT + scaled(bar.from);
            @let to = LEFT + scaled(bar.to);
            @let class = if bar.overnight { "overnight" } else { "open" };
            (rectangle(from, first + bar.day * ROW + 2, to - from, ROW - 7, class))
        }
        @for hour in 1..24usize {
            @let x = LEFT + hour * HOUR;
            path d=(format!("M{x} {first} V{}", first + 7 * ROW - 3)) class="grid" {}
        }
    };
    (markup, heading + LINE + 7 * ROW + 8)
}

/// Minutes as a length.
fn scaled(minutes: u32) -> usize {
    usize::try_from(minutes).map_or(0, |minutes| minutes * HOUR / 60)
}
