//! Comparisons of one thing with constants, as sets of its values, absence included.
//!
//! Read by the lint about inverted targets.

use super::value_set::ValueSet;
use crate::model::{
    ClassificationId, EventId, Expr, ExprKind, FieldId, Model, OrderOp, Outcome, Presence, Type,
};
use crate::value::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Defines that stand for one another, at most, of which the last is looked for.
const MOST_DEFINES: u32 = 20_000;

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
    /// All values of the subjects asked for so far.
    known: RefCell<BTreeMap<Subject, Rc<ValueSet>>>,
}

impl<'a> Logic<'a> {
    pub fn new(model: &'a Model) -> Logic<'a> {
        Logic {
            model,
            known: RefCell::default(),
        }
    }

    /// What a chain of defines stands for.
    pub fn unfold<'e>(&self, mut expr: &'e Expr) -> &'e Expr
    where
        'a: 'e,
    {
        for _ in 0..MOST_DEFINES {
            let ExprKind::Define(id) = expr.kind else {
                break;
            };
            match self.model.defines.get(id.0 as usize) {
                Some(define) => expr = &define.value,
                None => break,
            }
        }
        expr
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
