//! The rows that random tables lack, held against every case there is.

use crate::analysis_truth::batch;
use crate::missing_rows::{SETTINGS, of_code, report, rows};
use caseway::analysis::{Block, Claim, MissingRows};
use caseway::eval::{RuleResult, Site, TracedBlock};
use caseway::value::{Case, Value};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use std::collections::BTreeSet;

const SCHEMA: &str = "case {
  id: text  opened_at: instant
  a: bool
  o: bool optional
  k: one of { p, q, r }
  l: one of { low < mid < high }
  n: integer from 0 to 4 optional
  t: set of one of { x, y } default {}
}
";

/// All cases of the schema.
fn cases() -> Vec<Case> {
    let opened = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let mut all = Vec::new();
    for a in [false, true] {
        for o in [None, Some(Value::Bool(false)), Some(Value::Bool(true))] {
            for (k, l) in (0..3).flat_map(|k| (0..3).map(move |l| (k, l))) {
                for n in (0..6).map(|n| (n < 5).then_some(Value::Integer(n))) {
                    for t in 0..4u32 {
                        let items = (0..2).filter(|bit| t >> bit & 1 == 1).map(Value::Member);
                        all.push(Case {
                            slots: vec![
                                Some(Value::text("T")),
                                Some(Value::Instant(opened)),
                                Some(Value::Bool(a)),
                                o.clone(),
                                Some(Value::Member(k)),
                                Some(Value::Member(l)),
                                n.clone(),
                                Some(Value::set(items.collect())),
                            ]
                            .into(),
                        });
                    }
                }
            }
        }
    }
    all
}

/// Columns: what they ask, and some of their cells.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("a", &["true", "false"]),
    (
        "o",
        &["true", "false", "missing", "present", "false, missing"],
    ),
    ("k", &["p", "q", "p, r", "not q", "q, p"]),
    (
        "l",
        &[
            "mid",
            ">= mid",
            "< high",
            "low..mid",
            "not low",
            "low, high",
        ],
    ),
    (
        "n",
        &[
            "2",
            "1..3",
            ">= 2",
            "< 3",
            "missing",
            "present",
            "not 2",
            "0, missing",
            "> 3, < 1",
        ],
    ),
    ("t contains x", &["true", "false"]),
    ("n >= 3", &["true", "false", "true, false"]),
    ("count(t)", &["0", ">= 1", "not 1"]),
    ("t contains all of { x, y }", &["true", "false"]),
];

/// Of a case, the value in a column as far as its cells could tell; nothing where a cell cannot ask.
fn value(case: &Case, column: usize) -> Option<String> {
    let slot = |at: usize| format!("{:?}", case.slots[at]);
    let holds = |items: &[u32]| {
        let Some(Value::Set(set)) = &case.slots[7] else {
            panic!()
        };
        items.iter().all(|item| set.contains(&Value::Member(*item)))
    };
    Some(match column {
        0..=4 => slot(column + 2),
        5 => holds(&[0]).to_string(),
        6 => match &case.slots[6] {
            Some(Value::Integer(n)) => (*n >= 3).to_string(),
            _ => return None,
        },
        7 => format!("{}", u8::from(holds(&[0])) + u8::from(holds(&[1]))),
        _ => holds(&[0, 1]).to_string(),
    })
}

#[derive(Clone, Debug)]
struct Sample {
    columns: Vec<usize>,
    /// Of each row, its cells.
    rows: Vec<Vec<String>>,
    strategy: &'static str,
    before: Option<&'static str>,
}

impl Sample {
    /// The policy with more rows behind the table's own.
    fn text(&self, more: &[String]) -> String {
        let headers: Vec<&str> = self.columns.iter().map(|at| COLUMNS[*at].0).collect();
        let mut text = format!(
            "{SCHEMA}classify c as one of {{ u < v < w }} {{\n  {}\n",
            self.strategy
        );
        if let Some(condition) = self.before {
            text.push_str(&format!("  rule early when {condition} then u\n"));
        }
        text.push_str(&format!(
            "  table {{\n    | {} => c |\n",
            headers.join(" | ")
        ));
        for (at, row) in self.rows.iter().enumerate() {
            let outcome = ["u", "v", "w"][at % 3];
            text.push_str(&format!("    | {} => {outcome} |\n", row.join(" | ")));
        }
        for row in more {
            text.push_str(&format!("    {row}\n"));
        }
        text + "  }\n}\n"
    }
}

fn sample() -> impl Strategy<Value = Sample> {
    let columns = prop::sample::subsequence((0..COLUMNS.len()).collect::<Vec<_>>(), 1..=4);
    let before = prop_oneof![
        3 => Just(None),
        1 => prop::sample::select(vec!["a and n >= 2", "o", "k is p", "l is high and a", "n is missing"]).prop_map(Some),
    ];
    let strategy = prop::sample::select(vec!["unique", "first match", "highest"]);
    (columns.prop_shuffle(), strategy, before).prop_flat_map(|(columns, strategy, before)| {
        let cells: Vec<_> = columns
            .iter()
            .map(|at| {
                let cells: Vec<String> = COLUMNS[*at]
                    .1
                    .iter()
                    .map(|cell| (*cell).to_owned())
                    .collect();
                prop_oneof![1 => Just("-".to_owned()), 2 => prop::sample::select(cells)]
            })
            .collect();
        prop::collection::vec(cells, 0..6).prop_map(move |rows| Sample {
            columns: columns.clone(),
            rows,
            strategy,
            before,
        })
    })
}

