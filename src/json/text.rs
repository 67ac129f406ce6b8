//! Texts between quotes.

use super::JsonError;
use crate::value::eight::{self, each};
use serde::ser::Error as _;

/// Puts a text between quotes, with escapes where it needs them.
#[inline]
pub(super) fn put(out: &mut Vec<u8>, text: &str) -> Result<(), JsonError> {
    let bytes = text.as_bytes();
    if !is_plain(bytes) {
        return escape(out, text);
    }
    if bytes.len() < 8 {
        // Sixteen bytes are put down faster than so many as there happen to be.
        let word = u128::from(eight::start_of(bytes));
        let quotes = QUOTE | QUOTE << (8 * (bytes.len() + 1));
        let end = out.len() + bytes.len() + 2;
        out.extend_from_slice(&(word << 8 | quotes).to_le_bytes());
        out.truncate(end);
        return Ok(());
    }
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
    Ok(())
}

const QUOTE: u128 = b'"' as u128;

/// Puts the name of a field with its colon. Inlined, because then nearly all of it is done while compiling.
#[inline(always)]
pub(super) fn put_name(out: &mut Vec<u8>, name: &'static str) -> Result<(), JsonError> {
    let bytes = name.as_bytes();
    if is_plain(bytes) {
        out.reserve(bytes.len() + 3);
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\":");
    } else {
        escape(out, name)?;
        out.push(b':');
    }
    Ok(())
}

/// Ends the text that began behind a quote at a place.
pub(super) fn close(out: &mut Vec<u8>, start: usize) -> Result<(), JsonError> {
    if out.get(start..).is_some_and(is_plain) {
        out.push(b'"');
        return Ok(());
    }
    let text = String::from_utf8(out.split_off(start)).map_err(JsonError::custom)?;
    out.pop();
    escape(out, &text)
}

#[cold]
fn escape(out: &mut Vec<u8>, text: &str) -> Result<(), JsonError> {
    serde_json::to_writer(out, text).map_err(JsonError::custom)
}

/// Whether a text needs no escape: it has no quote, backslash or control character.
#[inline(always)]
fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk::<8>() else {
        let blanks = each(b' ') & !eight::first_bytes(text.len());
        return special(eight::start_of(text) | blanks) == 0;
    };
    // The last eight bytes may have been looked at before.
    let (words, _) = text.as_chunks::<8>();
    let marks = words
        .iter()
        .fold(0, |marks, word| marks | special(u64::from_le_bytes(*word)));
    marks | special(u64::from_le_bytes(*last)) == 0
}

/// Not zero if one of eight bytes needs an escape. Bits of bytes above one that does may be set, too.
#[inline(always)]
fn special(word: u64) -> u64 {
    // A byte below one that something is taken from, and not above 127 itself, gets its highest bit.
    let below = |word: u64, byte: u8| word.wrapping_sub(each(byte)) & !word;
    let marks = below(word, b' ') | below(word ^ each(b'"'), 1) | below(word ^ each(b'\\'), 1);
    marks & each(0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every place of texts of several lengths.
    #[test]
    fn special_bytes_are_seen_and_no_others() {
        for length in 0..20 {
            let text = vec![b'~'; length];
            assert!(is_plain(&text));
            for (place, byte) in (0..length).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
                let mut text = text.clone();
                text[place] = byte;
                let special = matches!(byte, 0..b' ' | b'"' | b'\\');
                assert_eq!(is_plain(&text), !special, "{byte} at {place} of {length}");
            }
        }
    }
}
