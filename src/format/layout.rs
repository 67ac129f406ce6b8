//! What stands between the words of a file: nothing, a blank, a line end, or a line end if needed.
//!
//! After `comments`, before `print`. The rules themselves are in `items`, `lists` and `table`.

use super::comments::Notes;
use crate::syntax::{Node, Outline, Part};
use unicode_width::UnicodeWidthStr;

/// Columns of one step of indentation.
pub(super) const STEP: usize = 2;

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GapKind {
    /// Nothing.
    None,
    /// A blank.
    Space,
    /// A line end.
    Line,
    /// A line end when the group is broken; otherwise a blank, or nothing.
    Soft {
        /// The group.
        group: usize,
        /// Whether a blank stands here when the group is on one line.
        blank: bool,
    },
    /// In a broken group a line end where the operator has one, and where the line would be too long.
    Fill {
        /// The group.
        group: usize,
        /// The last word of what follows this gap.
        last: usize,
    },
}

/// What stands before a word, and how far in the line begins if one begins here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub kind: GapKind,
    /// Where the line begins.
    pub indent: usize,
    /// Where comments on lines of their own begin that stand here.
    pub comment_indent: usize,
    /// Blanks more, so that columns line up.
    pub pad: usize,
    /// The group that must be broken for `pad` to count; none when it always does.
    pub pad_group: Option<usize>,
    /// Whether a blank line of the operator is kept here.
    pub keep_blank: bool,
}

/// Words that stand on one line if they fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub first: usize,
    pub last: usize,
}

/// A file's words and what stands between them.
pub(super) struct Layout<'a> {
    pub words: Vec<&'a str>,
    pub widths: Vec<usize>,
    pub gaps: Vec<Gap>,
    /// By first word, a group before those inside it.
    pub groups: Vec<Group>,
    pub notes: &'a Notes<'a>,
    nodes: &'a [Node],
}

