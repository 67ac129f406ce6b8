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

use super::steps::{role_name, sites};
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;

/// The lint. Tiers, whose condition tells which role has the case, are left to the analysis.
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
            if site.role != Some(to) {
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
            let target = places.get(&clause.span);
            let target = target.and_then(|target| facts.written.route_targets.get(target));
            if let Some(target) = target {
                finding = finding.also(target.role.span, message!("it goes there"));
            }
            findings.push(finding);
        }
    }
}
