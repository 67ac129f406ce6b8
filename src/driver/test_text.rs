//! Cases as `test` blocks of a policy, with what the policy decides of them.
//!
//! Used by `lint --witness-tests` and `test --generate`. A block says what the policy does, so it passes until
//! the policy does something else.

use super::case_text::written;
use super::concrete;
use super::policy::Policy;
use super::suite::samples;
use crate::analysis::{Block, Goal};
use crate::compile::{NodeId, Type};
use crate::eval::Shown;
use crate::format;
use crate::ingest;
use crate::lint;
use crate::model::{Entry, Presence, RecordId, written_name};
use crate::source::{SourceId, Sources};
use crate::value::{CaseFile, EventKind, Value};
use std::collections::BTreeMap;

/// Tests of which each shows a finding about all cases: what the policy does with its witness now.
pub fn witness_tests(policy: &Policy, findings: &[crate::diag::Diagnostic]) -> String {
    let mut names = Names::default();
    let mut text = String::new();
    for finding in findings {
        let Some(json) = &finding.evidence.case else {
            continue;
        };
        let Ok(file) = policy.case_from_json(json) else {
            continue;
        };
        let name = names.once(&format!("{} {}", finding.code, finding.subject));
        text.push_str(&block(policy, &name, &file));
    }
    laid_out(text)
}

/// A small suite of tests of a policy: each rule is taken, each part of a condition decides it once true and
/// once false, limits are tried on both sides. What cannot be reached by a case has no test.
pub fn generated_tests(policy: &Policy) -> String {
    let mut names = Names::default();
    let mut text = String::new();
    for sample in samples(policy) {
        let name = match &sample.purpose.goal {
            Goal::Taken(block, rule) if sample.loosely => {
                format!("{} is true", subject(policy, *block, *rule))
            }
            goal => purpose(policy, goal),
        };
        let name = names.once(&name);
        text.push_str(&block(policy, &name, &sample.file));
    }
    laid_out(text)
}

/// What a test is called by what it shows.
fn purpose(policy: &Policy, goal: &Goal) -> String {
    let part = |id: &NodeId| {
        let words: Vec<&str> = policy
            .sources()
            .slice(policy.program().span(*id))
            .split_whitespace()
            .collect();
        words.join(" ").replace(['"', '\\'], "'")
    };
    let happening = |event: u32| {
        let event = policy.program().events.get(event as usize);
        event.map_or("", |event| event.name.as_str())
    };
    let word = |holds: &bool| if *holds { "true" } else { "false" };
    match goal {
        Goal::Taken(block, rule) => format!("{} is taken", subject(policy, *block, *rule)),
        Goal::Otherwise(block) => format!("{} falls to otherwise", whole(policy, *block)),
        Goal::Decides(block, rule, id, holds) => {
            let subject = subject(policy, *block, *rule);
            format!("{subject} by {} being {}", part(id), word(holds))
        }
        Goal::DecidesClock(place, id, holds) => {
            let clock = policy.program().clocks.get(*place as usize);
            let name = clock.map_or("", |clock| &clock.named.name);
            format!("clock.{name} by {} being {}", part(id), word(holds))
        }
        Goal::Triggers(place, event) => {
            let clock = policy.program().clocks.get(*place as usize);
            let name = clock.map_or("", |clock| &clock.named.name);
            format!("clock.{name} on {}", happening(*event))
        }
        Goal::DecidesDone(place, id, holds) => {
            let subject = whole(policy, Block::FollowUp(*place));
            format!("{subject} done by {} being {}", part(id), word(holds))
        }
        Goal::Done(place, event) => {
            let subject = whole(policy, Block::FollowUp(*place));
            format!("{subject} done on {}", happening(*event))
        }
        Goal::DecidesThat(place, id, holds) => {
            let require = policy.program().requires.get(*place as usize);
            let name = require.map_or("", |require| &require.named.name);
            format!("require.{name} by {} being {}", part(id), word(holds))
        }
        Goal::DecidesMoment(id, holds) => format!("{} being {}", part(id), word(holds)),
        Goal::DecidesDefine(place, id, holds) => {
            let define = policy.program().defines.get(*place as usize);
            let name = define.map_or("", |define| &define.named.name);
            format!("{name} by {} being {}", part(id), word(holds))
        }
    }
}

fn subject(policy: &Policy, block: Block, rule: u32) -> String {
    lint::subject_of(policy.model(), block, rule).unwrap_or_default()
}

fn whole(policy: &Policy, block: Block) -> String {
    let subject = lint::block_subject(policy.model(), policy.program(), block);
    subject.unwrap_or_default()
}

/// Names of tests, each once.
#[derive(Default)]
struct Names {
    known: BTreeMap<String, usize>,
}

