//! Propositions made of others, and what they come to for a case.
//!
//! Below [`super::solver`]. A gate holds where all its parts hold. Gates are kept here, once for the same
//! parts, and cost nothing until a question needs them; what one comes to for known propositions is worked
//! out from its parts.

use super::solver::Literal;
use std::cell::RefCell;
use std::collections::HashMap;

/// All propositions: those of which nothing but facts are known, and gates over earlier ones.
pub(super) struct Gates {
    /// For each proposition its parts; none for one that is no gate.
    parts: Vec<Option<Box<[Literal]>>>,
    known: HashMap<Box<[Literal]>, Literal>,
}

impl Gates {
    /// With the proposition that always holds.
    pub(super) fn new() -> Gates {
        Gates {
            parts: vec![None],
            known: HashMap::new(),
        }
    }

    /// How many propositions there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// A proposition that is no gate.
    pub(super) fn free(&mut self) -> Literal {
        self.parts.push(None);
        Literal::of(self.parts.len() - 1)
    }

    /// The proposition that all of these hold.
    pub(super) fn all(&mut self, of: impl IntoIterator<Item = Literal>) -> Literal {
        let always = Literal::ALWAYS;
        let mut parts: Vec<Literal> = of.into_iter().filter(|part| *part != always).collect();
        parts.sort_unstable();
        parts.dedup();
        // A proposition and its opposite stand beside each other.
        let contradict = parts.windows(2).any(|pair| pair[0] == !pair[1]);
        if contradict || parts.contains(&!always) {
            return !always;
        }
        match parts.as_slice() {
            [] => return always,
            [one] => return *one,
            _ => {}
        }
        let parts = parts.into_boxed_slice();
        if let Some(known) = self.known.get(&parts) {
            return *known;
        }
        self.parts.push(Some(parts.clone()));
        let gate = Literal::of(self.parts.len() - 1);
        self.known.insert(parts, gate);
        gate
    }

    /// The parts of the gate of a literal, or of its opposite; none where it is no gate.
    pub(super) fn parts(&self, literal: Literal) -> Option<&[Literal]> {
        self.parts.get(literal.place()).and_then(Option::as_deref)
    }
}

/// What propositions come to in one model: those that are no gates as the model has them, gates by their
/// parts, when somebody asks.
#[derive(Default)]
pub(super) struct Model {
    /// For each proposition the number of the model that it was worked out for, and whether it holds.
    values: RefCell<Vec<(u32, bool)>>,
    number: u32,
}

impl Model {
    /// Begins with another model.
    pub(super) fn begin(&mut self, gates: &Gates) {
        self.number = self.number.wrapping_add(1);
        let values = self.values.get_mut();
        if self.number == 0 {
            values.clear();
            self.number = 1;
        }
        values.resize(gates.len(), (0, false));
    }

    /// Takes note of a proposition that is no gate.
    pub(super) fn set(&mut self, literal: Literal, holds: bool) {
        let number = self.number;
        if let Some(value) = self.values.get_mut().get_mut(literal.place()) {
            *value = (number, holds != literal.is_opposite());
        }
    }

    /// Whether a proposition holds. One that the model does not know does not hold.
    pub(super) fn holds(&self, gates: &Gates, literal: Literal) -> bool {
        let mut values = self.values.borrow_mut();
        if values.len() < gates.len() {
            values.resize(gates.len(), (0, false));
        }
        let known = |values: &[(u32, bool)], literal: Literal| match values.get(literal.place()) {
            Some((number, holds)) if *number == self.number => {
                Some(*holds != literal.is_opposite())
            }
            _ => None,
        };
        if let Some(holds) = known(&values, literal) {
            return holds;
        }
        // From the parts up, without going deep.
        let mut open = vec![literal];
        while let Some(next) = open.last().copied() {
            if known(&values, next).is_some() {
                open.pop();
                continue;
            }
            let parts = gates.parts(next).unwrap_or_default();
            let is_false = |part: &Literal| known(&values, *part) == Some(false);
            let holds = match parts.iter().any(is_false) {
                true => Some(false),
                false => {
                    let before = open.len();
                    let unknown = parts.iter().filter(|part| known(&values, **part).is_none());
                    open.extend(unknown);
                    (open.len() == before).then_some(!parts.is_empty())
                }
            };
            if let Some(holds) = holds {
                if let Some(value) = values.get_mut(next.place()) {
                    *value = (self.number, holds);
                }
                open.pop();
            }
        }
        known(&values, literal).unwrap_or(false)
    }
}
