//! Texts that pass or fail a test: what a `contains` or `starts with` wants.

use crate::compile::TextOp;

/// Texts near `current` of which some pass and some fail a test for `pattern`.
pub(super) fn for_test(op: TextOp, current: Option<&str>, pattern: &str) -> Vec<String> {
    let current = current.unwrap_or("");
    let with = match op {
        TextOp::Contains if current.is_empty() => pattern.to_owned(),
        TextOp::Contains => format!("{current} {pattern}"),
        TextOp::StartsWith => format!("{pattern}{current}"),
        TextOp::EndsWith => format!("{current}{pattern}"),
    };
    vec![with, pattern.to_owned(), without(current, pattern)]
}

/// A text without another, whatever its case.
pub(super) fn without(current: &str, pattern: &str) -> String {
    if pattern.is_empty() {
        return String::new();
    }
    let plain = current.replace(pattern, "");
    let folded = crate::compile::fold(&plain);
    match folded.contains(&crate::compile::fold(pattern)) {
        true => String::new(),
        false => plain,
    }
}

/// A text of so many signs, as near to `current` as can be.
pub(super) fn of_length(current: &str, length: usize) -> String {
    let have = current.chars().count();
    let kept: String = current.chars().take(length).collect();
    let more = "x".repeat(length.saturating_sub(have));
    format!("{kept}{more}")
}
