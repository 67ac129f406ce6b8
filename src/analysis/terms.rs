//! What expressions stand for: a constant, an unknown value, a set, one of several outcomes.
//!
//! After [`super::space`]; [`super::truths`] compares them. What has no order or set of its own here, such
//! as the answer of a script or a sum of fields, is an unknown value of its type, the same one for the
//! same words.

use super::lens::{Alike, Lens, Seen};
use super::opaque::OpaqueNodes;
use super::solver::Literal;
use super::space::{Space, Variable};
use super::texts::Tests;
use crate::compile::{InstantPart, Node, NodeId, Outcome, Program, Target, Type};
use crate::model::Schema;
use crate::time::TimeOfDay;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The newer of two versions, or the only one: the program of the fields.
    pub(super) newer: &'a Program,
    pub(super) space: Space<'a>,
    /// Values of the classifications that are encoded so far.
    pub(super) classifications: Vec<Term>,
    /// Outcomes of route and tier, once they are encoded.
    pub(super) outcomes: Vec<(Outcome, Term)>,
    /// Unknown values by the words that they stand for: where they lie among the scalars, and an
    /// expression of each.
    pub(super) opaque: BTreeMap<String, (usize, NodeId)>,
    /// Conditions that are free, by their words: an atom of each.
    pub(super) free: BTreeMap<String, (Truth, NodeId)>,
    /// Where all of these stand in the program.
    pub(super) nodes: OpaqueNodes,
    /// Tests of texts.
    pub(super) texts: Tests,
    /// That an event has happened.
    pub(super) happened: BTreeMap<u32, Literal>,
    pub(super) defines: BTreeMap<u32, Term>,
    /// A field with the value that it is taken to have; none for it to be missing.
    pub(super) pinned: Option<(u32, Option<Value>)>,
    /// How an old version sees the fields of the new one.
    lens: Option<Lens<'a>>,
    /// Whether another version is, or will be, encoded beside this one.
    beside: bool,
    /// The fields of a second case, if two are looked at.
    pub(super) second: Option<Vec<Variable>>,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(program: &'a Program, space: Space<'a>) -> Encoder<'a> {
        Encoder {
            program,
            newer: program,
            space,
            classifications: Vec::new(),
            outcomes: Vec::new(),
            opaque: BTreeMap::new(),
            free: BTreeMap::new(),
            nodes: OpaqueNodes::default(),
            texts: Tests::default(),
            happened: BTreeMap::new(),
            defines: BTreeMap::new(),
            pinned: None,
            lens: None,
            beside: false,
            second: None,
        }
    }

    /// As [`Encoder::new`], for a version that another will be compared with.
    pub(super) fn first(program: &'a Program, space: Space<'a>) -> Encoder<'a> {
        Encoder {
            beside: true,
            ..Encoder::new(program, space)
        }
    }

    /// The same unknown cases for an older version.
    pub(super) fn older(
        mut self,
        schema: &Schema,
        program: &'a Program,
        alike: &'a Alike,
    ) -> Encoder<'a> {
        let lens = Lens::new((schema, program), &mut self.space, alike);
        self.seen_through(program, lens)
    }

    /// A second case of the same version, which has some fields in common with the first.
    pub(super) fn second(mut self, shared: &BTreeSet<u32>, alike: &'a Alike) -> Encoder<'a> {
        let fields = self.space.beside(shared);
        let program = self.program;
        self.second = Some(fields.clone());
        let lens = Lens::second(program, fields, alike);
        self.seen_through(program, lens)
    }

    fn seen_through(mut self, program: &'a Program, lens: Lens<'a>) -> Encoder<'a> {
        self.nodes.turn();
        Encoder {
            program,
            classifications: Vec::new(),
            outcomes: Vec::new(),
            defines: BTreeMap::new(),
            lens: Some(lens),
            ..self
        }
    }

    /// Whether it is the older of two versions that is encoded.
    pub(super) fn is_older(&self) -> bool {
        self.lens.is_some()
    }

    /// What stands for a field.
    pub(super) fn seen(&self, slot: u32) -> Seen {
        let slot = slot as usize;
        match &self.lens {
            Some(lens) => lens.fields.get(slot).cloned().unwrap_or(Seen::Missing),
            None => self
                .space
                .fields
                .get(slot)
                .map_or(Seen::Missing, |it| Seen::As(*it)),
        }
    }

    /// The members of the old version that something holds, by their places in the new one; none where they
    /// are the same.
    pub(super) fn members(&self, variable: Variable) -> Option<Vec<Option<u32>>> {
        self.lens.as_ref()?.members.get(&variable).cloned()
    }

    /// The place of an event in the schema of the cases; none where no case has it.
    pub(super) fn event(&self, event: u32) -> Option<u32> {
        match &self.lens {
            Some(lens) => lens.events.get(event as usize).copied().flatten(),
            None => Some(event),
        }
    }

    /// To be called when everything is encoded that will be, before questions.
    pub(super) fn finish(&mut self) {
        let space = &mut self.space;
        for set in &mut space.sets {
            set.tie(&mut space.solver);
        }
        // A case is not decided before it was opened.
        let opened = match space.fields.get(space.schema.opened_at.0 as usize) {
            Some(Variable::Scalar(place)) => Some(*place),
            Some(Variable::Set(_)) | None => None,
        };
        let by_now = space.scalars.get(space.now);
        if let Some(opened) = opened
            && by_now.is_some_and(|now| now.points().next().is_some())
        {
            let pair = space.pairs.of(&mut space.solver, space.now, opened);
            space.solver.know(&[!pair.less]);
        }
        self.texts.tie(&mut space.solver, &mut space.scalars);
        space.pairs.tie(&mut space.solver, &mut space.scalars);
        let compared = space.pairs.places();
        let left = space
            .local
            .tie(&mut space.solver, &mut space.scalars, &compared);
        for (place, nodes) in left {
            self.keep_unknown(place, &nodes);
        }
    }

    /// What an expression stands for.
    pub(super) fn term(&mut self, id: NodeId) -> Term {
        let program = self.program;
        match program.node(id) {
            Node::Constant(value) => Term::Constant(value.clone()),
            Node::Target(target) => Term::Targets(vec![(*target, self.space.solver.always())]),
            Node::Field(slot) if self.pinned.as_ref().is_some_and(|(one, _)| one == slot) => {
                let value = self.pinned.as_ref().and_then(|(_, value)| value.clone());
                value.map_or(Term::Choice(Vec::new()), Term::Constant)
            }
            Node::Field(slot) => match self.seen(*slot) {
                Seen::As(Variable::Scalar(place)) => Term::Scalar(place),
                Seen::As(Variable::Set(place)) => Term::Set(place),
                Seen::Always(value) => Term::Constant(value),
                Seen::Missing => Term::Choice(Vec::new()),
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
                Term::Constant(Value::Set(items)) => {
                    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
                    Term::Constant(Value::Integer(count))
                }
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
            (part, Term::Constant(Value::Instant(at))) => {
                let zone = self.program.zone;
                Term::Constant(match part {
                    InstantPart::Date => Value::Date(at.date(zone)),
                    InstantPart::Weekday => Value::Weekday(at.date(zone).weekday()),
                    InstantPart::Time => Value::Time(at.time(zone)),
                })
            }
            (InstantPart::Weekday, Term::Scalar(place)) => {
                self.local_part(id, (part, of), place, &Type::Weekday)
            }
            (InstantPart::Time, Term::Scalar(place)) => {
                self.local_part(id, (part, of), place, &Type::Time)
            }
            (InstantPart::Date, _) => self.opaque(id, &[of], &Type::Date),
            (InstantPart::Weekday, _) => self.opaque(id, &[of], &Type::Weekday),
            (InstantPart::Time, _) => self.opaque(id, &[of], &Type::Time),
        }
    }

    /// The day of the week or the time of day of an unknown instant.
    fn local_part(
        &mut self,
        id: NodeId,
        (part, of): (InstantPart, NodeId),
        place: usize,
        ty: &Type,
    ) -> Term {
        let zone = self.program.zone;
        let spot = (self.is_older(), id);
        let space = &mut self.space;
        let known = match space.local.known(place, zone, part) {
            Some(known) => known,
            None => {
                let instant = space.scalars.get(place);
                let present = instant.map_or(space.solver.never(), |instant| instant.present);
                let range = space.range(ty);
                space.scalar(range, present)
            }
        };
        match space.local.keep(place, zone, part, (known, spot)) {
            true => Term::Scalar(known),
            false => self.opaque(id, &[of], ty),
        }
    }

    /// An unknown value that is there at most when all of what it is made of is there.
    fn opaque(&mut self, id: NodeId, of: &[NodeId], ty: &Type) -> Term {
        let key = self.words(id);
        if let Some((known, _)) = self.opaque.get(&key) {
            let known = *known;
            self.keep_value(id, known);
            return Term::Scalar(known);
        }
        let inputs: Vec<Literal> = of.iter().map(|part| self.present(*part)).collect();
        let inputs = self.space.solver.all(inputs);
        let mut range = self.space.range(ty);
        let mut always_fits = false;
        if let Node::Arithmetic(op, left, right) = self.program.node(id)
            && let Some((least, greatest)) = self.bounds_of(*op, *left, *right)
        {
            range = range.within(Some(&least), Some(&greatest));
            always_fits = true;
        }
        let present = match self.program.node(id) {
            _ if always_fits => inputs,
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
        if matches!(self.program.node(id), Node::Length(_) | Node::Count(_)) {
            range = range.within(Some(&Value::Integer(0)), None);
        }
        if let Node::Call(function, _) = self.program.node(id)
            && let Some(declared) = self.program.functions.get(*function as usize)
        {
            let bounds = &declared.result_bounds;
            range = range.within(bounds.from.as_ref(), bounds.to.as_ref());
        }
        let place = self.space.scalar(range, present);
        self.opaque.insert(key, (place, id));
        self.keep_value(id, place);
        Term::Scalar(place)
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
        let mut words = match self.program.node(id) {
            Node::Constant(value) => format!("{value:?}"),
            Node::Target(target) => format!("{target:?}"),
            Node::Field(slot) => format!("{:?}", self.seen(*slot)),
            Node::Define(place) if self.beside => match self.program.defines.get(*place as usize) {
                Some(define) => self.words(define.value),
                None => String::new(),
            },
            Node::Define(place) => format!("define {place}"),
            Node::Classification(place) => {
                format!("classification {place}{}", self.of_old())
            }
            Node::Outcome(outcome) => format!("{outcome:?}{}", self.of_old()),
            Node::Or(_) => "or".to_owned(),
            Node::And(_) => "and".to_owned(),
            Node::Not(_) => "not".to_owned(),
            Node::Equal { .. } => "equal".to_owned(),
            Node::EqualFolded { .. } => "equal folded".to_owned(),
            Node::Order(op, _, _) => format!("{op:?}"),
            Node::Between(..) => "between".to_owned(),
            Node::In { set, .. } => format!("in {set:?}"),
            Node::InFolded { set, .. } => format!("in folded {set:?}"),
            Node::Missing { .. } => "missing".to_owned(),
            Node::Text { op, folded, .. } => format!("{op:?} {folded}"),
            Node::TextConstant {
                op,
                pattern,
                folded,
                ..
            } => format!("{op:?} {folded} {pattern:?}"),
            Node::TextMany {
                all,
                patterns,
                folded,
                ..
            } => format!("many {all} {folded} {patterns:?}"),
            Node::Matches { pattern, .. } => {
                format!("matches {:?}", pattern.as_deref().map(regex::Regex::as_str))
            }
            Node::SetContains { .. } => "contains".to_owned(),
            Node::SetContainsMany { all, elements, .. } => format!("contains {all} {elements:?}"),
            Node::During { calendar, .. } => {
                let alike = self.lens.as_ref().map(|lens| &lens.alike.calendars);
                format!("during {}", self.alike(*calendar, alike))
            }
            Node::HasHappened(event) => format!("event {:?}", self.event(*event)),
            Node::Arithmetic(op, _, _) => format!("{op:?}"),
            Node::PartOf(part, _) => format!("{part:?} in {}", self.program.zone.name()),
            Node::Count(_) => "count".to_owned(),
            Node::Length(_) => "length".to_owned(),
            Node::Min(_) => "min".to_owned(),
            Node::Max(_) => "max".to_owned(),
            Node::Call(function, _) => {
                let alike = self.lens.as_ref().map(|lens| &lens.alike.functions);
                format!("call {}", self.alike(*function, alike))
            }
        };
        let mut operands = Vec::new();
        self.program.operands(id, |operand| operands.push(operand));
        for operand in operands {
            words.push_str(&format!(" ({})", self.words(operand)));
        }
        if matches!(
            self.program.node(id),
            Node::Field(_) | Node::Define(_) | Node::Classification(_)
        ) {
            words.push_str(&self.pinned_words(id));
        }
        words
    }

    /// Something of the program by its place in the new version, if it is the same there.
    fn alike(&self, place: u32, alike: Option<&Vec<Option<u32>>>) -> String {
        match alike {
            None => place.to_string(),
            Some(alike) => match alike.get(place as usize).copied().flatten() {
                Some(same) => same.to_string(),
                None => format!("{place}{}", self.of_old()),
            },
        }
    }

    /// A calendar by its place in the new version, if it is the same there.
    pub(super) fn calendar(&self, place: u32) -> String {
        self.alike(place, self.lens.as_ref().map(|lens| &lens.alike.calendars))
    }

    /// A mark for what only the old version knows.
    fn of_old(&self) -> &'static str {
        match self.lens {
            Some(_) => " of the old version",
            None => "",
        }
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
