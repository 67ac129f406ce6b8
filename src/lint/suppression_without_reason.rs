//! `suppression-without-reason`: a comment allows a finding and does not say why.
//!
//! Whoever reads the policy next cannot tell a decision from an oversight.
//!
//! Example:
//!
//! ```text
//! # caseway: allow unused-role
//! role night_shift
//! ```
//!
//! Instead: `# caseway: allow unused-role because "the night shift starts in May"`.

use super::Lint;
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "suppression-without-reason",
    level: Level::Warn,
    check: None,
};

/// The finding.
pub(super) fn finding(span: Span, code: &str) -> Diagnostic {
    Diagnostic::warn(
        LINT.code,
        span,
        message!("this allows `{code}` without a reason", code),
    )
    .help(message!(
        "say why: `# caseway: allow {code} because \"…\"`",
        code
    ))
}
