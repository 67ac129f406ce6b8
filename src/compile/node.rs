//! Nodes of conditions and values: what the evaluator walks.
//!
//! Made by [`super::lower`]; operands are places in the program's arena, never boxes.

use super::program::{ArithmeticOp, InstantPart, OrderOp, Outcome, Target, TextOp};
use crate::value::Value;

/// The place of a node in a program's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Its place in the arena.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// A run of operands in a program's list of operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl List {
    pub(super) fn of(self, lists: &[NodeId]) -> &[NodeId] {
        lists
            .get(self.start as usize..self.end as usize)
            .unwrap_or(&[])
    }
}

/// The forms of nodes. Texts marked as folded are in lower case, see [`super::fold`].
#[derive(Clone, Debug)]
pub enum Node {
    /// A constant.
    Constant(Value),
    /// A constant target.
    Target(Target),
    /// A slot of the case.
    Field(u32),
    /// A named expression.
    Define(u32),
    /// A classification's value.
    Classification(u32),
    /// Something that a later stage decides.
    Outcome(Outcome),
    /// True if any is.
    Or(List),
    /// True if all are.
    And(List),
    /// The opposite.
    Not(NodeId),
    /// `is`, `is not`
    Equal {
        /// Left side.
        left: NodeId,
        /// Right side.
        right: NodeId,
        /// `is not`
        negated: bool,
    },
    /// `is … ignoring case`
    EqualFolded {
        /// Left side.
        left: NodeId,
        /// Right side.
        right: NodeId,
        /// `is not`
        negated: bool,
    },
    /// `<` and its like.
    Order(OrderOp, NodeId, NodeId),
    /// Value, least, greatest.
    Between(NodeId, NodeId, NodeId),
    /// `in`, `not in`
    In {
        /// Left side.
        value: NodeId,
        /// Sorted.
        set: Box<[Value]>,
        /// `not in`
        negated: bool,
    },
    /// `in … ignoring case`
    InFolded {
        /// Left side.
        value: NodeId,
        /// Folded, sorted by byte.
        set: Box<[Box<str>]>,
        /// `not in`
        negated: bool,
    },
    /// `is missing`, `is present`
    Missing {
        /// What is asked about.
        value: NodeId,
        /// `is present`
        negated: bool,
    },
    /// `contains`, `starts with`, `ends with` on text.
    Text {
        /// Which.
        op: TextOp,
        /// The text searched.
        value: NodeId,
        /// What is searched for.
        pattern: NodeId,
        /// Whether both sides are folded first.
        folded: bool,
    },
    /// The same with a constant, folded already if `folded`.
    TextConstant {
        /// Which.
        op: TextOp,
        /// The text searched.
        value: NodeId,
        /// What is searched for.
        pattern: Box<str>,
        /// Whether the text searched is folded first.
        folded: bool,
    },
    /// `contains any of`, `contains all of` on text.
    TextMany {
        /// All instead of any.
        all: bool,
        /// The text searched.
        value: NodeId,
        /// What is searched for.
        patterns: Box<[Box<str>]>,
        /// Whether the text searched is folded first.
        folded: bool,
    },
    /// `matches`
    Matches {
        /// The text searched.
        value: NodeId,
        /// The compiled pattern; none for one that is too large, which matches nothing known.
        pattern: Option<Box<regex::Regex>>,
    },
    /// `contains X` on a set.
    SetContains {
        /// The set.
        set: NodeId,
        /// The element.
        element: NodeId,
    },
    /// `contains any of`, `contains all of` on a set.
    SetContainsMany {
        /// All instead of any.
        all: bool,
        /// The set.
        set: NodeId,
        /// Sorted constants.
        elements: Box<[Value]>,
    },
    /// `during`, `outside`
    During {
        /// The instant.
        value: NodeId,
        /// The place of the calendar.
        calendar: u32,
        /// `outside`
        outside: bool,
    },
    /// `EVENT has happened`
    HasHappened(u32),
    /// Sum, difference, product.
    Arithmetic(ArithmeticOp, NodeId, NodeId),
    /// `weekday of`, `date of`, `time of`
    PartOf(InstantPart, NodeId),
    /// `count(set)`
    Count(NodeId),
    /// `length(text)`
    Length(NodeId),
    /// The least.
    Min(List),
    /// The greatest.
    Max(List),
    /// A call of a script's function.
    Call(u32, List),
}

// A rule has ten of these or more, and a policy may have many thousands of rules.
const _: () = assert!(size_of::<Node>() == 32);

impl Node {
    /// Calls `visit` with each operand, left to right.
    pub(super) fn operands(&self, lists: &[NodeId], mut visit: impl FnMut(NodeId)) {
        match self {
            Node::Constant(_)
            | Node::Target(_)
            | Node::Field(_)
            | Node::Define(_)
            | Node::Classification(_)
            | Node::Outcome(_)
            | Node::HasHappened(_) => {}
            Node::Not(value)
            | Node::In { value, .. }
            | Node::InFolded { value, .. }
            | Node::Missing { value, .. }
            | Node::TextConstant { value, .. }
            | Node::TextMany { value, .. }
            | Node::Matches { value, .. }
            | Node::SetContainsMany { set: value, .. }
            | Node::During { value, .. }
            | Node::PartOf(_, value)
            | Node::Count(value)
            | Node::Length(value) => visit(*value),
            Node::Equal { left, right, .. }
            | Node::EqualFolded { left, right, .. }
            | Node::Order(_, left, right)
            | Node::Arithmetic(_, left, right)
            | Node::Text {
                value: left,
                pattern: right,
                ..
            }
            | Node::SetContains {
                set: left,
                element: right,
            } => {
                visit(*left);
                visit(*right);
            }
            Node::Between(value, least, greatest) => {
                visit(*value);
                visit(*least);
                visit(*greatest);
            }
            Node::Or(list)
            | Node::And(list)
            | Node::Min(list)
            | Node::Max(list)
            | Node::Call(_, list) => {
                list.of(lists).iter().copied().for_each(visit);
            }
        }
    }
}
