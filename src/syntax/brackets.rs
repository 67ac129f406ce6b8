//! Brackets that are not closed, or close nothing, reported at the one that is guilty.
//!
//! While all brackets match nothing is guessed. When they do not, hints tell which one was left
//! open: an item keyword at the left margin ends every item before it, and a clause keyword cannot
//! stand inside a list of members.

use super::ITEM_KEYWORDS;
use super::scan::{Scan, Token, TokenKind};
use super::shadow::{Patch, Shadow};
use super::slips::too_many;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::source::{SourceId, Span};

/// The deepest nesting of brackets that is read.
const DEEPEST: usize = 100;

/// After so many guilty brackets in one file the rest of it is not read.
const MOST_GUILTY: usize = 200;

/// What is wrong with the brackets of a text, and patches that balance it.
#[derive(Debug, Default)]
pub(super) struct Balance {
    pub problems: Vec<Problem>,
    /// Patches of the text that was given, not of the original.
    pub patches: Vec<Patch>,
    /// Nested deeper than is read, or more wrong than is told; the last problem says so.
    pub given_up: bool,
}

/// One guilty bracket.
#[derive(Debug)]
pub(super) struct Problem {
    kind: ProblemKind,
    sign: char,
    at: Token,
    /// Where the missing one belongs.
    here: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProblemKind {
    Unclosed,
    Unopened,
    Missing,
    TooDeep,
    TooMany,
}

impl Patch {
    /// The same patch for the text that `shadow` was made from.
    pub fn moved(self, shadow: &Shadow) -> Patch {
        let start = if self.start == self.end {
            shadow.original_end(self.start)
        } else {
            shadow.original_start(self.start)
        };
        Patch {
            start,
            end: shadow.original_end(self.end).max(start),
            text: self.text,
        }
    }
}

impl Problem {
    /// The finding in the original text.
    pub fn finding(&self, source: SourceId, shadow: &Shadow) -> Diagnostic {
        let span = Span::new(
            source,
            shadow.original_start(self.at.start),
            shadow.original_end(self.at.end),
        );
        let sign = self.sign;
        match self.kind {
            ProblemKind::Unclosed => {
                let here = shadow.original_end(self.here);
                let close = closing(sign);
                let code = if sign == '{' {
                    "unclosed-brace"
                } else {
                    "unclosed-parenthesis"
                };
                Diagnostic::error(code, span, message!("this `{sign}` is never closed", sign))
                    .label(message!("opened here"))
                    .help(message!("write `{close}` where it ends", close))
                    .unsafe_fix(Span::new(source, here, here), format!(" {close}"))
            }
            ProblemKind::Unopened => {
                let code = if sign == '}' {
                    "unopened-brace"
                } else {
                    "unopened-parenthesis"
                };
                Diagnostic::error(code, span, message!("this `{sign}` closes nothing", sign))
                    .label(message!("nothing is open here"))
                    .help(message!(
                        "take it away, or write the opening one where it belongs"
                    ))
                    .unsafe_fix(span, "")
            }
            ProblemKind::Missing => {
                let here = shadow.original_end(self.here);
                let place = Span::new(source, here, here);
                Diagnostic::error(
                    "missing-brace",
                    place,
                    message!("the `{{` of this block is missing"),
                )
                .label(message!("`{{` belongs here"))
                .also(span, message!("the block ends here"))
                .unsafe_fix(place, " {")
            }
            ProblemKind::TooMany => too_many(span, MOST_GUILTY),
            ProblemKind::TooDeep => {
                Diagnostic::error("nesting", span, message!("brackets are nested too deep"))
                    .label(message!(
                        "more than {deepest} are open here",
                        deepest = DEEPEST
                    ))
                    .help(message!(
                        "give a part of it a name with `define` and use that name here"
                    ))
            }
        }
    }
}

fn closing(open: char) -> char {
    if open == '{' { '}' } else { ')' }
}

/// Checks the brackets of a text.
pub(super) fn balance(text: &str, scan: &Scan) -> Balance {
    let mut depth = 0usize;
    let mut stack = Vec::new();
    let mut even = true;
    for token in &scan.tokens {
        match token.kind {
            TokenKind::Sign(sign @ ('{' | '(')) => {
                stack.push(sign);
                depth += 1;
                if depth > DEEPEST {
                    let problem = Problem {
                        kind: ProblemKind::TooDeep,
                        sign,
                        at: *token,
                        here: token.end,
                    };
                    return Balance {
                        problems: vec![problem],
                        given_up: true,
                        ..Balance::default()
                    };
                }
            }
            TokenKind::Sign(sign @ ('}' | ')')) => {
                even &= stack.pop().map(closing) == Some(sign);
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    if even && stack.is_empty() {
        Balance::default()
    } else {
        Guess::new(text, scan).run()
    }
}

struct Open {
    token: Token,
    sign: char,
    /// A list of members: no clause keyword may stand in it.
    list: bool,
}

/// An item keyword at the left margin.
#[derive(Clone, Copy)]
struct Head {
    token: Token,
    line_end: usize,
    /// Braces opened before it, and on its line.
    before: usize,
    own: usize,
}

struct Guess<'a> {
    text: &'a str,
    scan: &'a Scan,
    stack: Vec<Open>,
    /// The last item keyword at the left margin.
    head: Option<Head>,
    /// Braces opened so far.
    braces: usize,
    balance: Balance,
}

impl<'a> Guess<'a> {
    fn new(text: &'a str, scan: &'a Scan) -> Guess<'a> {
        Guess {
            text,
            scan,
            stack: Vec::new(),
            head: None,
            braces: 0,
            balance: Balance::default(),
        }
    }

    fn run(mut self) -> Balance {
        for (at, token) in self.scan.tokens.iter().enumerate() {
            if self.balance.problems.len() >= MOST_GUILTY {
                self.balance.problems.push(Problem {
                    kind: ProblemKind::TooMany,
                    sign: ' ',
                    at: *token,
                    here: token.end,
                });
                self.balance.given_up = true;
                return self.balance;
            }
            match token.kind {
                TokenKind::Sign(sign @ ('{' | '(')) => {
                    self.count_brace(token);
                    let list = sign == '{'
                        && self
                            .before(at)
                            .is_some_and(|word| matches!(word, "in" | "of" | "default" | "is"));
                    self.stack.push(Open {
                        token: *token,
                        sign,
                        list,
                    });
                }
                TokenKind::Sign(sign @ ('}' | ')')) => self.close(at, sign),
                TokenKind::Word => self.word(at),
                _ => {}
            }
        }
        let end = self.scan.tokens.last().map_or(0, |token| token.end);
        while let Some(open) = self.stack.pop() {
            self.unclosed(&open, end);
        }
        self.balance
    }

    fn before(&self, at: usize) -> Option<&'a str> {
        at.checked_sub(1)
            .and_then(|at| self.scan.tokens.get(at))
            .map(|token| token.text(self.text))
    }

    fn end_before(&self, at: usize) -> usize {
        at.checked_sub(1)
            .and_then(|at| self.scan.tokens.get(at))
            .map_or(0, |token| token.end)
    }

    fn word(&mut self, at: usize) {
        let Some(token) = self.scan.tokens.get(at) else {
            return;
        };
        let word = token.text(self.text);
        let margin = token.start == 0
            || self
                .text
                .get(..token.start)
                .is_some_and(|before| before.ends_with('\n'));
        if margin && ITEM_KEYWORDS.contains(&word) {
            self.head = Some(self.head_at(*token));
            let here = self.end_before(at);
            while let Some(open) = self.stack.pop() {
                self.unclosed(&open, here);
            }
        }
        let clause = matches!(
            word,
            "when" | "then" | "because" | "rule" | "otherwise" | "escalate" | "effective"
        );
        if clause {
            let here = self.end_before(at);
            while self
                .stack
                .last()
                .is_some_and(|open| open.list || open.sign == '(')
            {
                if let Some(open) = self.stack.pop() {
                    self.unclosed(&open, here);
                }
            }
        }
    }

    fn close(&mut self, at: usize, sign: char) {
        let Some(token) = self.scan.tokens.get(at) else {
            return;
        };
        if self
            .stack
            .last()
            .is_some_and(|open| closing(open.sign) == sign)
        {
            self.stack.pop();
            return;
        }
        // A brace closes what was left open inside it; a lone parenthesis closes nothing.
        if sign == '}' && self.stack.iter().any(|open| open.sign == '{') {
            let here = self.end_before(at);
            while self.stack.last().is_some_and(|open| open.sign != '{') {
                if let Some(open) = self.stack.pop() {
                    self.unclosed(&open, here);
                }
            }
            self.stack.pop();
            return;
        }
        if let Some(here) = self.head_without_brace().filter(|_| sign == '}') {
            self.balance.problems.push(Problem {
                kind: ProblemKind::Missing,
                sign,
                at: *token,
                here,
            });
            self.balance.patches.push(Patch {
                start: here,
                end: here,
                text: " {".to_owned(),
            });
            return;
        }
        self.balance.problems.push(Problem {
            kind: ProblemKind::Unopened,
            sign,
            at: *token,
            here: token.end,
        });
        self.balance.patches.push(Patch {
            start: token.start,
            end: token.end,
            text: " ".to_owned(),
        });
    }

    fn head_at(&self, token: Token) -> Head {
        let line_end = self
            .text
            .get(token.end..)
            .and_then(|rest| rest.find('\n'))
            .map_or(self.text.len(), |at| token.end + at);
        Head {
            token,
            line_end,
            before: self.braces,
            own: 0,
        }
    }

    fn count_brace(&mut self, token: &Token) {
        if !token.is('{') {
            return;
        }
        self.braces += 1;
        if let Some(head) = &mut self.head
            && token.start < head.line_end
        {
            head.own += 1;
        }
    }

    /// Where the brace belongs of the block above that has none: the end of its first line.
    fn head_without_brace(&self) -> Option<usize> {
        let head = self.head?;
        let word = head.token.text(self.text);
        if matches!(
            word,
            "role" | "queue" | "record" | "type" | "define" | "hold" | "follow_up" | "require"
        ) || head.line_end == self.text.len()
        {
            return None;
        }
        // The braces of a classification's type stand on its first line.
        let further = self.braces - head.before - head.own;
        let opened = head.own > usize::from(word == "classify")
            || further > 0 && head.own == 0 && word != "classify";
        (!opened).then(|| self.scan.trimmed_end(head.token.end, head.line_end))
    }

    fn unclosed(&mut self, open: &Open, here: usize) {
        // A parenthesis or list most likely ends with its line.
        let line_end = self
            .text
            .get(open.token.end..)
            .and_then(|rest| rest.find('\n'))
            .map_or(here, |at| open.token.end + at);
        let here = if open.list || open.sign == '(' {
            here.min(self.scan.trimmed_end(open.token.end, line_end))
        } else {
            here
        };
        self.balance.problems.push(Problem {
            kind: ProblemKind::Unclosed,
            sign: open.sign,
            at: open.token,
            here,
        });
        self.balance.patches.push(Patch {
            start: here,
            end: here,
            text: format!(" {}", closing(open.sign)),
        });
    }
}
