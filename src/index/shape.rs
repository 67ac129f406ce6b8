//! Conditions as tests of single variables, joined by `and` and `or`; and what is left beside them.
//!
//! Between the program's nodes and [`super::entry`]. Defines are looked through and `not` is brought to
//! the tests, which changes nothing in the logic of three values. What is no test of one variable stays a
//! node, for the evaluator to ask.

use super::looked_for::LookedFor;
use super::ranges::{Predicate, Ranges};
use super::variable::{Gathered, Question, Source, Variable};
use crate::compile::{List, Node, NodeId, OrderOp, Outcome, Program, fold};
use crate::value::Value;
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

/// How deep defines are looked through, and conditions taken apart.
const DEEPEST: usize = 64;

/// A condition, or the opposite of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The condition.
    pub node: NodeId,
    /// Whether the opposite is meant.
    pub negated: bool,
}

/// A condition taken apart.
pub(super) struct Shape {
    pub(super) asked: Asked,
    pub(super) kind: Kind,
    /// Whether asking may report a problem, so that what stands behind must not be asked in its stead.
    pub(super) reports: bool,
}

pub(super) enum Kind {
    /// A test of a variable; where the opposite is meant, its opposite.
    Test(u32, Test),
    /// Whether a set holds one of these.
    Elements(u32, Vec<Value>),
    /// All of these.
    Every(Vec<Shape>),
    /// One of these.
    Either(Vec<Shape>),
    /// No test: left to the evaluator, under its number if it is kept for other rules that ask the same.
    Other(Reason, Option<u32>),
}

/// Why a part of a condition is not indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It looks into a text.
    Text,
    /// It computes, or compares values of the case with each other.
    Computed,
    /// It asks a calendar.
    Calendar,
    /// It calls a script.
    Script,
    /// It stands behind a part that may report a problem, and is asked only after that.
    Behind,
    /// It has too many alternatives.
    Alternatives,
}

/// The constants of a test, most often one.
pub(super) type Constants = SmallVec<[Value; 1]>;

/// What a test asks of a variable.
pub(super) enum Test {
    /// Whether it is one of these, or, the other way round, none of them.
    Among(Constants, bool),
    /// How it stands to a constant.
    Order(OrderOp, Value),
    /// Whether it lies between two, both included.
    Between(Value, Value),
    /// Whether it has a value, or, the other way round, none.
    Present(bool),
}

/// Takes conditions of a program apart.
pub(super) struct Shaper<'a> {
    program: &'a Program,
    /// For each node whether asking it may report a problem.
    reports: Vec<bool>,
    pub(super) variables: Vec<((Source, Question), Gathered)>,
    places: FxHashMap<(Source, Question), u32>,
    pub(super) looked_for: LookedFor<'a>,
}

