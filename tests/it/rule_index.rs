//! What is decided with an index of rules is what asking every rule decides: random policies with blocks of
//! a few rules and of many, random cases, problems and what is waited for included.

use crate::large_policies::Dice;
use crate::support::policy_with;
use caseway::compile::Type;
use caseway::eval::{Decision, Shown, Taken, decide};
use caseway::model::Presence;
use caseway::time::{Date, Instant};
use caseway::value::{Case, Decimal, Event, EventKind, Value};
use caseway::{Decider, Duration, Policy, Weekday};

const FIELDS: &str = "n: integer optional  big: integer  d: decimal(2) optional
  k: one of { a < b < c < e } optional  u: one of { p, q, r }
  f: bool optional  g: bool default false  s: text optional  w: text
  day: date optional  since: instant optional  took: duration optional  shift_day: weekday optional
  tags: set of one of { x, y, z, v } optional  words: set of text
  inner: { m: integer optional  j: one of { l, o } } optional";

const REST: &str = "events { ping, pong }
role desk role engineer role boss
queue fast queue slow
calendar odd { open mon to fri 09:00-17:00 holidays short }
script \"checks.rhai\" { fn risky(n: integer, s: text) -> bool }
clock respond {}
define often = n >= 3 and tags contains x
define heavy = n * big > 10
define early = since during odd or k is b
";

const SETTINGS: &str = "[policy]
name = \"index\"
version = \"1\"
language = 1
zone = \"Asia/Shanghai\"
[holidays.short]
file = \"short.csv\"
covers = [2026-01-01, 2026-12-31]
";

const SCRIPT: &str = "fn risky(n, s) { if n > 3 { throw \"too risky\" } s.contains(\"a\") }";

/// Conditions of one value, and others; `@` stands for a small number, `%` for a word.
const ATOMS: [&str; 58] = [
    "n is @",
    "n is not @",
    "n < @",
    "n >= @",
    "@ < n",
    "n between @ and @",
    "n in { @, @ }",
    "n not in { @, @ }",
    "n is missing",
    "n is present",
    "big is @",
    "big > @",
    "d <= 0.@",
    "d is 1.@",
    "d > @",
    "k is b",
    "k >= c",
    "k < b",
    "k in { a, e }",
    "k is missing",
    "u is p",
    "u is not q",
    "u in { q, r }",
    "f",
    "f is missing",
    "g",
    "s is \"%\"",
    "s is not \"%\"",
    "s in { \"%\", \"%\" }",
    "s is \"%\" ignoring case",
    "s in { \"%\", \"%\" } ignoring case",
    "w is \"%\"",
    "w contains \"%\"",
    "s contains \"%\" ignoring case",
    "s starts with \"%\" ignoring case",
    "s matches r\"^[a-c]\"",
    "length(s) > @",
    "day is 2026-03-0@",
    "day < 2026-03-0@",
    "since >= 2026-03-0@T00:00:00+08:00",
    "weekday of since is tue",
    "date of since <= 2026-03-0@",
    "time of since < 12:0@",
    "took > @h",
    "shift_day in { mon, wed }",
    "tags contains x",
    "tags contains any of { y, z }",
    "tags contains all of { x, z }",
    "tags is missing",
    "words contains \"%\"",
    "words contains any of { \"%\", \"%\" }",
    "count(tags) >= @",
    "inner.m is @",
    "inner.j is o",
    "inner.j is missing",
    "n is big",
    "often",
    "not often",
];

/// Conditions that may report a problem.
const REPORTING: [&str; 5] = [
    "n * big * big > @",
    "risky(n, s)",
    "since during odd",
    "heavy",
    "early",
];

const WORDS: [&str; 6] = ["ab", "Ab", "abc", "b", "ca", "断网"];

struct Writer(Dice);

