//! `bad-suppression`: a comment begins with `caseway:` and cannot be read.
//!
//! Such comments are instructions to the linter; one that is misspelt does nothing.
//!
//! Example:
//!
//! ```text
//! # caseway: ignore unused-role
//! ```
//!
//! Instead: `# caseway: allow unused-role because "the night shift starts in May"`.

use super::Lint;
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, ClassifyPart, Field, ItemKind, TypeKind};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "bad-suppression",
    level: Level::Warn,
    check: None,
};

/// One `# caseway: allow CODE because "…"`.
pub(super) struct Suppression {
    pub code: String,
    /// Where the code stands.
    pub code_span: Span,
    pub has_reason: bool,
    /// The whole comment.
    pub span: Span,
    /// What it speaks of; none when nothing stands below it.
    pub place: Option<Span>,
}

/// All suppressions of the files, and findings about those that cannot be read.
pub(super) fn read(files: &[ast::File], sources: &Sources) -> (Vec<Suppression>, Vec<Diagnostic>) {
    let mut suppressions = Vec::new();
    let mut findings = Vec::new();
    for file in files {
        let mut places: Option<Vec<Span>> = None;
        for comment in &file.comments {
            let text = comment.text.trim_start();
            let Some(rest) = text.strip_prefix("caseway:") else {
                continue;
            };
            let Some((code, has_reason)) = parse(rest) else {
                findings.push(
                    Diagnostic::warn(
                        LINT.code,
                        comment.span,
                        message!("this comment speaks to the linter, but cannot be read"),
                    )
                    .help(message!("write `# caseway: allow CODE because \"…\"`")),
                );
                continue;
            };
            let places = places.get_or_insert_with(|| places_of(file));
            let place = if comment.own_line {
                below(comment.span, places, sources)
            } else {
                None
            };
            let written = sources.slice(comment.span);
            let code_span = match written
                .rfind(code)
                .filter(|_| !has_reason)
                .or_else(|| written.find(code))
            {
                Some(at) => {
                    let start = comment.span.start as usize + at;
                    Span::new(comment.span.source, start, start + code.len())
                }
                None => comment.span,
            };
            suppressions.push(Suppression {
                code: code.to_owned(),
                code_span,
                has_reason,
                span: comment.span,
                place,
            });
        }
    }
    (suppressions, findings)
}

/// The code behind `allow`, and whether a reason follows.
fn parse(text: &str) -> Option<(&str, bool)> {
    let rest = text.trim().strip_prefix("allow")?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (code, rest) = rest.split_at(end);
    let well_formed = !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if !well_formed {
        return None;
    }
    let rest = rest.trim();
    if rest.is_empty() {
        return Some((code, false));
    }
    let reason = rest.strip_prefix("because")?.trim();
    let reason = reason.strip_prefix('"')?.strip_suffix('"')?;
    Some((code, !reason.trim().is_empty()))
}

/// What may be spoken of in a file, by where it starts, the larger first.
fn places_of(file: &ast::File) -> Vec<Span> {
    let mut places = Vec::new();
    for item in &file.items {
        places.push(item.span);
        match &item.kind {
            ItemKind::Case(fields) => fields_of(fields, &mut places),
            ItemKind::Type(_, ty) => {
                if let TypeKind::Record(fields) = &ty.kind {
                    fields_of(fields, &mut places);
                }
            }
            ItemKind::Classify(classify) => {
                for part in &classify.body {
                    match part {
                        ClassifyPart::Rule(rule) => places.push(rule.span),
                        ClassifyPart::Table(table) => {
                            places.push(table.span);
                            places.extend(table.rows.iter().map(|row| row.span));
                        }
                        ClassifyPart::TableFile(_, span) => places.push(*span),
                    }
                }
                places.extend(classify.otherwise.iter().map(|otherwise| otherwise.span));
            }
            ItemKind::Route(route) => {
                places.extend(route.rules.iter().map(|rule| rule.span));
                places.extend(route.otherwise.iter().map(|otherwise| otherwise.span));
            }
            ItemKind::Sla(sla) => places.extend(sla.tiers.iter().map(|tier| tier.span)),
            ItemKind::Script(script) => {
                places.extend(script.functions.iter().map(|function| function.span))
            }
            ItemKind::Events(events) => places.extend(events.iter().map(|event| event.name.span)),
            ItemKind::Role(_)
            | ItemKind::Queue(_)
            | ItemKind::Record(_)
            | ItemKind::Define(..)
            | ItemKind::Calendar(_)
            | ItemKind::Clock(_)
            | ItemKind::Retain(_)
            | ItemKind::Hold(_)
            | ItemKind::FollowUp(_)
            | ItemKind::Require(_)
            | ItemKind::Guarantee(_)
            | ItemKind::Test(_) => {}
        }
    }
    places.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    places
}

fn fields_of(fields: &[Field], places: &mut Vec<Span>) {
    for field in fields {
        places.push(field.span);
        if let TypeKind::Record(inner) = &field.ty.kind {
            fields_of(inner, places);
        }
    }
}

/// The place that starts next below a comment, with nothing but comments between.
fn below(comment: Span, places: &[Span], sources: &Sources) -> Option<Span> {
    let at = places.partition_point(|place| place.start < comment.end);
    let place = places.get(at)?;
    let between = sources.slice(Span {
        start: comment.end,
        end: place.start,
        ..comment
    });
    let only_comments = between.lines().all(|line| {
        let line = line.trim_start_matches([' ', '\t', '\r', '\u{feff}', '\u{3000}']);
        line.is_empty() || line.starts_with('#')
    });
    only_comments.then_some(*place)
}
