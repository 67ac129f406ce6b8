//! Mends of the `unused-…` lints: the declaration taken out, with its line where it has one alone.
//!
//! Such a mend is never safe: what is unused today may be meant for tomorrow. `caseway lint --fix
//! --remove-unused` applies it.

use crate::diag::Diagnostic;
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, Declared, ItemKind};
use std::collections::BTreeMap;

/// The lints whose finding can be mended by taking the declaration out.
pub const REMOVABLE: [&str; 8] = [
    "never-matches",
    "unreachable-rule",
    "unused-calendar",
    "unused-define",
    "unused-queue",
    "unused-record",
    "unused-role",
    "unused-type",
];

/// Adds the mends to findings that have none yet.
pub(super) fn add(findings: &mut [Diagnostic], files: &[ast::File], sources: &Sources) {
    let removable =
        |finding: &&mut Diagnostic| finding.fix.is_none() && REMOVABLE.contains(&finding.code);
    let mut items: Option<BTreeMap<Span, Span>> = None;
    for finding in findings.iter_mut().filter(removable) {
        let items = items.get_or_insert_with(|| {
            let all = files.iter().flat_map(|file| &file.items);
            all.filter_map(|item| Some((declared(&item.kind)?.name.span, item.span)))
                .collect()
        });
        if let Some(item) = items.get(&finding.span) {
            let span = with_its_line(*item, sources);
            *finding = finding.clone().unsafe_fix(span, "");
        }
    }
}

/// The name that an item declares, where the item is nothing else.
fn declared(kind: &ItemKind) -> Option<&Declared> {
    match kind {
        ItemKind::Role(declared)
        | ItemKind::Queue(declared)
        | ItemKind::Record(declared)
        | ItemKind::Type(declared, _)
        | ItemKind::Define(declared, _) => Some(declared),
        ItemKind::Calendar(calendar) => Some(&calendar.declared),
        ItemKind::Case(_)
        | ItemKind::Events(_)
        | ItemKind::Script(_)
        | ItemKind::Classify(_)
        | ItemKind::Route(_)
        | ItemKind::Clock(_)
        | ItemKind::Sla(_)
        | ItemKind::Retain(_)
        | ItemKind::Hold(_)
        | ItemKind::FollowUp(_)
        | ItemKind::Require(_)
        | ItemKind::Guarantee(_)
        | ItemKind::Test(_) => None,
    }
}

/// An item with the rest of its lines, when nothing else stands on them.
pub(super) fn with_its_line(item: Span, sources: &Sources) -> Span {
    let Some(source) = sources.get(item.source) else {
        return item;
    };
    let (start, end) = (item.start as usize, item.end as usize);
    let before = source.text.get(..start).unwrap_or_default();
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let behind = source.text.get(end..).unwrap_or_default();
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t', '\r']).len();
    let alone = (start == indent || before[..start - indent].ends_with('\n'))
        && (behind[blanks..].is_empty() || behind[blanks..].starts_with('\n'));
    if !alone {
        return item;
    }
    let line_break = usize::from(behind[blanks..].starts_with('\n'));
    Span::new(item.source, start - indent, end + blanks + line_break)
}
