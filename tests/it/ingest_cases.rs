//! Case files: what is read, and for every code a bad twin of a good case.

use crate::support::policy;
use caseway::ingest::{FieldValue, MAX_TEXT_BYTES, Refusal};
use caseway::value::{EventKind, Value};
use caseway::{Instant, Policy};

fn desk() -> Policy {
    policy(
        r#"kind: one of { inquiry, complaint "投诉", fault } default inquiry
           status: one of { open < closed } default open
           affected: integer from 0 to 100 default 0
           amount: decimal(2) from 0 to 1000 optional
           outage: bool default false
           summary "摘要": text optional
           born: date optional
           calls: time optional
           day: weekday optional
           wait: duration optional
           seen: instant optional
           tags: set of text default {}
           parts: set of one of { ticket, process } default {}
           marks: set of integer from 1 to 5 default {}
           customer: { id: text tier: one of { standard, gold } default standard note: text optional }
           device: { serial: text model: text optional year: integer default 2020 } optional"#,
        "events { first_response, confirmed }",
    )
}

/// A case file around these further fields and this tail of the file.
fn file(fields: &str, tail: &str) -> String {
    let comma = if fields.is_empty() { "" } else { "," };
    format!(
        r#"{{"case":{{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00","customer":{{"id":"U1"}}{comma}{fields}}}{tail}}}"#
    )
}

fn refusal(policy: &Policy, json: &str) -> Refusal {
    match policy.case_from_json(json) {
        Ok(file) => panic!("accepted: {json}\n{file:?}"),
        Err(refusal) => refusal,
    }
}

fn slot(policy: &Policy, json: &str, path: &str) -> Option<Value> {
    let file = policy
        .case_from_json(json)
        .unwrap_or_else(|refusal| panic!("{refusal:?}\n{json}"));
    let id = policy.schema().find(path).expect("a field");
    file.case.slots[id.0 as usize].clone()
}

