//! JSON Schemas: they are valid, accept what Caseway accepts and prints, and refuse their bad twins.

use super::command::Folder;
use super::support::{OPENED, SETTINGS, policy, policy_with};
use caseway::json_schema::Subject;
use caseway::message::Language;
use caseway::model::{RawRecord, RawValue, TestEvent};
use caseway::{CaseFile, Policy};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All policies that ship, templates too.
fn packs() -> Vec<PathBuf> {
    let mut packs: Vec<PathBuf> = ["policies", "templates"]
        .iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("caseway.toml").is_file())
        .collect();
    packs.sort();
    assert!(packs.len() >= 7);
    packs
}

fn schema(policy: &Policy, subject: Subject) -> Value {
    let schema = policy.json_schema(subject, Language::English);
    serde_json::to_value(&schema).expect("a schema is JSON")
}

/// The same without room for other keys, so that nothing is printed of which the schema is silent.
fn closed(mut schema: Value) -> Value {
    fn close(node: &mut Value) {
        match node {
            Value::Object(entries) => {
                entries.values_mut().for_each(close);
                if entries.contains_key("properties") {
                    entries
                        .entry("additionalProperties")
                        .or_insert(json!(false));
                }
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    close(&mut schema);
    schema
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema)
        .unwrap_or_else(|error| panic!("{error}: {schema}"));
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap_or_else(|error| panic!("{error}: {schema}"))
}

#[track_caller]
fn accepts(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}\n{value:#}");
}

fn read(policy: &Policy, case: &Value) -> Option<CaseFile> {
    policy.case_from_json(&case.to_string()).ok()
}

fn decided(policy: &Policy, file: &CaseFile) -> Value {
    let last = file.events.last().map(|event| event.at);
    let opened = policy.schema().opened_at;
    let opened = match file.case.slots.get(opened.0 as usize) {
        Some(Some(caseway::value::Value::Instant(at))) => *at,
        other => panic!("a case has an opened_at: {other:?}"),
    };
    let at = file.at.or(last).unwrap_or(opened);
    let decision = policy.decide(&file.case, &file.events, at);
    serde_json::to_value(&decision).expect("a decision is JSON")
}

/// The case files of a pack.
fn case_files(pack: &Path) -> Vec<(String, Value)> {
    let Ok(entries) = fs::read_dir(pack.join("cases")) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&path).expect("readable");
        if name.ends_with(".json") {
            cases.push((name, serde_json::from_str(&text).expect("JSON")));
        } else if name.ends_with(".ndjson") {
            let lines = text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .enumerate();
            cases.extend(lines.map(|(at, line)| {
                (
                    format!("{name}:{}", at + 1),
                    serde_json::from_str(line).expect("JSON"),
                )
            }));
        }
    }
    cases
}

fn record(record: &RawRecord) -> Value {
    let entries = record.iter();
    Value::Object(
        entries
            .map(|(name, value)| (name.clone(), raw(value)))
            .collect(),
    )
}

fn raw(value: &RawValue) -> Value {
    match value {
        RawValue::Missing => Value::Null,
        RawValue::Bool(value) => json!(value),
        RawValue::Number(text) => serde_json::from_str(text).expect("a number"),
        RawValue::Text(text) => json!(text),
        RawValue::Set(items) => items.iter().map(raw).collect(),
        RawValue::Record(entries) => record(entries),
    }
}

/// The cases that the policy's own tests write, as case files.
fn test_cases(policy: &Policy) -> Vec<(String, Value)> {
    let zone = policy.zone();
    let tests = policy.model().tests.iter().map(|test| {
        let events: Vec<Value> = test
            .events
            .iter()
            .map(|(at, event)| match event {
                TestEvent::Event(id) => {
                    let name = &policy.schema().events[id.0 as usize].0;
                    json!({ "at": at.format(zone), "event": name })
                }
                TestEvent::Set(fields) => json!({ "at": at.format(zone), "set": record(fields) }),
            })
            .collect();
        let at = test.at.map(|at| at.format(zone));
        (
            test.name.clone(),
            json!({ "case": record(&test.case), "events": events, "at": at }),
        )
    });
    tests.collect()
}

