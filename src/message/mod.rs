//! What Caseway says to people: an English sentence with named places, and its translation.
//!
//! The ground floor, used by every stage. A message keeps its sentence and what fills the places
//! apart until it is shown, so that the same finding can be read in any [`Language`]. The English
//! sentence stands in the code beside the check that needs it and is the key of the translation, as
//! with gettext; the translations are in `locales/`.

mod catalogue;
mod language;

pub use language::Language;

/// The translation of a text that is not written as a message, such as the help of the command line;
/// none for English and where there is none.
pub(crate) fn translated(language: Language, english: &str) -> Option<&'static str> {
    catalogue::translation(language, english)
}

use std::fmt;

/// A sentence, or part of one, that a person reads.
///
/// Its `Display` is English; [`Message::text`] gives any language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message(Form);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    /// A sentence of ours: `{name}` is a place, `{{` and `}}` are braces.
    Sentence {
        english: &'static str,
        places: Vec<(&'static str, Message)>,
    },
    /// Text that is the same in every language: names, numbers, what the operator wrote.
    Verbatim(String),
}

/// Makes a [`Message`] from an English sentence and what fills its places.
///
/// A place is filled by the variable of its name, or by `name = value`. Values are texts, numbers and
/// messages. `{{` and `}}` write braces.
macro_rules! message {
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::message::Message::sentence(
            $english,
            vec![$((stringify!($name), $crate::message::message!(@place $name $(= $value)?))),*],
        )
    };
    (@place $name:ident) => { $crate::message::Part::part(&$name) };
    (@place $name:ident = $value:expr) => { $crate::message::Part::part(&$value) };
}
pub(crate) use message;

