//! A decision in JSON, with the names of its program. The order of the keys is part of the format.

mod brief;
mod clocks;
mod duties;
mod names;
mod stamp;

pub use brief::BriefReport;

use super::decision::{Decided, Decision, Taken};
use super::shown::Shown;
use crate::compile::{Classification, Program, Route, Sla};
use crate::message::Message;
use names::{BlockName, Each, SubjectName};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// A decision to be printed; `policy` is the header that names the policy and its version.
pub struct Report<'a, H> {
    /// The program that decided.
    pub program: &'a Program,
    /// The decision.
    pub decision: &'a Decision,
    /// The header.
    pub policy: &'a H,
}

impl<H: Serialize> Serialize for Report<'_, H> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Report {
            program,
            decision,
            policy,
        } = self;
        let mut object = serializer.serialize_struct("Decision", 13)?;
        object.serialize_field("case", &decision.case.as_deref())?;
        object.serialize_field("at", &program.stamp(decision.at))?;
        object.serialize_field("policy", policy)?;
        object.serialize_field(
            "classification",
            &Classifications {
                program,
                decided: &decision.classifications,
                because: true,
            },
        )?;
        let route = program.route.as_ref().map(|block| RouteTaken {
            program,
            decision,
            block,
        });
        object.serialize_field("route", &route)?;
        let sla = program.sla.as_ref().map(|block| TierTaken {
            program,
            decision,
            block,
        });
        object.serialize_field("sla", &sla)?;
        object.serialize_field("retention", &duties::Records { program, decision })?;
        object.serialize_field("follow_ups", &duties::FollowUps { program, decision })?;
        object.serialize_field("requirements", &duties::Requirements { program, decision })?;
        object.serialize_field("next_change_at", &program.shown(decision.next_change_at))?;
        object.serialize_field("waiting_for", &Waiting { program, decision })?;
        object.serialize_field("problems", &Problems { program, decision })?;
        object.serialize_field("ignored_events", &decision.ignored_events)?;
        object.end()
    }
}

/// What every classification came to; with `because` also what its rules cite.
struct Classifications<'a> {
    program: &'a Program,
    decided: &'a [Decided],
    because: bool,
}

impl Serialize for Classifications<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let blocks = &self.program.classifications;
        let mut map = serializer.serialize_map(Some(blocks.len()))?;
        for (block, decided) in blocks.iter().zip(self.decided) {
            let entry = ClassificationTaken {
                program: self.program,
                block,
                decided,
                because: self.because,
            };
            map.serialize_entry(&block.named.name, &entry)?;
        }
        map.end()
    }
}

struct ClassificationTaken<'a> {
    program: &'a Program,
    block: &'a Classification,
    decided: &'a Decided,
    because: bool,
}

impl Serialize for ClassificationTaken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ClassificationTaken {
            program,
            block,
            decided,
            because,
        } = self;
        let value = decided.value.as_ref().map(|value| Shown {
            program,
            ty: &block.ty,
            value,
        });
        let several = value.is_some() && matches!(block.ty, crate::compile::Type::Set(_));
        let mut object = serializer.serialize_struct("Classification", 3)?;
        object.serialize_field("value", &value)?;
        if several && block.strategy == crate::compile::Strategy::Collect {
            object.serialize_field("rules", &Each(|| block.each_rule_name(&decided.taken)))?;
        } else {
            let rule = block.each_rule_name(&decided.taken).next();
            object.serialize_field("rule", &rule)?;
        }
        if value.is_some() && *because {
            object.serialize_field("because", &Each(|| block.each_citation(&decided.taken)))?;
        }
        object.end()
    }
}

impl Classification {
    /// Names of the rules taken.
    pub fn rule_names(&self, taken: &Taken) -> Vec<&str> {
        self.each_rule_name(taken).collect()
    }

    /// Citations of the rules taken.
    pub fn citations(&self, taken: &Taken) -> Vec<&str> {
        self.each_citation(taken).collect()
    }

    fn each_rule_name(&self, taken: &Taken) -> impl Iterator<Item = &str> {
        let rules = taken.rules().iter();
        let names = rules.filter_map(|rule| self.rules.get(*rule as usize));
        let otherwise = (*taken == Taken::Otherwise).then_some(OTHERWISE);
        names.map(|rule| rule.named.name.as_str()).chain(otherwise)
    }

