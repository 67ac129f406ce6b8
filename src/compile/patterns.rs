//! Regular expressions made ready, and texts that they match, as examples of them.
//!
//! Beside [`super::lower`]; examples are read by whoever looks for a case that a condition wants.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Texts for one part of a pattern, at most.
const MOST: usize = 48;
/// The longest text that is made for a pattern, in bytes.
const LONGEST: usize = 1000;

/// The size that a compiled pattern may have, in bytes; the model has refused larger ones.
const REGEX_SIZE: usize = 1 << 20;
/// What a pattern begins with that ignores case: of two patterns with the same text one cannot be taken for the other.
const IGNORING_CASE: &str = "(?i)";

/// A regular expression ready to be used; none for one that is too large.
pub(super) fn ready(pattern: &str, ignoring_case: bool) -> Option<regex::Regex> {
    let flags = if ignoring_case { IGNORING_CASE } else { "" };
    regex::RegexBuilder::new(&format!("{flags}{pattern}"))
        .size_limit(REGEX_SIZE)
        .build()
        .ok()
}

/// A pattern as it was written, and whether it ignores case.
pub fn written(pattern: &regex::Regex) -> (&str, bool) {
    let text = pattern.as_str();
    match text.strip_prefix(IGNORING_CASE) {
        Some(text) => (text, true),
        None => (text, false),
    }
}

/// Texts that a pattern matches, the plainest first: each of its ways, as far as they are not too many. None
/// where none is easily found.
pub fn matching(pattern: &regex::Regex) -> Vec<String> {
    let Ok(hir) = regex_syntax::Parser::new().parse(written(pattern).0) else {
        return Vec::new();
    };
    let mut texts = ways(&hir);
    texts.retain(|text| pattern.is_match(text));
    texts
}

/// How deep patterns nest is bounded by their parser.
fn ways(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0);
            text.into_iter().map(str::to_owned).collect()
        }
        HirKind::Class(class) => signs(class),
        HirKind::Repetition(repetition) => {
            let sub = ways(&repetition.sub);
            let least = usize::try_from(repetition.min).unwrap_or(usize::MAX);
            let more = repetition.max.is_none_or(|max| max > repetition.min);
            let times = [least, least.saturating_add(1)];
            let times = times.into_iter().take(1 + usize::from(more));
            let repeated = times.flat_map(|times| {
                let sub = sub.iter().take(if times == 0 { 1 } else { MOST });
                let short = sub.filter(move |text| text.len().saturating_mul(times) <= LONGEST);
                short.map(move |text| text.repeat(times))
            });
            let mut repeated: Vec<String> = repeated.collect();
            if least == 0 && sub.is_empty() {
                repeated.push(String::new());
            }
            repeated.truncate(MOST);
            repeated
        }
        HirKind::Capture(capture) => ways(&capture.sub),
        HirKind::Concat(parts) => {
            let first = vec![String::new()];
            parts
                .iter()
                .fold(first, |texts, part| beside(&texts, &ways(part)))
        }
        HirKind::Alternation(parts) => in_turn(parts.iter().map(ways).collect()),
    }
}

/// Each of these before each of those; combinations of early ones come first.
fn beside(left: &[String], right: &[String]) -> Vec<String> {
    let mut both = Vec::new();
    for sum in 0..(left.len() + right.len()).saturating_sub(1) {
        for (at, one) in left.iter().enumerate().take(sum + 1) {
            let Some(other) = right.get(sum - at) else {
                continue;
            };
            if both.len() >= MOST {
                return both;
            }
            if one.len() + other.len() <= LONGEST {
                both.push(format!("{one}{other}"));
            }
        }
    }
    both
}

/// The first of each list, then the second of each, and so on.
fn in_turn(lists: Vec<Vec<String>>) -> Vec<String> {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let turns = (0..longest).flat_map(|turn| lists.iter().filter_map(move |list| list.get(turn)));
    turns.take(MOST).cloned().collect()
}

/// Signs of a class that people can read, if there are any: two of them.
fn signs(class: &Class) -> Vec<String> {
    let Class::Unicode(class) = class else {
        let Class::Bytes(class) = class else {
            return Vec::new();
        };
        let first = class.ranges().first();
        let first = first.map(|range| char::from(range.start()).to_string());
        return first.into_iter().collect();
    };
    let has = |sign: &char| {
        let mut ranges = class.ranges().iter();
        ranges.any(|range| range.start() <= *sign && *sign <= range.end())
    };
    let readable = ('a'..='z')
        .chain('0'..='9')
        .chain('A'..='Z')
        .chain(['一', '-', ' ']);
    let mut found: Vec<String> = readable
        .filter(has)
        .take(2)
        .map(|sign| sign.to_string())
        .collect();
    if found.is_empty() {
        let first = class.ranges().first();
        found.extend(first.map(|range| range.start().to_string()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::matching;

    #[test]
    fn texts_are_ways_of_the_pattern() {
        for (pattern, texts) in [
            ("(ab|c)d?", &["ab", "c", "abd", "cd"][..]),
            (r"(?i)\bcap(s|ped)?\b", &["cap", "caps", "capped"]),
            ("^x{2}$", &["xx"]),
            ("[^a-zA-Z0-9]", &["一", "-"]),
            (r"a\d+", &["a0", "a00", "a1", "a11"]),
        ] {
            let pattern = regex::Regex::new(pattern).expect("a pattern");
            let found = matching(&pattern);
            for text in texts {
                let folded = |one: &String| one.to_lowercase() == *text;
                assert!(found.iter().any(folded), "{pattern} {text} {found:?}");
            }
            assert!(found.iter().all(|text| pattern.is_match(text)));
        }
        // A pattern that matches nothing has no texts.
        let never = regex::Regex::new(r"a\bb").expect("a pattern");
        assert_eq!(matching(&never), Vec::<String>::new());
    }
}
