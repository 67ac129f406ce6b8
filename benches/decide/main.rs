//! How long a decision takes, and how that grows with the number of rules: with the index of rules, beside
//! asking every rule in page order.
//!
//! `cargo bench --bench decide` prints the median times of rounds that took turns with their ratios.
//! Before anything is timed both ways have to decide the same.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and its arguments"
)]

#[allow(dead_code, reason = "the tests ask it more")]
#[path = "../../tests/it/large_policies.rs"]
mod large_policies;
#[path = "../support/ratios.rs"]
mod ratios;

use caseway::eval::{BriefDecider, Engine, decide};
use caseway::index::RuleIndex;
use caseway::model::Presence;
use caseway::value::{Case, CaseFile, Decimal, Value};
use caseway::{Instant, Policy, compile};
use large_policies::{Dice, Large};
use std::cell::RefCell;

const SIZES: [usize; 5] = [10, 50, 200, 1_000, 5_000];
const CASES: usize = 500;
const SETTINGS: &str =
    "[policy]\nname = \"large\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
const WORDS: [&str; 4] = [
    "outage since noon",
    "contract and refund",
    "hello",
    "urgent: 漏水",
];

/// A policy with cases and the instant of each decision.
struct Desk {
    name: String,
    policy: Policy,
    cases: Vec<(CaseFile, Instant)>,
}

fn main() {
    let mut desks: Vec<Desk> = SIZES.iter().map(|rules| large(*rules)).collect();
    desks.push(pack("telecom-service"));
    // With a word behind, decisions of the policies alone whose names have it.
    let asked = std::env::args()
        .skip(1)
        .find(|argument| argument != "--bench");
    desks.retain(|desk| asked.as_ref().is_none_or(|word| desk.name.contains(word)));
    for desk in &desks {
        check(desk);
    }
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| policy | what | time | asking every rule | ratio |");
    println!("|---|---|--:|--:|--:|");
    for desk in &desks {
        print(desk, "in brief", &|engine| brief(desk, engine));
        print(desk, "full", &|engine| full(desk, engine));
    }
    if asked.is_none() {
        print_growth();
    }
}

/// Both ways decide the same.
fn check(desk: &Desk) {
    for (file, now) in &desk.cases {
        let (case, events) = (&file.case, &file.events);
        let (program, host) = (desk.policy.program(), desk.policy.scripts());
        let plain = decide(program, case, events, *now, host);
        let indexed = desk.policy.decide(case, events, *now);
        assert_eq!(&plain, indexed.places(), "{}", desk.name);
    }
}

type Asked<'a> = Box<dyn Fn(usize) -> i64 + 'a>;

fn brief<'a>(desk: &'a Desk, engine: Engine<'a>) -> Asked<'a> {
    let decider = RefCell::new(BriefDecider::default());
    Box::new(move |number| {
        let (file, now) = &desk.cases[number % desk.cases.len()];
        let mut decider = decider.borrow_mut();
        let decided = decider.decide(engine, &file.case, &file.events, *now);
        i64::from(decided.tier.unwrap_or(0)) + i64::from(decided.classifications.is_empty())
    })
}

fn full<'a>(desk: &'a Desk, engine: Engine<'a>) -> Asked<'a> {
    Box::new(move |number| {
        let (file, now) = &desk.cases[number % desk.cases.len()];
        let decision = engine.decide(&file.case, &file.events, *now);
        i64::from(decision.tier.unwrap_or(0))
    })
}

fn print<'a>(desk: &'a Desk, what: &str, asked: &dyn Fn(Engine<'a>) -> Asked<'a>) {
    let plain = Engine::plain(desk.policy.program(), desk.policy.scripts());
    let indexed = Engine {
        index: desk.policy.rule_index(),
        ..plain
    };
    let (ours, theirs) = (asked(indexed), asked(plain));
    let (ours, theirs) = ratios::medians(&*ours, &*theirs);
    let (name, ratio) = (&desk.name, theirs / ours);
    let [ours, theirs] = [ours, theirs].map(ratios::shown);
    println!("| {name} | {what} | {ours} | {theirs} | {ratio:.1} |");
}

