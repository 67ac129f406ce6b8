//! Reads a file item by item and goes on after every mistake.
//!
//! The text is scanned, known slips are mended in a shadow of it, brackets are balanced, and then
//! each item is parsed by itself. Where an item cannot be read, the mistake is named, the smallest
//! part around it (a rule, a row, a field) is blanked out, and the rest of the item is read.

use super::ast::{Comment, File, Lost};
use super::grammar::{PolicyGrammar, Rule};
use super::lower::Lower;
use super::mistakes::Failure;
use super::outline::{Outline, Tracer};
use super::scan::{Scan, TokenKind, scan};
use super::shadow::Shadow;
use super::{ITEM_KEYWORDS, brackets, direct, slips};
use crate::diag::{Diagnostic, Level};
use crate::source::{SourceId, Span};
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

/// After so many mistakes in one file the rest of it is not read.
const MOST_MISTAKES: usize = 200;

/// Rereading items after mistakes takes at most so many times the length of the file.
const MOST_REREADING: usize = 20;

/// Reads one policy file.
///
/// The tree holds every item that could be read; the findings say what could not, each mistake once.
pub fn parse(source: SourceId, text: &str) -> (File, Vec<Diagnostic>) {
    let (file, findings, _) = read(source, text, None);
    (file, findings)
}

/// Reads one policy file and keeps what it looks like; no outline for a text that has errors.
pub fn parse_with_outline(
    source: SourceId,
    text: &str,
) -> (File, Vec<Diagnostic>, Option<Outline>) {
    read(source, text, Some(Tracer::default()))
}

fn read(
    source: SourceId,
    text: &str,
    tracer: Option<Tracer>,
) -> (File, Vec<Diagnostic>, Option<Outline>) {
    let original = scan(text);
    let mut file = File {
        comments: comments(source, text, &original),
        ..File::default()
    };
    if let Some(finding) = slips::pasted(source, text, &original) {
        file.lost = everything();
        return (file, vec![finding], None);
    }
    let mut found = slips::find(source, text, &original);
    if found.too_many {
        file.lost = everything();
        return (file, found.findings, None);
    }
    let first = Shadow::new(text, found.patches.clone());
    let first_scan = match found.patches.is_empty() {
        true => original,
        false => scan(&first.text),
    };
    let balance = brackets::balance(&first.text, &first_scan);
    for problem in &balance.problems {
        let finding = problem.finding(source, &first);
        found.claimed.push(finding.span.start as usize);
        found.findings.push(finding);
    }
    if balance.given_up {
        file.lost = everything();
        return (file, found.findings, None);
    }
    let balanced = balance.patches.is_empty();
    for patch in balance.patches {
        found.patches.push(patch.moved(&first));
    }
    let mended = !found.patches.is_empty();
    let tracer = tracer.filter(|_| !mended);
    let (shadow, scan) = match balanced {
        true => (first, first_scan),
        false => {
            let shadow = Shadow::new(text, found.patches);
            let scan = scan(&shadow.text);
            (shadow, scan)
        }
    };
    let mut reader = Reader {
        lower: Lower {
            source,
            shadow: &shadow,
            scan: &scan,
            base: 0,
            findings: found.findings,
            lost: Lost::default(),
            moved_by: 0,
        },
        text: &shadow.text,
        scan: &scan,
        cuts: cuts(&shadow.text, &scan),
        claimed: found.claimed,
        rereading: shadow
            .text
            .len()
            .max(100_000)
            .saturating_mul(MOST_REREADING),
        file,
        direct: !mended && tracer.is_none(),
        tracer,
    };
    reader.items();
    let outline = reader
        .tracer
        .filter(|_| {
            !reader
                .lower
                .findings
                .iter()
                .any(|finding| finding.level == Level::Error)
        })
        .map(|tracer| tracer.outline(&scan));
    reader.file.lost = reader.lower.lost;
    (reader.file, reader.lower.findings, outline)
}

fn everything() -> Lost {
    Lost {
        names: Vec::new(),
        items: ITEM_KEYWORDS
            .iter()
            .map(|word| (*word).to_owned())
            .collect(),
    }
}

fn comments(source: SourceId, text: &str, scan: &Scan) -> Vec<Comment> {
    let own_line = |start: usize| {
        let before = text.get(..start).unwrap_or("");
        let line = before
            .rfind('\n')
            .map_or(before, |at| before.get(at + 1..).unwrap_or(""));
        line.chars().all(|c| c.is_whitespace() || c == '\u{feff}')
    };
    scan.comments
        .iter()
        .map(|(start, end)| Comment {
            span: Span::new(source, *start, *end),
            text: text.get(start + 1..*end).unwrap_or("").to_owned(),
            own_line: own_line(*start),
        })
        .collect()
}

