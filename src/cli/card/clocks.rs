//! Clocks on a card: how each stands in words, its time as a bar, its warnings and escalations.

use super::table::{Moments, Table, WIDTH, at_place, named};
use crate::Policy;
use crate::cli::clock_bar::{self, ClockBar, Piece, Stretch, StretchKind};
use crate::cli::language::told;
use crate::cli::pen::{Ink, Pen, wrap};
use crate::compile::{Named, Target, calendar_of};
use crate::eval::{ClockReading, ClockState, Decision, SegmentKind, StepState};
use crate::message::message;
use crate::time::Duration;
use std::collections::BTreeSet;

/// Columns by which the bar stands in.
const INDENT: &str = "  ";

/// Draws the clocks of a decision.
pub(in crate::cli) struct Clocks<'a> {
    pub(in crate::cli) policy: &'a Policy,
    pub(in crate::cli) decision: &'a Decision,
    pub(in crate::cli) moments: Moments,
    pub(in crate::cli) pen: Pen,
}

impl Clocks<'_> {
    /// All clocks, and what the signs of their bars mean.
    pub(in crate::cli) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut pieces: BTreeSet<Piece> = BTreeSet::new();
        let clocks = &self.policy.program().clocks;
        for (clock, reading) in clocks.iter().zip(&self.decision.clocks) {
            lines.extend(self.headline(&clock.named, reading));
            let bar = self.bar(reading).draw(WIDTH - 2 * INDENT.len(), self.pen);
            lines.extend(bar.lines.iter().map(|line| format!("{INDENT}{line}")));
            pieces.extend(bar.pieces);
            lines.extend(self.details(reading));
            lines.push(String::new());
        }
        if let Some(legend) = clock_bar::legend(&pieces, self.pen) {
            lines.push(format!("{INDENT}{legend}"));
        } else {
            lines.pop();
        }
        lines
    }

    /// `respond 首次响应: met in time, used 10m of 1h (16%)`
    pub(in crate::cli) fn headline(&self, clock: &Named, reading: &ClockReading) -> Vec<String> {
        let mut parts = vec![standing(reading)];
        if reading.state == ClockState::Idle {
            parts.extend(
                self.target(reading)
                    .map(|target| told!("target {target}", target)),
            );
        } else {
            parts.push(self.used(reading));
            parts.extend(remaining(reading));
        }
        let flag = reading.flag.map(crate::eval::Flag::word);
        parts.extend(flag.map(|flag| told!("due unknown ({flag})", flag)));
        let text = format!("{}: {}", named(clock), parts.join(", "));
        let broken = reading.breached_at.is_some() && reading.state != ClockState::Cancelled;
        let ink = if broken { Ink::Alarm } else { Ink::Strong };
        let lines = wrap(&text, WIDTH).into_iter();
        lines.map(|line| self.pen.paint(ink, &line)).collect()
    }

    /// `used 2h of 4h of business 工作时间 (50%)`
    fn used(&self, reading: &ClockReading) -> String {
        let Some(elapsed) = reading.elapsed else {
            return told!("nobody knows how much is used");
        };
        let used = whole_seconds(elapsed);
        let mut text = match self.target(reading) {
            Some(target) => told!("used {used} of {target}", used, target),
            None => told!("used {used}, no limit", used),
        };
        let length = reading.remaining.and_then(|rest| rest.plus(elapsed));
        let share = length.and_then(|length| {
            let percent = i128::from(elapsed.millis()) * 100;
            percent.checked_div(i128::from(length.millis()))
        });
        if let Some(share) = share.filter(|share| *share <= 100) {
            text.push_str(&format!(" ({share}%)"));
        }
        text
    }

    /// The target with its calendar, as it is written in a policy.
    fn target(&self, reading: &ClockReading) -> Option<String> {
        let target = reading.target?;
        let program = self.policy.program();
        let place = calendar_of(target);
        let calendar = match place {
            0 => None,
            place => program.calendars.get(place as usize),
        };
        let calendar = calendar.map(|(calendar, _)| named(calendar));
        Some(match (target, calendar) {
            (Target::None, _) => return None,
            (Target::Exact(length, _), None) => length.to_string(),
            (Target::Exact(length, _), Some(calendar)) => {
                let length = length.to_string();
                told!("{length} of {calendar}", length, calendar)
            }
            (Target::WorkingDays(1, _), None) => told!("1 working day by close"),
            (Target::WorkingDays(1, _), Some(calendar)) => {
                told!("1 working day of {calendar} by close", calendar)
            }
            (Target::WorkingDays(days, _), None) => told!("{days} working days by close", days),
            (Target::WorkingDays(days, _), Some(calendar)) => {
                told!("{days} working days of {calendar} by close", days, calendar)
            }
            (Target::Calendar(period), _) => period.to_string(),
        })
    }

    fn bar(&self, reading: &ClockReading) -> ClockBar<'_> {
        let calendars = &self.policy.program().calendars;
        let stretches = reading.segments.iter().map(|segment| {
            let place = segment.calendar.map(|place| place as usize);
            let calendar = place.and_then(|place| calendars.get(place));
            Stretch {
                from: segment.from,
                to: segment.to,
                kind: match segment.kind {
                    SegmentKind::Running => StretchKind::Running,
                    SegmentKind::Paused => StretchKind::Paused,
                    SegmentKind::Met => StretchKind::Met,
                },
                calendar: calendar.map(|(_, calendar)| calendar),
            }
        });
        let open = match reading.state {
            ClockState::Running | ClockState::Paused => true,
            ClockState::Idle | ClockState::Met | ClockState::Cancelled => false,
        };
        ClockBar {
            zone: self.moments.zone,
            now: open.then_some(self.decision.at),
            stretches: stretches.collect(),
            due: reading.due,
            met_at: reading.met_at,
            breached_at: reading.breached_at,
        }
    }

    /// Steps that fired, the next one to come, and cycles that are over.
    pub(in crate::cli) fn details(&self, reading: &ClockReading) -> Vec<String> {
        let mut table = Table::default();
        let steps: Vec<&StepState> = reading
            .warnings
            .iter()
            .chain(&reading.escalations)
            .collect();
        self.steps(&steps, &mut table);
        for cycle in &reading.cycles {
            let used = match cycle.elapsed {
                Some(elapsed) => whole_seconds(elapsed),
                None => told!("an unknown time"),
            };
            let end = match (cycle.met_at.is_some(), cycle.breached_at.is_some()) {
                (true, false) => message!("met"),
                (true, true) => message!("met, late"),
                (false, false) => message!("superseded"),
                (false, true) => message!("superseded, late"),
            };
            let (from, to) = (cycle.started_at, cycle.met_at.unwrap_or(cycle.ended_at));
            let (from, to) = (self.moments.show(from), self.moments.show(to));
            let text = told!("{end}, used {used}, {from} to {to}", end, used, from, to);
            let number = cycle.number;
            table.row(1, &told!("cycle {number}", number), &text);
        }
        table.lines()
    }

    /// Rows on warnings and escalations: those that fired, then the one that comes next.
    pub(in crate::cli) fn steps(&self, steps: &[&StepState], table: &mut Table) {
        let mut fired: Vec<&StepState> = steps.iter().copied().filter(|step| step.fired).collect();
        fired.sort_by_key(|step| step.at);
        for step in fired {
            table.row(1, &told!("fired"), &self.step(step));
        }
        let mut coming: Vec<&StepState> =
            steps.iter().copied().filter(|step| !step.fired).collect();
        coming.retain(|step| step.at.is_some());
        coming.sort_by_key(|step| step.at);
        if let Some((next, later)) = coming.split_first() {
            let mut text = self.step(next);
            match later.len() {
                0 => {}
                1 => text.push_str(&told!("; 1 more later")),
                more => text.push_str(&told!("; {more} more later", more)),
            }
            table.row(1, &told!("next"), &text);
        }
    }

    /// `2026-03-02 11:00 at due, to supervisor 主管`
    fn step(&self, step: &StepState) -> String {
        let at = step
            .at
            .map_or(String::new(), |at| self.moments.show(at) + " ");
        let mut parts = step.key.split('.');
        let moment = parts.nth(2).unwrap_or(&step.key).replace('-', " ");
        let cycle = parts.find_map(|part| part.strip_prefix("cycle-"));
        let cycle = cycle.map_or(String::new(), |cycle| told!(", cycle {cycle}", cycle));
        let to = match step.to {
            None => told!("a warning"),
            Some(role) => {
                let role = at_place(&self.policy.program().roles, role);
                told!("to {role}", role)
            }
        };
        told!("{at}{moment}{cycle}, {to}", at, moment, cycle, to)
    }
}

