//! What pictures are drawn with: signs, colours, and text cut to columns.
//!
//! Signs are plain ASCII on a terminal whose locale knows no more; colour is for terminals alone.

use super::output;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Signs and colours of a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    unicode: bool,
    color: bool,
}

/// A sign of one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Time that counts.
    Counted,
    /// Open time that does not count.
    Open,
    /// Closed time.
    Closed,
    /// Time of which nothing is known.
    Unknown,
    /// Local time that a wall clock never shows.
    Skipped,
    /// Time that stands still.
    Paused,
    /// Time in which nothing was asked.
    Rest,
    /// Time after a promise was broken.
    Late,
    /// Points at the place above it.
    Mark,
    /// What holds.
    Holds,
    /// What does not hold.
    Fails,
}

/// What a piece of a picture stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Time that counts.
    Counted,
    /// What stands back.
    Faint,
    /// What to look at.
    Strong,
    /// What is wrong or not known.
    Alarm,
    /// Everything else.
    Plain,
}

impl Pen {
    /// A pen without colour.
    #[cfg(test)]
    pub(super) fn plain(unicode: bool) -> Pen {
        Pen {
            unicode,
            color: false,
        }
    }

    /// The pen for standard output.
    pub(super) fn for_stdout() -> Pen {
        let terminal = output::stdout_is_terminal();
        Pen {
            unicode: !terminal || output::locale_is_unicode(),
            color: terminal && !output::no_color(),
        }
    }

    pub(super) fn sign(self, sign: Sign) -> char {
        match (sign, self.unicode) {
            (Sign::Counted, true) => '█',
            (Sign::Counted, false) => '#',
            (Sign::Open, true) => '░',
            (Sign::Open, false) => '=',
            (Sign::Closed, true) => '·',
            (Sign::Closed, false) => '.',
            (Sign::Unknown, _) => '?',
            (Sign::Skipped, _) => ' ',
            (Sign::Paused, true) => '‖',
            (Sign::Paused, false) => '|',
            (Sign::Rest, true) => '─',
            (Sign::Rest, false) => '-',
            (Sign::Late, _) => '!',
            (Sign::Mark, true) => '▲',
            (Sign::Mark, false) => '^',
            (Sign::Holds, true) => '✓',
            (Sign::Holds, false) => '+',
            (Sign::Fails, true) => '✗',
            (Sign::Fails, false) => '-',
        }
    }

    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Counted => "32",
            Ink::Faint => "2",
            Ink::Strong => "1",
            Ink::Alarm => "31",
            Ink::Plain => return text.to_owned(),
        };
        if self.color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A text on lines of so many columns: broken at blanks and beside wide signs, as Chinese text is
/// without any blanks; longer words are cut. A line does not begin with a sign that closes something.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut blank = !line.is_empty();
        for piece in pieces(word) {
            let free = columns.saturating_sub(line.width() + usize::from(blank));
            if piece.width() <= free {
                if blank {
                    line.push(' ');
                }
                line.push_str(piece);
            } else {
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                for sign in piece.chars() {
                    if !line.is_empty() && line.width() + sign.width().unwrap_or(0) > columns {
                        lines.push(std::mem::take(&mut line));
                    }
                    line.push(sign);
                }
            }
            blank = false;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word cut where a line may end: before and behind wide signs, but not before one that closes
/// something nor behind one that opens something.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let mut signs = word.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((at, sign)) = signs.next() {
            let end = at + sign.len_utf8();
            let breaks = signs.peek().is_none_or(|(_, next)| {
                let wide = |sign: char| sign.width() == Some(2);
                (wide(sign) || wide(*next)) && !CLOSING.contains(*next) && !OPENING.contains(sign)
            });
            if breaks {
                let piece = word.get(from..end);
                from = end;
                return piece;
            }
        }
        None
    })
}

const CLOSING: &str = ",.;:!?)]}”’，。、；：！？）】》〉」』";
const OPENING: &str = "([{“‘（【《〈「『";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_plain_terminal_are_ascii_and_all_have_one_column() {
        let all = [
            Sign::Counted,
            Sign::Open,
            Sign::Closed,
            Sign::Unknown,
            Sign::Skipped,
            Sign::Paused,
            Sign::Rest,
            Sign::Late,
            Sign::Mark,
            Sign::Holds,
            Sign::Fails,
        ];
        for sign in all {
            for unicode in [true, false] {
                let pen = Pen {
                    unicode,
                    color: false,
                };
                let drawn = pen.sign(sign);
                assert_eq!(drawn.width(), Some(1), "{sign:?}");
                assert!(unicode || drawn.is_ascii(), "{sign:?}");
            }
        }
    }

    #[test]
    fn colour_is_for_those_who_want_it() {
        let pen = |color| Pen {
            unicode: true,
            color,
        };
        assert_eq!(pen(false).paint(Ink::Alarm, "late"), "late");
        assert_eq!(
            pen(true).paint(Ink::Alarm, "late"),
            "\u{1b}[31mlate\u{1b}[0m"
        );
        assert_eq!(pen(true).paint(Ink::Plain, "late"), "late");
        assert_eq!(pen(true).paint(Ink::Alarm, ""), "");
    }

    #[test]
    fn texts_are_broken_at_blanks_or_within_wide_words() {
        assert_eq!(wrap("a make-up  day", 8), ["a", "make-up", "day"]);
        assert_eq!(wrap("a make-up day", 9), ["a make-up", "day"]);
        assert_eq!(wrap("春节调休上班", 5), ["春节", "调休", "上班"]);
        assert_eq!(wrap("a 春节调休", 6), ["a 春节", "调休"]);
        assert_eq!(wrap("春节(调休),上班", 9), ["春节(调", "休),上班"]);
        assert_eq!(wrap("春节，调休", 4), ["春", "节，", "调休"]);
        assert_eq!(wrap("abcdefg 春", 3), ["abc", "def", "g", "春"]);
        assert_eq!(wrap(" ", 5), Vec::<String>::new());
        assert_eq!(wrap("春", 1), ["春"]);
    }
}