/// Places in `tokens` of item keywords that begin a line outside all braces.
fn cuts(text: &str, scan: &Scan) -> Vec<usize> {
    let mut depth = 0usize;
    let mut cuts = Vec::new();
    for (at, token) in scan.tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Sign('{' | '(') => depth += 1,
            TokenKind::Sign('}' | ')') => depth = depth.saturating_sub(1),
            TokenKind::Word
                if depth == 0
                    && ITEM_KEYWORDS.contains(&token.text(text))
                    && begins_line(text, scan, at) =>
            {
                cuts.push(at);
            }
            _ => {}
        }
    }
    cuts
}

/// Whether a token is the first of its line.
pub(super) fn begins_line(text: &str, scan: &Scan, at: usize) -> bool {
    let Some(token) = scan.tokens.get(at) else {
        return true;
    };
    let before = at
        .checked_sub(1)
        .and_then(|at| scan.tokens.get(at))
        .map_or(0, |token| token.end);
    before == 0 || text.get(before..token.start).unwrap_or("").contains('\n')
}

struct Reader<'a> {
    lower: Lower<'a>,
    text: &'a str,
    scan: &'a Scan,
    cuts: Vec<usize>,
    claimed: Vec<usize>,
    /// Bytes that may still be read a second time.
    rereading: usize,
    file: File,
    /// Whether items may be read without the grammar.
    direct: bool,
    tracer: Option<Tracer>,
}