impl Message {
    /// A sentence with its places filled; made by [`message!`].
    pub(crate) fn sentence(english: &'static str, places: Vec<(&'static str, Message)>) -> Message {
        debug_assert!(
            places.iter().all(|(name, _)| names(english).contains(name))
                && names(english)
                    .iter()
                    .all(|name| places.iter().any(|(place, _)| place == name)),
            "the places of {english:?} and what fills them differ: {places:?}"
        );
        Message(Form::Sentence { english, places })
    }

    /// Text that is the same in every language: a name, a number, what the operator wrote.
    pub fn verbatim(text: impl Into<String>) -> Message {
        Message(Form::Verbatim(text.into()))
    }

    /// The words in a language.
    pub fn text(&self, language: Language) -> String {
        let mut out = String::new();
        self.write(language, &mut out);
        out
    }

    /// The same message with its words fixed in a language.
    pub fn fixed(&self, language: Language) -> Message {
        Message::verbatim(self.text(language))
    }

    /// The same message in which names that begin with a prefix have lost it: what fills a place as a
    /// whole, and what stands in backticks.
    pub(crate) fn without_prefix(&self, prefix: &str) -> Message {
        Message(match &self.0 {
            Form::Sentence { english, places } => {
                let places = places.iter();
                let places = places.map(|(name, part)| (*name, part.without_prefix(prefix)));
                Form::Sentence {
                    english,
                    places: places.collect(),
                }
            }
            Form::Verbatim(text) => {
                let text = text.strip_prefix(prefix).unwrap_or(text);
                Form::Verbatim(text.replace(&format!("`{prefix}"), "`"))
            }
        })
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Form::Sentence { english, .. } => english.is_empty(),
            Form::Verbatim(text) => text.is_empty(),
        }
    }

    /// `a, b or c`; empty for nothing.
    pub fn one_of(items: impl IntoIterator<Item = Message>) -> Message {
        Message::joined(items, |before, last| {
            message!("{before} or {last}", before, last)
        })
    }

    /// `a, b and c`; empty for nothing.
    pub fn all_of(items: impl IntoIterator<Item = Message>) -> Message {
        Message::joined(items, |before, last| {
            message!("{before} and {last}", before, last)
        })
    }

    /// `a, b, c`; empty for nothing.
    pub fn list(items: impl IntoIterator<Item = Message>) -> Message {
        Message::joined(items, Message::after)
    }

    fn after(before: Message, next: Message) -> Message {
        message!("{before}, {next}", before, next)
    }

    fn joined(
        items: impl IntoIterator<Item = Message>,
        close: impl Fn(Message, Message) -> Message,
    ) -> Message {
        let mut items: Vec<Message> = items.into_iter().collect();
        let Some(last) = items.pop() else {
            return Message::verbatim("");
        };
        match items.into_iter().reduce(Message::after) {
            Some(before) => close(before, last),
            None => last,
        }
    }

    fn write(&self, language: Language, out: &mut String) {
        match &self.0 {
            Form::Verbatim(text) => out.push_str(text),
            Form::Sentence { english, places } => {
                let sentence = catalogue::translation(language, english).unwrap_or(english);
                for piece in pieces(sentence) {
                    match piece {
                        Piece::Text(text) => out.push_str(text),
                        Piece::Place(name) => {
                            if let Some((_, part)) = places.iter().find(|(place, _)| *place == name)
                            {
                                part.write(language, out);
                            }
                        }
                    }
                }
            }
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

/// Compares with the English words.
impl PartialEq<str> for Message {
    fn eq(&self, other: &str) -> bool {
        self.text(Language::English) == other
    }
}

/// Compares with the English words.
impl PartialEq<&str> for Message {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

/// In English; [`Message::fixed`] before serialising gives another language.
impl serde::Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What may fill a place of a message.
pub(crate) trait Part {
    /// The part as a message of its own.
    fn part(&self) -> Message;
}

impl Part for Message {
    fn part(&self) -> Message {
        self.clone()
    }
}

impl<T: Part + ?Sized> Part for &T {
    fn part(&self) -> Message {
        (*self).part()
    }
}

/// Lets values of these types fill places with what their `Display` says.
macro_rules! verbatim_parts {
    ($($type:ty),*) => {
        $(impl $crate::message::Part for $type {
            fn part(&self) -> $crate::message::Message {
                $crate::message::Message::verbatim(self.to_string())
            }
        })*
    };
}
pub(crate) use verbatim_parts;
verbatim_parts!(
    str,
    String,
    smol_str::SmolStr,
    std::borrow::Cow<'_, str>,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i16,
    i32,
    i64,
    i128
);

/// A piece of a sentence.
enum Piece<'a> {
    Text(&'a str),
    Place(&'a str),
}

/// A sentence in its pieces; a doubled brace is one brace, a lone one stands for itself.
fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some(at) = rest.find(['{', '}']) {
        pieces.push(Piece::Text(&rest[..at]));
        let brace = &rest[at..at + 1];
        let after = &rest[at + 1..];
        if after.starts_with(brace) {
            pieces.push(Piece::Text(brace));
            rest = &after[1..];
        } else if brace == "{"
            && let Some(end) = after.find('}')
        {
            pieces.push(Piece::Place(&after[..end]));
            rest = &after[end + 1..];
        } else {
            pieces.push(Piece::Text(brace));
            rest = after;
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The names of the places of a sentence.
fn names(sentence: &str) -> Vec<&str> {
    pieces(sentence)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Place(name) => Some(name),
            Piece::Text(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_braces_written() {
        let word = "falt";
        let message = message!("`{word}` is no member: write {{ {list} }}", word, list = 3);
        assert_eq!(message.to_string(), "`falt` is no member: write { 3 }");
    }

    #[test]
    fn braces_in_what_fills_a_place_stay() {
        let text = "{word} }} {";
        assert_eq!(message!("a {text}", text).to_string(), "a {word} }} {");
    }

    #[test]
    fn lists_end_in_their_word() {
        let items = |count: usize| {
            ["a", "b", "c"]
                .map(Message::verbatim)
                .into_iter()
                .take(count)
        };
        assert_eq!(Message::one_of(items(0)).to_string(), "");
        assert_eq!(Message::one_of(items(1)).to_string(), "a");
        assert_eq!(Message::one_of(items(2)).to_string(), "a or b");
        assert_eq!(Message::one_of(items(3)).to_string(), "a, b or c");
        assert_eq!(Message::all_of(items(3)).to_string(), "a, b and c");
        assert_eq!(Message::list(items(3)).to_string(), "a, b, c");
        assert_eq!(
            Message::one_of(items(3)).text(Language::Chinese),
            "a、b 或 c"
        );
    }

    #[test]
    fn parts_are_translated_with_the_whole() {
        let inner = Message::one_of(["x", "y"].map(Message::verbatim));
        let whole = message!("{before} and {last}", before = inner, last = "z");
        assert_eq!(whole.text(Language::Chinese), "x 或 y 和 z");
        assert_eq!(whole.fixed(Language::Chinese).to_string(), "x 或 y 和 z");
    }
}
