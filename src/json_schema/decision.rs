//! The schema of a decision, with the names of the policy: values, roles, queues, tiers, clocks.

use super::node::{Node, form, integer, kind, list, map, nullable, object, reference, text, words};
use super::types::{Types, instant};
use crate::eval::{ClockState, Flag, Phase, ProblemCode};
use crate::model::{Classification, Declared, Model, Strategy};

/// A decision of a policy, and what it refers to.
pub(super) fn decision(model: &Model, types: &mut Types<'_>) -> Vec<(String, Node)> {
    let classifications: Vec<(&str, Node)> = model
        .classifications
        .iter()
        .map(|block| (block.declared.name.as_str(), classification(block, types)))
        .collect();
    let records: Vec<(&str, Node)> = model
        .records
        .iter()
        .map(|record| (record.name.as_str(), titled(reference("retention"), record)))
        .collect();
    let decision = object([
        ("case", nullable(text())),
        ("at", instant()),
        ("policy", reference("policy")),
        ("classification", object(classifications)),
        ("route", route(model)),
        ("sla", sla(model)),
        ("retention", object(records)),
        ("follow_ups", list(follow_up(model))),
        ("requirements", list(requirement(model))),
        ("next_change_at", nullable(instant())),
        (
            "waiting_for",
            list(object([("field", text()), ("rules", list(text()))])),
        ),
        ("problems", list(problem())),
        ("ignored_events", count()),
    ]);
    vec![
        ("decision".to_owned(), decision),
        ("policy".to_owned(), policy()),
        ("clock".to_owned(), clock(model)),
        ("retention".to_owned(), retention(model)),
    ]
}

/// The header that names the policy.
pub(super) fn policy() -> Node {
    object([
        ("name", text()),
        ("version", text()),
        ("hash", hash()),
        ("language", integer()),
        ("tzdb", text()),
        ("holidays", map(hash())),
    ])
}

fn hash() -> Node {
    form("^sha256:[0-9a-f]{64}$")
}

/// How many there are.
pub(super) fn count() -> Node {
    integer().with("minimum", Node::Integer(0))
}

fn because() -> Node {
    list(text())
}

fn titled(node: Node, declared: &Declared) -> Node {
    node.with_some("title", declared.label.as_deref())
}

/// One of the declared names; any text where none is declared.
fn names(declared: &[Declared]) -> Node {
    words(declared.iter().map(|one| one.name.as_str()))
}

fn classification(block: &Classification, types: &mut Types<'_>) -> Node {
    let path = format!("classify:{}", block.declared.name);
    let value = types.printed(&block.outcome, &path);
    let taken = match block.strategy {
        Strategy::Collect => {
            let some = object([
                ("value", list(value)),
                ("rules", list(text())),
                ("because", because()),
            ]);
            Node::of([("anyOf", Node::List(vec![some, without_value()]))])
        }
        Strategy::FirstMatch | Strategy::Unique | Strategy::Highest => {
            let some = object([("value", value), ("rule", text()), ("because", because())]);
            Node::of([("anyOf", Node::List(vec![some, without_value()]))])
        }
    };
    titled(taken, &block.declared)
}

/// A classification without a value.
fn without_value() -> Node {
    object([("value", kind("null")), ("rule", nullable(text()))])
}

fn steps(model: &Model, with_role: bool) -> Node {
    let to = with_role.then(|| ("to", names(&model.roles)));
    let entries = [("key", text())].into_iter().chain(to);
    list(object(entries.chain([
        ("at", nullable(instant())),
        ("fired", kind("boolean")),
    ])))
}

fn route(model: &Model) -> Node {
    let Some(block) = &model.route else {
        return kind("null");
    };
    let role = names(&model.roles);
    object([
        ("role", nullable(role.clone())),
        ("queue", nullable(names(&model.queues))),
        ("with", list(role)),
        ("rule", nullable(text())),
        ("because", because()),
        ("escalations", steps(model, true)),
    ])
    .with_some("title", block.label.as_deref())
}

fn sla(model: &Model) -> Node {
    let Some(block) = &model.sla else {
        return kind("null");
    };
    // Without a tier there are no clocks.
    let clocks = Node::Object(
        model
            .clocks
            .iter()
            .map(|one| {
                (
                    one.declared.name.clone(),
                    titled(reference("clock"), &one.declared),
                )
            })
            .collect(),
    );
    let tiers = block.tiers.iter().map(|tier| tier.declared.name.as_str());
    object([
        ("tier", nullable(words(tiers))),
        ("because", because()),
        ("clocks", kind("object").with("properties", clocks)),
    ])
    .with_some("title", block.label.as_deref())
}

fn clock(model: &Model) -> Node {
    let calendar = words(model.calendars.iter().map(|one| one.declared.name.as_str()));
    let cycle = object([
        ("cycle", count()),
        ("state", words(["met", "superseded"])),
        ("target", nullable(text())),
        ("calendar", nullable(calendar.clone())),
        ("started_at", instant()),
        ("ended_at", instant()),
        ("elapsed_s", nullable(count())),
        ("due", nullable(instant())),
        ("met_at", nullable(instant())),
        ("breached_at", nullable(instant())),
    ]);
    object([
        ("state", words(ClockState::ALL.map(ClockState::word))),
        ("target", nullable(text())),
        ("calendar", nullable(calendar)),
        ("cycle", count()),
        ("started_at", nullable(instant())),
        ("elapsed_s", nullable(count())),
        ("remaining_s", nullable(integer())),
        ("due", nullable(instant())),
        ("met_at", nullable(instant())),
        ("breached_at", nullable(instant())),
        ("flag", nullable(words(Flag::WORDS))),
        ("warnings", steps(model, false)),
        ("escalations", steps(model, true)),
        ("cycles", list(cycle)),
    ])
}

fn retention(model: &Model) -> Node {
    object([
        ("phase", words(Phase::ALL.map(Phase::word))),
        ("keep_until", nullable(instant())),
        ("delete_by", nullable(instant())),
        (
            "then",
            nullable(words(["review", "destroy", "anonymise", "archive"])),
        ),
        ("approver", nullable(names(&model.roles))),
        ("rules", list(text())),
        ("holds", list(text())),
        ("because", because()),
    ])
}

fn follow_up(model: &Model) -> Node {
    let names = words(
        model
            .follow_ups
            .iter()
            .map(|one| one.declared.name.as_str()),
    );
    object([
        ("name", names),
        ("by", self::names(&model.roles)),
        ("due", nullable(instant())),
        ("done", kind("boolean")),
        ("done_at", nullable(instant())),
        ("overdue", kind("boolean")),
        ("because", because()),
    ])
}

fn requirement(model: &Model) -> Node {
    let names = words(model.requires.iter().map(|one| one.declared.name.as_str()));
    object([
        ("name", names),
        ("met", nullable(kind("boolean"))),
        ("fields", list(text())),
        ("because", because()),
    ])
}

fn problem() -> Node {
    object([
        ("code", words(ProblemCode::ALL.map(ProblemCode::word))),
        ("block", text()),
        ("rules", list(text())),
        ("message", text()),
    ])
}
