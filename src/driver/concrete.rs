//! Values for the fields behind opaque parts of conditions, such as sums and texts that hold a word, tried
//! until a case shows by itself what its witness only assumes.
//!
//! Part of [`super::proofs`] and [`super::versions`].

use crate::analysis::Witness;
use crate::compile::{Node, NodeId, Program, Type};
use crate::model::{Presence, Schema};
use crate::time::{Duration, Instant};
use crate::value::{CaseFile, Decimal, Value};
use std::collections::BTreeSet;

/// Cases that are tried, at most.
const MOST_TRIES: usize = 600;
/// Fields that are varied, at most.
const MOST_FIELDS: usize = 3;
/// Hours from the opening of the case on that are tried for its instants.
const HOURS: i64 = 24 * 8;

/// The first variant of a case that shows what is wanted.
pub(super) fn variant(
    schema: &Schema,
    program: &Program,
    witness: &Witness,
    file: &CaseFile,
    shows: impl Fn(&CaseFile) -> bool,
) -> Option<CaseFile> {
    let mut slots = BTreeSet::new();
    let mut constants = Constants::default();
    for assumed in &witness.assumes {
        reads(program, assumed.part, &mut slots, &mut BTreeSet::new());
    }
    for node in program.all_nodes() {
        constants.add(program, node);
    }
    // What is compared with such a part counts too.
    let numbers = witness.matters.iter().copied().filter(|slot| {
        let field = schema.fields.get(*slot as usize);
        let ty = field.map(|field| &field.ty);
        matches!(
            ty,
            Some(Type::Integer | Type::Decimal(_) | Type::Duration | Type::Instant)
        )
    });
    let numbers: Vec<u32> = numbers.filter(|slot| !slots.contains(slot)).collect();
    let fields = slots.into_iter().chain(numbers).take(MOST_FIELDS);
    let choices = fields.map(|slot| (slot, values(schema, program, slot, file, &constants)));
    let choices: Vec<(u32, Vec<Value>)> = choices.collect();
    let mut counters = vec![0usize; choices.len()];
    for _ in 0..MOST_TRIES {
        let mut tried = file.clone();
        for ((slot, values), at) in choices.iter().zip(&counters) {
            if let (Some(place), Some(value)) =
                (tried.case.slots.get_mut(*slot as usize), values.get(*at))
            {
                *place = Some(value.clone());
            }
        }
        if shows(&tried) {
            return Some(tried);
        }
        // The next combination, like the digits of a number.
        let mut carried = true;
        for (counter, (_, values)) in counters.iter_mut().zip(&choices) {
            if !carried {
                break;
            }
            *counter += 1;
            carried = *counter >= values.len();
            if carried {
                *counter = 0;
            }
        }
        if carried {
            return None;
        }
    }
    None
}

/// The slots that an expression reads.
fn reads(program: &Program, id: NodeId, slots: &mut BTreeSet<u32>, seen: &mut BTreeSet<NodeId>) {
    if !seen.insert(id) {
        return;
    }
    match program.node(id) {
        Node::Field(slot) => {
            slots.insert(*slot);
        }
        Node::Define(place) => {
            if let Some(define) = program.defines.get(*place as usize) {
                reads(program, define.value, slots, seen);
            }
        }
        _ => {
            let mut operands = Vec::new();
            program.operands(id, |operand| operands.push(operand));
            for operand in operands {
                reads(program, operand, slots, seen);
            }
        }
    }
}

/// What the conditions of a policy compare with.
#[derive(Default)]
struct Constants {
    texts: BTreeSet<String>,
    numbers: BTreeSet<i64>,
}

impl Constants {
    fn add(&mut self, program: &Program, node: NodeId) {
        match program.node(node) {
            Node::Constant(Value::Text(text)) => {
                self.texts.insert(text.to_string());
            }
            Node::Constant(Value::Integer(number)) => {
                self.numbers.insert(*number);
            }
            Node::Constant(Value::Decimal(number)) => {
                let whole = number.rescale(0).map(Decimal::mantissa);
                self.numbers
                    .extend(whole.and_then(|whole| i64::try_from(whole).ok()));
            }
            Node::TextConstant { pattern, .. } => {
                self.texts.insert(pattern.to_string());
            }
            Node::TextMany { patterns, .. } => {
                self.texts.extend(patterns.iter().map(ToString::to_string));
                self.texts.insert(patterns.concat());
            }
            Node::InFolded { set, .. } => {
                self.texts.extend(set.iter().map(ToString::to_string));
            }
            _ => {}
        }
    }
}

