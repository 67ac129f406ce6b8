//! What goes into a policy and comes out of it, as JSON Schema, so that other tools can validate cases
//! and make types for decisions.
//!
//! Reads the checked model; written out by the driver. The dialect is 2020-12
//! (<https://json-schema.org/draft/2020-12>). Objects of cases are closed, as the policy says; those
//! of decisions stay open, since a later version may add keys.

mod case;
mod decision;
mod node;
mod output;
mod types;

use crate::message::{Language, Message, message};
use crate::model::Model;
use node::{Node, reference};
use serde::{Serialize, Serializer};
use types::Types;

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A case file, a line of NDJSON, or a bare case.
    Case,
    /// A decision: what `caseway eval` prints.
    Decision,
    /// A line of what `caseway batch` prints.
    Batch,
    /// What `caseway explain` prints.
    Explain,
    /// `{"error": …}`: what commands print when they cannot answer.
    Error,
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 5] = [
        Subject::Case,
        Subject::Decision,
        Subject::Batch,
        Subject::Explain,
        Subject::Error,
    ];

    /// The word on the command line and in the `$id`.
    pub fn word(self) -> &'static str {
        match self {
            Subject::Case => "case",
            Subject::Decision => "decision",
            Subject::Batch => "batch",
            Subject::Explain => "explain",
            Subject::Error => "error",
        }
    }

    fn title(self, policy: &str) -> Message {
        match self {
            Subject::Case => message!("a case of the policy {policy}", policy),
            Subject::Decision => message!("a decision of the policy {policy}", policy),
            Subject::Batch => message!("a line of a batch of the policy {policy}", policy),
            Subject::Explain => message!("an explanation by the policy {policy}", policy),
            Subject::Error => message!("an error of the policy {policy}", policy),
        }
    }
}

/// A schema; serialises to its JSON.
#[derive(Clone, Debug)]
pub struct JsonSchema(Node);

impl JsonSchema {
    /// The schema of a policy. `closed` says that cases with fields that are not declared are
    /// refused; words of ours are in the language.
    pub fn new(model: &Model, subject: Subject, closed: bool, language: Language) -> JsonSchema {
        let mut types = Types::new(model, language);
        let (body, others) = match subject {
            Subject::Case => case::case_file(model, &mut types, closed),
            Subject::Decision => {
                let others = decision::decision(model, &mut types);
                (reference("decision"), others)
            }
            Subject::Batch => {
                let mut others = decision::decision(model, &mut types);
                others.push(output::error());
                (output::line(), others)
            }
            Subject::Explain => (reference("explanation"), output::explanation()),
            Subject::Error => (output::failure(), vec![output::error()]),
        };
        let policy = format!("{} {}", model.name, model.version);
        let title = subject.title(&policy).text(language);
        let head = Node::of([
            (
                "$schema",
                Node::from("https://json-schema.org/draft/2020-12/schema"),
            ),
            ("$id", Node::Text(id(model, subject))),
            ("title", Node::Text(title)),
        ]);
        let Node::Object(entries) = body else {
            return JsonSchema(head);
        };
        let whole = entries
            .into_iter()
            .fold(head, |head, (key, value)| head.with(&key, value));
        JsonSchema(whole.with("$defs", types.definitions(others)))
    }
}

impl Serialize for JsonSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// `urn:caseway:telecom-service:2026.1:case`: a name that leads nowhere (RFC 8141).
fn id(model: &Model, subject: Subject) -> String {
    let part = node::uri_part;
    format!(
        "urn:caseway:{}:{}:{}",
        part(&model.name),
        part(&model.version),
        subject.word()
    )
}