impl Writer {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.below(i64::try_from(end).expect("small"))).expect("small")
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// A part of a condition; one in so many reports problems.
    fn atom(&mut self, before: &[&str], reporting: usize) -> String {
        let text = match self.below(10) {
            0 | 1 if !before.is_empty() => self.one_of(before),
            2 if self.below(reporting) == 0 => self.one_of(&REPORTING),
            _ => self.one_of(&ATOMS),
        };
        let mut written = String::new();
        for sign in text.chars() {
            match sign {
                '@' => written.push(char::from(
                    b'1' + u8::try_from(self.below(7)).expect("small"),
                )),
                '%' => written.push_str(self.one_of(&WORDS)),
                sign => written.push(sign),
            }
        }
        written
    }

    fn condition(&mut self, before: &[&str], deep: usize, reporting: usize) -> String {
        let count = 1 + self.below(3);
        let word = self.one_of(&[" and ", " and ", " or "]);
        let parts: Vec<String> = (0..count)
            .map(|_| match self.below(6) {
                0 if deep > 0 => format!("({})", self.condition(before, deep - 1, reporting)),
                1 if deep > 0 => format!("not ({})", self.condition(before, deep - 1, reporting)),
                _ => self.atom(before, reporting),
            })
            .collect();
        parts.join(word)
    }

    fn effective(&mut self) -> &'static str {
        match self.below(16) {
            0 => " effective from 2026-03-03",
            1 => " effective until 2026-03-04",
            2 => " effective from 2026-03-02 until 2026-03-05 by now",
            _ => "",
        }
    }

    /// The policy: blocks with about so many rules.
    fn policy(&mut self, rules: usize, reporting: usize) -> String {
        let mut text = REST.to_owned();
        let mut before: Vec<&str> = Vec::new();
        for (name, values) in [
            ("one", "l < m < h"),
            ("two", "l < m < h"),
            ("all", "l, m, h"),
        ] {
            let strategy = match name {
                "all" => "collect",
                _ => self.one_of(&["first match", "unique", "highest", "first match"]),
            };
            text += &format!("classify {name} as one of {{ {values} }} {{ {strategy}\n");
            for at in 0..1 + self.below(rules) {
                let effective = self.effective();
                let when = self.condition(&before, 2, reporting);
                let then = self.one_of(&["l", "m", "h"]);
                text += &format!("rule r{at}{effective} when {when} then {then}\n");
            }
            let otherwise = strategy != "collect" && self.below(2) == 0;
            text += if otherwise { "otherwise l\n}\n" } else { "}\n" };
            before.extend(match name {
                "one" => &["one is m", "one >= m", "one is missing"][..],
                "two" => &["two is h", "two < h", "two is one"],
                _ => &[
                    "all contains m",
                    "not (all contains any of { l, h })",
                    "count(all) > 1",
                ],
            });
        }
        text += &format!("route {{ {}\n", self.one_of(&["first match", "unique"]));
        for at in 0..1 + self.below(rules) {
            let effective = self.effective();
            let when = self.condition(&before, 1, reporting);
            let to = self.one_of(&[
                "desk",
                "engineer in queue fast with boss",
                "boss in queue slow",
            ]);
            text += &format!("rule r{at}{effective} when {when} to {to}\n");
        }
        text += "otherwise to desk\n}\n";
        before.extend(["route.role is boss", "route.role in { desk, engineer }"]);
        text += "sla {\n";
        for at in 0..1 + self.below(rules) {
            let when = self.condition(&before, 1, reporting);
            text += &format!("tier t{at} when {when} {{ respond 1h }}\n");
        }
        text += "otherwise tier rest { respond none }\n}\n";
        text
    }

    fn value(&mut self, policy: &Policy, ty: &Type) -> Value {
        let small = |own: &mut Writer| own.0.below(8);
        let april = Date::new(2026, 3, 1).expect("a date");
        match ty {
            Type::Bool => Value::Bool(self.below(2) == 0),
            Type::Integer if self.below(12) == 0 => Value::Integer(i64::MAX - self.0.below(3)),
            Type::Integer => Value::Integer(small(self)),
            Type::Decimal(scale) => {
                Value::Decimal(Decimal::new(i128::from(self.0.below(300)), *scale))
            }
            Type::Text => Value::text(self.one_of(&WORDS)),
            Type::Date => Value::Date(april.plus_days(small(self)).expect("a date")),
            Type::Instant => {
                let start = Instant::parse("2026-02-28T20:00:00+08:00").expect("an instant");
                let hours = match self.below(8) {
                    0 => 24 * 400,
                    _ => self.0.below(24 * 9),
                };
                let by = Duration::from_millis(hours * 3_600_000);
                Value::Instant(start.plus(by).expect("an instant"))
            }
            Type::Duration => Value::Duration(Duration::from_millis(small(self) * 3_600_000)),
            Type::Weekday => Value::Weekday(Weekday::ALL[self.below(7)]),
            Type::Enum(id) => {
                let members = policy.program().enums[id.0 as usize].len();
                Value::Member(u32::try_from(self.below(members)).expect("few"))
            }
            Type::Set(of) => {
                let count = self.below(4);
                Value::set((0..count).map(|_| self.value(policy, of)).collect())
            }
            Type::Time | Type::Target => unreachable!("no field has this type"),
        }
    }

    /// Another value, or none, for one of the fields from `n` to `tags`.
    fn change(&mut self, policy: &Policy) -> (u32, Option<Value>) {
        let slot = 2 + self.below(13);
        let field = &policy.schema().fields[slot];
        let goes = field.presence == Presence::Optional && self.below(4) == 0;
        let value = (!goes).then(|| self.value(policy, &field.ty));
        (u32::try_from(slot).expect("few"), value)
    }

    fn case(&mut self, policy: &Policy) -> Case {
        let inside = self.below(3) == 0;
        let schema = policy.schema();
        let slots = schema.fields.iter().map(|field| {
            let absent = field.inside_optional.is_some() && inside;
            let missing = field.presence == Presence::Optional && self.below(4) == 0;
            (!absent && !missing).then(|| self.value(policy, &field.ty))
        });
        Case {
            slots: slots.collect(),
        }
    }
}

