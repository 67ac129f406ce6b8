//! From a model of the solver to a case: a value for every field, as few as possible away from their
//! defaults.
//!
//! After the questions of [`super::facts`].

use super::opaque::{Assumed, Part, settled};
use super::sets::at_least;
use super::solver::{Answer, Literal};
use super::space::Variable;
use super::terms::Encoder;
use crate::model::Presence;
use crate::time::Instant;
use crate::value::Value;

/// Fields away from their defaults, at most, of which fewer are looked for.
const MOST_FIELDS: usize = 12;

/// A case that shows something, and when it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// One for each slot.
    pub slots: Vec<Option<Value>>,
    /// The instant of the decision, where that matters.
    pub now: Option<Instant>,
    /// Events that have happened, by their places.
    pub events: Vec<u32>,
    /// The slots of the fields that matter: whatever the others are, it shows the same.
    pub matters: Vec<u32>,
    /// What it rests on beyond the fields: what opaque parts of conditions come to.
    pub assumes: Vec<Assumed>,
    /// Where it rests on something: every node of the program that is opaque, with what it comes to here.
    pub stands: Vec<Assumed>,
    /// The propositions of what it assumes.
    pub(super) rests_on: Vec<Literal>,
    /// For a missing field that the claim is about: values of which conditions tell each from the next.
    pub others: Vec<Value>,
    /// For a claim about two cases: the slots in which the second differs from the first, with its values.
    pub beside: Vec<(u32, Option<Value>)>,
}

