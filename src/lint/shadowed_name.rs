//! `shadowed-name`: a value has the name of a member of its own type.
//!
//! Right of `is`, in sets and in cells a bare word is a member or a value. Where both exist the word is
//! refused as ambiguous, so the member can be written in quotes only, and the reader has to know which
//! is meant. Values of other types do not clash and are left alone.
//!
//! Example:
//!
//! ```text
//! case { gold: grade  tier: grade … }
//! type grade = one of { standard < gold }
//! ```
//!
//! Instead: give the value a name that is no member of its type, such as `wanted_tier`.

use super::{Facts, Lint};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::Type;
use crate::source::Span;

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "shadowed-name",
    level: Level::Warn,
    check: Some(check),
};

fn check(facts: &Facts<'_>, findings: &mut Vec<Diagnostic>) {
    let model = facts.model;
    let fields = model
        .schema
        .fields
        .iter()
        .filter(|field| !field.path.contains('.'));
    for field in fields {
        value(
            facts,
            &field.path,
            &field.ty,
            field.span,
            &format!("case.{}", field.path),
            findings,
        );
    }
    for define in &model.defines {
        let declared = &define.declared;
        let subject = format!("define.{}", declared.name);
        value(
            facts,
            &declared.name,
            &define.value.ty,
            declared.span,
            &subject,
            findings,
        );
    }
    for block in &model.classifications {
        let declared = &block.declared;
        let subject = format!("classify.{}", declared.name);
        value(
            facts,
            &declared.name,
            &block.outcome,
            declared.span,
            &subject,
            findings,
        );
    }
}

fn value(
    facts: &Facts<'_>,
    name: &str,
    ty: &Type,
    span: Span,
    subject: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let element = match ty {
        Type::Set(element) => element.as_ref(),
        other => other,
    };
    let Type::Enum(id) = element else { return };
    let Some(ty) = facts.model.schema.enumeration(*id) else {
        return;
    };
    let Some(member) = ty.members.iter().find(|member| member.name == name) else {
        return;
    };
    let message = message!(
        "`{name}` is also a member of its own type, which can then be written in quotes only",
        name
    );
    findings.push(
        Diagnostic::warn(LINT.code, span, message)
            .subject(subject)
            .also(member.span, message!("the member"))
            .help(message!("give the value another name")),
    );
}
