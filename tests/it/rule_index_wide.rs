//! Blocks of more rules than stand side by side in an index, over fields that are compared with many values: by one
//! block with few of them, by another with nearly all. What is decided is what asking every rule decides.

use crate::large_policies::Dice;
use crate::support::policy_with;
use caseway::eval::{Decision, Taken, decide};
use caseway::time::Instant;
use caseway::value::{Case, Value};
use caseway::{Decider, Policy};
use std::fmt::Write;

const FIELDS: &str = "n: integer optional  words: set of text optional  f: bool optional
  kind: one of { a, b, c, d } optional";

/// Rules of one block.
const MANY: i64 = 1_300;

/// Three blocks: one that asks for every number and word, one that asks for few of them in many rules, and one of few
/// rules.
fn policy() -> Policy {
    let mut dice = Dice::new(7);
    let mut text = String::new();
    block(&mut text, "each", MANY, |rule| match rule % 3 {
        0 => format!("n is {} and kind is b", 2 * rule),
        1 => format!("words contains \"w{rule}\""),
        _ => format!(
            "n > {} and not (words contains any of {{ \"w{}\", \"w{}\" }})",
            4 * MANY - rule,
            rule - 1,
            rule - 4
        ),
    });
    block(&mut text, "seldom", MANY, |rule| {
        let kind = ["a", "b", "c", "d"][dice.below(4) as usize];
        let (number, word) = (dice.below(2 * MANY), dice.below(MANY));
        match rule % 90 {
            11 => format!("n < {number} and kind is {kind}"),
            37 => format!("n between {number} and {} and f", number + 300),
            53 => format!("words contains any of {{ \"w{word}\", \"w1\", \"w4\" }}"),
            71 => format!("f and not (words contains \"w{word}\") and kind is {kind}"),
            _ => format!("f and kind is {kind} and n is {}", 2 * MANY + rule),
        }
    });
    block(&mut text, "few", 12, |rule| match rule % 3 {
        0 => format!("n >= {}", 2 * MANY - 100 * rule),
        1 => format!("words contains \"w{}\"", 97 * rule),
        _ => format!("not (words contains \"w{}\") and f", 97 * rule - 96),
    });
    policy_with(FIELDS, &text, &[])
}

fn block(text: &mut String, name: &str, rules: i64, mut when: impl FnMut(i64) -> String) {
    *text += &format!("classify {name} as one of {{ x, y, z }} {{ first match\n");
    for rule in 0..rules {
        let then = ["x", "y"][usize::from(rule % 2 == 1)];
        writeln!(text, "rule r{rule} when {} then {then}", when(rule)).expect("a text");
    }
    *text += "otherwise z\n}\n";
}

fn case(dice: &mut Dice, opened: Instant) -> Case {
    let number = match dice.below(4) {
        0 => None,
        1 => Some(dice.below(5 * MANY)),
        _ => Some(2 * dice.below(MANY)),
    };
    let words = (dice.below(5) > 0).then(|| {
        let count = dice.below(4);
        let words = (0..count).map(|_| Value::text(&format!("w{}", dice.below(MANY + 9))));
        Value::set(words.collect())
    });
    let flag = [None, Some(true), Some(false)][dice.below(3) as usize];
    let kind = [None, Some(0), Some(1), Some(2), Some(3)][dice.below(5) as usize];
    let slots = [
        Some(Value::text("C1")),
        Some(Value::Instant(opened)),
        number.map(Value::Integer),
        words,
        flag.map(Value::Bool),
        kind.map(Value::Member),
    ];
    Case {
        slots: slots.into_iter().collect(),
    }
}

/// Both ways to decide.
fn both(decider: &mut Decider, case: &Case, now: Instant) -> [Decision; 2] {
    let policy = decider.policy().clone();
    let plain = decide(policy.program(), case, &[], now, policy.scripts());
    let full = policy.decide(case, &[], now);
    let brief = decider.decide_in_brief(case, &[], now);
    for (one, other) in brief
        .places()
        .classifications
        .iter()
        .zip(&plain.classifications)
    {
        assert_eq!((&one.value, &one.taken), (&other.value, &other.taken));
    }
    [plain, full.places().clone()]
}

#[test]
fn many_rules_over_many_values_decide_as_every_rule_does() {
    let policy = policy();
    let mut decider = policy.decider();
    let mut dice = Dice::new(11);
    let opened = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let mut seen = [[false; 3]; 3];
    let mut waiting = 0;
    for _ in 0..600 {
        let case = case(&mut dice, opened);
        let [plain, indexed] = both(&mut decider, &case, opened);
        assert_eq!(plain, indexed, "{case:?}");
        waiting += usize::from(!plain.waiting_for.is_empty());
        for (block, seen) in plain.classifications.iter().zip(&mut seen) {
            // Of the first chunk, of the second, and of none.
            let place = match block.taken {
                Taken::Rule(rule) if rule < 1_024 => 0,
                Taken::Rule(_) => 1,
                _ => 2,
            };
            seen[place] = true;
        }
    }
    assert_eq!(seen, [[true; 3], [true; 3], [true, false, true]]);
    assert!(waiting > 100, "{waiting}");
}
