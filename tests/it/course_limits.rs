//! The course of a case at its limits: long logs, ends of the range, days that nobody knows, and what
//! a case file must not say.

use super::support::{decide_whole, policy, refusal, whole};
use serde_json::{Value, json};

const FIELDS: &str =
    "status: one of { open, pending, resolved } default open urgent: bool default false
    received_at: instant optional";
const RULES: &str = "events { touched } role boss
    calendar business { open mon to fri 09:00-17:00 }
    clock c { stop when status is resolved pause when status is pending reset on touched
              reopen resume counting retier retroactive never later }
    sla { tier u when urgent { c 2h of business warn at 50% of c escalate to boss every 1h after due at most 9 times of c }
          otherwise tier t { c 300h } }
    record ticket retain ticket { from when status is resolved keep at least 2 years }
    follow_up call by boss when status is resolved within 2h of business done on touched";

fn clock(decision: &Value) -> &Value {
    &decision["sla"]["clocks"]["c"]
}

#[test]
fn a_hundred_thousand_events_are_one_pass() {
    // With a pass over all stretches at each of them this would take hours.
    let policy = policy(FIELDS, RULES);
    let events: Vec<Value> = (0..100_000)
        .map(|n| {
            let at = 1_772_416_800 + n * 60;
            let at = caseway::Instant::from_millis(at * 1000).unwrap();
            let at = at.format(policy.zone());
            match n % 7 {
                0 => json!({"at": at, "set": {"status": "pending"}}),
                1 | 4 => json!({"at": at, "set": {"status": "open"}}),
                2 => json!({"at": at, "set": {"urgent": true}}),
                3 => json!({"at": at, "set": {"status": "resolved"}}),
                5 => json!({"at": at, "set": {"urgent": false}}),
                _ => json!({"at": at, "set": {"urgent": n % 2 == 0}}),
            }
        })
        .collect();
    let case = json!({
        "case": {"id": "1", "opened_at": "2026-03-02T10:00:00+08:00"},
        "events": events,
        "at": "2027-01-01T00:00:00+08:00",
    });
    let decision = decide_whole(&policy, &case);
    assert_eq!(clock(&decision)["cycle"], 1);
    assert_eq!(decision["ignored_events"], 0);
    let file = policy.case_from_json(&case.to_string()).unwrap();
    let decided = policy.decide(&file.case, &file.events, file.at.unwrap());
    let sum: i64 = decided
        .ledger("c")
        .iter()
        .map(|entry| entry.amount.unwrap().millis())
        .sum();
    let elapsed = decided.clock("c").unwrap().elapsed.unwrap();
    assert_eq!(sum, elapsed.millis(), "the ledger adds up");
}

#[test]
fn events_after_now_are_ignored_and_counted() {
    let policy = policy(FIELDS, RULES);
    let mut case = json!({
        "case": {"id": "1", "opened_at": "2026-03-02T10:00:00+08:00"},
        "events": [{"at": "2026-03-02T11:00:00+08:00", "set": {"status": "pending"}},
                   {"at": "2026-03-02T12:00:00+08:00", "set": {"status": "resolved"}}],
        "at": "2026-03-02T11:30:00+08:00",
    });
    let decision = decide_whole(&policy, &case);
    assert_eq!(decision["ignored_events"], 1);
    assert_eq!(clock(&decision)["state"], "paused");
    assert_eq!(decision["next_change_at"], Value::Null);
    case["events"].as_array_mut().unwrap().pop();
    let mut cut = decide_whole(&policy, &case);
    cut["ignored_events"] = json!(1);
    assert_eq!(cut, decision, "the same as of the log cut there");
}

