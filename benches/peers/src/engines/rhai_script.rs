//! rhai: one script with an `if … { return … }` for each rule, compiled once for the variables of a case.

use super::row::Row;
use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{PHRASES, TAGS};
use rhai::{AST, Array, Dynamic, ImmutableString, Scope};
use std::fmt::Write;

/// The rules as a script.
pub fn text(rules: &[Rule]) -> String {
    let mut text = String::new();
    for (number, rule) in rules.iter().enumerate() {
        let atoms: Vec<String> = rule.atoms.iter().map(atom).collect();
        writeln!(text, "if {} {{ return {number}; }}", atoms.join(" && ")).expect("a string");
    }
    writeln!(text, "{}", rules.len()).expect("a string");
    text
}

fn atom(atom: &Atom) -> String {
    match atom {
        Atom::Is(field, value) => format!("{} == {:?}", field.name(), field.value(*value)),
        Atom::In(field, values) => {
            let one = |value: &usize| format!("{} == {:?}", field.name(), field.value(*value));
            format!(
                "({})",
                values.iter().map(one).collect::<Vec<_>>().join(" || ")
            )
        }
        Atom::AtLeast(field, least) => format!("{} >= {least}", field.name()),
        Atom::AtMost(field, most) => format!("{} <= {most}", field.name()),
        Atom::Between(field, least, most) => {
            format!("{0} >= {least} && {0} <= {most}", field.name())
        }
        Atom::Flag(field, true) => field.name().to_owned(),
        Atom::Flag(field, false) => format!("!{}", field.name()),
        Atom::Tagged(tag) => format!("tags.contains({:?})", TAGS[*tag]),
        Atom::Says(phrase) => format!("summary.contains({:?})", PHRASES[*phrase]),
    }
}

pub struct Rhai {
    engine: rhai::Engine,
    script: AST,
}

impl Rhai {
    pub fn load(text: &str) -> Result<Rhai, String> {
        let mut engine = rhai::Engine::new();
        engine.set_max_expr_depths(0, 0);
        let fields = scope(&Row::read(EXAMPLE));
        let script = engine
            .compile_with_scope(&fields, text)
            .map_err(|error| error.to_string())?;
        Ok(Rhai { engine, script })
    }
}

/// Tells the compiler which variables there are; it looks at no value, since none is a constant.
const EXAMPLE: &str = r#"{"id":"","opened_at":"","kind":"","channel":"","line":"","region":"","product":"","affected_users":0,"waited_hours":0,"amount":0,"vip":false,"repeated":false,"outage":false,"tags":[],"summary":""}"#;

fn scope(row: &Row<'_>) -> Scope<'static> {
    let mut scope = Scope::with_capacity(13);
    let words = [
        ("kind", row.kind),
        ("channel", row.channel),
        ("line", row.line),
        ("region", row.region),
        ("product", row.product),
        ("summary", row.summary),
    ];
    for (name, value) in words {
        scope.push(name, ImmutableString::from(value));
    }
    let numbers = [
        ("affected_users", row.affected_users),
        ("waited_hours", row.waited_hours),
        ("amount", row.amount),
    ];
    for (name, value) in numbers {
        scope.push(name, value);
    }
    for (name, value) in [
        ("vip", row.vip),
        ("repeated", row.repeated),
        ("outage", row.outage),
    ] {
        scope.push(name, value);
    }
    let tags: Array = row
        .tags
        .iter()
        .map(|tag| Dynamic::from(ImmutableString::from(*tag)))
        .collect();
    scope.push("tags", tags);
    scope
}

impl Engine for Rhai {
    type Case = Scope<'static>;
    type Answer = i64;

    fn read(&mut self, line: &'static str) -> Scope<'static> {
        scope(&Row::read(line))
    }

    fn decide(&mut self, case: &mut Scope<'static>) -> i64 {
        self.engine
            .eval_ast_with_scope(case, &self.script)
            .expect("a number of a rule")
    }

    fn rule(&self, answer: i64) -> usize {
        usize::try_from(answer).expect("a number of a rule")
    }
}
