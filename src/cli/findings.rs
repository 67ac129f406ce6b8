//! Findings as text: with the line shown on a terminal, one line each elsewhere.

use super::language;
use super::output;
use crate::cli::language::told;
use crate::diag::{Diagnostic, RenderOptions, render};
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
        return format!("{}\n", render(finding, sources, options));
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
    text
}
