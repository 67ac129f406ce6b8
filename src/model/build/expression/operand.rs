//! Values that are worked out: arithmetic, parts of instants, calls.

use super::super::builder::{Builder, Space, ValueEntry};
use super::super::collect::BUILT_IN_FUNCTIONS;
use super::super::places::Place;
use super::super::wording::has_order;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::FunctionId;
use crate::model::expr::{ArithmeticOp, Expr, ExprKind, InstantPart};
use crate::model::types::Type;
use crate::source::Span;
use crate::syntax::ast;
use crate::value::MAX_SCALE;

impl<'a> Builder<'a> {
    pub(super) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        span: Span,
        place: Place,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        // A number beside a decimal is read as one; nothing else is expected of the parts.
        let hint =
            expected.filter(|ty| matches!(ty, Type::Decimal(_)) && op != ArithmeticOp::Multiply);
        let left = self.check(left, place, hint);
        let right = self.check(right, place, hint);
        let (left, right) = (left?, right?);
        match result_type(op, &left.ty, &right.ty) {
            Some(Type::Decimal(scale)) if scale > MAX_SCALE => {
                let message = message!(
                    "this product would have {scale} digits after the point; {max_scale} is the most",
                    scale,
                    max_scale = MAX_SCALE
                );
                self.report(Diagnostic::error("type-mismatch", span, message));
                None
            }
            Some(ty) => Some(Expr {
                kind: ExprKind::Arithmetic(op, Box::new(left), Box::new(right)),
                ty,
                span,
            }),
            None => {
                let (left, right) = (self.say(&left), self.say(&right));
                let message = match op {
                    ArithmeticOp::Add => {
                        message!("these cannot be added: {left}, {right}", left, right)
                    }
                    ArithmeticOp::Subtract => {
                        message!("these cannot be subtracted: {left}, {right}", left, right)
                    }
                    ArithmeticOp::Multiply => {
                        message!("these cannot be multiplied: {left}, {right}", left, right)
                    }
                };
                self.report(
                    Diagnostic::error("type-mismatch", span, message)
                        .help(message!("numbers go with numbers, durations with durations; an instant takes a duration, and two instants differ by one")),
                );
                None
            }
        }
    }

    pub(super) fn part_of(
        &mut self,
        part: InstantPart,
        of: &'a ast::Expr,
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        let of = self.check(of, place, None)?;
        let (word, ty) = match part {
            InstantPart::Weekday => ("weekday of", Type::Weekday),
            InstantPart::Date => ("date of", Type::Date),
            InstantPart::Time => ("time of", Type::Time),
        };
        if of.ty != Type::Instant {
            let message = message!(
                "`{word}` asks an instant, {found}",
                word,
                found = self.say(&of)
            );
            self.report(Diagnostic::error("type-mismatch", of.span, message));
            return None;
        }
        Some(Expr {
            kind: ExprKind::PartOf(part, Box::new(of)),
            ty,
            span,
        })
    }

    pub(super) fn call(
        &mut self,
        name: &'a ast::Name,
        arguments: &'a [ast::Expr],
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        match name.text.as_str() {
            "count" | "length" => self.measure(name, arguments, span, place),
            "min" | "max" => self.extreme(name, arguments, span, place),
            _ => self.call_script(name, arguments, span, place),
        }
    }

    fn arguments_wrong(&mut self, name: &ast::Name, span: Span, wants: Message, got: usize) {
        let message = message!(
            "`{name}` takes {wants}, here it has {got}",
            name = name.text,
            wants,
            got
        );
        self.report(Diagnostic::error("wrong-argument-count", span, message));
    }

    fn measure(
        &mut self,
        name: &ast::Name,
        arguments: &'a [ast::Expr],
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        let [argument] = arguments else {
            self.arguments_wrong(name, span, message!("one argument"), arguments.len());
            return None;
        };
        let argument = self.check(argument, place, None)?;
        let kind = match (name.text.as_str(), &argument.ty) {
            ("count", Type::Set(_)) => ExprKind::Count(Box::new(argument)),
            ("length", Type::Text) => ExprKind::Length(Box::new(argument)),
            (word, _) => {
                let found = self.say(&argument);
                let (message, other) = if word == "count" {
                    (
                        message!("`{word}` asks a set, {found}", word, found),
                        "length",
                    )
                } else {
                    (
                        message!("`{word}` asks text, {found}", word, found),
                        "count",
                    )
                };
                let mut finding = Diagnostic::error("type-mismatch", argument.span, message);
                if matches!(argument.ty, Type::Text | Type::Set(_)) {
                    finding = finding
                        .help(message!(
                            "write `{instead}`",
                            instead = format!("{other}(…)")
                        ))
                        .unsafe_fix(name.span, other);
                }
                self.report(finding);
                return None;
            }
        };
        Some(Expr {
            kind,
            ty: Type::Integer,
            span,
        })
    }

    fn extreme(
        &mut self,
        name: &ast::Name,
        arguments: &'a [ast::Expr],
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        if arguments.len() < 2 {
            self.arguments_wrong(
                name,
                span,
                message!("two or more arguments"),
                arguments.len(),
            );
            return None;
        }
        let mut parts: Vec<Expr> = Vec::with_capacity(arguments.len());
        let mut sound = true;
        for argument in arguments {
            // Members can be named once an earlier argument has said of what.
            let expected = parts.first().map(|first| first.ty.clone());
            match self.check(argument, place, expected.as_ref()) {
                Some(part) => parts.push(part),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let mut ty = parts.first()?.ty.clone();
        for part in &parts {
            if !has_order(&part.ty, &self.enums) || part.ty == Type::Target {
                let message = message!(
                    "`{op}` asks values that have an order, {found}",
                    op = name.text,
                    found = self.say(part)
                );
                self.report(Diagnostic::error("type-mismatch", part.span, message));
                return None;
            }
            ty = match (&ty, &part.ty) {
                (Type::Decimal(a), Type::Decimal(b)) => Type::Decimal(*a.max(b)),
                (Type::Integer, Type::Decimal(scale)) | (Type::Decimal(scale), Type::Integer) => {
                    Type::Decimal(*scale)
                }
                (a, b) if self.enums.same(a, b) => a.clone(),
                _ => {
                    let first = parts.first()?;
                    let message = message!(
                        "`{name}` asks values of one kind: {left}, {right}",
                        name = name.text,
                        left = self.say(first),
                        right = self.say(part)
                    );
                    self.report(Diagnostic::error("type-mismatch", part.span, message));
                    return None;
                }
            };
        }
        let kind = if name.text == "min" {
            ExprKind::Min(parts)
        } else {
            ExprKind::Max(parts)
        };
        Some(Expr { kind, ty, span })
    }

    fn call_script(
        &mut self,
        name: &'a ast::Name,
        arguments: &'a [ast::Expr],
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        let at = match self.values.get(name.text.as_str()).map(|found| found.entry) {
            Some(ValueEntry::Function(at)) => at,
            Some(ValueEntry::CaseField | ValueEntry::Define(_) | ValueEntry::Classification(_)) => {
                let message = message!("`{name}` is a value, not a function", name = name.text);
                self.report(
                    Diagnostic::error("unknown-function", name.span, message).help(message!(
                        "write `{name}` without parentheses",
                        name = name.text
                    )),
                );
                return None;
            }
            None => {
                if !self.may_be_lost(Space::Value, &name.text) {
                    self.unknown_function(name);
                }
                return None;
            }
        };
        let declared = self.functions.get(at)?.ast;
        if declared.parameters.len() != arguments.len() {
            let wants = match declared.parameters.len() {
                0 => message!("no arguments"),
                1 => message!("one argument"),
                many => message!("{many} arguments", many),
            };
            self.arguments_wrong(name, span, wants, arguments.len());
            return None;
        }
        let signature = self.functions.get(at)?.signature.clone()?;
        let mut checked = Vec::with_capacity(arguments.len());
        let mut sound = true;
        for (argument, (parameter, ty, bounds)) in arguments.iter().zip(&signature.parameters) {
            let Some(value) = self.check(argument, place, Some(ty)) else {
                sound = false;
                continue;
            };
            let numbers = matches!((&value.ty, ty), (Type::Integer, Type::Decimal(_)));
            if !self.enums.same(&value.ty, ty) && !numbers {
                let message = message!(
                    "`{name}` takes {kind} as `{parameter}`, {found}",
                    name = name.text,
                    kind = self.type_words(ty),
                    parameter,
                    found = self.say(&value)
                );
                self.report(Diagnostic::error("type-mismatch", value.span, message));
                sound = false;
                continue;
            }
            if let ExprKind::Constant(constant) = &value.kind {
                sound &= self.must_fit(
                    constant,
                    ty,
                    bounds,
                    value.span,
                    &message!("`{name}`", name = parameter),
                );
            }
            checked.push(value);
        }
        sound.then(|| Expr {
            kind: ExprKind::Call(FunctionId(signature.place), checked),
            ty: signature.result.clone(),
            span,
        })
    }

    fn unknown_function(&mut self, name: &ast::Name) {
        let names: Vec<&'a str> = self
            .functions
            .iter()
            .map(|item| item.ast.declared.name.text.as_str())
            .chain(BUILT_IN_FUNCTIONS)
            .collect();
        let message = message!("there is no function `{name}`", name = name.text);
        let finding = Diagnostic::error("unknown-function", name.span, message);
        let finding = self.suggest(
            finding,
            &name.text,
            name.span,
            &names,
            message!("the language has `count`, `length`, `min` and `max`; declare others in `script \"file.rhai\" {{ fn … }}`"),
        );
        self.report(finding);
    }
}

/// The type of a sum, difference or product; none when there is no such thing.
fn result_type(op: ArithmeticOp, left: &Type, right: &Type) -> Option<Type> {
    use ArithmeticOp::{Add, Multiply, Subtract};
    Some(match (op, left, right) {
        (Add | Subtract | Multiply, Type::Integer, Type::Integer) => Type::Integer,
        (Add | Subtract, Type::Decimal(a), Type::Decimal(b)) => Type::Decimal(*a.max(b)),
        (Multiply, Type::Decimal(a), Type::Decimal(b)) => Type::Decimal(a.saturating_add(*b)),
        (_, Type::Integer, Type::Decimal(scale)) | (_, Type::Decimal(scale), Type::Integer) => {
            Type::Decimal(*scale)
        }
        (Add, Type::Instant, Type::Duration) | (Add, Type::Duration, Type::Instant) => {
            Type::Instant
        }
        (Subtract, Type::Instant, Type::Duration) => Type::Instant,
        (Subtract, Type::Instant, Type::Instant) => Type::Duration,
        (Add | Subtract, Type::Duration, Type::Duration) => Type::Duration,
        (Multiply, Type::Duration, Type::Integer) | (Multiply, Type::Integer, Type::Duration) => {
            Type::Duration
        }
        _ => return None,
    })
}
