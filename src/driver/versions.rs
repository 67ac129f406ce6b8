//! Two versions of a policy: what they decide differently over all cases, and what else differs.
//!
//! After `analysis`; each case that shows a change is decided by both versions before it is told.

use super::concrete::Variants;
use super::decision::Decision;
use super::policy::Policy;
use super::schema_changes::{SchemaChange, schema_changes};
use super::wording::{WordingChange, wording_changes};
use super::{case_text, concrete};
use crate::analysis::{self, Alike, Change, Side, Version, Witness};
use crate::compile::{Program, RouteTarget, Type};
use crate::eval::{self, OTHERWISE, Shown};
use crate::source::Sources;
use crate::syntax::{self, ast};
use crate::value::{CaseFile, Value};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What `caseway diff --format json` prints, without recorded cases.
#[derive(Debug, Serialize)]
pub struct VersionsReport {
    /// Whether any case is decided differently, or the cases themselves are others.
    pub changed: bool,
    /// Changes of fields, events and enums.
    pub schema: Vec<SchemaChange>,
    /// Blocks that decide some cases differently.
    pub blocks: Vec<BlockReport>,
    /// Names of rules, labels and citations that differ; no case is decided differently by them.
    pub wording: Vec<WordingChange>,
    /// Questions that were not settled.
    pub undecided: usize,
}

/// A block that decides some cases differently.
#[derive(Debug, Serialize)]
pub struct BlockReport {
    /// What it is called, such as `classify.severity`.
    pub block: String,
    /// Each region of cases.
    pub changes: Vec<ChangeReport>,
}

/// Cases whose outcome changed.
#[derive(Debug, Serialize)]
pub struct ChangeReport {
    /// What the old version does.
    pub from: SideReport,
    /// What the new version does.
    pub to: SideReport,
    /// A case file that shows it; none for a change of what is no condition.
    pub witness: Option<Box<RawValue>>,
    /// Whether both versions have decided the witness so.
    pub certain: bool,
    /// The fields of the witness that matter, with their values as a policy writes them.
    #[serde(skip)]
    pub example: Vec<(String, Option<String>)>,
}

/// What a version does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideReport {
    /// The value, the role, the tier, …; null for nothing.
    pub outcome: serde_json::Value,
    /// The rule; null for nothing, or where several are taken.
    pub rule: Option<String>,
    /// What else the outcome says: queue, targets, steps, …
    #[serde(flatten)]
    pub details: BTreeMap<&'static str, serde_json::Value>,
}

/// Compares two versions.
pub fn versions_report(old: &Policy, new: &Policy) -> VersionsReport {
    let alike = alike(old, new);
    let found = analysis::changes(
        Version {
            schema: old.schema(),
            program: old.program(),
        },
        Version {
            schema: new.schema(),
            program: new.program(),
        },
        &alike,
    );
    let mut undecided = found.undecided;
    let mut blocks = Vec::new();
    for block in found.blocks {
        let mut changes = Vec::new();
        for change in &block.changes {
            match report(old, new, &block.block, change) {
                Some(report) => changes.push(report),
                None => undecided += 1,
            }
        }
        if !changes.is_empty() {
            blocks.push(BlockReport {
                block: block.block,
                changes,
            });
        }
    }
    let schema = schema_changes(old.schema(), new.schema());
    VersionsReport {
        changed: !blocks.is_empty() || !schema.is_empty(),
        schema,
        blocks,
        wording: wording_changes(old.model(), new.model()),
        undecided,
    }
}

