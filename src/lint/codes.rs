//! All codes by kind: which may be set in caseway.toml and silenced, which this build checks, and
//! the manual page of each.

use super::pages::{self, ELSEWHERE, PAGES};
use super::proofs;
use super::{LINTS, Lint};
use crate::diag::Level;
use crate::message::Language;

/// What a code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, names or types are wrong: the policy is invalid. Cannot be silenced.
    Error,
    /// A finding about a sound policy: its level can be set, and one place silenced.
    Lint,
}

/// The kind of a code; none when there is no such code.
pub fn kind_of(code: &str) -> Option<Kind> {
    if is_checked(code) {
        Some(Kind::Lint)
    } else {
        pages::page(code).map(|_| Kind::Error)
    }
}

/// Whether there is such a code.
pub fn is_known(code: &str) -> bool {
    kind_of(code).is_some()
}

fn all_lints() -> impl Iterator<Item = &'static Lint> {
    LINTS.iter().chain(&proofs::LINTS)
}

/// Whether this build has the check behind the code of a lint.
pub(super) fn is_checked(code: &str) -> bool {
    all_lints().any(|lint| lint.code == code)
}

/// The level of a code where nothing sets another; none where this build has not its check.
pub fn level_of(code: &str) -> Option<Level> {
    match all_lints().find(|lint| lint.code == code) {
        Some(lint) => Some(lint.level),
        None => pages::page(code).map(|_| Level::Error),
    }
}

/// All codes, lints first.
pub fn known_codes() -> impl Iterator<Item = &'static str> {
    let lints = all_lints().map(|lint| lint.code);
    let errors = PAGES.iter().map(|page| page.code);
    lints.chain(errors.filter(|code| !is_checked(code)))
}

/// Codes that other commands tell: no levels and no comments change them.
pub fn codes_elsewhere() -> impl Iterator<Item = &'static str> {
    ELSEWHERE.iter().map(|page| page.code)
}

/// The manual page of a code, also of one that other commands tell, as Markdown; none when there is no
/// such code, or when this build has not its check.
pub fn explain(code: &str, language: Language) -> Option<&'static str> {
    let page = pages::page(code).or_else(|| pages::page_elsewhere(code));
    page.map(|page| page.text(language))
}