#[test]
fn cases_of_the_packs_fit_and_so_do_their_decisions() {
    let (mut fitting, mut refused) = (0, 0);
    for pack in packs() {
        let policy = Policy::load(&pack).expect("a policy");
        let name = pack.display().to_string();
        let case = validator(&schema(&policy, Subject::Case));
        let decision = validator(&closed(schema(&policy, Subject::Decision)));
        for (what, file) in case_files(&pack).into_iter().chain(test_cases(&policy)) {
            let what = format!("{name}: {what}");
            match read(&policy, &file) {
                Some(read) => {
                    fitting += 1;
                    accepts(&case, &file, &what);
                    accepts(&decision, &decided(&policy, &read), &what);
                    // The bare case as well.
                    accepts(&case, &file["case"], &what);
                    let mut twin = file.clone();
                    twin["case"]
                        .as_object_mut()
                        .expect("a case")
                        .remove("opened_at");
                    assert!(!case.is_valid(&twin), "{what}");
                    let mut twin = file.clone();
                    twin["case"]["not_a_field"] = json!(1);
                    assert!(!case.is_valid(&twin), "{what}");
                }
                None => {
                    refused += 1;
                    assert!(!case.is_valid(&file), "{what} is refused: {file}");
                }
            }
        }
    }
    assert!(
        fitting > 300 && refused > 5,
        "{fitting} fit, {refused} are refused"
    );
}

