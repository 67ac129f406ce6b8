//! What is fuzzed: one function for each target, which takes any bytes and panics where the engine breaks a
//! promise; and the seeds of each, made from the policies and templates that ship.

#![allow(
    clippy::disallowed_methods,
    reason = "seeds are read from the files that ship"
)]

use caseway::analysis::findings_within;
use caseway::config::RowFormat;
use caseway::diag::{Level, RenderOptions, render};
use caseway::driver::check_sources;
use caseway::eval::{Site, TracedBlock};
use caseway::format::format;
use caseway::ingest::{Groups, RowReader, Rows, opened_at};
use caseway::source::SourceId;
use caseway::syntax::{parse, parse_with_outline};
use caseway::{CaseFile, Duration, Instant, Policy};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Something to fuzz.
pub struct Target {
    /// Its name, the same as that of its function.
    pub name: &'static str,
    /// Runs it on any bytes.
    pub run: fn(&[u8]),
    /// Bytes to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const TARGETS: [Target; 6] = [
    Target {
        name: "policy_text",
        run: policy_text,
        seeds: policy_texts,
    },
    Target {
        name: "policy_and_case",
        run: policy_and_case,
        seeds: policies_and_cases,
    },
    Target {
        name: "mapping_and_csv",
        run: mapping_and_csv,
        seeds: mappings_and_rows,
    },
    Target {
        name: "event_log",
        run: event_log,
        seeds: event_logs,
    },
    Target {
        name: "format_round_trip",
        run: format_round_trip,
        seeds: policy_texts,
    },
    Target {
        name: "compiled_against_plain",
        run: compiled_against_plain,
        seeds: policies_and_cases,
    },
];

/// Longer input is cut: limits on length are held to by other tests.
const LONGEST: usize = 20_000;
/// What questions about all cases may cost together.
const BUDGET: u64 = 100_000;
/// Parts the parts of an input.
const PART: u8 = 0;

const SETTINGS: &str =
    "[policy]\nname = \"fuzz\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
const CASE: &str = "case { id: text opened_at: instant n: integer from 0 to 1000 optional vip: bool default false word: text optional
  amount: decimal(2) optional due: date optional level: one of { low < mid < high } optional tags: set of text default {}
  customer: { name: text optional tier: one of { gold, plain } default plain } optional }
events { called, closed, waiting }
";
const RULES: &str = "role desk role engineer queue noc
classify kind as one of { easy < hard } { first match
  rule many when n >= 10 or tags contains \"x\" then hard
  rule worded when word matches \"a+b\" and not vip then hard
  otherwise easy }
route { first match rule hard when kind is hard to engineer in queue noc otherwise to desk }
clock answer { stop on called pause when level is low reset on waiting }
sla { tier fast when vip { answer 1h } otherwise tier slow { answer 8h of office } }
calendar office { open mon to fri 09:00-17:30 }
";

fn text_of(data: &[u8]) -> String {
    let data = data.get(..LONGEST).unwrap_or(data);
    String::from_utf8_lossy(data).into_owned()
}

/// A policy text: read both ways, checked and asked about; each finding is drawn.
pub fn policy_text(data: &[u8]) {
    let text = text_of(data);
    // What is read from tokens is read by the grammar with the same tree.
    let (quick, told) = parse(SourceId(0), &text);
    let (plain, words, _) = parse_with_outline(SourceId(0), &text);
    assert_eq!(format!("{quick:?}"), format!("{plain:?}"));
    assert_eq!(format!("{told:?}"), format!("{words:?}"));
    let whole = text.contains("opened_at");
    let mut files = vec![
        ("caseway.toml".to_owned(), SETTINGS.to_owned()),
        ("fuzz.policy".to_owned(), text),
    ];
    if !whole {
        files.push(("case.policy".to_owned(), CASE.to_owned()));
    }
    let Ok(checked) = check_sources(files) else {
        panic!("a folder with settings is a policy folder");
    };
    let options = RenderOptions {
        color: false,
        width: 80,
    };
    for finding in checked.findings.iter().take(50) {
        assert!(!render(finding, &checked.sources, options).is_empty());
    }
    if let Some(policy) = &checked.policy {
        let found = findings_within(policy, BUDGET);
        assert_eq!(found.guarantees.len(), policy.program().guarantees.len());
    }
}

