//! All codes by kind: which may be set in caseway.toml and silenced, which this build checks, and
//! the manual page of each.

use super::LINTS;

/// What a code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, names or types are wrong: the policy is invalid. Cannot be silenced.
    Error,
    /// A finding about a sound policy: its level can be set, and one place silenced.
    Lint,
}

/// Findings of the analysis.
const ANALYSIS: [&str; 11] = [
    "always-matches",
    "conflict",
    "escalation-cycle",
    "expires-uncovered",
    "gap",
    "guarantee-broken",
    "never-matches",
    "redundant-condition",
    "unreachable-otherwise",
    "unreachable-rule",
    "unset-by-missing",
];

/// Errors in the text of policies, tables, scripts and caseway.toml, and in files themselves; their
/// messages say it all.
const TEXT_ERRORS: [&str; 102] = [
    "ampersand",
    "arrow",
    "bad-cell",
    "bad-csv",
    "bad-date",
    "bad-duration",
    "bad-escape",
    "bad-format",
    "bad-holidays",
    "bad-instant",
    "bad-path",
    "bad-percent",
    "bad-time",
    "bad-toml",
    "bad-value",
    "bare-day",
    "binary-file",
    "chained-comparison",
    "column-count",
    "comment-sign",
    "condition-word",
    "decimal-digits",
    "double-comma",
    "double-equals",
    "doubled-brace",
    "else-if",
    "empty-cell",
    "empty-table",
    "equals-sign",
    "exact-time-needed",
    "exclamation-mark",
    "extra-is",
    "field-not-settable",
    "file-too-large",
    "full-width-digits",
    "full-width-letters",
    "full-width-punctuation",
    "glued-keyword",
    "glued-number",
    "instant-without-offset",
    "label-before-name",
    "lonely-missing",
    "markdown-row",
    "missing-arrow",
    "missing-at",
    "missing-bar",
    "missing-brace",
    "missing-colon",
    "missing-comma",
    "missing-dates",
    "missing-key",
    "missing-outcome",
    "missing-strategy",
    "missing-then",
    "missing-to",
    "missing-unit",
    "missing-value",
    "mixed-and-or",
    "mixed-order",
    "no-division",
    "not-a-member",
    "not-equals",
    "not-missing",
    "not-utf8",
    "null-value",
    "number-too-large",
    "odd-blank",
    "otherwise-condition",
    "otherwise-not-last",
    "pasted-json",
    "pasted-markup",
    "pasted-yaml",
    "path-outside-folder",
    "pause-on-event",
    "quoted-key",
    "reserved-word",
    "reversed-sign",
    "script-error",
    "semicolon",
    "single-quotes",
    "spelled-unit",
    "square-brackets",
    "table-without-bars",
    "too-many-digits",
    "too-many-files",
    "trailing-comma",
    "typographic-quotes",
    "unclosed-brace",
    "unclosed-parenthesis",
    "unclosed-quote",
    "unexpected-character",
    "unexpected-text",
    "unfinished-text",
    "unknown-item",
    "unknown-key",
    "unknown-language",
    "unopened-brace",
    "unopened-parenthesis",
    "unreadable-file",
    "upper-case-keyword",
    "vertical-bar",
    "wrong-type",
];

