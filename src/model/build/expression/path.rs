//! Names and dotted paths: members, fields, defines, classifications.

use super::super::builder::{Builder, DefineState, Slot, Space, ValueEntry};
use super::super::collect::RESERVED_VALUES;
use super::super::places::Place;
use super::super::suggest::written;
use super::super::wording::listed;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::expr::{Expr, ExprKind};
use crate::model::types::{Entry, RecordId, Type};
use crate::model::{ClassificationId, Strategy, Target};
use crate::source::Span;
use crate::syntax::ast;

impl<'a> Builder<'a> {
    /// A path where a value may stand; a single word may be a member of the expected type.
    pub(super) fn path(
        &mut self,
        names: &'a [ast::Name],
        span: Span,
        place: Place,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        let (first, rest) = names.split_first()?;
        if rest.is_empty()
            && let Some(ty) = expected
        {
            if let Some(value) = self.member(ty, &first.text) {
                if self.also_a_value(first, ty) {
                    self.ambiguous(first, ty);
                    return None;
                }
                return Some(Expr {
                    kind: ExprKind::Constant(value),
                    ty: ty.clone(),
                    span,
                });
            }
            if *ty == Type::Target && first.text == "none" {
                return Some(Expr {
                    kind: ExprKind::Target(Target::None),
                    ty: Type::Target,
                    span,
                });
            }
        }
        if let (Some(Type::Set(element)), true) = (expected, rest.is_empty())
            && self.member(element, &first.text).is_some()
            && !self.declares(Space::Value, &first.text)
        {
            let word = written(&first.text);
            let message = message!(
                "`{name}` is one member, and this compares whole sets",
                name = first.text
            );
            self.report(Diagnostic::error("type-mismatch", span, message).help(message!("ask whether the set holds it with `contains {word}`, or write a set: `{{ {word} }}`", word)));
            return None;
        }
        if RESERVED_VALUES.contains(&first.text.as_str()) {
            return self.outcome_path(names, span, place);
        }
        let Some(found) = self.values.get(first.text.as_str()).copied() else {
            self.unknown_value(first, rest, expected);
            return None;
        };
        match found.entry {
            ValueEntry::CaseField => self.field_path(names, span),
            ValueEntry::Define(at) => {
                self.no_members(first, rest, message!("a `define`"))?;
                match self.defines.get(at).map(|item| item.state.clone())? {
                    DefineState::Checked(id, ty) => Some(Expr {
                        kind: ExprKind::Define(id),
                        ty,
                        span,
                    }),
                    DefineState::Waiting | DefineState::Checking => {
                        self.wanted.push(at);
                        None
                    }
                    DefineState::Poisoned => None,
                }
            }
            ValueEntry::Classification(at) => {
                self.no_members(first, rest, message!("a classification"))?;
                let ty = self.classification_type(at)?;
                let id = ClassificationId(self.classifications.get(at)?.place);
                Some(Expr {
                    kind: ExprKind::Classification(id),
                    ty,
                    span,
                })
            }
            ValueEntry::Function(at) => {
                let parameters: Vec<&str> = self
                    .functions
                    .get(at)?
                    .ast
                    .parameters
                    .iter()
                    .map(|(name, _)| name.text.as_str())
                    .collect();
                let call = format!("{}({})", first.text, parameters.join(", "));
                let message = message!("`{name}` is a function", name = first.text);
                self.report(
                    Diagnostic::error("wrong-argument-count", span, message)
                        .help(message!("call it: `{call}`", call)),
                );
                None
            }
        }
    }

    /// Whether a word that is a member could also be a value of the same type.
    fn also_a_value(&mut self, name: &ast::Name, ty: &Type) -> bool {
        let Some(found) = self.values.get(name.text.as_str()).copied() else {
            return false;
        };
        let other = match found.entry {
            ValueEntry::CaseField => match self.slots.get(&(0, name.text.as_str())) {
                Some(Slot::Known(Entry::Field(id))) => {
                    self.schema.field(*id).map(|field| field.ty.clone())
                }
                Some(Slot::Known(Entry::Record(_)) | Slot::Poisoned) | None => None,
            },
            ValueEntry::Define(at) => match self.defines.get(at).map(|item| item.state.clone()) {
                Some(DefineState::Checked(_, ty)) => Some(ty),
                Some(DefineState::Waiting) => {
                    self.wanted.push(at);
                    None
                }
                Some(DefineState::Checking | DefineState::Poisoned) | None => None,
            },
            ValueEntry::Classification(at) => self.classification_type(at),
            ValueEntry::Function(_) => None,
        };
        other.is_some_and(|other| self.enums.same(&other, ty))
    }

    fn ambiguous(&mut self, name: &ast::Name, ty: &Type) {
        let value = self.values.get(name.text.as_str()).map(|found| found.span);
        let message = message!(
            "`{name}` could be the member of {list} or the value of that name",
            name = name.text,
            list = self.type_name(ty)
        );
        let mut finding = Diagnostic::error("ambiguous-name", name.span, message).help(message!("for the member write `\"{name}\"` in quotes; for the value, give it a name that is no member", name = name.text));
        if let Some(span) = value {
            finding = finding.also(span, message!("the value is declared here"));
        }
        self.report(finding);
    }

    /// The type of a classification's value; none when its declaration is wrong.
    pub(in super::super) fn classification_type(&self, at: usize) -> Option<Type> {
        let item = self.classifications.get(at)?;
        let (ty, _) = item.outcome.as_ref()?;
        Some(match item.ast.strategy.0 {
            Strategy::Collect => Type::Set(Box::new(ty.clone())),
            Strategy::FirstMatch | Strategy::Unique | Strategy::Highest => ty.clone(),
        })
    }

