//! What deciding a case asks rule by rule, although there is an index: for `caseway lint --costs`.

use super::policy::Policy;
use crate::eval::Site;
use crate::index::{BlockIndex, Reason};
use crate::message::{Message, message};
use crate::source::Sources;
use serde::Serialize;

/// What is asked of a block.
#[derive(Clone, Debug, Serialize)]
pub struct BlockCosts {
    /// The block, such as `classify.severity`.
    pub block: String,
    /// How many rules it has.
    pub rules: usize,
    /// Whether it has so few that they are asked one after the other.
    pub few: bool,
    /// Parts of conditions that are asked of every case that nothing else in their rule rules out.
    pub parts: Vec<PartCost>,
}

/// A part of a condition that is not looked up.
#[derive(Clone, Debug, Serialize)]
pub struct PartCost {
    /// The rule.
    pub rule: String,
    /// The part.
    pub condition: String,
    /// Why: `text`, `computed`, `calendar`, `script`, `behind` or `alternatives`.
    pub reason: &'static str,
    /// The same for people.
    #[serde(skip)]
    pub because: Message,
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
}

/// What deciding a case asks of each block, in the order in which blocks are decided.
pub fn costs(policy: &Policy) -> Vec<BlockCosts> {
    let (program, index) = (policy.program(), policy.rule_index());
    let mut found = Vec::new();
    for (place, block) in (0u32..).zip(&program.classifications) {
        let of_block = index.classification(place);
        let site = Site::Classification(place);
        found.push(block_costs(policy, site, block.rules.len(), of_block));
    }
    if let Some(block) = &program.route {
        found.push(block_costs(
            policy,
            Site::Route,
            block.rules.len(),
            index.route(),
        ));
    }
    if let Some(block) = &program.sla {
        found.push(block_costs(
            policy,
            Site::Sla,
            block.tiers.len(),
            index.sla(),
        ));
    }
    found
}

fn block_costs(
    policy: &Policy,
    site: Site,
    rules: usize,
    index: Option<&BlockIndex>,
) -> BlockCosts {
    let program = policy.program();
    let rests = index.map(BlockIndex::rests).unwrap_or_default();
    let parts = rests.into_iter().map(|(rule, rest)| {
        let node = rest.asked.node;
        let span = program.span(node);
        let written: Vec<&str> = policy.sources().slice(span).split_whitespace().collect();
        let written = written.join(" ");
        let (file, line) = place(policy.sources(), span);
        let (reason, because) = told(rest.reason);
        PartCost {
            rule: program.rule_name(site, rule).unwrap_or_default().to_owned(),
            condition: match rest.asked.negated {
                true => format!("not ({written})"),
                false => written,
            },
            reason,
            because,
            file,
            line,
        }
    });
    BlockCosts {
        block: program.block_name(site),
        rules,
        few: index.is_none(),
        parts: parts.collect(),
    }
}

fn place(sources: &Sources, span: crate::source::Span) -> (String, usize) {
    let source = sources.get(span.source);
    let line = source.map_or(1, |source| source.position(span.start as usize).line);
    (sources.name(span).to_owned(), line)
}

fn told(reason: Reason) -> (&'static str, Message) {
    match reason {
        Reason::Text => ("text", message!("it looks into a text")),
        Reason::Computed => (
            "computed",
            message!("it computes, or compares values of the case with each other"),
        ),
        Reason::Calendar => ("calendar", message!("it asks a calendar")),
        Reason::Script => ("script", message!("it calls a script")),
        Reason::Behind => (
            "behind",
            message!("it stands behind a part that may report a problem"),
        ),
        Reason::Alternatives => ("alternatives", message!("it has too many alternatives")),
    }
}
