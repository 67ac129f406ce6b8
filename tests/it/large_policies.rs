//! Policies with many rules over fifteen fields, built so that nothing can be found in them; and faults to
//! plant there.
//!
//! A policy is clean by construction. Parts of a condition ask for different fields and none asks for
//! what every value gives, so that none contradicts another and none is needless. Each rule has a case of
//! its own, drawn and tried here: it makes the rule true and no rule before it, so that each rule is taken;
//! there is a case that makes none true. An optional field has a value that no part asks for,
//! so that its absence gives nothing that no value gives.

/// Numbers that look random and are the same on every machine (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below another.
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        i64::try_from(bits % u64::try_from(end).expect("a bound")).expect("small")
    }

    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to - from + 1)
    }
}

/// What a field is, with values as numbers from 0 on.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    declared: &'static str,
    kind: Kind,
    /// The greatest value.
    most: i64,
    /// Whether it may be missing: then 0 is the value that no part asks for.
    optional: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// One of some, or one of some words: the last number is any other word.
    Text(char),
    /// A text by the words that it holds, as bits.
    Words,
    Member(char),
    Ordered(char),
    Flag,
    Number,
    /// A decimal with so many digits.
    Decimal(u32),
    Date,
    /// A set, as bits.
    Set(char),
}

const WORDS: [&str; 6] = ["outage", "refund", "contract", "漏水", "engineer", "urgent"];
pub const LEVELS: [&str; 4] = ["low", "middle", "high", "top"];
const TOP: usize = 3;
/// The place of `urgency` among the fields, on which every rule for `top` insists.
const URGENCY: usize = 4;
const VIP: usize = 5;
const USERS: usize = 7;
const KIND: usize = 3;
const PRODUCT: usize = 0;

const FIELDS: [Field; 15] = [
    field("product", "text", Kind::Text('P'), 300, false),
    field("subject", "text", Kind::Words, 63, false),
    field(
        "channel",
        "one of { ch0, ch1, ch2, ch3, ch4, ch5 }",
        Kind::Member('h'),
        5,
        false,
    ),
    field(
        "kind",
        "one of { k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11 }",
        Kind::Member('k'),
        11,
        false,
    ),
    field(
        "urgency",
        "one of { u0 < u1 < u2 < u3 < u4 }",
        Kind::Ordered('u'),
        4,
        false,
    ),
    field("vip", "bool", Kind::Flag, 1, false),
    field("repeated", "bool", Kind::Flag, 1, false),
    field(
        "users",
        "integer from 0 to 10000",
        Kind::Number,
        10_000,
        false,
    ),
    field(
        "waited",
        "integer from 0 to 365 optional",
        Kind::Number,
        365,
        true,
    ),
    field(
        "amount",
        "decimal(2) from 0.00 to 5000.00",
        Kind::Decimal(2),
        500_000,
        false,
    ),
    field(
        "discount",
        "decimal(1) from 0.0 to 100.0 optional",
        Kind::Decimal(1),
        1_000,
        true,
    ),
    field("promised", "date", Kind::Date, 364, false),
    field("signed", "date optional", Kind::Date, 364, true),
    field(
        "tags",
        "set of one of { t0, t1, t2, t3, t4, t5, t6, t7 } default {}",
        Kind::Set('t'),
        255,
        false,
    ),
    field("region", "text optional", Kind::Text('R'), 30, true),
];

const fn field(
    name: &'static str,
    declared: &'static str,
    kind: Kind,
    most: i64,
    optional: bool,
) -> Field {
    Field {
        name,
        declared,
        kind,
        most,
        optional,
    }
}

/// A case: a value for each field, none where it is missing.
pub type Point = [Option<i64>; FIELDS.len()];

/// What a part of a condition asks of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ask {
    Is(i64),
    IsNot(i64),
    AtLeast(i64),
    Below(i64),
    Between(i64, i64),
    /// Holds the bit.
    Holds(i64),
}

