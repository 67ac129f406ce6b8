//! Cuts a text into tokens, quickly and without judging.
//!
//! The grammar does not need them; what needs them is everything that a grammar is bad at: slips of
//! the input method, unclosed brackets, recovery after a mistake, and spans without trailing blanks.

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Word,
    /// A name in backticks.
    Backtick,
    /// Anything that starts with a digit: number, duration, date, instant, time, and what is glued to it.
    Number,
    /// A text in quotes, or a pattern `r"…"`.
    Text,
    /// A text whose closing quote is missing; it ends with its line.
    OpenText,
    /// A text in typographic or single quotes; the flag of the scan says nothing, its first character does.
    OddText,
    /// Any other single character.
    Sign(char),
}

/// A token and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    /// The text of the token.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Whether it is this sign.
    pub fn is(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }
}

/// A text cut into tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    pub tokens: Vec<Token>,
    /// Comments, from `#` to before the line end.
    pub comments: Vec<(usize, usize)>,
}

impl Scan {
    /// The end of the last token that ends at or before `offset`; `start` when there is none behind it.
    pub fn trimmed_end(&self, start: usize, offset: usize) -> usize {
        let after = self.tokens.partition_point(|token| token.end <= offset);
        let end = after
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(start, |token| token.end);
        end.max(start)
    }

    /// The place in `tokens` of the first token that ends behind `offset`.
    pub fn token_at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| token.end <= offset)
    }
}

/// Whether a character may stand inside a word. The middle dot is a letter to Unicode, but what an
/// input method writes for a backtick.
pub(super) fn in_word(c: char) -> bool {
    is_xid_continue(c) && c != '\u{b7}'
}

/// Whether a character is a digit, full-width ones included.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Cuts a text into tokens.
pub(super) fn scan(text: &str) -> Scan {
    let mut scan = Scan {
        // A token and the blank behind it are a little longer.
        tokens: Vec::with_capacity(text.len() / 4),
        comments: Vec::new(),
    };
    let mut unclosed = Unclosed::default();
    let mut at = 0;
    loop {
        let blanks = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        at += text
            .as_bytes()
            .get(at..)
            .unwrap_or(&[])
            .iter()
            .take_while(blanks)
            .count();
        if let Some((kind, length)) = common(text.as_bytes().get(at..).unwrap_or(&[])) {
            scan.tokens.push(Token {
                kind,
                start: at,
                end: at + length,
            });
            at += length;
            continue;
        }
        let rest = text.get(at..).unwrap_or("");
        let Some(c) = rest.chars().next() else { break };
        if c == '#' {
            let end = at + rest.find('\n').unwrap_or(rest.len());
            let trimmed = text.get(at..end).unwrap_or("").trim_end_matches('\r').len();
            scan.comments.push((at, at + trimmed));
            at = end;
            continue;
        }
        if c == '\u{feff}' {
            at += c.len_utf8();
            continue;
        }
        let (kind, length) = token(rest, c, at, &mut unclosed);
        scan.tokens.push(Token {
            kind,
            start: at,
            end: at + length,
        });
        at += length.max(1);
    }
    scan
}

/// The token that a text begins with, where it is one of the common ones: a word of plain letters, a number of
/// digits alone, a sign of the language. None where it takes a closer look.
fn common(rest: &[u8]) -> Option<(TokenKind, usize)> {
    let first = *rest.first()?;
    let run = |of: fn(&u8) -> bool| rest.iter().take_while(|byte| of(byte)).count();
    match first {
        b'a'..=b'z' | b'A'..=b'Z' => {
            let length = run(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            match rest.get(length) {
                // More letters, or a pattern.
                Some(b'"' | 0x80..) => None,
                Some(_) | None => Some((TokenKind::Word, length)),
            }
        }
        b'0'..=b'9' => {
            let length = run(u8::is_ascii_digit);
            match rest.get(length) {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b')' | b'}' | b'|') | None => {
                    Some((TokenKind::Number, length))
                }
                Some(_) => None,
            }
        }
        b'{' | b'}' | b'(' | b')' | b',' | b':' | b'|' | b'<' | b'>' | b'=' | b'-' | b'+' => {
            Some((TokenKind::Sign(char::from(first)), 1))
        }
        _ => None,
    }
}

/// Up to where it is known that no quote closes what such a quote opens, so that a line full of quotes is
/// looked through once.
#[derive(Default)]
struct Unclosed {
    backtick: usize,
    single: usize,
    corner: usize,
    double: usize,
}

fn token(rest: &str, first: char, at: usize, unclosed: &mut Unclosed) -> (TokenKind, usize) {
    if rest.starts_with("r\"") {
        return quoted(rest, 2, false);
    }
    match first {
        '"' => quoted(rest, 1, true),
        '`' => match closed(rest, 1, at, &['`'], &mut unclosed.backtick) {
            Some(length) if length > 0 => (TokenKind::Backtick, length + 2),
            Some(_) | None => (TokenKind::Sign('`'), 1),
        },
        '“' | '”' | '‘' | '’' | '「' | '＂' => odd_text(rest, first, at, unclosed),
        _ if is_digit(first) => (TokenKind::Number, number(rest)),
        _ if is_xid_start(first) => (TokenKind::Word, word(rest)),
        other => (TokenKind::Sign(other), other.len_utf8()),
    }
}

