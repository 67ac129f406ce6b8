//! Lints: what an operator would want to know about a policy that is sound.
//!
//! Reads trees and the model; findings go to the driver. One lint is one file: its head is the
//! manual page that `caseway lint --explain CODE` prints. The words and checks live there, the list
//! of all of them is `LINTS`.

mod codes;
mod impossible_comparison;
mod known;
mod levels;
mod mapping_end_state;
mod ranges;
mod shadowed_name;
mod suppression_without_reason;
mod suppressions;
mod unknown_code;
mod unused_calendar;
mod unused_clock;
mod unused_define;
mod unused_function;
mod unused_queue;
mod unused_record;
mod unused_role;
mod unused_suppression;
mod unused_type;
mod usage;

pub use codes::{Kind, explain, is_known, kind_of, known_codes};
pub use levels::apply_levels;
pub use mapping_end_state::{Filled, FilledField, Mapping, check_mappings};

use crate::diag::{Diagnostic, Level};
use crate::model::Model;
use crate::source::{Sources, Span};
use crate::syntax::ast;
use std::collections::BTreeMap;
use usage::Usage;

/// What a lint looks at.
struct Facts<'a> {
    files: &'a [ast::File],
    model: &'a Model,
    sources: &'a Sources,
    usage: Usage,
}

impl Facts<'_> {
    /// The text under a span on one line, cut short for a message.
    fn text(&self, span: Span) -> String {
        let one_line = self
            .sources
            .slice(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if one_line.chars().count() <= 60 {
            return one_line;
        }
        let mut short: String = one_line.chars().take(57).collect();
        short.push('…');
        short
    }
}

/// One lint.
struct Lint {
    code: &'static str,
    level: Level,
    /// Its manual page: the head of its file.
    page: &'static str,
    /// The check; none where the finding comes up while suppressions are applied, or needs caseway.toml.
    check: Option<fn(&Facts<'_>, &mut Vec<Diagnostic>)>,
}

/// All lints of this stage, by code.
const LINTS: [Lint; 15] = [
    impossible_comparison::LINT,
    mapping_end_state::LINT,
    shadowed_name::LINT,
    suppressions::LINT,
    suppression_without_reason::LINT,
    unknown_code::LINT,
    unused_calendar::LINT,
    unused_clock::LINT,
    unused_define::LINT,
    unused_function::LINT,
    unused_queue::LINT,
    unused_record::LINT,
    unused_role::LINT,
    unused_suppression::LINT,
    unused_type::LINT,
];

/// Runs all lints. The findings are not sorted, and levels and suppressions not yet applied.
pub fn check(files: &[ast::File], model: &Model, sources: &Sources) -> Vec<Diagnostic> {
    let facts = Facts {
        files,
        model,
        sources,
        usage: Usage::of(model),
    };
    let mut findings = Vec::new();
    for lint in &LINTS {
        if let Some(check) = lint.check {
            check(&facts, &mut findings);
        }
    }
    findings
}

/// Reports codes of `[lint]` in caseway.toml that do not exist, or whose level cannot be changed.
pub fn check_levels(spans: &BTreeMap<String, Span>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (code, span) in spans {
        match kind_of(code) {
            Some(Kind::Lint) => {}
            Some(Kind::Error) => findings.push(
                Diagnostic::warn(
                    unknown_code::LINT.code,
                    *span,
                    format!("`{code}` is always an error"),
                )
                .help("levels can be set for findings about a sound policy; remove the line"),
            ),
            None => findings.push(unknown_code::finding(*span, code)),
        }
    }
    findings
}

/// A finding that something declared is not used.
fn unused(
    code: &'static str,
    subject: &str,
    declared: &crate::model::Declared,
    message: String,
) -> Diagnostic {
    Diagnostic::warn(code, declared.span, message).subject(format!("{subject}.{}", declared.name))
}