/// An atom of a condition.
#[derive(Clone, Copy, Debug)]
pub struct Atom {
    field: usize,
    ask: Ask,
}

impl Atom {
    fn is_true(self, point: &Point) -> bool {
        let Some(value) = point[self.field] else {
            return false;
        };
        match self.ask {
            Ask::Is(wanted) => value == wanted,
            Ask::IsNot(unwanted) => value != unwanted,
            Ask::AtLeast(least) => value >= least,
            Ask::Below(end) => value < end,
            Ask::Between(from, to) => (from..=to).contains(&value),
            Ask::Holds(bit) => value >> bit & 1 == 1,
        }
    }

    fn text(self) -> String {
        let field = FIELDS[self.field];
        let name = field.name;
        match self.ask {
            Ask::Holds(bit) if field.kind == Kind::Words => {
                format!(
                    "{name} contains \"{}\"",
                    WORDS[usize::try_from(bit).expect("a bit")]
                )
            }
            Ask::Holds(bit) => format!("{name} contains t{bit}"),
            Ask::Is(1) if field.kind == Kind::Flag => name.to_owned(),
            Ask::Is(_) if field.kind == Kind::Flag => format!("not {name}"),
            Ask::Is(value) => format!("{name} is {}", shown(field.kind, value)),
            Ask::IsNot(value) => format!("{name} is not {}", shown(field.kind, value)),
            Ask::AtLeast(least) => format!("{name} >= {}", shown(field.kind, least)),
            Ask::Below(end) => format!("{name} < {}", shown(field.kind, end)),
            Ask::Between(from, to) => {
                let (from, to) = (shown(field.kind, from), shown(field.kind, to));
                format!("{name} between {from} and {to}")
            }
        }
    }

    /// One that some values make true and some do not; of an optional field 0 does not.
    fn drawn(dice: &mut Dice, place: usize) -> Atom {
        let field = FIELDS[place];
        let most = field.most;
        let ask = match field.kind {
            Kind::Text(_) => Ask::Is(dice.between(i64::from(field.optional), most - 1)),
            Kind::Words => Ask::Holds(dice.below(6)),
            Kind::Set(_) => Ask::Holds(dice.below(8)),
            Kind::Flag => Ask::Is(dice.below(2)),
            Kind::Member(_) => match dice.below(5) {
                0 => Ask::IsNot(dice.between(0, most)),
                _ => Ask::Is(dice.between(0, most)),
            },
            Kind::Ordered(_) => match dice.below(2) {
                0 => Ask::AtLeast(dice.between(1, most)),
                _ => Ask::Is(dice.between(0, most)),
            },
            Kind::Number | Kind::Decimal(_) | Kind::Date => {
                // People write round numbers.
                let step = (most / 50).max(1);
                let number = |dice: &mut Dice| step * dice.between(1, most / step - 1);
                match dice.below(3) {
                    0 if !field.optional => Ask::Below(number(dice)),
                    1 => {
                        let (a, b) = (number(dice), number(dice));
                        Ask::Between(a.min(b), a.max(b))
                    }
                    _ => Ask::AtLeast(number(dice)),
                }
            }
        };
        Atom { field: place, ask }
    }
}

fn shown(kind: Kind, value: i64) -> String {
    match kind {
        Kind::Text(sign) => format!("\"{sign}{value}\""),
        Kind::Member('h') => format!("ch{value}"),
        Kind::Member(sign) | Kind::Ordered(sign) => format!("{sign}{value}"),
        Kind::Decimal(2) => format!("{}.{:02}", value / 100, value % 100),
        Kind::Decimal(_) => format!("{}.{}", value / 10, value % 10),
        Kind::Date => {
            let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            let (mut month, mut day) = (1, value);
            for length in lengths {
                if day < length {
                    break;
                }
                day -= length;
                month += 1;
            }
            format!("2026-{month:02}-{:02}", day + 1)
        }
        Kind::Number | Kind::Flag | Kind::Words | Kind::Set(_) => value.to_string(),
    }
}

