//! What rules, blocks and instants are called in decisions.

use crate::compile::{Named, Program};
use crate::eval::problem::{Problem, Site};
use crate::eval::waiting::Subject;
use crate::time::Instant;

impl Program {
    /// What a rule is called in `waiting_for`: `classify.BLOCK.RULE`, `route.RULE` or `sla.TIER`.
    pub fn subject(&self, subject: Subject) -> String {
        let (site, rule) = subject.place();
        let name = self.rule_name(site, rule).unwrap_or("");
        format!("{}.{name}", self.block_name(site))
    }

    /// What a block is called: `classify.NAME`, `route`, `sla`, `clock.NAME`, `retain.RECORD`,
    /// `hold.NAME`, `follow_up.NAME` or `require.NAME`.
    pub fn block_name(&self, site: Site) -> String {
        match site {
            Site::Classification(place) => {
                let block = self.classifications.get(place as usize);
                format!("classify.{}", block.map_or("", |block| &block.named.name))
            }
            Site::Route => "route".to_owned(),
            Site::Sla => "sla".to_owned(),
            Site::Clock(place) => format!("clock.{}", name(&self.clocks, place)),
            Site::Retention(place) => format!("retain.{}", name(&self.records, place)),
            Site::Hold(place) => format!("hold.{}", name(&self.holds, place)),
            Site::FollowUp(place) => format!("follow_up.{}", name(&self.follow_ups, place)),
            Site::Require(place) => format!("require.{}", name(&self.requires, place)),
        }
    }

    /// The name of a rule, a tier or a block on records; none for blocks that have none.
    pub fn rule_name(&self, site: Site, rule: u32) -> Option<&str> {
        let rule = rule as usize;
        match site {
            Site::Classification(place) => {
                let block = self.classifications.get(place as usize)?;
                block.rules.get(rule).map(|rule| rule.named.name.as_str())
            }
            Site::Route => {
                let block = self.route.as_ref()?;
                block.rules.get(rule).map(|rule| rule.named.name.as_str())
            }
            Site::Sla => {
                let block = self.sla.as_ref()?;
                block.tiers.get(rule).map(|tier| tier.named.name.as_str())
            }
            Site::Retention(_) => self.retains.get(rule).map(|block| block.name.as_str()),
            Site::Clock(_) | Site::Hold(_) | Site::FollowUp(_) | Site::Require(_) => None,
        }
    }

    /// Names of the rules that a problem is put down to.
    pub fn problem_rules(&self, problem: &Problem) -> Vec<&str> {
        problem
            .rules
            .iter()
            .filter_map(|rule| self.rule_name(problem.site, *rule))
            .collect()
    }

    /// An instant in the policy's zone.
    pub(super) fn shown(&self, at: Option<Instant>) -> Option<String> {
        at.map(|at| at.format(self.zone))
    }
}

pub(super) fn name(all: &[impl AsRef<Named>], place: u32) -> &str {
    all.get(place as usize)
        .map_or("", |named| &named.as_ref().name)
}