/// Calendars that open at the same times, and functions of the same text.
fn alike(old: &Policy, new: &Policy) -> Alike {
    let calendars = |policy: &Policy| {
        let calendars = policy.model().calendars.iter();
        let texts = calendars.map(|calendar| {
            let holidays = calendar.holidays.as_ref();
            let hash = holidays.and_then(|name| policy.header().holidays.get(name));
            let text = format!("{:?} {hash:?}", calendar.definition(None));
            (calendar.declared.name.clone(), text)
        });
        texts.collect::<Vec<(String, String)>>()
    };
    let functions = |policy: &Policy| {
        let functions = policy.program().functions.iter();
        let texts = functions.map(|function| {
            let mut sources = policy.sources().iter();
            let text = sources.find(|(_, source)| source.name == function.file);
            let text = text.map(|(_, source)| source.text.to_string());
            let name = &function.named.name;
            let text = format!(
                "{name} {:?} {:?} {text:?}",
                function.parameters, function.result
            );
            (name.clone(), text)
        });
        texts.collect::<Vec<(String, String)>>()
    };
    // Of several that are the same, the one of the same name.
    let matched = |before: Vec<(String, String)>, after: Vec<(String, String)>| {
        let names: BTreeMap<_, u32> = after.iter().zip(0u32..).collect();
        let texts: BTreeMap<&String, u32> =
            after.iter().map(|(_, text)| text).zip(0u32..).collect();
        let place = |own: &(String, String)| names.get(own).or_else(|| texts.get(&own.1)).copied();
        before.iter().map(place).collect()
    };
    Alike {
        calendars: matched(calendars(old), calendars(new)),
        functions: matched(functions(old), functions(new)),
    }
}

/// A change as it is told; none when its case does not show it.
fn report(old: &Policy, new: &Policy, block: &str, change: &Change) -> Option<ChangeReport> {
    let mut report = ChangeReport {
        from: side(old, block, &change.from),
        to: side(new, block, &change.to),
        witness: None,
        certain: true,
        example: Vec::new(),
    };
    let Some(witness) = &change.witness else {
        return Some(report);
    };
    let file = case_text::file(new.program(), witness);
    let programs = [old.program(), new.program()];
    let file = match shows([old, new], programs, block, change, &file) {
        true => file,
        false if witness.assumes.is_empty() => return None,
        false => varied([old, new], block, change, witness, file)?,
    };
    report.certain = witness.assumes.is_empty();
    let json = case_text::json(new.schema(), new.program(), &file);
    report.witness = RawValue::from_string(json).ok();
    report.example = case_text::example(new.schema(), new.program(), witness)
        .into_iter()
        .filter(|(_, value)| value.is_some())
        .collect();
    if report.example.is_empty() {
        report.example = case_text::example(new.schema(), new.program(), witness);
    }
    Some(report)
}

/// A case that shows a change of which the witness does so only if opaque parts of conditions come out as it
/// assumes: a variant in which they do, or else the witness, decided with these parts standing for what they are
/// assumed to be.
fn varied(
    [old, new]: [&Policy; 2],
    block: &str,
    change: &Change,
    witness: &Witness,
    file: CaseFile,
) -> Option<CaseFile> {
    let programs = [old.program(), new.program()];
    let variants = Variants {
        schema: new.schema(),
        program: new.program(),
        scripts: new.scripts(),
    };
    let variant = variants.find(&witness.assumes, &file, |file| {
        shows([old, new], programs, block, change, file)
    });
    if variant.is_some() {
        return variant;
    }
    let stubbed = |program: &Program, old: bool| {
        let stands = witness.stands.iter().filter(|stand| stand.old == old);
        program.standing_in(stands.map(|stand| (stand.part, stand.value.clone())))
    };
    let [before, after] = [stubbed(old.program(), true), stubbed(new.program(), false)];
    let shown = shows([old, new], [&before, &after], block, change, &file);
    debug_assert!(shown, "a case that shows nothing as assumed: {change:?}");
    shown.then_some(file)
}