/// A rule: parts that all have to be true, of each of which one atom has to be; what comes of it; the case of
/// its own, for one that has one.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: String,
    parts: Vec<Vec<Atom>>,
    pub then: usize,
    point: Option<Point>,
    /// Whether something is built on it already.
    used: bool,
}

impl Rule {
    pub fn is_true(&self, point: &Point) -> bool {
        let mut parts = self.parts.iter();
        parts.all(|part| part.iter().any(|atom| atom.is_true(point)))
    }

    pub fn when(&self) -> String {
        let part = |part: &Vec<Atom>| match part.as_slice() {
            [one] => one.text(),
            several => {
                let several: Vec<String> = several.iter().map(|atom| atom.text()).collect();
                format!("({})", several.join(" or "))
            }
        };
        self.parts
            .iter()
            .map(part)
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// Some cases that make it true; none where its parts contradict each other.
    pub fn cases(&self, count: usize, seed: u64) -> Vec<Point> {
        let mut dice = Dice::new(seed);
        let drawn = (0..count).filter_map(|_| self.point_beside(&[], &mut dice));
        drawn.collect()
    }

    fn asks_for(&self, field: usize) -> bool {
        self.parts.iter().flatten().any(|atom| atom.field == field)
    }

    fn drawn(dice: &mut Dice) -> Rule {
        let then = usize::try_from(dice.below(4)).expect("a level");
        let mut parts = Vec::new();
        let mut free: Vec<usize> = (0..FIELDS.len()).collect();
        let mut take = |dice: &mut Dice, field: Option<usize>| {
            let at = match field {
                Some(field) => free.iter().position(|one| *one == field)?,
                None => usize::try_from(dice.below(i64::try_from(free.len()).ok()?)).ok()?,
            };
            Some(Atom::drawn(dice, free.remove(at)))
        };
        // Rules of a desk that has many speak of a product, or of a kind and a region.
        match dice.below(5) {
            0 | 1 => {
                parts.push(vec![take(dice, Some(KIND)).expect("free")]);
                parts.push(vec![take(dice, Some(14)).expect("free")]);
            }
            _ => parts.push(vec![take(dice, Some(PRODUCT)).expect("free")]),
        }
        if then == TOP {
            let atom = take(dice, Some(URGENCY)).expect("free");
            let ask = Ask::AtLeast(dice.between(2, 4));
            parts.push(vec![Atom { ask, ..atom }]);
        }
        for _ in 0..dice.between(1, 3) {
            let mut part = vec![take(dice, None).expect("free")];
            if dice.below(6) == 0 {
                part.push(take(dice, None).expect("free"));
            }
            parts.push(part);
        }
        Rule {
            name: String::new(),
            parts,
            then,
            point: None,
            used: false,
        }
    }

    /// A case that makes this rule true and none of others, if one is drawn soon.
    fn point_beside(&self, others: &[Rule], dice: &mut Dice) -> Option<Point> {
        (0..40).find_map(|_| {
            let mut point = any_point(dice);
            for part in &self.parts {
                let at = dice.below(i64::try_from(part.len()).ok()?);
                let atom = part[usize::try_from(at).ok()?];
                point[atom.field] = Some(fitting(atom, point[atom.field], dice));
            }
            let barred = others.iter().any(|other| other.is_true(&point));
            (!barred && self.is_true(&point)).then_some(point)
        })
    }
}

fn any_point(dice: &mut Dice) -> Point {
    let mut point = [None; FIELDS.len()];
    for (value, field) in point.iter_mut().zip(FIELDS) {
        let missing = field.optional && dice.below(3) == 0;
        *value = (!missing).then(|| dice.between(0, field.most));
    }
    point
}

/// A value that makes an atom true.
fn fitting(atom: Atom, old: Option<i64>, dice: &mut Dice) -> i64 {
    let most = FIELDS[atom.field].most;
    match atom.ask {
        Ask::Is(value) => value,
        Ask::IsNot(value) => (value + 1 + dice.below(most)) % (most + 1),
        Ask::AtLeast(least) => dice.between(least, most),
        Ask::Below(end) => dice.below(end),
        Ask::Between(from, to) => dice.between(from, to),
        Ask::Holds(bit) => old.unwrap_or(0) | 1 << bit,
    }
}

/// A policy with one block of many rules, a route that reads it, and guarantees.
#[derive(Clone)]
pub struct Large {
    pub rules: Vec<Rule>,
    pub strategy: &'static str,
    pub otherwise: bool,
    /// What is guaranteed: `if` and `then`.
    pub guarantees: Vec<(String, String, String)>,
    dice: u64,
}

/// What is planted: what the analysis has to say of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Planted {
    NeverMatches(String),
    UnreachableRule(String),
    RedundantCondition(String),
    Gap,
    Conflict(String, String),
    GuaranteeBroken(String),
}

