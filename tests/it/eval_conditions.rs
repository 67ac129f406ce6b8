//! Conditions: three truth values, presence, texts, numbers, sets, dates. One line, one fact.

use super::support::{decide, decide_at, policy, policy_with};

const FIELDS: &str = r#"
  yes: bool default true
  no: bool default false
  maybe: bool optional
  kind: one of { fault, complaint, inquiry } optional
  tier: one of { low < mid < high } optional
  other_tier: one of { low < mid < high } default mid
  n: integer optional
  m: integer default 10
  big: integer default 9223372036854775807
  amount: decimal(2) optional
  rate: decimal(4) default 1.5000
  summary: text optional
  word: text default "Bill"
  tags: set of text default {}
  parts: set of one of { a, b, c } optional
  seen: instant optional
  due: date optional
  clock_time: time optional
  day: weekday optional
  span: duration optional
  spare: duration default 1h
  customer: { id: text  vip: bool optional } optional
"#;

const DEFINES: &str = "define risky = maybe or n > 5
define doubled = n * 2
define never = 1 > 2 ";

/// `t`, `f` or `u` for each condition, over one case.
fn truths(case: &str, conditions: &[&str]) -> Vec<String> {
    let blocks: Vec<String> = conditions
        .iter()
        .enumerate()
        .map(|(at, condition)| {
            format!(
                "classify c{at} as one of {{ t, f, u }} {{ first match
                 rule holds when {condition} then t
                 rule fails when not ({condition}) then f
                 otherwise u }}\n"
            )
        })
        .collect();
    let policy = policy(FIELDS, &format!("{DEFINES}{}", blocks.concat()));
    let decision = decide(&policy, case);
    (0..conditions.len())
        .map(|at| {
            let value = &decision["classification"][format!("c{at}")]["value"];
            value.as_str().unwrap_or("none").to_owned()
        })
        .collect()
}

fn check(case: &str, table: &[(&str, &str)]) {
    let conditions: Vec<&str> = table.iter().map(|(condition, _)| *condition).collect();
    for ((condition, expected), got) in table.iter().zip(truths(case, &conditions)) {
        assert_eq!(&got, expected, "{condition}  over {{ {case} }}");
    }
}

#[test]
fn missing_is_unknown_and_unknown_spreads_as_kleene_says() {
    check(
        "",
        &[
            ("yes", "t"),
            ("no", "f"),
            ("maybe", "u"),
            ("not yes", "f"),
            ("not no", "t"),
            ("not maybe", "u"),
            ("yes and maybe", "u"),
            ("no and maybe", "f"),
            ("maybe and no", "f"),
            ("maybe and maybe", "u"),
            ("yes or maybe", "t"),
            ("maybe or yes", "t"),
            ("no or maybe", "u"),
            ("yes and (no or maybe)", "u"),
            ("no or (yes and maybe)", "u"),
            ("not (yes and maybe)", "u"),
            ("kind is fault", "u"),
            ("kind is not fault", "u"),
            ("not kind is fault", "u"),
            ("kind in { fault, inquiry }", "u"),
            ("kind not in { fault }", "u"),
            ("n > 5", "u"),
            ("n between 1 and 2", "u"),
            ("n + 1 > 5", "u"),
            ("m + n > 5", "u"),
            ("summary contains \"x\"", "u"),
            ("summary matches r\"x\"", "u"),
            ("parts contains a", "u"),
            ("parts contains any of { a, b }", "u"),
            ("customer.vip", "u"),
            ("customer.id is \"U\"", "u"),
            ("seen during always", "u"),
            ("weekday of seen is mon", "u"),
            ("risky", "u"),
            ("doubled > 3", "u"),
            ("never", "f"),
        ],
    );
}

#[test]
fn presence_is_the_only_test_of_absence() {
    check(
        "",
        &[
            ("n is missing", "t"),
            ("n is present", "f"),
            ("yes is present", "t"),
            ("customer.id is missing", "t"),
            ("risky is missing", "t"),
            ("doubled is present", "f"),
            ("n is missing and maybe", "u"),
            ("n is present and maybe", "f"),
        ],
    );
    check(
        r#""n": 9, "customer": {"id": "U"}"#,
        &[
            ("n is missing", "f"),
            ("n is present", "t"),
            ("customer.id is present", "t"),
            ("customer.vip is missing", "t"),
            ("risky", "t"),
            ("risky is missing", "f"),
            ("doubled is 18", "t"),
        ],
    );
}