/// Whether the two versions, decided by these programs of theirs, take of a case what the change says.
fn shows(
    [old, new]: [&Policy; 2],
    programs: [&Program; 2],
    block: &str,
    change: &Change,
    file: &CaseFile,
) -> bool {
    let json = case_text::json(new.schema(), new.program(), file);
    let at = concrete::decided_at(new.program(), file);
    let decide = |policy: &Policy, program: &Program, file: &CaseFile| {
        let (case, events) = (&file.case, &file.events);
        let decision = eval::decide(program, case, events, at, policy.scripts());
        Decision::new(policy.clone(), decision)
    };
    // The old version reads the case for itself. What has a field that it does not know, it cannot.
    let Ok(before) = old.case_from_json(&json) else {
        return true;
    };
    let before = decide(old, programs[0], &before);
    let after = decide(new, programs[1], file);
    let (kind, name) = block.split_once('.').unwrap_or((block, ""));
    let taken = |decision: &Decision| match kind {
        "classify" => {
            let found = decision.classification(name);
            found.map(|found| found.rules.iter().map(|rule| (*rule).to_owned()).collect())
        }
        "route" => decision
            .route()
            .map(|route| route.rule.into_iter().map(str::to_owned).collect()),
        "sla" => decision
            .sla()
            .map(|sla| sla.tier.into_iter().map(str::to_owned).collect()),
        _ => None,
    };
    let expected = |policy: &Policy, side: &Side| {
        let report = self::side(policy, block, side);
        let rules = report
            .details
            .get("rules")
            .and_then(|rules| rules.as_array())
            .map(|rules| {
                let names = rules
                    .iter()
                    .filter_map(|rule| rule.as_str().map(str::to_owned));
                names.collect::<Vec<String>>()
            });
        rules.unwrap_or_else(|| report.rule.into_iter().collect())
    };
    let found: [Option<Vec<String>>; 2] = [taken(&before), taken(&after)];
    match found {
        [Some(was), Some(is)] => {
            was == expected(old, &change.from) && is == expected(new, &change.to)
        }
        _ => without_policy(&before) != without_policy(&after) || !DECIDES.contains(&kind),
    }
}

/// Blocks whose changes stand in decisions at once; those of clocks and duties may show later only.
const DECIDES: [&str; 3] = ["classify", "route", "sla"];

/// A decision without what names the policy and its version.
fn without_policy(decision: &Decision) -> serde_json::Value {
    let mut value = serde_json::to_value(decision).unwrap_or_default();
    if let Some(map) = value.as_object_mut() {
        map.remove("policy");
    }
    value
}

/// What a version does, by the names of its program.
fn side(policy: &Policy, block: &str, side: &Side) -> SideReport {
    let program = policy.program();
    let mut report = SideReport {
        outcome: serde_json::Value::Null,
        rule: None,
        details: BTreeMap::new(),
    };
    if *side == Side::Definition {
        let text = definition(policy, block);
        report.outcome = text.map_or(serde_json::Value::Null, Into::into);
        return report;
    }
    let (kind, name) = block.split_once('.').unwrap_or((block, ""));
    match kind {
        "classify" => classified(program, name, side, &mut report),
        "route" => {
            let route = program.route.as_ref();
            let target = match side {
                Side::Rule(rule) => {
                    let rule = route.and_then(|route| route.rules.get(*rule as usize));
                    report.rule = rule.map(|rule| rule.named.name.clone());
                    rule.map(|rule| &rule.target)
                }
                Side::Otherwise => {
                    report.rule = Some(OTHERWISE.to_owned());
                    route.and_then(|route| route.otherwise.as_ref())
                }
                Side::Nothing | Side::Rules(_) | Side::Definition => None,
            };
            if let Some(target) = target {
                routed(program, target, &mut report);
            }
        }
        "sla" => {
            let tiers = program.sla.as_ref().map(|sla| &sla.tiers);
            let tier = tiers.and_then(|tiers| match side {
                Side::Rule(rule) => tiers.get(*rule as usize),
                Side::Otherwise => tiers.last(),
                Side::Nothing | Side::Rules(_) | Side::Definition => None,
            });
            if let Some(tier) = tier {
                report.outcome = tier.named.name.clone().into();
                report.rule = Some(tier.named.name.clone());
                let targets = tier.targets.iter().filter_map(|(clock, target)| {
                    let clock = program.clocks.get(*clock as usize)?;
                    Some((
                        clock.named.name.clone(),
                        program.target_text(*target).into(),
                    ))
                });
                let targets: serde_json::Map<String, serde_json::Value> = targets.collect();
                report.details.insert("targets", targets.into());
                report.details.insert("steps", steps(program, &tier.steps));
            }
        }
        "retain" => {
            let places = match side {
                Side::Rules(places) => places.clone(),
                _ => Vec::new(),
            };
            let blocks = places
                .iter()
                .filter_map(|place| program.retains.get(*place as usize));
            let texts = blocks.map(|block| retained(policy, block));
            let texts: Vec<String> = texts.collect();
            report.outcome = texts.into();
        }
        "require" => {
            report.outcome = match side {
                Side::Rule(0) => "met".into(),
                Side::Rule(_) => "not met".into(),
                _ => serde_json::Value::Null,
            };
        }
        "clock" => {
            let words = ["stop", "pause", "cancel", "reset"];
            if let Side::Rules(places) = side {
                let words = places.iter().filter_map(|place| words.get(*place as usize));
                report.outcome = words.copied().collect::<Vec<_>>().into();
            }
        }
        _ => {
            report.outcome = match side {
                Side::Nothing => serde_json::Value::Null,
                _ if kind == "hold" => "open".into(),
                _ => definition(policy, block).map_or("listed".into(), Into::into),
            };
        }
    }
    report
}

