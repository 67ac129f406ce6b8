//! The rules that can be asked for, by their names, and whether one is taken.

use crate::compile::{Effective, NodeId, Program, Strategy};
use crate::eval::{Decision, OTHERWISE, Part, Probe, Site, Taken, TracedBlock};
use std::collections::BTreeMap;

/// A rule that shall be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Goal {
    /// Its block.
    pub site: Site,
    /// Which part of the block: a rule, `otherwise`, or the `when` of the block itself.
    pub part: Part,
}

/// All rules of a program that can be asked for.
#[derive(Clone, Debug)]
pub struct GoalNames {
    full: Vec<(String, Goal)>,
    known: BTreeMap<String, Vec<usize>>,
}

impl GoalNames {
    /// The names of a program's rules.
    pub fn new(program: &Program) -> GoalNames {
        let mut names = GoalNames {
            full: Vec::new(),
            known: BTreeMap::new(),
        };
        for (place, block) in (0u32..).zip(&program.classifications) {
            let site = Site::Classification(place);
            let parts = parts(block.rules.len(), block.otherwise.is_some());
            names.add(program, site, parts, Some(&block.named.name));
        }
        if let Some(block) = &program.route {
            let parts = parts(block.rules.len(), block.otherwise.is_some());
            names.add(program, Site::Route, parts, None);
        }
        if let Some(block) = &program.sla {
            names.add(program, Site::Sla, parts(block.tiers.len(), false), None);
        }
        for (record, _) in (0u32..).zip(&program.records) {
            let own = (0u32..).zip(&program.retains);
            let own = own.filter(|(_, block)| block.record == record);
            let parts: Vec<Part> = own.map(|(place, _)| Part::Rule(place)).collect();
            let site = Site::Retention(record);
            if let [only] = parts.as_slice() {
                let next = names.full.len();
                names.alias(program.block_name(site), next);
                names.alias(format!("retain.{}", name_of(program, site, *only)), next);
            } else {
                for (at, part) in parts.iter().enumerate() {
                    let place = names.full.len() + at;
                    names.alias(format!("retain.{}", name_of(program, site, *part)), place);
                }
            }
            names.add(program, site, parts, None);
        }
        let whole = |count: usize, site: fn(u32) -> Site| (0u32..).map(site).take(count);
        let blocks = whole(program.holds.len(), Site::Hold)
            .chain(whole(program.follow_ups.len(), Site::FollowUp))
            .chain(whole(program.requires.len(), Site::Require));
        for site in blocks {
            let name = program.block_name(site);
            let part = Part::When;
            names.alias(name.clone(), names.full.len());
            names.full.push((name, Goal { site, part }));
        }
        names
    }

    fn add(
        &mut self,
        program: &Program,
        site: Site,
        parts: impl IntoIterator<Item = Part>,
        short: Option<&str>,
    ) {
        let block = program.block_name(site);
        for part in parts {
            let rule = name_of(program, site, part);
            let place = self.full.len();
            let name = format!("{block}.{rule}");
            self.alias(name.clone(), place);
            if let Some(short) = short {
                self.alias(format!("{short}.{rule}"), place);
            }
            self.full.push((name, Goal { site, part }));
        }
    }

    fn alias(&mut self, name: String, place: usize) {
        let known = self.known.entry(name).or_default();
        if !known.contains(&place) {
            known.push(place);
        }
    }

    /// The full name of each rule, in the order in which blocks are decided.
    pub fn all(&self) -> impl Iterator<Item = &str> + Clone {
        self.full.iter().map(|(name, _)| name.as_str())
    }

    /// Every name that is understood.
    pub fn understood(&self) -> impl Iterator<Item = &str> + Clone {
        self.known.keys().map(String::as_str)
    }

    /// The rules that a name may mean: `classify.BLOCK.RULE`, `BLOCK.RULE`, `route.RULE`, `sla.TIER`,
    /// `retain.RECORD.NAME`, `retain.NAME`, `hold.NAME`, `follow_up.NAME` or `require.NAME`. A full name
    /// means one rule.
    pub fn find(&self, name: &str) -> Vec<(&str, Goal)> {
        let full = self.full.iter().find(|(full, _)| full == name);
        let places = self.known.get(name).map_or(&[][..], Vec::as_slice);
        match full {
            Some((name, goal)) => vec![(name.as_str(), *goal)],
            None => places
                .iter()
                .filter_map(|place| self.full.get(*place))
                .map(|(name, goal)| (name.as_str(), *goal))
                .collect(),
        }
    }
}

fn parts(rules: usize, otherwise: bool) -> impl Iterator<Item = Part> {
    let rules = (0u32..).take(rules).map(Part::Rule);
    rules.chain(otherwise.then_some(Part::Otherwise))
}

fn name_of(program: &Program, site: Site, part: Part) -> String {
    match part {
        Part::Otherwise => OTHERWISE.to_owned(),
        part => program.part_name(TracedBlock::Site(site), part),
    }
}

/// A rule with what says whether it is true.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    pub(super) part: Part,
    pub(super) effective: Option<Effective>,
    /// None for a tier that is always true.
    pub(super) when: Option<NodeId>,
}

