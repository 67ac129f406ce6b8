//! How many tests reach a part of what is drawn, in words.
//!
//! The figures come with the drawing, by subject; without them nothing is said.

use super::Drawing;
use crate::message::message;
use crate::model::Trigger;

/// How many tests reach something.
pub(super) fn words(drawing: &Drawing<'_>, tests: u64) -> String {
    drawing.say(match tests {
        0 => message!("no test reaches it"),
        1 => message!("1 test reaches it"),
        tests => message!("{tests} tests reach it", tests),
    })
}

/// What is said of something that no test reaches, where that is known.
pub(super) fn missed(drawing: &Drawing<'_>, tests: Option<u64>) -> Option<String> {
    tests
        .filter(|tests| *tests == 0)
        .map(|tests| words(drawing, tests))
}

/// How many tests reach each of the triggers of a clause, such as `stop` of `clock.resolve`.
pub(super) fn triggers<'a>(
    drawing: &Drawing<'_>,
    clause: &str,
    triggers: &'a [Trigger],
) -> Vec<(&'a Trigger, Option<u64>)> {
    let mut conditions = 0;
    let subject = |trigger: &'a Trigger| {
        let subject = match trigger {
            Trigger::On(event) => format!("{clause} on {}", drawing.reading().event(event.0)),
            Trigger::When(_) => {
                conditions += 1;
                numbered(&format!("{clause} when"), conditions)
            }
        };
        (trigger, drawing.fired(&subject))
    };
    triggers.iter().map(subject).collect()
}

/// A clause that stands several times: `pause when`, `pause when 2`.
pub(super) fn numbered(clause: &str, number: usize) -> String {
    match number {
        0 | 1 => clause.to_owned(),
        number => format!("{clause} {number}"),
    }
}
