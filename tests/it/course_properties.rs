//! Properties of decisions over random logs: the past is what it was, `next_change_at` is what it
//! says, the ledger adds up, and deciding again gives the same bytes.

use caseway::{CaseFile, Duration, Instant, Policy};
use proptest::prelude::*;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
/// 2026-03-06T10:00:00+08:00, a Friday.
const OPENED: i64 = 1_772_762_400_000;

const CLOCKS: [&str; 8] = [
    "reopen resume retier carry",
    "reopen resume counting retier retroactive",
    "reopen new cycle retier restart reset on kick",
    "reopen resume within 6h else new cycle retier carry never later",
    "retier restart never later cancel on drop",
    "start starts_at retier retroactive never later reset when kind is b",
    "start when kind is b cancel when status is cancelled stop on drop",
    "start first kick stop on drop reopen resume",
];

const TARGETS: [&str; 8] = [
    "4h",
    "6h of business",
    "1 working days of business by close",
    "1 days",
    "none",
    "0s",
    "20h of night",
    "90m of business",
];

/// Zones with changes of clocks near the cases, and without.
const ZONES: [&str; 8] = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "UTC",
];

fn policy(clock: usize, targets: [usize; 3], tiered: bool, zone: usize) -> Policy {
    let [a, b, c] = targets.map(|target| TARGETS[target]);
    let otherwise = if tiered {
        format!("otherwise tier t3 {{ c {c} warn at 50% of c }}")
    } else {
        String::new()
    };
    let rules = format!(
        "case {{ id: text opened_at: instant starts_at: instant optional
           status: one of {{ open, pending, resolved, cancelled }} default open
           kind: one of {{ a, b, n }} default n }}
         events {{ kick, drop }} role boss role desk
         calendar business {{ open mon to fri 09:00-12:00, 13:00-18:00 closed 2026-03-10 }}
         calendar night {{ open mon to sun 22:00-06:00 zone \"Europe/London\" }}
         clock c {{ stop when status is resolved pause when status is pending {} }}
         route {{ first match
           rule soon when kind is a to desk
             escalate to boss after 30m, at due of c
           otherwise to desk escalate to boss every 2h after due at most 3 times of c }}
         sla {{ tier t1 when kind is a {{ c {a} warn at 50%, at 80%, 30m before due of c escalate to boss at 150% of c }}
                tier t2 effective from 2026-03-08 by now when kind is b {{ c {b} escalate to boss 1h after due of c }}
                {otherwise} }}
         record ticket record note
         retain ticket {{ from when status is resolved keep at least 2 days delete no later than 5 days then review by boss }}
         retain ticket when kind is a {{ from opened_at keep at least 3 days }}
         retain note effective until 2026-03-09 by now {{ from starts_at delete no later than 40h }}
         hold stop on ticket when status is pending
         follow_up call by desk when status is resolved within 3h of business done on kick
         follow_up visit by boss when kind is b within 1 days of last drop done when status is cancelled
         require reason when status is resolved that kind is a and starts_at is present",
        CLOCKS[clock]
    );
    let settings = format!(
        "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"{}\"\n",
        ZONES[zone]
    );
    match Policy::from_sources([
        ("caseway.toml", settings.as_str()),
        ("rules.policy", &rules),
    ]) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}\n{rules}"),
    }
}

fn at(policy: &Policy, hours: i64, quarters: i64) -> String {
    let at = OPENED + hours * HOUR + quarters * HOUR / 4;
    Instant::from_millis(at).unwrap().format(policy.zone())
}

/// What happens: which of the changes, and hours and quarters after the one before.
type Step = (u8, i64, i64);

fn case(policy: &Policy, start: i64, steps: &[Step]) -> CaseFile {
    let mut events = Vec::new();
    let (mut hours, mut quarters) = (0, 0);
    for (what, more, rest) in steps {
        hours += more;
        quarters += rest;
        let at = at(policy, hours, quarters);
        events.push(match what {
            0 => json!({"at": at, "event": "kick"}),
            1 => json!({"at": at, "event": "drop"}),
            2 => json!({"at": at, "set": {"status": "open"}}),
            3 | 4 => json!({"at": at, "set": {"status": "pending"}}),
            5 => json!({"at": at, "set": {"status": "resolved"}}),
            6 => json!({"at": at, "set": {"status": "cancelled"}}),
            7 => json!({"at": at, "set": {"kind": "a"}}),
            8 => json!({"at": at, "set": {"kind": "b"}}),
            9 => json!({"at": at, "set": {"kind": "n", "status": "open"}}),
            _ => json!({"at": at, "set": {"starts_at": self::at(policy, hours + 3, 0)}}),
        });
    }
    let mut case = json!({"id": "1", "opened_at": at(policy, 0, 0)});
    if start > 0 {
        case["starts_at"] = json!(at(policy, start - 10, 0));
    }
    let whole = json!({"case": case, "events": events}).to_string();
    match policy.case_from_json(&whole) {
        Ok(file) => file,
        Err(refusal) => panic!("{refusal:?}\n{whole}"),
    }
}

