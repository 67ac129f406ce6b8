//! `escalation-to-same-role`: an escalation to the role that has the case already.
//!
//! Nobody new is told, and the case seems to be escalated. Often the role was changed in one of the
//! two lines only.
//!
//! Example:
//!
//! ```text
//! rule fault when kind is fault to engineer
//!   escalate to engineer at due of resolve
//! ```
//!
//! Instead: escalate to somebody else. To remind the role that has the case, write
//! `warn at due of resolve` in the tier.

use super::conditions::Subject;
use super::steps::{role_name, sites};
use super::value_set::ValueSet;
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{EnumId, RoleId, Type};
use crate::value::Value;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "escalation-to-same-role",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let model = facts.model;
    let targets = model.route.iter().flat_map(|route| {
        let rules = route.rules.iter().map(|rule| &rule.target);
        rules.chain(&route.otherwise)
    });
    let places: std::collections::HashMap<_, _> = targets
        .flat_map(|target| target.escalations.iter().map(|one| (one.span, target.span)))
        .collect();
    for site in sites(model) {
        for clause in &site.clauses {
            let Some(to) = clause.to else { continue };
            let has = match (site.role, site.when) {
                (Some(role), _) => role == to,
                (None, Some(when)) => {
                    only(facts, to, &facts.logic.can_be(when, Subject::RouteRole))
                }
                (None, None) => false,
            };
            if !has {
                continue;
            }
            let written = facts.written.escalations.get(&clause.span);
            let span = written
                .and_then(|one| one.to.as_ref())
                .map_or(clause.span, |name| name.span);
            let message = message!(
                "the case is with `{role}` already",
                role = role_name(model, to)
            );
            let mut finding = Diagnostic::warn(LINT.code, span, message)
                .subject(&site.subject)
                .help(message!("escalate to another role; to remind the one that has the case, write `warn` in the tier"));
            let first = match site.when {
                Some(when) if site.role.is_none() => {
                    Some((when.span, message!("it goes there under this condition")))
                }
                Some(_) | None => places
                    .get(&clause.span)
                    .and_then(|target| facts.written.route_targets.get(target))
                    .map(|target| (target.role.span, message!("it goes there"))),
            };
            if let Some((span, text)) = first {
                finding = finding.also(span, text);
            }
            findings.push(finding);
        }
    }
}

/// Whether a set of roles holds this one and nothing else.
fn only(facts: &Facts<'_>, role: RoleId, roles: &ValueSet) -> bool {
    let roles_type = Type::Enum(EnumId(0));
    let one = ValueSet::of(&roles_type, [&Value::Member(role.0)]);
    let known = (role.0 as usize) < facts.model.roles.len();
    known && one.is_some_and(|one| !roles.is_empty() && roles.is_within(&one))
}