#[test]
fn the_ends_of_the_range_give_a_flag_and_a_problem() {
    let policy = policy(FIELDS, RULES);
    let at = "9999-12-31T10:00:00Z";
    let decision = decide_whole(
        &policy,
        &json!({"case": {"id": "1", "opened_at": at, "status": "resolved"}, "at": at}),
    );
    assert_eq!(decision["retention"]["ticket"]["phase"], "retain");
    assert_eq!(decision["retention"]["ticket"]["keep_until"], Value::Null);
    assert_eq!(decision["follow_ups"][0]["due"], Value::Null);
    let blocks: Vec<&Value> = decision["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| &problem["block"])
        .collect();
    assert!(blocks.contains(&&json!("retain.ticket")), "{decision:#}");
    let running = decide_whole(
        &policy,
        &json!({"case": {"id": "1", "opened_at": at}, "at": at}),
    );
    assert_eq!(clock(&running)["due"], Value::Null);
    assert_eq!(clock(&running)["flag"], "beyond_range");
    assert_eq!(running["problems"][0]["code"], "overflow");
    assert_eq!(running["problems"][0]["block"], "clock.c");
    let first = "0000-01-02T00:00:00Z";
    let early = decide_whole(
        &policy,
        &json!({"case": {"id": "1", "opened_at": first}, "at": "9999-12-31T00:00:00Z"}),
    );
    assert_eq!(clock(&early)["breached_at"], clock(&early)["due"]);
}

#[test]
fn days_beyond_the_data_are_flagged_and_never_guessed() {
    let settings = "[policy]\nname = \"t\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n\
        [holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n";
    let rules = "calendar cn { open mon to fri 09:00-17:00 holidays cn }
        clock c { } sla { otherwise tier t { c 40h of cn } }";
    let policy = super::support::policy_with(
        "",
        rules,
        &[
            ("caseway.toml", settings),
            ("cn.csv", "date,kind,name\n2026-10-01,holiday,x\n"),
        ],
    );
    let at = "2026-12-30T10:00:00+08:00";
    let decision = decide_whole(
        &policy,
        &json!({"case": {"id": "1", "opened_at": at}, "at": at}),
    );
    assert_eq!(clock(&decision)["due"], Value::Null);
    assert_eq!(clock(&decision)["flag"], "unknown_calendar_year");
    assert_eq!(decision["problems"][0]["code"], "unknown_calendar_year");
    let message = decision["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("2027-01-01"), "{message}");
    let at = "2026-12-01T10:00:00+08:00";
    let known = decide_whole(
        &policy,
        &json!({"case": {"id": "1", "opened_at": at}, "at": at}),
    );
    assert_eq!(
        clock(&known)["flag"],
        Value::Null,
        "the twin within the data"
    );
    assert_eq!(known["problems"], json!([]));
}

/// A strict obligation beside one that runs beyond the data: due as long as the other cannot be
/// earlier, untold when it could.
#[test]
fn an_old_obligation_beyond_the_data_hides_no_due_time_before_it() {
    let settings = "[policy]\nname = \"t\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n\
        [holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n";
    let rules = "calendar cn { open mon to fri 09:00-17:00 holidays cn }
        clock c { retier carry never later }
        sla { tier slow when status is open { c 40h of cn } otherwise tier fast { c TARGET } }";
    let due = |target: &str| {
        let policy = super::support::policy_with(
            "status: one of { open, escalated } default open",
            &rules.replace("TARGET", target),
            &[
                ("caseway.toml", settings),
                ("cn.csv", "date,kind,name\n2026-10-01,holiday,x\n"),
            ],
        );
        let decision = decide_whole(
            &policy,
            &json!({
                "case": {"id": "1", "opened_at": "2026-12-30T10:00:00+08:00"},
                "events": [{"at": "2026-12-30T11:00:00+08:00", "set": {"status": "escalated"}}],
                "at": "2026-12-30T12:00:00+08:00"
            }),
        );
        let clock = clock(&decision);
        (clock["due"].clone(), clock["flag"].clone())
    };
    // 1 h used up, 1 h left, on every day: long before the data ends.
    assert_eq!(due("2h"), (json!("2026-12-30T12:00:00+08:00"), Value::Null));
    // The last instant of the data still tells that the old obligation is not due before.
    let last = (json!("2027-01-01T00:00:00+08:00"), Value::Null);
    assert_eq!(due("38h"), last);
    // One second later it might be.
    assert_eq!(due("38h1s"), (Value::Null, json!("unknown_calendar_year")));
}

#[test]
fn what_a_log_must_not_say() {
    let policy = policy(FIELDS, RULES);
    for (events, code, path) in [
        (
            json!([{"at": "2026-03-02T12:00:00+08:00", "event": "touched"}, {"at": "2026-03-02T11:00:00+08:00", "event": "touched"}]),
            "events-out-of-order",
            None,
        ),
        (
            json!([{"at": "2026-03-02T09:59:59+08:00", "event": "touched"}]),
            "event-before-opened",
            None,
        ),
        (
            json!([{"at": "2026-03-02T12:00:00+08:00", "event": "touch"}]),
            "case-refused",
            Some(("events[0].event", "unknown-event")),
        ),
        (
            json!([{"at": "2026-03-02T12:00:00+08:00", "set": {"opened_at": "2026-03-02T12:00:00+08:00"}}]),
            "case-refused",
            Some(("events[0].set.opened_at", "field-not-settable")),
        ),
        (
            json!([{"at": "2026-03-02T12:00:00", "event": "touched"}]),
            "case-refused",
            Some(("events[0].at", "instant-without-offset")),
        ),
        (
            json!([{"at": "10000-01-01T00:00:00Z", "event": "touched"}]),
            "case-refused",
            Some(("events[0].at", "wrong-type")),
        ),
    ] {
        let case = json!({"case": {"id": "1", "opened_at": "2026-03-02T10:00:00+08:00"}, "events": events});
        let refused = refusal(&policy, &case);
        assert_eq!(refused["code"], code, "{refused:#}");
        if let Some((path, field_code)) = path {
            assert_eq!(refused["fields"][0]["path"], path, "{refused:#}");
            assert_eq!(refused["fields"][0]["code"], field_code, "{refused:#}");
        }
    }
    // The twin that is right.
    let events = json!([{"at": "2026-03-02T10:00:00+08:00", "event": "touched"}]);
    let case =
        json!({"case": {"id": "1", "opened_at": "2026-03-02T10:00:00+08:00"}, "events": events});
    assert_eq!(clock(&whole(&policy, &case))["cycle"], 2);
}
