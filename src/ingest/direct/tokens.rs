//! The tokens of a JSON text. What stands there plainly is taken; for anything else there is none.
//!
//! That it is JSON at all is certain only at the end: a number, for one, is taken up to where it stops being one,
//! and what follows has to be a token of its own.

use super::super::stamp;
use super::plan::Spelled;
use crate::time::Instant;
use crate::value::eight;
use jiter::Jiter;
use std::borrow::Cow;

/// Deeper nesting is left to the other way.
pub(super) const DEEPEST: usize = 60;

/// Longer numbers are left to the other way.
const LONGEST_NUMBER: usize = 1_000;

/// What is left of a JSON text.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'t> {
    /// The whole text.
    text: &'t str,
    rest: &'t [u8],
}

impl<'t> Tokens<'t> {
    /// The tokens of a text.
    pub(super) fn new(text: &'t str) -> Tokens<'t> {
        let rest = text.as_bytes();
        Tokens { text, rest }
    }

    /// The first byte of the next token.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.rest {
            [byte, ..] if *byte > b' ' => {}
            _ => self.skip_blanks(),
        }
        self.rest.first().copied()
    }

    #[inline(never)]
    fn skip_blanks(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Takes a byte, which has been seen.
    #[inline(always)]
    fn pass(&mut self) {
        if let [_, rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Whether a name with its colon stands next.
    #[inline(always)]
    pub(super) fn has(&self, name: &Spelled) -> bool {
        name.behind(self.rest).is_some()
    }

    /// Takes a name with its colon, if it stands next.
    #[inline(always)]
    pub(super) fn takes_name(&mut self, name: &Spelled) -> bool {
        self.takes_up_to(name.behind(self.rest))
    }

    /// Goes on behind an entry and takes a name with its colon, if it is written as nearly every file does.
    #[inline(always)]
    pub(super) fn takes_next_name(&mut self, name: &Spelled) -> bool {
        self.takes_up_to(name.behind_comma(self.rest))
    }

    /// Takes everything before what is to be left, if that is told.
    #[inline(always)]
    fn takes_up_to(&mut self, rest: Option<&'t [u8]>) -> bool {
        if let Some(rest) = rest {
            self.rest = rest;
        }
        rest.is_some()
    }

    /// Takes what stands next, if it is spelled just so.
    #[inline(always)]
    fn takes(&mut self, spelled: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(spelled)?;
        Some(())
    }

    /// Goes into a list or an object, which `peek` has seen, up to its first entry; whether there is one.
    #[inline(always)]
    pub(super) fn enter(&mut self, close: u8) -> Option<bool> {
        self.pass();
        if self.peek()? != close {
            return Some(true);
        }
        self.pass();
        Some(false)
    }

    /// Goes on behind an entry of a list or an object; whether there is another.
    #[inline(always)]
    pub(super) fn goes_on(&mut self, close: u8) -> Option<bool> {
        if let [b',', rest @ ..] = self.rest
            && let [byte, ..] = rest
            && *byte > b' '
        {
            self.rest = rest;
            return Some(true);
        }
        let byte = self.peek()?;
        self.pass();
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
        self.pass();
        Some(key)
    }

    /// Takes a text in which every byte stands for itself: what is left from its first byte on, and how long it is.
    /// None, and nothing is taken, for another one. `peek` has seen the quote.
    #[inline(always)]
    pub(super) fn plain(&mut self) -> Option<(&'t [u8], usize)> {
        let [_, from @ ..] = self.rest else {
            return None;
        };
        let mut rest = from;
        loop {
            let Some((some, behind)) = rest.split_first_chunk::<16>() else {
                rest = rest.get(plain_bytes(rest)..)?;
                break;
            };
            match first_special(some) {
                16 => rest = behind,
                place => {
                    rest = rest.get(place..)?;
                    break;
                }
            }
        }
        let [b'"', behind @ ..] = rest else {
            return None;
        };
        self.rest = behind;
        Some((from, from.len() - rest.len()))
    }

    /// The same, the text itself.
    #[inline(always)]
    pub(super) fn plain_text(&mut self) -> Option<&'t str> {
        let (from, length) = self.plain()?;
        self.part(from, length)
    }

    /// So many bytes of what was left once.
    #[inline(always)]
    pub(super) fn part(&self, from: &[u8], length: usize) -> Option<&'t str> {
        let start = self.text.len() - from.len();
        self.text.get(start..start + length)
    }

    /// A text, of which `peek` has seen the quote.
    #[inline(never)]
    pub(super) fn text(&mut self) -> Option<Cow<'t, str>> {
        match self.plain_text() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.escaped().map(Cow::Owned),
        }
    }

    /// An instant in the form that nearly every file has, in quotes; none, and nothing is taken, for anything else.
    #[inline(always)]
    pub(super) fn takes_stamp(&mut self) -> Option<Instant> {
        let (quoted, rest) = self.rest.split_first_chunk::<{ stamp::LONG + 2 }>()?;
        let [_, stamp @ .., b'"'] = quoted else {
            return None;
        };
        let at = stamp::with_offset(stamp)?;
        self.rest = rest;
        Some(at)
    }

    #[cold]
    fn escaped(&mut self) -> Option<String> {
        let mut text = Jiter::new(self.rest);
        let read = text.known_str().ok()?.to_owned();
        self.rest = self.rest.get(text.current_index()..)?;
        Some(read)
    }

    /// `true` or `false`.
    #[inline(always)]
    pub(super) fn bool(&mut self) -> Option<bool> {
        match self.takes(b"true") {
            Some(()) => Some(true),
            None => self.takes(b"false").map(|()| false),
        }
    }

    /// `null`.
    #[inline(always)]
    pub(super) fn null(&mut self) -> Option<()> {
        self.takes(b"null")
    }

    /// A number as it is written.
    pub(super) fn number(&mut self) -> Option<&'t str> {
        let text = self.rest;
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
        let start = self.text.len() - text.len();
        self.rest = text.get(end..)?;
        self.text.get(start..start + end)
    }

    /// A whole number.
    #[inline(always)]
    pub(super) fn integer(&mut self) -> Option<i64> {
        let (negative, text) = match self.rest {
            [b'-', text @ ..] => (true, text),
            text => (false, text),
        };
        if let Some(eight) = text.first_chunk::<8>()
            && let (count @ 1..8, number) = eight::digits(u64::from_le_bytes(*eight))
        {
            if count > 1 && eight.first() == Some(&b'0') {
                return None;
            }
            self.rest = text.get(count..)?;
            let number = number.cast_signed();
            return Some(if negative { -number } else { number });
        }
        self.number()?.parse().ok()
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

/// Whether a byte does not stand for itself in a text: a quote, a backslash or a control character.
#[inline(always)]
fn is_special(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

/// The place of the first byte of sixteen that [`is_special`]; 16 for none.
#[inline(always)]
fn first_special(bytes: &[u8; 16]) -> usize {
    // All at once, as vectors of bytes do it.
    let mut marks = [0; 16];
    for (mark, byte) in marks.iter_mut().zip(bytes) {
        *mark = if is_special(*byte) { 0xff } else { 0 };
    }
    (u128::from_le_bytes(marks).trailing_zeros() / 8) as usize
}

/// How many bytes come before the first that [`is_special`].
#[inline(never)]
fn plain_bytes(bytes: &[u8]) -> usize {
    let special = bytes.iter().position(|byte| is_special(*byte));
    special.unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found() {
        for around in [b"abcdefghijklmnop", b"0123\"567\\9012\x0156"] {
            for (place, byte) in (0..16).flat_map(|place| (0..=255).map(move |byte| (place, byte)))
            {
                let mut bytes = *around;
                bytes[place] = byte;
                let is_special = |byte: &u8| matches!(byte, 0..b' ' | b'"' | b'\\');
                let wanted = bytes.iter().position(is_special).unwrap_or(16);
                assert_eq!(
                    (first_special(&bytes), plain_bytes(&bytes)),
                    (wanted, wanted)
                );
            }
        }
    }

    /// What a text of JSON may be, around every length that is looked at at once.
    #[test]
    fn texts_of_all_lengths_are_taken() {
        for length in 0..70 {
            let inside = format!("{}{}", "上a海".repeat(length / 3), "b".repeat(length % 3));
            for (behind, plain) in [
                ("\"", true),
                ("\", 1, 2, 3, 4, 5, 6, 7", true),
                ("\\n\"", false),
                ("\t\"", false),
            ] {
                let text = format!("\"{inside}{behind}");
                let mut tokens = Tokens::new(&text);
                assert_eq!(
                    tokens.plain_text(),
                    plain.then_some(inside.as_str()),
                    "{text}"
                );
            }
            let open = format!("\"{inside}");
            let mut tokens = Tokens::new(&open);
            assert!(
                tokens.plain_text().is_none() && tokens.text().is_none(),
                "{open}"
            );
        }
    }
}
