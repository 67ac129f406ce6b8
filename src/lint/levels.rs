//! Levels per code from caseway.toml, and suppressions from comments, put on findings.

use super::codes::{Kind, is_checked, kind_of};
use super::proofs::needs_analysis;
use super::{suppression_without_reason, suppressions, unknown_code, unused_suppression};
use crate::diag::{Diagnostic, Level, LintLevel};
use crate::message::message;
use crate::source::{Sources, Span};
use crate::syntax::ast;
use std::collections::{BTreeMap, BTreeSet};

/// Drops findings that the policy allows, sets the levels of the others, and adds findings about
/// suppressions themselves. Those of codes that need the analysis are left alone where it has not run
/// (`analysed`). Errors that make a policy invalid stay as they are.
pub fn apply_levels(
    findings: Vec<Diagnostic>,
    files: &[ast::File],
    levels: &BTreeMap<String, LintLevel>,
    sources: &Sources,
    analysed: bool,
) -> Vec<Diagnostic> {
    let (suppressions, unreadable) = suppressions::read(files, sources);
    // Where the policy is invalid the lints have not run, and what they would say is not known.
    let invalid = findings
        .iter()
        .any(|finding| finding.level == Level::Error && kind_of(finding.code) != Some(Kind::Lint));
    let mut by_code: BTreeMap<&str, Vec<(usize, Span)>> = BTreeMap::new();
    for (at, suppression) in suppressions.iter().enumerate() {
        if let Some(place) = suppression.place {
            by_code
                .entry(&suppression.code)
                .or_default()
                .push((at, place));
        }
    }
    let mut working = BTreeSet::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    for finding in findings {
        let mut silenced = false;
        if kind_of(finding.code) == Some(Kind::Lint) {
            for (at, place) in by_code.get(finding.code).into_iter().flatten() {
                if holds(*place, finding.span) {
                    working.insert(*at);
                    silenced = true;
                }
            }
        }
        if !silenced {
            kept.push(finding);
        }
    }
    kept.extend(unreadable);
    for (at, suppression) in suppressions.iter().enumerate() {
        let code = suppression.code.as_str();
        match kind_of(code) {
            None => {
                kept.push(unknown_code::finding(suppression.code_span, code));
                continue;
            }
            Some(Kind::Error) => {
                let why = message!("that error cannot be silenced");
                kept.push(unused_suppression::finding(
                    suppression.span,
                    code,
                    why,
                    suppression.span,
                ));
                continue;
            }
            Some(Kind::Lint) => {}
        }
        if !suppression.has_reason {
            kept.push(suppression_without_reason::finding(suppression.span, code));
        }
        let not_asked = !analysed && needs_analysis(code);
        if working.contains(&at) || invalid || not_asked || !is_checked(code) {
            continue;
        }
        let allowed_everywhere = levels.get(code) == Some(&LintLevel::Allow);
        let why = match suppression.place {
            None => message!("no item, rule, tier or field stands directly below it"),
            Some(_) if allowed_everywhere => message!("caseway.toml allows it everywhere"),
            Some(_) => message!("there is no such finding below it"),
        };
        if !allowed_everywhere || suppression.place.is_none() {
            kept.push(unused_suppression::finding(
                suppression.span,
                code,
                why,
                suppression.span,
            ));
        }
    }
    kept.retain_mut(|finding| {
        if kind_of(finding.code) != Some(Kind::Lint) {
            return true;
        }
        match levels.get(finding.code) {
            None => true,
            Some(LintLevel::Allow) => false,
            Some(LintLevel::Warn) => {
                finding.level = Level::Warn;
                true
            }
            Some(LintLevel::Deny) => {
                finding.level = Level::Error;
                true
            }
        }
    });
    kept
}

fn holds(place: Span, span: Span) -> bool {
    place.source == span.source
        && place.start <= span.start
        && span.start < place.end.max(place.start + 1)
}
