//! What an expectation found instead, and which rules decided that.

use super::Refused;
use crate::compile::{Expect, ExpectKind, Node, NodeId, Outcome, Program, Test};
use crate::diag::Diagnostic;
use crate::eval::{
    Answer, Decision, Outline, Part, ReadValue, ScriptHost, Site, Taken, TracedBlock, Truth,
    decide_and_answer,
};
use crate::message::{Message, message};
use crate::source::{Sources, Span};
use crate::time::Instant;
use crate::value::CaseFile;
use serde::Serialize;
use std::collections::BTreeSet;

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Its text.
    pub expect: Message,
    /// What was found.
    pub got: Message,
    /// The line of the expectation, from 1.
    pub line: usize,
    /// What decided the blocks that it reads.
    pub rules: Vec<Decider>,
    /// Where the expectation stands.
    #[serde(skip)]
    pub span: Span,
}

/// What decided a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decider {
    /// The block, such as `classify.severity`.
    pub block: String,
    /// The rule that was taken; none when no rule of the block was.
    pub rule: Option<String>,
    /// The missing fields that keep rules of the block unknown.
    pub waiting_for: Vec<String>,
    /// Where the rule stands.
    #[serde(skip)]
    pub span: Option<Span>,
}

impl Failure {
    fn new(sources: &Sources, expect: &Expect, got: Message, rules: Vec<Decider>) -> Failure {
        let text = Message::verbatim(&expect.text);
        Failure::at(sources, expect.span, text, got, rules)
    }

    fn at(
        sources: &Sources,
        span: Span,
        expect: Message,
        got: Message,
        rules: Vec<Decider>,
    ) -> Failure {
        let source = sources.get(span.source);
        Failure {
            expect,
            got,
            line: source.map_or(0, |source| source.position(span.start as usize).line),
            rules,
            span,
        }
    }

