//! Draws a finding for a terminal with the line shown, through `miette`.

use super::{Diagnostic, Level};
use crate::source::{Sources, Span};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use std::fmt;

/// How a finding is drawn.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// Colour and box-drawing characters, for a terminal.
    pub color: bool,
    /// Columns to wrap at.
    pub width: usize,
}

/// Lines longer than this many bytes are shown cut down to the part around the finding.
const LONGEST_LINE: usize = 400;

/// Draws one finding, ending in a line break.
pub fn render(finding: &Diagnostic, sources: &Sources, options: RenderOptions) -> String {
    let theme = if options.color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width)
        .with_links(false)
        .tab_width(4);
    let report = Report::new(finding, sources);
    let mut out = String::new();
    match handler.render_report(&mut out, &report) {
        Ok(()) => out,
        Err(_) => format!("{}: {}\n", finding.code, finding.message),
    }
}

/// A finding in the form that the renderer reads: one source, spans inside it.
struct Report<'a> {
    finding: &'a Diagnostic,
    source: Named,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<String>,
}

impl<'a> Report<'a> {
    fn new(finding: &'a Diagnostic, sources: &Sources) -> Report<'a> {
        let name = sources.name(finding.span).to_owned();
        let text = sources
            .get(finding.span.source)
            .map_or("", |source| &source.text);
        let mut labels = Vec::new();
        let mut elsewhere = Vec::new();
        let mut window = Window::around(text, finding.span);
        let label = (!finding.label.is_empty()).then(|| finding.label.to_string());
        labels.push(LabeledSpan::new_primary_with_span(
            label,
            window.shift(finding.span),
        ));
        for second in &finding.labels {
            if second.span.source == finding.span.source && window.holds(second.span) {
                labels.push(LabeledSpan::new_with_span(
                    Some(second.text.to_string()),
                    window.shift(second.span),
                ));
            } else if let Some(source) = sources.get(second.span.source) {
                let at = source.position(second.span.start as usize);
                elsewhere.push(format!(
                    "{} ({}:{}:{})",
                    second.text, source.name, at.line, at.column
                ));
            }
        }
        let source = Named {
            name,
            text: std::mem::take(&mut window.text),
            cut: window.cut,
        };
        Report {
            finding,
            source,
            labels,
            elsewhere,
        }
    }
}

/// The text handed to the renderer: whole, or one long line cut down.
struct Window {
    text: String,
    start: usize,
    end: usize,
    skipped: usize,
    /// Characters of the shown line that are cut away before it.
    cut: usize,
}

/// A text with its name whose columns are counted in characters; the renderer's own sources count bytes.
struct Named {
    name: String,
    text: String,
    cut: usize,
}

impl SourceCode for Named {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, lines_before, lines_after)?;
        let start = inner.span().offset();
        let before = self.text.get(..start).unwrap_or("");
        let line = before
            .rfind('\n')
            .map_or(before, |at| before.get(at + 1..).unwrap_or(""));
        let column = line.chars().count() + self.cut;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line(),
            column,
            inner.line_count(),
        )))
    }
}

impl Window {
    fn around(text: &str, span: Span) -> Window {
        let start = span.start as usize;
        let line_start = text
            .get(..start)
            .map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let line_end = text
            .get(start..)
            .and_then(|rest| rest.find('\n'))
            .map_or(text.len(), |at| start + at);
        let mut window = Window {
            text: text.to_owned(),
            start: 0,
            end: text.len(),
            skipped: 0,
            cut: 0,
        };
        if line_end - line_start > LONGEST_LINE {
            let floor = |mut at: usize| {
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let from = floor(start.saturating_sub(LONGEST_LINE / 4).max(line_start));
            let to = floor((start + LONGEST_LINE / 2).min(line_end));
            let lines = text
                .get(..line_start)
                .map_or(0, |before| before.matches('\n').count());
            window.text = format!("{}{}", "\n".repeat(lines), text.get(from..to).unwrap_or(""));
            window.skipped = from - lines;
            window.cut = text
                .get(line_start..from)
                .map_or(0, |cut| cut.chars().count());
            window.start = from;
            window.end = to;
        }
        // Control characters would act on the terminal; each is one byte, as is what stands for it.
        let acts = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
        if window.text.chars().any(acts) {
            window.text = window
                .text
                .chars()
                .map(|c| if acts(c) { '?' } else { c })
                .collect();
        }
        // The byte-order mark has no column of its own: a blank keeps the offsets.
        if window.start == 0 && window.text.starts_with('\u{feff}') {
            window.text.replace_range(0..3, "   ");
        }
        window
    }

    fn holds(&self, span: Span) -> bool {
        span.start as usize >= self.start && span.end as usize <= self.end
    }

    fn shift(&self, span: Span) -> (usize, usize) {
        let start = (span.start as usize).clamp(self.start, self.end);
        let end = (span.end as usize).clamp(start, self.end);
        (start - self.skipped, end - start)
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.finding.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.finding.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.finding.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.finding.level {
            Level::Error => Severity::Error,
            Level::Warn => Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let mut lines = self.elsewhere.clone();
        lines.extend(self.finding.help.as_ref().map(ToString::to_string));
        (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
