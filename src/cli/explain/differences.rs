//! What would have to be different for a rule to be taken, on the page of an explanation.

use super::atoms::{hang, shown};
use crate::change::Outcome;
use crate::cli::card::table::at_place;
use crate::cli::language::told;
use crate::compile::Program;
use crate::driver::{Counterfactual, Difference, DifferentValue};

/// The answer in a sentence, then a line for each change.
pub(super) fn lines(asked: &Counterfactual) -> Vec<String> {
    let rule = &asked.rule;
    let program = asked.policy().program();
    let tries = asked.search.tries;
    match &asked.search.outcome {
        Outcome::Already => hang(0, "", &told!("`{rule}` fires as the case is", rule)),
        Outcome::Found(_) => {
            let title = told!("`{rule}` would fire if the case were changed so:", rule);
            let mut lines = hang(0, "", &title);
            for difference in asked.differences().unwrap_or_default() {
                lines.extend(hang(2, "", &in_words(program, &difference)));
            }
            lines
        }
        Outcome::NotWithin => {
            let mut lines = hang(
                0,
                "",
                &told!("no change was found that makes `{rule}` fire", rule),
            );
            let text = told!(
                "{tries} variants of the case were decided, the smallest first; a greater change may do it",
                tries
            );
            lines.extend(hang(2, "", &text));
            lines
        }
        Outcome::Cannot => {
            let mut lines = hang(
                0,
                "",
                &told!("no change of the case makes `{rule}` fire", rule),
            );
            let text = told!(
                "none of the values that the policy speaks of makes it so ({tries} variants of the case were decided)",
                tries
            );
            lines.extend(hang(2, "", &text));
            lines
        }
    }
}

/// `channel 渠道: phone 电话 → regulator 监管部门转办`
fn in_words(program: &Program, difference: &Difference) -> String {
    let field = difference
        .slot
        .and_then(|slot| program.fields.get(slot as usize));
    let label = field.and_then(|field| field.label.as_ref());
    let name = match label {
        Some(label) => format!("{} {label}", difference.path),
        None => difference.path.clone(),
    };
    let side = |side: &Option<DifferentValue>| match (side, field) {
        (Some(DifferentValue::Value(value)), Some(field)) => shown(program, value, &field.ty),
        (Some(DifferentValue::Event(event, at)), _) => {
            let event = at_place(&program.events, *event);
            told!("{event} at {at}", event, at = at.format(program.zone))
        }
        (Some(DifferentValue::Value(_)) | None, _) => told!("missing"),
    };
    match (&difference.from, &difference.to) {
        (None, Some(DifferentValue::Event(..))) => {
            told!(
                "{name}: {event} happens",
                name,
                event = side(&difference.to)
            )
        }
        (Some(DifferentValue::Event(..)), None) => {
            told!(
                "{name}: {event} does not happen",
                name,
                event = side(&difference.from)
            )
        }
        (from, to) => {
            told!(
                "{name}: {to} instead of {from}",
                name,
                to = side(to),
                from = side(from)
            )
        }
    }
}
