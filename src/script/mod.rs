//! Scripts of a policy: typed, pure and bounded functions in Rhai.
//!
//! Implements [`crate::eval::ScriptHost`]; Rhai is known here only. A script sees its arguments and
//! nothing else: no file, no time, no network, no state that outlives a call. See `sandbox` for
//! the limits and `convert` for how values look in a script.

mod convert;
mod load;
mod sandbox;

pub use load::{ScriptProblem, ScriptProblemKind};

use crate::eval::{SCRIPT_STEPS, ScriptFailure, ScriptHost, Signature};
use crate::message::{Message, message};
use crate::value::Value;
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Scope};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The functions of a policy's scripts, ready to be called.
pub struct Scripts {
    /// None where there is no function.
    engine: Option<Engine>,
    functions: Vec<Function>,
}

/// One function with the script it lies in.
struct Function {
    signature: Signature,
    script: Arc<AST>,
}

impl std::fmt::Debug for Scripts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self
            .functions
            .iter()
            .map(|function| &function.signature.name);
        f.debug_list().entries(names).finish()
    }
}

impl ScriptHost for Scripts {
    fn call(
        &self,
        function: u32,
        arguments: &[Value],
        steps: &mut u64,
    ) -> Result<Value, ScriptFailure> {
        let function = self.functions.get(function as usize);
        let (Some(engine), Some(function)) = (&self.engine, function) else {
            return Err(ScriptFailure::Failed(message!(
                "the function is not loaded"
            )));
        };
        let signature = &function.signature;
        let mut values = Vec::with_capacity(arguments.len());
        for ((name, shape), value) in signature.parameters.iter().zip(arguments) {
            let value = convert::to_script(shape, value);
            if !sandbox::fits(&value) {
                return Err(ScriptFailure::Limit(message!(
                    "the argument `{name}` is too large",
                    name
                )));
            }
            values.push(value);
        }
        let options = CallFnOptions::new().eval_ast(false).rewind_scope(true);
        let mut scope = Scope::new();
        let most = sandbox::STEPS.min(*steps);
        sandbox::start_counting(most);
        // The interpreter is another's work: should it panic after all, the decision goes on without
        // the value. Nothing that it may have left half done is used again.
        let answer = catch_unwind(AssertUnwindSafe(|| {
            engine.call_fn_with_options::<Dynamic>(
                options,
                &mut scope,
                &function.script,
                &signature.name,
                values,
            )
        }));
        *steps -= sandbox::steps_taken().min(most);
        match answer {
            Ok(Ok(value)) => convert::from_script(&signature.result, &signature.bounds, value)
                .map_err(ScriptFailure::Failed),
            Ok(Err(error)) if is_too_long(&error) && most < sandbox::STEPS => {
                Err(ScriptFailure::Limit(message!(
                    "the scripts of this decision take more than {steps} steps together",
                    steps = SCRIPT_STEPS
                )))
            }
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(ScriptFailure::Failed(message!(
                "the script made its interpreter fail"
            ))),
        }
    }
}

/// Whether a call was ended because of its steps.
fn is_too_long(error: &EvalAltResult) -> bool {
    matches!(
        error.unwrap_inner(),
        EvalAltResult::ErrorTerminated(..) | EvalAltResult::ErrorTooManyOperations(..)
    )
}

/// The longest message taken over from a script, in characters.
const LONGEST_MESSAGE: usize = 200;

fn failure(error: &EvalAltResult) -> ScriptFailure {
    let inner = error.unwrap_inner();
    let at = inner.position();
    let placed = |what: Message| match at.line() {
        Some(line) => message!("line {line}: {what}", line, what),
        None => what,
    };
    let limit = match inner {
        EvalAltResult::ErrorTerminated(..) | EvalAltResult::ErrorTooManyOperations(..) => Some(
            message!("it takes more than {steps} steps", steps = sandbox::STEPS),
        ),
        EvalAltResult::ErrorStackOverflow(..) => Some(message!(
            "its functions call each other more than {calls} deep",
            calls = sandbox::CALLS
        )),
        EvalAltResult::ErrorDataTooLarge(..) => Some(message!("a text or a list grows too large")),
        EvalAltResult::ErrorTooManyVariables(..) => Some(message!(
            "it has more than {variables} variables",
            variables = sandbox::VARIABLES
        )),
        EvalAltResult::ErrorTooManyModules(..) => Some(message!("it loads modules")),
        _ => None,
    };
    match limit {
        Some(limit) => ScriptFailure::Limit(placed(limit)),
        None => {
            let text: String = without_place(&inner.to_string())
                .chars()
                .take(LONGEST_MESSAGE)
                .collect();
            ScriptFailure::Failed(placed(Message::verbatim(text)))
        }
    }
}

/// The message of an error without its place, which is written first.
fn without_place(text: &str) -> &str {
    match text.rfind(" (line ") {
        Some(at) if text.ends_with(')') => text.get(..at).unwrap_or(text),
        Some(_) | None => text,
    }
}
