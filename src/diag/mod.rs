//! Diagnostics: what is wrong, where, and what to write instead.
//!
//! Built by every stage on top of [`crate::source`]; rendered here for a terminal, turned into JSON
//! by the driver.

use crate::message::{Language, Message};
use crate::source::Span;

mod render;

pub use render::{RenderOptions, render};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The policy cannot be used, or a rule of it cannot work.
    Error,
    /// Worth a look; the policy decides.
    Warn,
}

impl Level {
    /// The word used in text and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
        }
    }
}

/// What caseway.toml says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintLevel {
    /// Say nothing.
    Allow,
    /// Warn.
    Warn,
    /// Count it as an error.
    Deny,
}

/// A second place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, in a few words.
    pub text: Message,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What is written instead.
    pub text: String,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether the edits keep what the operator meant, so that `--fix` may apply them unasked.
    pub safe: bool,
    /// The edits, none overlapping another.
    pub edits: Vec<Edit>,
}

/// What shows a finding about all cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// A case file in JSON that is decided as the finding says.
    pub case: Option<String>,
    /// Whether the finding rests on nothing that has to be assumed.
    pub certain: bool,
    /// What is assumed: parts of conditions, as written, and their values in JSON; none for a missing
    /// one.
    pub assumes: Vec<(String, Option<String>)>,
    /// Names of rules that the finding is about, where there are several.
    pub rules: Vec<String>,
    /// Rows that a table lacks, as they are written there.
    pub rows: Vec<String>,
}

impl Default for Evidence {
    fn default() -> Evidence {
        Evidence {
            case: None,
            certain: true,
            assumes: Vec::new(),
            rules: Vec::new(),
            rows: Vec::new(),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code in kebab case, such as `unknown-name`.
    pub code: &'static str,
    /// Error or warning.
    pub level: Level,
    /// The item concerned, such as `classify.severity.outage`; empty when none is known.
    pub subject: String,
    /// One sentence in the operator's words, lower case, user text in backticks.
    pub message: Message,
    /// The smallest guilty text.
    pub span: Span,
    /// Words under the guilty text in the code frame; empty for none.
    pub label: Message,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<Message>,
    /// A mechanical mend, if there is one.
    pub fix: Option<Fix>,
    /// What shows it, for findings about all cases.
    pub evidence: Evidence,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, span: Span, message: Message) -> Diagnostic {
        Diagnostic {
            code,
            level: Level::Error,
            subject: String::new(),
            message,
            span,
            label: Message::verbatim(""),
            labels: Vec::new(),
            help: None,
            fix: None,
            evidence: Evidence::default(),
        }
    }

    /// A warning.
    pub fn warn(code: &'static str, span: Span, message: Message) -> Diagnostic {
        Diagnostic {
            level: Level::Warn,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// The same finding with its words fixed in a language.
    pub fn in_language(&self, language: Language) -> Diagnostic {
        let mut fixed = self.clone();
        fixed.message = self.message.fixed(language);
        fixed.label = self.label.fixed(language);
        for label in &mut fixed.labels {
            label.text = label.text.fixed(language);
        }
        fixed.help = self.help.as_ref().map(|help| help.fixed(language));
        fixed
    }

    /// Names the item concerned.
    pub fn subject(mut self, subject: impl Into<String>) -> Diagnostic {
        self.subject = subject.into();
        self
    }

    /// Words under the guilty text.
    pub fn label(mut self, text: Message) -> Diagnostic {
        self.label = text;
        self
    }

    /// Adds a second place.
    pub fn also(mut self, span: Span, text: Message) -> Diagnostic {
        self.labels.push(Label { span, text });
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, text: Message) -> Diagnostic {
        self.help = Some(text);
        self
    }

    /// Says what shows it.
    pub fn evidence(mut self, evidence: Evidence) -> Diagnostic {
        self.evidence = evidence;
        self
    }

    /// Adds one edit to a fix that may be applied unasked.
    pub fn safe_fix(self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.with_edit(true, span, text.into())
    }

    /// Adds one edit to a fix that the operator has to look at.
    pub fn unsafe_fix(self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.with_edit(false, span, text.into())
    }

    fn with_edit(mut self, safe: bool, span: Span, text: String) -> Diagnostic {
        let fix = self.fix.get_or_insert(Fix {
            safe,
            edits: Vec::new(),
        });
        fix.safe &= safe;
        fix.edits.push(Edit { span, text });
        self
    }
}

/// Orders findings as they are printed: by file name order of `rank`, then byte, then code.
pub fn sort(findings: &mut [Diagnostic], rank: impl Fn(Span) -> u32) {
    findings.sort_by(|a, b| {
        (rank(a.span), a.span.start, a.code, &a.message).cmp(&(
            rank(b.span),
            b.span.start,
            b.code,
            &b.message,
        ))
    });
}

/// The names of `candidates` nearest to `wanted`, best first, at most three; far ones are left out.
///
/// Case is ignored, and so are `_` and `-`; a name that contains the other counts as near.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let target = plain(wanted);
    let length = target.chars().count();
    let mut ranked: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|name| {
            let other = plain(name);
            if length > 200 || other.len() > 800 {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&target, &other);
            let allowed = match length.max(other.chars().count()) {
                0..=2 => 1,
                3..=5 => 2,
                6..=9 => 3,
                _ => 4,
            };
            let inside = length >= 3
                && (other.contains(&target) || target.contains(&other) && other.len() >= 3);
            (distance <= allowed && distance < length.max(1))
                .then_some(distance)
                .or(inside.then_some(5))
                .map(|distance| (distance, name))
        })
        .collect();
    ranked.sort();
    ranked.dedup();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Whether one is so near the other that nothing else can be meant: one letter added, dropped,
/// changed or two swapped, in a word of four letters or more.
pub fn is_slip(wanted: &str, found: &str) -> bool {
    wanted.chars().count() >= 4
        && strsim::damerau_levenshtein(&wanted.to_lowercase(), &found.to_lowercase()) <= 1
}