/// From the text of a policy to one that decides, and what the index takes of it.
fn print_growth() {
    println!("\n| rules | text to ready | each rule | of it the index |");
    println!("|--:|--:|--:|--:|");
    for rules in [50, 200, 1_000, 5_000, 20_000] {
        let text = Large::tangled(rules, 7).text();
        let policy = read(&text);
        let (ready, index) = ratios::medians(&|_| i64::from(read(&text).program().id), &|_| {
            i64::try_from(RuleIndex::new(policy.program()).variables().len()).unwrap_or(0)
        });
        let each = ready / rules as f64;
        let [ready, each, index] = [ready, each, index].map(ratios::shown);
        println!("| {rules} | {ready} | {each} | {index} |");
    }
}

fn read(text: &str) -> Policy {
    let files = [("caseway.toml", SETTINGS), ("rules.policy", text)];
    match Policy::from_sources(files) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}"),
    }
}

fn large(rules: usize) -> Desk {
    let policy = read(&Large::tangled(rules, 7).text());
    let mut dice = Dice::new(1);
    let now = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let cases = (0..CASES).map(|_| {
        let case = drawn(&policy, &mut dice, now);
        let events = Vec::new();
        let at = None;
        (CaseFile { case, events, at }, now)
    });
    Desk {
        name: format!("{rules} rules"),
        cases: cases.collect(),
        policy,
    }
}

/// A shipped policy with the cases of its tests.
fn pack(name: &str) -> Desk {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let policy = Policy::load(folder.join(name)).expect("a policy");
    let tests = policy.model().tests.iter();
    let cases = tests.filter_map(|test| {
        let file = policy.reader().read_test(&test.case, &test.events, test.at);
        let file = file.ok()?;
        let now = test.at.or_else(|| opened(&policy, &file.case))?;
        Some((file, now))
    });
    Desk {
        name: name.to_owned(),
        cases: cases.collect(),
        policy: policy.clone(),
    }
}

fn opened(policy: &Policy, case: &Case) -> Option<Instant> {
    match case.slots.get(policy.program().opened_at as usize) {
        Some(Some(Value::Instant(at))) => Some(*at),
        _ => None,
    }
}

fn drawn(policy: &Policy, dice: &mut Dice, opened: Instant) -> Case {
    let fields = policy.schema().fields.iter();
    let slots = fields.map(|field| {
        let missing = field.presence == Presence::Optional && dice.below(4) == 0;
        (!missing).then(|| value(policy, dice, &field.path, &field.ty, opened))
    });
    Case {
        slots: slots.collect(),
    }
}

fn value(
    policy: &Policy,
    dice: &mut Dice,
    path: &str,
    ty: &compile::Type,
    opened: Instant,
) -> Value {
    use compile::Type;
    let place = |dice: &mut Dice, count: usize| {
        let count = i64::try_from(count).expect("few");
        u32::try_from(dice.below(count)).expect("small")
    };
    match ty {
        Type::Bool => Value::Bool(dice.below(2) == 0),
        Type::Integer => Value::Integer(dice.below(if path == "users" { 10_000 } else { 365 })),
        Type::Decimal(scale) => Value::Decimal(Decimal::new(dice.below(100_000).into(), *scale)),
        Type::Text if path == "subject" => Value::text(WORDS[place(dice, 4) as usize]),
        Type::Text if path == "product" => Value::text(&format!("P{}", dice.below(300))),
        Type::Text => Value::text(&format!("R{}", dice.below(30))),
        Type::Instant => Value::Instant(opened),
        Type::Date => {
            let first = caseway::Date::new(2026, 1, 1).expect("a date");
            Value::Date(first.plus_days(dice.below(364)).expect("a date"))
        }
        Type::Enum(id) => {
            let members = policy.program().enums[id.0 as usize].len();
            Value::Member(place(dice, members))
        }
        Type::Set(of) => {
            let count = dice.below(4);
            let drawn = (0..count).map(|_| value(policy, dice, path, of, opened));
            Value::set(drawn.collect())
        }
        Type::Time | Type::Weekday | Type::Duration | Type::Target => {
            unreachable!("no field has this type")
        }
    }
}
