//! The schemas of what commands print beside decisions: explanations, lines of a batch, errors.

use super::decision::{count, policy};
use super::node::{Node, kind, list, map, nullable, object, reference, text, words};
use super::types::instant;
use crate::eval::ClockState;

/// A line of `caseway batch`.
pub(super) fn line() -> Node {
    let decided = object([("line", count()), ("decision", reference("decision"))]);
    let refused = object([("line", count()), ("error", reference("error"))]);
    Node::of([("anyOf", Node::List(vec![decided, refused]))])
}

/// `{"error": …}`
pub(super) fn failure() -> Node {
    object([("error", reference("error"))])
}

/// Why something was refused.
pub(super) fn error() -> (String, Node) {
    let field = object([
        ("path", text()),
        ("code", text()),
        ("message", text()),
        ("got", nullable(text())),
    ]);
    let error = object([
        ("code", text()),
        ("message", text()),
        ("case", nullable(text())),
        ("line", nullable(count())),
        ("fields", list(field)),
    ]);
    ("error".to_owned(), error)
}

/// What `caseway explain` prints, and what it refers to.
pub(super) fn explanation() -> Vec<(String, Node)> {
    let explanation = object([
        ("case", nullable(text())),
        ("at", instant()),
        ("policy", policy()),
        ("blocks", list(reference("block"))),
        ("clocks", list(reference("ledger"))),
        ("counterfactual", nullable(reference("counterfactual"))),
    ]);
    let taken = vec![nullable(text()), list(text())];
    let block = object([
        ("block", text()),
        ("taken", Node::of([("anyOf", Node::List(taken))])),
        ("in_force", kind("boolean")),
        ("because", list(text())),
        ("waiting_for", list(text())),
        ("rules", list(reference("rule"))),
    ]);
    let rule = object([
        ("rule", text()),
        ("result", words(["true", "false", "unknown", "inactive"])),
        ("reached", kind("boolean")),
        ("because", list(text())),
        ("atoms", list(reference("atom"))),
    ]);
    let atom = object([
        ("text", text()),
        ("result", words(["true", "false", "unknown"])),
        ("values", map(any())),
        ("decides", kind("boolean")),
        ("defines", list(text())),
    ]);
    let segment = object([
        ("from", instant()),
        ("to", instant()),
        (
            "kind",
            words(["running", "outside_hours", "unknown", "paused", "met"]),
        ),
        ("calendar", nullable(text())),
        ("amount", nullable(text())),
    ]);
    let ledger = object([
        ("name", text()),
        ("state", words(ClockState::ALL.map(ClockState::word))),
        ("elapsed_s", nullable(count())),
        ("segments", list(segment)),
    ]);
    let change = object([("path", text()), ("from", any()), ("to", any())]);
    let counterfactual = object([("rule", text()), ("changes", list(change))]);
    [
        ("explanation", explanation),
        ("block", block),
        ("rule", rule),
        ("atom", atom),
        ("ledger", ledger),
        ("counterfactual", counterfactual),
    ]
    .map(|(name, node)| (name.to_owned(), node))
    .into()
}

/// Any value.
fn any() -> Node {
    Node::Bool(true)
}