impl Encoder<'_> {
    /// A case in which all of these hold, with as few fields as possible away from their defaults. None
    /// if there is none, or if it was not found within the steps.
    pub(super) fn witness(&mut self, wanted: &[Literal], steps: u64) -> Option<Witness> {
        let asked = self.plainest(wanted, steps)?;
        self.witness_of(wanted, &asked, steps)
    }

    /// All of these with, as far as they can hold beside them, that fields are at their defaults; the
    /// solver has a model of it. None if there is none, or if it was not found within the steps.
    pub(super) fn plainest(&mut self, wanted: &[Literal], steps: u64) -> Option<Vec<Literal>> {
        if self.space.solver.ask(wanted, steps) != Answer::Yes {
            return None;
        }
        let happened: Vec<Literal> = self.happened.values().map(|literal| !*literal).collect();
        let fields = (0..self.space.fields.len()).filter_map(|slot| self.plain(slot));
        let plain: Vec<Literal> = happened
            .into_iter()
            .chain(fields.collect::<Vec<_>>())
            .collect();
        let mut asked = wanted.to_vec();
        let mut away = 0;
        for plain in &plain {
            asked.push(*plain);
            if self.space.solver.ask(&asked, steps) != Answer::Yes {
                asked.pop();
                away += 1;
            }
        }
        if (2..=MOST_FIELDS).contains(&away) {
            let fields: Vec<Literal> = plain.iter().map(|plain| !*plain).collect();
            let sums = at_least(&mut self.space.solver, &fields, away);
            while away > 0 {
                let Some(sum) = sums.get(away) else { break };
                let fewer: Vec<Literal> = wanted.iter().copied().chain([!*sum]).collect();
                if self.space.solver.ask(&fewer, steps) != Answer::Yes {
                    break;
                }
                asked = fewer;
                away -= 1;
            }
        }
        for simple in self.simple() {
            asked.push(simple);
            if self.space.solver.ask(&asked, steps) != Answer::Yes {
                asked.pop();
            }
        }
        // The last question may have been one that was answered by no.
        (self.space.solver.ask(&asked, steps) == Answer::Yes).then_some(asked)
    }

    /// The case of a model of `asked`, which shows that all those wanted hold.
    pub(super) fn witness_of(
        &mut self,
        wanted: &[Literal],
        asked: &[Literal],
        steps: u64,
    ) -> Option<Witness> {
        if self.space.solver.ask(asked, steps) != Answer::Yes {
            return None;
        }
        let together = self
            .space
            .pairs
            .shown(&self.space.solver, &self.space.scalars);
        let mut found = self.in_hours();
        found.retain(|place, _| !together.contains_key(place));
        found.extend(self.spelled());
        let of_case = |fields: &[Variable]| -> Vec<Option<Value>> {
            let fields = fields.iter().enumerate();
            let values = fields.map(|(slot, variable)| match variable {
                Variable::Scalar(place) if found.contains_key(place) => found.get(place).cloned(),
                Variable::Scalar(place) if together.contains_key(place) => {
                    together.get(place).cloned()
                }
                _ => self.shown_as(slot, *variable),
            });
            values.collect()
        };
        let slots = of_case(&self.space.fields);
        let second = self.second.as_ref();
        let second = second.map_or(Vec::new(), |fields| of_case(fields));
        let beside = (0u32..).zip(second).zip(&slots);
        let beside = beside.filter(|((_, second), first)| second != *first);
        let beside = beside.map(|(second, _)| second).collect();
        let now = self.space.scalars.get(self.space.now);
        let alone = now.and_then(|now| now.place(&self.space.solver));
        let now = together.get(&self.space.now).cloned();
        let now = now.or(alone.and_then(|(from, _)| from));
        let solver = &self.space.solver;
        let happened = self.happened.iter();
        let happened = happened.filter(|(_, happened)| solver.holds(**happened));
        let events = happened.map(|(event, _)| *event).collect();
        let parts = self.opaque_parts(&together);
        let stands: Vec<Assumed> = parts.iter().flat_map(|part| part.nodes.clone()).collect();
        let (matters, assumes, rests_on) = self.grounds(wanted, parts, steps);
        Some(Witness {
            slots,
            now: match now {
                Some(Value::Instant(at)) if at != Instant::MIN => Some(at),
                _ => None,
            },
            events,
            matters,
            stands: match assumes.is_empty() {
                true => Vec::new(),
                false => stands,
            },
            assumes,
            rests_on,
            others: Vec::new(),
            beside,
        })
    }

    /// Of each field that every case has: that its value says little.
    fn simple(&mut self) -> Vec<Literal> {
        let space = &mut self.space;
        let fields = space.schema.fields.iter().zip(&space.fields);
        let required = fields.filter(|(field, _)| field.presence == Presence::Required);
        let simple = required.filter_map(|(_, variable)| match variable {
            Variable::Scalar(place) => {
                let scalar = space.scalars.get(*place)?;
                let plain = scalar.range().plain();
                Some(scalar.is_among_known(&mut space.solver, &plain))
            }
            Variable::Set(_) => None,
        });
        simple.collect()
    }

    /// That a field has its default, or is missing.
    fn plain(&mut self, slot: usize) -> Option<Literal> {
        let field = self.space.schema.fields.get(slot)?;
        let variable = self.space.fields.get(slot).copied()?;
        let space = &mut self.space;
        match (&field.presence, variable) {
            (Presence::Optional, Variable::Scalar(place)) => {
                Some(!space.scalars.get(place)?.present)
            }
            (Presence::Optional, Variable::Set(place)) => Some(!space.sets.get(place)?.present),
            (Presence::Default(value), Variable::Scalar(place)) => {
                let scalar = space.scalars.get_mut(place)?;
                Some(scalar.is_among_known(&mut space.solver, value))
            }
            (Presence::Default(Value::Set(items)), Variable::Set(place)) => {
                let set = space.sets.get(place)?;
                let exact = set.is_exactly(items);
                Some(space.solver.all(exact))
            }
            (Presence::Default(_), Variable::Set(_)) | (Presence::Required, _) => None,
        }
    }

    /// The value of a field in the model.
    pub(super) fn shown(&self, slot: usize) -> Option<Value> {
        self.shown_as(slot, *self.space.fields.get(slot)?)
    }

    fn shown_as(&self, slot: usize, variable: Variable) -> Option<Value> {
        let field = self.space.schema.fields.get(slot)?;
        match variable {
            Variable::Scalar(place) => {
                let space = &self.space;
                let scalar = space.scalars.get(place)?;
                let (from, below) = scalar.place(&space.solver)?;
                let local = space.local.shown(&space.solver, &space.scalars, place);
                if local.is_some() {
                    return local;
                }
                let wished = match &field.presence {
                    Presence::Default(value) => value.clone(),
                    Presence::Required | Presence::Optional => scalar.range().plain(),
                };
                let range = scalar.range();
                Some(range.nearest(wished, from.as_ref(), below.as_ref()))
            }
            Variable::Set(place) => self.space.sets.get(place)?.shown(&self.space.solver),
        }
    }

    /// Of a model in which all of these hold: the fields that matter for it, and the opaque parts.
    fn grounds(
        &mut self,
        wanted: &[Literal],
        parts: Vec<Part>,
        steps: u64,
    ) -> (Vec<u32>, Vec<Assumed>, Vec<Literal>) {
        let solver = &self.space.solver;
        let happened = self.happened.values();
        let mut others: Vec<Literal> = happened.map(|one| settled(solver, *one)).collect();
        if let Some(now) = self.space.scalars.get(self.space.now) {
            others.extend(now.known(solver));
        }
        for variable in self.second.iter().flatten() {
            if !self.space.fields.contains(variable) {
                others.extend(self.space.settled(*variable));
            }
        }
        let mut fields: Vec<(u32, Vec<Literal>)> = Vec::new();
        for (slot, variable) in (0u32..).zip(&self.space.fields) {
            fields.push((slot, self.space.settled(*variable)));
        }
        // How fields lie to each other follows from their values; how they lie to an opaque part does not.
        let mut compared: Vec<(Vec<usize>, [Literal; 2])> = Vec::new();
        for ((a, b), literals) in self.space.pairs.all_known(solver) {
            let of = parts.iter().enumerate();
            let of = of.filter(|(_, part)| part.place == Some(a) || part.place == Some(b));
            let of: Vec<usize> = of.map(|(at, _)| at).collect();
            match of.is_empty() {
                true => others.extend(literals),
                false => compared.push((of, literals)),
            }
        }
        let solver = &mut self.space.solver;
        let otherwise = solver.any(wanted.iter().map(|one| !*one));
        // Each as one proposition: it matters, or it does not.
        let fields = fields.into_iter();
        let mut fields: Vec<(u32, Literal)> = fields
            .map(|(slot, known)| (slot, solver.all(known)))
            .collect();
        let parts = parts.into_iter();
        let mut parts: Vec<(Part, Literal)> = parts
            .map(|part| {
                let known = solver.all(part.known.iter().copied());
                (part, known)
            })
            .collect();
        let of_fields: Vec<Literal> = fields.iter().map(|(_, known)| *known).collect();
        let compared: Vec<(Vec<usize>, Literal)> = compared
            .into_iter()
            .map(|(of, known)| (of, solver.all(known)))
            .collect();
        let own = parts.iter().map(|(_, known)| *known);
        let of_parts: Vec<Literal> = own
            .chain(compared.iter().map(|(_, known)| *known))
            .collect();
        let mut core = |always: &[&[Literal]], of: &[Literal]| {
            let always: Vec<Literal> = always.iter().copied().flatten().copied().collect();
            // Where it was not settled which of them matter, all may.
            let core = solver.smallest_core(&always, of, steps);
            core.unwrap_or_else(|| of.to_vec())
        };
        let core_of_parts = match of_parts.is_empty() {
            true => Vec::new(),
            false => core(&[&[otherwise], &others, &of_fields], &of_parts),
        };
        let core_of_fields = core(&[&[otherwise], &others, &core_of_parts], &of_fields);
        fields.retain(|(_, known)| core_of_fields.contains(known));
        let counts: Vec<usize> = compared
            .into_iter()
            .filter(|(_, known)| core_of_parts.contains(known))
            .flat_map(|(of, _)| of)
            .collect();
        let mut at = 0..;
        parts.retain(|(_, known)| {
            let counted = at.next().is_some_and(|at| counts.contains(&at));
            counted || core_of_parts.contains(known)
        });
        let matters = fields.into_iter().map(|(slot, _)| slot).collect();
        (
            matters,
            parts
                .into_iter()
                .filter_map(|(part, _)| part.nodes.into_iter().next())
                .collect(),
            core_of_parts,
        )
    }
}
