//! The states of a clock with numbered arrows; what each number waits for stands below.

use super::super::chart::{Change, State, Way, chart};
use super::super::{Drawing, tested};
use super::{LINE, arrow, rectangle, text, wrap};
use crate::model::Clock;
use maud::{Markup, html};

const WIDTH: usize = 780;
const BOX: (usize, usize) = (120, 44);

/// Width, height, title and content.
pub(super) fn content(drawing: &Drawing<'_>, clock: &Clock) -> (usize, usize, String, Markup) {
    let (changes, notes) = chart(drawing, clock);
    let title = super::super::labelled(&clock.declared.name, clock.declared.label.as_deref());
    let mut legend: Vec<(&str, String)> = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        let mut words = format!("{} {}", place + 1, change.words);
        if let Some(fired) = change.fired {
            words = format!("{words} · {}", tested::words(drawing, fired));
        }
        let class = match change.fired {
            Some(0) => "missed",
            Some(_) | None => "",
        };
        let lines = wrap(&words, 106).into_iter();
        legend.extend(lines.map(|line| (class, line)));
    }
    let notes = notes.iter().flat_map(|note| wrap(note, 106));
    legend.extend(notes.map(|line| ("", line)));
    let top = 250;
    let height = top + legend.len() * LINE + 16;
    let used = |state: State| {
        state == State::Running
            || changes
                .iter()
                .any(|change| <[State; 2]>::from(change.way.ends()).contains(&state))
    };
    let markup = html! {
        (text(16, 24, "title", &title))
        @for way in ways(&changes) { (line(&changes, way)) }
        @for state in State::ALL.into_iter().filter(|state| used(*state)) {
            @let (x, y) = place_of(state);
            (rectangle(x, y, BOX.0, BOX.1, class(state)))
            (text(x + BOX.0 / 2, y + 27, "name middle", state.word()))
        }
        @for (place, (class, words)) in legend.iter().enumerate() {
            (text(16, top + (place + 1) * LINE - 4, class, words))
        }
    };
    (WIDTH, height, title, markup)
}

fn class(state: State) -> &'static str {
    match state {
        State::Idle | State::Running | State::Paused => "block",
        State::Met => "outcome",
        State::Cancelled => "end",
    }
}

/// Where the box of a state stands.
fn place_of(state: State) -> (usize, usize) {
    match state {
        State::Idle => (30, 60),
        State::Running => (320, 60),
        State::Paused => (320, 180),
        State::Met => (620, 60),
        State::Cancelled => (620, 180),
    }
}

/// The ways that a clock has, in order of the first change.
fn ways(changes: &[Change]) -> Vec<Way> {
    let mut ways = Vec::new();
    for change in changes {
        if !ways.contains(&change.way) {
            ways.push(change.way);
        }
    }
    ways
}

/// An arrow with the numbers of its changes.
fn line(changes: &[Change], way: Way) -> Markup {
    let numbers: Vec<String> = changes
        .iter()
        .enumerate()
        .filter(|(_, change)| change.way == way)
        .map(|(place, _)| (place + 1).to_string())
        .collect();
    let (path, x, y) = match way {
        Way::Start => ("M150 82 H318", 234, 76),
        Way::Pause => ("M360 104 V178", 346, 146),
        Way::Continue => ("M400 180 V106", 414, 146),
        Way::Stop => ("M440 74 H618", 530, 68),
        Way::Reopen => ("M620 92 H442", 530, 108),
        Way::Cancel => ("M440 100 C520 130 540 190 618 200", 556, 160),
        Way::Reset => ("M350 60 C350 22 410 22 410 58", 424, 40),
    };
    html! {
        (arrow(path, "line"))
        (text(x, y, "name middle", &numbers.join(",")))
    }
}