impl<'a> Shaper<'a> {
    pub(super) fn new(program: &'a Program) -> Shaper<'a> {
        Shaper {
            program,
            reports: reporting(program),
            variables: Vec::new(),
            places: FxHashMap::default(),
            looked_for: LookedFor::default(),
        }
    }

    /// Takes a condition apart.
    pub(super) fn shape(&mut self, node: NodeId) -> Shape {
        let negated = false;
        self.part(Asked { node, negated }, 0)
    }

    /// A variable, with constants that it is compared with.
    pub(super) fn variable(
        &mut self,
        source: Source,
        question: Question,
        constants: impl IntoIterator<Item = Value>,
        ordered: bool,
    ) -> u32 {
        let next = self.variables.len();
        let key = (source, question);
        let place = *self.places.entry(key).or_insert(place(next));
        if place as usize == next {
            self.variables.push((key, Gathered::default()));
        }
        if let Some((_, gathered)) = self.variables.get_mut(place as usize) {
            gathered.constants.extend(constants);
            gathered.ordered |= ordered;
        }
        place
    }

    fn part(&mut self, asked: Asked, depth: usize) -> Shape {
        let reports = self.reports(asked.node);
        if depth < DEEPEST {
            let below = match self.program.node(asked.node) {
                Node::Not(node) => Some(Asked {
                    node: *node,
                    negated: !asked.negated,
                }),
                // What a define reports is put down to the rule that asks it first.
                Node::Define(place) if !reports => {
                    let define = self.program.defines.get(*place as usize);
                    define.map(|define| Asked {
                        node: define.value,
                        ..asked
                    })
                }
                _ => None,
            };
            if let Some(below) = below {
                return self.part(below, depth + 1);
            }
        }
        let kind = match depth < DEEPEST {
            true => self.kind(asked, depth),
            false => None,
        };
        let kind = kind.unwrap_or_else(|| {
            let looked_for = self.looked_for.number(self.program, asked.node);
            Kind::Other(self.reason(asked.node), looked_for)
        });
        Shape {
            asked,
            kind,
            reports,
        }
    }

    fn reports(&self, node: NodeId) -> bool {
        self.reports.get(node.place()).copied().unwrap_or(true)
    }

    /// What a condition is, its opposite left aside but for `and` and `or`; none for what is no test.
    fn kind(&mut self, asked: Asked, depth: usize) -> Option<Kind> {
        match self.program.node(asked.node) {
            Node::And(list) => Some(self.joined(*list, asked.negated, asked.negated, depth)),
            Node::Or(list) => Some(self.joined(*list, asked.negated, !asked.negated, depth)),
            Node::Field(_) | Node::Classification(_) | Node::Outcome(_) => {
                self.among(asked.node, smallvec![Value::Bool(true)], false)
            }
            Node::Equal {
                left,
                right,
                negated,
            } => {
                let (value, constant, _) = self.with_constant(*left, *right)?;
                self.among(value, smallvec![constant], *negated)
            }
            Node::In {
                value,
                set,
                negated,
            } => self.among(*value, set.iter().cloned().collect(), *negated),
            Node::EqualFolded {
                left,
                right,
                negated,
            } => {
                let (value, constant, _) = self.with_constant(*left, *right)?;
                let Value::Text(text) = constant else {
                    return None;
                };
                let text = Value::text(&fold(&text));
                self.folded(value, smallvec![text], *negated)
            }
            Node::InFolded {
                value,
                set,
                negated,
            } => {
                let texts = set.iter().map(|text| Value::text(text));
                self.folded(*value, texts.collect(), *negated)
            }
            Node::Order(op, left, right) => {
                let (value, constant, turned) = self.with_constant(*left, *right)?;
                let op = if turned { turn(*op) } else { *op };
                let place = self.scalar(value, [constant.clone()], true)?;
                Some(Kind::Test(place, Test::Order(op, constant)))
            }
            Node::Between(value, least, greatest) => {
                let (least, greatest) = (self.constant(*least)?, self.constant(*greatest)?);
                let place = self.scalar(*value, [least.clone(), greatest.clone()], true)?;
                Some(Kind::Test(place, Test::Between(least, greatest)))
            }
            Node::Missing { value, negated } => {
                let source = self.source(*value)?;
                let place = self.variable(source, Question::Presence, [], false);
                Some(Kind::Test(place, Test::Present(*negated)))
            }
            Node::SetContains { set, element } => {
                let element = self.constant(*element)?;
                self.elements(*set, vec![element])
            }
            Node::SetContainsMany { all, set, elements } => {
                if !*all {
                    return self.elements(*set, elements.to_vec());
                }
                let mut parts = Vec::with_capacity(elements.len());
                for element in elements {
                    parts.push(Shape {
                        asked,
                        kind: self.elements(*set, vec![element.clone()])?,
                        reports: false,
                    });
                }
                match (parts.is_empty(), asked.negated) {
                    (true, _) => None,
                    (false, true) => Some(Kind::Either(parts)),
                    (false, false) => Some(Kind::Every(parts)),
                }
            }
            Node::Constant(_)
            | Node::Target(_)
            | Node::Define(_)
            | Node::Not(_)
            | Node::Text { .. }
            | Node::TextConstant { .. }
            | Node::TextMany { .. }
            | Node::Matches { .. }
            | Node::During { .. }
            | Node::HasHappened(_)
            | Node::Arithmetic(..)
            | Node::PartOf(..)
            | Node::Count(_)
            | Node::Length(_)
            | Node::Min(_)
            | Node::Max(_)
            | Node::Call(..) => None,
        }
    }

    fn joined(&mut self, list: List, negated: bool, either: bool, depth: usize) -> Kind {
        let nodes = self.program.list(list).iter();
        let parts = nodes.map(|node| {
            let node = *node;
            self.part(Asked { node, negated }, depth + 1)
        });
        let parts = parts.collect();
        match either {
            true => Kind::Either(parts),
            false => Kind::Every(parts),
        }
    }

    fn constant(&self, node: NodeId) -> Option<Value> {
        match self.program.node(node) {
            Node::Constant(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// Of two sides the one that is no constant, the constant, and whether they stood the other way round.
    fn with_constant(&self, left: NodeId, right: NodeId) -> Option<(NodeId, Value, bool)> {
        match (self.constant(left), self.constant(right)) {
            (None, Some(constant)) => Some((left, constant, false)),
            (Some(constant), None) => Some((right, constant, true)),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }

    /// Something that a case has one value of; none for what has to be computed.
    fn source(&self, node: NodeId) -> Option<Source> {
        let slot = |node: NodeId| match self.program.node(node) {
            Node::Field(slot) => Some(*slot),
            _ => None,
        };
        match self.program.node(node) {
            Node::Field(slot) => Some(Source::Field(*slot)),
            Node::Classification(place) => Some(Source::Classification(*place)),
            Node::Outcome(Outcome::RouteRole) => Some(Source::Role),
            Node::Outcome(Outcome::RouteQueue) => Some(Source::Queue),
            Node::Outcome(Outcome::RouteWith) => Some(Source::With),
            Node::Outcome(Outcome::SlaTier) => Some(Source::Tier),
            Node::PartOf(part, of) => slot(*of).map(|slot| Source::Part(*part, slot)),
            Node::Count(of) => slot(*of).map(Source::Count),
            Node::Length(of) => slot(*of).map(Source::Length),
            _ => None,
        }
    }

    fn scalar(
        &mut self,
        value: NodeId,
        constants: impl IntoIterator<Item = Value>,
        ordered: bool,
    ) -> Option<u32> {
        let source = self.source(value)?;
        Some(self.variable(source, Question::Value, constants, ordered))
    }

    fn among(&mut self, value: NodeId, constants: Constants, outside: bool) -> Option<Kind> {
        let place = self.scalar(value, constants.iter().cloned(), false)?;
        Some(Kind::Test(place, Test::Among(constants, outside)))
    }

    fn folded(&mut self, value: NodeId, texts: Constants, outside: bool) -> Option<Kind> {
        let Node::Field(slot) = self.program.node(value) else {
            return None;
        };
        let source = Source::Folded(*slot);
        let place = self.variable(source, Question::Value, texts.iter().cloned(), false);
        Some(Kind::Test(place, Test::Among(texts, outside)))
    }

    fn elements(&mut self, set: NodeId, elements: Vec<Value>) -> Option<Kind> {
        let source = self.source(set)?;
        let constants = elements.iter().cloned();
        let place = self.variable(source, Question::Elements, constants, false);
        Some(Kind::Elements(place, elements))
    }

    /// Why a condition is no test.
    fn reason(&self, node: NodeId) -> Reason {
        let mut found = Reason::Text;
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            found = found.max(match self.program.node(node) {
                Node::Call(..) => Reason::Script,
                Node::During { .. } => Reason::Calendar,
                Node::Text { .. }
                | Node::TextConstant { .. }
                | Node::TextMany { .. }
                | Node::Matches { .. }
                | Node::Constant(_)
                | Node::Field(_) => Reason::Text,
                _ => Reason::Computed,
            });
            self.program.operands(node, |operand| open.push(operand));
        }
        found
    }
}

/// Whether asking a node may report a problem: a sum that does not fit, a script that fails, a calendar
/// whose holidays are not known.
fn reporting(program: &Program) -> Vec<bool> {
    let mut reports = vec![false; program.nodes()];
    let mut defines = vec![false; program.defines.len()];
    loop {
        for node in program.all_nodes() {
            let mut found = match program.node(node) {
                Node::Arithmetic(..) | Node::Call(..) | Node::During { .. } => true,
                Node::Define(place) => defines.get(*place as usize).copied().unwrap_or(true),
                _ => false,
            };
            // Operands come before what they are part of.
            program.operands(node, |operand| {
                found |= reports.get(operand.place()).copied().unwrap_or(true);
            });
            if let Some(known) = reports.get_mut(node.place()) {
                *known = found;
            }
        }
        let now = program.defines.iter();
        let now = now.map(|define| reports.get(define.value.place()).copied().unwrap_or(true));
        let now: Vec<bool> = now.collect();
        if now == defines {
            return reports;
        }
        defines = now;
    }
}

fn turn(op: OrderOp) -> OrderOp {
    match op {
        OrderOp::Less => OrderOp::Greater,
        OrderOp::LessOrEqual => OrderOp::GreaterOrEqual,
        OrderOp::Greater => OrderOp::Less,
        OrderOp::GreaterOrEqual => OrderOp::LessOrEqual,
    }
}

impl Test {
    /// Of which classes of its variable the test is true.
    pub(super) fn predicate(&self, variable: &Variable) -> Predicate {
        match self {
            Test::Among(constants, outside) => {
                let present = variable.among(constants);
                let present = if *outside { present.negated() } else { present };
                Predicate::of(present)
            }
            Test::Order(op, constant) => Predicate::of(variable.ordered(*op, constant)),
            Test::Between(least, greatest) => {
                let above = variable.ordered(OrderOp::GreaterOrEqual, least);
                let below = variable.ordered(OrderOp::LessOrEqual, greatest);
                Predicate::of(above.and(&below))
            }
            Test::Present(present) => {
                let of = Predicate {
                    present: Ranges::all(),
                    missing: Some(false),
                };
                if *present { of } else { of.negated() }
            }
        }
    }
}

/// Places are counted in 32 bits: a policy's text has far fewer parts.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
