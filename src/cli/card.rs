//! A decision as a card that people read: names with their labels, aligned by display width.
//!
//! Made from the JSON form, which is the contract, and the labels of the program.

use crate::compile::{Named, Type};
use crate::{Decision, Policy};
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

/// The card of a decision.
pub(super) fn card(policy: &Policy, decision: &Decision) -> String {
    let Ok(json) = serde_json::to_value(decision) else {
        return String::new();
    };
    let mut card = Card {
        policy,
        rows: Vec::new(),
    };
    card.classifications(&json["classification"], decision);
    card.route(decision);
    card.sla(&json["sla"], decision);
    card.retention(&json["retention"]);
    card.follow_ups(&json["follow_ups"]);
    card.requirements(&json["requirements"]);
    card.waiting(decision);
    card.problems(decision);
    if let Some(at) = json["next_change_at"].as_str() {
        card.row(0, "next change", at);
    }
    if decision.ignored_events() > 0 {
        card.row(
            0,
            "later events",
            &format!("{} not looked at", decision.ignored_events()),
        );
    }
    let header = policy.header();
    format!(
        "case {} at {} by {} {}\n\n{}",
        decision.case_id().unwrap_or("-"),
        decision.at().format(policy.zone()),
        header.name,
        header.version,
        card.finish()
    )
}

struct Card<'a> {
    policy: &'a Policy,
    /// Left column and right column.
    rows: Vec<(String, String)>,
}