impl Goal {
    /// Whether a case that stands so takes the rule.
    pub(super) fn holds(self, program: &Program, probe: &Probe<'_>) -> bool {
        match self.site {
            Site::Classification(place) => {
                let decided = probe.classification(place);
                decided.is_some_and(|decided| self.is_in(&decided.taken))
            }
            Site::Route => self.is_in(probe.route()),
            Site::Sla => probe
                .tier()
                .is_some_and(|tier| self.part == Part::Rule(tier)),
            Site::Retention(_)
            | Site::Hold(_)
            | Site::FollowUp(_)
            | Site::Require(_)
            | Site::Clock(_) => self.conditions(program).iter().any(|own| {
                own.part == self.part
                    && probe.is_effective(own.effective)
                    && own.when.is_none_or(|when| probe.truth(when).is_true())
            }),
        }
    }

    /// Whether a decision took the rule, asks for the follow-up or the requirement, or holds.
    pub(super) fn is_decided(self, decision: &Decision) -> bool {
        match (self.site, self.part) {
            (Site::Classification(place), _) => {
                let decided = decision.classifications.get(place as usize);
                decided.is_some_and(|decided| self.is_in(&decided.taken))
            }
            (Site::Route, _) => self.is_in(&decision.route),
            (Site::Sla, part) => decision.tier.is_some_and(|tier| part == Part::Rule(tier)),
            (Site::Retention(record), Part::Rule(block)) => {
                let kept = decision.retention.get(record as usize);
                kept.is_some_and(|kept| kept.blocks.contains(&block))
            }
            (Site::Hold(place), _) => decision
                .retention
                .iter()
                .any(|kept| kept.holds.contains(&place)),
            (Site::FollowUp(place), _) => {
                let mut listed = decision.follow_ups.iter();
                listed.any(|state| state.follow_up == place)
            }
            (Site::Require(place), _) => {
                let mut asked = decision.requirements.iter();
                asked.any(|state| state.requirement == place)
            }
            (Site::Retention(_) | Site::Clock(_), _) => false,
        }
    }

    fn is_in(self, taken: &Taken) -> bool {
        match (taken, self.part) {
            (Taken::Rule(taken), Part::Rule(rule)) => *taken == rule,
            (Taken::Rules(taken), Part::Rule(rule)) => taken.contains(&rule),
            (Taken::Otherwise, part) => part == Part::Otherwise,
            (Taken::Nothing | Taken::Rule(_) | Taken::Rules(_), _) => false,
        }
    }

    /// When the block counts.
    pub(super) fn block_effective(self, program: &Program) -> Option<Effective> {
        match self.site {
            Site::Classification(place) => program.classifications.get(place as usize)?.effective,
            Site::Route => program.route.as_ref()?.effective,
            Site::Sla => program.sla.as_ref()?.effective,
            Site::Clock(_)
            | Site::Retention(_)
            | Site::Hold(_)
            | Site::FollowUp(_)
            | Site::Require(_) => None,
        }
    }

    /// How the block picks; blocks whose parts are taken each for itself collect.
    pub(super) fn strategy(self, program: &Program) -> Strategy {
        match self.site {
            Site::Classification(place) => {
                let block = program.classifications.get(place as usize);
                block.map_or(Strategy::Collect, |block| block.strategy)
            }
            Site::Route => {
                let block = program.route.as_ref();
                block.map_or(Strategy::Collect, |block| block.strategy)
            }
            Site::Sla => Strategy::FirstMatch,
            Site::Clock(_)
            | Site::Retention(_)
            | Site::Hold(_)
            | Site::FollowUp(_)
            | Site::Require(_) => Strategy::Collect,
        }
    }

    /// The rules of its block in page order.
    pub(super) fn conditions(self, program: &Program) -> Vec<Condition> {
        let rule = |(place, effective, when): (u32, Option<Effective>, Option<NodeId>)| Condition {
            part: Part::Rule(place),
            effective,
            when,
        };
        let whole = |effective: Option<Effective>, when: NodeId| {
            vec![Condition {
                part: Part::When,
                effective,
                when: Some(when),
            }]
        };
        match self.site {
            Site::Classification(place) => {
                let block = program.classifications.get(place as usize);
                let rules = block.map_or(&[][..], |block| &block.rules);
                let rules = (0u32..).zip(rules);
                rules
                    .map(|(place, own)| rule((place, own.effective, Some(own.when))))
                    .collect()
            }
            Site::Route => {
                let rules = program.route.as_ref().map_or(&[][..], |block| &block.rules);
                let rules = (0u32..).zip(rules);
                rules
                    .map(|(place, own)| rule((place, own.effective, Some(own.when))))
                    .collect()
            }
            Site::Sla => {
                let tiers = program.sla.as_ref().map_or(&[][..], |block| &block.tiers);
                let tiers = (0u32..).zip(tiers);
                tiers
                    .map(|(place, own)| rule((place, own.effective, own.when)))
                    .collect()
            }
            Site::Retention(record) => {
                let own = (0u32..).zip(&program.retains);
                let own = own.filter(|(_, block)| block.record == record);
                own.map(|(place, own)| rule((place, own.effective, own.when)))
                    .collect()
            }
            Site::Hold(place) => {
                let hold = program.holds.get(place as usize);
                hold.map_or(Vec::new(), |hold| whole(None, hold.when))
            }
            Site::FollowUp(place) => {
                let item = program.follow_ups.get(place as usize);
                item.map_or(Vec::new(), |item| whole(item.effective, item.when))
            }
            Site::Require(place) => {
                let item = program.requires.get(place as usize);
                item.map_or(Vec::new(), |item| whole(None, item.when))
            }
            Site::Clock(_) => Vec::new(),
        }
    }
}
