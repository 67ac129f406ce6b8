//! Bytes of a text eight at a time: as one number, of which the first byte is the lowest.
//!
//! Ground floor of [`super::words`] and of what reads cases and prints decisions.

/// A one in each byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// A byte eight times.
pub(crate) const fn each(byte: u8) -> u64 {
    ONES * byte as u64
}

/// The eight bytes from a place on; none where fewer are left.
#[inline(always)]
pub(crate) fn load(text: &[u8], at: usize) -> Option<u64> {
    let eight = text.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*eight))
}

/// Up to eight bytes of a text, zeros behind its end.
#[inline(always)]
pub(crate) fn start_of(text: &[u8]) -> u64 {
    let length = text.len();
    if let Some(word) = load(text, 0) {
        return word;
    }
    // Both ends meet or overlap: where they do, they agree.
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let last = u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4));
        return u64::from(u32::from_le_bytes(*first)) | last;
    }
    let byte = |at: usize| text.get(at).map_or(0, |byte| u64::from(*byte) << (8 * at));
    byte(0) | byte(1) | byte(2)
}

/// Up to eight bytes of the first `length` of a text, zeros behind them.
#[inline(always)]
pub(crate) fn start_with(text: &[u8], length: usize) -> u64 {
    match load(text, 0) {
        Some(word) => word & first_bytes(length),
        None => start_of(text.get(..length).unwrap_or(text)),
    }
}

/// The bits of the first bytes, at most eight of them.
#[inline(always)]
pub(crate) fn first_bytes(count: usize) -> u64 {
    match count {
        0..8 => (1 << (8 * count)) - 1,
        _ => u64::MAX,
    }
}

/// The place of the first byte that has a mark; 8 for none.
#[inline(always)]
fn first_marked(marks: u64) -> usize {
    (marks.trailing_zeros() / 8) as usize
}

/// How many digits come first, and the number that they are; 0 for none.
#[inline(always)]
pub(crate) fn digits(word: u64) -> (usize, u64) {
    let figures = word ^ each(b'0');
    // Up to the first byte that is no digit nothing is carried.
    let others = (figures.wrapping_add(each(6)) | figures) & each(0xf0);
    let count = first_marked(others);
    if count == 0 {
        return (0, 0);
    }
    // As eight digits with zeros before them; then two, four and eight of them are put together.
    let figures = figures << (64 - 8 * count);
    let pairs = (figures * 10 + (figures >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let number = (fours * 10_000 + (fours >> 32)) & 0xffff_ffff;
    (count, number)
}

/// Eight bytes of which some are digits and the others are given.
pub(crate) struct Form {
    given: u64,
    /// Six in the place of each digit: what a greater one is carried by.
    six: u64,
    /// What has to be zero.
    zeros: u64,
}

impl Form {
    /// The form of an example in which every `0` stands for a digit.
    pub(crate) const fn of(example: &[u8; 8]) -> Form {
        let (mut six, mut zeros) = ([0; 8], [0xff; 8]);
        let mut at = 0;
        while at < 8 {
            if example[at] == b'0' {
                (six[at], zeros[at]) = (6, 0xf0);
            }
            at += 1;
        }
        Form {
            given: u64::from_le_bytes(*example),
            six: u64::from_le_bytes(six),
            zeros: u64::from_le_bytes(zeros),
        }
    }

    /// Reads eight bytes of this form: two digits that stand together are a number in the place of the first.
    #[inline(always)]
    pub(crate) fn pairs(&self, word: u64) -> Option<Pairs> {
        let figures = word ^ self.given;
        let wrong = (figures.wrapping_add(self.six) | figures) & self.zeros;
        (wrong == 0).then(|| Pairs(figures * 10 + (figures >> 8)))
    }
}

/// Numbers of two digits.
#[derive(Clone, Copy)]
pub(crate) struct Pairs(u64);

impl Pairs {
    /// The number at a place.
    #[inline(always)]
    pub(crate) fn at(self, place: u32) -> u32 {
        u32::from((self.0 >> (8 * place)) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words with every byte in every place, beside others that are plain.
    fn words() -> impl Iterator<Item = [u8; 8]> {
        let around: [&[u8; 8]; 4] = [b"00000000", b"abcdefgh", b"99999999", b"1\"\\\x01 \xff9z"];
        around.into_iter().flat_map(|around| {
            (0..8).flat_map(move |place| {
                (0..=255).map(move |byte| {
                    let mut word = *around;
                    word[place] = byte;
                    word
                })
            })
        })
    }

    #[test]
    fn digits_are_counted_and_read() {
        let numbers = (0..=8).map(|count| {
            let mut word = *b"98765432";
            word.iter_mut().skip(count).for_each(|byte| *byte = b',');
            word
        });
        for word in words().chain(numbers) {
            let count = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let text = std::str::from_utf8(&word[..count]).expect("ASCII");
            let wanted = (count, text.parse().unwrap_or(0));
            assert_eq!(digits(u64::from_le_bytes(word)), wanted, "{word:?}");
        }
    }

    #[test]
    fn forms_take_what_they_show() {
        const FORM: Form = Form::of(b"00T00:00");
        for word in words() {
            for at in [2, 5] {
                let mut word = word;
                (word[2], word[5]) = match at {
                    2 => (word[2], b':'),
                    _ => (b'T', word[5]),
                };
                let digits = [0, 1, 3, 4, 6, 7];
                let fits = word[2] == b'T'
                    && word[5] == b':'
                    && digits.iter().all(|place| word[*place].is_ascii_digit());
                let number =
                    |at: usize| u32::from(word[at] - b'0') * 10 + u32::from(word[at + 1] - b'0');
                let wanted = fits.then(|| [0, 3, 6].map(number));
                let read = FORM.pairs(u64::from_le_bytes(word));
                assert_eq!(
                    read.map(|pairs| [0, 3, 6].map(|at| pairs.at(at))),
                    wanted,
                    "{word:?}"
                );
            }
        }
    }
}
