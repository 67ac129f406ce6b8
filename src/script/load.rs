//! Reads the scripts of a policy and holds them against the functions that it declares.
//!
//! Problems are plain data; the driver, which knows the sources, makes findings of them.

use super::{Function, Scripts, sandbox};
use crate::eval::Signature;
use crate::message::{Message, message};
use rhai::{AST, Engine, Position};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptProblem {
    /// What kind of problem.
    pub kind: ScriptProblemKind,
    /// The script file.
    pub file: String,
    /// The place in the script's text, in bytes.
    pub byte: usize,
    /// The place of the declaration among the policy's functions, when one is concerned.
    pub function: Option<usize>,
    /// What is wrong, for the operator.
    pub message: Message,
}

/// The kinds of problems with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptProblemKind {
    /// The text cannot be read, or does more than define functions.
    Script,
    /// The script has no function of that name.
    UnknownFunction,
    /// The function takes another number of arguments.
    ArgumentCount,
}

impl Scripts {
    /// Reads the scripts that `signatures` name out of `texts` (by file). A function whose script is
    /// not there, or cannot be used, is not loaded: calls of it fail.
    pub fn compile(
        signatures: &[Signature],
        texts: &BTreeMap<String, Arc<str>>,
    ) -> (Scripts, Vec<ScriptProblem>) {
        if signatures.is_empty() && texts.is_empty() {
            // An engine is large, and most policies have no script.
            let none = Scripts {
                engine: None,
                functions: Vec::new(),
            };
            return (none, Vec::new());
        }
        let engine = sandbox::engine();
        let mut problems = Vec::new();
        let mut scripts: BTreeMap<&str, Arc<AST>> = BTreeMap::new();
        for (file, text) in texts {
            match read(&engine, file, text) {
                Ok(script) => {
                    scripts.insert(file, Arc::new(script));
                }
                Err(problem) => problems.push(problem),
            }
        }
        let empty = Arc::new(AST::empty());
        let mut functions = Vec::with_capacity(signatures.len());
        for (place, signature) in signatures.iter().enumerate() {
            let script = scripts.get(signature.file.as_str());
            if let Some(script) = script {
                problems.extend(compare(place, signature, script));
            }
            let script = Arc::clone(script.unwrap_or(&empty));
            functions.push(Function {
                signature: signature.clone(),
                script,
            });
        }
        let scripts = Scripts {
            engine: Some(engine),
            functions,
        };
        (scripts, problems)
    }
}

fn read(engine: &Engine, file: &str, text: &str) -> Result<AST, ScriptProblem> {
    // The byte-order mark is no part of a script.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - body.len();
    let problem = |at: Position, message: Message| ScriptProblem {
        kind: ScriptProblemKind::Script,
        file: file.to_owned(),
        byte: skipped + byte(body, at),
        function: None,
        message,
    };
    let script = engine.compile(body).map_err(|error| {
        problem(
            error.position(),
            message!(
                "the script cannot be read: {error}",
                error = error.err_type().to_string()
            ),
        )
    })?;
    match script.statements().first() {
        Some(statement) => Err(problem(
            statement.position(),
            message!("a script may only define functions; this stands outside of one"),
        )),
        None => Ok(script),
    }
}

fn compare(place: usize, signature: &Signature, script: &AST) -> Option<ScriptProblem> {
    let named: Vec<usize> = script
        .iter_functions()
        .filter(|function| function.name == signature.name && function.access.is_public())
        .map(|function| function.params.len())
        .collect();
    let wanted = signature.parameters.len();
    if named.contains(&wanted) {
        return None;
    }
    let problem = |kind, message| ScriptProblem {
        kind,
        file: signature.file.clone(),
        byte: 0,
        function: Some(place),
        message,
    };
    let name = &signature.name;
    Some(match named.first() {
        Some(takes) => problem(
            ScriptProblemKind::ArgumentCount,
            message!(
                "`{name}` takes {takes} arguments in its script, but {wanted} are declared",
                name,
                takes,
                wanted
            ),
        ),
        None => problem(
            ScriptProblemKind::UnknownFunction,
            message!(
                "the script `{file}` has no function `{name}`",
                file = signature.file,
                name
            ),
        ),
    })
}

/// The byte of a line and a column.
fn byte(text: &str, at: Position) -> usize {
    let Some(line) = at.line() else {
        return text.len();
    };
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(start..).unwrap_or("");
    let column = at.position().unwrap_or(1).saturating_sub(1);
    start
        + rest
            .char_indices()
            .nth(column)
            .map_or(rest.trim_end().len(), |(byte, _)| byte)
}
