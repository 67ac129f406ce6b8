//! Names the mistake behind text that cannot be read.

use super::grammar::Rule;
use super::parse::begins_line;
use super::scan::{Scan, Token, TokenKind};
use super::shadow::Shadow;
use crate::diag::Diagnostic;
use crate::source::{SourceId, Span};
use std::ops::Range;

/// Where and how reading failed.
pub(super) struct Failure<'a> {
    pub source: SourceId,
    pub text: &'a str,
    pub shadow: &'a Shadow,
    pub tokens: &'a [Token],
    /// The tokens of the item.
    pub region: Range<usize>,
    /// The token that could not be read; the end of the region when something is missing there.
    pub at: usize,
    pub expected: &'a [Rule],
}

/// JSON, YAML or something else that is no policy at all.
pub(super) fn pasted(_source: SourceId, _text: &str, _scan: &Scan) -> Option<Diagnostic> {
    None
}

impl Failure<'_> {
    /// The smallest part of the item that holds the mistake and can be left out.
    pub fn piece(&self) -> Option<Range<usize>> {
        None
    }

    /// The finding.
    pub fn explain(&self) -> Diagnostic {
        let span = self.place(self.at);
        let _ = begins_line;
        let _ = TokenKind::Word;
        Diagnostic::error(
            "unexpected-text",
            span,
            format!(
                "`{}` is not expected here {:?}",
                self.tokens.get(self.at).map_or("", |t| t.text(self.text)),
                self.expected
            ),
        )
    }

    fn place(&self, at: usize) -> Span {
        match self.tokens.get(at) {
            Some(token) => Span::new(
                self.source,
                self.shadow.original_start(token.start),
                self.shadow.original_end(token.end),
            ),
            None => Span::new(self.source, 0, 0),
        }
    }
}
