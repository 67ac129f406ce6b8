//! `unused-suppression`: a comment allows a finding that is not there.
//!
//! `# caseway: allow CODE because "…"` on a line of its own silences one code in the item, rule, tier or
//! field below it. One that silences nothing is left over from something since mended, or stands in the
//! wrong place, and would hide the next such finding. Errors that make a policy invalid cannot be
//! silenced; codes whose check this version does not have are left alone.
//!
//! Example:
//!
//! ```text
//! # caseway: allow unused-role because "ordered for May"
//! role engineer                                             # used, so nothing is silenced
//! ```
//!
//! Instead: remove the comment, or put it directly above what it is meant for.

use super::Lint;
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-suppression",
    level: Level::Warn,
    check: None,
};

/// The finding.
pub(super) fn finding(span: Span, code: &str, why: Message, line: Span) -> Diagnostic {
    Diagnostic::warn(
        LINT.code,
        span,
        message!("this allows `{code}`, but {why}", code, why),
    )
    .help(message!(
        "remove the comment, or put it directly above what it is meant for"
    ))
    .unsafe_fix(line, "")
}
