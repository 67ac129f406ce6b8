//! A decision together with the policy that made it: it can be asked by name and printed.

use super::policy::Policy;
use crate::eval::{self, Report, Shown};
use crate::json;
use crate::message::{Language, Message};
use crate::time::Instant;
use crate::value::Value;
use serde::{Serialize, Serializer};

/// What a policy decided for a case.
///
/// Serialises to the stable JSON form that the command line prints.
#[derive(Clone, Debug)]
pub struct Decision {
    policy: Policy,
    decision: eval::Decision,
}

/// The value of a classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification<'a> {
    /// The value as it is printed, such as a member's name; none when there is none.
    pub text: Option<String>,
    /// The value itself; members are places in their enum.
    pub value: Option<&'a Value>,
    /// The rules that gave it: one, or for `collect` any number.
    pub rules: Vec<&'a str>,
    /// What these rules cite.
    pub because: Vec<&'a str>,
}

/// Where a case goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// The role; none when no rule was taken.
    pub role: Option<&'a str>,
    /// The queue.
    pub queue: Option<&'a str>,
    /// Roles that are told.
    pub with: Vec<&'a str>,
    /// The rule taken.
    pub rule: Option<&'a str>,
    /// What it cites.
    pub because: &'a [String],
}

/// The tier of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sla<'a> {
    /// The tier; none when none was taken.
    pub tier: Option<&'a str>,
    /// What it cites.
    pub because: &'a [String],
}

/// A missing field that keeps rules from being decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The field's path.
    pub field: &'a str,
    /// The rules, such as `route.rural`.
    pub rules: Vec<String>,
}

/// Something that went wrong while deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem<'a> {
    /// Stable code, such as `rule-conflict`.
    pub code: &'static str,
    /// The block, such as `classify.severity`.
    pub block: String,
    /// The rules concerned.
    pub rules: Vec<&'a str>,
    /// What happened.
    pub message: &'a Message,
}

impl Decision {
    pub(super) fn new(policy: Policy, decision: eval::Decision) -> Decision {
        Decision { policy, decision }
    }

    /// The same decision with the words of its problems fixed in a language.
    pub fn in_language(&self, language: Language) -> Decision {
        let mut fixed = self.clone();
        for problem in &mut fixed.decision.problems {
            problem.message = problem.message.fixed(language);
        }
        fixed
    }

    /// The policy that decided.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The decision as places in the policy's program.
    pub fn places(&self) -> &eval::Decision {
        &self.decision
    }

    /// The `id` of the case.
    pub fn case_id(&self) -> Option<&str> {
        self.decision.case.as_deref()
    }

    /// The instant that was decided for.
    pub fn at(&self) -> Instant {
        self.decision.at
    }

    /// The classification of that name; none when the policy has no such classification.
    pub fn classification(&self, name: &str) -> Option<Classification<'_>> {
        let program = self.policy.program();
        let place = program
            .classifications
            .iter()
            .position(|block| block.named.name == name)?;
        let block = program.classifications.get(place)?;
        let decided = self.decision.classifications.get(place)?;
        let value = decided.value.as_ref();
        Some(Classification {
            text: value.map(|value| {
                Shown {
                    program,
                    ty: &block.ty,
                    value,
                }
                .to_string()
            }),
            value,
            rules: block.rule_names(&decided.taken),
            because: block.citations(&decided.taken),
        })
    }

    /// Where the case goes; none when the policy has no route block.
    pub fn route(&self) -> Option<Route<'_>> {
        let program = self.policy.program();
        let block = program.route.as_ref()?;
        let taken = &self.decision.route;
        let target = block.target(taken);
        let role = |place: u32| {
            program
                .roles
                .get(place as usize)
                .map(|role| role.name.as_str())
        };
        let queue = target.and_then(|target| program.queues.get(target.queue? as usize));
        Some(Route {
            role: target.and_then(|target| role(target.role)),
            queue: queue.map(|queue| queue.name.as_str()),
            with: target
                .map_or(&[][..], |target| &target.with)
                .iter()
                .filter_map(|r| role(*r))
                .collect(),
            rule: block.rule_name(taken),
            because: target.map_or(&[], |target| &target.because),
        })
    }

    /// The tier; none when the policy has no sla block.
    pub fn sla(&self) -> Option<Sla<'_>> {
        let block = self.policy.program().sla.as_ref()?;
        let tier = self
            .decision
            .tier
            .and_then(|place| block.tiers.get(place as usize));
        Some(Sla {
            tier: tier.map(|tier| tier.named.name.as_str()),
            because: tier.map_or(&[], |tier| &tier.because),
        })
    }

    /// Missing fields that could change the decision, in the order of the case's declaration.
    pub fn waiting_for(&self) -> Vec<Waiting<'_>> {
        let program = self.policy.program();
        let waiting = self
            .decision
            .waiting_for
            .iter()
            .map(|(slot, rules)| Waiting {
                field: program
                    .fields
                    .get(*slot as usize)
                    .map_or("", |field| &field.path),
                rules: rules.iter().map(|rule| program.subject(*rule)).collect(),
            });
        waiting.collect()
    }

    /// What went wrong while deciding.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let program = self.policy.program();
        let problems = self.decision.problems.iter().map(|problem| Problem {
            code: problem.code.word(),
            block: program.block_name(problem.site),
            rules: program.problem_rules(problem),
            message: &problem.message,
        });
        problems.collect()
    }

    /// The next instant at which the decision is another one although nothing happens: a clock is
    /// due, a step fires, a period ends, an item begins or ends to count.
    pub fn next_change_at(&self) -> Option<Instant> {
        self.decision.next_change_at
    }

    /// How many events lie after the instant that was decided for.
    pub fn ignored_events(&self) -> usize {
        self.decision.ignored_events
    }
}

impl Decision {
    /// Prints the decision as JSON behind what some bytes hold already: what `serde_json` would print, in less time.
    pub fn append_json(&self, out: &mut Vec<u8>) {
        // Names and values can't be printed wrong.
        let _ = json::append(out, self);
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = Report {
            program: self.policy.program(),
            decision: &self.decision,
            policy: self.policy.header(),
        };
        report.serialize(serializer)
    }
}
