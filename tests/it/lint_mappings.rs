//! Mappings that tell clocks how a case ended but not when: each fixture has its good twin.

use crate::support::{SETTINGS, findings};
use caseway::driver::check_sources;

const CASE: &str = r#"case { id: text  opened_at: instant
    status: one of { new, waiting, solved } default new
    history: one of { known, end_only } default known
    note: text optional }
events { answered }
define done = status is solved
classify phase as one of { running, over } { first match  rule done when done then over  otherwise running }
"#;

/// Messages of `mapping-end-state` about a clock and a mapping.
fn found(clock: &str, fields: &str, more: &str) -> Vec<String> {
    let settings =
        format!("{SETTINGS}[mapping.m.fields]\nid = \"I\"\nopened_at = \"O\"\n{fields}\n{more}");
    let policy = format!("{CASE}clock c {{ {clock} }} sla {{ otherwise tier t {{ c 1h }} }}");
    let files = [("caseway.toml", settings.as_str()), ("a.policy", &policy)];
    let all = findings(&files).into_iter();
    let mut messages = Vec::new();
    for (code, message) in all {
        match code.as_str() {
            "mapping-end-state" => messages.push(message),
            "unused-define" => {}
            other => panic!("{other}: {message}"),
        }
    }
    messages
}

const STATUS: &str = "status = \"S\"";
const TABLE: &str = r#"status = { column = "S", values = { "Open" = "new", "Held" = "waiting", "Done" = "solved" } }"#;

#[test]
fn end_states_without_times_are_found() {
    for clock in [
        "stop when status is solved",
        "cancel when status is solved",
        "pause when status is waiting",
        "stop when done",
        "stop when phase is over",
        "stop on answered  stop when not (status is new)",
        "start when status is present  stop when status is solved",
    ] {
        for fields in [STATUS, TABLE, r#"status = { value = "solved" }"#] {
            let messages = found(clock, fields, "");
            let paused = clock.starts_with("pause") && fields.contains("value = \"solved\"");
            assert_eq!(
                messages.len(),
                usize::from(!paused),
                "{clock} {fields}: {messages:?}"
            );
        }
    }
}

#[test]
fn mappings_with_times_and_clocks_that_are_not_concerned_are_left_alone() {
    let stop = "stop when status is solved";
    let events = "[[mapping.m.events]]\nat = \"C\"\nevent = \"answered\"";
    let log = "[mapping.m.log]\nkey = \"I\"\nat = \"O\"\nkind = \"K\"\n[mapping.m.log.kinds]\n";
    let cases: [(&str, &str, &str); 11] = [
        (stop, STATUS, events),
        (stop, STATUS, &format!("{log}a = \"answered\"")),
        (stop, r#"note = "N""#, ""),
        (stop, r#"status = { value = "new" }"#, ""),
        (
            stop,
            r#"status = { column = "S", values = { "Open" = "new", "Held" = "waiting" } }"#,
            "",
        ),
        ("stop on answered", STATUS, ""),
        (
            "start first answered  stop when status is solved",
            STATUS,
            "",
        ),
        (
            "start when answered has happened  stop when status is solved",
            STATUS,
            "",
        ),
        (
            "start when history is known  stop when status is solved",
            "status = \"S\"\nhistory = { value = \"end_only\" }",
            "",
        ),
        (
            "start when not (history is end_only)  stop when status is solved",
            r#"status = { column = "S", values = { "Open" = "new", "Done" = "solved" } }
history = { column = "S", values = { "Open" = "known", "Done" = "end_only" } }"#,
            "",
        ),
        (
            "start when history in { known }  stop when status is solved",
            r#"status = { column = "S", values = { "Open" = "new" }, default = "solved" }
history = { column = "S", values = { "Open" = "known" }, default = "end_only" }"#,
            "",
        ),
    ];
    for (clock, fields, more) in cases {
        assert_eq!(found(clock, fields, more), [""; 0], "{clock} {fields}");
    }
}

#[test]
fn a_log_that_only_opens_maps_no_event() {
    let log = "[mapping.m.log]\nkey = \"I\"\nat = \"O\"\nkind = \"K\"\n[mapping.m.log.kinds]\na = { opens = true }";
    assert_eq!(found("stop when status is solved", STATUS, log).len(), 1);
}

#[test]
fn one_row_that_would_look_perfect_is_enough() {
    // `Shut` is taken as followed.
    let fields = r#"status = { column = "S", values = { "Open" = "new", "Done" = "solved", "Shut" = "solved" } }
history = { column = "S", values = { "Open" = "known", "Done" = "end_only", "Shut" = "known" } }"#;
    let clock = "start when history is known  stop when status is solved";
    assert_eq!(
        found(clock, fields, ""),
        [
            "the mapping fills `status`, which stops, cancels or pauses the clock `c`, but maps no event: such a case looks as if `status` had been so from its opening"
        ]
    );
    // Told apart by another column, it may be either.
    let fields = r#"status = { column = "S", values = { "Open" = "new", "Done" = "solved" } }
history = { column = "H", values = { "yes" = "known", "no" = "end_only" } }"#;
    assert_eq!(found(clock, fields, "").len(), 1);
}

#[test]
fn the_finding_stands_at_the_field_of_the_mapping_and_can_be_set() {
    let settings = |more: &str| {
        format!("{SETTINGS}{more}[mapping.m.fields]\nid = \"I\"\nopened_at = \"O\"\n{STATUS}\n")
    };
    let policy = format!(
        "{CASE}clock c {{ stop when status is solved }} sla {{ otherwise tier t {{ c 1h }} }}"
    );
    let check = |settings: String| {
        let files = [
            ("caseway.toml".to_owned(), settings),
            ("a.policy".to_owned(), policy.clone()),
        ];
        check_sources(files).expect("a folder")
    };
    let checked = check(settings(""));
    let finding = &checked.findings[0];
    assert_eq!(
        (finding.code, finding.subject.as_str()),
        ("mapping-end-state", "mapping.m")
    );
    assert_eq!(checked.sources.slice(finding.span), "status");
    assert_eq!(checked.sources.slice(finding.labels[0].span), "c");
    assert!(
        checked.policy.is_some(),
        "a warning leaves the policy usable"
    );
    let allowed = check(settings("[lint]\n\"mapping-end-state\" = \"allow\"\n"));
    assert!(allowed.findings.is_empty());
}

#[test]
fn chains_of_defines_and_long_tables_take_no_time() {
    let mut chain = String::from("define d0 = status is solved\n");
    for number in 1..60 {
        let before = number - 1;
        chain.push_str(&format!(
            "define d{number} = d{before} and not (d{before} is missing)\n"
        ));
    }
    let values: Vec<String> = (0..5_000)
        .map(|text| format!("\"{text}\" = \"solved\""))
        .collect();
    let settings = format!(
        "{SETTINGS}[mapping.m.fields]\nid = \"I\"\nopened_at = \"O\"\nstatus = {{ column = \"S\", values = {{ {} }} }}\n",
        values.join(", ")
    );
    let policy =
        format!("{CASE}{chain}clock c {{ stop when d59 }} sla {{ otherwise tier t {{ c 1h }} }}");
    let files = [("caseway.toml", settings.as_str()), ("a.policy", &policy)];
    assert!(
        findings(&files)
            .iter()
            .any(|(code, _)| code == "mapping-end-state")
    );
}
