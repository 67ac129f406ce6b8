//! What expressions stand for: a constant, an unknown value, a set, one of several outcomes.
//!
//! After [`super::space`]; [`super::truths`] compares them. What has no order or set of its own here, such
//! as the answer of a script or a sum of fields, is an unknown value of its type, the same one for the
//! same words.

use super::solver::Literal;
use super::space::{Space, Variable};
use crate::compile::{InstantPart, Node, NodeId, Outcome, Program, Target, Type};
use crate::time::TimeOfDay;
use crate::value::Value;
use std::collections::BTreeMap;

/// Whether a condition is true, and whether it is false; neither when it is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) yes: Literal,
    pub(super) no: Literal,
}

/// What an expression stands for.
#[derive(Clone, Debug)]
pub(super) enum Term {
    /// A constant.
    Constant(Value),
    /// An unknown value.
    Scalar(usize),
    /// The local date of an unknown instant.
    DateOf(usize),
    /// An unknown set.
    Set(usize),
    /// How many elements an unknown set has.
    CountOf(usize),
    /// One of several values, or none: at most one of the literals holds.
    Choice(Vec<(Value, Literal)>),
    /// A set that holds each of these where its literal holds; whether there is a set.
    ChosenSet(Vec<(Value, Literal)>, Literal),
    /// A condition as a value.
    Truth(Truth),
    /// One of several targets, or none.
    Targets(Vec<(Target, Literal)>),
}

