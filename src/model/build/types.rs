//! Types as written to types of the model: built-in words, named types, enums, sets, bounds.

use super::builder::{Builder, NamedType, Space};
use super::order;
use super::wording::has_order;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::types::{Bounds, Member, Type};
use crate::source::Span;
use crate::syntax::ast::{self, TypeExpr, TypeKind};
use crate::value::{MAX_SCALE, Value};

/// Words that are types by themselves, and `decimal`, which takes a count of digits.
pub(super) const BUILT_IN_TYPES: [&str; 9] = [
    "bool", "integer", "decimal", "text", "instant", "date", "time", "weekday", "duration",
];

fn built_in(word: &str) -> Option<Type> {
    Some(match word {
        "bool" => Type::Bool,
        "integer" => Type::Integer,
        "text" => Type::Text,
        "instant" => Type::Instant,
        "date" => Type::Date,
        "time" => Type::Time,
        "weekday" => Type::Weekday,
        "duration" => Type::Duration,
        _ => return None,
    })
}

/// What people call such types elsewhere.
fn other_word(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "string" | "str" | "varchar" => "text",
        "int" | "number" | "long" => "integer",
        "boolean" => "bool",
        "datetime" | "timestamp" => "instant",
        "float" | "double" | "money" => "decimal(2)",
        "enum" => "one of { … }",
        "list" | "array" => "set of …",
        _ => return None,
    })
}

impl<'a> Builder<'a> {
    /// Resolves the named types, each after those it uses.
    pub fn resolve_types(&mut self) {
        let mut reads: Vec<Vec<usize>> = Vec::with_capacity(self.types.len());
        for item in &self.types {
            let mut names = Vec::new();
            names_in(item.ast, &mut names);
            let known = names.iter().filter_map(|name| {
                let found = self.names.get(&(Space::Type, name.text.as_str()))?;
                Some(found.entry as usize)
            });
            reads.push(known.collect());
        }
        let (order, loops) = order::sort(&reads);
        let mut looped = vec![false; self.types.len()];
        for members in &loops {
            let names: Vec<&ast::Declared> = members
                .iter()
                .filter_map(|at| self.types.get(*at))
                .map(|item| item.declared)
                .collect();
            for at in members {
                if let Some(flag) = looped.get_mut(*at) {
                    *flag = true;
                }
            }
            self.report_loop(
                "type",
                &names,
                message!("a type cannot be part of itself; break the loop"),
            );
        }
        for at in order {
            let Some(item) = self.types.get(at) else {
                continue;
            };
            let (ast, declared) = (item.ast, item.declared);
            if looped.get(at) == Some(&true) {
                continue;
            }
            self.enter(format!("type.{}", declared.name.text));
            let resolved = match &ast.kind {
                TypeKind::Record(fields) => {
                    self.refuse_bounds(ast, message!("a record"));
                    NamedType::Record(fields)
                }
                TypeKind::Named(_)
                | TypeKind::Decimal(..)
                | TypeKind::OneOf { .. }
                | TypeKind::SetOf(_) => match self.record_of(ast) {
                    Some(fields) => NamedType::Record(fields),
                    None => match self.resolve_type(ast, Some(&declared.name.text)) {
                        Some((ty, bounds)) => NamedType::Plain(ty, bounds),
                        None => NamedType::Poisoned,
                    },
                },
            };
            if let Some(item) = self.types.get_mut(at) {
                item.resolved = resolved;
            }
        }
        self.enter("");
    }

    /// Reports a loop of names that read one another.
    pub fn report_loop(&mut self, subject: &str, members: &[&ast::Declared], help: Message) {
        let Some(first) = members.first() else { return };
        let mut shown: Vec<String> = members
            .iter()
            .map(|d| format!("`{}`", d.name.text))
            .collect();
        if shown.len() > 8 {
            let left_out = shown.len() - 7;
            shown.truncate(7);
            shown.push(format!("… +{left_out} …"));
        }
        shown.push(format!("`{}`", first.name.text));
        let path = shown.join(" → ");
        let message = if members.len() == 1 {
            message!(
                "`{name}` reads itself: {path}",
                name = first.name.text,
                path
            )
        } else {
            message!("these read one another: {path}", path)
        };
        let mut finding = Diagnostic::error("cycle", first.name.span, message)
            .subject(format!("{subject}.{}", first.name.text))
            .help(help);
        for (at, member) in members.iter().enumerate().skip(1).take(7) {
            let next = members.get(at + 1).unwrap_or(first);
            finding = finding.also(
                member.name.span,
                message!("reads `{name}`", name = next.name.text),
            );
        }
        self.report(finding);
    }

