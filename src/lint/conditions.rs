//! What follows from a condition for certain: whether it implies another, always holds, or never.
//!
//! Sound and simple: a "yes" is proved, a "no" means only that the proof was not found. Conditions
//! are taken apart along `and`, `or`, `not` and `define`, and single values are looked at one by one,
//! absence included. Read by the lints about time.

use super::value_set::ValueSet;
use crate::model::{
    ClassificationId, EventId, Expr, ExprKind, FieldId, Model, OrderOp, Outcome, Presence, Type,
};
use crate::source::Span;
use crate::value::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Steps that one question may take; defines that read one another several times can grow huge.
const BUDGET: u32 = 20_000;

/// Something with one value at a time that conditions ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Field(FieldId),
    Classification(ClassificationId),
    RouteRole,
    /// Whether the event has happened.
    Event(EventId),
}

/// Answers questions about the conditions of one model.
pub(super) struct Logic<'a> {
    model: &'a Model,
    left: Cell<u32>,
    /// All values of the subjects asked for so far.
    known: RefCell<BTreeMap<Subject, Rc<ValueSet>>>,
}

/// Which side an answer may err to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// All values with which the condition can be true, perhaps more.
    Over,
    /// Values with which it is true whatever else holds, perhaps fewer.
    Under,
}

impl<'a> Logic<'a> {
    pub fn new(model: &'a Model) -> Logic<'a> {
        Logic {
            model,
            left: Cell::new(BUDGET),
            known: RefCell::default(),
        }
    }

    /// Whether `then` is true wherever `when` is.
    pub fn implies(&self, when: &Expr, then: &Expr) -> bool {
        self.left.set(BUDGET);
        self.follows(when, then)
    }

    fn possible(&self, condition: &Expr, subject: Subject) -> ValueSet {
        let all = self.all_values(subject);
        self.truth(condition, true, subject, &all, Bound::Over)
            .and(&all)
    }

    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// What a chain of defines stands for.
    pub fn unfold<'e>(&self, mut expr: &'e Expr) -> &'e Expr
    where
        'a: 'e,
    {
        while let ExprKind::Define(id) = expr.kind {
            match self.model.defines.get(id.0 as usize) {
                Some(define) if self.spend() => expr = &define.value,
                Some(_) | None => break,
            }
        }
        expr
    }

    fn follows(&self, when: &Expr, then: &Expr) -> bool {
        if !self.spend() {
            return false;
        }
        let (when, then) = (self.unfold(when), self.unfold(then));
        if when == then {
            return true;
        }
        match (&when.kind, &then.kind) {
            (ExprKind::Constant(Value::Bool(false)), _)
            | (_, ExprKind::Constant(Value::Bool(true))) => return true,
            (ExprKind::Or(parts), _) => return parts.iter().all(|part| self.follows(part, then)),
            (_, ExprKind::And(parts)) => return parts.iter().all(|part| self.follows(when, part)),
            _ => {}
        }
        if let ExprKind::And(parts) = &when.kind
            && parts.iter().any(|part| self.follows(part, then))
        {
            return true;
        }
        if let ExprKind::Or(parts) = &then.kind
            && parts.iter().any(|part| self.follows(when, part))
        {
            return true;
        }
        self.subjects(then).into_iter().any(|subject| {
            let all = self.all_values(subject);
            let sure = self.truth(then, true, subject, &all, Bound::Under);
            !sure.is_empty() && self.possible(when, subject).is_within(&sure)
        })
    }