/// A case and its decision as terms.
pub(super) struct Encoder<'a> {
    pub(super) program: &'a Program,
    pub(super) space: Space<'a>,
    /// Values of the classifications that are encoded so far.
    pub(super) classifications: Vec<Term>,
    /// Outcomes of route and tier, once they are encoded.
    pub(super) outcomes: Vec<(Outcome, Term)>,
    /// Unknown values by the words that they stand for.
    opaque: BTreeMap<String, Term>,
    /// Conditions that are free, by their words: an atom of each.
    pub(super) free: BTreeMap<String, (Truth, NodeId)>,
    defines: BTreeMap<u32, Term>,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(program: &'a Program, space: Space<'a>) -> Encoder<'a> {
        Encoder {
            program,
            space,
            classifications: Vec::new(),
            outcomes: Vec::new(),
            opaque: BTreeMap::new(),
            free: BTreeMap::new(),
            defines: BTreeMap::new(),
        }
    }

    /// What an expression stands for.
    pub(super) fn term(&mut self, id: NodeId) -> Term {
        let program = self.program;
        match program.node(id) {
            Node::Constant(value) => Term::Constant(value.clone()),
            Node::Target(target) => Term::Targets(vec![(*target, self.space.solver.always())]),
            Node::Field(slot) => match self.space.fields.get(*slot as usize) {
                Some(Variable::Scalar(place)) => Term::Scalar(*place),
                Some(Variable::Set(place)) => Term::Set(*place),
                None => Term::Choice(Vec::new()),
            },
            Node::Define(place) => self.define(*place),
            Node::Classification(place) => {
                let known = self.classifications.get(*place as usize);
                known.cloned().unwrap_or(Term::Choice(Vec::new()))
            }
            Node::Outcome(outcome) => {
                let mut known = self.outcomes.iter();
                let known = known.find(|(one, _)| one == outcome).map(|(_, term)| term);
                known.cloned().unwrap_or(Term::Choice(Vec::new()))
            }
            Node::PartOf(part, of) => self.part_of(id, *part, *of),
            Node::Count(of) => match self.term(*of) {
                Term::Set(place) => Term::CountOf(place),
                _ => self.opaque(id, &[*of], &Type::Integer),
            },
            Node::Length(of) => self.opaque(id, &[*of], &Type::Integer),
            Node::Arithmetic(_, left, right) => {
                let ty = self.type_of(id);
                self.opaque(id, &[*left, *right], &ty)
            }
            Node::Min(list) | Node::Max(list) => {
                let (of, ty) = (program.list(*list).to_vec(), self.type_of(id));
                self.opaque(id, &of, &ty)
            }
            Node::Call(function, list) => {
                let of = program.list(*list).to_vec();
                let declared = program.functions.get(*function as usize);
                let ty = declared.map_or(Type::Bool, |declared| declared.result.clone());
                self.opaque(id, &of, &ty)
            }
            Node::Or(_)
            | Node::And(_)
            | Node::Not(_)
            | Node::Equal { .. }
            | Node::EqualFolded { .. }
            | Node::Order(..)
            | Node::Between(..)
            | Node::In { .. }
            | Node::InFolded { .. }
            | Node::Missing { .. }
            | Node::Text { .. }
            | Node::TextConstant { .. }
            | Node::TextMany { .. }
            | Node::Matches { .. }
            | Node::SetContains { .. }
            | Node::SetContainsMany { .. }
            | Node::During { .. }
            | Node::HasHappened(_) => Term::Truth(self.truth(id)),
        }
    }

    fn define(&mut self, place: u32) -> Term {
        if let Some(known) = self.defines.get(&place) {
            return known.clone();
        }
        let Some(define) = self.program.defines.get(place as usize) else {
            return Term::Choice(Vec::new());
        };
        // Those that lie deep are read first, so that a walk never goes deeper than `compile` bounds.
        for first in define.first.clone() {
            if first < place {
                self.define(first);
            }
        }
        let term = self.term(define.value);
        self.defines.insert(place, term.clone());
        term
    }

    fn part_of(&mut self, id: NodeId, part: InstantPart, of: NodeId) -> Term {
        match (part, self.term(of)) {
            (InstantPart::Date, Term::Scalar(place)) => Term::DateOf(place),
            (InstantPart::Date, _) => self.opaque(id, &[of], &Type::Date),
            (InstantPart::Weekday, _) => self.opaque(id, &[of], &Type::Weekday),
            (InstantPart::Time, _) => self.opaque(id, &[of], &Type::Time),
        }
    }

    /// An unknown value that is there at most when all of what it is made of is there.
    fn opaque(&mut self, id: NodeId, of: &[NodeId], ty: &Type) -> Term {
        let key = self.words(id);
        if let Some(known) = self.opaque.get(&key) {
            return known.clone();
        }
        let inputs: Vec<Literal> = of.iter().map(|part| self.present(*part)).collect();
        let inputs = self.space.solver.all(inputs);
        let present = match self.program.node(id) {
            // These have a value whenever what they are made of has one.
            Node::PartOf(..) | Node::Length(_) | Node::Count(_) | Node::Min(_) | Node::Max(_) => {
                inputs
            }
            _ => {
                let own = self.space.solver.free();
                self.space.solver.implies(own, inputs);
                own
            }
        };
        let mut range = self.space.range(ty);
        if matches!(self.program.node(id), Node::Length(_) | Node::Count(_)) {
            range = range.within(Some(&Value::Integer(0)), None);
        }
        if let Node::Call(function, _) = self.program.node(id)
            && let Some(declared) = self.program.functions.get(*function as usize)
        {
            let bounds = &declared.result_bounds;
            range = range.within(bounds.from.as_ref(), bounds.to.as_ref());
        }
        let term = Term::Scalar(self.space.scalar(range, present));
        self.opaque.insert(key, term.clone());
        term
    }

    /// That an expression has a value.
    pub(super) fn present(&mut self, id: NodeId) -> Literal {
        let term = self.term(id);
        self.is_present(&term)
    }

    pub(super) fn is_present(&mut self, term: &Term) -> Literal {
        let space = &mut self.space;
        match term {
            Term::Constant(_) => space.solver.always(),
            Term::Scalar(place) | Term::DateOf(place) => space
                .scalars
                .get(*place)
                .map_or(space.solver.never(), |scalar| scalar.present),
            Term::Set(place) | Term::CountOf(place) => space
                .sets
                .get(*place)
                .map_or(space.solver.never(), |set| set.present),
            Term::Choice(options) => {
                let options: Vec<Literal> = options.iter().map(|(_, holds)| *holds).collect();
                space.solver.any(options)
            }
            Term::ChosenSet(_, present) => *present,
            Term::Truth(truth) => space.solver.any([truth.yes, truth.no]),
            Term::Targets(options) => {
                let options: Vec<Literal> = options.iter().map(|(_, holds)| *holds).collect();
                space.solver.any(options)
            }
        }
    }

    /// The type of an expression that computes one.
    fn type_of(&self, id: NodeId) -> Type {
        let program = self.program;
        match program.node(id) {
            Node::Constant(value) => match value {
                Value::Bool(_) => Type::Bool,
                Value::Integer(_) => Type::Integer,
                Value::Decimal(number) => Type::Decimal(number.scale()),
                Value::Text(_) => Type::Text,
                Value::Instant(_) => Type::Instant,
                Value::Date(_) => Type::Date,
                Value::Time(_) => Type::Time,
                Value::Weekday(_) => Type::Weekday,
                Value::Duration(_) => Type::Duration,
                Value::Member(_) | Value::Set(_) => Type::Integer,
            },
            Node::Field(slot) => {
                let field = program.fields.get(*slot as usize);
                field.map_or(Type::Bool, |field| field.ty.clone())
            }
            Node::Define(place) => {
                let define = program.defines.get(*place as usize);
                define.map_or(Type::Bool, |define| define.ty.clone())
            }
            Node::Classification(place) => {
                let block = program.classifications.get(*place as usize);
                block.map_or(Type::Bool, |block| block.ty.clone())
            }
            Node::Arithmetic(op, left, right) => {
                sum_type(*op, self.type_of(*left), self.type_of(*right))
            }
            Node::Min(list) | Node::Max(list) => {
                let first = program.list(*list).first();
                first.map_or(Type::Bool, |first| self.type_of(*first))
            }
            Node::PartOf(InstantPart::Weekday, _) => Type::Weekday,
            Node::PartOf(InstantPart::Date, _) => Type::Date,
            Node::PartOf(InstantPart::Time, _) => Type::Time,
            Node::Count(_) | Node::Length(_) => Type::Integer,
            Node::Call(function, _) => {
                let function = program.functions.get(*function as usize);
                function.map_or(Type::Bool, |function| function.result.clone())
            }
            _ => Type::Bool,
        }
    }

    /// Words that are the same for the same expression.
    pub(super) fn words(&self, id: NodeId) -> String {
        let node = self.program.node(id);
        let mut words = match node {
            Node::Field(slot) => format!("field {slot}"),
            Node::Define(place) => format!("define {place}"),
            Node::Matches { pattern, .. } => {
                format!("matches {:?}", pattern.as_ref().map(regex::Regex::as_str))
            }
            Node::And(_) | Node::Or(_) | Node::Min(_) | Node::Max(_) => {
                format!("{:?}", std::mem::discriminant(node))
            }
            Node::Call(function, _) => format!("call {function}"),
            Node::TextConstant {
                op,
                pattern,
                folded,
                ..
            } => format!("{op:?} {folded} {pattern:?}"),
            Node::InFolded { set, negated, .. } => format!("in {negated} {set:?}"),
            Node::During {
                calendar, outside, ..
            } => format!("during {calendar} {outside}"),
            Node::Constant(value) => format!("{value:?}"),
            Node::Arithmetic(op, _, _) => format!("{op:?}"),
            Node::PartOf(part, _) => format!("{part:?}"),
            other => format!("{other:?}"),
        };
        let mut operands = Vec::new();
        self.program.operands(id, |operand| operands.push(operand));
        for operand in operands {
            words.push_str(&format!(" ({})", self.words(operand)));
        }
        words
    }

    /// The instant at which a local date begins.
    pub(super) fn begin_of(&self, value: &Value) -> Option<Value> {
        let Value::Date(date) = value else {
            return None;
        };
        let begin = self.program.zone.instant(*date, TimeOfDay::MIDNIGHT);
        begin.map(Value::Instant)
    }
}

fn sum_type(op: crate::compile::ArithmeticOp, left: Type, right: Type) -> Type {
    use crate::compile::ArithmeticOp::{Add, Multiply, Subtract};
    match (op, left, right) {
        (Subtract, Type::Instant, Type::Instant) => Type::Duration,
        (Add | Subtract, Type::Instant, _) | (Add, _, Type::Instant) => Type::Instant,
        (_, Type::Duration, _) | (_, _, Type::Duration) => Type::Duration,
        (Multiply, Type::Decimal(a), Type::Decimal(b)) => Type::Decimal(a.saturating_add(b)),
        (_, Type::Decimal(a), Type::Decimal(b)) => Type::Decimal(a.max(b)),
        (_, Type::Decimal(a), _) | (_, _, Type::Decimal(a)) => Type::Decimal(a),
        (_, left, _) => left,
    }
}
