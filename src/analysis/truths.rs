//! When a condition is true, and when it is false, over all cases at once.
//!
//! After [`super::terms`]. Follows the three truth values of the evaluator (Kleene): a comparison of
//! something missing is neither.

use super::points::{behind_prefix, order};
use super::solver::Literal;
use super::space::Variable;
use super::terms::{Encoder, Term, Truth};
use super::texts::Test;
use crate::compile::{Node, NodeId, OrderOp, Target, TextOp, fold};
use crate::value::Value;
use std::cmp::Ordering;

/// How two values of one type lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    fn of(op: OrderOp) -> Relation {
        match op {
            OrderOp::Less => Relation::Less,
            OrderOp::LessOrEqual => Relation::LessOrEqual,
            OrderOp::Greater => Relation::Greater,
            OrderOp::GreaterOrEqual => Relation::GreaterOrEqual,
        }
    }

    fn swapped(self) -> Relation {
        match self {
            Relation::Equal => Relation::Equal,
            Relation::Less => Relation::Greater,
            Relation::LessOrEqual => Relation::GreaterOrEqual,
            Relation::Greater => Relation::Less,
            Relation::GreaterOrEqual => Relation::LessOrEqual,
        }
    }

    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Relation::Equal => ordering.is_eq(),
            Relation::Less => ordering.is_lt(),
            Relation::LessOrEqual => ordering.is_le(),
            Relation::Greater => ordering.is_gt(),
            Relation::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Encoder<'_> {
    /// When a condition is true, and when false.
    pub(super) fn truth(&mut self, id: NodeId) -> Truth {
        let truth = self.truth_of(id);
        self.keep_condition(id, truth);
        truth
    }

    fn truth_of(&mut self, id: NodeId) -> Truth {
        let program = self.program;
        match program.node(id) {
            Node::And(list) => self.together(program.list(*list), true),
            Node::Or(list) => self.together(program.list(*list), false),
            Node::Not(inner) => {
                let inner = self.truth(*inner);
                opposite(inner)
            }
            Node::Equal {
                left,
                right,
                negated,
            } => {
                let (left, right) = (self.term(*left), self.term(*right));
                let truth = match (&left, &right) {
                    (Term::Targets(a), Term::Targets(b)) => self.targets(a, b, |a, b| Some(a == b)),
                    _ => self.compare(id, &left, &right, Relation::Equal),
                };
                opposite_if(truth, *negated)
            }
            Node::Order(op, left, right) => {
                let (left, right) = (self.term(*left), self.term(*right));
                match (&left, &right) {
                    (Term::Targets(a), Term::Targets(b)) => {
                        let op = *op;
                        self.targets(a, b, |a, b| match op {
                            OrderOp::Less => a.is_below(b, true),
                            OrderOp::LessOrEqual => a.is_below(b, false),
                            OrderOp::Greater => b.is_below(a, true),
                            OrderOp::GreaterOrEqual => b.is_below(a, false),
                        })
                    }
                    _ => self.compare(id, &left, &right, Relation::of(*op)),
                }
            }
            Node::Between(value, least, greatest) => {
                let (value, least, greatest) =
                    (self.term(*value), self.term(*least), self.term(*greatest));
                let above = self.compare(id, &value, &least, Relation::GreaterOrEqual);
                let below = self.compare(id, &value, &greatest, Relation::LessOrEqual);
                let present = [&value, &least, &greatest].map(|term| self.is_present(term));
                let present = self.space.solver.all(present);
                let yes = self.space.solver.all([above.yes, below.yes]);
                let no = self.space.solver.all([present, !yes]);
                Truth { yes, no }
            }
            Node::In {
                value,
                set,
                negated,
            } => {
                let value = self.term(*value);
                let mut found = Vec::new();
                for constant in set {
                    let constant = Term::Constant(constant.clone());
                    found.push(self.compare(id, &value, &constant, Relation::Equal).yes);
                }
                let present = self.is_present(&value);
                let found = self.space.solver.any(found);
                opposite_if(self.known(present, found), *negated)
            }
            Node::Missing { value, negated } => {
                let present = self.present(*value);
                let missing = Truth {
                    yes: !present,
                    no: present,
                };
                opposite_if(missing, *negated)
            }
            Node::TextConstant {
                op: TextOp::StartsWith,
                value,
                pattern,
                folded: false,
            } => match self.term(*value) {
                Term::Scalar(place) => {
                    let from = Value::text(pattern);
                    let behind = behind_prefix(pattern);
                    let space = &mut self.space;
                    let Some(scalar) = space.scalars.get_mut(place) else {
                        return self.free(id, &[*value]);
                    };
                    let present = scalar.present;
                    let inside = scalar.between(&mut space.solver, &from, behind.as_ref());
                    self.known(present, inside)
                }
                _ => {
                    let test = Test::operator(TextOp::StartsWith, pattern, false);
                    self.text_test(id, *value, &test)
                }
            },
            Node::SetContains { set, element } => {
                let (set, element) = (self.term(*set), self.term(*element));
                match element {
                    Term::Constant(element) => self.contains(id, &set, &[element], false),
                    _ => {
                        let present = [&set, &element].map(|term| self.is_present(term));
                        self.settled_by(id, &present)
                    }
                }
            }
            Node::SetContainsMany { all, set, elements } => {
                let set = self.term(*set);
                self.contains(id, &set, elements, *all)
            }
            Node::HasHappened(event) => {
                let happened = self.happens(*event);
                Truth {
                    yes: happened,
                    no: !happened,
                }
            }
            Node::EqualFolded {
                left,
                right,
                negated,
            } => {
                let (left, right, negated) = (*left, *right, *negated);
                let truth = match (self.term(left), self.term(right)) {
                    (_, Term::Constant(Value::Text(constant))) => {
                        let test = Test::is_folded(&fold(&constant));
                        self.text_test(id, left, &test)
                    }
                    (Term::Constant(Value::Text(constant)), _) => {
                        let test = Test::is_folded(&fold(&constant));
                        self.text_test(id, right, &test)
                    }
                    _ => self.decided(id, &[left, right]),
                };
                opposite_if(truth, negated)
            }
            Node::InFolded {
                value,
                set,
                negated,
            } => {
                let tests: Vec<Test> = set.iter().map(|one| Test::is_folded(one)).collect();
                let (value, negated) = (*value, *negated);
                let truth = self.text_tests(id, value, &tests, false);
                opposite_if(truth, negated)
            }
            Node::During {
                value,
                calendar,
                outside,
            } => {
                let calendar = program.calendars.get(*calendar as usize);
                let truth = match calendar.is_some_and(|(_, calendar)| calendar.is_known()) {
                    true => self.decided(id, &[*value]),
                    false => self.free(id, &[*value]),
                };
                opposite_if(truth, *outside)
            }
            Node::TextConstant {
                op,
                value,
                pattern,
                folded,
            } => {
                let test = Test::operator(*op, pattern, *folded);
                self.text_test(id, *value, &test)
            }
            Node::TextMany {
                all,
                value,
                patterns,
                folded,
            } => {
                let tests = patterns.iter().map(|one| Test::contains(one, *folded));
                self.text_tests(id, *value, &tests.collect::<Vec<_>>(), *all)
            }
            Node::Matches {
                value,
                pattern: Some(pattern),
            } => {
                let test = Test::matches(pattern);
                self.text_test(id, *value, &test)
            }
            // A pattern that is too large says nothing of any text.
            Node::Matches { pattern: None, .. } => {
                let never = self.space.solver.never();
                Truth {
                    yes: never,
                    no: never,
                }
            }
            Node::Text { value, pattern, .. } => self.decided(id, &[*value, *pattern]),
            Node::Constant(_)
            | Node::Target(_)
            | Node::Field(_)
            | Node::Define(_)
            | Node::Classification(_)
            | Node::Outcome(_)
            | Node::Arithmetic(..)
            | Node::PartOf(..)
            | Node::Count(_)
            | Node::Length(_)
            | Node::Min(_)
            | Node::Max(_)
            | Node::Call(..) => match self.term(id) {
                Term::Truth(truth) => truth,
                term => {
                    let holds = Term::Constant(Value::Bool(true));
                    self.compare(id, &term, &holds, Relation::Equal)
                }
            },
        }
    }

    fn together(&mut self, parts: &[NodeId], all: bool) -> Truth {
        let parts: Vec<Truth> = parts.iter().map(|part| self.truth(*part)).collect();
        let (yes, no): (Vec<Literal>, Vec<Literal>) =
            parts.iter().map(|part| (part.yes, part.no)).unzip();
        let solver = &mut self.space.solver;
        match all {
            true => Truth {
                yes: solver.all(yes),
                no: solver.any(no),
            },
            false => Truth {
                yes: solver.any(yes),
                no: solver.all(no),
            },
        }
    }

    /// A condition over something that is there or not.
    pub(super) fn known(&mut self, present: Literal, holds: Literal) -> Truth {
        let solver = &mut self.space.solver;
        Truth {
            yes: solver.all([present, holds]),
            no: solver.all([present, !holds]),
        }
    }

    /// That an event has happened.
    pub(super) fn happens(&mut self, event: u32) -> Literal {
        let event = self.event(event);
        let solver = &mut self.space.solver;
        match event {
            Some(event) => *self.happened.entry(event).or_insert_with(|| solver.free()),
            None => solver.never(),
        }
    }

    /// That something has a value.
    pub(super) fn is_value(&mut self, id: NodeId, term: &Term, value: &Value) -> Literal {
        let value = Term::Constant(value.clone());
        self.compare(id, term, &value, Relation::Equal).yes
    }

    fn compare(&mut self, id: NodeId, left: &Term, right: &Term, relation: Relation) -> Truth {
        match (left, right) {
            (Term::Constant(a), Term::Constant(b)) => {
                let solver = &self.space.solver;
                let holds = match relation.holds(order(a, b)) {
                    true => solver.always(),
                    false => solver.never(),
                };
                Truth {
                    yes: holds,
                    no: !holds,
                }
            }
            (Term::Constant(_), _) => self.compare(id, right, left, relation.swapped()),
            (Term::Truth(truth), _) => {
                let options = Term::Choice(vec![
                    (Value::Bool(false), truth.no),
                    (Value::Bool(true), truth.yes),
                ]);
                self.compare(id, &options, right, relation)
            }
            (_, Term::Truth(_)) => self.compare(id, right, left, relation.swapped()),
            (Term::Choice(options), _) => {
                let mut parts = Vec::new();
                for (value, holds) in options {
                    let inner = self.compare(
                        id,
                        right,
                        &Term::Constant(value.clone()),
                        relation.swapped(),
                    );
                    parts.push((*holds, inner));
                }
                let solver = &mut self.space.solver;
                let yes: Vec<Literal> = parts
                    .iter()
                    .map(|(holds, inner)| solver.all([*holds, inner.yes]))
                    .collect();
                let no: Vec<Literal> = parts
                    .iter()
                    .map(|(holds, inner)| solver.all([*holds, inner.no]))
                    .collect();
                Truth {
                    yes: solver.any(yes),
                    no: solver.any(no),
                }
            }
            (_, Term::Choice(_)) => self.compare(id, right, left, relation.swapped()),
            (Term::Scalar(place), Term::Constant(Value::Member(member)))
                if self.members(Variable::Scalar(*place)).is_some() =>
            {
                let members = self.members(Variable::Scalar(*place)).unwrap_or_default();
                let fitting = (0u32..).zip(members).filter_map(|(old, new)| {
                    relation.holds(old.cmp(member)).then_some(new).flatten()
                });
                let fitting: Vec<u32> = fitting.collect();
                let space = &mut self.space;
                let Some(scalar) = space.scalars.get_mut(*place) else {
                    return self.free(id, &[]);
                };
                let is = fitting.into_iter().map(|new| {
                    let constant = Value::Member(new);
                    scalar.is(&mut space.solver, &constant)
                });
                let is: Vec<Literal> = is.collect();
                let present = scalar.present;
                let holds = space.solver.any(is);
                self.known(present, holds)
            }
            (Term::Scalar(place), Term::Constant(constant)) => {
                let space = &mut self.space;
                let Some(scalar) = space.scalars.get_mut(*place) else {
                    return self.free(id, &[]);
                };
                let solver = &mut space.solver;
                let holds = match relation {
                    Relation::Equal => scalar.is(solver, constant),
                    Relation::Less => !scalar.at_least(solver, constant),
                    Relation::LessOrEqual => !scalar.above(solver, constant),
                    Relation::Greater => scalar.above(solver, constant),
                    Relation::GreaterOrEqual => scalar.at_least(solver, constant),
                };
                let present = scalar.present;
                self.known(present, holds)
            }
            (Term::DateOf(place), Term::Constant(constant)) => {
                let next = match constant {
                    Value::Date(date) => date.plus_days(1).map(Value::Date),
                    _ => None,
                };
                let begin = self.begin_of(constant);
                let end = next.and_then(|next| self.begin_of(&next));
                let space = &mut self.space;
                let Some(scalar) = space.scalars.get_mut(*place) else {
                    return self.free(id, &[]);
                };
                let solver = &mut space.solver;
                let never = solver.never();
                let from = begin.map_or(never, |begin| scalar.at_least(solver, &begin));
                let behind = end.map_or(never, |end| scalar.at_least(solver, &end));
                let holds = match relation {
                    Relation::Equal => solver.all([from, !behind]),
                    Relation::Less => !from,
                    Relation::LessOrEqual => !behind,
                    Relation::Greater => behind,
                    Relation::GreaterOrEqual => from,
                };
                let present = scalar.present;
                self.known(present, holds)
            }
            (Term::CountOf(place), Term::Constant(constant)) => {
                let range = self.space.range(&crate::compile::Type::Integer);
                let range = range.within(Some(&Value::Integer(0)), None);
                let space = &mut self.space;
                let Some(set) = space.sets.get_mut(*place) else {
                    return self.free(id, &[]);
                };
                let present = set.present;
                let count = set.count(|| range);
                let solver = &mut space.solver;
                let holds = match relation {
                    Relation::Equal => count.is(solver, constant),
                    Relation::Less => !count.at_least(solver, constant),
                    Relation::LessOrEqual => !count.above(solver, constant),
                    Relation::Greater => count.above(solver, constant),
                    Relation::GreaterOrEqual => count.at_least(solver, constant),
                };
                self.known(present, holds)
            }
            (Term::Scalar(a), Term::Scalar(b)) if self.is_of_one_order(*a, *b) => {
                let present = [left, right].map(|term| self.is_present(term));
                let present = self.space.solver.all(present);
                let space = &mut self.space;
                let pair = space.pairs.of(&mut space.solver, *a, *b);
                let holds = match relation {
                    Relation::Equal => space.solver.all([!pair.less, !pair.greater]),
                    Relation::Less => pair.less,
                    Relation::LessOrEqual => !pair.greater,
                    Relation::Greater => pair.greater,
                    Relation::GreaterOrEqual => !pair.less,
                };
                self.known(present, holds)
            }
            _ => {
                let present = [left, right].map(|term| self.is_present(term));
                self.settled_by(id, &present)
            }
        }
    }

    /// That something is at least a constant; `id` is an expression of it.
    pub(super) fn at_least(&mut self, id: NodeId, term: &Term, constant: &Value) -> Truth {
        let constant = Term::Constant(constant.clone());
        self.compare(id, term, &constant, Relation::GreaterOrEqual)
    }

    /// Whether the values at two places are compared as they are.
    fn is_of_one_order(&self, a: usize, b: usize) -> bool {
        let kind = |place: usize| {
            self.space
                .scalars
                .get(place)
                .map(|scalar| scalar.range().kind())
        };
        kind(a) == kind(b)
    }

    fn targets(
        &mut self,
        left: &[(Target, Literal)],
        right: &[(Target, Literal)],
        holds: impl Fn(Target, Target) -> Option<bool>,
    ) -> Truth {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (a, one) in left {
            for (b, other) in right {
                let both = self.space.solver.all([*one, *other]);
                match holds(*a, *b) {
                    Some(true) => yes.push(both),
                    Some(false) => no.push(both),
                    None => {}
                }
            }
        }
        let solver = &mut self.space.solver;
        Truth {
            yes: solver.any(yes),
            no: solver.any(no),
        }
    }

    fn contains(&mut self, id: NodeId, set: &Term, elements: &[Value], all: bool) -> Truth {
        let mut holds = Vec::new();
        let present = self.is_present(set);
        let members = match set {
            Term::Set(place) => self.members(Variable::Set(*place)),
            _ => None,
        };
        for element in elements {
            let moved = match (&members, element) {
                (Some(members), Value::Member(old)) => match members.get(*old as usize) {
                    Some(Some(new)) => Value::Member(*new),
                    _ => {
                        holds.push(self.space.solver.never());
                        continue;
                    }
                },
                _ => element.clone(),
            };
            let element = &moved;
            let space = &mut self.space;
            holds.push(match set {
                Term::Set(place) => match space.sets.get_mut(*place) {
                    Some(known) => known.contains(&mut space.solver, element),
                    None => space.solver.never(),
                },
                Term::ChosenSet(options, _) => {
                    let options = options.iter().filter(|(value, _)| value == element);
                    let options: Vec<Literal> = options.map(|(_, holds)| *holds).collect();
                    space.solver.any(options)
                }
                Term::Constant(Value::Set(known)) if known.contains(element) => {
                    space.solver.always()
                }
                Term::Constant(Value::Set(_)) => space.solver.never(),
                _ => return self.settled_by(id, &[present]),
            });
        }
        let solver = &mut self.space.solver;
        let found = match all {
            true => solver.all(holds),
            false => solver.any(holds),
        };
        self.known(present, found)
    }
}

fn opposite(truth: Truth) -> Truth {
    Truth {
        yes: truth.no,
        no: truth.yes,
    }
}

fn opposite_if(truth: Truth, negated: bool) -> Truth {
    if negated { opposite(truth) } else { truth }
}