fn classified(program: &Program, name: &str, side: &Side, report: &mut SideReport) {
    let mut blocks = program.classifications.iter();
    let Some(block) = blocks.find(|block| block.named.name == name) else {
        return;
    };
    let shown = |value: &Value, ty: &Type| {
        let shown = Shown { program, ty, value };
        serde_json::to_value(shown).unwrap_or_default()
    };
    match side {
        Side::Rule(rule) => {
            if let Some(rule) = block.rules.get(*rule as usize) {
                report.outcome = shown(&rule.then, &block.outcome);
                report.rule = Some(rule.named.name.clone());
            }
        }
        Side::Otherwise => {
            if let Some((value, _)) = &block.otherwise {
                report.outcome = shown(value, &block.outcome);
                report.rule = Some(OTHERWISE.to_owned());
            }
        }
        Side::Rules(places) => {
            let rules = places
                .iter()
                .filter_map(|place| block.rules.get(*place as usize));
            let rules: Vec<_> = rules.collect();
            let values = Value::set(rules.iter().map(|rule| rule.then.clone()).collect());
            report.outcome = shown(&values, &block.ty);
            let names = rules.iter().map(|rule| rule.named.name.clone());
            report
                .details
                .insert("rules", names.collect::<Vec<_>>().into());
        }
        Side::Nothing | Side::Definition => {}
    }
}

fn routed(program: &Program, target: &RouteTarget, report: &mut SideReport) {
    let role = |place: u32| {
        program
            .roles
            .get(place as usize)
            .map(|role| role.name.clone())
    };
    report.outcome = role(target.role).map_or(serde_json::Value::Null, Into::into);
    let queue = target
        .queue
        .and_then(|queue| program.queues.get(queue as usize));
    report
        .details
        .insert("queue", queue.map(|queue| queue.name.clone()).into());
    let with: Vec<String> = target.with.iter().filter_map(|one| role(*one)).collect();
    report.details.insert("with", with.into());
    report
        .details
        .insert("steps", steps(program, &target.steps));
}

/// Warnings and escalations, as their keys end: when, and to whom.
fn steps(program: &Program, steps: &[crate::compile::Step]) -> serde_json::Value {
    let texts = steps.iter().map(|step| {
        let clock = program.clocks.get(step.clock as usize);
        let clock = clock.map_or("", |clock| &clock.named.name);
        // The key begins with the block and the rule.
        let rest: Vec<&str> = step.key.split('.').skip(2).collect();
        format!("{} of {clock}", rest.join(" "))
    });
    texts.collect::<Vec<String>>().into()
}

fn retained(policy: &Policy, block: &crate::compile::Retain) -> String {
    one_line(policy.sources(), block.span)
}

/// The whole text of an item, on one line.
fn definition(policy: &Policy, block: &str) -> Option<String> {
    let (kind, name) = block.split_once('.')?;
    let sources = policy.sources();
    let policies = sources
        .iter()
        .filter(|(_, source)| source.name.ends_with(".policy"));
    for (id, source) in policies {
        let (file, _) = syntax::parse(id, &source.text);
        let found = file.items.iter().find(|item| {
            let declared = match (&item.kind, kind) {
                (ast::ItemKind::Calendar(one), "calendar") => &one.declared,
                (ast::ItemKind::Clock(one), "clock") => &one.declared,
                (ast::ItemKind::FollowUp(one), "follow_up") => &one.declared,
                _ => return false,
            };
            declared.name.text == name
        });
        if let Some(item) = found {
            return Some(one_line(sources, item.span));
        }
    }
    None
}

fn one_line(sources: &Sources, span: crate::source::Span) -> String {
    let words: Vec<&str> = sources.slice(span).split_whitespace().collect();
    words.join(" ")
}
