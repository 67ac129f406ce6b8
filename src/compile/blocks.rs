//! Blocks, defines, functions and tests of the model as flat lists of the program.
//!
//! Conditions go to the arena through [`super::lower`].

use super::course;
use super::lower::Arena;
use super::node::{Node, NodeId};
use super::program::{
    Classification, Column, Define, Effective, Expect, ExpectKind, Field, Function, Guarantee,
    Named, Program, Route, RouteRule, RouteTarget, Rule, Sla, Strategy, Test, Tier, Type,
};
use super::readers::Readers;
use crate::model::{self, Declared, Model};
use crate::time::{Calendar, Instant, TimeOfDay};
use std::collections::BTreeSet;

/// How deep conditions may nest through defines before the inner ones are computed first.
const DEEP: u32 = 100;

pub(super) struct Compiler<'a> {
    pub(super) model: &'a Model,
    pub(super) arena: Arena,
    /// Conditions of which it matters when they became true.
    pub(super) watched: Vec<NodeId>,
    boundaries: BTreeSet<Instant>,
}

/// Name and label of a declared thing.
pub(super) fn named(declared: &Declared) -> Named {
    Named {
        name: declared.name.clone(),
        label: declared.label.clone(),
    }
}

fn all_named<'a>(declared: impl IntoIterator<Item = &'a Declared>) -> Vec<Named> {
    declared.into_iter().map(named).collect()
}

