//! The case, its fields, and types.

use super::super::ast::{Bounds, Declared, Field, Presence, TypeExpr, TypeKind};
use super::super::grammar::Rule;
use super::{Lower, Node, children};
use crate::diag::Diagnostic;
use crate::message::message;

impl Lower<'_> {
    /// The fields of a case or of a record.
    pub fn fields(&mut self, node: Node<'_>) -> Vec<Field> {
        children(node)
            .filter_map(|field| self.field(field))
            .collect()
    }

    fn field(&mut self, node: Node<'_>) -> Option<Field> {
        let span = self.span(&node);
        let mut declared = None;
        let mut ty = None;
        let mut presence = Presence::Required;
        for child in children(node) {
            match child.as_rule() {
                Rule::declared => declared = self.declared(child),
                Rule::type_expr => ty = self.type_expr(child),
                _ => {
                    if let Some(inner) = children(child).next() {
                        presence = match inner.as_rule() {
                            Rule::optional_word => Presence::Optional(self.span(&inner)),
                            _ => match children(inner).next() {
                                Some(value) => Presence::Default(self.sum(value)),
                                None => Presence::Required,
                            },
                        };
                    }
                }
            }
        }
        let declared: Declared = declared?;
        let Some(ty) = ty else {
            self.lose(&declared.name.text);
            return None;
        };
        Some(Field {
            declared,
            ty,
            presence,
            span,
        })
    }

    /// A type with its bounds.
    pub fn type_expr(&mut self, node: Node<'_>) -> Option<TypeExpr> {
        let span = self.span(&node);
        let mut kind = None;
        let mut bounds = Bounds::default();
        for child in children(node) {
            match child.as_rule() {
                Rule::from_bound => {
                    bounds.from = children(child)
                        .next()
                        .map(|value| Box::new(self.sum(value)))
                }
                Rule::to_bound => {
                    bounds.to = children(child)
                        .next()
                        .map(|value| Box::new(self.sum(value)))
                }
                _ => kind = self.type_kind(child),
            }
        }
        Some(TypeExpr {
            kind: kind?,
            bounds,
            span,
        })
    }

    fn type_kind(&mut self, node: Node<'_>) -> Option<TypeKind> {
        match node.as_rule() {
            Rule::one_of => Some(self.one_of(node)),
            Rule::set_of => {
                let inner = children(node).next()?;
                self.type_expr(inner)
                    .map(|ty| TypeKind::SetOf(Box::new(ty)))
            }
            Rule::decimal_type => {
                let digits = children(node).next()?;
                let span = self.span(&digits);
                Some(TypeKind::Decimal(u64::from(self.count(&digits)), span))
            }
            Rule::record_type => Some(TypeKind::Record(self.fields(node))),
            _ => {
                let inner = children(node).next()?;
                let name = self.name(&inner);
                if name.text == "decimal" {
                    self.report(
                        Diagnostic::error(
                            "decimal-digits",
                            name.span,
                            message!("`decimal` does not say how many digits it has"),
                        )
                        .label(message!("how many digits behind the point?"))
                        .help(message!("write `decimal(2)` for amounts such as 12.50"))
                        .unsafe_fix(name.span.at_end(), "(2)"),
                    );
                    return Some(TypeKind::Decimal(2, name.span));
                }
                Some(TypeKind::Named(name))
            }
        }
    }

    fn one_of(&mut self, node: Node<'_>) -> TypeKind {
        let mut members = Vec::new();
        let mut first_sign: Option<(bool, crate::source::Span)> = None;
        let mut mixed = false;
        for child in children(node) {
            match child.as_rule() {
                Rule::separator => {
                    let sign = (child.as_str() == "<", self.span(&child));
                    match first_sign {
                        None => first_sign = Some(sign),
                        Some((ordered, first)) if ordered != sign.0 && !mixed => {
                            mixed = true;
                            self.report(
                                Diagnostic::error(
                                    "mixed-order",
                                    sign.1,
                                    message!("`,` and `<` in one list of members"),
                                )
                                .label(message!("is there an order or not?"))
                                .also(first, message!("the other sign"))
                                .help(message!(
                                    "use `<` between all members, lowest first, or `,` between all"
                                )),
                            );
                        }
                        Some(_) => {}
                    }
                }
                _ => {
                    let mut name = None;
                    let mut label = None;
                    for part in children(child) {
                        match part.as_rule() {
                            Rule::member_name => name = Some(self.name(&part)),
                            _ => label = Some(self.text(&part)),
                        }
                    }
                    if let Some(name) = name {
                        members.push(Declared { name, label });
                    }
                }
            }
        }
        TypeKind::OneOf {
            members,
            ordered: first_sign.is_some_and(|(ordered, _)| ordered),
        }
    }
}
