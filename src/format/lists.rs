//! How lists in braces, conditions and values are laid out.
//!
//! A list stands on one line if it fits and the operator did not begin its first member on a line of
//! its own. In an open list, members with labels stand one on a line; others keep the operator's
//! line ends. A condition that is too long ends its lines before each `and` or `or`.

use super::layout::{GapKind, Layout, STEP};
use crate::syntax::Part;

impl Layout<'_> {
    /// Lays out a node of which no special rule speaks, in a line that begins at `line`.
    pub(super) fn value(&mut self, at: usize, line: usize, inner: usize) {
        match self.part(at) {
            Some(Part::Expr) => self.chain(at, line, inner),
            Some(Part::Group) => self.parentheses(at, line),
            Some(
                Part::OneOf | Part::Set | Part::RecordValue | Part::RecordEntries | Part::Events,
            ) => {
                self.list(at, line);
            }
            Some(Part::RecordType) => self.fields(at, line),
            Some(Part::Call | Part::Function) => self.call(at, line),
            Some(Part::DecimalType) => {
                self.glue(self.first(at) + 1);
                self.inside(at, line, inner);
            }
            Some(Part::Sum) => self.sum(at, line, inner),
            Some(Part::Hours) => {
                self.glue(self.first(at) + 1);
                self.glue(self.last(at));
            }
            Some(_) | None => self.inside(at, line, inner),
        }
    }

    /// Lays out everything inside a node.
    pub(super) fn inside(&mut self, at: usize, line: usize, inner: usize) {
        for child in self.children(at) {
            self.value(child, line, inner);
        }
    }

    /// `a and b and c`
    fn chain(&mut self, at: usize, line: usize, inner: usize) {
        let children = self.children(at);
        let broken_before: Vec<usize> = children
            .iter()
            .filter(|child| self.part(**child) == Some(Part::LogicOp))
            .map(|child| self.first(*child))
            .collect();
        if broken_before.is_empty() {
            for child in children {
                self.value(child, line, inner);
            }
            return;
        }
        let group = self.group(self.first(at), self.last(at));
        for word in &broken_before {
            self.soft(*word, group, inner);
        }
        let second = broken_before.first().copied().unwrap_or(0);
        for child in children {
            let begins = if self.first(child) < second {
                line
            } else {
                inner
            };
            self.value(child, begins, inner);
        }
    }

    /// `(a or b)`
    fn parentheses(&mut self, at: usize, line: usize) {
        let (first, last) = (self.first(at), self.last(at));
        let group = self.group(first, last);
        let deeper = line + STEP;
        self.set(
            first + 1,
            GapKind::Soft {
                group,
                blank: false,
            },
            deeper,
        );
        self.set(
            last,
            GapKind::Soft {
                group,
                blank: false,
            },
            line,
        );
        self.comments_at(last, deeper);
        for child in self.children(at) {
            self.value(child, deeper, deeper);
        }
    }

    /// `a + b - c`
    fn sum(&mut self, at: usize, line: usize, inner: usize) {
        let children = self.children(at);
        let signs: Vec<usize> = children
            .iter()
            .filter(|child| self.part(**child) == Some(Part::SumOp))
            .map(|child| self.first(*child))
            .collect();
        self.filled(at, &signs, inner.max(line + STEP));
        for child in children {
            self.value(child, line, inner);
        }
    }

    /// Lines may end before these words of a node if it does not fit on one.
    pub(super) fn filled(&mut self, at: usize, starts: &[usize], indent: usize) {
        if starts.is_empty() {
            return;
        }
        let end = self.last(at);
        let group = self.group(self.first(at), end);
        for (place, word) in starts.iter().enumerate() {
            let last = starts
                .get(place + 1)
                .map_or(end, |next| next.saturating_sub(1));
            self.set(*word, GapKind::Fill { group, last }, indent);
        }
    }

    /// The words behind the commas of a node that lie outside all brackets in it.
    pub(super) fn behind_commas(&self, at: usize) -> Vec<usize> {
        let mut depth = 0usize;
        let mut found = Vec::new();
        for word in self.first(at)..=self.last(at) {
            match self.word(word) {
                "{" | "(" => depth += 1,
                "}" | ")" => depth = depth.saturating_sub(1),
                "," if depth == 0 => found.push(word + 1),
                _ => {}
            }
        }
        found
    }

    /// `name(a, b)`, and the parameters of a function.
    fn call(&mut self, at: usize, line: usize) {
        let open = (self.first(at)..=self.last(at)).find(|word| self.word(*word) == "(");
        if let Some(open) = open {
            let labelled = self.word(open.saturating_sub(1)).starts_with('"');
            if !labelled {
                self.glue(open);
            }
        }
        let arguments: Vec<usize> = self
            .children(at)
            .into_iter()
            .filter(|child| matches!(self.part(*child), Some(Part::Expr | Part::Parameter)))
            .map(|child| self.first(child))
            .skip(1)
            .collect();
        self.filled(at, &arguments, line + STEP);
        self.inside(at, line, line + STEP);
    }

    /// A list in braces, members and commas; the brace may stand behind other words.
    pub(super) fn list(&mut self, at: usize, line: usize) {
        let children = self.children(at);
        let brace = |layout: &Self, wanted: Part| {
            let found = children
                .iter()
                .find(|child| layout.part(**child) == Some(wanted));
            found.map(|child| layout.first(*child))
        };
        let (Some(open), Some(close)) =
            (brace(self, Part::OpenBrace), brace(self, Part::CloseBrace))
        else {
            return self.inside(at, line, line + STEP);
        };
        let members: Vec<usize> = children
            .iter()
            .copied()
            .filter(|child| {
                let part = self.part(*child);
                let brace = matches!(
                    part,
                    Some(Part::OpenBrace | Part::CloseBrace | Part::Separator)
                );
                !brace && self.first(*child) > open
            })
            .collect();
        let inner = line + STEP;
        if members.is_empty() {
            self.comments_at(close, inner);
            self.set(close, GapKind::None, line);
            return self.comments_at(close, inner);
        }
        self.continue_at(open + 1, close, inner);
        let group = self.group(open, close);
        let is_open = self.notes.on_new_line(open + 1);
        let labelled = members.iter().any(|member| {
            matches!(self.part(*member), Some(Part::Member | Part::Declared))
                && self.last(*member) > self.first(*member)
        });
        let mut labels = Vec::new();
        for (place, member) in members.iter().enumerate() {
            let mut begins = self.first(*member);
            let ordered = place > 0 && self.word(begins.saturating_sub(1)) == "<";
            if ordered {
                begins -= 1;
            }
            let behind = members
                .get(place + 1)
                .map_or(close, |next| self.first(*next))
                .saturating_sub(1);
            let kind = match (place, labelled) {
                (0, _) if is_open => GapKind::Line,
                (0, _) | (_, true) => GapKind::Soft { group, blank: true },
                (_, false) => GapKind::Fill {
                    group,
                    last: behind,
                },
            };
            self.set(begins, kind, inner);
            if place > 0 {
                self.keep_blank(begins);
            }
            let name = self.first(*member);
            if labelled && self.last(*member) > name {
                let width = self.flat_width(begins, name);
                labels.push((name + 1, width));
            }
            self.value(*member, inner, inner);
        }
        self.line_up(&labels, Some(group));
        let kind = if is_open {
            GapKind::Line
        } else {
            GapKind::Soft { group, blank: true }
        };
        self.set(close, kind, line);
        self.comments_at(close, inner);
    }

    /// Fields in braces, each on a line of its own.
    pub(super) fn fields(&mut self, at: usize, line: usize) {
        self.block(at, line, false);
    }
}
