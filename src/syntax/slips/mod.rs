//! Slips that are known for certain from the tokens alone, mended before the text is parsed: what an
//! input method writes instead of the sign, signs of other languages, units that are spelled out.
//!
//! Each is reported once, with a fix; the parser then reads the mended text, so that one slip does
//! not bring a second message.

mod numbers;
mod pasted;
mod signs;
mod words;

pub(super) use pasted::pasted;
pub use words::written_member;

use super::scan::{Scan, Token, TokenKind};
use super::shadow::Patch;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::source::{SourceId, Span};
use std::cell::Cell;

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Slips {
    pub findings: Vec<Diagnostic>,
    pub patches: Vec<Patch>,
    /// Offsets of slips that are reported but not mended: what they break is not reported again.
    pub claimed: Vec<usize>,
    /// There are more slips than are reported; the last finding says so.
    pub too_many: bool,
}

/// After so many slips in one file the rest of it is not read.
const MOST_SLIPS: usize = 20_000;

/// What a brace holds, as far as slips care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brace {
    /// Fields: of a case, a record, a `set`.
    Fields,
    /// A table's rows.
    Table {
        /// Inside a row, between its first and last `|`.
        in_row: bool,
        /// Behind the `=>` of a row.
        behind_arrow: bool,
    },
    /// Anything else.
    Other,
}

/// Finds slips.
pub(super) fn find(source: SourceId, text: &str, scan: &Scan) -> Slips {
    let mut finder = Finder {
        source,
        text,
        tokens: &scan.tokens,
        found: Slips::default(),
        braces: Vec::new(),
        row_start: 0,
        line: Cell::new((1, 0)),
        at: 0,
    };
    while let Some(token) = finder.tokens.get(finder.at).copied() {
        let before = finder.at;
        if finder.found.findings.len() >= MOST_SLIPS {
            let span = finder.span(token.start, token.end);
            finder.found.findings.push(too_many(span, MOST_SLIPS));
            finder.found.too_many = true;
            break;
        }
        match token.kind {
            TokenKind::Sign(sign) => finder.sign(token, sign),
            TokenKind::Word => finder.word(token),
            TokenKind::Number => finder.number(token),
            TokenKind::OddText => finder.odd_text(token),
            TokenKind::OpenText => finder.open_text(token),
            TokenKind::Text => finder.quoted_key(token),
            TokenKind::Backtick => {}
        }
        finder.at = finder.at.max(before + 1);
    }
    finder.found
}

struct Finder<'a> {
    source: SourceId,
    text: &'a str,
    tokens: &'a [Token],
    found: Slips,
    braces: Vec<Brace>,
    /// Where the row of a table began that is being read.
    row_start: usize,
    /// A stretch that holds no line end, and the line end behind it.
    line: Cell<(usize, usize)>,
    /// The token looked at; a check that takes several tokens moves it on.
    at: usize,
}

/// That a file is not read any further. The place is where reading ends.
pub(super) fn too_many(place: Span, most: usize) -> Diagnostic {
    Diagnostic::error(
        "too-many-findings",
        place,
        message!("the file has more than {most} mistakes", most),
    )
    .label(message!("from here on it is not read"))
    .help(message!(
        "mend those above and check again; is this file a policy at all?"
    ))
}

impl<'a> Finder<'a> {
    fn token(&self, at: usize) -> Option<Token> {
        self.tokens.get(at).copied()
    }

    fn text_at(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| {
            self.text.get(token.start..token.end).unwrap_or("")
        })
    }

    fn before(&self, count: usize) -> &'a str {
        self.at.checked_sub(count).map_or("", |at| self.text_at(at))
    }

    /// The plain sign at a place, full-width ones made plain.
    fn sign_at(&self, at: usize) -> Option<char> {
        match self.token(at)?.kind {
            TokenKind::Sign(sign) => Some(signs::plain_sign(sign).unwrap_or(sign)),
            _ => None,
        }
    }

    /// Whether a token touches the one before it.
    fn touches(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.token(at));
        matches!((before, self.token(at)), (Some(a), Some(b)) if a.end == b.start)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// Reports a finding and mends its text for the parser.
    fn mend(&mut self, finding: Diagnostic, start: usize, end: usize, text: &str) {
        self.found.findings.push(finding);
        self.found.patches.push(Patch {
            start,
            end,
            text: text.to_owned(),
        });
    }

    /// Reports a finding that cannot be mended; what it breaks is not reported again.
    fn claim(&mut self, finding: Diagnostic) {
        self.found.claimed.push(finding.span.start as usize);
        self.found.findings.push(finding);
    }

    /// The end of the line that holds `offset`.
    fn line_end(&self, offset: usize) -> usize {
        let (start, end) = self.line.get();
        if (start..=end).contains(&offset) {
            return end;
        }
        let end = self
            .text
            .get(offset..)
            .and_then(|rest| rest.find('\n'))
            .map_or(self.text.len(), |at| offset + at);
        self.line.set((offset, end));
        end
    }

    /// Goes on behind `offset`.
    fn skip_to(&mut self, offset: usize) {
        self.at = self
            .tokens
            .partition_point(|token| token.start < offset)
            .max(self.at + 1);
    }

    fn open_text(&mut self, token: Token) {
        let quote = if self.text_at(self.at).starts_with('r') {
            2
        } else {
            1
        };
        let place = self.span(token.start, token.start + quote);
        let finding = Diagnostic::error(
            "unclosed-quote",
            place,
            message!("this text is never closed"),
        )
        .label(message!("opened here; a text ends on its line"))
        .help(message!("write `\"` where the text ends"))
        .unsafe_fix(self.span(token.end, token.end), "\"");
        self.mend(finding, token.end, token.end, "\"");
    }

    fn odd_text(&mut self, token: Token) {
        let text = self.text_at(self.at);
        let (Some(open), Some(close)) = (text.chars().next(), text.chars().next_back()) else {
            return;
        };
        let inner_start = token.start + open.len_utf8();
        let inner_end = token.end - close.len_utf8();
        let finding = Diagnostic::error(
            "typographic-quotes",
            self.span(token.start, token.end),
            message!("`{open}` is no quote of the language", open),
        )
        .label(message!("written with the input method's quotes"))
        .help(message!("write the text between plain quotes: `\"`"))
        .safe_fix(self.span(token.start, inner_start), "\"")
        .safe_fix(self.span(inner_end, token.end), "\"");
        self.found.patches.push(Patch {
            start: token.start,
            end: inner_start,
            text: "\"".to_owned(),
        });
        self.mend(finding, inner_end, token.end, "\"");
    }

    fn quoted_key(&mut self, token: Token) {
        let key = matches!(self.before(1), "{" | ",") && self.sign_at(self.at + 1) == Some(':');
        if !key || self.braces.last() != Some(&Brace::Fields) {
            return;
        }
        let inner = self.text_at(self.at).trim_matches('"');
        let name = words::as_name(inner);
        let finding = Diagnostic::error(
            "quoted-key",
            self.span(token.start, token.end),
            message!("a field's name stands without quotes"),
        )
        .label(message!("write `{instead}`", instead = name))
        .safe_fix(self.span(token.start, token.end), name.clone());
        self.mend(finding, token.start, token.end, &name);
    }
}
