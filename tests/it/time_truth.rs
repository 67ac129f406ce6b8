//! What is said of clocks, held against every case there is and the decisions on them: a small schema, random
//! clocks.

use super::analysis_truth::batch;
use super::small_policies::read;
use super::support::SETTINGS;
use caseway::analysis::{Block, Claim, ClockClaim};
use caseway::compile::NodeId;
use caseway::diag::Diagnostic;
use caseway::driver::prove_sources;
use caseway::eval::{ClockReading, ClockState};
use caseway::time::Duration;
use caseway::value::{Case, Event, EventKind, Value};
use caseway::{Instant, Policy};
use proptest::prelude::*;
use std::collections::BTreeSet;

pub const SCHEMA: &str = "case {
  id: text  opened_at: instant
  flag: bool optional
  level: one of { low < mid < high }
  seen_at: instant optional
}
events { ended, other }
define busy = level >= mid
classify grade as one of { calm < wild } {
  first match
  rule wild when level is high or flag then wild
  otherwise calm
}
";
const FLAG: u32 = 2;
const LEVEL: u32 = 3;
const SEEN: u32 = 4;

pub fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn opened() -> Instant {
    instant("2026-03-02T10:00:00+08:00")
}

/// A state of a case: its slots, and whether `ended` has happened.
#[derive(Clone, Debug)]
pub struct State {
    pub case: Case,
    ended: bool,
}

impl State {
    pub fn events(&self, at: Instant) -> Vec<Event> {
        let kind = EventKind::Happened(0);
        self.ended
            .then_some(Event { at, kind })
            .into_iter()
            .collect()
    }

    /// What turns another case into this state.
    fn change(&self, at: Instant) -> Vec<Event> {
        let slots = [FLAG, LEVEL, SEEN].map(|slot| (slot, self.case.slots[slot as usize].clone()));
        let kind = EventKind::Set(slots.into());
        std::iter::once(Event { at, kind })
            .chain(self.events(at))
            .collect()
    }
}

/// All states of the schema, opened at an instant.
pub fn states(at: Instant) -> Vec<State> {
    let mut all = Vec::new();
    for flag in [None, Some(false), Some(true)] {
        for level in 0..3 {
            for seen in [None, Some(at)] {
                for ended in [false, true] {
                    let slots = vec![
                        Some(Value::text("T")),
                        Some(Value::Instant(at)),
                        flag.map(Value::Bool),
                        Some(Value::Member(level)),
                        seen.map(Value::Instant),
                    ];
                    let case = Case {
                        slots: slots.into(),
                    };
                    all.push(State { case, ended });
                }
            }
        }
    }
    all
}

pub fn condition() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "flag",
        "not flag",
        "flag is missing",
        "level is low",
        "level is mid",
        "level is not high",
        "busy",
        "not busy",
        "grade is wild",
        "grade is calm",
        "seen_at is present",
        "ended has happened",
        "ended has happened",
    ]);
    let atom = atom.prop_map(str::to_owned);
    atom.prop_recursive(2, 4, 2, |inner| {
        let parts = prop::collection::vec(inner.clone(), 2..=2);
        prop_oneof![
            parts
                .clone()
                .prop_map(|parts| format!("({})", parts.join(" and "))),
            parts.prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|one| format!("not ({one})")),
        ]
    })
}

/// A clause for each condition.
fn clauses(word: &str, conditions: &[String]) -> String {
    let clauses = conditions
        .iter()
        .map(|one| format!("  {word} when {one}\n"));
    clauses.collect()
}

/// Requirements of which those are asked whose condition is true.
pub fn marks(conditions: &[String]) -> String {
    let marks = conditions.iter().enumerate();
    let marks = marks.map(|(at, when)| format!("require m{at} when {when} that flag is present\n"));
    marks.collect()
}

/// Which of the marked conditions are true in a state.
pub fn marked(policy: &Policy, state: &State, count: usize) -> Vec<bool> {
    let Some(Some(Value::Instant(at))) = state.case.slots.get(1) else {
        panic!("no opening")
    };
    let decision = policy.decide(&state.case, &state.events(*at), *at);
    let asked: BTreeSet<usize> = decision
        .places()
        .requirements
        .iter()
        .map(|asked| asked.requirement as usize)
        .collect();
    (0..count).map(|at| asked.contains(&at)).collect()
}

