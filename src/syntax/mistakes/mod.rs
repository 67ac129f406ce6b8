//! Names the mistake behind text that cannot be read.
//!
//! The parser says where it stopped and what it would have taken; the tokens around the place say
//! what a person most likely meant. The first check that recognises the mistake words it; the last
//! one lists what may stand there.

mod blocks;
mod expected;
mod lists;
mod pieces;

use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use super::shadow::Shadow;
use super::{ITEM_KEYWORDS, RESERVED};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
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

impl<'a> Failure<'a> {
    /// The finding.
    pub fn explain(&self) -> Diagnostic {
        let subject = self.subject();
        self.not_an_item()
            .or_else(|| self.condition_word())
            .or_else(|| self.upper_case())
            .or_else(|| self.table_without_bars())
            .or_else(|| self.reserved_field())
            .or_else(|| self.stray_word())
            .or_else(|| self.left_out_colon())
            .or_else(|| self.missing_comma())
            .or_else(|| self.missing_then())
            .or_else(|| self.missing_outcome())
            .or_else(|| self.missing_at())
            .or_else(|| self.missing_unit())
            .or_else(|| self.missing_brace())
            .or_else(|| self.label_before_name())
            .or_else(|| self.reserved_word())
            .unwrap_or_else(|| self.anything_else())
            .subject(subject)
    }

