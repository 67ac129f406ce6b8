//! Files that are no policy at all.

use super::super::scan::{Scan, TokenKind};
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::source::{SourceId, Span};

/// JSON, YAML, markup or binary data in place of a policy.
pub fn pasted(source: SourceId, text: &str, scan: &Scan) -> Option<Diagnostic> {
    if let Some(at) = text.bytes().take(8192).position(|byte| byte == 0) {
        return Some(
            Diagnostic::error(
                "binary-file",
                Span::new(source, at, at + 1),
                message!("this file is no text"),
            )
            .label(message!("a NUL byte"))
            .help(message!(
                "a policy is plain UTF-8 text; take this file out of the policy folder or rename it"
            )),
        );
    }
    let first = scan.tokens.first()?;
    let second = scan.tokens.get(1);
    let span = Span::new(source, first.start, first.end);
    let help = message!(
        "a policy is written as items, such as `role engineer` or `case {{ … }}`; `docs/language` shows them all"
    );
    match first.kind {
        TokenKind::Sign('{' | '[') => Some(
            Diagnostic::error(
                "pasted-json",
                span,
                message!("this looks like JSON, not like a policy"),
            )
            .label(message!("no item begins like this"))
            .help(help),
        ),
        TokenKind::Sign('<') => Some(
            Diagnostic::error(
                "pasted-markup",
                span,
                message!("this looks like XML or HTML, not like a policy"),
            )
            .label(message!("no item begins like this"))
            .help(help),
        ),
        TokenKind::Sign('-') if second.is_some_and(|token| token.is('-')) => Some(yaml(span, help)),
        TokenKind::Word if second.is_some_and(|token| token.is(':')) => Some(yaml(span, help)),
        _ => None,
    }
}

fn yaml(span: Span, help: Message) -> Diagnostic {
    Diagnostic::error(
        "pasted-yaml",
        span,
        message!("this looks like YAML, not like a policy"),
    )
    .label(message!("no item begins like this"))
    .help(help)
}
