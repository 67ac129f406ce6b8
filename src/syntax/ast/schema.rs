//! The case, types, and script functions as written.

use super::{Declared, Expr, Name, Text};
use crate::source::Span;

/// A field of the case or of a record in it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name and label.
    pub declared: Declared,
    /// Its type.
    pub ty: TypeExpr,
    /// Whether it may be absent.
    pub presence: Presence,
    /// The whole field.
    pub span: Span,
}

/// Whether a field may be absent, as written.
#[derive(Clone, Debug)]
pub enum Presence {
    /// Neither `optional` nor `default`.
    Required,
    /// `optional`, with the word's span.
    Optional(Span),
    /// `default CONSTANT`.
    Default(Expr),
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// What kind of type.
    pub kind: TypeKind,
    /// `from A`, `to B`.
    pub bounds: Bounds,
    /// The whole type, bounds included.
    pub span: Span,
}

/// Bounds of a type, both inclusive.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// `from A`
    pub from: Option<Box<Expr>>,
    /// `to B`
    pub to: Option<Box<Expr>>,
}

/// The forms of types.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// A single word: a built-in type such as `text` or a named one.
    Named(Name),
    /// `decimal(n)`; the span is that of `n`.
    Decimal(u64, Span),
    /// `one of { a, b }` or `one of { a < b }`.
    OneOf {
        /// The members, labels included.
        members: Vec<Declared>,
        /// Whether `<` stands between them.
        ordered: bool,
    },
    /// `set of TYPE`
    SetOf(Box<TypeExpr>),
    /// `{ fields }`
    Record(Vec<Field>),
}

/// `script "file" { fn … }`
#[derive(Clone, Debug)]
pub struct Script {
    /// The file, relative to the policy folder.
    pub file: Text,
    /// The functions it must have.
    pub functions: Vec<Function>,
}

/// `fn name(parameter: TYPE) -> TYPE`
#[derive(Clone, Debug)]
pub struct Function {
    /// Name and label.
    pub declared: Declared,
    /// Parameters in order.
    pub parameters: Vec<(Name, TypeExpr)>,
    /// What it gives.
    pub result: TypeExpr,
    /// The whole declaration.
    pub span: Span,
}
