//! Where the nodes of a program are written, in eight bytes for each.
//!
//! Nodes of one text lie side by side, so the text is noted once for many.

use super::lower::place;
use super::node::NodeId;
use crate::source::{SourceId, Span};

/// The span of each node.
#[derive(Clone, Debug, Default)]
pub(super) struct Spans {
    /// First byte, and one past the last.
    bytes: Vec<(u32, u32)>,
    /// From which node on they lie in which text.
    sources: Vec<(u32, SourceId)>,
}

impl Spans {
    /// Adds the span of the next node.
    pub(super) fn push(&mut self, span: Span) {
        let known = self.sources.last();
        if known.is_none_or(|(_, source)| *source != span.source) {
            self.sources.push((place(self.bytes.len()), span.source));
        }
        self.bytes.push((span.start, span.end));
    }

    /// The span of a node; of one that is not known the empty span at the start of the first text.
    pub(super) fn of(&self, node: NodeId) -> Span {
        let after = self.sources.partition_point(|(first, _)| *first <= node.0);
        let source = after.checked_sub(1).and_then(|at| self.sources.get(at));
        match (self.bytes.get(node.place()), source) {
            (Some((start, end)), Some((_, source))) => Span {
                source: *source,
                start: *start,
                end: *end,
            },
            (Some(_) | None, Some(_) | None) => Span::default(),
        }
    }

    /// Gives back what was held for further nodes.
    pub(super) fn closed(mut self) -> Spans {
        self.bytes.shrink_to_fit();
        self.sources.shrink_to_fit();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_come_back_as_they_were() {
        let span = |source: u32, start: usize| Span::new(SourceId(source), start, start + 3);
        let all = [(2, 0), (2, 9), (0, 4), (2, 5), (1, 1), (1, 1)];
        let all = all.map(|(source, start)| span(source, start));
        let mut spans = Spans::default();
        all.iter().for_each(|span| spans.push(*span));
        let spans = spans.closed();
        let found: Vec<Span> = (0..6).map(|node| spans.of(NodeId(node))).collect();
        assert_eq!(found, all);
        assert_eq!(spans.of(NodeId(6)), Span::default());
        assert_eq!(Spans::default().of(NodeId(0)), Span::default());
    }
}
