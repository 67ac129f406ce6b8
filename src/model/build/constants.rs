//! Constants: literals and members folded to values of the type that is expected.

use super::builder::{Builder, Space};
use super::enums::{QUEUES, ROLES, TIERS};
use super::suggest::written;
use super::wording::{first_listed, listed};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::types::Type;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::time::{Date, Instant, TimeOfDay, Weekday};
use crate::value::{Decimal, DecimalError, MAX_SCALE, Value};

/// What a literal turned out to be.
pub(super) enum Literal {
    /// Not a literal at all.
    Other,
    /// A literal, wrong and reported.
    Wrong,
    /// A value of a type.
    Value(Value, Type),
}

impl Builder<'_> {
    /// A constant that must be of this type; `what` names it: "a default".
    pub fn constant(&mut self, expr: &Expr, ty: &Type, what: &Message) -> Option<Value> {
        match self.literal(expr, Some(ty)) {
            Literal::Wrong => None,
            Literal::Value(value, found) => self.fit(value, &found, ty, expr.span, what),
            Literal::Other => self.constant_word(expr, ty, what),
        }
    }

    /// A value brought to the type wanted; reports when it is of another.
    fn fit(
        &mut self,
        value: Value,
        found: &Type,
        ty: &Type,
        span: Span,
        what: &Message,
    ) -> Option<Value> {
        if self.enums.same(found, ty) {
            return Some(value);
        }
        if let (Value::Decimal(number), Type::Integer | Type::Decimal(_)) = (&value, ty) {
            let scale = if let Type::Decimal(scale) = ty {
                *scale
            } else {
                0
            };
            let fitting = number.rescale(scale);
            match (fitting, ty) {
                (Some(fitting), Type::Decimal(_)) => return Some(Value::Decimal(fitting)),
                (Some(fitting), _) if i64::try_from(fitting.mantissa()).is_ok() => {
                    return i64::try_from(fitting.mantissa()).ok().map(Value::Integer);
                }
                (Some(_) | None, _) => {}
            }
        }
        let message = message!(
            "`{text}` is {found}, {what} here must be {wanted}",
            text = self.text(span),
            found = self.type_words(found),
            what,
            wanted = self.type_words(ty)
        );
        let finding = Diagnostic::error("type-mismatch", span, message);
        self.report(finding);
        None
    }

    /// A word as a constant: a member, or a mistake.
    fn constant_word(&mut self, expr: &Expr, ty: &Type, what: &Message) -> Option<Value> {
        if let ExprKind::Path(names) = &expr.kind
            && let [name] = names.as_slice()
        {
            if let Some(value) = self.member(ty, &name.text) {
                return Some(value);
            }
            if self.is_lost(&name.text) {
                return None;
            }
            if !self.declares(Space::Value, &name.text) {
                self.no_such_member(&name.text, name.span, ty, what);
                return None;
            }
        }
        let message = message!(
            "{what} must be a constant, `{text}` is worked out",
            what,
            text = self.text(expr.span)
        );
        let help = match ty {
            Type::Enum(id) => {
                let members = self
                    .enums
                    .get(*id)
                    .map(|ty| ty.members.as_slice())
                    .unwrap_or_default();
                let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
                message!("write one of {list}", list = first_listed(&names))
            }
            other => message!("write {kind} itself", kind = self.type_words(other)),
        };
        self.report(Diagnostic::error("not-a-constant", expr.span, message).help(help));
        None
    }

    /// Reports a word that is neither a member of the type nor anything else.
    fn no_such_member(&mut self, word: &str, span: Span, ty: &Type, what: &Message) {
        match ty {
            Type::Enum(_) | Type::Weekday => self.unknown_member(word, span, ty),
            Type::Text => {
                let message = message!("`{word}` is a name, {what} here must be text", word, what);
                self.report(
                    Diagnostic::error("type-mismatch", span, message)
                        .help(message!("write text in quotes: `\"{word}\"`", word))
                        .unsafe_fix(span, format!("\"{word}\"")),
                );
            }
            Type::Set(_) => {
                let message = message!(
                    "`{word}` is one word, {what} here must be {kind}",
                    word,
                    what,
                    kind = self.type_words(ty)
                );
                self.report(
                    Diagnostic::error("type-mismatch", span, message)
                        .help(message!("write a set in braces: `{{ {word} }}`", word))
                        .unsafe_fix(span, format!("{{ {} }}", self.text(span))),
                );
            }
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Target => {
                let message = message!(
                    "`{word}` is a name, {what} here must be {kind}",
                    word,
                    what,
                    kind = self.type_words(ty)
                );
                self.report(Diagnostic::error("type-mismatch", span, message));
            }
        }
    }

    /// The member of that name, when the type has members.
    pub fn member(&self, ty: &Type, name: &str) -> Option<Value> {
        match ty {
            Type::Enum(id) => self.enums.place(*id, name).map(Value::Member),
            Type::Weekday => Weekday::parse(name).map(Value::Weekday),
            Type::Bool
            | Type::Integer
            | Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Duration
            | Type::Set(_)
            | Type::Target => None,
        }
    }

    /// Reports a word that is no member of a type with members.
    pub fn unknown_member(&mut self, word: &str, span: Span, ty: &Type) {
        if self.is_lost(word) {
            return;
        }
        let (code, message) = match ty {
            Type::Enum(ROLES) => ("unknown-role", self.not_of(Space::Role, word)),
            Type::Enum(QUEUES) => ("unknown-queue", self.not_of(Space::Queue, word)),
            Type::Enum(TIERS) => {
                if self.lost_items.contains("sla") {
                    return;
                }
                (
                    "unknown-tier",
                    message!("there is no tier `{name}`", name = word),
                )
            }
            Type::Weekday => ("unknown-member", message!("`{word}` is no weekday", word)),
            _ => {
                let list = self.type_name(ty);
                (
                    "unknown-member",
                    message!("`{word}` is no member of {list}", word, list),
                )
            }
        };
        if let Some(member) = self.member_labelled(ty, word) {
            let finding = Diagnostic::error(code, span, message)
                .help(message!(
                    "`{name}` is the label of `{labelled}`: write `{labelled}`",
                    name = word,
                    labelled = member
                ))
                .safe_fix(span, written(&member));
            return self.report(finding);
        }
        let members: Vec<String> = match ty {
            // Once a folder has used up its suggestions, long lists are not gone through again.
            Type::Enum(id) => {
                let members = self
                    .enums
                    .get(*id)
                    .map(|ty| ty.members.as_slice())
                    .unwrap_or_default();
                let most = if members.len() > self.suggestions_left {
                    12
                } else {
                    members.len()
                };
                members
                    .iter()
                    .take(most)
                    .map(|member| member.name.clone())
                    .collect()
            }
            _ => Weekday::WORDS
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
        };
        let list = listed(members.iter().take(12).map(String::as_str));
        let whose = match ty {
            Type::Weekday => message!("the weekdays"),
            Type::Enum(ROLES) => message!("the roles"),
            Type::Enum(QUEUES) => message!("the queues"),
            Type::Enum(TIERS) => message!("the tiers"),
            _ => message!("its members"),
        };
        let otherwise = match members.len() {
            0 => message!("there are none"),
            1..=12 => message!("{whose} are {list}", whose, list),
            many => message!(
                "{whose} are {list} and {many} more",
                whose,
                list,
                many = many - 12
            ),
        };
        let names: Vec<&str> = members.iter().map(String::as_str).collect();
        let finding = Diagnostic::error(code, span, message);
        let finding = self.suggest(finding, word, span, &names, otherwise);
        self.report(finding);
    }

    /// The only member with that label.
    fn member_labelled(&self, ty: &Type, label: &str) -> Option<String> {
        let Type::Enum(id) = ty else { return None };
        let members = &self.enums.get(*id)?.members;
        if members.len() > self.suggestions_left {
            return None;
        }
        let mut found = members
            .iter()
            .filter(|member| member.label.as_deref() == Some(label));
        match (found.next(), found.next()) {
            (Some(member), None) => Some(member.name.clone()),
            (Some(_) | None, _) => None,
        }
    }

    fn not_of(&self, space: Space, word: &str) -> Message {
        let other = [Space::Role, Space::Queue]
            .into_iter()
            .find(|other| *other != space && self.declares(*other, word));
        match other {
            Some(other) => message!(
                "`{name}` is {others}, not {one}",
                name = word,
                others = other.one(),
                one = space.one()
            ),
            None => space.none_called(word),
        }
    }

    /// Reads a literal, with the type that is expected where it stands.
    pub fn literal(&mut self, expr: &Expr, expected: Option<&Type>) -> Literal {
        match &expr.kind {
            ExprKind::Bool(value) => Literal::Value(Value::Bool(*value), Type::Bool),
            ExprKind::Integer(value) => match expected {
                Some(Type::Decimal(scale)) => match Decimal::from_integer(*value).rescale(*scale) {
                    Some(number) => Literal::Value(Value::Decimal(number), Type::Decimal(*scale)),
                    None => self.too_great(expr),
                },
                _ => Literal::Value(Value::Integer(*value), Type::Integer),
            },
            ExprKind::Decimal(digits) => self.decimal(expr, digits, expected),
            ExprKind::Text(text) => self.text_literal(expr, text, expected),
            ExprKind::Date(value) => Literal::Value(Value::Date(*value), Type::Date),
            ExprKind::Instant(value) => Literal::Value(Value::Instant(*value), Type::Instant),
            ExprKind::Time(value) => Literal::Value(Value::Time(*value), Type::Time),
            ExprKind::Duration(value) => Literal::Value(Value::Duration(*value), Type::Duration),
            ExprKind::Set(elements) => self.set_literal(expr, elements, expected),
            ExprKind::Or(_)
            | ExprKind::And(_)
            | ExprKind::Not(_)
            | ExprKind::Test(..)
            | ExprKind::Arithmetic(..)
            | ExprKind::PartOf(..)
            | ExprKind::Call(..)
            | ExprKind::Path(_)
            | ExprKind::Target(_)
            | ExprKind::Record(_)
            | ExprKind::Missing => Literal::Other,
        }
    }

    fn too_great(&mut self, expr: &Expr) -> Literal {
        let message = message!(
            "`{text}` is too great a number",
            text = self.text(expr.span)
        );
        self.report(Diagnostic::error("type-mismatch", expr.span, message));
        Literal::Wrong
    }

    fn decimal(&mut self, expr: &Expr, digits: &str, expected: Option<&Type>) -> Literal {
        let written = digits
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        let wanted = match expected {
            Some(Type::Decimal(scale)) if written <= usize::from(*scale) => *scale,
            _ => u8::try_from(written).unwrap_or(u8::MAX),
        };
        if wanted > MAX_SCALE {
            let message = message!(
                "a number has at most {max_scale} digits after the point",
                max_scale = MAX_SCALE
            );
            self.report(Diagnostic::error("type-mismatch", expr.span, message));
            return Literal::Wrong;
        }
        match Decimal::parse(digits, wanted) {
            Ok(number) => Literal::Value(Value::Decimal(number), Type::Decimal(wanted)),
            Err(DecimalError::Overflow | DecimalError::TooManyDigits | DecimalError::Malformed) => {
                self.too_great(expr)
            }
        }
    }

    fn text_literal(&mut self, expr: &Expr, text: &str, expected: Option<&Type>) -> Literal {
        let Some(ty) = expected else {
            return Literal::Value(Value::text(text), Type::Text);
        };
        if let Some(value) = self.member(ty, text) {
            return Literal::Value(value, ty.clone());
        }
        let unquoted = match ty {
            Type::Enum(_) | Type::Weekday => {
                self.unknown_member(text, expr.span, ty);
                return Literal::Wrong;
            }
            Type::Bool => matches!(text, "true" | "false"),
            Type::Integer => text.parse::<i64>().is_ok(),
            Type::Decimal(_) => Decimal::parse(text, MAX_SCALE).is_ok(),
            Type::Instant => Instant::parse(text).is_ok(),
            Type::Date => Date::parse(text).is_some(),
            Type::Time => TimeOfDay::parse(text).is_some(),
            Type::Duration => crate::time::Duration::parse(text).is_some(),
            Type::Text | Type::Set(_) | Type::Target => false,
        };
        if unquoted {
            let message = message!(
                "`{text}` is text, because of its quotes",
                text = self.text(expr.span)
            );
            self.report(
                Diagnostic::error("type-mismatch", expr.span, message)
                    .help(message!(
                        "for {kind} write `{text}` without quotes",
                        kind = self.type_words(ty),
                        text
                    ))
                    .unsafe_fix(expr.span, text),
            );
            return Literal::Wrong;
        }
        Literal::Value(Value::text(text), Type::Text)
    }

    fn set_literal(&mut self, expr: &Expr, elements: &[Expr], expected: Option<&Type>) -> Literal {
        let element = match expected {
            Some(Type::Set(element)) => element.as_ref().clone(),
            Some(_) | None => {
                let first = elements
                    .iter()
                    .find_map(|element| match self.literal(element, None) {
                        Literal::Value(_, ty) => Some(ty),
                        Literal::Other | Literal::Wrong => None,
                    });
                match first {
                    Some(ty) => ty,
                    None => {
                        let message = message!(
                            "nothing here says of what kind `{text}` is",
                            text = self.text(expr.span)
                        );
                        self.report(Diagnostic::error("type-mismatch", expr.span, message).help(
                            message!("compare a set with a field, such as `tags is {{ a, b }}`"),
                        ));
                        return Literal::Wrong;
                    }
                }
            }
        };
        let mut values = Vec::with_capacity(elements.len());
        let mut sound = true;
        for part in elements {
            match self.constant(part, &element, &message!("an element")) {
                Some(value) => values.push(value),
                None => sound = false,
            }
        }
        if sound {
            Literal::Value(Value::set(values), Type::Set(Box::new(element)))
        } else {
            Literal::Wrong
        }
    }
}
