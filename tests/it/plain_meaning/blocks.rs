//! Classifications, the route and the tier: which of the rules is taken, and which unknown ones could change that.

use super::conditions::order;
use super::look::{Look, add};
use super::meaning::Meaning;
use caseway::model::{
    Classification, Effective, Expr, ExprKind, FieldId, Outcome, Route, RouteTarget, Sla, Strategy,
};
use caseway::value::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What was taken of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    Nothing,
    Rules(Vec<usize>),
    Otherwise,
}

/// The blocks of a case at an instant.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Values and what gave them, in the order of the model.
    pub classifications: Vec<(Option<Value>, Taken)>,
    pub route: Taken,
    pub tier: Option<usize>,
    /// Missing fields in the order of the case, with the rules that wait for them.
    pub waiting: BTreeMap<FieldId, Vec<String>>,
}

impl Decided {
    /// Where the case goes.
    pub fn target<'a>(&self, meaning: &Meaning<'a>) -> Option<&'a RouteTarget> {
        let block = meaning.model.route.as_ref()?;
        match &self.route {
            Taken::Nothing => None,
            Taken::Rules(rules) => Some(&block.rules[rules[0]].target),
            Taken::Otherwise => block.otherwise.as_ref(),
        }
    }
}

/// Decides all blocks, one after the other.
pub fn decide(look: &Look<'_>) -> Decided {
    let model = look.meaning.model;
    let mut waiting = BTreeMap::new();
    let mut classifications = Vec::new();
    for block in &model.classifications {
        look.classification_waits.borrow_mut().push(BTreeSet::new());
        let decided = classify(look, block, &mut waiting);
        look.classified.borrow_mut().push(decided.0.clone());
        classifications.push(decided);
    }
    let route = match &model.route {
        Some(block) => route(look, block, &mut waiting),
        None => Taken::Nothing,
    };
    let mut decided = Decided {
        classifications,
        route,
        tier: None,
        waiting: BTreeMap::new(),
    };
    look.role
        .set(decided.target(look.meaning).map(|target| target.role));
    decided.tier = model
        .sla
        .as_ref()
        .and_then(|block| tier(look, block, &mut waiting));
    decided.waiting = waiting;
    decided
}

type Waiting = BTreeMap<FieldId, Vec<String>>;

/// The rules that are true and those that are unknown, from the top; up to the first true one if that is enough.
fn attempt<'a>(
    look: &Look<'_>,
    block: &str,
    rules: impl Iterator<Item = (&'a str, Option<&'a Effective>, Option<&'a Expr>)>,
    first_only: bool,
) -> (Vec<usize>, Vec<usize>) {
    let (mut fired, mut unknown) = (Vec::new(), Vec::new());
    for (place, (name, effective, when)) in rules.enumerate() {
        if !look.meaning.counts(effective, look.opened, look.at) {
            continue;
        }
        look.asks(block, Some((place, name)));
        match when.map_or(Some(true), |when| look.worth(when)) {
            Some(true) => {
                fired.push(place);
                if first_only {
                    break;
                }
            }
            None => unknown.push(place),
            Some(false) => {}
        }
    }
    (fired, unknown)
}

fn classify(
    look: &Look<'_>,
    block: &Classification,
    waiting: &mut Waiting,
) -> (Option<Value>, Taken) {
    if !look
        .meaning
        .counts(block.effective.as_ref(), look.opened, look.at)
    {
        return (None, Taken::Nothing);
    }
    let name = format!("classify.{}", block.declared.name);
    let rules = block.rules.iter();
    let rules = rules.map(|rule| {
        (
            rule.declared.name.as_str(),
            rule.effective.as_ref(),
            Some(&rule.when),
        )
    });
    let (fired, unknown) = attempt(look, &name, rules, block.strategy == Strategy::FirstMatch);
    let then = |rule: usize| &block.rules[rule].then;
    let taken = match block.strategy {
        Strategy::FirstMatch => fired.first().copied(),
        Strategy::Unique => {
            if fired.len() > 1 {
                let named = |rule: &usize| (*rule, block.rules[*rule].declared.name.clone());
                let rules = fired.iter().map(named).collect();
                add(
                    &mut look.problems.borrow_mut(),
                    "rule-conflict",
                    name,
                    rules,
                    String::new(),
                );
                return (None, Taken::Nothing);
            }
            fired.first().copied()
        }
        Strategy::Highest => {
            let mut best: Option<usize> = None;
            for rule in &fired {
                if best.is_none_or(|best| order(then(*rule), then(best)) == Ordering::Greater) {
                    best = Some(*rule);
                }
            }
            best
        }
        Strategy::Collect => None,
    };
    let (value, taken) = match (block.strategy, taken, &block.otherwise) {
        (Strategy::Collect, _, Some(otherwise)) if fired.is_empty() => (
            Some(Value::set(vec![otherwise.then.clone()])),
            Taken::Otherwise,
        ),
        (Strategy::Collect, ..) => {
            let all = fired.iter().map(|rule| then(*rule).clone()).collect();
            (Some(Value::set(all)), Taken::Rules(fired))
        }
        (_, Some(rule), _) => (Some(then(rule).clone()), Taken::Rules(vec![rule])),
        (_, None, Some(otherwise)) => (Some(otherwise.then.clone()), Taken::Otherwise),
        (_, None, None) => (None, Taken::Nothing),
    };
    for rule in unknown {
        let matters = match (block.strategy, &value) {
            (_, None) => true,
            (Strategy::FirstMatch | Strategy::Unique, Some(value)) => {
                order(then(rule), value) != Ordering::Equal
            }
            (Strategy::Highest, Some(value)) => order(then(rule), value) == Ordering::Greater,
            (Strategy::Collect, Some(Value::Set(values))) => !values.contains(then(rule)),
            (Strategy::Collect, Some(_)) => panic!("a set"),
        };
        if matters {
            let rule_name = &block.rules[rule].declared.name;
            look.asks(&name, Some((rule, rule_name)));
            let fields = missing(look, &block.rules[rule].when);
            for field in &fields {
                waiting
                    .entry(*field)
                    .or_default()
                    .push(format!("{name}.{rule_name}"));
            }
            let mut waits = look.classification_waits.borrow_mut();
            waits.last_mut().expect("this block").extend(fields);
        }
    }
    (value, taken)
}

