//! A ladder: rules on the left, what comes of each on the right.

use super::super::ladder::{Rung, ladder};
use super::super::{Drawing, Picture, tested};
use super::{COLUMN, LINE, arrow, rectangle, text, wrap};
use crate::message::message;
use maud::{Markup, html};

const LEFT: usize = 16;
const RULE: usize = 500;
const GAP: usize = 70;
const OUTCOME: usize = 330;
const PADDING: usize = 10;
const BETWEEN: usize = 26;

/// Width, height, title and content.
pub(super) fn content(
    drawing: &Drawing<'_>,
    picture: Picture,
) -> Option<(usize, usize, String, Markup)> {
    let ladder = ladder(drawing, picture)?;
    let title = super::super::labelled(&ladder.name, ladder.label.as_deref());
    let mut y = 24;
    let mut heading = vec![ladder.strategy.clone()];
    heading.extend(ladder.effective.clone());
    let mut parts = vec![
        text(LEFT, y, "title", &title),
        text(LEFT, y + 20, "quiet", &heading.join(" · ")),
    ];
    y += 36;
    for (place, rung) in ladder.rungs.iter().enumerate() {
        let (part, height) = drawn(drawing, rung, y);
        parts.push(part);
        if let Some(next) = ladder.rungs.get(place + 1) {
            parts.push(onward(drawing, ladder.stops, next, y + height));
        }
        y += height + BETWEEN;
    }
    let width = LEFT + RULE + GAP + OUTCOME + LEFT;
    Some((width, y, title, html! { @for part in &parts { (part) } }))
}

/// One rule from a height on, and how high it is.
fn drawn(drawing: &Drawing<'_>, rung: &Rung, y: usize) -> (Markup, usize) {
    let otherwise = drawing.say(message!("otherwise"));
    let name = rung.name.as_deref().unwrap_or(&otherwise);
    let mut head = super::super::labelled(name, rung.label.as_deref());
    if let Some(effective) = &rung.effective {
        head = format!("{head} · {effective}");
    }
    let columns = (RULE - 2 * PADDING) / COLUMN;
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.extend(wrap(&head, columns).into_iter().map(|line| ("name", line)));
    for condition in &rung.condition {
        lines.extend(wrap(condition, columns).into_iter().map(|line| ("", line)));
    }
    let mut outcome: Vec<(&str, String)> = Vec::new();
    let columns = (OUTCOME - 2 * PADDING) / COLUMN;
    for (place, line) in rung.outcome.iter().enumerate() {
        let class = if place == 0 { "name" } else { "" };
        outcome.extend(wrap(line, columns).into_iter().map(|line| (class, line)));
    }
    if let Some(fired) = rung.fired {
        outcome.push(("quiet", tested::words(drawing, fired)));
    }
    let height = lines.len().max(outcome.len()) * LINE + PADDING;
    let outcome_x = LEFT + RULE + GAP;
    let middle = y + height / 2;
    let class = match rung.fired {
        Some(0) => "unfired",
        Some(_) | None => "rule",
    };
    let to = format!("M{} {middle} H{}", LEFT + RULE, outcome_x - 2);
    let markup = html! {
        (rectangle(LEFT, y, RULE, height, class))
        (rows(LEFT + PADDING, y, &lines))
        (arrow(&to, "line"))
        @if !rung.otherwise {
            (text(LEFT + RULE + GAP / 2, middle - 5, "quiet middle", &drawing.say(message!("yes"))))
        }
        (rectangle(outcome_x, y, OUTCOME, height, "outcome"))
        (rows(outcome_x + PADDING, y, &outcome))
    };
    (markup, height)
}

fn rows(x: usize, y: usize, lines: &[(&str, String)]) -> Markup {
    html! {
        @for (place, (class, line)) in lines.iter().enumerate() {
            (text(x, y + LINE * (place + 1), class, line))
        }
    }
}

/// From a rule to the next one.
fn onward(drawing: &Drawing<'_>, stops: bool, next: &Rung, y: usize) -> Markup {
    let x = LEFT + 40;
    let (class, words) = match (stops, next.otherwise) {
        (true, _) => ("line", message!("no")),
        (false, false) => ("next", message!("in any case")),
        (false, true) => ("line", message!("if none was true")),
    };
    html! {
        (arrow(&format!("M{x} {y} V{}", y + BETWEEN - 2), class))
        (text(x + 8, y + 17, "quiet", &drawing.say(words)))
    }
}
