//! Why a rule is not taken in a variant of a case: variables of which at least one has to be different
//! before it can be taken.
//!
//! As long as all of them stay as they are, what keeps the rule from being taken stays too, whatever
//! else is changed. So a search loses nothing by going on through them alone.

use super::Variable;
use super::goal::{Condition, Goal};
use crate::compile::{Effective, Node, NodeId, Outcome, Program, Strategy, Type};
use crate::eval::{Part, Probe, Site, Truth};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

type Variables = Rc<BTreeSet<Variable>>;

/// What is to stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stays {
    True,
    NotTrue,
    False,
    NotFalse,
}

impl Stays {
    fn of(truth: Truth, stays: Stays) -> bool {
        match stays {
            Stays::True => truth == Truth::True,
            Stays::NotTrue => truth != Truth::True,
            Stays::False => truth == Truth::False,
            Stays::NotFalse => truth != Truth::False,
        }
    }

    fn behind_not(self) -> Stays {
        match self {
            Stays::True => Stays::False,
            Stays::NotTrue => Stays::NotFalse,
            Stays::False => Stays::True,
            Stays::NotFalse => Stays::NotTrue,
        }
    }
}

/// Reasons in one variant of a case.
pub(super) struct Reasons<'a> {
    program: &'a Program,
    probe: &'a Probe<'a>,
    defines: RefCell<BTreeMap<(u32, Stays), Variables>>,
    values: RefCell<BTreeMap<Site, Variables>>,
}

/// The most rules that stand in the way of which each is looked into.
const MOST: usize = 8;

