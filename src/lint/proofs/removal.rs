//! Mends of facts: what can be taken out without any case being decided otherwise.

use super::places::Item;
use crate::analysis::Block;
use crate::compile::{Node, NodeId, Program};
use crate::diag::Diagnostic;
use crate::lint::removal::with_its_line;
use crate::source::{Sources, Span};

/// A rule that no case takes, with its lines. Not unasked: it was written for some purpose.
pub(super) fn of_item(
    finding: Diagnostic,
    item: &Item,
    block: Block,
    sources: &Sources,
) -> Diagnostic {
    match block {
        Block::Classification(_) | Block::Route | Block::Sla => {
            finding.unsafe_fix(with_its_line(item.whole, sources), "")
        }
        _ => finding,
    }
}

/// A part of an `and` or `or`, with the word that joins it to the one before, or after the first.
/// Nothing where more than that word stands between the two, such as a bracket or a comment.
pub(super) fn of_part(
    finding: Diagnostic,
    program: &Program,
    part: NodeId,
    list: NodeId,
    sources: &Sources,
) -> Diagnostic {
    let (Node::And(parts) | Node::Or(parts)) = program.node(list) else {
        return finding;
    };
    let parts = program.list(*parts);
    let Some(at) = parts.iter().position(|one| *one == part) else {
        return finding;
    };
    let span = program.span(part);
    let (between, removed) = match at.checked_sub(1).and_then(|before| parts.get(before)) {
        Some(before) => {
            let before = program.span(*before);
            let between = Span::new(span.source, before.end as usize, span.start as usize);
            let removed = Span::new(span.source, before.end as usize, span.end as usize);
            (between, removed)
        }
        None => {
            let Some(next) = parts.get(1) else {
                return finding;
            };
            let next = program.span(*next);
            let between = Span::new(span.source, span.end as usize, next.start as usize);
            let removed = Span::new(span.source, span.start as usize, next.start as usize);
            (between, removed)
        }
    };
    let joined_plainly = between.start < between.end
        && matches!(sources.slice(between).trim(), "and" | "or")
        && parts
            .iter()
            .all(|one| program.span(*one).source == span.source);
    match joined_plainly {
        true => finding.safe_fix(removed, ""),
        false => finding,
    }
}