#[test]
fn a_decision_with_another_word_or_without_a_key_does_not_fit() {
    let pack = root().join("policies/telecom-service");
    let policy = Policy::load(&pack).expect("a policy");
    let validator = validator(&schema(&policy, Subject::Decision));
    let (_, file) = case_files(&pack).remove(0);
    let good = decided(&policy, &read(&policy, &file).expect("a case"));
    accepts(&validator, &good, "as it is");
    // Another version may add keys.
    let mut more = good.clone();
    more["route"]["new_key"] = json!(1);
    accepts(&validator, &more, "with one more key");
    for (pointer, bad) in [
        ("/case", json!(1)),
        ("/at", json!("2026-03-02")),
        ("/policy/hash", json!("sha256:0")),
        ("/classification/severity/value", json!("urgent")),
        ("/classification/severity/because", json!("1.6")),
        ("/classification/contents/value", json!("fault_handling")),
        ("/route/role", json!("nobody")),
        ("/route/queue", json!("nowhere")),
        ("/route/with/0", json!("nobody")),
        ("/route/escalations", json!({})),
        ("/sla/tier", json!("gold")),
        ("/sla/clocks/respond/state", json!("stopped")),
        ("/sla/clocks/respond/elapsed_s", json!(1.5)),
        ("/sla/clocks/respond/calendar", json!("nowhere")),
        ("/sla/clocks/resolve/flag", json!("late")),
        ("/retention/ticket/phase", json!("gone")),
        ("/follow_ups/0/done", json!("no")),
        ("/waiting_for", json!(null)),
        (
            "/problems",
            json!([{ "code": "oops", "block": "route", "rules": [], "message": "" }]),
        ),
        ("/ignored_events", json!(-1)),
    ] {
        let mut twin = good.clone();
        *twin
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{pointer}: {good:#}")) = bad;
        assert!(!validator.is_valid(&twin), "{pointer}");
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let mut twin = good.clone();
        let holder = twin.pointer_mut(parent).and_then(Value::as_object_mut);
        if let Some(holder) = holder {
            holder.remove(key);
            assert!(!validator.is_valid(&twin), "without {pointer}");
        }
    }
}

const EVERY_TYPE: &str = r#"
    yes "Ja": bool optional
    count: integer from -3 to 5 optional
    price: decimal(2) from 0 to 99.50 optional
    change: decimal(1) optional
    whole: decimal(0) optional
    name: text optional
    seen: instant optional
    day "Tag": date from 2026-01-01 optional
    hour: time to 18:00 optional
    weekly: weekday optional
    length: duration optional
    level: one of { low "niedrig" < high } default low
    `4G/5G~a b`: one of { "a b", `c/d` } optional
    tags: set of text default {}
    parts: set of one of { x, y } default { x }
    ages: set of integer from 0 optional
    must: integer
    inner "Innen": { need: bool  may: text optional }
    soft: { a: text optional  b: integer default 1 }
    maybe: { must: text  deep: { c: integer } } optional"#;

/// Fields of a case, whether Caseway takes them. The schema says the same, unless it is told that it
/// cannot know better.
#[test]
fn the_schema_says_of_every_type_what_caseway_says() {
    let policy = policy(EVERY_TYPE, "events { answered }");
    let validator = validator(&schema(&policy, Subject::Case));
    let good = json!({ "id": "T1", "opened_at": OPENED, "must": 1, "inner": { "need": true } });
    let with = |changes: &Value| {
        let mut case = good.clone();
        for (name, value) in changes.as_object().expect("fields") {
            if value == "gone" {
                case.as_object_mut().expect("a case").remove(name);
            } else {
                case[name] = value.clone();
            }
        }
        case
    };
    let check = |file: &Value, fits: bool| {
        assert_eq!(read(&policy, file).is_some(), fits, "Caseway: {file}");
        assert_eq!(validator.is_valid(file), fits, "the schema: {file}");
    };
    check(&json!({ "case": good }), true);
    for (changes, fits) in [
        (json!({}), true),
        (json!({ "id": "gone" }), false),
        (json!({ "opened_at": null }), false),
        (json!({ "must": "gone" }), false),
        (json!({ "must": null }), false),
        (json!({ "inner": "gone" }), false),
        (json!({ "inner": null }), false),
        (json!({ "inner": {} }), false),
        (json!({ "inner": [] }), false),
        (json!({ "inner": { "need": false, "may": null } }), true),
        (json!({ "inner": { "need": false, "more": 1 } }), false),
        (json!({ "soft": {} }), true),
        (json!({ "soft": null }), true),
        (json!({ "soft": { "a": "x", "b": null } }), true),
        (json!({ "soft": { "b": "x" } }), false),
        (json!({ "maybe": null }), true),
        (
            json!({ "maybe": { "must": "x", "deep": { "c": 1 } } }),
            true,
        ),
        (json!({ "maybe": { "must": "x" } }), false),
        (json!({ "maybe": { "deep": { "c": 1 } } }), false),
        (json!({ "other": 1 }), false),
        (json!({ "yes": true }), true),
        (json!({ "yes": "true" }), false),
        (json!({ "yes": 1 }), false),
        (json!({ "count": -3 }), true),
        (json!({ "count": -4 }), false),
        (json!({ "count": 6 }), false),
        (json!({ "count": "1" }), false),
        (json!({ "count": 1.5 }), false),
        (json!({ "price": "12.50" }), true),
        (json!({ "price": 12.5 }), true),
        (json!({ "price": "-0.00" }), true),
        (json!({ "price": "-0.01" }), false),
        (json!({ "price": "12.505" }), false),
        (json!({ "price": -1 }), false),
        (json!({ "price": 101 }), false),
        (json!({ "price": "1e3" }), false),
        (json!({ "price": ".5" }), false),
        (json!({ "price": true }), false),
        (json!({ "change": "-3.5" }), true),
        (json!({ "change": "+3.5" }), false),
        (json!({ "whole": "7" }), true),
        (json!({ "whole": "7.0" }), false),
        (json!({ "name": "" }), true),
        (json!({ "name": 1 }), false),
        (json!({ "seen": "2026-03-02T10:00:00Z" }), true),
        (json!({ "seen": "2026-03-02T10:00:00.123-05:00" }), true),
        (json!({ "seen": "2026-03-02T10:00:00" }), false),
        (json!({ "seen": "2026-03-02T10:00:00.1234Z" }), false),
        (json!({ "seen": "2026-03-02" }), false),
        (json!({ "day": "2026-03-02" }), true),
        (json!({ "day": "2026-02-30" }), false),
        (json!({ "day": "2.3.2026" }), false),
        (json!({ "hour": "09:30" }), true),
        (json!({ "hour": "9:30" }), false),
        (json!({ "hour": "24:00" }), false),
        (json!({ "weekly": "mon" }), true),
        (json!({ "weekly": "Monday" }), false),
        (json!({ "length": "1h30m" }), true),
        (json!({ "length": "1 h" }), false),
        (json!({ "length": "" }), false),
        (json!({ "level": "high" }), true),
        (json!({ "level": null }), true),
        (json!({ "level": "niedrig" }), false),
        (json!({ "4G/5G~a b": "a b" }), true),
        (json!({ "4G/5G~a b": "c/d" }), true),
        (json!({ "4G/5G~a b": "c" }), false),
        (json!({ "tags": ["a", "b"] }), true),
        (json!({ "tags": null }), true),
        (json!({ "tags": ["a", "a"] }), false),
        (json!({ "tags": "a" }), false),
        (json!({ "tags": [null] }), false),
        (json!({ "parts": [] }), true),
        (json!({ "parts": ["z"] }), false),
        (json!({ "ages": [0, 9] }), true),
        (json!({ "ages": [-1] }), false),
    ] {
        let case = with(&changes);
        check(&json!({ "case": case }), fits);
        check(&case, fits);
    }
    let at = "2026-03-02T11:00:00+08:00";
    for (events, fits) in [
        (json!([]), true),
        (json!(null), true),
        (json!({}), false),
        (json!([null]), false),
        (json!([{ "at": at, "event": "answered" }]), true),
        (
            json!([{ "at": at, "event": "answered", "set": null }]),
            true,
        ),
        (json!([{ "at": at, "event": "asked" }]), false),
        (json!([{ "event": "answered" }]), false),
        (json!([{ "at": at }]), false),
        (json!([{ "at": at, "event": "answered", "set": {} }]), false),
        (json!([{ "at": at, "set": {} }]), true),
        (
            json!([{ "at": at, "set": { "must": 2, "yes": null, "level": null } }]),
            true,
        ),
        (json!([{ "at": at, "set": { "must": null } }]), false),
        (json!([{ "at": at, "set": { "inner": {} } }]), true),
        (json!([{ "at": at, "set": { "inner": null } }]), false),
        (
            json!([{ "at": at, "set": { "soft": null, "maybe": null } }]),
            true,
        ),
        (json!([{ "at": at, "set": { "id": "T2" } }]), false),
        (json!([{ "at": at, "set": { "opened_at": at } }]), false),
        (json!([{ "at": at, "set": { "nothing": 1 } }]), false),
        (json!([{ "at": at, "set": { "count": 9 } }]), false),
        (
            json!([{ "at": at, "set": { "count": 1 }, "note": "x" }]),
            false,
        ),
    ] {
        check(&json!({ "case": good, "events": events }), fits);
    }
    check(&json!({ "case": good, "at": at }), true);
    check(&json!({ "case": good, "at": null }), true);
    check(&json!({ "case": good, "at": "now" }), false);
    check(&json!({ "case": good, "when": at }), false);
    check(&json!({ "case": null }), false);
    check(&json!({}), false);
}

#[test]
fn it_names_labels_defaults_and_bounds() {
    let policy = policy(EVERY_TYPE, "");
    let schema = schema(&policy, Subject::Case);
    let fields = &schema["$defs"]["case"]["properties"];
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["$id"], "urn:caseway:test:1:case");
    assert_eq!(schema["title"], "a case of the policy test 1");
    assert_eq!(fields["yes"]["title"], "Ja");
    assert_eq!(fields["inner"]["title"], "Innen");
    assert_eq!(fields["count"]["minimum"], -3);
    assert_eq!(fields["price"]["anyOf"][0]["anyOf"][1]["maximum"], 100);
    assert_eq!(fields["level"]["default"], "low");
    assert_eq!(fields["parts"]["default"], json!(["x"]));
    assert_eq!(
        schema["$defs"]["case:level"]["enum"],
        json!(["low", "high"])
    );
    assert_eq!(schema["$defs"]["case:level"]["description"], "low: niedrig");
    assert_eq!(fields["day"]["description"], "2026-01-01 or later");
    let chinese = policy.json_schema(Subject::Case, Language::Chinese);
    let chinese = serde_json::to_value(&chinese).expect("JSON");
    assert_eq!(chinese["title"], "规则集 test 1 的工单");
    // The keys of a case stand in the order of the policy.
    let text =
        serde_json::to_string(&policy.json_schema(Subject::Case, Language::English)).expect("JSON");
    let place = |name: &str| text.find(&format!("\"{name}\":{{")).expect("a field");
    assert!(place("yes") < place("count") && place("tags") < place("maybe"));
}

