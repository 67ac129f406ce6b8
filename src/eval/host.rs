//! What the evaluator asks of whoever runs scripts.
//!
//! Implemented by [`crate::script`]; the evaluator knows no script language.

use crate::compile::{Program, Type};
use crate::message::{Message, message};
use crate::source::Span;
use crate::time::Zone;
use crate::value::Value;

pub use crate::compile::Bounds;

/// So many steps all calls of one decision may take together. A second or so on a machine of today, so
/// that no policy makes a decision hang, however many rules call a script.
pub const SCRIPT_STEPS: u64 = 20_000_000;

/// Runs the functions of a policy's scripts.
///
/// A function is pure: the same arguments give the same answer. It always comes back, in bounded
/// time and memory, and never panics.
pub trait ScriptHost: Send + Sync {
    /// Calls the function at a place among [`signatures`]; the answer is of the declared type and
    /// within its bounds. `steps` is how many steps the calls of a decision may still take, see
    /// [`SCRIPT_STEPS`]; those that this one takes are taken off.
    ///
    /// # Errors
    /// [`ScriptFailure`] when there is no such answer.
    fn call(
        &self,
        function: u32,
        arguments: &[Value],
        steps: &mut u64,
    ) -> Result<Value, ScriptFailure>;
}

/// Why a function gave no answer; the text is for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptFailure {
    /// It stopped with an error, or answered with something that was not declared.
    Failed(Message),
    /// It ran into a limit on its work or its size.
    Limit(Message),
}

/// A host for policies without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoScripts;

impl ScriptHost for NoScripts {
    fn call(
        &self,
        _function: u32,
        _arguments: &[Value],
        _steps: &mut u64,
    ) -> Result<Value, ScriptFailure> {
        Err(ScriptFailure::Failed(message!("no scripts are loaded")))
    }
}

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its name in the script.
    pub name: String,
    /// The script file, relative to the policy folder.
    pub file: String,
    /// Names and kinds of its parameters.
    pub parameters: Vec<(String, Shape)>,
    /// Kind of its result.
    pub result: Shape,
    /// Bounds of its result.
    pub bounds: Bounds,
    /// Where the policy declares it.
    pub span: Span,
}

/// A kind of value, with all that is needed to hand one out and take one in.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `bool`
    Bool,
    /// `integer`
    Integer,
    /// `decimal(n)`
    Decimal(u8),
    /// `text`
    Text,
    /// `instant`, written in this zone.
    Instant(Zone),
    /// `date`
    Date,
    /// `time`
    Time,
    /// `weekday`
    Weekday,
    /// `duration`
    Duration,
    /// `one of`, its members in declared order.
    Enum(Vec<String>),
    /// `set of`
    Set(Box<Shape>),
}

/// The functions of a program, in the order in which [`ScriptHost::call`] counts them.
pub fn signatures(program: &Program) -> Vec<Signature> {
    let function = |function: &crate::compile::Function| Signature {
        name: function.named.name.clone(),
        file: function.file.clone(),
        parameters: function
            .parameters
            .iter()
            .map(|(name, ty, _)| (name.clone(), shape(program, ty)))
            .collect(),
        result: shape(program, &function.result),
        bounds: function.result_bounds.clone(),
        span: function.span,
    };
    program.functions.iter().map(function).collect()
}

fn shape(program: &Program, ty: &Type) -> Shape {
    match ty {
        Type::Bool => Shape::Bool,
        Type::Integer => Shape::Integer,
        Type::Decimal(scale) => Shape::Decimal(*scale),
        Type::Text | Type::Target => Shape::Text,
        Type::Instant => Shape::Instant(program.zone),
        Type::Date => Shape::Date,
        Type::Time => Shape::Time,
        Type::Weekday => Shape::Weekday,
        Type::Duration => Shape::Duration,
        Type::Enum(id) => {
            let members = program
                .enums
                .get(id.0 as usize)
                .map_or(&[][..], Vec::as_slice);
            Shape::Enum(members.iter().map(|member| member.name.clone()).collect())
        }
        Type::Set(element) => Shape::Set(Box::new(shape(program, element))),
    }
}
