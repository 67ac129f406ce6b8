//! Lints about time held against trying every case, and those that need today's date.

use super::support::SETTINGS;
use caseway::driver::{Checked, check_as_of, prove_sources};
use caseway::{Instant, driver};
use proptest::prelude::*;
use std::collections::BTreeSet;

const FIELDS: &str = "flag: bool optional  number: integer from 0 to 3 optional  level: one of { low < mid < high } default low";
const LEVELS: [&str; 3] = ["low", "mid", "high"];

/// A case, as far as conditions look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sample {
    flag: Option<bool>,
    number: Option<i64>,
    level: usize,
}

fn samples() -> Vec<Sample> {
    let mut all = Vec::new();
    for flag in [None, Some(false), Some(true)] {
        for number in [None, Some(0), Some(1), Some(2), Some(3)] {
            for level in 0..LEVELS.len() {
                all.push(Sample {
                    flag,
                    number,
                    level,
                });
            }
        }
    }
    all
}

#[derive(Clone, Debug)]
enum Condition {
    Flag,
    FlagIs(bool),
    Missing(bool),
    Below(i64),
    NumberIs(i64, bool),
    Level(usize, bool),
    AtLeast(usize),
    OneOf(Vec<usize>),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

impl Condition {
    fn text(&self) -> String {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        let joined = |all: &[Condition], word: &str| {
            let parts: Vec<String> = all.iter().map(|one| format!("({})", one.text())).collect();
            parts.join(word)
        };
        match self {
            Condition::Flag => "flag".into(),
            Condition::FlagIs(value) => format!("flag is {value}"),
            Condition::Missing(present) => {
                format!("flag is {}", if *present { "present" } else { "missing" })
            }
            Condition::Below(limit) => format!("number < {limit}"),
            Condition::NumberIs(value, negated) => format!("number is {}{value}", not(negated)),
            Condition::Level(at, negated) => format!("level is {}{}", not(negated), LEVELS[*at]),
            Condition::AtLeast(at) => format!("level >= {}", LEVELS[*at]),
            Condition::OneOf(all) => {
                let names: Vec<&str> = all.iter().map(|at| LEVELS[*at]).collect();
                format!("level in {{ {} }}", names.join(", "))
            }
            Condition::Not(inner) => format!("not ({})", inner.text()),
            Condition::And(all) => joined(all, " and "),
            Condition::Or(all) => joined(all, " or "),
        }
    }

    /// None is unknown.
    fn truth(&self, case: Sample) -> Option<bool> {
        match self {
            Condition::Flag => case.flag,
            Condition::FlagIs(value) => case.flag.map(|flag| flag == *value),
            Condition::Missing(present) => Some(case.flag.is_some() == *present),
            Condition::Below(limit) => case.number.map(|number| number < *limit),
            Condition::NumberIs(value, negated) => {
                case.number.map(|number| (number == *value) != *negated)
            }
            Condition::Level(at, negated) => Some((case.level == *at) != *negated),
            Condition::AtLeast(at) => Some(case.level >= *at),
            Condition::OneOf(all) => Some(all.contains(&case.level)),
            Condition::Not(inner) => inner.truth(case).map(|truth| !truth),
            Condition::And(all) => {
                let truths: Vec<_> = all.iter().map(|one| one.truth(case)).collect();
                if truths.contains(&Some(false)) {
                    Some(false)
                } else {
                    truths.iter().all(Option::is_some).then_some(true)
                }
            }
            Condition::Or(all) => {
                let truths: Vec<_> = all.iter().map(|one| one.truth(case)).collect();
                if truths.contains(&Some(true)) {
                    Some(true)
                } else {
                    truths.iter().all(Option::is_some).then_some(false)
                }
            }
        }
    }

    fn holds(&self, case: Sample) -> bool {
        self.truth(case) == Some(true)
    }
}

/// Conditions; without numbers where `numbers` is not set.
fn condition(numbers: bool) -> impl Strategy<Value = Condition> {
    let few = prop_oneof![
        Just(Condition::Flag),
        any::<bool>().prop_map(Condition::FlagIs),
        any::<bool>().prop_map(Condition::Missing),
        (0..3_usize, any::<bool>()).prop_map(|(at, negated)| Condition::Level(at, negated)),
        (0..3_usize).prop_map(Condition::AtLeast),
        proptest::sample::subsequence(vec![0, 1, 2], 1..=2).prop_map(Condition::OneOf),
    ];
    let all = prop_oneof![
        (1..4_i64).prop_map(Condition::Below),
        (0..4_i64, any::<bool>()).prop_map(|(value, negated)| Condition::NumberIs(value, negated)),
    ];
    let leaf = if numbers {
        prop_oneof![3 => few, 2 => all].boxed()
    } else {
        few.boxed()
    };
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Condition::Not(Box::new(one))),
            prop::collection::vec(inner.clone(), 2..=3).prop_map(Condition::And),
            prop::collection::vec(inner, 2..=3).prop_map(Condition::Or),
        ]
    })
}

