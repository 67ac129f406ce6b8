//! Blocks as propositions: which rule is true, which is taken, what comes of it.
//!
//! After [`super::truths`], before the questions. Follows the four strategies of the evaluator.

use super::facts::Block;
use super::lens::Seen;
use super::solver::Literal;
use super::space::Variable;
use super::terms::{Encoder, Term};
use crate::compile::{Effective, NodeId, Outcome, Strategy};
use crate::value::Value;

/// A block.
pub(super) struct EncodedBlock {
    /// That the block is in force.
    pub(super) in_force: Literal,
    /// That it is the first day on which the block no longer counts.
    pub(super) expired: Option<Literal>,
    /// Its rules in page order.
    pub(super) rules: Vec<EncodedRule>,
    /// That `otherwise` is taken; none when the block has none.
    pub(super) otherwise: Option<Literal>,
}

/// A rule.
pub(super) struct EncodedRule {
    /// That its condition is true while it is in force; the block may not be.
    pub(super) fires: Literal,
    /// Its condition.
    pub(super) condition: Option<NodeId>,
    /// When it counts.
    pub(super) effective: Option<Effective>,
    /// That its condition is true on the first day on which the rule no longer counts.
    pub(super) outlived: Option<Literal>,
    /// That the block takes it.
    pub(super) taken: Literal,
}

/// An item with one condition, such as a hold.
pub(super) struct EncodedItem {
    /// What it is.
    pub(super) block: Block,
    /// Its condition, if it has one.
    pub(super) condition: Option<NodeId>,
    /// When it counts.
    pub(super) effective: Option<Effective>,
    /// That its condition is true while it is in force.
    pub(super) fires: Literal,
    /// That its condition is true on the first day on which it no longer counts.
    pub(super) outlived: Option<Literal>,
}

/// A guarantee.
pub(super) struct EncodedGuarantee {
    /// That its `if` is true.
    pub(super) speaks: Literal,
    /// That its `then` is true.
    pub(super) kept: Literal,
}

/// A rule as the program has it.
struct Written {
    effective: Option<Effective>,
    when: Option<NodeId>,
}

