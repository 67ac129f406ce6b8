//! A decision as a card that people read: names with their labels, aligned by display width, and
//! clocks as bars.
//!
//! Made from the decision and the labels of the program; at most 80 columns.

pub(super) mod clocks;
pub(super) mod duties;
pub(super) mod table;

use super::pen::{Pen, wrap};
use crate::cli::language::told;
use crate::compile::Type;
use crate::eval::StepState;
use crate::{Decision, Policy};
use clocks::Clocks;
use duties::Duties;
use serde_json::Value as Json;
use table::{Moments, Table, labelled, named};

/// The card of a decision.
pub(super) fn card(policy: &Policy, decision: &Decision, pen: Pen) -> String {
    let moments = Moments {
        zone: policy.zone(),
        now: decision.at(),
    };
    let clocks = Clocks {
        policy,
        decision: decision.places(),
        moments,
        pen,
    };
    let duties = Duties {
        program: policy.program(),
        decision: decision.places(),
        moments,
    };
    let card = Card { policy, decision };
    let header = policy.header();
    let title = told!(
        "case {case} at {at} by {policy} {version}",
        case = decision.case_id().unwrap_or("-"),
        at = decision.at().format(policy.zone()),
        policy = header.name,
        version = header.version
    );
    let sections = [
        wrap(&title, table::WIDTH),
        card.classifications_and_route(&clocks),
        card.tier(),
        clocks.lines(),
        duties.lines(),
        card.rest(moments),
    ];
    let sections = sections.iter().filter(|lines| !lines.is_empty());
    let texts: Vec<String> = sections
        .map(|lines| lines.join("\n").trim_end().to_owned() + "\n")
        .collect();
    texts.join("\n")
}

struct Card<'a> {
    policy: &'a Policy,
    decision: &'a Decision,
}

impl Card<'_> {
    fn classifications_and_route(&self, clocks: &Clocks<'_>) -> Vec<String> {
        let mut table = Table::default();
        self.classifications(&mut table);
        self.route(&mut table);
        let steps: Vec<&StepState> = self.decision.places().escalations.iter().collect();
        clocks.steps(&steps, &mut table);
        table.lines()
    }

    fn classifications(&self, table: &mut Table) {
        let json = serde_json::to_value(self.decision).unwrap_or_default();
        let program = self.policy.program();
        for block in &program.classifications {
            let name = block.named.name.as_str();
            let Some(decided) = self.decision.classification(name) else {
                continue;
            };
            let value = match &json["classification"][name]["value"] {
                Json::Null => "-".to_owned(),
                Json::Array(items) if items.is_empty() => told!("(none)"),
                Json::Array(items) => {
                    let members: Vec<String> = items
                        .iter()
                        .map(|item| self.member(item, &block.outcome))
                        .collect();
                    members.join(", ")
                }
                value => self.member(value, &block.outcome),
            };
            table.row(0, &named(&block.named), &value);
            for rule in &decided.rules {
                let rule = block.rules.iter().find(|own| own.named.name == *rule);
                let rule = rule.map_or("otherwise".to_owned(), |rule| named(&rule.named));
                table.row(1, &told!("rule"), &rule);
            }
            table.because(decided.because.iter().copied());
        }
    }

    /// A value of a classification, with its label when it is a member of an enum.
    fn member(&self, value: &Json, outcome: &Type) -> String {
        let Some(text) = value.as_str() else {
            return value.to_string();
        };
        let enums = &self.policy.program().enums;
        let members = if let Type::Enum(id) = outcome {
            enums.get(id.0 as usize)
        } else {
            None
        };
        members.map_or(text.to_owned(), |members| labelled(members, text))
    }

    fn route(&self, table: &mut Table) {
        let Some(route) = self.decision.route() else {
            return;
        };
        let Some(role) = route.role else {
            table.row(0, &told!("route"), "-");
            return;
        };
        let program = self.policy.program();
        let mut text = labelled(&program.roles, role);
        if let Some(queue) = route.queue {
            let queue = labelled(&program.queues, queue);
            text.push_str(&told!(", queue {queue}", queue));
        }
        table.row(0, &told!("route"), &text);
        for role in &route.with {
            table.row(1, &told!("with"), &labelled(&program.roles, role));
        }
        if let (Some(name), Some(block)) = (route.rule, &program.route) {
            let rule = block.rules.iter().find(|rule| rule.named.name == name);
            let rule = rule.map_or(name.to_owned(), |rule| named(&rule.named));
            table.row(1, &told!("rule"), &rule);
        }
        table.because(route.because.iter().map(String::as_str));
    }

    fn tier(&self) -> Vec<String> {
        let mut table = Table::default();
        let Some(sla) = self.decision.sla() else {
            return Vec::new();
        };
        let tiers = self.policy.program().sla.iter();
        let tier = sla.tier.map(|name| {
            let mut tiers = tiers.flat_map(|block| &block.tiers).map(|tier| &tier.named);
            let tier = tiers.find(|tier| tier.name == name);
            tier.map_or(name.to_owned(), named)
        });
        table.row(0, &told!("tier"), tier.as_deref().unwrap_or("-"));
        table.because(sla.because.iter().map(String::as_str));
        table.lines()
    }

    /// What the decision waits for, what went wrong, and what lies ahead.
    fn rest(&self, moments: Moments) -> Vec<String> {
        let mut table = Table::default();
        for waiting in self.decision.waiting_for() {
            let text = format!("{} ({})", waiting.field, waiting.rules.join(", "));
            table.row(0, &told!("waiting for"), &text);
        }
        for problem in self.decision.problems() {
            let text = format!("{}: {}", problem.code, problem.message);
            table.row(0, &told!("problem"), &text);
        }
        if let Some(at) = self.decision.places().next_change_at {
            table.row(0, &told!("next change"), &moments.show(at));
        }
        if self.decision.ignored_events() > 0 {
            let count = self.decision.ignored_events();
            let text = told!("{count} not looked at", count);
            table.row(0, &told!("later events"), &text);
        }
        table.lines()
    }
}
