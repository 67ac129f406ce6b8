//! Exact decimal numbers with a declared count of digits after the point.
//!
//! The crates at hand round silently once they run out of digits; these never round: what does not
//! fit is no value.

use std::cmp::Ordering;

/// The most digits after the point that a declared type may have.
pub const MAX_SCALE: u8 = 18;

/// `mantissa / 10^scale`, compared by size: `1.50` equals `1.5`.
///
/// Packed, so that a value, which is a number at most of the time, takes 24 bytes and not 48.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

/// Why a text is no decimal of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// Not digits with at most one point between them: an exponent, `NaN`, a blank …
    Malformed,
    /// More digits after the point than the scale allows.
    TooManyDigits,
    /// Too great to be held.
    Overflow,
}

impl Decimal {
    /// `mantissa / 10^scale`.
    pub fn new(mantissa: i128, scale: u8) -> Decimal {
        Decimal { mantissa, scale }
    }

    /// A whole number.
    pub fn from_integer(value: i64) -> Decimal {
        Decimal {
            mantissa: i128::from(value),
            scale: 0,
        }
    }

    /// The number times `10^scale`.
    pub fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// Digits after the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// Reads `-12.50` as a decimal of exactly `scale` digits after the point.
    ///
    /// Fewer digits are filled with zeros; more are an error even when they are zeros.
    ///
    /// # Errors
    /// [`DecimalError`] says what is wrong.
    pub fn parse(text: &str, scale: u8) -> Result<Decimal, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(DecimalError::Malformed);
        }
        let fraction = if digits.contains('.') { fraction } else { "" };
        if fraction.len() > usize::from(scale) {
            return Err(DecimalError::TooManyDigits);
        }
        let zeros = usize::from(scale) - fraction.len();
        let mut mantissa: i128 = 0;
        for digit in whole
            .bytes()
            .chain(fraction.bytes())
            .chain(std::iter::repeat_n(b'0', zeros))
        {
            mantissa = mantissa
                .checked_mul(10)
                .and_then(|value| value.checked_add(i128::from(digit - b'0')))
                .ok_or(DecimalError::Overflow)?;
        }
        Ok(Decimal {
            mantissa: if negative { -mantissa } else { mantissa },
            scale,
        })
    }

    /// The same number with another scale; none when digits would be lost or it grows too great.
    pub fn rescale(self, scale: u8) -> Option<Decimal> {
        if scale >= self.scale {
            let factor = 10i128.checked_pow(u32::from(scale - self.scale))?;
            Some(Decimal {
                mantissa: self.mantissa.checked_mul(factor)?,
                scale,
            })
        } else {
            let factor = 10i128.checked_pow(u32::from(self.scale - scale))?;
            (self.mantissa % factor == 0).then(|| Decimal {
                mantissa: self.mantissa / factor,
                scale,
            })
        }
    }

    /// The sum, with the greater scale of the two.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let (a, b) = (self.rescale(scale)?, other.rescale(scale)?);
        Some(Decimal {
            mantissa: a.mantissa.checked_add(b.mantissa)?,
            scale,
        })
    }

    /// The difference, with the greater scale of the two.
    pub fn minus(self, other: Decimal) -> Option<Decimal> {
        let negated = Decimal {
            mantissa: other.mantissa.checked_neg()?,
            ..other
        };
        self.plus(negated)
    }

    /// The product; its scale is the sum of the two.
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.checked_add(other.scale)?;
        Some(Decimal {
            mantissa: self.mantissa.checked_mul(other.mantissa)?,
            scale,
        })
    }

    /// The same number without trailing zeros after the point.
    fn shortest(mut self) -> Decimal {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        if self.scale == other.scale {
            return self.mantissa().cmp(&other.mantissa());
        }
        // Whole parts first, then the fractions brought to one scale: neither step can overflow
        // for scales whose powers fit, which `new` and the operations keep.
        let power = |scale: u8| 10i128.checked_pow(u32::from(scale)).unwrap_or(i128::MAX);
        let (pa, pb) = (power(self.scale), power(other.scale));
        let whole = self
            .mantissa
            .div_euclid(pa)
            .cmp(&other.mantissa.div_euclid(pb));
        whole.then_with(|| {
            let (fa, fb) = (self.mantissa.rem_euclid(pa), other.mantissa.rem_euclid(pb));
            let scale = self.scale.max(other.scale);
            let widen =
                |value: i128, from: u8| value.checked_mul(power(scale - from)).unwrap_or(i128::MAX);
            widen(fa, self.scale).cmp(&widen(fb, other.scale))
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let short = self.shortest();
        (short.mantissa, short.scale).hash(state);
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!(
            "{:0>width$}",
            self.mantissa.unsigned_abs(),
            width = scale + 1
        );
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}
