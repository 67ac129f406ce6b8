//! Rows of CSV and NDJSON, with and without a mapping.

use crate::support::{SETTINGS, policy_with};
use caseway::Policy;
use caseway::config::RowFormat;
use caseway::ingest::{MAX_ROW_BYTES, RowBytes, RowCase, RowReader, Rows};
use caseway::value::{EventKind, Value};

const FIELDS: &str = r#"kind: one of { complaint, inquiry } default inquiry
    channel: one of { phone, online } optional
    summary: text optional
    closed: bool default false
    count: integer default 0
    tags: set of text default {}
    happened: date optional
    customer: { id: text }"#;

const MAPPING: &str = r#"
[mapping.export]
format = "csv"
extra_fields = "ignore"
[mapping.export.fields]
id = "Ticket #"
"customer.id" = "Ticket #"
summary = "Customer Complaint"
opened_at = { columns = ["Date", "Time"], format = "%d-%b-%y %I:%M:%S %p", zone = "America/New_York" }
channel = { column = "Received Via", values = { "Customer Care Call" = "phone", "Internet" = "online" } }
kind = { value = "complaint" }
[[mapping.export.events]]
at = { column = "Answered", format = "%Y-%m-%d %H:%M", zone = "America/New_York" }
event = "answered"
[[mapping.export.events]]
at = { column = "Closed", format = "%Y-%m-%d %H:%M", zone = "America/New_York" }
set = { closed = true }
"#;

fn desk(mapping: &str) -> Policy {
    let settings = format!("{SETTINGS}{mapping}");
    policy_with(
        FIELDS,
        "events { answered }",
        &[("caseway.toml", &settings)],
    )
}

fn read(policy: &Policy, mapping: Option<&str>, format: RowFormat, text: &[u8]) -> Vec<RowCase> {
    let mapping = mapping.map(|name| &policy.config().mappings[name]);
    let mut rows = Rows::new(text, format);
    let header = match format {
        RowFormat::Csv => rows.next_row().expect("readable"),
        RowFormat::Ndjson => None,
    };
    let reader =
        RowReader::new(policy.reader(), mapping, format, header.as_ref()).expect("a header");
    let mut cases = Vec::new();
    while let Some(row) = rows.next_row().expect("readable") {
        cases.push(reader.read(&row));
    }
    cases
}

fn slot(policy: &Policy, row: &RowCase, path: &str) -> Option<Value> {
    let case = row
        .case
        .as_ref()
        .unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let id = policy.schema().find(path).expect("a field");
    case.case.slots[id.0 as usize].clone()
}