#[test]
fn fields_that_are_passed_over_fit() {
    let settings = format!("{SETTINGS}[input]\nextra_fields = \"ignore\"\n");
    let policy = policy_with("a: bool optional", "", &[("caseway.toml", &settings)]);
    let validator = validator(&schema(&policy, Subject::Case));
    let case = json!({ "id": "T1", "opened_at": OPENED, "more": 1 });
    let file = json!({ "case": case, "note": 1, "events": [{ "at": OPENED, "set": { "x": 1 }, "by": "me" }] });
    assert!(read(&policy, &file).is_some());
    accepts(&validator, &file, "with more");
    accepts(&validator, &case, "bare");
    assert!(!validator.is_valid(&json!({ "case": { "id": "T1" }, "note": 1 })));
}

#[test]
fn enums_of_one_name_stay_apart() {
    let rules = "type kind = one of { a, b }
        classify severity as one of { low < high } { first match otherwise low }
        classify kinds as kind { first match otherwise a }";
    let policy = policy(
        "kind: one of { x }  severe: one of { y }  other: kind",
        rules,
    );
    let case = schema(&policy, Subject::Case);
    let validator = validator(&case);
    let fields = |kind, other| json!({ "id": "T1", "opened_at": OPENED, "kind": kind, "severe": "y", "other": other });
    accepts(&validator, &fields("x", "b"), "each its own");
    assert!(!validator.is_valid(&fields("a", "b")));
    assert!(!validator.is_valid(&fields("x", "x")));
}

