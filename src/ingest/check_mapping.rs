//! Holds a mapping of `caseway.toml` against the schema: its paths, its values, its events.
//!
//! Run by the driver with every other check of a policy, so that no batch meets a broken mapping.

use super::Index;
use super::cell::constant;
use super::typed::Types;
use crate::config::{Cell, CellSource, Constant, MappedChange, MappedField, MappedLog, Mapping};
use crate::diag::{Diagnostic, nearest};
use crate::message::message;
use crate::model::{Field, FieldId, Presence, Schema, Type};
use crate::source::Span;
use crate::time::Zone;
use std::collections::BTreeSet;

/// Everything that is wrong with a mapping, with spans in `caseway.toml`.
pub fn check_mapping(schema: &Schema, mapping: &Mapping) -> Vec<Diagnostic> {
    let index = Index::new(schema);
    let types = Types {
        schema,
        index: &index,
        zone: Zone::UTC,
        hints: true,
    };
    let mut check = MappingCheck {
        types,
        subject: format!("mapping.{}", mapping.name),
        findings: Vec::new(),
    };
    let mut mapped = BTreeSet::new();
    for field in &mapping.fields {
        mapped.extend(check.field(field));
    }
    for field in mapping.log.iter().flat_map(|log| &log.changes) {
        let id = check.field(field);
        if id.is_some_and(|id| !mapped.insert(id)) {
            let message = message!(
                "`{path}` stands under `fields` and under `changes`",
                path = field.path
            );
            let help = message!(
                "leave it under `changes`: its first value is that of the row that opens the case"
            );
            check.push(Diagnostic::error("bad-value", field.path_span, message).help(help));
        }
    }
    check.required(mapping.span, &mapped);
    for event in &mapping.events {
        check.cell_of("at", &Type::Instant, &event.at);
        check.change(&event.change);
    }
    if let Some(log) = &mapping.log {
        check.log(log);
    }
    check.findings
}

struct MappingCheck<'a> {
    types: Types<'a>,
    subject: String,
    findings: Vec<Diagnostic>,
}

