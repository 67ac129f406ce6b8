//! Findings in the JSON form of `caseway lint` (contract K5): places as people count them.

use super::check::Checked;
use super::policy::Header;
use crate::diag::{Diagnostic, Edit, Level};
use crate::source::{Position, Sources, Span};
use serde::Serialize;
use serde_json::value::RawValue;

/// What `caseway lint --format json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct LintReport<'a> {
    /// What names the policy; none when caseway.toml cannot be read.
    pub policy: Option<&'a Header>,
    /// All findings in order of file, place and code.
    pub findings: Vec<Finding<'a>>,
    /// Guarantees and whether they were proved.
    pub guarantees: Vec<GuaranteeStatus<'a>>,
    /// How many of each.
    pub summary: Summary,
}

/// A finding with its places spelt out.
#[derive(Clone, Debug, Serialize)]
pub struct Finding<'a> {
    /// Stable code.
    pub code: &'a str,
    /// `error` or `warn`.
    pub level: &'static str,
    /// The item concerned; empty when none is known.
    pub subject: &'a str,
    /// One sentence.
    pub message: String,
    /// The file.
    pub file: &'a str,
    /// First place of the guilty text.
    pub start: Place,
    /// The place behind it.
    pub end: Place,
    /// Further places.
    pub labels: Vec<FindingLabel<'a>>,
    /// What to write instead.
    pub help: Option<String>,
    /// A mechanical mend.
    pub fix: Option<FindingFix<'a>>,
    /// The rules that the finding is about, where there are several.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub rules: &'a [String],
    /// A case file that shows the finding.
    pub witness: Option<Box<RawValue>>,
    /// Whether the finding rests on nothing that has to be assumed.
    pub certain: bool,
    /// What it assumes of parts of conditions that cannot be looked into.
    pub assumes: Vec<Assumption<'a>>,
}

/// What is assumed of a part of a condition.
#[derive(Clone, Debug, Serialize)]
pub struct Assumption<'a> {
    /// The part, as written.
    pub atom: &'a str,
    /// What it is taken to be; null for missing or unknown.
    pub value: Option<Box<RawValue>>,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
    /// Byte, from 0.
    pub byte: usize,
}

/// A second place of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingLabel<'a> {
    /// What is there.
    pub message: String,
    /// The file.
    pub file: &'a str,
    /// First place.
    pub start: Place,
    /// The place behind it.
    pub end: Place,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingFix<'a> {
    /// Whether `--fix` applies them.
    pub safe: bool,
    /// The edits.
    pub edits: Vec<FindingEdit<'a>>,
}

/// One edit.
#[derive(Clone, Debug, Serialize)]
pub struct FindingEdit<'a> {
    /// The file.
    pub file: &'a str,
    /// First place that is replaced.
    #[serde(skip)]
    pub start: Place,
    /// The place behind it.
    #[serde(skip)]
    pub end: Place,
    /// First byte that is replaced.
    pub start_byte: u32,
    /// The byte behind the last one.
    pub end_byte: u32,
    /// What is written instead.
    pub text: &'a str,
}

/// A guarantee and what became of its proof.
#[derive(Clone, Debug, Serialize)]
pub struct GuaranteeStatus<'a> {
    /// Its name.
    pub name: &'a str,
    /// `proved`, `broken` or `undecided`.
    pub status: &'static str,
    /// Why it is undecided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Counts of a report.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Summary {
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Questions that the analysis could not settle.
    pub undecided: usize,
}

/// The report of a checked folder.
pub fn lint_report(checked: &Checked) -> LintReport<'_> {
    let sources = &checked.sources;
    let count = |level| {
        checked
            .findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    };
    let guarantees = checked.guarantees.iter();
    let guarantees = guarantees.map(|promise| GuaranteeStatus {
        name: &promise.name,
        status: promise.proof.word(),
        reason: promise.reason.as_ref().map(ToString::to_string),
    });
    LintReport {
        policy: checked.header.as_ref(),
        findings: checked
            .findings
            .iter()
            .map(|finding| report(finding, sources))
            .collect(),
        guarantees: guarantees.collect(),
        summary: Summary {
            errors: count(Level::Error),
            warnings: count(Level::Warn),
            undecided: checked.undecided,
        },
    }
}

fn report<'a>(finding: &'a Diagnostic, sources: &'a Sources) -> Finding<'a> {
    let (start, end) = places(finding.span, sources);
    let labels = finding.labels.iter().map(|label| {
        let (start, end) = places(label.span, sources);
        FindingLabel {
            message: label.text.to_string(),
            file: sources.name(label.span),
            start,
            end,
        }
    });
    let edit = |edit: &'a Edit| {
        let (start, end) = places(edit.span, sources);
        FindingEdit {
            file: sources.name(edit.span),
            start,
            end,
            start_byte: edit.span.start,
            end_byte: edit.span.end,
            text: &edit.text,
        }
    };
    let raw = |json: &String| RawValue::from_string(json.clone()).ok();
    let assumes = finding.evidence.assumes.iter();
    let assumes = assumes.map(|(atom, value)| Assumption {
        atom,
        value: value.as_ref().and_then(raw),
    });
    Finding {
        code: finding.code,
        level: finding.level.word(),
        subject: &finding.subject,
        message: finding.message.to_string(),
        file: sources.name(finding.span),
        start,
        end,
        labels: labels.collect(),
        help: finding.help.as_ref().map(ToString::to_string),
        fix: finding.fix.as_ref().map(|fix| FindingFix {
            safe: fix.safe,
            edits: fix.edits.iter().map(edit).collect(),
        }),
        rules: &finding.evidence.rules,
        witness: finding.evidence.case.as_ref().and_then(raw),
        certain: finding.evidence.certain,
        assumes: assumes.collect(),
    }
}

fn places(span: Span, sources: &Sources) -> (Place, Place) {
    let place = |byte: u32| {
        let first = Position {
            line: 1,
            column: 1,
            byte: 0,
        };
        let at = sources
            .get(span.source)
            .map_or(first, |source| source.position(byte as usize));
        Place {
            line: at.line,
            column: at.column,
            byte: at.byte,
        }
    };
    (place(span.start), place(span.end))
}
