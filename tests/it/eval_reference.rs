//! Random conditions over random cases, held against a reference that knows nothing of programs.

use super::support::{decide, policy};
use proptest::prelude::*;

const FIELDS: &str = "a: bool optional b: bool optional c: bool default true
    x: integer optional y: integer optional kind: one of { low < mid < high } optional";

const BOOLS: [&str; 3] = ["a", "b", "c"];
const NUMBERS: [&str; 2] = ["x", "y"];
const KINDS: [&str; 3] = ["low", "mid", "high"];

#[derive(Clone, Debug)]
enum Condition {
    Flag(usize),
    Below(usize, i64),
    Between(usize, i64, i64),
    Kind(usize, bool),
    AtLeast(usize),
    Missing(usize, bool),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

#[derive(Clone, Debug)]
struct Sample {
    flags: [Option<bool>; 3],
    numbers: [Option<i64>; 2],
    kind: Option<usize>,
}

impl Condition {
    fn text(&self) -> String {
        let joined = |all: &[Condition], word: &str| {
            let parts: Vec<String> = all
                .iter()
                .map(|part| format!("({})", part.text()))
                .collect();
            parts.join(word)
        };
        match self {
            Condition::Flag(at) => BOOLS[*at].to_owned(),
            Condition::Below(at, limit) => format!("{} < {limit}", NUMBERS[*at]),
            Condition::Between(at, low, high) => {
                format!("{} between {low} and {high}", NUMBERS[*at])
            }
            Condition::Kind(at, negated) => {
                format!(
                    "kind is {}{}",
                    if *negated { "not " } else { "" },
                    KINDS[*at]
                )
            }
            Condition::AtLeast(at) => format!("kind >= {}", KINDS[*at]),
            Condition::Missing(at, negated) => {
                format!(
                    "{} is {}",
                    NUMBERS[*at],
                    if *negated { "present" } else { "missing" }
                )
            }
            Condition::Not(inner) => format!("not ({})", inner.text()),
            Condition::And(all) => joined(all, " and "),
            Condition::Or(all) => joined(all, " or "),
        }
    }

    /// None is unknown.
    fn truth(&self, case: &Sample) -> Option<bool> {
        match self {
            Condition::Flag(at) => case.flags[*at],
            Condition::Below(at, limit) => case.numbers[*at].map(|number| number < *limit),
            Condition::Between(at, low, high) => {
                case.numbers[*at].map(|number| (*low..=*high).contains(&number))
            }
            Condition::Kind(at, negated) => case.kind.map(|kind| (kind == *at) != *negated),
            Condition::AtLeast(at) => case.kind.map(|kind| kind >= *at),
            Condition::Missing(at, negated) => Some(case.numbers[*at].is_none() != *negated),
            Condition::Not(inner) => inner.truth(case).map(|truth| !truth),
            Condition::And(all) => {
                let truths: Vec<_> = all.iter().map(|part| part.truth(case)).collect();
                if truths.contains(&Some(false)) {
                    Some(false)
                } else if truths.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Condition::Or(all) => {
                let truths: Vec<_> = all.iter().map(|part| part.truth(case)).collect();
                if truths.contains(&Some(true)) {
                    Some(true)
                } else if truths.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
        }
    }
}

fn conditions() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        (0usize..3).prop_map(Condition::Flag),
        (0usize..2, -2i64..3).prop_map(|(at, limit)| Condition::Below(at, limit)),
        (0usize..2, -2i64..1, 1i64..3)
            .prop_map(|(at, low, high)| Condition::Between(at, low, high)),
        (0usize..3, any::<bool>()).prop_map(|(at, negated)| Condition::Kind(at, negated)),
        (1usize..3).prop_map(Condition::AtLeast),
        (0usize..2, any::<bool>()).prop_map(|(at, negated)| Condition::Missing(at, negated)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|part| Condition::Not(Box::new(part))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::And),
            prop::collection::vec(inner, 2..4).prop_map(Condition::Or),
        ]
    })
}

fn samples() -> impl Strategy<Value = Sample> {
    let flag = prop::option::of(any::<bool>());
    (
        flag.clone(),
        flag,
        any::<bool>(),
        prop::option::of(-3i64..4),
        prop::option::of(-3i64..4),
        prop::option::of(0usize..3),
    )
        .prop_map(|(a, b, c, x, y, kind)| Sample {
            flags: [a, b, Some(c)],
            numbers: [x, y],
            kind,
        })
}

fn json(case: &Sample) -> String {
    let shown = |value: Option<String>| value.unwrap_or_else(|| "null".to_owned());
    let flags = BOOLS
        .iter()
        .zip(case.flags)
        .map(|(name, flag)| (*name, flag.map(|f| f.to_string())));
    let numbers = NUMBERS
        .iter()
        .zip(case.numbers)
        .map(|(name, number)| (*name, number.map(|n| n.to_string())));
    let kind = [("kind", case.kind.map(|at| format!("\"{}\"", KINDS[at])))];
    let fields = flags.chain(numbers).chain(kind);
    fields
        .map(|(name, value)| format!("\"{name}\": {}", shown(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]
    #[test]
    fn conditions_agree_with_the_reference(
        conditions in prop::collection::vec(conditions(), 1..8),
        cases in prop::collection::vec(samples(), 1..12),
    ) {
        let mut rules = String::new();
        for (at, condition) in conditions.iter().enumerate() {
            let text = condition.text();
            rules += &format!("define d{at} = {text}
                classify c{at} as one of {{ t, f, u }} {{ first match
                  rule holds when d{at} then t rule fails when not ({text}) then f otherwise u }}\n");
        }
        let policy = policy(FIELDS, &rules);
        for case in &cases {
            let decision = decide(&policy, &json(case));
            for (at, condition) in conditions.iter().enumerate() {
                let expected = match condition.truth(case) { Some(true) => "t", Some(false) => "f", None => "u" };
                prop_assert_eq!(
                    decision["classification"][format!("c{at}")]["value"].as_str(),
                    Some(expected), "{} over {:?}", condition.text(), case
                );
            }
        }
    }
}