#[test]
fn members_and_their_order() {
    check(
        r#""kind": "complaint", "tier": "mid""#,
        &[
            ("kind is complaint", "t"),
            ("kind is \"complaint\"", "t"),
            ("kind is not complaint", "f"),
            ("kind in { fault, complaint }", "t"),
            ("kind not in { fault, complaint }", "f"),
            ("kind in { fault, inquiry }", "f"),
            ("tier < high", "t"),
            ("tier < mid", "f"),
            ("tier <= mid", "t"),
            ("tier > low", "t"),
            ("tier >= high", "f"),
            ("tier between low and mid", "t"),
            ("tier is other_tier", "t"),
            ("tier < other_tier", "f"),
        ],
    );
}

#[test]
fn whole_numbers_beside_decimals() {
    check(
        r#""n": 12, "amount": "12.50""#,
        &[
            ("n < amount", "t"),
            ("amount > n", "t"),
            ("amount is 12.5", "t"),
            ("amount is not 12", "t"),
            ("amount between 12 and 13", "t"),
            ("amount in { 12.50, 13 }", "t"),
            ("amount in { 12, 13 }", "f"),
            ("amount * 2 is 25", "t"),
            ("amount - n is 0.5", "t"),
            ("amount * rate is 18.75", "t"),
            ("n + m * 2 is 32", "t"),
            ("n - m * 2 is -8", "t"),
            ("n - m - 1 is 1", "t"),
            ("min(n, m) is 10", "t"),
            ("max(n, m, 11) is 12", "t"),
            ("max(amount, n) > 12", "t"),
        ],
    );
}

#[test]
fn what_does_not_fit_is_missing_and_a_problem() {
    let rules = "classify c as one of { t, f } { first match
        rule big when big + 1 > 0 then t
        rule small when not (big * 2 > 0) then f }";
    let policy = policy("big: integer default 9223372036854775807", rules);
    let decision = decide(&policy, "");
    assert_eq!(
        decision["classification"]["c"],
        serde_json::json!({"value": null, "rule": null})
    );
    assert_eq!(decision["waiting_for"], serde_json::json!([]));
    assert_eq!(
        decision["problems"],
        serde_json::json!([
            {"code": "overflow", "block": "classify.c", "rules": ["big"],
             "message": "a computed value is too great: `big + 1`"},
            {"code": "overflow", "block": "classify.c", "rules": ["small"],
             "message": "a computed value is too great: `big * 2`"},
        ])
    );
    assert_eq!(
        decide(&policy, r#""big": 5"#)["classification"]["c"]["value"],
        "t"
    );
}

#[test]
fn texts_by_letter_and_ignoring_case() {
    check(
        r#""summary": "Monthly BILL wrong 账单错误""#,
        &[
            ("summary contains \"BILL\"", "t"),
            ("summary contains \"bill\"", "f"),
            ("summary contains \"bill\" ignoring case", "t"),
            ("summary contains \"账单\"", "t"),
            ("summary contains word", "f"),
            ("summary contains word ignoring case", "t"),
            ("summary starts with \"Month\"", "t"),
            ("summary starts with \"month\"", "f"),
            ("summary ends with \"错误\"", "t"),
            ("summary ends with \"误错\"", "f"),
            ("summary contains any of { \"refund\", \"账单\" }", "t"),
            ("summary contains all of { \"refund\", \"账单\" }", "f"),
            (
                "summary contains all of { \"bill\", \"账单\" } ignoring case",
                "t",
            ),
            ("summary matches r\"B.LL\\s+wrong\"", "t"),
            ("summary matches r\"^wrong\"", "f"),
            ("summary matches r\"b.ll\" ignoring case", "t"),
            ("summary matches r\"\\p{Han}{4}$\"", "t"),
            ("length(summary) is 23", "t"),
            ("word is \"Bill\"", "t"),
            ("word is \"bill\"", "f"),
            ("word is \"BILL\" ignoring case", "t"),
            ("word in { \"bill\" }", "f"),
            ("word in { \"a\", \"BILL\" } ignoring case", "t"),
            ("word not in { \"BILL\" } ignoring case", "f"),
            ("word is not \"bill\" ignoring case", "f"),
        ],
    );
}