/// Policies that ship, and one of a few lines that has something of everything.
fn packs() -> &'static [Policy] {
    static PACKS: OnceLock<Vec<Policy>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let small = [
            ("caseway.toml", SETTINGS),
            ("case.policy", CASE),
            ("rules.policy", RULES),
        ];
        let mut packs = match Policy::from_sources(small) {
            Ok(small) => vec![small],
            Err(error) => panic!("{error}"),
        };
        for folder in folders() {
            match Policy::load(&folder) {
                Ok(policy) => packs.push(policy),
                Err(error) => panic!("{}: {error}", folder.display()),
            }
        }
        packs
    })
}

/// The policy that the first byte picks, and the case that the others are, if they are one.
fn picked(data: &[u8]) -> Option<(&'static Policy, CaseFile)> {
    let (first, rest) = data.split_first()?;
    let policy = packs().get(usize::from(*first) % packs().len())?;
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    match policy.reader().read_json(rest) {
        Ok(file) => Some((policy, file)),
        Err(refusal) => {
            assert!(!refusal.message.to_string().is_empty());
            let json = serde_json::to_value(&refusal);
            assert!(json.is_ok_and(|json| json["code"].is_string()));
            None
        }
    }
}

/// The instant that a case names, or that of its last event, or that at which it was opened.
fn instant(policy: &Policy, file: &CaseFile) -> Option<Instant> {
    let last = file.events.last().map(|event| event.at);
    file.at
        .or(last)
        .or_else(|| opened_at(policy.schema(), &file.case))
}

fn decided(policy: &Policy, file: &CaseFile, at: Instant) -> Value {
    let decision = policy.decide(&file.case, &file.events, at);
    if let Some(next) = decision.next_change_at() {
        assert!(next > at, "a change that is past");
    }
    let json = serde_json::to_value(&decision);
    json.unwrap_or_else(|error| panic!("a decision is JSON: {error}"))
}

/// A policy and a case: read, decided, told.
pub fn policy_and_case(data: &[u8]) {
    let Some((policy, file)) = picked(data) else {
        return;
    };
    let Some(at) = instant(policy, &file) else {
        return;
    };
    let json = decided(policy, &file, at);
    assert_eq!(json, decided(policy, &file, at), "the same again");
    assert!(json["policy"]["hash"].is_string());
}

/// A decision by the engine as it runs, and by another path through it: the rules that a trace says were
/// taken, and those that the decision names.
pub fn compiled_against_plain(data: &[u8]) {
    let Some((policy, file)) = picked(data) else {
        return;
    };
    let Some(at) = instant(policy, &file) else {
        return;
    };
    let json = decided(policy, &file, at);
    let taken = taken_plainly(policy, &file, at);
    for (block, rules) in taken {
        let decided = match &block {
            Some(name) => &json["classification"][name.as_str()],
            None => &json["route"],
        };
        let named: Vec<&str> = match (&decided["rules"], &decided["rule"]) {
            (Value::Array(all), _) => all.iter().filter_map(Value::as_str).collect(),
            (_, Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        };
        assert_eq!(named, rules, "{block:?}");
    }
}

/// The rules that each classification, by its name, and the route take, worked out without whatever makes
/// [`Policy::decide`] quick.
fn taken_plainly(
    policy: &Policy,
    file: &CaseFile,
    at: Instant,
) -> Vec<(Option<String>, Vec<String>)> {
    let program = policy.program();
    let trace = policy.trace(&file.case, &file.events, at);
    let mut all = Vec::new();
    for block in &trace.blocks {
        let name = match block.block {
            TracedBlock::Site(Site::Classification(place)) => {
                let block = program.classifications.get(place as usize);
                Some(
                    block
                        .map(|block| block.named.name.clone())
                        .unwrap_or_default(),
                )
            }
            TracedBlock::Site(Site::Route) => None,
            _ => continue,
        };
        let taken = block.rules.iter().filter(|rule| rule.taken);
        let names = taken.map(|rule| program.part_name(block.block, rule.part));
        all.push((name, names.collect()));
    }
    all
}

/// A mapping, behind a NUL rows: read as cases and decided.
pub fn mapping_and_csv(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == PART);
    let (Some(mapping), Some(rows)) = (parts.next(), parts.next()) else {
        return;
    };
    let settings = format!("{SETTINGS}{}", text_of(mapping));
    let files = [
        ("caseway.toml", settings.as_str()),
        ("case.policy", CASE),
        ("rules.policy", RULES),
    ];
    if let Ok(policy) = Policy::from_sources(files) {
        decide_rows(&policy, rows.get(..LONGEST).unwrap_or(rows));
    }
}

