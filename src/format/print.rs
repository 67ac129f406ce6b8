//! Writes words and what stands between them as lines.
//!
//! Last step of a layout. Each group is looked at once, when its first word is reached: it stands on
//! one line if it fits, its line ends count otherwise.

use super::layout::{GapKind, Layout};

/// Lines are broken where they would be longer, if they can be.
pub(super) const MOST_COLUMNS: usize = 100;

/// A line, or an empty one.
#[derive(Clone, Debug, Default)]
struct Line<'a> {
    indent: usize,
    code: String,
    /// Columns of the code and of what stands before it.
    width: usize,
    comment: Option<&'a str>,
}

/// Writes a layout; `items` are the first words of the items.
pub(super) fn print(layout: &Layout<'_>, items: &[usize]) -> String {
    let mut printer = Printer::new(layout);
    let mut text = Vec::new();
    let mut tall_before = false;
    for (place, first) in items.iter().copied().enumerate() {
        let end = items.get(place + 1).copied().unwrap_or(layout.words.len());
        for word in first..end {
            printer.word(word);
        }
        let mut lines = std::mem::take(&mut printer.lines);
        lines.extend(printer.current.take());
        // A comment behind the item before stands on that item's last line.
        if let Some((last, comment)) = text.last_mut().zip(printer.behind_last.take()) {
            let last: &mut Line<'_> = last;
            last.comment = Some(comment);
        }
        let above = lines.iter().take_while(|line| line.code.is_empty()).count();
        let tall = lines.len() > above + 1;
        if place > 0 && (tall || tall_before) && !layout.notes.has_blank_above(first) {
            text.push(Line::default());
        }
        tall_before = tall;
        text.append(&mut lines);
    }
    let end = layout.words.len();
    printer.comments(end, 0, true);
    if let Some((last, comment)) = text.last_mut().zip(printer.behind_last.take()) {
        last.comment = Some(comment);
    }
    text.append(&mut printer.lines);
    write(&text)
}

struct Printer<'a> {
    layout: &'a Layout<'a>,
    lines: Vec<Line<'a>>,
    current: Option<Line<'a>>,
    /// A comment that belongs to the line before all these.
    behind_last: Option<&'a str>,
    /// Columns of everything up to each word on one line.
    flat: Vec<usize>,
    /// How often a line must end up to each word.
    forced: Vec<usize>,
    /// Columns behind each word up to where the line may end.
    tail: Vec<usize>,
    broken: Vec<bool>,
}