/// Both ways to decide, after a look whether the short decision is part of the full one.
fn both(decider: &mut Decider, case: &Case, events: &[Event], now: Instant) -> [Decision; 2] {
    let policy = decider.policy().clone();
    let plain = decide(policy.program(), case, events, now, policy.scripts());
    let full = policy.decide(case, events, now);
    let brief = decider.decide_in_brief(case, events, now);
    let part = json(&brief);
    let mut printed = Vec::new();
    brief.append_json(&mut printed);
    assert_eq!(printed, serde_json::to_vec(&brief).expect("JSON"));
    // Nothing else is decided of a case at which the rules have looked before.
    let mut known = case.clone();
    policy.rule_index().know(&mut known.slots);
    assert_eq!(json(&decider.decide_in_brief(&known, events, now)), part);
    assert_eq!(policy.decide(&known, events, now).places(), full.places());
    let mut whole = json(&full);
    for (key, kept) in [("route", vec!["role", "rule"]), ("sla", vec!["tier"])] {
        let block = whole[key].as_object_mut().expect("a block");
        block.retain(|name, _| kept.contains(&name.as_str()));
    }
    let whole = whole.as_object_mut().expect("an object");
    whole.retain(|name, _| part.get(name).is_some());
    for (_, block) in whole["classification"].as_object_mut().expect("blocks") {
        block.as_object_mut().expect("a block").remove("because");
    }
    assert_eq!(part.as_object(), Some(&*whole));
    [plain, full.places().clone()]
}

fn json(of: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(of).expect("JSON")
}

/// A case as a line of JSON.
fn line(policy: &Policy, case: &Case) -> String {
    let program = policy.program();
    let mut line = serde_json::Map::new();
    for (field, value) in program.fields.iter().zip(case.slots.iter()) {
        let Some(value) = value else { continue };
        let shown = json(&Shown {
            program,
            ty: &field.ty,
            value,
        });
        let mut object = &mut line;
        let mut path: Vec<&str> = field.path.split('.').collect();
        let name = path.pop().expect("a name");
        for record in path {
            let inner = object
                .entry(record)
                .or_insert_with(|| json(&serde_json::Map::new()));
            object = inner.as_object_mut().expect("a record");
        }
        object.insert(name.to_owned(), shown);
    }
    serde_json::Value::from(line).to_string()
}

/// What is told of values while a case is read is what they are, whichever way it is read.
#[test]
fn a_case_that_was_read_is_decided_like_one_that_was_made() {
    for (seed, rules) in [(1, 12), (2, 30), (3, 80), (4, 400)] {
        let (policy, another) = (sample(seed, rules, 30), sample(seed + 9, rules, 30));
        let mut writer = Writer(Dice::new(seed));
        let mut decider = policy.decider();
        for _ in 0..60 {
            let case = writer.case(&policy);
            let now = Instant::parse("2026-03-05T09:00:00+08:00").expect("an instant");
            let program = policy.program();
            let line = line(&policy, &case);
            // What is missing may have a default.
            let read = policy.reader().read_plainly(line.as_bytes()).expect(&line);
            let made = Case {
                slots: read.case.slots.to_vec().into(),
            };
            let plain = decide(program, &made, &[], now, policy.scripts());
            let part = json(&decider.decide_in_brief(&made, &[], now));
            // What one policy knows of a case is nothing to another with the same fields.
            let of_another = decide(another.program(), &made, &[], now, another.scripts());
            assert_eq!(*another.decide(&read.case, &[], now).places(), of_another);
            let escaped = line.replace('b', "\\u0062").replace('x', "\\u0078");
            for line in [line, escaped] {
                let directly = policy.reader().read_directly(line.as_bytes());
                for file in directly.iter().chain([&read]) {
                    assert_eq!(
                        *policy.decide(&file.case, &[], now).places(),
                        plain,
                        "{line}"
                    );
                }
                let read = decider.decide_json_in_brief(line.as_bytes(), now);
                assert_eq!(json(&read.expect("a case")), part, "{line}");
            }
        }
    }
}