impl<'a> Layout<'a> {
    /// Decides what stands between the words.
    pub fn new(text: &'a str, outline: &'a Outline, notes: &'a Notes<'a>) -> Layout<'a> {
        let words: Vec<&str> = outline
            .lexemes
            .iter()
            .map(|lexeme| {
                text.get(lexeme.start as usize..lexeme.end as usize)
                    .unwrap_or("")
            })
            .collect();
        let mut before = "";
        let gaps = words
            .iter()
            .map(|word| {
                let kind = usual(before, word);
                before = word;
                Gap {
                    kind,
                    indent: STEP,
                    comment_indent: STEP,
                    pad: 0,
                    pad_group: None,
                    keep_blank: false,
                }
            })
            .collect();
        let mut layout = Layout {
            widths: words.iter().map(|word| word.width()).collect(),
            words,
            gaps,
            groups: Vec::new(),
            notes,
            nodes: &outline.nodes,
        };
        layout.file();
        layout
    }

    /// A node by its place.
    pub fn node(&self, at: usize) -> Option<Node> {
        self.nodes.get(at).copied()
    }

    /// The places of the nodes directly inside one.
    pub fn children(&self, at: usize) -> Vec<usize> {
        match self.node(at) {
            Some(node) => self.between(at + 1, node.behind as usize),
            None => Vec::new(),
        }
    }

    /// The places of the outermost nodes.
    pub fn outermost(&self) -> Vec<usize> {
        self.between(0, self.nodes.len())
    }

    fn between(&self, start: usize, end: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = start;
        while at < end {
            found.push(at);
            at = self
                .node(at)
                .map_or(end, |node| node.behind as usize)
                .max(at + 1);
        }
        found
    }

    /// What a node is.
    pub fn part(&self, at: usize) -> Option<Part> {
        self.node(at).map(|node| node.part)
    }

    /// The first word of a node.
    pub fn first(&self, at: usize) -> usize {
        self.node(at).map_or(0, |node| node.first as usize)
    }

    /// The last word of a node.
    pub fn last(&self, at: usize) -> usize {
        self.node(at).map_or(0, |node| node.last as usize)
    }

    /// The text of a word.
    pub fn word(&self, word: usize) -> &'a str {
        self.words.get(word).copied().unwrap_or("")
    }

    /// A new group of words.
    pub fn group(&mut self, first: usize, last: usize) -> usize {
        self.groups.push(Group { first, last });
        self.groups.len() - 1
    }

    /// Sets what stands before a word.
    pub fn set(&mut self, word: usize, kind: GapKind, indent: usize) {
        if let Some(gap) = self.gaps.get_mut(word) {
            gap.kind = kind;
            gap.indent = indent;
            gap.comment_indent = indent;
        }
    }

    /// A line begins with this word.
    pub fn line(&mut self, word: usize, indent: usize) {
        self.set(word, GapKind::Line, indent);
    }

    /// A line begins with this word; a blank line above it is kept.
    pub fn paragraph(&mut self, word: usize, indent: usize) {
        self.line(word, indent);
        self.keep_blank(word);
    }

    /// A line begins with this word if the group is broken.
    pub fn soft(&mut self, word: usize, group: usize, indent: usize) {
        self.set(word, GapKind::Soft { group, blank: true }, indent);
    }

    /// Nothing stands before this word.
    pub fn glue(&mut self, word: usize) {
        if let Some(gap) = self.gaps.get_mut(word) {
            gap.kind = GapKind::None;
        }
    }

    /// A blank line above this word is kept.
    pub fn keep_blank(&mut self, word: usize) {
        if let Some(gap) = self.gaps.get_mut(word) {
            gap.keep_blank = true;
        }
    }

    /// Comments above this word, a closing bracket, stand in line with what is inside.
    pub fn comments_at(&mut self, word: usize, indent: usize) {
        if let Some(gap) = self.gaps.get_mut(word) {
            gap.comment_indent = indent;
            gap.keep_blank = true;
        }
    }

    /// Lines inside these words begin here unless something else is said.
    pub fn continue_at(&mut self, first: usize, last: usize, indent: usize) {
        for gap in self.gaps.get_mut(first..=last).unwrap_or(&mut []) {
            gap.indent = indent;
            gap.comment_indent = indent;
        }
    }

    /// Pads before words so that they line up; a word comes with the columns before it.
    pub fn line_up(&mut self, words: &[(usize, usize)], group: Option<usize>) {
        let widest = words.iter().map(|(_, width)| *width).max().unwrap_or(0);
        for (word, width) in words {
            if let Some(gap) = self.gaps.get_mut(*word) {
                gap.pad = widest - width;
                gap.pad_group = group;
            }
        }
    }

    /// Columns of some words on one line, what stands before the first left out.
    pub fn flat_width(&self, first: usize, last: usize) -> usize {
        let mut width = 0;
        for word in first..=last {
            let gap = self.gaps.get(word).filter(|_| word > first);
            width += gap.map_or(0, |gap| gap.flat());
            width += self.widths.get(word).copied().unwrap_or(0);
        }
        width
    }

    /// Whether a comment stands between these words.
    pub fn has_comment(&self, first: usize, last: usize) -> bool {
        (first + 1..=last).any(|word| !self.notes.before(word).is_empty())
    }
}

impl Gap {
    /// Columns on one line.
    pub fn flat(&self) -> usize {
        let blank = match self.kind {
            GapKind::None | GapKind::Soft { blank: false, .. } => 0,
            GapKind::Space | GapKind::Line | GapKind::Fill { .. } | GapKind::Soft { .. } => 1,
        };
        let pad = if self.pad_group.is_none() {
            self.pad
        } else {
            0
        };
        blank + pad
    }

    /// Whether a line may end here.
    pub fn may_break(&self) -> bool {
        match self.kind {
            GapKind::Line | GapKind::Soft { .. } | GapKind::Fill { .. } => true,
            GapKind::None | GapKind::Space => false,
        }
    }
}

/// What stands between two words that no rule speaks of.
fn usual(before: &str, word: &str) -> GapKind {
    // Glued to an instant the points of a range would be read as part of it.
    if word == ".." && is_instant(before) || before == ".." && is_instant(word) {
        return GapKind::Space;
    }
    let glued = matches!(word, "," | ":" | ")" | "." | "..")
        || matches!(before, "(" | "." | ".." | "")
        || (before == "{" && word == "}");
    if glued { GapKind::None } else { GapKind::Space }
}

/// Whether a word is an instant: a date, then `T`.
fn is_instant(word: &str) -> bool {
    let signs = word.as_bytes();
    signs.get(4) == Some(&b'-') && matches!(signs.get(10), Some(b'T' | b't'))
}
