//! Slips in words: full-width letters, keywords glued to Chinese, words of other languages.

use super::super::scan::{Token, in_word, plain};
use super::super::{ITEM_KEYWORDS, RESERVED};
use super::Finder;
use crate::diag::Diagnostic;
use crate::message::message;

impl Finder<'_> {
    pub(super) fn word(&mut self, token: Token) {
        let word = self.text_at(self.at);
        match word.is_ascii() {
            true => self.plain_word(word, token),
            false => self.other_word(word, token),
        }
    }

    fn other_word(&mut self, word: &str, token: Token) {
        let normal = plain(word);
        let span = self.span(token.start, token.end);
        if normal != word {
            let finding = Diagnostic::error(
                "full-width-letters",
                span,
                message!(
                    "`{word}` is written with letters that only look plain",
                    word
                ),
            )
            .label(message!("write `{instead}`", instead = normal))
            .help(message!("switch the input method to half-width letters"))
            .safe_fix(span, normal.as_str());
            self.mend(finding, token.start, token.end, &normal);
            return;
        }
        if let Some((at, keyword)) = glued(word) {
            let (left, right) = word.split_at(at);
            let finding = Diagnostic::error(
                "glued-keyword",
                span,
                message!("`{keyword}` is glued to the text beside it", keyword),
            )
            .label(message!("write `{left} {right}`", left, right))
            .help(message!(
                "put a blank between them; if `{word}` is one name, write it in backticks",
                word
            ))
            .safe_fix(self.span(token.start + at, token.start + at), " ");
            self.mend(finding, token.start + at, token.start + at, " ");
        }
    }

    fn plain_word(&mut self, word: &str, token: Token) {
        match word {
            "is" => self.extra_is(token),
            "else" if self.text_at(self.at + 1) == "if" && !matches!(self.before(1), "." | "") => {
                let end = self.token(self.at + 1).map_or(token.end, |next| next.end);
                self.else_if(token.start, end);
                self.at += 2;
            }
            "elif" | "elsif" | "elseif" => self.else_if(token.start, token.end),
            "null" | "nil" | "NULL" | "None" | "undefined" => self.null(token),
            _ => {}
        }
    }

    /// `is in`, `is >= 5`: the test alone says it.
    fn extra_is(&mut self, token: Token) {
        let negated = self.text_at(self.at + 1) == "not";
        let next = self.at + 1 + usize::from(negated);
        let after = self.text_at(next);
        let sign = !negated && matches!(self.sign_at(next), Some('<' | '>'));
        let test = matches!(
            after,
            "in" | "between" | "contains" | "starts" | "ends" | "matches" | "during" | "outside"
        );
        // `is not in queue …` cannot occur: behind `is` stands a value.
        if !(sign || test && (!negated || after == "in")) {
            return;
        }
        let equal = if sign && self.sign_at(next + 1) == Some('=') && self.touches(next + 1) {
            "="
        } else {
            ""
        };
        let shown = if negated {
            "not in".to_owned()
        } else {
            format!("{after}{equal}")
        };
        let span = self.span(token.start, token.end);
        let next_start = self.token(self.at + 1).map_or(token.end, |next| next.start);
        let finding = Diagnostic::error(
            "extra-is",
            span,
            message!("`is` before `{shown}` is too much", shown),
        )
        .label(message!("`{shown}` says it alone", shown))
        .safe_fix(self.span(token.start, next_start), "");
        self.mend(finding, token.start, token.end, " ");
    }

    fn else_if(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        self.claim(
            Diagnostic::error("else-if", span, message!("there is no `else if`"))
                .label(message!("rules are tried from the top"))
                .help(message!("write another `rule NAME when CONDITION then OUTCOME` below; with `first match` it is tried only when those above are not true")),
        );
    }

    /// `is null`: absence has words of its own.
    fn null(&mut self, token: Token) {
        let word = self.text_at(self.at);
        let (start, instead) = match (self.before(1), self.before(2)) {
            ("is", _) => (token.start, "missing"),
            ("not", "is") => (
                self.at
                    .checked_sub(1)
                    .and_then(|at| self.token(at))
                    .map_or(token.start, |not| not.start),
                "present",
            ),
            (":", _) => (token.start, "missing"),
            _ => return,
        };
        let span = self.span(start, token.end);
        let finding = Diagnostic::error(
            "null-value",
            span,
            message!("`{word}` is no word of the language", word),
        )
        .label(message!("write `{instead}`", instead))
        .unsafe_fix(span, instead);
        self.mend(finding, start, token.end, instead);
    }
}

/// Where a keyword is glued to other letters: the offset between them and the keyword.
fn glued(word: &str) -> Option<(usize, &str)> {
    let is_keyword =
        |part: &str| RESERVED.contains(&part) || part.len() > 3 && ITEM_KEYWORDS.contains(&part);
    let head = word
        .find(|c: char| !c.is_ascii_alphabetic() && c != '_')
        .unwrap_or(word.len());
    let foreign = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    if let Some(keyword) = word.get(..head).filter(|part| is_keyword(part))
        && foreign(word.get(head..).and_then(|rest| rest.chars().next()))
    {
        return Some((head, keyword));
    }
    let tail = word
        .rfind(|c: char| !c.is_ascii_alphabetic() && c != '_')
        .and_then(|at| {
            word.get(at..)
                .and_then(|rest| rest.chars().next())
                .map(|c| at + c.len_utf8())
        })?;
    let keyword = word.get(tail..).filter(|part| is_keyword(part))?;
    foreign(word.get(..tail).and_then(|rest| rest.chars().next_back())).then_some((tail, keyword))
}

/// A member as it is written by its name, in backticks unless it is a plain one; none for a member that
/// only a text in quotes can write.
pub fn written_member(name: &str) -> Option<String> {
    let in_backticks = |sign: char| sign == '`' || sign.is_control();
    let is_name = !name.trim().is_empty() && name.trim() == name && plain(name) == name;
    (is_name && !name.contains(in_backticks)).then(|| as_name(name))
}

/// A text as a name: in backticks unless it is a plain one.
pub(super) fn as_name(text: &str) -> String {
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(unicode_ident::is_xid_start);
    if starts && chars.all(in_word) && !RESERVED.contains(&text) {
        text.to_owned()
    } else {
        format!("`{text}`")
    }
}