impl Large {
    /// A clean policy of so many rules.
    pub fn clean(count: usize, seed: u64) -> Large {
        let mut dice = Dice::new(seed);
        let mut rules: Vec<Rule> = Vec::new();
        while rules.len() < count {
            let mut rule = Rule::drawn(&mut dice);
            rule.point = rule.point_beside(&rules, &mut dice);
            if rule.point.is_some() {
                rule.name = format!("r{}", rules.len());
                rules.push(rule);
            }
        }
        let hole = (0..1_000).any(|_| {
            let point = any_point(&mut dice);
            !rules.iter().any(|rule| rule.is_true(&point))
        });
        assert!(hole, "no case is left for `otherwise`");
        let mut large = Large {
            rules,
            strategy: "first match",
            otherwise: true,
            guarantees: Vec::new(),
            dice: seed ^ 1,
        };
        large.guarantee("tops_are_urgent", "level is top", "urgency >= u2");
        large.rules[0].used = true;
        let first = large.rules[0].clone();
        let then = format!("level is {}", LEVELS[first.then]);
        large.guarantee("the_first_counts", &first.when(), &then);
        large
    }

    /// A clean policy of which no case makes two rules true: each asks for its own kind and product.
    pub fn unique(count: usize, seed: u64) -> Large {
        let mut large = Large::clean(1, seed);
        large.guarantees.clear();
        large.rules.clear();
        large.strategy = "unique";
        let mut dice = Dice::new(seed);
        let pairs = (0..12).flat_map(|kind| (0..300).map(move |product| (kind, product)));
        for (place, (kind, product)) in pairs.take(count).enumerate() {
            let mut rule = Rule::drawn(&mut dice);
            rule.parts
                .retain(|part| part.iter().all(|one| ![KIND, PRODUCT].contains(&one.field)));
            for (field, value) in [(KIND, kind), (PRODUCT, product)] {
                let ask = Ask::Is(value);
                rule.parts.push(vec![Atom { field, ask }]);
            }
            rule.name = format!("r{place}");
            rule.point = rule.point_beside(&large.rules, &mut dice);
            assert!(rule.point.is_some());
            large.rules.push(rule);
        }
        large
    }

    /// Rules drawn without any care: parts that contradict each other, rules that others take whole.
    pub fn tangled(count: usize, seed: u64) -> Large {
        let mut large = Large::clean(1, seed);
        large.guarantees.truncate(1);
        large.rules.clear();
        let mut dice = Dice::new(seed);
        for place in 0..count {
            let drawn = |dice: &mut Dice| {
                let field = usize::try_from(dice.below(15)).expect("a field");
                vec![Atom::drawn(dice, field)]
            };
            let parts = (0..dice.between(2, 5)).map(|_| drawn(&mut dice));
            let mut parts: Vec<Vec<Atom>> = parts.collect();
            // One part twice is a mistake when names are resolved.
            parts.sort_by_key(|part| part[0].text());
            parts.dedup_by_key(|part| part[0].text());
            let then = usize::try_from(dice.below(4)).expect("a level");
            large.rules.push(Rule {
                name: format!("r{place}"),
                parts,
                then,
                point: None,
                used: false,
            });
        }
        large
    }

