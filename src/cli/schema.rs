//! `caseway schema`: JSON Schemas of what goes into a policy and comes out of it.

use super::failure::Failure;
use super::{Answer, Format, Global, language, output};
use crate::json_schema::Subject;
use clap::{Args, ValueEnum};

/// Print the JSON Schema of cases or of decisions
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// What the schema describes
    #[arg(value_enum, value_name = "SUBJECT")]
    of: Of,
    /// The form of messages when there is no schema
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// A case file, a line of NDJSON, or a bare case
    Case,
    /// What `eval` prints
    Decision,
    /// A line of what `batch` prints
    Batch,
    /// What `explain` prints
    Explain,
    /// What commands print when they cannot answer
    Error,
}

impl Schema {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(None)?;
        let subject = match self.of {
            Of::Case => Subject::Case,
            Of::Decision => Subject::Decision,
            Of::Batch => Subject::Batch,
            Of::Explain => Subject::Explain,
            Of::Error => Subject::Error,
        };
        let schema = policy.json_schema(subject, language::json());
        let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        output::print(&format!("{text}\n")).map_err(Failure::from_stdout)?;
        Ok(Answer::Yes)
    }
}