fn read(text: &str) -> Policy {
    let policy = Policy::from_sources([("caseway.toml", SETTINGS), ("p.policy", text)]);
    policy.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Of each case, the rules that are true.
fn true_rules(policy: &Policy, all: &[Case]) -> Vec<Vec<bool>> {
    let now = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let count = policy.program().classifications[0].rules.len();
    let rules = all.iter().map(|case| {
        let trace = policy.trace(case, &[], now);
        let site = TracedBlock::Site(Site::Classification(0));
        let block = trace.blocks.iter().find(|block| block.block == site);
        let rules = &block.expect("the block").rules[..count];
        rules
            .iter()
            .map(|rule| rule.result == RuleResult::True)
            .collect()
    });
    rules.collect()
}

fn missing(policy: &Policy) -> Option<MissingRows> {
    let found = caseway::analysis::findings(policy);
    let mut gaps = found
        .facts
        .into_iter()
        .filter(|fact| fact.block == Block::Classification(0) && fact.claim == Claim::Gap);
    gaps.next().map(|fact| fact.rows.expect("rows"))
}

proptest! {
    #![proptest_config(batch(40))]

    #[test]
    fn pasted_rows_take_exactly_what_nothing_takes(sample in sample()) {
        let text = sample.text(&[]);
        let policy = read(&text);
        let all = cases();
        let before = true_rules(&policy, &all);
        let untaken: Vec<bool> = before.iter().map(|rules| !rules.contains(&true)).collect();
        let Some(missing) = missing(&policy) else {
            prop_assert!(!untaken.contains(&true), "{}", text);
            return Ok(());
        };
        prop_assert!(!missing.more);
        let told = report(&[("p.policy", &text)]);
        let rows = rows(&told);
        prop_assert_eq!(rows.len(), missing.rows.len());
        // As they are, they ask for their outcomes and for nothing else.
        let asked = report(&[("p.policy", &sample.text(&rows))]);
        prop_assert_eq!(asked["findings"].as_array().map(Vec::len), Some(rows.len()), "{}", asked);
        prop_assert_eq!(of_code(&asked, "missing-outcome").len(), rows.len());
        // With outcomes, they take every case that nothing took, and exact ones no other and each once.
        let outcomes = ["w", "u", "v"].iter().cycle();
        let decided: Vec<String> = rows.iter().zip(outcomes).map(|(row, one)| row.replace('?', one)).collect();
        let pasted = sample.text(&decided);
        let known = before.first().map_or(0, Vec::len);
        let after = true_rules(&read(&pasted), &all);
        for ((case, rules), untaken) in all.iter().zip(&after).zip(&untaken) {
            let new = &rules[known..];
            prop_assert_eq!(new.len(), rows.len());
            prop_assert!(!*untaken || new.contains(&true), "{:?}\n{}", case, pasted);
            let exact = new.iter().zip(&missing.rows).filter(|(on, row)| **on && !row.shared).count();
            prop_assert!(exact == 0 || *untaken && new.iter().filter(|on| **on).count() == 1, "{:?}\n{}", case, pasted);
        }
        // A shared row takes nothing that could be told from all that nothing takes.
        for (at, row) in missing.rows.iter().enumerate() {
            let of_row: Vec<usize> = (0..all.len()).filter(|case| after[*case][known + at]).collect();
            prop_assert!(of_row.iter().any(|case| untaken[*case]), "{}", pasted);
            let alike = |one: usize, other: usize| {
                sample.columns.iter().zip(&row.cells).all(|(column, cell)| {
                    let is_condition = *column == 6 && *cell == caseway::analysis::Cell::Any;
                    is_condition || value(&all[one], *column) == value(&all[other], *column)
                })
            };
            let open: Vec<usize> = of_row.iter().copied().filter(|case| untaken[*case]).collect();
            let taken = of_row.iter().filter(|case| !untaken[**case]);
            prop_assert_eq!(row.shared, taken.clone().count() > 0 || row.shared && of_row.iter().any(|case| after[*case][known..].iter().filter(|on| **on).count() > 1), "{}", pasted);
            if sample.before.is_none() {
                for case in taken {
                    prop_assert!(open.iter().any(|other| alike(*case, *other)), "{:?}\n{}", all[*case], pasted);
                }
            }
        }
        // What the next check says.
        let after = report(&[("p.policy", &pasted)]);
        prop_assert!(of_code(&after, "gap").is_empty(), "{}\n{}", after, pasted);
        let new_rows: BTreeSet<String> = (sample.rows.len() + 1..=sample.rows.len() + rows.len())
            .map(|at| format!("classify.c.row {at}"))
            .collect();
        for code in ["unreachable-rule", "never-matches", "always-matches"] {
            let found = of_code(&after, code);
            let found = found.iter().filter(|one| new_rows.contains(one["subject"].as_str().expect("a subject")));
            prop_assert_eq!(found.count(), 0, "{}: {}\n{}", code, after, pasted);
        }
        if sample.strategy == "unique" && missing.rows.iter().all(|row| !row.shared) {
            prop_assert_eq!(of_code(&after, "conflict").len(), of_code(&told, "conflict").len(), "{}", pasted);
        }
    }
}
