//! How decision tables are laid out: columns line up by display width, a row is never cut.

use super::layout::{GapKind, Layout, STEP};
use crate::syntax::Part;

impl Layout<'_> {
    /// `table { … }`
    pub(super) fn table(&mut self, at: usize, line: usize) {
        let inner = line + STEP;
        let rows: Vec<usize> = self
            .children(at)
            .into_iter()
            .filter(|child| matches!(self.part(*child), Some(Part::TableHeader | Part::Row)))
            .collect();
        let close = self.last(at);
        let mut columns: Vec<usize> = Vec::new();
        let mut cells = Vec::new();
        for (place, row) in rows.into_iter().enumerate() {
            let first = self.first(row);
            self.continue_at(first, self.last(row), inner + STEP);
            self.line(first, inner);
            if place > 0 {
                self.keep_blank(first);
            }
            self.calls(row);
            // A row with a comment inside has no columns.
            let signs = self.signs(row);
            if self.has_comment(first, signs.last().copied().unwrap_or(first)) {
                continue;
            }
            for (column, pair) in signs.windows(2).enumerate() {
                let [before, behind] = *pair else { continue };
                let width = if behind > before + 1 {
                    self.flat_width(before + 1, behind - 1)
                } else {
                    0
                };
                cells.push((column, behind, width));
                match columns.get_mut(column) {
                    Some(widest) => *widest = (*widest).max(width),
                    None => columns.push(width),
                }
            }
        }
        for (column, sign, width) in cells {
            let widest = columns.get(column).copied().unwrap_or(width);
            if let Some(gap) = self.gaps.get_mut(sign) {
                gap.pad = widest.saturating_sub(width);
            }
        }
        self.line(close, line);
        self.comments_at(close, inner);
    }

    /// The bars and the arrow of a row.
    fn signs(&self, row: usize) -> Vec<usize> {
        self.children(row)
            .into_iter()
            .filter(|child| matches!(self.part(*child), Some(Part::Bar | Part::Arrow)))
            .map(|child| self.first(child))
            .collect()
    }

    /// Brackets of functions touch their names in a row too.
    fn calls(&mut self, row: usize) {
        let Some(node) = self.node(row) else { return };
        for at in row..node.behind as usize {
            if self.part(at) == Some(Part::Call) {
                self.set(self.first(at) + 1, GapKind::None, 0);
            }
        }
    }
}
