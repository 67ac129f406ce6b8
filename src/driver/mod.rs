//! Joins the stages: from a policy folder to a [`Policy`] that decides, and to all findings.
//!
//! The one place that opens files of a policy; everything below it works on texts and values.
#![allow(
    clippy::disallowed_methods,
    reason = "the one layer that reads files and the clock"
)]

mod brief;
mod case_text;
mod check;
mod concrete;
mod costs;
mod counterfactual;
mod decision;
mod error;
mod explanation;
mod fix;
mod folder;
mod format;
mod hash;
mod ledger;
mod lint_report;
mod mapped_fields;
mod new_folder;
mod outside;
mod packing;
mod path;
mod policy;
mod printed;
mod proofs;
mod replay;
mod revision;
mod schema_changes;
mod starter;
mod suite;
mod test_text;
mod tests;
mod versions;
mod wording;

pub use brief::{BriefDecision, Decider};
pub use check::{Checked, check, check_as_of, check_sources, prove_sources};
pub use costs::{BlockCosts, PartCost, costs};
pub use counterfactual::{Counterfactual, Difference, DifferentValue, TRIES};
pub use decision::{Classification, Decision, Problem, Route, Sla, Waiting};
pub use error::PolicyError;
pub use explanation::Explanation;
pub use fix::{FixOptions, Fixed, FixedFile, fix};
pub use folder::{MAX_FILE_BYTES, MAX_FILES, MAX_POLICY_BYTES, SETTINGS};
pub use format::{FormatError, Formatted, FormattedFile, format_files, format_input};
pub use ledger::{LedgerEntry, LedgerKind};
pub use lint_report::{
    Assumption, Finding, FindingEdit, FindingFix, FindingLabel, GuaranteeStatus, LintReport, Place,
    Summary, lint_report,
};
pub use new_folder::{NotWritten, write_new_folder};
pub use outside::{
    Input, Output, now, open_file, open_input, open_rows, read_input, remove_unfinished,
    replace_file,
};
pub use packing::{Packing, PackingError};
pub use policy::{Header, Policy};
pub use proofs::Promise;
pub use revision::policy_at;
pub use schema_changes::SchemaChange;
pub use starter::Starter;
pub use test_text::{generated_tests, witness_tests};
pub use tests::run_tests;
pub use versions::{BlockReport, ChangeReport, SideReport, VersionsReport, versions_report};
pub use wording::WordingChange;