/// Errors in names and types, each with a line on what it means.
const NAME_ERRORS: [(&str, &str); 43] = [
    (
        "ambiguous-name",
        "a word could be a member or a value, or two things of different kinds",
    ),
    (
        "bad-bounds",
        "`from` lies above `to`, or stands behind a type that has no bounds",
    ),
    ("bad-dates", "`until` lies before `from`"),
    (
        "bad-regex",
        "a pattern behind `matches` cannot be read, or needs too much memory",
    ),
    (
        "bad-strategy",
        "`highest` on outcomes without an order, or a route that picks several roles",
    ),
    (
        "cycle",
        "types, defines or classifications read one another in a loop",
    ),
    (
        "duplicate-block",
        "a policy has a second `case`, `route` or `sla` block",
    ),
    (
        "duplicate-clause",
        "a clause is given twice where one is meant",
    ),
    (
        "duplicate-field",
        "two fields of one record have the same name",
    ),
    ("duplicate-member", "a list of members names one twice"),
    (
        "duplicate-name",
        "two things of one kind have the same name",
    ),
    (
        "duplicate-rule",
        "two rules of one block have the same name",
    ),
    ("duplicate-tier", "two tiers have the same name"),
    ("empty-set", "a test asks for a value among none"),
    (
        "missing-case",
        "the policy does not say what a case looks like",
    ),
    (
        "missing-clause",
        "an item lacks a clause without which it does nothing",
    ),
    (
        "missing-field",
        "the case lacks `id: text` or `opened_at: instant`",
    ),
    (
        "missing-target",
        "a tier names no target for one of the clocks",
    ),
    (
        "nesting",
        "an expression, or a chain of defines, is nested too deep",
    ),
    (
        "not-a-constant",
        "a constant must stand here, not something worked out",
    ),
    (
        "not-allowed-here",
        "something is read or written where it cannot be",
    ),
    (
        "out-of-bounds",
        "a default, an outcome or an argument lies outside its bounds",
    ),
    (
        "reserved-field-name",
        "a value has a name that begins paths of the decision",
    ),
    (
        "table-outcome",
        "the column behind `=>` is not called as its block",
    ),
    ("too-many-fields", "the case has too many fields"),
    ("type-mismatch", "two things of different types meet"),
    (
        "unknown-calendar",
        "a calendar is named that is not declared",
    ),
    ("unknown-clock", "a clock is named that is not declared"),
    ("unknown-event", "an event is named that is not declared"),
    (
        "unknown-field",
        "a test gives a field that the case does not have",
    ),
    (
        "unknown-follow-up",
        "a follow-up is named that is not declared",
    ),
    (
        "unknown-function",
        "a function is called that is not declared",
    ),
    ("unknown-holidays", "caseway.toml has no such holidays"),
    (
        "unknown-member",
        "a word is no member of the type that is expected",
    ),
    ("unknown-name", "a value is named that is not declared"),
    ("unknown-queue", "a queue is named that is not declared"),
    (
        "unknown-record",
        "a record class is named that is not declared",
    ),
    (
        "unknown-requirement",
        "a requirement is named that is not declared",
    ),
    ("unknown-role", "a role is named that is not declared"),
    (
        "unknown-tier",
        "a tier is named that the sla block does not have",
    ),
    ("unknown-type", "a type is named that is not declared"),
    (
        "unknown-zone",
        "a zone is named that the IANA database does not have",
    ),
    (
        "wrong-argument-count",
        "a function is called with too few or too many arguments, or not called at all",
    ),
];

/// The kind of a code; none when there is no such code.
pub fn kind_of(code: &str) -> Option<Kind> {
    let lint = LINTS.iter().any(|lint| lint.code == code) || ANALYSIS.contains(&code);
    let error = TEXT_ERRORS.contains(&code) || NAME_ERRORS.iter().any(|(name, _)| *name == code);
    match (lint, error) {
        (true, _) => Some(Kind::Lint),
        (false, true) => Some(Kind::Error),
        (false, false) => None,
    }
}

/// Whether there is such a code.
pub fn is_known(code: &str) -> bool {
    kind_of(code).is_some()
}

/// Whether this build has the check behind a code.
pub(super) fn is_checked(code: &str) -> bool {
    LINTS.iter().any(|lint| lint.code == code)
}

/// All codes, lints first.
pub fn known_codes() -> impl Iterator<Item = &'static str> {
    let lints = LINTS.iter().map(|lint| lint.code).chain(ANALYSIS);
    lints
        .chain(NAME_ERRORS.iter().map(|(code, _)| *code))
        .chain(TEXT_ERRORS)
}

/// The manual page of a code; none when there is no such code, or no page.
pub fn explain(code: &str) -> Option<String> {
    if let Some(lint) = LINTS.iter().find(|lint| lint.code == code) {
        let head = lint.page.lines().map_while(|line| line.strip_prefix("//!"));
        let page: Vec<&str> = head
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        return Some(format!(
            "{}\n\nLevel: {}.\n",
            page.join("\n").replace("```text", "```"),
            lint.level.word()
        ));
    }
    if TEXT_ERRORS.contains(&code) {
        let line = "a file of the policy is not written as the language asks";
        return Some(format!(
            "`{code}`: {line}; the message says what to write instead.\n\nLevel: error. The policy cannot be used until it is mended.\n"
        ));
    }
    let (code, line) = NAME_ERRORS.iter().find(|(name, _)| *name == code)?;
    Some(format!(
        "`{code}`: {line}.\n\nLevel: error. The policy cannot be used until it is mended.\n"
    ))
}
