//! Lays checked expressions into the arena, patterns and constant sets made ready.
//!
//! Between the model's expressions and [`super::node`]. The model bounds how deep expressions nest,
//! so walking them recursively is bounded too.

use super::fold::fold;
use super::node::{List, Node, NodeId};
use super::patterns;
use super::spans::Spans;
use crate::model::{Expr, ExprKind};
use crate::value::Value;

/// The arena while it is filled.
#[derive(Default)]
pub(super) struct Arena {
    pub(super) nodes: Vec<Node>,
    pub(super) spans: Spans,
    pub(super) lists: Vec<NodeId>,
    depths: Vec<u32>,
}

impl Arena {
    /// Lays an expression; its operands come before it.
    pub(super) fn lower(&mut self, expr: &Expr) -> NodeId {
        let node = self.node(expr);
        let id = NodeId(place(self.nodes.len()));
        let mut below = 0;
        node.operands(&self.lists, |operand| {
            below = below.max(self.depth(operand))
        });
        self.depths.push(below + 1);
        self.nodes.push(node);
        self.spans.push(expr.span);
        id
    }

    /// How deep a node's operands nest, itself included.
    pub(super) fn depth(&self, id: NodeId) -> u32 {
        self.depths.get(id.0 as usize).copied().unwrap_or(0)
    }

    fn list(&mut self, exprs: &[Expr]) -> List {
        let ids: Vec<NodeId> = exprs.iter().map(|expr| self.lower(expr)).collect();
        let start = place(self.lists.len());
        self.lists.extend(ids);
        List {
            start,
            end: place(self.lists.len()),
        }
    }

    fn node(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Constant(value) => Node::Constant(value.clone()),
            ExprKind::Target(target) => Node::Target(*target),
            ExprKind::Field(id) => Node::Field(id.0),
            ExprKind::Define(id) => Node::Define(id.0),
            ExprKind::Classification(id) => Node::Classification(id.0),
            ExprKind::Outcome(outcome) => Node::Outcome(*outcome),
            ExprKind::Or(all) => Node::Or(self.list(all)),
            ExprKind::And(all) => Node::And(self.list(all)),
            ExprKind::Not(value) => Node::Not(self.lower(value)),
            ExprKind::Equal {
                left,
                right,
                negated,
                ignoring_case,
            } => {
                let (left, right) = (self.lower(left), self.lower(right));
                if *ignoring_case {
                    Node::EqualFolded {
                        left,
                        right,
                        negated: *negated,
                    }
                } else {
                    Node::Equal {
                        left,
                        right,
                        negated: *negated,
                    }
                }
            }
            ExprKind::Order(op, left, right) => {
                Node::Order(*op, self.lower(left), self.lower(right))
            }
            ExprKind::Between(value, least, greatest) => {
                Node::Between(self.lower(value), self.lower(least), self.lower(greatest))
            }
            ExprKind::In {
                value,
                set,
                negated,
                ignoring_case,
            } => {
                let value = self.lower(value);
                if *ignoring_case {
                    Node::InFolded {
                        value,
                        set: folded_set(set),
                        negated: *negated,
                    }
                } else {
                    Node::In {
                        value,
                        set: sorted(set),
                        negated: *negated,
                    }
                }
            }
            ExprKind::Missing { value, negated } => Node::Missing {
                value: self.lower(value),
                negated: *negated,
            },
            ExprKind::Text {
                op,
                value,
                pattern,
                ignoring_case,
            } => {
                let value = self.lower(value);
                let folded = *ignoring_case;
                match &pattern.kind {
                    ExprKind::Constant(Value::Text(text)) => Node::TextConstant {
                        op: *op,
                        value,
                        pattern: ready(text, folded),
                        folded,
                    },
                    _ => Node::Text {
                        op: *op,
                        value,
                        pattern: self.lower(pattern),
                        folded,
                    },
                }
            }
            ExprKind::TextMany {
                all,
                value,
                patterns,
                ignoring_case,
            } => Node::TextMany {
                all: *all,
                value: self.lower(value),
                patterns: patterns
                    .iter()
                    .map(|text| ready(text, *ignoring_case))
                    .collect(),
                folded: *ignoring_case,
            },
            ExprKind::Matches {
                value,
                pattern,
                ignoring_case,
            } => Node::Matches {
                value: self.lower(value),
                pattern: patterns::ready(pattern, *ignoring_case).map(Box::new),
            },
            ExprKind::SetContains { set, element } => Node::SetContains {
                set: self.lower(set),
                element: self.lower(element),
            },
            ExprKind::SetContainsMany { all, set, elements } => Node::SetContainsMany {
                all: *all,
                set: self.lower(set),
                elements: sorted(elements),
            },
            ExprKind::During {
                value,
                calendar,
                outside,
            } => Node::During {
                value: self.lower(value),
                calendar: calendar.0,
                outside: *outside,
            },
            ExprKind::HasHappened(event) => Node::HasHappened(event.0),
            ExprKind::Arithmetic(op, left, right) => {
                Node::Arithmetic(*op, self.lower(left), self.lower(right))
            }
            ExprKind::PartOf(part, value) => Node::PartOf(*part, self.lower(value)),
            ExprKind::Count(value) => Node::Count(self.lower(value)),
            ExprKind::Length(value) => Node::Length(self.lower(value)),
            ExprKind::Min(all) => Node::Min(self.list(all)),
            ExprKind::Max(all) => Node::Max(self.list(all)),
            ExprKind::Call(function, arguments) => Node::Call(function.0, self.list(arguments)),
        }
    }
}

/// Places are counted in 32 bits: a policy's text, of which each node has its part, is far smaller.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn ready(text: &str, folded: bool) -> Box<str> {
    if folded {
        fold(text).into()
    } else {
        text.into()
    }
}

fn sorted(values: &[Value]) -> Box<[Value]> {
    let mut values = values.to_vec();
    values.sort();
    values.dedup();
    values.into()
}

fn folded_set(values: &[Value]) -> Box<[Box<str>]> {
    let mut texts: Vec<Box<str>> = Vec::with_capacity(values.len());
    for value in values {
        if let Value::Text(text) = value {
            texts.push(ready(text, true));
        }
    }
    texts.sort();
    texts.dedup();
    texts.into()
}
