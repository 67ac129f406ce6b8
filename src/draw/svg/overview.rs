//! What builds on what, from the case on the left to the blocks that act on the right.

use super::super::overview::overview;
use super::super::{Drawing, Picture};
use super::{COLUMN, arrow, rectangle, text, wrap};
use crate::message::message;
use maud::{Markup, html};

const BOX: (usize, usize) = (170, 52);
const STEP: (usize, usize) = (236, 72);

/// Width, height, title and content.
pub(super) fn content(drawing: &Drawing<'_>, picture: Picture) -> (usize, usize, String, Markup) {
    let overview = overview(drawing, picture);
    let mut rows: Vec<usize> = Vec::new();
    let places: Vec<(usize, usize)> = overview
        .nodes
        .iter()
        .map(|node| {
            if rows.len() <= node.depth {
                rows.resize(node.depth + 1, 0);
            }
            let row = rows.get_mut(node.depth).map_or(0, |row| {
                *row += 1;
                *row - 1
            });
            (16 + node.depth * STEP.0, 44 + row * STEP.1)
        })
        .collect();
    let place = |node: usize| places.get(node).copied().unwrap_or_default();
    let title = drawing.say(message!("what builds on what"));
    let markup = html! {
        (text(16, 24, "title", &title))
        @for (from, to) in &overview.edges {
            @let ((fx, fy), (tx, ty)) = (place(*from), place(*to));
            @let (x, y, end) = (fx + BOX.0, fy + BOX.1 / 2, ty + BOX.1 / 2);
            (arrow(&format!("M{x} {y} C{} {y} {} {end} {} {end}", x + 34, tx - 36, tx - 2), "line"))
        }
        @for (node, (x, y)) in overview.nodes.iter().zip(&places) {
            (rectangle(*x, *y, BOX.0, BOX.1, "block"))
            @let columns = (BOX.0 - 12) / COLUMN;
            (text(x + BOX.0 / 2, y + if node.label.is_some() { 22 } else { 31 }, "name middle",
                &first_line(&node.name, columns)))
            @if let Some(label) = &node.label {
                (text(x + BOX.0 / 2, y + 41, "middle", &first_line(label, columns)))
            }
        }
    };
    let width = 16 + rows.len().saturating_sub(1) * STEP.0 + BOX.0 + 16;
    let height = 44 + rows.iter().copied().max().unwrap_or(1) * STEP.1;
    (width, height, title, markup)
}

/// As much of a text as stands in a line of a box.
fn first_line(words: &str, columns: usize) -> String {
    let lines = wrap(words, columns);
    match lines.as_slice() {
        [first, _, ..] => format!("{first}…"),
        [first] => first.clone(),
        [] => String::new(),
    }
}