/// The length of the word that a text begins with.
fn word(rest: &str) -> usize {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let head = rest.bytes().take_while(plain).count();
    match rest.as_bytes().get(head) {
        Some(byte) if !byte.is_ascii() => rest.find(|c| !in_word(c)).unwrap_or(rest.len()),
        Some(_) | None => head,
    }
}

/// How long what is quoted is, if one of these signs closes it on its line. `rest` begins with the opening
/// sign, `after` bytes long, and stands at `at`.
fn closed(
    rest: &str,
    after: usize,
    at: usize,
    closes: &[char],
    unclosed: &mut usize,
) -> Option<usize> {
    if at < *unclosed {
        return None;
    }
    let inner = rest.get(after..)?;
    let end = inner
        .find(|c: char| c == '\n' || closes.contains(&c))
        .unwrap_or(inner.len());
    if inner.get(end..)?.starts_with(closes) {
        return Some(end);
    }
    *unclosed = at + after + end;
    None
}

/// A quoted text from its opening, `skip` bytes long, to its closing quote on the same line.
fn quoted(rest: &str, skip: usize, escapes: bool) -> (TokenKind, usize) {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(skip) {
        match byte {
            b'\n' => return (TokenKind::OpenText, open_text_end(rest, at)),
            b'\\' if escapes && !escaped => escaped = true,
            b'"' if !escaped => return (TokenKind::Text, at + 1),
            _ => escaped = false,
        }
    }
    (TokenKind::OpenText, open_text_end(rest, rest.len()))
}

fn open_text_end(rest: &str, line_end: usize) -> usize {
    rest.get(..line_end).unwrap_or("").trim_end().len()
}

/// A text in quotes that the language does not know, if it closes on its line.
fn odd_text(rest: &str, open: char, at: usize, unclosed: &mut Unclosed) -> (TokenKind, usize) {
    let (closes, unclosed): (&[char], _) = match open {
        '‘' | '’' => (&['’', '‘', '\''], &mut unclosed.single),
        '「' => (&['」'], &mut unclosed.corner),
        _ => (&['”', '“', '"', '＂'], &mut unclosed.double),
    };
    let after = open.len_utf8();
    match closed(rest, after, at, closes, unclosed) {
        Some(length) => {
            let close = rest
                .get(after + length..)
                .and_then(|tail| tail.chars().next());
            (
                TokenKind::OddText,
                after + length + close.map_or(0, char::len_utf8),
            )
        }
        None => (TokenKind::Sign(open), after),
    }
}

/// The length of what starts with a digit.
fn number(rest: &str) -> usize {
    if is_date(rest) {
        let tail = rest.get(10..).unwrap_or("");
        if tail.starts_with(['T', 't']) {
            let more = tail
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '+' | '-')))
                .unwrap_or(tail.len());
            return 10 + more;
        }
        return 10;
    }
    let mut length = rest
        .find(|c| !(is_digit(c) || c == '_'))
        .unwrap_or(rest.len());
    let point = |at: usize, sign: char| {
        let mut tail = rest.get(at..).unwrap_or("").chars();
        tail.next() == Some(sign) && tail.next().is_some_and(is_digit)
    };
    if point(length, '.') || point(length, ':') {
        length += 1;
    }
    let tail = rest.get(length..).unwrap_or("");
    length + tail.find(|c| !in_word(c)).unwrap_or(tail.len())
}

fn is_date(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    digits(0..4)
        && bytes.get(4) == Some(&b'-')
        && digits(5..7)
        && bytes.get(7) == Some(&b'-')
        && digits(8..10)
}

/// The compatibility form of a text: full-width letters and digits become plain ones.
pub(super) fn plain(text: &str) -> String {
    text.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::{Unclosed, common, token};

    /// What is read at once is what a closer look finds.
    #[test]
    fn common_tokens_are_those_of_a_closer_look() {
        let starts = [
            "a",
            "r",
            "rule",
            "r_1",
            "A9",
            "0",
            "12",
            "2026",
            "12345",
            "2026-03-02",
            "{",
            "}",
            "(",
            ")",
            ",",
            ":",
            "|",
            "<",
            ">",
            "=",
            "-",
            "+",
            "_",
            ".",
            "\"",
            "`",
            "界",
            "é",
            "a界",
            "1h",
            "1_0",
            "1.5",
            "09:30",
        ];
        let ends = [
            "", " ", "\n", "\r\n", "\t", "\"x\"", "`", "界", "·", "_", "1", "x", ".", ":", "-",
            ",", ")", "}", "|", "=", "é", "\u{301}", "１",
        ];
        let mut read = 0;
        for (start, end) in starts.iter().flat_map(|start| ends.map(|end| (start, end))) {
            let text = format!("{start}{end}");
            let first = text.chars().next().expect("a sign");
            let found = token(&text, first, 0, &mut Unclosed::default());
            if let Some(common) = common(text.as_bytes()) {
                assert_eq!(common, found, "{text:?}");
                read += 1;
            }
        }
        assert!(read > 300, "{read}");
    }
}
