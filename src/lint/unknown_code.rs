//! `unknown-code`: a comment allows a code that does not exist.
//!
//! It is misspelt, so the finding that it is meant for still comes up.
//!
//! Example:
//!
//! ```text
//! # caseway: allow unused-rol because "ordered for May"
//! ```
//!
//! Instead: write the code as the finding shows it; `caseway lint` prints it before each message.

use super::Lint;
use super::codes::known_codes;
use crate::diag::{self, Diagnostic, Level};
use crate::message::message;
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unknown-code",
    level: Level::Warn,
    check: None,
};

/// The finding.
pub(super) fn finding(span: Span, code: &str) -> Diagnostic {
    let finding = Diagnostic::warn(LINT.code, span, message!("there is no code `{code}`", code));
    match diag::nearest(code, known_codes()).first() {
        Some(near) => finding
            .help(message!("did you mean `{near}`?", near))
            .unsafe_fix(span, *near),
        None => finding.help(message!("write the code as a finding shows it")),
    }
}