    fn guarantee(&mut self, name: &str, condition: &str, then: &str) {
        let parts = [name, condition, then].map(str::to_owned);
        let [name, condition, then] = parts;
        self.guarantees.push((name, condition, then));
    }

    fn dice(&mut self) -> Dice {
        self.dice = self.dice.wrapping_add(1);
        Dice::new(self.dice)
    }

    /// Plants one fault of each kind that the block can have, in as many rules as there are rounds.
    pub fn plant(&mut self, rounds: usize) -> Vec<Planted> {
        let mut planted = Vec::new();
        for round in 0..rounds {
            match self.strategy {
                "unique" => planted.extend(self.plant_conflict(round)),
                _ => {
                    planted.extend(self.plant_taken_by_one(round));
                    planted.extend(self.plant_taken_by_two(round));
                    planted.extend(self.plant_broken_guarantee(round));
                }
            }
            planted.push(self.plant_contradiction(round));
            planted.extend(self.plant_redundancy(round));
        }
        planted
    }

    /// Takes `otherwise` away: a case is known that no rule takes.
    pub fn plant_gap(&mut self) -> Planted {
        self.otherwise = false;
        Planted::Gap
    }

    /// A rule somewhere that nothing can make true.
    fn plant_contradiction(&mut self, round: usize) -> Planted {
        let mut dice = self.dice();
        let mut rule = Rule::drawn(&mut dice);
        rule.parts
            .retain(|part| part.iter().all(|atom| ![USERS, KIND].contains(&atom.field)));
        let (field, asks) = match dice.below(2) {
            0 => (USERS, [Ask::AtLeast(500), Ask::Below(300)]),
            _ => (KIND, [Ask::Is(3), Ask::Is(7)]),
        };
        rule.parts.extend(asks.map(|ask| vec![Atom { field, ask }]));
        rule.name = format!("never{round}");
        let name = rule.name.clone();
        let at = dice.below(i64::try_from(self.rules.len()).expect("few"));
        self.rules.insert(usize::try_from(at).expect("few"), rule);
        Planted::NeverMatches(name)
    }

    /// A rule behind another that asks for all that the other asks for, and more.
    fn plant_taken_by_one(&mut self, round: usize) -> Option<Planted> {
        let mut dice = self.dice();
        let at = self.some_rule(&mut dice, |rule| !rule.asks_for(VIP))?;
        let mut rule = self.rules[at].clone();
        let ask = Ask::Is(1);
        rule.parts.push(vec![Atom { field: VIP, ask }]);
        rule.name = format!("late{round}");
        rule.point = None;
        self.rules[at].used = true;
        let name = rule.name.clone();
        let behind = i64::try_from(self.rules.len() - at).expect("few");
        let behind = 1 + usize::try_from(dice.below(behind)).expect("few");
        self.rules.insert(at + behind, rule);
        Some(Planted::UnreachableRule(name))
    }

    /// Two rules in the place of one, that together take what a third behind them asks for.
    fn plant_taken_by_two(&mut self, round: usize) -> Option<Planted> {
        let mut dice = self.dice();
        for _ in 0..200 {
            let at = self.some_rule(&mut dice, |rule| !rule.asks_for(VIP))?;
            let halves = [0, 1].map(|value| {
                let mut half = self.rules[at].clone();
                let ask = Ask::Is(value);
                half.parts.push(vec![Atom { field: VIP, ask }]);
                half.name = format!("half{round}_{value}");
                half.used = true;
                half.point = half.point_beside(&self.rules[..at], &mut dice);
                half
            });
            if halves.iter().any(|half| half.point.is_none()) {
                continue;
            }
            let mut whole = self.rules[at].clone();
            whole.name = format!("whole{round}");
            whole.point = None;
            let name = whole.name.clone();
            self.rules.splice(at..=at, halves);
            self.rules.push(whole);
            return Some(Planted::UnreachableRule(name));
        }
        None
    }

