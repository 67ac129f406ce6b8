//! The vectors V1 to V21 of the design of time, each asked of a whole policy: a clock, or a record.

use super::support::decide_whole;
use caseway::Policy;
use serde_json::{Value, json};

/// Holidays of the vectors: National Day 2024, Spring Festival and make-up days of other years.
const HOLIDAYS: &str = include_str!("../../policies/telecom-service/calendars/cn.csv");

/// A vector on a clock: zone, calendar lines, target, clock lines, opening, events, now, and what the
/// clock then shows.
type Row<'a> = (
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    Vec<Value>,
    &'a str,
    Value,
);

const BUSINESS: &str = "open mon to fri 09:00-17:00";
const CHINA: &str = "open mon to fri 09:00-17:00 holidays cn";
const NIGHT: &str = "open mon to fri 22:00-06:00";
const CN: &str = "Asia/Shanghai";
const LONDON: &str = "Europe/London";

fn policy(zone: &str, rules: &str) -> Policy {
    let settings = format!(
        "[policy]\nname = \"v\"\nversion = \"1\"\nlanguage = 1\nzone = \"{zone}\"\n\
         [holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2018-01-01\", \"2026-12-31\"]\n"
    );
    let case = "case { id: text opened_at: instant closed: bool default false
          status: one of { open, pending, resolved } default open urgent: bool default false }";
    let files = [
        ("caseway.toml", settings.as_str()),
        ("case.policy", case),
        ("rules.policy", rules),
        ("cn.csv", HOLIDAYS),
    ];
    match Policy::from_sources(files) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}"),
    }
}

fn set(at: &str, field: &str, value: impl Into<Value>) -> Value {
    json!({"at": at, "set": {field: value.into()}})
}

