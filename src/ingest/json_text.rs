//! JSON as it comes: as a text, or as bytes that may be one.

/// JSON to be read: a text, or bytes that are first looked through for whether they are one.
///
/// Both are made of what a program has, so that reading takes either as it is. A text takes less time.
///
/// ```
/// use caseway::ingest::JsonText;
///
/// let text = "{\"id\":\"T1\"}";
/// assert_eq!(JsonText::from(text).bytes(), JsonText::from(text.as_bytes()).bytes());
/// ```
#[derive(Clone, Copy, Debug)]
pub enum JsonText<'t> {
    /// A text.
    Text(&'t str),
    /// Bytes that may be no UTF-8.
    Bytes(&'t [u8]),
}

impl<'t> JsonText<'t> {
    /// The bytes.
    #[inline]
    pub fn bytes(self) -> &'t [u8] {
        match self {
            JsonText::Text(text) => text.as_bytes(),
            JsonText::Bytes(bytes) => bytes,
        }
    }

    /// The text; none when the bytes are no UTF-8.
    #[inline]
    pub(super) fn text(self) -> Option<&'t str> {
        match self {
            JsonText::Text(text) => Some(text),
            JsonText::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
        }
    }
}

impl<'t> From<&'t str> for JsonText<'t> {
    fn from(text: &'t str) -> JsonText<'t> {
        JsonText::Text(text)
    }
}

impl<'t> From<&'t String> for JsonText<'t> {
    fn from(text: &'t String) -> JsonText<'t> {
        JsonText::Text(text)
    }
}

impl<'t> From<&'t [u8]> for JsonText<'t> {
    fn from(bytes: &'t [u8]) -> JsonText<'t> {
        JsonText::Bytes(bytes)
    }
}

impl<'t> From<&'t Vec<u8>> for JsonText<'t> {
    fn from(bytes: &'t Vec<u8>) -> JsonText<'t> {
        JsonText::Bytes(bytes)
    }
}

impl<'t, const LENGTH: usize> From<&'t [u8; LENGTH]> for JsonText<'t> {
    fn from(bytes: &'t [u8; LENGTH]) -> JsonText<'t> {
        JsonText::Bytes(bytes)
    }
}