impl Names {
    fn once(&mut self, name: &str) -> String {
        let name: String = name.chars().take(100).collect();
        let count = self.known.entry(name.clone()).or_default();
        *count += 1;
        match *count {
            1 => name,
            count => format!("{name} ({count})"),
        }
    }
}

fn block(policy: &Policy, name: &str, file: &CaseFile) -> String {
    let schema = policy.schema();
    let mut text = format!(
        "test \"{name}\" {{\n  case {}\n",
        record(policy, file, RecordId(0))
    );
    for event in &file.events {
        if let EventKind::Happened(place) = &event.kind
            && let Some((name, _)) = schema.events.get(*place as usize)
        {
            let at = event.at.format(policy.zone());
            text.push_str(&format!("  event {at} {}\n", written_name(name)));
        }
    }
    if let Some(at) = file.at {
        text.push_str(&format!("  at {}\n", at.format(policy.zone())));
    }
    for expect in expects(policy, file) {
        text.push_str(&format!("  expect {expect}\n"));
    }
    text.push_str("}\n\n");
    text
}

/// The fields of a record that are not at their defaults.
fn record(policy: &Policy, file: &CaseFile, id: RecordId) -> String {
    let schema = policy.schema();
    let mut parts = Vec::new();
    let entries = schema.record(id);
    for (name, entry) in entries.map_or(&[][..], |record| &record.entries) {
        let name = written_name(name);
        match entry {
            Entry::Field(id) => {
                let value = file.case.slots.get(id.0 as usize).cloned().flatten();
                let Some(field) = schema.field(*id) else {
                    continue;
                };
                let plain = match &field.presence {
                    Presence::Required | Presence::Optional => false,
                    Presence::Default(default) => value.as_ref() == Some(default),
                };
                if let (Some(value), false) = (&value, plain) {
                    let shown = name_or_value(policy, &field.ty, value);
                    parts.push(format!("{name}: {shown}"));
                }
            }
            Entry::Record(id) => {
                let inner = record(policy, file, *id);
                if inner != "{}" {
                    parts.push(format!("{name}: {inner}"));
                }
            }
        }
    }
    match parts.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", parts.join(", ")),
    }
}

/// A value as a policy writes it, names in backticks where they need them.
fn name_or_value(policy: &Policy, ty: &Type, value: &Value) -> String {
    let program = policy.program();
    match (ty, value) {
        (Type::Enum(id), Value::Member(member)) => written_name(program.member(*id, *member)),
        (Type::Set(element), Value::Set(items)) => {
            let items = items
                .iter()
                .map(|item| name_or_value(policy, element, item));
            let items: Vec<String> = items.collect();
            match items.is_empty() {
                true => "{}".to_owned(),
                false => format!("{{ {} }}", items.join(", ")),
            }
        }
        _ => written(Shown { program, ty, value }),
    }
}

/// What the policy decides of a case, as expectations.
fn expects(policy: &Policy, file: &CaseFile) -> Vec<String> {
    let program = policy.program();
    // As a test without `at` is decided: at its last event, or when the case was opened.
    let opened = ingest::opened_at(policy.schema(), &file.case);
    let last = file.events.last().map(|event| event.at);
    let at = file.at.or(last).or(opened);
    let at = at.unwrap_or_else(|| concrete::decided_at(program, file));
    let decision = policy.decide(&file.case, &file.events, at);
    let mut lines = Vec::new();
    for block in &program.classifications {
        let name = written_name(&block.named.name);
        let found = decision.classification(&block.named.name);
        match (found.and_then(|found| found.value), &block.ty) {
            (None, _) => lines.push(format!("{name} is missing")),
            (Some(Value::Set(items)), Type::Set(element)) => {
                lines.push(format!("count({name}) is {}", items.len()));
                for item in items.iter() {
                    let item = name_or_value(policy, element, item);
                    lines.push(format!("{name} contains {item}"));
                }
            }
            (Some(value), ty) => {
                lines.push(format!("{name} is {}", name_or_value(policy, ty, value)));
            }
        }
    }
    if let Some(role) = decision.route().and_then(|route| route.role) {
        lines.push(format!("route.role is {}", written_name(role)));
    }
    if let Some(tier) = decision.sla().and_then(|sla| sla.tier) {
        lines.push(format!("sla.tier is {}", written_name(tier)));
    }
    if lines.is_empty() {
        lines.extend(program.requires.iter().map(|require| {
            let name = written_name(&require.named.name);
            format!("requirements.{name}.met is present")
        }));
    }
    lines
}

/// Blocks as `caseway fmt` lays them out.
fn laid_out(text: String) -> String {
    let mut sources = Sources::default();
    let id: SourceId = sources.add("tests.policy", text.clone());
    format::format(id, &text).unwrap_or(text)
}
