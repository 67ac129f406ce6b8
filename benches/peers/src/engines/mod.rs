//! The engines, each with the same rules in its own language.

pub mod caseway_engine;
mod cedar;
mod cel_programs;
mod handwritten;
mod plain_loop;
mod rego;
mod rhai_script;
mod row;
mod zen;

use crate::contest::{Contestant, Entrant};
use crate::workload::rules::Rule;

/// Takes rules in from text, each time anew.
pub type Loader = Box<dyn Fn() -> Result<Box<dyn Contestant>, String>>;

/// A way to decide.
pub struct Kind {
    pub name: &'static str,
    /// The package in the lock file whose version is shown; none for what this package has itself.
    pub package: Option<&'static str>,
    /// Writes rules down in the language of the engine.
    pub loader: fn(&[Rule]) -> Loader,
}

/// The numbers of rules with which it is measured what it takes to take them in.
pub const LOADED: [usize; 5] = [50, 200, 1_000, 5_000, 20_000];

/// The one that the others are compared with.
pub const CASEWAY: &str = "Caseway";

pub const KINDS: &[Kind] = &[
    Kind {
        name: "hand-written Rust, numbers for words",
        package: None,
        loader: |rules| {
            let count = rules.len();
            boxed(move || handwritten::Numbers::of(count).ok_or_else(not_compiled))
        },
    },
    Kind {
        name: "hand-written Rust, texts",
        package: None,
        loader: |rules| {
            let count = rules.len();
            boxed(move || handwritten::Texts::of(count).ok_or_else(not_compiled))
        },
    },
    Kind {
        name: "plain loop over rules as data",
        package: None,
        loader: |rules| {
            let rules = rules.to_vec();
            boxed(move || Ok(plain_loop::PlainLoop::load(&rules)))
        },
    },
    Kind {
        name: CASEWAY,
        package: Some("caseway"),
        loader: |rules| {
            let (text, count) = (caseway_engine::text(rules), rules.len());
            boxed(move || caseway_engine::Caseway::load(&text, count))
        },
    },
    Kind {
        name: "Caseway, each short decision printed",
        package: None,
        loader: |rules| {
            let (text, count) = (caseway_engine::text(rules), rules.len());
            boxed(move || {
                let caseway = caseway_engine::Caseway::load(&text, count)?;
                Ok(caseway_engine::Printing::new(caseway))
            })
        },
    },
    Kind {
        name: "zen-engine, compiled table",
        package: Some("zen-engine"),
        loader: |rules| {
            let text = zen::text(rules);
            boxed(move || zen::Zen::load(&text))
        },
    },
    Kind {
        name: "cel, a program for each rule",
        package: Some("cel"),
        loader: |rules| {
            let texts = cel_programs::texts(rules);
            boxed(move || cel_programs::Cel::load(&texts))
        },
    },
    Kind {
        name: "rhai, one script",
        package: Some("rhai"),
        loader: |rules| {
            let text = rhai_script::text(rules);
            boxed(move || rhai_script::Rhai::load(&text))
        },
    },
    Kind {
        name: "regorus, interpreter, else",
        package: Some("regorus"),
        loader: |rules| {
            let text = rego::text(rules, rego::First::Else);
            boxed(move || rego::Interpreter::load(&text))
        },
    },
    Kind {
        name: "regorus, interpreter, least",
        package: Some("regorus"),
        loader: |rules| {
            let text = rego::text(rules, rego::First::Least);
            boxed(move || rego::Interpreter::load(&text))
        },
    },
    Kind {
        name: "regorus, virtual machine, else",
        package: Some("regorus"),
        loader: |rules| {
            let text = rego::text(rules, rego::First::Else);
            boxed(move || rego::Machine::load(&text))
        },
    },
    Kind {
        name: "regorus, virtual machine, least",
        package: Some("regorus"),
        loader: |rules| {
            let text = rego::text(rules, rego::First::Least);
            boxed(move || rego::Machine::load(&text))
        },
    },
    Kind {
        name: "cedar-policy, a policy for each rule",
        package: Some("cedar-policy"),
        loader: |rules| {
            let texts = cedar::texts(rules);
            boxed(move || cedar::Cedar::load(&texts))
        },
    },
];

fn boxed<E: crate::contest::Engine + 'static>(
    load: impl Fn() -> Result<E, String> + 'static,
) -> Loader {
    Box::new(move || load().map(Entrant::boxed))
}

fn not_compiled() -> String {
    "no chain of that length was compiled".to_owned()
}
