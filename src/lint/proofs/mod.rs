//! Facts about all cases, put into the operator's words.
//!
//! The analysis finds them out and the driver has them shown by the evaluator; here they get their
//! places in the text, their sentences and, where taking something out changes no decision, a mend.

mod inversion;
mod places;
mod removal;
mod rows;
mod time;
mod words;

use super::Lint;
use super::written::Written;
use crate::analysis::{Block, Fact};
use crate::compile::Program;
use crate::diag::{Diagnostic, Evidence, Level};
use crate::model::Model;
use crate::source::Sources;
use crate::syntax::ast;

/// A fact with what shows it.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The fact.
    pub fact: Fact,
    /// The case that shows it.
    pub evidence: Evidence,
    /// The fields of that case that matter, by path, with their values as a policy writes them; none for
    /// a missing one.
    pub example: Vec<(String, Option<String>)>,
}

const fn lint(code: &'static str, level: Level) -> Lint {
    Lint {
        code,
        level,
        check: None,
    }
}

/// The lints that need the analysis, by code.
pub(super) const LINTS: [Lint; 16] = [
    lint("always-matches", Level::Warn),
    lint("clock-never-resumes", Level::Warn),
    lint("clock-never-runs", Level::Error),
    lint("conflict", Level::Error),
    lint("expires-uncovered", Level::Warn),
    lint("follow-up-done-at-once", Level::Warn),
    lint("gap", Level::Error),
    lint("guarantee-broken", Level::Error),
    lint("never-matches", Level::Error),
    lint("redundant-condition", Level::Warn),
    lint("response-above-resolve", Level::Warn),
    lint("retention-floor-above-cap", Level::Error),
    lint("sla-inversion", Level::Warn),
    lint("unreachable-otherwise", Level::Warn),
    lint("unreachable-rule", Level::Error),
    lint("unset-by-missing", Level::Warn),
];

/// Lints that find some things in the model, and others by the analysis.
const OF_BOTH: [Lint; 3] = [
    super::escalation_to_same_role::LINT,
    super::retention_gap::LINT,
    super::step_never_fires::LINT,
];

/// Whether it takes the analysis to say that there is nothing to find.
pub(super) fn needs_analysis(code: &str) -> bool {
    let mut lints = LINTS.iter().chain(&OF_BOTH);
    lints.any(|lint| lint.code == code)
}

/// Findings of facts. They are not sorted, and levels and suppressions not yet applied.
pub fn check_proofs(
    proven: &[Proven],
    files: &[ast::File],
    model: &Model,
    program: &Program,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let teller = words::Teller {
        model,
        program,
        sources,
        written: Written::of(files),
    };
    let told = proven.iter().flat_map(|proven| {
        let several = teller.longer_targets(&proven.fact);
        let told = teller.tell(proven).into_iter().chain(several);
        told.map(move |finding| (proven, finding))
    });
    let told = told.map(|(proven, mut finding)| {
        let lints = LINTS.iter().chain(&OF_BOTH);
        let mut lints = lints.filter(|lint| lint.code == finding.code);
        finding.level = lints.next().map_or(Level::Warn, |lint| lint.level);
        let told = std::mem::take(&mut finding.evidence);
        finding.evidence = proven.evidence.clone();
        finding.evidence.rules = told.rules;
        finding.evidence.rows = told.rows;
        finding
    });
    told.collect()
}

/// What findings about a rule, or another item of a block, are put down to: `classify.BLOCK.RULE`, ….
pub fn subject_of(model: &Model, block: Block, rule: u32) -> Option<String> {
    places::item(model, block, rule).map(|item| item.subject)
}

/// What findings about a whole block are put down to: `classify.BLOCK`, ….
pub fn block_subject(model: &Model, program: &Program, block: Block) -> Option<String> {
    places::place(model, program, block).map(|place| place.subject)
}
