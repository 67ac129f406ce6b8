//! Where comments stand: which word each belongs to, and where blank lines were.
//!
//! After the outline of `syntax`, before the layout. A comment belongs to the word before it when it
//! stands on that word's line, otherwise to the word after it.

use crate::syntax::Lexeme;
use crate::syntax::ast::Comment;

/// A comment and the word that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Note<'a> {
    /// From `#` on, without blanks at its end.
    pub text: &'a str,
    /// The word behind it; the number of words when it is the last thing of the file.
    pub before: usize,
    /// Whether it stands on the line of the word before it.
    pub trailing: bool,
    /// Whether a blank line stands above it.
    pub blank_above: bool,
}

/// Comments, and the line ends that stand before each word.
#[derive(Debug, Default)]
pub(super) struct Notes<'a> {
    /// In page order.
    pub all: Vec<Note<'a>>,
    /// For each word: line ends since the word or comment before it, at most 2.
    pub lines_above: Vec<u8>,
    /// For each word, and the end: the place in `all` of the first comment behind the word before it.
    first: Vec<usize>,
}

impl<'a> Notes<'a> {
    /// Gives each comment its word.
    pub fn new(text: &'a str, lexemes: &[Lexeme], comments: &[Comment]) -> Notes<'a> {
        let mut notes = Notes::default();
        let mut waiting = comments.iter().peekable();
        let mut done = 0;
        for (at, lexeme) in lexemes.iter().enumerate() {
            notes.first.push(notes.all.len());
            while let Some(comment) = waiting.next_if(|c| c.span.start < lexeme.start) {
                notes.add(text, comment, at, &mut done);
            }
            let start = lexeme.start as usize;
            notes.lines_above.push(line_ends(text, done, start));
            done = lexeme.end as usize;
        }
        notes.first.push(notes.all.len());
        for comment in waiting {
            notes.add(text, comment, lexemes.len(), &mut done);
        }
        notes
    }

    fn add(&mut self, text: &'a str, comment: &Comment, before: usize, done: &mut usize) {
        let (start, end) = (comment.span.start as usize, comment.span.end as usize);
        let above = line_ends(text, *done, start);
        let first_here = self.all.last().is_none_or(|note| note.before != before);
        self.all.push(Note {
            text: text.get(start..end).unwrap_or("").trim_end(),
            before,
            trailing: above == 0 && before > 0 && first_here,
            blank_above: above > 1,
        });
        *done = end;
    }

    /// The comments between a word and the one before it.
    pub fn before(&self, word: usize) -> &[Note<'a>] {
        let start = self.first.get(word).copied().unwrap_or(self.all.len());
        let end = self.first.get(word + 1).copied().unwrap_or(self.all.len());
        self.all.get(start..end).unwrap_or(&[])
    }

    /// Whether a line ends before this word.
    pub fn on_new_line(&self, word: usize) -> bool {
        !self.before(word).is_empty() || self.lines_above.get(word).is_some_and(|lines| *lines > 0)
    }

    /// Whether a blank line stands anywhere between this word and the one before it.
    pub fn has_blank_above(&self, word: usize) -> bool {
        self.lines_above.get(word).is_some_and(|lines| *lines > 1)
            || self.before(word).iter().any(|note| note.blank_above)
    }
}

/// Line ends between two places, at most 2.
fn line_ends(text: &str, start: usize, end: usize) -> u8 {
    let between = text.get(start..end).unwrap_or("");
    match between
        .bytes()
        .filter(|byte| *byte == b'\n')
        .take(2)
        .count()
    {
        0 => 0,
        1 => 1,
        _ => 2,
    }
}
