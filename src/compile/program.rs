//! The program: a whole policy as flat data that the evaluator runs.
//!
//! Made by [`super::compile`] from the typed model, read by [`crate::eval`]. It owns everything that
//! a decision shows (names, members, citations, places), so that nothing of the model or the tree is
//! needed to decide. Conditions lie in one arena; a [`NodeId`] is a place in it.

use super::node::{List, Node, NodeId};
use super::readers::Readers;
use super::service::{Clock, FollowUp, Hold, Require, Retain, Step};
use super::spans::Spans;
use crate::source::Span;
use crate::time::{Calendar, Date, Instant, Zone};
use crate::value::Value;

pub use crate::model::{
    ArithmeticOp, Bounds, CalendarId, ClassificationId, ClockId, EnumId, InstantPart, OrderOp,
    Outcome, Strategy, Target, TextOp, Type,
};

/// A policy, ready to decide.
#[derive(Clone, Debug)]
pub struct Program {
    /// The policy's name.
    pub name: String,
    /// The policy's version.
    pub version: String,
    /// The zone in which dates and times of day are read and instants are printed.
    pub zone: Zone,
    /// One for each slot of a case.
    pub fields: Vec<Field>,
    /// The slot of `id`.
    pub id: u32,
    /// The slot of `opened_at`.
    pub opened_at: u32,
    /// Members of each enum, in declared order.
    pub enums: Vec<Vec<Named>>,
    /// Declared events.
    pub events: Vec<Named>,
    /// Roles; `route.role` is a place among them.
    pub roles: Vec<Named>,
    /// Queues; `route.queue` is a place among them.
    pub queues: Vec<Named>,
    /// Record classes.
    pub records: Vec<Named>,
    /// Clocks.
    pub clocks: Vec<Clock>,
    /// Retention, in page order.
    pub retains: Vec<Retain>,
    /// Holds.
    pub holds: Vec<Hold>,
    /// Follow-ups.
    pub follow_ups: Vec<FollowUp>,
    /// Requirements.
    pub requires: Vec<Require>,
    /// Conditions of which it matters when they became true.
    pub watched: Vec<NodeId>,
    /// The instants at which items with `by now` begin or end to count, in order.
    pub boundaries: Vec<Instant>,
    /// Calendars with their names; the first is the built-in `always`.
    pub calendars: Vec<(Named, Calendar)>,
    /// Named expressions.
    pub defines: Vec<Define>,
    /// Functions of scripts.
    pub functions: Vec<Function>,
    /// Classifications, each after those that it reads.
    pub classifications: Vec<Classification>,
    /// The route block.
    pub route: Option<Route>,
    /// The sla block.
    pub sla: Option<Sla>,
    /// Guarantees.
    pub guarantees: Vec<Guarantee>,
    /// The expectations of the policy's own tests.
    pub tests: Vec<Test>,
    /// Which of its parts read what.
    pub readers: Readers,
    pub(super) nodes: Box<[Node]>,
    pub(super) spans: Spans,
    pub(super) lists: Box<[NodeId]>,
}

/// A name and what people call the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The label.
    pub label: Option<String>,
}

/// A slot of a case.
#[derive(Clone, Debug)]
pub struct Field {
    /// The dotted path.
    pub path: String,
    /// The label.
    pub label: Option<String>,
    /// The type of its values.
    pub ty: Type,
}

/// A named expression.
#[derive(Clone, Debug)]
pub struct Define {
    /// Name and label.
    pub named: Named,
    /// The type of its value.
    pub ty: Type,
    /// Its value.
    pub value: NodeId,
    /// The defines that it reads itself, each once, when it lies so deep in other defines that
    /// those have to be computed first, one after the other, instead of within each other.
    pub first: Vec<u32>,
}

/// A function of a script.
#[derive(Clone, Debug)]
pub struct Function {
    /// Name and label.
    pub named: Named,
    /// The script file.
    pub file: String,
    /// Parameters: name, type, bounds.
    pub parameters: Vec<(String, Type, Bounds)>,
    /// Type of the result.
    pub result: Type,
    /// Bounds of the result.
    pub result_bounds: Bounds,
    /// Where it is declared.
    pub span: Span,
}

/// When an item counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effective {
    /// By the local date of `opened_at`; both ends inclusive.
    ByOpening {
        /// The first day.
        from: Option<Date>,
        /// The last day.
        until: Option<Date>,
    },
    /// By the instant of the decision.
    ByNow {
        /// The first instant.
        from: Option<Instant>,
        /// One past the last instant.
        end: Option<Instant>,
    },
}

/// A classification.
#[derive(Clone, Debug)]
pub struct Classification {
    /// Name and label.
    pub named: Named,
    /// Type of one outcome.
    pub outcome: Type,
    /// Type of the value: a set for `collect`.
    pub ty: Type,
    /// How outcomes are picked.
    pub strategy: Strategy,
    /// When the block counts.
    pub effective: Option<Effective>,
    /// Rules and rows in page order.
    pub rules: Vec<Rule>,
    /// What the columns of each table ask, in page order.
    pub tables: Vec<Vec<Column>>,
    /// `otherwise`
    pub otherwise: Option<(Value, Vec<String>)>,
    /// The whole clause of `otherwise`.
    pub otherwise_span: Option<Span>,
    /// Where the name is declared.
    pub span: Span,
}

