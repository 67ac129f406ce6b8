//! Slips in signs: full-width punctuation, operators of other languages, commas too many.

use super::super::scan::Token;
use super::{Brace, Finder};
use crate::diag::Diagnostic;
use crate::message::message;

/// The plain sign that a full-width or typographic one stands for.
pub(super) fn plain_sign(sign: char) -> Option<char> {
    Some(match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0)?,
        '。' => '.',
        '、' => ',',
        '【' | '〔' => '{',
        '】' | '〕' => '}',
        '≥' | '≧' => '>',
        '≤' | '≦' => '<',
        '—' | '–' | '−' => '-',
        '×' => '*',
        '\u{3000}' | '\u{a0}' | '\u{200b}' | '\u{2003}' | '\u{2002}' | '\u{feff}' => ' ',
        _ => return None,
    })
}

impl Finder<'_> {
    pub(super) fn sign(&mut self, token: Token, sign: char) {
        let mapped = plain_sign(sign).unwrap_or(sign);
        let wide = mapped != sign;
        match sign {
            '≥' | '≧' => return self.replace(token, "full-width-punctuation", ">="),
            '≤' | '≦' => return self.replace(token, "full-width-punctuation", "<="),
            '≠' => return self.replace(token, "full-width-punctuation", "is not"),
            '·' => return self.middle_dot(token),
            '。' if !self.touches(self.at + 1) => {
                return self.replace(token, "full-width-punctuation", "");
            }
            '＃' => {
                self.replace(token, "full-width-punctuation", "#");
                let end = self.line_end(token.end);
                return self.skip_to(end);
            }
            _ => {}
        }
        match mapped {
            '{' => self.open_brace(wide, token),
            '}' | ')' => {
                if mapped == '}' {
                    self.row_without_arrow();
                    if let Some(Brace::Table {
                        in_row: true,
                        behind_arrow: true,
                    }) = self.braces.last()
                    {
                        self.row_left_open();
                    }
                    self.braces.pop();
                }
                self.widen(wide, token, mapped);
            }
            '=' => self.equals(wide, token),
            '!' => {
                if self.follows('=') {
                    self.operator(token, 2, "not-equals", "is not");
                } else {
                    self.operator(token, 1, "exclamation-mark", "not");
                }
            }
            '<' if self.follows('>') => self.operator(token, 2, "not-equals", "is not"),
            '<' | '>' if self.follows('=') => {
                if wide || self.token(self.at + 1).is_some_and(|next| !next.is('=')) {
                    self.operator(
                        token,
                        2,
                        "full-width-punctuation",
                        if mapped == '<' { "<=" } else { ">=" },
                    );
                } else {
                    self.at += 2;
                }
            }
            '&' => self.operator(
                token,
                1 + usize::from(self.follows('&')),
                "ampersand",
                "and",
            ),
            '|' => self.bar(wide, token),
            ';' => self.replace(token, "semicolon", ""),
            '[' | ']' => self.replace(
                token,
                "square-brackets",
                if mapped == '[' { "{" } else { "}" },
            ),
            ',' => self.comma(wide, token),
            '\'' => self.single_quotes(token),
            '/' => self.slash(token),
            '-' if self.follows('-') => self.dashes(token),
            ' ' => self.replace(token, "odd-blank", " "),
            '?' if self.is_outcome() => self.widen(wide, token, mapped),
            '@' | '$' | '^' | '~' | '?' | '\\' | '`' => self.unknown(token, sign),
            '(' | ':' | '.' | '+' | '*' | '-' | '<' | '>' | '%' | '#' | '"' => {
                self.widen(wide, token, mapped)
            }
            _ => self.unknown(token, sign),
        }
    }

    /// Whether the current token is all that stands right of the `=>` of a row.
    fn is_outcome(&self) -> bool {
        let behind_arrow = matches!(
            self.braces.last(),
            Some(Brace::Table {
                in_row: true,
                behind_arrow: true,
            })
        );
        behind_arrow && self.before(1) == ">" && self.sign_at(self.at + 1) == Some('|')
    }

    /// Whether the next token is this sign and touches the current one.
    fn follows(&self, sign: char) -> bool {
        self.sign_at(self.at + 1) == Some(sign) && self.touches(self.at + 1)
    }

    fn widen(&mut self, wide: bool, token: Token, mapped: char) {
        if wide {
            self.replace(token, "full-width-punctuation", &mapped.to_string());
        }
    }

    /// Reports one sign that is written otherwise.
    fn replace(&mut self, token: Token, code: &'static str, instead: &str) {
        let span = self.span(token.start, token.end);
        let written = self.text_at(self.at);
        let finding = match code {
            "semicolon" => Diagnostic::error(code, span, message!("nothing ends with `;`"))
                .label(message!("take it away")),
            "square-brackets" => Diagnostic::error(
                code,
                span,
                message!("`{written}` is no bracket of the language", written),
            )
            .label(message!("write `{instead}`", instead))
            .help(message!("sets and lists stand in braces: `{{ a, b }}`")),
            "odd-blank" => Diagnostic::error(code, span, message!("this blank is no plain one"))
                .label(message!("a full-width or hidden blank"))
                .help(message!("write a plain blank")),
            _ => Diagnostic::error(
                code,
                span,
                message!("`{written}` is full-width punctuation", written),
            )
            .label(if instead.is_empty() {
                message!("take it away")
            } else {
                message!("write `{instead}`", instead)
            })
            .help(message!(
                "switch the input method to half-width punctuation"
            )),
        };
        let padded = if instead.len() > 1 && instead.starts_with(char::is_alphabetic) {
            format!(" {instead} ")
        } else {
            instead.to_owned()
        };
        let fix = if code == "odd-blank" {
            " "
        } else {
            padded.trim()
        };
        self.mend(
            finding.safe_fix(span, fix),
            token.start,
            token.end,
            if padded.is_empty() { " " } else { &padded },
        );
    }

    /// Reports `count` signs that are an operator of another language.
    fn operator(&mut self, token: Token, count: usize, code: &'static str, instead: &str) {
        let end = self
            .token(self.at + count - 1)
            .map_or(token.end, |last| last.end);
        let span = self.span(token.start, end);
        let written = self.text.get(token.start..end).unwrap_or("");
        let finding = Diagnostic::error(
            code,
            span,
            message!("`{written}` is written `{instead}`", written, instead),
        )
        .label(message!("write `{instead}`", instead));
        let left = self
            .text
            .get(..token.start)
            .is_some_and(|before| before.ends_with([' ', '\t', '\n', '(']));
        let right = self
            .text
            .get(end..)
            .is_some_and(|after| after.starts_with([' ', '\t', '\n', '\r']));
        let padded = format!(
            "{}{instead}{}",
            if left { "" } else { " " },
            if right { "" } else { " " }
        );
        self.mend(
            finding.safe_fix(span, padded.clone()),
            token.start,
            end,
            &padded,
        );
        self.at += count;
    }

    fn open_brace(&mut self, wide: bool, token: Token) {
        let brace = match (self.before(1), self.before(2)) {
            ("table", _) => Brace::Table {
                in_row: false,
                behind_arrow: false,
            },
            ("case" | "set" | ":", _) => Brace::Fields,
            _ => Brace::Other,
        };
        if self.before(1) == "{" {
            let span = self.span(token.start, token.end);
            let finding = Diagnostic::error("doubled-brace", span, message!("two `{{` in a row"))
                .label(message!("one is enough"))
                .safe_fix(span, "");
            self.mend(finding, token.start, token.end, " ");
            return;
        }
        self.braces.push(brace);
        self.widen(wide, token, '{');
    }

    fn equals(&mut self, wide: bool, token: Token) {
        if self.follows('>') {
            return match self.braces.last_mut() {
                Some(Brace::Table { behind_arrow, .. }) => {
                    *behind_arrow = true;
                    if wide || self.token(self.at + 1).is_some_and(|next| !next.is('>')) {
                        self.operator(token, 2, "full-width-punctuation", "=>");
                    } else {
                        self.empty_cell();
                        self.at += 2;
                    }
                }
                Some(Brace::Fields | Brace::Other) | None => {
                    self.operator(token, 2, "arrow", "then")
                }
            };
        }
        if self.follows('<') {
            return self.operator(token, 2, "reversed-sign", "<=");
        }
        let declares = matches!(self.before(2), "define" | "type")
            || self.before(1).starts_with('"') && matches!(self.before(3), "define" | "type");
        if self.follows('=') {
            let count = if self.sign_at(self.at + 2) == Some('=') && self.touches(self.at + 2) {
                3
            } else {
                2
            };
            return self.operator(
                token,
                count,
                "double-equals",
                if declares { "=" } else { "is" },
            );
        }
        if declares {
            return self.widen(wide, token, '=');
        }
        match self.braces.last() {
            Some(Brace::Fields) => self.operator(token, 1, "equals-sign", ":"),
            Some(Brace::Table { .. } | Brace::Other) | None => {
                self.operator(token, 1, "equals-sign", "is")
            }
        }
    }

    fn bar(&mut self, wide: bool, token: Token) {
        if self.begins_line() {
            self.row_without_arrow();
        }
        let Some(Brace::Table {
            in_row,
            behind_arrow,
        }) = self.braces.last().copied()
        else {
            return self.operator(
                token,
                1 + usize::from(self.follows('|')),
                "vertical-bar",
                "or",
            );
        };
        self.widen(wide, token, '|');
        let closes_row = matches!(self.sign_at(self.at + 1), Some('|' | '}'))
            || self.text_at(self.at + 1) == "because";
        if in_row && behind_arrow && self.begins_line() && !closes_row {
            self.row_left_open();
            self.row_start = token.start;
            if let Some(brace) = self.braces.last_mut() {
                *brace = Brace::Table {
                    in_row: true,
                    behind_arrow: false,
                };
            }
            return;
        }
        if in_row && !behind_arrow {
            self.empty_cell();
        }
        if !in_row {
            if self.markdown_row(token) {
                return;
            }
            self.row_start = token.start;
        }
        let closes = in_row && behind_arrow;
        if let Some(brace) = self.braces.last_mut() {
            *brace = Brace::Table {
                in_row: !closes,
                behind_arrow: false,
            };
        }
    }

    /// Whether the current token is the first of its line.
    fn begins_line(&self) -> bool {
        let before = self
            .at
            .checked_sub(1)
            .and_then(|at| self.token(at))
            .map_or(0, |token| token.end);
        self.token(self.at).is_some_and(|token| {
            self.text
                .get(before..token.start)
                .is_some_and(|blank| blank.contains('\n'))
        })
    }

    /// Reports that the row before the current sign does not end in `|`.
    fn row_left_open(&mut self) {
        let Some(last) = self.at.checked_sub(1).and_then(|at| self.token(at)) else {
            return;
        };
        let place = self.span(last.end, last.end);
        let finding = Diagnostic::error(
            "missing-bar",
            place,
            message!("this row does not end in `|`"),
        )
        .label(message!("`|` belongs here"))
        .safe_fix(place, " |");
        self.mend(finding, last.end, last.end, " |");
    }

    /// Reports a row that ended without `=>`, and leaves it out.
    fn row_without_arrow(&mut self) {
        let Some(Brace::Table {
            in_row: true,
            behind_arrow: false,
        }) = self.braces.last()
        else {
            return;
        };
        let end = self
            .at
            .checked_sub(1)
            .and_then(|at| self.token(at))
            .map_or(self.row_start, |token| token.end);
        let (start, end) = (self.row_start, end.max(self.row_start));
        let finding = Diagnostic::error(
            "missing-arrow",
            self.span(start, end),
            message!("this row has no `=>` before its outcome"),
        )
        .label(message!("where is the outcome?"))
        .help(message!(
            "write `=>` instead of the last `|` between cells: `| cell | cell => outcome |`"
        ));
        self.mend(finding, start, end, " ");
        if let Some(brace) = self.braces.last_mut() {
            *brace = Brace::Table {
                in_row: false,
                behind_arrow: false,
            };
        }
    }

    /// Reports that nothing stands between the sign before and the current one.
    fn empty_cell(&mut self) {
        let Some(token) = self.token(self.at) else {
            return;
        };
        if self.sign_at(self.at.wrapping_sub(1)) != Some('|') {
            return;
        }
        let start = self
            .at
            .checked_sub(1)
            .and_then(|at| self.token(at))
            .map_or(token.start, |before| before.end);
        let span = self.span(start, token.start);
        let finding = Diagnostic::error("empty-cell", span, message!("this cell is empty"))
            .label(message!("anything?"))
            .help(message!(
                "write `-` in a cell that may be anything, `missing` for no value"
            ))
            .safe_fix(self.span(token.start, token.start), "- ");
        self.mend(finding, token.start, token.start, "- ");
    }

    /// `|---|---|` between header and rows, as in Markdown.
    fn markdown_row(&mut self, token: Token) -> bool {
        let end = self.line_end(token.start);
        let line = self.text.get(token.start..end).unwrap_or("").trim_end();
        if !line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '+' | '\t'))
            || !line.contains("--")
        {
            return false;
        }
        let span = self.span(token.start, token.start + line.len());
        let finding = Diagnostic::error(
            "markdown-row",
            span,
            message!("a table needs no line under its header"),
        )
        .label(message!("take this line away"))
        .safe_fix(span, "");
        self.mend(finding, token.start, token.start + line.len(), " ");
        self.skip_to(token.start + line.len());
        true
    }

    fn comma(&mut self, wide: bool, token: Token) {
        let next = self.sign_at(self.at + 1);
        let arrow = next == Some('=') && self.sign_at(self.at + 2) == Some('>');
        let in_table = matches!(self.braces.last(), Some(Brace::Table { .. }));
        let trailing = || ("trailing-comma", message!("nothing follows this comma"));
        let (code, message) = match next {
            Some('}' | ')') => trailing(),
            Some('|') if in_table => trailing(),
            Some('=') if arrow && in_table => trailing(),
            Some(',') => ("double-comma", message!("two commas in a row")),
            _ => return self.widen(wide, token, ','),
        };
        let span = self.span(token.start, token.end);
        let finding = Diagnostic::error(code, span, message)
            .label(message!("take it away"))
            .safe_fix(span, "");
        self.mend(finding, token.start, token.end, " ");
    }

    fn single_quotes(&mut self, token: Token) {
        let end = self.line_end(token.end);
        let Some(length) = self
            .text
            .get(token.end..end)
            .and_then(|rest| rest.find('\''))
        else {
            return self.unknown(token, '\'');
        };
        let close = token.end + length;
        let finding = Diagnostic::error(
            "single-quotes",
            self.span(token.start, close + 1),
            message!("texts stand in double quotes"),
        )
        .label(message!("write `\"` at both ends"))
        .safe_fix(self.span(token.start, token.end), "\"")
        .safe_fix(self.span(close, close + 1), "\"");
        self.found.patches.push(super::Patch {
            start: token.start,
            end: token.end,
            text: "\"".to_owned(),
        });
        self.mend(finding, close, close + 1, "\"");
        self.skip_to(close + 1);
    }

    /// The backtick key of a Chinese keyboard writes `·`.
    fn middle_dot(&mut self, token: Token) {
        let end = self.line_end(token.end);
        let Some(length) = self
            .text
            .get(token.end..end)
            .and_then(|rest| rest.find('·'))
        else {
            return self.replace(token, "full-width-punctuation", ".");
        };
        let close = token.end + length;
        let close_end = close + '·'.len_utf8();
        let finding = Diagnostic::error(
            "full-width-punctuation",
            self.span(token.start, close_end),
            message!("`·` is what the input method writes for a backtick"),
        )
        .label(message!("write backticks around the name"))
        .safe_fix(self.span(token.start, token.end), "`")
        .safe_fix(self.span(close, close_end), "`");
        self.found.patches.push(super::Patch {
            start: token.start,
            end: token.end,
            text: "`".to_owned(),
        });
        self.mend(finding, close, close_end, "`");
        self.skip_to(close_end);
    }

    fn slash(&mut self, token: Token) {
        let end = self.line_end(token.end);
        let span = self.span(token.start, token.end + 1);
        if self.follows('/') {
            let finding =
                Diagnostic::error("comment-sign", span, message!("a comment begins with `#`"))
                    .label(message!("write `#`"))
                    .safe_fix(span, "#");
            self.mend(finding, token.start, token.end + 1, "#");
            return self.skip_to(end);
        }
        if self.follows('*') {
            let close = self
                .text
                .get(token.end..)
                .and_then(|rest| rest.find("*/"))
                .map_or(self.text.len(), |at| token.end + at + 2);
            let finding = Diagnostic::error(
                "comment-sign",
                span,
                message!("a comment begins with `#` and ends with its line"),
            )
            .label(message!("write `#` before each line"));
            self.mend(finding, token.start, close, " ");
            return self.skip_to(close);
        }
        let span = self.span(token.start, token.end);
        self.claim(
            Diagnostic::error(
                "no-division",
                span,
                message!("there is no division in the language"),
            )
            .label(message!("not an operator here"))
            .help(message!(
                "multiply instead: for `a / 4 > b` write `a > b * 4`"
            )),
        );
    }

    fn dashes(&mut self, token: Token) {
        let at_line_start = self.text.get(..token.start).is_none_or(|before| {
            before.trim_end_matches([' ', '\t']).ends_with('\n') || before.trim().is_empty()
        });
        if !at_line_start {
            return;
        }
        let end = self.line_end(token.end);
        let span = self.span(token.start, token.end + 1);
        let finding =
            Diagnostic::error("comment-sign", span, message!("a comment begins with `#`"))
                .label(message!("write `#`"))
                .safe_fix(span, "#");
        self.mend(finding, token.start, token.end + 1, "#");
        self.skip_to(end);
    }

    fn unknown(&mut self, token: Token, sign: char) {
        let span = self.span(token.start, token.end);
        let shown = if sign.is_control() {
            format!("U+{:04X}", u32::from(sign))
        } else {
            sign.to_string()
        };
        let finding = Diagnostic::error(
            "unexpected-character",
            span,
            message!("`{shown}` means nothing here", shown),
        )
        .label(message!("take it away"));
        let finding = match sign {
            '`' => finding.help(message!("a name in backticks needs one at each end: `4G`")),
            '\'' | '“' | '”' | '‘' | '’' => {
                finding.help(message!("texts stand in double quotes: `\"text\"`"))
            }
            _ => finding.help(message!(
                "names, numbers and texts in quotes are made of other characters"
            )),
        };
        self.found.claimed.push(token.start);
        self.mend(finding, token.start, token.end, " ");
    }
}
