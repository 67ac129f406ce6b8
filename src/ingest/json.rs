//! Reads JSON into a [`Raw`] tree: numbers keep their text, repeated keys are seen.
//!
//! Stage after: [`super::record`].

use super::raw::{Object, Raw};
use super::refusal::Refusal;
use crate::message::{Message, message};
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

/// The deepest that lists and records may lie in one another.
const DEEPEST: usize = 100;

/// The largest text that is read.
pub const MAX_TEXT_BYTES: usize = 32 * 1024 * 1024;

/// The most values that a text may hold, lists, records and what they hold counted each.
pub const MAX_VALUES: usize = 4_000_000;

/// Reads one JSON value and nothing after it.
pub(super) fn read(text: &[u8]) -> Result<Raw, Refusal> {
    if text.len() > MAX_TEXT_BYTES {
        let message = message!(
            "the text is longer than {most} MiB",
            most = MAX_TEXT_BYTES / 1024 / 1024
        );
        return Err(Refusal::new("bad-json", message));
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(
            Refusal::new("bad-json", message!("the text is UTF-16: save it as UTF-8")).at_line(1),
        );
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new(
            "bad-json",
            message!("there is no text: a case is a JSON object"),
        )
        .at_line(1));
    }
    let mut reader = Jiter::new(text);
    let mut left = MAX_VALUES;
    let read = reader
        .peek()
        .map_err(Problem::Json)
        .and_then(|peek| value(&mut reader, peek, 0, &mut left))
        .and_then(|raw| reader.finish().map(|()| raw).map_err(Problem::Json));
    read.map_err(|problem| {
        let (message, index) = match problem {
            Problem::Json(error) => (words(&error), error.index),
            Problem::TooDeep(index) => (
                message!(
                    "lists and records lie in one another more than {deepest} deep",
                    deepest = DEEPEST
                ),
                index,
            ),
            Problem::TooMany(index) => (
                message!("there are more than {most} values", most = MAX_VALUES),
                index,
            ),
        };
        let index = index.min(text.len());
        let before = text.get(..index).unwrap_or(text);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let line_text = before.get(start..).unwrap_or(b"");
        let column = String::from_utf8_lossy(line_text).chars().count() + 1;
        Refusal::new(
            "bad-json",
            message!("{message} (column {column})", message, column),
        )
        .at_line(line)
    })
}

enum Problem {
    Json(JiterError),
    TooDeep(usize),
    TooMany(usize),
}

impl From<JiterError> for Problem {
    fn from(error: JiterError) -> Problem {
        Problem::Json(error)
    }
}

fn value(
    reader: &mut Jiter<'_>,
    peek: Peek,
    depth: usize,
    left: &mut usize,
) -> Result<Raw, Problem> {
    if depth > DEEPEST {
        return Err(Problem::TooDeep(reader.current_index()));
    }
    *left = left
        .checked_sub(1)
        .ok_or_else(|| Problem::TooMany(reader.current_index()))?;
    Ok(match peek {
        Peek::Null => {
            reader.known_null()?;
            Raw::Missing
        }
        Peek::True | Peek::False => Raw::Bool(reader.known_bool(peek)?),
        Peek::String => Raw::Text(reader.known_str()?.to_owned()),
        Peek::Array => {
            let mut items = Vec::new();
            let mut next = reader.known_array()?;
            while let Some(peek) = next {
                items.push(value(reader, peek, depth + 1, left)?);
                next = reader.array_step()?;
            }
            Raw::List(items)
        }
        Peek::Object => {
            let mut entries = Vec::new();
            let mut next = reader.known_object()?.map(str::to_owned);
            while let Some(key) = next {
                let peek = reader.peek()?;
                entries.push((key, value(reader, peek, depth + 1, left)?));
                next = reader.next_key()?.map(str::to_owned);
            }
            Raw::Record(Object::new(entries))
        }
        number => {
            let bytes = reader.known_number_bytes(number)?;
            Raw::Number(String::from_utf8_lossy(bytes).into_owned())
        }
    })
}

/// What is wrong, in words that need no knowledge of the reader.
fn words(error: &JiterError) -> Message {
    let JiterErrorType::JsonError(kind) = &error.error_type else {
        return message!("this is no JSON");
    };
    match kind {
        JsonErrorType::EofWhileParsingList
        | JsonErrorType::EofWhileParsingObject
        | JsonErrorType::EofWhileParsingString
        | JsonErrorType::EofWhileParsingValue => message!("the JSON text ends too early"),
        JsonErrorType::ExpectedColon => message!("a `:` is missing after a key"),
        JsonErrorType::ExpectedListCommaOrEnd => message!("a `,` or `]` is missing"),
        JsonErrorType::ExpectedObjectCommaOrEnd => message!("a `,` or `}` is missing"),
        JsonErrorType::TrailingComma => message!("there is a `,` with nothing after it"),
        JsonErrorType::TrailingCharacters => message!("there is more text after the JSON value"),
        JsonErrorType::KeyMustBeAString => message!("a key must stand in double quotes"),
        JsonErrorType::ExpectedSomeIdent | JsonErrorType::ExpectedSomeValue => {
            message!("no JSON value starts here")
        }
        JsonErrorType::InvalidNumber => message!("this is no number"),
        JsonErrorType::NumberOutOfRange => message!("this number has too many digits"),
        JsonErrorType::ControlCharacterWhileParsingString => {
            message!("a text holds a control character: write it as `\\u00…`")
        }
        JsonErrorType::InvalidUnicodeCodePoint => {
            message!("a text is not UTF-8: save the file as UTF-8")
        }
        JsonErrorType::LoneLeadingSurrogateInHexEscape => {
            message!("a text holds one half of a surrogate pair")
        }
        JsonErrorType::InvalidEscape => {
            message!("a text holds an unknown `\\` escape")
        }
        // Also where the second half of a pair does not follow.
        JsonErrorType::UnexpectedEndOfHexEscape => {
            message!(
                "a text holds half an escape: `\\u` has four digits, and one half of a surrogate pair wants the other behind it"
            )
        }
        JsonErrorType::RecursionLimitExceeded => {
            message!(
                "lists and records lie in one another more than {deepest} deep",
                deepest = DEEPEST
            )
        }
        JsonErrorType::FloatExpectingInt
        | JsonErrorType::DuplicateKey(_)
        | JsonErrorType::InternalError(_) => message!("this is no JSON"),
    }
}