#[derive(Clone, Debug)]
struct ClockSample {
    /// The condition of `start when`, or another moment, or nothing.
    start: Start,
    stops: Vec<String>,
    cancels: Vec<String>,
    pauses: Vec<String>,
    reopens: bool,
}

#[derive(Clone, Debug)]
enum Start {
    Opening,
    Seen,
    Ended,
    When(String),
}

impl ClockSample {
    fn conditions(&self) -> Vec<String> {
        let start = match &self.start {
            Start::When(when) => when.clone(),
            Start::Opening => "opened_at is present".to_owned(),
            Start::Seen => "seen_at is present".to_owned(),
            Start::Ended => "ended has happened".to_owned(),
        };
        let ends = self.stops.iter().chain(&self.cancels).chain(&self.pauses);
        std::iter::once(start).chain(ends.cloned()).collect()
    }

    fn text(&self) -> String {
        let start = match &self.start {
            Start::Opening => String::new(),
            Start::Seen => "  start seen_at\n".to_owned(),
            Start::Ended => "  start first ended\n".to_owned(),
            Start::When(when) => format!("  start when {when}\n"),
        };
        format!(
            "{SCHEMA}{}clock c {{\n{start}{}{}{}  stop on other\n{}}}\nsla {{ otherwise tier all {{ c 1h }} }}\n",
            marks(&self.conditions()),
            clauses("stop", &self.stops),
            clauses("cancel", &self.cancels),
            clauses("pause", &self.pauses),
            if self.reopens {
                "  reopen resume\n"
            } else {
                ""
            },
        )
    }
}

fn clock() -> impl Strategy<Value = ClockSample> {
    let start = prop_oneof![
        1 => Just(Start::Opening),
        1 => Just(Start::Seen),
        1 => Just(Start::Ended),
        4 => condition().prop_map(Start::When),
    ];
    let some = |most| prop::collection::vec(condition(), 0..=most);
    (start, some(2), some(1), some(2), any::<bool>()).prop_map(
        |(start, stops, cancels, pauses, reopens)| ClockSample {
            start,
            stops,
            cancels,
            pauses,
            reopens,
        },
    )
}

/// Whether a condition says nothing but that the event has happened.
fn lasts(condition: &str) -> bool {
    let rest = condition.replace("ended has happened", "");
    rest.split([' ', '(', ')'])
        .all(|word| matches!(word, "" | "and" | "or"))
}

/// The truth about a clock: each row a state, each column a condition of it.
struct Rows<'a> {
    sample: &'a ClockSample,
    rows: Vec<Vec<bool>>,
}

impl Rows<'_> {
    /// Whether one of these columns is true in each row in which the clock starts, or in each row.
    fn always(&self, columns: &BTreeSet<usize>, starting: bool) -> bool {
        let rows = self.rows.iter().filter(|row| !starting || row[0]);
        !columns.is_empty() && { rows }.all(|row| columns.iter().any(|column| row[*column]))
    }

    fn columns(&self) -> [BTreeSet<usize>; 3] {
        let stops = self.sample.stops.len();
        let cancels = self.sample.cancels.len();
        let pauses = self.sample.pauses.len();
        let from = |first: usize, count: usize| (first..first + count).collect();
        [
            from(1, stops),
            from(1 + stops, cancels),
            from(1 + stops + cancels, pauses),
        ]
    }

    fn never_starts(&self) -> bool {
        !self.rows.iter().any(|row| row[0])
    }

    fn never_runs(&self) -> bool {
        let [stops, cancels, _] = self.columns();
        let ends = &stops | &cancels;
        self.never_starts()
            || self.always(&cancels, true)
            || self.always(&ends, !self.sample.reopens)
    }

    fn lasting(&self) -> BTreeSet<usize> {
        let [_, _, pauses] = self.columns();
        let pauses = pauses.into_iter().zip(&self.sample.pauses);
        pauses
            .filter(|(_, when)| lasts(when))
            .map(|(column, _)| column)
            .collect()
    }

    fn never_resumes(&self) -> bool {
        let [stops, cancels, pauses] = self.columns();
        let all = &(&stops | &cancels) | &pauses;
        let by_state = matches!(self.sample.start, Start::When(_));
        !self.never_runs()
            && !pauses.is_empty()
            && (self.always(&pauses, false)
                || self.always(&self.lasting(), true)
                || self.always(&all, false)
                || by_state && self.always(&pauses, true))
    }

    /// Whether no fewer of these columns than those told would do.
    fn are_fewest(&self, told: &BTreeSet<usize>, of: &BTreeSet<usize>, starting: bool) -> bool {
        let of: Vec<usize> = of.iter().copied().collect();
        let choices = (0..1u32 << of.len()).map(|bits| -> BTreeSet<usize> {
            let chosen = of.iter().enumerate();
            chosen
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, column)| *column)
                .collect()
        });
        let mut enough = choices.filter(|some| self.always(some, starting));
        self.always(told, starting) && enough.all(|some| some.len() >= told.len())
    }
}

