//! What is certain of all cases of a small policy, found out by trying every case.
//!
//! Each case is decided once by the evaluator, by the policy with one more block, in which every condition
//! and what it is made of is a rule.

use crate::inversions_truth::{self, Row};
use crate::small_policies::{Rule, Sample, cases, now, read};
use caseway::Policy;
use caseway::analysis::{Block, Claim, Facts, Proof};
use caseway::compile::{Effective, NodeId, Strategy as Picks};
use caseway::eval::{RuleResult, Site, TracedBlock};
use caseway::model::Presence;
use caseway::time::{Date, Zone};
use caseway::value::{Case, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The blocks, in the order of [`Sample::blocks`].
const BLOCKS: [Block; 4] = [
    Block::Classification(0),
    Block::Classification(1),
    Block::Route,
    Block::Sla,
];

fn place(block: Block) -> usize {
    let found = BLOCKS.iter().position(|one| *one == block);
    found.unwrap_or_else(|| panic!("{block:?}"))
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("few")
}

/// A policy with one more block, whose rules are conditions by their text.
struct Probed {
    policy: Policy,
    texts: BTreeMap<String, usize>,
    blocks: Vec<Seen>,
    zone: Zone,
}

impl Probed {
    fn new(sample: &Sample) -> Probed {
        let mut texts = BTreeMap::new();
        let mut add = |text: String| {
            let next = texts.len();
            texts.entry(text).or_insert(next);
        };
        for rule in sample.blocks.iter().flatten() {
            add(rule.when());
            for out in 0..rule.parts.len() {
                add(without(rule, out));
            }
            for conjunct in rule.parts.iter().flat_map(|part| &part.conjuncts) {
                add(bare(conjunct));
            }
        }
        texts.remove("");
        for (next, (_, place)) in texts.iter_mut().enumerate() {
            *place = next;
        }
        let mut text = sample.text.clone();
        text.push_str("classify probes as one of { yes, no } {\n  collect\n");
        for (when, place) in &texts {
            text.push_str(&format!("  rule p{place} when {when} then yes\n"));
        }
        text.push_str("}\n");
        let policy = read(&text);
        let blocks = BLOCKS.iter().zip(&sample.blocks);
        let blocks = blocks.map(|(block, rules)| {
            let mut seen = Seen::new(&policy, *block);
            seen.probes = rules.iter().map(|rule| texts[&rule.when()]).collect();
            seen
        });
        Probed {
            blocks: blocks.collect(),
            policy,
            texts,
            zone: Zone::parse("Asia/Shanghai").expect("a zone"),
        }
    }
}

/// A condition without parentheses around all of it.
fn bare(text: &str) -> String {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(text).to_owned()
}

fn without(rule: &Rule, out: usize) -> String {
    let mut rule = rule.clone();
    rule.parts.remove(out);
    rule.when()
}

/// A rule, row or tier, and its dates.
struct Seen {
    strategy: Picks,
    otherwise: bool,
    effective: Option<Effective>,
    rules: Vec<Option<Effective>>,
    /// What comes of each rule, and of `otherwise`.
    outcomes: Vec<String>,
    /// Where the conditions stand among the probes.
    probes: Vec<usize>,
}

impl Seen {
    fn new(policy: &Policy, block: Block) -> Seen {
        let program = policy.program();
        match block {
            Block::Classification(place) => {
                let block = &program.classifications[place as usize];
                Seen {
                    strategy: block.strategy,
                    otherwise: block.otherwise.is_some(),
                    effective: block.effective,
                    rules: block.rules.iter().map(|rule| rule.effective).collect(),
                    outcomes: {
                        let rules = block.rules.iter().map(|rule| &rule.then);
                        let rest = block.otherwise.iter().map(|(then, _)| then);
                        rules.chain(rest).map(|then| format!("{then:?}")).collect()
                    },
                    probes: Vec::new(),
                }
            }
            Block::Route => {
                let block = program.route.as_ref().expect("a route");
                Seen {
                    strategy: block.strategy,
                    otherwise: block.otherwise.is_some(),
                    effective: block.effective,
                    rules: block.rules.iter().map(|rule| rule.effective).collect(),
                    outcomes: {
                        let rules = block.rules.iter().map(|rule| &rule.target);
                        let all = rules.chain(&block.otherwise);
                        all.map(|target| format!("{}", target.role)).collect()
                    },
                    probes: Vec::new(),
                }
            }
            _ => {
                let block = program.sla.as_ref().expect("tiers");
                let tiers = block.tiers.iter().filter(|tier| tier.when.is_some());
                Seen {
                    strategy: Picks::FirstMatch,
                    otherwise: block.tiers.iter().any(|tier| tier.when.is_none()),
                    effective: block.effective,
                    rules: tiers.map(|tier| tier.effective).collect(),
                    outcomes: (0..block.tiers.len())
                        .map(|tier| tier.to_string())
                        .collect(),
                    probes: Vec::new(),
                }
            }
        }
    }
}

fn counts_on(effective: Option<Effective>, day: Date) -> bool {
    match effective {
        None => true,
        Some(Effective::ByOpening { from, until }) => {
            from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
        }
        Some(Effective::ByNow { .. }) => panic!("not drawn"),
    }
}

fn day_after(effective: Option<Effective>) -> Option<Date> {
    match effective? {
        Effective::ByOpening { until, .. } => until?.plus_days(1),
        Effective::ByNow { .. } => panic!("not drawn"),
    }
}

/// What the evaluator says of a case.
struct Tried {
    day: Date,
    /// For each block.
    blocks: Vec<TriedBlock>,
    /// For each guarantee: whether it speaks of the case, and whether it is kept.
    guarantees: Vec<(bool, bool)>,
    probes: Vec<RuleResult>,
}

struct TriedBlock {
    in_force: bool,
    /// The condition is true and the rule counts.
    fires: Vec<bool>,
    holds: Vec<bool>,
    taken: Vec<bool>,
    outcome: Option<String>,
}

fn tried(sample: &Sample, probed: &Probed, case: &Case) -> Tried {
    let policy = &probed.policy;
    let trace = policy.trace(case, &[], now());
    let block = |wanted: TracedBlock| {
        let found = trace.blocks.iter().find(|block| block.block == wanted);
        found.unwrap_or_else(|| panic!("{wanted:?}"))
    };
    let probes = block(TracedBlock::Site(Site::Classification(2)))
        .rules
        .iter();
    let probes: Vec<RuleResult> = probes.map(|rule| rule.result).collect();
    let opened = policy.schema().opened_at.0 as usize;
    let day = match &case.slots[opened] {
        Some(Value::Instant(at)) => at.date(probed.zone),
        other => panic!("{other:?}"),
    };
    let blocks = BLOCKS.iter().zip(&probed.blocks).map(|(name, seen)| {
        let site = match name {
            Block::Classification(place) => Site::Classification(*place),
            Block::Route => Site::Route,
            _ => Site::Sla,
        };
        let shown = block(TracedBlock::Site(site));
        let holds = seen
            .probes
            .iter()
            .map(|probe| probes[*probe] == RuleResult::True);
        let holds: Vec<bool> = holds.collect();
        let counts = seen
            .rules
            .iter()
            .map(|effective| counts_on(*effective, day));
        let fires: Vec<bool> = holds
            .iter()
            .zip(counts)
            .map(|(holds, counts)| *holds && counts)
            .collect();
        let count = fires.len();
        assert_eq!(shown.in_force, counts_on(seen.effective, day));
        if shown.in_force {
            let results = shown.rules[..count].iter();
            assert!(
                results
                    .map(|rule| rule.result == RuleResult::True)
                    .eq(fires.iter().copied())
            );
        }
        let taken: Vec<bool> = shown.rules[..count].iter().map(|rule| rule.taken).collect();
        let otherwise = seen.otherwise && shown.in_force && !fires.contains(&true);
        let outcome = match taken.iter().position(|taken| *taken) {
            Some(rule) => seen.outcomes.get(rule).cloned(),
            None => seen.outcomes.last().filter(|_| otherwise).cloned(),
        };
        TriedBlock {
            in_force: shown.in_force,
            fires,
            holds,
            taken,
            outcome,
        }
    });
    let blocks = blocks.collect();
    let guarantees = (0..sample.guarantees).map(|place| {
        let shown = &block(TracedBlock::Guarantee(number(place))).rules;
        let [speaks, kept] = [0, 1].map(|at| shown[at].result == RuleResult::True);
        (speaks, kept)
    });
    let guarantees = guarantees.collect();
    Tried {
        day,
        blocks,
        guarantees,
        probes,
    }
}

impl TriedBlock {
    fn is_untaken(&self) -> bool {
        self.in_force && !self.fires.contains(&true)
    }
}

/// Whether a case shows a claim that a case can show.
fn shows(policy: &Policy, tried: &Tried, block: Block, claim: &Claim) -> bool {
    if let Block::Guarantee(place) = block {
        let (speaks, kept) = tried.guarantees[place as usize];
        return speaks && !kept;
    }
    let seen = Seen::new(policy, block);
    let own = &tried.blocks[place(block)];
    match claim {
        Claim::Gap => own.is_untaken(),
        Claim::Conflict(a, b) => own.in_force && own.fires[*a as usize] && own.fires[*b as usize],
        Claim::ExpiresUncovered(None) => day_after(seen.effective) == Some(tried.day),
        Claim::ExpiresUncovered(Some(rule)) => {
            let rule = *rule as usize;
            let over = day_after(seen.rules[rule]) == Some(tried.day);
            over && own.holds[rule] && own.is_untaken()
        }
        other => panic!("{other:?}"),
    }
}

/// What is true of the rules of each block, by trying every case; parts and rules named in claims left out.
fn truth(policy: &Policy, sample: &Sample, all: &[Tried]) -> BTreeSet<(Block, Claim)> {
    let mut found = BTreeSet::new();
    for (at, block) in BLOCKS.into_iter().enumerate() {
        let seen = Seen::new(policy, block);
        let rows: Vec<&TriedBlock> = all.iter().map(|tried| &tried.blocks[at]).collect();
        let first = seen.strategy == Picks::FirstMatch;
        let mut tell = |claim: Claim| {
            found.insert((block, claim));
        };
        let ever = rows.iter().any(|row| row.in_force);
        let count = seen.rules.len();
        let mut shown = vec![Claim::ExpiresUncovered(None)];
        for rule in 0..count {
            let own = number(rule);
            if !rows.iter().any(|row| row.fires[rule]) {
                tell(Claim::NeverMatches(own, Vec::new()));
            } else if first && ever && !rows.iter().any(|row| row.taken[rule]) {
                tell(Claim::UnreachableRule(own, Vec::new()));
            }
            let always = rows.iter().all(|row| row.fires[rule]);
            if first && ever && always && rule + 1 < count {
                tell(Claim::AlwaysMatches(own));
            }
            if seen.strategy == Picks::Unique {
                shown.extend((rule + 1..count).map(|other| Claim::Conflict(own, number(other))));
            }
            if !seen.otherwise {
                shown.push(Claim::ExpiresUncovered(Some(own)));
            }
        }
        if seen.otherwise && ever && !rows.iter().any(|row| row.is_untaken()) {
            tell(Claim::UnreachableOtherwise);
        }
        if !seen.otherwise && seen.strategy != Picks::Collect {
            shown.push(Claim::Gap);
        }
        for claim in shown {
            if all.iter().any(|tried| shows(policy, tried, block, &claim)) {
                tell(claim);
            }
        }
    }
    for guarantee in 0..sample.guarantees {
        let block = Block::Guarantee(number(guarantee));
        if !all.iter().any(|tried| tried.guarantees[guarantee].0) {
            found.insert((block, Claim::NeverMatches(0, Vec::new())));
        }
        if all
            .iter()
            .any(|tried| shows(policy, tried, block, &Claim::GuaranteeBroken))
        {
            found.insert((block, Claim::GuaranteeBroken));
        }
    }
    found
}

/// Blocks and optional fields such that a case without the field comes out as with no value of it, in a
/// block that never asks whether it is missing.
fn unset(
    policy: &Policy,
    sample: &Sample,
    cases: &[Case],
    all: &[Tried],
) -> BTreeSet<(Block, u32)> {
    let mut found = BTreeSet::new();
    let places: BTreeMap<&[Option<Value>], usize> = cases
        .iter()
        .map(|case| case.slots.as_slice())
        .zip(0..)
        .collect();
    for (slot, field) in policy.schema().fields.iter().enumerate() {
        if field.presence != Presence::Optional {
            continue;
        }
        let mut values: Vec<&Value> = cases
            .iter()
            .filter_map(|case| case.slots[slot].as_ref())
            .collect();
        values.sort();
        values.dedup();
        for (at, block) in BLOCKS.into_iter().enumerate() {
            let read = [vec![at], reads(sample, at)].concat();
            let parts = read.iter().flat_map(|block| &sample.blocks[*block]);
            let text: Vec<String> = parts.map(Rule::when).collect();
            let asks = |word: &str| {
                let asked = format!("{} is {word}", field.path);
                text.iter().any(|when| when.contains(&asked))
            };
            let collects = Seen::new(policy, block).strategy == Picks::Collect;
            if collects || asks("missing") || asks("present") {
                continue;
            }
            let differs = |case: &Case, tried: &Tried| {
                let without = &tried.blocks[at].outcome;
                without.is_some()
                    && values.iter().all(|value| {
                        let mut with = case.clone();
                        with.slots[slot] = Some((*value).clone());
                        // None where the record around the field is missing.
                        let with = places.get(with.slots.as_slice());
                        with.is_some_and(|with| all[*with].blocks[at].outcome != *without)
                    })
            };
            let mut missing = cases
                .iter()
                .zip(all)
                .filter(|(case, _)| case.slots[slot].is_none());
            if missing.any(|(case, tried)| differs(case, tried)) {
                found.insert((block, number(slot)));
            }
        }
    }
    found
}

/// The classifications that a block reads, also through others.
fn reads(sample: &Sample, at: usize) -> Vec<usize> {
    let mut read: Vec<usize> = Vec::new();
    for (place, name) in ["one ", "two "].iter().enumerate() {
        let mut parts = sample.blocks[at].iter().flat_map(|rule| &rule.parts);
        if place < at
            && parts.any(|part| {
                part.text.starts_with(name) || part.text.starts_with(&format!("not ({name}"))
            })
        {
            read.push(place);
            read.extend(reads(sample, place));
        }
    }
    read
}

/// Rules with a part that can be left out by itself: the condition stays true, false and unknown of the same
/// cases.
fn left_out(sample: &Sample, probed: &Probed, all: &[Tried]) -> BTreeSet<(Block, u32)> {
    let mut found = BTreeSet::new();
    for (at, block) in BLOCKS.into_iter().enumerate() {
        for (place, rule) in sample.blocks[at].iter().enumerate() {
            if rule.parts.len() < 2 || !all.iter().any(|tried| tried.blocks[at].fires[place]) {
                continue;
            }
            let whole = probed.texts[&rule.when()];
            let same = |out: usize| {
                let kept = probed.texts[&without(rule, out)];
                all.iter()
                    .all(|tried| tried.probes[kept] == tried.probes[whole])
            };
            if (0..rule.parts.len()).any(same) {
                found.insert((block, number(place)));
            }
        }
    }
    found
}

/// Parts of a condition that are said to contradict each other: they do, and no fewer of its parts do.
fn contradict(told: &[String], rule: &Rule, probed: &Probed, all: &[Tried]) -> Result<(), String> {
    let possible = |parts: &[&String]| {
        all.iter().any(|tried| {
            let mut parts = parts.iter();
            parts.all(|part| tried.probes[probed.texts[*part]] == RuleResult::True)
        })
    };
    let parts: Vec<&String> = told.iter().collect();
    if possible(&parts) {
        return Err(format!("{told:?} can be true together"));
    }
    for out in 0..parts.len() {
        let mut fewer = parts.clone();
        fewer.remove(out);
        if !possible(&fewer) {
            return Err(format!("{told:?} without {}", parts[out]));
        }
    }
    let known = rule.parts.iter().flat_map(|part| &part.conjuncts);
    let known: Vec<String> = known.map(|conjunct| bare(conjunct)).collect();
    // Every smaller choice of parts can be true together.
    for choice in 0..1u32 << known.len() {
        let chosen = known.iter().enumerate();
        let chosen = chosen.filter(|(at, _)| choice >> at & 1 == 1);
        let chosen: Vec<&String> = chosen.map(|(_, part)| part).collect();
        if chosen.len() < parts.len() && !possible(&chosen) {
            return Err(format!("{told:?}: {chosen:?} are enough"));
        }
    }
    Ok(())
}

/// A case as the tiers see it.
fn row<'a>(probed: &Probed, case: &'a Case, tried: &Tried) -> Row<'a> {
    let [one, two, route, sla] = &tried.blocks[..] else {
        panic!("{} blocks", tried.blocks.len());
    };
    let classified = [one, two]
        .into_iter()
        .zip(&probed.blocks)
        .map(|(block, seen)| {
            if seen.strategy != Picks::Collect {
                return block.outcome.iter().cloned().collect();
            }
            // Where the block does not count there is no set, and else perhaps an empty one.
            let taken = block.taken.iter().zip(&seen.outcomes);
            let taken = taken
                .filter(|(taken, _)| **taken)
                .map(|(_, outcome)| outcome.clone());
            let in_force = block.in_force.then(|| "a set".to_owned());
            taken.chain(in_force).collect()
        });
    Row {
        slots: &case.slots,
        classified: classified.collect(),
        routed: route.outcome.clone(),
        tier: sla
            .outcome
            .as_ref()
            .map(|tier| tier.parse().expect("a place")),
    }
}

