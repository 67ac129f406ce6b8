//! Texts that pass or fail a test: what a `contains`, `starts with` or `matches` wants.

use crate::compile::TextOp;
use regex_syntax::hir::{Class, Hir, HirKind};

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

/// The longest text that is made for a pattern.
const LONGEST: usize = 1000;

/// A text that a pattern matches, if one is easily found.
pub(super) fn matching(pattern: &regex::Regex) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern.as_str()).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    pattern.is_match(&text).then_some(text)
}

/// How deep patterns nest is bounded by their parser.
fn write(hir: &Hir, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(sign(class)?),
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(ways) => write(ways.first()?, text)?,
    }
    Some(())
}

/// A sign of a class that people can read, if there is one.
fn sign(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        let Class::Bytes(class) = class else {
            return None;
        };
        return class
            .ranges()
            .first()
            .map(|range| char::from(range.start()));
    };
    let has = |sign: &char| {
        let mut ranges = class.ranges().iter();
        ranges.any(|range| range.start() <= *sign && *sign <= range.end())
    };
    let mut readable = ('a'..='z')
        .chain('0'..='9')
        .chain('A'..='Z')
        .chain(['一', '-', ' ']);
    let first = class.ranges().first().map(|range| range.start());
    readable.find(has).or(first)
}
