//! The search: variants of a case by the number of their changes, each made from one in which the rule
//! is not taken by changing one thing more that keeps it from being taken.

use super::candidates::{Candidates, Spot};
use super::distance::{Distance, distance};
use super::goal::Goal;
use super::leaves::Leaves;
use super::reasons::Reasons;
use super::variant::{Assignment, Original};
use super::{Outcome, Variable};
use crate::compile::{Node, NodeId, Program};
use crate::eval::{Decision, Probe, ScriptHost, decide};
use crate::model::Schema;
use crate::time::Instant;
use crate::value::{Case, Event, Value};
use std::collections::BTreeSet;

/// A case, and the rule that shall be taken.
pub struct Question<'a> {
    /// The program.
    pub program: &'a Program,
    /// The schema of its cases.
    pub schema: &'a Schema,
    /// The case as it was opened.
    pub case: &'a Case,
    /// What happened after.
    pub events: &'a [Event],
    /// The instant that is decided for.
    pub now: Instant,
    /// The scripts.
    pub host: &'a dyn ScriptHost,
    /// The rule.
    pub goal: Goal,
}

/// What came of a search, and how many variants were decided for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What was found.
    pub outcome: Outcome,
    /// How many variants of the case were decided.
    pub tries: usize,
}

/// Searches the smallest change that makes the rule be taken: fewest changes, then the first fields
/// of the schema, then the nearest values. At most `tries` variants are decided, fewer where a
/// policy has very many rules.
pub fn smallest_change(question: &Question<'_>, tries: usize) -> Search {
    let mut searcher = Searcher::new(question, tries);
    let outcome = searcher.search();
    Search {
        outcome,
        tries: searcher.tries,
    }
}

/// With more rules than this, fewer variants are decided.
const MANY_RULES: usize = 400;

/// What a variant is judged by: its variables, then how far each value lies off.
type Rank = (Vec<Variable>, Vec<(Distance, Option<Value>)>);

/// A variant in which the rule is not taken.
struct Failed {
    assignment: Assignment,
    reason: BTreeSet<Variable>,
}

struct Searcher<'a> {
    question: &'a Question<'a>,
    original: Original<'a>,
    leaves: Leaves,
    /// The comparisons of the rule itself.
    own: Vec<NodeId>,
    tries: usize,
    limit: usize,
    seen: BTreeSet<Assignment>,
}