impl Reader<'_> {
    fn items(&mut self) {
        let mut at = 0;
        let mut mistakes = 0;
        while let Some(token) = self.scan.tokens.get(at) {
            let end = self.region_end(at);
            let start = token.start;
            let known = self.lower.findings.len();
            let next = match self.read(start, end, None) {
                Ok(next) => next,
                Err(_) if mistakes >= MOST_MISTAKES || self.rereading == 0 => {
                    let shadow = self.lower.shadow;
                    let (start, end) =
                        (shadow.original_start(start), shadow.original_end(token.end));
                    let place = Span::new(self.lower.source, start, end);
                    self.lower.report(slips::too_many(place, mistakes));
                    self.lower.lost = everything();
                    return;
                }
                // A word at the start of a line may be a name that only looks like an item.
                Err(failure) if end < self.text.len() && failure.offset >= end => {
                    self.rereading = self.rereading.saturating_sub(self.text.len() - start);
                    match self.read(start, self.text.len(), None) {
                        Ok(next) => next,
                        Err(_) => {
                            mistakes += 1;
                            self.recover(at, end, failure)
                        }
                    }
                }
                Err(failure) => {
                    mistakes += 1;
                    self.recover(at, end, failure)
                }
            };
            at = self
                .scan
                .token_at(next.max(start))
                .max(at + usize::from(next <= start));
            let goes_on = self.scan.tokens.get(at).is_some_and(|token| {
                token.start < end && !ITEM_KEYWORDS.contains(&token.text(self.text))
            });
            if goes_on {
                self.forget_missing_clauses(known);
            }
        }
    }

    /// Takes back that clauses are missing: text that could not be read may hold them.
    fn forget_missing_clauses(&mut self, known: usize) {
        let mut at = 0;
        self.lower.findings.retain(|finding| {
            at += 1;
            at <= known || !matches!(finding.code, "missing-clause" | "missing-then")
        });
    }

    /// Where the item that starts with this token ends at the latest.
    fn region_end(&self, at: usize) -> usize {
        let after = self.cuts.partition_point(|cut| *cut <= at);
        self.cuts
            .get(after)
            .and_then(|cut| self.scan.tokens.get(*cut))
            .map_or(self.text.len(), |token| token.start)
    }

    /// Reads one item; gives the offset behind it.
    fn read(&mut self, start: usize, end: usize, blanked: Option<&str>) -> Result<usize, Failed> {
        if self.direct && blanked.is_none() {
            let tokens = &self.scan.tokens;
            let first = tokens.partition_point(|token| token.start < start);
            let behind = tokens.partition_point(|token| token.start < end);
            let tokens = tokens.get(first..behind).unwrap_or(&[]);
            if let Some((item, next)) = direct::item(self.lower.source, self.text, tokens) {
                self.file.items.push(item);
                return Ok(next);
            }
        }
        let slice = blanked.unwrap_or_else(|| self.text.get(start..end).unwrap_or(""));
        match PolicyGrammar::parse(Rule::one_item, slice) {
            Ok(pairs) => {
                self.lower.base = start;
                let mut next = start;
                for pair in pairs.flat_map(pest::iterators::Pair::into_inner) {
                    next = start + pair.as_span().end();
                    if let Some(tracer) = &mut self.tracer
                        && pair.as_rule() == Rule::item
                    {
                        tracer.item(pair.clone(), start, self.scan);
                    }
                    let item = self.lower.item(pair);
                    self.file.items.extend(item);
                }
                Ok(next)
            }
            Err(error) => {
                let offset = match error.location {
                    InputLocation::Pos(at) | InputLocation::Span((at, _)) => start + at,
                };
                let expected = match error.variant {
                    ErrorVariant::ParsingError { positives, .. } => positives,
                    ErrorVariant::CustomError { .. } => Vec::new(),
                };
                Err(Failed { offset, expected })
            }
        }
    }

    /// Names the mistake, blanks the part around it and reads the rest of the item; gives the offset
    /// behind the item.
    fn recover(&mut self, at: usize, end: usize, failure: Failed) -> usize {
        let Some(first) = self.scan.tokens.get(at) else {
            return end;
        };
        let start = first.start;
        let last = self
            .scan
            .token_at(end.saturating_sub(1))
            .min(self.scan.tokens.len());
        let tokens = at..self
            .scan
            .tokens
            .partition_point(|token| token.start < end)
            .max(last.min(at + 1));
        let mut slice = self.text.get(start..end).unwrap_or("").to_owned();
        let mut failure = failure;
        for _ in 0..MOST_MISTAKES {
            let context = Failure {
                source: self.lower.source,
                text: self.text,
                shadow: self.lower.shadow,
                tokens: &self.scan.tokens,
                region: tokens.clone(),
                at: self.scan.token_at(failure.offset).min(tokens.end),
                expected: &failure.expected,
            };
            let piece = context.piece();
            let place = piece.clone().unwrap_or_else(|| tokens.clone());
            let claimed = self.is_claimed(&place);
            if !claimed {
                let finding = context.explain();
                self.lower.report(finding);
            }
            self.lose_words(&place);
            let Some(piece) = piece else { break };
            if !self.blank(&mut slice, start, &piece) {
                break;
            }
            self.rereading = self.rereading.saturating_sub(end - start);
            if self.rereading == 0 {
                break;
            }
            let known = self.lower.findings.len();
            match self.read(start, end, Some(&slice)) {
                Ok(next) => {
                    // Clauses of these items are parts of their own: the blanked one may be missing.
                    if matches!(first.text(self.text), "retain" | "test") {
                        self.forget_missing_clauses(known);
                    }
                    return self.behind(next, end);
                }
                Err(again) => failure = again,
            }
        }
        let keyword = first.text(self.text);
        if ITEM_KEYWORDS.contains(&keyword) {
            self.lower.lost.items.push(keyword.to_owned());
        }
        self.lose_words(&tokens);
        end
    }

    /// What is left of a region behind a mended item, unless nothing but blanks is.
    fn behind(&self, next: usize, end: usize) -> usize {
        let after = self.scan.token_at(next);
        match self.scan.tokens.get(after) {
            Some(token) if token.start < end => token.start,
            Some(_) | None => end,
        }
    }

    fn is_claimed(&self, place: &std::ops::Range<usize>) -> bool {
        let (Some(first), Some(last)) = (
            self.scan.tokens.get(place.start),
            self.scan.tokens.get(place.end.saturating_sub(1)),
        ) else {
            return false;
        };
        let shadow = self.lower.shadow;
        let range = shadow.original_start(first.start)..=shadow.original_end(last.end);
        self.claimed.iter().any(|offset| range.contains(offset))
    }

    fn lose_words(&mut self, place: &std::ops::Range<usize>) {
        for token in self.scan.tokens.get(place.clone()).unwrap_or(&[]) {
            if matches!(token.kind, TokenKind::Word | TokenKind::Backtick) {
                let word = token.text(self.text).trim_matches('`').to_owned();
                self.lower.lost.names.push(word);
            }
        }
    }

    /// Overwrites a piece with blanks; false when it was blank before.
    fn blank(&self, slice: &mut String, start: usize, piece: &std::ops::Range<usize>) -> bool {
        let (Some(first), Some(last)) = (
            self.scan.tokens.get(piece.start),
            self.scan.tokens.get(piece.end.saturating_sub(1)),
        ) else {
            return false;
        };
        let (Some(from), Some(to)) = (first.start.checked_sub(start), last.end.checked_sub(start))
        else {
            return false;
        };
        let Some(old) = slice.get(from..to) else {
            return false;
        };
        if old.bytes().all(|byte| byte == b' ') {
            return false;
        }
        slice.replace_range(from..to, &" ".repeat(to - from));
        true
    }
}

struct Failed {
    offset: usize,
    expected: Vec<Rule>,
}