fn checked(rules: &str) -> Checked {
    let checked = prove_sources(files(rules)).expect("a folder");
    assert!(checked.policy.is_some(), "{rules}\n{:?}", checked.findings);
    checked
}

fn files(rules: &str) -> Vec<(String, String)> {
    let files = [
        ("caseway.toml", SETTINGS.to_owned()),
        (
            "case.policy",
            format!("case {{ id: text opened_at: instant {FIELDS} }} events {{ ended }}"),
        ),
        ("rules.policy", rules.to_owned()),
    ];
    let files = files.into_iter();
    files.map(|(path, text)| (path.to_owned(), text)).collect()
}

/// Subjects of the findings with a code.
fn subjects(checked: &Checked, code: &str) -> BTreeSet<String> {
    let found = checked
        .findings
        .iter()
        .filter(|finding| finding.code == code);
    found.map(|finding| finding.subject.clone()).collect()
}

fn config(cases: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: wanted.unwrap_or(cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(300))]

    /// What is said to follow does follow, for every case, and all that follows is said.
    #[test]
    fn clocks_that_are_said_never_to_run_are_those_that_never_do(start in condition(true), end in condition(true)) {
        let (start_text, end_text) = (start.text(), end.text());
        let found = checked(&format!(
            "clock stopped {{ start when {start_text}  stop when {end_text} }}
             clock paused {{ start when {start_text}  pause when {end_text}  stop on ended }}
             clock born {{ stop when {end_text} }}
             sla {{ otherwise tier all {{ stopped 1h  paused 1h  born 1h }} }}"
        ));
        let implied = samples().into_iter().all(|case| !start.holds(case) || end.holds(case));
        let starts = samples().into_iter().any(|case| start.holds(case));
        let always = samples().into_iter().all(|case| end.holds(case));
        let never_runs = subjects(&found, "clock-never-runs");
        let never_resumes = subjects(&found, "clock-never-resumes");
        let said = [
            never_runs.contains("clock.stopped"),
            never_runs.contains("clock.paused"),
            never_resumes.contains("clock.paused"),
            never_runs.contains("clock.born"),
        ];
        let wanted = [implied, !starts, implied && starts, always];
        prop_assert_eq!(said, wanted, "{} / {}", start_text, end_text);
    }

    /// On one value alone nothing is missed either.
    #[test]
    fn one_value_is_decided_exactly(
        start in proptest::sample::subsequence(vec![0_usize, 1, 2], 1..=2),
        end in condition(false).prop_filter("level only", |end| !end.text().contains("flag")),
    ) {
        let start = Condition::OneOf(start);
        let (start_text, end_text) = (start.text(), end.text());
        let found = checked(&format!(
            "clock stopped {{ start when {start_text}  stop when {end_text} }}
             sla {{ otherwise tier all {{ stopped 1h }} }}"
        ));
        let implied = samples().into_iter().all(|case| !start.holds(case) || end.holds(case));
        prop_assert_eq!(subjects(&found, "clock-never-runs").len(), usize::from(implied), "{} / {}", start_text, end_text);
    }

    /// Inversions are those that trying all pairs of cases finds.
    #[test]
    fn inversions_are_those_of_all_cases(
        tiers in prop::collection::vec((condition(false), 1..4_u32), 1..4),
        last in 1..4_u32,
    ) {
        let mut text = String::from("clock c { stop on ended } sla {");
        for (at, (when, hours)) in tiers.iter().enumerate() {
            text.push_str(&format!(" tier t{at} when {} {{ c {hours}h }}", when.text()));
        }
        text.push_str(&format!(" otherwise tier t{} {{ c {last}h }} }}", tiers.len()));
        let taken = |case: Sample| {
            let tier = tiers.iter().position(|(when, _)| when.holds(case));
            let at = tier.unwrap_or(tiers.len());
            (at, tiers.get(at).map_or(last, |(_, hours)| *hours))
        };
        let mut wanted = BTreeSet::new();
        for low in samples() {
            for level in low.level + 1..LEVELS.len() {
                let ((high_tier, more), (_, less)) = (taken(Sample { level, ..low }), taken(low));
                if more > less {
                    wanted.insert(format!("sla.t{high_tier}"));
                }
            }
        }
        prop_assert_eq!(subjects(&checked(&text), "sla-inversion"), wanted, "{}", text);
    }

    /// With numbers, of which the check knows nothing, it finds less, but nothing that is not there.
    #[test]
    fn inversions_are_never_made_up(
        tiers in prop::collection::vec((condition(true), 1..4_u32), 1..4),
    ) {
        let mut text = String::from("clock c { stop on ended } sla {");
        for (at, (when, hours)) in tiers.iter().enumerate() {
            text.push_str(&format!(" tier t{at} when {} {{ c {hours}h }}", when.text()));
        }
        text.push_str(" }");
        let taken = |case: Sample| tiers.iter().position(|(when, _)| when.holds(case));
        for subject in subjects(&checked(&text), "sla-inversion") {
            let shown = samples().into_iter().any(|low| {
                (low.level + 1..LEVELS.len()).any(|level| {
                    let (high, low) = (taken(Sample { level, ..low }), taken(low));
                    high.is_some_and(|at| subject == format!("sla.t{at}"))
                        && low.zip(high).is_some_and(|(low, high)| tiers[high].1 > tiers[low].1)
                })
            });
            prop_assert!(shown, "{} in {}", subject, text);
        }
    }

    /// A gap has a case in it, and a case without a block is a gap.
    #[test]
    fn gaps_of_retention_have_a_case(whens in prop::collection::vec(condition(true), 1..4)) {
        let blocks: Vec<String> = whens
            .iter()
            .map(|when| format!("retain ticket when {} {{ from opened_at keep at least 1 year }}", when.text()))
            .collect();
        let found = checked(&format!("record ticket {}", blocks.join("\n")));
        let open = samples().into_iter().any(|case| !whens.iter().any(|when| when.holds(case)));
        prop_assert_eq!(!subjects(&found, "retention-gap").is_empty(), open, "{:?}", blocks);
    }
}

