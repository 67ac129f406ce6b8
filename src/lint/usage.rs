//! What the parts of a model name: the facts behind the `unused-…` lints.

use crate::model::{
    EnumId, Escalation, Expr, ExprKind, Model, Moment, Target, Trigger, Type, Within,
};
use crate::value::Value;
use std::collections::BTreeSet;

/// The enum of roles in every schema.
const ROLES: EnumId = EnumId(0);
/// The enum of queues in every schema.
const QUEUES: EnumId = EnumId(1);

/// Ids that something in the policy names.
#[derive(Default)]
pub(super) struct Usage {
    pub defines: BTreeSet<u32>,
    pub functions: BTreeSet<u32>,
    pub roles: BTreeSet<u32>,
    pub queues: BTreeSet<u32>,
    pub calendars: BTreeSet<u32>,
    pub records: BTreeSet<u32>,
    /// Clocks to which a tier gives a target other than `none`.
    pub clocks: BTreeSet<u32>,
}

impl Usage {
    /// Everything that a model names.
    pub fn of(model: &Model) -> Usage {
        let mut usage = Usage::default();
        model.each_condition(&mut |_, condition| {
            condition.walk(&mut |expr| usage.expression(expr));
        });
        if let Some(route) = &model.route {
            for target in route
                .rules
                .iter()
                .map(|rule| &rule.target)
                .chain(&route.otherwise)
            {
                usage.roles.insert(target.role.0);
                usage.roles.extend(target.with.iter().map(|role| role.0));
                usage.queues.extend(target.queue.map(|queue| queue.0));
                usage.escalations(&target.escalations);
            }
        }
        for tier in model.sla.iter().flat_map(|sla| &sla.tiers) {
            usage.escalations(&tier.warnings);
            usage.escalations(&tier.escalations);
            for (clock, target) in &tier.targets {
                if *target != Target::None {
                    usage.clocks.insert(clock.0);
                }
                usage.target(*target);
            }
        }
        for retain in &model.retains {
            usage.records.insert(retain.record.0);
            if let Some((crate::model::Disposal::Review(role), _)) = retain.then {
                usage.roles.insert(role.0);
            }
        }
        usage
            .records
            .extend(model.holds.iter().map(|hold| hold.record.0));
        for follow_up in &model.follow_ups {
            usage.roles.insert(follow_up.by.0);
            match follow_up.within {
                Within::Exact(_, calendar) | Within::WorkingDays(_, calendar) => {
                    usage.calendars.insert(calendar.0);
                }
                Within::Calendar(_) => {}
            }
        }
        usage
    }

    fn escalations(&mut self, list: &[Escalation]) {
        self.roles
            .extend(list.iter().filter_map(|one| one.to).map(|role| role.0));
    }

    fn target(&mut self, target: Target) {
        match target {
            Target::Exact(_, calendar) | Target::WorkingDays(_, calendar) => {
                self.calendars.insert(calendar.0);
            }
            Target::None | Target::Calendar(_) => {}
        }
    }

    fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Define(id) => {
                self.defines.insert(id.0);
            }
            ExprKind::Call(id, _) => {
                self.functions.insert(id.0);
            }
            ExprKind::During { calendar, .. } => {
                self.calendars.insert(calendar.0);
            }
            ExprKind::Target(target) => self.target(*target),
            ExprKind::Constant(value) => self.member(&expr.ty, value),
            ExprKind::In { value, set, .. } => {
                for constant in set {
                    self.member(&value.ty, constant);
                }
            }
            ExprKind::SetContainsMany { set, elements, .. } => {
                if let Type::Set(element) = &set.ty {
                    for constant in elements {
                        self.member(element, constant);
                    }
                }
            }
            ExprKind::Outcome(_)
            | ExprKind::Field(_)
            | ExprKind::Classification(_)
            | ExprKind::Or(_)
            | ExprKind::And(_)
            | ExprKind::Not(_)
            | ExprKind::Equal { .. }
            | ExprKind::Order(..)
            | ExprKind::Between(..)
            | ExprKind::Missing { .. }
            | ExprKind::Text { .. }
            | ExprKind::TextMany { .. }
            | ExprKind::Matches { .. }
            | ExprKind::SetContains { .. }
            | ExprKind::HasHappened(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::PartOf(..)
            | ExprKind::Count(_)
            | ExprKind::Length(_)
            | ExprKind::Min(_)
            | ExprKind::Max(_) => {}
        }
    }

    fn member(&mut self, ty: &Type, value: &Value) {
        match (ty, value) {
            (Type::Enum(ROLES), Value::Member(role)) => {
                self.roles.insert(*role);
            }
            (Type::Enum(QUEUES), Value::Member(queue)) => {
                self.queues.insert(*queue);
            }
            (Type::Set(element), Value::Set(values)) => {
                for value in values.iter() {
                    self.member(element, value);
                }
            }
            _ => {}
        }
    }
}

impl Model {
    /// Calls `visit` with each condition and value of the policy and the subject it belongs to.
    pub(super) fn each_condition<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Expr)) {
        for define in &self.defines {
            visit(&format!("define.{}", define.declared.name), &define.value);
        }
        for block in &self.classifications {
            for rule in &block.rules {
                visit(
                    &format!("classify.{}.{}", block.declared.name, rule.declared.name),
                    &rule.when,
                );
            }
        }
        for rule in self.route.iter().flat_map(|route| &route.rules) {
            visit(&format!("route.{}", rule.declared.name), &rule.when);
        }
        for tier in self.sla.iter().flat_map(|sla| &sla.tiers) {
            if let Some(when) = &tier.when {
                visit(&format!("sla.{}", tier.declared.name), when);
            }
        }
        for clock in &self.clocks {
            let subject = format!("clock.{}", clock.declared.name);
            if let Some(Moment::When(when)) = &clock.start {
                visit(&subject, when);
            }
            clock.pause.iter().for_each(|when| visit(&subject, when));
            for trigger in clock.stop.iter().chain(&clock.cancel).chain(&clock.reset) {
                if let Trigger::When(when) = trigger {
                    visit(&subject, when);
                }
            }
        }
        for retain in &self.retains {
            let name = self
                .records
                .get(retain.record.0 as usize)
                .map_or("", |record| record.name.as_str());
            let subject = format!("retain.{name}");
            if let Moment::When(when) = &retain.from {
                visit(&subject, when);
            }
            retain.when.iter().for_each(|when| visit(&subject, when));
        }
        for hold in &self.holds {
            visit(&format!("hold.{}", hold.declared.name), &hold.when);
        }
        for follow_up in &self.follow_ups {
            let subject = format!("follow_up.{}", follow_up.declared.name);
            visit(&subject, &follow_up.when);
            if let Some(Moment::When(when)) = &follow_up.of {
                visit(&subject, when);
            }
            for trigger in &follow_up.done {
                if let Trigger::When(when) = trigger {
                    visit(&subject, when);
                }
            }
        }
        for require in &self.requires {
            let subject = format!("require.{}", require.declared.name);
            visit(&subject, &require.when);
            visit(&subject, &require.that);
        }
        for guarantee in &self.guarantees {
            let subject = format!("guarantee.{}", guarantee.declared.name);
            visit(&subject, &guarantee.condition);
            visit(&subject, &guarantee.then);
        }
        for test in &self.tests {
            let subject = format!("test.{}", test.name);
            for expect in &test.expects {
                if let crate::model::ExpectKind::Condition(condition) = &expect.kind {
                    visit(&subject, condition);
                }
            }
        }
    }
}
