//! `unused-type`: a named type that nothing uses.
//!
//! It is left over, or a field that should have this type spells its own list of members, which can
//! then not be compared with those of others.
//!
//! Example:
//!
//! ```text
//! type grade = one of { standard < gold }
//! case { tier: one of { standard < gold } … }               # `grade` is not used
//! ```
//!
//! Instead: remove the type, or use it: `tier: grade`.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::syntax::ast::{Declared, Field, ItemKind, TypeExpr, TypeKind};
use std::collections::HashSet;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "unused-type",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let mut used = HashSet::new();
    let mut declared: Vec<&Declared> = Vec::new();
    for item in facts.files.iter().flat_map(|file| &file.items) {
        match &item.kind {
            ItemKind::Case(fields) => in_fields(fields, &mut used),
            ItemKind::Type(name, ty) => {
                declared.push(name);
                in_type(ty, &mut used);
            }
            ItemKind::Classify(classify) => in_type(&classify.ty, &mut used),
            ItemKind::Script(script) => {
                for function in &script.functions {
                    in_type(&function.result, &mut used);
                    function
                        .parameters
                        .iter()
                        .for_each(|(_, ty)| in_type(ty, &mut used));
                }
            }
            ItemKind::Events(_)
            | ItemKind::Role(_)
            | ItemKind::Queue(_)
            | ItemKind::Record(_)
            | ItemKind::Define(..)
            | ItemKind::Route(_)
            | ItemKind::Calendar(_)
            | ItemKind::Clock(_)
            | ItemKind::Sla(_)
            | ItemKind::Retain(_)
            | ItemKind::Hold(_)
            | ItemKind::FollowUp(_)
            | ItemKind::Require(_)
            | ItemKind::Guarantee(_)
            | ItemKind::Test(_) => {}
        }
    }
    for declared in declared
        .iter()
        .filter(|declared| !used.contains(declared.name.text.as_str()))
    {
        let name = &declared.name;
        findings.push(
            Diagnostic::warn(
                LINT.code,
                name.span,
                message!("nothing uses the type `{text}`", text = name.text),
            )
            .subject(format!("type.{}", name.text))
            .help(message!("remove it, or give a field this type")),
        );
    }
}

fn in_fields<'a>(fields: &'a [Field], used: &mut HashSet<&'a str>) {
    for field in fields {
        in_type(&field.ty, used);
    }
}

/// Types nest no deeper than the parser allows.
fn in_type<'a>(ty: &'a TypeExpr, used: &mut HashSet<&'a str>) {
    match &ty.kind {
        TypeKind::Named(name) => {
            used.insert(&name.text);
        }
        TypeKind::SetOf(element) => in_type(element, used),
        TypeKind::Record(fields) => in_fields(fields, used),
        TypeKind::Decimal(..) | TypeKind::OneOf { .. } => {}
    }
}
