//! What is said of how long records are kept, held against every case there is and the decisions on them: a
//! small schema, random retention blocks.

use super::analysis_truth::batch;
use super::small_policies::read;
use super::time_truth::{SCHEMA, condition, findings, instant, marked, marks, states};
use caseway::analysis::{Block, Claim};
use caseway::diag::Diagnostic;
use caseway::time::Duration;
use caseway::value::{Case, Event, Value};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
struct RetainSample {
    when: Option<String>,
    effective: &'static str,
    from: &'static str,
    keep: Option<&'static str>,
    delete: Option<&'static str>,
}

impl RetainSample {
    fn text(&self) -> String {
        let when = self
            .when
            .as_ref()
            .map_or(String::new(), |when| format!(" when {when}"));
        let keep = match (self.keep, self.delete) {
            (None, None) => Some("1 year"),
            (keep, _) => keep,
        };
        let keep = keep.map_or(String::new(), |keep| format!("  keep at least {keep}\n"));
        let delete = self.delete;
        let delete = delete.map_or(String::new(), |most| {
            format!("  delete no later than {most}\n")
        });
        format!(
            "retain ticket{when} {} {{\n  from {}\n{keep}{delete}}}\n",
            self.effective, self.from
        )
    }
}

fn retain() -> impl Strategy<Value = RetainSample> {
    let amount = || {
        prop::option::of(prop::sample::select(vec![
            "30 days",
            "31 days",
            "1 month",
            "365 days",
            "1 year",
            "2 years",
            "24 months",
            "1 month excluding the starting month",
        ]))
    };
    let dates = prop::sample::select(vec![
        "",
        "",
        "effective until 2027-12-31",
        "effective from 2028-01-01",
        "effective from 2027-01-01 until 2028-01-31",
    ]);
    let from = prop::sample::select(vec![
        "opened_at",
        "opened_at",
        "seen_at",
        "first ended",
        "when level is high",
        "when busy",
    ]);
    (
        prop::option::of(condition()),
        dates,
        from,
        amount(),
        amount(),
    )
        .prop_map(|(when, effective, from, keep, delete)| RetainSample {
            when,
            effective,
            from,
            keep,
            delete,
        })
}

/// Whether a record must be kept longer than it may be.
fn kept_too_long(policy: &Policy, case: &Case, events: &[Event], now: Instant) -> bool {
    let decision = policy.decide(case, events, now);
    let kept = decision
        .places()
        .retention
        .first()
        .expect("the record")
        .clone();
    kept.keep_until
        .zip(kept.delete_by)
        .is_some_and(|(until, gone)| until > gone)
}

fn check_retention(blocks: &[RetainSample]) -> Result<(), TestCaseError> {
    let always = || "opened_at is present".to_owned();
    let whens: Vec<String> = blocks
        .iter()
        .map(|one| one.when.clone().unwrap_or_else(always))
        .collect();
    let written: String = blocks.iter().map(RetainSample::text).collect();
    let text = &format!("{SCHEMA}{}record ticket\n{written}", marks(&whens));
    let policy = read(text);
    let found = findings(text);
    let told: Vec<&Diagnostic> = found
        .iter()
        .filter(|finding| finding.code == "retention-floor-above-cap")
        .collect();
    for finding in &told {
        let json = finding.evidence.case.as_ref().expect("a case");
        let file = policy.case_from_json(json).expect("a case");
        let Some(Some(Value::Instant(opened))) = file.case.slots.get(1) else {
            panic!("no opening")
        };
        let at = file.at.unwrap_or(*opened);
        prop_assert!(
            kept_too_long(&policy, &file.case, &file.events, at),
            "{} {}",
            json,
            text
        );
    }
    let days = [
        "2026-01-30",
        "2026-03-02",
        "2027-01-30",
        "2027-03-02",
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2029-01-31",
    ];
    if told.is_empty() {
        for day in days {
            let at = instant(&format!("{day}T12:00:00+08:00"));
            for state in states(at) {
                let broken = kept_too_long(&policy, &state.case, &state.events(at), at);
                prop_assert!(!broken, "{:?} {}", state, text);
            }
        }
    }
    let facts = caseway::analysis::findings(&policy).facts;
    let expired: BTreeSet<u32> = facts
        .iter()
        .filter_map(|fact| match (fact.block, &fact.claim) {
            (Block::Retain(place), Claim::ExpiresUncovered(_)) => Some(place),
            _ => None,
        })
        .collect();
    let mut wanted = BTreeSet::new();
    for (place, block) in blocks.iter().enumerate() {
        let Some((_, until)) = block.effective.split_once("until ") else {
            continue;
        };
        let last = instant(&format!("{until}T12:00:00+08:00"));
        let day_after = last
            .plus(Duration::from_millis(86_400_000))
            .expect("a day later");
        let left = states(day_after).into_iter().any(|state| {
            let decision = policy.decide(&state.case, &state.events(day_after), day_after);
            let blocks = &decision
                .places()
                .retention
                .first()
                .expect("the record")
                .blocks;
            blocks.is_empty() && marked(&policy, &state, whens.len())[place]
        });
        if left {
            wanted.insert(u32::try_from(place).expect("few"));
        }
    }
    prop_assert_eq!(expired, wanted, "{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(batch(60))]

    #[test]
    fn records_are_said_to_be_kept_too_long_where_they_are(
        blocks in prop::collection::vec(retain(), 1..=3),
    ) {
        check_retention(&blocks)?;
    }
}
