//! The parts of an item that can be left out so that the rest of it is read.

use super::super::scan::TokenKind;
use super::Failure;
use std::ops::Range;

impl Failure<'_> {
    /// The smallest part of the item that holds the mistake and can be left out; none when the
    /// mistake is in the item's head.
    pub fn piece(&self) -> Option<Range<usize>> {
        let starts = self.piece_starts();
        // A word that begins a part and is not taken there hints at an incomplete part before it,
        // unless that part is complete.
        let mut at = self.at.min(self.region.end.saturating_sub(1));
        let incomplete = self.incomplete_before() || self.is_stray_word();
        if starts.contains(&at) && at == self.at && incomplete {
            at = at.checked_sub(1)?;
        }
        let after = starts.partition_point(|start| *start <= at);
        let start = *starts.get(after.checked_sub(1)?)?;
        let next = starts.get(after).copied().unwrap_or(self.region.end);
        let end = self.closing_before(start, next);
        (start < end && at < end.max(at + 1)).then_some(start..end)
    }

    fn incomplete_before(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let word = before.map_or("", |token| token.text(self.text));
        let sign = matches!(before.map(|token| token.kind), Some(TokenKind::Sign(sign)) if !matches!(sign, '}' | ')' | '|' | '{' | '%'));
        sign || super::RESERVED.contains(&word)
            && !matches!(word, "true" | "false" | "missing" | "present")
    }

    /// Tokens that begin a part: keywords of the item at the right depth, or lines.
    fn piece_starts(&self) -> Vec<usize> {
        let item = self.item();
        let mut starts = Vec::new();
        let mut depth = 0usize;
        let mut table_depth = None;
        let mut fields = Vec::new();
        for at in self.region.clone() {
            let Some(token) = self.tokens.get(at) else {
                break;
            };
            match token.kind {
                TokenKind::Sign('{' | '(') => {
                    depth += 1;
                    fields.push(matches!(self.before(at), "case" | ":"));
                    if at > 0
                        && self
                            .tokens
                            .get(at - 1)
                            .is_some_and(|before| before.text(self.text) == "table")
                    {
                        table_depth = Some(depth);
                    }
                    continue;
                }
                TokenKind::Sign('}' | ')') => {
                    if table_depth == Some(depth) {
                        table_depth = None;
                    }
                    depth = depth.saturating_sub(1);
                    fields.pop();
                    continue;
                }
                _ => {}
            }
            let line = self.first_of_line(at);
            let word = token.text(self.text);
            let starts_piece = match item {
                "case" => {
                    line && fields.last() == Some(&true) && token.kind != TokenKind::Sign(',')
                }
                _ if table_depth == Some(depth) => line && depth > 0,
                "classify" => {
                    depth == 1
                        && (matches!(word, "rule" | "otherwise")
                            || line && matches!(word, "table" | "effective"))
                }
                "route" => depth == 1 && matches!(word, "rule" | "otherwise"),
                "sla" => {
                    depth == 1
                        && (word == "otherwise" || word == "tier" && self.before(at) != "otherwise")
                }
                "test" => depth == 1 && line && matches!(word, "event" | "at" | "expect"),
                "script" => depth == 1 && word == "fn",
                "clock" | "calendar" | "retain" => depth == 1 && line,
                _ => false,
            };
            if starts_piece {
                starts.push(at);
            }
        }
        // The header row of a table is not a part: without it no row can be read.
        if item == "classify" {
            starts.retain(|at| {
                let opens = at.checked_sub(2).and_then(|at| self.tokens.get(at));
                self.before(*at) != "{"
                    || opens.is_none_or(|token| token.text(self.text) != "table")
            });
        }
        starts
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or("", |token| token.text(self.text))
    }

    fn first_of_line(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return false;
        };
        let before = at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |token| token.end);
        self.text
            .get(before..token.start)
            .unwrap_or("")
            .contains('\n')
    }

    /// The end of a part that starts at `start` and ends before `next`: before a bracket that closes
    /// more than the part opens.
    fn closing_before(&self, start: usize, next: usize) -> usize {
        let mut depth = 0usize;
        for at in start..next {
            match self.tokens.get(at).map(|token| token.kind) {
                Some(TokenKind::Sign('{' | '(')) => depth += 1,
                Some(TokenKind::Sign('}' | ')')) => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return at,
                },
                Some(_) | None => {}
            }
        }
        // A part that opens a brace which ends behind it is taken with all that is in it.
        let mut end = next;
        while depth > 0 && end < self.region.end {
            match self.tokens.get(end).map(|token| token.kind) {
                Some(TokenKind::Sign('{' | '(')) => depth += 1,
                Some(TokenKind::Sign('}' | ')')) => depth -= 1,
                Some(_) | None => {}
            }
            end += 1;
        }
        end
    }
}