/// Values to try for a field; the present one comes first.
fn values(
    schema: &Schema,
    program: &Program,
    slot: u32,
    file: &CaseFile,
    constants: &Constants,
) -> Vec<Value> {
    let Some(field) = schema.fields.get(slot as usize) else {
        return Vec::new();
    };
    let present = file.case.slots.get(slot as usize).cloned().flatten();
    if present.is_none() && field.presence == Presence::Optional {
        return Vec::new();
    }
    let mut values: Vec<Value> = present.into_iter().collect();
    let numbers = constants.numbers.iter().copied();
    let numbers = numbers.chain([0, 1, 10, 100, 1_000, 100_000]);
    match &field.ty {
        Type::Integer => {
            let near = numbers
                .flat_map(|number| [number.saturating_sub(1), number, number.saturating_add(1)]);
            values.extend(near.map(Value::Integer));
        }
        Type::Decimal(digits) => {
            let numbers =
                numbers.filter_map(|number| Decimal::from_integer(number).rescale(*digits));
            values.extend(numbers.map(Value::Decimal));
        }
        Type::Text => {
            values.extend(constants.texts.iter().map(|text| Value::text(text)));
        }
        Type::Instant => {
            let opened = file.case.slots.get(program.opened_at as usize);
            if let Some(Some(Value::Instant(opened))) = opened {
                let later = (1..HOURS).filter_map(|hours| {
                    opened.plus(Duration::from_millis(hours.checked_mul(3_600_000)?))
                });
                values.extend(later.map(Value::Instant));
            }
        }
        Type::Duration => {
            let hours = numbers.filter_map(|number| number.checked_mul(3_600_000));
            values.extend(hours.map(|millis| Value::Duration(Duration::from_millis(millis))));
        }
        Type::Bool
        | Type::Date
        | Type::Time
        | Type::Weekday
        | Type::Enum(_)
        | Type::Set(_)
        | Type::Target => {}
    }
    let (from, to) = (&field.bounds.from, &field.bounds.to);
    let inside = |value: &Value| {
        from.as_ref().is_none_or(|from| value >= from) && to.as_ref().is_none_or(|to| value <= to)
    };
    values.retain(inside);
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}

/// Whether any assumed part is one that the evaluator cannot be made to answer as assumed: a script, a
/// regular expression, the hours of a calendar.
pub(super) fn is_beyond(program: &Program, witness: &Witness) -> bool {
    let beyond = |id: NodeId| {
        let mut seen = BTreeSet::new();
        holds_any(program, id, &mut seen)
    };
    witness.assumes.iter().any(|assumed| beyond(assumed.part))
}

fn holds_any(program: &Program, id: NodeId, seen: &mut BTreeSet<NodeId>) -> bool {
    if !seen.insert(id) {
        return false;
    }
    match program.node(id) {
        Node::Call(..) | Node::Matches { .. } | Node::During { .. } => true,
        Node::Define(place) => program
            .defines
            .get(*place as usize)
            .is_some_and(|define| holds_any(program, define.value, seen)),
        _ => {
            let mut operands = Vec::new();
            program.operands(id, |operand| operands.push(operand));
            operands
                .into_iter()
                .any(|operand| holds_any(program, operand, seen))
        }
    }
}

/// The instant for which a case is decided.
pub(super) fn decided_at(program: &Program, file: &CaseFile) -> Instant {
    let opened = match file.case.slots.get(program.opened_at as usize) {
        Some(Some(Value::Instant(at))) => Some(*at),
        Some(_) | None => None,
    };
    // An instant given for the case as it was may lie before the opening of a variant.
    match (file.at, opened) {
        (Some(at), Some(opened)) => at.max(opened),
        (at, opened) => at.or(opened).unwrap_or(Instant::MIN),
    }
}