fn outcome(row: &RowCase) -> (usize, Vec<(String, &'static str)>) {
    let fields = match &row.case {
        Ok(_) => Vec::new(),
        Err(refusal) if refusal.fields.is_empty() => vec![(String::new(), refusal.code)],
        Err(refusal) => refusal
            .fields
            .iter()
            .map(|field| (field.path.clone(), field.code))
            .collect(),
    };
    (row.line, fields)
}

#[test]
fn a_mapped_export() {
    let policy = desk(MAPPING);
    let text = "\u{feff}Ticket #,Customer Complaint,Date,Time,Received Via,City,Answered,Closed\r\n\
        1,\"slow, \"\"very\"\"\nslow\",22-Apr-15,3:53:50 PM,Customer Care Call,X,2015-04-22 16:00,2015-04-23 09:00\r\n\
        2,,04-Aug-15,10:22:56 AM,Internet,X,,\r\n\
        \r\n\
        3,x,04-Aug-15,10:22:56 AM,Carrier pigeon,X,,\r\n\
        4,x,04-08-15,10:22:56 AM,Internet,X,,2015-01-01 00:00\r\n\
        5,x\r\n";
    let rows = read(&policy, Some("export"), RowFormat::Csv, text.as_bytes());
    let wanted: Vec<(usize, Vec<(String, &str)>)> = vec![
        (2, vec![]),
        (4, vec![]),
        (6, vec![("channel".to_owned(), "not-a-member")]),
        (7, vec![("opened_at".to_owned(), "wrong-type")]),
        (8, vec![(String::new(), "case-refused")]),
    ];
    assert_eq!(rows.iter().map(outcome).collect::<Vec<_>>(), wanted);
    assert_eq!(
        slot(&policy, &rows[0], "summary"),
        Some(Value::text("slow, \"very\"\nslow"))
    );
    assert_eq!(slot(&policy, &rows[1], "summary"), None);
    assert_eq!(slot(&policy, &rows[0], "channel"), Some(Value::Member(0)));
    let opened = caseway::Instant::parse("2015-04-22T15:53:50-04:00").unwrap();
    assert_eq!(
        slot(&policy, &rows[0], "opened_at"),
        Some(Value::Instant(opened))
    );
    let events = &rows[0].case.as_ref().unwrap().events;
    assert!(
        matches!(events[0].kind, EventKind::Happened(0))
            && matches!(events[1].kind, EventKind::Set(_))
    );
    assert!(rows[1].case.as_ref().unwrap().events.is_empty());
    let refusal = rows[2].case.as_ref().unwrap_err();
    assert_eq!(
        (refusal.line, refusal.case.as_deref()),
        (Some(6), Some("3"))
    );
    assert_eq!(refusal.fields[0].got.as_deref(), Some("Carrier pigeon"));
}

#[test]
fn swapped_days_and_months_are_put_right_and_counted() {
    let mapping = r#"
[mapping.m.fields]
id = "id"
"customer.id" = "id"
opened_at = { column = "at", format = "%d-%m-%Y", zone = "America/New_York", swap_day_month_into = ["2015-04-01", "2015-06-30"] }
"#;
    let policy = desk(mapping);
    let text = "id,at\n1,04-09-2015\n2,22-04-2015\n3,04-05-2015\n4,25-12-2015\n5,04-04-2015\n";
    let rows = read(&policy, Some("m"), RowFormat::Csv, text.as_bytes());
    let found: Vec<(String, u64)> = rows
        .iter()
        .map(|row| match slot(&policy, row, "opened_at") {
            Some(Value::Instant(at)) => (at.format(policy.zone()), row.swapped),
            other => panic!("{other:?}"),
        })
        .collect();
    let wanted = [
        ("2015-12-25T13:00:00+08:00", 0),
        ("2015-04-22T12:00:00+08:00", 0),
        ("2015-04-05T12:00:00+08:00", 1),
        ("2015-12-25T13:00:00+08:00", 0),
        ("2015-04-04T12:00:00+08:00", 0),
    ];
    assert_eq!(
        found[1..],
        wanted[1..]
            .iter()
            .map(|(at, n)| ((*at).to_owned(), *n))
            .collect::<Vec<_>>()
    );
    // 4 September lies outside, 9 April inside; 4 May and 5 April both lie inside, and whoever swapped
    // one date of two readings swapped them all.
    assert_eq!(found[0], ("2015-04-09T12:00:00+08:00".to_owned(), 1));
}

#[test]
fn values_defaults_and_unmapped_texts() {
    let mapping = r#"
[mapping.m]
format = "ndjson"
[mapping.m.fields]
id = "key"
opened_at = "at"
customer = { id = "who.id" }
kind = { column = "type", values = { "C" = "complaint" }, default = "inquiry" }
channel = { column = "via", values = { "tel" = "phone" }, unmapped = "missing" }
count = "n"
closed = "done"
tags = "labels"
happened = { column = "day", format = "%d.%m.%Y" }
"#;
    let policy = desk(mapping);
    let text = concat!(
        r#"{"key":17,"at":"2026-03-02T10:00:00Z","who":{"id":"U"},"type":"C","via":"tel","n":"3","done":true,"labels":["a","b"],"day":"31.12.2025"}"#,
        "\n",
        r#"{"key":"18","at":"2026-03-02T10:00:00Z","who":{"id":5},"type":"Z","via":"fax","n":null,"done":"","labels":"a; b"}"#,
        "\n",
        r#"{"key":"19","at":"2026-03-02T10:00:00Z","who":{},"n":"x","colour":1}"#,
        "\n",
        r#"{"key":"19","key":"20","at":"2026-03-02T10:00:00Z","who":{"id":"U"}}"#,
        "\n[1]\n",
    );
    let rows = read(&policy, Some("m"), RowFormat::Ndjson, text.as_bytes());
    assert_eq!(slot(&policy, &rows[0], "id"), Some(Value::text("17")));
    assert_eq!(slot(&policy, &rows[0], "kind"), Some(Value::Member(0)));
    assert_eq!(slot(&policy, &rows[0], "closed"), Some(Value::Bool(true)));
    assert_eq!(slot(&policy, &rows[0], "count"), Some(Value::Integer(3)));
    let both = Some(Value::set(vec![Value::text("a"), Value::text("b")]));
    assert_eq!(slot(&policy, &rows[0], "tags"), both);
    assert_eq!(slot(&policy, &rows[1], "tags"), both);
    assert_eq!(slot(&policy, &rows[1], "kind"), Some(Value::Member(1)));
    assert_eq!(slot(&policy, &rows[1], "channel"), None);
    assert_eq!(slot(&policy, &rows[1], "count"), Some(Value::Integer(0)));
    let wanted: Vec<(usize, Vec<(String, &str)>)> = vec![
        (1, vec![]),
        (2, vec![]),
        (
            3,
            vec![
                ("colour".to_owned(), "unknown-field"),
                ("count".to_owned(), "wrong-type"),
                ("customer.id".to_owned(), "missing-field"),
            ],
        ),
        (4, vec![("key".to_owned(), "duplicate-key")]),
        (5, vec![(String::new(), "bad-json")]),
    ];
    assert_eq!(rows.iter().map(outcome).collect::<Vec<_>>(), wanted);
}

#[test]
fn csv_by_the_paths_of_fields() {
    let policy = desk("");
    let text = "id,opened_at,customer.id,closed,count,tags,summary\n\
        T1,2026-03-02T10:00:00+08:00,U1,true,7,a;b,\n\
        T2,2026-03-02T10:00:00,U1,yes,1.0,,x\n\
        T3,2026-03-02T10:00:00Z,,,,,\n";
    let rows = read(&policy, None, RowFormat::Csv, text.as_bytes());
    assert_eq!(slot(&policy, &rows[0], "closed"), Some(Value::Bool(true)));
    assert_eq!(slot(&policy, &rows[0], "summary"), None);
    let wanted: Vec<(usize, Vec<(String, &str)>)> = vec![
        (2, vec![]),
        (
            3,
            vec![
                ("closed".to_owned(), "wrong-type"),
                ("count".to_owned(), "wrong-type"),
                ("opened_at".to_owned(), "instant-without-offset"),
            ],
        ),
        (4, vec![("customer.id".to_owned(), "missing-field")]),
    ];
    assert_eq!(rows.iter().map(outcome).collect::<Vec<_>>(), wanted);
}

const TIMES: &str = r#"
[mapping.times]
extra_fields = "ignore"
[mapping.times.fields]
id = "No"
opened_at = { column = "Opened", format = "%Y-%m-%d %H:%M" }
"customer.id" = "Who"
[[mapping.times.events]]
at = { column = "Closed", format = "%Y-%m-%d %H:%M" }
when = { State = ["Closed", "Solved"], Withdrawn = "" }
set = { closed = true, count = "7", channel = { column = "Via", values = { Call = "phone" }, empty = "clears" } }
[[mapping.times.events]]
at = { column = "Closed", format = "%Y-%m-%d %H:%M" }
event = "answered"
[[mapping.times.events]]
at = { column = "Answered", format = "%Y-%m-%d %H:%M" }
event = "answered"
[[mapping.times.events]]
at = { column = "Answered", format = "%Y-%m-%d %H:%M" }
set = { channel = { column = "Via", values = { Call = "phone" } } }
"#;

#[test]
fn time_columns_become_events() {
    let policy = desk(TIMES);
    let text = "No,Who,Opened,Answered,Closed,State,Withdrawn,Via\n\
        1,U,2026-03-02 10:00,2026-03-02 11:00,2026-03-02 10:30,Solved,,Call\n\
        2,U,2026-03-02 10:00,2026-03-02 11:00,2026-03-02 11:00,Closed,,\n\
        3,U,2026-03-02 10:00,,2026-03-02 11:00,Open,,Pigeon\n\
        4,U,2026-03-02 10:00,,2026-03-02 11:00,Solved,yes,Pigeon\n\
        5,U,2026-03-02 10:00,2026-03-02 11:00,2026-03-02 09:00,Solved,,Call\n\
        6,U,2026-03-02 10:00,soon,2026-03-02 11:00,Solved,,Pigeon\n";
    let rows = read(&policy, Some("times"), RowFormat::Csv, text.as_bytes());
    let events = |row: usize| -> Vec<String> {
        let file = rows[row].case.as_ref().expect("a case");
        let events = file.events.iter();
        let shown = events.map(|event| {
            let what = match &event.kind {
                EventKind::Happened(_) => "answered".to_owned(),
                EventKind::Set(changes) => {
                    let cleared = changes.iter().filter(|(_, value)| value.is_none());
                    format!("sets {} clears {}", changes.len(), cleared.count())
                }
            };
            format!(
                "{} {what}",
                event.at.format(policy.zone()).get(11..16).unwrap_or("")
            )
        });
        shown.collect()
    };
    assert_eq!(
        events(0),
        [
            "10:30 sets 3 clears 0",
            "10:30 answered",
            "11:00 answered",
            "11:00 sets 1 clears 0"
        ]
    );
    // An empty cell leaves the field as it is, unless it is said to clear it.
    assert_eq!(
        events(1),
        ["11:00 sets 3 clears 1", "11:00 answered", "11:00 answered"]
    );
    // What the conditions leave out is not read at all.
    assert_eq!(events(2), ["11:00 answered"]);
    assert_eq!(events(3), ["11:00 answered"]);
    let refusal = rows[4].case.as_ref().expect_err("refused");
    assert_eq!(
        (refusal.code, refusal.line),
        ("event-before-opened", Some(6))
    );
    assert_eq!(
        refusal.message,
        "`events[0]` (column `Closed`) at 2026-03-02T09:00:00+08:00 lies before the case was opened at 2026-03-02T10:00:00+08:00"
    );
    let found: Vec<String> = outcome(&rows[5])
        .1
        .into_iter()
        .map(|(path, code)| format!("{path} {code}"))
        .collect();
    assert_eq!(
        found,
        [
            "events[0].at wrong-type",
            "events[1].at wrong-type",
            "events[1].set.channel not-a-member",
            "events[2].set.channel not-a-member",
        ]
    );
}

#[test]
fn headers_that_do_not_fit() {
    let policy = desk(MAPPING);
    let mapping = &policy.config().mappings["export"];
    let refused = |mapping, text: &str| {
        let mut rows = Rows::new(text.as_bytes(), RowFormat::Csv);
        let header = rows.next_row().expect("readable");
        let reader = RowReader::new(policy.reader(), mapping, RowFormat::Csv, header.as_ref());
        reader.map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(refused(Some(mapping), "Ticket,Date\n"), Err("bad-header"));
    let times = desk(TIMES);
    let times = &times.config().mappings["times"];
    let header = "No,Who,Opened,Answered,Closed,State,Withdrawn,Via\n";
    assert_eq!(refused(Some(times), header), Ok(()));
    let header = header.replace("Withdrawn,", "");
    assert_eq!(refused(Some(times), &header), Err("bad-header"));
    assert_eq!(refused(None, ""), Err("bad-header"));
    assert_eq!(refused(None, "id,id\n"), Err("bad-header"));
    assert_eq!(refused(None, "\"id\n"), Err("bad-header"));
}

#[test]
fn hostile_rows_are_refused_one_by_one() {
    let policy = desk("");
    let good = r#"{"id":"T1","opened_at":"2026-03-02T10:00:00Z","customer":{"id":"U1"}}"#;
    let mut text = format!("{good}\r\n\n  \n").into_bytes();
    text.extend(vec![b'x'; MAX_ROW_BYTES + 10]);
    text.extend(format!("\n\x00\x01\n{{\"id\":\"\\ud800\"}}\n{good}").into_bytes());
    let rows = read(&policy, None, RowFormat::Ndjson, &text);
    let found: Vec<(usize, Vec<(String, &str)>)> = rows.iter().map(outcome).collect();
    let bad = || vec![(String::new(), "bad-json")];
    assert_eq!(
        found,
        [(1, vec![]), (4, bad()), (5, bad()), (6, bad()), (7, vec![])]
    );
    let line = rows[3].case.as_ref().unwrap_err().line;
    assert_eq!(line, Some(6));
    // Latin-1 and a quote without an end.
    let text = b"id,opened_at,customer.id\nT\xe9,2026-03-02T10:00:00Z,U\nT2,\"2026-03-02T10:00:00Z,U\nT3,x,y\n";
    let rows = read(&policy, None, RowFormat::Csv, text);
    let refused = || vec![(String::new(), "case-refused")];
    assert_eq!(
        rows.iter().map(outcome).collect::<Vec<_>>(),
        [(2, refused()), (3, refused())]
    );
}

/// Rows as the `csv` crate cuts them, whatever the quotes.
#[test]
fn rows_are_cut_where_a_csv_reader_cuts_them() {
    let texts = [
        "a,b\n1,2\n",
        "a,b\r\n\"1\r\n\",2\r\n",
        "a\"b,c\"\nd,e\n",
        "\"a\"\"\n\",x\ny,z",
        "\"a\" b,c\nd,e\n",
        "\n\na,b\n\nc,d",
    ];
    for text in texts {
        let mut rows = Rows::new(text.as_bytes(), RowFormat::Csv);
        let mut found = Vec::new();
        while let Some(row) = rows.next_row().expect("readable") {
            let RowBytes::Whole(bytes) = row.bytes else {
                panic!("{text:?}")
            };
            let mut one = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(bytes.as_slice());
            found.extend(one.records().map(|record| record.expect("text")));
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let wanted: Vec<csv::StringRecord> = reader
            .records()
            .map(|record| record.expect("text"))
            .collect();
        assert_eq!(found, wanted, "{text:?}");
    }
}

/// The rows of a CSV text, cut byte by byte: a quote opens at the start of a cell, two of them inside
/// are one, and a line ends a row outside quotes.
fn cut_plainly(text: &[u8]) -> Vec<(usize, Option<Vec<u8>>)> {
    let (mut rows, mut row, mut line, mut first) = (Vec::new(), Vec::new(), 1, 1);
    let (mut quoted, mut cell_start, mut maybe_closed) = (false, true, false);
    let mut any = false;
    for byte in text {
        any = true;
        line += usize::from(*byte == b'\n');
        if *byte == b'\n' && !quoted {
            rows.push((first, Some(std::mem::take(&mut row))));
            (first, cell_start, maybe_closed, any) = (line, true, false, false);
            continue;
        }
        row.push(*byte);
        match (*byte, quoted) {
            (b'"', true) => (quoted, maybe_closed) = (false, true),
            (_, true) => {}
            (b'"', false) if cell_start || maybe_closed => (quoted, maybe_closed) = (true, false),
            (_, false) => maybe_closed = false,
        }
        cell_start = *byte == b',' && !quoted;
    }
    if any {
        rows.push((first, (!quoted).then_some(row)));
    }
    rows.retain_mut(|(_, row)| {
        let Some(row) = row else { return true };
        if row.last() == Some(&b'\r') {
            row.pop();
        }
        !row.is_empty()
    });
    rows
}

proptest::proptest! {
    #[test]
    fn rows_are_cut_alike_whatever_is_read_at_once(
        text in "[a,\"\n\r]{0,40}",
        at_once in 1_usize..9,
    ) {
        let input = std::io::BufReader::with_capacity(at_once, text.as_bytes());
        let mut rows = Rows::new(input, RowFormat::Csv);
        let mut found = Vec::new();
        while let Some(row) = rows.next_row().expect("readable") {
            found.push((row.line, match row.bytes.clone() {
                RowBytes::Whole(bytes) => Some(bytes),
                RowBytes::Unclosed => None,
                RowBytes::TooLong | RowBytes::Typed(_) => panic!("{row:?}"),
            }));
        }
        proptest::prop_assert_eq!(found, cut_plainly(text.as_bytes()));
    }
}
