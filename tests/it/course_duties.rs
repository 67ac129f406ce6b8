//! Follow-ups that are done, or dropped, when several things happen at one instant.

use super::support::{decide_whole, policy};
use serde_json::{Value, json};

const FIELDS: &str = "status: one of { open, resolved, closed } satisfied: bool optional";
const RULES: &str = "events { confirmed, called } role desk
    follow_up confirm by desk when status is resolved within 24h
      done on confirmed done when satisfied is present";

/// What the decision says of the follow-up, one hour after the case was resolved.
fn after(events: &Value) -> Value {
    let mut log = vec![json!({"at": "2026-03-02T10:00:00+08:00", "set": {"status": "resolved"}})];
    log.extend(events.as_array().cloned().unwrap_or_default());
    let case = json!({
        "case": {"id": "1", "opened_at": "2026-03-02T09:00:00+08:00", "status": "open"},
        "events": log,
        "at": "2026-03-02T11:00:00+08:00",
    });
    let decision = decide_whole(&policy(FIELDS, RULES), &case);
    match decision["follow_ups"].as_array().map(Vec::as_slice) {
        Some([only]) => only["done_at"].clone(),
        Some([]) => json!("not listed"),
        _ => panic!("{decision}"),
    }
}

#[test]
fn what_is_done_at_the_instant_at_which_it_would_be_dropped_is_done() {
    const AT: &str = "2026-03-02T10:30:00+08:00";
    let set = |value: Value| json!({"at": AT, "set": value});
    let event = |name: &str| json!({"at": AT, "event": name});
    let closed = || set(json!({"status": "closed"}));
    let later = |name: &str| json!({"at": "2026-03-02T10:31:00+08:00", "event": name});
    let table = [
        // The customer confirms, and that closes the case.
        (json!([event("confirmed"), closed()]), json!(AT)),
        // The order within an instant means nothing.
        (json!([closed(), event("confirmed")]), json!(AT)),
        (
            json!([set(json!({"status": "closed", "satisfied": true}))]),
            json!(AT),
        ),
        // Without being done it is dropped, also by another event, and what comes later is too late.
        (json!([closed()]), json!("not listed")),
        (json!([closed(), event("called")]), json!("not listed")),
        (json!([closed(), later("confirmed")]), json!("not listed")),
        (json!([]), Value::Null),
    ];
    for (events, wanted) in table {
        assert_eq!(after(&events), wanted, "{events}");
    }
}