#[test]
fn sets() {
    check(
        r#""tags": ["vip", "billing"], "parts": ["a", "c"]"#,
        &[
            ("tags contains \"vip\"", "t"),
            ("tags contains \"VIP\"", "f"),
            ("count(tags) is 2", "t"),
            ("tags contains any of { \"x\", \"vip\" }", "t"),
            ("tags contains all of { \"vip\", \"x\" }", "f"),
            ("parts contains c", "t"),
            ("parts contains b", "f"),
            ("parts contains all of { a, c }", "t"),
            ("parts contains any of { b }", "f"),
        ],
    );
    check(
        "",
        &[
            ("tags contains \"vip\"", "f"),
            ("count(tags) is 0", "t"),
            ("tags contains maybe", "u"),
        ][..2],
    );
}

#[test]
fn instants_are_read_in_the_zone_of_the_policy() {
    // 2026-03-02 is a Monday; 17:30 in UTC is the next day in Shanghai.
    check(
        r#""seen": "2026-03-02T17:30:00Z", "due": "2026-03-03", "clock_time": "01:30", "day": "tue", "span": "1h30m""#,
        &[
            ("date of seen is due", "t"),
            ("date of seen > 2026-03-02", "t"),
            ("time of seen is 01:30", "t"),
            ("time of seen is clock_time", "t"),
            ("weekday of seen is tue", "t"),
            ("weekday of seen is day", "t"),
            ("weekday of seen in { sat, sun }", "f"),
            ("day between mon and wed", "t"),
            ("seen > opened_at", "t"),
            ("seen - opened_at > 15h", "t"),
            ("seen - opened_at is 15h30m", "t"),
            ("opened_at + span < seen", "t"),
            ("span > spare", "t"),
            ("span - spare is 30m", "t"),
            ("spare * 3 is 3h", "t"),
            (
                "seen between 2026-03-02T00:00:00Z and 2026-03-03T00:00:00Z",
                "t",
            ),
            ("seen during always", "t"),
            ("seen outside always", "f"),
        ],
    );
}

#[test]
fn calendars_know_what_they_do_not_know() {
    let settings = format!(
        "{}[holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n",
        super::support::SETTINGS
    );
    let rules = "calendar business { open mon to fri 09:00-17:00 holidays cn }
        classify c as one of { open, closed } { first match
          rule inside when opened_at during business then open
          rule beside when opened_at outside business then closed }";
    let files = [
        ("caseway.toml", settings.as_str()),
        (
            "cn.csv",
            "date,kind,name\n2026-10-01,holiday,National Day\n",
        ),
    ];
    let policy = policy_with("", rules, &files);
    let on = |opened: &str| {
        decide_at(
            &policy,
            &format!(r#""opened_at": "{opened}""#),
            "[]",
            opened,
        )
    };
    for (opened, expected) in [
        ("2026-03-02T10:00:00+08:00", "open"),
        ("2026-03-02T17:00:00+08:00", "closed"),
        ("2026-10-01T10:00:00+08:00", "closed"),
    ] {
        let decision = on(opened);
        assert_eq!(
            decision["classification"]["c"]["value"], expected,
            "{opened}"
        );
        assert_eq!(decision["problems"], serde_json::json!([]));
    }
    let decision = on("2027-03-02T10:00:00+08:00");
    assert_eq!(
        decision["classification"]["c"]["value"],
        serde_json::Value::Null
    );
    assert_eq!(
        decision["problems"],
        serde_json::json!([{"code": "unknown_calendar_year", "block": "classify.c", "rules": ["inside", "beside"],
            "message": "the holiday data of calendar `business` does not cover 2027-03-02"}])
    );
}