impl<'a> MappingCheck<'a> {
    fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding.subject(&self.subject));
    }

    fn field(&mut self, mapped: &MappedField) -> Option<FieldId> {
        let schema = self.types.schema;
        let found = self.types.index.field(&mapped.path);
        let Some((id, field)) = found.and_then(|id| schema.field(id).map(|field| (id, field)))
        else {
            let finding = self.unknown(mapped);
            self.push(finding);
            return None;
        };
        match &mapped.source {
            CellSource::Value(value) => self.value(field, value),
            CellSource::Cell(cell) => {
                self.cell_of(&field.path, &field.ty, cell);
                for value in cell.values.values().chain(&cell.default) {
                    self.value(field, value);
                }
            }
        }
        Some(id)
    }

    /// What happened: a declared event, or fields that may be set.
    fn change(&mut self, change: &MappedChange) {
        match change {
            MappedChange::Happened(event) => self.event(&event.text, event.span),
            MappedChange::Set(fields) => {
                for field in fields {
                    let id = self.field(field);
                    self.settable(id, field);
                }
            }
        }
    }

    fn settable(&mut self, id: Option<FieldId>, field: &MappedField) {
        let schema = self.types.schema;
        if id == Some(schema.id) || id == Some(schema.opened_at) {
            let message = message!(
                "`{path}` stays as it is for the whole life of a case",
                path = field.path
            );
            self.push(Diagnostic::error(
                "field-not-settable",
                field.path_span,
                message,
            ));
        }
    }

    fn log(&mut self, log: &MappedLog) {
        self.cell_of("at", &Type::Instant, &log.at);
        for change in log.kinds.values().flat_map(|kind| &kind.changes) {
            self.change(change);
        }
        for field in &log.changes {
            let id = self.types.index.field(&field.path);
            self.settable(id, field);
            if let CellSource::Value(value) = &field.source {
                let message = message!(
                    "`{path}` under `changes` names no column",
                    path = field.path
                );
                let finding = Diagnostic::error("bad-value", value.span(), message);
                self.push(
                    finding.help(message!("a value that never changes stands under `fields`")),
                );
            }
        }
    }

    fn unknown(&self, mapped: &MappedField) -> Diagnostic {
        let (schema, path) = (self.types.schema, mapped.path.as_str());
        let message = message!("the case has no field `{path}`", path);
        let finding = Diagnostic::error("unknown-field", mapped.path_span, message);
        if let Some(record) = schema
            .records
            .iter()
            .find(|record| record.path == path && !path.is_empty())
        {
            let first = record.entries.first().map_or("", |(name, _)| name.as_str());
            return finding.help(message!(
                "`{path}` is a record: map its fields, like `{path}.{first}`",
                path,
                first
            ));
        }
        if let Some((parent, key)) = path.rsplit_once('.')
            && self.types.index.field(parent).is_some()
        {
            return finding.help(message!(
                "`{key}` says nothing of a column: write `{{ column = \"…\" }}`",
                key
            ));
        }
        let paths = schema
            .fields
            .iter()
            .map(|field| field.path.as_str())
            .take(2000);
        match nearest(path, paths).first() {
            Some(near) => finding.help(message!("did you mean `{near}`?", near)),
            None => finding,
        }
    }

    fn value(&mut self, field: &Field, value: &Constant) {
        let raw = constant(value);
        if let Err(wrong) = self.types.read(&field.ty, &field.bounds, &raw) {
            let finding = wrong.in_mapping(&field.path, value.span());
            self.push(finding);
        }
    }

    /// Whether the parts of an entry fit the type that it makes.
    fn cell_of(&mut self, path: &str, ty: &Type, cell: &Cell) {
        let timed = matches!(ty, Type::Instant | Type::Date | Type::Time);
        if let Some(format) = &cell.format
            && !timed
        {
            let message = message!(
                "`{path}` is no instant, date or time: it has no `format`",
                path
            );
            self.push(
                Diagnostic::error("bad-value", format.span, message)
                    .help(message!("remove `format`")),
            );
        }
        if let Some((_, span)) = &cell.swap_day_month_into {
            if cell.format.is_none() {
                let message = message!("`swap_day_month_into` says nothing without `format`");
                self.push(
                    Diagnostic::error("bad-value", *span, message)
                        .help(message!("add `format = \"%d-%m-%Y\"`")),
                );
            } else if !matches!(ty, Type::Instant | Type::Date) {
                let message = message!("`{path}` has no day and month to swap", path);
                self.push(Diagnostic::error("bad-value", *span, message));
            }
        }
        if let Some(format) = &cell.format
            && !cell.values.is_empty()
        {
            let message = message!("`format` says nothing beside `values`");
            self.push(
                Diagnostic::error("bad-value", format.span, message)
                    .help(message!("keep one of the two")),
            );
        }
    }

    /// Reports required fields without an entry; those of an optional record only when another
    /// field of it has one.
    fn required(&mut self, span: Span, mapped: &BTreeSet<FieldId>) {
        let schema = self.types.schema;
        let optional_in_use: BTreeSet<_> = mapped
            .iter()
            .filter_map(|id| schema.field(*id))
            .filter_map(|field| field.inside_optional)
            .collect();
        for (field, number) in schema.fields.iter().zip(0..) {
            let asked = field
                .inside_optional
                .is_none_or(|record| optional_in_use.contains(&record));
            let absent = !mapped.contains(&FieldId(number));
            if asked && absent && field.presence == Presence::Required {
                let message = message!(
                    "the mapping gives no value for `{path}`, which is required",
                    path = field.path
                );
                let help = message!(
                    "add `\"{path}\" = \"name of the column\"`",
                    path = field.path
                );
                self.push(Diagnostic::error("missing-field", span, message).help(help));
            }
        }
    }

    fn event(&mut self, name: &str, span: Span) {
        if self.types.index.event(name).is_some() {
            return;
        }
        let names = self
            .types
            .schema
            .events
            .iter()
            .map(|(name, _)| name.as_str())
            .take(500);
        let near = nearest(name, names)
            .first()
            .map(|near| message!("did you mean `{near}`?", near));
        let mut finding = Diagnostic::error(
            "unknown-event",
            span,
            message!("there is no event `{name}`", name),
        );
        finding.help = near.or(Some(message!("declare it under `events` in a policy file")));
        self.push(finding);
    }
}
