//! Random policies over small schemas, all cases of which can be tried one by one.
//!
//! Where a field has no bounds, its values here are enough to lie on both sides of each constant that a
//! condition names, and two of them where two fields are compared.

use crate::large_policies::Dice;
use caseway::compile::Type;
use caseway::model::{Presence, Schema};
use caseway::time::Date;
use caseway::value::{Case, Decimal, Value};
use caseway::{Duration, Instant, Policy};
use std::collections::BTreeSet;

/// The schemas: fields, and a `define`.
pub const SCHEMAS: [&str; 4] = [
    "case {
  id: text  opened_at: instant
  a: bool
  k: one of { x < y < z }
  n: integer from 0 to 4 optional
  d: decimal(1) from 0.0 to 0.3 default 0.1
  t: set of one of { p, q } default {}
  inner: { b: bool } optional
}
define known = n >= 3
",
    "case {
  id: text  opened_at: instant
  k: one of { x, y, z } optional
  since: date optional
  due: date
  v: bool
}
define known = due > 2026-03-02
",
    "case {
  id: text  opened_at: instant
  s: text optional
  w: text
  i: integer from 0 to 3
  j: integer from 0 to 3 optional
  f: bool
}
define known = i >= j
",
    "case {
  id: text  opened_at: instant
  owner: { rank: one of { lo < mid < hi } optional  m: integer from 0 to 2 } optional
  t: set of one of { p, q } optional
  d: decimal(2) from 0.00 to 0.02 optional
  took: duration
}
define known = owner.m >= 1 or took > 1h
",
];

/// The schema whose rules may have dates.
const DATED: usize = 1;

const DAYS: [&str; 8] = [
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
    "2026-03-03",
    "2026-03-04",
    "2026-03-05",
    "2026-03-06",
];
/// The days that conditions name.
const NAMED: [&str; 2] = [DAYS[3], DAYS[4]];

/// Part of a condition that has to be true.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub text: String,
    /// The parts that it is made of, as they are written, all of which have to be true.
    pub conjuncts: Vec<String>,
}

/// A rule, a row or a tier.
#[derive(Clone, Debug)]
pub struct Rule {
    pub parts: Vec<Part>,
    /// Whether it is a row of a table.
    pub is_row: bool,
}

impl Rule {
    pub fn when(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.text.as_str()).collect();
        parts.join(" and ")
    }
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Sample {
    pub text: String,
    /// The rules of `one`, `two`, the route and the tiers.
    pub blocks: Vec<Vec<Rule>>,
    pub guarantees: usize,
}

fn pick<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    let count = i64::try_from(of.len()).expect("few");
    of[usize::try_from(dice.below(count)).expect("few")]
}

