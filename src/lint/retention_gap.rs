//! `retention-gap`: nothing says how long some records of a class are kept.
//!
//! A record class without a `retain` block, or with blocks whose conditions leave cases out, has the
//! phase `unclassified` there: it is neither kept for a time nor deleted at the end of one.
//!
//! Example:
//!
//! ```text
//! record recording
//! retain recording when kind is complaint { from opened_at  keep at least 2 years }
//! ```
//!
//! Instead: add a block for the other cases; one without a condition speaks of all of them.

use super::conditions::Subject;
use super::value_set::ValueSet;
use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::{Declared, Expr, Retain, Type};
use crate::value::Decimal;
use std::collections::BTreeMap;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "retention-gap",
    level: Level::Warn,
    check: Some(check),
};

/// Conditions of one record class that are looked at.
const CONDITIONS: usize = 200;

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let mut blocks: BTreeMap<u32, Vec<&Retain>> = BTreeMap::new();
    for retain in &facts.model.retains {
        blocks.entry(retain.record.0).or_default().push(retain);
    }
    for (at, record) in facts.model.records.iter().enumerate() {
        let Some(blocks) = u32::try_from(at).ok().and_then(|at| blocks.get(&at)) else {
            let message = message!(
                "no `retain` block says how long `{name}` is kept",
                name = record.name
            );
            findings.push(
                Diagnostic::warn(LINT.code, record.span, message)
                    .subject(format!("retain.{}", record.name))
                    .help(message!(
                        "write `retain {name} {{ from MOMENT  keep at least P }}`",
                        name = record.name
                    )),
            );
            continue;
        };
        let whens: Option<Vec<&Expr>> = blocks.iter().map(|block| block.when.as_ref()).collect();
        if let Some(whens) = whens.filter(|whens| whens.len() <= CONDITIONS) {
            findings.extend(uncovered(facts, record, &whens));
        }
    }
}

/// A value with which none of the conditions can be true.
fn uncovered(facts: &Facts<'_>, record: &Declared, whens: &[&Expr]) -> Option<Diagnostic> {
    let logic = &facts.logic;
    let mut subjects = std::collections::BTreeSet::new();
    for when in whens {
        subjects.extend(logic.subjects(when));
    }
    let (subject, left) = subjects.into_iter().find_map(|subject| {
        // Which values a classification really takes is not known here.
        if !matches!(subject, Subject::Field(_) | Subject::Event(_)) {
            return None;
        }
        let mut left = logic.all_values(subject).as_ref().clone();
        for when in whens {
            left = left.and(&logic.can_be(when, subject).complement());
        }
        (!left.is_empty()).then_some((subject, left))
    })?;
    let case = describe(facts, subject, &left)?;
    let message = message!(
        "no `retain {name}` block speaks of a case {case}",
        name = record.name,
        case
    );
    let first = whens.first()?;
    Some(
        Diagnostic::warn(LINT.code, record.span, message)
            .subject(format!("retain.{}", record.name))
            .also(first.span, match whens.len() {
                    1 => message!("the only condition"),
                    _ => message!("the first condition"),
                })
            .help(message!("add `retain {name} when … {{ … }}` for such cases, or leave the condition of a block out", name = record.name)),
    )
}

/// In words, a case that has one of the values left over.
fn describe(facts: &Facts<'_>, subject: Subject, left: &ValueSet) -> Option<Message> {
    let schema = &facts.model.schema;
    let id = match subject {
        Subject::Field(id) => id,
        Subject::Event(id) => {
            let (name, _) = schema.events.get(id.0 as usize)?;
            return Some(message!("in which `{name}` has not happened", name));
        }
        Subject::Classification(_) | Subject::RouteRole => return None,
    };
    let field = schema.field(id)?;
    let path = &field.path;
    let value = left.first_step().and_then(|step| match &field.ty {
        Type::Enum(id) => Some(schema.member(*id, u32::try_from(step).ok()?).to_owned()),
        Type::Bool => Some((step == 1).to_string()),
        Type::Integer => i64::try_from(step).ok().map(|number| number.to_string()),
        Type::Decimal(digits) => {
            let number = i64::try_from(step).ok()?;
            Some(Decimal::new(i128::from(number), *digits).to_string())
        }
        Type::Text
        | Type::Instant
        | Type::Date
        | Type::Time
        | Type::Weekday
        | Type::Duration
        | Type::Set(_)
        | Type::Target => None,
    });
    let only_missing = left.missing && {
        let mut values = left.clone();
        values.missing = false;
        values.is_empty()
    };
    Some(match value {
        Some(value) => message!("whose `{path}` is `{value}`", path, value),
        None if only_missing => message!("whose `{path}` is missing", path),
        None => message!("with some values of `{path}`", path),
    })
}
