//! From tokens to the tree, for the items that most of a policy is made of: the case, classifications, routing, tests,
//! and items of a line or a few.
//!
//! Reads what is plainly right and gives up on an item at the first thing that is not, or that is rare; the grammar
//! then reads that item and says what is wrong. What is accepted here the grammar accepts with the same tree
//! (`tests/it/syntax_direct.rs`). Speed is the only reason for this second way.

mod classify;
mod expressions;
mod literals;
mod route;
mod schema;
mod short;
mod tests;

use super::ast::{Because, Declared, Effective, Item, ItemKind, Name, Text};
use super::is_reserved;
use super::scan::{Token, TokenKind};
use crate::source::{SourceId, Span};
use crate::time::Date;
use smol_str::SmolStr;

/// Reads the item that starts with the first of these tokens; gives the offset behind it.
pub(super) fn item(source: SourceId, text: &str, tokens: &[Token]) -> Option<(Item, usize)> {
    let mut direct = Direct {
        source,
        text,
        tokens,
        at: 0,
        depth: 0,
    };
    let start = direct.start();
    let kind = match direct.take_word()? {
        "case" => ItemKind::Case(direct.fields()?),
        "classify" => ItemKind::Classify(direct.classify()?),
        "route" => ItemKind::Route(direct.route()?),
        "test" => ItemKind::Test(direct.test_item()?),
        "events" => ItemKind::Events(direct.events()?),
        "role" => ItemKind::Role(direct.name_alone()?),
        "queue" => ItemKind::Queue(direct.name_alone()?),
        "record" => ItemKind::Record(direct.name_alone()?),
        "define" => {
            let (declared, value) = direct.define()?;
            ItemKind::Define(declared, value)
        }
        "hold" => ItemKind::Hold(direct.hold()?),
        "require" => ItemKind::Require(direct.require()?),
        "guarantee" => ItemKind::Guarantee(direct.guarantee()?),
        _ => return None,
    };
    let span = direct.span_from(start);
    Some((Item { kind, span }, direct.end()))
}

struct Direct<'a> {
    source: SourceId,
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    /// How many values lie around the one that is read.
    depth: usize,
}

impl<'a> Direct<'a> {
    fn token(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + ahead)
    }

    /// The word at a place from here, also a reserved one.
    fn word(&self, ahead: usize) -> Option<&'a str> {
        self.token(ahead)
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| token.text(self.text))
    }

    fn is_word(&self, word: &str) -> bool {
        self.word(0) == Some(word)
    }

    fn is_sign(&self, sign: char) -> bool {
        self.token(0).is_some_and(|token| token.is(sign))
    }

    /// Whether two signs stand here that touch.
    fn are_signs(&self, first: char, second: char) -> bool {
        match (self.token(0), self.token(1)) {
            (Some(a), Some(b)) => a.is(first) && b.is(second) && a.end == b.start,
            _ => false,
        }
    }

    fn take_word(&mut self) -> Option<&'a str> {
        let word = self.word(0)?;
        self.at += 1;
        Some(word)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn eat_sign(&mut self, sign: char) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn eat_signs(&mut self, first: char, second: char) -> bool {
        let found = self.are_signs(first, second);
        self.at += 2 * usize::from(found);
        found
    }

    fn need_word(&mut self, word: &str) -> Option<()> {
        self.eat_word(word).then_some(())
    }

    fn need_sign(&mut self, sign: char) -> Option<()> {
        self.eat_sign(sign).then_some(())
    }

    fn need_arrow(&mut self) -> Option<()> {
        self.eat_signs('=', '>').then_some(())
    }

    /// Where the next token starts.
    fn start(&self) -> usize {
        self.token(0).map_or(self.text.len(), |token| token.start)
    }

    /// Where the last token that was read ends.
    fn end(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or(0, |token| token.end)
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(self.source, start, self.end())
    }

    fn span_of(&self, token: &Token) -> Span {
        Span::new(self.source, token.start, token.end)
    }

    /// A name that is no reserved word, or one in backticks.
    fn name(&mut self) -> Option<Name> {
        let token = self.token(0)?;
        let text = token.text(self.text);
        let text = match token.kind {
            TokenKind::Word if !is_reserved(text) && is_word(text) => text,
            TokenKind::Backtick => in_backticks(text)?,
            _ => return None,
        };
        self.at += 1;
        Some(Name {
            text: SmolStr::new(text),
            span: self.span_of(token),
        })
    }

    /// Whether a quoted text stands at a place from here; a pattern is none.
    fn is_text(&self, ahead: usize) -> bool {
        self.token(ahead).is_some_and(|token| {
            token.kind == TokenKind::Text && token.text(self.text).starts_with('"')
        })
    }

    /// A quoted text without escapes.
    fn quoted(&mut self) -> Option<Text> {
        let token = self.token(0).filter(|_| self.is_text(0))?;
        let inner = token
            .text(self.text)
            .strip_prefix('"')?
            .strip_suffix('"')
            .filter(|inner| !inner.contains('\\'))?;
        self.at += 1;
        Some(Text {
            text: inner.to_owned(),
            span: self.span_of(token),
        })
    }

    /// A label, if one stands here.
    fn label(&mut self) -> Option<Option<Text>> {
        match self.is_text(0) {
            true => self.quoted().map(Some),
            false => Some(None),
        }
    }

    fn declared(&mut self) -> Option<Declared> {
        let name = self.name()?;
        let label = self.label()?;
        Some(Declared { name, label })
    }

    /// Behind `because`: its texts.
    fn because(&mut self) -> Option<Because> {
        let mut texts = vec![self.quoted()?];
        while self.eat_sign(',') {
            texts.push(self.quoted()?);
        }
        Some(texts)
    }

    /// `because …`, if it stands here.
    fn because_if_any(&mut self) -> Option<Because> {
        match self.eat_word("because") {
            true => self.because(),
            false => Some(Vec::new()),
        }
    }

    /// Behind `effective`, which starts at `start`.
    fn effective(&mut self, start: usize) -> Option<Effective> {
        let from = match self.eat_word("from") {
            true => Some(self.dated()?),
            false => None,
        };
        let until = match self.eat_word("until") {
            true => Some(self.dated()?),
            false => None,
        };
        if from.is_none() && until.is_none() {
            return None;
        }
        let by_now = self.is_word("by") && self.word(1) == Some("now");
        self.at += 2 * usize::from(by_now);
        Some(Effective {
            from,
            until,
            by_now,
            span: self.span_from(start),
        })
    }

    fn dated(&mut self) -> Option<(Date, Span)> {
        let token = self.token(0)?;
        let date = literals::date(token.text(self.text))?;
        self.at += 1;
        Some((date, self.span_of(token)))
    }
}

