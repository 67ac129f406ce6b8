//! The case, its fields, and types.

use super::super::ast::{Bounds, Declared, Field, Name, Presence, TypeExpr, TypeKind};
use super::Direct;

impl Direct<'_> {
    /// Fields in braces.
    pub fn fields(&mut self) -> Option<Vec<Field>> {
        self.need_sign('{')?;
        let mut fields = Vec::new();
        while !self.eat_sign('}') {
            fields.push(self.field()?);
            self.eat_sign(',');
        }
        Some(fields)
    }

    fn field(&mut self) -> Option<Field> {
        let start = self.start();
        let declared = self.declared()?;
        self.need_sign(':')?;
        let ty = self.type_expr()?;
        let word = self.start();
        let presence = match self.word(0) {
            Some("optional") if !self.is_field() => {
                self.at += 1;
                Presence::Optional(self.span_from(word))
            }
            Some("default") if !self.is_field() => {
                self.at += 1;
                Presence::Default(self.sum()?)
            }
            Some(_) | None => Presence::Required,
        };
        Some(Field {
            declared,
            ty,
            presence,
            span: self.span_from(start),
        })
    }

    /// Whether the word here is the name of a field.
    fn is_field(&self) -> bool {
        let behind = 1 + usize::from(self.is_text(1));
        self.token(behind).is_some_and(|token| token.is(':'))
    }

    /// A type with its bounds.
    pub fn type_expr(&mut self) -> Option<TypeExpr> {
        let start = self.start();
        let kind = match (self.word(0), self.word(1)) {
            (Some("one"), Some("of")) => {
                self.at += 2;
                self.one_of()?
            }
            (Some("set"), Some("of")) => {
                self.at += 2;
                // Sets of sets are a mistake.
                if self.is_word("set") {
                    return None;
                }
                TypeKind::SetOf(Box::new(self.type_expr()?))
            }
            (Some("decimal"), _) => {
                self.at += 1;
                self.need_sign('(')?;
                let start = self.start();
                let digits = self.count(1_000_000)?;
                let span = self.span_from(start);
                self.need_sign(')')?;
                TypeKind::Decimal(u64::from(digits), span)
            }
            (None, _) if self.is_sign('{') => TypeKind::Record(self.fields()?),
            // The name may also stand in backticks.
            _ => TypeKind::Named(self.name().filter(|name| name.text != "decimal")?),
        };
        let mut bounds = Bounds::default();
        if self.eat_word("from") {
            bounds.from = Some(Box::new(self.sum()?));
        }
        if self.eat_word("to") {
            bounds.to = Some(Box::new(self.sum()?));
        }
        Some(TypeExpr {
            kind,
            bounds,
            span: self.span_from(start),
        })
    }

    fn one_of(&mut self) -> Option<TypeKind> {
        self.need_sign('{')?;
        let mut members = Vec::new();
        let mut separator = None;
        while !self.eat_sign('}') {
            if !members.is_empty() {
                let sign = if self.is_sign('<') { '<' } else { ',' };
                self.need_sign(sign)?;
                if *separator.get_or_insert(sign) != sign {
                    return None;
                }
            }
            let name = self.member()?;
            let label = self.label()?;
            members.push(Declared { name, label });
        }
        Some(TypeKind::OneOf {
            members,
            ordered: separator == Some('<'),
        })
    }

    fn member(&mut self) -> Option<Name> {
        match self.is_text(0) {
            true => self.quoted().map(|quoted| Name {
                text: quoted.text.into(),
                span: quoted.span,
            }),
            false => self.name(),
        }
    }
}
