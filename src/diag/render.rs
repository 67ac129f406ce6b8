//! Draws a finding for a terminal with the line shown, through `miette`.

use super::{Diagnostic, Label, Level};
use crate::source::{Source, Sources, Span};
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

/// What a finding speaks of is shown in one picture when it lies within so many bytes.
const FARTHEST: usize = 20_000;

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
        let mut window = match sources.get(finding.span.source) {
            Some(source) => {
                let here = |second: &&Label| second.span.source == finding.span.source;
                let seconds = finding.labels.iter().filter(here).map(|second| second.span);
                Window::around(source, finding.span, seconds)
            }
            None => Window::default(),
        };
        let mut labels = Vec::new();
        let mut elsewhere = Vec::new();
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
            line: window.line,
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

/// The text handed to the renderer: whole lines around what a finding speaks of, or one long line cut down.
#[derive(Default)]
struct Window {
    text: String,
    start: usize,
    end: usize,
    /// Lines before the first one.
    line: usize,
    /// Characters of the shown line that are cut away before it.
    cut: usize,
}

/// A text with its name whose columns are counted in characters; the renderer's own sources count bytes.
struct Named {
    name: String,
    text: String,
    line: usize,
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
            inner.line() + self.line,
            column,
            // Both count from the first line of the file.
            inner.line_count() + self.line,
        )))
    }
}

impl Window {
    fn around(source: &Source, span: Span, seconds: impl Iterator<Item = Span>) -> Window {
        let text = &*source.text;
        let (first, last) = (span.start as usize, span.end as usize);
        let line = source.line_range(first);
        let floor = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let mut window = if line.len() > LONGEST_LINE {
            let from = floor(first.saturating_sub(LONGEST_LINE / 4).max(line.start));
            let to = floor((first + LONGEST_LINE / 2).min(line.end));
            Window::of(source, from, to)
        } else {
            let end = whole(source, last).min(first + FARTHEST);
            let mut shown = line.start..floor(end).max(line.end);
            for second in seconds {
                let (start, end) = (second.start as usize, second.end as usize);
                let from = source.line_range(start).start.min(shown.start);
                let to = whole(source, end).max(shown.end);
                if to - from <= FARTHEST {
                    shown = from..to;
                }
            }
            let before = source.line_range(shown.start.saturating_sub(1));
            if before.len() <= LONGEST_LINE {
                shown.start = before.start.min(shown.start);
            }
            let after = source.line_range(shown.end + 1);
            if after.len() <= LONGEST_LINE {
                // With its line end: an empty line is shown as well.
                shown.end = (after.end + 1).min(text.len()).max(shown.end);
            }
            Window::of(source, shown.start, shown.end)
        };
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

    fn of(source: &Source, start: usize, end: usize) -> Window {
        let at = source.position(start);
        Window {
            text: source.text.get(start..end).unwrap_or("").to_owned(),
            start,
            end,
            line: at.line - 1,
            cut: at.column - 1,
        }
    }

    fn holds(&self, span: Span) -> bool {
        span.start as usize >= self.start && span.end as usize <= self.end
    }

    fn shift(&self, span: Span) -> (usize, usize) {
        let start = (span.start as usize).clamp(self.start, self.end);
        let end = (span.end as usize).clamp(start, self.end);
        (start - self.start, end - start)
    }
}

/// The end of the line that holds a byte.
fn whole(source: &Source, byte: usize) -> usize {
    source.line_range(byte).end
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
