//! Writes the rules as Rust, as somebody would by hand, and the versions of the engines as the lock file has them.

#[allow(dead_code, reason = "only the rules are needed to write them down")]
#[path = "src/workload/mod.rs"]
mod workload;

use std::fmt::Write;
use std::path::Path;
use workload::rules::{Atom, Rule, draw};
use workload::{Flag, PHRASES, SIZES, TAGS};

/// So many rules stand in one function: a compiler takes its time over very long ones.
const PART: usize = 250;

/// How a rule is written down.
#[derive(Clone, Copy)]
enum Form {
    /// Words are texts.
    Texts,
    /// Words are numbers, tags are bits.
    Numbers,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Form::Texts => "texts",
            Form::Numbers => "numbers",
        }
    }

    fn case(self) -> &'static str {
        match self {
            Form::Texts => "Row<'_>",
            Form::Numbers => "Interned<'_>",
        }
    }

    fn atom(self, atom: &Atom) -> String {
        let word = |field: &workload::Word, value: &usize| match self {
            Form::Texts => format!("{:?}", field.value(*value)),
            Form::Numbers => value.to_string(),
        };
        match atom {
            Atom::Is(field, value) => format!("case.{} == {}", field.name(), word(field, value)),
            Atom::In(field, values) => {
                let values: Vec<String> = values.iter().map(|value| word(field, value)).collect();
                format!("matches!(case.{}, {})", field.name(), values.join(" | "))
            }
            Atom::AtLeast(field, least) => format!("case.{} >= {least}", field.name()),
            Atom::AtMost(field, most) => format!("case.{} <= {most}", field.name()),
            Atom::Between(field, least, most) => {
                format!("({least}..={most}).contains(&case.{})", field.name())
            }
            Atom::Flag(field, true) => format!("case.{}", Flag::name(*field)),
            Atom::Flag(field, false) => format!("!case.{}", Flag::name(*field)),
            Atom::Tagged(tag) => match self {
                Form::Texts => format!("case.tags.contains(&{:?})", TAGS[*tag]),
                Form::Numbers => format!("case.tags & (1 << {tag}) != 0"),
            },
            Atom::Says(phrase) => format!("case.summary.contains({:?})", PHRASES[*phrase]),
        }
    }
}

fn chain(out: &mut String, form: Form, rules: &[Rule]) -> std::fmt::Result {
    let (name, case, count) = (form.name(), form.case(), rules.len());
    let mut parts = String::new();
    for (part, some) in rules.chunks(PART).enumerate() {
        writeln!(
            out,
            "fn {name}_{count}_{part}(case: &{case}) -> Option<usize> {{"
        )?;
        for (place, rule) in some.iter().enumerate() {
            let atoms: Vec<String> = rule.atoms.iter().map(|atom| form.atom(atom)).collect();
            writeln!(
                out,
                "    if {} {{ return Some({}); }}",
                atoms.join(" && "),
                part * PART + place
            )?;
        }
        writeln!(out, "    None\n}}")?;
        write!(
            parts,
            "{}{name}_{count}_{part}(case)",
            if part == 0 { "" } else { ".or_else(|| " }
        )?;
        if part > 0 {
            parts.push(')');
        }
    }
    writeln!(
        out,
        "pub fn {name}_{count}(case: &{case}) -> usize {{ {parts}.unwrap_or({count}) }}"
    )
}

/// The version of each package in a lock file.
fn versions(lock: &str) -> String {
    let value = |line: &str, key: &str| {
        let value = line
            .strip_prefix(key)?
            .strip_prefix(" = \"")?
            .strip_suffix('"')?;
        Some(value.to_owned())
    };
    let mut out = String::from("pub const LOCKED: &[(&str, &str)] = &[\n");
    let mut name = None;
    for line in lock.lines() {
        if let Some(found) = value(line, "name") {
            name = Some(found);
        } else if let (Some(name), Some(version)) = (&name, value(line, "version")) {
            writeln!(out, "    ({name:?}, {version:?}),").expect("a string");
        }
    }
    out + "];\n"
}

fn main() {
    for path in ["build.rs", "src/workload", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let folder = std::env::var("OUT_DIR").expect("a folder for what is built");
    let mut chains = String::new();
    for count in SIZES {
        let rules = draw(count);
        for form in [Form::Texts, Form::Numbers] {
            chain(&mut chains, form, &rules).expect("a string");
        }
    }
    let lock = std::fs::read_to_string("Cargo.lock").expect("the lock file");
    for (name, text) in [("chains.rs", chains), ("versions.rs", versions(&lock))] {
        std::fs::write(Path::new(&folder).join(name), text)
            .expect("a file in the folder for what is built");
    }
}