impl Encoder<'_> {
    /// Encodes everything that has conditions.
    pub(super) fn blocks(&mut self) -> Blocks {
        let mut blocks = self.deciding();
        blocks.items = self.items();
        let guarantees = self.program.guarantees.iter().map(|written| {
            let (condition, then) = (self.truth(written.condition), self.truth(written.then));
            EncodedGuarantee {
                speaks: condition.yes,
                kept: then.yes,
            }
        });
        blocks.guarantees = guarantees.collect();
        blocks
    }

    /// Encodes classifications, route and tier, in the order in which they are decided.
    pub(super) fn deciding(&mut self) -> Blocks {
        let program = self.program;
        let mut classifications = Vec::new();
        for block in &program.classifications {
            let rules = block.rules.iter().map(|rule| Written {
                effective: rule.effective,
                when: Some(rule.when),
            });
            let outcomes: Vec<Value> = block.rules.iter().map(|rule| rule.then.clone()).collect();
            let otherwise = block.otherwise.as_ref().map(|(then, _)| then);
            let encoded = self.block(
                block.effective,
                block.strategy,
                rules.collect(),
                &outcomes,
                otherwise.is_some(),
            );
            let term = self.value(&encoded, block.strategy, &outcomes, otherwise);
            self.classifications.push(term);
            classifications.push(encoded);
        }
        let route = program.route.as_ref().map(|block| {
            let rules = block.rules.iter().map(|rule| Written {
                effective: rule.effective,
                when: Some(rule.when),
            });
            let rules = rules.collect();
            let otherwise = block.otherwise.is_some();
            let encoded = self.block(block.effective, block.strategy, rules, &[], otherwise);
            let targets = block.rules.iter().map(|rule| &rule.target);
            let taken = encoded.rules.iter().map(|rule| rule.taken);
            let ways = targets.zip(taken);
            let rest = block.otherwise.iter().zip(encoded.otherwise);
            let ways: Vec<_> = ways.chain(rest).collect();
            let member = |place: u32| Value::Member(place);
            let roles = ways
                .iter()
                .map(|(target, taken)| (member(target.role), *taken));
            let queues = ways.iter();
            let queues = queues.filter_map(|(target, taken)| Some((member(target.queue?), *taken)));
            let with = ways.iter().flat_map(|(target, taken)| {
                target.with.iter().map(move |role| (member(*role), *taken))
            });
            let present = self.space.solver.any(ways.iter().map(|(_, taken)| *taken));
            let told = vec![
                (Outcome::RouteRole, Term::Choice(roles.collect())),
                (Outcome::RouteQueue, Term::Choice(queues.collect())),
                (Outcome::RouteWith, Term::ChosenSet(with.collect(), present)),
            ];
            self.outcomes.extend(told);
            encoded
        });
        let sla = program.sla.as_ref().map(|block| {
            let tiers = block.tiers.iter().map(|tier| Written {
                effective: tier.effective,
                when: tier.when,
            });
            let tiers = tiers.collect();
            let mut encoded = self.block(block.effective, Strategy::FirstMatch, tiers, &[], false);
            let taken: Vec<Literal> = encoded.rules.iter().map(|rule| rule.taken).collect();
            // The tier without a condition, the last one, is `otherwise`.
            if block.tiers.last().is_some_and(|tier| tier.when.is_none()) {
                encoded.otherwise = encoded.rules.pop().map(|rule| rule.taken);
            }
            let names = (0u32..).zip(&taken);
            let names = names.map(|(place, taken)| (Value::Member(place), *taken));
            self.outcomes
                .push((Outcome::SlaTier, Term::Choice(names.collect())));
            for (place, _) in (0u32..).zip(&program.clocks) {
                let targets = block.tiers.iter().zip(&taken);
                let targets =
                    targets.filter_map(|(tier, taken)| Some((tier.target(place)?, *taken)));
                let clock = Outcome::ClockTarget(crate::compile::ClockId(place));
                self.outcomes
                    .push((clock, Term::Targets(targets.collect())));
            }
            encoded
        });
        Blocks {
            classifications,
            route,
            sla,
            items: Vec::new(),
            guarantees: Vec::new(),
        }
    }

    /// Retention, holds, follow-ups, requirements and what guarantees speak of.
    fn items(&mut self) -> Vec<EncodedItem> {
        let program = self.program;
        let mut written: Vec<(Block, Option<NodeId>, Option<Effective>)> = Vec::new();
        let places = 0u32..;
        for (place, item) in places.clone().zip(&program.retains) {
            written.push((Block::Retain(place), item.when, item.effective));
        }
        for (place, item) in places.clone().zip(&program.holds) {
            written.push((Block::Hold(place), Some(item.when), None));
        }
        for (place, item) in places.clone().zip(&program.follow_ups) {
            written.push((Block::FollowUp(place), Some(item.when), item.effective));
        }
        for (place, item) in places.clone().zip(&program.requires) {
            written.push((Block::Require(place), Some(item.when), None));
        }
        for (place, item) in places.zip(&program.guarantees) {
            written.push((Block::Guarantee(place), Some(item.condition), None));
        }
        let encoded = written.into_iter().map(|(block, condition, effective)| {
            let in_force = self.effective(effective);
            let holds = match condition {
                Some(condition) => self.truth(condition).yes,
                None => self.space.solver.always(),
            };
            let day_after = self.day_after(effective);
            let solver = &mut self.space.solver;
            EncodedItem {
                block,
                condition,
                effective,
                fires: solver.all([in_force, holds]),
                outlived: day_after.map(|day| solver.all([day, holds])),
            }
        });
        encoded.collect()
    }

    fn block(
        &mut self,
        effective: Option<Effective>,
        strategy: Strategy,
        rules: Vec<Written>,
        outcomes: &[Value],
        otherwise: bool,
    ) -> EncodedBlock {
        let in_force = self.effective(effective);
        let mut fires = Vec::with_capacity(rules.len());
        let mut written = Vec::with_capacity(rules.len());
        let expired = self.day_after(effective);
        for rule in &rules {
            let own = self.effective(rule.effective);
            let condition = match rule.when {
                Some(when) => self.truth(when).yes,
                None => self.space.solver.always(),
            };
            fires.push(self.space.solver.all([own, condition]));
            let day_after = self.day_after(rule.effective);
            let outlived = day_after.map(|day| self.space.solver.all([day, condition]));
            written.push((rule.when, rule.effective, outlived));
        }
        let solver = &mut self.space.solver;
        // That a rule before, or behind, this one fires.
        let mut before = vec![solver.never()];
        for one in &fires {
            let so_far = before.last().copied().unwrap_or(solver.never());
            before.push(solver.any([so_far, *one]));
        }
        let mut behind = vec![solver.never()];
        for one in fires.iter().rev() {
            let so_far = behind.last().copied().unwrap_or(solver.never());
            behind.push(solver.any([so_far, *one]));
        }
        behind.reverse();
        let greater: Vec<Literal> = match strategy {
            Strategy::Highest => self.greater(&fires, outcomes),
            Strategy::FirstMatch | Strategy::Unique | Strategy::Collect => Vec::new(),
        };
        let solver = &mut self.space.solver;
        let never = solver.never();
        let of = |list: &[Literal], place: usize| list.get(place).copied().unwrap_or(never);
        let mut taken = Vec::with_capacity(fires.len());
        for (place, fires) in fires.iter().enumerate() {
            let barred = match strategy {
                Strategy::FirstMatch => of(&before, place),
                Strategy::Unique => solver.any([of(&before, place), of(&behind, place + 1)]),
                Strategy::Highest => of(&greater, place),
                Strategy::Collect => never,
            };
            taken.push(solver.all([in_force, *fires, !barred]));
        }
        let some = before.last().copied().unwrap_or(never);
        let otherwise = otherwise.then(|| solver.all([in_force, !some]));
        let rules = fires.into_iter().zip(written).zip(taken);
        let rules = rules.map(
            |((fires, (condition, effective, outlived)), taken)| EncodedRule {
                fires,
                condition,
                effective,
                outlived,
                taken,
            },
        );
        EncodedBlock {
            in_force,
            expired,
            rules: rules.collect(),
            otherwise,
        }
    }

    /// For each rule of a `highest` block: that one with a greater outcome fires, or an earlier one with
    /// the same.
    fn greater(&mut self, fires: &[Literal], outcomes: &[Value]) -> Vec<Literal> {
        let mut places: Vec<usize> = (0..fires.len()).collect();
        // Greatest outcome first, page order among equals: the order in which they win.
        places.sort_by(|a, b| outcomes.get(*b).cmp(&outcomes.get(*a)).then(a.cmp(b)));
        let solver = &mut self.space.solver;
        let mut so_far = solver.never();
        let mut barred = vec![so_far; fires.len()];
        for place in places {
            let (Some(slot), Some(fires)) = (barred.get_mut(place), fires.get(place)) else {
                continue;
            };
            *slot = so_far;
            so_far = solver.any([so_far, *fires]);
        }
        barred
    }

    /// The value of a classification.
    fn value(
        &mut self,
        block: &EncodedBlock,
        strategy: Strategy,
        outcomes: &[Value],
        otherwise: Option<&Value>,
    ) -> Term {
        let taken = outcomes.iter().zip(&block.rules);
        let taken = taken.map(|(value, rule)| (value.clone(), rule.taken));
        let rest = otherwise.cloned().into_iter().zip(block.otherwise);
        let mut options: Vec<(Value, Literal)> = taken.chain(rest).collect();
        options.sort();
        let mut merged: Vec<(Value, Literal)> = Vec::new();
        for run in options.chunk_by(|(a, _), (b, _)| a == b) {
            let holds = self.space.solver.any(run.iter().map(|(_, taken)| *taken));
            merged.extend(run.first().map(|(value, _)| (value.clone(), holds)));
        }
        match strategy {
            Strategy::Collect => Term::ChosenSet(merged, block.in_force),
            Strategy::FirstMatch | Strategy::Unique | Strategy::Highest => Term::Choice(merged),
        }
    }

    /// That something is in force.
    pub(super) fn effective(&mut self, effective: Option<Effective>) -> Literal {
        let instants = match effective {
            None => return self.space.solver.always(),
            Some(Effective::ByOpening { from, until }) => {
                let begin = |date| self.begin_of(&Value::Date(date));
                let from = from.map(begin);
                let until = until.map(|until| until.plus_days(1).and_then(begin));
                (self.opened_at(), from, until)
            }
            Some(Effective::ByNow { from, end }) => {
                let instant = |at| Some(Value::Instant(at));
                (Some(self.space.now), from.map(instant), end.map(instant))
            }
        };
        let (Some(place), from, end) = instants else {
            return self.space.solver.never();
        };
        let space = &mut self.space;
        let Some(scalar) = space.scalars.get_mut(place) else {
            return space.solver.never();
        };
        let solver = &mut space.solver;
        let never = solver.never();
        let mut parts = Vec::new();
        if let Some(from) = from {
            parts.push(from.map_or(never, |from| scalar.at_least(solver, &from)));
        }
        if let Some(end) = end {
            parts.push(!end.map_or(never, |end| scalar.at_least(solver, &end)));
        }
        solver.all(parts)
    }

    /// That it is the first day on which something no longer counts; none for what counts for ever.
    pub(super) fn day_after(&mut self, effective: Option<Effective>) -> Option<Literal> {
        let (place, from, end) = match effective? {
            Effective::ByOpening { until, .. } => {
                let day = until?.plus_days(1)?;
                let begin = |date| self.begin_of(&Value::Date(date));
                (self.opened_at()?, begin(day)?, begin(day.plus_days(1)?)?)
            }
            Effective::ByNow { end, .. } => {
                let end = end?;
                let day = crate::time::Duration::from_millis(86_400_000);
                let behind = Value::Instant(end.plus(day)?);
                (self.space.now, Value::Instant(end), behind)
            }
        };
        let space = &mut self.space;
        let scalar = space.scalars.get_mut(place)?;
        Some(scalar.between(&mut space.solver, &from, Some(&end)))
    }

    /// Where the opening of the case lies among the scalars.
    pub(super) fn opened_at(&self) -> Option<usize> {
        match self.seen(self.program.opened_at) {
            Seen::As(Variable::Scalar(place)) => Some(place),
            Seen::As(Variable::Set(_)) | Seen::Always(_) | Seen::Missing => None,
        }
    }
}

/// All blocks that decide.
pub(super) struct Blocks {
    pub(super) classifications: Vec<EncodedBlock>,
    pub(super) route: Option<EncodedBlock>,
    pub(super) sla: Option<EncodedBlock>,
    pub(super) items: Vec<EncodedItem>,
    pub(super) guarantees: Vec<EncodedGuarantee>,
}

impl Blocks {
    /// A block of rules.
    pub(super) fn of(&self, name: Block) -> Option<&EncodedBlock> {
        match name {
            Block::Classification(place) => self.classifications.get(place as usize),
            Block::Route => self.route.as_ref(),
            Block::Sla => self.sla.as_ref(),
            Block::Retain(_)
            | Block::Record(_)
            | Block::Hold(_)
            | Block::FollowUp(_)
            | Block::Require(_)
            | Block::Guarantee(_)
            | Block::Clock(_) => None,
        }
    }
}
