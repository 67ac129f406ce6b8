//! The sentences of facts.

use super::places::{self, Item, Place};
use super::{Proven, inversion, removal, rows};
use crate::analysis::{Block, Claim};
use crate::compile::{Effective, NodeId, Program};
use crate::diag::{Diagnostic, Evidence};
use crate::lint::written::Written;
use crate::message::{Message, message};
use crate::model::Model;
use crate::source::{Sources, Span};

/// Rules that are pointed at, at most; the message counts the others.
pub(super) const MOST_LABELS: usize = 4;

pub(super) struct Teller<'a> {
    pub(super) model: &'a Model,
    pub(super) program: &'a Program,
    pub(super) sources: &'a Sources,
    pub(super) written: Written<'a>,
}

impl Teller<'_> {
    pub(super) fn tell(&self, proven: &Proven) -> Option<Diagnostic> {
        let block = proven.fact.block;
        let item = |rule: u32| places::item(self.model, block, rule);
        let place = || places::place(self.model, self.program, block);
        let example = example(&proven.example);
        match &proven.fact.claim {
            Claim::NeverMatches(rule, parts) => Some(self.never(block, &item(*rule)?, parts)),
            Claim::AlwaysMatches(rule) => {
                let Item {
                    called,
                    subject,
                    span,
                    ..
                } = item(*rule)?;
                let message = message!(
                    "{called} is true of every case, so that no rule behind it is ever taken",
                    called
                );
                let help = message!("give it a condition, or move it behind the others");
                Some(
                    Diagnostic::warn("always-matches", span, message)
                        .subject(subject)
                        .help(help),
                )
            }
            Claim::UnreachableRule(rule, by) => Some(self.unreachable(block, &item(*rule)?, by)),
            Claim::UnreachableOtherwise => {
                let Place {
                    called,
                    subject,
                    otherwise,
                    ..
                } = place()?;
                let span = otherwise?;
                let message = message!(
                    "`otherwise` of {called} is never taken: of every case some rule is true",
                    called
                );
                let help =
                    message!("take it out, or narrow the rules where a case should fall through");
                let finding = Diagnostic::warn("unreachable-otherwise", span, message);
                Some(finding.subject(subject).help(help))
            }
            Claim::RedundantCondition(rule, part, list) => {
                Some(self.redundant(&item(*rule)?, *part, *list))
            }
            Claim::Gap => {
                let Place {
                    called,
                    subject,
                    span,
                    ..
                } = place()?;
                let message = match &example {
                    Some(example) => message!(
                        "no rule of {called} takes a case with {example}",
                        called,
                        example
                    ),
                    None => message!("no rule of {called} takes any case", called),
                };
                let (rows, help) = self.missing_rows(proven).unwrap_or_else(|| {
                    let help = message!("add a rule for such cases, or `otherwise`");
                    (Vec::new(), help)
                });
                let finding = Diagnostic::error("gap", span, message).subject(subject);
                Some(finding.help(help).evidence(Evidence {
                    rows,
                    ..Evidence::default()
                }))
            }
            Claim::Conflict(a, b) => {
                let (a, b) = (item(*a)?, item(*b)?);
                let subject = place()?.subject;
                let (one, other) = (&a.called, &b.called);
                let message = match &example {
                    Some(example) => message!(
                        "{one} and {other} are both true of a case with {example}",
                        one,
                        other,
                        example
                    ),
                    None => message!("{one} and {other} are both true of some cases", one, other),
                };
                let finding = Diagnostic::error("conflict", b.span, message)
                    .subject(subject)
                    .also(a.span, message!("also true of that case"))
                    .help(message!(
                        "let one of them leave out the cases of the other, or write `first match` instead of `unique`"
                    ));
                Some(with_rules(finding, [a.name, b.name]))
            }
            Claim::UnsetByMissing(slot) => {
                let Place {
                    called,
                    subject,
                    span,
                    ..
                } = place()?;
                let path = &self.program.fields.get(*slot as usize)?.path;
                let message = match &example {
                    Some(example) => message!(
                        "without `{path}`, {called} comes out as with no value of it: a case with {example}",
                        path,
                        called,
                        example
                    ),
                    None => message!(
                        "without `{path}`, {called} comes out as with no value of it",
                        path,
                        called
                    ),
                };
                let help = message!(
                    "say what a missing `{path}` means: a rule with `{path} is missing`, or a default in `case`",
                    path
                );
                let finding = Diagnostic::warn("unset-by-missing", span, message);
                Some(finding.subject(subject).help(help))
            }
            Claim::ExpiresUncovered(_) if matches!(block, Block::Retain(_)) => {
                self.retain_expires(proven)
            }
            Claim::ExpiresUncovered(rule) => self.expires(block, *rule, example.as_ref()),
            Claim::RetentionGap(_) => {
                let Item {
                    name,
                    subject,
                    span,
                    ..
                } = item(0)?;
                let message = match &example {
                    Some(example) => message!(
                        "no `retain {name}` block speaks of a case with {example}",
                        name,
                        example
                    ),
                    None => message!("no `retain {name}` block speaks of any case", name),
                };
                let help = message!(
                    "add `retain {name} when … {{ … }}` for such cases, or leave the condition of a block out",
                    name
                );
                Some(
                    Diagnostic::warn("retention-gap", span, message)
                        .subject(subject)
                        .help(help),
                )
            }
            Claim::SlaInversion(found) => inversion::tell(self, found),
            Claim::GuaranteeBroken => {
                let Item {
                    name,
                    subject,
                    span,
                    ..
                } = item(0)?;
                let then = places::promise(self.model, block)?;
                let message = match &example {
                    Some(example) => message!(
                        "guarantee `{name}` does not hold for a case with {example}",
                        name,
                        example
                    ),
                    None => message!("guarantee `{name}` does not hold for any case", name),
                };
                let finding = Diagnostic::error("guarantee-broken", span, message)
                    .subject(subject)
                    .also(then.span, message!("not true of that case"))
                    .help(message!(
                        "change the rules that decide such a case, or say in `if` which cases are meant"
                    ));
                Some(finding)
            }
            Claim::Clock(claim) => self.clock(block, claim),
            Claim::KeptTooLong(found) => self.kept_too_long(proven, found),
            Claim::DoneAtOnce(guilty) => self.done_at_once(block, guilty),
            // Tells of each tier by itself.
            Claim::StopsWith(_) => None,
            Claim::SameRole(tier, role) => self.same_role(*tier, *role),
            Claim::StepNeverFires(rule, clock, guilty) => self.step(block, *rule, *clock, guilty),
        }
    }

    /// The rows that a table lacks, and what to do with them.
    fn missing_rows(&self, proven: &Proven) -> Option<(Vec<String>, Message)> {
        let Block::Classification(place) = proven.fact.block else {
            return None;
        };
        let block = self.model.classifications.get(place as usize)?;
        let missing = proven.fact.rows.as_ref()?;
        rows::told(self.model, self.sources, block, missing)
    }

    fn never(&self, block: Block, item: &Item, parts: &[NodeId]) -> Diagnostic {
        let span = |part: &NodeId| self.program.span(*part);
        let called = &item.called;
        // Parts of defines first, so that the finding stands where the item itself is wrong.
        let (shared, own): (Vec<NodeId>, Vec<NodeId>) =
            parts.iter().partition(|part| self.is_in_define(span(part)));
        let parts: Vec<NodeId> = shared.into_iter().chain(own.iter().copied()).collect();
        let at = own.last().map_or(item.span, span);
        let message = match parts.as_slice() {
            [] => message!("no case ever makes {called} true", called),
            [one] => {
                let part = self.text(span(one));
                match block {
                    Block::Guarantee(_) => {
                        message!(
                            "`{part}` is never true, so {called} speaks of no case",
                            part,
                            called
                        )
                    }
                    _ => message!(
                        "`{part}` is never true, so {called} never matches",
                        part,
                        called
                    ),
                }
            }
            [one, other] => {
                let (a, b) = (self.text(span(one)), self.text(span(other)));
                message!(
                    "`{a}` and `{b}` are never true together, so {called} never matches",
                    a,
                    b,
                    called
                )
            }
            all => {
                let count = all.len();
                message!(
                    "these {count} conditions are never all true, so {called} never matches",
                    count,
                    called
                )
            }
        };
        let label = match parts.len() {
            1 => message!("can never be true"),
            2 if !own.is_empty() => message!("never true together with it"),
            _ => message!("one of them"),
        };
        let finding = Diagnostic::error("never-matches", at, message);
        let elsewhere = parts.iter().filter(|part| span(part) != at);
        let finding = elsewhere.take(MOST_LABELS).fold(finding, |finding, part| {
            finding.also(span(part), label.clone())
        });
        let finding = finding.subject(&item.subject).help(message!(
            "change one of the conditions, or take {called} out",
            called
        ));
        removal::of_item(finding, item, block, self.sources)
    }

    /// Whether a text is part of a define.
    fn is_in_define(&self, span: Span) -> bool {
        let values = self.program.defines.iter().map(|define| define.value);
        values.map(|value| self.program.span(value)).any(|value| {
            value.source == span.source && value.start <= span.start && span.end <= value.end
        })
    }

    fn unreachable(&self, block: Block, item: &Item, by: &[u32]) -> Diagnostic {
        if by.is_empty() {
            return self.out_of_force(block, item);
        }
        let takers: Vec<Item> = by
            .iter()
            .filter_map(|rule| places::item(self.model, block, *rule))
            .collect();
        let called = &item.called;
        let names = takers
            .iter()
            .map(|taker| Message::verbatim(format!("`{}`", taker.name)));
        let message = match takers.len() {
            0..=MOST_LABELS => message!(
                "{called} is never taken: every case that makes it true is taken by {names} before it",
                called,
                names = Message::all_of(names)
            ),
            count => message!(
                "{called} is never taken: every case that makes it true is taken by {count} rules before it",
                called,
                count
            ),
        };
        let mut finding = Diagnostic::error("unreachable-rule", item.span, message)
            .subject(&item.subject)
            .help(message!(
                "move {called} before them, narrow them, or take it out",
                called
            ));
        let label = match takers.len() {
            1 => message!("takes all its cases"),
            _ => message!("takes some of its cases"),
        };
        for taker in takers.iter().take(MOST_LABELS) {
            finding = finding.also(taker.span, label.clone());
        }
        let finding = with_rules(finding, takers.into_iter().map(|taker| taker.name));
        removal::of_item(finding, item, block, self.sources)
    }

    /// A rule that no case can take because its block does not count then.
    fn out_of_force(&self, block: Block, item: &Item) -> Diagnostic {
        let called = &item.called;
        let place = places::place(self.model, self.program, block);
        let block_called = place.map_or(message!("its block"), |place| place.called);
        let message = message!(
            "{called} is never taken: {block_called} does not count in any case that makes it true",
            called,
            block_called
        );
        let finding = Diagnostic::error("unreachable-rule", item.span, message)
            .subject(&item.subject)
            .help(message!(
                "change the dates of the rule or of the block, or take {called} out",
                called
            ));
        removal::of_item(finding, item, block, self.sources)
    }

    fn redundant(&self, item: &Item, part: NodeId, list: NodeId) -> Diagnostic {
        let span = self.program.span(part);
        let text = self.text(span);
        let called = &item.called;
        let message = message!(
            "`{text}` changes nothing: without it {called} is true of the same cases",
            text,
            called
        );
        let finding = Diagnostic::warn("redundant-condition", span, message).subject(&item.subject);
        if item.row {
            return finding
                .help(message!("write `-` in this cell"))
                .safe_fix(span, "-");
        }
        let finding = finding.help(message!("take it out"));
        removal::of_part(finding, self.program, part, list, self.sources)
    }

    fn expires(
        &self,
        block: Block,
        rule: Option<u32>,
        example: Option<&Message>,
    ) -> Option<Diagnostic> {
        let (called, subject, span, effective) = match rule {
            Some(rule) => {
                let item = places::item(self.model, block, rule)?;
                (
                    item.called,
                    item.subject,
                    item.span,
                    self.dates(block, rule)?,
                )
            }
            None => {
                let place = places::place(self.model, self.program, block)?;
                (
                    place.called,
                    place.subject,
                    place.span,
                    self.block_dates(block)?,
                )
            }
        };
        let last = match effective {
            Effective::ByOpening { until, .. } => until?.to_string(),
            Effective::ByNow { end, .. } => end?.format(self.program.zone),
        };
        let message = match example {
            Some(example) if rule.is_some() => message!(
                "{called} counts until {last}, and nothing takes its cases afterwards, such as one with {example}",
                called,
                last,
                example
            ),
            _ => message!(
                "{called} counts until {last}, and nothing takes its cases afterwards",
                called,
                last
            ),
        };
        let help = message!("add what counts from the next day on, or `otherwise`");
        Some(
            Diagnostic::warn("expires-uncovered", span, message)
                .subject(subject)
                .help(help),
        )
    }

    fn dates(&self, block: Block, rule: u32) -> Option<Effective> {
        let at = rule as usize;
        match block {
            Block::Classification(place) => {
                let block = self.program.classifications.get(place as usize)?;
                block.rules.get(at)?.effective
            }
            Block::Route => self.program.route.as_ref()?.rules.get(at)?.effective,
            Block::Sla => self.program.sla.as_ref()?.tiers.get(at)?.effective,
            _ => None,
        }
    }

    fn block_dates(&self, block: Block) -> Option<Effective> {
        match block {
            Block::Classification(place) => {
                self.program.classifications.get(place as usize)?.effective
            }
            Block::Route => self.program.route.as_ref()?.effective,
            Block::Sla => self.program.sla.as_ref()?.effective,
            _ => None,
        }
    }

    /// A text on one line, cut short.
    pub(super) fn text(&self, span: Span) -> String {
        let words: Vec<&str> = self.sources.slice(span).split_whitespace().collect();
        let one_line = words.join(" ");
        if one_line.chars().count() <= 60 {
            return one_line;
        }
        let mut short: String = one_line.chars().take(57).collect();
        short.push('…');
        short
    }
}

fn with_rules(finding: Diagnostic, rules: impl IntoIterator<Item = String>) -> Diagnostic {
    finding.evidence(Evidence {
        rules: rules.into_iter().collect(),
        ..Evidence::default()
    })
}

/// The fields of a case that matter, as a condition that it makes true.
pub(super) fn example(fields: &[(String, Option<String>)]) -> Option<Message> {
    let parts: Vec<String> = fields
        .iter()
        .map(|(path, value)| match value.as_deref() {
            Some("true") => format!("`{path}`"),
            Some("false") => format!("`not {path}`"),
            Some(value) => format!("`{path} is {value}`"),
            None => format!("`{path} is missing`"),
        })
        .collect();
    let parts = parts.into_iter().map(Message::verbatim);
    (!fields.is_empty()).then(|| Message::all_of(parts))
}
