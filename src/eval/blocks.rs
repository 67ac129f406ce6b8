//! Decides the blocks one after the other: classifications, route, tier.
//!
//! Each strategy says which of the true rules is taken and which of the unknown ones could still
//! change that.

use super::decision::{Decided, Taken};
use super::evaluator::Evaluator;
use super::problem::{ProblemCode, Problems, Site};
use super::truth::Truth;
use super::waiting::{Subject, Waiting};
use crate::compile::{
    Classification, Effective, NodeId, Program, Route, RouteTarget, Sla, Strategy,
};
use crate::index::BlockIndex;
use crate::message::{Message, message};
use crate::value::Value;
use smallvec::SmallVec;
use std::ops::ControlFlow;

/// The blocks of a case at an instant, decided.
pub(super) struct Blocks<'a> {
    pub(super) classifications: Vec<Decided>,
    pub(super) route: Taken,
    pub(super) target: Option<&'a RouteTarget>,
    pub(super) tier: Option<u32>,
    pub(super) waiting: Waiting,
    problems: Problems,
}

/// Route and tier, without what is waited for and what went wrong.
pub(super) struct Outcome<'a> {
    pub(super) route: Taken,
    pub(super) target: Option<&'a RouteTarget>,
    pub(super) tier: Option<u32>,
}

impl<'a> Outcome<'a> {
    /// Decides the blocks one after the other; the evaluator knows their values from then on.
    #[inline]
    pub(super) fn decide<'e>(
        program: &'a Program,
        evaluator: &Evaluator<'e>,
        waiting: &mut Waiting,
        classifications: &mut Vec<Decided>,
    ) -> Outcome<'a>
    where
        'a: 'e,
    {
        classifications.clear();
        for (place, block) in (0u32..).zip(&program.classifications) {
            let decided = classify(evaluator, place, block, waiting);
            evaluator.know_classification(place, &decided);
            classifications.push(decided);
        }
        let block = program.route.as_ref();
        let route = block.map_or(Taken::Nothing, |block| route(evaluator, block, waiting));
        let target = block.and_then(|block| block.target(&route));
        evaluator.know_route(target);
        let sla = program.sla.as_ref();
        let tier = sla.and_then(|block| tier(evaluator, block, waiting));
        evaluator.know_tier(tier);
        Outcome {
            route,
            target,
            tier,
        }
    }
}

impl<'a> Blocks<'a> {
    /// Decides the blocks one after the other; the evaluator knows their values from then on.
    pub(super) fn decide<'e>(program: &'a Program, evaluator: &Evaluator<'e>) -> Blocks<'a>
    where
        'a: 'e,
    {
        Blocks::decide_for(program, evaluator, Waiting::default())
    }

    /// The same without what is waited for.
    pub(super) fn decide_in_brief<'e>(program: &'a Program, evaluator: &Evaluator<'e>) -> Blocks<'a>
    where
        'a: 'e,
    {
        Blocks::decide_for(program, evaluator, Waiting::for_nothing())
    }

    fn decide_for<'e>(
        program: &'a Program,
        evaluator: &Evaluator<'e>,
        mut waiting: Waiting,
    ) -> Blocks<'a>
    where
        'a: 'e,
    {
        let mut classifications = Vec::with_capacity(program.classifications.len());
        let outcome = Outcome::decide(program, evaluator, &mut waiting, &mut classifications);
        Blocks {
            classifications,
            route: outcome.route,
            target: outcome.target,
            tier: outcome.tier,
            waiting,
            problems: evaluator.kept.problems.borrow().clone(),
        }
    }

    /// Whether a decision says the same of both.
    pub(super) fn are_like(&self, other: &Blocks<'_>) -> bool {
        self.classifications == other.classifications
            && (&self.route, self.tier) == (&other.route, other.tier)
            && self.waiting.is_like(&other.waiting)
    }

    /// Lets an evaluator of the same values know what was decided.
    pub(super) fn tell<'e>(&self, evaluator: &Evaluator<'e>)
    where
        'a: 'e,
    {
        for (place, decided) in (0u32..).zip(&self.classifications) {
            evaluator.know_classification(place, decided);
        }
        evaluator.know_route(self.target);
        evaluator.know_tier(self.tier);
        evaluator.kept.problems.replace(self.problems.clone());
    }
}

/// What came of trying the rules of a block, as places in page order.
#[derive(Default)]
struct Tried {
    fired: SmallVec<[u32; 4]>,
    unknown: SmallVec<[u32; 4]>,
}

