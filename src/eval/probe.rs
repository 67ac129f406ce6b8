//! A case as it stands, decided, of which any condition and any value can be asked: for searches that
//! look at many variants of a case.
//!
//! Classifications, route and tier are decided as by [`super::decide`]; clocks and dates of records
//! are not looked at.

use super::Engine;
use super::blocks::Blocks;
use super::decision::{Decided, Taken};
use super::evaluator::Evaluator;
use super::host::ScriptHost;
use super::numbers;
use super::state::State;
use super::truth::Truth;
use crate::compile::{ArithmeticOp, Effective, NodeId, Program};
use crate::time::Instant;
use crate::value::Value;

/// A case as it stands at an instant.
pub struct Probe<'a> {
    evaluator: Evaluator<'a>,
    blocks: Blocks<'a>,
}

impl<'a> Probe<'a> {
    /// Decides the blocks of a case that stands so.
    pub fn new(
        program: &'a Program,
        state: &'a State<'a>,
        now: Instant,
        host: &'a dyn ScriptHost,
    ) -> Probe<'a> {
        let evaluator = Evaluator::new(Engine::plain(program, host), state, now);
        let blocks = Blocks::decide(program, &evaluator);
        Probe { evaluator, blocks }
    }

    /// Whether a condition holds.
    pub fn truth(&self, condition: NodeId) -> Truth {
        self.evaluator.truth(condition)
    }

    /// The value of an expression; none when it is missing.
    pub fn value(&self, id: NodeId) -> Option<Value> {
        self.evaluator.value(id).map(std::borrow::Cow::into_owned)
    }

    /// Whether an item is in force.
    pub fn is_effective(&self, effective: Option<Effective>) -> bool {
        self.evaluator.is_effective(effective)
    }

    /// What was decided for the classification at a place.
    pub fn classification(&self, place: u32) -> Option<&Decided> {
        self.blocks.classifications.get(place as usize)
    }

    /// What the route took.
    pub fn route(&self) -> &Taken {
        &self.blocks.route
    }

    /// The place of the tier taken.
    pub fn tier(&self) -> Option<u32> {
        self.blocks.tier
    }
}

/// Sum, difference or product as conditions compute it; none when it does not fit.
pub fn compute(op: ArithmeticOp, left: &Value, right: &Value) -> Option<Value> {
    numbers::compute(op, left, right)
}
