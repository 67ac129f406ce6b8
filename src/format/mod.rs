//! The one layout of policy text: from a text to the same text, laid out.
//!
//! After `syntax`, before nobody: the driver writes the result to its file. Only blanks, line breaks
//! and commas behind fields change, never a word, a text in quotes or a comment. The result is read
//! again and compared before it is given away. Whether lines end as on Windows stays as it is.
//!
//! ```text
//! text ──► syntax::Outline ──► comments ──► layout (items, lists, table) ──► print ──► verify
//! ```

mod comments;
mod items;
mod layout;
mod lists;
mod print;
mod table;
mod verify;

use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::source::{SourceId, Span};
use crate::syntax::{self, Outline};
use comments::Notes;
use layout::Layout;

/// The byte order mark that some editors put before a text.
const MARK: char = '\u{feff}';

/// Lays out one policy file.
///
/// ```
/// use caseway::{format::format, source::SourceId};
///
/// let text = "role desk \"服务台\"\ndefine late=reopened>=2   # twice";
/// let formatted = format(SourceId::default(), text).unwrap();
/// assert_eq!(formatted, "role desk \"服务台\"\ndefine late = reopened >= 2  # twice\n");
/// ```
///
/// # Errors
/// What is wrong with the text, when it cannot be read; `format-refused` when the result would not
/// read like the text.
pub fn format(source: SourceId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let (file, mut findings, outline) = syntax::parse_with_outline(source, text);
    let Some(outline) = outline else {
        findings.retain(|finding| finding.level == Level::Error);
        if findings.is_empty() {
            findings.push(refused(source));
        }
        return Err(findings);
    };
    let notes = Notes::new(text, &outline.lexemes, &file.comments);
    let formatted = lay_out(text, &outline, &notes);
    if verify::reads_the_same(text, &outline, &notes, &formatted) {
        Ok(with_ends_of(text, formatted))
    } else {
        Err(vec![refused(source)])
    }
}

/// A result with the byte order mark and the line ends of the text it was made of; the first line end
/// counts for all.
fn with_ends_of(text: &str, formatted: String) -> String {
    let windows = text
        .find('\n')
        .is_some_and(|at| text.get(..at).is_some_and(|line| line.ends_with('\r')));
    let formatted = match windows {
        true => formatted.replace('\n', "\r\n"),
        false => formatted,
    };
    match text.starts_with(MARK) {
        true => format!("{MARK}{formatted}"),
        false => formatted,
    }
}

fn lay_out(text: &str, outline: &Outline, notes: &Notes<'_>) -> String {
    let layout = Layout::new(text, outline, notes);
    let items: Vec<usize> = layout
        .outermost()
        .into_iter()
        .map(|item| layout.first(item))
        .collect();
    print::print(&layout, &items)
}

fn refused(source: SourceId) -> Diagnostic {
    Diagnostic::error(
        "format-refused",
        Span::new(source, 0, 0),
        message!("this file is left as it is: laid out, it would not read the same"),
    )
    .help(message!(
        "nothing is wrong with the policy; please report the file as a mistake of `caseway fmt`"
    ))
}