    fn each_citation(&self, taken: &Taken) -> impl Iterator<Item = &str> {
        let rules = taken.rules().iter();
        let lists = rules.filter_map(|rule| self.rules.get(*rule as usize));
        let otherwise = self.otherwise.as_ref();
        let otherwise = otherwise.filter(|_| *taken == Taken::Otherwise);
        lists
            .flat_map(|rule| &rule.because)
            .chain(otherwise.into_iter().flat_map(|(_, because)| because))
            .map(String::as_str)
    }
}

impl Taken {
    /// The rules taken, as places in page order.
    fn rules(&self) -> &[u32] {
        match self {
            Taken::Nothing | Taken::Otherwise => &[],
            Taken::Rule(rule) => std::slice::from_ref(rule),
            Taken::Rules(rules) => rules,
        }
    }
}

/// What the `otherwise` clause of a block is called.
pub const OTHERWISE: &str = "otherwise";

struct RouteTaken<'a> {
    program: &'a Program,
    decision: &'a Decision,
    block: &'a Route,
}

impl Serialize for RouteTaken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let taken = &self.decision.route;
        let target = self.block.target(taken);
        let role = |place: u32| names::name(&self.program.roles, place);
        let queue = target.and_then(|target| target.queue);
        let with = target.map_or(&[][..], |target| &target.with);
        let with = Each(|| with.iter().map(|place| role(*place)));
        let mut object = serializer.serialize_struct("Route", 6)?;
        object.serialize_field("role", &target.map(|target| role(target.role)))?;
        object.serialize_field(
            "queue",
            &queue.map(|place| names::name(&self.program.queues, place)),
        )?;
        object.serialize_field("with", &with)?;
        object.serialize_field("rule", &self.block.rule_name(taken))?;
        object.serialize_field("because", target.map_or(&[][..], |target| &target.because))?;
        let escalations = clocks::Steps {
            program: self.program,
            steps: &self.decision.escalations,
            to: true,
        };
        object.serialize_field("escalations", &escalations)?;
        object.end()
    }
}

impl Route {
    /// The name of the rule taken.
    pub fn rule_name(&self, taken: &Taken) -> Option<&str> {
        match taken {
            Taken::Nothing | Taken::Rules(_) => None,
            Taken::Rule(rule) => self
                .rules
                .get(*rule as usize)
                .map(|rule| rule.named.name.as_str()),
            Taken::Otherwise => Some(OTHERWISE),
        }
    }
}

struct TierTaken<'a> {
    program: &'a Program,
    decision: &'a Decision,
    block: &'a Sla,
}

impl Serialize for TierTaken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tier = self
            .decision
            .tier
            .and_then(|place| self.block.tiers.get(place as usize));
        let mut object = serializer.serialize_struct("Sla", 3)?;
        object.serialize_field("tier", &tier.map(|tier| &tier.named.name))?;
        object.serialize_field("because", tier.map_or(&[][..], |tier| &tier.because))?;
        let clocks = clocks::Clocks {
            program: self.program,
            decision: self.decision,
        };
        object.serialize_field("clocks", &clocks)?;
        object.end()
    }
}

struct Waiting<'a> {
    program: &'a Program,
    decision: &'a Decision,
}

#[derive(Serialize)]
struct WaitingField<'a, R: Serialize> {
    field: &'a str,
    rules: R,
}

impl Serialize for Waiting<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let program = self.program;
        let fields = self.decision.waiting_for.iter();
        serializer.collect_seq(fields.map(|(slot, rules)| {
            let field = program.fields.get(*slot as usize);
            WaitingField {
                field: field.map_or("", |field| &field.path),
                rules: Each(move || rules.iter().map(|rule| SubjectName(program, *rule))),
            }
        }))
    }
}

struct Problems<'a> {
    program: &'a Program,
    decision: &'a Decision,
}

#[derive(Serialize)]
struct ProblemEntry<'a, R: Serialize> {
    code: &'a str,
    block: BlockName<'a>,
    rules: R,
    message: &'a Message,
}

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let program = self.program;
        serializer.collect_seq(self.decision.problems.iter().map(|problem| ProblemEntry {
            code: problem.code.word(),
            block: BlockName(program, problem.site),
            rules: Each(move || program.each_problem_rule(problem)),
            message: &problem.message,
        }))
    }
}
