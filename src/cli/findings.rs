//! Findings as text: with the line shown on a terminal, one line each elsewhere.

use super::language;
use super::output;
use crate::cli::language::told;
use crate::diag::{Diagnostic, RenderOptions, render};
use crate::message::{Language, message};
use crate::source::Sources;

/// Where a finding stands: `file:line:column`.
pub(super) fn place(finding: &Diagnostic, sources: &Sources) -> String {
    match sources.get(finding.span.source) {
        Some(source) => {
            let at = source.position(finding.span.start as usize);
            format!("{}:{}:{}", source.name, at.line, at.column)
        }
        None => "policy".to_owned(),
    }
}

/// A finding for people; ends in a line break.
pub(super) fn text(finding: &Diagnostic, sources: &Sources, terminal: bool) -> String {
    let finding = &finding.in_language(language::text());
    if terminal {
        let options = RenderOptions {
            color: !output::no_color(),
            width: output::width(),
        };
        let drawn = help_told(render(finding, sources, options));
        let rows = rows(&finding.evidence.rows, language::text());
        return format!("{drawn}{rows}\n");
    }
    let mut text = format!(
        "{}: {}[{}]: {}\n",
        place(finding, sources),
        finding.level.word(),
        finding.code,
        finding.message
    );
    if !finding.label.is_empty() {
        let label = &finding.label;
        text.push_str(&format!("  {}\n", told!("here: {label}", label)));
    }
    for label in &finding.labels {
        if let Some(source) = sources.get(label.span.source) {
            let at = source.position(label.span.start as usize);
            text.push_str(&format!(
                "  {}:{}:{}: {}\n",
                source.name, at.line, at.column, label.text
            ));
        }
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("  {}\n", told!("help: {help}", help)));
    }
    text.push_str(&rows(&finding.evidence.rows, language::text()));
    text
}

/// Rows of a table that are shown, at most.
const MOST_ROWS: usize = 20;

/// Rows that a table lacks, a line each, to be copied as they are.
pub(super) fn rows(rows: &[String], language: Language) -> String {
    let mut text = String::new();
    for row in rows.iter().take(MOST_ROWS) {
        // Where they stand in a table; a CSV file has no indentation.
        let indent = if row.starts_with('|') { "    " } else { "" };
        text.push_str(&format!("{indent}{row}\n"));
    }
    let more = match rows.len().saturating_sub(MOST_ROWS) {
        0 => return text,
        1 => message!("… and 1 more row, which `--format json` prints"),
        count => message!(
            "… and {count} more rows, which `--format json` prints",
            count
        ),
    };
    text.push_str(&format!("    {}\n", more.text(language)));
    text
}

/// The word before what to write instead, as the renderer writes it.
const HELP: &str = "  help: ";

/// A drawn finding with the last word of the renderer's own, `help:`, in the language for people. Its
/// translation is as wide, so that the lines below stay aligned.
fn help_told(drawn: String) -> String {
    match drawn.rfind(HELP) {
        Some(at) if language::text() != Language::English => {
            let (before, rest) = drawn.split_at(at);
            let help = rest.strip_prefix(HELP).unwrap_or(rest);
            format!("{before}  {}{help}", told!("help: "))
        }
        Some(_) | None => drawn,
    }
}