fn decide_rows(policy: &Policy, bytes: &[u8]) {
    for mapping in policy.config().mappings.values() {
        let form = mapping.format.unwrap_or(RowFormat::Csv);
        let mut rows = Rows::new(bytes, form);
        let header = match form {
            RowFormat::Csv => rows.next_row().unwrap_or_default(),
            RowFormat::Ndjson => None,
        };
        let reader = RowReader::new(policy.reader(), Some(mapping), form, header.as_ref());
        let Ok(reader) = reader else {
            continue;
        };
        let mut groups = Groups::new(&mut rows, &reader);
        while let Ok(Some(group)) = groups.next_case() {
            let read = reader.read_case(&group);
            match read.case {
                Ok(file) => {
                    if let Some(at) = instant(policy, &file) {
                        decided(policy, &file, at);
                    }
                }
                Err(refusal) => assert!(!refusal.message.to_string().is_empty()),
            }
        }
    }
}

/// A log of events: by the first byte a case file with events of a policy that ships, or rows with one key
/// through a mapping. Decided at each event, before and after it; what is due does not lie in the past.
pub fn event_log(data: &[u8]) {
    if let Some(rows) = data.strip_prefix(b"\xff") {
        let policy = packs()
            .iter()
            .find(|policy| policy.config().mappings.contains_key("log"));
        if let Some(policy) = policy {
            decide_rows(policy, rows.get(..LONGEST).unwrap_or(rows));
        }
        return;
    }
    let Some((policy, file)) = picked(data) else {
        return;
    };
    let Some(opened) = opened_at(policy.schema(), &file.case) else {
        return;
    };
    let mut instants: Vec<Instant> = file.events.iter().map(|event| event.at).take(8).collect();
    instants.push(opened);
    for at in instants {
        for later in [-1, 0, 1, 3_600_000] {
            let Some(at) = at.plus(Duration::from_millis(later)) else {
                continue;
            };
            if at < opened {
                continue;
            }
            let decision = policy.decide(&file.case, &file.events, at);
            let json = decided(policy, &file, at);
            let clocks = json["sla"]["clocks"].as_object();
            for name in clocks.into_iter().flat_map(serde_json::Map::keys) {
                let spent = decision.ledger(name);
                let spent = spent.iter().filter_map(|entry| entry.amount);
                assert!(
                    spent.into_iter().all(|amount| amount.millis() >= 0),
                    "{name}"
                );
            }
        }
    }
}

/// A policy text that can be read is laid out so that it reads the same; laying it out again changes nothing.
pub fn format_round_trip(data: &[u8]) {
    let text = text_of(data);
    let id = SourceId::default();
    match format(id, &text) {
        Ok(formatted) => {
            assert_eq!(
                format(id, &formatted).ok(),
                Some(formatted),
                "a second time"
            );
        }
        Err(findings) => {
            assert!(
                findings
                    .iter()
                    .all(|finding| finding.code != "format-refused"),
                "it reads otherwise"
            );
            let (_, found) = parse(id, &text);
            assert!(found.iter().any(|finding| finding.level == Level::Error));
        }
    }
}

/// Folders of policies and templates that ship, in order of their names.
fn folders() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = match own.join("policies").is_dir() {
        true => own,
        false => own.parent().unwrap_or(own),
    };
    let mut found: Vec<PathBuf> = ["policies", "templates"]
        .iter()
        .flat_map(|kind| entries(&root.join(kind)))
        .filter(|folder| folder.join("caseway.toml").is_file())
        .collect();
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The files of a folder and of those in it that end in something.
fn files(folder: &Path, ending: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|own| own == ending) {
            found.extend(std::fs::read(&path));
        }
    }
    found
}

