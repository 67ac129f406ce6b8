//! Holds a formatted text against the one it was made of.
//!
//! The same words in the same order, the same tree, the same comments in the same order, at the same
//! words; and formatting it again changes nothing.

use super::comments::Notes;
use super::lay_out;
use crate::source::SourceId;
use crate::syntax::{self, Outline};

/// Whether `formatted` says what `text` says, and is laid out already.
pub(super) fn reads_the_same(
    text: &str,
    outline: &Outline,
    notes: &Notes<'_>,
    formatted: &str,
) -> bool {
    let (file, _, Some(again)) = syntax::parse_with_outline(SourceId::default(), formatted) else {
        return false;
    };
    let notes_again = Notes::new(formatted, &again.lexemes, &file.comments);
    outline.shape == again.shape
        && words(text, outline).eq(words(formatted, &again))
        && comments(notes).eq(comments(&notes_again))
        && lay_out(formatted, &again, &notes_again) == formatted
}

fn words<'a>(text: &'a str, outline: &'a Outline) -> impl Iterator<Item = &'a str> {
    outline.lexemes.iter().map(|word| {
        text.get(word.start as usize..word.end as usize)
            .unwrap_or("")
    })
}

fn comments<'a>(notes: &'a Notes<'a>) -> impl Iterator<Item = (&'a str, usize, bool)> {
    notes
        .all
        .iter()
        .map(|note| (note.text, note.before, note.trailing))
}
