//! The comparisons of a program by what they read.

use super::Variable;
use crate::compile::{Effective, Node, NodeId, Program};
use crate::eval::{Atom, Outline, TracedBlock};
use std::collections::{BTreeMap, BTreeSet};

/// The comparisons of a program.
#[derive(Default)]
pub(super) struct Leaves {
    by_variable: BTreeMap<Variable, Vec<NodeId>>,
    /// Variables that are compared with each other.
    partners: BTreeMap<Variable, BTreeSet<Variable>>,
    /// When items count by the day on which a case is opened.
    pub(super) dates: Vec<Effective>,
}

impl Leaves {
    pub(super) fn new(program: &Program) -> Leaves {
        let outline = Outline::new(program);
        let mut leaves = Leaves {
            by_variable: BTreeMap::new(),
            partners: BTreeMap::new(),
            dates: Vec::new(),
        };
        let blocks = outline.blocks.iter();
        // A guarantee decides nothing.
        let blocks = blocks.filter(|block| matches!(block.block, TracedBlock::Site(_)));
        let rules = blocks.flat_map(|block| &block.rules);
        let atoms = rules.flat_map(|rule| &rule.atoms);
        for atom in atoms.chain(outline.defines.iter().flatten().flatten()) {
            if let Atom::Condition(id) = atom {
                let all = direct(program, *id);
                for variable in &all {
                    leaves.by_variable.entry(*variable).or_default().push(*id);
                    if all.len() > 1 && all.len() <= MOST_PARTNERS {
                        leaves.partners.entry(*variable).or_default().extend(&all);
                    }
                }
            }
        }
        leaves.dates = dates(program);
        leaves
    }

    /// The variables that a variable is compared with: which values of it are of use depends on
    /// theirs, so that they may have to be changed first.
    pub(super) fn partners(&self, variable: Variable) -> impl Iterator<Item = Variable> + '_ {
        self.partners.get(&variable).into_iter().flatten().copied()
    }

    /// The comparisons that read a variable.
    pub(super) fn of(&self, variable: Variable) -> &[NodeId] {
        self.by_variable.get(&variable).map_or(&[], Vec::as_slice)
    }
}

/// The variables that a comparison reads, through defines that are values.
fn direct(program: &Program, id: NodeId) -> BTreeSet<Variable> {
    let mut found = BTreeSet::new();
    let mut defines = BTreeSet::new();
    let mut work = vec![id];
    while let Some(id) = work.pop() {
        let node = program.node(id);
        if let Node::Field(slot) = node {
            found.insert(Variable::Field(*slot));
        } else if let Node::HasHappened(event) = node {
            found.insert(Variable::Event(*event));
        } else if let Node::Define(place) = node {
            let define = program.defines.get(*place as usize);
            let new = define.filter(|_| defines.insert(*place));
            work.extend(new.map(|define| define.value));
        } else {
            program.operands(id, |operand| work.push(operand));
        }
    }
    found
}

fn dates(program: &Program) -> Vec<Effective> {
    let classifications = program.classifications.iter().flat_map(|block| {
        let rules = block.rules.iter().map(|rule| rule.effective);
        rules.chain([block.effective])
    });
    let route = program.route.iter().flat_map(|block| {
        let rules = block.rules.iter().map(|rule| rule.effective);
        rules.chain([block.effective])
    });
    let sla = program.sla.iter().flat_map(|block| {
        let tiers = block.tiers.iter().map(|tier| tier.effective);
        tiers.chain([block.effective])
    });
    let retains = program.retains.iter().map(|block| block.effective);
    let follow_ups = program.follow_ups.iter().map(|item| item.effective);
    let all = classifications
        .chain(route)
        .chain(sla)
        .chain(retains)
        .chain(follow_ups);
    let mut found: Vec<Effective> = Vec::new();
    for effective in all.flatten() {
        if found.len() < MOST_DATES && !found.contains(&effective) {
            found.push(effective);
        }
    }
    found
}

/// With more variables than this in one comparison each is looked at for itself.
const MOST_PARTNERS: usize = 8;

/// The most periods of items that are looked at.
const MOST_DATES: usize = 100;

/// Whether an expression reads a field, through defines too.
pub(super) fn reads(program: &Program, id: NodeId, slot: u32) -> bool {
    direct(program, id).contains(&Variable::Field(slot))
}
