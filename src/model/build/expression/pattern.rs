//! What is wrong with a pattern, in words that can be translated, and how large it is.
//!
//! The words are those of the crate that reads patterns; a mistake that is not listed here keeps them.

use crate::message::{Message, message};
use regex_syntax::ast::ErrorKind;
use regex_syntax::hir::{Class, Hir, HirKind};

/// What a pattern takes however short it is, in bytes: measured over many of them.
const LEAST: u64 = 8 * 1024;
/// What a letter or a range of letters takes.
const EACH: u64 = 32;

/// About how many bytes a pattern takes once it is ready to be used.
pub(super) fn memory(hir: &Hir) -> u64 {
    LEAST.saturating_add(parts(hir).saturating_mul(EACH))
}

/// Letters and ranges of letters, repeated ones as often as they may come. How deep patterns nest is bounded
/// by their parser.
fn parts(hir: &Hir) -> u64 {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => count(literal.0.len()),
        HirKind::Class(Class::Unicode(class)) => count(class.ranges().len()),
        HirKind::Class(Class::Bytes(class)) => count(class.ranges().len()),
        HirKind::Repetition(repeated) => {
            let times = repeated.max.unwrap_or(repeated.min).max(1);
            parts(&repeated.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(inner) | HirKind::Alternation(inner) => {
            inner.iter().map(parts).fold(1, u64::saturating_add)
        }
    }
}

/// A mistake in a pattern in words.
pub(super) fn mistake(kind: &ErrorKind) -> Message {
    match kind {
        ErrorKind::ClassEscapeInvalid => {
            message!("invalid escape sequence found in character class")
        }
        ErrorKind::ClassRangeInvalid => {
            message!("invalid character class range, the start must be <= the end")
        }
        ErrorKind::ClassRangeLiteral => message!("invalid range boundary, must be a literal"),
        ErrorKind::ClassUnclosed => message!("unclosed character class"),
        ErrorKind::EscapeUnexpectedEof => {
            message!("incomplete escape sequence, reached end of pattern prematurely")
        }
        ErrorKind::EscapeUnrecognized => message!("unrecognized escape sequence"),
        ErrorKind::FlagUnexpectedEof => message!("expected flag but got end of regex"),
        ErrorKind::FlagUnrecognized => message!("unrecognized flag"),
        ErrorKind::GroupUnclosed => message!("unclosed group"),
        ErrorKind::GroupUnopened => message!("unopened group"),
        ErrorKind::RepetitionCountInvalid => {
            message!("invalid repetition count range, the start must be <= the end")
        }
        ErrorKind::RepetitionCountDecimalEmpty => {
            message!("repetition quantifier expects a valid decimal")
        }
        ErrorKind::RepetitionCountUnclosed => message!("unclosed counted repetition"),
        ErrorKind::RepetitionMissing => message!("repetition operator missing expression"),
        ErrorKind::UnicodeClassInvalid => message!("invalid Unicode character class"),
        ErrorKind::UnsupportedBackreference => message!("backreferences are not supported"),
        ErrorKind::UnsupportedLookAround => {
            message!("look-around, including look-ahead and look-behind, is not supported")
        }
        other => Message::verbatim(other.to_string()),
    }
}

/// Whether the mistake is something that patterns cannot do at all.
pub(super) fn is_beyond(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnsupportedBackreference | ErrorKind::UnsupportedLookAround
    )
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn mistakes_are_worded_as_the_reader_of_patterns_words_them() {
        for pattern in [
            r"[\b]", "[b-a]", r"[a-\d]", "[a", "\\", r"\y", "(?", "(?z)", "(a", "a)", "a{2,1}",
            "a{,}", "a{2", "*a", r"\p{", r"\1", "(?=a)",
        ] {
            if let Err(regex_syntax::Error::Parse(error)) =
                regex_syntax::Parser::new().parse(pattern)
            {
                assert_eq!(
                    mistake(error.kind()),
                    *error.kind().to_string(),
                    "{pattern}"
                );
            } else {
                panic!("{pattern} is no mistake");
            }
        }
    }
}
