//! The tokens of a JSON text. What stands there plainly is taken; for anything else there is none.
//!
//! That it is JSON at all is certain only at the end: a number, for one, is taken up to where it stops being one,
//! and what follows has to be a token of its own.

use jiter::Jiter;
use std::borrow::Cow;

/// Deeper nesting is left to the other way.
pub(super) const DEEPEST: usize = 60;

/// Longer numbers are left to the other way.
const LONGEST_NUMBER: usize = 1_000;

/// So many digits fit into 64 bits, whatever they are.
const SHORT_INTEGER: usize = 18;

/// What is left of a JSON text.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    /// The tokens of a text; none when it is no UTF-8.
    pub(super) fn new(text: &'t [u8]) -> Option<Tokens<'t>> {
        let text = std::str::from_utf8(text).ok()?;
        Some(Tokens { text, at: 0 })
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or(&[])
    }

    /// The first byte of the next token.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Takes what stands next, if it is spelled just so.
    #[inline(always)]
    pub(super) fn takes(&mut self, spelled: &str) -> bool {
        let there = self.rest().starts_with(spelled.as_bytes());
        if there {
            self.at += spelled.len();
        }
        there
    }

    /// Goes into a list or an object, which `peek` has seen, up to its first entry; whether there is one.
    #[inline(always)]
    pub(super) fn enter(&mut self, close: u8) -> Option<bool> {
        self.at += 1;
        if self.peek()? != close {
            return Some(true);
        }
        self.at += 1;
        Some(false)
    }

    /// Goes on behind an entry of a list or an object; whether there is another.
    #[inline(always)]
    pub(super) fn goes_on(&mut self, close: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => self.peek().map(|_| true),
            byte if byte == close => Some(false),
            _ => None,
        }
    }

    /// A key and the colon behind it.
    pub(super) fn key(&mut self) -> Option<Cow<'t, str>> {
        if self.peek()? != b'"' {
            return None;
        }
        let key = self.text()?;
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        Some(key)
    }

    /// A text, of which `peek` has seen the quote.
    #[inline(always)]
    pub(super) fn text(&mut self) -> Option<Cow<'t, str>> {
        let start = self.at + 1;
        let end = start + plain_length(self.text.as_bytes().get(start..)?);
        match self.text.as_bytes().get(end)? {
            b'"' => {
                self.at = end + 1;
                self.text.get(start..end).map(Cow::Borrowed)
            }
            b'\\' => self.escaped().map(Cow::Owned),
            _ => None,
        }
    }

    #[cold]
    fn escaped(&mut self) -> Option<String> {
        let mut text = Jiter::new(self.rest());
        let read = text.known_str().ok()?.to_owned();
        self.at += text.current_index();
        Some(read)
    }

    /// `true` or `false`.
    #[inline(always)]
    pub(super) fn bool(&mut self) -> Option<bool> {
        match (self.takes("true"), self.takes("false")) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }

    /// `null`.
    #[inline(always)]
    pub(super) fn null(&mut self) -> Option<()> {
        self.takes("null").then_some(())
    }

    /// A number as it is written.
    pub(super) fn number(&mut self) -> Option<&'t str> {
        let text = self.rest();
        let mut end = usize::from(text.first() == Some(&b'-'));
        let whole = digits(text, end);
        if whole == 0 || (whole > 1 && text.get(end) == Some(&b'0')) {
            return None;
        }
        end += whole;
        if text.get(end) == Some(&b'.') {
            let fraction = digits(text, end + 1);
            if fraction == 0 {
                return None;
            }
            end += 1 + fraction;
        }
        if let Some(b'e' | b'E') = text.get(end) {
            end += 1;
            end += usize::from(matches!(text.get(end), Some(b'+' | b'-')));
            let exponent = digits(text, end);
            if exponent == 0 {
                return None;
            }
            end += exponent;
        }
        if end > LONGEST_NUMBER {
            return None;
        }
        let start = self.at;
        self.at += end;
        self.text.get(start..self.at)
    }

    /// A whole number.
    #[inline]
    pub(super) fn integer(&mut self) -> Option<i64> {
        let text = self.rest();
        let negative = text.first() == Some(&b'-');
        let start = usize::from(negative);
        let (mut end, mut number) = (start, 0_i64);
        while let Some(digit @ b'0'..=b'9') = text.get(end)
            && end < SHORT_INTEGER
        {
            number = number * 10 + i64::from(digit - b'0');
            end += 1;
        }
        if end == SHORT_INTEGER {
            return self.number()?.parse().ok();
        }
        if end == start || (end > start + 1 && text.get(start) == Some(&b'0')) {
            return None;
        }
        self.at += end;
        Some(if negative { -number } else { number })
    }

    /// Passes over a value that nothing reads: any JSON without a key that stands twice in its object.
    pub(super) fn skip(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'n' => self.null(),
            b't' | b'f' => self.bool().map(drop),
            b'"' => self.text().map(drop),
            b'[' => {
                let mut more = self.enter(b']')?;
                while more {
                    self.skip(depth + 1)?;
                    more = self.goes_on(b']')?;
                }
                Some(())
            }
            b'{' => {
                let mut names = Vec::new();
                let mut more = self.enter(b'}')?;
                while more {
                    names.push(self.key()?);
                    self.skip(depth + 1)?;
                    more = self.goes_on(b'}')?;
                }
                all_differ(&mut names).then_some(())
            }
            _ => self.number().map(drop),
        }
    }

    /// That nothing but blanks is left.
    pub(super) fn finish(&mut self) -> Option<()> {
        self.peek().is_none().then_some(())
    }
}

/// Whether no name stands there twice.
pub(super) fn all_differ(names: &mut [Cow<'_, str>]) -> bool {
    names.sort_unstable();
    names.windows(2).all(|pair| pair.first() != pair.last())
}

/// How many digits stand there.
fn digits(text: &[u8], from: usize) -> usize {
    let text = text.get(from..).unwrap_or(&[]);
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// How many bytes of a text stand for themselves: those before the first quote, backslash or control character.
#[inline]
fn plain_length(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let found = marked(u64::from_le_bytes(*word));
        if found != 0 {
            return place * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let plain = rest.iter().take_while(|byte| !is_special(**byte));
    words.len() * 8 + plain.count()
}

fn is_special(byte: u8) -> bool {
    matches!(byte, 0..b' ' | b'"' | b'\\')
}

/// The highest bit of each of eight bytes that [`is_special`]. Behind the first of them other bytes may be marked
/// as well, because a subtraction borrows from the next.
fn marked(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let each = |byte: u8| ONES * u64::from(byte);
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(each(b' ')) & !word;
    let (quote, escape) = (word ^ each(b'"'), word ^ each(b'\\'));
    (control | is_zero(quote) | is_zero(escape)) & HIGHEST
}