/// Good values of a field, and what each is as text.
#[test]
fn values_of_every_type() {
    let policy = desk();
    let cases = [
        ("amount", r#""amount":12.5"#, "Decimal(12.50)"),
        ("amount", r#""amount":"12.50""#, "Decimal(12.50)"),
        ("amount", r#""amount":0"#, "Decimal(0.00)"),
        ("affected", r#""affected":100"#, "Integer(100)"),
        ("affected", r#""affected":-0"#, "Integer(0)"),
        ("outage", r#""outage":true"#, "Bool(true)"),
        ("kind", r#""kind":"fault""#, "Member(2)"),
        ("kind", r#""kind":null"#, "Member(0)"),
        ("status", "", "Member(0)"),
        (
            "summary",
            r#""summary":"断网\n\u4e2d😀""#,
            "Text(\"断网\\n中😀\")",
        ),
        ("summary", r#""summary":"""#, "Text(\"\")"),
        (
            "tags",
            r#""tags":["b","a"]"#,
            "Set([Text(\"a\"), Text(\"b\")])",
        ),
        ("tags", r#""tags":[]"#, "Set([])"),
        (
            "parts",
            r#""parts":["process","ticket"]"#,
            "Set([Member(0), Member(1)])",
        ),
        ("customer.tier", "", "Member(0)"),
        ("device.year", r#""device":{"serial":"S"}"#, "Integer(2020)"),
    ];
    for (path, fields, wanted) in cases {
        let value = slot(&policy, &file(fields, ""), path).expect("a value");
        let shown = match &value {
            Value::Decimal(number) => format!("Decimal({number})"),
            other => format!("{other:?}"),
        };
        assert_eq!(shown, wanted, "{fields}");
    }
    for (path, fields) in [
        ("amount", r#""amount":null"#),
        ("device.year", ""),
        ("device.serial", r#""device":null"#),
        ("summary", ""),
    ] {
        assert_eq!(slot(&policy, &file(fields, ""), path), None, "{fields}");
    }
}

/// Fields that are wrong, with path and code.
#[test]
fn every_field_code() {
    let policy = desk();
    let cases: &[(&str, &[(&str, &str)])] = &[
        (r#""kind":"fualt""#, &[("kind", "not-a-member")]),
        (r#""kind":"投诉""#, &[("kind", "not-a-member")]),
        (r#""kind":3"#, &[("kind", "wrong-type")]),
        (r#""affected":1.0"#, &[("affected", "wrong-type")]),
        (r#""affected":1e2"#, &[("affected", "wrong-type")]),
        (r#""affected":"1""#, &[("affected", "wrong-type")]),
        (r#""affected":101"#, &[("affected", "out-of-bounds")]),
        (r#""affected":-1"#, &[("affected", "out-of-bounds")]),
        (
            r#""affected":99999999999999999999"#,
            &[("affected", "out-of-bounds")],
        ),
        (r#""amount":12.505"#, &[("amount", "too-many-digits")]),
        (r#""amount":"12.505""#, &[("amount", "too-many-digits")]),
        (r#""amount":1e2"#, &[("amount", "wrong-type")]),
        (r#""amount":"NaN""#, &[("amount", "wrong-type")]),
        (r#""amount":"-1""#, &[("amount", "out-of-bounds")]),
        (r#""amount":" 1""#, &[("amount", "wrong-type")]),
        (r#""amount":true"#, &[("amount", "wrong-type")]),
        (r#""outage":"true""#, &[("outage", "wrong-type")]),
        (r#""outage":0"#, &[("outage", "wrong-type")]),
        (r#""summary":5"#, &[("summary", "wrong-type")]),
        (r#""born":"2026-02-30""#, &[("born", "wrong-type")]),
        (
            r#""born":"2026-02-03T00:00:00Z""#,
            &[("born", "wrong-type")],
        ),
        (r#""calls":"24:00""#, &[("calls", "wrong-type")]),
        (r#""calls":"09:30:00""#, &[("calls", "wrong-type")]),
        (r#""day":"Monday""#, &[("day", "not-a-member")]),
        (r#""wait":"2 hours""#, &[("wait", "wrong-type")]),
        (
            r#""seen":"2026-03-02T10:00:00""#,
            &[("seen", "instant-without-offset")],
        ),
        (r#""seen":"2026-03-02""#, &[("seen", "wrong-type")]),
        (
            r#""seen":"2026-03-02T10:00:00.0001Z""#,
            &[("seen", "too-many-digits")],
        ),
        (r#""seen":1700000000"#, &[("seen", "wrong-type")]),
        (r#""tags":"vip""#, &[("tags", "wrong-type")]),
        (r#""tags":["a","a"]"#, &[("tags", "wrong-type")]),
        (r#""tags":[null]"#, &[("tags", "wrong-type")]),
        (r#""parts":["tickets"]"#, &[("parts", "not-a-member")]),
        (r#""marks":[1,9]"#, &[("marks", "out-of-bounds")]),
        (r#""colour":"red""#, &[("colour", "unknown-field")]),
        (
            r#""customer.tier":"gold""#,
            &[("customer.tier", "unknown-field")],
        ),
        (r#""device":{}"#, &[("device.serial", "missing-field")]),
        (r#""device":[]"#, &[("device", "wrong-type")]),
        (
            r#""device":{"serial":"S","made":1}"#,
            &[("device.made", "unknown-field")],
        ),
        (
            r#""kind":"fault","kind":"fault""#,
            &[("kind", "duplicate-key")],
        ),
        (
            r#""device":{"serial":"S","serial":"T"}"#,
            &[("device.serial", "duplicate-key")],
        ),
        (
            r#""tags":[{"x":1,"x":2}]"#,
            &[("tags", "wrong-type"), ("tags[0].x", "duplicate-key")],
        ),
        (
            r#""affected":"x","kind":"y","amount":1.234"#,
            &[
                ("affected", "wrong-type"),
                ("amount", "too-many-digits"),
                ("kind", "not-a-member"),
            ],
        ),
    ];
    for (fields, wanted) in cases {
        let refusal = refusal(&policy, &file(fields, ""));
        let found: Vec<(&str, &str)> = refusal
            .fields
            .iter()
            .map(|field| (field.path.as_str(), field.code))
            .collect();
        assert_eq!(&found, wanted, "{fields}: {refusal:?}");
        assert_eq!(
            (refusal.code, refusal.case.as_deref()),
            ("case-refused", Some("T1")),
            "{fields}"
        );
    }
}

#[test]
fn missing_fields_are_named_all_at_once() {
    let policy = desk();
    let found = refusal(&policy, r#"{"case":{}}"#);
    let paths: Vec<&str> = found
        .fields
        .iter()
        .map(|field| field.path.as_str())
        .collect();
    assert_eq!(paths, ["customer.id", "id", "opened_at"]);
    assert!(
        found
            .fields
            .iter()
            .all(|field| field.code == "missing-field" && field.got.is_none())
    );
    let found = refusal(
        &policy,
        r#"{"id":"T1","opened_at":"2026-03-02T10:00:00Z","customer":7}"#,
    );
    let paths: Vec<(&str, &str)> = found
        .fields
        .iter()
        .map(|field| (field.path.as_str(), field.code))
        .collect();
    assert_eq!(paths, [("customer", "wrong-type")]);
}

#[test]
fn extra_fields_may_be_ignored_but_not_given_twice() {
    let settings = format!(
        "{}[input]\nextra_fields = \"ignore\"\n",
        crate::support::SETTINGS
    );
    let policy = crate::support::policy_with("", "", &[("caseway.toml", &settings)]);
    let good = r#"{"case":{"id":"T1","opened_at":"2026-03-02T10:00:00Z","x":{"y":[1]}},"meta":{"a":1},"events":[]}"#;
    assert!(policy.case_from_json(good).is_ok());
    let bad = r#"{"case":{"id":"T1","opened_at":"2026-03-02T10:00:00Z","x":{"y":[{"z":1,"z":2}]}},"meta":{"a":1,"a":2}}"#;
    let found = refusal(&policy, bad);
    let paths: Vec<&str> = found
        .fields
        .iter()
        .map(|field| field.path.as_str())
        .collect();
    assert_eq!(paths, ["meta.a", "x.y[0].z"]);
}

/// Events that are wrong: code of the whole, path and code of the field.
#[test]
fn every_code_of_events() {
    let policy = desk();
    let at = |time: &str, rest: &str| format!(r#"{{"at":"2026-03-02T{time}+08:00",{rest}}}"#);
    let one = |rest: &str| at("11:00:00", rest);
    let cases = [
        (
            one(r#""event":"confirmd""#),
            "case-refused",
            "events[0].event",
            "unknown-event",
        ),
        (
            one(r#""event":5"#),
            "case-refused",
            "events[0].event",
            "wrong-type",
        ),
        (
            one(r#""event":"confirmed","set":{}"#),
            "case-refused",
            "events[0]",
            "wrong-type",
        ),
        (
            one(r#""event":null"#),
            "case-refused",
            "events[0]",
            "missing-field",
        ),
        (
            r#"{"event":"confirmed"}"#.to_owned(),
            "case-refused",
            "events[0].at",
            "missing-field",
        ),
        (
            r#"{"at":"2026-03-02T11:00:00","event":"confirmed"}"#.to_owned(),
            "case-refused",
            "events[0].at",
            "instant-without-offset",
        ),
        ("7".to_owned(), "case-refused", "events[0]", "wrong-type"),
        (
            one(r#""event":"confirmed","by":"x""#),
            "case-refused",
            "events[0].by",
            "unknown-field",
        ),
        (
            one(r#""set":{"id":"T2"}"#),
            "case-refused",
            "events[0].set.id",
            "field-not-settable",
        ),
        (
            one(r#""set":{"opened_at":"2026-03-02T11:00:00Z"}"#),
            "case-refused",
            "events[0].set.opened_at",
            "field-not-settable",
        ),
        (
            one(r#""set":{"customer":{"id":null}}"#),
            "case-refused",
            "events[0].set.customer.id",
            "missing-field",
        ),
        (
            one(r#""set":{"customer":null}"#),
            "case-refused",
            "events[0].set.customer.id",
            "missing-field",
        ),
        (
            one(r#""set":{"device":{"model":"M"}}"#),
            "case-refused",
            "events[0].set.device.serial",
            "missing-field",
        ),
        (
            one(r#""set":{"status":"done"}"#),
            "case-refused",
            "events[0].set.status",
            "not-a-member",
        ),
        (
            one(r#""set":{"state":"done"}"#),
            "case-refused",
            "events[0].set.state",
            "unknown-field",
        ),
        (
            one(r#""set":[]"#),
            "case-refused",
            "events[0].set",
            "wrong-type",
        ),
        (
            one(r#""set":{"status":"closed","status":"open"}"#),
            "case-refused",
            "events[0].set.status",
            "duplicate-key",
        ),
        (
            at("09:59:59", r#""event":"confirmed""#),
            "event-before-opened",
            "",
            "",
        ),
        (
            format!(
                "{},{}",
                at("12:00:00", r#""set":{}"#),
                at("11:00:00", r#""set":{}"#)
            ),
            "events-out-of-order",
            "",
            "",
        ),
    ];
    for (events, code, path, field_code) in cases {
        let found = refusal(&policy, &file("", &format!(r#","events":[{events}]"#)));
        assert_eq!(
            (found.code, found.case.as_deref()),
            (code, Some("T1")),
            "{events}"
        );
        let fields: Vec<(&str, &str)> = found
            .fields
            .iter()
            .map(|field| (field.path.as_str(), field.code))
            .collect();
        let wanted: &[(&str, &str)] = if path.is_empty() {
            &[]
        } else {
            &[(path, field_code)]
        };
        assert_eq!(fields, wanted, "{events}: {found:?}");
    }
}

#[test]
fn a_set_merges_clears_and_replaces() {
    let policy = desk();
    let at = "2026-03-02T11:00:00+08:00";
    let slots = |set: &str, fields: &str| {
        let events = format!(r#","events":[{{"at":"{at}","set":{set}}}]"#);
        let read = policy
            .case_from_json(&file(fields, &events))
            .unwrap_or_else(|r| panic!("{r:?}"));
        let EventKind::Set(changes) = &read.events[0].kind else {
            panic!("a set")
        };
        let mut named: Vec<(String, Option<Value>)> = changes
            .iter()
            .map(|(slot, value)| {
                (
                    policy.schema().fields[*slot as usize].path.clone(),
                    value.clone(),
                )
            })
            .collect();
        named.sort();
        named
    };
    let named = |path: &str, value: Option<Value>| (path.to_owned(), value);
    assert_eq!(
        slots(r#"{"customer":{"tier":"gold"}}"#, ""),
        [named("customer.tier", Some(Value::Member(1)))]
    );
    assert_eq!(
        slots(r#"{"kind":null}"#, r#""kind":"fault""#),
        [named("kind", Some(Value::Member(0)))]
    );
    assert_eq!(
        slots(r#"{"summary":null}"#, r#""summary":"x""#),
        [named("summary", None)]
    );
    assert_eq!(
        slots(r#"{"tags":["b"]}"#, r#""tags":["a"]"#),
        [named("tags", Some(Value::set(vec![Value::text("b")])))]
    );
    // An optional record comes into being with its defaults, and leaves as a whole.
    assert_eq!(
        slots(r#"{"device":{"serial":"S"}}"#, ""),
        [
            named("device.serial", Some(Value::text("S"))),
            named("device.year", Some(Value::Integer(2020)))
        ]
    );
    assert_eq!(
        slots(r#"{"device":{"model":"M"}}"#, r#""device":{"serial":"S"}"#),
        [named("device.model", Some(Value::text("M")))]
    );
    assert_eq!(
        slots(r#"{"device":null}"#, r#""device":{"serial":"S"}"#),
        [
            named("device.model", None),
            named("device.serial", None),
            named("device.year", None)
        ]
    );
    assert_eq!(slots("{}", ""), []);
}

#[test]
fn around_the_case() {
    let policy = desk();
    let bare = r#"{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00","customer":{"id":"U1"}}"#;
    assert!(policy.case_from_json(bare).is_ok());
    assert!(
        policy
            .case_from_json(&format!("\u{feff}{bare}\r\n"))
            .is_ok()
    );
    let with_at = file("", r#","at":"2026-03-02T12:00:00Z","events":null"#);
    assert_eq!(
        policy.case_from_json(&with_at).expect("a case").at,
        Instant::parse("2026-03-02T12:00:00Z").ok()
    );
    for (tail, path, code) in [
        (r#","at":"noon""#, "at", "wrong-type"),
        (
            r#","at":"2026-03-02T12:00:00""#,
            "at",
            "instant-without-offset",
        ),
        (r#","events":{}"#, "events", "wrong-type"),
        (r#","evnts":[]"#, "evnts", "unknown-field"),
        (r#","at":null,"at":null"#, "at", "duplicate-key"),
    ] {
        let found = refusal(&policy, &file("", tail));
        assert_eq!(
            (found.fields[0].path.as_str(), found.fields[0].code),
            (path, code),
            "{tail}"
        );
    }
    let found = refusal(&policy, r#"{"case":null}"#);
    assert_eq!(
        (found.fields[0].path.as_str(), found.fields[0].code),
        ("case", "wrong-type")
    );
    let early = policy.case_from_json(bare).expect("a case");
    let refused = policy.reader().check_at(
        &early.case,
        Instant::parse("2026-03-02T09:59:59+08:00").unwrap(),
    );
    assert_eq!(
        refused.map_err(|refusal| refusal.code),
        Err("at-before-opened")
    );
}

#[test]
fn broken_json_names_its_line() {
    let policy = desk();
    let reader = policy.reader();
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    let cases: &[(&[u8], usize)] = &[
        (b"", 1),
        (b" \n\n ", 1),
        (b"{\n\"case\": {\n", 3),
        (b"{\n\"id\": NaN}", 2),
        (b"{\"id\": 'x'}", 1),
        (b"{\"id\": \"\\ud800\"}", 1),
        (b"{\"id\": \"a\x00b\"}", 1),
        (b"{\"id\": \"\xff\"}", 1),
        (b"\x00\x01\x02\x7fELF", 1),
        (b"\xff\xfe{\x00}\x00", 1),
        (b"{} {}", 1),
        (b"{\"id\": 01}", 1),
        (b"{\"id\": 1,}", 1),
        (b"[]", 1),
        (b"nul", 1),
        (deep.as_bytes(), 1),
    ];
    for (text, line) in cases {
        let refusal = reader.read_json(*text).expect_err("refused");
        let shown = String::from_utf8_lossy(&text[..text.len().min(40)]).into_owned();
        assert_eq!(
            (refusal.code, refusal.line),
            ("bad-json", Some(*line)),
            "{shown}: {refusal:?}"
        );
    }
    let long = vec![b' '; MAX_TEXT_BYTES + 1];
    assert_eq!(
        reader.read_json(&long).expect_err("refused").code,
        "bad-json"
    );
}

#[test]
fn a_hundred_thousand_events_and_a_long_set() {
    let policy = desk();
    let event = r#"{"at":"2026-03-02T11:00:00+08:00","set":{"status":"closed"}}"#;
    let events = vec![event; 100_000].join(",");
    let read = policy
        .case_from_json(&file("", &format!(r#","events":[{events}]"#)))
        .expect("a case");
    assert_eq!(read.events.len(), 100_000);
    let tags: Vec<String> = (0..100_000).map(|tag| format!("\"t{tag}\"")).collect();
    assert!(
        policy
            .case_from_json(&file(&format!(r#""tags":[{}]"#, tags.join(",")), ""))
            .is_ok()
    );
    let unknown: Vec<String> = (0..50_000).map(|tag| format!("\"t{tag}\":0")).collect();
    let found = refusal(&policy, &file(&unknown.join(","), ""));
    assert_eq!(found.fields.len(), caseway::ingest::MAX_WRONG_FIELDS);
}

#[test]
fn typed_values_pass_the_same_checks() {
    let policy = desk();
    let opened = Instant::parse("2026-03-02T10:00:00+08:00").unwrap();
    let later = Instant::parse("2026-03-02T11:00:00+08:00").unwrap();
    let good = policy
        .case()
        .field("id", "T1")
        .field("opened_at", opened)
        .field("customer.id", "U1")
        .field("affected", 3)
        .field("amount", "12.50")
        .field("tags", vec![FieldValue::from("vip")])
        .event(later, "first_response")
        .set(later, [("customer.tier", "gold")])
        .build()
        .unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!(good.events.len(), 2);
    let bad = policy
        .case()
        .field("id", "T1")
        .field("id", "T2")
        .field("outage", "yes")
        .build();
    let paths: Vec<(String, &str)> = bad
        .expect_err("refused")
        .fields
        .into_iter()
        .map(|field| (field.path, field.code))
        .collect();
    let wanted = [
        ("customer.id", "missing-field"),
        ("id", "duplicate-key"),
        ("opened_at", "missing-field"),
        ("outage", "wrong-type"),
    ];
    assert_eq!(paths, wanted.map(|(path, code)| (path.to_owned(), code)));
}