fn rows() -> Vec<Row<'static>> {
    let none = Vec::new;
    let pause =
        |from: &str, to: &str| vec![set(from, "status", "pending"), set(to, "status", "open")];
    let urgent = |at: &str| vec![set(at, "urgent", true)];
    vec![
        (
            "V1",
            CN,
            BUSINESS,
            "4h of cal",
            "",
            "2026-11-21T10:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-11-23T13:00:00+08:00"}),
        ),
        (
            "V2",
            CN,
            BUSINESS,
            "1h of cal",
            "",
            "2026-11-20T17:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-11-23T10:00:00+08:00"}),
        ),
        (
            "V3",
            CN,
            BUSINESS,
            "8h of cal",
            "",
            "2026-11-23T09:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-11-23T17:00:00+08:00"}),
        ),
        (
            "V4",
            CN,
            NIGHT,
            "8h of cal",
            "",
            "2026-11-20T23:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-11-23T23:00:00+08:00"}),
        ),
        (
            "V5",
            CN,
            NIGHT,
            "2h of cal",
            "",
            "2026-11-21T03:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-11-21T05:00:00+08:00"}),
        ),
        (
            "V6",
            LONDON,
            "open sun 00:00-06:00",
            "5h of cal",
            "",
            "2026-03-29T00:00:00Z",
            none(),
            "2026-03-29T12:00:00Z",
            json!({"due": "2026-03-29T06:00:00+01:00", "elapsed_s": 18_000}),
        ),
        (
            "V7",
            LONDON,
            "open 2026-03-29 01:30-05:00",
            "1s of cal",
            "",
            "2026-03-29T00:00:00Z",
            none(),
            "2026-03-29T12:00:00Z",
            json!({"due": "2026-03-29T02:30:01+01:00", "elapsed_s": 9_000}),
        ),
        (
            "V7",
            LONDON,
            "open 2026-03-29 01:30-05:00",
            "2h30m of cal",
            "",
            "2026-03-29T00:00:00Z",
            none(),
            "",
            json!({"due": "2026-03-29T05:00:00+01:00"}),
        ),
        (
            "V8",
            LONDON,
            "open 2026-10-25 00:00-06:00",
            "7h of cal",
            "",
            "2026-10-24T22:00:00Z",
            none(),
            "2026-10-25T12:00:00Z",
            json!({"due": "2026-10-25T06:00:00+00:00", "elapsed_s": 25_200}),
        ),
        (
            "V9",
            LONDON,
            "open 2026-10-25 01:15-01:45",
            "30m of cal",
            "",
            "2026-10-24T22:00:00Z",
            none(),
            "2026-10-25T12:00:00Z",
            json!({"due": "2026-10-25T01:45:00+01:00", "elapsed_s": 1_800}),
        ),
        (
            "V10",
            "Australia/Lord_Howe",
            "open 2026-10-04 02:15-04:00",
            "1h15m of cal",
            "",
            "2026-10-03T12:00:00Z",
            none(),
            "2026-10-04T12:00:00Z",
            json!({"due": "2026-10-04T04:00:00+11:00", "elapsed_s": 4_500}),
        ),
        (
            "V11",
            LONDON,
            BUSINESS,
            "0 days",
            "",
            "2026-03-29T00:00:00Z",
            none(),
            "",
            json!({"due": "2026-03-30T00:00:00+01:00", "remaining_s": 82_800}),
        ),
        (
            "V11",
            LONDON,
            BUSINESS,
            "0 days",
            "",
            "2026-10-25T00:00:00+01:00",
            none(),
            "",
            json!({"due": "2026-10-26T00:00:00+00:00", "remaining_s": 90_000}),
        ),
        (
            "V12",
            CN,
            CHINA,
            "4h of cal",
            "",
            "2024-09-30T16:00:00+08:00",
            none(),
            "",
            json!({"due": "2024-10-08T12:00:00+08:00"}),
        ),
        (
            "V13",
            CN,
            CHINA,
            "4h of cal",
            "",
            "2024-10-11T16:00:00+08:00",
            none(),
            "",
            json!({"due": "2024-10-12T12:00:00+08:00"}),
        ),
        (
            "V14",
            CN,
            BUSINESS,
            "8h of cal",
            "",
            "2026-11-20T15:00:00+08:00",
            pause("2026-11-20T16:00:00+08:00", "2026-11-23T10:00:00+08:00"),
            "2026-11-23T10:00:00+08:00",
            json!({"elapsed_s": 3_600, "due": "2026-11-23T17:00:00+08:00", "state": "running"}),
        ),
        (
            "V14",
            CN,
            BUSINESS,
            "8h of cal",
            "",
            "2026-11-20T15:00:00+08:00",
            pause("2026-11-20T16:00:00+08:00", "2026-11-23T10:00:00+08:00"),
            "2026-11-22T10:00:00+08:00",
            json!({"elapsed_s": 3_600, "due": null, "state": "paused"}),
        ),
        (
            "V15",
            "Pacific/Apia",
            "open mon to sun 09:00-17:00",
            "2h of cal",
            "",
            "2011-12-29T16:00:00-10:00",
            none(),
            "",
            json!({"due": "2011-12-31T10:00:00+14:00"}),
        ),
        (
            "V16",
            CN,
            BUSINESS,
            "3h | 2h",
            "retier carry",
            "2026-11-20T10:00:00+08:00",
            urgent("2026-11-20T11:00:00+08:00"),
            "2026-11-20T11:00:00+08:00",
            json!({"due": "2026-11-20T12:00:00+08:00"}),
        ),
        (
            "V16",
            CN,
            BUSINESS,
            "3h | 2h",
            "retier restart",
            "2026-11-20T10:00:00+08:00",
            urgent("2026-11-20T11:00:00+08:00"),
            "2026-11-20T11:00:00+08:00",
            json!({"due": "2026-11-20T13:00:00+08:00", "cycle": 2}),
        ),
        (
            "V17",
            CN,
            BUSINESS,
            "8h | 2h",
            "retier carry",
            "2026-11-20T09:00:00+08:00",
            urgent("2026-11-20T12:00:00+08:00"),
            "2026-11-20T12:00:00+08:00",
            json!({"breached_at": "2026-11-20T12:00:00+08:00"}),
        ),
        (
            "V17",
            CN,
            BUSINESS,
            "8h | 2h",
            "retier retroactive",
            "2026-11-20T09:00:00+08:00",
            urgent("2026-11-20T12:00:00+08:00"),
            "2026-11-20T12:00:00+08:00",
            json!({"breached_at": "2026-11-20T11:00:00+08:00"}),
        ),
        (
            "V19",
            CN,
            BUSINESS,
            "8h of cal",
            "",
            "2026-11-23T09:00:00+08:00",
            vec![set("2026-11-23T18:00:00+08:00", "status", "resolved")],
            "2026-11-23T19:00:00+08:00",
            json!({"state": "met", "due": "2026-11-23T17:00:00+08:00", "breached_at": "2026-11-23T17:00:00+08:00", "elapsed_s": 28_800, "remaining_s": 0}),
        ),
        (
            "V20",
            CN,
            BUSINESS,
            "8h of cal",
            "",
            "2026-11-23T09:00:00+08:00",
            vec![
                set("2026-11-23T17:00:00+08:00", "status", "pending"),
                set("2026-11-24T10:00:00+08:00", "status", "resolved"),
            ],
            "2026-11-24T19:00:00+08:00",
            json!({"state": "met", "breached_at": null, "met_at": "2026-11-24T10:00:00+08:00"}),
        ),
        (
            "V21",
            CN,
            CHINA,
            "1 working days of cal by close",
            "",
            "2026-02-13T12:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-02-14T17:00:00+08:00"}),
        ),
        (
            "V21",
            CN,
            CHINA,
            "1 working days of cal by close",
            "",
            "2026-02-14T12:00:00+08:00",
            none(),
            "",
            json!({"due": "2026-02-24T17:00:00+08:00"}),
        ),
        (
            "V21",
            CN,
            CHINA,
            "5 working days of cal by close",
            "",
            "2025-09-26T12:00:00+08:00",
            none(),
            "",
            json!({"due": "2025-10-10T17:00:00+08:00"}),
        ),
        (
            "V21",
            CN,
            CHINA,
            "5 working days of cal by close",
            "",
            "2020-01-23T12:00:00+08:00",
            none(),
            "",
            json!({"due": "2020-02-07T17:00:00+08:00"}),
        ),
        (
            "V21",
            CN,
            CHINA,
            "15 working days of cal by close",
            "",
            "2025-01-24T12:00:00+08:00",
            none(),
            "",
            json!({"due": "2025-02-20T17:00:00+08:00"}),
        ),
    ]
}