impl<'a> Reasons<'a> {
    pub(super) fn new(program: &'a Program, probe: &'a Probe<'a>) -> Reasons<'a> {
        Reasons {
            program,
            probe,
            defines: RefCell::default(),
            values: RefCell::default(),
        }
    }

    /// Why the goal is not reached: the smallest of the reasons that are found.
    pub(super) fn against(&self, goal: Goal) -> BTreeSet<Variable> {
        let mut reasons = Vec::new();
        let block = goal.block_effective(self.program);
        if !self.probe.is_effective(block) {
            return self.dates(block);
        }
        let conditions = goal.conditions(self.program);
        let own = conditions.iter().find(|own| own.part == goal.part);
        if let Some(own) = own {
            if !self.probe.is_effective(own.effective) {
                return self.dates(own.effective);
            }
            if let Some(when) = own.when
                && !self.probe.truth(when).is_true()
            {
                reasons.push(self.condition(when, Stays::NotTrue));
            }
        }
        for other in self.rivals(goal, &conditions).into_iter().take(MOST) {
            let mut reason = other
                .when
                .map_or(BTreeSet::new(), |when| self.condition(when, Stays::True));
            reason.extend(self.dates(other.effective));
            reasons.push(reason);
        }
        reasons
            .into_iter()
            .min_by_key(BTreeSet::len)
            .unwrap_or_default()
    }

    /// The true rules that keep a rule of their block from being taken.
    fn rivals<'c>(&self, goal: Goal, conditions: &'c [Condition]) -> Vec<&'c Condition> {
        let fires = |other: &&Condition| {
            self.probe.is_effective(other.effective)
                && other
                    .when
                    .is_none_or(|when| self.probe.truth(when).is_true())
        };
        let all = conditions.iter().filter(|other| other.part != goal.part);
        if goal.part == Part::Otherwise {
            return all.filter(fires).take(MOST).collect();
        }
        match goal.strategy(self.program) {
            Strategy::FirstMatch => {
                let before = conditions
                    .iter()
                    .take_while(|other| other.part != goal.part);
                before.filter(fires).take(MOST).collect()
            }
            Strategy::Unique => all.filter(fires).take(MOST).collect(),
            Strategy::Highest => {
                let outcome = |part: Part| match (part, goal.site) {
                    (Part::Rule(rule), Site::Classification(place)) => {
                        let block = self.program.classifications.get(place as usize);
                        let rule = block.and_then(|block| block.rules.get(rule as usize));
                        rule.map(|rule| &rule.then)
                    }
                    _ => None,
                };
                let own = outcome(goal.part);
                let wins = |other: &&Condition| {
                    let theirs = outcome(other.part);
                    theirs > own || theirs == own && other.part < goal.part
                };
                all.filter(wins).filter(fires).take(MOST).collect()
            }
            Strategy::Collect => Vec::new(),
        }
    }

    /// What an item's being in force depends on.
    fn dates(&self, effective: Option<Effective>) -> BTreeSet<Variable> {
        match effective {
            Some(Effective::ByOpening { .. }) => {
                BTreeSet::from([Variable::Field(self.program.opened_at)])
            }
            Some(Effective::ByNow { .. }) | None => BTreeSet::new(),
        }
    }

    /// Variables that keep a condition as it is.
    fn condition(&self, id: NodeId, stays: Stays) -> BTreeSet<Variable> {
        let node = self.program.node(id);
        let (list, any_suffices) = if let Node::And(list) = node {
            (*list, matches!(stays, Stays::NotTrue | Stays::False))
        } else if let Node::Or(list) = node {
            (*list, matches!(stays, Stays::True | Stays::NotFalse))
        } else if let Node::Not(operand) = node {
            return self.condition(*operand, stays.behind_not());
        } else if let Node::Define(place) = node
            && self.is_condition(*place)
        {
            return self.define(*place, stays).as_ref().clone();
        } else {
            return self.leaf(id);
        };
        let operands = self.program.list(list).iter();
        if any_suffices {
            let standing = operands.filter(|one| Stays::of(self.probe.truth(**one), stays));
            let reasons = standing.map(|operand| self.condition(*operand, stays));
            reasons.min_by_key(BTreeSet::len).unwrap_or_default()
        } else {
            operands
                .flat_map(|operand| self.condition(*operand, stays))
                .collect()
        }
    }

    fn is_condition(&self, define: u32) -> bool {
        let define = self.program.defines.get(define as usize);
        // Those that lie very deep are taken as a whole.
        define.is_some_and(|define| define.ty == Type::Bool && define.first.is_empty())
    }

    fn define(&self, place: u32, stays: Stays) -> Variables {
        let known = self.defines.borrow().get(&(place, stays)).cloned();
        known.unwrap_or_else(|| {
            let define = self.program.defines.get(place as usize);
            let found = define.map_or(BTreeSet::new(), |define| {
                self.condition(define.value, stays)
            });
            let found = Rc::new(found);
            self.defines
                .borrow_mut()
                .insert((place, stays), found.clone());
            found
        })
    }

    /// Everything that a comparison reads.
    fn leaf(&self, id: NodeId) -> BTreeSet<Variable> {
        let mut found = BTreeSet::new();
        let mut defines = BTreeSet::new();
        let mut work = vec![id];
        while let Some(id) = work.pop() {
            let node = self.program.node(id);
            if let Node::Field(slot) = node {
                found.insert(Variable::Field(*slot));
            } else if let Node::HasHappened(event) = node {
                found.insert(Variable::Event(*event));
            } else if let Node::Define(place) = node {
                let define = self.program.defines.get(*place as usize);
                let new = define.filter(|_| defines.insert(*place));
                work.extend(new.map(|define| define.value));
            } else if let Node::Classification(place) = node {
                let site = Site::Classification(*place);
                found.extend(self.value(site).iter().copied());
            } else if let Node::Outcome(outcome) = node {
                let site = match outcome {
                    Outcome::RouteRole | Outcome::RouteQueue | Outcome::RouteWith => Site::Route,
                    // Conditions of rules read none but those of the route.
                    Outcome::SlaTier
                    | Outcome::ClockTarget(_)
                    | Outcome::ClockState(_)
                    | Outcome::ClockDue(_)
                    | Outcome::ClockMetAt(_)
                    | Outcome::ClockBreachedAt(_)
                    | Outcome::ClockElapsed(_)
                    | Outcome::RetentionPhase(_)
                    | Outcome::RetentionKeepUntil(_)
                    | Outcome::RetentionDeleteBy(_)
                    | Outcome::FollowUpDue(_)
                    | Outcome::FollowUpDone(_)
                    | Outcome::RequirementMet(_) => Site::Sla,
                };
                found.extend(self.value(site).iter().copied());
            } else {
                self.program.operands(id, |operand| work.push(operand));
            }
        }
        found
    }

    /// Variables that keep what a block decided as it is.
    fn value(&self, site: Site) -> Variables {
        let known = self.values.borrow().get(&site).cloned();
        known.unwrap_or_else(|| {
            // Those that it may read come first, so that walks do not nest.
            let before = match site {
                Site::Classification(place) => place,
                _ => u32::try_from(self.program.classifications.len()).unwrap_or(u32::MAX),
            };
            for place in 0..before {
                let site = Site::Classification(place);
                let unknown = !self.values.borrow().contains_key(&site);
                if unknown {
                    let found = Rc::new(self.decided(site));
                    self.values.borrow_mut().insert(site, found);
                }
            }
            let found = Rc::new(self.decided(site));
            self.values.borrow_mut().insert(site, found.clone());
            found
        })
    }

    fn decided(&self, site: Site) -> BTreeSet<Variable> {
        let goal = Goal {
            site,
            part: Part::Otherwise,
        };
        let block = goal.block_effective(self.program);
        let mut found = self.dates(block);
        if !self.probe.is_effective(block) {
            return found;
        }
        let first_only = goal.strategy(self.program) == Strategy::FirstMatch;
        for rule in goal.conditions(self.program) {
            found.extend(self.dates(rule.effective));
            if !self.probe.is_effective(rule.effective) {
                continue;
            }
            let fires = rule
                .when
                .is_none_or(|when| self.probe.truth(when).is_true());
            let stays = if fires { Stays::True } else { Stays::NotTrue };
            if let Some(when) = rule.when {
                found.extend(self.condition(when, stays));
            }
            if fires && first_only {
                break;
            }
        }
        found
    }
}