/// Keeps a value that may be given once; none when it is given again.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// Whether the grammar's tables of letters know all of a word; the scan has newer ones.
fn is_word(text: &str) -> bool {
    text.is_ascii() || {
        let mut letters = text.chars();
        letters.next().is_some_and(pest::unicode::XID_START)
            && letters.all(pest::unicode::XID_CONTINUE)
    }
}

fn in_backticks(text: &str) -> Option<&str> {
    text.strip_prefix('`')?.strip_suffix('`')
}

#[cfg(test)]
mod acceptance {
    use super::super::scan::scan;
    use super::item;
    use crate::source::SourceId;

    /// The first item behind each of these words is read without the grammar.
    fn accepts(text: &str, words: &[&str]) {
        let scan = scan(text);
        let begins = |start: usize| start == 0 || text[..start].ends_with('\n');
        for word in words {
            let mut tokens = scan.tokens.iter();
            let at = tokens.position(|token| token.text(text) == *word && begins(token.start));
            let behind = tokens
                .position(|token| token.kind == super::TokenKind::Word && begins(token.start));
            let at = at.expect("an item");
            let end = behind.map_or(scan.tokens.len(), |behind| at + 1 + behind);
            let found = item(SourceId(0), text, &scan.tokens[at..end]);
            assert!(found.is_some(), "{word}");
        }
    }

    #[test]
    fn a_shipped_policy_is_read_directly() {
        accepts(
            include_str!("../../../policies/telecom-service/case.policy"),
            &["case", "events", "role", "queue"],
        );
        accepts(
            include_str!("../../../policies/telecom-service/classify.policy"),
            &["classify", "define"],
        );
        accepts(
            include_str!("../../../policies/telecom-service/retention.policy"),
            &["record", "hold"],
        );
        accepts(
            include_str!("../../../policies/telecom-service/follow-up.policy"),
            &["require"],
        );
        accepts(
            include_str!("../../../policies/telecom-service/guarantees.policy"),
            &["guarantee"],
        );
        accepts(
            include_str!("../../../policies/telecom-service/routing.policy"),
            &["route"],
        );
        accepts(
            include_str!("../../../policies/telecom-service/tests/routing.policy"),
            &["test"],
        );
    }
}
