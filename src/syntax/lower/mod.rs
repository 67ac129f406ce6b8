//! From the parser's pairs to the tree, at once, so that no pair leaves this stage.
//!
//! A part that cannot be used is reported and left out; what it would have declared is noted as lost.

mod classify;
mod clauses;
mod clocks;
mod expressions;
mod items;
mod literals;
mod records;
mod routing;
mod schema;
mod tests;

use super::ast::{Item, Lost, Name, Text};
use super::grammar::Rule;
use super::scan::Scan;
use super::shadow::Shadow;
use crate::diag::Diagnostic;
use crate::source::{SourceId, Span};
use pest::iterators::Pair;
use smol_str::SmolStr;

pub(super) type Node<'i> = Pair<'i, Rule>;

/// What lowering needs besides the pairs.
pub(super) struct Lower<'a> {
    pub source: SourceId,
    pub shadow: &'a Shadow,
    /// Tokens of the shadow text.
    pub scan: &'a Scan,
    /// Where the parsed slice starts in the shadow text.
    pub base: usize,
    pub findings: Vec<Diagnostic>,
    pub lost: Lost,
    /// Where the original text starts in its file; not 0 for a cell of a CSV table.
    pub moved_by: usize,
}

impl Lower<'_> {
    /// Lowers one item; none when nothing of it can be used.
    pub fn item(&mut self, node: Node<'_>) -> Option<Item> {
        let span = self.span(&node);
        let inner = node.into_inner().next()?;
        let kind = self.item_kind(inner)?;
        Some(Item { kind, span })
    }

    /// The place of a node in the operator's text, without blanks and comments behind it.
    pub fn span(&self, node: &Node<'_>) -> Span {
        let span = node.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        let end = self.scan.trimmed_end(start, end);
        let (start, end) = (
            self.shadow.original_start(start),
            self.shadow.original_end(end),
        );
        Span::new(self.source, self.moved_by + start, self.moved_by + end)
    }

    /// Reports a finding.
    pub fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Notes that a name's declaration cannot be used.
    pub fn lose(&mut self, name: &str) {
        self.lost.names.push(name.to_owned());
    }

    /// A name, its backticks or quotes taken off.
    pub fn name(&mut self, node: &Node<'_>) -> Name {
        let span = self.span(node);
        let text = node.as_str().trim();
        let text = match node.as_rule() {
            Rule::member_name => match node.clone().into_inner().next() {
                Some(inner) if inner.as_rule() == Rule::string => self.text(&inner).text.into(),
                Some(_) | None => SmolStr::new(unquoted(text)),
            },
            Rule::string => self.text(node).text.into(),
            _ => SmolStr::new(unquoted(text)),
        };
        Name { text, span }
    }

    /// A quoted text with its escapes resolved.
    pub fn text(&mut self, node: &Node<'_>) -> Text {
        let span = self.span(node);
        let text = self.unescape(node.as_str(), span);
        Text { text, span }
    }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'))
        .unwrap_or(text)
}

/// Whether a rule is a keyword, which carries no meaning of its own in the tree.
pub(super) fn is_keyword(kind: Rule) -> bool {
    // The generated names of keywords share a prefix; comparing the first and last of the list keeps
    // this free of a hundred alternatives, since the generator numbers rules in the grammar's order.
    (kind as usize) > (Rule::reserved_word as usize)
}

/// The children of a node that carry meaning: keywords are left out.
pub(super) fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.into_inner()
        .filter(|child| !is_keyword(child.as_rule()))
}