    /// One part more, which another part says already.
    fn plant_redundancy(&mut self, round: usize) -> Option<Planted> {
        let mut dice = self.dice();
        let at = self.some_rule(&mut dice, |rule| {
            let own = rule.point.and_then(|point| point[USERS]);
            !rule.asks_for(USERS) && own >= Some(1)
        })?;
        let rule = &mut self.rules[at];
        // The case of its own stays its own.
        let own = rule.point?[USERS]?;
        let implied = Atom {
            field: USERS,
            ask: Ask::Below(own + 2),
        };
        let narrow = Atom {
            field: USERS,
            ask: Ask::Between(own - 1, own),
        };
        rule.parts.push(vec![narrow]);
        rule.parts.push(vec![implied]);
        rule.name = format!("needless{round}");
        rule.used = true;
        Some(Planted::RedundantCondition(rule.name.clone()))
    }

    /// A guarantee that the case of some rule breaks.
    fn plant_broken_guarantee(&mut self, round: usize) -> Option<Planted> {
        let mut dice = self.dice();
        let at = self.some_rule(&mut dice, |_| true)?;
        self.rules[at].used = true;
        let rule = self.rules[at].clone();
        let other = LEVELS[(rule.then + 1) % LEVELS.len()];
        let name = format!("broken{round}");
        self.guarantee(&name, &rule.when(), &format!("level is {other}"));
        Some(Planted::GuaranteeBroken(name))
    }

    /// A rule behind another that some case makes true beside it.
    fn plant_conflict(&mut self, round: usize) -> Option<Planted> {
        let mut dice = self.dice();
        let at = self.some_rule(&mut dice, |rule| !rule.asks_for(VIP))?;
        self.rules[at].used = true;
        let mut twin = self.rules[at].clone();
        let ask = Ask::Is(1);
        twin.parts.push(vec![Atom { field: VIP, ask }]);
        twin.name = format!("twin{round}");
        twin.point = None;
        let (one, other) = (self.rules[at].name.clone(), twin.name.clone());
        self.rules.push(twin);
        Some(Planted::Conflict(one, other))
    }

    /// The place of a rule with a case of its own on which nothing is built yet.
    fn some_rule(&self, dice: &mut Dice, fits: impl Fn(&Rule) -> bool) -> Option<usize> {
        let count = i64::try_from(self.rules.len()).ok()?;
        (0..400).find_map(|_| {
            let at = usize::try_from(dice.below(count)).ok()?;
            let rule = self.rules.get(at)?;
            (!rule.used && rule.point.is_some() && fits(rule)).then_some(at)
        })
    }

    /// The policy as text.
    pub fn text(&self) -> String {
        let mut text = String::from("case {\n  id: text\n  opened_at: instant\n");
        for field in FIELDS {
            text.push_str(&format!("  {}: {}\n", field.name, field.declared));
        }
        text.push_str("}\nrole desk\nrole expert\n");
        let levels = LEVELS.join(" < ");
        text.push_str(&format!("classify level as one of {{ {levels} }} {{\n"));
        text.push_str(&format!("  {}\n", self.strategy));
        for rule in &self.rules {
            let (name, when, then) = (&rule.name, rule.when(), LEVELS[rule.then]);
            text.push_str(&format!("  rule {name} when {when} then {then}\n"));
        }
        if self.otherwise {
            text.push_str("  otherwise low\n");
        }
        text.push_str("}\nroute {\n  first match\n  rule grave when level >= high to expert\n");
        text.push_str("  otherwise to desk\n}\n");
        for (name, condition, then) in &self.guarantees {
            text.push_str(&format!(
                "guarantee {name} {{ if {condition} then {then} }}\n"
            ));
        }
        text
    }
}