fn decide(policy: &Policy, file: &CaseFile, now: Instant) -> Value {
    serde_json::to_value(policy.decide(&file.case, &file.events, now)).unwrap()
}

/// A decision without the time and what it uses up.
fn timeless(mut decision: Value) -> Value {
    for key in ["at", "ignored_events", "next_change_at"] {
        decision[key] = Value::Null;
    }
    if let Some(clock) = decision["sla"]["clocks"].get_mut("c") {
        clock["elapsed_s"] = Value::Null;
        clock["remaining_s"] = Value::Null;
    }
    decision
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let gap = prop_oneof![Just(0i64), 0i64..4, 0i64..40];
    prop::collection::vec((0u8..12, gap, 0i64..4), 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(400)) })]

    #[test]
    fn a_decision_is_what_its_properties_say(
        clock in 0..CLOCKS.len(),
        targets in [0..TARGETS.len(), 0..TARGETS.len(), 0..TARGETS.len()],
        tiered in prop::bool::weighted(0.8),
        zone in 0..ZONES.len(),
        start in 0i64..30,
        steps in steps(),
        later in 0i64..400,
    ) {
        let policy = policy(clock, targets, tiered, zone);
        let file = case(&policy, start, &steps);
        let mut instants: Vec<Instant> = file.events.iter().map(|event| event.at).collect();
        instants.push(Instant::from_millis(OPENED + later * HOUR / 4).unwrap());
        instants.push(Instant::from_millis(OPENED).unwrap());
        for now in instants {
            let decided = policy.decide(&file.case, &file.events, now);
            let decision = serde_json::to_value(&decided).unwrap();

            // The log cut at `now` decides the same.
            let mut cut = file.clone();
            cut.events.retain(|event| event.at <= now);
            let mut of_cut = decide(&policy, &cut, now);
            of_cut["ignored_events"] = decision["ignored_events"].clone();
            prop_assert_eq!(&of_cut, &decision, "cut at {}", now.format(policy.zone()));

            // Deciding again gives the same bytes.
            let again = policy.decide(&file.case, &file.events, now);
            prop_assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&decided).unwrap());

            // The ledger adds up.
            if let Some(reading) = decided.clock("c") {
                let entries = decided.ledger("c");
                let sum: i64 = entries.iter().filter_map(|entry| entry.amount).map(Duration::millis).sum();
                prop_assert_eq!(Some(sum), reading.elapsed.map(Duration::millis), "{:#?}", entries);
                for pair in entries.windows(2) {
                    prop_assert_eq!(pair[0].to, pair[1].from);
                }
            }

            // Nothing changes before `next_change_at`, and something does then.
            let past = timeless(decision.clone());
            match decided.next_change_at() {
                Some(next) => {
                    prop_assert!(next > now);
                    let before = next.minus(Duration::from_millis(1)).unwrap();
                    prop_assert_eq!(timeless(decide(&policy, &cut, before)), past.clone(), "before {}", next.format(policy.zone()));
                    let middle = Instant::from_millis((now.millis() + next.millis()) / 2).unwrap();
                    prop_assert_eq!(timeless(decide(&policy, &cut, middle)), past.clone());
                    prop_assert_ne!(timeless(decide(&policy, &cut, next)), past, "at {}", next.format(policy.zone()));
                }
                None => {
                    for days in [1, 7, 60, 4000] {
                        let later = now.plus(Duration::from_millis(days * 24 * HOUR)).unwrap();
                        prop_assert_eq!(timeless(decide(&policy, &cut, later)), past.clone(), "{} days later", days);
                    }
                }
            }
        }
    }

    #[test]
    fn a_pause_never_makes_a_clock_due_earlier(
        target in 0..4usize,
        zone in 0..ZONES.len(),
        from in 0i64..100,
        length in 1i64..100,
        later in 0i64..200,
    ) {
        let policy = policy(0, [target; 3], true, zone);
        let now = Instant::from_millis(OPENED + (from + length + later) * HOUR / 4).unwrap();
        let without = decide(&policy, &case(&policy, 0, &[]), now);
        let paused = case(&policy, 0, &[(3, 0, from), (2, 0, length)]);
        let with = decide(&policy, &paused, now);
        let due = |decision: &Value| {
            let due = decision["sla"]["clocks"]["c"]["due"].as_str().map(str::to_owned);
            due.map(|due| Instant::parse(&due).unwrap())
        };
        prop_assert!(due(&without).is_some());
        prop_assert!(due(&with) >= due(&without), "{with:#} {without:#}");
    }
}