    /// Refuses `.member` behind something that is no record.
    fn no_members(&mut self, first: &ast::Name, rest: &[ast::Name], what: Message) -> Option<()> {
        let Some(second) = rest.first() else {
            return Some(());
        };
        let message = message!(
            "`{name}` is {what} and has nothing inside, so no `.{part}`",
            name = first.text,
            what,
            part = second.text
        );
        self.report(Diagnostic::error("unknown-name", second.span, message));
        None
    }

    fn field_path(&mut self, names: &'a [ast::Name], span: Span) -> Option<Expr> {
        match self.entry_of(names)? {
            Entry::Field(id) => {
                let ty = self.schema.field(id)?.ty.clone();
                Some(Expr {
                    kind: ExprKind::Field(id),
                    ty,
                    span,
                })
            }
            Entry::Record(id) => {
                let record = self.schema.record(id)?;
                let example = record.entries.first().map(|(name, _)| written(name));
                let message = message!(
                    "`{path}` is a record of fields, not a value",
                    path = record.path
                );
                let mut finding = Diagnostic::error("type-mismatch", span, message);
                if let Some(example) = example {
                    let path = record.path.clone();
                    finding = finding.help(message!(
                        "name one of its fields, such as `{path}.{example}`",
                        path,
                        example
                    ));
                }
                self.report(finding);
                None
            }
        }
    }

    /// What a path into the case is; reports a part that does not exist.
    pub(in super::super) fn entry_of(&mut self, names: &'a [ast::Name]) -> Option<Entry> {
        let mut at = RecordId(0);
        let mut walked: Option<Entry> = None;
        for name in names {
            match walked {
                None => {}
                Some(Entry::Record(id)) => at = id,
                Some(Entry::Field(id)) => {
                    let path = self.schema.field(id)?.path.clone();
                    let message = message!(
                        "`{path}` is a single value and has nothing inside, so no `.{part}`",
                        path,
                        part = name.text
                    );
                    self.report(Diagnostic::error("unknown-name", name.span, message));
                    return None;
                }
            }
            match self.slots.get(&(at.0, name.text.as_str())) {
                Some(Slot::Known(entry)) => walked = Some(*entry),
                Some(Slot::Poisoned) => return None,
                None => {
                    self.unknown_field(at, name);
                    return None;
                }
            }
        }
        walked
    }

    fn unknown_field(&mut self, record: RecordId, name: &ast::Name) {
        if self.may_be_lost(Space::Value, &name.text) {
            return;
        }
        let Some(found) = self.schema.record(record) else {
            return;
        };
        let path = found.path.clone();
        let fields: Vec<String> = found.entries.iter().map(|(name, _)| name.clone()).collect();
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        let message = if path.is_empty() {
            message!("the case has no field `{name}`", name = name.text)
        } else {
            message!("`{path}` has no field `{name}`", path, name = name.text)
        };
        let list = listed(names.iter().take(8).copied());
        let finding = Diagnostic::error("unknown-name", name.span, message);
        let finding = self.suggest(
            finding,
            &name.text,
            name.span,
            &names,
            message!("it has {list}", list),
        );
        self.report(finding);
    }

    /// Reports a word that is no value, with the most useful hint.
    fn unknown_value(&mut self, name: &ast::Name, rest: &[ast::Name], expected: Option<&Type>) {
        if self.may_be_lost(Space::Value, &name.text) {
            return;
        }
        match expected {
            Some(ty @ (Type::Enum(_) | Type::Weekday)) if rest.is_empty() => {
                return self.unknown_member(&name.text, name.span, ty);
            }
            Some(Type::Text) if rest.is_empty() => {
                let message = Space::Value.none_called(&name.text);
                let finding = Diagnostic::error("unknown-name", name.span, message)
                    .help(message!(
                        "for the text itself write `\"{name}\"` in quotes",
                        name = name.text
                    ))
                    .unsafe_fix(name.span, format!("\"{}\"", name.text));
                return self.report(finding);
            }
            Some(_) | None => {}
        }
        if self.declares(Space::Event, &name.text) && rest.is_empty() {
            let message = message!("`{name}` is an event, not a value", name = name.text);
            return self.report(Diagnostic::error("unknown-name", name.span, message).help(
                message!(
                    "write `{written} has happened`",
                    written = written(&name.text)
                ),
            ));
        }
        if let Some(path) = self.nested_field(&name.text) {
            let message = Space::Value.none_called(&name.text);
            return self.report(
                Diagnostic::error("unknown-name", name.span, message)
                    .help(message!("did you mean `{best}`?", best = path))
                    .unsafe_fix(name.span, path),
            );
        }
        if rest.is_empty()
            && let Some(holder) = self.enums.holder(&name.text)
        {
            let field = self.schema.fields.iter().find(|field| match &field.ty {
                Type::Enum(id) => *id == holder,
                _ => false,
            });
            let left = field.map_or_else(|| "…".to_owned(), |field| field.path.clone());
            let message = message!(
                "`{name}` is a member, not a value that can be tested",
                name = name.text
            );
            let help = message!(
                "a member stands on the right: `{left} is {written}`",
                left,
                written = written(&name.text)
            );
            return self.report(Diagnostic::error("unknown-name", name.span, message).help(help));
        }
        self.unknown(Space::Value, name);
    }

    /// The whole path of the only nested field with that last name.
    fn nested_field(&self, name: &str) -> Option<String> {
        let suffix = format!(".{name}");
        let mut found = self
            .schema
            .fields
            .iter()
            .filter(|field| field.path.ends_with(&suffix));
        match (found.next(), found.next()) {
            (Some(field), None) => Some(field.path.clone()),
            (Some(_) | None, _) => None,
        }
    }
}
