//! Folding of texts for `ignoring case`.
//!
//! Every letter becomes its lower-case form by itself, whatever stands beside it, so that a part of
//! a text folds as it does within the whole; the Greek final sigma becomes the other one. Used on
//! patterns here and on the values of a case by [`crate::eval`].

/// The text in lower case.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        folded.push(if letter == 'ς' { 'σ' } else { letter });
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_letter_by_letter() {
        for (text, folded) in [
            ("Billing", "billing"),
            ("ÄÖ", "äö"),
            ("ΟΔΟΣ", "οδοσ"),
            ("οδος", "οδοσ"),
            ("宽带 WLAN", "宽带 wlan"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