/// Tries rules in page order; `first_only` stops at the first that is true. With an index only those that
/// the case does not rule out.
#[inline]
fn attempt(
    evaluator: &Evaluator<'_>,
    site: Site,
    rules: impl Iterator<Item = (Option<Effective>, Option<NodeId>)>,
    index: Option<&BlockIndex>,
    first_only: bool,
) -> Tried {
    if let Some(index) = index {
        return attempt_candidates(evaluator, site, index, first_only);
    }
    let mut tried = Tried::default();
    for (place, (effective, when)) in (0u32..).zip(rules) {
        if !evaluator.is_effective(effective) {
            continue;
        }
        evaluator.stand_at(Some((site, place)));
        match when.map_or(Truth::True, |when| evaluator.truth(when)) {
            Truth::True => {
                tried.fired.push(place);
                if first_only {
                    break;
                }
            }
            Truth::Unknown => tried.unknown.push(place),
            Truth::False => {}
        }
    }
    evaluator.stand_at(None);
    tried
}

/// The same for the rules that an index leaves. A rule is what the greatest of its alternatives is.
#[inline]
fn attempt_candidates(
    evaluator: &Evaluator<'_>,
    site: Site,
    index: &BlockIndex,
    first_only: bool,
) -> Tried {
    let mut tried = Tried::default();
    index.candidates(evaluator.index, evaluator, |candidate| {
        let rule = candidate.rule;
        if tried.fired.last() == Some(&rule) {
            return ControlFlow::Continue(());
        }
        let mut truth = match candidate.unknown {
            true => Truth::Unknown,
            false => Truth::True,
        };
        if !candidate.rest.is_empty() {
            evaluator.stand_at(Some((site, rule)));
            for rest in candidate.rest {
                truth = truth.min(evaluator.truth_of_rest(rest));
                if truth == Truth::False {
                    break;
                }
            }
        }
        match truth {
            Truth::False => {}
            Truth::Unknown if tried.unknown.last() == Some(&rule) => {}
            Truth::Unknown => tried.unknown.push(rule),
            Truth::True => {
                if tried.unknown.last() == Some(&rule) {
                    tried.unknown.pop();
                }
                tried.fired.push(rule);
                if first_only {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    evaluator.stand_at(None);
    tried
}

/// Decides the classification at a place.
#[inline]
pub(super) fn classify(
    evaluator: &Evaluator<'_>,
    place: u32,
    block: &Classification,
    waiting: &mut Waiting,
) -> Decided {
    if !evaluator.is_effective(block.effective) {
        return Decided {
            value: None,
            taken: Taken::Nothing,
        };
    }
    let site = Site::Classification(place);
    let rules = block
        .rules
        .iter()
        .map(|rule| (rule.effective, Some(rule.when)));
    let tried = attempt(
        evaluator,
        site,
        rules,
        evaluator.index.classification(place),
        block.strategy == Strategy::FirstMatch,
    );
    let outcome = |rule: u32| block.rules.get(rule as usize).map(|rule| &rule.then);
    let one = |rule: Option<u32>| match (rule, &block.otherwise) {
        (Some(rule), _) => Decided {
            value: outcome(rule).cloned(),
            taken: Taken::Rule(rule),
        },
        (None, Some((then, _))) => Decided {
            value: Some(then.clone()),
            taken: Taken::Otherwise,
        },
        (None, None) => Decided {
            value: None,
            taken: Taken::Nothing,
        },
    };
    let decided = match block.strategy {
        Strategy::FirstMatch => one(tried.fired.first().copied()),
        Strategy::Unique if tried.fired.len() > 1 => {
            let names: Vec<&str> = tried
                .fired
                .iter()
                .filter_map(|rule| block.rules.get(*rule as usize))
                .map(|rule| rule.named.name.as_str())
                .collect();
            conflict(evaluator, site, &tried.fired, &block.named.name, &names);
            return Decided {
                value: None,
                taken: Taken::Nothing,
            };
        }
        Strategy::Unique => one(tried.fired.first().copied()),
        Strategy::Highest => {
            let mut best: Option<u32> = None;
            for rule in &tried.fired {
                if best.is_none_or(|best| outcome(*rule) > outcome(best)) {
                    best = Some(*rule);
                }
            }
            one(best)
        }
        Strategy::Collect => {
            let values: Vec<Value> = tried
                .fired
                .iter()
                .filter_map(|rule| outcome(*rule).cloned())
                .collect();
            match &block.otherwise {
                Some((then, _)) if values.is_empty() => Decided {
                    value: Some(Value::set(vec![then.clone()])),
                    taken: Taken::Otherwise,
                },
                Some(_) | None => Decided {
                    value: Some(Value::set(values)),
                    taken: Taken::Rules(tried.fired.to_vec()),
                },
            }
        }
    };
    for rule in &tried.unknown {
        let Some(unknown) = block.rules.get(*rule as usize) else {
            continue;
        };
        let matters = match (block.strategy, &decided.value) {
            (_, None) => true,
            (Strategy::FirstMatch | Strategy::Unique, Some(taken)) => unknown.then != *taken,
            (Strategy::Highest, Some(taken)) => unknown.then > *taken,
            (Strategy::Collect, Some(Value::Set(taken))) => {
                taken.binary_search(&unknown.then).is_err()
            }
            (Strategy::Collect, Some(_)) => true,
        };
        if matters {
            waiting.add(
                evaluator,
                Subject::Classification(place, *rule),
                unknown.when,
            );
        }
    }
    decided
}

/// Decides the route.
pub(super) fn route(evaluator: &Evaluator<'_>, block: &Route, waiting: &mut Waiting) -> Taken {
    if !evaluator.is_effective(block.effective) {
        return Taken::Nothing;
    }
    let rules = block
        .rules
        .iter()
        .map(|rule| (rule.effective, Some(rule.when)));
    let unique = block.strategy == Strategy::Unique;
    let tried = attempt(
        evaluator,
        Site::Route,
        rules,
        evaluator.index.route(),
        !unique,
    );
    if unique && tried.fired.len() > 1 {
        let names: Vec<&str> = tried
            .fired
            .iter()
            .filter_map(|rule| block.rules.get(*rule as usize))
            .map(|rule| rule.named.name.as_str())
            .collect();
        conflict(evaluator, Site::Route, &tried.fired, "route", &names);
        return Taken::Nothing;
    }
    let taken = match (tried.fired.first(), &block.otherwise) {
        (Some(rule), _) => Taken::Rule(*rule),
        (None, Some(_)) => Taken::Otherwise,
        (None, None) => Taken::Nothing,
    };
    let target = block.target(&taken);
    for rule in tried.unknown {
        let Some(unknown) = block.rules.get(rule as usize) else {
            continue;
        };
        if target.is_none_or(|target| !same_way(target, &unknown.target)) {
            waiting.add(evaluator, Subject::Route(rule), unknown.when);
        }
    }
    taken
}

/// Whether two targets are those of the same rule.
pub(super) fn same_target(a: Option<&RouteTarget>, b: Option<&RouteTarget>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether two targets send a case the same way; why they do is another matter.
fn same_way(a: &RouteTarget, b: &RouteTarget) -> bool {
    (a.role, a.queue, &a.with) == (b.role, b.queue, &b.with)
}

/// Decides the tier.
pub(super) fn tier(evaluator: &Evaluator<'_>, block: &Sla, waiting: &mut Waiting) -> Option<u32> {
    if !evaluator.is_effective(block.effective) {
        return None;
    }
    let tiers = block.tiers.iter().map(|tier| (tier.effective, tier.when));
    let tried = attempt(evaluator, Site::Sla, tiers, evaluator.index.sla(), true);
    for place in tried.unknown {
        if let Some(when) = block.tiers.get(place as usize).and_then(|tier| tier.when) {
            waiting.add(evaluator, Subject::Tier(place), when);
        }
    }
    tried.fired.first().copied()
}

/// The most rules that a message names; the problem lists them all.
const NAMED: usize = 5;

fn conflict(evaluator: &Evaluator<'_>, site: Site, rules: &[u32], block: &str, names: &[&str]) {
    let shown = names.iter().take(NAMED);
    let rules_named = Message::list(shown.map(|name| Message::verbatim(format!("`{name}`"))));
    let message = match names.len().saturating_sub(NAMED) {
        0 => message!(
            "several rules of `{block}` are true, at most one may be: {list}",
            block,
            list = rules_named
        ),
        more => message!(
            "several rules of `{block}` are true, at most one may be: {list} and {more} more",
            block,
            list = rules_named,
            more
        ),
    };
    let mut problems = evaluator.kept.problems.borrow_mut();
    problems.add(ProblemCode::RuleConflict, site, rules, message);
}