impl<'a> Compiler<'a> {
    pub(super) fn new(model: &'a Model) -> Compiler<'a> {
        Compiler {
            model,
            arena: Arena::default(),
            watched: Vec::new(),
            boundaries: BTreeSet::new(),
        }
    }

    pub(super) fn program(mut self, calendars: Vec<(Named, Calendar)>) -> Program {
        let model = self.model;
        let schema = &model.schema;
        let fields = schema.fields.iter().map(|field| Field {
            path: field.path.clone(),
            label: field.label.clone(),
            ty: field.ty.clone(),
        });
        let enums = schema.enums.iter().map(|ty| {
            let member = |member: &model::Member| Named {
                name: member.name.clone(),
                label: member.label.clone(),
            };
            ty.members.iter().map(member).collect()
        });
        let events = schema.events.iter();
        let events = events.map(|(name, label)| Named {
            name: name.clone(),
            label: label.clone(),
        });
        let functions = model.functions.iter().map(|function| Function {
            named: named(&function.declared),
            file: function.file.clone(),
            parameters: function.parameters.clone(),
            result: function.result.clone(),
            result_bounds: function.result_bounds.clone(),
            span: function.declared.span,
        });
        let defines = self.defines();
        let classifications = model
            .classifications
            .iter()
            .map(|block| self.classification(block))
            .collect();
        let route = model.route.as_ref().map(|route| self.route(route));
        let sla = model.sla.as_ref().map(|sla| self.sla(sla));
        let clocks = model.clocks.iter().map(|clock| self.clock(clock));
        let clocks = clocks.collect();
        let retains = self.retains(&model.retains);
        let holds = model.holds.iter().map(|hold| self.hold(hold)).collect();
        let follow_ups = model.follow_ups.iter().map(|item| self.follow_up(item));
        let follow_ups = follow_ups.collect();
        let requires = model.requires.iter().map(|item| self.require(item));
        let requires = requires.collect();
        let guarantees = model.guarantees.iter().map(|guarantee| Guarantee {
            named: named(&guarantee.declared),
            condition: self.arena.lower(&guarantee.condition),
            then: self.arena.lower(&guarantee.then),
        });
        let guarantees = guarantees.collect();
        let tests = model.tests.iter().map(|test| self.test(test)).collect();
        let mut program = Program {
            name: model.name.clone(),
            version: model.version.clone(),
            zone: model.zone,
            fields: fields.collect(),
            id: schema.id.0,
            opened_at: schema.opened_at.0,
            enums: enums.collect(),
            events: events.collect(),
            roles: all_named(&model.roles),
            queues: all_named(&model.queues),
            records: all_named(&model.records),
            clocks,
            retains,
            holds,
            follow_ups,
            requires,
            watched: self.watched,
            boundaries: self.boundaries.into_iter().collect(),
            calendars,
            defines,
            functions: functions.collect(),
            classifications,
            route,
            sla,
            guarantees,
            tests,
            nodes: self.arena.nodes.into(),
            spans: self.arena.spans.closed(),
            lists: self.arena.lists.into(),
            readers: Readers::default(),
        };
        program.readers = Readers::new(&program);
        program
    }

    /// Defines, each after those that it reads, with the depth of what a walk into them would meet.
    fn defines(&mut self) -> Vec<Define> {
        let mut depths: Vec<u32> = Vec::with_capacity(self.model.defines.len());
        let mut defines = Vec::with_capacity(self.model.defines.len());
        for define in &self.model.defines {
            let first_node = self.arena.nodes.len();
            let value = self.arena.lower(&define.value);
            let mut reads = Vec::new();
            for node in self.arena.nodes.get(first_node..).unwrap_or(&[]) {
                if let Node::Define(read) = node {
                    reads.push(*read);
                }
            }
            reads.sort_unstable();
            reads.dedup();
            let below = |read: &u32| depths.get(*read as usize).copied().unwrap_or(0);
            let own = self.arena.depth(value);
            let depth = own + reads.iter().map(below).max().unwrap_or(0);
            // A define that reads a staged one is staged too: then all that it reads is computed
            // before it, and a walk into it never nests.
            let reads_staged = |read: &u32| {
                defines
                    .get(*read as usize)
                    .is_some_and(|read: &Define| !read.first.is_empty())
            };
            let staged = depth > DEEP || reads.iter().any(reads_staged);
            depths.push(depth.min(DEEP));
            let first = if staged { reads } else { Vec::new() };
            defines.push(Define {
                named: named(&define.declared),
                ty: define.value.ty.clone(),
                value,
                first,
            });
        }
        defines
    }

    pub(super) fn effective(&mut self, effective: Option<&model::Effective>) -> Option<Effective> {
        let effective = effective?;
        let from = effective.from.map(|(date, _)| date);
        let until = effective.until.map(|(date, _)| date);
        if !effective.by_now {
            return Some(Effective::ByOpening { from, until });
        }
        let midnight = |date| self.model.zone.instant(date, TimeOfDay::MIDNIGHT);
        let from = from.and_then(midnight);
        let end = until.and_then(|date| date.plus_days(1)).and_then(midnight);
        self.boundaries.extend(from.into_iter().chain(end));
        Some(Effective::ByNow { from, end })
    }

    fn classification(&mut self, block: &model::Classification) -> Classification {
        let rules = block.rules.iter().map(|rule| Rule {
            named: named(&rule.declared),
            row: rule.row,
            effective: self.effective(rule.effective.as_ref()),
            when: self.arena.lower(&rule.when),
            then: rule.then.clone(),
            because: rule.because.clone(),
            span: rule.span,
        });
        let rules = rules.collect();
        let ty = match block.strategy {
            Strategy::Collect => Type::Set(Box::new(block.outcome.clone())),
            Strategy::FirstMatch | Strategy::Unique | Strategy::Highest => block.outcome.clone(),
        };
        let tables = block.tables.iter().map(|table| {
            let columns = table.columns.iter().map(|column| Column {
                header: self.arena.lower(&column.header),
                ty: column.header.ty.clone(),
                ordered: column.ordered,
                asks_presence: column.asks_presence,
            });
            columns.collect()
        });
        let tables = tables.collect();
        let otherwise = block.otherwise.as_ref();
        Classification {
            named: named(&block.declared),
            outcome: block.outcome.clone(),
            ty,
            strategy: block.strategy,
            effective: self.effective(block.effective.as_ref()),
            rules,
            tables,
            otherwise: otherwise.map(|clause| (clause.then.clone(), clause.because.clone())),
            otherwise_span: otherwise.map(|clause| clause.span),
            span: block.declared.span,
        }
    }

    fn route(&mut self, route: &model::Route) -> Route {
        let rules = route.rules.iter().map(|rule| RouteRule {
            named: named(&rule.declared),
            effective: self.effective(rule.effective.as_ref()),
            when: self.arena.lower(&rule.when),
            target: target(self.model, &rule.declared.name, &rule.target),
            span: rule.span,
        });
        let rules = rules.collect();
        Route {
            label: route.label.clone(),
            strategy: route.strategy,
            effective: self.effective(route.effective.as_ref()),
            rules,
            otherwise: route
                .otherwise
                .as_ref()
                .map(|otherwise| target(self.model, "otherwise", otherwise)),
            otherwise_span: route.otherwise.as_ref().map(|otherwise| otherwise.span),
        }
    }

    fn sla(&mut self, sla: &model::Sla) -> Sla {
        let tiers = sla.tiers.iter().map(|tier| Tier {
            named: named(&tier.declared),
            effective: self.effective(tier.effective.as_ref()),
            when: tier.when.as_ref().map(|when| self.arena.lower(when)),
            targets: tier
                .targets
                .iter()
                .map(|(clock, target)| (clock.0, *target))
                .collect(),
            steps: course::tier_steps(self.model, tier),
            because: tier.because.clone(),
            span: tier.span,
        });
        let tiers = tiers.collect();
        Sla {
            label: sla.label.clone(),
            effective: self.effective(sla.effective.as_ref()),
            tiers,
        }
    }

    fn test(&mut self, test: &model::Test) -> Test {
        let expects = test.expects.iter().map(|expect| Expect {
            text: expect.text.clone(),
            span: expect.span,
            kind: match &expect.kind {
                model::ExpectKind::Condition(condition) => {
                    ExpectKind::Condition(self.arena.lower(condition))
                }
                model::ExpectKind::Refused(path) => ExpectKind::Refused(path.clone()),
            },
        });
        let expects: Vec<Expect> = expects.collect();
        Test {
            name: test.name.clone(),
            span: test.span,
            at: test.at,
            expects,
        }
    }
}

fn target(model: &Model, rule: &str, target: &model::RouteTarget) -> RouteTarget {
    RouteTarget {
        role: target.role.0,
        queue: target.queue.map(|queue| queue.0),
        with: target.with.iter().map(|role| role.0).collect(),
        steps: course::route_steps(model, rule, &target.escalations),
        because: target.because.clone(),
    }
}
