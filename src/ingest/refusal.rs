//! Why a case is refused: the shape of contract K3.
//!
//! Built by every part of [`super`]; printed by the command line.

use crate::message::{Language, Message, message};
use serde::Serialize;

/// So many wrong fields of one case are told; the message of a refusal says whether there are more.
pub const MAX_WRONG_FIELDS: usize = 10_000;

/// A refusal: what is wrong with a whole file or row, and with each of its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable code, such as `case-refused`.
    pub code: &'static str,
    /// One sentence in the operator's words.
    pub message: Message,
    /// The case's `id`, when it could be read.
    pub case: Option<String>,
    /// The line of the text, from 1, when there is one.
    pub line: Option<usize>,
    /// What is wrong with each field, sorted by path; at most [`MAX_WRONG_FIELDS`].
    pub fields: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FieldError {
    /// Where: `customer.id`, `events[1].set.status`.
    pub path: String,
    /// Stable code, such as `missing-field`.
    pub code: &'static str,
    /// One sentence in the operator's words.
    pub message: Message,
    /// The value that was found, as text; none when there was none.
    pub got: Option<String>,
}

impl Refusal {
    /// A refusal without fields.
    pub fn new(code: &'static str, message: Message) -> Refusal {
        Refusal {
            code,
            message,
            case: None,
            line: None,
            fields: Vec::new(),
        }
    }

    /// A refusal for these fields, in any order.
    pub(super) fn of_fields(case: Option<String>, mut fields: Vec<FieldError>) -> Refusal {
        fields.sort();
        fields.dedup();
        let more = fields.len() > MAX_WRONG_FIELDS;
        fields.truncate(MAX_WRONG_FIELDS);
        let message = match (fields.as_slice(), &case) {
            (many, Some(id)) if more => message!(
                "case `{id}` is refused: more than {count} fields are wrong",
                id,
                count = many.len()
            ),
            (many, None) if more => message!(
                "the case is refused: more than {count} fields are wrong",
                count = many.len()
            ),
            ([only], Some(id)) => message!(
                "case `{id}` is refused: {message}",
                id,
                message = only.message
            ),
            ([only], None) => message!("the case is refused: {message}", message = only.message),
            (many, Some(id)) => message!(
                "case `{id}` is refused: {count} fields are wrong",
                id,
                count = many.len()
            ),
            (many, None) => message!(
                "the case is refused: {count} fields are wrong",
                count = many.len()
            ),
        };
        Refusal {
            code: "case-refused",
            message,
            case,
            line: None,
            fields,
        }
    }

    /// The same refusal with its words fixed in a language.
    pub fn in_language(&self, language: Language) -> Refusal {
        let mut fixed = self.clone();
        fixed.message = self.message.fixed(language);
        for field in &mut fixed.fields {
            field.message = field.message.fixed(language);
        }
        fixed
    }

    /// The refusal in one cell of a table: its code, and what is wrong.
    pub fn in_one_line(&self) -> String {
        let fields = self.fields.iter();
        let fields: Vec<String> = fields.map(|field| field.message.to_string()).collect();
        let what = match fields.len() > 1 {
            true => fields.join("; "),
            false => self.message.to_string(),
        };
        format!("{}: {what}", self.code)
    }

    /// Says which case it is.
    pub fn of_case(mut self, case: Option<String>) -> Refusal {
        self.case = case;
        self
    }

    /// Says which line it is.
    pub fn at_line(mut self, line: usize) -> Refusal {
        self.line = Some(line);
        self
    }
}

impl FieldError {
    pub(super) fn new(
        path: &str,
        code: &'static str,
        message: Message,
        got: Option<String>,
    ) -> FieldError {
        FieldError {
            path: path.to_owned(),
            code,
            message,
            got,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for Refusal {}