/// The state in words.
fn standing(reading: &ClockReading) -> String {
    let late = reading.breached_at.is_some();
    match (reading.state, late) {
        (ClockState::Idle, _) => told!("not started"),
        (ClockState::Running, false) => told!("running"),
        (ClockState::Running, true) => told!("running, overdue"),
        (ClockState::Paused, false) => told!("paused"),
        (ClockState::Paused, true) => told!("paused, overdue"),
        (ClockState::Met, false) => told!("met in time"),
        (ClockState::Met, true) => told!("met late"),
        (ClockState::Cancelled, _) => told!("cancelled"),
    }
}

/// What is left of an open clock, or by how much it is overdrawn.
fn remaining(reading: &ClockReading) -> Option<String> {
    let rest = reading.remaining?;
    match reading.state {
        ClockState::Running | ClockState::Paused => {}
        ClockState::Idle | ClockState::Met | ClockState::Cancelled => return None,
    }
    if rest < Duration::ZERO {
        let over = Duration::ZERO.minus(rest)?;
        Some(told!("{time} over", time = whole_seconds(over)))
    } else {
        Some(told!("{time} left", time = whole_seconds(rest)))
    }
}

fn whole_seconds(duration: Duration) -> String {
    let millis = duration.millis();
    Duration::from_millis(millis - millis % 1000).to_string()
}
