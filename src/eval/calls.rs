//! Calls of scripts: each is made once for a case.
//!
//! Part of [`super::evaluator`].

use super::evaluator::Evaluator;
use super::host::{SCRIPT_STEPS, ScriptFailure};
use super::problem::ProblemCode;
use crate::compile::List;
use crate::message::message;
use crate::value::Value;
use rustc_hash::FxHashMap;

/// Results of script calls by function and arguments.
pub(super) type Calls = FxHashMap<(u32, Vec<Value>), Option<Value>>;

impl Evaluator<'_> {
    /// The answer of a function; none when an argument is missing or there is no answer.
    pub(super) fn call(&self, function: u32, arguments: List) -> Option<Value> {
        let mut values = Vec::new();
        for argument in self.program.list(arguments) {
            values.push(self.value(*argument)?.into_owned());
        }
        let key = (function, values);
        if let Some(answer) = self.kept.calls.borrow().get(&key) {
            return answer.clone();
        }
        let taken = &self.kept.script_steps;
        let mut left = SCRIPT_STEPS.saturating_sub(taken.get());
        let answer = self.host.call(function, &key.1, &mut left);
        taken.set(SCRIPT_STEPS.saturating_sub(left));
        let answer = match answer {
            Ok(value) => Some(value),
            Err(failure) => {
                let (code, text) = match failure {
                    ScriptFailure::Failed(text) => (ProblemCode::ScriptFailed, text),
                    ScriptFailure::Limit(text) => (ProblemCode::ScriptLimit, text),
                };
                self.report(code, || {
                    let name = self.program.functions.get(function as usize);
                    message!(
                        "`{name}`: {text}",
                        name = name.map_or("", |function| function.named.name.as_str()),
                        text
                    )
                });
                None
            }
        };
        self.kept.calls.borrow_mut().insert(key, answer.clone());
        answer
    }
}
