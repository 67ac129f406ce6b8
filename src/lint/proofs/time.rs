//! The sentences of facts about time: clocks, steps on them, follow-ups, retention.

use super::Proven;
use super::words::{MOST_LABELS, Teller, example};
use crate::analysis::{Block, Claim, ClockClaim, Fact, KeptTooLong, at_most};
use crate::compile::{Amount, Clock, Effective, NodeId};
use crate::diag::Diagnostic;
use crate::lint::steps::{clock_name, role_name, sites, target_of};
use crate::message::{Message, message};
use crate::model::{ClockId, Escalation, Keep, RoleId, Target};
use crate::source::Span;

impl Teller<'_> {
    /// A clock that never runs, or is paused from its start on.
    pub(super) fn clock(&self, block: Block, claim: &ClockClaim) -> Option<Diagnostic> {
        let Block::Clock(place) = block else {
            return None;
        };
        let clock = self.program.clocks.get(place as usize)?;
        let declared = &self.model.clocks.get(place as usize)?.declared;
        let name = &declared.name;
        let start = self.start_clause(declared.span);
        let finding = match claim {
            ClockClaim::NeverStarts => {
                let (span, text) = start.unwrap_or((declared.span, name.clone()));
                let message = message!(
                    "`{name}` never runs: its start `{text}` can never be true",
                    name,
                    text
                );
                Diagnostic::error("clock-never-runs", span, message)
                    .help(message!("correct what starts the clock"))
            }
            ClockClaim::Cancelled(guilty) | ClockClaim::Ended(guilty) => {
                self.ended(name, clock, start, guilty)?
            }
            ClockClaim::AlwaysPaused(guilty)
            | ClockClaim::StaysPaused(guilty)
            | ClockClaim::CountsNothing(guilty)
            | ClockClaim::StartsPaused(guilty) => self.paused(name, clock, start, claim, guilty)?,
        };
        Some(finding.subject(format!("clock.{name}")))
    }

    fn ended(
        &self,
        name: &str,
        clock: &Clock,
        start: Option<(Span, String)>,
        guilty: &[NodeId],
    ) -> Option<Diagnostic> {
        let cancels = guilty.iter().filter(|end| clock.cancel.when.contains(end));
        let effect = match cancels.count() {
            0 => message!("stops"),
            count if count == guilty.len() => message!("cancels"),
            _ => message!("stops or cancels"),
        };
        let end = self.conditions(guilty);
        let (first, others) = guilty.split_first()?;
        let message = match &start {
            Some((_, text)) => message!(
                "`{name}` never runs: what starts it, `{text}`, means that {end} holds too",
                name,
                text,
                end
            ),
            None => message!("`{name}` never runs: {end} holds for every case", name, end),
        };
        let label = match others {
            [] => message!("{effect} it at once", effect = effect.clone()),
            _ => message!("one of them"),
        };
        let span = self.program.span(*first);
        let mut finding = Diagnostic::error("clock-never-runs", span, message).label(label.clone());
        for other in others.iter().take(MOST_LABELS) {
            finding = finding.also(self.program.span(*other), label.clone());
        }
        Some(match start {
            Some((start, _)) => finding
                .help(message!(
                    "let something else start the clock, or take that out of what {effect} it",
                    effect
                ))
                .also(start, message!("starts it")),
            None => finding.help(message!(
                "write what {effect} it so that it is not true from the beginning",
                effect
            )),
        })
    }

    fn paused(
        &self,
        name: &str,
        clock: &Clock,
        start: Option<(Span, String)>,
        claim: &ClockClaim,
        guilty: &[NodeId],
    ) -> Option<Diagnostic> {
        let pauses = guilty.iter().filter(|part| clock.pause.contains(part));
        let pauses: Vec<NodeId> = pauses.copied().collect();
        let (first, others) = pauses.split_first()?;
        let conditions = self.conditions(&pauses);
        let (message, help) = match claim {
            ClockClaim::AlwaysPaused(_) => (
                message!(
                    "`{name}` is paused for ever: {conditions} is true for every case",
                    name,
                    conditions
                ),
                message!("write a condition that ends, or leave `pause` out"),
            ),
            ClockClaim::StaysPaused(_) => (
                message!(
                    "`{name}` is paused for ever: {conditions} is true when it starts, and stays true",
                    name,
                    conditions
                ),
                message!("write a condition that ends, or let something else start the clock"),
            ),
            ClockClaim::CountsNothing(_) => (
                message!(
                    "`{name}` counts no time: wherever {conditions} does not pause it, it is stopped or cancelled",
                    name,
                    conditions
                ),
                message!("leave a state in which the clock runs"),
            ),
            ClockClaim::StartsPaused(_) => (
                message!(
                    "`{name}` is paused when it starts: `{start}` means that {conditions} holds too",
                    name,
                    start = start.as_ref().map_or("", |(_, text)| text),
                    conditions
                ),
                message!(
                    "take what starts the clock out of what pauses it, or let the clock start with what sets it running"
                ),
            ),
            ClockClaim::NeverStarts | ClockClaim::Cancelled(_) | ClockClaim::Ended(_) => {
                return None;
            }
        };
        let span = self.program.span(*first);
        let mut finding = Diagnostic::warn("clock-never-resumes", span, message).help(help);
        let at_once = matches!(claim, ClockClaim::StartsPaused(_));
        if at_once || !others.is_empty() {
            finding = finding.label(match others {
                [] => message!("pauses it at once"),
                _ => message!("one of them"),
            });
        }
        for other in others.iter().take(MOST_LABELS) {
            finding = finding.also(self.program.span(*other), message!("one of them"));
        }
        Some(match start {
            Some((start, _)) if at_once || matches!(claim, ClockClaim::StaysPaused(_)) => {
                finding.also(start, message!("starts it"))
            }
            Some(_) | None => finding,
        })
    }

    /// A step on a clock that stands still for as long as its rule is taken.
    pub(super) fn step(
        &self,
        block: Block,
        rule: u32,
        clock: u32,
        guilty: &[NodeId],
    ) -> Option<Diagnostic> {
        let called = match super::places::item(self.model, block, rule) {
            Some(item) => item.called,
            None => Message::verbatim("`otherwise`"),
        };
        let mut steps = Vec::new();
        let mut subject = String::new();
        for site in sites(self.model) {
            let same = match (block, site.tier) {
                (Block::Sla, Some(tier)) => {
                    let tiers = self.model.sla.as_ref()?.tiers.get(rule as usize)?;
                    tiers.span == tier.span
                }
                (Block::Route, None) => self.route_site(rule).as_ref() == Some(&site.subject),
                _ => false,
            };
            if same {
                let clauses = site.clauses.iter();
                let clauses = clauses.filter(|clause| clause.clock.0 == clock);
                steps.extend(clauses.filter_map(|clause| first_step(clause)));
                subject = site.subject;
            }
        }
        let (step, others) = steps.split_first()?;
        let written = self.program.clocks.get(clock as usize)?;
        let name = &written.named.name;
        let state_of = |end: &NodeId| {
            if written.stop.when.contains(end) {
                message!("stopped")
            } else if written.cancel.when.contains(end) {
                message!("cancelled")
            } else {
                message!("paused")
            }
        };
        let mut states: Vec<Message> = Vec::new();
        for state in guilty.iter().map(state_of) {
            if !states.contains(&state) {
                states.push(state);
            }
        }
        let state = Message::one_of(states);
        let message = message!(
            "`{step}` never comes: where {called} is taken, `{name}` is {state}",
            step = self.text(*step),
            called,
            name,
            state
        );
        let mut finding = Diagnostic::warn("step-never-fires", *step, message)
            .subject(subject)
            .help(message!(
                "name a clock that runs then, or leave the step out"
            ));
        for end in guilty.iter().take(MOST_LABELS) {
            let state = state_of(end);
            let label = message!("`{name}` is {state} here", name, state);
            finding = finding.also(self.program.span(*end), label);
        }
        for other in others.iter().take(MOST_LABELS) {
            finding = finding.also(*other, message!("nor does this come"));
        }
        Some(finding)
    }

    /// The subject of the steps of a rule of the route, or of `otherwise` behind the last one.
    fn route_site(&self, rule: u32) -> Option<String> {
        let rules = &self.model.route.as_ref()?.rules;
        let name = match rules.get(rule as usize) {
            Some(rule) => rule.declared.name.as_str(),
            None => "otherwise",
        };
        Some(format!("route.{name}"))
    }

    /// A tier that escalates to the role that has its cases already.
    pub(super) fn same_role(&self, tier: u32, role: u32) -> Option<Diagnostic> {
        let tier = self.model.sla.as_ref()?.tiers.get(tier as usize)?;
        let clauses = tier.warnings.iter().chain(&tier.escalations);
        let clauses = clauses.filter(|clause| clause.to.is_some_and(|to| to.0 == role));
        let mut places = clauses.map(|clause| {
            let written = self.written.escalations.get(&clause.span);
            let to = written.and_then(|written| written.to.as_ref());
            to.map_or(clause.span, |name| name.span)
        });
        let first = places.next()?;
        let role = role_name(self.model, RoleId(role));
        let message = message!("the case is with `{role}` already", role);
        let name = &tier.declared.name;
        let mut finding = Diagnostic::warn("escalation-to-same-role", first, message)
            .subject(format!("sla.{name}"))
            .help(message!("escalate to another role; to remind the one that has the case, write `warn` in the tier"));
        if let Some(when) = &tier.when {
            finding = finding.also(when.span, message!("it goes there under this condition"));
        }
        for other in places.take(MOST_LABELS) {
            finding = finding.also(other, message!("here, too"));
        }
        Some(finding)
    }

    /// Of each tier that gives a clock more time than another one that always ends it.
    pub(super) fn longer_targets(&self, fact: &Fact) -> Vec<Diagnostic> {
        let (Block::Clock(clock), Claim::StopsWith(other)) = (fact.block, &fact.claim) else {
            return Vec::new();
        };
        let (clock, other) = (ClockId(clock), ClockId(*other));
        let tiers = self.model.sla.iter().flat_map(|sla| &sla.tiers);
        let told = tiers.filter_map(|tier| {
            let (target, limit) = (target_of(tier, clock)?, target_of(tier, other)?);
            if target == Target::None || at_most(target, limit) != Some(false) {
                return None;
            }
            let (name, other) = (clock_name(self.model, clock), clock_name(self.model, other));
            let place = |clock: &str| {
                let written = self.written.target(tier.declared.span, clock);
                written.unwrap_or(tier.declared.span)
            };
            let (span, limit) = (place(name), place(other));
            let message = message!(
                "`{name}` has `{longer}`, but `{other}` only `{shorter}`, and what stops `{other}` stops `{name}` too",
                name,
                longer = self.text(span),
                other,
                shorter = self.text(limit)
            );
            let finding = Diagnostic::warn("response-above-resolve", span, message)
                .subject(format!("sla.{}", tier.declared.name))
                .also(limit, message!("due before that"))
                .help(message!(
                    "give `{name}` no more time than `{other}`; were the two exchanged?",
                    name,
                    other
                ));
            Some(finding)
        });
        told.collect()
    }

    /// A follow-up that is done as soon as it is listed.
    pub(super) fn done_at_once(&self, block: Block, guilty: &[NodeId]) -> Option<Diagnostic> {
        let Block::FollowUp(place) = block else {
            return None;
        };
        let follow_up = self.model.follow_ups.get(place as usize)?;
        let name = &follow_up.declared.name;
        let message = message!(
            "`{name}` is done as soon as it is listed: `{condition}` means that {done} holds too",
            name,
            condition = self.text(follow_up.when.span),
            done = self.conditions(guilty)
        );
        let (first, others) = guilty.split_first()?;
        let mut finding =
            Diagnostic::warn("follow-up-done-at-once", self.program.span(*first), message)
                .subject(format!("follow_up.{name}"))
                .label(match others {
                    [] => message!("completes it at once"),
                    _ => message!("one of them"),
                });
        for other in others.iter().take(MOST_LABELS) {
            finding = finding.also(self.program.span(*other), message!("one of them"));
        }
        Some(
            finding
                .also(follow_up.when.span, message!("lists it"))
                .help(message!(
                    "name what completes the work: `done on EVENT`, or a condition that comes true later"
                )),
        )
    }

    /// A record that is kept beyond its deletion.
    pub(super) fn kept_too_long(&self, proven: &Proven, found: &KeptTooLong) -> Option<Diagnostic> {
        let block = |place: u32| self.model.retains.get(place as usize);
        let (floor, cap) = (block(found.floor)?, block(found.cap)?);
        let record = &self.model.records.get(floor.record.0 as usize)?.name;
        let (keep, delete) = (floor.keep.as_ref()?, cap.delete.as_ref()?);
        let day = |at: crate::time::Instant| at.date(self.program.zone);
        let (from, kept, gone) = (day(found.from), day(found.until), day(found.gone_by));
        let message = match (example(&proven.example), kept == gone) {
            (None, true) => message!(
                "`{record}` is kept beyond its deletion: counted from {from}, both fall on {kept}, but it is deleted first",
                record,
                from,
                kept
            ),
            (None, false) => message!(
                "`{record}` is kept beyond its deletion: counted from {from}, it is kept until {kept}, but has to go by {gone}",
                record,
                from,
                kept,
                gone
            ),
            (Some(example), true) => message!(
                "`{record}` of a case with {example} is kept beyond its deletion: counted from {from}, both fall on {kept}, but it is deleted first",
                record,
                example,
                from,
                kept
            ),
            (Some(example), false) => message!(
                "`{record}` of a case with {example} is kept beyond its deletion: counted from {from}, it is kept until {kept}, but has to go by {gone}",
                record,
                example,
                from,
                kept,
                gone
            ),
        };
        let equal = keep.amount == delete.amount
            && keep.excluding_starting_month == delete.excluding_starting_month;
        let finding = Diagnostic::error("retention-floor-above-cap", keep.span, message)
            .subject(format!("retain.{record}"))
            .also(delete.span, message!("has to go by then"));
        Some(finding.help(if equal {
            message!(
                "let some time pass between the two: not every day has its like after `{amount}`",
                amount = amount(keep)
            )
        } else {
            message!(
                "keep it for less than `{keep}`, or let it go later than `{delete}`",
                keep = amount(keep),
                delete = amount(delete)
            )
        }))
    }

    /// A retention block after whose last day nothing speaks of its cases.
    pub(super) fn retain_expires(&self, proven: &Proven) -> Option<Diagnostic> {
        let Block::Retain(place) = proven.fact.block else {
            return None;
        };
        let item = super::places::item(self.model, proven.fact.block, 0)?;
        let last = match self.program.retains.get(place as usize)?.effective? {
            Effective::ByOpening { until, .. } => until?.to_string(),
            Effective::ByNow { end, .. } => end?.format(self.program.zone),
        };
        let (called, name) = (item.called, &item.name);
        let message = match example(&proven.example) {
            Some(example) => message!(
                "{called} counts until {last}, and no `retain {name}` block speaks of its cases afterwards, such as one with {example}",
                called,
                last,
                name,
                example
            ),
            None => message!(
                "{called} counts until {last}, and no `retain {name}` block speaks of its cases afterwards",
                called,
                last,
                name
            ),
        };
        Some(
            Diagnostic::warn("expires-uncovered", item.span, message)
                .subject(item.subject)
                .help(message!("add a block that counts from the next day on")),
        )
    }

    /// The place of `start …`, and what is written there.
    fn start_clause(&self, clock: Span) -> Option<(Span, String)> {
        let span = self.written.clocks.get(&clock)?.start.as_ref()?.span;
        Some((span, self.text(span)))
    }

    /// Conditions as they are written, one of which holds.
    fn conditions(&self, parts: &[NodeId]) -> Message {
        let parts = parts.iter().map(|part| {
            let text = self.text(self.program.span(*part));
            Message::verbatim(format!("`{text}`"))
        });
        Message::one_of(parts)
    }
}

fn first_step(clause: &Escalation) -> Option<Span> {
    clause.steps.first().map(|(_, span)| *span)
}

fn amount(keep: &Keep) -> String {
    match keep.amount {
        Amount::Exact(length) => length.to_string(),
        Amount::Calendar(period) => period.to_string(),
    }
}