fn sample(seed: u64, rules: usize, reporting: usize) -> Policy {
    let mut writer = Writer(Dice::new(seed));
    let text = writer.policy(rules, reporting);
    let files = [
        ("caseway.toml", SETTINGS),
        ("checks.rhai", SCRIPT),
        ("short.csv", "date,kind\n2026-03-04,holiday\n"),
    ];
    policy_with(FIELDS, &text, &files)
}

fn compare(seed: u64, rules: usize, reporting: usize, cases: usize) -> [usize; 4] {
    let policy = sample(seed, rules, reporting);
    let mut writer = Writer(Dice::new(seed ^ 0x5eed));
    let mut decider = policy.decider();
    let mut seen = [0; 4];
    for _ in 0..cases {
        let case = writer.case(&policy);
        let Some(Value::Instant(opened)) = case.slots[policy.program().opened_at as usize] else {
            panic!("a case has an opening");
        };
        let at = |hours: i64| {
            let by = Duration::from_millis(hours * 3_600_000);
            opened.plus(by).expect("an instant")
        };
        let count = writer.below(6);
        let events: Vec<Event> = (0..count)
            .map(|place| Event {
                at: at(i64::try_from(place).expect("few") * 10),
                kind: match writer.below(4) {
                    0 => EventKind::Happened(0),
                    _ => EventKind::Set(vec![writer.change(&policy)]),
                },
            })
            .collect();
        let [plain, indexed] = both(&mut decider, &case, &events, at(writer.0.below(100)));
        assert_eq!(plain, indexed, "seed {seed}: {case:?}");
        let rule = |taken: &Taken| matches!(taken, Taken::Rule(place) if *place > 0);
        seen[0] += usize::from(plain.classifications.iter().any(|one| rule(&one.taken)));
        seen[1] += usize::from(rule(&plain.route));
        seen[2] += usize::from(!plain.waiting_for.is_empty());
        seen[3] += usize::from(!plain.problems.is_empty());
    }
    seen
}