impl<'a> Searcher<'a> {
    fn new(question: &'a Question<'a>, tries: usize) -> Searcher<'a> {
        let Question {
            program,
            schema,
            case,
            events,
            now,
            ..
        } = question;
        let rules: usize = program
            .classifications
            .iter()
            .map(|block| block.rules.len())
            .chain(program.route.iter().map(|block| block.rules.len()))
            .sum();
        Searcher {
            question,
            original: Original::new(program, schema, case, events, *now),
            leaves: Leaves::new(program),
            own: comparisons(program, question.goal),
            tries: 0,
            limit: tries.saturating_mul(MANY_RULES) / rules.max(MANY_RULES),
            seen: BTreeSet::new(),
        }
    }

    fn search(&mut self) -> Outcome {
        let Question {
            program,
            case,
            events,
            now,
            host,
            goal,
            ..
        } = *self.question;
        let as_it_is = decide(program, case, events, now, host);
        if goal.is_decided(&as_it_is) {
            return Outcome::Already;
        }
        let mut frontier = Vec::new();
        if let Some(failed) = self.failed(Assignment::new()) {
            frontier.push(failed);
        }
        while !frontier.is_empty() {
            let mut best: Option<(Rank, Assignment)> = None;
            let mut next = Vec::new();
            let within = self.level(&frontier, &mut best, &mut next);
            match (best, within) {
                (Some((_, assignment)), _) => {
                    return Outcome::Found(self.original.changes(&assignment));
                }
                (None, false) => return Outcome::NotWithin,
                (None, true) => frontier = next,
            }
        }
        Outcome::Cannot
    }

    /// Changes one thing more in each variant; false if the search is over before its time.
    fn level(
        &mut self,
        frontier: &[Failed],
        best: &mut Option<(Rank, Assignment)>,
        next: &mut Vec<Failed>,
    ) -> bool {
        for failed in frontier {
            for (variable, values) in self.steps(failed) {
                for value in values {
                    let mut assignment = failed.assignment.clone();
                    assignment.insert(variable, value);
                    let rank = self.rank(&assignment);
                    if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
                        continue;
                    }
                    if !self.seen.insert(assignment.clone()) {
                        continue;
                    }
                    if self.tries >= self.limit {
                        return false;
                    }
                    self.tries += 1;
                    if self.is_taken(&assignment) {
                        *best = Some((rank, assignment));
                    } else if best.is_none() {
                        next.extend(self.failed(assignment));
                    }
                }
            }
        }
        true
    }

    /// What can be changed in a variant, and to what.
    fn steps(&self, failed: &Failed) -> Vec<(Variable, Vec<Option<Value>>)> {
        let program = self.question.program;
        let mut variables = failed.reason.clone();
        for variable in &failed.reason {
            variables.extend(self.leaves.partners(*variable));
            if let Variable::Field(slot) = variable {
                let companions = self.original.companions(*slot);
                variables.extend(companions.into_iter().map(Variable::Field));
            }
        }
        // Fields that have been given before their record was whole.
        for variable in failed.assignment.keys() {
            if let Variable::Field(slot) = variable {
                let companions = self.original.companions(*slot);
                variables.extend(companions.into_iter().map(Variable::Field));
            }
        }
        variables.retain(|variable| !failed.assignment.contains_key(variable));
        let Some(state) = self.original.loose_state(&failed.assignment) else {
            return Vec::new();
        };
        let probe = Probe::new(program, &state, self.question.now, self.question.host);
        let step = |variable: Variable| {
            let values = match variable {
                Variable::Event(event) => {
                    vec![Some(Value::Bool(!self.original.has_happened(event)))]
                }
                Variable::Field(slot) => {
                    let spot = Spot {
                        program,
                        schema: self.question.schema,
                        probe: &probe,
                        slot,
                        current: self.original.value(slot).cloned(),
                        opened: self.original.opened(),
                    };
                    Candidates::of(spot, &self.own, &self.leaves)
                }
            };
            (variable, values)
        };
        variables.into_iter().map(step).collect()
    }

    fn rank(&self, assignment: &Assignment) -> Rank {
        let variables = assignment.keys().copied().collect();
        let distances = assignment.iter().map(|(variable, value)| {
            let apart = match variable {
                Variable::Event(_) => (0, 0),
                Variable::Field(slot) => {
                    let schema = self.question.schema;
                    let field = schema.fields.get(*slot as usize);
                    let from = self.original.value(*slot);
                    field.map_or((0, 0), |field| {
                        distance(schema, &field.ty, from, value.as_ref())
                    })
                }
            };
            (apart, value.clone())
        });
        (variables, distances.collect())
    }

    /// Whether the rule is taken in a variant: asked of the blocks, and then of a whole decision.
    fn is_taken(&self, assignment: &Assignment) -> bool {
        let Question {
            program,
            now,
            host,
            goal,
            ..
        } = *self.question;
        let Some(state) = self.original.state(assignment) else {
            return false;
        };
        let probe = Probe::new(program, &state, now, host);
        if !goal.holds(program, &probe) {
            return false;
        }
        let decided = self.decided(assignment);
        decided.is_some_and(|decision| goal.is_decided(&decision))
    }

    fn decided(&self, assignment: &Assignment) -> Option<Decision> {
        let (case, events) = self.original.case(assignment)?;
        let question = self.question;
        Some(decide(
            question.program,
            &case,
            &events,
            question.now,
            question.host,
        ))
    }

    /// Why the rule is not taken in a variant; none when nothing could make it so.
    fn failed(&self, assignment: Assignment) -> Option<Failed> {
        let Question {
            program,
            now,
            host,
            goal,
            ..
        } = *self.question;
        let state = self.original.loose_state(&assignment)?;
        let probe = Probe::new(program, &state, now, host);
        let mut reason = Reasons::new(program, &probe).against(goal);
        if self.original.state(&assignment).is_none() {
            // The case would be refused: more of a record has to be given.
            for variable in assignment.keys() {
                if let Variable::Field(slot) = variable {
                    let companions = self.original.companions(*slot);
                    reason.extend(companions.into_iter().map(Variable::Field));
                }
            }
        }
        let open = reason
            .iter()
            .any(|variable| !assignment.contains_key(variable));
        open.then_some(Failed { assignment, reason })
    }
}

/// The comparisons of a rule, without those of the defines that it reads.
fn comparisons(program: &Program, goal: Goal) -> Vec<NodeId> {
    let conditions = goal.conditions(program).into_iter();
    let own = conditions.filter(|own| own.part == goal.part);
    let mut work: Vec<NodeId> = own.filter_map(|own| own.when).collect();
    let mut found = Vec::new();
    while let Some(id) = work.pop() {
        match program.node(id) {
            Node::And(list) | Node::Or(list) => work.extend(program.list(*list)),
            Node::Not(operand) => work.push(*operand),
            _ => found.push(id),
        }
    }
    found
}
