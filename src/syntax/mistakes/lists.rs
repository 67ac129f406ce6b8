//! Mistakes inside lists, fields and tables.

use super::super::grammar::Rule;
use super::super::scan::TokenKind;
use super::{Failure, RESERVED};
use crate::diag::Diagnostic;
use crate::message::message;

impl Failure<'_> {
    /// The bracket that is open around the failing token, and the word before it.
    fn around(&self) -> Option<(char, usize)> {
        let mut depth = 0usize;
        for at in (self.region.start..self.at.min(self.region.end)).rev() {
            match self.tokens.get(at)?.kind {
                TokenKind::Sign('}' | ')') => depth += 1,
                TokenKind::Sign(sign @ ('{' | '(')) => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return Some((sign, at)),
                },
                _ => {}
            }
        }
        None
    }

    /// Whether the failing token stands in a brace that holds fields.
    fn among_fields(&self) -> bool {
        let Some(('{', at)) = self.around() else {
            return false;
        };
        let before = at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or("", |token| token.text(self.text));
        matches!(before, "case" | "set" | ":")
    }

    /// Two values side by side in a list.
    pub(super) fn missing_comma(&self) -> Option<Diagnostic> {
        let (open, at) = self.around()?;
        let before = at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or("", |token| token.text(self.text));
        let fields = self.among_fields() && self.item() == "test";
        let list = matches!(
            before,
            "in" | "of" | "is" | "default" | "events" | "contains" | "not"
        ) || open == '('
            || fields;
        if !self.expects(&[Rule::comma, Rule::separator]) && !fields {
            return None;
        }
        let left = matches!(
            self.kind(-1)?,
            TokenKind::Word
                | TokenKind::Number
                | TokenKind::Text
                | TokenKind::Backtick
                | TokenKind::Sign('}' | ')')
        );
        let right = matches!(
            self.kind(0)?,
            TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::Backtick
        );
        if !list || !left || !right || RESERVED.contains(&self.word(0)) || self.at == at + 1 {
            return None;
        }
        // Inside parentheses of a condition two values side by side are no list.
        if open == '('
            && !self.tokens.get(at.wrapping_sub(1)).is_some_and(|token| {
                token.kind == TokenKind::Word && !RESERVED.contains(&token.text(self.text))
            })
        {
            return None;
        }
        Some(
            Diagnostic::error(
                "missing-comma",
                self.place(),
                message!("no comma before `{word}`", word = self.word(0)),
            )
            .label(message!("the next of the list begins here"))
            .help(message!("write a comma between the two"))
            .safe_fix(self.behind(), ","),
        )
    }

    /// Whether a word at the end of a field was taken for the name of the next.
    pub(super) fn is_stray_word(&self) -> bool {
        self.item() == "case"
            && self.among_fields()
            && self.expects(&[Rule::colon])
            && self.begins_line()
            && matches!(self.kind(-1), Some(TokenKind::Word | TokenKind::Backtick))
    }

    /// `status: one of { open, closed } open`, where `default` is missing.
    pub(super) fn stray_word(&self) -> Option<Diagnostic> {
        self.is_stray_word().then(|| {
            let word = self.word(-1);
            let place = self.place_of(self.at.saturating_sub(1));
            Diagnostic::error(
                "unexpected-text",
                place,
                message!("`{word}` cannot stand here", word),
            )
            .label(message!("no part of a field"))
            .help(message!(
                "a value that holds when nothing is given is written `default {word}`",
                word
            ))
        })
    }

    /// `kind text` for `kind: text`
    pub(super) fn left_out_colon(&self) -> Option<Diagnostic> {
        if !self.among_fields()
            || !matches!(
                self.kind(0)?,
                TokenKind::Word | TokenKind::Text | TokenKind::Number | TokenKind::Sign('{')
            )
        {
            return None;
        }
        let labelled = self.kind(-1) == Some(TokenKind::Text);
        let (name, before) = if labelled {
            (-2, self.word(-3))
        } else {
            (-1, self.word(-2))
        };
        let is_name = matches!(self.kind(name)?, TokenKind::Word | TokenKind::Backtick)
            && !RESERVED.contains(&self.word(name));
        // The failing word is the type or value; before the name stands the end of another field.
        let starts_field = before != ":"
            && !matches!(before, "of" | "default" | "from" | "to" | "set")
            && self.word(1) != ":";
        if !is_name || !starts_field || self.expects(&[Rule::kw_optional]) && self.item() == "test"
        {
            return None;
        }
        let field = self.word(name);
        Some(
            Diagnostic::error(
                "missing-colon",
                self.behind(),
                message!("the `:` behind `{field}` is left out", field),
            )
            .label(message!("`:` is missing here"))
            .help(message!(
                "a field is written `name: TYPE`, its label stands before the `:`"
            ))
            .safe_fix(self.behind(), ":"),
        )
    }

    /// A table pasted from a spreadsheet.
    pub(super) fn table_without_bars(&self) -> Option<Diagnostic> {
        let ('{', open) = self.around()? else {
            return None;
        };
        let table = open
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .is_some_and(|token| token.text(self.text) == "table");
        let token = self.tokens.get(self.at)?;
        let line_start = self
            .text
            .get(..token.start)?
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let line = self.text.get(line_start..)?.lines().next()?;
        if !table {
            return None;
        }
        if !line.contains('|') {
            let message = if line.trim().contains('\t') {
                message!("this is no row of a table: the columns are parted by tabs")
            } else {
                message!("this is no row of a table: the columns are not parted by `|`")
            };
            return Some(
                Diagnostic::error("table-without-bars", self.place(), message)
                    .label(message!("a row begins with `|`"))
                    .help(message!("write `| cell | cell => outcome |`, or keep the table in a CSV file: `table from \"name.csv\"`")),
            );
        }
        (!line.contains("=>")).then(|| {
            Diagnostic::error(
                "missing-arrow",
                self.place(),
                message!("this row has no `=>` before its outcome"),
            )
            .label(message!("the row"))
            .help(message!("write `| cell | cell => outcome |`"))
        })
    }
}
