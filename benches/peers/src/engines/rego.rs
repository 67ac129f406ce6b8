//! regorus: Rego in the ways that its engine offers to have the first true rule.

use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{PHRASES, TAGS};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{PolicyLengthConfig, Value};
use std::fmt::Write;
use std::num::{NonZeroU32, NonZeroUsize};

const DECISION: &str = "data.desk.decision";

/// How the first true rule is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum First {
    /// One rule with an `else` for each of the others.
    Else,
    /// A set of all that are true, and its least member.
    Least,
}

/// The rules as a module of Rego.
pub fn text(rules: &[Rule], first: First) -> String {
    let mut text = String::from("package desk\n\nimport rego.v1\n\n");
    let last = rules.len();
    for (number, rule) in rules.iter().enumerate() {
        let atoms: Vec<String> = rule.atoms.iter().map(atom).collect();
        let head = match (first, number) {
            (First::Else, 0) => "decision := 0".to_owned(),
            (First::Else, _) => format!("else := {number}"),
            (First::Least, _) => format!("true_ones contains {number}"),
        };
        writeln!(text, "{head} if {{\n\t{}\n}}", atoms.join("\n\t")).expect("a string");
    }
    match first {
        First::Else => writeln!(text, "else := {last}"),
        First::Least => writeln!(
            text,
            "true_ones contains {last}\n\ndecision := min(true_ones)"
        ),
    }
    .expect("a string");
    text
}

fn atom(atom: &Atom) -> String {
    match atom {
        Atom::Is(field, value) => format!("input.{} == {:?}", field.name(), field.value(*value)),
        Atom::In(field, values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("{:?}", field.value(*value)))
                .collect();
            format!("input.{} in {{{}}}", field.name(), values.join(", "))
        }
        Atom::AtLeast(field, least) => format!("input.{} >= {least}", field.name()),
        Atom::AtMost(field, most) => format!("input.{} <= {most}", field.name()),
        Atom::Between(field, least, most) => {
            format!("input.{0} >= {least}\n\tinput.{0} <= {most}", field.name())
        }
        Atom::Flag(field, value) => format!("input.{} == {value}", field.name()),
        Atom::Tagged(tag) => format!("{:?} in input.tags", TAGS[*tag]),
        Atom::Says(phrase) => format!("contains(input.summary, {:?})", PHRASES[*phrase]),
    }
}

/// An engine that has read a module longer than it takes by itself.
fn engine(text: &str) -> Result<regorus::Engine, String> {
    let mut engine = regorus::Engine::new();
    engine.set_policy_length_config(PolicyLengthConfig {
        max_col: NonZeroU32::MAX,
        max_file_bytes: NonZeroUsize::MAX,
        max_lines: NonZeroUsize::MAX,
    });
    engine
        .add_policy("desk.rego".to_owned(), text.to_owned())
        .map_err(|error| error.to_string())?;
    Ok(engine)
}

/// The number in an answer; one that no rule has where there is none, with the reason told.
fn number(answer: &Result<Value, String>) -> usize {
    let number = answer
        .as_ref()
        .map(|value| value.as_u64().map_err(|_| value.to_string()));
    match number {
        Ok(Ok(number)) => usize::try_from(number).unwrap_or(usize::MAX),
        Ok(Err(value)) => {
            eprintln!("the answer is {value}");
            usize::MAX
        }
        Err(error) => {
            eprintln!("{error}");
            usize::MAX
        }
    }
}

/// The interpreter.
pub struct Interpreter {
    engine: regorus::Engine,
}

impl Interpreter {
    pub fn load(text: &str) -> Result<Interpreter, String> {
        let mut engine = engine(text)?;
        // Reading alone prepares nothing yet: the first question does.
        engine
            .compile_with_entrypoint(&DECISION.into())
            .map_err(|error| error.to_string())?;
        Ok(Interpreter { engine })
    }
}

impl Engine for Interpreter {
    type Case = Value;
    type Answer = Result<Value, String>;

    fn read(&mut self, line: &'static str) -> Value {
        Value::from_json_str(line).expect("a line of the workload")
    }

    fn decide(&mut self, case: &mut Value) -> Self::Answer {
        self.engine.set_input(case.clone());
        self.engine
            .eval_rule(DECISION.to_owned())
            .map_err(|error| error.to_string())
    }

    fn rule(&self, answer: Self::Answer) -> usize {
        number(&answer)
    }
}

/// The virtual machine.
pub struct Machine {
    machine: RegoVM,
}

impl Machine {
    pub fn load(text: &str) -> Result<Machine, String> {
        let policy = engine(text)?
            .compile_with_entrypoint(&DECISION.into())
            .map_err(|error| error.to_string())?;
        let program = Compiler::compile_from_policy(&policy, &[DECISION])
            .map_err(|error| error.to_string())?;
        let mut machine = RegoVM::new();
        machine.set_max_instructions(usize::MAX);
        machine.load_program(program);
        Ok(Machine { machine })
    }
}

impl Engine for Machine {
    type Case = Value;
    type Answer = Result<Value, String>;

    fn read(&mut self, line: &'static str) -> Value {
        Value::from_json_str(line).expect("a line of the workload")
    }

    fn decide(&mut self, case: &mut Value) -> Self::Answer {
        self.machine.set_input(case.clone());
        self.machine.execute().map_err(|error| error.to_string())
    }

    fn rule(&self, answer: Self::Answer) -> usize {
        number(&answer)
    }
}