impl Card<'_> {
    fn row(&mut self, depth: usize, left: &str, right: &str) {
        self.rows
            .push((format!("{}{left}", "  ".repeat(depth)), right.to_owned()));
    }

    fn finish(self) -> String {
        let width = self
            .rows
            .iter()
            .map(|(left, _)| left.width())
            .max()
            .unwrap_or(0);
        let mut text = String::new();
        for (left, right) in &self.rows {
            let blanks = " ".repeat(width.saturating_sub(left.width()) + 2);
            // Line breaks in citations would break the columns.
            let right = right.replace(['\n', '\r'], " ");
            text.push_str(format!("{left}{blanks}{right}").trim_end());
            text.push('\n');
        }
        text
    }

    fn because<'b>(&mut self, citations: impl IntoIterator<Item = &'b str>) {
        for citation in citations {
            self.row(1, "because", citation);
        }
    }

    fn classifications(&mut self, json: &Json, decision: &Decision) {
        let program = self.policy.program();
        for block in &program.classifications {
            let name = block.named.name.as_str();
            let Some(decided) = decision.classification(name) else {
                continue;
            };
            let value = match &json[name]["value"] {
                Json::Null => "-".to_owned(),
                Json::Array(items) if items.is_empty() => "(none)".to_owned(),
                Json::Array(items) => {
                    let members: Vec<String> = items
                        .iter()
                        .map(|item| self.member(item, &block.outcome))
                        .collect();
                    members.join(", ")
                }
                value => self.member(value, &block.outcome),
            };
            self.row(0, &named(&block.named), &value);
            for rule in &decided.rules {
                let rule = block.rules.iter().find(|own| own.named.name == *rule);
                self.row(
                    1,
                    "rule",
                    &rule.map_or("otherwise".to_owned(), |rule| named(&rule.named)),
                );
            }
            self.because(decided.because.iter().copied());
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
        let labelled = members
            .into_iter()
            .flatten()
            .find(|member| member.name == text)
            .and_then(|member| member.label.as_ref());
        match labelled {
            Some(label) => format!("{text} {label}"),
            None => text.to_owned(),
        }
    }

    fn route(&mut self, decision: &Decision) {
        let Some(route) = decision.route() else {
            return;
        };
        let Some(role) = route.role else {
            self.row(0, "route", "-");
            return;
        };
        let program = self.policy.program();
        let mut text = labelled(&program.roles, role);
        if let Some(queue) = route.queue {
            text.push_str(&format!(", queue {}", labelled(&program.queues, queue)));
        }
        self.row(0, "route", &text);
        for role in &route.with {
            self.row(1, "with", &labelled(&program.roles, role));
        }
        if let (Some(name), Some(block)) = (route.rule, &program.route) {
            let rule = block.rules.iter().find(|rule| rule.named.name == name);
            self.row(
                1,
                "rule",
                &rule.map_or(name.to_owned(), |rule| named(&rule.named)),
            );
        }
        self.because(route.because.iter().map(String::as_str));
    }

    fn sla(&mut self, json: &Json, decision: &Decision) {
        let Some(sla) = decision.sla() else { return };
        let program = self.policy.program();
        let tier = sla.tier.map(|name| {
            let tiers = program.sla.iter().flat_map(|block| &block.tiers);
            tiers
                .map(|tier| &tier.named)
                .find(|tier| tier.name == name)
                .map_or(name.to_owned(), named)
        });
        self.row(0, "tier", tier.as_deref().unwrap_or("-"));
        self.because(sla.because.iter().map(String::as_str));
        let Some(clocks) = json["clocks"].as_object() else {
            return;
        };
        for (name, clock) in clocks {
            let mut parts = vec![clock["state"].as_str().unwrap_or("-").to_owned()];
            for (key, words) in [
                ("target", "target"),
                ("due", "due"),
                ("met_at", "met at"),
                ("breached_at", "breached at"),
            ] {
                if let Some(text) = clock[key].as_str() {
                    parts.push(format!("{words} {text}"));
                }
            }
            let label = labelled(&program.clocks, name);
            self.row(1, &label, &parts.join(", "));
        }
    }

    fn retention(&mut self, json: &Json) {
        let Some(records) = json.as_object() else {
            return;
        };
        let program = self.policy.program();
        for (name, record) in records {
            let mut parts = vec![record["phase"].as_str().unwrap_or("-").to_owned()];
            for (key, words) in [
                ("keep_until", "keep until"),
                ("delete_by", "delete by"),
                ("then", "then"),
            ] {
                if let Some(text) = record[key].as_str() {
                    parts.push(format!("{words} {text}"));
                }
            }
            let label = labelled(&program.records, name);
            self.row(0, &format!("keep {label}"), &parts.join(", "));
        }
    }

    fn follow_ups(&mut self, json: &Json) {
        let program = self.policy.program();
        for item in json.as_array().into_iter().flatten() {
            let name = labelled(&program.follow_ups, item["name"].as_str().unwrap_or(""));
            let by = labelled(&program.roles, item["by"].as_str().unwrap_or(""));
            let state = match (item["done"].as_bool(), item["overdue"].as_bool()) {
                (Some(true), _) => "done",
                (_, Some(true)) => "overdue",
                (_, _) => "open",
            };
            let due = item["due"]
                .as_str()
                .map_or(String::new(), |due| format!(", due {due}"));
            self.row(
                0,
                &format!("follow-up {name}"),
                &format!("{state}, by {by}{due}"),
            );
        }
    }

    fn requirements(&mut self, json: &Json) {
        let program = self.policy.program();
        for item in json.as_array().into_iter().flatten() {
            let name = labelled(&program.requires, item["name"].as_str().unwrap_or(""));
            let met = if item["met"].as_bool() == Some(true) {
                "met"
            } else {
                "not met"
            };
            self.row(0, &format!("requirement {name}"), met);
        }
    }

    fn waiting(&mut self, decision: &Decision) {
        for waiting in decision.waiting_for() {
            self.row(
                0,
                "waiting for",
                &format!("{} ({})", waiting.field, waiting.rules.join(", ")),
            );
        }
    }

    fn problems(&mut self, decision: &Decision) {
        for problem in decision.problems() {
            self.row(
                0,
                "problem",
                &format!("{}: {}", problem.code, problem.message),
            );
        }
    }
}

fn named(named: &Named) -> String {
    match &named.label {
        Some(label) => format!("{} {label}", named.name),
        None => named.name.clone(),
    }
}

fn labelled(all: &[impl AsRef<Named>], name: &str) -> String {
    all.iter()
        .map(AsRef::as_ref)
        .find(|one| one.name == name)
        .map_or(name.to_owned(), named)
}