fn policy_texts() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = folders()
        .iter()
        .flat_map(|folder| files(folder, "policy"))
        .collect();
    seeds.extend([CASE, RULES].map(|text| text.as_bytes().to_vec()));
    // Items one by one: short texts are quick, and more is tried of each.
    let items: Vec<Vec<u8>> = seeds
        .iter()
        .flat_map(|seed| {
            let text = String::from_utf8_lossy(seed).into_owned();
            let parts = text.split("\n\n").map(|part| part.as_bytes().to_vec());
            parts.collect::<Vec<_>>()
        })
        .collect();
    seeds.extend(items);
    seeds
}

fn policies_and_cases() -> Vec<Vec<u8>> {
    let own = br#"{"case":{"id":"1","opened_at":"2026-03-02T10:00:00+08:00","n":12,"vip":true,"word":"aab","amount":"1.50","due":"2026-03-03","level":"mid","tags":["x"],"customer":{"name":"a","tier":"gold"}},"events":[{"at":"2026-03-02T11:00:00+08:00","event":"waiting"},{"at":"2026-03-02T12:00:00+08:00","set":{"n":null,"level":"low"}},{"at":"2026-03-03T12:00:00+08:00","event":"called"}],"at":"2026-03-04T10:00:00+08:00"}"#;
    let mut seeds = vec![[&[0], own.as_slice()].concat()];
    for (place, folder) in (1u8..).zip(folders()) {
        let cases = files(&folder, "json");
        seeds.extend(
            cases
                .iter()
                .map(|case| [&[place], case.as_slice()].concat()),
        );
    }
    seeds
}

fn mappings_and_rows() -> Vec<Vec<u8>> {
    let mapping = "[mapping.m]\nformat = \"csv\"\n[mapping.m.fields]\nid = \"No\"\nopened_at = { column = \"Opened\", format = \"%d.%m.%Y %H:%M\" }
n = \"N\"\nvip = { column = \"VIP\", values = { \"yes\" = true, \"no\" = false } }\nword = { column = \"Text\" }\nlevel = { value = \"mid\" }
[[mapping.m.events]]\nevent = \"called\"\nat = \"Called\"\n";
    let rows = "No,Opened,N,VIP,Text,Note,Called\n1,02.03.2026 10:00,5,yes,\"a,\"\"b\"\"\",,02.03.2026 11:00\n2,03.03.2026 09:30,,no,aab,x,\n";
    let log = "[mapping.l]\nformat = \"ndjson\"\n[mapping.l.fields]\nid = \"id\"\nopened_at = \"at\"\n[mapping.l.log]\nkey = \"id\"\nat = \"at\"\nkind = \"kind\"\ngrouped = false\n[mapping.l.log.kinds]\nopen = { opens = true }\ncall = \"called\"\n";
    let lines = "{\"id\":\"1\",\"at\":\"2026-03-02T10:00:00+08:00\",\"kind\":\"open\"}\n{\"id\":\"1\",\"at\":\"2026-03-02T11:00:00+08:00\",\"kind\":\"call\"}\n";
    let mut seeds: Vec<Vec<u8>> = [(mapping, rows), (log, lines)]
        .iter()
        .map(|(mapping, rows)| [mapping.as_bytes(), &[PART], rows.as_bytes()].concat())
        .collect();
    for folder in folders() {
        for settings in files(&folder, "toml") {
            let text = String::from_utf8_lossy(&settings).into_owned();
            let Some(at) = text.find("[mapping.") else {
                continue;
            };
            let mapping = text.get(at..).unwrap_or("");
            for rows in files(&folder, "csv") {
                let rows = rows.get(..1_000).unwrap_or(&rows);
                seeds.push([mapping.as_bytes(), &[PART], rows].concat());
            }
        }
    }
    seeds
}

fn event_logs() -> Vec<Vec<u8>> {
    let mut seeds = policies_and_cases();
    for folder in folders() {
        let logs = entries(&folder);
        let logs = logs
            .iter()
            .filter(|path| path.ends_with("sample-events.csv"));
        let texts = logs.filter_map(|path| std::fs::read(path).ok());
        seeds.extend(texts.map(|text| [b"\xff", text.as_slice()].concat()));
    }
    seeds
}