/// What is written at a node, without the parentheses around it.
fn written(policy: &Policy, sample: &Sample, node: NodeId) -> String {
    let span = policy.program().span(node);
    let text = sample.text[span.start as usize..span.end as usize].trim();
    // A span ends before the parenthesis that closes it.
    let open = text.matches('(').count() - text.matches(')').count();
    bare(&format!("{text}{}", ")".repeat(open)))
}

/// Every difference between what the analysis says of a policy and what is so.
pub fn disagreements(sample: &Sample) -> Vec<String> {
    let plain = read(&sample.text);
    let found: Facts = caseway::analysis::findings(&plain);
    let probed = Probed::new(sample);
    let cases = cases(&plain);
    assert!(cases.len() <= 2_000, "{}", cases.len());
    let all: Vec<Tried> = cases
        .iter()
        .map(|case| tried(sample, &probed, case))
        .collect();
    let mut wrong = Vec::new();
    // What each of endlessly many values of a field does that is compared with another may stay unsettled.
    let unsettled = found.undecided != 0 && sample.text.contains(" due");
    if found.undecided != 0 && !unsettled {
        wrong.push(format!("{} undecided", found.undecided));
    }
    let mut said = BTreeSet::new();
    let (mut some_part, mut whole_part) = (BTreeSet::new(), BTreeSet::new());
    let (mut missing, mut beyond) = (BTreeSet::new(), BTreeSet::new());
    for fact in &found.facts {
        let block = fact.block;
        let claim = match &fact.claim {
            Claim::UnreachableRule(rule, by) => {
                let at = place(block);
                let takes = |by: &[u32]| {
                    let mut rows = all.iter().map(|tried| &tried.blocks[at]);
                    rows.all(|row| {
                        !(row.in_force && row.fires[*rule as usize])
                            || by.iter().any(|one| row.fires[*one as usize])
                    })
                };
                let mut fewer = (0..by.len()).map(|out| {
                    let mut by = by.clone();
                    by.remove(out);
                    by
                });
                if by.iter().any(|one| one >= rule) || !takes(by) {
                    wrong.push(format!("{fact:?}: they do not take it"));
                }
                if fewer.any(|by| takes(&by)) {
                    wrong.push(format!("{fact:?}: fewer take it"));
                }
                Claim::UnreachableRule(*rule, Vec::new())
            }
            Claim::NeverMatches(rule, parts) => {
                if let Some(at) = BLOCKS.iter().position(|one| *one == block) {
                    let own = &sample.blocks[at][*rule as usize];
                    let holds = |tried: &Tried| tried.blocks[at].holds[*rule as usize];
                    let by_dates = all.iter().any(holds);
                    if parts.is_empty() != by_dates {
                        wrong.push(format!("{fact:?}: {} parts", parts.len()));
                    }
                    if !parts.is_empty() && !own.is_row {
                        let told: Vec<String> = parts
                            .iter()
                            .map(|part| written(&plain, sample, *part))
                            .collect();
                        let unknown = told.iter().find(|part| !probed.texts.contains_key(*part));
                        assert_eq!(unknown, None, "{}", sample.text);
                        if let Err(why) = contradict(&told, own, &probed, &all) {
                            wrong.push(format!("{fact:?}: {why}"));
                        }
                    }
                }
                Claim::NeverMatches(*rule, Vec::new())
            }
            Claim::RedundantCondition(rule, _, list) => {
                if let Some(at) = BLOCKS.iter().position(|one| *one == block) {
                    some_part.insert((block, *rule));
                    let when = match block {
                        Block::Classification(place) => {
                            plain.program().classifications[place as usize].rules[*rule as usize]
                                .when
                        }
                        Block::Route => {
                            plain.program().route.as_ref().expect("a route").rules[*rule as usize]
                                .when
                        }
                        _ => plain.program().sla.as_ref().expect("tiers").tiers[*rule as usize]
                            .when
                            .expect("a condition"),
                    };
                    if *list == when && sample.blocks[at][*rule as usize].parts.len() > 1 {
                        whole_part.insert((block, *rule));
                    }
                }
                continue;
            }
            Claim::UnsetByMissing(slot) => {
                // Of fields without bounds only some values are tried: before the first date there is none.
                let witness = fact.witness.as_ref().expect("a witness");
                let tried = |(slot, value): (usize, &Option<Value>)| {
                    slot < 2 || cases.iter().any(|case| case.slots[slot] == *value)
                };
                match witness.slots.iter().enumerate().all(tried) {
                    true => missing.insert((block, *slot)),
                    false => beyond.insert((block, *slot)),
                };
                continue;
            }
            Claim::SlaInversion(_) => continue,
            other => other.clone(),
        };
        if let Some(witness) = &fact.witness {
            let slots = witness.slots.clone();
            let shown = tried(
                sample,
                &probed,
                &Case {
                    slots: slots.into(),
                },
            );
            if !shows(&plain, &shown, block, &claim) {
                wrong.push(format!("{fact:?}: the witness does not show it"));
            }
            if !witness.assumes.is_empty() {
                wrong.push(format!("{fact:?}: assumes"));
            }
        }
        said.insert((block, claim));
    }
    let so = truth(&plain, sample, &all);
    wrong.extend(
        said.difference(&so)
            .map(|claim| format!("not so: {claim:?}")),
    );
    wrong.extend(
        so.difference(&said)
            .map(|claim| format!("not said: {claim:?}")),
    );
    let rows: Vec<Row<'_>> = cases
        .iter()
        .zip(&all)
        .map(|(case, tried)| row(&probed, case, tried))
        .collect();
    wrong.extend(inversions_truth::disagreements(&plain, &found.facts, &rows));
    let same = left_out(sample, &probed, &all);
    wrong.extend(
        whole_part
            .difference(&same)
            .map(|rule| format!("not redundant: {rule:?}")),
    );
    wrong.extend(
        same.difference(&some_part)
            .map(|rule| format!("redundant: {rule:?}")),
    );
    let mut unset = unset(&plain, sample, &cases, &all);
    missing.extend(beyond.intersection(&unset).copied());
    let since = |slot: u32| plain.schema().fields[slot as usize].path == "since";
    unset.retain(|one| !(unsettled && since(one.1) && !missing.contains(one)));
    wrong.extend(
        missing
            .difference(&unset)
            .map(|one| format!("not unset: {one:?}")),
    );
    wrong.extend(
        unset
            .difference(&missing)
            .map(|one| format!("unset: {one:?}")),
    );
    for (place, proof) in found.guarantees.iter().enumerate() {
        let broken = so.contains(&(Block::Guarantee(number(place)), Claim::GuaranteeBroken));
        let wanted = if broken { Proof::Broken } else { Proof::Proved };
        if *proof != wanted {
            wrong.push(format!("guarantee {place}: {proof:?}"));
        }
    }
    wrong
}
