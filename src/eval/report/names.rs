//! What rules and blocks are called in decisions.

use crate::compile::{Named, Program};
use crate::eval::problem::{Problem, Site};
use crate::eval::waiting::Subject;
use serde::{Serialize, Serializer};
use std::fmt;

impl Program {
    /// What a rule is called in `waiting_for`: `classify.BLOCK.RULE`, `route.RULE` or `sla.TIER`.
    pub fn subject(&self, subject: Subject) -> String {
        SubjectName(self, subject).to_string()
    }

    /// What a block is called: `classify.NAME`, `route`, `sla`, `clock.NAME`, `retain.RECORD`,
    /// `hold.NAME`, `follow_up.NAME` or `require.NAME`.
    pub fn block_name(&self, site: Site) -> String {
        BlockName(self, site).to_string()
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
        self.each_problem_rule(problem).collect()
    }

    pub(super) fn each_problem_rule(&self, problem: &Problem) -> impl Iterator<Item = &str> {
        let rules = problem.rules.iter();
        rules.filter_map(|rule| self.rule_name(problem.site, *rule))
    }
}

/// [`Program::block_name`] without a text of its own.
pub(super) struct BlockName<'a>(pub(super) &'a Program, pub(super) Site);

impl fmt::Display for BlockName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BlockName(program, site) = self;
        let (kind, name) = match *site {
            Site::Classification(place) => {
                let block = program.classifications.get(place as usize);
                ("classify.", block.map_or("", |block| &block.named.name))
            }
            Site::Route => ("route", ""),
            Site::Sla => ("sla", ""),
            Site::Clock(place) => ("clock.", name(&program.clocks, place)),
            Site::Retention(place) => ("retain.", name(&program.records, place)),
            Site::Hold(place) => ("hold.", name(&program.holds, place)),
            Site::FollowUp(place) => ("follow_up.", name(&program.follow_ups, place)),
            Site::Require(place) => ("require.", name(&program.requires, place)),
        };
        f.write_str(kind)?;
        f.write_str(name)
    }
}

impl Serialize for BlockName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// [`Program::subject`] without a text of its own.
pub(super) struct SubjectName<'a>(pub(super) &'a Program, pub(super) Subject);

impl fmt::Display for SubjectName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SubjectName(program, subject) = self;
        let (site, rule) = subject.place();
        let name = program.rule_name(site, rule).unwrap_or("");
        write!(f, "{}.{name}", BlockName(program, site))
    }
}

impl Serialize for SubjectName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A list that is printed as it is walked; the function starts the walk.
pub(super) struct Each<F>(pub(super) F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

pub(super) fn name(all: &[impl AsRef<Named>], place: u32) -> &str {
    all.get(place as usize)
        .map_or("", |named| &named.as_ref().name)
}
