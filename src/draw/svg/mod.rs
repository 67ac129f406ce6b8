//! Pictures as SVG: each stands alone, with its style in it, and prints in black and white.

mod chart;
mod ladder;
mod overview;
mod week;

use super::{Drawing, Picture};
use maud::{Markup, PreEscaped, html};
use unicode_width::UnicodeWidthStr;

/// The width of one column of text, in the units of the pictures. A letter of CJK takes two.
pub(super) const COLUMN: usize = 7;
/// The height of a line of text.
pub(super) const LINE: usize = 17;

/// The style of all pictures; the page has it once.
pub(super) const STYLE: &str = include_str!("style.css");

/// One picture; none when there is nothing to draw.
pub(super) fn drawn(drawing: &Drawing<'_>, picture: Picture) -> Option<Markup> {
    let (width, height, title, content) = match picture {
        Picture::Overview => overview::content(drawing, picture),
        Picture::Classification(_) | Picture::Route | Picture::Sla => {
            ladder::content(drawing, picture)?
        }
        Picture::Clock(place) => chart::content(drawing, drawing.model.clocks.get(place)?),
        Picture::Calendar(place) => week::content(drawing, drawing.model.calendars.get(place)?),
    };
    Some(html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height)
            viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(title) {
            title { (title) }
            style { (PreEscaped(STYLE)) }
            defs {
                marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
                    markerHeight="7" orient="auto-start-reverse" {
                    path d="M0 0 L8 4 L0 8 z" class="head" {}
                }
            }
            (content)
        }
    })
}

/// Text from a point on, or around it for the class `middle`.
fn text(x: usize, y: usize, class: &str, words: &str) -> Markup {
    html! { text x=(x) y=(y) class=(class) { (words) } }
}

/// A line with an arrow at its end.
fn arrow(path: &str, class: &str) -> Markup {
    html! { path d=(path) class=(class) marker-end="url(#arrow)" {} }
}

fn rectangle(x: usize, y: usize, width: usize, height: usize, class: &str) -> Markup {
    html! { rect x=(x) y=(y) width=(width) height=(height) rx="6" class=(class) {} }
}

/// Breaks text into lines of so many columns: at blanks, or within CJK text and overlong words.
fn wrap(words: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(words) {
        let fits = line.width() + piece.trim_end().width() <= columns;
        if !fits && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        for letter in piece.chars() {
            let mut buffer = [0; 4];
            if line.width() + letter.encode_utf8(&mut buffer).width() > columns && letter != ' ' {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The parts between which a line may be broken.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous_is_wide = false;
    for (at, letter) in words.char_indices() {
        let mut buffer = [0; 4];
        let is_wide = letter.encode_utf8(&mut buffer).width() > 1;
        let after_blank = words.get(..at).is_some_and(|before| before.ends_with(' '));
        // Signs that end a phrase stay with it.
        let ends = "，。、；：？！）」』》”’".contains(letter);
        if at > start && !ends && (after_blank || is_wide || previous_is_wide) && letter != ' ' {
            pieces.extend(words.get(start..at));
            start = at;
        }
        previous_is_wide = is_wide;
    }
    pieces.extend(words.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_blanks_and_within_cjk() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("系统故障或网络中断", 8),
            ["系统故障", "或网络中", "断"]
        );
        assert_eq!(wrap("系统故障。", 8), ["系统故", "障。"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("when kind is 故障", 10), ["when kind", "is 故障"]);
    }
}