impl<'a> Printer<'a> {
    fn new(layout: &'a Layout<'a>) -> Printer<'a> {
        let count = layout.words.len();
        let (mut flat, mut forced) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut columns, mut ends) = (0, 0);
        for (word, gap) in layout.gaps.iter().enumerate() {
            columns += gap.flat() + layout.widths.get(word).copied().unwrap_or(0);
            let ends_here = gap.kind == GapKind::Line || !layout.notes.before(word).is_empty();
            ends += usize::from(ends_here);
            flat.push(columns);
            forced.push(ends);
        }
        let mut tail = vec![0; count];
        let mut behind = 0;
        for (word, gap) in layout.gaps.iter().enumerate().rev() {
            if let Some(tail) = tail.get_mut(word) {
                *tail = behind;
            }
            let ends = gap.may_break() || !layout.notes.before(word).is_empty();
            behind = if ends {
                0
            } else {
                behind + gap.flat() + layout.widths.get(word).copied().unwrap_or(0)
            };
        }
        Printer {
            layout,
            lines: Vec::new(),
            current: None,
            behind_last: None,
            flat,
            forced,
            tail,
            broken: Vec::with_capacity(layout.groups.len()),
        }
    }

    /// Writes the comments before a word.
    fn comments(&mut self, word: usize, indent: usize, keep_blank: bool) {
        let opened = word > 0 && matches!(self.layout.word(word - 1), "{" | "(");
        for (place, note) in self.layout.notes.before(word).iter().enumerate() {
            if note.trailing {
                match self.current.as_mut() {
                    Some(line) => line.comment = Some(note.text),
                    None => self.behind_last = Some(note.text),
                }
                continue;
            }
            self.lines.extend(self.current.take());
            let first = place == 0 && (opened || word == 0);
            if note.blank_above && keep_blank && !first {
                self.lines.push(Line::default());
            }
            self.lines.push(Line {
                indent,
                comment: Some(note.text),
                ..Line::default()
            });
        }
    }

    /// Writes a word and what stands before it.
    fn word(&mut self, word: usize) {
        let layout = self.layout;
        let (Some(gap), Some(text)) = (layout.gaps.get(word), layout.words.get(word)) else {
            return;
        };
        let has_comments = !layout.notes.before(word).is_empty();
        self.comments(word, gap.comment_indent, gap.keep_blank);
        if has_comments || self.ends_line(word) {
            self.lines.extend(self.current.take());
            let blank = layout
                .notes
                .lines_above
                .get(word)
                .is_some_and(|lines| *lines > 1);
            let opened = word == 0 || matches!(layout.word(word - 1), "{" | "(");
            let inside = has_comments || !opened;
            let closes = matches!(*text, "}" | ")");
            if blank && gap.keep_blank && inside && !closes {
                self.lines.push(Line::default());
            }
        }
        let before = match &mut self.current {
            None => gap.indent,
            Some(line) => {
                let blank = usize::from(gap.kind != GapKind::None && gap.flat() > 0);
                let padded = gap
                    .pad_group
                    .is_none_or(|group| self.broken.get(group) == Some(&true));
                let blank = blank + if padded { gap.pad } else { 0 };
                let blank = match gap.kind {
                    GapKind::Soft { blank: false, .. } | GapKind::None => 0,
                    _ => blank,
                };
                line.code.extend(std::iter::repeat_n(' ', blank));
                line.width + blank
            }
        };
        self.decide(word, before);
        let width = before + layout.widths.get(word).copied().unwrap_or(0);
        let line = self.current.get_or_insert_with(|| Line {
            indent: gap.indent,
            ..Line::default()
        });
        line.code.push_str(text);
        line.width = width;
    }

    /// Decides the groups that begin with a word, which begins at this column.
    fn decide(&mut self, word: usize, column: usize) {
        while let Some(group) = self.layout.groups.get(self.broken.len())
            && group.first <= word
        {
            let at = |list: &[usize], word: usize| list.get(word).copied().unwrap_or(0);
            let forced = at(&self.forced, group.last) > at(&self.forced, group.first);
            let first = self.layout.widths.get(group.first).copied().unwrap_or(0);
            let width = first + at(&self.flat, group.last) - at(&self.flat, group.first);
            let end = column + width + at(&self.tail, group.last);
            self.broken.push(forced || end > MOST_COLUMNS);
        }
    }

    /// Whether a line ends before a word.
    fn ends_line(&self, word: usize) -> bool {
        let Some(gap) = self.layout.gaps.get(word) else {
            return false;
        };
        let broken = |group: usize| self.broken.get(group) == Some(&true);
        match gap.kind {
            GapKind::None | GapKind::Space => false,
            GapKind::Line => true,
            GapKind::Soft { group, .. } => broken(group),
            GapKind::Fill { group, .. } if !broken(group) => false,
            GapKind::Fill { last, .. } => {
                let at = |list: &[usize], word: usize| list.get(word).copied().unwrap_or(0);
                let before = word.checked_sub(1).map_or(0, |word| at(&self.flat, word));
                let width = at(&self.flat, last) - before;
                let column = self.current.as_ref().map_or(0, |line| line.width);
                self.layout.notes.on_new_line(word)
                    || column + width + at(&self.tail, last) > MOST_COLUMNS
            }
        }
    }
}

/// Lines as text; comments behind lines that follow each other line up.
fn write(lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    let mut rest = lines;
    while let Some(line) = rest.first() {
        let has_comment = |line: &Line<'_>| line.comment.is_some() && !line.code.is_empty();
        let run = rest
            .iter()
            .take_while(|next| has_comment(next) && next.indent == line.indent)
            .count()
            .max(1);
        let (here, behind) = rest.split_at(run);
        let column = here.iter().map(|line| line.width).max().unwrap_or(0);
        for line in here {
            if !line.code.is_empty() || line.comment.is_some() {
                text.extend(std::iter::repeat_n(' ', line.indent));
            }
            text.push_str(&line.code);
            if let Some(comment) = line.comment {
                if has_comment(line) {
                    text.extend(std::iter::repeat_n(' ', column - line.width + 2));
                }
                text.push_str(comment);
            }
            text.push('\n');
        }
        rest = behind;
    }
    text
}