fn atom(dice: &mut Dice, schema: usize) -> String {
    let day = |dice: &mut Dice| pick(dice, &NAMED).to_owned();
    match schema {
        0 => match dice.below(13) {
            0 => pick(dice, &["a", "not a", "known", "inner.b", "n is present"]).to_owned(),
            1 => "inner.b is missing".to_owned(),
            2 => pick(
                dice,
                &[
                    "d > 0.15",
                    "t contains any of { p, q }",
                    "t contains all of { p, q }",
                ],
            )
            .to_owned(),
            3 => format!("count(t) >= {}", dice.below(4)),
            4 | 5 => format!("n >= {}", dice.below(6)),
            6 => format!("n is not {}", dice.below(6)),
            7 => {
                let (a, b) = (dice.below(6), dice.below(6));
                format!("n between {} and {}", a.min(b), a.max(b))
            }
            8 => format!("n < {}", dice.below(6)),
            9 => format!("d <= 0.{}", dice.below(5)),
            10 => format!("k is {}", pick(dice, &["x", "y", "z"])),
            11 => format!("k >= {}", pick(dice, &["x", "y", "z"])),
            _ => format!(
                "k not in {{ {} }}",
                pick(dice, &["x, y", "y, z", "x", "x, y, z"])
            ),
        },
        1 => match dice.below(12) {
            0 => pick(dice, &["v", "not v", "known"]).to_owned(),
            1 => pick(dice, &["k is missing", "since is present", "k is present"]).to_owned(),
            2 => format!("k is {}", pick(dice, &["x", "y", "z"])),
            3 => format!("k in {{ {} }}", pick(dice, &["x, y", "y, z", "x, z"])),
            4 => format!("k is not {}", pick(dice, &["x", "y"])),
            5 => format!("due {} {}", pick(dice, &[">=", "<", "is"]), day(dice)),
            6 => format!("since {} {}", pick(dice, &[">=", "<", "is"]), day(dice)),
            7 => format!("due between {} and {}", NAMED[0], NAMED[1]),
            8 | 9 => format!(
                "since {} due",
                pick(dice, &["<", "<=", "is", ">", "is not"])
            ),
            10 => format!("date of opened_at >= {}", day(dice)),
            _ => format!("date of opened_at is {}", day(dice)),
        },
        2 => match dice.below(11) {
            0 => pick(dice, &["f", "not f", "known", "j is missing"]).to_owned(),
            1 => format!("s is \"{}\"", pick(dice, &["ab", "b"])),
            2 => format!("s in {{ {} }}", pick(dice, &["\"ab\", \"b\"", "\"b\""])),
            3 => format!("s starts with \"{}\"", pick(dice, &["a", "ab"])),
            4 => format!("w starts with \"{}\"", pick(dice, &["a", "ab"])),
            5 => format!("w is not \"{}\"", pick(dice, &["ab", "b"])),
            6 => format!("w is \"{}\"", pick(dice, &["ab", "b"])),
            7 => format!("i {} j", pick(dice, &["<", "<=", "is", ">", "is not"])),
            8 => format!("j {} {}", pick(dice, &[">=", "<", "is"]), dice.below(4)),
            9 => format!("i {} {}", pick(dice, &[">=", "<", "is"]), dice.below(4)),
            _ => "s is present".to_owned(),
        },
        _ => match dice.below(11) {
            0 => pick(
                dice,
                &["known", "owner.m is missing", "owner.rank is present"],
            )
            .to_owned(),
            1 | 2 => format!("owner.rank >= {}", pick(dice, &["mid", "hi"])),
            3 => format!("owner.rank is {}", pick(dice, &["lo", "mid", "hi"])),
            4 => format!(
                "owner.m {} {}",
                pick(dice, &[">=", "is", "is not"]),
                dice.below(3)
            ),
            5 => format!("t contains {}", pick(dice, &["p", "q"])),
            6 => format!(
                "count(t) {} {}",
                pick(dice, &[">=", "is", "<"]),
                dice.below(3)
            ),
            7 => format!("d > 0.{}", pick(dice, &["005", "01", "00"])),
            8 => format!("d {} 0.0{}", pick(dice, &["<=", "is not"]), dice.below(3)),
            9 => format!(
                "took {} {}",
                pick(dice, &[">=", "<", "is"]),
                pick(dice, &["1h", "2h"])
            ),
            _ => "took between 1h and 2h".to_owned(),
        },
    }
}

fn part(dice: &mut Dice, schema: usize) -> Part {
    let kind = dice.below(6);
    let one = atom(dice, schema);
    if kind < 3 {
        return Part {
            text: one.clone(),
            conjuncts: vec![one],
        };
    }
    let other = atom(dice, schema);
    let word = pick(dice, &["and", "or"]);
    let pair = format!("({one} {word} {other})");
    let text = if kind == 5 {
        format!("not {pair}")
    } else {
        pair
    };
    let conjuncts = match (kind, word) {
        (3 | 4, "and") => vec![one, other],
        _ => vec![text.clone()],
    };
    Part { text, conjuncts }
}

fn rules(dice: &mut Dice, schema: usize, most: i64, reads: &[String]) -> Vec<Rule> {
    let count = 1 + dice.below(most);
    let rules = (0..count).map(|_| {
        let mut parts: Vec<Part> = (0..1 + dice.below(3)).map(|_| part(dice, schema)).collect();
        for read in reads {
            if dice.below(2) == 0 {
                parts.push(Part {
                    text: read.clone(),
                    conjuncts: vec![read.clone()],
                });
            }
        }
        Rule {
            parts,
            is_row: false,
        }
    });
    rules.collect()
}

fn dates(dice: &mut Dice, schema: usize) -> String {
    if schema != DATED {
        return String::new();
    }
    match dice.below(8) {
        0 => format!(" effective from {}", pick(dice, &NAMED)),
        1 => format!(" effective until {}", NAMED[0]),
        2 => format!(" effective from {} until {}", NAMED[0], NAMED[0]),
        _ => String::new(),
    }
}