fn clock_of(policy: &Policy, case: &Case, events: &[Event], now: Instant) -> ClockReading {
    let decision = policy.decide(case, events, now);
    decision.places().clocks.first().expect("the clock").clone()
}

/// The case of a finding, decided.
fn shown(policy: &Policy, finding: &Diagnostic) -> Option<ClockReading> {
    let file = policy
        .case_from_json(finding.evidence.case.as_ref()?)
        .expect("a case");
    let Some(Some(Value::Instant(opened))) = file.case.slots.get(1) else {
        panic!("no opening")
    };
    Some(clock_of(
        policy,
        &file.case,
        &file.events,
        file.at.unwrap_or(*opened),
    ))
}

pub fn findings(text: &str) -> Vec<Diagnostic> {
    let files = [("caseway.toml", SETTINGS), ("p.policy", text)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let checked = prove_sources(files).expect("a folder");
    assert_eq!(checked.undecided, 0, "{text}");
    checked.findings
}

fn check_clock(sample: &ClockSample) -> Result<(), TestCaseError> {
    let text = &sample.text();
    let policy = read(text);
    let count = sample.conditions().len();
    let all = states(opened());
    let rows = all
        .iter()
        .map(|state| marked(&policy, state, count))
        .collect();
    let truth = Rows { sample, rows };
    let found = findings(text);
    let said = |code: &str| found.iter().find(|finding| finding.code == code);
    let (never_runs, never_resumes) = (said("clock-never-runs"), said("clock-never-resumes"));
    prop_assert_eq!(never_runs.is_some(), truth.never_runs(), "{}", text);
    prop_assert_eq!(never_resumes.is_some(), truth.never_resumes(), "{}", text);

    // As few conditions as possible are at fault.
    let written = &policy.program().clocks[0];
    let nodes: Vec<NodeId> = [&written.stop.when, &written.cancel.when, &written.pause]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let [stops, cancels, pauses] = truth.columns();
    let ends = &stops | &cancels;
    let facts = caseway::analysis::findings(&policy).facts;
    let claim = facts
        .iter()
        .find_map(|fact| match (&fact.block, &fact.claim) {
            (Block::Clock(0), Claim::Clock(claim)) => Some(claim),
            _ => None,
        });
    let columns = |guilty: &[NodeId]| -> BTreeSet<usize> {
        let places = guilty.iter();
        places
            .map(|node| {
                1 + nodes
                    .iter()
                    .position(|one| one == node)
                    .expect("of the clock")
            })
            .collect()
    };
    let fewest = match claim {
        None => never_runs.is_none() && never_resumes.is_none(),
        Some(ClockClaim::NeverStarts) => truth.never_starts(),
        Some(ClockClaim::Cancelled(guilty)) => truth.are_fewest(&columns(guilty), &cancels, true),
        Some(ClockClaim::Ended(guilty)) => {
            truth.are_fewest(&columns(guilty), &ends, !sample.reopens)
        }
        Some(ClockClaim::AlwaysPaused(guilty)) => {
            truth.are_fewest(&columns(guilty), &pauses, false)
        }
        Some(ClockClaim::StaysPaused(guilty)) => {
            truth.are_fewest(&columns(guilty), &truth.lasting(), true)
        }
        Some(ClockClaim::CountsNothing(guilty)) => {
            truth.are_fewest(&columns(guilty), &(&ends | &pauses), false)
        }
        Some(ClockClaim::StartsPaused(guilty)) => truth.are_fewest(&columns(guilty), &pauses, true),
    };
    prop_assert!(fewest, "{:?} {}", claim, text);

    // A case shows it, unless events would have to come first.
    let quiet = !text.contains("when ended")
        && !sample.conditions().iter().any(|one| one.contains("ended"));
    if let Some(finding) = never_runs {
        let reading = shown(&policy, finding);
        if let Some(reading) = &reading {
            let ended = matches!(reading.state, ClockState::Met | ClockState::Cancelled);
            prop_assert!(
                ended && reading.elapsed == Some(Duration::ZERO),
                "{:?} {}",
                reading,
                text
            );
        }
        prop_assert!(
            reading.is_some() || truth.never_starts() || !quiet,
            "{}",
            text
        );
    }
    if let Some(finding) = never_resumes {
        let reading = shown(&policy, finding);
        if let Some(reading) = &reading {
            let paused = reading.state == ClockState::Paused;
            prop_assert!(
                paused && reading.elapsed == Some(Duration::ZERO),
                "{:?} {}",
                reading,
                text
            );
        }
        prop_assert!(reading.is_some() || sample.reopens || !quiet, "{}", text);
    }

    // No course of two steps says otherwise.
    let for_ever = !matches!(claim, None | Some(ClockClaim::StartsPaused(_)));
    if for_ever {
        let later = opened()
            .plus(Duration::from_millis(3_600_000))
            .expect("an hour later");
        for first in all.iter().filter(|state| !state.ended) {
            for second in &all {
                let events = second.change(later);
                let reading = clock_of(&policy, &first.case, &events, later);
                let still = match never_runs {
                    Some(_) => !matches!(reading.state, ClockState::Running | ClockState::Paused),
                    None => reading.state != ClockState::Running,
                };
                let unused = reading.elapsed == Some(Duration::ZERO);
                prop_assert!(
                    still && unused,
                    "{:?} {:?} {:?} {}",
                    first,
                    second,
                    reading,
                    text
                );
            }
        }
    }
    Ok(())
}

/// A condition that asks for no event, as rules of a route must.
fn of_fields() -> impl Strategy<Value = String> {
    condition().prop_filter("no event", |one| !one.contains("ended"))
}

/// A follow-up, and steps in two rules of a route and behind them: what is listed, what completes it, two rules,
/// what stops the clock and what pauses it.
fn check_duties(whens: &[String; 6]) -> Result<(), TestCaseError> {
    let [listed, done, first, second, stop, pause] = whens;
    let steps = "to desk escalate to boss at due of c";
    let text = &format!(
        "{SCHEMA}{}role desk role boss
         clock c {{ stop when {stop}  pause when {pause} }}
         sla {{ otherwise tier all {{ c 1h }} }}
         route {{ first match rule a when {first} {steps} rule b when {second} {steps} otherwise {steps} }}
         follow_up f by desk when {listed} within 8h done when {done}",
        marks(whens),
    );
    let policy = read(text);
    let rows: Vec<Vec<bool>> = states(opened())
        .iter()
        .map(|state| marked(&policy, state, 6))
        .collect();
    let always = |taken: &dyn Fn(&[bool]) -> bool, then: &dyn Fn(&[bool]) -> bool| {
        rows.iter().any(|row| taken(row)) && rows.iter().all(|row| !taken(row) || then(row))
    };
    let still = |row: &[bool]| row[4] || row[5];
    let mut wanted = BTreeSet::new();
    let taken: [(&str, &dyn Fn(&[bool]) -> bool); 3] = [
        ("route.a", &|row| row[2]),
        ("route.b", &|row| !row[2] && row[3]),
        ("route.otherwise", &|row| !row[2] && !row[3]),
    ];
    for (subject, taken) in taken {
        if always(taken, &still) {
            wanted.insert(("step-never-fires", subject.to_owned()));
        }
    }
    if always(&|row| row[0], &|row| row[1]) {
        wanted.insert(("follow-up-done-at-once", "follow_up.f".to_owned()));
    }
    let found = findings(text);
    let found = found
        .iter()
        .filter(|one| matches!(one.code, "step-never-fires" | "follow-up-done-at-once"));
    let told: BTreeSet<_> = found.map(|one| (one.code, one.subject.clone())).collect();
    prop_assert_eq!(told, wanted, "{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(batch(60))]

    #[test]
    fn clocks_are_said_to_stand_still_where_they_do(sample in clock()) {
        check_clock(&sample)?;
    }

    #[test]
    fn steps_and_follow_ups_are_said_to_be_in_vain_where_they_are(
        (listed, done) in (condition(), condition()),
        rules in (of_fields(), of_fields()),
        (stop, pause) in (condition(), condition()),
    ) {
        check_duties(&[listed, done, rules.0, rules.1, stop, pause])?;
    }
}