    /// The word of a token counted from the failing one; empty outside the item.
    fn word(&self, offset: isize) -> &'a str {
        self.at
            .checked_add_signed(offset)
            .filter(|at| self.region.contains(at))
            .and_then(|at| self.tokens.get(at))
            .map_or("", |token| {
                self.text.get(token.start..token.end).unwrap_or("")
            })
    }

    fn kind(&self, offset: isize) -> Option<TokenKind> {
        let at = self
            .at
            .checked_add_signed(offset)
            .filter(|at| self.region.contains(at))?;
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The item's keyword.
    fn item(&self) -> &'a str {
        self.tokens.get(self.region.start).map_or("", |token| {
            self.text.get(token.start..token.end).unwrap_or("")
        })
    }

    /// The failing place: its token, or the empty place behind the last one when the item just ends.
    fn place(&self) -> Span {
        if self.region.contains(&self.at) {
            self.place_of(self.at)
        } else {
            self.behind()
        }
    }

    fn place_of(&self, at: usize) -> Span {
        self.tokens
            .get(at)
            .map_or(Span::new(self.source, 0, 0), |token| {
                Span::new(
                    self.source,
                    self.shadow.original_start(token.start),
                    self.shadow.original_end(token.end),
                )
            })
    }

    /// The empty place behind the token before the failing one.
    fn behind(&self) -> Span {
        self.at
            .checked_sub(1)
            .map_or(Span::new(self.source, 0, 0), |at| {
                self.place_of(at).at_end()
            })
    }

    fn subject(&self) -> String {
        let named = matches!(
            self.item(),
            "classify"
                | "clock"
                | "calendar"
                | "define"
                | "type"
                | "guarantee"
                | "require"
                | "follow_up"
        );
        let name = self
            .tokens
            .get(self.region.start + 1)
            .filter(|token| token.kind == TokenKind::Word);
        match name.map(|token| token.text(self.text)) {
            Some(name) if named => format!("{}.{name}", self.item()),
            Some(_) | None if ITEM_KEYWORDS.contains(&self.item()) => self.item().to_owned(),
            Some(_) | None => String::new(),
        }
    }

    fn expects(&self, rules: &[Rule]) -> bool {
        self.expected.iter().any(|kind| rules.contains(kind))
    }

    /// Whether the failing token is the first of its line.
    fn begins_line(&self) -> bool {
        let Some(token) = self.tokens.get(self.at) else {
            return true;
        };
        let before = self
            .at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |token| token.end);
        before == 0
            || self
                .text
                .get(before..token.start)
                .unwrap_or("")
                .contains('\n')
    }

    /// Text outside all items.
    fn not_an_item(&self) -> Option<Diagnostic> {
        if self.at != self.region.start {
            return None;
        }
        let word = self.word(0);
        let line_goes_on = self.at > 0 && !self.begins_line();
        if line_goes_on && !RESERVED.contains(&word) {
            let before = self
                .at
                .checked_sub(1)
                .and_then(|at| self.tokens.get(at))
                .map_or("", |token| token.text(self.text));
            return Some(
                Diagnostic::error("unexpected-text", self.place(), message!("`{word}` cannot stand behind `{before}`", word, before))
                    .label(message!("the item before it ends here"))
                    .help(message!("conditions are joined by `and` or `or`; a label stands in quotes; a new item begins on a line of its own")),
            );
        }
        let finding = Diagnostic::error(
            "unknown-item",
            self.place(),
            message!("`{word}` does not begin an item", word),
        );
        if self.kind(0) != Some(TokenKind::Word) {
            return Some(finding.label(message!("not here")).help(message!(
                "an item begins with a word such as `role`, `classify` or `route`"
            )));
        }
        if ITEM_KEYWORDS.contains(&word) {
            return None;
        }
        if matches!(
            word,
            "rule" | "otherwise" | "table" | "tier" | "when" | "then" | "because" | "escalate"
        ) {
            let classify = message!("`classify NAME as TYPE {{ … }}`");
            let home = match word {
                "tier" => Message::verbatim("`sla { … }`"),
                "table" => classify,
                _ => Message::one_of([classify, Message::verbatim("`route { … }`")]),
            };
            return Some(
                finding
                    .label(message!("it belongs inside {home}", home))
                    .help(message!("look for a `}}` too much above it")),
            );
        }
        let near = crate::diag::nearest(word, ITEM_KEYWORDS);
        let finding = finding.label(message!("no item is called this"));
        Some(match near.first() {
            Some(best) => finding
                .help(message!("did you mean `{best}`?", best))
                .unsafe_fix(self.place(), *best),
            None => finding.help(message!(
                "items are: {list}",
                list = Message::list(ITEM_KEYWORDS.map(Message::verbatim))
            )),
        })
    }

    /// `if` for `when`, `else` for `otherwise`.
    fn condition_word(&self) -> Option<Diagnostic> {
        let (code, instead, help) = match self.word(0) {
            "if" | "where" | "unless" | "case"
                if self.item() != "guarantee"
                    && self.expects(&[
                        Rule::kw_when,
                        Rule::when_clause,
                        Rule::rule_clause,
                        Rule::route_clause,
                        Rule::tier_head,
                    ]) =>
            {
                (
                    "condition-word",
                    "when",
                    message!("a condition begins with `when`"),
                )
            }
            "else" | "default" if matches!(self.item(), "classify" | "route" | "sla") => (
                "condition-word",
                "otherwise",
                message!("what holds when no rule is true begins with `otherwise`"),
            ),
            "if" if matches!(
                self.item(),
                "classify" | "route" | "sla" | "retain" | "hold" | "follow_up" | "require"
            ) =>
            {
                (
                    "condition-word",
                    "when",
                    message!("a condition begins with `when`"),
                )
            }
            _ => return None,
        };
        Some(
            Diagnostic::error(
                code,
                self.place(),
                message!("`{word}` is no word for this", word = self.word(0)),
            )
            .label(message!("write `{instead}`", instead))
            .help(help)
            .unsafe_fix(self.place(), instead),
        )
    }

    /// `WHEN`, `And`
    fn upper_case(&self) -> Option<Diagnostic> {
        let word = self.word(0);
        let lower = word.to_lowercase();
        let keyword = RESERVED.contains(&lower.as_str()) || ITEM_KEYWORDS.contains(&lower.as_str());
        (keyword && lower != word).then(|| {
            Diagnostic::error(
                "upper-case-keyword",
                self.place(),
                message!("`{word}` is written in small letters", word),
            )
            .label(message!("write `{instead}`", instead = lower))
            .safe_fix(self.place(), lower.clone())
        })
    }

    /// `from: instant`, where `from` was taken for a bound of the field before.
    fn reserved_field(&self) -> Option<Diagnostic> {
        let word = self.word(-1);
        (self.word(0) == ":"
            && RESERVED.contains(&word)
            && matches!(self.item(), "case" | "type" | "test"))
        .then(|| {
            let place = self.place_of(self.at.saturating_sub(1));
            reserved(place, word)
        })
    }

    /// A reserved word where a name belongs.
    fn reserved_word(&self) -> Option<Diagnostic> {
        let word = self.word(0);
        let wants_name = self.expects(&[
            Rule::identifier,
            Rule::declared,
            Rule::member_name,
            Rule::member,
            Rule::field,
            Rule::path,
            Rule::entry,
        ]);
        let operand = self.expects(&[
            Rule::sum,
            Rule::primary,
            Rule::product,
            Rule::negation,
            Rule::comparison,
            Rule::expr,
        ]);
        if !RESERVED.contains(&word) || !(wants_name || operand) {
            return None;
        }
        // Behind an operator a missing value is likelier than a name that happens to be reserved.
        let clause = matches!(
            word,
            "when" | "then" | "because" | "rule" | "otherwise" | "and" | "or" | "to" | "of"
        );
        if operand && clause && !matches!(self.word(-1), "{" | ",") {
            return Some(
                Diagnostic::error(
                    "missing-value",
                    self.behind(),
                    message!("a value is missing before `{word}`", word),
                )
                .label(message!("what is meant here?"))
                .help(message!(
                    "write a name, a number, a text in quotes or a set"
                )),
            );
        }
        Some(reserved(self.place(), word))
    }
}

fn reserved(place: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        "reserved-word",
        place,
        message!("`{word}` is a word of the language, not a name", word),
    )
    .label(message!("a name is expected here"))
    .help(message!(
        "write it in backticks to use it as a name: `` `{word}` ``",
        word
    ))
    .safe_fix(place, format!("`{word}`"))
}