#[test]
fn clocks_do_what_the_vectors_say() {
    for (name, zone, calendar, target, clock, opened, events, now, expected) in rows() {
        // `A | B`: the target of others, and that of urgent cases.
        let tiers = match target.split_once('|') {
            None => format!("otherwise tier t {{ c {target} }}"),
            Some((all, urgent)) => {
                format!("tier u when urgent {{ c {urgent} }} otherwise tier t {{ c {all} }}")
            }
        };
        let rules = format!(
            "calendar cal {{ {calendar} }}
             clock c {{ stop when status is resolved pause when status is pending {clock} }}
             sla {{ {tiers} }}"
        );
        let case = json!({
            "case": {"id": name, "opened_at": opened},
            "events": events,
            "at": if now.is_empty() { opened } else { now },
        });
        let decision = decide_whole(&policy(zone, &rules), &case);
        let shown = &decision["sla"]["clocks"]["c"];
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&shown[key], value, "{name}: `{key}` of {shown:#}");
        }
    }
}

#[test]
fn records_do_what_vector_18_says() {
    for (period, origin, floor, cap) in [
        ("1 year", "2024-02-29", "2025-03-01", "2025-02-28"),
        ("1 month", "2024-01-31", "2024-03-01", "2024-02-29"),
        ("2 months", "2024-01-31", "2024-03-31", "2024-03-31"),
    ] {
        let period = if period == "1 year" || period == "1 month" {
            format!("{period}s")
        } else {
            period.to_owned()
        };
        let rules = format!(
            "record kept record gone
             retain kept {{ from opened_at keep at least {period} }}
             retain gone {{ from opened_at delete no later than {period} }}"
        );
        let opened = format!("{origin}T15:30:00+08:00");
        let case = json!({"case": {"id": "V18", "opened_at": opened}, "at": opened});
        let decision = decide_whole(&policy(CN, &rules), &case);
        assert_eq!(
            decision["retention"]["kept"]["keep_until"],
            format!("{floor}T15:30:00+08:00"),
            "V18, floor of {period}"
        );
        assert_eq!(
            decision["retention"]["gone"]["delete_by"],
            format!("{cap}T15:30:00+08:00"),
            "V18, cap of {period}"
        );
    }
}
