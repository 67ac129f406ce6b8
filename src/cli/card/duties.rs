//! Records, follow-ups and requirements on a card.

use super::table::{Moments, Table, at_place, named};
use crate::cli::language::told;
use crate::compile::{Disposal, Program};
use crate::eval::{Decision, FollowUpState, Phase, RequirementState, Retention};
use crate::message::Message;

/// What is to be kept, done and provided.
pub(in crate::cli) struct Duties<'a> {
    pub(in crate::cli) program: &'a Program,
    pub(in crate::cli) decision: &'a Decision,
    pub(in crate::cli) moments: Moments,
}

impl Duties<'_> {
    pub(in crate::cli) fn lines(&self) -> Vec<String> {
        let program = self.program;
        let mut table = Table::default();
        let follow_ups = self.decision.follow_ups.iter().map(|state| {
            let name = at_place(&program.follow_ups, state.follow_up);
            (name, self.follow_up(state))
        });
        let requirements = self.decision.requirements.iter().map(|state| {
            let name = at_place(&program.requires, state.requirement);
            (name, self.requirement(state))
        });
        let records = program.records.iter().zip(&self.decision.retention);
        let records = records.map(|(record, kept)| (named(record), self.retention(kept)));
        add(&mut table, &told!("follow-ups"), follow_ups);
        add(&mut table, &told!("requirements"), requirements);
        add(&mut table, &told!("records"), records);
        table.lines()
    }

    pub(in crate::cli) fn follow_up(&self, state: &FollowUpState) -> String {
        let item = self.program.follow_ups.get(state.follow_up as usize);
        let by = item.map_or(String::new(), |item| at_place(&self.program.roles, item.by));
        match (state.done_at, state.due) {
            (Some(done), _) => told!("done {at}, by {by}", at = self.moments.show(done), by),
            (None, Some(due)) if state.overdue => {
                told!(
                    "overdue since {at}, by {by}",
                    at = self.moments.show(due),
                    by
                )
            }
            (None, Some(due)) => told!("due {at}, by {by}", at = self.moments.show(due), by),
            (None, None) => told!("open, by {by}", by),
        }
    }

    pub(in crate::cli) fn requirement(&self, state: &RequirementState) -> String {
        let fields = state.fields.iter();
        let paths: Vec<&str> = fields
            .filter_map(|slot| self.program.fields.get(*slot as usize))
            .map(|field| field.path.as_str())
            .collect();
        let lacks = if paths.is_empty() {
            String::new()
        } else {
            format!(": {}", paths.join(", "))
        };
        match state.met {
            Some(true) => told!("fulfilled"),
            Some(false) => told!("not met{lacks}", lacks),
            None => told!("unknown{lacks}", lacks),
        }
    }

    pub(in crate::cli) fn retention(&self, kept: &Retention) -> String {
        let mut parts = vec![phase(kept.phase)];
        if !kept.holds.is_empty() {
            let holds = kept.holds.iter();
            let holds = holds.map(|hold| at_place(&self.program.holds, *hold));
            let holds = Message::all_of(holds.map(Message::verbatim));
            parts = vec![told!("held by {holds}", holds)];
        }
        let show = |at| self.moments.show(at);
        parts.extend(
            kept.keep_until
                .map(show)
                .map(|at| told!("keep until {at}", at)),
        );
        parts.extend(
            kept.delete_by
                .map(show)
                .map(|at| told!("delete by {at}", at)),
        );
        parts.extend(kept.then.map(|then| match then {
            Disposal::Review(role) => {
                told!(
                    "then review by {role}",
                    role = at_place(&self.program.roles, role.0)
                )
            }
            Disposal::Destroy => told!("then destroy"),
            Disposal::Anonymise => told!("then anonymise"),
            Disposal::Archive => told!("then archive"),
        }));
        parts.join(", ")
    }
}

/// Where records stand, in words.
fn phase(phase: Phase) -> String {
    match phase {
        Phase::Unclassified => told!("unclassified"),
        Phase::Held => told!("held"),
        Phase::Active => told!("active"),
        Phase::Retain => told!("retain"),
        Phase::Overdue => told!("overdue"),
        Phase::Review => told!("review"),
        Phase::Eligible => told!("eligible"),
    }
}

/// Adds a group under its name, if there is anything in it.
fn add(table: &mut Table, group: &str, rows: impl Iterator<Item = (String, String)>) {
    for (index, (left, right)) in rows.enumerate() {
        if index == 0 {
            table.row(0, group, "");
        }
        table.row(1, &left, &right);
    }
}