/// What a column of a table asks. No condition reads the header itself: each cell has its own.
#[derive(Clone, Debug)]
pub struct Column {
    /// What its cells are compared with.
    pub header: NodeId,
    /// The type of its values.
    pub ty: Type,
    /// Whether its values have an order, so that a cell may be `>= 5` or `1..5`.
    pub ordered: bool,
    /// Whether a cell may be `missing` or `present`.
    pub asks_presence: bool,
}

/// A rule of a classification.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name and label.
    pub named: Named,
    /// Whether it is a row of a table.
    pub row: bool,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition.
    pub when: NodeId,
    /// Its outcome.
    pub then: Value,
    /// Citations.
    pub because: Vec<String>,
    /// The whole rule.
    pub span: Span,
}

// A policy may have many thousands of them.
const _: () = assert!(size_of::<Rule>() <= 152);

/// The route block.
#[derive(Clone, Debug)]
pub struct Route {
    /// The label.
    pub label: Option<String>,
    /// How a rule is picked.
    pub strategy: Strategy,
    /// When the block counts.
    pub effective: Option<Effective>,
    /// Rules in page order.
    pub rules: Vec<RouteRule>,
    /// `otherwise to …`
    pub otherwise: Option<RouteTarget>,
    /// The whole clause of `otherwise`.
    pub otherwise_span: Option<Span>,
}

/// A rule of the route.
#[derive(Clone, Debug)]
pub struct RouteRule {
    /// Name and label.
    pub named: Named,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition.
    pub when: NodeId,
    /// Where the case goes.
    pub target: RouteTarget,
    /// The whole rule.
    pub span: Span,
}

/// Where a case goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTarget {
    /// The role.
    pub role: u32,
    /// The queue.
    pub queue: Option<u32>,
    /// Roles that are told, in written order.
    pub with: Vec<u32>,
    /// Escalations, in page order.
    pub steps: Vec<Step>,
    /// Citations.
    pub because: Vec<String>,
}

/// The sla block.
#[derive(Clone, Debug)]
pub struct Sla {
    /// The label.
    pub label: Option<String>,
    /// When the block counts.
    pub effective: Option<Effective>,
    /// Tiers in page order.
    pub tiers: Vec<Tier>,
}

/// A tier.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Name and label.
    pub named: Named,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition; none for `otherwise`.
    pub when: Option<NodeId>,
    /// The target of each clock.
    pub targets: Vec<(u32, Target)>,
    /// Warnings, then escalations, each in page order.
    pub steps: Vec<Step>,
    /// Citations.
    pub because: Vec<String>,
    /// The whole tier.
    pub span: Span,
}

/// A guarantee.
#[derive(Clone, Debug)]
pub struct Guarantee {
    /// Name and label.
    pub named: Named,
    /// `if`
    pub condition: NodeId,
    /// `then`
    pub then: NodeId,
}

/// What a test of the policy expects; its case is read by whoever runs it.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The instant it decides at, when it names one.
    pub at: Option<Instant>,
    /// Expectations in page order.
    pub expects: Vec<Expect>,
}

/// One expectation.
#[derive(Clone, Debug)]
pub struct Expect {
    /// Its text on one line.
    pub text: String,
    /// The whole line.
    pub span: Span,
    /// Its form.
    pub kind: ExpectKind,
}

/// The forms of expectations.
#[derive(Clone, Debug)]
pub enum ExpectKind {
    /// A condition over the decision.
    Condition(NodeId),
    /// A refusal that names this path.
    Refused(String),
}

impl Tier {
    /// The target of a clock.
    pub fn target(&self, clock: u32) -> Option<Target> {
        let found = self.targets.iter().find(|(place, _)| *place == clock);
        found.map(|(_, target)| *target)
    }
}

impl Program {
    /// The node.
    pub fn node(&self, id: NodeId) -> &Node {
        // Ids are places in the one arena that `compile` fills and nobody changes.
        &self.nodes[id.0 as usize]
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes.
    pub fn all_nodes(&self) -> impl Iterator<Item = NodeId> {
        (0u32..).take(self.nodes.len()).map(NodeId)
    }

    /// Where a node is written.
    pub fn span(&self, id: NodeId) -> Span {
        self.spans.of(id)
    }

    /// The nodes of a list.
    pub fn list(&self, list: List) -> &[NodeId] {
        list.of(&self.lists)
    }

    /// Calls `visit` with each operand of a node, left to right.
    pub fn operands(&self, id: NodeId, visit: impl FnMut(NodeId)) {
        self.node(id).operands(&self.lists, visit);
    }

    /// The same program in which some nodes come to given values whatever they read, or have no value.
    pub fn standing_in(
        &self,
        values: impl IntoIterator<Item = (NodeId, Option<Value>)>,
    ) -> Program {
        let mut program = self.clone();
        for (NodeId(place), value) in values {
            if let Some(node) = program.nodes.get_mut(place as usize) {
                *node = match value {
                    Some(value) => Node::Constant(value),
                    // The least of nothing has no value, and that is no problem.
                    None => Node::Min(List { start: 0, end: 0 }),
                };
            }
        }
        program
    }

    /// The name of an enum's member; empty when there is none.
    pub fn member(&self, id: EnumId, member: u32) -> &str {
        let members = self.enums.get(id.0 as usize);
        members
            .and_then(|all| all.get(member as usize))
            .map_or("", |found| &found.name)
    }
}
