//! Why there is no policy: what a program that embeds the engine gets instead of one.

use super::check::is_fatal;
use crate::diag::{Diagnostic, RenderOptions, render};
use crate::message::{Message, message};
use crate::source::Sources;
use std::fmt;

/// A folder is no policy folder, or its policy has errors. Its text shows all of them with the lines
/// concerned.
#[derive(Clone, Debug)]
pub struct PolicyError {
    message: Message,
    findings: Vec<Diagnostic>,
    sources: Sources,
}

impl PolicyError {
    pub(super) fn of_folder(message: Message) -> PolicyError {
        PolicyError {
            message,
            findings: Vec::new(),
            sources: Sources::default(),
        }
    }

    pub(super) fn of_findings(findings: Vec<Diagnostic>, sources: Sources) -> PolicyError {
        let errors = findings.iter().filter(|finding| is_fatal(finding)).count();
        let message = match errors {
            1 => message!("the policy has an error"),
            errors => message!("the policy has {errors} errors", errors),
        };
        PolicyError {
            message,
            findings,
            sources,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        "policy-invalid"
    }

    /// One sentence.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// What is wrong, warnings included; empty when there is no policy folder at all.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The texts that the findings speak of.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

/// Columns of the text form.
const WIDTH: usize = 100;

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        let options = RenderOptions {
            color: false,
            width: WIDTH,
        };
        for finding in self.findings.iter().filter(|finding| is_fatal(finding)) {
            write!(f, "\n{}", render(finding, &self.sources, options))?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyError {}