    /// What a condition reads, as far as it can be told apart value by value.
    pub fn subjects(&self, condition: &Expr) -> BTreeSet<Subject> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![condition];
        while let Some(next) = open.pop() {
            next.walk(&mut |part| {
                if let ExprKind::Define(id) = part.kind {
                    if seen.insert(id.0) {
                        let define = self.model.defines.get(id.0 as usize);
                        open.extend(define.map(|define| &define.value));
                    }
                } else {
                    found.extend(self.subject(part));
                }
            });
        }
        found
    }

    fn subject(&self, expr: &Expr) -> Option<Subject> {
        match self.unfold(expr).kind {
            ExprKind::Field(id) => {
                let field = self.model.schema.field(id)?;
                ValueSet::empty(&field.ty).map(|_| Subject::Field(id))
            }
            ExprKind::Classification(id) => {
                ValueSet::empty(&expr.ty).map(|_| Subject::Classification(id))
            }
            ExprKind::Outcome(Outcome::RouteRole) => Some(Subject::RouteRole),
            ExprKind::HasHappened(id) => Some(Subject::Event(id)),
            ExprKind::Equal { .. }
            | ExprKind::Order(..)
            | ExprKind::Between(..)
            | ExprKind::In { .. }
            | ExprKind::Missing { .. }
            | ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Define(_)
            | ExprKind::Outcome(_)
            | ExprKind::Or(_)
            | ExprKind::And(_)
            | ExprKind::Not(_)
            | ExprKind::Text { .. }
            | ExprKind::TextMany { .. }
            | ExprKind::Matches { .. }
            | ExprKind::SetContains { .. }
            | ExprKind::SetContainsMany { .. }
            | ExprKind::During { .. }
            | ExprKind::Arithmetic(..)
            | ExprKind::PartOf(..)
            | ExprKind::Count(_)
            | ExprKind::Length(_)
            | ExprKind::Min(_)
            | ExprKind::Max(_)
            | ExprKind::Call(..) => None,
        }
    }

    /// All values that a subject can have, perhaps more.
    pub fn all_values(&self, subject: Subject) -> Rc<ValueSet> {
        if let Some(known) = self.known.borrow().get(&subject) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.find_all_values(subject));
        self.known.borrow_mut().insert(subject, Rc::clone(&found));
        found
    }

    fn find_all_values(&self, subject: Subject) -> ValueSet {
        let (all, missing) = match subject {
            Subject::Field(id) => match self.model.schema.field(id) {
                Some(field) => {
                    let (from, to) = (field.bounds.from.as_ref(), field.bounds.to.as_ref());
                    let bounded = ValueSet::between(&field.ty, from, to)
                        .and_then(|bounded| Some(bounded.and(&self.of_type(&field.ty)?)));
                    let absent =
                        field.presence == Presence::Optional || field.inside_optional.is_some();
                    (bounded.or_else(|| self.of_type(&field.ty)), absent)
                }
                None => (None, true),
            },
            Subject::Classification(id) => {
                let block = self.model.classifications.get(id.0 as usize);
                let outcomes = block.and_then(|block| {
                    let rules = block.rules.iter().map(|rule| &rule.then);
                    let all = rules.chain(block.otherwise.iter().map(|otherwise| &otherwise.then));
                    ValueSet::of(&block.outcome, all)
                });
                (outcomes, true)
            }
            Subject::RouteRole => {
                let roles: Vec<Value> = self
                    .model
                    .route
                    .iter()
                    .flat_map(|route| {
                        let rules = route.rules.iter().map(|rule| &rule.target);
                        rules.chain(&route.otherwise)
                    })
                    .map(|target| Value::Member(target.role.0))
                    .collect();
                (
                    ValueSet::of(&Type::Enum(crate::model::EnumId(0)), &roles),
                    true,
                )
            }
            Subject::Event(_) => (self.of_type(&Type::Bool), false),
        };
        let mut all = all.unwrap_or_else(ValueSet::everything);
        all.missing = missing;
        all
    }

    fn of_type(&self, ty: &Type) -> Option<ValueSet> {
        let members = match ty {
            Type::Bool => Some(2),
            Type::Weekday => Some(7),
            Type::Enum(id) => {
                let ty = self.model.schema.enumeration(*id)?;
                Some(u32::try_from(ty.members.len()).ok()?)
            }
            Type::Integer
            | Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Set(_)
            | Type::Target => None,
        };
        match members {
            Some(0) => ValueSet::empty(ty),
            Some(count) => {
                let (first, last) = (Value::Member(0), Value::Member(count - 1));
                ValueSet::between(ty, Some(&first), Some(&last))
            }
            None => ValueSet::between(ty, None, None),
        }
    }

    /// The values of a subject with which a condition is true, or false when `positive` is not set.
    fn truth(
        &self,
        expr: &Expr,
        positive: bool,
        subject: Subject,
        all: &ValueSet,
        bound: Bound,
    ) -> ValueSet {
        let nothing = all.and(&all.complement());
        let unknown = || match bound {
            Bound::Over => all.clone(),
            Bound::Under => nothing.clone(),
        };
        if !self.spend() {
            return unknown();
        }
        let expr = self.unfold(expr);
        match &expr.kind {
            ExprKind::Constant(Value::Bool(value)) => {
                if *value == positive {
                    all.clone()
                } else {
                    nothing
                }
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let meet = matches!(expr.kind, ExprKind::And(_)) == positive;
                let parts = parts
                    .iter()
                    .map(|part| self.truth(part, positive, subject, all, bound));
                if meet {
                    parts.fold(all.clone(), |so_far, part| so_far.and(&part))
                } else {
                    parts.fold(nothing, |so_far, part| so_far.or(&part))
                }
            }
            ExprKind::Not(part) => self.truth(part, !positive, subject, all, bound),
            ExprKind::Equal {
                left,
                right,
                negated,
                ..
            } if left.ty == Type::Bool => {
                let (side, value) = match (&left.kind, &right.kind) {
                    (_, ExprKind::Constant(Value::Bool(value))) => (left, *value),
                    (ExprKind::Constant(Value::Bool(value)), _) => (right, *value),
                    _ => return unknown(),
                };
                let wanted = value ^ negated ^ !positive;
                self.truth(side, wanted, subject, all, bound)
            }
            _ => match self.atom(expr, positive) {
                Some((found, set)) if found == subject => set,
                Some(_) | None => unknown(),
            },
        }
    }

    /// A comparison of one subject with constants: the values that make it true, or false.
    pub fn atom(&self, expr: &Expr, positive: bool) -> Option<(Subject, ValueSet)> {
        let constant = |expr: &'_ Expr| match &self.unfold(expr).kind {
            ExprKind::Constant(value) => Some(value.clone()),
            _ => None,
        };
        match &expr.kind {
            ExprKind::Field(_) | ExprKind::Classification(_) | ExprKind::HasHappened(_)
                if expr.ty == Type::Bool =>
            {
                let value = Value::Bool(positive);
                Some((self.subject(expr)?, ValueSet::of(&Type::Bool, [&value])?))
            }
            ExprKind::Equal {
                left,
                right,
                negated,
                ignoring_case: false,
            } => {
                let (side, value) = match (constant(left), constant(right)) {
                    (None, Some(value)) => (left, value),
                    (Some(value), None) => (right, value),
                    (Some(_), Some(_)) | (None, None) => return None,
                };
                let same = ValueSet::of(&side.ty, [&value])?;
                Some((self.subject(side)?, side_of(same, positive != *negated)))
            }
            ExprKind::In {
                value,
                set,
                negated,
                ignoring_case: false,
            } => {
                let listed = ValueSet::of(&value.ty, set)?;
                Some((self.subject(value)?, side_of(listed, positive != *negated)))
            }
            ExprKind::Order(op, left, right) => {
                let (side, limit, op) = match (constant(left), constant(right)) {
                    (None, Some(limit)) => (left, limit, *op),
                    (Some(limit), None) => (right, limit, swapped(*op)),
                    (Some(_), Some(_)) | (None, None) => return None,
                };
                let set = match op {
                    OrderOp::Less => ValueSet::beyond(&side.ty, &limit, false),
                    OrderOp::LessOrEqual => ValueSet::between(&side.ty, None, Some(&limit)),
                    OrderOp::Greater => ValueSet::beyond(&side.ty, &limit, true),
                    OrderOp::GreaterOrEqual => ValueSet::between(&side.ty, Some(&limit), None),
                };
                Some((self.subject(side)?, side_of(set?, positive)))
            }
            ExprKind::Between(value, lower, upper) => {
                let (lower, upper) = (constant(lower)?, constant(upper)?);
                let set = ValueSet::between(&value.ty, Some(&lower), Some(&upper))?;
                Some((self.subject(value)?, side_of(set, positive)))
            }
            ExprKind::Missing { value, negated } => {
                let subject = self.subject(value)?;
                let mut absent = ValueSet::empty(&self.unfold(value).ty)?;
                absent.missing = true;
                let set = if positive != *negated {
                    absent
                } else {
                    absent.complement()
                };
                Some((subject, set))
            }
            // The rest is not told apart by values.
            ExprKind::Field(_)
            | ExprKind::Classification(_)
            | ExprKind::HasHappened(_)
            | ExprKind::Equal { .. }
            | ExprKind::In { .. }
            | ExprKind::Constant(_)
            | ExprKind::Target(_)
            | ExprKind::Define(_)
            | ExprKind::Outcome(_)
            | ExprKind::Or(_)
            | ExprKind::And(_)
            | ExprKind::Not(_)
            | ExprKind::Text { .. }
            | ExprKind::TextMany { .. }
            | ExprKind::Matches { .. }
            | ExprKind::SetContains { .. }
            | ExprKind::SetContainsMany { .. }
            | ExprKind::During { .. }
            | ExprKind::Arithmetic(..)
            | ExprKind::PartOf(..)
            | ExprKind::Count(_)
            | ExprKind::Length(_)
            | ExprKind::Min(_)
            | ExprKind::Max(_)
            | ExprKind::Call(..) => None,
        }
    }
}

fn side_of(set: ValueSet, inside: bool) -> ValueSet {
    if inside { set } else { set.other_values() }
}

fn swapped(op: OrderOp) -> OrderOp {
    match op {
        OrderOp::Less => OrderOp::Greater,
        OrderOp::LessOrEqual => OrderOp::GreaterOrEqual,
        OrderOp::Greater => OrderOp::Less,
        OrderOp::GreaterOrEqual => OrderOp::LessOrEqual,
    }
}

fn condition(kind: ExprKind) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span: Span::default(),
    }
}

/// `true` or `false`.
fn constant(value: bool) -> Expr {
    condition(ExprKind::Constant(Value::Bool(value)))
}

/// That any of the conditions is true; `false` when there are none.
pub(super) fn any<'e>(conditions: impl IntoIterator<Item = &'e Expr>) -> Expr {
    let mut parts: Vec<Expr> = conditions.into_iter().cloned().collect();
    match parts.len() {
        0 => constant(false),
        1 => parts.remove(0),
        _ => condition(ExprKind::Or(parts)),
    }
}
