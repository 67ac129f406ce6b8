//! Records, follow-ups and requirements on a card.

use super::table::{Moments, Table, at_place, named};
use crate::compile::{Disposal, Program};
use crate::eval::{Decision, FollowUpState, RequirementState, Retention};

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
        add(&mut table, "follow-ups", follow_ups);
        add(&mut table, "requirements", requirements);
        add(&mut table, "records", records);
        table.lines()
    }

    pub(in crate::cli) fn follow_up(&self, state: &FollowUpState) -> String {
        let item = self.program.follow_ups.get(state.follow_up as usize);
        let by = item.map_or(String::new(), |item| at_place(&self.program.roles, item.by));
        match (state.done_at, state.due) {
            (Some(done), _) => format!("done {}, by {by}", self.moments.show(done)),
            (None, Some(due)) if state.overdue => {
                format!("overdue since {}, by {by}", self.moments.show(due))
            }
            (None, Some(due)) => format!("due {}, by {by}", self.moments.show(due)),
            (None, None) => format!("open, by {by}"),
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
            Some(true) => "met".to_owned(),
            Some(false) => format!("not met{lacks}"),
            None => format!("unknown{lacks}"),
        }
    }

    pub(in crate::cli) fn retention(&self, kept: &Retention) -> String {
        let mut parts = vec![kept.phase.word().to_owned()];
        if !kept.holds.is_empty() {
            let holds = kept.holds.iter();
            let holds: Vec<String> = holds
                .map(|hold| at_place(&self.program.holds, *hold))
                .collect();
            parts = vec![format!("held by {}", holds.join(" and "))];
        }
        let dates = [
            ("keep until", kept.keep_until),
            ("delete by", kept.delete_by),
        ];
        for (words, at) in dates {
            parts.extend(at.map(|at| format!("{words} {}", self.moments.show(at))));
        }
        parts.extend(kept.then.map(|then| match then {
            Disposal::Review(role) => {
                format!("then review by {}", at_place(&self.program.roles, role.0))
            }
            Disposal::Destroy => "then destroy".to_owned(),
            Disposal::Anonymise => "then anonymise".to_owned(),
            Disposal::Archive => "then archive".to_owned(),
        }));
        parts.join(", ")
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
