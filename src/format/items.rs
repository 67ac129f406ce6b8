//! How items, their clauses and their blocks are laid out.
//!
//! A rule or another item of several clauses stands on one line if it fits and the operator wrote it
//! so; otherwise each clause has a line of its own.

use super::layout::{GapKind, Layout, STEP};
use crate::syntax::Part;

impl Layout<'_> {
    /// The items of a file.
    pub(super) fn file(&mut self) {
        for item in self.outermost() {
            self.continue_at(self.first(item), self.last(item), STEP);
            self.paragraph(self.first(item), 0);
            for inner in self.children(item) {
                self.item(inner, 0);
            }
        }
        self.line_up_labels();
    }

    /// An item, or a part of a block, whose line begins at `line`.
    fn item(&mut self, at: usize, line: usize) {
        let deeper = line + STEP;
        match self.part(at) {
            Some(Part::Case | Part::Classify | Part::Route | Part::Sla | Part::Test) => {
                self.block(at, line, false);
            }
            Some(
                Part::Calendar | Part::Clock | Part::Script | Part::Guarantee | Part::TierBody,
            ) => self.block(at, line, true),
            Some(Part::Retain) => {
                self.head(at, line, Part::OpenBrace);
                self.block(at, line, true);
            }
            Some(Part::Tier | Part::OtherwiseTier) => {
                self.head(at, line, Part::TierBody);
                for child in self.children(at) {
                    match self.part(child) {
                        Some(Part::TierBody) => self.item(child, line),
                        Some(_) | None => self.value(child, deeper, deeper + STEP),
                    }
                }
            }
            Some(Part::Define) => self.define(at, line),
            Some(Part::Table) => self.table(at, line),
            Some(
                Part::RuleBlock
                | Part::RouteRule
                | Part::RouteOtherwise
                | Part::Otherwise
                | Part::Hold
                | Part::FollowUp
                | Part::Require
                | Part::Keep
                | Part::Delete
                | Part::Disposal,
            ) => self.clauses(at, line),
            Some(Part::Because | Part::With | Part::Escalate | Part::Warn | Part::CalendarPart) => {
                self.clause(at, line);
            }
            Some(_) | None => self.value(at, line, deeper),
        }
    }

    /// A block in braces with a part on each line. A block of one part may stand on one line.
    pub(super) fn block(&mut self, at: usize, line: usize, may_be_flat: bool) {
        let children = self.children(at);
        let deeper = line + STEP;
        let Some(brace) = children
            .iter()
            .position(|child| self.part(*child) == Some(Part::OpenBrace))
        else {
            return self.inside(at, line, deeper);
        };
        let (before, behind) = children.split_at(brace);
        for child in before {
            self.item(*child, line);
        }
        let open = behind.first().map_or(0, |child| self.first(*child));
        let close = self.last(at);
        let parts: Vec<usize> = behind
            .iter()
            .copied()
            .filter(|child| !matches!(self.part(*child), Some(Part::OpenBrace | Part::CloseBrace)))
            .collect();
        if parts.is_empty() {
            self.set(close, GapKind::None, line);
            return self.comments_at(close, deeper);
        }
        self.continue_at(open + 1, close, deeper + STEP);
        let starts: Vec<usize> = parts.iter().map(|part| self.start_of_line(*part)).collect();
        let flat = may_be_flat && parts.len() == 1 && !self.notes.on_new_line(open + 1);
        if flat {
            let group = self.group(self.first(at), close);
            for word in &starts {
                self.soft(*word, group, deeper);
            }
            self.soft(close, group, line);
        } else {
            for (place, word) in starts.iter().enumerate() {
                self.line(*word, deeper);
                if place > 0 {
                    self.keep_blank(*word);
                }
            }
            self.line(close, line);
            self.line_up_words(at, &parts);
        }
        self.comments_at(close, deeper);
        for part in parts {
            self.item(part, deeper);
        }
    }

    /// The word with which the line of a part begins: that of a condition has a keyword before it.
    fn start_of_line(&self, part: usize) -> usize {
        let first = self.first(part);
        match self.part(part) {
            Some(Part::Expr) => first.saturating_sub(1),
            Some(_) | None => first,
        }
    }

    /// Lets the second words of clocks, calendars and retentions line up, and the targets of a tier.
    fn line_up_words(&mut self, at: usize, parts: &[usize]) {
        let lined_up: &[Part] = match self.part(at) {
            Some(Part::Clock) => &[Part::ClockPart],
            Some(Part::Calendar) => &[Part::CalendarPart],
            Some(Part::Retain) => &[Part::RetainFrom, Part::Keep, Part::Delete, Part::Disposal],
            Some(Part::TierBody) => &[Part::TargetLine],
            Some(_) | None => return,
        };
        let words: Vec<(usize, usize)> = parts
            .iter()
            .filter(|part| {
                self.part(**part)
                    .is_some_and(|part| lined_up.contains(&part))
            })
            .map(|part| self.first(*part))
            .map(|word| (word + 1, self.widths.get(word).copied().unwrap_or(0)))
            .collect();
        self.line_up(&words, None);
    }

    /// `tier NAME when … {`: the conditions and the brace have lines of their own if they do not fit.
    fn head(&mut self, at: usize, line: usize, body: Part) {
        let children = self.children(at);
        let Some(open) = children
            .iter()
            .find(|child| self.part(**child) == Some(body))
        else {
            return;
        };
        let open = self.first(*open);
        let clauses: Vec<usize> = children
            .into_iter()
            .filter(|child| self.first(*child) < open)
            .filter(|child| matches!(self.part(*child), Some(Part::When | Part::Effective)))
            .collect();
        if clauses.is_empty() {
            return;
        }
        let group = self.group(self.first(at), open);
        for clause in clauses {
            self.soft(self.first(clause), group, line + STEP);
        }
        self.soft(open, group, line);
    }

    /// `define NAME = …`
    fn define(&mut self, at: usize, line: usize) {
        let children = self.children(at);
        let Some(expr) = children.last().copied() else {
            return;
        };
        let group = self.group(self.first(at), self.last(at));
        self.soft(self.first(expr), group, line + STEP);
        self.value(expr, line + STEP, line + STEP);
    }

    /// An item of several clauses.
    fn clauses(&mut self, at: usize, line: usize) {
        let children = self.children(at);
        let deeper = line + STEP;
        let mut on_lines = Vec::new();
        let mut condition = None;
        let mut before = None;
        for child in &children {
            let part = self.part(*child);
            let in_head = on_lines.is_empty();
            let stays = match part {
                Some(Part::When) if self.part(at) == Some(Part::Require) && in_head => {
                    condition = Some(*child);
                    true
                }
                Some(Part::Effective | Part::ByRole) => in_head && condition.is_none(),
                Some(Part::ToRole) => self.part(at) == Some(Part::RouteOtherwise) && in_head,
                Some(Part::InQueue | Part::With) => {
                    matches!(before, Some(Part::ToRole | Part::InQueue))
                }
                Some(
                    Part::When
                    | Part::Then
                    | Part::That
                    | Part::Because
                    | Part::Escalate
                    | Part::Within
                    | Part::Done,
                ) => false,
                Some(_) | None => true,
            };
            if !stays {
                on_lines.push(self.first(*child));
            }
            before = part;
        }
        let group = self.group(self.first(at), self.last(at));
        let opened = on_lines.iter().any(|word| self.notes.on_new_line(*word));
        for word in on_lines {
            let kind = if opened {
                GapKind::Line
            } else {
                GapKind::Soft { group, blank: true }
            };
            self.set(word, kind, deeper);
        }
        if let Some(condition) = condition {
            let head = self.group(self.first(at), self.last(condition));
            self.soft(self.first(condition), head, deeper);
        }
        for child in children {
            let own_line = self
                .gaps
                .get(self.first(child))
                .is_some_and(|gap| gap.may_break());
            self.clause(child, if own_line { deeper } else { line });
        }
    }

    /// One clause in a line that begins at `line`.
    fn clause(&mut self, at: usize, line: usize) {
        let deeper = line + STEP;
        match self.part(at) {
            Some(Part::Because) => {
                self.continue_at(self.first(at) + 1, self.last(at), deeper);
                let group = self.group(self.first(at), self.last(at));
                let column = self.widths.get(self.first(at)).copied().unwrap_or(0) + 1;
                for word in self.behind_commas(at) {
                    self.soft(word, group, line + column);
                }
            }
            Some(Part::With | Part::Escalate | Part::Warn | Part::CalendarPart) => {
                self.continue_at(self.first(at) + 1, self.last(at), deeper);
                let words = self.behind_commas(at);
                self.filled(at, &words, deeper);
                self.inside(at, line, deeper);
            }
            Some(_) | None => {
                self.continue_at(self.first(at) + 1, self.last(at), deeper);
                self.value(at, line, deeper);
            }
        }
    }

    /// Lets the labels of roles, queues and record classes line up that follow each other directly.
    fn line_up_labels(&mut self) {
        let mut run: Vec<(usize, usize)> = Vec::new();
        let mut kind = None;
        for item in self.outermost() {
            let inner = self.children(item).first().copied();
            let part = inner
                .and_then(|inner| self.part(inner))
                .filter(|part| matches!(part, Part::Role | Part::Queue | Part::Record));
            let first = self.first(item);
            if part != kind || self.notes.has_blank_above(first) {
                self.line_up(&run, None);
                run.clear();
            }
            kind = part;
            if part.is_some() && self.last(item) == first + 2 && !self.has_comment(first, first + 2)
            {
                run.push((first + 2, self.flat_width(first, first + 1)));
            }
        }
        self.line_up(&run, None);
    }
}