    /// The failure as a finding on the line of the expectation, with the rules that decided.
    pub fn finding(&self) -> Diagnostic {
        let mut finding = Diagnostic::error(
            "test-failed",
            self.span,
            message!("expected `{expected}`", expected = self.expect),
        )
        .label(message!("got: {found}", found = self.got));
        let mut helps = Vec::new();
        for decider in &self.rules {
            let block = &decider.block;
            match (&decider.rule, decider.span) {
                (Some(rule), Some(span)) => {
                    finding = finding.also(span, message!("`{block}` took `{rule}`", block, rule));
                }
                (Some(rule), None) => {
                    helps.push(message!("`{block}` took `{rule}`", block, rule));
                }
                (None, _) => helps.push(message!("no rule of `{block}` is true", block)),
            }
            if !decider.waiting_for.is_empty() {
                let fields = decider.waiting_for.join("`, `");
                helps.push(message!("`{block}` waits for `{fields}`", block, fields));
            }
        }
        let help = helps
            .into_iter()
            .reduce(|before, next| message!("{before}; {next}", before, next));
        match help {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}

/// The expectations of a test that a decision does not meet.
pub(super) fn decided(
    program: &Program,
    scripts: &dyn ScriptHost,
    sources: &Sources,
    test: &Test,
    case: &CaseFile,
    at: Instant,
) -> Vec<Failure> {
    let condition = |expect: &Expect| match &expect.kind {
        ExpectKind::Condition(condition) => Some(*condition),
        ExpectKind::Refused(_) => None,
    };
    let conditions: Vec<NodeId> = test.expects.iter().filter_map(condition).collect();
    let (decision, answers) =
        decide_and_answer(program, &case.case, &case.events, at, scripts, &conditions);
    let mut answers = answers.into_iter();
    let mut failures = Vec::new();
    for expect in &test.expects {
        let (got, rules) = match &expect.kind {
            ExpectKind::Condition(condition) => {
                let Some(got) = answers.next().and_then(|answer| unmet(&answer)) else {
                    continue;
                };
                (got, deciders(program, &decision, *condition))
            }
            ExpectKind::Refused(_) => (message!("the case is accepted"), Vec::new()),
        };
        failures.push(Failure::new(sources, expect, got, rules));
    }
    failures
}

/// What was found instead, unless the condition holds.
fn unmet(answer: &Answer) -> Option<Message> {
    if answer.truth.is_true() {
        return None;
    }
    let reads = answer.reads.iter().map(|read| match &read.value {
        ReadValue::Present(value) => message!("{path} is {value}", path = read.path, value),
        ReadValue::Missing => message!("{path} is missing", path = read.path),
    });
    Some(match (answer.reads.is_empty(), answer.truth) {
        (false, _) => Message::list(reads),
        (true, Truth::False) => message!("false"),
        (true, Truth::Unknown) => message!("unknown"),
        (true, Truth::True) => message!("true"),
    })
}

/// What decided the blocks that a condition reads, in the order in which they are decided.
fn deciders(program: &Program, decision: &Decision, condition: NodeId) -> Vec<Decider> {
    let mut sites: BTreeSet<Site> = BTreeSet::new();
    let mut defines = BTreeSet::new();
    let mut work = vec![condition];
    while let Some(id) = work.pop() {
        let node = program.node(id);
        if let Node::Classification(place) = node {
            sites.insert(Site::Classification(*place));
        } else if let Node::Outcome(outcome) = node {
            sites.extend(site_of(*outcome));
        } else if let Node::Define(place) = node {
            let define = program.defines.get(*place as usize);
            work.extend(
                define
                    .filter(|_| defines.insert(*place))
                    .map(|define| define.value),
            );
        } else {
            program.operands(id, |operand| work.push(operand));
        }
    }
    let outline = Outline::new(program);
    let mut deciders = Vec::new();
    for site in sites {
        let block = TracedBlock::Site(site);
        let mut waiting_for = Vec::new();
        for (slot, subjects) in &decision.waiting_for {
            if subjects.iter().any(|subject| subject.place().0 == site) {
                let field = program.fields.get(*slot as usize);
                waiting_for.extend(field.map(|field| field.path.clone()));
            }
        }
        let decider = |part: Option<Part>, waiting_for: Vec<String>| Decider {
            block: program.block_name(site),
            rule: part.map(|part| program.part_name(block, part)),
            waiting_for,
            span: part.and_then(|part| {
                let mut blocks = outline.blocks.iter();
                let found = blocks.find(|outline| outline.block == block)?;
                let rule = found.rules.iter().find(|rule| rule.part == part)?;
                rule.span(program, block)
            }),
        };
        let taken = parts_taken(decision, site);
        if taken.is_empty() {
            deciders.push(decider(None, waiting_for));
            continue;
        }
        for part in taken {
            deciders.push(decider(Some(part), std::mem::take(&mut waiting_for)));
        }
    }
    deciders
}

/// The block that decides an outcome.
fn site_of(outcome: Outcome) -> Option<Site> {
    match outcome {
        Outcome::RouteRole | Outcome::RouteQueue | Outcome::RouteWith => Some(Site::Route),
        Outcome::SlaTier
        | Outcome::ClockTarget(_)
        | Outcome::ClockState(_)
        | Outcome::ClockDue(_)
        | Outcome::ClockMetAt(_)
        | Outcome::ClockBreachedAt(_)
        | Outcome::ClockElapsed(_) => Some(Site::Sla),
        Outcome::RetentionPhase(record)
        | Outcome::RetentionKeepUntil(record)
        | Outcome::RetentionDeleteBy(record) => Some(Site::Retention(record.0)),
        Outcome::FollowUpDue(_) | Outcome::FollowUpDone(_) | Outcome::RequirementMet(_) => None,
    }
}

fn parts_taken(decision: &Decision, site: Site) -> Vec<Part> {
    let of = |taken: &Taken| match taken {
        Taken::Nothing => Vec::new(),
        Taken::Rule(rule) => vec![Part::Rule(*rule)],
        Taken::Otherwise => vec![Part::Otherwise],
        Taken::Rules(rules) => rules.iter().copied().map(Part::Rule).collect(),
    };
    match site {
        Site::Classification(place) => decision
            .classifications
            .get(place as usize)
            .map_or(Vec::new(), |decided| of(&decided.taken)),
        Site::Route => of(&decision.route),
        Site::Sla => decision.tier.into_iter().map(Part::Rule).collect(),
        Site::Retention(record) => {
            let kept = decision.retention.get(record as usize);
            let blocks = kept.into_iter().flat_map(|kept| &kept.blocks);
            blocks.copied().map(Part::Rule).collect()
        }
        Site::Clock(_) | Site::Hold(_) | Site::FollowUp(_) | Site::Require(_) => Vec::new(),
    }
}

/// The expectations of a test that the refusal of its case does not meet.
pub(super) fn when_refused(sources: &Sources, test: &Test, refused: &Refused) -> Vec<Failure> {
    let mut failures = Vec::new();
    for expect in &test.expects {
        let got = match &expect.kind {
            ExpectKind::Condition(_) => refused.message.clone(),
            ExpectKind::Refused(path) if refused.paths.iter().any(|(wrong, _)| wrong == path) => {
                continue;
            }
            ExpectKind::Refused(_) => {
                let wrong = refused.paths.iter().map(|(path, message)| {
                    message!("`{path}` is refused: {message}", path, message)
                });
                let wrong = wrong.reduce(|before, next| message!("{before}; {next}", before, next));
                wrong.unwrap_or_else(|| refused.message.clone())
            }
        };
        failures.push(Failure::new(sources, expect, got, Vec::new()));
    }
    if test.expects.is_empty() {
        let accepted = message!("the case is accepted");
        let got = refused.message.clone();
        failures.push(Failure::at(sources, test.span, accepted, got, Vec::new()));
    }
    failures
}
