//! The manual pages of all codes in each language, as they stand in `docs/findings`.
//!
//! A code with a page is a code that this build can report.

use crate::message::Language;

/// The page of one code.
pub(super) struct Page {
    pub(super) code: &'static str,
    english: &'static str,
    chinese: &'static str,
}

impl Page {
    /// The page as Markdown.
    pub(super) fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        }
    }
}

/// The page of a code that `lint` reports.
pub(super) fn page(code: &str) -> Option<&'static Page> {
    among(PAGES, code)
}

/// The page of a code that other commands tell.
pub(super) fn page_elsewhere(code: &str) -> Option<&'static Page> {
    among(ELSEWHERE, code)
}

fn among(pages: &'static [Page], code: &str) -> Option<&'static Page> {
    let at = pages.binary_search_by(|page| page.code.cmp(code)).ok()?;
    pages.get(at)
}

macro_rules! pages {
    ($(#[$about:meta])* $name:ident: $($code:literal,)*) => {
        $(#[$about])*
        pub(super) const $name: &[Page] = &[$(Page {
            code: $code,
            english: include_str!(concat!("../../docs/findings/en/", $code, ".md")),
            chinese: include_str!(concat!("../../docs/findings/zh/", $code, ".md")),
        },)*];
    };
}

pages![
    /// All pages of codes that `lint` reports, by code.
    PAGES:
    "always-matches",
    "ambiguous-name",
    "ampersand",
    "arrow",
    "bad-bounds",
    "bad-cell",
    "bad-csv",
    "bad-date",
    "bad-dates",
    "bad-duration",
    "bad-escape",
    "bad-format",
    "bad-holidays",
    "bad-instant",
    "bad-path",
    "bad-percent",
    "bad-regex",
    "bad-strategy",
    "bad-suppression",
    "bad-time",
    "bad-toml",
    "bad-value",
    "bare-day",
    "binary-file",
    "calendar-never-opens",
    "chained-comparison",
    "clock-never-reopens",
    "clock-never-resumes",
    "clock-never-runs",
    "column-count",
    "comment-sign",
    "condition-word",
    "conflict",
    "cycle",
    "decimal-digits",
    "double-comma",
    "double-equals",
    "doubled-brace",
    "duplicate-block",
    "duplicate-clause",
    "duplicate-field",
    "duplicate-member",
    "duplicate-name",
    "duplicate-rule",
    "duplicate-tier",
    "else-if",
    "empty-cell",
    "empty-set",
    "empty-table",
    "equals-sign",
    "escalation-cycle",
    "escalation-to-same-role",
    "exact-time-needed",
    "exclamation-mark",
    "expires-uncovered",
    "extra-is",
    "field-not-settable",
    "file-too-large",
    "follow-up-done-at-once",
    "full-width-digits",
    "full-width-letters",
    "full-width-punctuation",
    "gap",
    "glued-keyword",
    "glued-number",
    "guarantee-broken",
    "holiday-data-ends-soon",
    "hours-never-count",
    "impossible-comparison",
    "instant-without-offset",
    "label-before-name",
    "lonely-missing",
    "make-up-day-closed",
    "mapping-end-state",
    "markdown-row",
    "missing-arrow",
    "missing-at",
    "missing-bar",
    "missing-brace",
    "missing-case",
    "missing-clause",
    "missing-colon",
    "missing-comma",
    "missing-dates",
    "missing-field",
    "missing-key",
    "missing-outcome",
    "missing-strategy",
    "missing-target",
    "missing-then",
    "missing-to",
    "missing-unit",
    "missing-value",
    "mixed-and-or",
    "mixed-order",
    "nesting",
    "never-matches",
    "no-division",
    "not-a-constant",
    "not-a-member",
    "not-allowed-here",
    "not-equals",
    "not-missing",
    "not-utf8",
    "null-value",
    "number-too-large",
    "odd-blank",
    "otherwise-condition",
    "otherwise-not-last",
    "out-of-bounds",
    "overlapping-hours",
    "pasted-json",
    "pasted-markup",
    "pasted-yaml",
    "path-outside-folder",
    "pause-on-event",
    "quoted-key",
    "redundant-condition",
    "repeated-step",
    "reserved-field-name",
    "reserved-word",
    "response-above-resolve",
    "retention-floor-above-cap",
    "retention-gap",
    "retention-in-hours",
    "reversed-sign",
    "script-error",
    "semicolon",
    "shadowed-name",
    "single-quotes",
    "sla-inversion",
    "spelled-unit",
    "square-brackets",
    "step-fires-at-once",
    "step-never-fires",
    "suppression-without-reason",
    "table-outcome",
    "table-without-bars",
    "too-many-digits",
    "too-many-fields",
    "too-many-files",
    "too-many-findings",
    "trailing-comma",
    "type-mismatch",
    "typographic-quotes",
    "unclosed-brace",
    "unclosed-parenthesis",
    "unclosed-quote",
    "unexpected-character",
    "unexpected-text",
    "unfinished-text",
    "unknown-calendar",
    "unknown-clock",
    "unknown-code",
    "unknown-event",
    "unknown-field",
    "unknown-follow-up",
    "unknown-function",
    "unknown-holidays",
    "unknown-item",
    "unknown-key",
    "unknown-language",
    "unknown-member",
    "unknown-name",
    "unknown-queue",
    "unknown-record",
    "unknown-requirement",
    "unknown-role",
    "unknown-tier",
    "unknown-type",
    "unknown-zone",
    "unopened-brace",
    "unopened-parenthesis",
    "unreachable-otherwise",
    "unreachable-rule",
    "unreadable-file",
    "unset-by-missing",
    "unused-calendar",
    "unused-clock",
    "unused-define",
    "unused-function",
    "unused-queue",
    "unused-record",
    "unused-role",
    "unused-suppression",
    "unused-type",
    "upper-case-keyword",
    "vertical-bar",
    "working-days-of-always",
    "wrong-argument-count",
    "wrong-type",
    "zero-target",
];

#[cfg(test)]
mod tests {
    use super::PAGES;

    #[test]
    fn codes_stand_in_order_each_once() {
        assert!(PAGES.is_sorted_by(|a, b| a.code < b.code));
    }
}

pages![
    /// All pages of codes that other commands tell, by code: refusals, problems of decisions, failed tests.
    ELSEWHERE:
    "at-before-opened",
    "bad-header",
    "bad-json",
    "bad-usage",
    "case-refused",
    "duplicate-key",
    "event-before-opened",
    "events-out-of-order",
    "file-exists",
    "files-in-the-way",
    "format-refused",
    "inside-policy",
    "missing-opening",
    "never-opens",
    "not-grouped",
    "overflow",
    "policy-invalid",
    "retention-conflict",
    "rule-conflict",
    "script-failed",
    "script-limit",
    "second-opening",
    "test-failed",
    "unknown_calendar_year",
    "unreadable-row",
];
