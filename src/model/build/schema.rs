//! The case: its fields laid out flat, nested records, presence and defaults.

use super::builder::{Builder, Slot, number};
use super::collect::keyword_span;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::types::{Bounds, Entry, Field, FieldId, Presence, Record, RecordId, Type};
use crate::source::Span;
use crate::syntax::ast;

/// More fields than this, nested ones counted, are refused: records by name could multiply without end.
const MOST_FIELDS: usize = 20_000;

impl<'a> Builder<'a> {
    /// Lays out the case.
    pub fn resolve_case(&mut self) {
        self.schema.records.push(Record {
            path: String::new(),
            label: None,
            optional: false,
            parent: None,
            entries: Vec::new(),
        });
        let Some((fields, span)) = self.case else {
            if !self.lost_items.contains("case") {
                let at = self.first_place();
                self.report(
                    Diagnostic::error("missing-case", at, message!("the policy declares no `case`")).help(message!("declare what a case looks like: `case {{ id: text  opened_at: instant … }}`")),
                );
            }
            self.lost_items.insert("case");
            return;
        };
        self.enter("case");
        // Fields still to lay out, in order: the record they belong to, and their list.
        let mut open: Vec<(RecordId, std::slice::Iter<'a, ast::Field>)> =
            vec![(RecordId(0), fields.iter())];
        let mut full = false;
        while let Some((record, rest)) = open.last_mut() {
            let record = *record;
            let Some(field) = rest.next() else {
                open.pop();
                continue;
            };
            if self.schema.fields.len() + self.schema.records.len() >= MOST_FIELDS {
                full = true;
                self.slots
                    .entry((record.0, &field.declared.name.text))
                    .or_insert(Slot::Poisoned);
                continue;
            }
            if let Some((nested, fields)) = self.lay_out(record, field) {
                open.push((nested, fields.iter()));
            }
        }
        if full {
            let message = message!(
                "the case has more than {most_fields} fields, those in records counted",
                most_fields = MOST_FIELDS
            );
            self.report(Diagnostic::error(
                "too-many-fields",
                keyword_span(span, "case"),
                message,
            ));
        }
        self.required_fields(keyword_span(span, "case"));
        self.enter("");
    }

    fn first_place(&self) -> Span {
        let items = self.input.files.iter().flat_map(|file| &file.items);
        items
            .map(|item| item.span.at_start())
            .next()
            .unwrap_or_default()
    }

    /// One field; a record's own fields are handed back.
    fn lay_out(
        &mut self,
        record: RecordId,
        field: &'a ast::Field,
    ) -> Option<(RecordId, &'a [ast::Field])> {
        let name = &field.declared.name;
        let key = (record.0, name.text.as_str());
        if self.slots.contains_key(&key) {
            // In the case itself the first pass has reported it.
            if record.0 != 0 {
                let first = self.slot_span(record, &name.text).unwrap_or(name.span);
                self.duplicate("duplicate-field", &message!("a field"), name, first);
            }
            return None;
        }
        self.slots.insert(key, Slot::Poisoned);
        let parent = self.schema.record(record)?;
        let path = if parent.path.is_empty() {
            name.text.to_string()
        } else {
            format!("{}.{}", parent.path, name.text)
        };
        let label = field
            .declared
            .label
            .as_ref()
            .map(|label| label.text.clone());
        self.enter(format!("case.{path}"));
        if let Some(fields) = self.record_of(&field.ty) {
            self.refuse_bounds(&field.ty, message!("a record"));
            let optional = match &field.presence {
                ast::Presence::Required => false,
                ast::Presence::Optional(_) => true,
                ast::Presence::Default(value) => {
                    self.report(
                        Diagnostic::error(
                            "not-allowed-here",
                            value.span,
                            message!("a record has no default"),
                        )
                        .help(message!(
                            "give its fields defaults, or write `optional` behind it"
                        )),
                    );
                    false
                }
            };
            let id = RecordId(number(self.schema.records.len()));
            self.schema.records.push(Record {
                path,
                label,
                optional,
                parent: Some(record),
                entries: Vec::new(),
            });
            self.enter_slot(record, name, Entry::Record(id));
            return Some((id, fields));
        }
        let (ty, bounds) = self.resolve_type(&field.ty, None)?;
        let presence = match &field.presence {
            ast::Presence::Required => Presence::Required,
            ast::Presence::Optional(_) => Presence::Optional,
            ast::Presence::Default(expr) => {
                // A wrong default does not make the field unknown: it is taken as optional.
                match self.constant(expr, &ty, &message!("a default")) {
                    Some(value)
                        if self.must_fit(
                            &value,
                            &ty,
                            &bounds,
                            expr.span,
                            &message!("`{name}`", name = path),
                        ) =>
                    {
                        Presence::Default(value)
                    }
                    Some(_) | None => Presence::Optional,
                }
            }
        };
        let id = FieldId(number(self.schema.fields.len()));
        let inside_optional = self.optional_around(record);
        self.schema.fields.push(Field {
            path,
            label,
            ty,
            bounds,
            presence,
            inside_optional,
            span: name.span,
        });
        self.enter_slot(record, name, Entry::Field(id));
        None
    }

    fn enter_slot(&mut self, record: RecordId, name: &'a ast::Name, entry: Entry) {
        self.slots
            .insert((record.0, &name.text), Slot::Known(entry));
        if let Some(record) = self.schema.records.get_mut(record.0 as usize) {
            record.entries.push((name.text.to_string(), entry));
        }
    }

    /// The innermost optional record around the fields of a record, itself included.
    fn optional_around(&self, record: RecordId) -> Option<RecordId> {
        let mut at = Some(record);
        // Records nest no deeper than there are records.
        for _ in 0..=self.schema.records.len() {
            let id = at?;
            let record = self.schema.record(id)?;
            if record.optional {
                return Some(id);
            }
            at = record.parent;
        }
        None
    }

    fn slot_span(&self, record: RecordId, name: &str) -> Option<Span> {
        match self.slots.get(&(record.0, name))? {
            Slot::Known(Entry::Field(id)) => self.schema.field(*id).map(|field| field.span),
            Slot::Known(Entry::Record(_)) | Slot::Poisoned => None,
        }
    }

    fn required_fields(&mut self, case: Span) {
        for (name, ty, words) in [
            ("id", Type::Text, "text"),
            ("opened_at", Type::Instant, "instant"),
        ] {
            self.enter(format!("case.{name}"));
            match self.slots.get(&(0, name)) {
                None if self.may_be_lost(super::builder::Space::Value, name) => {}
                None => {
                    let message = message!(
                        "the case has no field `{name}`, which every case needs",
                        name
                    );
                    self.report(
                        Diagnostic::error("missing-field", case, message).help(message!(
                            "add `{name}: {kind}`",
                            name,
                            kind = words
                        )),
                    );
                }
                Some(Slot::Poisoned) => {}
                Some(Slot::Known(Entry::Record(_))) => {
                    let span = self.values.get(name).map_or(case, |found| found.span);
                    self.wrong_required(name, words, span);
                }
                Some(Slot::Known(Entry::Field(id))) => {
                    let id = *id;
                    if name == "id" {
                        self.schema.id = id;
                    } else {
                        self.schema.opened_at = id;
                    }
                    let Some(field) = self.schema.field(id) else {
                        continue;
                    };
                    let span = field.span;
                    if field.ty != ty || field.presence != Presence::Required {
                        self.wrong_required(name, words, span);
                    }
                }
            }
        }
    }

    fn wrong_required(&mut self, name: &str, words: &str, span: Span) {
        let message = message!(
            "the field `{name}` must be `{name}: {kind}`, neither optional nor with a default",
            name,
            kind = words
        );
        self.report(
            Diagnostic::error("missing-field", span, message).help(message!(
                "write `{name}: {kind}`",
                name,
                kind = words
            )),
        );
    }

    /// Resolves the declared types of script functions.
    pub fn resolve_functions(&mut self) {
        for at in 0..self.functions.len() {
            let Some(item) = self.functions.get(at) else {
                continue;
            };
            let (function, file) = (item.ast, item.file.text.clone());
            self.enter(format!("script.{}", function.declared.name.text));
            self.once_each(
                "duplicate-name",
                &message!("a parameter"),
                function.parameters.iter().map(|(name, _)| name),
            );
            let mut parameters: Vec<(String, Type, Bounds)> = Vec::new();
            let mut sound = true;
            for (name, ty) in &function.parameters {
                match self.resolve_type(ty, None) {
                    Some((ty, bounds)) => parameters.push((name.text.to_string(), ty, bounds)),
                    None => sound = false,
                }
            }
            let result = self.resolve_type(&function.result, None);
            let (Some((result, result_bounds)), true) = (result, sound) else {
                continue;
            };
            let place = number(self.model.functions.len());
            let declared = self.declared(&function.declared);
            self.model.functions.push(crate::model::Function {
                declared,
                file,
                parameters: parameters.clone(),
                result: result.clone(),
                result_bounds,
            });
            if let Some(item) = self.functions.get_mut(at) {
                item.signature = Some(super::builder::Signature {
                    parameters,
                    result,
                    place,
                });
            }
        }
        self.enter("");
    }
}