    /// The fields, when a type as written is a record, by itself or by name.
    pub fn record_of(&self, ast: &'a TypeExpr) -> Option<&'a [ast::Field]> {
        match &ast.kind {
            TypeKind::Record(fields) => Some(fields),
            TypeKind::Named(name) => {
                let found = self.names.get(&(Space::Type, name.text.as_str()))?;
                match self.types.get(found.entry as usize)?.resolved {
                    NamedType::Record(fields) => Some(fields),
                    NamedType::Plain(..) | NamedType::Poisoned => None,
                }
            }
            TypeKind::Decimal(..) | TypeKind::OneOf { .. } | TypeKind::SetOf(_) => None,
        }
    }

    /// The type of a value and its bounds; none, reported, when it is wrong or a record.
    pub fn resolve_type(
        &mut self,
        ast: &'a TypeExpr,
        name: Option<&str>,
    ) -> Option<(Type, Bounds)> {
        let (ty, inherited) = match &ast.kind {
            TypeKind::Named(word) => self.named_type(word, ast.span)?,
            TypeKind::Decimal(digits, span) => match u8::try_from(*digits) {
                Ok(digits) if digits <= MAX_SCALE => (Type::Decimal(digits), Bounds::default()),
                Ok(_) | Err(_) => {
                    let message = message!(
                        "a decimal has at most {max_scale} digits after the point",
                        max_scale = MAX_SCALE
                    );
                    self.report(Diagnostic::error("bad-bounds", *span, message));
                    return None;
                }
            },
            TypeKind::OneOf { members, ordered } => (
                self.one_of(members, *ordered, name, ast.span)?,
                Bounds::default(),
            ),
            TypeKind::SetOf(element) => {
                let (element_type, bounds) = self.resolve_type(element, None)?;
                if let Type::Set(_) = element_type {
                    let finding = Diagnostic::error(
                        "not-allowed-here",
                        element.span,
                        message!("a set cannot hold sets"),
                    );
                    self.report(finding);
                    return None;
                }
                (Type::Set(Box::new(element_type)), bounds)
            }
            TypeKind::Record(_) => {
                self.report(
                    Diagnostic::error(
                        "not-allowed-here",
                        ast.span,
                        message!(
                            "a record of fields can stand in the `case` only, not as a single value"
                        ),
                    )
                    .help(message!("write a type such as `text`, or `one of {{ … }}`")),
                );
                return None;
            }
        };
        let bounds = self.bounds(&ast.bounds, &ty, inherited)?;
        Some((ty, bounds))
    }

    fn named_type(&mut self, word: &ast::Name, span: Span) -> Option<(Type, Bounds)> {
        if let Some(ty) = built_in(&word.text) {
            return Some((ty, Bounds::default()));
        }
        if word.text == "decimal" {
            self.report(
                Diagnostic::error(
                    "unknown-type",
                    word.span,
                    message!("`decimal` needs a count of digits after the point"),
                )
                .help(message!("write `decimal(2)` for two digits"))
                .unsafe_fix(word.span, "decimal(2)"),
            );
            return None;
        }
        if let Some(found) = self.names.get(&(Space::Type, word.text.as_str())) {
            let item = self.types.get(found.entry as usize)?;
            return match &item.resolved {
                NamedType::Plain(ty, bounds) => Some((ty.clone(), bounds.clone())),
                NamedType::Poisoned => None,
                NamedType::Record(_) => {
                    let declared = item.declared.name.span;
                    let message = message!(
                        "`{name}` is a record of fields, not a single value",
                        name = word.text
                    );
                    self.report(
                        Diagnostic::error("not-allowed-here", span, message)
                            .also(declared, message!("declared here")),
                    );
                    None
                }
            };
        }
        if self.is_lost(&word.text) {
            return None;
        }
        if let Some(usual) = other_word(&word.text) {
            let message = message!("there is no type `{name}`", name = word.text);
            self.report(
                Diagnostic::error("unknown-type", word.span, message)
                    .help(message!("the language calls it `{usual}`", usual))
                    .unsafe_fix(word.span, usual),
            );
            return None;
        }
        let list = self.listed.entry(Space::Type).or_default();
        if list.len() < BUILT_IN_TYPES.len() || list.first() != BUILT_IN_TYPES.first() {
            list.splice(0..0, BUILT_IN_TYPES);
        }
        self.unknown(Space::Type, word);
        None
    }

    fn one_of(
        &mut self,
        members: &[ast::Declared],
        ordered: bool,
        name: Option<&str>,
        span: Span,
    ) -> Option<Type> {
        if members.is_empty() {
            self.report(
                Diagnostic::error(
                    "bad-bounds",
                    span,
                    message!("`one of` needs at least one member"),
                )
                .help(message!("write `one of {{ first, second }}`")),
            );
            return None;
        }
        self.once_each(
            "duplicate-member",
            &message!("a member"),
            members.iter().map(|member| &member.name),
        );
        let mut seen = super::quick::HashSet::default();
        let members = members
            .iter()
            .filter(|member| seen.insert(member.name.text.as_str()))
            .map(|member| Member {
                name: member.name.text.to_string(),
                label: member.label.as_ref().map(|label| label.text.clone()),
                span: member.name.span,
            })
            .collect();
        Some(Type::Enum(self.enums.add(
            name.map(str::to_owned),
            ordered,
            members,
        )))
    }

    /// Bounds as written, or else those of the named type.
    fn bounds(&mut self, written: &ast::Bounds, ty: &Type, inherited: Bounds) -> Option<Bounds> {
        let Some(first) = written.from.as_ref().or(written.to.as_ref()) else {
            return Some(inherited);
        };
        let element = match ty {
            Type::Set(element) => element.as_ref(),
            other => other,
        };
        if !has_order(element, &self.enums) {
            let message = message!(
                "{what} has no `from` and `to`",
                what = match element {
                    Type::Bool => message!("a `bool`"),
                    other => self.type_words(other),
                }
            );
            let help = match element {
                Type::Enum(_) => {
                    message!("bounds need members in an order: `one of {{ low < high }}`")
                }
                _ => {
                    message!(
                        "bounds are for numbers, instants, dates, times of day, weekdays and durations"
                    )
                }
            };
            self.report(Diagnostic::error("bad-bounds", first.span, message).help(help));
            return None;
        }
        let from = match &written.from {
            Some(expr) => Some(self.constant(expr, element, &message!("a bound"))?),
            None => inherited.from,
        };
        let to = match &written.to {
            Some(expr) => Some(self.constant(expr, element, &message!("a bound"))?),
            None => inherited.to,
        };
        if let (Some(from), Some(to)) = (&from, &to)
            && from > to
        {
            let span = written
                .to
                .as_ref()
                .or(written.from.as_ref())
                .map_or(first.span, |expr| expr.span);
            let message = message!(
                "`to {to}` is less than `from {from}`: no value is left",
                to = self.value_text(to, element),
                from = self.value_text(from, element)
            );
            self.report(
                Diagnostic::error("bad-bounds", span, message)
                    .help(message!("both bounds are included; swap them")),
            );
            return None;
        }
        Some(Bounds { from, to })
    }

    /// Reports `from` or `to` behind something that has none.
    pub fn refuse_bounds(&mut self, ast: &TypeExpr, what: Message) {
        if let Some(bound) = ast.bounds.from.as_ref().or(ast.bounds.to.as_ref()) {
            let message = message!("{what} has no `from` and `to`", what);
            self.report(Diagnostic::error("bad-bounds", bound.span, message));
        }
    }

    /// Reports a value outside the bounds of where it must fit.
    pub fn must_fit(
        &mut self,
        value: &Value,
        ty: &Type,
        bounds: &Bounds,
        span: Span,
        of: &Message,
    ) -> bool {
        let values = match value {
            Value::Set(values) => &values[..],
            Value::Bool(_)
            | Value::Integer(_)
            | Value::Decimal(_)
            | Value::Text(_)
            | Value::Instant(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Weekday(_)
            | Value::Duration(_)
            | Value::Member(_) => std::slice::from_ref(value),
        };
        let element = match ty {
            Type::Set(element) => element.as_ref(),
            other => other,
        };
        for value in values {
            let below = bounds.from.as_ref().filter(|from| value < *from);
            let above = bounds.to.as_ref().filter(|to| value > *to);
            let message = match (below, above) {
                (Some(limit), _) => message!(
                    "`{shown}` is below the least value of {of}, `{limit}`",
                    shown = self.value_text(value, element),
                    of,
                    limit = self.value_text(limit, element)
                ),
                (None, Some(limit)) => message!(
                    "`{shown}` is above the greatest value of {of}, `{limit}`",
                    shown = self.value_text(value, element),
                    of,
                    limit = self.value_text(limit, element)
                ),
                (None, None) => continue,
            };
            self.report(Diagnostic::error("out-of-bounds", span, message));
            return false;
        }
        true
    }
}

/// The named types that a type uses.
fn names_in<'a>(ast: &'a TypeExpr, names: &mut Vec<&'a ast::Name>) {
    match &ast.kind {
        TypeKind::Named(name) => names.push(name),
        TypeKind::Decimal(..) | TypeKind::OneOf { .. } => {}
        TypeKind::SetOf(element) => names_in(element, names),
        TypeKind::Record(fields) => {
            for field in fields {
                names_in(&field.ty, names);
            }
        }
    }
}