/// The policy of a number.
pub fn drawn(seed: u64, schema: usize) -> Sample {
    let dice = &mut Dice::new(seed);
    let strategies = ["first match", "unique", "highest", "collect"];
    let mut text = SCHEMAS[schema].to_owned();
    text.push_str("role r1\nrole r2\nclock c {}\n");
    let mut blocks = Vec::new();
    let mut reads: Vec<String> = Vec::new();
    for name in ["one", "two"] {
        let strategy = pick(dice, &strategies);
        let mut own = rules(dice, schema, 5, &reads);
        text.push_str(&format!(
            "classify {name} as one of {{ l < m < h }}{} {{\n  {strategy}\n",
            if dice.below(3) == 0 {
                dates(dice, schema)
            } else {
                String::new()
            }
        ));
        match dice.below(4) {
            // As rows of a table, of which each asks for some of the columns.
            0 => {
                let mut columns: Vec<Part> =
                    own.iter().flat_map(|rule| rule.parts.clone()).collect();
                let mut seen = BTreeSet::new();
                columns.retain(|column| seen.insert(column.text.clone()));
                let header: Vec<&str> = columns.iter().map(|part| part.text.as_str()).collect();
                text.push_str(&format!(
                    "  table {{\n    | {} => {name} |\n",
                    header.join(" | ")
                ));
                for rule in &mut own {
                    let asked = rule.parts.clone();
                    rule.parts.clear();
                    rule.is_row = true;
                    let mut cells = Vec::new();
                    for column in &columns {
                        if !asked.contains(column) {
                            cells.push("-");
                        } else if dice.below(4) == 0 {
                            cells.push("false");
                            let text = format!("not ({})", column.text);
                            let conjuncts = vec![text.clone()];
                            rule.parts.push(Part { text, conjuncts });
                        } else {
                            cells.push("true");
                            rule.parts.push(column.clone());
                        }
                    }
                    let then = pick(dice, &["l", "m", "h"]);
                    text.push_str(&format!("    | {} => {then} |\n", cells.join(" | ")));
                }
                text.push_str("  }\n");
            }
            _ => {
                for (place, rule) in own.iter().enumerate() {
                    let (when, dates) = (rule.when(), dates(dice, schema));
                    let then = pick(dice, &["l", "m", "h"]);
                    text.push_str(&format!("  rule r{place}{dates} when {when} then {then}\n"));
                }
            }
        }
        if strategy != "collect" && dice.below(2) == 0 {
            text.push_str("  otherwise m\n");
        }
        text.push_str("}\n");
        reads.push(match strategy {
            "collect" => format!("{name} contains h"),
            _ => format!("{name} {} m", pick(dice, &["is not", "is", ">="])),
        });
        blocks.push(own);
    }
    let route = rules(dice, schema, 3, &reads);
    let strategy = pick(dice, &strategies[..2]);
    text.push_str(&format!("route {{\n  {strategy}\n"));
    for (place, rule) in route.iter().enumerate() {
        let (when, dates, to) = (rule.when(), dates(dice, schema), pick(dice, &["r1", "r2"]));
        text.push_str(&format!("  rule r{place}{dates} when {when} to {to}\n"));
    }
    if dice.below(2) == 0 {
        text.push_str("  otherwise to r1\n");
    }
    text.push_str("}\n");
    blocks.push(route);
    let tiers = rules(dice, schema, 3, &reads);
    text.push_str("sla {\n");
    for (place, rule) in tiers.iter().enumerate() {
        let (when, dates) = (rule.when(), dates(dice, schema));
        text.push_str(&format!(
            "  tier t{place} when {when}{dates} {{ c {}h }}\n",
            place + 1
        ));
    }
    if dice.below(2) == 0 {
        text.push_str("  otherwise tier rest { c none }\n");
    }
    text.push_str("}\n");
    blocks.push(tiers);
    let guarantees = usize::try_from(dice.below(3)).expect("few");
    for place in 0..guarantees {
        let speaks = part(dice, schema).text;
        let then = match dice.below(3) {
            0 => part(dice, schema).text,
            1 => reads[1].clone(),
            _ => format!("({} or {})", reads[0], part(dice, schema).text),
        };
        text.push_str(&format!(
            "guarantee g{place} {{ if {speaks} then {then} }}\n"
        ));
    }
    Sample {
        text,
        blocks,
        guarantees,
    }
}

