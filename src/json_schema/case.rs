//! The schema of a case file: the case as it was opened, what happened after, and when to decide.

use super::node::{Node, kind, list, nullable, reference, words};
use super::types::{Types, instant};
use crate::model::{Entry, Field, Model, Presence, Record, RecordId, Schema};

/// What a case file may be: `{"case": …, "events": …, "at": …}`, or a bare case.
pub(super) fn case_file<'a>(
    model: &'a Model,
    types: &mut Types<'a>,
    closed: bool,
) -> (Node, Vec<(String, Node)>) {
    let schema = &model.schema;
    let mut writer = Writer {
        schema,
        types,
        closed,
    };
    let case = writer.record(RecordId(0), Use::Case);
    let set = writer.record(RecordId(0), Use::Set);
    let changed = [
        ("at", instant()),
        ("set", reference("set")),
        ("event", kind("null")),
    ];
    let mut entries = vec![writer.closed(changed, &["at", "set"])];
    if !schema.events.is_empty() {
        let happened = [
            ("at", instant()),
            ("event", reference("event_name")),
            ("set", kind("null")),
        ];
        entries.push(writer.closed(happened, &["at", "event"]));
    }
    let file = [
        ("case", reference("case")),
        ("events", nullable(list(reference("event")))),
        ("at", nullable(instant())),
    ];
    let file = writer.closed(file, &["case"]);
    let mut definitions = vec![
        ("case_file".to_owned(), file),
        ("case".to_owned(), case),
        (
            "event".to_owned(),
            Node::of([("anyOf", Node::List(entries))]),
        ),
        ("set".to_owned(), set),
    ];
    if !schema.events.is_empty() {
        definitions.push(("event_name".to_owned(), event_names(schema)));
    }
    let either = Node::List(vec![reference("case_file"), reference("case")]);
    (Node::of([("anyOf", either)]), definitions)
}

fn event_names(schema: &Schema) -> Node {
    let labelled = schema.events.iter();
    let lines: Vec<String> = labelled
        .filter_map(|(name, label)| Some(format!("{name}: {}", label.as_ref()?)))
        .collect();
    let described = (!lines.is_empty()).then(|| lines.join("\n"));
    words(schema.events.iter().map(|(name, _)| name.as_str())).with_some("description", described)
}

/// Where fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// In a case: what is required has to be there.
    Case,
    /// In a `set`: any field, what is required not as `null`.
    Set,
}

struct Writer<'a, 'b> {
    schema: &'a Schema,
    types: &'b mut Types<'a>,
    closed: bool,
}

impl Writer<'_, '_> {
    /// An object without other keys, unless the policy passes them over.
    fn closed<K: Into<String>>(
        &self,
        entries: impl IntoIterator<Item = (K, Node)>,
        required: &[&str],
    ) -> Node {
        let mut object = kind("object").with("properties", Node::of(entries));
        if !required.is_empty() {
            object = object.with("required", Node::texts(required.iter().copied()));
        }
        match self.closed {
            true => object.with("additionalProperties", Node::Bool(false)),
            false => object,
        }
    }

    fn record(&mut self, id: RecordId, place: Use) -> Node {
        let Some(record) = self.schema.record(id) else {
            return kind("object");
        };
        let (mut entries, mut required) = (Vec::new(), Vec::new());
        for (name, entry) in &record.entries {
            let node = match entry {
                Entry::Field(id) => {
                    let fixed = *id == self.schema.id || *id == self.schema.opened_at;
                    if place == Use::Set && fixed {
                        continue;
                    }
                    let Some(field) = self.schema.field(*id) else {
                        continue;
                    };
                    if field.presence == Presence::Required {
                        required.push(name.as_str());
                    }
                    self.field(field)
                }
                Entry::Record(id) => {
                    let Some(inner) = self.schema.record(*id) else {
                        continue;
                    };
                    let needed = !inner.optional && self.needs_values(inner);
                    if needed {
                        required.push(name.as_str());
                    }
                    let node = self.record(*id, place);
                    let node = if needed { node } else { nullable(node) };
                    node.with_some("title", inner.label.as_deref())
                }
            };
            entries.push((name.as_str(), node));
        }
        let required = match place {
            Use::Case => required,
            Use::Set => Vec::new(),
        };
        self.closed(entries, &required)
    }

    /// Whether a record has to be there because something in it has to.
    fn needs_values(&self, record: &Record) -> bool {
        let mut open = vec![record];
        while let Some(record) = open.pop() {
            for (_, entry) in &record.entries {
                match entry {
                    Entry::Field(id) => {
                        let field = self.schema.field(*id);
                        if field.is_some_and(|field| field.presence == Presence::Required) {
                            return true;
                        }
                    }
                    Entry::Record(id) => {
                        open.extend(self.schema.record(*id).filter(|inner| !inner.optional));
                    }
                }
            }
        }
        false
    }

    fn field(&mut self, field: &Field) -> Node {
        let path = format!("case:{}", field.path);
        let value = self.types.value(&field.ty, &field.bounds, &path);
        let (value, default) = match &field.presence {
            Presence::Required => (value, None),
            Presence::Optional => (nullable(value), None),
            Presence::Default(default) => {
                let default = self.types.constant(&field.ty, default);
                (nullable(value), Some(default))
            }
        };
        value
            .with_some("title", field.label.as_deref())
            .with_some("default", default)
    }
}
