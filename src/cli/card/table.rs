//! Two columns of a card, aligned by display width and at most 80 columns wide; and how instants,
//! names and labels are written in them.

use crate::Instant;
use crate::cli::language::told;
use crate::cli::pen::wrap;
use crate::compile::Named;
use crate::time::Zone;
use unicode_width::UnicodeWidthStr;

/// Columns of a card.
pub(in crate::cli) const WIDTH: usize = 80;
/// A left side that is wider than this stands on a line of its own.
const WIDEST_LEFT: usize = 32;

/// Rows of two columns.
#[derive(Default)]
pub(in crate::cli) struct Table {
    rows: Vec<(String, String)>,
}

impl Table {
    /// Adds a row, so many steps indented.
    pub(in crate::cli) fn row(&mut self, depth: usize, left: &str, right: &str) {
        self.rows
            .push((format!("{}{left}", "  ".repeat(depth)), right.to_owned()));
    }

    /// Adds citations, each once.
    pub(in crate::cli) fn because<'b>(&mut self, citations: impl IntoIterator<Item = &'b str>) {
        let mut seen: Vec<&str> = Vec::new();
        for citation in citations {
            if !seen.contains(&citation) {
                self.row(1, &told!("because"), citation);
                seen.push(citation);
            }
        }
    }

    /// The lines.
    pub(in crate::cli) fn lines(&self) -> Vec<String> {
        let widths = self.rows.iter().map(|(left, _)| left.width());
        let left = widths.filter(|width| *width <= WIDEST_LEFT).max();
        let left = left.unwrap_or(WIDEST_LEFT);
        let mut lines = Vec::new();
        for (head, text) in &self.rows {
            let mut texts = wrap(text, WIDTH.saturating_sub(left + 2)).into_iter();
            if head.width() > left {
                let blanks = head.len() - head.trim_start().len();
                let parts = wrap(head, WIDTH.saturating_sub(blanks)).into_iter();
                lines.extend(parts.map(|part| format!("{}{part}", " ".repeat(blanks))));
            } else {
                let blanks = " ".repeat(left.saturating_sub(head.width()) + 2);
                let text = texts.next().unwrap_or_default();
                lines.push(format!("{head}{blanks}{text}").trim_end().to_owned());
            }
            lines.extend(texts.map(|text| format!("{}{text}", " ".repeat(left + 2))));
        }
        lines
    }
}

/// Writes instants as a wall clock shows them; the offset is told where it is not the one that is in
/// force at the instant of the decision.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Moments {
    pub(in crate::cli) zone: Zone,
    pub(in crate::cli) now: Instant,
}

impl Moments {
    pub(in crate::cli) fn show(self, at: Instant) -> String {
        let offset = |at: Instant| {
            let shown = at.format(self.zone);
            let from = shown.rfind(['+', '-', 'Z']).unwrap_or(shown.len());
            shown.get(from..).unwrap_or("").to_owned()
        };
        let local = format!("{} {}", at.date(self.zone), at.time(self.zone));
        let own = offset(at);
        if own == offset(self.now) {
            local
        } else {
            format!("{local}{own}")
        }
    }
}

/// A name with its label.
pub(in crate::cli) fn named(named: &Named) -> String {
    match &named.label {
        Some(label) => format!("{} {label}", named.name),
        None => named.name.clone(),
    }
}

/// The name and label at a place.
pub(in crate::cli) fn at_place(all: &[impl AsRef<Named>], place: u32) -> String {
    all.get(place as usize)
        .map_or(String::new(), |one| named(one.as_ref()))
}

/// A name with the label that it has among all.
pub(in crate::cli) fn labelled(all: &[impl AsRef<Named>], name: &str) -> String {
    all.iter()
        .map(AsRef::as_ref)
        .find(|one| one.name == name)
        .map_or(name.to_owned(), named)
}
