//! The case of a test as raw values: names of fields checked, values left to the run, because a
//! test may state a case that is refused.

use super::builder::{Builder, Slot, Space};
use super::quick::{HashMap, HashSet};
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::types::{Entry, RecordId};
use crate::model::{RawRecord, RawValue};
use crate::syntax::ast::{Expr, ExprKind, Name};
use crate::time::Zone;

/// A test's case or a `set`; none when it is wrong. `prefix` leads the paths of a refusal, and the
/// paths in `refused` are unknown on purpose.
pub(super) fn record(
    builder: &mut Builder<'_>,
    expr: &Expr,
    prefix: &str,
    refused: &HashSet<&str>,
) -> Option<RawRecord> {
    match &expr.kind {
        ExprKind::Record(fields) => fields_of(builder, fields, Some(RecordId(0)), prefix, refused),
        ExprKind::Set(elements) if elements.is_empty() => Some(Vec::new()),
        _ => {
            builder.report(
                Diagnostic::error(
                    "not-a-constant",
                    expr.span,
                    message!("fields with their values stand here"),
                )
                .help(message!("write `{{ field: value, … }}`")),
            );
            None
        }
    }
}

fn fields_of(
    builder: &mut Builder<'_>,
    fields: &[(Name, Expr)],
    record: Option<RecordId>,
    prefix: &str,
    refused: &HashSet<&str>,
) -> Option<RawRecord> {
    let mut seen = HashMap::default();
    let mut values = Vec::with_capacity(fields.len());
    let mut sound = true;
    for (name, expr) in fields {
        let path = if prefix.is_empty() {
            name.text.to_string()
        } else {
            format!("{prefix}.{}", name.text)
        };
        if let Some(first) = seen.insert(name.text.as_str(), name.span) {
            builder.duplicate(
                "duplicate-field",
                &message!("a field given here"),
                name,
                first,
            );
            sound = false;
        }
        let slot = record.map(|record| builder.slots.get(&(record.0, name.text.as_str())).copied());
        let nested = match slot {
            Some(Some(Slot::Known(Entry::Record(id)))) => Some(id),
            Some(Some(Slot::Known(Entry::Field(_)) | Slot::Poisoned)) | None => None,
            Some(None) => {
                if !refused.contains(path.as_str()) {
                    sound &= unknown(builder, name, record);
                }
                None
            }
        };
        match value(builder, expr, nested, &path, refused) {
            Some(value) => values.push((name.text.to_string(), value)),
            None => sound = false,
        }
    }
    sound.then_some(values)
}

/// Reports a field that the case does not declare; true when it may have been lost.
fn unknown(builder: &mut Builder<'_>, name: &Name, record: Option<RecordId>) -> bool {
    if builder.may_be_lost(Space::Value, &name.text) {
        return true;
    }
    let found = record.and_then(|record| builder.schema.record(record));
    let (path, names) = match found {
        Some(record) => (
            record.path.clone(),
            record
                .entries
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>(),
        ),
        None => (String::new(), Vec::new()),
    };
    let message = if path.is_empty() {
        message!("the case has no field `{name}`", name = name.text)
    } else {
        message!("`{path}` has no field `{name}`", path, name = name.text)
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let finding = Diagnostic::error("unknown-field", name.span, message);
    let otherwise = message!(
        "a test of a refusal says so: `expect refused \"{name}\"`",
        name = name.text
    );
    let finding = builder.suggest(finding, &name.text, name.span, &names, otherwise);
    builder.report(finding);
    false
}

/// A value as written.
fn value(
    builder: &mut Builder<'_>,
    expr: &Expr,
    nested: Option<RecordId>,
    path: &str,
    refused: &HashSet<&str>,
) -> Option<RawValue> {
    Some(match &expr.kind {
        ExprKind::Missing => RawValue::Missing,
        ExprKind::Bool(value) => RawValue::Bool(*value),
        ExprKind::Integer(value) => RawValue::Number(value.to_string()),
        ExprKind::Decimal(digits) => RawValue::Number(digits.clone()),
        ExprKind::Text(text) => RawValue::Text(text.clone()),
        ExprKind::Date(value) => RawValue::Text(value.to_string()),
        ExprKind::Time(value) => RawValue::Text(value.to_string()),
        ExprKind::Duration(value) => RawValue::Text(value.to_string()),
        ExprKind::Instant(value) => RawValue::Text(value.format(Zone::UTC)),
        ExprKind::Path(names) => match names.as_slice() {
            [name] => RawValue::Text(name.text.to_string()),
            _ => return not_a_value(builder, expr),
        },
        ExprKind::Set(elements) => {
            let values: Vec<Option<RawValue>> = elements
                .iter()
                .map(|element| value(builder, element, None, path, refused))
                .collect();
            RawValue::Set(values.into_iter().collect::<Option<_>>()?)
        }
        ExprKind::Record(fields) => {
            // Fields of a record that the schema does not have are not looked at one by one.
            RawValue::Record(fields_of(builder, fields, nested, path, refused)?)
        }
        ExprKind::Or(_)
        | ExprKind::And(_)
        | ExprKind::Not(_)
        | ExprKind::Test(..)
        | ExprKind::Arithmetic(..)
        | ExprKind::PartOf(..)
        | ExprKind::Call(..)
        | ExprKind::Target(_) => return not_a_value(builder, expr),
    })
}

fn not_a_value(builder: &mut Builder<'_>, expr: &Expr) -> Option<RawValue> {
    let message = message!(
        "a test states plain values, `{text}` is worked out",
        text = builder.text(expr.span)
    );
    builder.report(
        Diagnostic::error("not-a-constant", expr.span, message)
            .help(message!("write the value itself")),
    );
    None
}
