//! Higher classes that are given more time than lower ones, found out by holding every case of a small policy
//! against every other.

use caseway::Policy;
use caseway::analysis::{Claim, at_most};
use caseway::analysis::{Fact, Input};
use caseway::compile::{Node, NodeId, Type};
use caseway::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A case as the tiers see it.
pub struct Row<'a> {
    pub slots: &'a [Option<Value>],
    /// What comes of each classification; none where nothing does, several where it collects.
    pub classified: Vec<BTreeSet<String>>,
    /// What the route takes.
    pub routed: Option<String>,
    /// The tier that is taken.
    pub tier: Option<u32>,
}

/// Fields, classifications and whether the route is read by conditions of tiers, through defines alone.
fn inputs(policy: &Policy) -> (BTreeSet<u32>, BTreeSet<u32>, bool) {
    let program = policy.program();
    let (mut fields, mut classifications, mut routed) = (BTreeSet::new(), BTreeSet::new(), false);
    let tiers = &program.sla.as_ref().expect("tiers").tiers;
    let mut open: Vec<NodeId> = tiers.iter().filter_map(|tier| tier.when).collect();
    while let Some(id) = open.pop() {
        match program.node(id) {
            Node::Field(slot) => {
                fields.insert(*slot);
            }
            Node::Classification(place) => {
                classifications.insert(*place);
            }
            Node::Outcome(_) => routed = true,
            Node::Define(place) => open.push(program.defines[*place as usize].value),
            _ => program.operands(id, |operand| open.push(operand)),
        }
    }
    fields.insert(program.opened_at);
    (fields, classifications, routed)
}

/// The inputs that are ordered: each with the place of its value in a case.
fn ordered(policy: &Policy) -> Vec<Input> {
    let (fields, classifications, _) = inputs(policy);
    let is_ordered = |ty: &Type| match ty {
        Type::Enum(id) => policy
            .schema()
            .enumeration(*id)
            .is_some_and(|ty| ty.ordered),
        _ => false,
    };
    let program = policy.program();
    let fields = fields
        .iter()
        .filter(|slot| is_ordered(&program.fields[**slot as usize].ty));
    let blocks = classifications.iter();
    let blocks = blocks.filter(|place| is_ordered(&program.classifications[**place as usize].ty));
    let fields = fields.map(|slot| Input::Field(*slot));
    fields
        .chain(blocks.map(|place| Input::Classification(*place)))
        .collect()
}

fn value(row: &Row<'_>, input: Input) -> Option<u32> {
    match input {
        Input::Field(slot) => match &row.slots[slot as usize] {
            Some(Value::Member(member)) => Some(*member),
            _ => None,
        },
        Input::Classification(place) => {
            let outcome = row.classified[place as usize].first()?;
            let digits: String = outcome.chars().filter(char::is_ascii_digit).collect();
            digits.parse().ok()
        }
    }
}

/// What a case is besides one input, as far as tiers see it.
fn others(policy: &Policy, row: &Row<'_>, input: Input) -> String {
    let (fields, classifications, routed) = inputs(policy);
    let mut seen = Vec::new();
    for slot in fields {
        if input != Input::Field(slot) {
            seen.push(format!("{:?}", row.slots[slot as usize]));
        }
    }
    for place in classifications {
        if input != Input::Classification(place) {
            seen.push(format!("{:?}", row.classified[place as usize]));
        }
    }
    if routed {
        seen.push(format!("{:?}", row.routed));
    }
    seen.join("; ")
}

/// Every difference between the inversions that are told and those that there are.
pub fn disagreements(policy: &Policy, facts: &[Fact], rows: &[Row<'_>]) -> Vec<String> {
    let sla = policy.program().sla.as_ref().expect("tiers");
    // For each input: higher tier with its member, lower tier with its member.
    let mut so: BTreeSet<(Input, (u32, u32), (u32, u32))> = BTreeSet::new();
    for input in ordered(policy) {
        let mut groups: BTreeMap<String, BTreeSet<(u32, u32)>> = BTreeMap::new();
        for row in rows {
            if let (Some(member), Some(tier)) = (value(row, input), row.tier) {
                let group = groups.entry(others(policy, row, input)).or_default();
                group.insert((member, tier));
            }
        }
        for group in groups.values() {
            for high in group {
                for low in group.iter().filter(|low| low.0 < high.0) {
                    let target = |tier: u32| sla.tiers[tier as usize].target(0).expect("a target");
                    let (more, less) = (target(high.1), target(low.1));
                    if at_most(more, less) == Some(false) && !less.is_zero() {
                        so.insert((input, *high, *low));
                    }
                }
            }
        }
    }
    let mut wrong = Vec::new();
    let mut told = BTreeSet::new();
    for fact in facts {
        if let Claim::SlaInversion(found) = &fact.claim {
            told.insert(found.higher.1);
            if !so.contains(&(found.input, found.higher, found.lower)) {
                wrong.push(format!("no such inversion: {found:?}"));
            }
        }
    }
    let all: BTreeSet<u32> = so.iter().map(|(_, high, _)| high.1).collect();
    if told != all {
        wrong.push(format!(
            "inversions of tiers {told:?}, and there are {all:?}"
        ));
    }
    wrong
}