#[test]
fn what_commands_print_fits() {
    let telecom = root().join("policies/telecom-service");
    let folder = Folder::new(&[
        ("rows.ndjson", "{\"case\":{\"id\":\"T1\"}}\nnonsense\n"),
        ("refused.json", r#"{"case":{"id":"T1"}}"#),
    ]);
    let at = |arguments: &[&str]| {
        let pack = telecom.display().to_string();
        folder.run(&[&["-C", &pack], arguments].concat())
    };
    let of = |subject: &str| {
        let ran = at(&["schema", subject]);
        assert_eq!((ran.code(), ran.err()), (Some(0), String::new()));
        let schema = closed(ran.json());
        assert_eq!(
            schema["$id"],
            format!("urn:caseway:telecom-service:2026.1:{subject}")
        );
        validator(&schema)
    };
    let (batch, explain, error) = (of("batch"), of("explain"), of("error"));

    let cases = telecom.join("cases/cases.ndjson").display().to_string();
    for (input, failed) in [(cases.as_str(), false), ("rows.ndjson", true)] {
        let ran = at(&["batch", "--input", input]);
        let lines: Vec<Value> = ran
            .out()
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert!(!lines.is_empty());
        for line in lines {
            accepts(&batch, &line, input);
            assert_eq!(line["error"].is_object(), failed, "{line}");
        }
    }
    assert!(!batch.is_valid(&json!({ "line": 1 })));

    for (name, _) in case_files(&telecom)
        .iter()
        .filter(|(name, _)| name.ends_with(".json"))
    {
        let path = telecom.join("cases").join(name).display().to_string();
        for rule in [&[][..], &["--rule", "route.vip"]] {
            let ran = at(&[&["explain", "--case", &path, "--format", "json"], rule].concat());
            accepts(&explain, &ran.json(), name);
        }
    }
    assert!(!explain.is_valid(&json!({ "case": "T1", "blocks": [] })));

    for arguments in [
        &["eval", "--case", "refused.json", "--format", "json"][..],
        &["eval", "--case", "nothing.json", "--format", "json"],
        &["calendar", "nowhere", "open", "--format", "json"],
    ] {
        accepts(&error, &at(arguments).json(), arguments[0]);
    }
    assert!(!error.is_valid(&json!({ "error": "no" })));
}

#[test]
fn without_a_policy_there_is_no_schema() {
    let folder = Folder::new(&[
        ("broken/caseway.toml", SETTINGS),
        ("broken/case.policy", "case {"),
        ("empty/note.txt", ""),
    ]);
    for dir in ["broken", "empty", "nowhere"] {
        let ran = folder.run(&["schema", "case", "-C", dir, "--format", "json"]);
        assert_eq!(
            ran.failure(),
            (Some(2), "policy-invalid".to_owned()),
            "{dir}"
        );
    }
    for arguments in [&["schema"][..], &["schema", "everything"]] {
        let ran = folder.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.failure(), (Some(2), "bad-usage".to_owned()));
    }
}

#[test]
fn large_policies_have_a_schema() {
    let members: Vec<String> = (0..20_000).map(|at| format!("m{at} \"l\"")).collect();
    let policy = policy(&format!("kind: one of {{ {} }}", members.join(", ")), "");
    let schema = schema(&policy, Subject::Case);
    let kinds = schema["$defs"]["case:kind"]["enum"]
        .as_array()
        .expect("members");
    assert_eq!(kinds.len(), 20_000);
}