/// A folder on disk with holidays to a certain day, removed at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str, last: &str, rules: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("caseway-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        let settings = format!(
            "{SETTINGS}[holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2024-01-01\", \"{last}\"]\n"
        );
        let files = [
            ("caseway.toml", settings.as_str()),
            ("cn.csv", "date,kind\n2024-10-01,holiday\n"),
            ("a.policy", rules),
        ];
        for (file, text) in files {
            std::fs::write(path.join(file), text).expect("writable");
        }
        Folder(path)
    }

    /// Code, file and message of the findings on a day.
    fn findings(&self, now: &str) -> Vec<(String, String, String)> {
        let now = Instant::parse(now).expect("an instant");
        let checked = check_as_of(&self.0, now).expect("a folder");
        let shown = checked.findings.iter().map(|finding| {
            let file = checked.sources.name(finding.span).to_owned();
            (finding.code.to_owned(), file, finding.message.to_string())
        });
        shown.collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const USED: &str = "case { id: text opened_at: instant } events { ended }
    calendar business { open mon to fri 09:00-17:00  holidays cn }
    calendar second { open mon to fri 09:00-17:00  holidays cn }
    clock c { stop on ended } clock d { stop on ended }
    sla { otherwise tier all { c 1h of business  d 1h of second } }";

#[test]
fn holiday_data_has_to_reach_a_year_ahead() {
    let folder = Folder::new("ahead", "2026-12-31", USED);
    let found = |message: &str| {
        vec![(
            "holiday-data-ends-soon".to_owned(),
            "caseway.toml".to_owned(),
            format!("the holidays `cn` are known up to 2026-12-31 only, {message}"),
        )]
    };
    // Days are those of the calendar's zone.
    assert_eq!(folder.findings("2025-12-31T15:59:59Z"), []);
    assert_eq!(
        folder.findings("2025-12-31T16:00:00Z"),
        found("less than a year from now")
    );
    assert_eq!(
        folder.findings("2026-12-31T12:00:00+08:00"),
        found("less than a year from now")
    );
    assert_eq!(
        folder.findings("2027-01-01T00:00:00+08:00"),
        found("and that is past")
    );
    // Without a date nothing is said.
    let checked = driver::check(&folder.0).expect("a folder");
    assert_eq!(checked.findings, []);
}

#[test]
fn holiday_data_that_nothing_counts_on_may_end() {
    let rules = "case { id: text opened_at: instant }
        calendar business { open mon to fri 09:00-17:00  holidays cn }";
    let folder = Folder::new("unused", "2024-12-31", rules);
    let codes: Vec<String> = folder
        .findings("2026-11-23T10:00:00+08:00")
        .into_iter()
        .map(|(code, ..)| code)
        .collect();
    assert_eq!(codes, ["unused-calendar"]);
}

#[test]
fn calendars_are_asked_from_today_on() {
    let rules = "case { id: text opened_at: instant } events { ended }
        calendar fair { open mon to fri 09:00-17:00 from 2026-04-15 until 2026-05-05 }
        clock c { stop on ended }
        sla { otherwise tier all { c 1h of fair } }";
    let folder = Folder::new("fair", "2040-12-31", rules);
    assert_eq!(folder.findings("2026-05-05T23:00:00+08:00"), []);
    let found = folder.findings("2026-05-06T00:00:00+08:00");
    let messages: Vec<&str> = found
        .iter()
        .map(|(_, _, message)| message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["`fair` does not open within 400 days from 2026-05-06"]
    );
    // 400 days before it opens it is open soon enough, a day earlier it is not.
    assert_eq!(folder.findings("2025-03-12T00:00:00+08:00"), []);
    assert_eq!(folder.findings("2025-03-10T00:00:00+08:00").len(), 1);
    let checked = driver::check(&folder.0).expect("a folder");
    assert_eq!(checked.findings, []);
}

/// An error of a lint is one of `lint`: the policy still decides.
#[test]
fn lints_leave_the_policy_usable() {
    let found = checked(
        "calendar doubled { open mon 09:00-12:00, 11:00-13:00 }
         clock c { start when flag  stop when flag }
         sla { otherwise tier all { c 1h of doubled } }",
    );
    let levels: Vec<_> = found
        .findings
        .iter()
        .map(|finding| (finding.code, finding.level.word()))
        .collect();
    assert_eq!(
        levels,
        [
            ("overlapping-hours", "error"),
            ("clock-never-runs", "error")
        ]
    );
}

/// Great policies are looked at in time that grows with their size.
#[test]
fn many_tiers_rules_and_blocks() {
    let mut text = String::from(
        "role one role two
         clock c { pause when flag  stop when level is high  stop on ended } route { first match ",
    );
    for at in 0..200 {
        text.push_str(&format!(
            "rule r{at} when number is {} and flag is missing to one escalate to two at {}% of c\n",
            at % 4,
            at % 90 + 1
        ));
    }
    text.push_str("} sla {");
    for at in 0..200 {
        let level = LEVELS[at % 3];
        text.push_str(&format!(
            " tier t{at} when level is {level} and flag {{ c {}h }}",
            1 + at % 7
        ));
    }
    text.push('}');
    let found = checked(&text);
    // `t0` to `t2` take the three levels with 1, 2 and 3 hours.
    let wanted = ["sla.t1".to_owned(), "sla.t2".to_owned()];
    assert_eq!(subjects(&found, "sla-inversion"), BTreeSet::from(wanted));
}

/// Of many blocks, those with a floor above the one low cap are found, and no others.
#[test]
fn many_blocks_of_a_record() {
    let mut text = String::from("record ticket\n");
    for at in 0..300 {
        text.push_str(&format!(
            "retain ticket when number is {} {{ from opened_at keep at least {} years delete no later than 90 years }}\n",
            at % 4,
            at % 9 + 1
        ));
    }
    let told = |text: &str| {
        let found = checked(text).findings;
        let found = found.iter();
        found
            .filter(|finding| finding.code == "retention-floor-above-cap")
            .count()
    };
    assert_eq!(told(&text), 0);
    text.push_str(
        "retain ticket when number is 3 { from opened_at delete no later than 2 years }\n",
    );
    // Two years from 29 February are longer than two years.
    let wanted = (0..300).filter(|at| at % 4 == 3 && at % 9 + 1 >= 2).count();
    assert_eq!(told(&text), wanted);
}