/// All values of a type that matter.
fn values(
    schema: &Schema,
    dated: bool,
    name: &str,
    ty: &Type,
    field: &caseway::model::Field,
) -> Vec<Value> {
    let bounds = (&field.bounds.from, &field.bounds.to);
    match ty {
        Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Type::Enum(id) => {
            let count = schema.enumeration(*id).expect("an enum").members.len();
            (0..u32::try_from(count).expect("few"))
                .map(Value::Member)
                .collect()
        }
        Type::Integer => match bounds {
            (Some(Value::Integer(from)), Some(Value::Integer(to))) => {
                (*from..=*to).map(Value::Integer).collect()
            }
            other => panic!("{other:?}"),
        },
        Type::Decimal(scale) => match bounds {
            (Some(Value::Decimal(from)), Some(Value::Decimal(to))) => {
                let [from, to] =
                    [from, to].map(|end| end.rescale(*scale).expect("small").mantissa());
                let all = (from..=to).map(|digits| Value::Decimal(Decimal::new(digits, *scale)));
                all.collect()
            }
            other => panic!("{other:?}"),
        },
        Type::Text if name == "id" => vec![Value::text("T")],
        Type::Text => ["ab", "abc", "a", "b", "x"].map(Value::text).to_vec(),
        Type::Date => {
            // Below and above each value of the other field.
            let days = if name == "due" {
                &DAYS[1..7]
            } else {
                &DAYS[..]
            };
            let date = |day: &&str| Value::Date(Date::parse(day).expect("a date"));
            days.iter().map(date).collect()
        }
        Type::Instant => {
            let days = if dated { &DAYS[2..6] } else { &DAYS[3..4] };
            let at = |day: &&str| Instant::parse(&format!("{day}T10:00:00+08:00"));
            days.iter()
                .map(|day| Value::Instant(at(day).expect("an instant")))
                .collect()
        }
        Type::Duration => [30, 60, 90, 120, 180]
            .map(|minutes| Value::Duration(Duration::from_millis(minutes * 60_000)))
            .to_vec(),
        Type::Set(element) => {
            let elements = values(schema, dated, name, element, field);
            let choices = 0..1usize << elements.len();
            let choice = |bits: usize| {
                let held = elements
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| bits >> bit & 1 == 1);
                Value::set(held.map(|(_, element)| element.clone()).collect())
            };
            choices.map(choice).collect()
        }
        Type::Time | Type::Weekday | Type::Target => panic!("{name}"),
    }
}

/// All cases of a schema that conditions can tell apart.
pub fn cases(policy: &Policy) -> Vec<Case> {
    let schema = policy.schema();
    let dated = schema.fields.iter().any(|field| field.path == "due");
    let mut all: Vec<(Vec<bool>, Vec<Option<Value>>)> = vec![(Vec::new(), Vec::new())];
    for record in &schema.records {
        let mut next = Vec::new();
        for (there, slots) in all {
            let around = record.parent.is_none_or(|parent| there[parent.0 as usize]);
            for choice in [true, false] {
                if choice && around || !choice && (record.optional || !around) {
                    let mut there = there.clone();
                    there.push(choice);
                    next.push((there, slots.clone()));
                }
            }
        }
        all = next;
    }
    for field in &schema.fields {
        let known = values(schema, dated, &field.path, &field.ty, field);
        let mut next = Vec::new();
        for (there, slots) in all {
            let around = field
                .inside_optional
                .is_none_or(|record| there[record.0 as usize]);
            let mut values: Vec<Option<Value>> = Vec::new();
            if around {
                values.extend(known.iter().cloned().map(Some));
            }
            if !around || field.presence == Presence::Optional {
                values.push(None);
            }
            for value in values {
                let mut slots = slots.clone();
                slots.push(value);
                next.push((there.clone(), slots));
            }
        }
        all = next;
    }
    all.into_iter()
        .map(|(_, slots)| Case {
            slots: slots.into(),
        })
        .collect()
}

pub fn read(text: &str) -> Policy {
    let settings =
        "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
    let policy = Policy::from_sources([("caseway.toml", settings), ("p.policy", text)]);
    policy.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The instant at which all cases are decided.
pub fn now() -> Instant {
    Instant::parse("2026-03-10T10:00:00+08:00").expect("an instant")
}
