//! What builds on what: the case, the classifications, and the blocks that act on them. A line from
//! the case stands only where nothing else leads to a block; nearly every block reads the case too.

use super::{Drawing, Picture};
use crate::message::message;
use crate::model::{Expr, ExprKind, Model, Trigger};
use std::collections::BTreeSet;

/// A block.
pub(super) struct Node {
    pub(super) name: String,
    pub(super) label: Option<String>,
    /// How many blocks lie between it and the case, at most.
    pub(super) depth: usize,
}

/// Blocks and, for each, the places of those that it reads.
pub(super) struct Overview {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<(usize, usize)>,
}

/// What the conditions of a block read.
#[derive(Clone, Default)]
struct Reads {
    classifications: BTreeSet<u32>,
    later: bool,
}

pub(super) fn overview(drawing: &Drawing<'_>, _: Picture) -> Overview {
    let model = drawing.model;
    let mut collector = Collector {
        model,
        defines: Vec::new(),
    };
    for define in &model.defines {
        let reads = collector.of([&define.value]);
        collector.defines.push(reads);
    }
    let mut plan = Plan {
        overview: Overview {
            nodes: vec![Node {
                name: drawing.say(message!("case")),
                label: None,
                depth: 0,
            }],
            edges: Vec::new(),
        },
        classifications: Vec::new(),
    };
    for block in &model.classifications {
        let reads = collector.of(block.rules.iter().map(|rule| &rule.when));
        let declared = &block.declared;
        let place = plan.add(declared.name.clone(), declared.label.clone(), &reads, None);
        plan.classifications.push(place);
    }
    let route = model.route.as_ref().map(|route| {
        let reads = collector.of(route.rules.iter().map(|rule| &rule.when));
        plan.add("route".to_owned(), route.label.clone(), &reads, None)
    });
    let sla = model.sla.as_ref().map(|sla| {
        let reads = collector.of(sla.tiers.iter().filter_map(|tier| tier.when.as_ref()));
        plan.add("sla".to_owned(), sla.label.clone(), &reads, route)
    });
    let last = sla.or(route);
    let mut clocks: Vec<&Expr> = Vec::new();
    for clock in &model.clocks {
        clocks.extend(&clock.pause);
        let triggers = clock.stop.iter().chain(&clock.cancel).chain(&clock.reset);
        clocks.extend(triggers.filter_map(|trigger| match trigger {
            Trigger::When(when) => Some(when),
            Trigger::On(_) => None,
        }));
    }
    let groups: [(_, bool, Vec<&Expr>); 4] = [
        (message!("clocks"), model.clocks.is_empty(), clocks),
        (
            message!("retention"),
            model.retains.is_empty() && model.holds.is_empty(),
            model
                .retains
                .iter()
                .filter_map(|retain| retain.when.as_ref())
                .chain(model.holds.iter().map(|hold| &hold.when))
                .collect(),
        ),
        (
            message!("follow-ups"),
            model.follow_ups.is_empty(),
            model.follow_ups.iter().map(|one| &one.when).collect(),
        ),
        (
            message!("requirements"),
            model.requires.is_empty(),
            model
                .requires
                .iter()
                .flat_map(|one| [&one.when, &one.that])
                .collect(),
        ),
    ];
    for (place, (name, empty, conditions)) in groups.into_iter().enumerate() {
        if empty {
            continue;
        }
        let reads = collector.of(conditions);
        // Clocks get their targets from the tier.
        let after = if place == 0 {
            sla
        } else {
            last.filter(|_| reads.later)
        };
        plan.add(drawing.say(name), None, &reads, after);
    }
    plan.overview
}

struct Plan {
    overview: Overview,
    /// The nodes of the classifications.
    classifications: Vec<usize>,
}

impl Plan {
    fn add(
        &mut self,
        name: String,
        label: Option<String>,
        reads: &Reads,
        after: Option<usize>,
    ) -> usize {
        let place = self.overview.nodes.len();
        let read = reads.classifications.iter();
        let mut from: Vec<usize> = read
            .filter_map(|one| self.classifications.get(*one as usize).copied())
            .collect();
        from.extend(after);
        if from.is_empty() {
            from.push(0);
        }
        let depths = from.iter().filter_map(|one| self.overview.nodes.get(*one));
        let depth = depths.map(|node| node.depth).max().unwrap_or_default() + 1;
        self.overview.nodes.push(Node { name, label, depth });
        from.sort_unstable();
        from.dedup();
        self.overview
            .edges
            .extend(from.into_iter().map(|one| (one, place)));
        place
    }
}

struct Collector<'a> {
    model: &'a Model,
    /// What each define reads, those before it unfolded.
    defines: Vec<Reads>,
}

impl Collector<'_> {
    fn of<'e>(&self, conditions: impl IntoIterator<Item = &'e Expr>) -> Reads {
        let mut reads = Reads::default();
        for condition in conditions {
            condition.walk(&mut |part| {
                if let ExprKind::Classification(id) = &part.kind {
                    reads.classifications.insert(id.0);
                }
                reads.later |= matches!(part.kind, ExprKind::Outcome(_));
                if let ExprKind::Define(id) = &part.kind
                    && let Some(inner) = self.defines.get(id.0 as usize)
                {
                    reads.later |= inner.later;
                    reads.classifications.extend(&inner.classifications);
                }
            });
        }
        let known = self.model.classifications.len();
        reads.classifications.retain(|id| (*id as usize) < known);
        reads
    }
}