/// Rules, one in how many reports problems, cases.
#[test]
fn an_index_decides_what_every_rule_decides() {
    let more = std::env::var("CASEWAY_POLICIES").ok();
    let more = more.and_then(|text| text.parse().ok()).unwrap_or(1);
    let first = std::env::var("CASEWAY_SEED").ok();
    let first = first.and_then(|text| text.parse().ok()).unwrap_or(0u64);
    let mut seen = [0; 4];
    for seed in first..first + more {
        for (shape, (rules, reporting, cases)) in [
            (12, 1, 40),
            (30, 4, 40),
            (80, 1000, 40),
            (400, 40, 20),
            (1500, 1000, 8),
        ]
        .into_iter()
        .enumerate()
        {
            let found = compare(seed * 8 + shape as u64, rules, reporting, cases);
            for (all, found) in seen.iter_mut().zip(found) {
                *all += found;
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 10), "{seen:?}");
}

/// Parts of conditions with why they are asked rule by rule; none for what is looked up.
#[test]
fn costs_name_what_is_not_looked_up() {
    let table = [
        ("n is 1 and s is \"a\"", None),
        ("n is 1 or not (f and tags contains x)", None),
        ("often", None),
        ("s contains \"a\"", Some(("s contains \"a\"", "text"))),
        ("n < big", Some(("n < big", "computed"))),
        ("n * 2 > big", Some(("n * 2 > big", "computed"))),
        ("since during odd", Some(("since during odd", "calendar"))),
        ("risky(n, s)", Some(("risky(n, s)", "script"))),
        ("n is 1 and heavy", Some(("heavy", "computed"))),
        (
            "not (s starts with \"a\")",
            Some(("not (s starts with \"a\")", "text")),
        ),
    ];
    let mut rules = String::from(REST);
    rules += "classify one as one of { l, m } { first match\n";
    for (at, (when, _)) in table.iter().enumerate() {
        rules += &format!("rule r{at} when {when} then l\n");
    }
    let alternatives =
        "(f or n is 1) and (g or u is p) and (n is 2 or k is b) and (k is c or s is \"a\")";
    rules += &format!(
        "rule behind when risky(n, s) and f then l\nrule many when {alternatives} then l\n"
    );
    rules +=
        "otherwise m }\nroute { first match rule one when one is m to desk otherwise to boss }\n";
    rules += "sla { otherwise tier rest { respond none } }\n";
    let files = [
        ("caseway.toml", SETTINGS),
        ("checks.rhai", SCRIPT),
        ("short.csv", "date,kind\n2026-03-04,holiday\n"),
    ];
    let costs = caseway::driver::costs(&policy_with(FIELDS, &rules, &files));
    let found: Vec<(&str, &str, &str)> = costs[0]
        .parts
        .iter()
        .map(|part| (part.rule.as_str(), part.condition.as_str(), part.reason))
        .collect();
    let mut expected: Vec<(String, &str, &str)> = Vec::new();
    for (at, (_, part)) in table.iter().enumerate() {
        expected.extend(
            part.iter()
                .map(|(text, why)| (format!("r{at}"), *text, *why)),
        );
    }
    let behind = [("risky(n, s)", "script"), ("f", "behind")];
    expected.extend(behind.map(|(text, why)| ("behind".to_owned(), text, why)));
    let expected: Vec<(&str, &str, &str)> = expected
        .iter()
        .map(|(rule, text, why)| (rule.as_str(), *text, *why))
        .chain([("many", "k is c or s is \"a\"", "alternatives")])
        .collect();
    assert_eq!(found, expected);
    assert!(!costs[0].few && costs[1].few && costs[2].few);
    assert_eq!(costs[0].parts[0].file, "rules.policy");
    let line = rules
        .lines()
        .position(|line| line.contains("rule r3 "))
        .expect("a line");
    assert_eq!(costs[0].parts[0].line, line + 1);
}

#[test]
fn rules_share_what_they_look_for_in_texts() {
    let tests = [
        "s contains \"loss\"",
        "not (s contains \"loss\")",
        "s contains \"Loss\" ignoring case",
        "w contains \"loss\"",
        "s starts with \"loss\"",
        "s contains any of { \"a\", \"b\" }",
        "s contains all of { \"a\", \"b\" }",
        "s matches r\"^x\"",
        "s matches r\"^x\" ignoring case",
        "s is \"loss\"",
    ];
    let rules = (0..40).map(|place| {
        let test = tests[place % tests.len()];
        format!(
            "rule r{place} when k is b and {test} then {}\n",
            place % 2 == 0
        )
    });
    let block = format!(
        "classify odd as bool {{ first match\n{}otherwise false }}",
        rules.collect::<String>()
    );
    let policy = policy_with(FIELDS, &block, &[]);
    assert_eq!(policy.rule_index().searches(), 8);
}

/// The tier that a case has for an hour only, because of what its text said then, leaves its mark on the clock.
#[test]
fn a_text_that_changes_is_searched_again() {
    let rules: String = (0..8)
        .map(|place| {
            format!("tier t{place} when n is {place} and w contains \"a\" {{ respond 90m }}\n")
        })
        .collect();
    let text = format!(
        "role desk\nroute {{ first match otherwise to desk }}\nclock respond {{}}\nsla {{\n{rules}otherwise tier rest {{ respond none }}\n}}"
    );
    let policy = policy_with("n: integer  w: text", &text, &[]);
    let opened = Instant::parse("2026-03-02T10:00:00+08:00").expect("an instant");
    let case = policy.case().field("id", "T").field("opened_at", opened);
    let case = case
        .field("n", 3)
        .field("w", "x")
        .build()
        .expect("a case")
        .case;
    let after = |minutes: i64| {
        let by = Duration::from_millis(minutes * 60_000);
        opened.plus(by).expect("an instant")
    };
    let slot = |name: &str| {
        let fields = policy.schema().fields.iter();
        let place = fields
            .map(|field| &field.path)
            .position(|path| path == name);
        u32::try_from(place.expect("a field")).expect("few")
    };
    let says = |minutes, text: &str| Event {
        at: after(minutes),
        kind: EventKind::Set(vec![(slot("w"), Some(Value::text(text)))]),
    };
    let mut decider = policy.decider();
    for (events, breached) in [
        (vec![], false),
        (vec![says(60, "abc"), says(120, "x")], true),
        (vec![says(60, "xyz"), says(120, "x")], false),
    ] {
        let [plain, indexed] = both(&mut decider, &case, &events, after(600));
        assert_eq!(plain, indexed, "{events:?}");
        let told = json(&policy.decide(&case, &events, after(600)));
        let at = &told["sla"]["clocks"]["respond"]["breached_at"];
        assert_eq!(at.is_string(), breached, "{told}");
    }
}
