//! Conditions over fields of which something is known: whether one can be true of a case as it stands
//! when it is opened.
//!
//! Used by lints; stage before: the model. What needs more than fields, defines and constants is left open.

use crate::model::{DefineId, Expr, ExprKind, FieldId, Model, OrderOp, Presence};
use crate::value::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Its value.
    Value(Value),
    /// That it has none.
    Missing,
}

impl Known {
    /// A field that nothing fills: its default, or no value; none of a required one.
    pub(super) fn unfilled(model: &Model, field: FieldId) -> Option<Known> {
        match &model.schema.field(field)?.presence {
            Presence::Required => None,
            Presence::Optional => Some(Known::Missing),
            Presence::Default(value) => Some(Known::Value(value.clone())),
        }
    }
}

/// What a condition can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// True.
    True,
    /// False.
    False,
    /// Neither: it reads something missing.
    Unknown,
    /// Any of them.
    Any,
}

impl Truth {
    fn of(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::Any => Truth::Any,
        }
    }
}

/// All fields that an expression reads, also through defines and classifications.
pub(super) fn reads(model: &Model, expr: &Expr) -> BTreeSet<FieldId> {
    let mut fields = BTreeSet::new();
    let (mut defines, mut blocks) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![expr];
    while let Some(next) = open.pop() {
        if let ExprKind::Field(id) = &next.kind {
            fields.insert(*id);
        }
        if let ExprKind::Define(id) = &next.kind
            && defines.insert(*id)
        {
            let define = model.defines.get(id.0 as usize);
            open.extend(define.map(|define| &define.value));
        }
        if let ExprKind::Classification(id) = &next.kind
            && blocks.insert(*id)
        {
            let block = model.classifications.get(id.0 as usize);
            let rules = block.iter().flat_map(|block| &block.rules);
            open.extend(rules.map(|rule| &rule.when));
        }
        open.extend(next.kind.parts());
    }
    fields
}

/// A case as it stands when it is opened, as far as it is known.
pub(super) struct Opening<'a> {
    model: &'a Model,
    fields: &'a BTreeMap<FieldId, Known>,
    /// Defines that were asked before.
    truths: BTreeMap<DefineId, Truth>,
    values: BTreeMap<DefineId, Option<Known>>,
}

impl<'a> Opening<'a> {
    pub(super) fn new(model: &'a Model, fields: &'a BTreeMap<FieldId, Known>) -> Opening<'a> {
        Opening {
            model,
            fields,
            truths: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    /// Whether a condition can be true.
    pub(super) fn may_hold(&mut self, condition: &Expr) -> bool {
        matches!(self.truth(condition), Truth::True | Truth::Any)
    }

    fn truth(&mut self, condition: &Expr) -> Truth {
        match &condition.kind {
            ExprKind::And(parts) => self.joined(parts, Truth::False),
            ExprKind::Or(parts) => self.joined(parts, Truth::True),
            ExprKind::Not(part) => self.truth(part).not(),
            ExprKind::Define(id) => self.define(*id),
            ExprKind::Equal {
                left,
                right,
                negated,
                ignoring_case: false,
            } => {
                let equal = self.compared(left, right, |order| order == Ordering::Equal);
                if *negated { equal.not() } else { equal }
            }
            ExprKind::In {
                value,
                set,
                negated,
                ignoring_case: false,
            } => {
                let held = match self.value(value) {
                    None => Truth::Any,
                    Some(Known::Missing) => Truth::Unknown,
                    Some(Known::Value(value)) => Truth::of(set.binary_search(&value).is_ok()),
                };
                if *negated { held.not() } else { held }
            }
            ExprKind::Missing { value, negated } => match self.value(value) {
                None => Truth::Any,
                Some(found) => Truth::of((found == Known::Missing) != *negated),
            },
            ExprKind::Order(op, left, right) => self.compared(left, right, |order| match op {
                OrderOp::Less => order == Ordering::Less,
                OrderOp::LessOrEqual => order != Ordering::Greater,
                OrderOp::Greater => order == Ordering::Greater,
                OrderOp::GreaterOrEqual => order != Ordering::Less,
            }),
            // Nothing has happened to a case that is being opened.
            ExprKind::HasHappened(_) => Truth::False,
            ExprKind::Field(_) | ExprKind::Constant(_) => match self.value(condition) {
                Some(Known::Value(Value::Bool(value))) => Truth::of(value),
                Some(Known::Missing) => Truth::Unknown,
                Some(Known::Value(_)) | None => Truth::Any,
            },
            ExprKind::Equal { .. }
            | ExprKind::In { .. }
            | ExprKind::Target(_)
            | ExprKind::Classification(_)
            | ExprKind::Outcome(_)
            | ExprKind::Between(..)
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
            | ExprKind::Call(..) => Truth::Any,
        }
    }

    fn define(&mut self, id: DefineId) -> Truth {
        if let Some(found) = self.truths.get(&id) {
            return *found;
        }
        let define = self.model.defines.get(id.0 as usize);
        let found = define.map_or(Truth::Any, |define| self.truth(&define.value));
        self.truths.insert(id, found);
        found
    }

    /// Conditions joined by `and` or `or`: one that is `decides` decides.
    fn joined(&mut self, parts: &[Expr], decides: Truth) -> Truth {
        let mut result = decides.not();
        for part in parts {
            let found = self.truth(part);
            if found == decides {
                return decides;
            }
            result = match (result, found) {
                (Truth::Any, _) | (_, Truth::Any) => Truth::Any,
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                (Truth::True | Truth::False, Truth::True | Truth::False) => result,
            };
        }
        result
    }

    fn compared(&mut self, left: &Expr, right: &Expr, holds: impl Fn(Ordering) -> bool) -> Truth {
        // An integer beside a decimal is compared as a number, which is left open.
        if left.ty != right.ty {
            return Truth::Any;
        }
        match (self.value(left), self.value(right)) {
            (Some(Known::Missing), _) | (_, Some(Known::Missing)) => Truth::Unknown,
            (Some(Known::Value(left)), Some(Known::Value(right))) => {
                Truth::of(holds(left.cmp(&right)))
            }
            (None, _) | (_, None) => Truth::Any,
        }
    }

    /// The value of an expression; none when it is left open.
    fn value(&mut self, expr: &Expr) -> Option<Known> {
        if let ExprKind::Constant(value) = &expr.kind {
            return Some(Known::Value(value.clone()));
        }
        if let ExprKind::Field(id) = &expr.kind {
            return self.fields.get(id).cloned();
        }
        let ExprKind::Define(id) = &expr.kind else {
            return None;
        };
        if let Some(found) = self.values.get(id) {
            return found.clone();
        }
        let define = self.model.defines.get(id.0 as usize)?;
        let found = self.value(&define.value);
        self.values.insert(*id, found.clone());
        found
    }
}