fn route(look: &Look<'_>, block: &Route, waiting: &mut Waiting) -> Taken {
    if !look
        .meaning
        .counts(block.effective.as_ref(), look.opened, look.at)
    {
        return Taken::Nothing;
    }
    let rules = block.rules.iter();
    let rules = rules.map(|rule| {
        (
            rule.declared.name.as_str(),
            rule.effective.as_ref(),
            Some(&rule.when),
        )
    });
    let unique = block.strategy == Strategy::Unique;
    let (fired, unknown) = attempt(look, "route", rules, !unique);
    if unique && fired.len() > 1 {
        let named = |rule: &usize| (*rule, block.rules[*rule].declared.name.clone());
        let rules = fired.iter().map(named).collect();
        add(
            &mut look.problems.borrow_mut(),
            "rule-conflict",
            "route".to_owned(),
            rules,
            String::new(),
        );
        return Taken::Nothing;
    }
    let (target, taken) = match (fired.first(), &block.otherwise) {
        (Some(rule), _) => (Some(&block.rules[*rule].target), Taken::Rules(vec![*rule])),
        (None, Some(target)) => (Some(target), Taken::Otherwise),
        (None, None) => (None, Taken::Nothing),
    };
    let way = |target: &RouteTarget| (target.role, target.queue, target.with.clone());
    for rule in unknown {
        let rule_block = &block.rules[rule];
        if target.is_none_or(|target| way(target) != way(&rule_block.target)) {
            let name = &rule_block.declared.name;
            look.asks("route", Some((rule, name)));
            let fields = missing(look, &rule_block.when);
            for field in &fields {
                waiting
                    .entry(*field)
                    .or_default()
                    .push(format!("route.{name}"));
            }
            look.route_waits.borrow_mut().extend(fields);
        }
    }
    taken
}

fn tier(look: &Look<'_>, block: &Sla, waiting: &mut Waiting) -> Option<usize> {
    if !look
        .meaning
        .counts(block.effective.as_ref(), look.opened, look.at)
    {
        return None;
    }
    let tiers = block.tiers.iter();
    let tiers = tiers.map(|tier| {
        (
            tier.declared.name.as_str(),
            tier.effective.as_ref(),
            tier.when.as_ref(),
        )
    });
    let (fired, unknown) = attempt(look, "sla", tiers, true);
    for place in unknown {
        let name = &block.tiers[place].declared.name;
        look.asks("sla", Some((place, name)));
        let when = block.tiers[place]
            .when
            .as_ref()
            .expect("what is unknown has a condition");
        for field in missing(look, when) {
            waiting
                .entry(field)
                .or_default()
                .push(format!("sla.{name}"));
        }
    }
    fired.first().copied()
}

/// The missing fields that the unknown parts of an unknown condition read; for a classification without a value,
/// those that it waits for.
fn missing(look: &Look<'_>, condition: &Expr) -> BTreeSet<FieldId> {
    let mut fields = BTreeSet::new();
    match &condition.kind {
        ExprKind::Field(field) => {
            fields.insert(*field);
        }
        ExprKind::Define(define) => {
            fields = missing(look, &look.meaning.model.defines[define.0 as usize].value);
        }
        ExprKind::Classification(block) => {
            fields = look.classification_waits.borrow()[block.0 as usize].clone();
        }
        ExprKind::Outcome(Outcome::RouteRole) => fields = look.route_waits.borrow().clone(),
        kind => {
            for part in kind.parts() {
                if look.value(part).is_none() {
                    fields.extend(missing(look, part));
                }
            }
        }
    }
    fields
}

/// The fields that keep a condition from being what is `wanted`: those that its parts read which are not.
pub fn keeping(look: &Look<'_>, condition: &Expr, wanted: bool) -> BTreeSet<FieldId> {
    match &condition.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            let parts = parts.iter().filter(|part| look.worth(part) != Some(wanted));
            parts.flat_map(|part| keeping(look, part, wanted)).collect()
        }
        ExprKind::Not(part) => keeping(look, part, !wanted),
        ExprKind::Field(field) => BTreeSet::from([*field]),
        ExprKind::Define(define) => keeping(
            look,
            &look.meaning.model.defines[define.0 as usize].value,
            wanted,
        ),
        ExprKind::Classification(block) => {
            look.classification_waits.borrow()[block.0 as usize].clone()
        }
        kind => kind
            .parts()
            .into_iter()
            .flat_map(|part| keeping(look, part, wanted))
            .collect(),
    }
}
